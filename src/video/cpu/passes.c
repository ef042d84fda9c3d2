/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is prepared before the rows of a frame are run: float pictures of what a TRANSFORM or a DIRECTIONAL blur samples
 * freely, the filtered rows of a blur (blur.c), the means of PIXELATE (cells.c). First the regions are collected, then
 * each is made after what it needs. */
#include "video/cpu/passes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const prepared *find_prepared(const struct kf_cpu *cpu, const kf_graph_node *node, prepared_kind kind)
{
    for (size_t i = 0; i < cpu->prepared_count; i++)
        if (cpu->prepared[i].node == node && cpu->prepared[i].kind == kind) return &cpu->prepared[i];
    return NULL;
}

static bool is_directional(const kf_graph_node *n)
{
    return n->type == KF_NODE_BLUR && n->u.blur.type == KF_BLUR_DIRECTIONAL;
}

bool needs_prepared_child(const kf_graph_node *n)
{
    return !kf_transform2d_separable(&n->u.transform.inverse) || !kf_graph_is_plane_source(n->a);
}

/* ---- regions ---- */

/* The part of the child that output region `r` reads, taps included. */
static kf_rect transform_reach(const kf_graph_node *n, kf_rect r)
{
    const double *m = n->u.transform.inverse.m, xs[2] = {r.x0, r.x1}, ys[2] = {r.y0, r.y1};
    double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        double u = m[0] * xs[i & 1] + m[1] * ys[i >> 1] + m[2], v = m[3] * xs[i & 1] + m[4] * ys[i >> 1] + m[5];
        box[0] = fmin(box[0], u);
        box[1] = fmin(box[1], v);
        box[2] = fmax(box[2], u);
        box[3] = fmax(box[3], v);
    }
    bool widens = kf_transform2d_separable(&n->u.transform.inverse); /* one of two is 0 then */
    double sx = widens ? fmax(1, fabs(m[0] + m[1])) : 1, sy = widens ? fmax(1, fabs(m[3] + m[4])) : 1;
    kf_rect b = n->a->bounds;
    /* clamped before conversion: a huge reach is cut to the child, and at least its nearest edge is read */
    double x0 = fmax(floor(box[0] - 2 * sx) - 2, b.x0), y0 = fmax(floor(box[1] - 2 * sy) - 2, b.y0);
    double x1 = fmin(ceil(box[2] + 2 * sx) + 2, b.x1), y1 = fmin(ceil(box[3] + 2 * sy) + 2, b.y1);
    x0 = fmin(x0, b.x1 - 1);
    y0 = fmin(y0, b.y1 - 1);
    return (kf_rect){(int)x0, (int)y0, (int)fmax(x1, x0 + 1), (int)fmax(y1, y0 + 1)};
}

/* What of its input a blur reads for r; may be empty. */
static kf_rect blur_input(const kf_graph_node *n, kf_rect r)
{
    int rx, ry;
    blur_reach(&n->u.blur, &rx, &ry);
    return kf_rect_intersect((kf_rect){r.x0 - rx, r.y0 - ry, r.x1 + rx, r.y1 + ry}, n->a->bounds);
}

static kf_status need(struct kf_cpu *cpu, const kf_graph_node *n, kf_rect r, kf_error *err);

/* What shrinks or blurs an unbounded picture may ask for more of it than any machine holds. */
static kf_status check_size(kf_rect r, kf_error *err)
{
    enum { SIDE_MAX = 1 << 22, PIXELS_MAX = 1 << 27 };
    int64_t w = (int64_t)r.x1 - r.x0, h = (int64_t)r.y1 - r.y0;
    if (w <= SIDE_MAX && h <= SIDE_MAX && w * h <= PIXELS_MAX) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID,
                   "a layer needs %lldx%lld pixels of the one below it: scale it less or crop it", (long long)w,
                   (long long)h);
}

/* Asks for n over r, and for what that needs. */
static kf_status request(struct kf_cpu *cpu, const kf_graph_node *n, prepared_kind kind, kf_rect r, kf_error *err)
{
    r = kf_rect_intersect(r, n->bounds);
    if (kf_rect_empty(r)) r = (kf_rect){n->bounds.x0, n->bounds.y0, n->bounds.x0 + 1, n->bounds.y0 + 1};
    prepared *p = (prepared *)find_prepared(cpu, n, kind);
    if (p && kf_rect_contains(p->region, r)) return KF_OK;
    if (!p) {
        if (kf_grow((void **)&cpu->prepared, &cpu->prepared_capacity, cpu->prepared_count + 1, sizeof *p) != 0)
            return kf_fail_memory(err);
        p = &cpu->prepared[cpu->prepared_count++];
        *p = (prepared){.node = n, .kind = kind};
    }
    p->region = r = kf_rect_union(p->region, r);
    kf_status status = check_size(r, err);
    if (status != KF_OK) return status;
    if (kind == PREPARED_TURNED) return KF_OK; /* of a source, or of an image that is asked for, too */
    if (kind == PREPARED_IMAGE)
        return is_directional(n) ? request(cpu, n->a, PREPARED_IMAGE, blur_input(n, r), err) : need(cpu, n, r, err);
    return need(cpu, n->a, kind == PREPARED_BLUR ? blur_input(n, r) : cells_reach(n, r), err);
}

