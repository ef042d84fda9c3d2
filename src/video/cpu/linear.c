/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear forms. When a tree holds only affine colour, normal blends, mixes and separable scaling, everything commutes
 * with the output's RGB-to-YUV matrix and with its chroma average. Each output plane is then computed alone, on its own
 * grid, by pushing a row of the encode matrix down the tree: a graded, dissolved 4:2:0 picture costs one multiply-add
 * per stored sample and source, and no chroma is ever brought to full resolution. */
#include "video/cpu/internal.h"

#include <math.h>
#include <string.h>

bool linear_possible(const struct kf_cpu *cpu, const kf_graph_node *n)
{
    int dx, dy;
    if (!n) return true;
    switch (n->type) {
    case KF_NODE_SOURCE: case KF_NODE_FILL:
        return true;
    case KF_NODE_TRANSFORM:
        if (is_shift(n, &dx, &dy)) return linear_possible(cpu, n->a);
        return kf_transform2d_separable(&n->u.transform.inverse);
    case KF_NODE_BLUR: {
        const prepared *p = find_prepared(cpu, n, PREPARED_BLUR);
        return p && blur_has_forms(p);
    }
    case KF_NODE_BLEND:
        return n->u.blend.mode == KF_BLEND_NORMAL && linear_possible(cpu, n->a) && linear_possible(cpu, n->b);
    case KF_NODE_MIX: case KF_NODE_MATTE:
        return linear_possible(cpu, n->a) && linear_possible(cpu, n->b);
    case KF_NODE_MATRIX: case KF_NODE_ALPHA: case KF_NODE_CROP: case KF_NODE_MASK:
        return linear_possible(cpu, n->a);
    default:
        return false;
    }
}

void form_through_matrix(const float t[4], const kf_affine *m, float out[4])
{
    const float t0 = t[0], t1 = t[1], t2 = t[2], t3 = t[3]; /* out may be t */
    for (int j = 0; j < 4; j++) out[j] = t0 * m->m[0][j] + t1 * m->m[1][j] + t2 * m->m[2][j];
    out[3] += t3;
}

static bool has_premultiplied_alpha(const picture *p)
{
    return p->c[3].data && p->premultiplied;
}

void form_through_decode(const float t[4], const picture *p, float out[4])
{
    const float colors[4] = {t[0], t[1], t[2], has_premultiplied_alpha(p) ? 0.0f : t[3]};
    form_through_matrix(colors, &p->decode, out);
    if (p->colors == 1) out[1] = out[2] = 0;
    for (int i = 0; i < p->colors; i++) {
        float top = p->c[i].bytes == 4 ? 1.0f : p->c[i].bytes == 2 ? 65535.0f : 255.0f;
        if (fabsf(out[i]) * top < 1e-3f) out[i] = 0;
    }
}

/* Is each chroma cell of the output wholly inside or wholly outside? */
static bool whole_cells(const rows_ctx *ctx, kf_rect b)
{
    int mx = (1 << ctx->cpu->info->sub_w) - 1, my = (1 << ctx->cpu->info->sub_h) - 1;
    return !(b.x0 & mx) && !(b.y0 & my) && (b.x1 >= ctx->limit_x || !(b.x1 & mx)) &&
           (b.y1 >= ctx->limit_y || !(b.y1 & my));
}

/* Is the picture the same over each chroma cell of the output? */
static bool constant_in_cell(const rows_ctx *ctx, const kf_graph_node *n, const float t[4])
{
    if (!n) return true;
    if (n->type == KF_NODE_FILL) return whole_cells(ctx, n->bounds);
    if (n->type == KF_NODE_MATRIX) {
        float inner[4];
        form_through_matrix(t, &n->u.matrix, inner);
        return constant_in_cell(ctx, n->a, inner);
    }
    if (n->type == KF_NODE_ALPHA) return constant_in_cell(ctx, n->a, t);
    if (n->type == KF_NODE_MIX) return constant_in_cell(ctx, n->a, t) && constant_in_cell(ctx, n->b, t);
    int dx, dy;
    if (is_shift(n, &dx, &dy) && whole_cells(ctx, (kf_rect){dx, dy, KF_FAR, KF_FAR})) {
        rows_ctx moved = *ctx;
        moved.limit_x -= dx;
        moved.limit_y -= dy;
        return constant_in_cell(&moved, n->a, t);
    }
    if (n->type != KF_NODE_SOURCE || !n->opaque || n->u.source.chroma != KF_CHROMA_REPLICATE ||
        !whole_cells(ctx, n->bounds))
        return false;
    const picture *p = &find_opened(ctx->cpu, n)->picture;
    const kf_pixfmt_info *info = ctx->cpu->info;
    float c[4];
    form_through_decode(t, p, c);
    for (int i = 0; i < p->colors; i++)
        if (c[i] != 0 && (p->c[i].sub_w != info->sub_w || p->c[i].sub_h != info->sub_h)) return false;
    return true;
}

