/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Windowed-sinc interpolation from a table of phases, linear between neighbouring phases (error below -110 dB). */
#include "audio/dsp/internal.h"

enum {
    ZEROS = 32,
    PHASES = 512,
    STEPS = 16,
    SLOTS = 6 * STEPS + 1
};                   /* zero crossings on a side; kernels per octave; kernels */
#define CUTOFF 0.915 /* of the lower Nyquist frequency: middle of the transition band */
#define BETA 9.5     /* Kaiser: about 94 dB of stop band */

struct kf_resample_kernel {
    int32_t taps, phases; /* taps is a multiple of 8; tap k of a row belongs to source sample whole - taps/2 + 1 + k */
    float *row;           /* phases + 1 rows */
};

static int slot_of(double speed)
{
    if (!(speed > 1.0)) return 0;
    int slot = (int)ceil(kf_dsp_log2(speed) * STEPS - 1e-9);
    return slot < SLOTS ? slot : SLOTS - 1;
}

static void fill_row(kf_resample_kernel *k, double scale, int phase)
{
    float *row = k->row + (size_t)phase * (size_t)k->taps;
    double sum = 0.0, fraction = (double)phase / k->phases;
    for (int pass = 0; pass < 2; pass++) { /* second time scaled, so that every phase passes DC alike */
        double factor = pass ? 1.0 / sum : 1.0;
        for (int t = 0; t < k->taps; t++) {
            double x = (t - k->taps / 2 + 1 - fraction) / scale; /* in zero crossings of the lower rate */
            double angle = x * CUTOFF, value = angle == 0.0 ? 1.0 : kf_dsp_sin_turns(angle * 0.5) / (KF_PI * angle);
            value *= kf_dsp_kaiser(x / ZEROS, BETA);
            if (pass) row[t] = (float)(value * factor);
            else sum += value;
        }
    }
}

static kf_resample_kernel *kernel_for_slot(int slot)
{
    double scale = kf_dsp_exp2((double)slot / STEPS);
    kf_resample_kernel *k = KF_NEW(kf_resample_kernel);
    if (!k) return NULL;
    k->taps = ((int32_t)ceil(2 * ZEROS * scale) + 7) & ~7;
    k->phases = (int32_t)(PHASES / scale) < 16 ? 16 : (int32_t)(PHASES / scale);
    k->row = kf_alloc_aligned((size_t)(k->phases + 1) * (size_t)k->taps * sizeof(float));
    if (!k->row) {
        kf_free(k);
        return NULL;
    }
    for (int p = 0; p <= k->phases; p++) fill_row(k, scale, p);
    return k;
}

static void kernel_destroy(kf_resample_kernel *kernel)
{
    if (!kernel) return;
    kf_free_aligned(kernel->row);
    kf_free(kernel);
}

int32_t kf_resample_kernel_reach(const kf_resample_kernel *kernel)
{
    return kernel->taps / 2;
}

/* Dot products with two rows in eight fixed lanes each. */
static inline void dot_rows(const float *restrict a, const float *restrict b, const float *restrict x, int32_t taps,
                            float out[2])
{
    float s[8] = {0}, t[8] = {0};
    for (int32_t i = 0; i < taps; i += 8) {
        for (int k = 0; k < 8; k++) s[k] += a[i + k] * x[i + k];
        for (int k = 0; k < 8; k++) t[k] += b[i + k] * x[i + k];
    }
    out[0] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    out[1] = ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
}

float kf_resample_at(const kf_resample_kernel *kernel, const float *in, int64_t in_first, int64_t whole, int64_t frac,
                     int64_t den)
{
    double phase = (double)frac / (double)den * kernel->phases;
    int32_t p = (int32_t)phase;
    if (p >= kernel->phases) p = kernel->phases - 1;
    const float *row = kernel->row + (size_t)p * (size_t)kernel->taps;
    float sum[2];
    dot_rows(row, row + kernel->taps, in + (whole - kernel->taps / 2 + 1 - in_first), kernel->taps, sum);
    return sum[0] + (float)(phase - p) * (sum[1] - sum[0]);
}

struct kf_resample_bank {
    kf_resample_kernel *kernel[SLOTS];
};

kf_resample_bank *kf_resample_bank_create(void)
{
    return KF_NEW(kf_resample_bank);
}

void kf_resample_bank_destroy(kf_resample_bank *bank)
{
    if (!bank) return;
    for (int i = 0; i < SLOTS; i++) kernel_destroy(bank->kernel[i]);
    kf_free(bank);
}

const kf_resample_kernel *kf_resample_bank_get(kf_resample_bank *bank, double speed)
{
    int slot = slot_of(speed);
    if (!bank->kernel[slot]) bank->kernel[slot] = kernel_for_slot(slot);
    return bank->kernel[slot];
}
