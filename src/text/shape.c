/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/private.h"

kf_shape_params kf_shape_defaults(void)
{
    return (kf_shape_params){
        .format = KF_PIX_BGRA8,
        .path_scale = 1,
        .fill = {1, 1, 1, 1},
        .stroke = {0, 0, 0, 1},
        .shadow_offset = {4, 4},
        .shadow_blur = 4,
    };
}

static kf_status check_places(const kf_shape_params *p, kf_error *err)
{
    const double limit = 1 << 20;
    const float values[] = {p->x, p->y, p->w, p->h};
    static const char *const names[] = {"shape x", "shape y", "shape width", "shape height"};
    for (int i = 0; i < 4; i++) {
        kf_status status = kf_text_check_range(names[i], values[i], i < 2 ? -limit : 0, limit, err);
        if (!status) status = kf_text_check_range("corner radius", p->radius[i], 0, limit, err);
        if (status) return status;
    }
    if (p->kind != KF_SHAPE_POLYGON) return KF_OK;
    if (!p->points || p->point_count < 3 || p->point_count > 100000) {
        return kf_fail(err, KF_ERR_INVALID, "polygon has %d points; it must have from 3 to 100000",
                       p->points ? (int)p->point_count : 0);
    }
    for (int32_t i = 0; i < 2 * p->point_count; i++) {
        kf_status status = kf_text_check_range("polygon point", p->points[i / 2][i % 2], -limit, limit, err);
        if (status) return status;
    }
    return KF_OK;
}

static kf_status check_params(const kf_shape_params *p, kf_error *err)
{
    if ((int)p->kind < 0 || p->kind > KF_SHAPE_PATH)
        return kf_fail(err, KF_ERR_INVALID, "shape kind has the unknown value %d", (int)p->kind);
    if (p->format != KF_PIX_BGRA8 && p->format != KF_PIX_GRAY8) {
        return kf_fail(err, KF_ERR_INVALID, "a shape can be drawn as bgra8 or gray8, not as %s",
                       kf_pixfmt_get(p->format)->name);
    }
    kf_status status = kf_check_color("fill", p->fill, err);
    if (!status) status = kf_check_color("stroke", p->stroke, err);
    if (!status) status = kf_text_check_range("stroke width", p->stroke_width, 0, 4096, err);
    if (!status) status = kf_text_check_range("feather", p->feather, 0, 256, err);
    if (!status) status = kf_check_shadow(p->shadow_color, p->shadow_offset, p->shadow_blur, err);
    return status ? status : check_places(p, err);
}

/* Radii shrink together until neighbours fit their side (CSS backgrounds, 4.5). */
static void add_rounded(kf_outline *o, const kf_shape_params *p)
{
    double scale = 1;
    for (int i = 0; i < 4; i++) {
        double sum = (double)p->radius[i] + p->radius[(i + 1) % 4], side = i % 2 ? p->h : p->w;
        if (sum > side) scale = fmin(scale, side / sum);
    }
    double radius[4];
    for (int i = 0; i < 4; i++) radius[i] = p->radius[i] * scale;
    kf_outline_rounded(o, (kf_text_rect){p->x, p->y, p->w, p->h}, radius);
}

static void add_polygon(kf_outline *o, const kf_shape_params *p)
{
    kf_outline_move(o, p->points[0][0], p->points[0][1]);
    for (int32_t i = 1; i < p->point_count; i++) kf_outline_line(o, p->points[i][0], p->points[i][1]);
    kf_outline_close(o);
}

static kf_status add_path(kf_outline *o, const kf_shape_params *p, kf_error *err)
{
    const size_t first = o->count;
    const kf_status status = kf_path_add(o, p->path ? p->path : "", err);
    for (size_t i = first; i < o->count; i++) {
        o->points[i].x *= (double)p->path_scale;
        o->points[i].y *= (double)p->path_scale;
    }
    return status;
}

static kf_status add_outline(kf_outline *o, const kf_shape_params *p, kf_error *err)
{
    const kf_text_rect bounds = {p->x, p->y, p->w, p->h};
    if (p->kind == KF_SHAPE_PATH) return add_path(o, p, err);
    if (p->kind == KF_SHAPE_POLYGON) add_polygon(o, p);
    else if (kf_rect_empty(bounds)) return KF_OK;
    else if (p->kind == KF_SHAPE_RECT) kf_outline_rectangle(o, bounds);
    else if (p->kind == KF_SHAPE_ROUNDED) add_rounded(o, p);
    else kf_outline_ellipse(o, bounds);
    return KF_OK;
}