bool one_colour_in_cells(struct kf_cpu *cpu, const kf_graph_node *n, const float t[4])
{
    const rows_ctx ctx = {.cpu = cpu, .k = cpu->k, .limit_x = KF_FAR, .limit_y = KF_FAR};
    return constant_in_cell(&ctx, n, t);
}

/* Full-grid rows and columns of the output that chroma cells [x0, x0 + n) x {y} hold. */
static kf_rect cells_to_pixels(const rows_ctx *ctx, int y, int x0, int n)
{
    int sw = ctx->cpu->info->sub_w, sh = ctx->cpu->info->sub_h;
    kf_rect r = {x0 * (1 << sw), y * (1 << sh), (x0 + n) * (1 << sw), (y + 1) * (1 << sh)};
    if (!cells_are_cut(ctx->cpu)) return r; /* also beyond the canvas, where blurs read */
    if (r.x1 > ctx->limit_x) r.x1 = ctx->limit_x;
    if (r.y1 > ctx->limit_y) r.y1 = ctx->limit_y;
    return r;
}

static void set_rows(rows_ctx *ctx, row_state state, float *value, float *alpha, int n)
{
    if (state == ROW_EMPTY) {
        ctx->k->fill(value, 0.0f, n);
        ctx->k->fill(alpha, 0.0f, n);
    } else if (state == ROW_OPAQUE) {
        ctx->k->fill(alpha, 1.0f, n);
    }
}

/* The definition itself: full-grid rows, averaged over the cell. */
static row_state eval_averaged(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int y, int x0, int count,
                               float *value, float *alpha)
{
    const kf_kernels *k = ctx->k;
    kf_rect r = cells_to_pixels(ctx, y, x0, count);
    int width = r.x1 - r.x0;
    float *saved = ctx->next, *v0 = take(ctx, (size_t)width), *a0 = take(ctx, (size_t)width), *v1 = v0, *a1 = a0;
    row_state first = eval_linear(ctx, n, t, 0, r.y0, r.x0, width, v0, a0), second = first;
    if (r.y1 - r.y0 == 2) {
        v1 = take(ctx, (size_t)width);
        a1 = take(ctx, (size_t)width);
        second = eval_linear(ctx, n, t, 0, r.y0 + 1, r.x0, width, v1, a1);
    }
    row_state state = first == second && first != ROW_ALPHA ? first : ROW_ALPHA;
    if (state != ROW_EMPTY) {
        set_rows(ctx, first, v0, a0, width);
        if (v1 != v0) {
            set_rows(ctx, second, v1, a1, width);
            k->mix(v0, v0, 0.5f, v1, 0.5f, width);
            k->mix(a0, a0, 0.5f, a1, 0.5f, width);
        }
        if (ctx->cpu->info->sub_w) {
            k->halve(value, v0, width);
            k->halve(alpha, a0, width);
        } else {
            memcpy(value, v0, sizeof(float) * (size_t)width);
            memcpy(alpha, a0, sizeof(float) * (size_t)width);
        }
    }
    ctx->next = saved;
    return state;
}

/* Mean over the output's chroma cells of a full-size component. */
static void load_averaged(rows_ctx *ctx, float *dst, const component *c, int y, int x0, int count)
{
    kf_rect r = cells_to_pixels(ctx, y, x0, count);
    int width = r.x1 - r.x0;
    float *saved = ctx->next, *a = take(ctx, (size_t)width), *b = take(ctx, (size_t)width);
    load_row(ctx, a, c, r.y0, r.x0, width);
    if (r.y1 - r.y0 == 2) {
        load_row(ctx, b, c, r.y0 + 1, r.x0, width);
        ctx->k->mix(a, a, 0.5f, b, 0.5f, width);
    }
    if (ctx->cpu->info->sub_w)
        ctx->k->halve(dst, a, width);
    else
        memcpy(dst, a, sizeof(float) * (size_t)width);
    ctx->next = saved;
}

