/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compiled once per instruction set with KF_KERNELS set to the name of its table. */
#include "video/cpu/kernels.h"

#include <math.h>

static inline float clamp01(float v)
{
    v = v > 0.0f ? v : 0.0f;
    return v < 1.0f ? v : 1.0f;
}

static inline float min_f(float a, float b)
{
    return a < b ? a : b;
}

static inline float max_f(float a, float b)
{
    return a > b ? a : b;
}

static inline int to_code(float v, float max)
{
    v = v > 0.0f ? v : 0.0f;
    v = v < max ? v : max;
    return (int)(v + 0.5f);
}

#include "video/cpu/kernels_lanes.h"
#include "video/cpu/kernels_sampling.h"
#ifdef __wasm_simd128__
#include "video/cpu/kernels_wasm.h"
#endif

#ifndef __wasm_simd128__
static void load_u8(float *restrict dst, const uint8_t *restrict src, int step, int n)
{
    int i = 0;
    if (step == 1) {
        for (; i + LANES <= n; i += LANES) lanes_put(dst + i, lanes_u8(src + i));
        for (; i < n; i++) dst[i] = (float)src[i];
    } else if (step == 4) {
        for (; i < n; i++) dst[i] = (float)src[i * 4];
    } else {
        for (; i < n; i++) dst[i] = (float)src[(ptrdiff_t)i * step];
    }
}
#endif

/* A pixel of four bytes as one word: byte k is (word >> 8 k) & 255. */
typedef uint32_t pixel_word __attribute__((may_alias, aligned(1)));

/* What lies in memory with gaps, or by threes, is moved so many at a time from or to where vectors do the rest. */
enum { PIXEL_BLOCK = 256 };

#ifndef __wasm_simd128__
static void load4_u8(float *const dst[4], const uint8_t *src, int n)
{
    const pixel_word *word = (const pixel_word *)(const void *)src;
    float *restrict d0 = dst[0], *restrict d1 = dst[1], *restrict d2 = dst[2], *restrict d3 = dst[3];
    for (int i = 0; i < n; i++) {
        uint32_t v = word[i];
        d0[i] = (float)(int)(v & 255);
        d1[i] = (float)(int)(v >> 8 & 255);
        d2[i] = (float)(int)(v >> 16 & 255);
        d3[i] = (float)(int)(v >> 24);
    }
}
#endif

static void load3_u8(float *const dst[3], const uint8_t *src, int n)
{
    uint32_t words[PIXEL_BLOCK];
    float rest[PIXEL_BLOCK];
    for (int i = 0; i < n; i += PIXEL_BLOCK) {
        float *const to[4] = {dst[0] + i, dst[1] + i, dst[2] + i, rest};
        int count = n - i < PIXEL_BLOCK ? n - i : PIXEL_BLOCK;
        const uint8_t *from = src + 3 * (ptrdiff_t)i;
        for (int j = 0; j < count - 1; j++) memcpy(&words[j], from + 3 * j, 4); /* the next one's first byte, too */
        words[count - 1] = 0;
        memcpy(&words[count - 1], from + 3 * (count - 1), 3);
        load4_u8(to, (const uint8_t *)words, count);
    }
}

static void form4_u8(float *restrict value, float *restrict alpha, const uint8_t *restrict src, const float c[4],
                     float scale, float per_alpha, bool straight, int n)
{
    const pixel_word *word = (const pixel_word *)(const void *)src;
    const float c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    const float offset = straight ? 0.0f : 1.0f, keep = straight ? 1.0f : 0.0f;
    for (int i = 0; i < n; i++) {
        uint32_t v = word[i];
        float a = scale * (float)(int)(v >> 24);
        float x = c0 * (float)(int)(v & 255) + c1 * (float)(int)(v >> 8 & 255) + c2 * (float)(int)(v >> 16 & 255) + c3;
        value[i] = x * (keep * a + offset) + per_alpha * a;
        alpha[i] = a;
    }
}

static void load_u16(float *restrict dst, const uint16_t *restrict src, int step, int n)
{
    if (step == 1) {
        for (int i = 0; i < n; i++) dst[i] = (float)src[i];
    } else {
        for (int i = 0; i < n; i++) dst[i] = (float)src[(ptrdiff_t)i * step];
    }
}

