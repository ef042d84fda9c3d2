/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counted cells become a picture. */
#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "engine/api/scopes.h"

typedef struct trace {
    const kf_scope_params *params;
    const float *cells;        /* covered by n g, softened; of a histogram its counts, averaged */
    uint8_t *rgba;
    ptrdiff_t stride;
} trace;

typedef float rgb[3];

static const rgb grey = {0.84f, 0.87f, 0.86f}, channels[3] = {{1, 0.32f, 0.30f}, {0.30f, 0.90f, 0.38f}, {0.36f, 0.56f, 1}};

static void put(uint8_t *pixel, const rgb color, float cover)
{
    for (int c = 0; c < 3; c++) pixel[c] = (uint8_t)(255 * cover * color[c] + 0.5f);
    pixel[3] = (uint8_t)(255 * cover + 0.5f);
}

static void draw_row(const trace *t, int y, int first, int end, const rgb color)
{
    const float *cells = t->cells + (size_t)y * t->params->width;
    uint8_t *row = t->rgba + y * t->stride;
    for (int x = first; x < end; x++) put(row + 4 * x, color, cells[x] / (1 + cells[x]));
}

static void draw_waveform(const trace *t)
{
    for (int y = 0; y < t->params->height; y++) draw_row(t, y, 0, t->params->width, grey);
}

static void draw_parade(const trace *t)
{
    int width = t->params->width;
    for (int y = 0; y < t->params->height; y++)
        for (int c = 0; c < 3; c++) draw_row(t, y, c * width / 3, (c + 1) * width / 3, channels[c]);
}

/* The colour that a place on the vectorscope stands for, as bright as can be, by the weights of BT.709. */
static void hue(float cb, float cr, rgb out)
{
    float r = 1.5748f * cr, b = 1.8556f * cb, g = -(0.2126f * r + 0.0722f * b) / 0.7152f;
    float top = fmaxf(r, fmaxf(g, b)), spread = top - fminf(r, fminf(g, b));
    float full = spread > 0.35f ? 1 / spread : 1 / 0.35f; /* pale near the middle */
    out[0] = 1 + (r - top) * full;
    out[1] = 1 + (g - top) * full;
    out[2] = 1 + (b - top) * full;
}

static void draw_vectors(const trace *t)
{
    int width = t->params->width, height = t->params->height;
    float unit = (float)(2 * KF_SCOPE_CHROMA) / (float)(width < height ? width : height);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            float n = t->cells[(size_t)y * width + x];
            rgb color = {0};
            if (n > 0) hue(((float)x + 0.5f - 0.5f * width) * unit, (0.5f * height - (float)y - 0.5f) * unit, color);
            put(t->rgba + y * t->stride + 4 * x, color, n / (1 + n));
        }
    }
}

/* ---- Histogram ---- */

static float largest(const float *counts, int n)
{
    float most = 1e-6f;
    for (int i = 0; i < n; i++) most = fmaxf(most, counts[i]);
    return most;
}

static int bar(float count, float most, int height)
{
    return (int)(sqrtf(count / most) * (float)height + 0.5f);
}

/* Where channels lie above each other their colours add; the line of Y' runs on top, from where it was in the column
 * before. */
static void draw_level(const trace *t, int x, const int bars[4], int before)
{
    int low = bars[3] < before ? bars[3] : before, high = bars[3] < before ? before : bars[3];
    int height = t->params->height;
    for (int y = 0; y < height; y++) {
        int from_below = height - y;
        rgb color = {0};
        float cover = 0;
        for (int c = 0; c < 3; c++) {
            if (from_below > bars[c]) continue;
            cover = 0.85f;
            for (int i = 0; i < 3; i++) color[i] = fminf(1, color[i] + channels[c][i]);
        }
        if (from_below == high || (from_below > low && from_below < high)) {
            memcpy(color, grey, sizeof color);
            cover = 1;
        }
        put(t->rgba + y * t->stride + 4 * x, color, cover);
    }
}

static void draw_levels(const trace *t)
{
    int width = t->params->width, bars[4], before = 0;
    float most = largest(t->cells, 4 * width);
    for (int x = 0; x < width; x++) {
        for (int c = 0; c < 4; c++) bars[c] = bar(t->cells[c * width + x], most, t->params->height);
        draw_level(t, x, bars, before);
        before = bars[3];
    }
}

/* ---- From counts ---- */

/* The codes of 8 bits would stand apart in a wide histogram, and beat with the columns of a narrow one. */
static void average(const uint32_t *counts, int width, float *out)
{
    float codes = 2 * (float)width / (float)((KF_SCOPE_HIGH - KF_SCOPE_LOW) * 219);
    int reach = (int)ceilf(fmaxf(codes, 3) / 2 - 0.5f);
    float edge = fmaxf(codes, 3) / 2 - 0.5f - (float)(reach - 1); /* weight of the outermost columns */
    for (int x = 0; x < width; x++) {
        float sum = 0;
        for (int i = -reach; i <= reach; i++)
            if (x + i >= 0 && x + i < width) sum += (i == -reach || i == reach ? edge : 1) * (float)counts[x + i];
        out[x] = sum;
    }
}

/* A quarter of each cell goes to either side of it: to those `step` before and after, in rows or columns of n cells. */
static void soften(float *cells, int n, ptrdiff_t step)
{
    float before = 0;
    for (int i = 0; i < n; i++) {
        float here = cells[i * step], after = i + 1 < n ? cells[(i + 1) * step] : 0;
        cells[i * step] = 0.5f * here + 0.25f * (before + after);
        before = here;
    }
}

static float gain_of(const kf_picture *p, const kf_scope_params *params)
{
    float panels = params->kind == KF_SCOPE_PARADE ? 3 : 1;
    float cells = (float)params->width * (float)params->height / panels;
    float columns = (float)params->width / panels, stretched = fmaxf(1, columns / (float)p->width);
    if (params->kind == KF_SCOPE_VECTORSCOPE) stretched = 1;
    return params->gain * cells / ((float)p->width * (float)p->height * stretched);
}

static void prepare(const kf_picture *picture, const kf_scope_params *p, const uint32_t *counts, float *out)
{
    float gain = gain_of(picture, p);
    if (p->kind == KF_SCOPE_HISTOGRAM) {
        for (int c = 0; c < 4; c++) average(counts + c * p->width, p->width, out + c * p->width);
        return;
    }
    for (size_t i = 0; i < kf_engine_scope_cells(p); i++) out[i] = (float)counts[i] * gain;
    for (int x = 0; x < p->width; x++) soften(out + x, p->height, p->width);
    for (int y = 0; y < p->height && p->kind == KF_SCOPE_VECTORSCOPE; y++) soften(out + (size_t)y * p->width, p->width, 1);
}

kf_status kf_engine_scope_draw(const kf_picture *picture, const kf_scope_params *params, uint8_t *rgba, ptrdiff_t stride,
                               kf_error *err)
{
    static void (*const draws[])(const trace *) = {draw_waveform, draw_parade, draw_vectors, draw_levels};
    size_t n = kf_engine_scope_cells(params);
    uint32_t *counts = kf_alloc(n * sizeof *counts);
    float *cells = kf_alloc(n * sizeof *cells);
    kf_status status = counts && cells ? kf_engine_scope_count(picture, params, counts, err) : kf_fail_memory(err);
    if (status == KF_OK) {
        prepare(picture, params, counts, cells);
        draws[params->kind](&(trace){params, cells, rgba, stride});
    }
    kf_free(counts);
    kf_free(cells);
    return status;
}