static row_state eval_source(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0,
                             int count, float *value, float *alpha)
{
    const kf_kernels *k = ctx->k;
    const struct kf_cpu *cpu = ctx->cpu;
    const picture *p = &find_opened(cpu, n)->picture;
    bool has_alpha = p->c[3].data != NULL;
    if (grid) {
        kf_rect r = cells_to_pixels(ctx, y, x0, count);
        bool same_grid = p->colors == 1 || (p->c[1].sub_w == 0 && p->c[1].sub_h == 0) ||
                         (p->c[1].sub_w == cpu->info->sub_w && p->c[1].sub_h == cpu->info->sub_h &&
                          n->u.source.chroma == KF_CHROMA_REPLICATE);
        if (has_alpha || !same_grid || !kf_rect_contains(n->bounds, r))
            return eval_averaged(ctx, n, t, y, x0, count, value, alpha);
    }
    float c[4], per_alpha = has_premultiplied_alpha(p) ? t[3] : 0;
    form_through_decode(t, p, c);
    if (has_alpha && load_packed_form(ctx, value, alpha, p, c, per_alpha, y, x0, count)) return ROW_ALPHA;
    float *saved = ctx->next, *row = take(ctx, (size_t)count);
    if (has_alpha) {
        load_row(ctx, alpha, &p->c[3], y, x0, count);
        k->scale(alpha, p->alpha_scale, count);
    }
    bool started = false;
    for (int i = 0; i < p->colors; i++) {
        if (c[i] == 0) continue;
        const component *from = &p->c[i];
        if (!grid)
            load_full_row(ctx, row, from, n->u.source.chroma, p->color.chroma_loc, y, x0, count);
        else if (from->sub_w || from->sub_h)
            load_row(ctx, row, from, y, x0, count);
        else
            load_averaged(ctx, row, from, y, x0, count);
        if (started)
            k->axpy(value, row, c[i], count);
        else
            k->axpb(value, row, c[i], c[3], count);
        started = true;
    }
    if (!started) k->fill(value, c[3], count);
    if (has_premultiplied_alpha(p))
        k->axpy(value, alpha, t[3], count);
    else if (has_alpha)
        k->multiply(value, alpha, count);
    ctx->next = saved;
    return has_alpha ? ROW_ALPHA : ROW_OPAQUE;
}

static row_state eval_resampled(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0,
                                int count, float *value, float *alpha)
{
    const kf_kernels *k = ctx->k;
    const resampler *r = find_resampler(ctx->cpu, n, grid);
    const picture *p = &r->source;
    const axis *ax = &r->x[0], *ay = &r->y[0];
    float cy = ay->cover[y - ay->start];
    if (cy <= 0.0f) return ROW_EMPTY;
    float c[4], *saved = ctx->next, *row = take(ctx, (size_t)count);
    form_through_decode(t, p, c);
    if (p->packed) {
        float *const rows[4] = {value, NULL, NULL, row};
        resample_packed(ctx, rows, p, c, ax, ay, y, x0, count);
    } else {
        k->fill(value, 0.0f, count);
    }
    for (int i = 0; i < p->colors && !p->packed; i++) {
        const component *from = &p->c[i];
        if (c[i] == 0 || !resample_row(ctx, row, from, &r->x[from->sub_w], &r->y[from->sub_h], y, x0, count)) continue;
        k->axpy(value, row, c[i], count);
    }
    k->axpb(alpha, ax->cover + (x0 - ax->start), cy, 0.0f, count);
    if (c[3] != 0) k->axpy(value, alpha, c[3], count); /* rows carry the coverage already */
    if (p->c[3].data) {
        if (p->packed)
            k->axpb(alpha, row, 1.0f, 0.0f, count);
        else
            resample_row(ctx, alpha, &p->c[3], ax, ay, y, x0, count);
        k->scale(alpha, p->alpha_scale, count);
        k->axpy(value, alpha, t[3], count);
    }
    ctx->next = saved;
    return !p->c[3].data && cy == 1.0f && x0 >= ax->full0 && x0 + count <= ax->full1 ? ROW_OPAQUE : ROW_ALPHA;
}

/* The cells or pixels [*lo, *hi) of row y on the grid where the node can be other than transparent; false: nowhere. */
static bool grid_span(const rows_ctx *ctx, const kf_graph_node *n, int grid, int y, int *lo, int *hi)
{
    if (!grid) return shown_span(ctx, n, y, lo, hi);
    kf_rect r = cells_to_pixels(ctx, y, *lo, *hi - *lo);
    int x0 = r.x0, x1 = r.x1, sub_w = ctx->cpu->info->sub_w;
    bool shown = shown_span(ctx, n, r.y0, &x0, &x1);
    if (r.y1 - r.y0 == 2) {
        int other0 = r.x0, other1 = r.x1;
        if (shown_span(ctx, n, r.y0 + 1, &other0, &other1)) {
            x0 = !shown || other0 < x0 ? other0 : x0;
            x1 = !shown || other1 > x1 ? other1 : x1;
            shown = true;
        }
    }
    *lo = x0 >> sub_w;
    *hi = (x1 + sub_w) >> sub_w;
    return shown;
}

/* Can rows of the node come out opaque? Only what is worth trying. */
static bool may_be_opaque(const kf_graph_node *n)
{
    int dx, dy;
    if (!n || n->opaque) return n != NULL;
    switch (n->type) {
    case KF_NODE_MATRIX: return may_be_opaque(n->a);
    case KF_NODE_TRANSFORM: return !is_shift(n, &dx, &dy) || may_be_opaque(n->a);
    case KF_NODE_BLEND: return may_be_opaque(n->a) || may_be_opaque(n->b);
    case KF_NODE_MIX: return may_be_opaque(n->a) && may_be_opaque(n->b);
    default: return false;
    }
}

