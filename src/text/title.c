/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/private.h"

kf_title_params kf_title_defaults(void)
{
    return (kf_title_params){
        .size = 72,
        .color = {1, 1, 1, 1},
        .outline_color = {0, 0, 0, 1},
        .shadow_offset = {4, 4},
        .shadow_blur = 4,
        .box_color = {0, 0, 0, 0.6f},
        .box_padding = {24, 12},
        .align = KF_ALIGN_CENTER,
        .anchor_h = KF_ANCHOR_CENTER,
        .anchor_v = KF_ANCHOR_MIDDLE,
    };
}

static void add_box(kf_outline *o, kf_text_rect r, double radius)
{
    double fit = fmin(radius, fmin(r.w, r.h) / 2);
    double radii[4] = {fit, fit, fit, fit};
    kf_outline_rounded(o, r, radii);
}

static kf_text_rect line_box(const kf_layout *layout, const kf_title_params *p, int i)
{
    return kf_rect_grow(layout->lines[i].logical, p->box_padding[0], p->box_padding[1]);
}

/* Boxes of lines may overlap: they are one outline, so that a translucent colour is laid once. */
static kf_status draw_boxes(kf_canvas *canvas, const kf_layout *layout, const kf_title_params *p, kf_error *err)
{
    if (p->box == KF_TEXT_BOX_NONE || !(p->box_color[3] > 0)) return KF_OK;
    kf_outline o = {0};
    if (p->box == KF_TEXT_BOX_WHOLE) add_box(&o, layout->box, p->box_radius);
    for (int i = 0; p->box == KF_TEXT_BOX_LINES && i < layout->count; i++) {
        if (layout->lines[i].logical.w > 0) add_box(&o, line_box(layout, p, i), p->box_radius);
    }
    kf_status status = kf_canvas_fill(canvas, &o, false, p->box_color, err);
    kf_outline_finish(&o);
    return status;
}

static bool has_outline(const kf_title_params *p)
{
    return p->outline_width > 0 && p->outline_color[3] > 0;
}

static kf_status draw_outline(kf_canvas *layer, const kf_layout *layout, const kf_title_params *p, kf_error *err)
{
    kf_canvas mask;
    kf_status status = kf_canvas_create_like(&mask, KF_CANVAS_MASK, layer, err);
    if (status) return status;
    status = kf_glyphs_draw(&mask, layout, KF_GLYPHS_OUTLINE, p, err);
    if (!status) kf_canvas_tint_over(layer, &mask, p->outline_color, 0, 0);
    kf_canvas_finish(&mask);
    return status;
}

/* Outline and fill. */
static kf_status draw_text(kf_canvas *layer, const kf_layout *layout, const kf_title_params *p, kf_error *err)
{
    if (has_outline(p)) {
        kf_status status = draw_outline(layer, layout, p, err);
        if (status) return status;
    }
    return kf_glyphs_draw(layer, layout, KF_GLYPHS_FILL, p, err);
}

kf_status kf_draw_shadow(kf_canvas *canvas, const kf_canvas *layer, const kf_shadow *shadow, kf_error *err)
{
    kf_canvas mask;
    kf_status status = kf_canvas_create_like(&mask, KF_CANVAS_MASK, layer, err);
    if (status) return status;
    kf_canvas_take_alpha(&mask, layer);
    status = kf_canvas_blur(&mask, shadow->blur, err);
    if (!status)
        kf_canvas_tint_over(canvas, &mask, shadow->color, (int)lrintf(shadow->offset[0]),
                            (int)lrintf(shadow->offset[1]));
    kf_canvas_finish(&mask);
    return status;
}

kf_text_rect kf_shadow_bounds(kf_text_rect r, const kf_shadow *shadow)
{
    if (!(shadow->color[3] > 0)) return r;
    int reach = kf_blur_reach(shadow->blur);
    kf_text_rect s = kf_rect_grow(r, reach, reach);
    s.x += lrintf(shadow->offset[0]);
    s.y += lrintf(shadow->offset[1]);
    return kf_text_rect_union(r, s);
}

static kf_shadow title_shadow(const kf_title_params *p)
{
    return (kf_shadow){{p->shadow_color[0], p->shadow_color[1], p->shadow_color[2], p->shadow_color[3]},
        {p->shadow_offset[0], p->shadow_offset[1]}, p->shadow_blur};
}

/* Text over its shadow: the shadow needs the text on a layer of its own. */
static kf_status draw_text_and_shadow(kf_canvas *canvas, const kf_layout *layout, const kf_title_params *p,
                                      kf_error *err)
{
    kf_shadow shadow = title_shadow(p);
    if (!(shadow.color[3] > 0)) return draw_text(canvas, layout, p, err);
    kf_canvas layer;
    kf_status status = kf_canvas_create_like(&layer, KF_CANVAS_COLOR, canvas, err);
    if (status) return status;
    status = draw_text(&layer, layout, p, err);
    if (!status) status = kf_draw_shadow(canvas, &layer, &shadow, err);
    if (!status) kf_canvas_over(canvas, &layer);
    kf_canvas_finish(&layer);
    return status;
}

static kf_text_rect title_bounds(const kf_layout *layout, const kf_title_params *p)
{
    /* Logical extents too: underlines and backgrounds lie within them; 2 px for rounding and antialiasing. */
    double grow = 2 + (has_outline(p) ? p->outline_width : 0);
    kf_text_rect text = kf_rect_grow(kf_text_rect_union(layout->ink, layout->logical), grow, grow);
    kf_shadow shadow = title_shadow(p);
    text = kf_shadow_bounds(text, &shadow);
    if (p->box != KF_TEXT_BOX_NONE) text = kf_text_rect_union(text, kf_rect_grow(layout->box, 1, 1));
    return text;
}

kf_status kf_text_title_render(kf_text_context *context, const kf_title_params *params, kf_raster *out,
                               kf_text_report *report, kf_error *err)
{
    *out = (kf_raster){0};
    if (report) *report = (kf_text_report){0};
    if (!params->text || !*params->text) return KF_OK;
    kf_layout layout;
    kf_canvas canvas = {0};
    kf_status status = kf_layout_create(&layout, context, params, report, err);
    if (status) return status;
    status = kf_canvas_create(&canvas, KF_CANVAS_COLOR, title_bounds(&layout, params), "title", err);
    if (!status) {
        status = draw_boxes(&canvas, &layout, params, err);
        if (!status) status = draw_text_and_shadow(&canvas, &layout, params, err);
    }
    if (!status) status = kf_canvas_to_raster(&canvas, KF_PIX_BGRA8, out, err);
    kf_canvas_finish(&canvas);
    kf_layout_finish(&layout);
    return status;
}
