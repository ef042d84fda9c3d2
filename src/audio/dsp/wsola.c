/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waveform-similarity overlap-add (W. Verhelst, M. Roelands, ICASSP 1993) along any warp. Grain k is centred on output
 * sample k * hop, is two hops long, and is taken from where the warp puts its centre, moved by at most `reach` samples
 * to where it continues the grain before it best. Grains are read in the direction of play. */
#include "audio/dsp/internal.h"

enum {
    WARM_UP = 4,
    COARSE = 4
}; /* grains made before the first one heard after a seek; decimation of the first search */

struct kf_wsola {
    kf_speed_params params;
    kf_window window;
    int32_t hop, reach, cursor;
    float *hann;     /* 2 hops */
    float *follow;   /* 2 hops, mono: what would follow the last grain */
    float *near;     /* 2 * (hop + reach), mono: where the next grain may come from */
    float *follow_coarse, *near_coarse;
    float *tail[KF_DSP_MAX_CHANNELS];  /* second half of the last grain, windowed */
    float *block[KF_DSP_MAX_CHANNELS]; /* finished hop */
    int64_t block_index;               /* block holds outputs [index * hop, (index + 1) * hop) */
    int direction;                     /* of the last grain; 0: it was silent or there is none */
    bool running;
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static float *floats(int32_t count)
{
    return kf_alloc_zero((size_t)count, sizeof(float));
}

kf_wsola *kf_wsola_create(const kf_speed_params *params)
{
    kf_wsola *w = KF_NEW(kf_wsola);
    if (!w) return NULL;
    w->params = *params;
    kf_window_init(&w->window, params->source, params->channels);
    w->hop = (params->rate / 50 + 7) & ~7;
    w->reach = (params->rate * 12 / 1000 + 7) & ~7;
    w->hann = floats(2 * w->hop);
    w->follow = floats(2 * w->hop);
    w->near = floats(2 * (w->hop + w->reach));
    w->follow_coarse = floats(2 * w->hop / COARSE);
    w->near_coarse = floats(2 * (w->hop + w->reach) / COARSE);
    bool ok = w->hann && w->follow && w->near && w->follow_coarse && w->near_coarse;
    for (int c = 0; c < params->channels; c++) {
        w->tail[c] = floats(w->hop);
        w->block[c] = floats(w->hop);
        ok = ok && w->tail[c] && w->block[c];
    }
    if (!ok) {
        kf_wsola_destroy(w);
        return NULL;
    }
    for (int32_t i = 0; i < 2 * w->hop; i++)
        w->hann[i] = (float)(0.5 - 0.5 * kf_dsp_cos_turns(((double)i + 0.5) / (2.0 * w->hop)));
    return w;
}

void kf_wsola_destroy(kf_wsola *w)
{
    if (!w) return;
    for (int c = 0; c < w->params.channels; c++) {
        kf_free(w->tail[c]);
        kf_free(w->block[c]);
    }
    kf_free(w->hann);
    kf_free(w->follow);
    kf_free(w->near);
    kf_free(w->follow_coarse);
    kf_free(w->near_coarse);
    kf_window_finish(&w->window);
    kf_free(w);
}

/* out[j] = mono source at from + direction * j. */
static void take_mono(const kf_wsola *w, int64_t from, int direction, int32_t n, float *out)
{
    memset(out, 0, (size_t)n * sizeof *out);
    for (int c = 0; c < w->params.channels; c++) {
        const float *x = kf_window_at(&w->window, c, from);
        for (int32_t j = 0; j < n; j++) out[j] += x[direction * j];
    }
}

static void decimate(const float *in, int32_t n, float *out)
{
    for (int32_t i = 0; i < n; i++)
        out[i] = (in[i * COARSE] + in[i * COARSE + 1]) + (in[i * COARSE + 2] + in[i * COARSE + 3]);
}

/* Normalised likeness of two signals: a.b / |b|, in fixed lanes. */
static double likeness(const float *restrict a, const float *restrict b, int32_t n)
{
    float dot[8] = {0}, energy[8] = {0};
    int32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (int k = 0; k < 8; k++) dot[k] += a[i + k] * b[i + k];
        for (int k = 0; k < 8; k++) energy[k] += b[i + k] * b[i + k];
    }
    for (; i < n; i++) {
        dot[i & 7] += a[i] * b[i];
        energy[i & 7] += b[i] * b[i];
    }
    double d = 0.0, e = 0.0;
    for (int k = 0; k < 8; k++) {
        d += dot[k];
        e += energy[k];
    }
    return d / sqrt(e + 1e-9);
}