/* A BLEND over rows of its backdrop in value and alpha, which are in state `under`. */
static row_state blend_over(rows_ctx *ctx, row_state under, row_state src, float *value, float *alpha, float *sv,
                            float *sa, float opacity, int count)
{
    const kf_kernels *k = ctx->k;
    if (src == ROW_EMPTY) return under;
    set_rows(ctx, src, sv, sa, count);
    if (opacity != 1.0f) {
        k->scale(sv, opacity, count);
        k->scale(sa, opacity, count);
    }
    if (under == ROW_EMPTY) set_rows(ctx, under, value, alpha, count);
    k->over(value, sv, sa, count);
    if (under != ROW_OPAQUE) k->over_alpha(alpha, sa, count);
    return under == ROW_OPAQUE ? ROW_OPAQUE : ROW_ALPHA;
}

/* A BLEND whose source can show in all of the range. */
static row_state eval_blend_inside(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0,
                                   int count, float *value, float *alpha)
{
    bool constant = !grid || constant_in_cell(ctx, n->a, t);
    if (!constant && !may_be_opaque(n->b)) return eval_averaged(ctx, n, t, y, x0, count, value, alpha);
    float *saved = ctx->next, *sv = take(ctx, KF_CHUNK), *sa = take(ctx, KF_CHUNK);
    row_state src = eval_linear(ctx, n->b, t, grid, y, x0, count, sv, sa), state;
    if (src == ROW_OPAQUE && n->u.blend.opacity == 1.0f) {
        memcpy(value, sv, sizeof(float) * (size_t)count);
        state = ROW_OPAQUE;
    } else if (src == ROW_ALPHA && !constant) {
        state = eval_averaged(ctx, n, t, y, x0, count, value, alpha);
    } else {
        state = eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
        state = blend_over(ctx, state, src, value, alpha, sv, sa, n->u.blend.opacity, count);
    }
    ctx->next = saved;
    return state;
}

/* The source of a BLEND over full-grid rows of its backdrop, which is not evaluated again. */
static row_state blend_onto(rows_ctx *ctx, row_state under, const kf_graph_node *n, const float t[4], int y, int x0,
                            int count, float *value, float *alpha)
{
    float *saved = ctx->next, *sv = take(ctx, KF_CHUNK), *sa = take(ctx, KF_CHUNK);
    row_state src = eval_linear(ctx, n->b, t, 0, y, x0, count, sv, sa), state = ROW_OPAQUE;
    if (src == ROW_OPAQUE && n->u.blend.opacity == 1.0f)
        memcpy(value, sv, sizeof(float) * (size_t)count);
    else
        state = blend_over(ctx, under, src, value, alpha, sv, sa, n->u.blend.opacity, count);
    ctx->next = saved;
    return state;
}

static row_state eval_blend(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0, int count,
                            float *value, float *alpha)
{
    int lo = x0, hi = x0 + count;
    if (!grid_span(ctx, n->b, grid, y, &lo, &hi)) return eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
    if (hi - lo == count) return eval_blend_inside(ctx, n, t, grid, y, x0, count, value, alpha);
    row_state around = eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
    if (around != ROW_OPAQUE) set_rows(ctx, around, value, alpha, count);
    float *v = value + (lo - x0), *a = alpha + (lo - x0);
    row_state inside = grid ? eval_blend_inside(ctx, n, t, grid, y, lo, hi - lo, v, a)
                            : blend_onto(ctx, around, n, t, y, lo, hi - lo, v, a);
    if (around == ROW_OPAQUE && inside == ROW_OPAQUE) return ROW_OPAQUE;
    if (around == ROW_OPAQUE) {
        ctx->k->fill(alpha, 1.0f, lo - x0);
        ctx->k->fill(alpha + (hi - x0), 1.0f, x0 + count - hi);
    }
    if (inside != ROW_ALPHA) set_rows(ctx, inside, v, a, hi - lo);
    return ROW_ALPHA;
}

static row_state eval_mix(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0, int count,
                          float *value, float *alpha)
{
    float *saved = ctx->next, *bv = take(ctx, KF_CHUNK), *ba = take(ctx, KF_CHUNK), wa = n->u.mix.wa, wb = n->u.mix.wb;
    row_state a = eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
    row_state b = eval_linear(ctx, n->b, t, grid, y, x0, count, bv, ba);
    row_state state = ROW_EMPTY;
    if (a != ROW_EMPTY || b != ROW_EMPTY) {
        state = a == ROW_OPAQUE && b == ROW_OPAQUE && wa + wb == 1.0f ? ROW_OPAQUE : ROW_ALPHA;
        set_rows(ctx, a, value, alpha, count);
        set_rows(ctx, b, bv, ba, count);
        ctx->k->mix(value, value, wa, bv, wb, count);
        if (state != ROW_OPAQUE) ctx->k->mix(alpha, alpha, wa, ba, wb, count);
    }
    ctx->next = saved;
    return state;
}

