/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/private.h"

kf_shape_params kf_shape_defaults(void)
{
    return (kf_shape_params){
        .format = KF_PIX_BGRA8,
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
static void add_rounded(cairo_t *cr, const kf_shape_params *p)
{
    double scale = 1;
    for (int i = 0; i < 4; i++) {
        double sum = (double)p->radius[i] + p->radius[(i + 1) % 4], side = i % 2 ? p->h : p->w;
        if (sum > side) scale = fmin(scale, side / sum);
    }
    double radius[4];
    for (int i = 0; i < 4; i++) radius[i] = p->radius[i] * scale;
    kf_rounded_path(cr, (kf_text_rect){p->x, p->y, p->w, p->h}, radius);
}

static void add_ellipse(cairo_t *cr, const kf_shape_params *p)
{
    cairo_save(cr);
    cairo_translate(cr, p->x + p->w / 2.0, p->y + p->h / 2.0);
    cairo_scale(cr, p->w / 2.0, p->h / 2.0);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, 1, 0, 2 * G_PI);
    cairo_close_path(cr);
    cairo_restore(cr);
}

static kf_status add_path(cairo_t *cr, const kf_shape_params *p, kf_error *err)
{
    if (p->kind == KF_SHAPE_PATH) return kf_path_add(cr, p->path ? p->path : "", err);
    if (p->kind == KF_SHAPE_POLYGON) {
        for (int32_t i = 0; i < p->point_count; i++) cairo_line_to(cr, p->points[i][0], p->points[i][1]);
        cairo_close_path(cr);
        return KF_OK;
    }
    if (!(p->w > 0 && p->h > 0)) return KF_OK;
    if (p->kind == KF_SHAPE_RECT) cairo_rectangle(cr, p->x, p->y, p->w, p->h);
    else if (p->kind == KF_SHAPE_ROUNDED) add_rounded(cr, p);
    else add_ellipse(cr, p);
    return KF_OK;
}

static void set_pen(cairo_t *cr, const kf_shape_params *p)
{
    cairo_set_fill_rule(cr, p->even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING);
    cairo_set_line_width(cr, p->stroke_width);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
}

static bool has_fill(const kf_shape_params *p)
{
    return p->fill[3] > 0;
}

static bool has_stroke(const kf_shape_params *p)
{
    return p->stroke_width > 0 && p->stroke[3] > 0;
}

static kf_status path_bounds(const kf_shape_params *p, kf_text_rect *bounds, kf_error *err)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cr = cairo_create(surface);
    kf_status status = add_path(cr, p, err);
    if (!status) {
        double x0, y0, x1, y1;
        cairo_path_extents(cr, &x0, &y0, &x1, &y1);
        double grow = has_stroke(p) ? p->stroke_width / 2.0 : 0;
        bool any = x1 > x0 || y1 > y0;
        *bounds = any ? kf_rect_grow((kf_text_rect){x0, y0, x1 - x0, y1 - y0}, grow, grow) : (kf_text_rect){0};
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return status;
}

static kf_status paint(const kf_canvas *canvas, const kf_shape_params *p, bool as_mask, kf_error *err)
{
    static const float solid[4] = {0, 0, 0, 1};
    cairo_t *cr = kf_canvas_begin(canvas);
    set_pen(cr, p);
    kf_status status = add_path(cr, p, err);
    if (!status && has_fill(p)) {
        kf_set_color(cr, as_mask ? solid : p->fill);
        cairo_fill_preserve(cr);
    }
    if (!status && has_stroke(p)) {
        kf_set_color(cr, as_mask ? solid : p->stroke);
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
    return status;
}

/* One colour: coverage is blurred once and tinted, which keeps the colour exact. */
static kf_status paint_tinted(kf_canvas *layer, const kf_shape_params *p, kf_error *err)
{
    kf_canvas mask;
    kf_status status = kf_canvas_create_like(&mask, CAIRO_FORMAT_A8, layer, err);
    if (status) return status;
    status = paint(&mask, p, true, err);
    if (!status) status = kf_canvas_blur(&mask, p->feather, err);
    if (!status) kf_canvas_tint_over(layer, &mask, has_fill(p) ? p->fill : p->stroke, 0, 0);
    kf_canvas_finish(&mask);
    return status;
}

static kf_status paint_layer(kf_canvas *layer, const kf_shape_params *p, kf_error *err)
{
    if (has_fill(p) != has_stroke(p)) return paint_tinted(layer, p, err);
    kf_status status = paint(layer, p, false, err);
    return status ? status : kf_canvas_blur_color(layer, p->feather, err);
}

static kf_status paint_with_shadow(kf_canvas *canvas, const kf_shape_params *p, const kf_shadow *shadow, kf_error *err)
{
    kf_canvas layer;
    kf_status status = kf_canvas_create_like(&layer, CAIRO_FORMAT_ARGB32, canvas, err);
    if (status) return status;
    status = paint_layer(&layer, p, err);
    if (!status) status = kf_draw_shadow(canvas, &layer, shadow, err);
    if (!status) kf_canvas_over(canvas, &layer);
    kf_canvas_finish(&layer);
    return status;
}

kf_status kf_shape_render(const kf_shape_params *params, kf_raster *out, kf_error *err)
{
    *out = (kf_raster){0};
    kf_text_rect bounds;
    kf_status status = check_params(params, err);
    if (!status) status = path_bounds(params, &bounds, err);
    if (status || kf_rect_empty(bounds) || !(has_fill(params) || has_stroke(params))) return status;
    kf_shadow shadow = {
        {params->shadow_color[0], params->shadow_color[1], params->shadow_color[2], params->shadow_color[3]},
        {params->shadow_offset[0], params->shadow_offset[1]},
        params->shadow_blur};
    double grow = 1 + kf_blur_reach(params->feather);
    bounds = kf_shadow_bounds(kf_rect_grow(bounds, grow, grow), &shadow);
    kf_canvas canvas;
    status = kf_canvas_create(&canvas, CAIRO_FORMAT_ARGB32, bounds, "shape", err);
    if (status) return status;
    if (shadow.color[3] > 0) status = paint_with_shadow(&canvas, params, &shadow, err);
    else status = paint_layer(&canvas, params, err);
    if (!status) status = kf_canvas_to_raster(&canvas, params->format, out, err);
    kf_canvas_finish(&canvas);
    return status;
}
