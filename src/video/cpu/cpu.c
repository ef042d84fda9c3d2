/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/cpu/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

kf_status kf_cpu_create(const kf_cpu_params *params, kf_cpu **out, kf_error *err)
{
    kf_cpu *cpu = KF_NEW(kf_cpu);
    if (!cpu) return kf_fail_memory(err);
    cpu->params = *params;
    cpu->workers = params->pool ? kf_pool_threads(params->pool) : 1;
    cpu->scratch = kf_alloc_zero((size_t)cpu->workers, sizeof *cpu->scratch);
    cpu->k = &kf_kernels_c;
#if defined(__x86_64__)
    if (params->isa >= KF_ISA_AVX2) cpu->k = &kf_kernels_avx2;
    if (params->isa >= KF_ISA_AVX512) cpu->k = &kf_kernels_avx512;
#endif
    if (!cpu->scratch) {
        kf_free(cpu);
        return kf_fail_memory(err);
    }
    *out = cpu;
    return KF_OK;
}

void kf_cpu_destroy(kf_cpu *cpu)
{
    if (!cpu) return;
    for (int i = 0; i < cpu->workers; i++) kf_free_aligned(cpu->scratch[i]);
    for (size_t i = 0; i < cpu->buffer_count; i++) kf_free_aligned(cpu->buffers[i]);
    kf_free(cpu->buffers);
    kf_free(cpu->buffer_floats);
    kf_free(cpu->scratch);
    kf_free(cpu->cells);
    kf_free(cpu->resamplers);
    kf_free(cpu->prepared);
    close_sources(cpu, true);
    drop_axes(cpu, true);
    kf_free(cpu->axes);
    kf_free(cpu->sources);
    kf_arena_finish(&cpu->arena);
    kf_free(cpu);
}

typedef struct task_call {
    struct kf_cpu *cpu;
    void (*fn)(rows_ctx *ctx, void *arg, int i);
    void *arg;
} task_call;

static void call_task(void *arg, int i, int worker)
{
    const task_call *call = arg;
    rows_ctx ctx = {.cpu = call->cpu, .k = call->cpu->k, .next = call->cpu->scratch[worker],
                    .limit_x = call->cpu->output->width, .limit_y = call->cpu->output->height};
    ctx.end = ctx.next + call->cpu->scratch_floats;
    call->fn(&ctx, call->arg, i);
}

void run_tasks(struct kf_cpu *cpu, int n, void (*fn)(rows_ctx *ctx, void *arg, int i), void *arg)
{
    task_call call = {cpu, fn, arg};
    kf_pool_for(cpu->params.pool, n, call_task, &call);
}

/* ---- scratch ---- */

static int depth_of(const kf_graph_node *n)
{
    if (!n) return 0;
    int dx, dy;
    if (n->type == KF_NODE_BLUR || n->type == KF_NODE_PIXELATE) return 1;
    if (n->type == KF_NODE_TRANSFORM && !is_shift(n, &dx, &dy)) return 1;
    int a = depth_of(n->a), b = depth_of(n->b);
    return 1 + (a > b ? a : b);
}

/* A level of the tree holds at most five rows of a chunk (rows.c) or, once on the way down, four (linear.c: the
 * average); a leaf a few rows of its own and one source span. */
kf_status ensure_scratch(struct kf_cpu *cpu, const kf_graph_node *root, kf_error *err)
{
    size_t need = ((size_t)depth_of(root) * 5 + 24) * (KF_CHUNK + 16) + cpu->span + 1024;
    if (need <= cpu->scratch_floats) return KF_OK;
    for (int i = 0; i < cpu->workers; i++) {
        kf_free_aligned(cpu->scratch[i]);
        cpu->scratch[i] = kf_alloc_aligned(need * sizeof(float));
        if (!cpu->scratch[i]) {
            cpu->scratch_floats = 0;
            return kf_fail_memory(err);
        }
    }
    cpu->scratch_floats = need;
    return KF_OK;
}

bool cells_are_cut(const struct kf_cpu *cpu)
{
    int mx = (1 << cpu->info->sub_w) - 1, my = (1 << cpu->info->sub_h) - 1;
    return (cpu->output->width & mx) || (cpu->output->height & my);
}

/* ---- resamplers ---- */