/* The factor by which a CROP, MASK or MATTE multiplies a full-grid row. */
static void factor_row(rows_ctx *ctx, const kf_graph_node *n, int y, int x0, int count, float *factor)
{
    const kf_kernels *k = ctx->k;
    if (n->type == KF_NODE_MASK) {
        k->mask(factor, &n->u.mask, x0, y, count);
    } else if (n->type == KF_NODE_CROP) {
        const float *r = n->u.crop;
        float cy = fmaxf(0, fminf((float)y + 1, r[3]) - fmaxf((float)y, r[1]));
        for (int i = 0; i < count; i++)
            factor[i] = cy * fmaxf(0, fminf((float)(x0 + i) + 1, r[2]) - fmaxf((float)(x0 + i), r[0]));
    } else {
        const float luma[4] = {0.2126f, 0.7152f, 0.0722f, 0};
        float *saved = ctx->next, *mv = take(ctx, KF_CHUNK), *ma = take(ctx, KF_CHUNK);
        row_state state = eval_linear(ctx, n->b, luma, 0, y, x0, count, mv, ma);
        set_rows(ctx, state, mv, ma, count);
        float sign = n->u.matte.invert ? -1.0f : 1.0f;
        k->axpb(factor, n->u.matte.luma ? mv : ma, sign, n->u.matte.invert ? 1.0f : 0.0f, count);
        ctx->next = saved;
    }
}

static bool solid_in(const kf_shape_mask *mask, kf_rect r)
{
    for (int y = r.y0; y < r.y1; y++) {
        mask_spans m = mask_spans_of(mask, y);
        if (m.solid0 > r.x0 || m.solid1 < r.x1) return false;
    }
    return true;
}

static row_state eval_factor(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0,
                             int count, float *value, float *alpha)
{
    kf_rect r = grid ? cells_to_pixels(ctx, y, x0, count) : (kf_rect){x0, y, x0 + count, y + 1};
    const float *crop = n->u.crop;
    bool inside = n->type == KF_NODE_CROP && crop[0] <= (float)r.x0 && crop[1] <= (float)r.y0 && crop[2] >= (float)r.x1
               && crop[3] >= (float)r.y1;
    inside |= n->type == KF_NODE_MASK && solid_in(&n->u.mask, r);
    if (inside) return eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
    if (grid) return eval_averaged(ctx, n, t, y, x0, count, value, alpha);
    row_state state = eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
    if (state == ROW_EMPTY) return ROW_EMPTY;
    float *saved = ctx->next, *factor = take(ctx, KF_CHUNK);
    set_rows(ctx, state, value, alpha, count);
    factor_row(ctx, n, y, x0, count, factor);
    ctx->k->multiply(value, factor, count);
    ctx->k->multiply(alpha, factor, count);
    ctx->next = saved;
    return ROW_ALPHA;
}

/* The child's own rows. On the chroma grid only when cells fall on cells; resamplers know the cut cells of the canvas
 * itself only. */
static row_state eval_shifted(rows_ctx *ctx, const kf_graph_node *n, int dx, int dy, const float t[4], int grid, int y,
                              int x0, int count, float *value, float *alpha)
{
    int sw = grid ? ctx->cpu->info->sub_w : 0, sh = grid ? ctx->cpu->info->sub_h : 0, mx = (1 << sw) - 1,
        my = (1 << sh) - 1;
    if ((dx & mx) || (dy & my) || (grid && cells_are_cut(ctx->cpu) && n->a->type != KF_NODE_SOURCE))
        return eval_averaged(ctx, n, t, y, x0, count, value, alpha);
    ctx->limit_x -= dx;
    ctx->limit_y -= dy;
    row_state state = eval_linear(ctx, n->a, t, grid, y - (dy >> sh), x0 - (dx >> sw), count, value, alpha);
    ctx->limit_x += dx;
    ctx->limit_y += dy;
    return state;
}

static row_state eval_inside(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0,
                             int count, float *value, float *alpha)
{
    int dx, dy;
    switch (n->type) {
    case KF_NODE_SOURCE: return eval_source(ctx, n, t, grid, y, x0, count, value, alpha);
    case KF_NODE_FILL:
        ctx->k->fill(value, t[0] * n->u.fill[0] + t[1] * n->u.fill[1] + t[2] * n->u.fill[2] + t[3] * n->u.fill[3],
                     count);
        ctx->k->fill(alpha, n->u.fill[3], count);
        return n->opaque ? ROW_OPAQUE : ROW_ALPHA;
    case KF_NODE_TRANSFORM:
        if (is_shift(n, &dx, &dy)) return eval_shifted(ctx, n, dx, dy, t, grid, y, x0, count, value, alpha);
        return eval_resampled(ctx, n, t, grid, y, x0, count, value, alpha);
    case KF_NODE_MATRIX: {
        float inner[4];
        form_through_matrix(t, &n->u.matrix, inner);
        return eval_linear(ctx, n->a, inner, grid, y, x0, count, value, alpha);
    }
    case KF_NODE_ALPHA: {
        row_state state = eval_linear(ctx, n->a, t, grid, y, x0, count, value, alpha);
        if (state == ROW_EMPTY) return state;
        set_rows(ctx, state, value, alpha, count);
        ctx->k->scale(value, n->u.opacity, count);
        ctx->k->scale(alpha, n->u.opacity, count);
        return ROW_ALPHA;
    }
    case KF_NODE_BLUR: {
        const prepared *p = find_prepared(ctx->cpu, n, PREPARED_BLUR);
        if (grid && !blur_has_cells(p)) return eval_averaged(ctx, n, t, y, x0, count, value, alpha);
        return eval_blur_form(ctx, p, t, grid, y, x0, count, value, alpha);
    }
    case KF_NODE_BLEND: return eval_blend(ctx, n, t, grid, y, x0, count, value, alpha);
    case KF_NODE_MIX: return eval_mix(ctx, n, t, grid, y, x0, count, value, alpha);
    default: return eval_factor(ctx, n, t, grid, y, x0, count, value, alpha);
    }
}

