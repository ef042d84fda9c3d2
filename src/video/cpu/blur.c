/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GAUSSIAN and BOX. The input's rows are filtered along x as they are run and kept; rows of the output are filtered along y when
 * they are asked for. A Gaussian wider than LARGE_SIGMA runs on a reduced grid: quadratic B-splines over blocks of f samples
 * (repeated halving by 1 3 3 1, which keeps what would fold below a hundredth of a code), a narrower Gaussian there, and cubic
 * B-spline interpolation back. The variances of both splines, (f^2 - 1) / 4 and f^2 / 3, are taken off the Gaussian's, so that the
 * whole has the variance asked for; the rest of the difference is below half an 8-bit code for any picture and axis. */
#include "video/cpu/passes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LARGE_SIGMA = 4;
enum { FACTOR_MAX = 256 };

/* One direction. Reduced sample j is the spline centred on input samples [origin + j f, origin + (j + 1) f); without reduction
 * (f = 1) it is sample origin + j. */
typedef struct blur_axis {
    int factor, origin;
    int in0, in1;        /* input that is read; beyond it lies the input's edge or nothing that counts */
    int j0, j1;          /* reduced samples before the filter */
    int m0, m1;          /* after it: what interpolation reads */
    int out0, out1;
    int radius;
    float *weights;      /* 2 * radius + 1 */
    int taps;            /* of the interpolation: 1 without reduction, else 4 */
    int32_t *first;      /* per output sample: index from m0 */
    float *spline;       /* [taps][outputs] */
} blur_axis;

/* Rows [s0, s1) of planes, filtered along x: input rows where y is not reduced, else rows j0 .. j1. */
struct blurred {
    const kf_graph_node *node;
    blur_axis x, y;
    bool clamp, empty;
    int planes;          /* 3 when alpha is 1 throughout */
    int s0, s1;
    size_t wide_row, row; /* floats from row to row */
    float *wide;         /* rows of the input reduced along x, where y is reduced, too */
    float *rows;
    float *block;        /* weights of the spline of y: 3 f - 2 */
};

static int factor_of(const kf_blur *blur, double sigma)
{
    int f = 1;
    if (blur->type != KF_BLUR_GAUSSIAN) return 1;
    while (sigma > LARGE_SIGMA && sigma / (2 * f) >= 2 && f < FACTOR_MAX) f *= 2;
    return f;
}

static int reach_along(const kf_blur *blur, double amount)
{
    int f = factor_of(blur, amount);
    double reach = fmin(ceil((blur->type == KF_BLUR_GAUSSIAN ? 3 : 1) * amount), 1e6);
    return (int)reach + 2 + (f > 1 ? 6 * f : 0);
}

void blur_reach(const kf_blur *blur, int *x, int *y)
{
    *x = reach_along(blur, fabsf(blur->x));
    *y = reach_along(blur, fabsf(blur->y));
}

/* ---- weights ---- */

/* Variance of a Gaussian sampled on integers up to `radius`, the last taps weighted by `last`. */
static double cut_variance(double sigma, int radius, double last)
{
    double sum = 1, moment = 0;
    for (int i = 1; i <= radius; i++) {
        double v = 2 * exp(-(double)i * i / (2 * sigma * sigma)) * (i == radius ? last : 1);
        sum += v;
        moment += v * i * i;
    }
    return moment / sum;
}

/* Sigma of the reduced Gaussian, cut at *radius with its ends weighted by *last, such that the whole has the variance and about
 * the extent of the Gaussian cut at three sigma. */
