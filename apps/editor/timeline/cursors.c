/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cursors.h"

#include <string.h>

enum { SIZE = 24 };

/* A shape is drawn twice: wide in black, then narrow in white on it. */
typedef void shape_fn(cairo_t *cr);

static void polyline(cairo_t *cr, const double *points, int count)
{
    cairo_move_to(cr, points[0], points[1]);
    for (int i = 1; i < count; i++) cairo_line_to(cr, points[2 * i], points[2 * i + 1]);
}

static void bracket(cairo_t *cr, double x, double way)
{
    const double points[] = {x + way * 4, 5, x, 5, x, 19, x + way * 4, 19};
    polyline(cr, points, 4);
}

static void arrow(cairo_t *cr, double x, double y, double way)
{
    const double points[] = {x - way * 4, y - 3.5, x, y, x - way * 4, y + 3.5};
    polyline(cr, points, 3);
    cairo_move_to(cr, x - way * 6, y);
    cairo_line_to(cr, x, y);
}

static void trim_head(cairo_t *cr) { bracket(cr, 10, 1); arrow(cr, 21, 12, 1); }
static void trim_tail(cairo_t *cr) { bracket(cr, 14, -1); arrow(cr, 3, 12, -1); }

static void ripple_head(cairo_t *cr)
{
    trim_head(cr);
    arrow(cr, 1.5, 12, -1);
}

static void ripple_tail(cairo_t *cr)
{
    trim_tail(cr);
    arrow(cr, 22.5, 12, 1);
}

static void roll(cairo_t *cr)
{
    bracket(cr, 10.5, -1);
    bracket(cr, 13.5, 1);
    arrow(cr, 1.5, 12, -1);
    arrow(cr, 22.5, 12, 1);
}

static void slip(cairo_t *cr)
{
    cairo_move_to(cr, 9, 5);
    cairo_line_to(cr, 9, 19);
    cairo_move_to(cr, 15, 5);
    cairo_line_to(cr, 15, 19);
    arrow(cr, 1.5, 12, -1);
    arrow(cr, 22.5, 12, 1);
}

static void slide(cairo_t *cr)
{
    cairo_rectangle(cr, 9, 7, 6, 10);
    arrow(cr, 1.5, 12, -1);
    arrow(cr, 22.5, 12, 1);
}

static void rate(cairo_t *cr)
{
    bracket(cr, 17, -1);
    cairo_move_to(cr, 2, 16);
    cairo_line_to(cr, 11, 16);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 7, 10, 4, 0, 6.2832);
    cairo_move_to(cr, 7, 7.5);
    cairo_line_to(cr, 7, 10);
    cairo_line_to(cr, 9, 10);
}

static void razor(cairo_t *cr)
{
    const double blade[] = {12, 2, 17, 2, 17, 15, 12, 20, 12, 2};
    polyline(cr, blade, 5);
}

static void pen(cairo_t *cr)
{
    const double nib[] = {3, 3, 14, 8, 16, 15, 9, 13, 3, 3};
    polyline(cr, nib, 5);
    cairo_move_to(cr, 3, 3);
    cairo_line_to(cr, 11, 10.5);
}

static void pen_add(cairo_t *cr)
{
    pen(cr);
    cairo_move_to(cr, 15, 20);
    cairo_line_to(cr, 22, 20);
    cairo_move_to(cr, 18.5, 16.5);
    cairo_line_to(cr, 18.5, 23);
}

static void pen_remove(cairo_t *cr)
{
    pen(cr);
    cairo_move_to(cr, 15, 20);
    cairo_line_to(cr, 22, 20);
}

static void track_select_one(cairo_t *cr) { arrow(cr, 21, 12, 1); }

static void track_select(cairo_t *cr)
{
    arrow(cr, 21, 8, 1);
    arrow(cr, 21, 16, 1);
}

typedef struct shape {
    const char *name, *fallback;
    int x, y;                 /* hot spot */
    shape_fn *draw;
} shape;

static const shape shapes[] = {
    {"trim-head", "w-resize", 10, 12, trim_head},
    {"trim-tail", "e-resize", 14, 12, trim_tail},
    {"ripple-head", "w-resize", 10, 12, ripple_head},
    {"ripple-tail", "e-resize", 14, 12, ripple_tail},
    {"roll", "col-resize", 12, 12, roll},
    {"slip", "ew-resize", 12, 12, slip},
    {"slide", "ew-resize", 12, 12, slide},
    {"rate", "ew-resize", 17, 12, rate},
    {"razor", "crosshair", 12, 20, razor},
    {"pen", "crosshair", 3, 3, pen},
    {"pen-add", "copy", 3, 3, pen_add},
    {"pen-remove", "no-drop", 3, 3, pen_remove},
    {"track-select", "e-resize", 12, 12, track_select},
    {"track-select-one", "e-resize", 12, 12, track_select_one},
};

static GdkTexture *draw_shape(const shape *s)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, SIZE, SIZE);
    cairo_t *cr = cairo_create(surface);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (int pass = 0; pass < 2; pass++) {
        cairo_set_source_rgb(cr, pass, pass, pass);
        cairo_set_line_width(cr, pass ? 1.6 : 3.8);
        s->draw(cr);
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    int stride = cairo_image_surface_get_stride(surface);
    GBytes *bytes = g_bytes_new(cairo_image_surface_get_data(surface), (gsize)stride * SIZE);
    GdkTexture *texture = gdk_memory_texture_new(SIZE, SIZE, GDK_MEMORY_DEFAULT, bytes, stride);
    g_bytes_unref(bytes);
    cairo_surface_destroy(surface);
    return texture;
}

static GdkCursor *make(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        if (strcmp(shapes[i].name, name) != 0) continue;
        g_autoptr(GdkTexture) texture = draw_shape(&shapes[i]);
        g_autoptr(GdkCursor) fallback = gdk_cursor_new_from_name(shapes[i].fallback, NULL);
        return gdk_cursor_new_from_texture(texture, shapes[i].x, shapes[i].y, fallback);
    }
    return gdk_cursor_new_from_name(name, NULL);
}

/* Kept with the display, whose they are. */
GdkCursor *kt_cursor_get(const char *name)
{
    GdkDisplay *display = gdk_display_get_default();
    g_autofree char *key = g_strconcat("kerf-cursor-", name, NULL);
    GdkCursor *cursor = g_object_get_data(G_OBJECT(display), key);
    if (cursor) return cursor;
    cursor = make(name);
    if (cursor) g_object_set_data_full(G_OBJECT(display), key, cursor, g_object_unref);
    return cursor;
}