static void split(float *const dst[4], const float *src, int step, int n)
{
    for (int c = 0; c < step; c++) {
        float *restrict d = dst[c];
        const float *restrict s = src + c;
        if (step == 4) {
            for (int i = 0; i < n; i++) d[i] = s[i * 4];
        } else if (step == 2) {
            for (int i = 0; i < n; i++) d[i] = s[i * 2];
        } else {
            for (int i = 0; i < n; i++) d[i] = s[(ptrdiff_t)i * step];
        }
    }
}

static void load_f32(float *restrict dst, const float *restrict src, int step, int n)
{
    for (int i = 0; i < n; i++) dst[i] = src[(ptrdiff_t)i * step];
}

static void widen2(float *restrict dst, const float *restrict src, int phase, int n)
{
    int i = 0;
    if (phase & 1 && n > 0) dst[i++] = *src++;
    int pairs = (n - i) / 2;
    float *d = dst + i;
    for (int j = 0; j < pairs; j++) {
        d[2 * j] = src[j];
        d[2 * j + 1] = src[j];
    }
    i += 2 * pairs;
    if (i < n) dst[i] = src[pairs];
}

static void widen2_linear(float *restrict dst, const float *restrict src, float w0, int shift1, float w1, int skip,
                          int n)
{
    const float v0 = 1.0f - w0, v1 = 1.0f - w1;
    const float *restrict odd = src + shift1;
    int i = 0;
    if (skip && n > 0) dst[i++] = odd[0] * v1 + odd[1] * w1;
    int j0 = skip, pairs = (n - i) / 2;
    float *restrict d = dst + i;
    for (int j = 0; j < pairs; j++) {
        d[2 * j] = src[j0 + j] * v0 + src[j0 + j + 1] * w0;
        d[2 * j + 1] = odd[j0 + j] * v1 + odd[j0 + j + 1] * w1;
    }
    i += 2 * pairs;
    if (i < n) dst[i] = src[j0 + pairs] * v0 + src[j0 + pairs + 1] * w0;
}

static void halve(float *dst, const float *src, int n_src)
{
    int pairs = n_src / 2;
    for (int j = 0; j < pairs; j++) dst[j] = (src[2 * j] + src[2 * j + 1]) * 0.5f;
    if (n_src & 1) dst[pairs] = src[n_src - 1];
}

#ifndef __wasm_simd128__
static void halve3(float *restrict dst, const float *restrict src, int n)
{
    for (int j = 0; j < n; j++)
        dst[j] = ((src[2 * j] + src[2 * j + 3]) + 3.0f * (src[2 * j + 1] + src[2 * j + 2])) * 0.125f;
}
#endif

static void fill(float *dst, float v, int n)
{
    for (int i = 0; i < n; i++) dst[i] = v;
}

static void scale(float *row, float k, int n)
{
    for (int i = 0; i < n; i++) row[i] *= k;
}

static void multiply(float *restrict row, const float *restrict k, int n)
{
    for (int i = 0; i < n; i++) row[i] *= k[i];
}

static void axpb(float *restrict dst, const float *restrict src, float a, float b, int n)
{
    for (int i = 0; i < n; i++) dst[i] = a * src[i] + b;
}

static void axpy(float *restrict dst, const float *restrict src, float a, int n)
{
    for (int i = 0; i < n; i++) dst[i] += a * src[i];
}

static void mix(float *dst, const float *a, float wa, const float *b, float wb, int n)
{
    for (int i = 0; i < n; i++) dst[i] = wa * a[i] + wb * b[i];
}

static void over(float *restrict dst, const float *restrict src, const float *restrict alpha, int n)
{
    for (int i = 0; i < n; i++) dst[i] = src[i] + (1.0f - alpha[i]) * dst[i];
}

static void over_alpha(float *restrict dst, const float *restrict alpha, int n)
{
    for (int i = 0; i < n; i++) dst[i] = alpha[i] + (1.0f - alpha[i]) * dst[i];
}

