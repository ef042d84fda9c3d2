/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constant-speed stretching by Rubber Band in its real-time mode: no study pass, bounded memory. The source goes in in
 * pieces of a fixed size whatever is asked for, so results do not depend on block sizes; its delay is fed and dropped
 * at the start. */
#include "audio/dsp/internal.h"

#ifdef KF_HAVE_RUBBERBAND
#include <rubberband/rubberband-c.h>

enum {
    PIECE = 512,
    RUN_IN = 4096,
    SLOWEST = 16,
    FASTEST = 16
}; /* samples; output samples before a seek target; speed limits */

struct kf_rubber {
    kf_speed_params params;
    kf_window window;
    RubberBandState state;
    int64_t next_out, next_in; /* output sample due; source position of the next piece */
    int32_t cursor, direction;
    bool running;
    float *piece[KF_DSP_MAX_CHANNELS], *waste[KF_DSP_MAX_CHANNELS];
};

kf_rubber *kf_rubber_create(const kf_speed_params *params)
{
    int32_t cursor = 0;
    kf_warp_pos p = kf_warp_at(&params->warp, 0, &cursor);
    double speed = fabs((double)p.slope_num / (double)p.den);
    if (speed < 1.0 / SLOWEST || speed > FASTEST) return NULL;
    kf_rubber *r = KF_NEW(kf_rubber);
    if (!r) return NULL;
    r->params = *params;
    r->direction = p.slope_num < 0 ? -1 : 1;
    kf_window_init(&r->window, params->source, params->channels);
    bool ok = true;
    for (int c = 0; c < params->channels; c++) {
        r->piece[c] = kf_alloc_zero(PIECE, sizeof(float));
        r->waste[c] = kf_alloc_zero(PIECE, sizeof(float));
        ok = ok && r->piece[c] && r->waste[c];
    }
    if (ok) {
        r->state = rubberband_new((unsigned)params->rate, (unsigned)params->channels,
                                  RubberBandOptionProcessRealTime | RubberBandOptionThreadingNever |
                                      RubberBandOptionEngineFiner | RubberBandOptionChannelsTogether,
                                  1.0 / speed, 1.0);
    }
    if (!r->state) {
        kf_rubber_destroy(r);
        return NULL;
    }
    rubberband_set_max_process_size(r->state, PIECE);
    return r;
}

void kf_rubber_destroy(kf_rubber *r)
{
    if (!r) return;
    if (r->state) rubberband_delete(r->state);
    for (int c = 0; c < r->params.channels; c++) {
        kf_free(r->piece[c]);
        kf_free(r->waste[c]);
    }
    kf_window_finish(&r->window);
    kf_free(r);
}

static kf_status feed(kf_rubber *r, kf_error *err)
{
    bool backwards = r->direction < 0;
    int64_t lo = backwards ? r->next_in - PIECE + 1 : r->next_in;
    kf_status status = kf_window_need(&r->window, lo, lo + PIECE, backwards, err);
    if (status) return status;
    for (int c = 0; c < r->params.channels; c++) {
        const float *x = kf_window_at(&r->window, c, r->next_in);
        for (int32_t i = 0; i < PIECE; i++) r->piece[c][i] = x[r->direction * i];
    }
    rubberband_process(r->state, (const float *const *)r->piece, PIECE, 0);
    r->next_in += r->direction * (int64_t)PIECE;
    return KF_OK;
}

static kf_status take(kf_rubber *r, int32_t n, float *const *out, kf_error *err)
{
    int fed = 0;
    for (int32_t done = 0; done < n;) {
        int ready = rubberband_available(r->state);
        if (ready <= 0) {
            if (++fed > 4096) return kf_fail(err, KF_ERR_INTERNAL, "the time stretcher takes sound but gives none");
            kf_status status = feed(r, err);
            if (status) return status;
            continue;
        }
        float *at[KF_DSP_MAX_CHANNELS];
        for (int c = 0; c < r->params.channels; c++) at[c] = out[c] + done;
        done += (int32_t)rubberband_retrieve(r->state, at, (unsigned)(ready < n - done ? ready : n - done));
        fed = 0;
    }
    return KF_OK;
}

static kf_status start_at(kf_rubber *r, int64_t first, kf_error *err)
{
    rubberband_reset(r->state);
    kf_warp_pos p = kf_warp_at(&r->params.warp, first - RUN_IN, &r->cursor);
    r->next_in = p.whole - r->direction * (int64_t)rubberband_get_preferred_start_pad(r->state);
    int64_t drop = (int64_t)rubberband_get_start_delay(r->state) + RUN_IN;
    while (drop > 0) {
        int32_t part = drop < PIECE ? (int32_t)drop : PIECE;
        kf_status status = take(r, part, r->waste, err);
        if (status) return status;
        drop -= part;
    }
    r->next_out = first;
    r->running = true;
    return KF_OK;
}

kf_status kf_rubber_read(kf_rubber *r, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    if (n <= 0) return KF_OK;
    kf_status status = KF_OK;
    if (!r->running || first != r->next_out) {
        r->running = false;
        status = start_at(r, first, err);
    }
    if (!status) status = take(r, n, out, err);
    r->running = !status;
    r->next_out = first + n;
    return status;
}

#else

kf_rubber *kf_rubber_create(const kf_speed_params *params)
{
    return NULL;
}

void kf_rubber_destroy(kf_rubber *r)
{
}

kf_status kf_rubber_read(kf_rubber *r, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    return kf_fail(err, KF_ERR_UNSUPPORTED, "this build has no Rubber Band");
}

#endif