const resampler *find_resampler(const struct kf_cpu *cpu, const kf_graph_node *node, int grid)
{
    for (size_t i = 0; i < cpu->resampler_count; i++)
        if (cpu->resamplers[i].node == node && cpu->resamplers[i].grid == grid) return &cpu->resamplers[i];
    return NULL;
}

/* The axis of direction d (0: x, 1: y) for components subsampled by 1 << sub, for the output range of `r`; the
 * picture's first sample lies at `origin`. */
static bool make_axis(struct kf_cpu *cpu, const resampler *rs, int d, int sub, kf_rect origin, kf_rect r, axis *out)
{
    const kf_graph_node *n = rs->node;
    const double *m = n->u.transform.inverse.m;
    const bool turns = kf_transform2d_turns(&n->u.transform.inverse);
    const int sd = turns ? !d : d; /* direction in the child */
    kf_rect b = n->a->bounds;
    const component *c = sub ? &rs->source.c[1] : &rs->source.c[0];
    int loc = rs->source.color.chroma_loc;
    bool filtered = n->u.transform.filter != KF_FILTER_NEAREST;
    bool cosited = sub && filtered && (sd ? loc == KF_CHROMA_TOPLEFT : loc != KF_CHROMA_CENTER);
    int pair = rs->grid && (d ? cpu->info->sub_h : cpu->info->sub_w);
    int lo = d ? r.y0 : r.x0, hi = d ? r.y1 : r.x1;
    axis_spec spec = {
        .scale = turns ? m[d ? 1 : 3] : m[d ? 4 : 0],
        .offset = m[sd ? 5 : 2],
        .lo = sd ? b.y0 : b.x0,
        .hi = sd ? b.y1 : b.x1,
        .origin = sd ? origin.y0 : origin.x0,
        .divide = sub ? 2 : 1,
        .siting = cosited ? 0.25 : 0,
        .size = d ? c->height : c->width,
        .filter = n->u.transform.filter,
        .pair = pair,
        .limit = !cells_are_cut(cpu) ? KF_FAR
                 : d                 ? cpu->output->height
                                     : cpu->output->width,
        .start = pair ? lo >> 1 : lo,
        .count = (pair ? (hi + 1) >> 1 : hi) - (pair ? lo >> 1 : lo),
    };
    return axis_get(cpu, &spec, out);
}

static kf_status make_resampler(struct kf_cpu *cpu, const kf_graph_node *n, int grid, kf_rect r, kf_error *err)
{
    resampler *rs = (resampler *)find_resampler(cpu, n, grid);
    if (rs) {
        int sx = grid ? cpu->info->sub_w : 0, sy = grid ? cpu->info->sub_h : 0;
        kf_rect have = {rs->x[0].start << sx, rs->y[0].start << sy, (rs->x[0].start + rs->x[0].count) << sx,
                        (rs->y[0].start + rs->y[0].count) << sy};
        if (kf_rect_contains(have, r)) return KF_OK;
        r = kf_rect_union(have, r);
    } else {
        if (kf_grow((void **)&cpu->resamplers, &cpu->resampler_capacity, cpu->resampler_count + 1, sizeof *rs) != 0)
            return kf_fail_memory(err);
        rs = &cpu->resamplers[cpu->resampler_count++];
    }
    *rs = (resampler){.node = n, .grid = grid};
    kf_rect origin = n->a->bounds;
    if (needs_prepared_child(n)) {
        const prepared *m = find_prepared(cpu, n->a, PREPARED_IMAGE);
        if (!m) return kf_fail(err, KF_ERR_INTERNAL, "a transform's input was not prepared");
        picture_open(&rs->source, &m->image);
        origin = m->region;
    } else {
        picture_open(&rs->source, &n->a->u.source.frame->image);
    }
    if (kf_transform2d_turns(&n->u.transform.inverse)) {
        const prepared *turned = find_prepared(cpu, n->a, PREPARED_TURNED);
        if (!turned) return kf_fail(err, KF_ERR_INTERNAL, "a turned picture was not prepared");
        rs->source = *turned->turned;
    }
    bool sub_w = false, sub_h = false;
    for (int c = 0; c < rs->source.colors; c++) {
        sub_w |= rs->source.c[c].sub_w != 0;
        sub_h |= rs->source.c[c].sub_h != 0;
    }
    bool ok = make_axis(cpu, rs, 0, 0, origin, r, &rs->x[0]) && make_axis(cpu, rs, 1, 0, origin, r, &rs->y[0]) &&
              (!sub_w || make_axis(cpu, rs, 0, 1, origin, r, &rs->x[1])) &&
              (!sub_h || make_axis(cpu, rs, 1, 1, origin, r, &rs->y[1]));
    if (!ok) return kf_fail_memory(err);
    /* the samples of a row as they lie, and each component's (resample_packed) */
    size_t lines = rs->source.packed ? 2 * (size_t)rs->source.packed : 3;
    size_t span = lines * ((size_t)rs->source.c[0].width + KF_SLACK + 16) + (size_t)rs->y[0].taps + 64;
    if (span > cpu->span) cpu->span = span;
    return KF_OK;
}