static bool has_fill(const kf_shape_params *p)
{
    return p->fill[3] > 0;
}

static bool has_stroke(const kf_shape_params *p)
{
    return p->stroke_width > 0 && p->stroke[3] > 0;
}

/* What is filled, and what the pen covers. */
typedef struct drawing {
    const kf_shape_params *params;
    kf_outline outline, stroke;
} drawing;

static kf_status drawing_open(drawing *d, const kf_shape_params *p, kf_error *err)
{
    *d = (drawing){.params = p};
    kf_status status = add_outline(&d->outline, p, err);
    if (!status && has_stroke(p)) kf_outline_stroke(&d->stroke, &d->outline, p->stroke_width);
    return !status && (d->outline.failed || d->stroke.failed) ? kf_fail_memory(err) : status;
}

static void drawing_close(drawing *d)
{
    kf_outline_finish(&d->outline);
    kf_outline_finish(&d->stroke);
}

static kf_text_rect drawing_bounds(const drawing *d)
{
    const kf_text_rect r = kf_outline_bounds(&d->outline);
    double grow = has_stroke(d->params) ? d->params->stroke_width / 2.0 : 0;
    return r.w > 0 || r.h > 0 ? kf_rect_grow(r, grow, grow) : (kf_text_rect){0};
}

/* One colour: coverage is blurred once and tinted, which keeps the colour exact. */
static kf_status paint_tinted(kf_canvas *layer, const drawing *d, kf_error *err)
{
    const kf_shape_params *p = d->params;
    const bool fill = has_fill(p);
    kf_canvas mask;
    kf_status status = kf_canvas_create_like(&mask, KF_CANVAS_MASK, layer, err);
    if (status) return status;
    status = kf_canvas_cover(&mask, fill ? &d->outline : &d->stroke, fill && p->even_odd, err);
    if (!status) status = kf_canvas_blur(&mask, p->feather, err);
    if (!status) kf_canvas_tint_over(layer, &mask, fill ? p->fill : p->stroke, 0, 0);
    kf_canvas_finish(&mask);
    return status;
}

static kf_status paint_layer(kf_canvas *layer, const drawing *d, kf_error *err)
{
    const kf_shape_params *p = d->params;
    if (has_fill(p) != has_stroke(p)) return paint_tinted(layer, d, err);
    kf_status status = kf_canvas_fill(layer, &d->outline, p->even_odd, p->fill, err);
    if (!status) status = kf_canvas_fill(layer, &d->stroke, false, p->stroke, err);
    return status ? status : kf_canvas_blur_color(layer, p->feather, err);
}

static kf_status paint_with_shadow(kf_canvas *canvas, const drawing *d, const kf_shadow *shadow, kf_error *err)
{
    kf_canvas layer;
    kf_status status = kf_canvas_create_like(&layer, KF_CANVAS_COLOR, canvas, err);
    if (status) return status;
    status = paint_layer(&layer, d, err);
    if (!status) status = kf_draw_shadow(canvas, &layer, shadow, err);
    if (!status) kf_canvas_over(canvas, &layer);
    kf_canvas_finish(&layer);
    return status;
}

static kf_status render(const drawing *d, kf_raster *out, kf_error *err)
{
    const kf_shape_params *p = d->params;
    kf_text_rect bounds = drawing_bounds(d);
    if (kf_rect_empty(bounds)) return KF_OK;
    kf_shadow shadow = {{p->shadow_color[0], p->shadow_color[1], p->shadow_color[2], p->shadow_color[3]},
                        {p->shadow_offset[0], p->shadow_offset[1]},
                        p->shadow_blur};
    double grow = 1 + kf_blur_reach(p->feather);
    bounds = kf_shadow_bounds(kf_rect_grow(bounds, grow, grow), &shadow);
    kf_canvas canvas;
    kf_status status = kf_canvas_create(&canvas, KF_CANVAS_COLOR, bounds, "shape", err);
    if (status) return status;
    if (shadow.color[3] > 0) status = paint_with_shadow(&canvas, d, &shadow, err);
    else status = paint_layer(&canvas, d, err);
    if (!status) status = kf_canvas_to_raster(&canvas, p->format, out, err);
    kf_canvas_finish(&canvas);
    return status;
}

kf_status kf_shape_render(const kf_shape_params *params, kf_raster *out, kf_error *err)
{
    *out = (kf_raster){0};
    drawing d;
    kf_status status = check_params(params, err);
    if (status) return status;
    status = drawing_open(&d, params, err);
    if (!status && (has_fill(params) || has_stroke(params))) status = render(&d, out, err);
    drawing_close(&d);
    return status;
}
