/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evaluating a tree as rows of premultiplied R, G, B, A. */
#include "video/cpu/internal.h"

#include <math.h>
#include <string.h>

static void take4(rows_ctx *ctx, float *rows[4])
{
    for (int c = 0; c < 4; c++) rows[c] = take(ctx, KF_CHUNK);
}

static void ensure_alpha(rows_ctx *ctx, row_state state, float *alpha, int n)
{
    if (state == ROW_OPAQUE) ctx->k->fill(alpha, 1.0f, n);
}

static void clear_rows(rows_ctx *ctx, float *const dst[4], int n)
{
    for (int c = 0; c < 4; c++) ctx->k->fill(dst[c], 0.0f, n);
}

/* Raw components in dst[0..2] -> R'G'B'. The decode's offsets are multiplied by `offset`, NULL for 1: by the coverage
 * that filtered components carry already. */
static void decode_rows(rows_ctx *ctx, const picture *p, float *const dst[4], const float *offset, int n)
{
    if (p->colors > 1) {
        ctx->k->matrix(dst[0], dst[1], dst[2], offset, p->decode.m, n);
        return;
    }
    const float grey[4] = {p->decode.m[0][0], 0, 0, p->decode.m[0][3]};
    ctx->k->dot3(dst[1], dst[0], dst[0], dst[0], offset, grey, n);
    memcpy(dst[0], dst[1], sizeof(float) * (size_t)n);
    memcpy(dst[2], dst[1], sizeof(float) * (size_t)n);
}

static row_state eval_source(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    const picture *p = &find_opened(ctx->cpu, n)->picture;
    bool packed = load_packed(ctx, dst, p, y, x0, count);
    for (int c = 0; c < p->colors && !packed; c++)
        load_full_row(ctx, dst[c], &p->c[c], n->u.source.chroma, p->color.chroma_loc, y, x0, count);
    decode_rows(ctx, p, dst, NULL, count);
    if (!p->c[3].data) return ROW_OPAQUE;
    if (!packed) load_row(ctx, dst[3], &p->c[3], y, x0, count);
    ctx->k->scale(dst[3], p->alpha_scale, count);
    if (!p->premultiplied) ctx->k->premultiply(dst[0], dst[1], dst[2], dst[3], count);
    return ROW_ALPHA;
}

static row_state eval_resampled(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    const resampler *r = find_resampler(ctx->cpu, n, 0);
    const picture *p = &r->source;
    const axis *ax = &r->x[0], *ay = &r->y[0];
    if (p->packed && !resample_packed(ctx, dst, p, NULL, ax, ay, y, x0, count)) return ROW_EMPTY;
    for (int c = 0; c < p->colors && !p->packed; c++) {
        const component *from = &p->c[c];
        if (!resample_row(ctx, dst[c], from, &r->x[from->sub_w], &r->y[from->sub_h], y, x0, count)) return ROW_EMPTY;
    }
    float cy = ay->cover[y - ay->start], *saved = ctx->next, *cover = take(ctx, KF_CHUNK);
    bool covered = cy == 1.0f && x0 >= ax->full0 && x0 + count <= ax->full1;
    if (!covered) ctx->k->axpb(cover, ax->cover + (x0 - ax->start), cy, 0.0f, count);
    decode_rows(ctx, p, dst, covered ? NULL : cover, count);
    row_state state = ROW_ALPHA;
    if (p->c[3].data) { /* premultiplied: see needs_prepared_child */
        if (!p->packed) resample_row(ctx, dst[3], &p->c[3], ax, ay, y, x0, count);
        ctx->k->scale(dst[3], p->alpha_scale, count);
    } else if (covered) {
        state = ROW_OPAQUE;
    } else {
        memcpy(dst[3], cover, sizeof(float) * (size_t)count);
    }
    ctx->next = saved;
    return state;
}

static row_state eval_image(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    const prepared *m = find_prepared(ctx->cpu, n, PREPARED_IMAGE);
    const kf_image *image = &m->image;
    for (int c = 0; c < 4; c++) {
        const float *row =
            (const float *)(const void *)(image->plane[c] + (ptrdiff_t)(y - m->region.y0) * image->stride[c]);
        memcpy(dst[c], row + (x0 - m->region.x0), sizeof(float) * (size_t)count);
    }
    return n->opaque ? ROW_OPAQUE : ROW_ALPHA;
}

