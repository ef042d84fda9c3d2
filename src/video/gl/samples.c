/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/gl/samples.h"

static void set_u8(float *restrict out, const uint8_t *restrict in, float weight, int n)
{
    for (int i = 0; i < n; i++) out[i] = weight * (float)(int)in[i];
}

static void add_u8(float *restrict out, const uint8_t *restrict in, float weight, int n)
{
    for (int i = 0; i < n; i++) out[i] += weight * (float)(int)in[i];
}

static void set_u16(float *restrict out, const uint16_t *restrict in, float weight, int n)
{
    for (int i = 0; i < n; i++) out[i] = weight * (float)(int)in[i];
}

static void add_u16(float *restrict out, const uint16_t *restrict in, float weight, int n)
{
    for (int i = 0; i < n; i++) out[i] += weight * (float)(int)in[i];
}

void soft_mean_rows(float *out, const soft_rows *rows, int bytes, int n)
{
    for (int t = 0; t < rows->count; t++) {
        const uint8_t *row = rows->data + rows->stride * t;
        const uint16_t *words = (const uint16_t *)(const void *)row;
        float weight = rows->weight[t];
        if (t > 0 && weight == 0) continue;
        if (bytes == 1) {
            (t ? add_u8 : set_u8)(out, row, weight, n);
        } else {
            (t ? add_u16 : set_u16)(out, words, weight, n);
        }
    }
}

/* With `taps` and `step` constant the loops are unrolled. */
static inline void mean_columns(float *restrict out, const float *restrict in, const soft_columns *c, int taps, int step,
                                int n)
{
    const int *restrict start = c->start;
    const float *restrict weight = c->weight;
    for (int i = 0; i < n; i++) {
        const float *from = in + (ptrdiff_t)start[i] * step, *w = weight + (ptrdiff_t)i * taps;
        float sum = 0;
        for (int t = 0; t < taps; t++) sum += from[(ptrdiff_t)t * step] * w[t];
        out[i] = sum;
    }
}

void soft_mean_columns(float *out, const float *in, const soft_columns *c, int n)
{
    switch (c->step == 1 ? c->taps : 0) {
    case 1: mean_columns(out, in, c, 1, 1, n); break;
    case 2: mean_columns(out, in, c, 2, 1, n); break;
    case 3: mean_columns(out, in, c, 3, 1, n); break;
    case 4: mean_columns(out, in, c, 4, 1, n); break;
    default: mean_columns(out, in, c, c->taps, c->step, n); break;
    }
}

static inline uint32_t code(float v)
{
    v = v > 0 ? v : 0;
    v = v < 255 ? v : 255;
    return (uint32_t)(int)(v + 0.5f);
}

void soft_pack(uint32_t *out, float *const in[3], const kf_affine *decode, int n)
{
    const kf_affine d = *decode;
    const float *restrict a = in[0], *restrict b = in[1], *restrict c = in[2];
    uint32_t *restrict to = out;
    for (int i = 0; i < n; i++) {
        uint32_t red = code(d.m[0][0] * a[i] + d.m[0][1] * b[i] + d.m[0][2] * c[i] + d.m[0][3]);
        uint32_t green = code(d.m[1][0] * a[i] + d.m[1][1] * b[i] + d.m[1][2] * c[i] + d.m[1][3]);
        uint32_t blue = code(d.m[2][0] * a[i] + d.m[2][1] * b[i] + d.m[2][2] * c[i] + d.m[2][3]);
        to[i] = red | green << 8 | blue << 16 | 0xff000000u;
    }
}

/* A sample to the left lies on the middle of an even luma pixel: a quarter of its own width further left than one that
 * lies between two. */
void gl_chroma_place(const kf_pixfmt_info *info, kf_color color, float place[4])
{
    place[0] = 1.0f / (float)(1 << info->sub_w);
    place[1] = 1.0f / (float)(1 << info->sub_h);
    place[2] = info->sub_w && color.chroma_loc != KF_CHROMA_CENTER ? 0.25f : 0;
    place[3] = info->sub_h && color.chroma_loc == KF_CHROMA_TOPLEFT ? 0.25f : 0;
}