static void dot3(float *restrict dst, const float *restrict x, const float *restrict y, const float *restrict z,
                 const float *restrict alpha, const float c[4], int n)
{
    const float c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3];
    if (alpha) {
        for (int i = 0; i < n; i++) dst[i] = c0 * x[i] + c1 * y[i] + c2 * z[i] + c3 * alpha[i];
    } else {
        for (int i = 0; i < n; i++) dst[i] = c0 * x[i] + c1 * y[i] + c2 * z[i] + c3;
    }
}

static void matrix(float *restrict r, float *restrict g, float *restrict b, const float *restrict alpha,
                   const float m[3][4], int n)
{
    for (int i = 0; i < n; i++) {
        float x = r[i], y = g[i], z = b[i], a = alpha ? alpha[i] : 1.0f;
        r[i] = m[0][0] * x + m[0][1] * y + m[0][2] * z + m[0][3] * a;
        g[i] = m[1][0] * x + m[1][1] * y + m[1][2] * z + m[1][3] * a;
        b[i] = m[2][0] * x + m[2][1] * y + m[2][2] * z + m[2][3] * a;
    }
}

#ifndef __wasm_simd128__
static void fir(float *restrict dst, const float *restrict src, const float *restrict w, int taps, int n)
{
    enum { SUMS = 64 };
    int i = 0;
    for (; i + SUMS <= n; i += SUMS) {
        float acc[SUMS];
        for (int j = 0; j < SUMS; j++) acc[j] = w[0] * src[i + j];
        for (int k = 1; k < taps; k++) {
            const float wk = w[k];
            const float *s = src + i + k;
            for (int j = 0; j < SUMS; j++) acc[j] += wk * s[j];
        }
        for (int j = 0; j < SUMS; j++) dst[i + j] = acc[j];
    }
    for (; i < n; i++) {
        float acc = w[0] * src[i];
        for (int k = 1; k < taps; k++) acc += w[k] * src[i + k];
        dst[i] = acc;
    }
}
#endif

#ifndef __wasm_simd128__
static void store_row_u8(uint8_t *restrict dst, const float *restrict src, float bias, float max, int n)
{
    for (int i = 0; i < n; i++) dst[i] = (uint8_t)to_code(src[i] + bias, max);
}
#endif

static void store_u8(uint8_t *restrict dst, const float *restrict src, const kf_store *how, int n)
{
    if (how->step == 1) {
        store_row_u8(dst, src, how->bias, how->max, n);
        return;
    }
    const int step = how->step;
    uint8_t codes[PIXEL_BLOCK];
    for (int i = 0; i < n; i += PIXEL_BLOCK) {
        int count = n - i < PIXEL_BLOCK ? n - i : PIXEL_BLOCK;
        store_row_u8(codes, src + i, how->bias, how->max, count);
        for (int j = 0; j < count; j++) dst[(ptrdiff_t)(i + j) * step] = codes[j];
    }
}

static void store4_u8(uint8_t *dst, const float *const src[4], float max, int n)
{
    pixel_word *restrict word = (pixel_word *)(void *)dst;
    const float *restrict s0 = src[0], *restrict s1 = src[1], *restrict s2 = src[2], *restrict s3 = src[3];
    for (int i = 0; i < n; i++) {
        int low = to_code(s0[i], max) | to_code(s1[i], max) << 8;
        word[i] = (uint32_t)(low | to_code(s2[i], max) << 16) | (uint32_t)to_code(s3[i], max) << 24;
    }
}

static void store3_u8(uint8_t *dst, const float *const src[3], float max, int n)
{
    uint32_t words[PIXEL_BLOCK];
    for (int i = 0; i < n; i += PIXEL_BLOCK) {
        const float *const from[4] = {src[0] + i, src[1] + i, src[2] + i, src[2] + i};
        int count = n - i < PIXEL_BLOCK ? n - i : PIXEL_BLOCK;
        uint8_t *to = dst + 3 * (ptrdiff_t)i;
        store4_u8((uint8_t *)words, from, max, count);
        for (int j = 0; j < count - 1; j++) memcpy(to + 3 * j, &words[j], 4); /* the next one's first byte, too */
        memcpy(to + 3 * (count - 1), &words[count - 1], 3);
    }
}

