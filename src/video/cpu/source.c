/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading pictures row by row. */
#include "video/cpu/internal.h"

static int packed_offset(kf_pixfmt format, int c)
{
    if (format == KF_PIX_BGRA8 && c < 3) return 2 - c;
    return c;
}

void picture_open(picture *p, const kf_image *image)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    *p = (picture){.premultiplied = image->premultiplied};
    p->color = kf_color_resolve(image->color, image->format, image->width, image->height);
    p->colors = info->model == KF_MODEL_GRAY ? 1 : 3;
    int word = info->bits == 32 ? 4 : info->bits > 8 ? 2 : 1;
    static const int gbr_plane[4] = {2, 0, 1, 3};
    for (int i = 0; i < p->colors + info->alpha; i++) {
        int id = i == p->colors ? 3 : i; /* component: the last one of an alpha format is alpha */
        component *c = &p->c[id];
        bool chroma = info->model == KF_MODEL_YUV && (id == 1 || id == 2);
        c->bytes = word;
        c->step = 1;
        c->unit = 1.0f / (float)(1 << info->shift);
        c->sub_w = chroma ? info->sub_w : 0;
        c->sub_h = chroma ? info->sub_h : 0;
        c->width = (image->width + (1 << c->sub_w) - 1) >> c->sub_w;
        c->height = (image->height + (1 << c->sub_h) - 1) >> c->sub_h;
        int plane = id, offset = 0;
        if (info->packed) {
            plane = 0;
            offset = packed_offset(image->format, id);
            c->step = info->components;
        } else if (info->semiplanar && chroma) {
            plane = 1;
            offset = id - 1;
            c->step = 2;
        } else if (info->model == KF_MODEL_RGB && info->bits != 32) {
            plane = gbr_plane[id];
        }
        c->data = image->plane[plane] + (ptrdiff_t)offset * word;
        c->stride = image->stride[plane];
    }
    float unit = p->c[0].unit, top = info->bits == 32 ? 1.0f : (float)((1 << info->bits) - 1);
    p->alpha_scale = unit / top;
    p->decode = info->bits == 32 ? kf_affine_identity : kf_color_decode(p->color, info);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) p->decode.m[i][j] *= unit;
}

void load_row(rows_ctx *ctx, float *dst, const component *c, int y, int x0, int n)
{
    const uint8_t *row = c->data + (ptrdiff_t)y * c->stride + (ptrdiff_t)x0 * c->step * c->bytes;
    if (c->bytes == 1)
        ctx->k->load_u8(dst, row, c->step, n);
    else if (c->bytes == 2)
        ctx->k->load_u16(dst, (const uint16_t *)(const void *)row, c->step, n);
    else
        ctx->k->load_f32(dst, (const float *)(const void *)row, c->step, n);
}

static int clamp_index(int v, int size)
{
    return v < 0 ? 0 : v >= size ? size - 1 : v;
}

/* Position on the chroma grid of full-grid pixel v, in quarter samples, of sample centres: co-sited v/2, else v/2 - 1/4. */
static int quarter_position(int v, bool cosited)
{
    return 2 * v - (cosited ? 0 : 1);
}

static void load_linear_chroma(rows_ctx *ctx, float *dst, const component *c, int chroma_loc, int y, int x0, int n)
{
    bool cosited_x = chroma_loc != KF_CHROMA_CENTER, cosited_y = chroma_loc == KF_CHROMA_TOPLEFT;
    float *saved = ctx->next, *line = take(ctx, (size_t)n + 8), *other = take(ctx, (size_t)n + 8);
    int first = c->sub_w ? (quarter_position(x0, cosited_x) >> 2) : x0;
    int last = c->sub_w ? (quarter_position(x0 + n - 1, cosited_x) >> 2) + 1 : x0 + n - 1;
    int lo = clamp_index(first, c->width), hi = clamp_index(last, c->width);
    int ya = y, yb = y;
    float fy = 0;
    if (c->sub_h) {
        int q = quarter_position(y, cosited_y);
        ya = clamp_index(q >> 2, c->height);
        yb = clamp_index((q >> 2) + 1, c->height);
        fy = (float)(q & 3) * 0.25f;
    }
    load_row(ctx, line, c, ya, lo, hi - lo + 1);
    if (fy != 0 && yb != ya) {
        load_row(ctx, other, c, yb, lo, hi - lo + 1);
        ctx->k->mix(line, line, 1.0f - fy, other, fy, hi - lo + 1);
    }
    if (!c->sub_w) {
        ctx->k->axpb(dst, line, 1.0f, 0.0f, n);
    } else {
        for (int i = 0; i < n; i++) {
            int q = quarter_position(x0 + i, cosited_x);
            float a = line[clamp_index(q >> 2, c->width) - lo], b = line[clamp_index((q >> 2) + 1, c->width) - lo];
            float f = (float)(q & 3) * 0.25f;
            dst[i] = a * (1.0f - f) + b * f;
        }
    }
    ctx->next = saved;
}

void load_full_row(rows_ctx *ctx, float *dst, const component *c, kf_chroma_mode mode, int chroma_loc, int y, int x0, int n)
{
    if (!c->sub_w && !c->sub_h) {
        load_row(ctx, dst, c, y, x0, n);
    } else if (mode == KF_CHROMA_LINEAR) {
        load_linear_chroma(ctx, dst, c, chroma_loc, y, x0, n);
    } else if (!c->sub_w) {
        load_row(ctx, dst, c, y >> c->sub_h, x0, n);
    } else {
        float *saved = ctx->next, *line = take(ctx, (size_t)n + 8);
        int lo = x0 >> 1, hi = (x0 + n - 1) >> 1;
        load_row(ctx, line, c, y >> c->sub_h, lo, hi - lo + 1);
        ctx->k->widen2(dst, line, x0 & 1, n);
        ctx->next = saved;
    }
}

bool resample_row(rows_ctx *ctx, float *dst, const component *c, const axis *ax, const axis *ay, int y, int x0, int n)
{
    int j = y - ay->start, i = x0 - ax->start;
    if (j < 0 || j >= ay->count || ay->cover[j] <= 0.0f) return false;
    int lo = ax->first[i], hi = lo;
    for (int q = i; q < i + n; q++) {
        lo = ax->first[q] < lo ? ax->first[q] : lo;
        hi = ax->first[q] > hi ? ax->first[q] : hi;
    }
    int span = hi + ax->taps - lo;
    float *saved = ctx->next, *line = take(ctx, (size_t)span * c->step + 16), *wy = take(ctx, (size_t)ay->taps);
    int32_t *first = (int32_t *)(void *)take(ctx, (size_t)n);
    for (int q = 0; q < ay->taps; q++) wy[q] = ay->weight[(size_t)q * ay->count + j];
    for (int q = 0; q < n; q++) first[q] = ax->first[i + q] - lo;
    const uint8_t *row = c->data + (ptrdiff_t)ay->first[j] * c->stride + (ptrdiff_t)lo * c->step * c->bytes;
    int samples = (span - 1) * c->step + 1; /* the component's last sample may be the end of its row */
    if (c->bytes == 1)
        ctx->k->columns_u8(line, row, c->stride, wy, ay->taps, samples);
    else if (c->bytes == 2)
        ctx->k->columns_u16(line, (const uint16_t *)(const void *)row, c->stride, wy, ay->taps, samples);
    else
        ctx->k->columns_f32(line, (const float *)(const void *)row, c->stride, wy, ay->taps, samples);
    ctx->k->across(dst, line, first, ax->weight + i, ax->count, ax->taps, c->step, n);
    ctx->next = saved;
    return true;
}
