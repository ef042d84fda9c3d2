/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels that read from computed places; part of kernels.c, which includes it. Where an instruction set has shuffles or gathers
 * they only move data: the arithmetic of every variant is that of the plain loop, element by element. */
#ifndef KF_VIDEO_CPU_KERNELS_SAMPLING_H
#define KF_VIDEO_CPU_KERNELS_SAMPLING_H

#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

/* ---- across: filter taps at table positions ---- */

static inline void across_plain(float *restrict dst, const float *restrict src, const int32_t *restrict first,
                                int origin, const float *restrict w, int w_stride, int taps, int n)
{
    for (int i = 0; i < n; i++) {
        const float *s = src + (first[i] - origin);
        float acc = w[i] * s[0];
        for (int k = 1; k < taps; k++) acc += w[(ptrdiff_t)k * w_stride + i] * s[k];
        dst[i] = acc;
    }
}

#if defined(__AVX512F__)

/* Sixteen outputs whose taps lie within `windows` * 16 samples from src: index is relative to src. */
static inline void across_16(float *dst, const float *src, __m512i index, const float *w, int w_stride, int taps, int windows)
{
    __m512 acc = _mm512_setzero_ps();
    const __mmask16 upper = _mm512_cmpgt_epi32_mask(index, _mm512_set1_epi32(31));
    for (int k = 0; k < taps; k++) {
        const float *s = src + k;
        __m512 v = _mm512_loadu_ps(s);
        if (windows == 1) {
            v = _mm512_permutexvar_ps(index, v);
        } else {
            v = _mm512_permutex2var_ps(v, index, _mm512_loadu_ps(s + 16));
            if (windows == 4) {
                __m512 far = _mm512_permutex2var_ps(_mm512_loadu_ps(s + 32), index, _mm512_loadu_ps(s + 48));
                v = _mm512_mask_blend_ps(upper, v, far);
            }
        }
        __m512 product = _mm512_mul_ps(_mm512_loadu_ps(w + (ptrdiff_t)k * w_stride), v);
        acc = k ? _mm512_add_ps(acc, product) : product;
    }
    _mm512_storeu_ps(dst, acc);
}

static inline void across_gathered(float *dst, const float *src, __m512i index, const float *w, int w_stride, int taps)
{
    __m512 acc = _mm512_setzero_ps();
    for (int k = 0; k < taps; k++) {
        __m512 product = _mm512_mul_ps(_mm512_loadu_ps(w + (ptrdiff_t)k * w_stride), _mm512_i32gather_ps(index, src + k, 4));
        acc = k ? _mm512_add_ps(acc, product) : product;
    }
    _mm512_storeu_ps(dst, acc);
}

static void across(float *restrict dst, const float *restrict src, const int32_t *restrict first, int origin,
                   const float *restrict w, int w_stride, int taps, int n)
{
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        __m512i index = _mm512_sub_epi32(_mm512_loadu_si512(first + i), _mm512_set1_epi32(origin));
        int lo = _mm512_reduce_min_epi32(index), hi = _mm512_reduce_max_epi32(index);
        __m512i near = _mm512_sub_epi32(index, _mm512_set1_epi32(lo));
        if (hi - lo < 16)
            across_16(dst + i, src + lo, near, w + i, w_stride, taps, 1);
        else if (hi - lo < 32)
            across_16(dst + i, src + lo, near, w + i, w_stride, taps, 2);
        else if (hi - lo < 64)
            across_16(dst + i, src + lo, near, w + i, w_stride, taps, 4);
        else
            across_gathered(dst + i, src, index, w + i, w_stride, taps);
    }
    across_plain(dst + i, src, first + i, origin, w + i, w_stride, taps, n - i);
}

#elif defined(__AVX2__)

static inline __m256 pick_8(const float *s, __m256i index, int windows)
{
    __m256 v = _mm256_permutevar8x32_ps(_mm256_loadu_ps(s), index);
    if (windows == 1) return v;
    __m256 far = _mm256_permutevar8x32_ps(_mm256_loadu_ps(s + 8), index);
    return _mm256_blendv_ps(v, far, _mm256_castsi256_ps(_mm256_slli_epi32(index, 28))); /* bit 3: the second window */
}

static inline void across_8(float *dst, const float *src, __m256i index, const float *w, int w_stride, int taps, int windows)
{
    __m256 acc = _mm256_setzero_ps();
    for (int k = 0; k < taps; k++) {
        __m256 v = windows ? pick_8(src + k, index, windows) : _mm256_i32gather_ps(src + k, index, 4);
        __m256 product = _mm256_mul_ps(_mm256_loadu_ps(w + (ptrdiff_t)k * w_stride), v);
        acc = k ? _mm256_add_ps(acc, product) : product;
    }
    _mm256_storeu_ps(dst, acc);
}

static void across(float *restrict dst, const float *restrict src, const int32_t *restrict first, int origin,
                   const float *restrict w, int w_stride, int taps, int n)
{
    int i = 0;
    for (; i + 8 <= n; i += 8) {
        int lo = first[i], hi = lo;
        for (int q = 1; q < 8; q++) {
            lo = first[i + q] < lo ? first[i + q] : lo;
            hi = first[i + q] > hi ? first[i + q] : hi;
        }
        __m256i index = _mm256_loadu_si256((const __m256i *)(const void *)(first + i));
        index = _mm256_sub_epi32(index, _mm256_set1_epi32(origin));
        lo -= origin;
        hi -= origin;
        __m256i near = _mm256_sub_epi32(index, _mm256_set1_epi32(lo));
        if (hi - lo < 8)
            across_8(dst + i, src + lo, near, w + i, w_stride, taps, 1);
        else if (hi - lo < 16)
            across_8(dst + i, src + lo, near, w + i, w_stride, taps, 2);
        else
            across_8(dst + i, src, index, w + i, w_stride, taps, 0);
    }
    across_plain(dst + i, src, first + i, origin, w + i, w_stride, taps, n - i);
}

#else

static void across(float *restrict dst, const float *restrict src, const int32_t *restrict first, int origin,
                   const float *restrict w, int w_stride, int taps, int n)
{
    across_plain(dst, src, first, origin, w, w_stride, taps, n);
}

#endif

#endif
