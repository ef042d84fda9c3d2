/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "glyphs.h"

#include <math.h>
#include <string.h>

enum { SIZE = 2048, MAX_WIDTH = 1024 };

void kt_text_init(kt_text *text)
{
    *text = (kt_text){.texture = {.width = SIZE, .height = SIZE, .channels = 1}, .dpr = 1, .budget = 64};
    text->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    text->layout = pango_layout_new(context);
    pango_layout_set_single_paragraph_mode(text->layout, TRUE);
    g_object_unref(context);
    kt_text_set_font(text, "Sans 8", 1);
}

void kt_text_finish(kt_text *text)
{
    kt_texture_finish(&text->texture);
    g_clear_pointer(&text->places, g_hash_table_unref);
    g_clear_object(&text->layout);
}

static void forget(kt_text *text)
{
    g_hash_table_remove_all(text->places);
    text->x = text->y = text->row = 0;
    text->generation++;
}

void kt_text_set_font(kt_text *text, const char *font, double dpr)
{
    PangoFontDescription *description = pango_font_description_from_string(font);
    pango_layout_set_font_description(text->layout, description);
    pango_font_description_free(description);
    pango_layout_set_text(text->layout, "Åg", -1);
    int height;
    pango_layout_get_pixel_size(text->layout, NULL, &height);
    text->line = height;
    text->dpr = dpr;
    forget(text);
}

void kt_text_frame(kt_text *text, int budget)
{
    text->budget = budget;
}

/* Room for a text, device pixels; false when the texture is full. */
static bool reserve(kt_text *text, int width, int height)
{
    if (text->x + width > SIZE) {
        text->x = 0;
        text->y += text->row;
        text->row = 0;
    }
    if (text->y + height > SIZE) return false;
    if (height > text->row) text->row = height;
    return true;
}

static void paint(kt_text *text, uint8_t *pixels, int width, int height)
{
    int stride = cairo_format_stride_for_width(CAIRO_FORMAT_A8, width);
    uint8_t *rows = g_malloc0((size_t)stride * height);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(rows, CAIRO_FORMAT_A8, width, height, stride);
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, text->dpr, text->dpr);
    pango_cairo_show_layout(cr, text->layout);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    for (int y = 0; y < height; y++) memcpy(pixels + (size_t)y * width, rows + (size_t)y * stride, width);
    cairo_surface_destroy(surface);
    g_free(rows);
}

static kt_glyphs *render(kt_text *text, const char *content)
{
    if (g_utf8_validate(content, -1, NULL)) {
        pango_layout_set_text(text->layout, content, -1);
    } else {
        char *valid = g_utf8_make_valid(content, -1);
        pango_layout_set_text(text->layout, valid, -1);
        g_free(valid);
    }
    int width, height;
    pango_layout_get_pixel_size(text->layout, &width, &height);
    int w = (int)ceil(MIN(width, MAX_WIDTH) * text->dpr) + 1, h = (int)ceil(height * text->dpr) + 1;
    if (!reserve(text, w, h)) {
        forget(text);
        reserve(text, w, h);
    }
    paint(text, kt_texture_put(&text->texture, text->x, text->y, w, h), w, h);
    kt_glyphs *glyphs = g_new(kt_glyphs, 1);
    *glyphs = (kt_glyphs){{text->x, text->y, w, h}, w / text->dpr, h / text->dpr};
    text->x += w;
    g_hash_table_insert(text->places, g_strdup(content), glyphs);
    return glyphs;
}

bool kt_text_get(kt_text *text, const char *content, kt_glyphs *out)
{
    kt_glyphs *found = g_hash_table_lookup(text->places, content);
    if (!found) {
        if (text->budget <= 0) return false;
        text->budget--;
        text->rendered++;
        found = render(text, content);
    }
    *out = *found;
    return true;
}

kt_quad *kt_text_push(kt_text *text, kt_quads *list, const char *content, double x, double y, kt_rgba color)
{
    kt_glyphs glyphs;
    if (!kt_text_get(text, content, &glyphs)) return NULL;
    kt_quad *quad = kt_quads_rect(list, KT_TEXT, (kt_rect){x, y, glyphs.width, glyphs.height}, color);
    kt_texture_place(&text->texture, glyphs.place, quad);
    return quad;
}

double kt_text_digits(kt_text *text, kt_quads *list, const char *content, double x, double y, kt_rgba color)
{
    double at = x;
    for (const char *c = content; *c; c = g_utf8_next_char(c)) {
        char one[8] = {0};
        memcpy(one, c, g_utf8_next_char(c) - c);
        kt_glyphs glyphs;
        text->budget += text->budget <= 0;
        if (!kt_text_get(text, one, &glyphs)) break;
        kt_text_push(text, list, one, at, y, color);
        at += glyphs.width - 1 / text->dpr;
    }
    return at - x;
}