static row_state eval_rotated(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    const prepared *m = find_prepared(ctx->cpu, n->a, PREPARED_IMAGE);
    ctx->k->sample(dst, &m->image, &m->region, &n->a->bounds, &n->u.transform.inverse, n->u.transform.filter,
                   n->a->opaque, x0, y, count);
    return ROW_ALPHA;
}

static row_state eval_fill(rows_ctx *ctx, const kf_graph_node *n, int count, float *const dst[4])
{
    for (int c = 0; c < 4; c++) ctx->k->fill(dst[c], n->u.fill[c], count);
    return n->opaque ? ROW_OPAQUE : ROW_ALPHA;
}

static void copy_rows(float *const dst[4], float *const src[4], int n)
{
    for (int c = 0; c < 4; c++) memcpy(dst[c], src[c], sizeof(float) * (size_t)n);
}

static bool hides_backdrop(const kf_graph_node *blend, row_state source)
{
    return source == ROW_OPAQUE && blend->u.blend.mode == KF_BLEND_NORMAL && blend->u.blend.opacity == 1.0f;
}

/* Blends src, rows in the given state, into dst. */
static void blend_rows(rows_ctx *ctx, const kf_graph_node *n, row_state over, float *const src[4], float *const dst[4],
                       int count)
{
    ensure_alpha(ctx, over, src[3], count);
    for (int c = 0; n->u.blend.opacity != 1.0f && c < 4; c++) ctx->k->scale(src[c], n->u.blend.opacity, count);
    ctx->k->blend(dst, (const float *const *)src, n->u.blend.mode, count);
}

/* The source is run and blended only where it shows. */
static row_state eval_blend(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    int lo = x0, hi = x0 + count;
    if (!shown_span(ctx, n->b, y, &lo, &hi)) return eval_rows(ctx, n->a, y, x0, count, dst);
    float *saved = ctx->next, *src[4];
    take4(ctx, src);
    row_state over = eval_rows(ctx, n->b, y, lo, hi - lo, src), state;
    if (hi - lo == count && hides_backdrop(n, over)) {
        copy_rows(dst, src, count);
        state = ROW_OPAQUE;
    } else {
        state = eval_rows(ctx, n->a, y, x0, count, dst);
        if (over != ROW_EMPTY) {
            float *const part[4] = {dst[0] + (lo - x0), dst[1] + (lo - x0), dst[2] + (lo - x0), dst[3] + (lo - x0)};
            if (state == ROW_EMPTY) clear_rows(ctx, dst, count);
            ensure_alpha(ctx, state, dst[3], count);
            blend_rows(ctx, n, over, src, part, hi - lo);
            state = state == ROW_OPAQUE ? ROW_OPAQUE : ROW_ALPHA;
        }
    }
    ctx->next = saved;
    return state;
}

static row_state eval_mix(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    float *saved = ctx->next, *other[4], wa = n->u.mix.wa, wb = n->u.mix.wb;
    take4(ctx, other);
    row_state a = eval_rows(ctx, n->a, y, x0, count, dst), b = eval_rows(ctx, n->b, y, x0, count, other);
    row_state state = ROW_ALPHA;
    if (a == ROW_EMPTY && b == ROW_EMPTY) {
        state = ROW_EMPTY;
    } else if (b == ROW_EMPTY) {
        ensure_alpha(ctx, a, dst[3], count);
        for (int c = 0; c < 4; c++) ctx->k->scale(dst[c], wa, count);
    } else if (a == ROW_EMPTY) {
        ensure_alpha(ctx, b, other[3], count);
        for (int c = 0; c < 4; c++) ctx->k->axpb(dst[c], other[c], wb, 0.0f, count);
    } else {
        bool opaque = a == ROW_OPAQUE && b == ROW_OPAQUE && wa + wb == 1.0f;
        ensure_alpha(ctx, a, dst[3], count);
        ensure_alpha(ctx, b, other[3], count);
        for (int c = 0; c < 4; c++) ctx->k->mix(dst[c], dst[c], wa, other[c], wb, count);
        state = opaque ? ROW_OPAQUE : ROW_ALPHA;
    }
    ctx->next = saved;
    return state;
}

