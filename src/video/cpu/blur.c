/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blurs. A Gaussian wider than LARGE_SIGMA runs on a reduced picture: means over blocks of f pixels, a narrower Gaussian there,
 * and cubic B-spline interpolation back. The variances of the block, (f^2 - 1) / 12, and of the spline, f^2 / 3, are taken off
 * the Gaussian's, so that the whole has the variance asked for; what is left of the difference is far below one 8-bit code. */
#include "video/cpu/passes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LARGE_SIGMA = 4;

/* One direction of a blur: reduced sample j is the mean over [origin + j f, origin + (j + 1) f). */
typedef struct blur_axis {
    int factor, origin;
    int j0, j1;          /* reduced samples before the filter */
    int m0, m1;          /* after it: what interpolation reads */
    int radius;
    float *weights;      /* 2 * radius + 1 */
    int taps;            /* of the interpolation: 1 without reduction, else 4 */
    int32_t *first;      /* per output pixel: index from m0 */
    float *spline;       /* [taps][outputs] */
    int out0, out1;
} blur_axis;

typedef struct blur_run {
    const pass *p;
    blur_axis x, y;
    bool clamp;
    int planes;          /* 3 when alpha is known to be 1 */
    float *reduced, *across; /* planes of reduced samples, before and after the filter along x */
    size_t row_reduced, row_across;
} blur_run;

static int block_of(double sigma)
{
    int f = 1;
    while (sigma > LARGE_SIGMA && sigma / (2 * f) >= 3) f *= 2;
    return f;
}

void blur_reach(const kf_blur *blur, int *x, int *y)
{
    double ax = fabsf(blur->x), ay = fabsf(blur->y), k = blur->type == KF_BLUR_GAUSSIAN ? 3 : 1;
    int fx = k > 1 ? block_of(ax) : 1, fy = k > 1 ? block_of(ay) : 1;
    *x = (int)ceil(k * ax) + 1 + (fx > 1 ? 5 * fx : 0);
    *y = (int)ceil(k * ay) + 1 + (fy > 1 ? 5 * fy : 0);
}

size_t blur_scratch(const pass *p)
{
    kf_rect in = p->in->region, out = p->out->region;
    int x, y;
    blur_reach(&p->node->u.blur, &x, &y);
    return (size_t)(in.x1 - in.x0) + (size_t)(out.x1 - out.x0) + 4 * (size_t)(x + y) + 4096;
}

static int floor_div(int v, int d)
{
    return v >= 0 ? v / d : -((-v + d - 1) / d);
}

/* Weight of tap i, not normalised. */
static double tap(const kf_blur *blur, double amount, int i)
{
    if (blur->type == KF_BLUR_BOX) return abs(i) <= (int)amount ? 1 : amount - floor(amount);
    return amount <= 0 ? 1 : exp(-(double)i * i / (2 * amount * amount));
}

/* Variance of a Gaussian sampled on integers and cut at `radius`. */
static double cut_variance(double sigma, int radius)
{
    double sum = 1, moment = 0;
    for (int i = 1; i <= radius; i++) {
        double v = 2 * exp(-(double)i * i / (2 * sigma * sigma));
        sum += v;
        moment += v * i * i;
    }
    return moment / sum;
}

