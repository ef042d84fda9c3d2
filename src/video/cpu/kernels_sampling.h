/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels that read from computed places; part of kernels.c, which includes it. Where an instruction set has shuffles
 * or gathers they only move data: the arithmetic of every variant is that of the plain loop, element by element. */
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
static inline void across_16(float *dst, const float *src, __m512i index, const float *w, int w_stride, int taps,
                             int windows)
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
        __m512 product =
            _mm512_mul_ps(_mm512_loadu_ps(w + (ptrdiff_t)k * w_stride), _mm512_i32gather_ps(index, src + k, 4));
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
        /* positions mostly rise or fall; that all lie within the window is checked */
        int lo = (first[i] < first[i + 15] ? first[i] : first[i + 15]) - origin;
        __m512i near = _mm512_sub_epi32(index, _mm512_set1_epi32(lo));
        if (_mm512_cmplt_epu32_mask(near, _mm512_set1_epi32(16)) == 0xffff)
            across_16(dst + i, src + lo, near, w + i, w_stride, taps, 1);
        else if (_mm512_cmplt_epu32_mask(near, _mm512_set1_epi32(32)) == 0xffff)
            across_16(dst + i, src + lo, near, w + i, w_stride, taps, 2);
        else if (_mm512_cmplt_epu32_mask(near, _mm512_set1_epi32(64)) == 0xffff)
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

/* Are all eight in 0 .. limit - 1? */
static inline bool all_below(__m256i v, int limit)
{
    __m256i outside = _mm256_or_si256(_mm256_cmpgt_epi32(_mm256_setzero_si256(), v),
                                      _mm256_cmpgt_epi32(v, _mm256_set1_epi32(limit - 1)));
    return _mm256_testz_si256(outside, outside);
}

static inline void across_8(float *dst, const float *src, __m256i index, const float *w, int w_stride, int taps,
                            int windows)
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
        int lo = (first[i] < first[i + 7] ? first[i] : first[i + 7]) - origin;
        __m256i index = _mm256_loadu_si256((const __m256i *)(const void *)(first + i));
        index = _mm256_sub_epi32(index, _mm256_set1_epi32(origin));
        __m256i near = _mm256_sub_epi32(index, _mm256_set1_epi32(lo));
        if (all_below(near, 8))
            across_8(dst + i, src + lo, near, w + i, w_stride, taps, 1);
        else if (all_below(near, 16))
            across_8(dst + i, src + lo, near, w + i, w_stride, taps, 2);
        else
            across_8(dst + i, src, index, w + i, w_stride, taps, 0);
    }
    across_plain(dst + i, src, first + i, origin, w + i, w_stride, taps, n - i);
}

#elif !defined(__wasm_simd128__)

static void across(float *restrict dst, const float *restrict src, const int32_t *restrict first, int origin,
                   const float *restrict w, int w_stride, int taps, int n)
{
    across_plain(dst, src, first, origin, w, w_stride, taps, n);
}

#endif

/* ---- four floats at a time: vector arithmetic is that of each element ---- */

typedef float four __attribute__((vector_size(16)));

