/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row of the picture at a time becomes R'G'B', then pixels are counted by where they fall on the scope. */
#include "engine/api/scopes.h"

#include <string.h>

#include "base/api/alloc.h"
#include "base/api/image.h"
#include "color/api/color.h"

typedef struct scan {
    const kf_picture *picture;
    const kf_scope_params *params;
    kf_affine decode;          /* codes to R'G'B' */
    float luma[3];
    float *value[3];           /* of one row: codes, then R'G'B' */
    uint32_t *cells;
} scan;

/* ---- Rows of the picture ---- */

static void fetch_8(const scan *s, int plane, int y, int shift)
{
    const uint8_t *row = s->picture->plane[plane] + (ptrdiff_t)y * s->picture->stride[plane];
    float *out = s->value[plane];
    for (int x = 0; x < s->picture->width; x++) out[x] = row[x >> shift];
}

static void fetch_16(const scan *s, int plane, int y, int shift)
{
    const uint16_t *row = (const uint16_t *)(s->picture->plane[plane] + (ptrdiff_t)y * s->picture->stride[plane]);
    float *out = s->value[plane];
    for (int x = 0; x < s->picture->width; x++) out[x] = row[x >> shift];
}

static void fetch_rgba(const scan *s, int y)
{
    const kf_picture *p = s->picture;
    const uint8_t *row = p->plane[0] + (ptrdiff_t)y * p->stride[0];
    bool cover = p->alpha && !p->premultiplied;
    for (int x = 0; x < p->width; x++) {
        float alpha = cover ? (float)row[4 * x + 3] / 255 : 1;
        for (int c = 0; c < 3; c++) s->value[c][x] = row[4 * x + c] * alpha;
    }
}

static void fetch(const scan *s, int y)
{
    if (s->picture->format == KF_PICTURE_RGBA8) {
        fetch_rgba(s, y);
        return;
    }
    for (int plane = 0; plane < 3; plane++) {
        int shift = plane > 0;
        (s->picture->format == KF_PICTURE_YUV420P10 ? fetch_16 : fetch_8)(s, plane, y >> shift, shift);
    }
}

static void decode(const scan *s)
{
    float *restrict a = s->value[0], *restrict b = s->value[1], *restrict c = s->value[2];
    const float(*m)[4] = s->decode.m;
    for (int x = 0; x < s->picture->width; x++) {
        float in[3] = {a[x], b[x], c[x]};
        a[x] = m[0][0] * in[0] + m[0][1] * in[1] + m[0][2] * in[2] + m[0][3];
        b[x] = m[1][0] * in[0] + m[1][1] * in[1] + m[1][2] * in[2] + m[1][3];
        c[x] = m[2][0] * in[0] + m[2][1] * in[1] + m[2][2] * in[2] + m[2][3];
    }
}

static float luma_at(const scan *s, int x)
{
    return s->luma[0] * s->value[0][x] + s->luma[1] * s->value[1][x] + s->luma[2] * s->value[2][x];
}

/* ---- Counting ---- */

static int cell(float at, int count)
{
    return at < 0 ? 0 : at < (float)count ? (int)at : count - 1;
}

/* Of `count` cells from KF_SCOPE_LOW to KF_SCOPE_HIGH, the one of a value. */
static int level_cell(float value, int count)
{
    const float low = (float)KF_SCOPE_LOW, span = (float)(KF_SCOPE_HIGH - KF_SCOPE_LOW);
    return cell((value - low) * ((float)count / span), count);
}

/* A picture with fewer columns than its panel is stretched over it. */
static void count_level(const scan *s, int x, float value, int first, int columns)
{
    const kf_scope_params *p = s->params;
    uint32_t *row = s->cells + (size_t)(p->height - 1 - level_cell(value, p->height)) * p->width + first;
    int from = x * columns / s->picture->width, to = (x + 1) * columns / s->picture->width;
    do row[from]++;
    while (++from < to);
}

