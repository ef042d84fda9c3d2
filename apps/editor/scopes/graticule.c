/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graticule.h"

#include "scope.h"

static const GdkRGBA line = {1, 1, 1, 0.13f}, strong = {1, 1, 1, 0.3f}, ink = {1, 1, 1, 0.6f};

/* ---- Texts ---- */

typedef struct Label {
    double x, y;              /* of the point that it stands at */
    double across, down;      /* which part of the text lies there: 0 its left or top, 1 its right or bottom */
    const GdkRGBA *color;
} Label;

static void draw_label(GtkWidget *widget, GtkSnapshot *snapshot, const Label *label, const char *text)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, text);
    PangoAttrList *attributes = pango_attr_list_new();
    int w, h;
    pango_attr_list_insert(attributes, pango_attr_size_new_absolute(10 * PANGO_SCALE));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_get_pixel_size(layout, &w, &h);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)(int)(label->x - w * label->across + 0.5),
                                                          (float)(int)(label->y - h * label->down + 0.5)));
    gtk_snapshot_append_layout(snapshot, layout, label->color);
    gtk_snapshot_restore(snapshot);
}

static void draw_title(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *g)
{
    const Label label = {g->kind == KF_SCOPE_VECTORSCOPE ? 8 : g->area.origin.x, 2, 0, 0, &ink};
    draw_label(widget, snapshot, &label, kerf_scope_label(g->kind));
}

/* ---- Levels ---- */

static const int levels[] = {0, 25, 50, 75, 100};

/* Part of the way from the low edge to the high one. */
static double level_part(int percent) { return (percent / 100.0 - KF_SCOPE_LOW) / (KF_SCOPE_HIGH - KF_SCOPE_LOW); }

static void draw_levels(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *g)
{
    const graphene_rect_t *a = &g->area;
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        const float y = (float)(int)(a->origin.y + a->size.height * (1 - level_part(levels[i])));
        const gboolean end = levels[i] == 0 || levels[i] == 100;
        const Label label = {a->origin.x - 5, y, 1, 0.5, &ink};
        g_autofree char *text = g_strdup_printf("%d", levels[i]);
        gtk_snapshot_append_color(snapshot, end ? &strong : &line, &GRAPHENE_RECT_INIT(a->origin.x, y, a->size.width, 1));
        draw_label(widget, snapshot, &label, text);
    }
}

static void draw_panels(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *g)
{
    static const GdkRGBA colors[] = {{1, 0.4f, 0.4f, 1}, {0.4f, 0.9f, 0.4f, 1}, {0.5f, 0.6f, 1, 1}};
    static const char *const names[] = {"R", "G", "B"};
    const graphene_rect_t *a = &g->area;
    for (int i = 0; i < 3; i++) {
        const float x = (float)(int)(a->origin.x + a->size.width * (float)i / 3);
        const Label label = {x + a->size.width / 3 - 4, a->origin.y + 1, 1, 0, &colors[i]};
        if (i > 0) gtk_snapshot_append_color(snapshot, &line, &GRAPHENE_RECT_INIT(x, a->origin.y, 1, a->size.height));
        draw_label(widget, snapshot, &label, names[i]);
    }
}

static void draw_values(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *g)
{
    const graphene_rect_t *a = &g->area;
    const float foot = a->origin.y + a->size.height;
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        const float x = (float)(int)(a->origin.x + a->size.width * level_part(levels[i]));
        const gboolean end = levels[i] == 0 || levels[i] == 100;
        const Label label = {x, foot + 2, 0.5, 0, &ink};
        g_autofree char *text = g_strdup_printf("%d", levels[i]);
        gtk_snapshot_append_color(snapshot, end ? &strong : &line, &GRAPHENE_RECT_INIT(x, a->origin.y, 1, a->size.height));
        draw_label(widget, snapshot, &label, text);
    }
    gtk_snapshot_append_color(snapshot, &line, &GRAPHENE_RECT_INIT(a->origin.x, foot, a->size.width, 1));
}

/* ---- Colours ---- */