/* Best of the shifts first .. last (inclusive) of `near` against `follow`; the one nearest to `home` wins a tie. */
static int32_t best_shift(const float *follow, const float *near, int32_t n, int32_t first, int32_t last, int32_t home)
{
    int32_t best = home < first ? first : home > last ? last : home;
    double most = likeness(follow, near + best, n);
    for (int32_t s = first; s <= last; s++) {
        double like = likeness(follow, near + s, n);
        if (like > most * (like > 0 ? 1.000001 : 0.999999)) {
            most = like;
            best = s;
        }
    }
    return best;
}

/* Moves a grain's centre to where it continues the last one. */
static int64_t aligned_centre(kf_wsola *w, int64_t centre, int direction)
{
    int32_t span = 2 * (w->hop + w->reach);
    take_mono(w, centre - direction * (int64_t)(w->hop + w->reach), direction, span, w->near);
    decimate(w->near, span / COARSE, w->near_coarse);
    decimate(w->follow, 2 * w->hop / COARSE, w->follow_coarse);
    int32_t home = w->reach / COARSE;
    int32_t coarse =
        best_shift(w->follow_coarse, w->near_coarse, 2 * w->hop / COARSE, 0, 2 * w->reach / COARSE, home) * COARSE;
    int32_t first = coarse > COARSE ? coarse - COARSE : 0,
            last = coarse + COARSE < 2 * w->reach ? coarse + COARSE : 2 * w->reach;
    return centre + direction * (int64_t)(best_shift(w->follow, w->near, 2 * w->hop, first, last, w->reach) - w->reach);
}

/* Adds the first half of a grain to block and leaves its second half in tail. */
static void lay_grain(kf_wsola *w, int64_t centre, int direction)
{
    for (int c = 0; c < w->params.channels; c++) {
        const float *x = kf_window_at(&w->window, c, centre);
        for (int32_t j = 0; j < w->hop; j++) {
            w->block[c][j] = w->tail[c][j] + w->hann[j] * x[direction * (j - w->hop)];
            w->tail[c][j] = w->hann[w->hop + j] * x[direction * j];
        }
    }
}

static void lay_silence(kf_wsola *w)
{
    for (int c = 0; c < w->params.channels; c++) {
        memcpy(w->block[c], w->tail[c], (size_t)w->hop * sizeof(float));
        memset(w->tail[c], 0, (size_t)w->hop * sizeof(float));
    }
    w->direction = 0;
}

static kf_status make_grain(kf_wsola *w, int64_t k, kf_error *err)
{
    kf_warp_pos p = kf_warp_at(&w->params.warp, k * w->hop, &w->cursor);
    if (kf_warp_silent(&p)) {
        lay_silence(w);
        return KF_OK;
    }
    int direction = p.slope_num < 0 ? -1 : 1;
    int64_t around = w->reach + 2 * (int64_t)w->hop + 1;
    kf_status status = kf_window_need(&w->window, p.whole - around, p.whole + around, direction < 0, err);
    if (status) return status;
    int64_t centre = w->direction == direction ? aligned_centre(w, p.whole, direction) : p.whole;
    lay_grain(w, centre, direction);
    take_mono(w, centre, direction, 2 * w->hop, w->follow);
    w->direction = direction;
    return KF_OK;
}

static kf_status start_at(kf_wsola *w, int64_t block, kf_error *err)
{
    w->direction = 0;
    w->running = false;
    for (int c = 0; c < w->params.channels; c++) memset(w->tail[c], 0, (size_t)w->hop * sizeof(float));
    for (int64_t k = block - WARM_UP; k <= block + 1; k++) {
        kf_status status = make_grain(w, k, err);
        if (status) return status;
    }
    w->block_index = block;
    w->running = true;
    return KF_OK;
}

static kf_status go_to_block(kf_wsola *w, int64_t block, kf_error *err)
{
    if (w->running && block == w->block_index) return KF_OK;
    if (!w->running || block != w->block_index + 1) return start_at(w, block, err);
    kf_status status = make_grain(w, block + 1, err);
    w->running = !status;
    w->block_index = block;
    return status;
}

kf_status kf_wsola_read(kf_wsola *w, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    for (int32_t done = 0; done < n;) {
        int64_t at = first + done, block = floor_div(at, w->hop);
        kf_status status = go_to_block(w, block, err);
        if (status) return status;
        int32_t offset = (int32_t)(at - block * w->hop), part = w->hop - offset < n - done ? w->hop - offset : n - done;
        for (int c = 0; c < w->params.channels; c++)
            memcpy(out[c] + done, w->block[c] + offset, (size_t)part * sizeof(float));
        done += part;
    }
    return KF_OK;
}