static kf_status need(struct kf_cpu *cpu, const kf_graph_node *n, kf_rect r, kf_error *err)
{
    if (!n) return KF_OK;
    r = kf_rect_intersect(r, n->bounds);
    if (kf_rect_empty(r)) return KF_OK;
    if (n->type == KF_NODE_BLUR) return request(cpu, n, is_directional(n) ? PREPARED_IMAGE : PREPARED_BLUR, r, err);
    if (n->type == KF_NODE_PIXELATE) return request(cpu, n, PREPARED_CELLS, r, err);
    int dx, dy;
    if (is_shift(n, &dx, &dy)) return need(cpu, n->a, kf_rect_moved(r, -dx, -dy), err);
    if (n->type == KF_NODE_TRANSFORM) {
        kf_status status = kf_transform2d_turns(&n->u.transform.inverse)
                             ? request(cpu, n->a, PREPARED_TURNED, transform_reach(n, r), err)
                             : KF_OK;
        if (status != KF_OK || !needs_prepared_child(n)) return status;
        return request(cpu, n->a, PREPARED_IMAGE, transform_reach(n, r), err);
    }
    kf_status status = need(cpu, n->a, r, err);
    return status == KF_OK ? need(cpu, n->b, r, err) : status;
}

/* ---- execution ---- */

float *slot_floats(struct kf_cpu *cpu, size_t slot, size_t floats)
{
    if (slot >= cpu->buffer_count) {
        size_t capacity = cpu->buffer_capacity, same = capacity;
        if (kf_grow((void **)&cpu->buffers, &capacity, slot + 1, sizeof *cpu->buffers) != 0
            || kf_grow((void **)&cpu->buffer_floats, &same, slot + 1, sizeof *cpu->buffer_floats) != 0)
            return NULL;
        cpu->buffer_capacity = capacity < same ? capacity : same;
        for (; cpu->buffer_count <= slot; cpu->buffer_count++) {
            cpu->buffers[cpu->buffer_count] = NULL;
            cpu->buffer_floats[cpu->buffer_count] = 0;
        }
    }
    if (cpu->buffer_floats[slot] < floats) {
        kf_free_aligned(cpu->buffers[slot]);
        cpu->buffer_floats[slot] = 0;
        cpu->buffers[slot] = floats > SIZE_MAX / 8 ? NULL : kf_alloc_aligned(floats * sizeof(float));
        if (!cpu->buffers[slot]) return NULL;
        cpu->buffer_floats[slot] = floats;
    }
    return cpu->buffers[slot];
}

static kf_status open_image(struct kf_cpu *cpu, size_t slot, prepared *p, kf_error *err)
{
    size_t width = (size_t)(p->region.x1 - p->region.x0), height = (size_t)(p->region.y1 - p->region.y0);
    size_t row = (width + 15) & ~(size_t)15, plane = row * height;
    float *floats = height > SIZE_MAX / 64 / row ? NULL : slot_floats(cpu, slot, plane * 4);
    if (!floats) return kf_fail_memory(err);
    p->image = (kf_image){.format = KF_PIX_RGBAF32, .width = (int)width, .height = (int)height, .premultiplied = true};
    for (int c = 0; c < 4; c++) {
        p->image.plane[c] = (uint8_t *)(floats + plane * (size_t)c);
        p->image.stride[c] = (ptrdiff_t)(row * sizeof(float));
    }
    return KF_OK;
}

void full_rows(rows_ctx *ctx, const kf_graph_node *node, int y, int x0, int n, float *const dst[4])
{
    for (int x = 0; x < n; x += KF_CHUNK) {
        int count = n - x < KF_CHUNK ? n - x : KF_CHUNK;
        float *const part[4] = {dst[0] + x, dst[1] + x, dst[2] + x, dst[3] + x};
        row_state state = eval_rows(ctx, node, y, x0 + x, count, part);
        for (int c = 0; state == ROW_EMPTY && c < 4; c++) ctx->k->fill(part[c], 0.0f, count);
        if (state == ROW_OPAQUE) ctx->k->fill(part[3], 1.0f, count);
    }
}