row_state eval_linear(rows_ctx *ctx, const kf_graph_node *n, const float t[4], int grid, int y, int x0, int count,
                      float *value, float *alpha)
{
    if (!n) return ROW_EMPTY;
    kf_rect b = n->bounds;
    if (grid) { /* cells that the node touches; what it leaves open in them is averaged in */
        int sw = ctx->cpu->info->sub_w, sh = ctx->cpu->info->sub_h;
        b = (kf_rect){b.x0 >> sw, b.y0 >> sh, (b.x1 + sw) >> sw, (b.y1 + sh) >> sh};
        bool ragged = n->type != KF_NODE_SOURCE && n->type != KF_NODE_TRANSFORM &&
                      (!n->a || n->type == KF_NODE_BLUR); /* with odd edges */
        if (ragged && y >= b.y0 && y < b.y1 && !kf_rect_contains(n->bounds, cells_to_pixels(ctx, y, x0, count)))
            return eval_averaged(ctx, n, t, y, x0, count, value, alpha);
    }
    if (y < b.y0 || y >= b.y1) return ROW_EMPTY;
    int lo = x0 > b.x0 ? x0 : b.x0, hi = x0 + count < b.x1 ? x0 + count : b.x1;
    if (lo >= hi) return ROW_EMPTY;
    if (lo == x0 && hi == x0 + count) return eval_inside(ctx, n, t, grid, y, x0, count, value, alpha);
    float *v = value + (lo - x0), *a = alpha + (lo - x0);
    row_state state = eval_inside(ctx, n, t, grid, y, lo, hi - lo, v, a);
    if (state == ROW_EMPTY) return ROW_EMPTY;
    if (state == ROW_OPAQUE) ctx->k->fill(a, 1.0f, hi - lo);
    ctx->k->fill(value, 0.0f, lo - x0);
    ctx->k->fill(alpha, 0.0f, lo - x0);
    ctx->k->fill(value + (hi - x0), 0.0f, x0 + count - hi);
    ctx->k->fill(alpha + (hi - x0), 0.0f, x0 + count - hi);
    return ROW_ALPHA;
}

/* ---- a plane of a cell ---- */

/* dst = bias + sum of weight * plane: the tree of a cell as a form over planes of codes on the output plane's own grid.
 */
typedef struct direct_form {
    const kf_graph_node *node;
    bool possible;
    int count;
    component held[2];
    int dx[2], dy[2]; /* where the planes' first samples lie on the output's */
    float weight[2], bias;
} direct_form;

enum { FORMS = 8 };

/* The way of one plane of a cell. */
typedef struct plane_run {
    rows_ctx *ctx;
    kf_rect cell;      /* on the full grid */
    const component *out;
    float t[4];
    kf_store how;
    int grid, sub_w, sub_h;
    direct_form forms[FORMS]; /* of the nodes met so far */
    int form_count;
} plane_run;

static bool flatten_source(const plane_run *run, const kf_graph_node *n, const float t[4], int dx, int dy,
                           direct_form *form)
{
    if (!n->opaque || n->u.source.chroma != KF_CHROMA_REPLICATE || dx & ((1 << run->sub_w) - 1) ||
        dy & ((1 << run->sub_h) - 1))
        return false;
    const picture *p = &find_opened(run->ctx->cpu, n)->picture;
    float c[4];
    form_through_decode(t, p, c);
    form->bias += c[3];
    for (int i = 0; i < p->colors; i++) {
        if (c[i] == 0) continue;
        const component *from = &p->c[i];
        bool fits = from->bytes <= 2 && from->step == 1 && from->sub_w == run->sub_w && from->sub_h == run->sub_h;
        if (!fits || form->count == 2 || (form->count == 1 && from->bytes != form->held[0].bytes)) return false;
        form->held[form->count] = *from;
        form->dx[form->count] = dx >> run->sub_w;
        form->dy[form->count] = dy >> run->sub_h;
        form->weight[form->count++] = c[i];
    }
    return true;
}

static void scale_form(const float t[4], float k, float out[4])
{
    for (int i = 0; i < 4; i++) out[i] = t[i] * k;
}