static void count_waveform(const scan *s)
{
    for (int x = 0; x < s->picture->width; x++) count_level(s, x, luma_at(s, x), 0, s->params->width);
}

static void count_parade(const scan *s)
{
    int width = s->params->width;
    for (int c = 0; c < 3; c++) {
        int first = c * width / 3, columns = (c + 1) * width / 3 - first;
        for (int x = 0; x < s->picture->width; x++) count_level(s, x, s->value[c][x], first, columns);
    }
}

static void count_vectors(const scan *s)
{
    const kf_scope_params *p = s->params;
    int side = p->width < p->height ? p->width : p->height;
    float scale = (float)(side / (2 * KF_SCOPE_CHROMA));
    float cb = scale / (2 - 2 * s->luma[2]), cr = scale / (2 - 2 * s->luma[0]);
    for (int x = 0; x < s->picture->width; x++) {
        float y = luma_at(s, x);
        int column = cell(0.5f * p->width + cb * (s->value[2][x] - y), p->width);
        int row = cell(0.5f * p->height - cr * (s->value[0][x] - y), p->height);
        s->cells[(size_t)row * p->width + column]++;
    }
}

static void count_levels(const scan *s)
{
    int width = s->params->width;
    for (int x = 0; x < s->picture->width; x++) {
        for (int c = 0; c < 3; c++) s->cells[c * width + level_cell(s->value[c][x], width)]++;
        s->cells[3 * width + level_cell(luma_at(s, x), width)]++;
    }
}

/* ---- The picture's colours ---- */

static kf_pixfmt pixel_format(kf_picture_format format)
{
    return format == KF_PICTURE_YUV420P8 ? KF_PIX_YUV420P8
           : format == KF_PICTURE_YUV420P10 ? KF_PIX_YUV420P10 : KF_PIX_RGBA8;
}

/* R'G'B' has no matrix of its own: that of its primaries. */
static kf_matrix luma_matrix(const kf_picture *p)
{
    if (p->matrix != KF_MAT_RGB) return (kf_matrix)p->matrix;
    if (p->primaries == KF_PRI_BT2020) return KF_MAT_BT2020_NCL;
    return p->primaries == KF_PRI_SMPTE170M || p->primaries == KF_PRI_BT470BG ? KF_MAT_SMPTE170M : KF_MAT_BT709;
}

static void set_colors(scan *s)
{
    const kf_picture *p = s->picture;
    kf_pixfmt format = pixel_format(p->format);
    bool full = p->full_range || p->format == KF_PICTURE_RGBA8;
    kf_color color = {p->primaries, p->transfer, p->matrix, full ? KF_RANGE_FULL : KF_RANGE_LIMITED, KF_CHROMA_LEFT};
    color = kf_color_resolve(color, format, p->width, p->height);
    s->decode = kf_color_decode(color, kf_pixfmt_get(format));
    kf_color_luma(luma_matrix(p), s->luma);
}

size_t kf_engine_scope_cells(const kf_scope_params *p)
{
    return (size_t)p->width * (p->kind == KF_SCOPE_HISTOGRAM ? 4 : p->height);
}

kf_status kf_engine_scope_count(const kf_picture *p, const kf_scope_params *params, uint32_t *cells, kf_error *err)
{
    static void (*const counts[])(const scan *) = {count_waveform, count_parade, count_vectors, count_levels};
    scan s = {.picture = p, .params = params, .cells = cells};
    float *rows = kf_alloc_zero((size_t)p->width * 3, sizeof *rows);
    if (!rows) return kf_fail_memory(err);
    for (int c = 0; c < 3; c++) s.value[c] = rows + (size_t)c * p->width;
    set_colors(&s);
    memset(cells, 0, kf_engine_scope_cells(params) * sizeof *cells);
    for (int y = 0; y < p->height; y++) {
        fetch(&s, y);
        decode(&s);
        counts[params->kind](&s);
    }
    kf_free(rows);
    return KF_OK;
}