static double reduced_sigma(double sigma, int f, int *radius, double *last)
{
    int full = (int)ceil(3 * sigma);
    double ff = (double)f * f, extent = (full + 0.5) / f - 1;
    double want = (cut_variance(sigma, full, 1) - (ff - 1) / 4 - ff / 3) / ff;
    *radius = (int)ceil(extent);
    *last = extent - *radius + 1;
    double lo = 0.3 * sqrt(want), hi = 3 * sqrt(want);
    for (int i = 0; i < 50; i++) {
        double mid = (lo + hi) / 2;
        if (cut_variance(mid, *radius, *last) < want)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static double box_tap(double amount, int i)
{
    return abs(i) <= (int)amount ? 1 : amount - floor(amount);
}

static double gauss_tap(double sigma, int i)
{
    return sigma > 0 ? exp(-(double)i * i / (2 * sigma * sigma)) : i == 0;
}

static bool make_weights(kf_arena *arena, const kf_blur *blur, double amount, blur_axis *a)
{
    bool box = blur->type == KF_BLUR_BOX;
    double last = 1, sum = 0;
    a->radius = (int)ceil(fmin(box ? amount : 3 * amount, 1e6));
    if (a->factor > 1) amount = reduced_sigma(amount, a->factor, &a->radius, &last);
    a->weights = kf_arena_alloc(arena, sizeof(float) * (size_t)(2 * a->radius + 1));
    double *w = kf_arena_alloc(arena, sizeof(double) * (size_t)(a->radius + 1));
    if (!a->weights || !w) return false;
    for (int i = 0; i <= a->radius; i++) {
        w[i] = (box ? box_tap(amount, i) : gauss_tap(amount, i)) * (i == a->radius ? last : 1);
        sum += i ? 2 * w[i] : w[i];
    }
    for (int i = -a->radius; i <= a->radius; i++) a->weights[i + a->radius] = (float)(w[abs(i)] / sum);
    return true;
}

/* Three boxes of f samples one after the other. */
static float *make_block(kf_arena *arena, int f)
{
    float *block = kf_arena_alloc(arena, sizeof(float) * (size_t)(3 * f - 2));
    double cube = (double)f * f * f;
    for (int i = 0; block && i < 3 * f - 2; i++) {
        double n = i + 1, k = 0; /* ways to reach i as a sum of three numbers below f */
        for (int q = 0; q < 3; q++) {
            double left = n - (double)q * f;
            static const int choose[3] = {1, -3, 3};
            if (left > 0) k += choose[q] * left * (left + 1) / 2;
        }
        block[i] = (float)(k / cube);
    }
    return block;
}

/* Output samples [out0, out1) of an input that lies in [edge0, edge1). */
static bool make_blur_axis(kf_arena *arena, const kf_blur *blur, double amount, int edge0, int edge1, int out0, int out1, blur_axis *a)
{
    amount = fabs(amount);
    int f = factor_of(blur, amount), n = out1 - out0, reach = reach_along(blur, amount);
    *a = (blur_axis){.factor = f, .origin = edge0, .taps = f > 1 ? 4 : 1, .out0 = out0, .out1 = out1};
    a->in0 = clamp_to(out0 - reach, edge0, edge1);
    a->in1 = clamp_to(out1 + reach - 1, edge0, edge1) + 1;
    a->first = kf_arena_alloc(arena, sizeof(int32_t) * (size_t)n);
    a->spline = kf_arena_alloc(arena, sizeof(float) * (size_t)n * (size_t)a->taps);
    if (!a->first || !a->spline || !make_weights(arena, blur, amount, a)) return false;
    int before = f > 1 ? 1 : 0, after = f > 1 ? 2 : 0;
    /* cubic taps of output x: u = (x + 0.5 - origin) / f - 0.5, samples floor(u) - 1 .. floor(u) + 2 */
    a->m0 = floor_div(2 * (out0 - edge0) + 1 - f, 2 * f) - before;
    a->m1 = floor_div(2 * (out1 - 1 - edge0) + 1 - f, 2 * f) + after + 1;
    a->j0 = a->m0 - a->radius;
    a->j1 = a->m1 + a->radius;
    for (int i = 0; i < n; i++) {
        int twice = 2 * (out0 + i - edge0) + 1 - f, whole = floor_div(twice, 2 * f);
        a->first[i] = whole - before - a->m0;
        if (f == 1) {
            a->spline[i] = 1.0f;
            continue;
        }
        double t = (double)(twice - 2 * f * whole) / (2 * f), s = 1 - t;
        const double w[4] = {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6,
                             t * t * t / 6};
        for (int k = 0; k < 4; k++) a->spline[(size_t)k * (size_t)n + (size_t)i] = (float)w[k];
    }
    return true;
}

/* ---- along x ---- */

/* Input samples, relative to the origin, that reduced samples [j0, j1) are made of. */
static void padded_range(const blur_axis *a, int *p0, int *p1)
{
    *p0 = a->j0;
    *p1 = a->j1;
    for (int f = a->factor; f > 1; f /= 2) {
        *p0 = 2 * *p0 - 1;
        *p1 = 2 * *p1 + 1;
    }
}

/* Continues line, which holds [lo, hi) of [0, n), to both sides. */
static void pad(rows_ctx *ctx, float *line, int lo, int hi, int n, bool clamp)
{
    ctx->k->fill(line, clamp ? line[lo] : 0.0f, lo);
    ctx->k->fill(line + hi, clamp ? line[hi - 1] : 0.0f, n - hi);
}

/* Halves line, whose first sample is `p0` from the origin, until it is on the reduced grid; gives where it ends up. */
static const float *reduce(rows_ctx *ctx, const blur_axis *a, float *line, float *other, int p0, int p1)
{
    for (int f = a->factor; f > 1; f /= 2) {
        int q0 = (p0 + 1) / 2, q1 = (p1 - 1) / 2; /* both are odd, so exact for negative ones, too */
        ctx->k->halve3(other, line, q1 - q0);
        float *swap = line;
        line = other;
        other = swap;
        p0 = q0;
        p1 = q1;
    }
    return line;
}

static void filter_across(rows_ctx *ctx, const struct blurred *b, float *dst, const float *src)
{
    ctx->k->fir(dst, src, b->x.weights, 2 * b->x.radius + 1, b->x.m1 - b->x.m0);
}

static void input_row(rows_ctx *ctx, const struct blurred *b, int y)
{
    const blur_axis *a = &b->x;
    int p0, p1, lo = a->in0 - a->origin, hi = a->in1 - a->origin;
    padded_range(a, &p0, &p1);
    /* The edge may lie inside the padding or beyond it. */
    int n = (p1 > hi ? p1 : hi) - (p0 < lo ? p0 : lo), base = p0 < lo ? p0 : lo;
    float *saved = ctx->next, *line[4], *other = take(ctx, (size_t)n + 16);
    for (int c = 0; c < 4; c++) line[c] = take(ctx, (size_t)n + 16);
    float *const inside[4] = {line[0] + (lo - base), line[1] + (lo - base), line[2] + (lo - base), line[3] + (lo - base)};
    full_rows(ctx, b->node->a, y, a->in0, a->in1 - a->in0, inside);
    for (int c = 0; c < b->planes; c++) {
        pad(ctx, line[c], lo - base, hi - base, n, b->clamp);
        const float *reduced = reduce(ctx, a, line[c] + (p0 - base), other, p0, p1);
        if (b->y.factor > 1) {
            float *wide = b->wide + ((size_t)c * (size_t)(b->y.in1 - b->y.in0) + (size_t)(y - b->y.in0)) * b->wide_row;
            memcpy(wide, reduced, sizeof(float) * (size_t)(a->j1 - a->j0));
        } else {
            filter_across(ctx, b, b->rows + ((size_t)c * (size_t)(b->s1 - b->s0) + (size_t)(y - b->s0)) * b->row, reduced);
        }
    }
    ctx->next = saved;
}

enum { BAND = 8 };

static void input_task(rows_ctx *ctx, void *arg, int band)
{
    const struct blurred *b = arg;
    int y0 = b->y.in0 + band * BAND, y1 = y0 + BAND < b->y.in1 ? y0 + BAND : b->y.in1;
    for (int y = y0; y < y1; y++) input_row(ctx, b, y);
}

/* ---- along y ---- */

/* Weights w of samples at, at + 1, ... as weights of samples inside [lo, hi): beyond it those of the edge, or none. Gives the
 * first sample and the number of them; w is changed in place. */
static int fold_weights(float *w, int at, int n, int lo, int hi, bool clamp, int *first)
{
    int skip = at < lo ? lo - at : 0, end = at + n > hi ? hi - at : n;
    if (skip >= n || end <= 0) { /* wholly beyond an edge */
        float sum = 0.0f;
        for (int i = 0; i < n; i++) sum += w[i];
        *first = skip >= n ? lo : hi - 1;
        w[0] = clamp ? sum : 0.0f;
        return 1;
    }
    for (int i = 0; i < skip && clamp; i++) w[skip] += w[i];
    for (int i = end; i < n && clamp; i++) w[end - 1] += w[i];
    memmove(w, w + skip, sizeof(float) * (size_t)(end - skip));
    *first = at + skip;
    return end - skip;
}

/* n columns from `x` on of the weighted sum of rows. */
static void sum_rows(rows_ctx *ctx, float *dst, const float *first_row, size_t row, const float *w, int taps, int n)
{
    for (int x = 0; x < n; x += KF_CHUNK)
        ctx->k->columns_f32(dst + x, first_row + x, (ptrdiff_t)(row * sizeof(float)), w, taps, n - x < KF_CHUNK ? n - x : KF_CHUNK);
}

/* One row on the reduced grid of y, filtered along x. */
static void reduced_row_task(rows_ctx *ctx, void *arg, int index)
{
    const struct blurred *b = arg;
    const blur_axis *ay = &b->y;
    int f = ay->factor, n = 3 * f - 2, width = b->x.j1 - b->x.j0, first;
    float *saved = ctx->next, *w = take(ctx, (size_t)n), *line = take(ctx, (size_t)width);
    memcpy(w, b->block, sizeof(float) * (size_t)n);
    int taps = fold_weights(w, ay->origin + (ay->j0 + index) * f - (f - 1), n, ay->in0, ay->in1, b->clamp, &first);
    for (int c = 0; c < b->planes; c++) {
        const float *src = b->wide + ((size_t)c * (size_t)(ay->in1 - ay->in0) + (size_t)(first - ay->in0)) * b->wide_row;
        sum_rows(ctx, line, src, b->wide_row, w, taps, width);
        filter_across(ctx, b, b->rows + ((size_t)c * (size_t)(b->s1 - b->s0) + (size_t)index) * b->row, line);
    }
    ctx->next = saved;
}

row_state eval_blur(rows_ctx *ctx, const prepared *p, int y, int x0, int n, float *const dst[4])
{
    const struct blurred *b = p->blur;
    const blur_axis *ax = &b->x, *ay = &b->y;
    if (b->empty) return ROW_EMPTY;
    int row = y - ay->out0, column = x0 - ax->out0, fir = 2 * ay->radius + 1, taps = fir + ay->taps - 1, first;
    float *saved = ctx->next, *w = take(ctx, (size_t)taps);
    memset(w, 0, sizeof(float) * (size_t)taps);
    for (int k = 0; k < ay->taps; k++) {
        float s = ay->spline[(size_t)k * (size_t)(ay->out1 - ay->out0) + (size_t)row];
        for (int q = 0; q < fir; q++) w[k + q] += s * ay->weights[q];
    }
    /* rows on the reduced grid are all there; input rows end at the edge */
    int at = ay->first[row] + (ay->factor > 1 ? b->s0 : ay->origin + ay->j0);
    taps = fold_weights(w, at, taps, b->s0, b->s1, b->clamp, &first);
    int c0 = ax->first[column], width = ax->first[column + n - 1] + ax->taps - c0;
    float *line = take(ctx, (size_t)width + KF_SLACK);
    for (int c = 0; c < b->planes; c++) {
        const float *src = b->rows + ((size_t)c * (size_t)(b->s1 - b->s0) + (size_t)(first - b->s0)) * b->row + c0;
        sum_rows(ctx, ax->taps > 1 ? line : dst[c], src, b->row, w, taps, width);
        if (ax->taps > 1) ctx->k->across(dst[c], line, ax->first + column, c0, ax->spline + column, ax->out1 - ax->out0, ax->taps, n);
    }
    ctx->next = saved;
    return b->planes == 3 ? ROW_OPAQUE : ROW_ALPHA;
}

/* ---- the pass ---- */

static bool blur_memory(struct kf_cpu *cpu, struct blurred *b, size_t slot)
{
    size_t in_rows = b->y.factor > 1 ? (size_t)(b->y.in1 - b->y.in0) : 0, rows = (size_t)(b->s1 - b->s0);
    b->wide_row = ((size_t)(b->x.j1 - b->x.j0) + 15) & ~(size_t)15;
    b->row = ((size_t)(b->x.m1 - b->x.m0) + 15) & ~(size_t)15;
    size_t wide = in_rows * b->wide_row * (size_t)b->planes;
    b->wide = slot_floats(cpu, slot, wide + rows * b->row * (size_t)b->planes);
    b->rows = b->wide ? b->wide + wide : NULL;
    return b->wide != NULL;
}

/* Scratch floats of input_row and of the weights of a row. */
static size_t blur_span(const struct blurred *b)
{
    int p0, p1;
    padded_range(&b->x, &p0, &p1);
    size_t line = (size_t)(p1 - p0) + (size_t)(b->x.in1 - b->x.in0) + 48;
    return 5 * line + 2 * (size_t)b->y.radius + 3 * (size_t)b->y.factor + (size_t)(b->x.j1 - b->x.j0) + 128;
}

kf_status run_blur(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err)
{
    const kf_graph_node *n = p->node;
    const kf_blur *blur = &n->u.blur;
    kf_rect to = p->region, edge = n->a->bounds;
    int rx, ry;
    struct blurred *b = kf_arena_alloc(&cpu->arena, sizeof *b);
    if (!b) return kf_fail_memory(err);
    *b = (struct blurred){.node = n, .clamp = blur->edge == KF_EDGE_CLAMP, .planes = n->opaque ? 3 : 4};
    p->blur = b;
    blur_reach(blur, &rx, &ry);
    b->empty = kf_rect_empty(kf_rect_intersect((kf_rect){to.x0 - rx, to.y0 - ry, to.x1 + rx, to.y1 + ry}, edge));
    if (b->empty) return KF_OK;
    if (!make_blur_axis(&cpu->arena, blur, blur->x, edge.x0, edge.x1, to.x0, to.x1, &b->x)
        || !make_blur_axis(&cpu->arena, blur, blur->y, edge.y0, edge.y1, to.y0, to.y1, &b->y)
        || !(b->block = make_block(&cpu->arena, b->y.factor)))
        return kf_fail_memory(err);
    b->s0 = b->y.factor > 1 ? b->y.j0 : b->y.in0;
    b->s1 = b->y.factor > 1 ? b->y.j1 : b->y.in1;
    if (!blur_memory(cpu, b, slot)) return kf_fail_memory(err);
    if (blur_span(b) > cpu->span) cpu->span = blur_span(b);
    kf_status status = ensure_scratch(cpu, n->a, err);
    if (status != KF_OK) return status;
    run_tasks(cpu, (b->y.in1 - b->y.in0 + BAND - 1) / BAND, input_task, b);
    if (b->y.factor > 1) run_tasks(cpu, b->y.j1 - b->y.j0, reduced_row_task, b);
    return KF_OK;
}