/* Adds the node, moved by (dx, dy), to the form. *alpha is its alpha, which has to be the same all over the cell. */
static bool flatten(const plane_run *run, const kf_graph_node *n, const float t[4], int dx, int dy, direct_form *form,
                    float *alpha)
{
    int sx, sy;
    float inner[4], over;
    *alpha = 0.0f;
    if (!n) return true;
    if (!kf_rect_contains(kf_rect_moved(n->bounds, dx, dy), run->cell)) return false;
    switch (n->type) {
    case KF_NODE_SOURCE:
        *alpha = 1.0f;
        return flatten_source(run, n, t, dx, dy, form);
    case KF_NODE_FILL:
        *alpha = n->u.fill[3];
        for (int i = 0; i < 4; i++) form->bias += t[i] * n->u.fill[i];
        return true;
    case KF_NODE_MATRIX:
        form_through_matrix(t, &n->u.matrix, inner);
        return flatten(run, n->a, inner, dx, dy, form, alpha);
    case KF_NODE_ALPHA:
        scale_form(t, n->u.opacity, inner);
        if (!flatten(run, n->a, inner, dx, dy, form, alpha)) return false;
        *alpha *= n->u.opacity;
        return true;
    case KF_NODE_MIX:
        scale_form(t, n->u.mix.wa, inner);
        if (!flatten(run, n->a, inner, dx, dy, form, alpha)) return false;
        scale_form(t, n->u.mix.wb, inner);
        if (!flatten(run, n->b, inner, dx, dy, form, &over)) return false;
        *alpha = n->u.mix.wa * *alpha + n->u.mix.wb * over;
        return true;
    case KF_NODE_BLEND:
        scale_form(t, n->u.blend.opacity, inner);
        if (n->u.blend.mode != KF_BLEND_NORMAL || !flatten(run, n->b, inner, dx, dy, form, &over)) return false;
        over *= n->u.blend.opacity;
        scale_form(t, 1.0f - over, inner);
        if (over != 1.0f && !flatten(run, n->a, inner, dx, dy, form, alpha)) return false;
        *alpha = over + (1.0f - over) * *alpha;
        return true;
    case KF_NODE_TRANSFORM:
        return is_shift(n, &sx, &sy) && flatten(run, n->a, t, dx + sx, dy + sy, form, alpha);
    default:
        return false;
    }
}

static void flatten_root(const plane_run *run, const kf_graph_node *n, direct_form *form)
{
    *form = (direct_form){.node = n};
    float alpha;
    form->possible = run->out->bytes <= 2 && run->out->step == 1 && flatten(run, n, run->t, 0, 0, form, &alpha) &&
                     form->count > 0;
}

/* Does weight * code + bias round to the code itself? Decoded and encoded again, the weight is 1 but for rounding. */
static bool keeps_codes(const direct_form *form, const kf_store *how, bool wide_in, bool wide_out)
{
    float off = fabsf(form->weight[0] - 1.0f);
    if (form->count != 1 || wide_in != wide_out || how->shift != 0 || (wide_in && off > 0)) return false;
    return off * 255.0f + fabsf(how->bias) < 1e-3f;
}

static void run_direct(const plane_run *run, const direct_form *form, int y, int x0, int x1)
{
    const kf_kernels *k = run->ctx->k;
    const component *out = run->out;
    uint8_t *dst = (uint8_t *)out->data + (ptrdiff_t)y * out->stride + (ptrdiff_t)x0 * out->bytes;
    const uint8_t *src[2] = {0};
    for (int i = 0; i < form->count; i++) {
        const component *from = &form->held[i];
        src[i] = from->data + (y - form->dy[i]) * from->stride + (ptrdiff_t)(x0 - form->dx[i]) * from->bytes;
    }
    kf_store how = run->how;
    how.bias += form->bias;
    const float *w = form->weight;
    int n = x1 - x0, wide_in = form->held[0].bytes == 2, wide_out = out->bytes == 2;
    if (keeps_codes(form, &how, wide_in, wide_out))
        memcpy(dst, src[0], (size_t)n * (size_t)out->bytes);
    else if (form->count == 1)
        k->linear1[wide_in][wide_out](dst, src[0], w[0], &how, n);
    else
        k->linear2[wide_in][wide_out](dst, src[0], w[0], src[1], w[1], &how, n);
}

static void run_general(const plane_run *run, const kf_graph_node *n, int y, int x0, int x1)
{
    rows_ctx *ctx = run->ctx;
    const component *out = run->out;
    float *saved = ctx->next, *value = take(ctx, KF_CHUNK), *alpha = take(ctx, KF_CHUNK);
    int most = run->grid ? KF_CHUNK / 2 : KF_CHUNK;
    for (int x = x0; x < x1; x += most) {
        int count = x1 - x < most ? x1 - x : most;
        if (eval_linear(ctx, n, run->t, run->grid, y, x, count, value, alpha) == ROW_EMPTY)
            ctx->k->fill(value, 0.0f, count);
        uint8_t *dst = (uint8_t *)out->data + (ptrdiff_t)y * out->stride + (ptrdiff_t)x * out->step * out->bytes;
        if (out->bytes == 1)
            ctx->k->store_u8(dst, value, &run->how, count);
        else
            ctx->k->store_u16((uint16_t *)(void *)dst, value, &run->how, count);
    }
    ctx->next = saved;
}

