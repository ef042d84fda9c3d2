/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* True-peak limiter: 4x oversampled detection, a sliding minimum over the look-ahead, exponential release, then a
 * moving average as long as the look-ahead, which turns each step into a straight ramp that ends on time. Gains are
 * integers of 2^-30, so running sums are exact and silence or quiet passages come out bit for bit. */
#include "audio/dsp/internal.h"

enum { ONE = 1 << 30, HALF = KF_OVER_TAPS / 2, BACK = KF_OVER_TAPS - 1 };
/* What a 4x grid may miss of the peak between its points, and ripple of moving gains. */
#define MARGIN_DB 0.2

void kf_over_table_init(kf_over_table *table)
{
    table->bound = 1.0f;
    for (int p = 0; p < KF_OVER_PHASES; p++) {
        double tap[KF_OVER_TAPS], sum = 0.0, magnitude = 0.0;
        for (int k = 0; k < KF_OVER_TAPS; k++) {
            double x = k - (HALF - 1) - p * 0.25;
            double sinc = x == 0.0 ? 1.0 : kf_dsp_sin_turns(x * 0.5) / (KF_PI * x);
            tap[k] = p == 0 ? (x == 0.0) : sinc * kf_dsp_kaiser(x / HALF, 3.5);
            sum += tap[k];
        }
        for (int k = 0; k < KF_OVER_TAPS; k++) {
            table->tap[p][k] = (float)(tap[k] / sum);
            magnitude += fabs(tap[k] / sum);
        }
        if (magnitude > table->bound) table->bound = (float)magnitude;
    }
}

float kf_over_peak(const kf_over_table *table, const float *x)
{
    float peak = fabsf(x[HALF - 1]);
    for (int p = 1; p < KF_OVER_PHASES; p++) {
        float sum = 0.0f;
        for (int k = 0; k < KF_OVER_TAPS; k++) sum += table->tap[p][k] * x[k];
        float m = fabsf(sum);
        peak = m > peak ? m : peak;
    }
    return peak;
}

float kf_true_peak(const float *in, int32_t n)
{
    kf_over_table table;
    kf_over_table_init(&table);
    float peak = 0.0f, x[KF_OVER_TAPS];
    for (int64_t centre = -HALF; centre < (int64_t)n + HALF; centre++) {
        for (int k = 0; k < KF_OVER_TAPS; k++) {
            int64_t i = centre - (HALF - 1) + k;
            x[k] = i >= 0 && i < n ? in[i] : 0.0f;
        }
        float m = kf_over_peak(&table, x);
        peak = m > peak ? m : peak;
    }
    return peak;
}

typedef struct pending {
    int64_t until; /* sample count at which it leaves the window */
    int32_t gain;
} pending;

typedef struct limiter_state {
    int32_t channels, rate, window, delay, history;
    double threshold;
    float input;
    int32_t release; /* step per sample, 2^-30 */
    kf_over_table table;
    float *past[KF_DSP_MAX_CHANNELS]; /* history + KF_DSP_GRID samples */
    pending *queue;                   /* ascending gains, window + 2 entries, a ring */
    int32_t head, queued, envelope;
    int32_t *box;                     /* last `window` envelopes, a ring */
    int32_t box_pos;
    int64_t box_sum, count;
} limiter_state;

static void limiter_set(void *state, const void *params)
{
    limiter_state *s = state;
    const kf_limiter_params *p = params;
    s->threshold = kf_dsp_db_gain(kf_dsp_range(p->ceiling_db, -24.0f, 0.0f, -1.0f) - MARGIN_DB);
    s->input = (float)kf_dsp_db_gain(kf_dsp_range(p->input_db, 0.0f, 24.0f, 0.0f));
    s->release = (int32_t)((1.0 - kf_dsp_pole(kf_dsp_range(p->release_ms, 5.0f, 2000.0f, 100.0f), s->rate)) * ONE);
}

static void limiter_reset(void *state)
{
    limiter_state *s = state;
    for (int c = 0; c < s->channels; c++) memset(s->past[c], 0, (size_t)s->history * sizeof(float));
    s->head = s->queued = s->box_pos = 0;
    s->envelope = ONE;
    for (int32_t i = 0; i < s->window; i++) s->box[i] = ONE;
    s->box_sum = (int64_t)s->window * ONE;
    s->count = 0;
}

static kf_status limiter_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    limiter_state *s = state;
    const kf_limiter_params *p = params;
    s->channels = setup->channels;
    s->rate = setup->rate;
    s->window = kf_dsp_ms_samples(kf_dsp_range(p->look_ahead_ms, 0.5f, 20.0f, 3.0f), setup->rate);
    s->delay = s->window + HALF - 1;
    s->history = s->delay > BACK ? s->delay : BACK;
    kf_over_table_init(&s->table);
    for (int c = 0; c < s->channels; c++) {
        s->past[c] = kf_alloc_zero((size_t)s->history + KF_DSP_GRID, sizeof(float));
        if (!s->past[c]) return kf_fail_memory(err);
    }
    s->queue = kf_alloc_zero((size_t)s->window + 2, sizeof *s->queue);
    s->box = kf_alloc_zero((size_t)s->window, sizeof *s->box);
    if (!s->queue || !s->box) return kf_fail_memory(err);
    limiter_set(s, params);
    limiter_reset(s);
    return KF_OK;
}

static void limiter_finish(void *state)
{
    limiter_state *s = state;
    for (int c = 0; c < s->channels; c++) kf_free(s->past[c]);
    kf_free(s->queue);
    kf_free(s->box);
}

