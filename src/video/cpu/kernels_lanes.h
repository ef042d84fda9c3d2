/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The widest vectors of the instruction set that is compiled for, and the kernels that the compiler does not find by
 * itself; part of kernels.c. Every element is computed as the plain loop does. */
#ifndef KF_VIDEO_CPU_KERNELS_LANES_H
#define KF_VIDEO_CPU_KERNELS_LANES_H

#include <stdint.h>
#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#if defined(__AVX512F__)

enum { LANES = 16 };
typedef __m512 lanes;

static inline lanes lanes_u8(const uint8_t *p)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p)));
}

static inline lanes lanes_u16(const uint16_t *p)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)p)));
}

#elif defined(__AVX2__)

enum { LANES = 8 };
typedef __m256 lanes;

static inline lanes lanes_u8(const uint8_t *p)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p)));
}

static inline lanes lanes_u16(const uint16_t *p)
{
    return _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p)));
}

#else

enum { LANES = 4 };
typedef float lanes __attribute__((vector_size(16)));

#if defined(__SSE2__)

static inline lanes lanes_u8(const uint8_t *p)
{
    int word;
    memcpy(&word, p, sizeof word);
    const __m128i zero = _mm_setzero_si128();
    return _mm_cvtepi32_ps(_mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(word), zero), zero));
}

static inline lanes lanes_u16(const uint16_t *p)
{
    return _mm_cvtepi32_ps(_mm_unpacklo_epi16(_mm_loadl_epi64((const __m128i *)(const void *)p), _mm_setzero_si128()));
}

#elif defined(__wasm_simd128__)

static inline lanes lanes_u8(const uint8_t *p)
{
    return (lanes)wasm_f32x4_convert_i32x4(wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(p))));
}

static inline lanes lanes_u16(const uint16_t *p)
{
    return (lanes)wasm_f32x4_convert_i32x4(wasm_u32x4_load16x4(p));
}

#else

static inline lanes lanes_u8(const uint8_t *p)
{
    return (lanes){(float)p[0], (float)p[1], (float)p[2], (float)p[3]};
}

static inline lanes lanes_u16(const uint16_t *p)
{
    return (lanes){(float)p[0], (float)p[1], (float)p[2], (float)p[3]};
}

#endif
#endif

static inline lanes lanes_f32(const float *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void lanes_put(float *p, lanes v)
{
    memcpy(p, &v, sizeof v);
}

/* ---- sums of rows ---- */

/* Rows are `stride` bytes apart. Sums stay in registers over all taps, four vectors at a time. */
#define DEFINE_COLUMNS(name, type, load) \
    static void name(float *restrict dst, const type *restrict src, ptrdiff_t stride, const float *w, int taps, int n) \
    { \
        int i = 0; \
        for (; i + 4 * LANES <= n; i += 4 * LANES) { \
            const type *row = src + i; \
            lanes a = w[0] * load(row), b = w[0] * load(row + LANES); \
            lanes c = w[0] * load(row + 2 * LANES), d = w[0] * load(row + 3 * LANES); \
            for (int k = 1; k < taps; k++) { \
                row = (const type *)((const char *)row + stride); \
                __builtin_prefetch(row + 8 * LANES); /* many rows are more streams than the hardware follows */ \
                a += w[k] * load(row); \
                b += w[k] * load(row + LANES); \
                c += w[k] * load(row + 2 * LANES); \
                d += w[k] * load(row + 3 * LANES); \
            } \
            lanes_put(dst + i, a); \
            lanes_put(dst + i + LANES, b); \
            lanes_put(dst + i + 2 * LANES, c); \
            lanes_put(dst + i + 3 * LANES, d); \
        } \
        for (; i + LANES <= n; i += LANES) { \
            const type *row = src + i; \
            lanes a = w[0] * load(row); \
            for (int k = 1; k < taps; k++) { \
                row = (const type *)((const char *)row + stride); \
                a += w[k] * load(row); \
            } \
            lanes_put(dst + i, a); \
        } \
        for (; i < n; i++) { \
            const type *row = src + i; \
            float a = w[0] * (float)row[0]; \
            for (int k = 1; k < taps; k++) { \
                row = (const type *)((const char *)row + stride); \
                a += w[k] * (float)row[0]; \
            } \
            dst[i] = a; \
        } \
    }
DEFINE_COLUMNS(columns_u8, uint8_t, lanes_u8)
DEFINE_COLUMNS(columns_u16, uint16_t, lanes_u16)
DEFINE_COLUMNS(columns_f32, float, lanes_f32)

static void sum_at(float *restrict dst, const float *restrict src, const ptrdiff_t *at, const float *w, int count,
                   int n)
{
    int i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        const lanes zero = {0};
        lanes a = zero, b = zero, c = zero, d = zero;
        for (int k = 0; k < count; k++) {
            const float *s = src + at[k] + i;
            a += w[k] * lanes_f32(s);
            b += w[k] * lanes_f32(s + LANES);
            c += w[k] * lanes_f32(s + 2 * LANES);
            d += w[k] * lanes_f32(s + 3 * LANES);
        }
        lanes_put(dst + i, a);
        lanes_put(dst + i + LANES, b);
        lanes_put(dst + i + 2 * LANES, c);
        lanes_put(dst + i + 3 * LANES, d);
    }
    for (; i < n; i++) {
        float a = 0.0f;
        for (int k = 0; k < count; k++) a += w[k] * src[at[k] + i];
        dst[i] = a;
    }
}

#endif