static void store_u16(uint16_t *restrict dst, const float *restrict src, const kf_store *how, int n)
{
    const float max = how->max, bias = how->bias;
    const int shift = how->shift, step = how->step;
    if (step == 1) {
        for (int i = 0; i < n; i++) dst[i] = (uint16_t)(to_code(src[i] + bias, max) << shift);
    } else {
        for (int i = 0; i < n; i++) dst[(ptrdiff_t)i * step] = (uint16_t)(to_code(src[i] + bias, max) << shift);
    }
}

/* The whole way of planes in and out. */
#define DEFINE_LINEAR(suffix, in, out) \
    static void linear1_##suffix(void *dst, const void *a, float wa, const kf_store *how, int n) \
    { \
        const float max = how->max, bias = how->bias; \
        const int shift = how->shift; \
        out *restrict d = dst; \
        const in *restrict x = a; \
        for (int i = 0; i < n; i++) d[i] = (out)(to_code(wa * (float)x[i] + bias, max) << shift); \
    } \
    static void linear2_##suffix(void *dst, const void *a, float wa, const void *b, float wb, const kf_store *how, \
                                 int n) \
    { \
        const float max = how->max, bias = how->bias; \
        const int shift = how->shift; \
        out *restrict d = dst; \
        const in *restrict x = a; \
        const in *restrict y = b; \
        for (int i = 0; i < n; i++) d[i] = (out)(to_code((wa * (float)x[i] + wb * (float)y[i]) + bias, max) << shift); \
    }
DEFINE_LINEAR(8_8, uint8_t, uint8_t)
DEFINE_LINEAR(8_16, uint8_t, uint16_t)
DEFINE_LINEAR(16_8, uint16_t, uint8_t)
DEFINE_LINEAR(16_16, uint16_t, uint16_t)

static void premultiply(float *restrict r, float *restrict g, float *restrict b, const float *restrict a, int n)
{
    for (int i = 0; i < n; i++) {
        r[i] *= a[i];
        g[i] *= a[i];
        b[i] *= a[i];
    }
}

static void straighten(float *restrict r, float *restrict g, float *restrict b, const float *restrict a, int n)
{
    for (int i = 0; i < n; i++) {
        float d = a[i] > 0.0f ? a[i] : 1.0f, keep = a[i] > 0.0f ? 1.0f : 0.0f;
        r[i] = r[i] / d * keep;
        g[i] = g[i] / d * keep;
        b[i] = b[i] / d * keep;
    }
}

static void curve_row(float *restrict row, const float *restrict table, float lo, float step, int count, int n)
{
    const float last = (float)(count - 2);
    for (int i = 0; i < n; i++) {
        float t = (row[i] - lo) * step;
        float c = t > 0.0f ? t : 0.0f;
        c = c < last ? c : last;
        int k = (int)c;
        float a = table[k], b = table[k + 1];
        row[i] = a + (b - a) * (t - (float)k);
    }
}

static void curves(float *r, float *g, float *b, const kf_lut1d *lut, int n)
{
    const float step = (float)(lut->count - 1) / (lut->hi - lut->lo);
    curve_row(r, lut->value[0], lut->lo, step, lut->count, n);
    curve_row(g, lut->value[1], lut->lo, step, lut->count, n);
    curve_row(b, lut->value[2], lut->lo, step, lut->count, n);
}

#define LUMA_R 0.2126f
#define LUMA_G 0.7152f
#define LUMA_B 0.0722f

