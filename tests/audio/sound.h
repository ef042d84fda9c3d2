/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sources and measurements shared by the audio tests. */
#ifndef TEST_SOUND_H
#define TEST_SOUND_H

#include "audio/engine/api/engine.h"
#include "base/api/alloc.h"
#include "test.h"

/* Each sample tells its position: (position mod 2^20) + channel / 4, scaled by 2^-20; exact in float. */
static inline float position_sample(int64_t position, int channel)
{
    int64_t low = position & ((INT64_C(1) << 20) - 1);
    return (float)((double)low / 1048576.0 + channel * 0.25 / 1048576.0);
}

typedef struct position_source {
    int64_t low, high, reads; /* what was read */
} position_source;

static inline kf_status position_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels,
                                      kf_error *err)
{
    position_source *s = ctx;
    if (s) {
        if (!s->reads || first < s->low) s->low = first;
        if (!s->reads || first + n > s->high) s->high = first + n;
        s->reads++;
    }
    for (int c = 0; c < channels; c++) {
        for (int32_t i = 0; i < n; i++) planes[c][i] = position_sample(first + i, c);
    }
    return KF_OK;
}

static inline kf_status dc_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    for (int c = 0; c < channels; c++) {
        for (int32_t i = 0; i < n; i++) planes[c][i] = *(float *)ctx;
    }
    return KF_OK;
}

/* Sine of *(int64_t *)ctx millihertz at 48 kHz, amplitude 0.5. */
static inline kf_status tone_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels,
                                  kf_error *err)
{
    for (int c = 0; c < channels; c++) kf_tone_fill(*(int64_t *)ctx, 48000, 0.5f, first, n, planes[c]);
    return KF_OK;
}

/* White noise, the same on all channels; ctx: amplitude. */
static inline kf_status noise_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels,
                                   kf_error *err)
{
    for (int c = 0; c < channels; c++)
        kf_noise_fill(KF_NOISE_WHITE, 7 + (uint64_t)c, *(float *)ctx, first, n, planes[c]);
    return KF_OK;
}

/* 1 at position *(int64_t *)ctx, else 0. */
static inline kf_status impulse_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels,
                                     kf_error *err)
{
    int64_t at = *(int64_t *)ctx;
    for (int c = 0; c < channels; c++) {
        memset(planes[c], 0, (size_t)n * sizeof(float));
        if (at >= first && at < first + n) planes[c][at - first] = 1.0f;
    }
    return KF_OK;
}

/* Amplitude of the component of x at hz (Hann-windowed correlation). */
static inline double amplitude_at(const float *x, int32_t n, double hz, double rate)
{
    double re = 0, im = 0, sum = 0;
    for (int32_t i = 0; i < n; i++) {
        double w = 0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / n);
        re += w * x[i] * cos(2 * M_PI * hz * i / rate);
        im += w * x[i] * sin(2 * M_PI * hz * i / rate);
        sum += w;
    }
    return 2.0 * sqrt(re * re + im * im) / sum;
}

/* The strongest frequency between lo and hi. */
static inline double strongest_hz(const float *x, int32_t n, double lo, double hi, double step, double rate)
{
    double best = lo, most = -1;
    for (double hz = lo; hz <= hi; hz += step) {
        double a = amplitude_at(x, n, hz, rate);
        if (a > most) {
            most = a;
            best = hz;
        }
    }
    return best;
}

/* Noise and distortion below a sine of known frequency, dB (least squares fit of sine, cosine and DC). */
static inline double sine_snr(const float *x, int32_t n, double hz, double rate)
{
    double m[3][4] = {{0}};
    for (int32_t i = 0; i < n; i++) {
        double b[3] = {cos(2 * M_PI * hz * i / rate), sin(2 * M_PI * hz * i / rate), 1.0};
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) m[r][c] += b[r] * b[c];
            m[r][3] += b[r] * x[i];
        }
    }
    for (int k = 0; k < 3; k++) {
        for (int r = 0; r < 3; r++) {
            if (r == k) continue;
            double f = m[r][k] / m[k][k];
            for (int c = k; c < 4; c++) m[r][c] -= f * m[k][c];
        }
    }
    double a = m[0][3] / m[0][0], b = m[1][3] / m[1][1], d = m[2][3] / m[2][2], signal = 0, noise = 0;
    for (int32_t i = 0; i < n; i++) {
        double s = a * cos(2 * M_PI * hz * i / rate) + b * sin(2 * M_PI * hz * i / rate), e = x[i] - s - d;
        signal += s * s;
        noise += e * e;
    }
    return 10 * log10(signal / (noise + 1e-30));
}

static inline float *floats(int64_t n)
{
    return kf_alloc_zero((size_t)n, sizeof(float));
}

/* Renders [first, first + n) of a stereo graph in blocks of `block`. */
static inline kf_status render_blocks(const kf_audio_graph *graph, int64_t first, int32_t n, int32_t block, float *left,
                                      float *right)
{
    kf_audio_renderer *r;
    kf_error err = {0};
    kf_status status = kf_audio_renderer_create(graph, &r, &err);
    for (int32_t done = 0; done < n && !status; done += block) {
        float *out[2] = {left + done, right + done};
        status = kf_audio_render(r, first + done, n - done < block ? n - done : block, out, &err);
    }
    kf_audio_renderer_destroy(r);
    if (status) printf("# %s\n", err.message);
    return status;
}

#endif
