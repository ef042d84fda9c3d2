/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Neighbourhood nodes: their inputs, and they themselves, are materialised as float planes over the region that is needed. */
#include "video/cpu/passes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const materialised *find_materialised(const struct kf_cpu *cpu, const kf_graph_node *node)
{
    for (size_t i = 0; i < cpu->mat_count; i++)
        if (cpu->mats[i].node == node) return &cpu->mats[i];
    return NULL;
}

static bool is_aligned(const kf_graph_node *n)
{
    return n->u.transform.inverse.m[1] == 0 && n->u.transform.inverse.m[3] == 0;
}

bool needs_materialised_child(const kf_graph_node *n)
{
    return !is_aligned(n) || !kf_graph_is_plane_source(n->a);
}

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
    double sx = is_aligned(n) ? fmax(1, fabs(m[0])) : 1, sy = is_aligned(n) ? fmax(1, fabs(m[4])) : 1;
    kf_rect b = n->a->bounds;
    /* clamped before conversion: a huge reach is cut to the child, and at least its nearest edge is read */
    double x0 = fmax(floor(box[0] - 2 * sx) - 2, b.x0), y0 = fmax(floor(box[1] - 2 * sy) - 2, b.y0);
    double x1 = fmin(ceil(box[2] + 2 * sx) + 2, b.x1), y1 = fmin(ceil(box[3] + 2 * sy) + 2, b.y1);
    x0 = fmin(x0, b.x1 - 1);
    y0 = fmin(y0, b.y1 - 1);
    return (kf_rect){(int)x0, (int)y0, (int)fmax(x1, x0 + 1), (int)fmax(y1, y0 + 1)};
}

static kf_rect grow(kf_rect r, int x, int y)
{
    return (kf_rect){r.x0 - x, r.y0 - y, r.x1 + x, r.y1 + y};
}

static int floor_to(int v, int origin, int size)
{
    int d = v - origin;
    int q = d >= 0 ? d / size : -((-d + size - 1) / size);
    return origin + q * size;
}

static kf_rect pixelate_reach(const kf_graph_node *n, kf_rect r)
{
    const kf_pixelate *p = &n->u.pixelate;
    return (kf_rect){floor_to(r.x0, p->ox, p->size), floor_to(r.y0, p->oy, p->size),
                     floor_to(r.x1 - 1, p->ox, p->size) + p->size, floor_to(r.y1 - 1, p->oy, p->size) + p->size};
}

static kf_status need(struct kf_cpu *cpu, const kf_graph_node *n, kf_rect r, kf_error *err);

/* Asks for n over r; inputs first, so that the list is in the order of execution. */
static kf_status request(struct kf_cpu *cpu, const kf_graph_node *n, kf_rect r, kf_error *err)
{
    r = kf_rect_intersect(r, n->bounds);
    if (kf_rect_empty(r)) r = (kf_rect){n->bounds.x0, n->bounds.y0, n->bounds.x0 + 1, n->bounds.y0 + 1};
    materialised *m = (materialised *)find_materialised(cpu, n);
    if (m) {
        if (kf_rect_contains(m->region, r)) return KF_OK;
        r = kf_rect_union(m->region, r);
    }
    kf_status status;
    if (n->type == KF_NODE_BLUR) {
        int rx, ry;
        blur_reach(&n->u.blur, &rx, &ry);
        status = request(cpu, n->a, grow(r, rx, ry), err);
    } else if (n->type == KF_NODE_PIXELATE) {
        status = request(cpu, n->a, pixelate_reach(n, r), err);
    } else {
        status = need(cpu, n, r, err);
    }
    if (status != KF_OK) return status;
    m = (materialised *)find_materialised(cpu, n);
    if (!m) {
        if (kf_grow((void **)&cpu->mats, &cpu->mat_capacity, cpu->mat_count + 1, sizeof *cpu->mats) != 0) return kf_fail_memory(err);
        m = &cpu->mats[cpu->mat_count++];
        *m = (materialised){.node = n};
    }
    m->region = r;
    return KF_OK;
}

static kf_status need(struct kf_cpu *cpu, const kf_graph_node *n, kf_rect r, kf_error *err)
{
    if (!n) return KF_OK;
    r = kf_rect_intersect(r, n->bounds);
    if (kf_rect_empty(r)) return KF_OK;
    if (n->type == KF_NODE_BLUR || n->type == KF_NODE_PIXELATE) return request(cpu, n, r, err);
    if (n->type == KF_NODE_TRANSFORM) return needs_materialised_child(n) ? request(cpu, n->a, transform_reach(n, r), err) : KF_OK;
    kf_status status = need(cpu, n->a, r, err);
    return status == KF_OK ? need(cpu, n->b, r, err) : status;
}