/* Sigma and radius on the reduced grid such that the whole has the variance of the Gaussian cut at three sigma. */
static double reduced_sigma(double sigma, int f, int *radius)
{
    double ff = (double)f * f, want = (cut_variance(sigma, (int)ceil(3 * sigma)) - (ff - 1) / 12 - ff / 3) / ff;
    *radius = (int)ceil(3 * sqrt(want));
    double lo = 0.5 * sqrt(want), hi = 2 * sqrt(want);
    for (int i = 0; i < 40; i++) {
        double mid = (lo + hi) / 2;
        if (cut_variance(mid, *radius) < want)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static bool make_weights(kf_arena *arena, const kf_blur *blur, double amount, int factor, blur_axis *a)
{
    a->radius = blur->type == KF_BLUR_GAUSSIAN ? (int)ceil(3 * amount) : (int)ceil(amount);
    if (factor > 1) amount = reduced_sigma(amount, factor, &a->radius);
    a->weights = kf_arena_alloc(arena, sizeof(float) * (size_t)(2 * a->radius + 1));
    if (!a->weights) return false;
    double sum = 0;
    for (int i = -a->radius; i <= a->radius; i++) sum += tap(blur, amount, i);
    for (int i = -a->radius; i <= a->radius; i++) a->weights[i + a->radius] = (float)(tap(blur, amount, i) / sum);
    return true;
}

static bool make_blur_axis(kf_arena *arena, const kf_blur *blur, double amount, int origin, int out0, int out1, blur_axis *a)
{
    amount = fabs(amount);
    int f = blur->type == KF_BLUR_GAUSSIAN ? block_of(amount) : 1, n = out1 - out0;
    *a = (blur_axis){.factor = f, .origin = origin, .taps = f > 1 ? 4 : 1, .out0 = out0, .out1 = out1};
    a->first = kf_arena_alloc(arena, sizeof(int32_t) * (size_t)n);
    a->spline = kf_arena_alloc(arena, sizeof(float) * (size_t)n * (size_t)a->taps);
    if (!a->first || !a->spline || !make_weights(arena, blur, amount, f, a)) return false;
    int before = f > 1 ? 1 : 0, after = f > 1 ? 2 : 0;
    /* B-spline taps of output x: u = (x + 0.5 - origin) / f - 0.5, samples floor(u) - 1 .. floor(u) + 2 */
    a->m0 = floor_div(2 * (out0 - origin) + 1 - f, 2 * f) - before;
    a->m1 = floor_div(2 * (out1 - 1 - origin) + 1 - f, 2 * f) + after + 1;
    a->j0 = a->m0 - a->radius;
    a->j1 = a->m1 + a->radius;
    for (int i = 0; i < n; i++) {
        int twice = 2 * (out0 + i - origin) + 1 - f, whole = floor_div(twice, 2 * f);
        a->first[i] = whole - before - a->m0;
        if (f == 1) {
            a->spline[i] = 1.0f;
            continue;
        }
        double t = (double)(twice - 2 * f * whole) / (2 * f), s = 1 - t;
        const double w[4] = {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
        for (int k = 0; k < 4; k++) a->spline[(size_t)k * (size_t)n + (size_t)i] = (float)w[k];
    }
    return true;
}

/* A row of the input, its edges continued or empty, at reduced column j of the y axis: block means along both directions. */
static void reduce_task(rows_ctx *ctx, void *arg, int row)
{
    const blur_run *b = arg;
    kf_rect from = b->p->in->region, edge = b->p->source;
    int fx = b->x.factor, fy = b->y.factor, width = from.x1 - from.x0, y0 = b->y.origin + (b->y.j0 + row) * fy;
    float *saved = ctx->next, *sum = take(ctx, (size_t)width), scale = 1.0f / (float)(fx * fy);
    for (int c = 0; c < b->planes; c++) {
        ctx->k->fill(sum, 0.0f, width);
        for (int y = y0; y < y0 + fy; y++) {
            if (!b->clamp && (y < edge.y0 || y >= edge.y1)) continue;
            int at = clamp_to(clamp_to(y, edge.y0, edge.y1), from.y0, from.y1);
            ctx->k->axpy(sum, image_row(&b->p->in->image, c, at - from.y0), 1.0f, width);
        }
        float *dst = b->reduced + ((size_t)c * (size_t)(b->y.j1 - b->y.j0) + (size_t)row) * b->row_reduced;
        for (int j = b->x.j0; j < b->x.j1; j++) {
            int x0 = b->x.origin + j * fx;
            float total = 0.0f;
            if (x0 >= from.x0 && x0 + fx <= from.x1) {
                for (int x = x0; x < x0 + fx; x++) total += sum[x - from.x0];
            } else {
                for (int x = x0; x < x0 + fx; x++) {
                    if (!b->clamp && (x < edge.x0 || x >= edge.x1)) continue;
                    total += sum[clamp_to(clamp_to(x, edge.x0, edge.x1), from.x0, from.x1) - from.x0];
                }
            }
            dst[j - b->x.j0] = total * scale;
        }
    }
    ctx->next = saved;
}

static void across_task(rows_ctx *ctx, void *arg, int row)
{
    const blur_run *b = arg;
    int rows = b->y.j1 - b->y.j0;
    for (int c = 0; c < b->planes; c++) {
        size_t line = (size_t)c * (size_t)rows + (size_t)row;
        ctx->k->fir(b->across + line * b->row_across, b->reduced + line * b->row_reduced, b->x.weights, 2 * b->x.radius + 1, b->x.m1 - b->x.m0);
    }
}

/* The filter along y and the interpolation along y are one set of taps over reduced rows; then the interpolation along x. */
static void down_task(rows_ctx *ctx, void *arg, int row)
{
    const blur_run *b = arg;
    const blur_axis *ay = &b->y;
    int n = b->x.out1 - b->x.out0, width = b->x.m1 - b->x.m0, fir = 2 * ay->radius + 1, taps = fir + ay->taps - 1;
    float *saved = ctx->next, *w = take(ctx, (size_t)taps), *line = take(ctx, (size_t)width + 16);
    memset(w, 0, sizeof(float) * (size_t)taps);
    for (int k = 0; k < ay->taps; k++) {
        float s = ay->spline[(size_t)k * (size_t)(ay->out1 - ay->out0) + (size_t)row];
        for (int q = 0; q < fir; q++) w[k + q] += s * ay->weights[q];
    }
    for (int c = 0; c < 4; c++) {
        float *dst = image_row(&b->p->out->image, c, row);
        if (c >= b->planes) {
            ctx->k->fill(dst, 1.0f, n);
            continue;
        }
        const float *src = b->across + ((size_t)c * (size_t)(ay->j1 - ay->j0) + (size_t)ay->first[row]) * b->row_across;
        float *to = b->x.taps == 1 ? dst : line;
        for (int x = 0; x < width; x += KF_CHUNK)
            ctx->k->columns_f32(to + x, src + x, (ptrdiff_t)(b->row_across * sizeof(float)), w, taps, width - x < KF_CHUNK ? width - x : KF_CHUNK);
        if (b->x.taps > 1) ctx->k->across(dst, line, b->x.first, b->x.spline, n, b->x.taps, 1, n);
    }
    ctx->next = saved;
}

static void directional_task(rows_ctx *ctx, void *arg, int row)
{
    const blur_run *b = arg;
    const pass *p = b->p;
    kf_rect from = p->in->region, to = p->out->region;
    const kf_blur *blur = &p->node->u.blur;
    double length = sqrt((double)blur->x * blur->x + (double)blur->y * blur->y);
    int count = length > 1 ? (int)ceil(length) : 1;
    for (int c = 0; c < 4; c++) ctx->k->fill(image_row(&p->out->image, c, row), 0.0f, to.x1 - to.x0);
    for (int j = 0; j < count; j++) {
        double s = (j + 0.5) / count - 0.5, dx = s * blur->x, dy = s * blur->y, fx = floor(dx), fy = floor(dy);
        float tx = (float)(dx - fx), ty = (float)(dy - fy);
        for (int corner = 0; corner < 4; corner++) {
            int ox = (int)fx + (corner & 1), oy = (int)fy + (corner >> 1), y = to.y0 + row + oy;
            float w = (corner & 1 ? tx : 1 - tx) * (corner >> 1 ? ty : 1 - ty) / (float)count;
            if (w == 0.0f || (!b->clamp && (y < p->source.y0 || y >= p->source.y1))) continue;
            y = clamp_to(clamp_to(y, p->source.y0, p->source.y1), from.y0, from.y1);
            for (int c = 0; c < 4; c++) {
                float *dst = image_row(&p->out->image, c, row);
                const float *src = image_row(&p->in->image, c, y - from.y0);
                for (int i = 0; i < to.x1 - to.x0; i++) {
                    int x = to.x0 + i + ox;
                    if (!b->clamp && (x < p->source.x0 || x >= p->source.x1)) continue;
                    dst[i] += w * src[clamp_to(clamp_to(x, p->source.x0, p->source.x1), from.x0, from.x1) - from.x0];
                }
            }
        }
    }
}

static bool blur_memory(struct kf_cpu *cpu, blur_run *b)
{
    b->row_reduced = ((size_t)(b->x.j1 - b->x.j0) + 31) & ~(size_t)15;
    b->row_across = ((size_t)(b->x.m1 - b->x.m0) + 31) & ~(size_t)15;
    size_t rows = (size_t)(b->y.j1 - b->y.j0) * (size_t)b->planes, floats = rows * (b->row_reduced + b->row_across);
    if (cpu->blur_floats < floats) {
        kf_free_aligned(cpu->blur_line);
        cpu->blur_floats = 0;
        cpu->blur_line = kf_alloc_aligned(floats * sizeof(float));
        if (!cpu->blur_line) return false;
        cpu->blur_floats = floats;
    }
    b->reduced = cpu->blur_line;
    b->across = cpu->blur_line + rows * b->row_reduced;
    return true;
}

kf_status run_blur(struct kf_cpu *cpu, const pass *p, kf_error *err)
{
    const kf_blur *blur = &p->node->u.blur;
    kf_rect to = p->out->region;
    blur_run b = {.p = p, .clamp = blur->edge == KF_EDGE_CLAMP, .planes = p->node->opaque ? 3 : 4};
    if (blur->type == KF_BLUR_DIRECTIONAL) {
        run_tasks(cpu, to.y1 - to.y0, directional_task, &b);
        return KF_OK;
    }
    if (!make_blur_axis(&cpu->arena, blur, blur->x, p->source.x0, to.x0, to.x1, &b.x)
        || !make_blur_axis(&cpu->arena, blur, blur->y, p->source.y0, to.y0, to.y1, &b.y) || !blur_memory(cpu, &b))
        return kf_fail_memory(err);
    run_tasks(cpu, b.y.j1 - b.y.j0, reduce_task, &b);
    run_tasks(cpu, b.y.j1 - b.y.j0, across_task, &b);
    run_tasks(cpu, to.y1 - to.y0, down_task, &b);
    return KF_OK;
}
