/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A Pango renderer that fills glyph outlines, so that positions are not rounded to pixels, and falls back to Cairo's
 * own glyph drawing for colour bitmaps. */
#include <hb-ot.h>

#include "text/pango.h"

typedef struct kf_glyphs {
    PangoRenderer parent;
    cairo_t *cr;
    kf_glyph_mode mode;
    const float *color;
    double outline;
} kf_glyphs;

typedef PangoRendererClass kf_glyphsClass;

GType kf_glyphs_get_type(void);
G_DEFINE_TYPE(kf_glyphs, kf_glyphs, PANGO_TYPE_RENDERER)

static bool is_color_font(PangoFont *font)
{
    hb_font_t *hb = pango_font_get_hb_font(font);
    if (!hb) return false;
    hb_face_t *face = hb_font_get_face(hb);
    return hb_ot_color_has_png(face) || hb_ot_color_has_layers(face) || hb_ot_color_has_svg(face);
}

static void set_color(cairo_t *cr, const float color[4])
{
    cairo_set_source_rgba(cr, kf_unit(color[0]), kf_unit(color[1]), kf_unit(color[2]), kf_unit(color[3]));
}

static void set_part_color(kf_glyphs *self, PangoRenderPart part)
{
    if (self->mode == KF_GLYPHS_OUTLINE) {
        cairo_set_source_rgba(self->cr, 0, 0, 0, 1);
        return;
    }
    PangoRenderer *renderer = &self->parent;
    const PangoColor *own = pango_renderer_get_color(renderer, part);
    if (!own && part != PANGO_RENDER_PART_BACKGROUND)
        own = pango_renderer_get_color(renderer, PANGO_RENDER_PART_FOREGROUND);
    guint16 alpha = pango_renderer_get_alpha(renderer, part);
    float c[4] = {self->color[0], self->color[1], self->color[2], self->color[3]};
    if (own) {
        c[0] = own->red / 65535.0f;
        c[1] = own->green / 65535.0f;
        c[2] = own->blue / 65535.0f;
        c[3] = 1;
    }
    if (alpha) c[3] = alpha / 65535.0f;
    set_color(self->cr, c);
}

static void paint_path(kf_glyphs *self)
{
    cairo_t *cr = self->cr;
    if (self->mode == KF_GLYPHS_OUTLINE) {
        cairo_set_line_width(cr, 2 * self->outline);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
        cairo_stroke_preserve(cr);
    }
    cairo_fill(cr);
}

/* Colour glyphs bring their own colours; the text's alpha still counts. */
static void draw_color_glyphs(kf_glyphs *self, PangoFont *font, PangoGlyphString *glyphs)
{
    if (self->mode == KF_GLYPHS_OUTLINE) return;
    cairo_push_group(self->cr);
    pango_cairo_show_glyph_string(self->cr, font, glyphs);
    cairo_pop_group_to_source(self->cr);
    cairo_paint_with_alpha(self->cr, self->color[3]);
}

static void draw_glyphs(PangoRenderer *renderer, PangoFont *font, PangoGlyphString *glyphs, int x, int y)
{
    kf_glyphs *self = (kf_glyphs *)renderer;
    cairo_t *cr = self->cr;
    cairo_save(cr);
    cairo_new_path(cr);
    cairo_move_to(cr, (double)x / PANGO_SCALE, (double)y / PANGO_SCALE);
    set_part_color(self, PANGO_RENDER_PART_FOREGROUND);
    if (is_color_font(font)) {
        draw_color_glyphs(self, font, glyphs);
    } else {
        pango_cairo_glyph_string_path(cr, font, glyphs);
        paint_path(self);
    }
    cairo_restore(cr);
}

static void draw_rectangle(PangoRenderer *renderer, PangoRenderPart part, int x, int y, int width, int height)
{
    kf_glyphs *self = (kf_glyphs *)renderer;
    if (part == PANGO_RENDER_PART_BACKGROUND && self->mode == KF_GLYPHS_OUTLINE) return;
    cairo_save(self->cr);
    cairo_new_path(self->cr);
    set_part_color(self, part);
    cairo_rectangle(self->cr, (double)x / PANGO_SCALE, (double)y / PANGO_SCALE, (double)width / PANGO_SCALE,
                    (double)height / PANGO_SCALE);
    paint_path(self);
    cairo_restore(self->cr);
}

static void draw_error_underline(PangoRenderer *renderer, int x, int y, int width, int height)
{
    draw_rectangle(renderer, PANGO_RENDER_PART_UNDERLINE, x, y, width, height);
}

static void kf_glyphs_init(kf_glyphs *self)
{
}

static void kf_glyphs_class_init(kf_glyphsClass *class)
{
    class->draw_glyphs = draw_glyphs;
    class->draw_rectangle = draw_rectangle;
    class->draw_error_underline = draw_error_underline;
}

static kf_status begin(cairo_t **cr, const kf_canvas *canvas, kf_error *err)
{
    cairo_format_t format = canvas->kind == KF_CANVAS_MASK ? CAIRO_FORMAT_A8 : CAIRO_FORMAT_ARGB32;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(canvas->pixels, format, canvas->width,
                                                                   canvas->height, (int)canvas->stride);
    *cr = cairo_create(surface);
    cairo_surface_destroy(surface);
    cairo_translate(*cr, -canvas->x, -canvas->y);
    if (cairo_status(*cr) == CAIRO_STATUS_SUCCESS) return KF_OK;
    cairo_destroy(*cr);
    return kf_fail_memory(err);
}

kf_status kf_glyphs_draw(const kf_canvas *canvas, const kf_layout *layout, kf_glyph_mode mode, const kf_title_params *p,
                         kf_error *err)
{
    cairo_t *cr;
    kf_status status = begin(&cr, canvas, err);
    if (status) return status;
    kf_glyphs *self = g_object_new(kf_glyphs_get_type(), NULL);
    self->cr = cr;
    self->mode = mode;
    self->color = p->color;
    self->outline = p->outline_width;
    for (int i = 0; i < layout->count; i++) {
        const kf_layout_line *line = &layout->lines[i];
        cairo_save(cr);
        cairo_translate(cr, line->x, line->baseline);
        pango_renderer_draw_layout_line(&self->parent, line->line, 0, 0);
        cairo_restore(cr);
    }
    g_object_unref(self);
    cairo_destroy(cr);
    return KF_OK;
}
