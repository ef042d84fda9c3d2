/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Element-wise work: gains, ramps, fades, pan gains, meters. */
#include "audio/dsp/internal.h"

/* sin(x * pi/2) for 0 <= x <= 1 without branches: sin(a + pi/4) = (sin a + cos a) / sqrt 2. */
static inline double quarter_sine(double x)
{
    double a = (x - 0.5) * (KF_PI / 2.0), q = a * a;
    double s =
        a * (1.0 + q * (-1.0 / 6 + q * (1.0 / 120 + q * (-1.0 / 5040 + q * (1.0 / 362880 - q * (1.0 / 39916800))))));
    double c = 1.0 + q * (-1.0 / 2 + q * (1.0 / 24 + q * (-1.0 / 720 + q * (1.0 / 40320 - q * (1.0 / 3628800)))));
    return (s + c) * 0.70710678118654752440;
}

static inline double shape_at(kf_fade_shape shape, double x)
{
    switch (shape) {
    case KF_FADE_POWER: return quarter_sine(x);
    case KF_FADE_S: return x * x * (3.0 - 2.0 * x);
    default: return x;
    }
}

float kf_fade_gain(kf_fade_shape shape, int64_t i, int64_t length)
{
    if (i < 0) return 0.0f;
    if (i >= length) return 1.0f;
    return (float)shape_at(shape, ((double)i + 0.5) / (double)length);
}

/* io[k] *= shape((base + k) * step), or its mirror image; all k lie inside the fade. */
static void fade_inside(kf_fade_shape shape, double base, double sign, double length, int32_t n, float *io)
{
    double step = 1.0 / length;
    if (shape == KF_FADE_POWER) {
        for (int32_t k = 0; k < n; k++) io[k] *= (float)quarter_sine((base + sign * k) * step);
    } else if (shape == KF_FADE_S) {
        for (int32_t k = 0; k < n; k++) {
            double x = (base + sign * k) * step;
            io[k] *= (float)(x * x * (3.0 - 2.0 * x));
        }
    } else {
        for (int32_t k = 0; k < n; k++) io[k] *= (float)((base + sign * k) * step);
    }
}

void kf_fade_apply(kf_fade_shape shape, bool out, int64_t start, int64_t length, int64_t at, int32_t n, float *io)
{
    int64_t end = start + (length > 0 ? length : 0);
    int32_t before = start > at ? (start - at < n ? (int32_t)(start - at) : n) : 0;
    int32_t upto = end > at ? (end - at < n ? (int32_t)(end - at) : n) : 0;
    if (upto < before) upto = before;
    if (!out) memset(io, 0, (size_t)before * sizeof *io);
    if (upto > before) {
        int64_t i = at + before - start;
        double base = out ? (double)(length - i) - 0.5 : (double)i + 0.5;
        fade_inside(shape, base, out ? -1.0 : 1.0, (double)length, upto - before, io + before);
    }
    if (out) memset(io + upto, 0, (size_t)(n - upto) * sizeof *io);
}

void kf_crossfade(kf_fade_shape shape, int64_t start, int64_t length, int64_t at, int32_t n, const float *a,
                  const float *b, float *out)
{
    float x[KF_DSP_GRID], y[KF_DSP_GRID];
    for (int32_t done = 0; done < n; done += KF_DSP_GRID) {
        int32_t part = n - done < KF_DSP_GRID ? n - done : KF_DSP_GRID;
        memcpy(x, a + done, (size_t)part * sizeof *x);
        memcpy(y, b + done, (size_t)part * sizeof *y);
        kf_fade_apply(shape, true, start, length, at + done, part, x);
        kf_fade_apply(shape, false, start, length, at + done, part, y);
        for (int32_t i = 0; i < part; i++) out[done + i] = x[i] + y[i];
    }
}

void kf_gain_ramp(float from, int64_t from_at, float to, int64_t to_at, int64_t at, int32_t n, float *io)
{
    double slope = ((double)to - (double)from) / (double)(to_at - from_at), base = (double)(at - from_at);
    for (int32_t i = 0; i < n; i++) io[i] *= (float)((double)from + slope * (base + (double)i));
}

void kf_gain_const(float gain, int32_t n, float *io)
{
    if (gain == 1.0f) return;
    for (int32_t i = 0; i < n; i++) io[i] *= gain;
}

void kf_mix_add(const float *restrict in, int32_t n, float *restrict io)
{
    for (int32_t i = 0; i < n; i++) io[i] += in[i];
}

void kf_pan_gains(kf_pan_law law, float pan, float *left, float *right)
{
    double p = kf_dsp_range(pan, -1.0f, 1.0f, 0.0f);
    if (p == 0.0) {
        *left = *right = 1.0f;
    } else if (law == KF_PAN_POWER) {
        *left = (float)(1.41421356237309504880 * kf_dsp_cos_turns((p + 1.0) / 8.0));
        *right = (float)(1.41421356237309504880 * kf_dsp_sin_turns((p + 1.0) / 8.0));
    } else {
        *left = p > 0.0 ? (float)kf_dsp_cos_turns(p / 4.0) : 1.0f;
        *right = p < 0.0 ? (float)kf_dsp_cos_turns(-p / 4.0) : 1.0f;
    }
    if (p == 1.0) *left = 0.0f;
    if (p == -1.0) *right = 0.0f;
}

/* Sums of squares are collected in eight lanes of double so that the loop can be vectorised; the lane of a sample
 * follows from its index in the stream, so sums do not depend on block sizes only up to rounding. */
void kf_meter_add(kf_meter *meter, int channels, int32_t n, const float *const *in)
{
    for (int c = 0; c < channels; c++) {
        const float *x = in[c];
        double lane[8] = {0};
        float peak[8] = {0};
        int32_t i = 0;
        for (; i + 8 <= n; i += 8) {
            for (int k = 0; k < 8; k++) {
                float v = x[i + k], m = fabsf(v);
                lane[k] += (double)v * v;
                peak[k] = m > peak[k] ? m : peak[k];
            }
        }
        for (; i < n; i++) {
            float v = x[i], m = fabsf(v);
            lane[i & 7] += (double)v * v;
            peak[i & 7] = m > peak[i & 7] ? m : peak[i & 7];
        }
        for (int k = 0; k < 8; k++) {
            meter->square[c] += lane[k];
            if (peak[k] > meter->peak[c]) meter->peak[c] = peak[k];
        }
    }
    meter->samples += n;
}

float kf_meter_peak_db(const kf_meter *meter, int channels)
{
    float peak = 0.0f;
    for (int c = 0; c < channels; c++) {
        if (meter->peak[c] > peak) peak = meter->peak[c];
    }
    return kf_gain_to_db(peak);
}

float kf_meter_rms_db(const kf_meter *meter, int channels)
{
    double sum = 0.0;
    for (int c = 0; c < channels; c++) sum += meter->square[c];
    if (!(sum > 0.0) || meter->samples == 0) return -INFINITY;
    return (float)(0.5 * kf_dsp_gain_db(sum / ((double)meter->samples * channels)));
}
