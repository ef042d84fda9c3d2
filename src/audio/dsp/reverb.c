/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feedback delay network of eight lines with a Householder matrix, damped by one-pole low-passes, diffused at its input
 * by four all-passes (J.-M. Jot, "An analysis/synthesis approach to real-time artificial reverberation", ICASSP 1992).
 * It hears the first two channels and adds to them; others pass. */
#include "audio/dsp/internal.h"

enum { LINES = 8, DIFFUSERS = 4 };
/* Mutually prime lengths at 48 kHz, 31 to 71 ms; diffusers 2 to 10 ms. */
static const int16_t line_length[LINES] = {1489, 1693, 1933, 2203, 2477, 2777, 3083, 3413};
static const int16_t diffuser_length[DIFFUSERS] = {113, 211, 337, 479};

typedef struct reverb_state {
    int32_t rate, channels;
    float gain[LINES], pole[LINES], low[LINES], wet, dry, width;
    kf_line pre, diffuser[DIFFUSERS], line[LINES];
    double decay;
} reverb_state;

static void reverb_set(void *state, const void *params)
{
    reverb_state *s = state;
    const kf_reverb_params *p = params;
    s->decay = kf_dsp_range(p->decay_s, 0.1f, 20.0f, 1.8f);
    s->wet = kf_dsp_range(p->wet, 0.0f, 1.0f, 0.25f);
    s->dry = kf_dsp_range(p->dry, 0.0f, 1.0f, 1.0f);
    s->width = kf_dsp_range(p->width, 0.0f, 1.0f, 1.0f);
    double damping = kf_dsp_range(p->damping, 0.0f, 1.0f, 0.4f);
    for (int i = 0; i < LINES; i++) {
        s->gain[i] = (float)kf_dsp_db_gain(-60.0 * s->line[i].length / (s->decay * s->rate));
        s->pole[i] = (float)(damping * 0.7 * (0.6 + 0.4 * line_length[i] / 3413.0));
    }
}

static kf_status reverb_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    reverb_state *s = state;
    const kf_reverb_params *p = params;
    s->rate = setup->rate;
    s->channels = setup->channels;
    double scale = setup->rate / 48000.0, size = scale * kf_dsp_range(p->size, 0.2f, 2.0f, 1.0f);
    bool ok = kf_line_init(&s->pre, kf_dsp_ms_samples(kf_dsp_range(p->pre_delay_ms, 0.0f, 250.0f, 15.0f), setup->rate));
    for (int i = 0; i < DIFFUSERS; i++)
        ok = ok && kf_line_init(&s->diffuser[i], (int32_t)(diffuser_length[i] * scale + 0.5));
    for (int i = 0; i < LINES; i++) ok = ok && kf_line_init(&s->line[i], (int32_t)(line_length[i] * size + 0.5));
    if (!ok) return kf_fail_memory(err);
    reverb_set(s, params);
    return KF_OK;
}

static void reverb_finish(void *state)
{
    reverb_state *s = state;
    kf_line_finish(&s->pre);
    for (int i = 0; i < DIFFUSERS; i++) kf_line_finish(&s->diffuser[i]);
    for (int i = 0; i < LINES; i++) kf_line_finish(&s->line[i]);
}

static void reverb_reset(void *state)
{
    reverb_state *s = state;
    kf_line_reset(&s->pre);
    for (int i = 0; i < DIFFUSERS; i++) kf_line_reset(&s->diffuser[i]);
    for (int i = 0; i < LINES; i++) kf_line_reset(&s->line[i]);
    memset(s->low, 0, sizeof s->low);
}

static inline float diffuse(reverb_state *s, float x)
{
    for (int i = 0; i < DIFFUSERS; i++) {
        float delayed = s->diffuser[i].data[s->diffuser[i].pos], v = x - 0.6f * delayed;
        if (fabsf(v) < 1e-20f) v = 0.0f;
        kf_line_step(&s->diffuser[i], v);
        x = delayed + 0.6f * v;
    }
    return x;
}

static void reverb_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    reverb_state *s = state;
    bool stereo = s->channels > 1;
    float near_gain = 0.5f * (1.0f + s->width) * s->wet, far_gain = 0.5f * (1.0f - s->width) * s->wet;
    for (int32_t i = 0; i < n; i++) {
        float x = stereo ? 0.5f * (io[0][i] + io[1][i]) : io[0][i], out[LINES];
        x = diffuse(s, kf_line_step(&s->pre, x));
        for (int k = 0; k < LINES; k++) {
            float v = s->line[k].data[s->line[k].pos];
            v = v + s->pole[k] * (s->low[k] - v);
            s->low[k] = fabsf(v) < 1e-20f ? 0.0f : v;
            out[k] = s->low[k] * s->gain[k];
        }
        float even = (out[0] + out[2]) + (out[4] + out[6]), odd = (out[1] + out[3]) + (out[5] + out[7]);
        float mean = 0.25f * (even + odd);
        for (int k = 0; k < LINES; k++) kf_line_step(&s->line[k], (k & 1 ? -x : x) + out[k] - mean);
        float left = (out[0] - out[2]) + (out[4] - out[6]), right = (out[1] - out[3]) + (out[5] - out[7]);
        if (stereo) {
            io[0][i] = s->dry * io[0][i] + near_gain * left + far_gain * right;
            io[1][i] = s->dry * io[1][i] + near_gain * right + far_gain * left;
        } else {
            io[0][i] = s->dry * io[0][i] + s->wet * 0.70710678f * (left + right);
        }
    }
}

static int32_t reverb_settle(const void *state)
{
    const reverb_state *s = state;
    return (int32_t)(s->decay * s->rate) + s->pre.length;
}

static const kf_reverb_params reverb_defaults = {.decay_s = 1.8f, .pre_delay_ms = 15.0f, .damping = 0.4f, .size = 1.0f,
                                                 .width = 1.0f, .wet = 0.25f, .dry = 1.0f};
const kf_dsp_driver kf_dsp_reverb_driver = {
    .kind = KF_DSP_REVERB,
    .name = "reverb",
    .params_size = sizeof(kf_reverb_params),
    .state_size = sizeof(reverb_state),
    .defaults = &reverb_defaults,
    .prepare = reverb_prepare,
    .finish = reverb_finish,
    .reset = reverb_reset,
    .set = reverb_set,
    .process = reverb_process,
    .latency = kf_dsp_zero_i32,
    .settle = reverb_settle,
};
