/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filter tables of axis-aligned transforms; the definition is in video/graph/api/graph.h (TRANSFORM). */
#include "video/cpu/internal.h"

#include <math.h>
#include <string.h>

static double kernel(kf_filter filter, double t)
{
    t = fabs(t);
    if (filter == KF_FILTER_BILINEAR) return t < 1 ? 1 - t : 0;
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
    if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
    return 0;
}

/* Where x, on the output's full grid, falls on the grid of samples. */
static double position(const axis_spec *spec, double x)
{
    return ((spec->scale * x + spec->offset) - spec->origin) / spec->divide + spec->siting;
}

static int clamp_index(const axis_spec *spec, double i)
{
    return i < 0 ? 0 : i >= spec->size ? spec->size - 1 : (int)i;
}

/* How many times the picture shrinks on this grid, at least 1. */
static double shrinking(const axis_spec *spec)
{
    return spec->filter == KF_FILTER_NEAREST ? 1 : fmax(1, fabs(spec->scale / spec->divide));
}

static double support(const axis_spec *spec)
{
    return (spec->filter == KF_FILTER_BICUBIC ? 2 : 1) * shrinking(spec);
}

/* The weights of one output while they are made. */
typedef struct tap_sums {
    double *kernel;      /* of one pixel, before it is normalised */
    double *sum;         /* of the output: weight of sample base + i */
    int base, taps;
} tap_sums;

/* Adds the weights of full-grid pixel x. */
static void add_pixel(const axis_spec *spec, int x, double factor, tap_sums *t)
{
    double u = position(spec, x + 0.5);
    if (spec->filter == KF_FILTER_NEAREST) {
        t->sum[clamp_index(spec, floor(u)) - t->base] += factor;
        return;
    }
    double s = shrinking(spec), total = 0;
    int first = (int)floor(u - support(spec)), last = (int)ceil(u + support(spec));
    for (int i = first; i <= last; i++) total += t->kernel[i - first] = kernel(spec->filter, (i + 0.5 - u) / s);
    for (int i = first; i <= last; i++) {
        int at = clamp_index(spec, i) - t->base;
        if (at >= 0 && at < t->taps) t->sum[at] += t->kernel[i - first] / total * factor;
    }
}

/* How much of full-grid pixel x the child covers. */
static double pixel_cover(const axis_spec *spec, int x)
{
    if (spec->filter == KF_FILTER_NEAREST) {
        double u = spec->scale * (x + 0.5) + spec->offset;
        return u >= spec->lo && u < spec->hi ? 1 : 0;
    }
    double a = (spec->lo - spec->offset) / spec->scale, b = (spec->hi - spec->offset) / spec->scale;
    double from = fmax(x, fmin(a, b)), to = fmin(x + 1.0, fmax(a, b));
    return to > from ? to - from : 0;
}

double block_weight(int f, int i)
{
    static const int choose[3] = {1, -3, 3};
    double ways = 0; /* to reach i as a sum of three numbers below f */
    for (int q = 0; q < 3; q++) {
        double left = i + 1.0 - (double)q * f;
        if (left > 0) ways += choose[q] * left * (left + 1) / 2;
    }
    return ways / ((double)f * f * f);
}

/* Adds block j; gives its coverage. */
static double add_block(const axis_spec *spec, int j, tap_sums *t)
{
    int x0 = spec->block_origin + j * spec->block - (spec->block - 1), n = 3 * spec->block - 2;
    double cover = 0;
    for (int q = 0; q < n; q++) {
        int x = x0 + q;
        if ((x < spec->edge0 || x >= spec->edge1) && !spec->clamp) continue;
        x = x < spec->edge0 ? spec->edge0 : x >= spec->edge1 ? spec->edge1 - 1 : x;
        double c = pixel_cover(spec, x) * block_weight(spec->block, q);
        cover += c;
        if (c > 0) add_pixel(spec, x, c, t);
    }
    return cover;
}

/* Adds the pixel or pair of pixels of output j; gives its coverage. */
static double add_pixels(const axis_spec *spec, int x, int n, tap_sums *t)
{
    double cover = 0;
    for (int q = 0; q < n; q++) {
        double c = pixel_cover(spec, x + q);
        cover += c / n;
        if (c > 0) add_pixel(spec, x + q, c / n, t);
    }
    return cover;
}

/* The middle of output j on the full grid. For blocks at an edge that of what they are made of. */
static double middle_of(const axis_spec *spec, int j, int x, int n)
{
    if (spec->block <= 1) return x + (n == 2 ? 1.0 : 0.5);
    double lo = spec->block_origin + (double)j * spec->block - (spec->block - 1), hi = lo + 3 * spec->block - 2;
    lo = fmin(fmax(lo, spec->edge0), spec->edge1 - 1);
    hi = fmin(fmax(hi, spec->edge0 + 1), spec->edge1);
    return (lo + hi) / 2;
}

/* Weights and coverage of output j; gives how many taps are not 0. */
static int make_output(const axis_spec *spec, int j, tap_sums *t, axis *out)
{
    int x = spec->pair ? 2 * (spec->start + j) : spec->start + j, n = spec->pair && x + 1 < spec->limit ? 2 : 1;
    t->base = clamp_index(spec, floor(position(spec, middle_of(spec, spec->start + j, x, n)) - (t->taps - 1) * 0.5));
    if (t->base + t->taps > spec->size) t->base = spec->size - t->taps;
    memset(t->sum, 0, sizeof *t->sum * (size_t)t->taps);
    double cover = spec->block > 1 ? add_block(spec, spec->start + j, t) : add_pixels(spec, x, n, t);
    out->cover[j] = cover > 1 - 1e-9 ? 1.0f : (float)cover;
    int lead = 0, end = t->taps;
    while (lead < t->taps - 1 && t->sum[lead] == 0) lead++;
    while (end > lead + 1 && t->sum[end - 1] == 0) end--;
    if (cover <= 0) lead = 0; /* anywhere; t->base grows steadily */
    out->first[j] = t->base + lead;
    for (int k = 0; k < t->taps; k++)
        out->weight[(size_t)k * (size_t)spec->count + (size_t)j] = lead + k < t->taps ? (float)t->sum[lead + k] : 0.0f;
    return cover > 0 ? end - lead : 1;
}