/* A buffer of the executor, kept between frames, as the planes of a region. */
static kf_status open_buffer(struct kf_cpu *cpu, size_t slot, materialised *m, kf_error *err)
{
    if (slot >= cpu->buffer_count) {
        size_t capacity = cpu->buffer_capacity, same = capacity;
        if (kf_grow((void **)&cpu->buffers, &capacity, slot + 1, sizeof *cpu->buffers) != 0
            || kf_grow((void **)&cpu->buffer_floats, &same, slot + 1, sizeof *cpu->buffer_floats) != 0)
            return kf_fail_memory(err);
        cpu->buffer_capacity = capacity < same ? capacity : same;
        for (; cpu->buffer_count <= slot; cpu->buffer_count++) {
            cpu->buffers[cpu->buffer_count] = NULL;
            cpu->buffer_floats[cpu->buffer_count] = 0;
        }
    }
    size_t width = (size_t)(m->region.x1 - m->region.x0), height = (size_t)(m->region.y1 - m->region.y0);
    size_t row = (width + 15) & ~(size_t)15, plane = row * height;
    if (height > SIZE_MAX / 64 / row) return kf_fail_memory(err);
    if (cpu->buffer_floats[slot] < plane * 4) {
        kf_free_aligned(cpu->buffers[slot]);
        cpu->buffer_floats[slot] = 0;
        cpu->buffers[slot] = kf_alloc_aligned(plane * 4 * sizeof(float));
        if (!cpu->buffers[slot]) return kf_fail_memory(err);
        cpu->buffer_floats[slot] = plane * 4;
    }
    m->image = (kf_image){.format = KF_PIX_RGBAF32, .width = (int)width, .height = (int)height, .premultiplied = true};
    for (int c = 0; c < 4; c++) {
        m->image.plane[c] = (uint8_t *)(cpu->buffers[slot] + plane * (size_t)c);
        m->image.stride[c] = (ptrdiff_t)(row * sizeof(float));
    }
    return KF_OK;
}

enum { BAND = 16 };

static void rows_task(rows_ctx *ctx, void *arg, int band)
{
    const pass *p = arg;
    kf_rect r = p->out->region;
    int y1 = r.y0 + (band + 1) * BAND < r.y1 ? r.y0 + (band + 1) * BAND : r.y1;
    for (int y = r.y0 + band * BAND; y < y1; y++) {
        for (int x = r.x0; x < r.x1; x += KF_CHUNK) {
            int n = r.x1 - x < KF_CHUNK ? r.x1 - x : KF_CHUNK;
            float *dst[4];
            for (int c = 0; c < 4; c++) dst[c] = image_row(&p->out->image, c, y - r.y0) + (x - r.x0);
            row_state state = eval_rows(ctx, p->node, y, x, n, dst);
            for (int c = 0; state == ROW_EMPTY && c < 4; c++) ctx->k->fill(dst[c], 0.0f, n);
            if (state == ROW_OPAQUE) ctx->k->fill(dst[3], 1.0f, n);
        }
    }
}

static void pixelate_task(rows_ctx *ctx, void *arg, int row)
{
    const pass *p = arg;
    const kf_pixelate *cell = &p->node->u.pixelate;
    kf_rect r = p->out->region, from = p->in->region;
    int y0 = floor_to(r.y0, cell->oy, cell->size) + row * cell->size, y1 = y0 + cell->size;
    for (int x0 = floor_to(r.x0, cell->ox, cell->size); x0 < r.x1; x0 += cell->size) {
        kf_rect full = {x0, y0, x0 + cell->size, y1};
        kf_rect read = kf_rect_intersect(full, p->source), write = kf_rect_intersect(full, r);
        if (kf_rect_empty(read) || kf_rect_empty(write)) continue;
        float count = (float)(read.x1 - read.x0) * (float)(read.y1 - read.y0);
        for (int c = 0; c < 4; c++) {
            double sum = 0;
            for (int y = read.y0; y < read.y1; y++) {
                const float *line = image_row(&p->in->image, c, y - from.y0) - from.x0;
                for (int x = read.x0; x < read.x1; x++) sum += (double)line[x];
            }
            float mean = (float)(sum / (double)count);
            for (int y = write.y0; y < write.y1; y++)
                ctx->k->fill(image_row(&p->out->image, c, y - r.y0) + (write.x0 - r.x0), mean, write.x1 - write.x0);
        }
    }
}

static kf_status run_pass(struct kf_cpu *cpu, size_t i, kf_error *err)
{
    materialised *m = &cpu->mats[i];
    kf_status status = open_buffer(cpu, i, m, err);
    pass p = {.out = m, .node = m->node, .source = m->node->a ? m->node->a->bounds : m->node->bounds};
    if (status != KF_OK) return status;
    if (m->node->type == KF_NODE_BLUR || m->node->type == KF_NODE_PIXELATE) {
        p.in = find_materialised(cpu, m->node->a);
        if (m->node->type == KF_NODE_BLUR && blur_scratch(&p) > cpu->span) cpu->span = blur_scratch(&p);
        status = ensure_scratch(cpu, NULL, err);
        if (status != KF_OK) return status;
        if (m->node->type == KF_NODE_BLUR) return run_blur(cpu, &p, err);
        const kf_pixelate *cell = &m->node->u.pixelate;
        int first = floor_to(m->region.y0, cell->oy, cell->size);
        run_tasks(cpu, (m->region.y1 - first + cell->size - 1) / cell->size, pixelate_task, &p);
        return KF_OK;
    }
    status = make_resamplers(cpu, m->node, m->region, err);
    if (status == KF_OK) status = ensure_scratch(cpu, m->node, err);
    if (status == KF_OK) run_tasks(cpu, (m->region.y1 - m->region.y0 + BAND - 1) / BAND, rows_task, &p);
    return status;
}

kf_status run_passes(struct kf_cpu *cpu, const kf_graph_node *root, kf_rect visible, kf_error *err)
{
    cpu->mat_count = 0;
    kf_status status = need(cpu, root, visible, err);
    for (size_t i = 0; status == KF_OK && i < cpu->mat_count; i++) status = run_pass(cpu, i, err);
    return status;
}
