/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "paths.h"

typedef struct KerfPath {
    GArray *points;           /* pairs of double */
    guint dots;
    gboolean closed;
} KerfPath;

struct _KerfPaths {
    GtkWidget parent;
    KerfPicture *picture;
    GArray *paths;            /* KerfPath */
};

G_DEFINE_FINAL_TYPE(KerfPaths, kerf_paths, GTK_TYPE_WIDGET)

static void point_of(const KerfPath *path, const KerfPictureSpace *space, guint i, double out[2])
{
    const double *at = &g_array_index(path->points, double, 2 * (gsize)i);
    kerf_space_to_widget(space, at[0], at[1], out);
}

static void trace(cairo_t *cr, const KerfPath *path, const KerfPictureSpace *space)
{
    double at[2];
    cairo_new_sub_path(cr);
    for (guint i = path->dots; i < path->points->len / 2; i++) {
        point_of(path, space, i, at);
        cairo_line_to(cr, at[0], at[1]);
    }
    if (path->closed) cairo_close_path(cr);
}

static void dot(cairo_t *cr, const KerfPath *path, const KerfPictureSpace *space)
{
    double at[2];
    for (guint i = 0; i < path->dots; i++) {
        point_of(path, space, i, at);
        cairo_rectangle(cr, at[0] - 3, at[1] - 3, 6, 6);
    }
}

static void draw(KerfPaths *p, cairo_t *cr, const KerfPath *path, const GdkRGBA *color)
{
    const KerfPictureSpace space = kerf_picture_space(p->picture);
    for (int i = 0; i < 2; i++) {
        if (i) gdk_cairo_set_source_rgba(cr, color);
        else cairo_set_source_rgba(cr, 0, 0, 0, 0.5);
        cairo_set_line_width(cr, i ? 1.25 : 3);
        trace(cr, path, &space);
        cairo_stroke(cr);
        dot(cr, path, &space);
        cairo_stroke_preserve(cr);
        cairo_fill(cr);
    }
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfPaths *p = KERF_PATHS(widget);
    const GdkRGBA mask = {1, 0.75f, 0.2f, 1}, motion = {0.45f, 0.8f, 1, 1};
    if (p->paths->len == 0) return;
    cairo_t *cr = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget)));
    for (guint i = 0; i < p->paths->len; i++) {
        const KerfPath *path = &g_array_index(p->paths, KerfPath, i);
        draw(p, cr, path, path->closed ? &mask : &motion);
    }
    cairo_destroy(cr);
}

void kerf_paths_clear(KerfPaths *p)
{
    if (p->paths->len == 0) return;
    g_array_set_size(p->paths, 0);
    gtk_widget_queue_draw(GTK_WIDGET(p));
}

void kerf_paths_add(KerfPaths *p, const double (*points)[2], guint count, guint dots, gboolean closed)
{
    KerfPath path = {g_array_new(FALSE, FALSE, sizeof(double)), dots, closed};
    g_array_append_vals(path.points, points, 2 * count);
    g_array_append_val(p->paths, path);
    gtk_widget_queue_draw(GTK_WIDGET(p));
}

static void clear_path(gpointer path) { g_array_unref(((KerfPath *)path)->points); }

static void finalize(GObject *object)
{
    g_array_unref(KERF_PATHS(object)->paths);
    G_OBJECT_CLASS(kerf_paths_parent_class)->finalize(object);
}

static void kerf_paths_class_init(KerfPathsClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void kerf_paths_init(KerfPaths *p)
{
    p->paths = g_array_new(FALSE, FALSE, sizeof(KerfPath));
    g_array_set_clear_func(p->paths, clear_path);
    gtk_widget_set_can_target(GTK_WIDGET(p), FALSE);
}

GtkWidget *kerf_paths_new(KerfPicture *picture)
{
    KerfPaths *p = g_object_new(KERF_TYPE_PATHS, NULL);
    p->picture = picture;
    return GTK_WIDGET(p);
}
