/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One clip under the playhead: source, loop, speed, effects, gain, fades, pan. */
#include "audio/engine/internal.h"

static kf_status clip_curve_check(const kf_audio_curve *curve, const char *where, const char *what, kf_error *err)
{
    if (curve->count < 0 || (curve->count && !curve->points))
        return kf_fail(err, KF_ERR_INVALID, "%s: %s: broken curve", where, what);
    for (int32_t i = 1; i < curve->count; i++) {
        if (curve->points[i].sample <= curve->points[i - 1].sample) {
            return kf_fail(err, KF_ERR_INVALID, "%s: %s point %d does not come after the one before", where, what,
                           (int)i);
        }
    }
    return KF_OK;
}

kf_status kf_clip_check(const kf_audio_clip *clip, const char *where, kf_error *err)
{
    const int64_t most = INT64_C(1) << 52;
    if (clip->length <= 0 || clip->length > most || clip->start < -most || clip->start > most ||
        clip->source_first < -most || clip->source_first > most) {
        return kf_fail(err, KF_ERR_INVALID, "%s: start, length or source position is out of range", where);
    }
    if (!clip->source.read) return kf_fail(err, KF_ERR_INVALID, "%s: has no source", where);
    bool no_speed = clip->speed_num == 0 && clip->speed_den == 0;
    if (!no_speed &&
        (clip->speed_num <= 0 || clip->speed_den <= 0 || clip->speed_num > most || clip->speed_den > most)) {
        return kf_fail(err, KF_ERR_INVALID, "%s: speed %lld/%lld must be positive", where, (long long)clip->speed_num,
                       (long long)clip->speed_den);
    }
    if (clip->fade_in < 0 || clip->fade_out < 0 || clip->fade_in > clip->length || clip->fade_out > clip->length) {
        return kf_fail(err, KF_ERR_INVALID, "%s: a fade is longer than the clip", where);
    }
    if (clip->loop_length < 0 || clip->loop_length > most || clip->loop_first < -most || clip->loop_first > most) {
        return kf_fail(err, KF_ERR_INVALID, "%s: loop is out of range", where);
    }
    kf_error why;
    if (clip->warp.count && kf_warp_check(&clip->warp, &why))
        return kf_fail(err, KF_ERR_INVALID, "%s: %.500s", where, why.message);
    kf_status status = clip_curve_check(&clip->gain, where, "gain", err);
    return status ? status : clip_curve_check(&clip->pan, where, "pan", err);
}

/* Source samples counted from source_first, looped. ctx is the clip. */
static kf_status view_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    const kf_audio_clip *clip = ctx;
    int64_t at = clip->source_first + first;
    if (!clip->loop_length) return clip->source.read(clip->source.ctx, at, n, planes, channels, err);
    for (int32_t done = 0; done < n;) {
        int64_t offset = (at + done - clip->loop_first) % clip->loop_length;
        if (offset < 0) offset += clip->loop_length;
        int32_t part = clip->loop_length - offset < n - done ? (int32_t)(clip->loop_length - offset) : n - done;
        float *out[KF_DSP_MAX_CHANNELS];
        for (int c = 0; c < channels; c++) out[c] = planes[c] + done;
        kf_status status = clip->source.read(clip->source.ctx, clip->loop_first + offset, part, out, channels, err);
        if (status) return status;
        done += part;
    }
    return KF_OK;
}

static bool normal_speed(const kf_audio_clip *clip)
{
    return clip->warp.count == 0 && !clip->reverse && clip->speed_num == clip->speed_den;
}

static kf_status make_reader(kf_audio_renderer *r, kf_clip_run *run, kf_error *err)
{
    const kf_audio_clip *clip = run->clip;
    if (normal_speed(clip)) return KF_OK;
    int64_t num = clip->speed_num ? clip->speed_num : 1, den = clip->speed_den ? clip->speed_den : 1;
    bool keep = clip->pitch_preserve && (clip->warp.count || num != den);
    run->line[1] = (kf_warp_point){den, clip->reverse ? -num : num};
    kf_speed_params params = {
        .rate = r->setup.rate, .channels = r->setup.channels, .mode = keep ? KF_SPEED_STRETCH : KF_SPEED_VARISPEED,
        .warp = clip->warp.count ? clip->warp : (kf_warp){run->line, 2},
        .source = {.read = view_read, .ctx = (void *)clip}, .bank = r->bank,
    };
    return kf_speed_reader_create(&params, &run->reader, err);
}

