/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compressor, ducking and gate: gain computed from a level, in dB, in double. */
#include "audio/dsp/internal.h"

/* Largest magnitude over the channels at sample i. */
static inline float level_at(const float *const *x, int channels, int32_t i)
{
    float level = 0.0f;
    for (int c = 0; c < channels; c++) {
        float m = fabsf(x[c][i]);
        level = m > level ? m : level;
    }
    return level;
}

static inline void scale_at(float *const *io, int channels, int32_t i, float gain)
{
    for (int c = 0; c < channels; c++) io[c][i] *= gain;
}

/* ---- Compressor: feed-forward, soft knee, attack and release smoothed in dB (Giannoulis, Massberg, Reiss, "Digital
 * dynamic range compressor design", JAES 60/6, smooth decoupled branches replaced by one branching smoother) ---- */

typedef struct compressor_state {
    int32_t rate, channels;
    double threshold, slope, knee, attack, release, makeup, mix;
    float quiet;      /* linear level below which the curve is straight */
    double reduction; /* dB, >= 0, smoothed */
} compressor_state;

static void compressor_set(void *state, const void *params)
{
    compressor_state *s = state;
    const kf_compressor_params *p = params;
    s->threshold = kf_dsp_range(p->threshold_db, -80.0f, 0.0f, -18.0f);
    s->slope = 1.0 - 1.0 / kf_dsp_range(p->ratio, 1.0f, 100.0f, 3.0f);
    s->knee = kf_dsp_range(p->knee_db, 0.0f, 30.0f, 6.0f);
    s->attack = kf_dsp_pole(kf_dsp_range(p->attack_ms, 0.05f, 500.0f, 10.0f), s->rate);
    s->release = kf_dsp_pole(kf_dsp_range(p->release_ms, 1.0f, 5000.0f, 150.0f), s->rate);
    s->makeup = kf_dsp_db_gain(kf_dsp_range(p->makeup_db, -24.0f, 48.0f, 0.0f));
    s->mix = kf_dsp_range(p->mix, 0.0f, 1.0f, 1.0f);
    s->quiet = (float)kf_dsp_db_gain(s->threshold - s->knee * 0.5);
}

static kf_status compressor_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    compressor_state *s = state;
    s->rate = setup->rate;
    s->channels = setup->channels;
    compressor_set(s, params);
    return KF_OK;
}

static void compressor_reset(void *state)
{
    ((compressor_state *)state)->reduction = 0.0;
}

/* Reduction in dB of the static curve at a level in dB. */
static inline double curve_reduction(double threshold, double slope, double knee, double level)
{
    double over = level - threshold;
    if (2.0 * over <= -knee) return 0.0;
    if (2.0 * over >= knee) return slope * over;
    double x = over + knee * 0.5;
    return slope * x * x / (2.0 * knee);
}

static void compressor_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    compressor_state *s = state;
    const float *const *detect = side ? side : (const float *const *)io;
    double reduction = s->reduction;
    for (int32_t i = 0; i < n; i++) {
        float level = level_at(detect, s->channels, i);
        double target = 0.0;
        if (level > s->quiet) target = curve_reduction(s->threshold, s->slope, s->knee, kf_dsp_gain_db(level));
        reduction = target + (target > reduction ? s->attack : s->release) * (reduction - target);
        if (reduction < 1e-9) reduction = 0.0;
        double gain = reduction == 0.0 ? s->makeup : s->makeup * kf_dsp_db_gain(-reduction);
        scale_at(io, s->channels, i, (float)(1.0 + s->mix * (gain - 1.0)));
    }
    s->reduction = reduction;
}

static int32_t compressor_settle(const void *state)
{
    const compressor_state *s = state;
    double time_constant = -1.0 / (kf_dsp_log2(s->release) * 0.69314718055994530942); /* samples */
    return (int32_t)(time_constant * 8.0);
}

float kf_compressor_curve_db(const kf_compressor_params *p, float input_db)
{
    double threshold = kf_dsp_range(p->threshold_db, -80.0f, 0.0f, -18.0f);
    double slope = 1.0 - 1.0 / kf_dsp_range(p->ratio, 1.0f, 100.0f, 3.0f);
    return (float)(input_db - curve_reduction(threshold, slope, kf_dsp_range(p->knee_db, 0.0f, 30.0f, 6.0f), input_db));
}

