/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Radix-2 complex FFT in double. */
#include "audio/dsp/internal.h"

struct kf_fft {
    int32_t n;
    double *cosine, *sine; /* of k / n turns, n / 2 of each */
};

kf_fft *kf_fft_create(int32_t n)
{
    kf_fft *fft = KF_NEW(kf_fft);
    if (!fft) return NULL;
    fft->n = n;
    size_t half = n > 1 ? (size_t)n / 2 : 1;
    fft->cosine = kf_alloc_zero(half, sizeof(double));
    fft->sine = kf_alloc_zero(half, sizeof(double));
    if (!fft->cosine || !fft->sine) {
        kf_fft_destroy(fft);
        return NULL;
    }
    for (size_t k = 0; k < half; k++) {
        fft->cosine[k] = kf_dsp_cos_turns((double)k / n);
        fft->sine[k] = kf_dsp_sin_turns((double)k / n);
    }
    return fft;
}

void kf_fft_destroy(kf_fft *fft)
{
    if (!fft) return;
    kf_free(fft->cosine);
    kf_free(fft->sine);
    kf_free(fft);
}

static void bit_reverse(int32_t n, double *re, double *im)
{
    for (int32_t i = 1, j = 0; i < n; i++) {
        int32_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) {
            double r = re[i], m = im[i];
            re[i] = re[j];
            im[i] = im[j];
            re[j] = r;
            im[j] = m;
        }
    }
}

void kf_fft_run(const kf_fft *fft, bool inverse, double *re, double *im)
{
    bit_reverse(fft->n, re, im);
    for (int32_t size = 2; size <= fft->n && size > 0; size *= 2) {
        int32_t half = size / 2, stride = fft->n / size;
        for (int32_t base = 0; base < fft->n; base += size) {
            for (int32_t k = 0; k < half; k++) {
                double c = fft->cosine[k * stride], s = inverse ? fft->sine[k * stride] : -fft->sine[k * stride];
                int32_t a = base + k, b = a + half;
                double tr = re[b] * c - im[b] * s, ti = re[b] * s + im[b] * c;
                re[b] = re[a] - tr;
                im[b] = im[a] - ti;
                re[a] += tr;
                im[a] += ti;
            }
        }
    }
}