/* Moves the taps of output j left so that first + taps stays inside the source. */
static void keep_inside(axis *a, int j, const axis_spec *spec)
{
    int shift = a->first[j] + a->taps - spec->size;
    if (shift <= 0) return;
    a->first[j] -= shift;
    for (int k = a->taps - 1; k >= 0; k--)
        a->weight[(size_t)k * (size_t)a->count + (size_t)j] =
            k >= shift ? a->weight[(size_t)(k - shift) * (size_t)a->count + (size_t)j] : 0.0f;
}

static bool make_blocks(kf_arena *arena, axis *a)
{
    int count = (a->count + KF_AXIS_BLOCK - 1) / KF_AXIS_BLOCK;
    a->block = kf_arena_alloc(arena, sizeof *a->block * (size_t)count);
    if (!a->block) return false;
    for (int b = 0; b < count; b++) {
        int end = (b + 1) * KF_AXIS_BLOCK < a->count ? (b + 1) * KF_AXIS_BLOCK : a->count;
        int32_t lo = a->first[b * KF_AXIS_BLOCK], hi = lo;
        for (int j = b * KF_AXIS_BLOCK; j < end; j++) {
            lo = a->first[j] < lo ? a->first[j] : lo;
            hi = a->first[j] > hi ? a->first[j] : hi;
        }
        a->block[b][0] = lo;
        a->block[b][1] = hi;
    }
    return true;
}

/* Coverage is one run: the source is an interval. */
static void find_full(axis *a)
{
    int j = 0;
    while (j < a->count && a->cover[j] != 1.0f) j++;
    a->full0 = a->full1 = a->start + j;
    while (j < a->count && a->cover[j] == 1.0f) a->full1 = a->start + ++j;
}

static bool axis_make(kf_arena *arena, const axis_spec *spec, axis *out)
{
    double pixels = spec->pair        ? 1
                    : spec->block > 1 ? 3 * spec->block - 3
                                      : 0; /* between the first and the last of an output */
    double wide = 2 * ceil(support(spec)) + 2 + (pixels > 0 ? pixels * fabs(spec->scale / spec->divide) + 1 : 0);
    size_t count = (size_t)spec->count;
    tap_sums t = {.taps = wide > spec->size ? spec->size : (int)wide};
    *out = (axis){.start = spec->start, .count = spec->count};
    out->first = kf_arena_alloc(arena, sizeof(int32_t) * count);
    out->weight = kf_arena_alloc(arena, sizeof(float) * count * (size_t)t.taps);
    out->cover = kf_arena_alloc(arena, sizeof(float) * count);
    t.sum = kf_arena_alloc(arena, sizeof(double) * (size_t)t.taps);
    t.kernel = kf_arena_alloc(arena, sizeof(double) * (2 * (size_t)ceil(support(spec)) + 4));
    if (!out->first || !out->weight || !out->cover || !t.sum || !t.kernel) return false;
    out->taps = 1;
    for (int j = 0; j < spec->count; j++) {
        int used = make_output(spec, j, &t, out);
        if (used > out->taps) out->taps = used;
    }
    for (int j = 0; j < spec->count; j++) keep_inside(out, j, spec);
    find_full(out);
    return make_blocks(arena, out);
}

/* ---- tables that are kept ---- */

static bool same_spec(const axis_spec *a, const axis_spec *b)
{
    return a->scale == b->scale && a->offset == b->offset && a->lo == b->lo && a->hi == b->hi &&
           a->origin == b->origin && a->divide == b->divide && a->siting == b->siting && a->size == b->size &&
           a->filter == b->filter && a->pair == b->pair && a->limit == b->limit && a->start == b->start &&
           a->count == b->count && a->block == b->block && a->block_origin == b->block_origin && a->edge0 == b->edge0 &&
           a->edge1 == b->edge1 && a->clamp == b->clamp;
}

bool axis_get(struct kf_cpu *cpu, const axis_spec *spec, axis *out)
{
    for (size_t i = 0; i < cpu->axis_count; i++) {
        if (!same_spec(&cpu->axes[i].spec, spec)) continue;
        cpu->axes[i].used = true;
        *out = cpu->axes[i].axis;
        return true;
    }
    if (kf_grow((void **)&cpu->axes, &cpu->axis_capacity, cpu->axis_count + 1, sizeof *cpu->axes) != 0) return false;
    kept_axis *kept = &cpu->axes[cpu->axis_count];
    *kept = (kept_axis){.spec = *spec, .used = true};
    if (!axis_make(&kept->arena, spec, &kept->axis)) {
        kf_arena_finish(&kept->arena);
        return false;
    }
    cpu->axis_count++;
    *out = kept->axis;
    return true;
}

void drop_axes(struct kf_cpu *cpu, bool all)
{
    size_t count = 0;
    for (size_t i = 0; i < cpu->axis_count; i++) {
        if (cpu->axes[i].used && !all) {
            cpu->axes[count] = cpu->axes[i];
            cpu->axes[count++].used = false;
        } else {
            kf_arena_finish(&cpu->axes[i].arena);
        }
    }
    cpu->axis_count = count;
}