/* The form of the node, if it is one. */
static const direct_form *form_of(plane_run *run, const kf_graph_node *n)
{
    int i = 0;
    while (i < run->form_count && run->forms[i].node != n) i++;
    if (i == FORMS) return NULL;
    if (i == run->form_count) flatten_root(run, n, &run->forms[run->form_count++]);
    return run->forms[i].possible ? &run->forms[i] : NULL;
}

/* The cells or pixels [*lo, *hi) in which a masked layer is whole. */
static void solid_span(const plane_run *run, const kf_shape_mask *mask, int y, int *lo, int *hi)
{
    kf_rect r = run->grid ? cells_to_pixels(run->ctx, y, *lo, *hi - *lo) : (kf_rect){*lo, y, *hi, y + 1};
    for (int row = r.y0; row < r.y1; row++) {
        mask_spans m = mask_spans_of(mask, row);
        if (m.solid0 > r.x0) r.x0 = m.solid0;
        if (m.solid1 < r.x1) r.x1 = m.solid1;
    }
    int lowest = *lo, size = 1 << run->sub_w;
    *lo = r.x0 < r.x1 ? (r.x0 + size - 1) >> run->sub_w : lowest;
    *hi = r.x0 < r.x1 ? r.x1 >> run->sub_w : lowest;
    if (*hi < *lo) *hi = *lo = lowest;
}

static void run_row(plane_run *run, const kf_graph_node *n, int y, int x0, int x1);

/* The part of a row where a layer shows: where an opaque one is masked by 1, it alone. */
static void run_layer(plane_run *run, const kf_graph_node *n, int y, int x0, int x1)
{
    int lo = x0, hi = x0;
    if (n->b->type == KF_NODE_MASK && n->b->a->opaque && n->u.blend.opacity == 1.0f) {
        hi = x1;
        solid_span(run, &n->b->u.mask, y, &lo, &hi);
        kf_rect r = run->grid ? cells_to_pixels(run->ctx, y, lo, hi - lo) : (kf_rect){lo, y, hi, y + 1};
        if (!kf_rect_contains(n->b->a->bounds, r)) hi = lo = x0;
    }
    if (lo > x0) run_general(run, n, y, x0, lo);
    if (hi > lo) run_row(run, n->b->a, y, lo, hi);
    if (x1 > hi) run_general(run, n, y, hi, x1);
}

/* Layers are peeled off where they do not show in the row; what is left may be a direct form. */
static void run_row(plane_run *run, const kf_graph_node *n, int y, int x0, int x1)
{
    const direct_form *form = form_of(run, n);
    if (form) {
        run_direct(run, form, y, x0, x1);
        return;
    }
    if (!n || n->type != KF_NODE_BLEND) {
        run_general(run, n, y, x0, x1);
        return;
    }
    int lo = x0, hi = x1;
    if (!grid_span(run->ctx, n->b, run->grid, y, &lo, &hi)) {
        run_row(run, n->a, y, x0, x1);
        return;
    }
    if (lo > x0) run_row(run, n->a, y, x0, lo);
    run_layer(run, n, y, lo, hi);
    if (hi < x1) run_row(run, n->a, y, hi, x1);
}

static void run_plane(rows_ctx *ctx, const frame_cell *c, int plane, int y0, int y1)
{
    const struct kf_cpu *cpu = ctx->cpu;
    const component *out = &cpu->planes[plane];
    const float *e = cpu->encode.m[plane];
    plane_run run = {.ctx = ctx, .cell = c->rect, .out = out, .t = {e[0], e[1], e[2], 0}};
    bool chroma = cpu->info->model == KF_MODEL_YUV && plane > 0;
    run.sub_w = chroma ? out->sub_w : 0;
    run.sub_h = chroma ? out->sub_h : 0;
    run.grid = run.sub_w || run.sub_h;
    run.how = (kf_store){
        .max = (float)((1 << cpu->info->bits) - 1), .bias = e[3], .shift = cpu->info->shift, .step = out->step};
    int x0 = c->rect.x0 >> run.sub_w, x1 = (c->rect.x1 + run.sub_w) >> run.sub_w;
    for (int y = y0 >> run.sub_h; y < (y1 + run.sub_h) >> run.sub_h; y++) run_row(&run, c->root, y, x0, x1);
}

void run_cell_linear(rows_ctx *ctx, const frame_cell *c, int y0, int y1)
{
    int planes = ctx->cpu->info->model == KF_MODEL_GRAY ? 1 : 3;
    for (int p = 0; p < planes; p++) run_plane(ctx, c, p, y0, y1);
}
