/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audio/engine/internal.h"

#include <math.h>

static kf_status graph_check(const kf_audio_graph *graph, kf_error *err)
{
    if (graph->rate < 8000 || graph->rate > 384000)
        return kf_fail(err, KF_ERR_INVALID, "audio at %d Hz is out of range (8000..384000)", (int)graph->rate);
    if (graph->channels < 1 || graph->channels > KF_DSP_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_INVALID, "audio with %d channels is out of range (1..%d)", (int)graph->channels,
                       KF_DSP_MAX_CHANNELS);
    }
    if (graph->track_count < 0 || graph->track_count > 10000 || (graph->track_count && !graph->tracks)) {
        return kf_fail(err, KF_ERR_INVALID, "%d audio tracks are too many (at most 10000)", (int)graph->track_count);
    }
    return kf_chain_check(&graph->master, graph->track_count, "audio master", err);
}

static kf_status make_limiter(kf_audio_renderer *r, kf_error *err)
{
    if (r->graph->limiter_off) return KF_OK;
    kf_limiter_params params = *(const kf_limiter_params *)kf_dsp_driver_get(KF_DSP_LIMITER)->defaults;
    if (r->graph->ceiling_db != 0.0f) params.ceiling_db = r->graph->ceiling_db;
    kf_status status = kf_dsp_node_init(&r->limiter, KF_DSP_LIMITER, &r->setup, &params, err);
    if (!status) r->limiter_latency = r->limiter.driver->latency(r->limiter.state);
    return status;
}

static kf_status make_scratch(kf_audio_renderer *r, kf_error *err)
{
    size_t channels = (size_t)r->setup.channels;
    r->scratch = kf_alloc_aligned(4 * channels * KF_CHUNK * sizeof(float));
    if (!r->scratch) return kf_fail_memory(err);
    for (size_t c = 0; c < channels; c++) {
        r->bus[c] = r->scratch + c * KF_CHUNK;
        r->clip[c] = r->bus[c] + channels * KF_CHUNK;
        r->side[c] = r->clip[c] + channels * KF_CHUNK;
        r->mix[c] = r->side[c] + channels * KF_CHUNK;
    }
    return KF_OK;
}

static kf_status renderer_init(kf_audio_renderer *r, kf_error *err)
{
    const kf_audio_graph *graph = r->graph;
    r->setup = (kf_dsp_setup){graph->rate, graph->channels};
    r->tracks = kf_alloc_zero((size_t)graph->track_count + 1, sizeof *r->tracks);
    r->order = kf_alloc_zero((size_t)graph->track_count + 1, sizeof *r->order);
    r->bank = kf_resample_bank_create();
    if (!r->tracks || !r->order || !r->bank) return kf_fail_memory(err);
    kf_status status = make_scratch(r, err);
    if (!status) status = make_limiter(r, err);
    if (!status) status = kf_chain_init(&r->master, &graph->master, &r->setup, "audio master", err);
    r->master_lead = (int64_t)r->master.latency + r->limiter_latency;
    for (int32_t i = 0; i < graph->track_count && !status; i++) status = kf_track_init(r, i, err);
    if (!status) status = kf_plan_make(r, err);
    for (int32_t i = 0; i < graph->track_count && !status; i++) status = kf_track_init_meter(r, &r->tracks[i], err);
    if (!status && graph->meters & KF_AUDIO_METER_LOUDNESS)
        status = kf_loudness_create(graph->rate, graph->channels, &r->meter.loudness, err);
    return status;
}

kf_status kf_audio_renderer_create(const kf_audio_graph *graph, kf_audio_renderer **out, kf_error *err)
{
    *out = NULL;
    kf_status status = graph_check(graph, err);
    if (status) return status;
    kf_audio_renderer *r = KF_NEW(kf_audio_renderer);
    if (!r) return kf_fail_memory(err);
    r->graph = graph;
    status = renderer_init(r, err);
    if (status) kf_audio_renderer_destroy(r);
    else *out = r;
    return status;
}