/* True peaks of n positions: the FIR that ends at x[BACK + i] has its centre HALF samples earlier. */
static void channel_peaks(const limiter_state *s, const float *x, int32_t n, float *peak)
{
    for (int32_t i = 0; i < n; i++) {
        float m = fabsf(x[HALF - 1 + i]);
        peak[i] = m > peak[i] ? m : peak[i];
    }
    for (int p = 1; p < KF_OVER_PHASES; p++) {
        float sum[KF_DSP_GRID] = {0};
        for (int k = 0; k < KF_OVER_TAPS; k++) {
            float tap = s->table.tap[p][k];
            for (int32_t i = 0; i < n; i++) sum[i] += tap * x[i + k];
        }
        for (int32_t i = 0; i < n; i++) {
            float m = fabsf(sum[i]);
            peak[i] = m > peak[i] ? m : peak[i];
        }
    }
}

static float loudest(const float *x, int32_t n)
{
    float lane[8] = {0};
    int32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (int k = 0; k < 8; k++) {
            float m = fabsf(x[i + k]);
            lane[k] = m > lane[k] ? m : lane[k];
        }
    }
    float most = 0.0f;
    for (; i < n; i++) most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    for (int k = 0; k < 8; k++) most = lane[k] > most ? lane[k] : most;
    return most;
}

/* Peaks of the next n samples; false if none can reach the threshold. */
static bool find_peaks(const limiter_state *s, int32_t n, float *peak)
{
    bool any = false;
    memset(peak, 0, (size_t)n * sizeof *peak);
    for (int c = 0; c < s->channels; c++) {
        const float *x = s->past[c] + s->history - BACK;
        if ((double)loudest(x, n + BACK) * s->table.bound <= s->threshold) continue;
        channel_peaks(s, x, n, peak);
        any = true;
    }
    return any;
}

/* Sliding minimum of what is required over window + 2 samples. */
static int32_t queue_step(limiter_state *s, int32_t gain)
{
    int32_t size = s->window + 2;
    while (s->queued && s->queue[s->head].until <= s->count) {
        s->head = s->head + 1 == size ? 0 : s->head + 1;
        s->queued--;
    }
    if (gain < ONE) {
        while (s->queued && s->queue[(s->head + s->queued - 1) % size].gain >= gain) s->queued--;
        s->queue[(s->head + s->queued) % size] = (pending){s->count + size, gain};
        s->queued++;
    }
    s->count++;
    return s->queued ? s->queue[s->head].gain : ONE;
}

static float gain_step(limiter_state *s, double peak)
{
    int32_t least = queue_step(s, peak > s->threshold ? (int32_t)(s->threshold / peak * ONE) : ONE);
    int32_t envelope = s->envelope;
    if (envelope < ONE) {
        int32_t step = (int32_t)((int64_t)(ONE - envelope) * s->release >> 30);
        envelope += step > 0 ? step : 1;
    }
    s->envelope = envelope < least ? envelope : least;
    s->box_sum += s->envelope - s->box[s->box_pos];
    s->box[s->box_pos] = s->envelope;
    if (++s->box_pos == s->window) s->box_pos = 0;
    return (float)((double)s->box_sum / ((double)s->window * ONE));
}

static bool at_rest(const limiter_state *s)
{
    return !s->queued && s->envelope == ONE && s->box_sum == (int64_t)s->window * ONE;
}

static void limit_part(limiter_state *s, int32_t n, float *const *io, int32_t offset)
{
    float peak[KF_DSP_GRID], gain[KF_DSP_GRID];
    for (int c = 0; c < s->channels; c++) {
        float *x = s->past[c] + s->history, *y = io[c] + offset;
        for (int32_t i = 0; i < n; i++) x[i] = y[i] * s->input;
    }
    bool active = find_peaks(s, n, peak) || !at_rest(s);
    if (active) {
        for (int32_t i = 0; i < n; i++) gain[i] = gain_step(s, peak[i]);
    } else {
        s->count += n;
    }
    for (int c = 0; c < s->channels; c++) {
        const float *x = s->past[c] + s->history - s->delay;
        float *y = io[c] + offset;
        if (active) {
            for (int32_t i = 0; i < n; i++) y[i] = x[i] * gain[i];
        } else {
            memcpy(y, x, (size_t)n * sizeof *y);
        }
        memmove(s->past[c], s->past[c] + n, (size_t)s->history * sizeof(float));
    }
}

static void limiter_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    for (int32_t done = 0; done < n;) {
        int32_t part = kf_dsp_to_grid(at + done, n - done);
        limit_part(state, part, io, done);
        done += part;
    }
}

static int32_t limiter_latency(const void *state)
{
    return ((const limiter_state *)state)->delay;
}

static int32_t limiter_settle(const void *state)
{
    const limiter_state *s = state;
    double samples = 10.0 * ONE / (s->release > 0 ? s->release : 1); /* ten time constants of the release */
    return s->delay + (int32_t)(samples < 10.0 * s->rate ? samples : 10.0 * s->rate);
}

static const kf_limiter_params limiter_defaults = {.ceiling_db = -1.0f, .look_ahead_ms = 3.0f, .release_ms = 100.0f};
const kf_dsp_driver kf_dsp_limiter_driver = {
    .kind = KF_DSP_LIMITER,
    .name = "limiter",
    .params_size = sizeof(kf_limiter_params),
    .state_size = sizeof(limiter_state),
    .defaults = &limiter_defaults,
    .prepare = limiter_prepare,
    .finish = limiter_finish,
    .reset = limiter_reset,
    .set = limiter_set,
    .process = limiter_process,
    .latency = limiter_latency,
    .settle = limiter_settle,
};
