/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/gl/soft.h"

#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "video/gl/samples.h"

/* ---- Pictures ---- */

bool soft_takes(const kf_image *image)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    return (info->model == KF_MODEL_YUV && info->planes == 3) || image->format == KF_PIX_RGBA8;
}

static size_t plane_bytes(const kf_image *image, int plane)
{
    size_t row_bytes;
    int rows;
    kf_pixfmt_plane(image->format, image->width, image->height, plane, &row_bytes, &rows);
    return row_bytes * (size_t)rows;
}

static void copy_plane(soft_picture *p, const kf_image *image, int plane, uint8_t *to)
{
    size_t row_bytes;
    int rows;
    kf_pixfmt_plane(image->format, image->width, image->height, plane, &row_bytes, &rows);
    p->image.plane[plane] = to;
    p->image.stride[plane] = (ptrdiff_t)row_bytes;
    for (int y = 0; y < rows; y++) memcpy(to + row_bytes * (size_t)y, image->plane[plane] + image->stride[plane] * y, row_bytes);
}

kf_status soft_picture_set(soft_picture *p, const kf_image *image, kf_error *err)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    size_t need = 0;
    for (int i = 0; i < info->planes; i++) need += plane_bytes(image, i);
    if (need > p->capacity) {
        kf_free_aligned(p->bytes);
        p->bytes = kf_alloc_aligned(need);
        p->capacity = p->bytes ? need : 0;
        if (!p->bytes) return kf_fail_memory(err);
    }
    p->image = *image;
    uint8_t *to = p->bytes;
    for (int i = 0; i < info->planes; i++) {
        copy_plane(p, image, i, to);
        to += plane_bytes(image, i);
    }
    kf_color color = kf_color_resolve(image->color, image->format, image->width, image->height);
    p->decode = kf_color_decode(color, info);
    for (int i = 0; i < 12; i++) p->decode.m[i / 4][i % 4] *= 255;
    gl_chroma_place(info, color, p->chroma);
    p->serial++;
    return KF_OK;
}

void soft_picture_finish(soft_picture *p)
{
    kf_free_aligned(p->bytes);
    *p = (soft_picture){0};
}

/* ---- Axes ---- */

static void axis_finish(soft_axis *a)
{
    kf_free(a->start);
    kf_free(a->weight);
    *a = (soft_axis){0};
}

static double clamp(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* A box around `centre`, as wide as a pixel of the screen but at least one of the plane, which makes it bilinear where
 * it enlarges; width 0: the one pixel there. What lies outside counts for the pixel at the edge. */
static void set_weights(const soft_axis *a, int i, double centre, double width)
{
    float *weight = a->weight + (size_t)i * (size_t)a->taps;
    double low = centre - width / 2;
    int first = (int)floor(low), start = (int)clamp(first, 0, a->limit - a->taps);
    a->start[i] = start;
    if (width <= 0) {
        weight[(int)clamp(first, 0, a->limit - 1) - start] = 1;
        return;
    }
    for (int k = first; k < low + width; k++) {
        double part = fmin(k + 1, low + width) - fmax(k, low);
        weight[(int)clamp(k, 0, a->limit - 1) - start] += (float)(part / width);
    }
}

/* Positions are in pixels of the plane: that of the first pixel's middle, and from one to the next. */
static kf_status axis_set(soft_axis *a, double first, double step, bool squares, kf_error *err)
{
    double width = squares ? 0 : fmax(step, 1);
    a->taps = (int)clamp(ceil(width) + 1, 1, a->limit);
    a->start = kf_alloc((size_t)a->count * sizeof *a->start);
    a->weight = kf_alloc_zero((size_t)a->count * (size_t)a->taps, sizeof *a->weight);
    if (!a->start || !a->weight) return kf_fail_memory(err);
    for (int i = 0; i < a->count; i++) set_weights(a, i, first + i * step, width);
    a->from = a->start[0];
    a->used = a->start[a->count - 1] + a->taps - a->from;
    for (int i = 0; i < a->count; i++) a->start[i] -= a->from;
    return KF_OK;
}

/* ---- Scaler ---- */

void soft_scaler_finish(soft_scaler *s)
{
    for (int i = 0; i < 2; i++) {
        axis_finish(&s->across[i]);
        axis_finish(&s->down[i]);
    }
    for (int i = 0; i < 3; i++) kf_free(s->row[i]);
    kf_free(s->sums);
    kf_free(s->out);
    *s = (soft_scaler){0};
}

/* The pixels of the screen whose middles lie on the picture. */
static void find_span(float start, float length, int screen, int *first, int *count)
{
    *first = (int)clamp(ceil(start - 0.5), 0, screen);
    *count = (int)clamp(ceil((double)start + length - 0.5), 0, screen) - *first;
}

static kf_status set_axes(soft_scaler *s, const kf_gl_view *view, kf_error *err)
{
    double step_x = s->source_width / (double)view->w, step_y = s->source_height / (double)view->h;
    double x = (s->region.x + 0.5 - view->x) * step_x, y = (s->region.y + 0.5 - view->y) * step_y;
    kf_status status = KF_OK;
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        static const float whole[4] = {1, 1, 0, 0};
        const float *place = i ? s->chroma : whole;
        int sub_w = i ? s->sub_w : 0, sub_h = i ? s->sub_h : 0;
        bool squares = view->pixels && view->w > (float)s->source_width;
        s->across[i] = (soft_axis){.count = s->region.width, .limit = (s->source_width + (1 << sub_w) - 1) >> sub_w};
        s->down[i] = (soft_axis){.count = s->region.height, .limit = (s->source_height + (1 << sub_h) - 1) >> sub_h};
        status = axis_set(&s->across[i], x * place[0] + place[2], step_x * place[0], squares, err);
        if (status == KF_OK) status = axis_set(&s->down[i], y * place[1] + place[3], step_y * place[1], squares, err);
    }
    return status;
}

