/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parametric equaliser: biquads in transposed direct form II with double state. Coefficients: R. Bristow-Johnson,
 * "Cookbook formulae for audio EQ biquad filter coefficients". */
#include "audio/dsp/internal.h"

typedef struct biquad {
    double b0, b1, b2, a1, a2; /* a0 = 1 */
} biquad;

typedef struct eq_state {
    int32_t rate, channels, count;
    int8_t band[KF_EQ_BANDS]; /* bands in use */
    biquad coef[KF_EQ_BANDS];
    double z[KF_EQ_BANDS][KF_DSP_MAX_CHANNELS][2];
} eq_state;

static biquad normalised(double b0, double b1, double b2, double a0, double a1, double a2)
{
    return (biquad){b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

static biquad band_coefficients(const kf_eq_band *band, int32_t rate)
{
    double hz = kf_dsp_range(band->hz, 10.0f, 0.49f * (float)rate, 1000.0f);
    double q = kf_dsp_range(band->q, 0.1f, 30.0f, 0.70710678f);
    double A = kf_dsp_db_gain(kf_dsp_range(band->gain_db, -36.0f, 36.0f, 0.0f) * 0.5);
    double c = kf_dsp_cos_turns(hz / rate), s = kf_dsp_sin_turns(hz / rate), alpha = s / (2.0 * q),
           r = 2.0 * sqrt(A) * alpha;
    switch (band->type) {
    case KF_EQ_PEAK:
        return normalised(1 + alpha * A, -2 * c, 1 - alpha * A, 1 + alpha / A, -2 * c, 1 - alpha / A);
    case KF_EQ_LOW_SHELF:
        return normalised(A * ((A + 1) - (A - 1) * c + r), 2 * A * ((A - 1) - (A + 1) * c),
                          A * ((A + 1) - (A - 1) * c - r), (A + 1) + (A - 1) * c + r, -2 * ((A - 1) + (A + 1) * c),
                          (A + 1) + (A - 1) * c - r);
    case KF_EQ_HIGH_SHELF:
        return normalised(A * ((A + 1) + (A - 1) * c + r), -2 * A * ((A - 1) + (A + 1) * c),
                          A * ((A + 1) + (A - 1) * c - r), (A + 1) - (A - 1) * c + r, 2 * ((A - 1) - (A + 1) * c),
                          (A + 1) - (A - 1) * c - r);
    case KF_EQ_HIGH_PASS:
        return normalised((1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha);
    case KF_EQ_LOW_PASS:
        return normalised((1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha);
    case KF_EQ_NOTCH:
        return normalised(1, -2 * c, 1, 1 + alpha, -2 * c, 1 - alpha);
    case KF_EQ_BAND_PASS:
        return normalised(alpha, 0, -alpha, 1 + alpha, -2 * c, 1 - alpha);
    default:
        return (biquad){1, 0, 0, 0, 0};
    }
}

static bool band_on(const kf_eq_band *band)
{
    return band->type > KF_EQ_OFF && band->type <= KF_EQ_BAND_PASS;
}

static void eq_set(void *state, const void *params)
{
    eq_state *s = state;
    const kf_eq_params *p = params;
    s->count = 0;
    for (int i = 0; i < KF_EQ_BANDS; i++) {
        if (!band_on(&p->band[i])) {
            memset(s->z[i], 0, sizeof s->z[i]);
            continue;
        }
        s->coef[i] = band_coefficients(&p->band[i], s->rate);
        s->band[s->count++] = (int8_t)i;
    }
}

static kf_status eq_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    eq_state *s = state;
    s->rate = setup->rate;
    s->channels = setup->channels;
    eq_set(s, params);
    return KF_OK;
}

static void eq_reset(void *state)
{
    memset(((eq_state *)state)->z, 0, sizeof((eq_state *)state)->z);
}

static void run_one(const biquad *k, double z[2], int32_t n, float *io)
{
    double z1 = z[0], z2 = z[1];
    for (int32_t i = 0; i < n; i++) {
        double x = io[i], y = k->b0 * x + z1;
        z1 = k->b1 * x - k->a1 * y + z2;
        z2 = k->b2 * x - k->a2 * y;
        io[i] = (float)y;
    }
    z[0] = z1;
    z[1] = z2;
}

/* Two channels at once: the recurrence is bound by latency, so a second one is free. */
static void run_two(const biquad *k, double z[2][2], int32_t n, float *io0, float *io1)
{
    double p1 = z[0][0], p2 = z[0][1], q1 = z[1][0], q2 = z[1][1];
    for (int32_t i = 0; i < n; i++) {
        double x = io0[i], u = io1[i], y = k->b0 * x + p1, v = k->b0 * u + q1;
        p1 = k->b1 * x - k->a1 * y + p2;
        q1 = k->b1 * u - k->a1 * v + q2;
        p2 = k->b2 * x - k->a2 * y;
        q2 = k->b2 * u - k->a2 * v;
        io0[i] = (float)y;
        io1[i] = (float)v;
    }
    z[0][0] = p1;
    z[0][1] = p2;
    z[1][0] = q1;
    z[1][1] = q2;
}

/* Tails that nobody hears must not become denormal numbers. Called at grid positions only. */
static void flush_tails(eq_state *s)
{
    for (int b = 0; b < s->count; b++) {
        for (int c = 0; c < s->channels; c++) {
            double *z = s->z[s->band[b]][c];
            if (fabs(z[0]) < 1e-30 && fabs(z[1]) < 1e-30) z[0] = z[1] = 0.0;
        }
    }
}

static void eq_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    eq_state *s = state;
    for (int32_t done = 0; done < n;) {
        int32_t part = kf_dsp_to_grid(at + done, n - done);
        for (int b = 0; b < s->count; b++) {
            int i = s->band[b], c = 0;
            for (; c + 2 <= s->channels; c += 2)
                run_two(&s->coef[i], &s->z[i][c], part, io[c] + done, io[c + 1] + done);
            if (c < s->channels) run_one(&s->coef[i], s->z[i][c], part, io[c] + done);
        }
        done += part;
        if (((at + done) & (KF_DSP_GRID - 1)) == 0) flush_tails(s);
    }
}

static int32_t eq_settle(const void *state)
{
    const eq_state *s = state;
    return s->count ? s->rate / 2 : 0; /* a 20 Hz band of ordinary Q has rung out to -100 dB */
}

double kf_eq_response_db(const kf_eq_params *params, int32_t rate, double hz)
{
    double total = 0.0, c1 = kf_dsp_cos_turns(hz / rate), s1 = kf_dsp_sin_turns(hz / rate);
    double c2 = kf_dsp_cos_turns(2 * hz / rate), s2 = kf_dsp_sin_turns(2 * hz / rate);
    for (int i = 0; i < KF_EQ_BANDS; i++) {
        if (!band_on(&params->band[i])) continue;
        biquad k = band_coefficients(&params->band[i], rate);
        double nr = k.b0 + k.b1 * c1 + k.b2 * c2, ni = k.b1 * s1 + k.b2 * s2;
        double dr = 1 + k.a1 * c1 + k.a2 * c2, di = k.a1 * s1 + k.a2 * s2;
        total += 0.5 * kf_dsp_gain_db((nr * nr + ni * ni + 1e-300) / (dr * dr + di * di));
    }
    return total;
}

static const kf_eq_params eq_defaults = {.band = {
    {KF_EQ_LOW_SHELF, 100.0f, 0.0f, 0.70710678f},
    {KF_EQ_PEAK, 1000.0f, 0.0f, 0.70710678f},
    {KF_EQ_HIGH_SHELF, 8000.0f, 0.0f, 0.70710678f},
}};
const kf_dsp_driver kf_dsp_eq_driver = {
    .kind = KF_DSP_EQ, .name = "eq", .params_size = sizeof(kf_eq_params), .state_size = sizeof(eq_state),
    .defaults = &eq_defaults, .prepare = eq_prepare, .reset = eq_reset, .set = eq_set, .process = eq_process,
    .latency = kf_dsp_zero_i32, .settle = eq_settle,
};
