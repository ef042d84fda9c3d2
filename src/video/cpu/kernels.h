/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Row kernels. kernels.c is compiled once per instruction set; every variant gives the same bits: plain float
 * operations in the same order, no contraction, no libm but sqrtf and floorf, which are exact. Rows are float, `n`
 * pixels; pointers need no alignment; outputs do not overlap inputs unless said. */
#ifndef KF_VIDEO_CPU_KERNELS_H
#define KF_VIDEO_CPU_KERNELS_H

#include "video/graph/api/graph.h"

/* How the last step of a plane stores: code = floor(clamp(v + bias, 0, max) + 0.5) << shift. */
typedef struct kf_store {
    float max, bias;
    int shift, step; /* step: samples from one pixel to the next */
    bool wide;       /* 16-bit words */
} kf_store;

typedef struct kf_kernels {
    /* -- load: raw samples to float -- */
    void (*load_u8)(float *dst, const uint8_t *src, int step, int n);
    void (*load_u16)(float *dst, const uint16_t *src, int step, int n);
    void (*load_f32)(float *dst, const float *src, int step, int n);
    /* pixels of four bytes, and of three, into rows in their order in memory */
    void (*load4_u8)(float *const dst[4], const uint8_t *src, int n);
    void (*load3_u8)(float *const dst[3], const uint8_t *src, int n);
    /* alpha = scale * byte 3; value = c[0..2] . bytes 0..2 + c[3], times alpha if straight; + per_alpha * alpha */
    void (*form4_u8)(float *value, float *alpha, const uint8_t *src, const float c[4], float scale, float per_alpha,
                     bool straight, int n);
    /* dst[c][i] = src[i * step + c], step 2..4 */
    void (*split)(float *const dst[4], const float *src, int step, int n);
    /* dst[i] = src[(phase + i) >> 1] */
    void (*widen2)(float *dst, const float *src, int phase, int n);
    /* Pairs of outputs from neighbouring samples: dst[2j] = (1 - w0) src[j] + w0 src[j + 1], dst[2j + 1] the same with
     * w1 from src[j + shift1] on; the first `skip` (0 or 1) of n + skip outputs are left out */
    void (*widen2_linear)(float *dst, const float *src, float w0, int shift1, float w1, int skip, int n);
    /* dst[j] = (src[2j] + src[2j+1]) * 0.5; the last one is src[2j] alone when n_src is odd. In place is fine. */
    void (*halve)(float *dst, const float *src, int n_src);
    /* dst[j] = (src[2j] + 3 src[2j+1] + 3 src[2j+2] + src[2j+3]) / 8, n outputs */
    void (*halve3)(float *dst, const float *src, int n);
    /* -- linear forms -- */
    void (*fill)(float *dst, float v, int n);
    void (*scale)(float *row, float k, int n);
    void (*multiply)(float *row, const float *k, int n);
    void (*axpb)(float *dst, const float *src, float a, float b, int n);       /* dst = a * src + b */
    void (*axpy)(float *dst, const float *src, float a, int n);                /* dst += a * src */
    void (*mix)(float *dst, const float *a, float wa, const float *b, float wb, int n); /* dst may be a */
    void (*over)(float *dst, const float *src, const float *alpha, int n);     /* dst = src + (1 - alpha) * dst */
    void (*over_alpha)(float *dst, const float *alpha, int n);                 /* dst = alpha + (1 - alpha) * dst */
    /* dst = c[0] * x + c[1] * y + c[2] * z + c[3] (* alpha unless alpha is NULL) */
    void (*dot3)(float *dst, const float *x, const float *y, const float *z, const float *alpha, const float c[4],
                 int n);
    /* as three dot3, in place */
    void (*matrix)(float *r, float *g, float *b, const float *alpha, const float m[3][4], int n);
    /* -- separable filters -- */
    /* dst[i] = sum over k of w[k] * row_k[i]; rows are `stride` bytes apart from src */
    void (*columns_u8)(float *dst, const uint8_t *src, ptrdiff_t stride, const float *w, int taps, int n);
    void (*columns_u16)(float *dst, const uint16_t *src, ptrdiff_t stride, const float *w, int taps, int n);
    void (*columns_f32)(float *dst, const float *src, ptrdiff_t stride, const float *w, int taps, int n);
    /* dst[i] = sum over k of w[k] * src[at[k] + i]; 0 without any */
    void (*sum_at)(float *dst, const float *src, const ptrdiff_t *at, const float *w, int count, int n);
    /* dst[i] = sum over k of w[k * w_stride + i] * src[first[i] - origin + k]; 64 floats beyond the last tap must be
     * readable */
    void (*across)(float *dst, const float *src, const int32_t *first, int origin, const float *w, int w_stride,
                   int taps, int n);
    /* dst[i] = sum over k of w[k] * src[i + k] */
    void (*fir)(float *dst, const float *src, const float *w, int taps, int n);
    /* -- store -- */
    void (*store_u8)(uint8_t *dst, const float *src, const kf_store *how, int n);
    void (*store_u16)(uint16_t *dst, const float *src, const kf_store *how, int n);
    /* pixels of four bytes, and of three, from rows in their order in memory; without bias */
    void (*store4_u8)(uint8_t *dst, const float *const src[4], float max, int n);
    void (*store3_u8)(uint8_t *dst, const float *const src[3], float max, int n);
    /* dst = stored sum of w[k] * src_k, planes of codes in and out: the whole way of a graded, dissolved picture. The
     * tables are by [16-bit words in][16-bit words out] */
    void (*linear1[2][2])(void *dst, const void *a, float wa, const kf_store *how, int n);
    void (*linear2[2][2])(void *dst, const void *a, float wa, const void *b, float wb, const kf_store *how, int n);
    /* -- point operations on rows r, g, b, a (premultiplied); a is never NULL -- */
    void (*premultiply)(float *r, float *g, float *b, const float *a, int n);
    void (*straighten)(float *r, float *g, float *b, const float *a, int n);
    void (*curves)(float *r, float *g, float *b, const kf_lut1d *lut, int n);
    void (*lut3d)(float *r, float *g, float *b, const kf_lut3d *lut, float amount, int n);
    void (*chroma_key)(float *r, float *g, float *b, float *a, const kf_chroma_key *key,
                       int n); /* straight in and out */
    void (*luma_key)(const float *r, const float *g, const float *b, float *a, const kf_luma_key *key, int n);
    void (*vignette)(float *r, float *g, float *b, const kf_vignette *v, int x0, int y, int n);
    void (*grain)(float *r, float *g, float *b, const float *a, const kf_noise *noise, int x0, int y, int n);
    void (*noise)(float *r, float *g, float *b, const kf_noise *noise, int x0, int y, int n);
    void (*mask)(float *coverage, const kf_shape_mask *mask, int x0, int y, int n);
    void (*gradient)(float *const rgba[4], const kf_gradient *gradient, int x0, int y, int n);
    /* b over a into a; all eight rows premultiplied, opacity already in b */
    void (*blend)(float *const a[4], const float *const b[4], kf_blend_mode mode, int n);
    /* rotated sampling from four float planes over `region` of a node with the bounds; see TRANSFORM. opaque: alpha is
     * 1 inside */
    void (*sample)(float *const dst[4], const kf_image *src, const kf_rect *region, const kf_rect *bounds,
                   const kf_transform2d *inverse, kf_filter filter, bool opaque, int x0, int y, int n);
} kf_kernels;

extern const kf_kernels kf_kernels_c, kf_kernels_avx2, kf_kernels_avx512;

#endif