static inline four load_four(const float *p)
{
    four v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* ---- lut3d ---- */

enum { BLOCK = 64 };

/* The four corners of a pixel's tetrahedron in the table, and its place in it. */
typedef struct tetrahedra {
    int corner[BLOCK], p1[BLOCK], p2[BLOCK];
    float hi[BLOCK], mid[BLOCK], lo[BLOCK]; /* the fractions in order */
} tetrahedra;

/* The six orders of the fractions are six paths along the cube's edges: step along the axis of the greatest first, of
 * the least last. */
static void find_tetrahedra(tetrahedra *t, const float *restrict r, const float *restrict g, const float *restrict b,
                            const kf_lut3d *lut, int n)
{
    const int size = lut->size, sg = size * 3, sb = size * size * 3, all = 3 + sg + sb;
    const float top = (float)(size - 1), last = (float)(size - 2), lr = lut->lo[0], lg = lut->lo[1], lb = lut->lo[2];
    const float kr = top / (lut->hi[0] - lr), kg = top / (lut->hi[1] - lg), kb = top / (lut->hi[2] - lb);
    for (int i = 0; i < n; i++) {
        float x = (r[i] - lr) * kr, y = (g[i] - lg) * kg, z = (b[i] - lb) * kb;
        x = min_f(max_f(x, 0.0f), top);
        y = min_f(max_f(y, 0.0f), top);
        z = min_f(max_f(z, 0.0f), top);
        int ix = (int)min_f(x, last), iy = (int)min_f(y, last), iz = (int)min_f(z, last);
        float fx = x - (float)ix, fy = y - (float)iy, fz = z - (float)iz;
        float hi = max_f(max_f(fx, fy), fz), lo = min_f(min_f(fx, fy), fz);
        int corner = ix * 3 + iy * sg + iz * sb;
        int step_hi = fx == hi ? 3 : fy == hi ? sg : sb, step_lo = fz == lo ? sb : fy == lo ? sg : 3;
        t->corner[i] = corner;
        t->p1[i] = corner + step_hi;
        t->p2[i] = corner + all - step_lo;
        t->hi[i] = hi;
        t->mid[i] = max_f(min_f(fx, fy), min_f(max_f(fx, fy), fz));
        t->lo[i] = lo;
    }
}

static void lut3d(float *restrict r, float *restrict g, float *restrict b, const kf_lut3d *lut, float amount, int n)
{
    const int size = lut->size, all = 3 + size * 3 + size * size * 3;
    const float *v = lut->value;
    tetrahedra t;
    float out[BLOCK][4];
    for (int x = 0; x < n; x += BLOCK) {
        int count = n - x < BLOCK ? n - x : BLOCK;
        float *red = r + x, *green = g + x, *blue = b + x;
        find_tetrahedra(&t, red, green, blue, lut, count);
        for (int i = 0; i < count; i++) {
            const float *corner = v + t.corner[i];
            four far = load_four(corner + all - 1); /* from one before: it may be the table's last entry */
            far = __builtin_shufflevector(far, far, 1, 2, 3, 3);
            four o = (1.0f - t.hi[i]) * load_four(corner) + (t.hi[i] - t.mid[i]) * load_four(v + t.p1[i])
                   + (t.mid[i] - t.lo[i]) * load_four(v + t.p2[i]) + t.lo[i] * far;
            memcpy(out[i], &o, sizeof o);
        }
        for (int i = 0; i < count; i++) {
            red[i] = red[i] + (out[i][0] - red[i]) * amount;
            green[i] = green[i] + (out[i][1] - green[i]) * amount;
            blue[i] = blue[i] + (out[i][2] - blue[i]) * amount;
        }
    }
}

/* ---- sample: rotated pictures ---- */

/* Where output pixels fall on the source: sample left of the position, fraction, and how much of the pixel the source
 * covers. */
typedef struct sample_points {
    int iu[BLOCK], iv[BLOCK];
    float tu[BLOCK], tv[BLOCK], cover[BLOCK];
} sample_points;

static void find_points(sample_points *p, const kf_rect *bounds, const kf_transform2d *inverse, kf_filter filter,
                        int x0, int y, int n)
{
    const double *m = inverse->m, shift = filter == KF_FILTER_NEAREST ? 0.0 : 0.5, py = y + 0.5;
    const double bx0 = bounds->x0, by0 = bounds->y0, bx1 = bounds->x1, by1 = bounds->y1;
    const double uy = m[1] * py, vy = m[4] * py;
    const bool nearest = filter == KF_FILTER_NEAREST;
    const float gu = (float)sqrt(m[0] * m[0] + m[1] * m[1]), gv = (float)sqrt(m[3] * m[3] + m[4] * m[4]);
    for (int i = 0; i < n; i++) {
        double px = x0 + i + 0.5, u = m[0] * px + uy + m[2], v = m[3] * px + vy + m[5];
        float inside = u >= bx0 && u < bx1 && v >= by0 && v < by1 ? 1.0f : 0.0f;
        float faded = clamp01((float)(u - bx0) / gu + 0.5f) * clamp01((float)(bx1 - u) / gu + 0.5f)
                    * clamp01((float)(v - by0) / gv + 0.5f) * clamp01((float)(by1 - v) / gv + 0.5f);
        p->cover[i] = nearest ? inside : faded;
        /* far outside nothing is read: kept in range for the conversion */
        u = u < bx0 - 4 ? bx0 - 4 : u > bx1 + 4 ? bx1 + 4 : u;
        v = v < by0 - 4 ? by0 - 4 : v > by1 + 4 ? by1 + 4 : v;
        double fu = floor(u - shift), fv = floor(v - shift);
        p->iu[i] = (int)fu;
        p->iv[i] = (int)fv;
        p->tu[i] = nearest ? 0.0f : (float)(u - shift - fu);
        p->tv[i] = nearest ? 0.0f : (float)(v - shift - fv);
    }
}

/* Weights of the samples -1 .. 2 from the one left of the position. */
static inline four filter_weights(kf_filter filter, float t)
{
    if (filter != KF_FILTER_BICUBIC) return (four){0.0f, 1.0f - t, t, 0.0f};
    const four d = {1.0f + t, t, 1.0f - t, 2.0f - t};
    four inner = (1.5f * d - 2.5f) * d * d + 1.0f, outer = ((-0.5f * d + 2.5f) * d - 4.0f) * d + 2.0f;
    return __builtin_shufflevector(inner, outer, 4, 1, 2, 7);
}

static inline int clamp_int(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static inline const float *sample_row(const kf_image *src, int plane, int y)
{
    return (const float *)(const void *)(src->plane[plane] + (ptrdiff_t)y * src->stride[plane]);
}

/* Sixteen samples of a plane, rows first, then the weighted columns: to be summed. */
static inline four weigh_inside(const float *s, ptrdiff_t stride, four wu, four wv)
{
    four sum = wv[0] * load_four(s);
    sum += wv[1] * load_four(s + stride);
    sum += wv[2] * load_four(s + 2 * stride);
    sum += wv[3] * load_four(s + 3 * stride);
    return sum * wu;
}

static inline four weigh_at_edge(const kf_image *src, int plane, const int xx[4], const int yy[4], four wu, four wv)
{
    four sum = {0.0f, 0.0f, 0.0f, 0.0f};
    for (int k = 0; k < 4; k++) {
        const float *row = sample_row(src, plane, yy[k]);
        four product = wv[k] * (four){row[xx[0]], row[xx[1]], row[xx[2]], row[xx[3]]};
        sum = k ? sum + product : product;
    }
    return sum * wu;
}

/* (a0 + a1) + (a2 + a3) and so on. */
static inline four sum_each(four a, four b, four c, four d)
{
    four ab0 = __builtin_shufflevector(a, b, 0, 4, 2, 6), ab1 = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    four cd0 = __builtin_shufflevector(c, d, 0, 4, 2, 6), cd1 = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    four ab = ab0 + ab1, cd = cd0 + cd1; /* a01 b01 a23 b23 */
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

static inline four sample_at(const kf_image *src, const kf_rect *region, const kf_rect *bounds, int iu, int iv, four wu,
                             four wv, bool opaque)
{
    int x = iu - 1 - region->x0, y = iv - 1 - region->y0;
    const four one = {1.0f, 0.0f, 0.0f, 0.0f};
    four p[4];
    if (iu - 1 >= bounds->x0 && iu + 3 <= bounds->x1 && iv - 1 >= bounds->y0 && iv + 3 <= bounds->y1 && x >= 0 && y >= 0
        && x + 4 <= src->width && y + 4 <= src->height) {
        ptrdiff_t stride = src->stride[0] / (ptrdiff_t)sizeof(float);
        for (int c = 0; c < 3; c++) p[c] = weigh_inside(sample_row(src, c, y) + x, stride, wu, wv);
        p[3] = opaque ? one : weigh_inside(sample_row(src, 3, y) + x, stride, wu, wv);
    } else {
        int xx[4], yy[4];
        for (int k = 0; k < 4; k++) {
            xx[k] = clamp_int(clamp_int(iu - 1 + k, bounds->x0, bounds->x1 - 1) - region->x0, 0, src->width - 1);
            yy[k] = clamp_int(clamp_int(iv - 1 + k, bounds->y0, bounds->y1 - 1) - region->y0, 0, src->height - 1);
        }
        for (int c = 0; c < 3; c++) p[c] = weigh_at_edge(src, c, xx, yy, wu, wv);
        p[3] = opaque ? one : weigh_at_edge(src, 3, xx, yy, wu, wv);
    }
    return sum_each(p[0], p[1], p[2], p[3]);
}

static void sample(float *const dst[4], const kf_image *src, const kf_rect *region, const kf_rect *bounds,
                   const kf_transform2d *inverse, kf_filter filter, bool opaque, int x0, int y, int n)
{
    sample_points p;
    float out[BLOCK][4];
    for (int x = 0; x < n; x += BLOCK) {
        int count = n - x < BLOCK ? n - x : BLOCK;
        find_points(&p, bounds, inverse, filter, x0 + x, y, count);
        for (int i = 0; i < count; i++) {
            four v = {0.0f, 0.0f, 0.0f, 0.0f};
            if (p.cover[i] > 0.0f)
                v = p.cover[i] * sample_at(src, region, bounds, p.iu[i], p.iv[i], filter_weights(filter, p.tu[i]),
                                           filter_weights(filter, p.tv[i]), opaque);
            memcpy(out[i], &v, sizeof v);
        }
        for (int c = 0; c < 4; c++)
            for (int i = 0; i < count; i++) dst[c][x + i] = out[i][c];
    }
}

#endif