static void chroma_key(float *restrict r, float *restrict g, float *restrict b, float *restrict a,
                       const kf_chroma_key *key, int n)
{
    const float length = sqrtf(key->cb * key->cb + key->cr * key->cr);
    const float ux = length > 0.0f ? key->cb / length : 0.0f, uy = length > 0.0f ? key->cr / length : 0.0f;
    const float soft = max_f(key->softness, 1e-6f), tolerance = key->tolerance, spill = key->spill, kcb = key->cb,
                kcr = key->cr;
    for (int i = 0; i < n; i++) {
        float y = LUMA_R * r[i] + LUMA_G * g[i] + LUMA_B * b[i];
        float cb = (b[i] - y) / 1.8556f, cr = (r[i] - y) / 1.5748f;
        float dx = cb - kcb, dy = cr - kcr;
        a[i] *= clamp01((sqrtf(dx * dx + dy * dy) - tolerance) / soft);
        float p = cb * ux + cr * uy;
        p = p > 0.0f ? p * spill : 0.0f;
        cb -= p * ux;
        cr -= p * uy;
        r[i] = y + 1.5748f * cr;
        b[i] = y + 1.8556f * cb;
        g[i] = (y - LUMA_R * r[i] - LUMA_B * b[i]) / LUMA_G;
    }
}

static void luma_key(const float *restrict r, const float *restrict g, const float *restrict b, float *restrict a,
                     const kf_luma_key *key, int n)
{
    const float soft = max_f(key->softness, 1e-6f), lo = key->lo, hi = key->hi;
    const float sign = key->invert ? -1.0f : 1.0f, base = key->invert ? 1.0f : 0.0f;
    for (int i = 0; i < n; i++) {
        float y = LUMA_R * r[i] + LUMA_G * g[i] + LUMA_B * b[i];
        float keep = clamp01((y - lo) / soft + 1.0f) * clamp01((hi - y) / soft + 1.0f);
        a[i] *= base + sign * keep;
    }
}

static void vignette(float *restrict r, float *restrict g, float *restrict b, const kf_vignette *v, int x0, int y,
                     int n)
{
    const float dy = ((float)y + 0.5f - v->cy) / v->ry, dy2 = dy * dy, cx = v->cx, rx = v->rx, inner = v->inner,
                range = v->outer - v->inner, amount = v->amount;
    for (int i = 0; i < n; i++) {
        float dx = ((float)(x0 + i) + 0.5f - cx) / rx;
        float t = clamp01((sqrtf(dx * dx + dy2) - inner) / range);
        float k = 1.0f - amount * (t * t * (3.0f - 2.0f * t));
        r[i] *= k;
        g[i] *= k;
        b[i] *= k;
    }
}

static inline uint32_t hash_noise(int32_t x, int32_t y, uint32_t seed, uint32_t channel)
{
    uint32_t h = (uint32_t)x * 0x9e3779b1u ^ (uint32_t)y * 0x85ebca77u ^ seed * 0xc2b2ae3du ^ channel * 0x27d4eb2fu;
    h ^= h >> 16;
    h *= 0x7feb352du;
    h ^= h >> 15;
    h *= 0x846ca68bu;
    h ^= h >> 16;
    return h;
}

static inline int32_t floor_div(int32_t v, int32_t size)
{
    return v >= 0 ? v / size : -((-v + size - 1) / size);
}

static inline float unit(uint32_t h)
{
    return (float)(h >> 8) * (1.0f / 16777216.0f); /* 24 bits: exact in float */
}

static void grain(float *restrict r, float *restrict g, float *restrict b, const float *restrict a,
                  const kf_noise *noise, int x0, int y, int n)
{
    const int32_t size = noise->size, cy = floor_div(y, size);
    const float amount = noise->amount;
    const uint32_t seed = noise->seed, c1 = noise->monochrome ? 0 : 1, c2 = noise->monochrome ? 0 : 2;
    for (int i = 0; i < n; i++) {
        int32_t cx = floor_div(x0 + i, size);
        float k = amount * a[i];
        r[i] += k * (unit(hash_noise(cx, cy, seed, 0)) + unit(hash_noise(cx, cy, seed, 4)) - 1.0f);
        g[i] += k * (unit(hash_noise(cx, cy, seed, c1)) + unit(hash_noise(cx, cy, seed, c1 + 4)) - 1.0f);
        b[i] += k * (unit(hash_noise(cx, cy, seed, c2)) + unit(hash_noise(cx, cy, seed, c2 + 4)) - 1.0f);
    }
}