static kf_status set_rows(soft_scaler *s, kf_error *err)
{
    size_t count = (size_t)s->region.width;
    s->sums = kf_alloc(((size_t)s->source_width + 8) * 4 * sizeof *s->sums);
    for (int i = 0; i < 3; i++) s->row[i] = kf_alloc(count * sizeof *s->row[i]);
    s->out = kf_alloc(count * (size_t)s->region.height * sizeof *s->out);
    return s->sums && s->row[0] && s->row[1] && s->row[2] && s->out ? KF_OK : kf_fail_memory(err);
}

static bool fits(const soft_scaler *s, const soft_picture *p, const kf_gl_view *view)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(p->image.format);
    const kf_gl_view *v = &s->view;
    return s->out && s->source_width == p->image.width && s->source_height == p->image.height &&
           s->sub_w == info->sub_w && s->sub_h == info->sub_h && memcmp(s->chroma, p->chroma, sizeof s->chroma) == 0 &&
           v->width == view->width && v->height == view->height && v->x == view->x && v->y == view->y &&
           v->w == view->w && v->h == view->h && v->pixels == view->pixels;
}

static kf_status fit(soft_scaler *s, const soft_picture *p, const kf_gl_view *view, kf_error *err)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(p->image.format);
    soft_scaler_finish(s);
    s->view = *view;
    s->source_width = p->image.width;
    s->source_height = p->image.height;
    s->sub_w = info->sub_w;
    s->sub_h = info->sub_h;
    memcpy(s->chroma, p->chroma, sizeof s->chroma);
    find_span(view->x, view->w, view->width, &s->region.x, &s->region.width);
    find_span(view->y, view->h, view->height, &s->region.y, &s->region.height);
    if (s->region.width < 1 || s->region.height < 1) return KF_OK;
    kf_status status = set_axes(s, view, err);
    if (status == KF_OK) status = set_rows(s, err);
    if (status != KF_OK) soft_scaler_finish(s);
    return status;
}

/* ---- Rows ---- */

static void scale_row(soft_scaler *s, const soft_picture *p, int c, int y)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(p->image.format);
    bool chroma = c > 0 && !info->packed;
    const soft_axis *across = &s->across[chroma], *down = &s->down[chroma];
    int step = info->packed ? info->components : 1, bytes = info->bits > 8 ? 2 : 1, plane = info->packed ? 0 : c;
    if (c == 0 || !info->packed) {
        const uint8_t *from = p->image.plane[plane] + (ptrdiff_t)(down->from + down->start[y]) * p->image.stride[plane] +
                              (ptrdiff_t)across->from * step * bytes;
        soft_rows rows = {from, p->image.stride[plane], down->weight + (size_t)y * (size_t)down->taps, down->taps};
        soft_mean_rows(s->sums, &rows, bytes, across->used * step);
    }
    soft_columns columns = {across->start, across->weight, across->taps, step};
    soft_mean_columns(s->row[c], s->sums + (info->packed ? c : 0), &columns, across->count);
}

kf_status soft_scale(soft_scaler *s, const soft_picture *p, const kf_gl_view *view, bool *changed, kf_error *err)
{
    bool same = fits(s, p, view);
    *changed = !same || s->serial != p->serial;
    if (!*changed) return KF_OK;
    kf_status status = same ? KF_OK : fit(s, p, view, err);
    if (status != KF_OK || !s->out) return status;
    s->serial = p->serial;
    for (int y = 0; y < s->region.height; y++) {
        for (int c = 0; c < 3; c++) scale_row(s, p, c, y);
        soft_pack(s->out + (size_t)y * (size_t)s->region.width, s->row, &p->decode, s->region.width);
    }
    return KF_OK;
}
