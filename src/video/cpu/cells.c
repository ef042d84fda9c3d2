/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PIXELATE: the means of the cells are made once, rows repeat them. */
#include "video/cpu/passes.h"

#include <math.h>
#include <string.h>

/* Cells [x0, x1) x [y0, y1), counted from the node's origin. */
struct cell_means {
    int size, ox, oy;
    kf_rect cells, input; /* input: the child's bounds, where cells are cut */
    float *mean[4];       /* row by row */
};

static kf_rect cells_over(const kf_pixelate *p, kf_rect r)
{
    return (kf_rect){floor_div(r.x0 - p->ox, p->size), floor_div(r.y0 - p->oy, p->size),
                     floor_div(r.x1 - 1 - p->ox, p->size) + 1, floor_div(r.y1 - 1 - p->oy, p->size) + 1};
}

/* A coordinate `cell` cells from the origin, kept within what the child can have. */
static int cell_edge(int cell, int origin, int size)
{
    int64_t at = (int64_t)cell * size + origin;
    return at < -(1 << 29) ? -(1 << 29) : at > 1 << 29 ? 1 << 29 : (int)at;
}

static kf_rect cells_rect(const kf_pixelate *p, kf_rect cells)
{
    return (kf_rect){cell_edge(cells.x0, p->ox, p->size), cell_edge(cells.y0, p->oy, p->size),
                     cell_edge(cells.x1, p->ox, p->size), cell_edge(cells.y1, p->oy, p->size)};
}

kf_rect cells_reach(const kf_graph_node *node, kf_rect r)
{
    const kf_pixelate *p = &node->u.pixelate;
    return kf_rect_intersect(cells_rect(p, cells_over(p, r)), node->a->bounds);
}

/* Sums of one input row added to each cell's. */
static void add_row(const struct cell_means *m, const float *row, int x0, int n, double *sums)
{
    int x = 0, cell = floor_div(x0 - m->ox, m->size);
    for (; x < n; cell++) {
        int end = cell_edge(cell + 1, m->ox, m->size) - x0;
        end = end < n ? end : n;
        double sum = 0;
        for (; x < end; x++) sum += (double)row[x];
        sums[cell - m->cells.x0] += sum;
    }
}

static void cells_task(rows_ctx *ctx, void *arg, int index)
{
    const prepared *p = arg;
    const struct cell_means *m = p->cells;
    int across = m->cells.x1 - m->cells.x0, row = m->cells.y0 + index;
    kf_rect band = kf_rect_intersect(
        cells_rect(&p->node->u.pixelate, (kf_rect){m->cells.x0, row, m->cells.x1, row + 1}), m->input);
    int width = band.x1 - band.x0;
    float *saved = ctx->next, *line[4];
    double *sums = (double *)(void *)take(ctx, (size_t)across * 8);
    memset(sums, 0, sizeof *sums * (size_t)across * 4);
    for (int c = 0; c < 4; c++) line[c] = take(ctx, (size_t)width);
    for (int y = band.y0; y < band.y1; y++) {
        full_rows(ctx, p->node->a, y, band.x0, width, line);
        for (int c = 0; c < 4; c++) add_row(m, line[c], band.x0, width, sums + c * across);
    }
    for (int i = 0; i < across; i++) {
        int x0 = clamp_to(cell_edge(m->cells.x0 + i, m->ox, m->size), m->input.x0, m->input.x1 + 1);
        int x1 = clamp_to(cell_edge(m->cells.x0 + i + 1, m->ox, m->size), m->input.x0, m->input.x1 + 1);
        double count = (double)(x1 - x0) * (band.y1 - band.y0);
        for (int c = 0; c < 4; c++)
            m->mean[c][index * across + i] = count > 0 ? (float)(sums[c * across + i] / count) : 0.0f;
    }
    ctx->next = saved;
}

kf_status run_cells_of(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err)
{
    const kf_pixelate *px = &p->node->u.pixelate;
    struct cell_means *m = kf_arena_alloc(&cpu->arena, sizeof *m);
    if (!m) return kf_fail_memory(err);
    *m = (struct cell_means){
        .size = px->size, .ox = px->ox, .oy = px->oy, .cells = cells_over(px, p->region), .input = p->node->a->bounds};
    size_t across = (size_t)(m->cells.x1 - m->cells.x0), down = (size_t)(m->cells.y1 - m->cells.y0);
    float *means = slot_floats(cpu, slot, across * down * 4);
    if (!means) return kf_fail_memory(err);
    for (size_t c = 0; c < 4; c++) m->mean[c] = means + across * down * c;
    p->cells = m;
    kf_rect in = cells_reach(p->node, p->region);
    size_t span = 4 * ((size_t)(in.x1 - in.x0) + 16) + 8 * across + 64;
    if (span > cpu->span) cpu->span = span;
    kf_status status = ensure_scratch(cpu, p->node->a, err);
    if (status == KF_OK) run_tasks(cpu, (int)down, cells_task, p);
    return status;
}

row_state eval_cells(rows_ctx *ctx, const prepared *p, int y, int x0, int n, float *const dst[4])
{
    const struct cell_means *m = p->cells;
    int across = m->cells.x1 - m->cells.x0, row = floor_div(y - m->oy, m->size) - m->cells.y0;
    for (int x = 0, cell = floor_div(x0 - m->ox, m->size); x < n; cell++) {
        int end = cell_edge(cell + 1, m->ox, m->size) - x0;
        end = end < n ? end : n;
        for (int c = 0; c < 4; c++) ctx->k->fill(dst[c] + x, m->mean[c][row * across + (cell - m->cells.x0)], end - x);
        x = end;
    }
    return p->node->opaque ? ROW_OPAQUE : ROW_ALPHA;
}