static const kf_compressor_params compressor_defaults = {
    .threshold_db = -18.0f, .ratio = 3.0f, .knee_db = 6.0f, .attack_ms = 10.0f, .release_ms = 150.0f, .mix = 1.0f};
const kf_dsp_driver kf_dsp_compressor_driver = {
    .kind = KF_DSP_COMPRESSOR, .name = "compressor", .params_size = sizeof(kf_compressor_params),
    .state_size = sizeof(compressor_state), .takes_sidechain = true, .defaults = &compressor_defaults,
    .prepare = compressor_prepare, .reset = compressor_reset, .set = compressor_set, .process = compressor_process,
    .latency = kf_dsp_zero_i32, .settle = compressor_settle,
};

/* ---- An envelope that walks between closed (0) and open (1) in straight lines, with a hold before it closes ---- */

typedef struct walker {
    double position, up, down; /* per sample */
    int32_t hold, held;        /* samples; held counts down */
} walker;

static void walker_set(walker *w, double up_ms, double down_ms, double hold_ms, int32_t rate)
{
    int32_t up = kf_dsp_ms_samples(up_ms, rate), down = kf_dsp_ms_samples(down_ms, rate);
    w->up = 1.0 / (up < 1 ? 1 : up);
    w->down = 1.0 / (down < 1 ? 1 : down);
    w->hold = kf_dsp_ms_samples(hold_ms, rate);
}

static inline double walker_step(walker *w, bool on)
{
    if (on) {
        w->held = w->hold;
    } else if (w->held > 0) {
        w->held--;
        on = true;
    }
    double p = w->position + (on ? w->up : -w->down);
    return w->position = p > 1.0 ? 1.0 : p < 0.0 ? 0.0 : p;
}

/* ---- Ducking ---- */

typedef struct duck_state {
    int32_t rate, channels, look_ahead;
    double threshold_square, amount, pole, mean_square;
    walker walk;
    kf_line line[KF_DSP_MAX_CHANNELS];
} duck_state;

static void duck_set(void *state, const void *params)
{
    duck_state *s = state;
    const kf_duck_params *p = params;
    double threshold = kf_dsp_db_gain(kf_dsp_range(p->threshold_db, -80.0f, 0.0f, -35.0f));
    s->threshold_square = threshold * threshold;
    s->amount = kf_dsp_range(p->amount_db, 0.0f, 80.0f, 12.0f);
    walker_set(&s->walk, kf_dsp_range(p->attack_ms, 1.0f, 2000.0f, 80.0f),
               kf_dsp_range(p->release_ms, 1.0f, 10000.0f, 500.0f), kf_dsp_range(p->hold_ms, 0.0f, 10000.0f, 300.0f),
               s->rate);
}

static kf_status duck_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    duck_state *s = state;
    const kf_duck_params *p = params;
    s->rate = setup->rate;
    s->channels = setup->channels;
    s->look_ahead = kf_dsp_ms_samples(kf_dsp_range(p->look_ahead_ms, 0.0f, 1000.0f, 80.0f), setup->rate);
    s->pole = kf_dsp_pole(10.0, setup->rate);
    duck_set(s, params);
    for (int c = 0; c < s->channels && s->look_ahead; c++) {
        if (!kf_line_init(&s->line[c], s->look_ahead)) return kf_fail_memory(err);
    }
    return KF_OK;
}

static void duck_finish(void *state)
{
    duck_state *s = state;
    for (int c = 0; c < s->channels; c++) kf_line_finish(&s->line[c]);
}

static void duck_reset(void *state)
{
    duck_state *s = state;
    s->mean_square = s->walk.position = 0.0;
    s->walk.held = 0;
    for (int c = 0; c < s->channels && s->look_ahead; c++) kf_line_reset(&s->line[c]);
}

static inline double square_at(const float *const *x, int channels, int32_t i)
{
    double sum = 0.0;
    for (int c = 0; c < channels; c++) sum += (double)x[c][i] * x[c][i];
    return sum / channels;
}

static void duck_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    duck_state *s = state;
    double mean = s->mean_square;
    for (int32_t i = 0; i < n; i++) {
        double now = side ? square_at(side, s->channels, i) : 0.0;
        mean = now + s->pole * (mean - now);
        if (mean < 1e-30) mean = 0.0;
        double p = walker_step(&s->walk, mean > s->threshold_square);
        if (s->look_ahead) {
            for (int c = 0; c < s->channels; c++) io[c][i] = kf_line_step(&s->line[c], io[c][i]);
        }
        if (p > 0.0) scale_at(io, s->channels, i, (float)kf_dsp_db_gain(-s->amount * p * p * (3.0 - 2.0 * p)));
    }
    s->mean_square = mean;
}

