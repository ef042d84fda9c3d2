/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernels that the compiler does not find by itself for WebAssembly; part of kernels.c. Every element is computed as
 * the plain loop does. */
#ifndef KF_VIDEO_CPU_KERNELS_WASM_H
#define KF_VIDEO_CPU_KERNELS_WASM_H

#include <wasm_simd128.h>

/* Four codes as 32-bit integers: to_code. */
static inline v128_t codes_4(const float *src, v128_t bias, v128_t max)
{
    v128_t v = wasm_f32x4_add(wasm_v128_load(src), bias);
    v = wasm_f32x4_pmin(wasm_f32x4_pmax(v, wasm_f32x4_const_splat(0.0f)), max);
    return wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_add(v, wasm_f32x4_const_splat(0.5f)));
}

static inline v128_t codes_8(const float *src, v128_t bias, v128_t max)
{
    return wasm_i16x8_narrow_i32x4(codes_4(src, bias, max), codes_4(src + 4, bias, max));
}

static inline void store_row_u8(uint8_t *dst, const float *src, float bias_value, float max_value, int n)
{
    const v128_t bias = wasm_f32x4_splat(bias_value), max = wasm_f32x4_splat(max_value);
    int i = 0;
    for (; i + 16 <= n; i += 16)
        wasm_v128_store(dst + i, wasm_u8x16_narrow_i16x8(codes_8(src + i, bias, max), codes_8(src + i + 8, bias, max)));
    for (; i < n; i++) dst[i] = (uint8_t)to_code(src[i] + bias_value, max_value);
}

static void fir(float *restrict dst, const float *restrict src, const float *restrict w, int taps, int n)
{
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        const float *s = src + i;
        const v128_t w0 = wasm_f32x4_splat(w[0]);
        v128_t a = wasm_f32x4_mul(w0, wasm_v128_load(s)), b = wasm_f32x4_mul(w0, wasm_v128_load(s + 4));
        v128_t c = wasm_f32x4_mul(w0, wasm_v128_load(s + 8)), d = wasm_f32x4_mul(w0, wasm_v128_load(s + 12));
        for (int k = 1; k < taps; k++) {
            const v128_t wk = wasm_f32x4_splat(w[k]);
            a = wasm_f32x4_add(a, wasm_f32x4_mul(wk, wasm_v128_load(s + k)));
            b = wasm_f32x4_add(b, wasm_f32x4_mul(wk, wasm_v128_load(s + k + 4)));
            c = wasm_f32x4_add(c, wasm_f32x4_mul(wk, wasm_v128_load(s + k + 8)));
            d = wasm_f32x4_add(d, wasm_f32x4_mul(wk, wasm_v128_load(s + k + 12)));
        }
        wasm_v128_store(dst + i, a);
        wasm_v128_store(dst + i + 4, b);
        wasm_v128_store(dst + i + 8, c);
        wasm_v128_store(dst + i + 12, d);
    }
    for (; i < n; i++) {
        float acc = w[0] * src[i];
        for (int k = 1; k < taps; k++) acc += w[k] * src[i + k];
        dst[i] = acc;
    }
}

static void halve3(float *restrict dst, const float *restrict src, int n)
{
    const v128_t three = wasm_f32x4_const_splat(3.0f), eighth = wasm_f32x4_const_splat(0.125f);
    int j = 0;
    for (; j + 4 <= n; j += 4) {
        v128_t a = wasm_v128_load(src + 2 * j), b = wasm_v128_load(src + 2 * j + 4);
        v128_t c = wasm_v128_load(src + 2 * j + 2), d = wasm_v128_load(src + 2 * j + 6);
        v128_t first = wasm_i32x4_shuffle(a, b, 0, 2, 4, 6), second = wasm_i32x4_shuffle(a, b, 1, 3, 5, 7);
        v128_t third = wasm_i32x4_shuffle(c, d, 0, 2, 4, 6), fourth = wasm_i32x4_shuffle(c, d, 1, 3, 5, 7);
        v128_t inner = wasm_f32x4_mul(three, wasm_f32x4_add(second, third));
        wasm_v128_store(dst + j, wasm_f32x4_mul(wasm_f32x4_add(wasm_f32x4_add(first, fourth), inner), eighth));
    }
    for (; j < n; j++)
        dst[j] = ((src[2 * j] + src[2 * j + 3]) + 3.0f * (src[2 * j + 1] + src[2 * j + 2])) * 0.125f;
}

static inline void across_4(float *dst, const float *src, const int32_t *first, int origin, const float *w,
                            int w_stride, int taps)
{
    const float *s0 = src + (first[0] - origin), *s1 = src + (first[1] - origin);
    const float *s2 = src + (first[2] - origin), *s3 = src + (first[3] - origin);
    v128_t acc = wasm_f32x4_mul(wasm_v128_load(w), wasm_f32x4_make(s0[0], s1[0], s2[0], s3[0]));
    for (int k = 1; k < taps; k++)
        acc = wasm_f32x4_add(acc, wasm_f32x4_mul(wasm_v128_load(w + (ptrdiff_t)k * w_stride),
                                                 wasm_f32x4_make(s0[k], s1[k], s2[k], s3[k])));
    wasm_v128_store(dst, acc);
}