void kf_audio_renderer_destroy(kf_audio_renderer *r)
{
    if (!r) return;
    for (int32_t i = 0; r->tracks && i < r->graph->track_count; i++) kf_track_finish(&r->tracks[i]);
    kf_chain_finish(&r->master);
    kf_dsp_node_finish(&r->limiter);
    kf_loudness_destroy(r->meter.loudness);
    kf_resample_bank_destroy(r->bank);
    kf_free_aligned(r->scratch);
    kf_free(r->edges);
    kf_free(r->order);
    kf_free(r->tracks);
    kf_free(r);
}

int64_t kf_audio_renderer_preroll(const kf_audio_renderer *r)
{
    return r->preroll;
}

const float *const *kf_side_read(kf_audio_renderer *r, int32_t track, int64_t at, int32_t n)
{
    kf_ring_read(&r->tracks[track].ring, at, n, r->side);
    return (const float *const *)r->side;
}

/* The part of [at, at + n) that is not pre-roll goes into the meter. */
kf_status kf_meter_run_add(kf_meter_run *m, const kf_audio_renderer *r, int64_t at, int32_t n, float *const *planes,
                           kf_error *err)
{
    int64_t skip = r->measure_from > at ? r->measure_from - at : 0;
    if (skip >= n) return KF_OK;
    const float *in[KF_DSP_MAX_CHANNELS];
    for (int c = 0; c < r->setup.channels; c++) in[c] = planes[c] + skip;
    kf_meter_add(&m->meter, r->setup.channels, n - (int32_t)skip, in);
    return kf_loudness_add(m->loudness, n - (int32_t)skip, in, err);
}

/* A track's output at the mix, which may be later than it was made. */
static kf_status mix_track(kf_audio_renderer *r, kf_track_run *t, int64_t at, int32_t n, kf_error *err)
{
    if (!t->audible) return KF_OK;
    int64_t mix_at = at + r->master_lead;
    if (t->out_lead > r->master_lead) kf_ring_read(&t->ring, mix_at, n, r->bus);
    for (int c = 0; c < r->setup.channels; c++) kf_mix_add(r->bus[c], n, r->mix[c]);
    if (!(r->graph->meters & (KF_AUDIO_METER_TRACKS | KF_AUDIO_METER_TRACK_LOUDNESS))) return KF_OK;
    return kf_meter_run_add(&t->meter, r, mix_at, n, r->bus, err);
}

static kf_status run_master(kf_audio_renderer *r, int64_t at, int32_t n, kf_error *err)
{
    kf_chain_process(&r->master, r, at + r->master_lead, n, r->mix);
    int64_t gain_at = at + r->limiter_latency;
    if (!kf_curve_is(&r->graph->master_gain, 0.0f)) {
        kf_curve_gain(&r->graph->master_gain, &r->gain_cursor, gain_at, n, r->mix, r->setup.channels);
    }
    if (r->limiter.driver) kf_dsp_node_process(&r->limiter, gain_at, n, r->mix, NULL);
    return kf_meter_run_add(&r->meter, r, at, n, r->mix, err);
}

/* Output [at, at + n) in r->mix. */
static kf_status run_chunk(kf_audio_renderer *r, int64_t at, int32_t n, kf_error *err)
{
    for (int c = 0; c < r->setup.channels; c++) memset(r->mix[c], 0, (size_t)n * sizeof(float));
    for (int32_t k = 0; k < r->graph->track_count; k++) {
        kf_track_run *t = &r->tracks[r->order[k]];
        if (!t->needed) continue;
        kf_status status = kf_track_run_chunk(r, t, at, n, r->bus, err);
        if (!status) status = mix_track(r, t, at, n, err);
        if (status) return status;
    }
    return run_master(r, at, n, err);
}

static kf_status seek(kf_audio_renderer *r, int64_t first, kf_error *err)
{
    int64_t origin = first < 0 ? first : 0, start = first - r->preroll;
    if (start < origin) start = origin;
    int64_t at = start - r->most_lead;
    kf_chain_reset(&r->master);
    if (r->limiter.driver) r->limiter.driver->reset(r->limiter.state);
    r->measure_from = first;
    for (int32_t i = 0; i < r->graph->track_count; i++) {
        kf_track_run *t = &r->tracks[r->order[i]];
        kf_status status = t->needed ? kf_track_seek(r, t, at, err) : KF_OK;
        if (status) return status;
    }
    while (at < first) {
        int32_t n = first - at < KF_CHUNK ? (int32_t)(first - at) : KF_CHUNK;
        kf_status status = run_chunk(r, at, n, err);
        if (status) return status;
        at += n;
    }
    return KF_OK;
}