/* Multiplies all four rows by k. */
static row_state multiply_all(rows_ctx *ctx, row_state state, float *const dst[4], const float *k, int count)
{
    ensure_alpha(ctx, state, dst[3], count);
    for (int c = 0; c < 4; c++) ctx->k->multiply(dst[c], k, count);
    return ROW_ALPHA;
}

static row_state eval_matte(rows_ctx *ctx, const kf_graph_node *n, row_state state, int y, int x0, int count,
                            float *const dst[4])
{
    float *saved = ctx->next, *m[4];
    take4(ctx, m);
    row_state matte = eval_rows(ctx, n->b, y, x0, count, m);
    float *value = m[3];
    if (matte == ROW_EMPTY) {
        ctx->k->fill(value, 0.0f, count);
    } else if (n->u.matte.luma) {
        const float luma[4] = {0.2126f, 0.7152f, 0.0722f, 0};
        ctx->k->dot3(value, m[0], m[1], m[2], NULL, luma, count);
    } else {
        ensure_alpha(ctx, matte, value, count);
    }
    if (n->u.matte.invert) ctx->k->axpb(m[0], value, -1.0f, 1.0f, count);
    state = multiply_all(ctx, state, dst, n->u.matte.invert ? m[0] : value, count);
    ctx->next = saved;
    return state;
}

static float cover_of(float lo, float hi, int x)
{
    float a = fmaxf((float)x, lo), b = fminf((float)x + 1.0f, hi);
    return b > a ? b - a : 0.0f;
}

static row_state eval_crop(rows_ctx *ctx, const kf_graph_node *n, row_state state, int y, int x0, int count,
                           float *const dst[4])
{
    const float *r = n->u.crop;
    float cy = cover_of(r[1], r[3], y);
    if (cy <= 0.0f) return ROW_EMPTY;
    if (cy == 1.0f && r[0] <= (float)x0 && r[2] >= (float)(x0 + count)) return state;
    float *saved = ctx->next, *k = take(ctx, KF_CHUNK);
    for (int i = 0; i < count; i++) k[i] = cy * cover_of(r[0], r[2], x0 + i);
    state = multiply_all(ctx, state, dst, k, count);
    ctx->next = saved;
    return state;
}

/* The point operations that are defined on straight colour. */
static row_state eval_straight(rows_ctx *ctx, const kf_graph_node *n, row_state state, int count, float *const dst[4])
{
    const kf_kernels *k = ctx->k;
    bool key = n->type == KF_NODE_CHROMA_KEY || n->type == KF_NODE_LUMA_KEY;
    if (state == ROW_ALPHA) k->straighten(dst[0], dst[1], dst[2], dst[3], count);
    if (key) ensure_alpha(ctx, state, dst[3], count);
    switch (n->type) {
    case KF_NODE_CURVES: k->curves(dst[0], dst[1], dst[2], n->u.curves, count); break;
    case KF_NODE_LUT3D: k->lut3d(dst[0], dst[1], dst[2], n->u.lut3d.lut, n->u.lut3d.amount, count); break;
    case KF_NODE_CHROMA_KEY: k->chroma_key(dst[0], dst[1], dst[2], dst[3], &n->u.chroma_key, count); break;
    default: k->luma_key(dst[0], dst[1], dst[2], dst[3], &n->u.luma_key, count); break;
    }
    if (state == ROW_ALPHA || key) k->premultiply(dst[0], dst[1], dst[2], dst[3], count);
    return key ? ROW_ALPHA : state;
}