static void noise(float *restrict r, float *restrict g, float *restrict b, const kf_noise *p, int x0, int y, int n)
{
    const int32_t size = p->size, cy = floor_div(y, size);
    const uint32_t c1 = p->monochrome ? 0 : 1, c2 = p->monochrome ? 0 : 2;
    for (int i = 0; i < n; i++) {
        int32_t cx = floor_div(x0 + i, size);
        r[i] = unit(hash_noise(cx, cy, p->seed, 0));
        g[i] = unit(hash_noise(cx, cy, p->seed, c1));
        b[i] = unit(hash_noise(cx, cy, p->seed, c2));
    }
}

static inline float coverage_of(float sd, float feather, float base, float sign)
{
    return base + sign * clamp01(0.5f - sd / feather);
}

static void mask(float *restrict coverage, const kf_shape_mask *m, int x0, int y, int n)
{
    const float cx = m->cx, py = (float)y + 0.5f - m->cy, feather = max_f(m->feather, 1.0f), c = m->cos_r, s = m->sin_r;
    const float hx = m->half[0], hy = m->half[1], radius = m->radius, shorter = min_f(hx, hy);
    const float base = m->invert ? 1.0f : 0.0f, sign = m->invert ? -1.0f : 1.0f;
    if (m->type == KF_MASK_HALFPLANE) {
        for (int i = 0; i < n; i++) {
            float px = (float)(x0 + i) + 0.5f - cx;
            coverage[i] = coverage_of(px * hx + py * hy, feather, base, sign);
        }
    } else if (m->type == KF_MASK_RECT) {
        for (int i = 0; i < n; i++) {
            float px = (float)(x0 + i) + 0.5f - cx;
            float qx = fabsf(px * c + py * s) - hx + radius, qy = fabsf(py * c - px * s) - hy + radius;
            float ox = max_f(qx, 0.0f), oy = max_f(qy, 0.0f);
            float sd = sqrtf(ox * ox + oy * oy) + min_f(max_f(qx, qy), 0.0f) - radius;
            coverage[i] = coverage_of(sd, feather, base, sign);
        }
    } else {
        for (int i = 0; i < n; i++) {
            float px = (float)(x0 + i) + 0.5f - cx;
            float qx = (px * c + py * s) / hx, qy = (py * c - px * s) / hy;
            coverage[i] = coverage_of((sqrtf(qx * qx + qy * qy) - 1.0f) * shorter, feather, base, sign);
        }
    }
}

static void gradient(float *const rgba[4], const kf_gradient *p, int x0, int y, int n)
{
    const float dx = p->p1[0] - p->p0[0], dy = p->p1[1] - p->p0[1], len2 = dx * dx + dy * dy;
    const float inv = len2 > 0.0f ? 1.0f / len2 : 0.0f, inv_len = len2 > 0.0f ? 1.0f / sqrtf(len2) : 0.0f;
    const bool same = !p->radial && dx == 0.0f; /* from top to bottom: all of a row */
    for (int i = 0; i < (same && n > 0 ? 1 : n); i++) {
        float px = (float)(x0 + i) + 0.5f - p->p0[0], py = (float)y + 0.5f - p->p0[1];
        float t = p->radial ? sqrtf(px * px + py * py) * inv_len : (px * dx + py * dy) * inv;
        int k = 0;
        while (k < p->count - 1 && t >= p->at[k + 1]) k++;
        float f = 0.0f;
        if (k < p->count - 1 && t > p->at[k]) f = (t - p->at[k]) / (p->at[k + 1] - p->at[k]);
        int k1 = k < p->count - 1 ? k + 1 : k;
        for (int c = 0; c < 4; c++) rgba[c][i] = p->color[k][c] + (p->color[k1][c] - p->color[k][c]) * f;
    }
    for (int c = 0; same && c < 4; c++) fill(rgba[c], n > 0 ? rgba[c][0] : 0.0f, n);
}