enum { BAND = 16 };

static void image_task(rows_ctx *ctx, void *arg, int band)
{
    const prepared *p = arg;
    kf_rect r = p->region;
    int y1 = r.y0 + (band + 1) * BAND < r.y1 ? r.y0 + (band + 1) * BAND : r.y1;
    for (int y = r.y0 + band * BAND; y < y1; y++) {
        float *dst[4];
        for (int c = 0; c < 4; c++) dst[c] = image_row(&p->image, c, y - r.y0);
        full_rows(ctx, p->node, y, r.x0, r.x1 - r.x0, dst);
    }
}

static kf_status run_image(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err)
{
    kf_status status = open_image(cpu, slot, p, err);
    if (status != KF_OK) return status;
    if (is_directional(p->node)) return run_directional(cpu, p, find_prepared(cpu, p->node->a, PREPARED_IMAGE), err);
    status = make_resamplers(cpu, p->node, p->region, err);
    if (status == KF_OK) status = ensure_scratch(cpu, p->node, err);
    if (status == KF_OK) run_tasks(cpu, (p->region.y1 - p->region.y0 + BAND - 1) / BAND, image_task, p);
    return status;
}

static kf_status prepare_under(struct kf_cpu *cpu, const kf_graph_node *n, kf_error *err);
static kf_status prepare(struct kf_cpu *cpu, const kf_graph_node *n, prepared_kind kind, kf_error *err);

static kf_status prepare_image(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err)
{
    const kf_graph_node *n = p->node;
    kf_status status = is_directional(n) ? prepare(cpu, n->a, PREPARED_IMAGE, err) : prepare_under(cpu, n, err);
    return status == KF_OK ? run_image(cpu, p, slot, err) : status;
}

static kf_status prepare_turned(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err)
{
    picture floats;
    if (kf_graph_is_plane_source(p->node)) return run_turn(cpu, p, slot, &find_opened(cpu, p->node)->picture, err);
    kf_status status = prepare(cpu, p->node, PREPARED_IMAGE, err);
    const prepared *image = find_prepared(cpu, p->node, PREPARED_IMAGE);
    if (status != KF_OK) return status;
    if (!image) return kf_fail(err, KF_ERR_INTERNAL, "a turned picture was not prepared");
    picture_open(&floats, &image->image);
    return run_turn(cpu, p, slot, &floats, err);
}

static kf_status prepare(struct kf_cpu *cpu, const kf_graph_node *n, prepared_kind kind, kf_error *err)
{
    prepared *p = (prepared *)find_prepared(cpu, n, kind);
    if (!p || p->ready) return KF_OK;
    size_t slot = (size_t)(p - cpu->prepared);
    kf_status status;
    if (kind == PREPARED_IMAGE) {
        status = prepare_image(cpu, p, slot, err);
    } else if (kind == PREPARED_TURNED) {
        status = prepare_turned(cpu, p, slot, err);
    } else {
        kf_rect in = kind == PREPARED_BLUR ? blur_input(n, p->region) : cells_reach(n, p->region);
        status = prepare_under(cpu, n->a, err);
        if (status == KF_OK) status = make_resamplers(cpu, n->a, in, err);
        if (status == KF_OK)
            status = kind == PREPARED_BLUR ? run_blur(cpu, p, slot, err) : run_cells_of(cpu, p, slot, err);
    }
    p->ready = true;
    return status;
}

/* Prepares what rows of n will read. */
static kf_status prepare_under(struct kf_cpu *cpu, const kf_graph_node *n, kf_error *err)
{
    if (!n) return KF_OK;
    if (n->type == KF_NODE_BLUR) return prepare(cpu, n, is_directional(n) ? PREPARED_IMAGE : PREPARED_BLUR, err);
    if (n->type == KF_NODE_PIXELATE) return prepare(cpu, n, PREPARED_CELLS, err);
    int dx, dy;
    if (n->type == KF_NODE_TRANSFORM && !is_shift(n, &dx, &dy)) {
        if (kf_transform2d_turns(&n->u.transform.inverse)) return prepare(cpu, n->a, PREPARED_TURNED, err);
        return needs_prepared_child(n) ? prepare(cpu, n->a, PREPARED_IMAGE, err) : KF_OK;
    }
    kf_status status = prepare_under(cpu, n->a, err);
    return status == KF_OK ? prepare_under(cpu, n->b, err) : status;
}

kf_status run_passes(struct kf_cpu *cpu, const kf_graph_node *root, kf_rect visible, kf_error *err)
{
    cpu->prepared_count = 0;
    kf_status status = need(cpu, root, visible, err);
    return status == KF_OK ? prepare_under(cpu, root, err) : status;
}