/* ITU-T H.273 8.3: weights of red and blue in Y'. */
static void weights(uint8_t matrix, double *kr, double *kb)
{
    static const struct { uint8_t matrix; double kr, kb; } known[] = {
        {4, 0.30, 0.11}, {5, 0.299, 0.114}, {6, 0.299, 0.114}, {7, 0.212, 0.087}, {9, 0.2627, 0.0593}, {10, 0.2627, 0.0593}};
    *kr = 0.2126;
    *kb = 0.0722;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].matrix != matrix) continue;
        *kr = known[i].kr;
        *kb = known[i].kb;
    }
}

/* Where a colour lies, px of the widget. */
static void place_of(const KerfGraticule *g, const double rgb[3], double out[2])
{
    double kr, kb;
    weights(g->matrix, &kr, &kb);
    const double y = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2];
    const double chroma[2] = {(rgb[2] - y) / (2 - 2 * kb), (rgb[0] - y) / (2 - 2 * kr)};
    const double unit = g->area.size.width / (2 * KF_SCOPE_CHROMA);
    out[0] = g->area.origin.x + g->area.size.width / 2 + chroma[0] * unit;
    out[1] = g->area.origin.y + g->area.size.height / 2 - chroma[1] * unit;
}

static void draw_axes(cairo_t *cr, const KerfGraticule *g)
{
    const double cx = g->area.origin.x + g->area.size.width / 2, cy = g->area.origin.y + g->area.size.height / 2;
    const double radius = g->area.size.width / (2 * KF_SCOPE_CHROMA) * 0.5;
    cairo_set_source_rgba(cr, 1, 1, 1, line.alpha);
    for (int i = 1; i <= 4; i++) {
        cairo_arc(cr, cx, cy, radius * i / 4, 0, 2 * G_PI);
        cairo_stroke(cr);
    }
    cairo_move_to(cr, cx - radius, cy);
    cairo_line_to(cr, cx + radius, cy);
    cairo_move_to(cr, cx, cy - radius);
    cairo_line_to(cr, cx, cy + radius);
    cairo_stroke(cr);
    /* skin of all tones lies near the I axis, 33 degrees from Cr */
    cairo_set_source_rgba(cr, 1, 0.8, 0.6, 0.35);
    cairo_move_to(cr, cx, cy);
    cairo_line_to(cr, cx - radius * 0.545, cy - radius * 0.839);
    cairo_stroke(cr);
}

static const struct { const char *name; double rgb[3]; } bars[] = {
    {"R", {1, 0, 0}}, {"Yl", {1, 1, 0}}, {"G", {0, 1, 0}}, {"Cy", {0, 1, 1}}, {"B", {0, 0, 1}}, {"Mg", {1, 0, 1}}};

static void draw_colors(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *g)
{
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &g->area);
    cairo_set_line_width(cr, 1);
    draw_axes(cr, g);
    for (size_t i = 0; i < G_N_ELEMENTS(bars); i++) {
        const double *c = bars[i].rgb, part[3] = {c[0] * 0.75, c[1] * 0.75, c[2] * 0.75};
        double at[2];
        place_of(g, part, at);
        cairo_set_source_rgba(cr, 0.4 + 0.6 * c[0], 0.4 + 0.6 * c[1], 0.4 + 0.6 * c[2], 0.8);
        cairo_rectangle(cr, (int)at[0] - 3.5, (int)at[1] - 3.5, 8, 8);
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
    for (size_t i = 0; i < G_N_ELEMENTS(bars); i++) {
        const double *c = bars[i].rgb, part[3] = {c[0] * 0.75, c[1] * 0.75, c[2] * 0.75};
        double at[2];
        place_of(g, part, at);
        const Label label = {at[0] + 8, at[1], 0, 0.5, &ink};
        draw_label(widget, snapshot, &label, bars[i].name);
    }
}

void kerf_graticule(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *g)
{
    draw_title(widget, snapshot, g);
    switch (g->kind) {
    case KF_SCOPE_PARADE: draw_panels(widget, snapshot, g); /* fall through */
    case KF_SCOPE_WAVEFORM: draw_levels(widget, snapshot, g); break;
    case KF_SCOPE_VECTORSCOPE: draw_colors(widget, snapshot, g); break;
    case KF_SCOPE_HISTOGRAM: draw_values(widget, snapshot, g); break;
    }
}