kf_status make_resamplers(struct kf_cpu *cpu, const kf_graph_node *n, kf_rect visible, kf_error *err)
{
    if (!n || n->type == KF_NODE_BLUR || n->type == KF_NODE_PIXELATE) return KF_OK;
    kf_rect r = kf_rect_intersect(n->bounds, visible); /* at every level, as `need` and execution do */
    if (kf_rect_empty(r)) return KF_OK;
    int dx, dy;
    if (is_shift(n, &dx, &dy)) return make_resamplers(cpu, n->a, kf_rect_moved(r, -dx, -dy), err);
    if (n->type != KF_NODE_TRANSFORM) {
        kf_status status = make_resamplers(cpu, n->a, r, err);
        return status == KF_OK ? make_resamplers(cpu, n->b, r, err) : status;
    }
    if (!kf_transform2d_separable(&n->u.transform.inverse)) return KF_OK;
    kf_status status = make_resampler(cpu, n, 0, r, err);
    bool chroma = cpu->info->model == KF_MODEL_YUV && (cpu->info->sub_w || cpu->info->sub_h);
    return status == KF_OK && chroma ? make_resampler(cpu, n, 1, r, err) : status;
}

/* ---- cells ---- */

enum { EDGES_MAX = 24 };

typedef struct edges {
    int at[EDGES_MAX];
    int count;
} edges;

static void add_edge(edges *e, int v, int lo, int hi)
{
    if (v <= lo || v >= hi || e->count == EDGES_MAX) return;
    for (int i = 0; i < e->count; i++)
        if (e->at[i] == v) return;
    e->at[e->count++] = v;
}

static int even_down(int v)
{
    return v & ~1;
}

static int even_up(int v)
{
    return (v + 1) & ~1;
}

/* Edges of every layer that a blend, mix or mask brings in, moved outward to even so that chroma cells stay whole. */
static void collect_edges(const kf_graph_node *n, kf_rect canvas, edges *xs, edges *ys)
{
    if (!n) return;
    if (n->type == KF_NODE_BLEND || n->type == KF_NODE_MIX) {
        const kf_graph_node *const inputs[2] = {n->a, n->b};
        for (int i = 0; i < 2; i++) {
            kf_rect b = inputs[i]->bounds;
            if (inputs[i]->opaque) { /* inside of an opaque layer what is under it need not be run */
                add_edge(xs, even_up(b.x0), canvas.x0, canvas.x1);
                add_edge(xs, even_down(b.x1), canvas.x0, canvas.x1);
                add_edge(ys, even_up(b.y0), canvas.y0, canvas.y1);
                add_edge(ys, even_down(b.y1), canvas.y0, canvas.y1);
            }
            add_edge(xs, even_down(b.x0), canvas.x0, canvas.x1);
            add_edge(xs, even_up(b.x1), canvas.x0, canvas.x1);
            add_edge(ys, even_down(b.y0), canvas.y0, canvas.y1);
            add_edge(ys, even_up(b.y1), canvas.y0, canvas.y1);
        }
        collect_edges(n->b, canvas, xs, ys);
    }
    if (n->type != KF_NODE_TRANSFORM && n->type != KF_NODE_BLUR && n->type != KF_NODE_PIXELATE)
        collect_edges(n->a, canvas, xs, ys);
}