static kf_status clip_read(kf_audio_renderer *r, kf_clip_run *run, int64_t at, int32_t n, float *const *planes,
                           kf_error *err)
{
    int64_t offset = at - run->clip->start;
    if (run->reader) return kf_speed_reader_read(run->reader, offset, n, planes, err);
    return view_read((void *)run->clip, offset, n, planes, r->setup.channels, err);
}

/* Runs the effects in, so that the next sample out of them is the one at `from`. */
static kf_status prime(kf_audio_renderer *r, kf_clip_run *run, int64_t from, kf_error *err)
{
    int64_t at = from - run->chain.settle > run->clip->start ? from - run->chain.settle : run->clip->start;
    int64_t end = from + run->chain.latency;
    while (at < end) {
        int32_t n = end - at < KF_CHUNK ? (int32_t)(end - at) : KF_CHUNK;
        kf_status status = clip_read(r, run, at, n, r->clip, err);
        if (status) return status;
        kf_chain_process(&run->chain, r, at, n, r->clip);
        at += n;
    }
    return KF_OK;
}

kf_status kf_clip_start(kf_audio_renderer *r, const kf_audio_clip *clip, int64_t from, kf_clip_run **out, kf_error *err)
{
    kf_clip_run *run = KF_NEW(kf_clip_run);
    if (!run) return kf_fail_memory(err);
    run->clip = clip;
    kf_status status = make_reader(r, run, err);
    if (!status) status = kf_chain_init(&run->chain, &clip->effects, &r->setup, clip->name ? clip->name : "clip", err);
    if (!status && run->chain.count) status = prime(r, run, from, err);
    if (status) {
        kf_clip_stop(run);
        return status;
    }
    *out = run;
    return KF_OK;
}

void kf_clip_stop(kf_clip_run *run)
{
    if (run->clip->source.idle) run->clip->source.idle(run->clip->source.ctx);
    kf_speed_reader_destroy(run->reader);
    kf_chain_finish(&run->chain);
    kf_free(run);
}

static void fades(const kf_audio_clip *clip, int64_t at, int32_t n, float *const *planes, int channels)
{
    int64_t out_start = clip->start + clip->length - clip->fade_out;
    bool in = at < clip->start + clip->fade_in, out = at + n > out_start && clip->fade_out;
    for (int c = 0; c < channels; c++) {
        if (in) kf_fade_apply((kf_fade_shape)clip->fade_in_shape, false, clip->start, clip->fade_in, at, n, planes[c]);
        if (out) kf_fade_apply((kf_fade_shape)clip->fade_out_shape, true, out_start, clip->fade_out, at, n, planes[c]);
    }
}

kf_status kf_clip_add(kf_audio_renderer *r, kf_clip_run *run, int64_t at, int32_t n, float *const *planes,
                      kf_error *err)
{
    const kf_audio_clip *clip = run->clip;
    int channels = r->setup.channels;
    int64_t end = clip->start + clip->length;
    int64_t lo = at > clip->start ? at : clip->start, hi = at + n < end ? at + n : end;
    if (lo >= hi) return KF_OK;
    int32_t part = (int32_t)(hi - lo);
    int64_t input = lo + run->chain.latency;
    kf_status status = clip_read(r, run, input, part, r->clip, err);
    if (status) return status;
    kf_chain_process(&run->chain, r, input, part, r->clip);
    if (!kf_curve_is(&clip->gain, 0.0f)) kf_curve_gain(&clip->gain, &run->gain_cursor, lo, part, r->clip, channels);
    fades(clip, lo, part, r->clip, channels);
    kf_curve_pan(&clip->pan, &run->pan_cursor, lo, part, r->clip, channels);
    for (int c = 0; c < channels; c++) kf_mix_add(r->clip[c], part, planes[c] + (lo - at));
    return KF_OK;
}
