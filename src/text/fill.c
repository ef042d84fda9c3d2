/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filling: every row of pixels is cut into STEPS lines; along each, spans between crossings are measured to 1/256 px and
 * summed up. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "text/outline.h"

enum { STEPS = 16, UNITS = 256, FULL = STEPS * UNITS };

typedef struct edge {
    double y0, y1, x0, slope;  /* y0 < y1 */
    int direction;
} edge;

typedef struct crossing {
    int64_t x;                 /* 1/256 px from the plane's left edge */
    int direction;
} crossing;

typedef struct filler {
    const kf_coverage *to;
    bool even_odd;
    edge *edges;               /* by y0 */
    size_t count, next;        /* next: the first that has not begun */
    edge **active;
    size_t active_count;
    crossing *crossings;
    int32_t *sums;             /* of the row: differences of coverage, one more than its pixels and one */
    int first, last;           /* pixels of the row that were touched */
} filler;

/* ---- Edges ---- */

static void add_edge(filler *f, kf_point a, kf_point b)
{
    if (a.y == b.y) return;
    bool down = a.y < b.y;
    kf_point top = down ? a : b, bottom = down ? b : a;
    f->edges[f->count++] =
        (edge){top.y, bottom.y, top.x, (bottom.x - top.x) / (bottom.y - top.y), down ? 1 : -1};
}

static void add_edges(filler *f, const kf_outline *o)
{
    for (size_t c = 0; c < o->contours; c++) {
        size_t start = o->starts[c], end = c + 1 < o->contours ? o->starts[c + 1] : o->count;
        for (size_t i = start; i < end; i++) add_edge(f, o->points[i], o->points[i + 1 < end ? i + 1 : start]);
    }
}

static int by_top(const void *a, const void *b)
{
    const edge *p = a, *q = b;
    return p->y0 < q->y0 ? -1 : p->y0 > q->y0;
}

/* ---- Lines ---- */

/* The edges that line y crosses. */
static void update_active(filler *f, double y)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->active_count; i++)
        if (f->active[i]->y1 > y) f->active[kept++] = f->active[i];
    for (; f->next < f->count && f->edges[f->next].y0 <= y; f->next++)
        if (f->edges[f->next].y1 > y) f->active[kept++] = &f->edges[f->next];
    f->active_count = kept;
}

static void find_crossings(filler *f, double y)
{
    for (size_t i = 0; i < f->active_count; i++) {
        const edge *e = f->active[i];
        double x = e->x0 + (y - e->y0) * e->slope - f->to->x;
        crossing c = {(int64_t)floor(x * UNITS + 0.5), e->direction};
        size_t at = i;
        for (; at > 0 && f->crossings[at - 1].x > c.x; at--) f->crossings[at] = f->crossings[at - 1];
        f->crossings[at] = c;
    }
}

static int64_t limit(int64_t v, int64_t most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

/* Coverage from pixel x on, as a difference: `left` of it lies in pixel x, the rest begins with the next one. */
static void begin_at(filler *f, int64_t x, int sign)
{
    int pixel = (int)(x / UNITS), inside = UNITS - (int)(x % UNITS);
    f->sums[pixel] += sign * inside;
    f->sums[pixel + 1] += sign * (UNITS - inside);
}

static void add_span(filler *f, int64_t from, int64_t to)
{
    const int64_t width = (int64_t)f->to->width * UNITS;
    from = limit(from, width);
    to = limit(to, width);
    if (from >= to) return;
    begin_at(f, from, 1);
    begin_at(f, to, -1);
    int first = (int)(from / UNITS), last = (int)((to - 1) / UNITS);
    if (first < f->first) f->first = first;
    if (last > f->last) f->last = last;
}

static void add_spans(filler *f)
{
    int winding = 0;
    for (size_t i = 0; i + 1 < f->active_count; i++) {
        winding += f->crossings[i].direction;
        if (f->even_odd ? winding & 1 : winding != 0) add_span(f, f->crossings[i].x, f->crossings[i + 1].x);
    }
}

/* ---- Rows ---- */

static void write_row(filler *f, int row)
{
    uint8_t *out = f->to->pixels + row * f->to->stride;
    int32_t sum = 0;
    for (int x = f->first; x <= f->last; x++) {
        sum += f->sums[x];
        out[x] = (uint8_t)((sum * 255 + FULL / 2) / FULL);
    }
    memset(f->sums + f->first, 0, ((size_t)(f->last - f->first) + 3) * sizeof *f->sums);
}

static void fill_row(filler *f, int row)
{
    f->first = f->to->width;
    f->last = -1;
    for (int step = 0; step < STEPS; step++) {
        double y = f->to->y + row + (step + 0.5) / STEPS;
        update_active(f, y);
        find_crossings(f, y);
        add_spans(f);
    }
    if (f->first <= f->last) write_row(f, row);
}

kf_status kf_outline_fill(const kf_outline *o, bool even_odd, const kf_coverage *to, kf_error *err)
{
    if (o->failed) return kf_fail_memory(err);
    if (o->count == 0) return KF_OK;
    filler f = {.to = to, .even_odd = even_odd};
    f.edges = kf_alloc_zero(o->count, sizeof *f.edges);
    f.active = kf_alloc_zero(o->count, sizeof *f.active);
    f.crossings = kf_alloc_zero(o->count, sizeof *f.crossings);
    f.sums = kf_alloc_zero((size_t)to->width + 3, sizeof *f.sums);
    bool good = f.edges && f.active && f.crossings && f.sums;
    if (good) {
        add_edges(&f, o);
        qsort(f.edges, f.count, sizeof *f.edges, by_top);
        for (int row = 0; row < to->height; row++) fill_row(&f, row);
    }
    kf_free(f.edges);
    kf_free(f.active);
    kf_free(f.crossings);
    kf_free(f.sums);
    return good ? KF_OK : kf_fail_memory(err);
}