static row_state eval_point(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    const kf_kernels *k = ctx->k;
    row_state state = eval_rows(ctx, n->a, y, x0, count, dst);
    if (state == ROW_EMPTY) return ROW_EMPTY;
    switch (n->type) {
    case KF_NODE_MATRIX:
        k->matrix(dst[0], dst[1], dst[2], state == ROW_ALPHA ? dst[3] : NULL, n->u.matrix.m, count);
        return state;
    case KF_NODE_ALPHA:
        ensure_alpha(ctx, state, dst[3], count);
        for (int c = 0; c < 4; c++) k->scale(dst[c], n->u.opacity, count);
        return ROW_ALPHA;
    case KF_NODE_VIGNETTE:
        k->vignette(dst[0], dst[1], dst[2], &n->u.vignette, x0, y, count);
        return state;
    case KF_NODE_GRAIN:
        ensure_alpha(ctx, state, dst[3], count);
        k->grain(dst[0], dst[1], dst[2], dst[3], &n->u.noise, x0, y, count);
        return state;
    case KF_NODE_MASK: {
        mask_spans m = mask_spans_of(&n->u.mask, y);
        if (m.solid0 <= x0 && m.solid1 >= x0 + count) return state;
        float *saved = ctx->next, *cover = take(ctx, KF_CHUNK);
        k->mask(cover, &n->u.mask, x0, y, count);
        state = multiply_all(ctx, state, dst, cover, count);
        ctx->next = saved;
        return state;
    }
    case KF_NODE_MATTE: return eval_matte(ctx, n, state, y, x0, count, dst);
    case KF_NODE_CROP: return eval_crop(ctx, n, state, y, x0, count, dst);
    default: return eval_straight(ctx, n, state, count, dst);
    }
}

static row_state eval_inside(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    int dx, dy;
    switch (n->type) {
    case KF_NODE_SOURCE: return eval_source(ctx, n, y, x0, count, dst);
    case KF_NODE_FILL: return eval_fill(ctx, n, count, dst);
    case KF_NODE_GRADIENT:
        ctx->k->gradient(dst, n->u.gradient, x0, y, count);
        return n->opaque ? ROW_OPAQUE : ROW_ALPHA;
    case KF_NODE_NOISE:
        ctx->k->noise(dst[0], dst[1], dst[2], &n->u.noise, x0, y, count);
        return ROW_OPAQUE;
    case KF_NODE_TRANSFORM:
        if (is_shift(n, &dx, &dy)) return eval_rows(ctx, n->a, y - dy, x0 - dx, count, dst);
        if (kf_transform2d_separable(&n->u.transform.inverse)) return eval_resampled(ctx, n, y, x0, count, dst);
        return eval_rotated(ctx, n, y, x0, count, dst);
    case KF_NODE_BLUR:
        if (n->u.blur.type == KF_BLUR_DIRECTIONAL) return eval_image(ctx, n, y, x0, count, dst);
        return eval_blur(ctx, find_prepared(ctx->cpu, n, PREPARED_BLUR), y, x0, count, dst);
    case KF_NODE_PIXELATE: return eval_cells(ctx, find_prepared(ctx->cpu, n, PREPARED_CELLS), y, x0, count, dst);
    case KF_NODE_BLEND: return eval_blend(ctx, n, y, x0, count, dst);
    case KF_NODE_MIX: return eval_mix(ctx, n, y, x0, count, dst);
    default: return eval_point(ctx, n, y, x0, count, dst);
    }
}

row_state eval_rows(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *const dst[4])
{
    if (!n || y < n->bounds.y0 || y >= n->bounds.y1) return ROW_EMPTY;
    int lo = x0 > n->bounds.x0 ? x0 : n->bounds.x0, hi = x0 + count < n->bounds.x1 ? x0 + count : n->bounds.x1;
    if (lo >= hi) return ROW_EMPTY;
    if (lo == x0 && hi == x0 + count) return eval_inside(ctx, n, y, x0, count, dst);
    float *const part[4] = {dst[0] + (lo - x0), dst[1] + (lo - x0), dst[2] + (lo - x0), dst[3] + (lo - x0)};
    row_state state = eval_inside(ctx, n, y, lo, hi - lo, part);
    if (state == ROW_EMPTY) return ROW_EMPTY;
    ensure_alpha(ctx, state, part[3], hi - lo);
    float *const left[4] = {dst[0], dst[1], dst[2], dst[3]};
    float *const right[4] = {dst[0] + (hi - x0), dst[1] + (hi - x0), dst[2] + (hi - x0), dst[3] + (hi - x0)};
    clear_rows(ctx, left, lo - x0);
    clear_rows(ctx, right, x0 + count - hi);
    return ROW_ALPHA;
}
