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

/* Weights of full-grid pixel x, added into acc at index - base. */
static void add_pixel(const axis_spec *spec, int x, double factor, int base, int size, double *acc)
{
    double u = position(spec, x + 0.5);
    if (spec->filter == KF_FILTER_NEAREST) {
        acc[clamp_index(spec, floor(u)) - base] += factor;
        return;
    }
    double s = fmax(1, fabs(spec->scale / spec->divide)), support = (spec->filter == KF_FILTER_BICUBIC ? 2 : 1) * s, sum = 0;
    int first = (int)floor(u - support), last = (int)ceil(u + support);
    for (int i = first; i <= last; i++) sum += kernel(spec->filter, (i + 0.5 - u) / s);
    for (int i = first; i <= last; i++) {
        int at = clamp_index(spec, i);
        double w = kernel(spec->filter, (i + 0.5 - u) / s) / sum * factor;
        if (at - base >= 0 && at - base < size) acc[at - base] += w;
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

/* Moves the taps of output j left so that first + taps stays inside the source. */
static void keep_inside(axis *a, int j, const axis_spec *spec)
{
    int shift = a->first[j] + a->taps - spec->size;
    if (shift > 0) {
        a->first[j] -= shift;
        for (int k = a->taps - 1; k >= 0; k--)
            a->weight[(size_t)k * (size_t)a->count + (size_t)j] =
                k >= shift ? a->weight[(size_t)(k - shift) * (size_t)a->count + (size_t)j] : 0.0f;
    }
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

bool axis_make(kf_arena *arena, const axis_spec *spec, axis *out)
{
    double s = fmax(1, fabs(spec->scale / spec->divide));
    double support = spec->filter == KF_FILTER_NEAREST ? 1 : (spec->filter == KF_FILTER_BICUBIC ? 2 : 1) * s;
    double wide = 2 * ceil(support) + 2 + (spec->pair ? fabs(spec->scale / spec->divide) + 1 : 0);
    int taps = wide > spec->size ? spec->size : (int)wide;
    *out = (axis){.start = spec->start, .count = spec->count, .taps = taps};
    out->first = kf_arena_alloc(arena, sizeof(int32_t) * (size_t)spec->count);
    out->weight = kf_arena_alloc(arena, sizeof(float) * (size_t)spec->count * (size_t)taps);
    out->cover = kf_arena_alloc(arena, sizeof(float) * (size_t)spec->count);
    double *acc = kf_arena_alloc(arena, sizeof(double) * (size_t)taps);
    if (!out->first || !out->weight || !out->cover || !acc) return false;
    int used = 1;
    for (int j = 0; j < spec->count; j++) {
        int x = spec->pair ? 2 * (spec->start + j) : spec->start + j, n = spec->pair && x + 1 < spec->limit ? 2 : 1;
        double middle = floor(position(spec, x + (n == 2 ? 1.0 : 0.5)) - (taps - 1) * 0.5);
        int base = clamp_index(spec, middle);
        base = base + taps > spec->size ? spec->size - taps : base;
        memset(acc, 0, sizeof *acc * (size_t)taps);
        double cover = 0;
        for (int q = 0; q < n; q++) {
            double c = pixel_cover(spec, x + q);
            cover += c / n;
            if (c > 0) add_pixel(spec, x + q, c / n, base, taps, acc);
        }
        out->cover[j] = cover > 1 - 1e-9 ? 1.0f : (float)cover;
        int lead = 0, end = taps;
        while (lead < taps - 1 && acc[lead] == 0) lead++;
        while (end > lead + 1 && acc[end - 1] == 0) end--;
        out->first[j] = base + lead;
        used = end - lead > used ? end - lead : used;
        for (int k = 0; k < taps; k++)
            out->weight[(size_t)k * (size_t)spec->count + (size_t)j] = lead + k < taps ? (float)acc[lead + k] : 0.0f;
    }
    out->taps = used;
    for (int j = 0; j < spec->count; j++) keep_inside(out, j, spec);
    if (!make_blocks(arena, out)) return false;
    out->full0 = out->start + out->count;
    out->full1 = out->start;
    int run = 0;
    for (int j = 0; j <= spec->count; j++) {
        bool full = j < spec->count && out->cover[j] == 1.0f;
        if (full && !run) out->full0 = out->start + j;
        if (!full && run) {
            out->full1 = out->start + j;
            break; /* coverage is one run: the source is an interval */
        }
        run = full;
    }
    return true;
}