static int32_t duck_latency(const void *state)
{
    return ((const duck_state *)state)->look_ahead;
}

static int32_t duck_settle(const void *state)
{
    const duck_state *s = state;
    return s->look_ahead + s->walk.hold + (int32_t)(1.0 / s->walk.down) + (int32_t)(1.0 / s->walk.up) + s->rate / 5;
}

static const kf_duck_params duck_defaults = {.threshold_db = -35.0f,
                                             .amount_db = 12.0f,
                                             .attack_ms = 80.0f,
                                             .hold_ms = 300.0f,
                                             .release_ms = 500.0f,
                                             .look_ahead_ms = 80.0f};
const kf_dsp_driver kf_dsp_duck_driver = {
    .kind = KF_DSP_DUCK,
    .name = "duck",
    .params_size = sizeof(kf_duck_params),
    .state_size = sizeof(duck_state),
    .takes_sidechain = true,
    .defaults = &duck_defaults,
    .prepare = duck_prepare,
    .finish = duck_finish,
    .reset = duck_reset,
    .set = duck_set,
    .process = duck_process,
    .latency = duck_latency,
    .settle = duck_settle,
};

/* ---- Gate ---- */

typedef struct gate_state {
    int32_t rate, channels;
    float open_level, close_level, envelope, fall; /* linear */
    double range;
    bool open;
    walker walk;
} gate_state;

static void gate_set(void *state, const void *params)
{
    gate_state *s = state;
    const kf_gate_params *p = params;
    double open = kf_dsp_range(p->threshold_db, -100.0f, 0.0f, -50.0f);
    s->open_level = (float)kf_dsp_db_gain(open);
    s->close_level = (float)kf_dsp_db_gain(open - kf_dsp_range(p->hysteresis_db, 0.0f, 24.0f, 4.0f));
    s->range = kf_dsp_range(p->range_db, 0.0f, 100.0f, 60.0f);
    s->fall = (float)kf_dsp_pole(10.0, s->rate);
    walker_set(&s->walk, kf_dsp_range(p->attack_ms, 0.05f, 500.0f, 1.0f),
               kf_dsp_range(p->release_ms, 1.0f, 5000.0f, 120.0f), kf_dsp_range(p->hold_ms, 0.0f, 5000.0f, 50.0f),
               s->rate);
}

static kf_status gate_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    gate_state *s = state;
    s->rate = setup->rate;
    s->channels = setup->channels;
    gate_set(s, params);
    return KF_OK;
}

static void gate_reset(void *state)
{
    gate_state *s = state;
    s->envelope = 0.0f;
    s->open = false;
    s->walk.position = 0.0;
    s->walk.held = 0;
}

static void gate_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    gate_state *s = state;
    const float *const *detect = side ? side : (const float *const *)io;
    for (int32_t i = 0; i < n; i++) {
        float level = level_at(detect, s->channels, i), fallen = s->envelope * s->fall;
        s->envelope = level > fallen ? level : fallen < 1e-15f ? 0.0f : fallen;
        s->open = s->envelope >= (s->open ? s->close_level : s->open_level);
        double p = walker_step(&s->walk, s->open);
        if (p < 1.0) scale_at(io, s->channels, i, (float)kf_dsp_db_gain(-s->range * (1.0 - p)));
    }
}

static int32_t gate_settle(const void *state)
{
    const gate_state *s = state;
    return s->walk.hold + (int32_t)(1.0 / s->walk.down) + (int32_t)(1.0 / s->walk.up) + s->rate / 10;
}

static const kf_gate_params gate_defaults = {.threshold_db = -50.0f,
                                             .hysteresis_db = 4.0f,
                                             .range_db = 60.0f,
                                             .attack_ms = 1.0f,
                                             .hold_ms = 50.0f,
                                             .release_ms = 120.0f};
const kf_dsp_driver kf_dsp_gate_driver = {
    .kind = KF_DSP_GATE, .name = "gate", .params_size = sizeof(kf_gate_params), .state_size = sizeof(gate_state),
    .takes_sidechain = true, .defaults = &gate_defaults, .prepare = gate_prepare, .reset = gate_reset, .set = gate_set,
    .process = gate_process, .latency = kf_dsp_zero_i32, .settle = gate_settle,
};