kf_status kf_audio_render(kf_audio_renderer *r, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    if (n < 0 || first < -(INT64_C(1) << 52) || first > (INT64_C(1) << 52)) {
        return kf_fail(err, KF_ERR_INVALID, "audio position %lld is out of range", (long long)first);
    }
    bool onward = r->running && first == r->next;
    r->running = false;
    kf_status status = onward ? KF_OK : seek(r, first, err);
    for (int32_t done = 0; done < n && !status;) {
        int32_t part = n - done < KF_CHUNK ? n - done : KF_CHUNK;
        status = run_chunk(r, first + done, part, err);
        for (int c = 0; c < r->setup.channels && !status; c++)
            memcpy(out[c] + done, r->mix[c], (size_t)part * sizeof(float));
        done += part;
    }
    if (status) return status;
    r->next = first + n;
    r->running = true;
    return KF_OK;
}

kf_meter kf_audio_renderer_meter(const kf_audio_renderer *r, int32_t track)
{
    if (track < -1 || track >= r->graph->track_count) return (kf_meter){0};
    return track < 0 ? r->meter.meter : r->tracks[track].meter.meter;
}

kf_audio_meters kf_audio_renderer_meters(const kf_audio_renderer *r, int32_t track)
{
    kf_audio_meters m = {-INFINITY, -INFINITY, kf_loudness_get(NULL)};
    if (track < -1 || track >= r->graph->track_count) return m;
    const kf_meter_run *run = track < 0 ? &r->meter : &r->tracks[track].meter;
    m.peak_db = kf_meter_peak_db(&run->meter, r->setup.channels);
    m.rms_db = kf_meter_rms_db(&run->meter, r->setup.channels);
    m.loudness = kf_loudness_get(run->loudness);
    return m;
}

static void reset_meter(kf_audio_renderer *r, kf_meter_run *m)
{
    memset(&m->meter, 0, sizeof m->meter);
    if (!m->loudness) return;
    kf_loudness_destroy(m->loudness);
    m->loudness = NULL;
    kf_loudness_create(r->setup.rate, r->setup.channels, &m->loudness,
                       NULL); /* without memory: reads as not available */
}

void kf_audio_renderer_reset_meters(kf_audio_renderer *r)
{
    reset_meter(r, &r->meter);
    for (int32_t i = 0; i < r->graph->track_count; i++) reset_meter(r, &r->tracks[i].meter);
}

int64_t kf_audio_graph_end(const kf_audio_graph *graph)
{
    int64_t end = 0;
    for (int32_t i = 0; i < graph->track_count; i++) {
        const kf_audio_track *t = &graph->tracks[i];
        for (int64_t k = 0; k < t->clip_count; k++) {
            int64_t e = t->clips[k].start + t->clips[k].length;
            if (e > end) end = e;
        }
    }
    return end;
}

/* ---- Nested sequences ---- */

static kf_status nested_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    kf_audio_graph_source *source = ctx;
    if (channels != source->graph->channels) {
        return kf_fail(err, KF_ERR_INVALID, "a nested sequence with %d channels cannot play in one with %d",
                       (int)source->graph->channels, channels);
    }
    if (!source->renderer) {
        kf_status status = kf_audio_renderer_create(source->graph, &source->renderer, err);
        if (status) return status;
    }
    return kf_audio_render(source->renderer, first, n, planes, err);
}

static void nested_idle(void *ctx)
{
    kf_audio_graph_source_finish(ctx);
}

kf_sample_source kf_audio_graph_source_of(kf_audio_graph_source *source)
{
    return (kf_sample_source){.read = nested_read, .idle = nested_idle, .ctx = source};
}

void kf_audio_graph_source_finish(kf_audio_graph_source *source)
{
    kf_audio_renderer_destroy(source->renderer);
    source->renderer = NULL;
}
