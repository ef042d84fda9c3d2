/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "swatch.h"

const KerfNamedColor kerf_marker_colors[] = {
    {"No Colour", {0, 0, 0, 0}},         {"Red", {0.88f, 0.28f, 0.28f, 1}},    {"Orange", {0.93f, 0.55f, 0.2f, 1}},
    {"Yellow", {0.9f, 0.8f, 0.25f, 1}}, {"Green", {0.35f, 0.75f, 0.4f, 1}},   {"Cyan", {0.25f, 0.72f, 0.78f, 1}},
    {"Blue", {0.32f, 0.52f, 0.95f, 1}}, {"Purple", {0.62f, 0.42f, 0.88f, 1}}, {"Pink", {0.9f, 0.45f, 0.7f, 1}}, {0},
};

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const float *color = data;
    cairo_arc(cr, width / 2.0, height / 2.0, MIN(width, height) / 2.0 - 1, 0, 2 * G_PI);
    if (color[3] > 0) {
        cairo_set_source_rgba(cr, (double)color[0], (double)color[1], (double)color[2], (double)color[3]);
        cairo_fill(cr);
        return;
    }
    cairo_set_line_width(cr, 1);
    cairo_set_source_rgba(cr, 0.6, 0.6, 0.6, 0.8);
    cairo_stroke(cr);
}

GtkWidget *kerf_swatch_new(void)
{
    GtkWidget *area = gtk_drawing_area_new();
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(area), 12);
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), 12);
    gtk_widget_set_valign(area, GTK_ALIGN_CENTER);
    kerf_swatch_set(area, kerf_marker_colors[0].color);
    return area;
}

void kerf_swatch_set(GtkWidget *swatch, const float color[4])
{
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(swatch), draw, g_memdup2(color, 4 * sizeof *color), g_free);
}
