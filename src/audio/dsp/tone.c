/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tone and noise as functions of the absolute position. */
#include "audio/dsp/internal.h"

/* (at * hz1000) mod period, in 0 .. period - 1 */
static int64_t phase_at(int64_t at, int64_t milli_hz, int64_t period)
{
    int64_t a = at % period, b = milli_hz % period;
    if (a < 0) a += period;
    if (b < 0) b += period;
    return (int64_t)((__int128)a * b % period);
}

void kf_tone_fill(int64_t milli_hz, int32_t rate, float amplitude, int64_t at, int32_t n, float *out)
{
    int64_t period = (int64_t)rate * 1000, phase = phase_at(at, milli_hz, period), step = phase_at(1, milli_hz, period);
    for (int32_t i = 0; i < n; i++) {
        out[i] = (float)(amplitude * kf_dsp_sin_turns((double)phase / (double)period));
        phase += step;
        if (phase >= period) phase -= period;
    }
}

/* splitmix64: a well-mixed function of a counter. Uniform in -1..1. */
static inline float hash_noise(uint64_t seed, uint64_t counter)
{
    uint64_t z = seed + counter * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (float)((double)(int64_t)z * 0x1p-63);
}

/* Pink: sum of sixteen generators of which the k-th changes every 2^k samples (Voss), scaled to the range of white. */
static float pink_at(uint64_t seed, uint64_t position)
{
    float sum = 0.0f;
    for (int k = 0; k < 16; k++)
        sum += hash_noise(seed + UINT64_C(0x632be59bd9b4e019) * (uint64_t)(k + 1), position >> k);
    return sum * (1.0f / 6.0f) > 1.0f ? 1.0f : sum * (1.0f / 6.0f) < -1.0f ? -1.0f : sum * (1.0f / 6.0f);
}

void kf_noise_fill(kf_noise_kind kind, uint64_t seed, float amplitude, int64_t at, int32_t n, float *out)
{
    for (int32_t i = 0; i < n; i++) {
        uint64_t position = (uint64_t)at + (uint64_t)i + (UINT64_C(1) << 62);
        out[i] = amplitude * (kind == KF_NOISE_PINK ? pink_at(seed, position) : hash_noise(seed, position));
    }
}
