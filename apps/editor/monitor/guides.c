/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guides.h"

struct _KerfGuides {
    GtkWidget parent;
    KerfPicture *picture;     /* its parent, or will be */
    gboolean safe;
    char *text, *notice;
};

G_DEFINE_FINAL_TYPE(KerfGuides, kerf_guides, GTK_TYPE_WIDGET)

#define ACTION_SAFE 0.93
#define TITLE_SAFE 0.90

static void stroke_part(cairo_t *cr, const KerfPlace *p, double part)
{
    const double w = round(p->w * part), h = round(p->h * part);
    cairo_rectangle(cr, floor(p->x + (p->w - w) / 2) + 0.5, floor(p->y + (p->h - h) / 2) + 0.5, w - 1, h - 1);
}

static void cross(cairo_t *cr, const KerfPlace *p)
{
    const double x = floor(p->x + p->w / 2) + 0.5, y = floor(p->y + p->h / 2) + 0.5;
    cairo_move_to(cr, x - 8, y);
    cairo_line_to(cr, x + 8, y);
    cairo_move_to(cr, x, y - 8);
    cairo_line_to(cr, x, y + 8);
}

/* White with a dark edge: visible on every picture. */
static void draw_safe(cairo_t *cr, const KerfPlace *p)
{
    static const double looks[2][2] = {{0, 0.35}, {1, 0.75}}; /* grey, opacity */
    for (int i = 0; i < 2; i++) {
        cairo_set_line_width(cr, i ? 1 : 3);
        cairo_set_source_rgba(cr, looks[i][0], looks[i][0], looks[i][0], looks[i][1]);
        stroke_part(cr, p, ACTION_SAFE);
        stroke_part(cr, p, TITLE_SAFE);
        cross(cr, p);
        cairo_stroke(cr);
    }
}

static void snapshot_text(KerfGuides *g, GtkSnapshot *snapshot, const KerfPlace *p, const char *text, gboolean low)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(g), text);
    PangoFontDescription *font = pango_font_description_from_string(low ? "monospace" : "sans");
    PangoRectangle size;
    pango_font_description_set_absolute_size(font, CLAMP(p->h / (low ? 18 : 22), 11, 40) * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_width(layout, (int)(p->w * 0.9) * PANGO_SCALE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_get_pixel_extents(layout, NULL, &size);
    const double w = size.width, h = size.height;
    const double x = round(p->x + (p->w - w) / 2), y = round(low ? p->y + p->h * 0.94 - h : p->y + (p->h - h) / 2);
    const GdkRGBA dark = {0, 0, 0, 0.6f}, light = {1, 1, 1, low ? 1 : 0.6f};
    if (low) gtk_snapshot_append_color(snapshot, &dark, &GRAPHENE_RECT_INIT(x - 6, y - 2, w + 12, h + 4));
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(x - size.x, y));
    gtk_snapshot_append_layout(snapshot, layout, &light);
    gtk_snapshot_restore(snapshot);
    pango_font_description_free(font);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfGuides *g = KERF_GUIDES(widget);
    const KerfPlace p = kerf_picture_space(g->picture).place;
    const double width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    if (g->safe) {
        cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
        draw_safe(cr, &p);
        cairo_destroy(cr);
    }
    if (g->text) snapshot_text(g, snapshot, &p, g->text, TRUE);
    if (g->notice) snapshot_text(g, snapshot, &(KerfPlace){0, 0, width, height}, g->notice, FALSE);
}

void kerf_guides_set_safe(KerfGuides *g, gboolean safe)
{
    g->safe = safe;
    gtk_widget_queue_draw(GTK_WIDGET(g));
}

static void set_string(KerfGuides *g, char **at, const char *text)
{
    if (g_strcmp0(*at, text) == 0) return;
    g_free(*at);
    *at = g_strdup(text);
    gtk_widget_queue_draw(GTK_WIDGET(g));
}

void kerf_guides_set_text(KerfGuides *g, const char *text) { set_string(g, &g->text, text); }
void kerf_guides_set_notice(KerfGuides *g, const char *notice) { set_string(g, &g->notice, notice); }

static void finalize(GObject *object)
{
    KerfGuides *g = KERF_GUIDES(object);
    g_free(g->text);
    g_free(g->notice);
    G_OBJECT_CLASS(kerf_guides_parent_class)->finalize(object);
}

static void kerf_guides_class_init(KerfGuidesClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void kerf_guides_init(KerfGuides *g) { gtk_widget_set_can_target(GTK_WIDGET(g), FALSE); }

GtkWidget *kerf_guides_new(KerfPicture *picture)
{
    KerfGuides *g = g_object_new(KERF_TYPE_GUIDES, NULL);
    g->picture = picture;
    return GTK_WIDGET(g);
}
