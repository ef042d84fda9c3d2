/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Echo with filtered feedback. */
#include "audio/dsp/internal.h"

typedef struct delay_state {
    int32_t rate, channels, length;
    float feedback, mix, pole;
    bool ping_pong;
    kf_line line[KF_DSP_MAX_CHANNELS];
    float low[KF_DSP_MAX_CHANNELS];
} delay_state;

static void delay_set(void *state, const void *params)
{
    delay_state *s = state;
    const kf_delay_params *p = params;
    float hz = kf_dsp_range(p->low_pass_hz, 100.0f, 20000.0f, 8000.0f);
    s->feedback = kf_dsp_range(p->feedback, 0.0f, 0.98f, 0.35f);
    s->mix = kf_dsp_range(p->mix, 0.0f, 1.0f, 0.3f);
    s->pole = hz >= 20000.0f ? 0.0f : (float)kf_dsp_exp(-2.0 * KF_PI * hz / s->rate);
    s->ping_pong = p->ping_pong && s->channels == 2;
}

static kf_status delay_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    delay_state *s = state;
    const kf_delay_params *p = params;
    s->rate = setup->rate;
    s->channels = setup->channels;
    s->length = kf_dsp_ms_samples(kf_dsp_range(p->time_ms, 0.0f, 5000.0f, 350.0f), setup->rate);
    if (s->length < 1) s->length = 1;
    delay_set(s, params);
    for (int c = 0; c < s->channels; c++) {
        if (!kf_line_init(&s->line[c], s->length)) return kf_fail_memory(err);
    }
    return KF_OK;
}

static void delay_finish(void *state)
{
    delay_state *s = state;
    for (int c = 0; c < s->channels; c++) kf_line_finish(&s->line[c]);
}

static void delay_reset(void *state)
{
    delay_state *s = state;
    for (int c = 0; c < s->channels; c++) kf_line_reset(&s->line[c]);
    memset(s->low, 0, sizeof s->low);
}

/* What goes back into the line: the echo through the low-pass, denormals removed. */
static inline float returned(delay_state *s, int c, float echo)
{
    float low = echo + s->pole * (s->low[c] - echo);
    s->low[c] = fabsf(low) < 1e-20f ? 0.0f : low;
    return s->low[c] * s->feedback;
}

static void delay_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    delay_state *s = state;
    for (int32_t i = 0; i < n; i++) {
        if (s->ping_pong) { /* the mono sum enters on the left; each echo feeds the other side */
            float left = s->line[0].data[s->line[0].pos], right = s->line[1].data[s->line[1].pos];
            float in = 0.5f * (io[0][i] + io[1][i]);
            kf_line_step(&s->line[0], in + returned(s, 1, right));
            kf_line_step(&s->line[1], returned(s, 0, left));
            io[0][i] += s->mix * left;
            io[1][i] += s->mix * right;
            continue;
        }
        for (int c = 0; c < s->channels; c++) {
            float echo = s->line[c].data[s->line[c].pos];
            kf_line_step(&s->line[c], io[c][i] + returned(s, c, echo));
            io[c][i] += s->mix * echo;
        }
    }
}

static int32_t delay_settle(const void *state)
{
    const delay_state *s = state;
    double echoes = s->feedback > 0.001f ? -60.0 / kf_dsp_gain_db(s->feedback) : 0.0; /* until -60 dB */
    double samples = (1.0 + echoes) * s->length, most = 10.0 * s->rate;
    return (int32_t)(samples < most ? samples : most);
}

static const kf_delay_params delay_defaults = {
    .time_ms = 350.0f, .feedback = 0.35f, .low_pass_hz = 8000.0f, .mix = 0.3f};
const kf_dsp_driver kf_dsp_delay_driver = {
    .kind = KF_DSP_DELAY,
    .name = "delay",
    .params_size = sizeof(kf_delay_params),
    .state_size = sizeof(delay_state),
    .defaults = &delay_defaults,
    .prepare = delay_prepare,
    .finish = delay_finish,
    .reset = delay_reset,
    .set = delay_set,
    .process = delay_process,
    .latency = kf_dsp_zero_i32,
    .settle = delay_settle,
};