static inline float blend_separable(kf_blend_mode mode, float cb, float cs)
{
    switch (mode) {
    case KF_BLEND_MULTIPLY: return cb * cs;
    case KF_BLEND_SCREEN: return cb + cs - cb * cs;
    case KF_BLEND_OVERLAY: { /* hard light with the roles exchanged */
        float d = 2.0f * cb - 1.0f;
        return cb <= 0.5f ? cs * (2.0f * cb) : cs + d - cs * d;
    }
    case KF_BLEND_DARKEN: return min_f(cb, cs);
    case KF_BLEND_LIGHTEN: return max_f(cb, cs);
    case KF_BLEND_COLOR_DODGE: return cb <= 0.0f ? 0.0f : cs >= 1.0f ? 1.0f : min_f(1.0f, cb / (1.0f - cs));
    case KF_BLEND_COLOR_BURN: return cb >= 1.0f ? 1.0f : cs <= 0.0f ? 0.0f : 1.0f - min_f(1.0f, (1.0f - cb) / cs);
    case KF_BLEND_HARD_LIGHT: {
        float d = 2.0f * cs - 1.0f;
        return cs <= 0.5f ? cb * (2.0f * cs) : cb + d - cb * d;
    }
    case KF_BLEND_SOFT_LIGHT: {
        float d = cb <= 0.25f ? ((16.0f * cb - 12.0f) * cb + 4.0f) * cb : sqrtf(cb);
        return cs <= 0.5f ? cb - (1.0f - 2.0f * cs) * cb * (1.0f - cb) : cb + (2.0f * cs - 1.0f) * (d - cb);
    }
    case KF_BLEND_DIFFERENCE: return fabsf(cb - cs);
    case KF_BLEND_EXCLUSION: return cb + cs - 2.0f * cb * cs;
    case KF_BLEND_ADD: return cb + cs;
    case KF_BLEND_SUBTRACT: return cb - cs;
    default: return cs;
    }
}

typedef struct rgb {
    float r, g, b;
} rgb;

static inline float lum(rgb c)
{
    return 0.3f * c.r + 0.59f * c.g + 0.11f * c.b;
}

static inline float sat(rgb c)
{
    return max_f(max_f(c.r, c.g), c.b) - min_f(min_f(c.r, c.g), c.b);
}

static inline rgb set_lum(rgb c, float l)
{
    float d = l - lum(c);
    c = (rgb){c.r + d, c.g + d, c.b + d};
    float y = lum(c), lo = min_f(min_f(c.r, c.g), c.b), hi = max_f(max_f(c.r, c.g), c.b);
    if (lo < 0.0f && y > lo)
        c = (rgb){y + (c.r - y) * y / (y - lo), y + (c.g - y) * y / (y - lo), y + (c.b - y) * y / (y - lo)};
    if (hi > 1.0f && hi > y) {
        float k = 1.0f - y, span = hi - y;
        c = (rgb){y + (c.r - y) * k / span, y + (c.g - y) * k / span, y + (c.b - y) * k / span};
    }
    return c;
}

static inline rgb set_sat(rgb c, float s)
{
    float lo = min_f(min_f(c.r, c.g), c.b), span = sat(c);
    if (!(span > 0.0f)) return (rgb){0.0f, 0.0f, 0.0f};
    return (rgb){(c.r - lo) * s / span, (c.g - lo) * s / span, (c.b - lo) * s / span};
}

static inline rgb blend_nonseparable(kf_blend_mode mode, rgb cb, rgb cs)
{
    switch (mode) {
    case KF_BLEND_HUE: return set_lum(set_sat(cs, sat(cb)), lum(cb));
    case KF_BLEND_SATURATION: return set_lum(set_sat(cb, sat(cs)), lum(cb));
    case KF_BLEND_COLOR: return set_lum(cs, lum(cb));
    default: return set_lum(cb, lum(cs));
    }
}

static inline float straight(float c, float a)
{
    return a > 0.0f ? c / a : 0.0f;
}

static inline void blend_channel(float *restrict a, const float *restrict b, const float *restrict alpha_a,
                                 const float *restrict alpha_b, kf_blend_mode mode, bool clamped, int n)
{
    for (int i = 0; i < n; i++) {
        float ab = alpha_a[i], as = alpha_b[i], cb = straight(a[i], ab), cs = straight(b[i], as);
        if (clamped) {
            cb = clamp01(cb);
            cs = clamp01(cs);
        }
        a[i] = (1.0f - ab) * b[i] + (1.0f - as) * a[i] + as * ab * blend_separable(mode, cb, cs);
    }
}