/* Four outputs whose taps lie within 4 (windows 1) or 8 samples from src: near is relative to src. */
static inline void across_near(float *dst, const float *src, v128_t near, const float *w, int w_stride, int taps,
                               int windows)
{
    const v128_t bytes = wasm_i32x4_add(wasm_i32x4_mul(near, wasm_i32x4_const_splat(0x04040404)),
                                        wasm_i32x4_const_splat(0x03020100));
    const v128_t far = wasm_i8x16_sub(bytes, wasm_i8x16_const_splat(16));
    v128_t acc = wasm_f32x4_const_splat(0.0f);
    for (int k = 0; k < taps; k++) {
        v128_t v = wasm_i8x16_swizzle(wasm_v128_load(src + k), bytes);
        if (windows == 2) v = wasm_v128_or(v, wasm_i8x16_swizzle(wasm_v128_load(src + k + 4), far));
        v = wasm_f32x4_mul(wasm_v128_load(w + (ptrdiff_t)k * w_stride), v);
        acc = k ? wasm_f32x4_add(acc, v) : v;
    }
    wasm_v128_store(dst, acc);
}

/* Four outputs with the same taps, as pictures that are much enlarged have them. */
static inline void across_same(float *dst, const float *src, const float *w, int w_stride, int taps)
{
    v128_t acc = wasm_f32x4_mul(wasm_v128_load(w), wasm_v128_load32_splat(src));
    for (int k = 1; k < taps; k++)
        acc = wasm_f32x4_add(acc, wasm_f32x4_mul(wasm_v128_load(w + (ptrdiff_t)k * w_stride), wasm_v128_load32_splat(src + k)));
    wasm_v128_store(dst, acc);
}

/* How many outputs come before four that have the same taps; 0 if there are none soon. */
static inline int before_same(const int32_t *first, int n)
{
    for (int i = 0; i < 4 && i + 4 <= n; i++)
        if (first[i] == first[i + 3]) return i;
    return 0;
}

static inline bool all_below(v128_t v, int limit)
{
    return wasm_i32x4_all_true(wasm_u32x4_lt(v, wasm_i32x4_splat(limit)));
}

static void across(float *restrict dst, const float *restrict src, const int32_t *restrict first, int origin,
                   const float *restrict w, int w_stride, int taps, int n)
{
    int i = before_same(first, n);
    across_plain(dst, src, first, origin, w, w_stride, taps, i);
    for (; i + 4 <= n; i += 4) {
        if (first[i] == first[i + 3] && first[i] == first[i + 1] && first[i] == first[i + 2]) {
            across_same(dst + i, src + (first[i] - origin), w + i, w_stride, taps);
            continue;
        }
        int lo = first[i] < first[i + 3] ? first[i] : first[i + 3];
        v128_t near = wasm_i32x4_sub(wasm_v128_load(first + i), wasm_i32x4_splat(lo));
        if (all_below(near, 4)) across_near(dst + i, src + (lo - origin), near, w + i, w_stride, taps, 1);
        else if (all_below(near, 8)) across_near(dst + i, src + (lo - origin), near, w + i, w_stride, taps, 2);
        else across_4(dst + i, src, first + i, origin, w + i, w_stride, taps);
    }
    across_plain(dst + i, src, first + i, origin, w + i, w_stride, taps, n - i);
}

static inline void put_8(float *dst, v128_t words)
{
    wasm_v128_store(dst, wasm_f32x4_convert_i32x4(wasm_u32x4_extend_low_u16x8(words)));
    wasm_v128_store(dst + 4, wasm_f32x4_convert_i32x4(wasm_u32x4_extend_high_u16x8(words)));
}

static void load_u8(float *restrict dst, const uint8_t *restrict src, int step, int n)
{
    int i = 0;
    for (; step == 1 && i + 16 <= n; i += 16) {
        v128_t bytes = wasm_v128_load(src + i);
        put_8(dst + i, wasm_u16x8_extend_low_u8x16(bytes));
        put_8(dst + i + 8, wasm_u16x8_extend_high_u8x16(bytes));
    }
    for (; i < n; i++) dst[i] = (float)src[(ptrdiff_t)i * step];
}

static inline v128_t byte_of(v128_t pixels, int shift)
{
    return wasm_f32x4_convert_i32x4(wasm_v128_and(wasm_u32x4_shr(pixels, shift), wasm_i32x4_const_splat(255)));
}

static void load4_u8(float *const dst[4], const uint8_t *src, int n)
{
    int i = 0;
    for (; i + 4 <= n; i += 4) {
        v128_t pixels = wasm_v128_load(src + 4 * i);
        for (int c = 0; c < 4; c++) wasm_v128_store(dst[c] + i, byte_of(pixels, 8 * c));
    }
    for (; i < n; i++)
        for (int c = 0; c < 4; c++) dst[c][i] = (float)src[4 * i + c];
}

#endif