static int compare_int(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static void finish_edges(edges *e, int lo, int hi, int sorted[EDGES_MAX + 2], int *count)
{
    memcpy(sorted, e->at, sizeof(int) * (size_t)e->count);
    *count = e->count;
    sorted[(*count)++] = lo;
    sorted[(*count)++] = hi;
    qsort(sorted, (size_t)*count, sizeof *sorted, compare_int);
}

static kf_status make_cells(struct kf_cpu *cpu, kf_graph *graph, const kf_graph_node *root, kf_rect canvas,
                            kf_error *err)
{
    edges xs = {0}, ys = {0};
    collect_edges(root, canvas, &xs, &ys);
    int x[EDGES_MAX + 2], y[EDGES_MAX + 2], nx, ny;
    finish_edges(&xs, canvas.x0, canvas.x1, x, &nx);
    finish_edges(&ys, canvas.y0, canvas.y1, y, &ny);
    cpu->cell_count = 0;
    for (int j = 0; j + 1 < ny; j++) {
        for (int i = 0; i + 1 < nx; i++) {
            if (kf_grow((void **)&cpu->cells, &cpu->cell_capacity, cpu->cell_count + 1, sizeof *cpu->cells) != 0)
                return kf_fail_memory(err);
            kf_rect r = {x[i], y[j], x[i + 1], y[j + 1]};
            const kf_graph_node *shown = kf_graph_plan(graph, root, r);
            frame_cell *last = cpu->cell_count ? &cpu->cells[cpu->cell_count - 1] : NULL;
            if (last && last->root == shown && last->rect.y0 == r.y0 && last->rect.x1 == r.x0) {
                last->rect.x1 = r.x1;
                continue;
            }
            cpu->cells[cpu->cell_count++] =
                (frame_cell){r, shown, !cpu->info->alpha && cpu->info->bits != 32 && linear_possible(cpu, shown)};
        }
    }
    return KF_OK;
}

typedef struct band {
    const frame_cell *cell;
    int y0, y1;
} band;

static void band_task(rows_ctx *ctx, void *arg, int i)
{
    const band *b = (const band *)arg + i;
    if (b->cell->linear)
        run_cell_linear(ctx, b->cell, b->y0, b->y1);
    else
        run_cell_rows(ctx, b->cell, b->y0, b->y1);
}

static kf_status run_cells(struct kf_cpu *cpu, kf_error *err)
{
    enum { ROWS = 32 };
    size_t count = 0;
    for (size_t i = 0; i < cpu->cell_count; i++)
        count += (size_t)(cpu->cells[i].rect.y1 - cpu->cells[i].rect.y0 + ROWS - 1) / ROWS;
    band *bands = kf_arena_alloc(&cpu->arena, count * sizeof *bands);
    if (!bands) return kf_fail_memory(err);
    count = 0;
    for (size_t i = 0; i < cpu->cell_count; i++) {
        const frame_cell *c = &cpu->cells[i];
        for (int y = c->rect.y0; y < c->rect.y1; y += ROWS)
            bands[count++] = (band){c, y, y + ROWS < c->rect.y1 ? y + ROWS : c->rect.y1};
    }
    run_tasks(cpu, (int)count, band_task, bands);
    return KF_OK;
}

kf_status kf_cpu_render(kf_cpu *cpu, kf_graph *graph, const kf_graph_node *root, const kf_graph_output *output,
                        kf_image *out, kf_error *err)
{
    kf_rect canvas = {0, 0, output->width, output->height};
    cpu->output = output;
    cpu->info = kf_pixfmt_get(output->format);
    cpu->image = out;
    cpu->resampler_count = 0;
    cpu->span = 0;
    cpu->encode = cpu->info->bits == 32 ? kf_affine_identity : kf_color_encode(output->color, cpu->info);
    out->color = output->color;
    out->premultiplied = cpu->info->alpha && output->premultiplied;
    picture planes;
    picture_open(&planes, out);
    memcpy(cpu->planes, planes.c, sizeof cpu->planes);
    root = kf_graph_plan(graph, root, canvas);
    kf_status status = open_sources(cpu, root, err);
    if (status == KF_OK) status = run_passes(cpu, root, canvas, err);
    if (status == KF_OK) status = make_cells(cpu, graph, root, canvas, err);
    if (status == KF_OK) status = make_resamplers(cpu, root, canvas, err);
    if (status == KF_OK) status = ensure_scratch(cpu, root, err);
    if (status == KF_OK) status = run_cells(cpu, err);
    kf_arena_finish(&cpu->arena);
    close_sources(cpu, false);
    drop_axes(cpu, false);
    return status;
}