static void blend_normal(float *const a[4], const float *const b[4], int n)
{
    for (int c = 0; c < 4; c++) over(a[c], b[c], b[3], n);
}

static void blend(float *const a[4], const float *const b[4], kf_blend_mode mode, int n)
{
    if (mode == KF_BLEND_NORMAL) {
        blend_normal(a, b, n);
        return;
    }
#define CASE(m, clamped) \
    case m: \
        for (int c = 0; c < 3; c++) blend_channel(a[c], b[c], a[3], b[3], m, clamped, n); \
        break
    switch (mode) {
    CASE(KF_BLEND_MULTIPLY, true);
    CASE(KF_BLEND_SCREEN, true);
    CASE(KF_BLEND_DARKEN, true);
    CASE(KF_BLEND_LIGHTEN, true);
    CASE(KF_BLEND_COLOR_DODGE, true);
    CASE(KF_BLEND_COLOR_BURN, true);
    CASE(KF_BLEND_HARD_LIGHT, true);
    CASE(KF_BLEND_SOFT_LIGHT, true);
    CASE(KF_BLEND_DIFFERENCE, true);
    CASE(KF_BLEND_EXCLUSION, true);
    CASE(KF_BLEND_OVERLAY, true);
    CASE(KF_BLEND_ADD, false);
    CASE(KF_BLEND_SUBTRACT, false);
    default:
        for (int i = 0; i < n; i++) {
            float ab = a[3][i], as = b[3][i], k = as * ab;
            rgb cb = {clamp01(straight(a[0][i], ab)), clamp01(straight(a[1][i], ab)), clamp01(straight(a[2][i], ab))};
            rgb cs = {clamp01(straight(b[0][i], as)), clamp01(straight(b[1][i], as)), clamp01(straight(b[2][i], as))};
            rgb o = blend_nonseparable(mode, cb, cs);
            a[0][i] = (1.0f - ab) * b[0][i] + (1.0f - as) * a[0][i] + k * o.r;
            a[1][i] = (1.0f - ab) * b[1][i] + (1.0f - as) * a[1][i] + k * o.g;
            a[2][i] = (1.0f - ab) * b[2][i] + (1.0f - as) * a[2][i] + k * o.b;
        }
    }
#undef CASE
    over_alpha(a[3], b[3], n);
}

const kf_kernels KF_KERNELS = {
    .load_u8 = load_u8,
    .load_u16 = load_u16,
    .load_f32 = load_f32,
    .load4_u8 = load4_u8,
    .load3_u8 = load3_u8,
    .form4_u8 = form4_u8,
    .split = split,
    .widen2 = widen2,
    .widen2_linear = widen2_linear,
    .halve = halve,
    .halve3 = halve3,
    .fill = fill,
    .scale = scale,
    .multiply = multiply,
    .axpb = axpb,
    .axpy = axpy,
    .mix = mix,
    .over = over,
    .over_alpha = over_alpha,
    .dot3 = dot3,
    .matrix = matrix,
    .columns_u8 = columns_u8,
    .columns_u16 = columns_u16,
    .columns_f32 = columns_f32,
    .across = across,
    .sum_at = sum_at,
    .fir = fir,
    .store_u8 = store_u8,
    .store_u16 = store_u16,
    .store4_u8 = store4_u8,
    .store3_u8 = store3_u8,
    .linear1 = {{linear1_8_8, linear1_8_16}, {linear1_16_8, linear1_16_16}},
    .linear2 = {{linear2_8_8, linear2_8_16}, {linear2_16_8, linear2_16_16}},
    .premultiply = premultiply,
    .straighten = straighten,
    .curves = curves,
    .lut3d = lut3d,
    .chroma_key = chroma_key,
    .luma_key = luma_key,
    .vignette = vignette,
    .grain = grain,
    .noise = noise,
    .mask = mask,
    .gradient = gradient,
    .blend = blend,
    .sample = sample,
};
