/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track: the clips under its own playhead, and its chain. */
#include <stdio.h>

#include "audio/engine/internal.h"

static int64_t clip_end(const kf_audio_clip *clip)
{
    return clip->start + clip->length;
}

static void clip_label(const kf_audio_track *track, int32_t index, int64_t i, char label[300])
{
    const char *name = track->clips[i].name;
    snprintf(label, 300, "audio track %d, clip %lld%s%.200s", (int)index + 1, (long long)i + 1, name ? " " : "",
             name ? name : "");
}

/* Checks every clip and notes the largest end of each block of them. */
static kf_status check_clips(kf_audio_renderer *r, kf_track_run *t, int32_t index, kf_error *err)
{
    const kf_audio_track *track = t->track;
    int64_t blocks = (track->clip_count + KF_CLIP_BLOCK - 1) / KF_CLIP_BLOCK;
    t->block_end = kf_alloc_zero((size_t)blocks + 1, sizeof *t->block_end);
    if (!t->block_end) return kf_fail_memory(err);
    for (int64_t i = 0; i < track->clip_count; i++) {
        const kf_audio_clip *clip = &track->clips[i];
        char label[300];
        clip_label(track, index, i, label);
        kf_status status = kf_clip_check(clip, label, err);
        if (!status && clip->effects.count) status = kf_chain_check(&clip->effects, r->graph->track_count, label, err);
        if (status) return status;
        if (i && clip->start < clip[-1].start)
            return kf_fail(err, KF_ERR_INVALID, "%s starts before the clip in front of it", label);
        int64_t *end = &t->block_end[i / KF_CLIP_BLOCK];
        if (i % KF_CLIP_BLOCK == 0 || clip_end(clip) > *end) *end = clip_end(clip);
    }
    return KF_OK;
}

kf_status kf_track_init_meter(kf_audio_renderer *r, kf_track_run *t, kf_error *err)
{
    if (!(r->graph->meters & KF_AUDIO_METER_TRACK_LOUDNESS) || !t->audible) return KF_OK;
    return kf_loudness_create(r->setup.rate, r->setup.channels, &t->meter.loudness, err);
}

kf_status kf_track_init(kf_audio_renderer *r, int32_t index, kf_error *err)
{
    kf_track_run *t = &r->tracks[index];
    const kf_audio_track *track = &r->graph->tracks[index];
    char where[200];
    t->track = track;
    snprintf(where, sizeof where, "audio track %d%s%.150s", (int)index + 1, track->name ? " " : "",
             track->name ? track->name : "");
    if (track->clip_count < 0 || (track->clip_count && !track->clips))
        return kf_fail(err, KF_ERR_INVALID, "%s: broken list of clips", where);
    kf_status status = kf_chain_check(&track->pre, r->graph->track_count, where, err);
    if (!status) status = kf_chain_check(&track->inserts, r->graph->track_count, where, err);
    if (!status) status = check_clips(r, t, index, err);
    if (!status) status = kf_chain_init(&t->pre, &track->pre, &r->setup, where, err);
    if (!status) status = kf_chain_init(&t->inserts, &track->inserts, &r->setup, where, err);
    return status;
}

static void stop_all(kf_track_run *t)
{
    for (size_t i = 0; i < t->active_count; i++) kf_clip_stop(t->active[i]);
    t->active_count = 0;
}

void kf_track_finish(kf_track_run *t)
{
    stop_all(t);
    kf_free(t->active);
    kf_free(t->block_end);
    kf_chain_finish(&t->pre);
    kf_chain_finish(&t->inserts);
    kf_ring_finish(&t->ring);
    kf_loudness_destroy(t->meter.loudness);
}

static kf_status start_clip(kf_audio_renderer *r, kf_track_run *t, int64_t index, int64_t from, kf_error *err)
{
    if (kf_grow((void **)&t->active, &t->active_capacity, t->active_count + 1, sizeof *t->active))
        return kf_fail_memory(err);
    kf_status status = kf_clip_start(r, &t->track->clips[index], from, &t->active[t->active_count], err);
    if (!status) t->active_count++;
    return status;
}

/* First clip that starts after `at`. */
static int64_t clips_upto(const kf_audio_track *track, int64_t at)
{
    int64_t lo = 0, hi = track->clip_count;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (track->clips[mid].start <= at) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

static int64_t input_at(const kf_track_run *t, int64_t out_at)
{
    return out_at + t->out_lead + t->pre.latency + t->inserts.latency;
}

kf_status kf_track_seek(kf_audio_renderer *r, kf_track_run *t, int64_t out_at, kf_error *err)
{
    int64_t at = input_at(t, out_at);
    stop_all(t);
    kf_chain_reset(&t->pre);
    kf_chain_reset(&t->inserts);
    if (t->ringed) kf_ring_reset(&t->ring, out_at + t->out_lead);
    t->next_clip = clips_upto(t->track, at);
    for (int64_t i = 0; i < t->next_clip; i++) {
        if (i % KF_CLIP_BLOCK == 0 && t->block_end[i / KF_CLIP_BLOCK] <= at) {
            i += KF_CLIP_BLOCK - 1;
            continue;
        }
        if (clip_end(&t->track->clips[i]) <= at) continue;
        kf_status status = start_clip(r, t, i, at, err);
        if (status) return status;
    }
    return KF_OK;
}

static void stop_ended(kf_track_run *t, int64_t at)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->active_count; i++) {
        if (clip_end(t->active[i]->clip) <= at) kf_clip_stop(t->active[i]);
        else t->active[kept++] = t->active[i];
    }
    t->active_count = kept;
}

static kf_status add_clips(kf_audio_renderer *r, kf_track_run *t, int64_t at, int32_t n, float *const *planes,
                           kf_error *err)
{
    while (t->next_clip < t->track->clip_count && t->track->clips[t->next_clip].start < at + n) {
        int64_t i = t->next_clip++;
        kf_status status = start_clip(r, t, i, t->track->clips[i].start, err);
        if (status) return status;
    }
    for (size_t i = 0; i < t->active_count; i++) {
        kf_status status = kf_clip_add(r, t->active[i], at, n, planes, err);
        if (status) return status;
    }
    stop_ended(t, at + n);
    return KF_OK;
}

kf_status kf_track_run_chunk(kf_audio_renderer *r, kf_track_run *t, int64_t out_at, int32_t n, float *const *planes,
                             kf_error *err)
{
    int channels = r->setup.channels;
    int64_t at = input_at(t, out_at);
    for (int c = 0; c < channels; c++) memset(planes[c], 0, (size_t)n * sizeof(float));
    kf_status status = add_clips(r, t, at, n, planes, err);
    if (status) return status;
    if (!kf_curve_is(&t->track->gain, 0.0f)) kf_curve_gain(&t->track->gain, &t->gain_cursor, at, n, planes, channels);
    kf_chain_process(&t->pre, r, at, n, planes);
    at -= t->pre.latency;
    kf_curve_pan(&t->track->pan, &t->pan_cursor, at, n, planes, channels);
    kf_chain_process(&t->inserts, r, at, n, planes);
    if (t->ringed) kf_ring_write(&t->ring, n, planes);
    return KF_OK;
}
