/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "welcome.h"

#include "app.h"
#include "templates.h"

typedef struct Template {
    const char *preset, *title, *subtitle, *icon;
} Template;

static const Template templates[] = {
    {NULL, "Empty project", "Size and rate come with the first clip", "document-new-symbolic"},
    {"1080p25", "HD, 25 fps", "1920 x 1080", "video-display-symbolic"},
    {"2160p24", "4K, 24 fps", "3840 x 2160", "video-display-symbolic"},
    {"vertical-30", "Vertical, 30 fps", "1080 x 1920, for phones", "phone-symbolic"},
};

static void open_path(GtkButton *row, gpointer data)
{
    kerf_app_open(kerf_window_app(data), data, g_object_get_data(G_OBJECT(row), "path"));
}

static void create(GtkButton *row, gpointer data)
{
    kerf_app_create(kerf_window_app(data), data, g_object_get_data(G_OBJECT(row), "preset"));
}

static void open_other(GtkButton *button, gpointer data) { kerf_window_run(data, "project-open"); }

static GtkWidget *row_new(const char *icon, const char *title, const char *subtitle)
{
    GtkWidget *row = gtk_button_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *first = gtk_label_new(title), *second = gtk_label_new(subtitle);
    gtk_label_set_xalign(GTK_LABEL(first), 0);
    gtk_label_set_xalign(GTK_LABEL(second), 0);
    gtk_label_set_ellipsize(GTK_LABEL(second), PANGO_ELLIPSIZE_START);
    gtk_widget_add_css_class(second, "dim-label");
    gtk_widget_add_css_class(second, "caption");
    gtk_box_append(GTK_BOX(texts), first);
    gtk_box_append(GTK_BOX(texts), second);
    gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name(icon));
    gtk_box_append(GTK_BOX(box), texts);
    gtk_button_set_child(GTK_BUTTON(row), box);
    gtk_widget_add_css_class(row, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    return row;
}

static GtkWidget *column_new(const char *title)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *heading = gtk_label_new(title);
    gtk_label_set_xalign(GTK_LABEL(heading), 0);
    gtk_widget_add_css_class(heading, "heading");
    gtk_widget_set_size_request(column, 380, -1);
    gtk_box_append(GTK_BOX(column), heading);
    return column;
}

static void add_templates(GtkWidget *column, KerfWindow *window)
{
    for (size_t i = 0; i < G_N_ELEMENTS(templates); i++) {
        const Template *t = &templates[i];
        GtkWidget *row = row_new(t->icon, t->title, t->subtitle);
        g_object_set_data(G_OBJECT(row), "preset", (gpointer)t->preset);
        g_signal_connect(row, "clicked", G_CALLBACK(create), window);
        gtk_box_append(GTK_BOX(column), row);
    }
}

static void add_file(GtkWidget *column, KerfWindow *window, const char *icon, const char *title, const char *path)
{
    GtkWidget *row = row_new(icon, title, path);
    g_object_set_data_full(G_OBJECT(row), "path", g_strdup(path), g_free);
    g_signal_connect(row, "clicked", G_CALLBACK(open_path), window);
    gtk_box_append(GTK_BOX(column), row);
}

/* The user's own. */
static void add_kept(GtkWidget *column, KerfWindow *window)
{
    g_auto(GStrv) paths = kerf_templates();
    for (int i = 0; paths[i] && i < 6; i++) {
        g_autofree char *name = kerf_template_name(paths[i]);
        GtkWidget *row = row_new("starred-symbolic", name, "A template of yours");
        g_object_set_data_full(G_OBJECT(row), "path", g_strdup(paths[i]), g_free);
        g_signal_connect(row, "clicked", G_CALLBACK(open_path), window);
        gtk_box_append(GTK_BOX(column), row);
    }
}

static void fill_recent(GtkWidget *column, gpointer data)
{
    KerfWindow *window = data;
    for (GtkWidget *row; (row = gtk_widget_get_next_sibling(gtk_widget_get_first_child(column)));) {
        gtk_box_remove(GTK_BOX(column), row);
    }
    g_auto(GStrv) recent = kerf_app_recent(kerf_window_app(window));
    for (int i = 0; recent[i] && i < 8; i++) {
        g_autofree char *name = g_path_get_basename(recent[i]);
        add_file(column, window, "folder-videos-symbolic", name, recent[i]);
    }
    GtkWidget *other = row_new("document-open-symbolic", "Open...", "A project, or a film of another editor");
    g_signal_connect(other, "clicked", G_CALLBACK(open_other), window);
    gtk_box_append(GTK_BOX(column), other);
}

static char *demo_path(void)
{
    const char *const places[] = {KERF_DATA_DIR "/examples/trailer.json", KF_SOURCE_ROOT "/examples/trailer.json"};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        if (g_file_test(places[i], G_FILE_TEST_EXISTS)) return g_strdup(places[i]);
    }
    return NULL;
}

GtkWidget *kerf_welcome_new(KerfWindow *window)
{
    GtkWidget *page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 24);
    GtkWidget *columns = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 48);
    GtkWidget *begin = column_new("New project"), *recent = column_new("Open");
    GtkWidget *title = gtk_label_new("Kerf");
    gtk_widget_add_css_class(title, "title-1");
    add_templates(begin, window);
    add_kept(begin, window);
    g_autofree char *demo = demo_path();
    if (demo) add_file(begin, window, "applications-multimedia-symbolic", "Demo film", demo);
    g_signal_connect(recent, "map", G_CALLBACK(fill_recent), window);
    gtk_box_append(GTK_BOX(columns), begin);
    gtk_box_append(GTK_BOX(columns), recent);
    gtk_widget_set_halign(columns, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(page), title);
    gtk_box_append(GTK_BOX(page), columns);
    gtk_widget_set_valign(page, GTK_ALIGN_CENTER);
    GtkWidget *scroller = gtk_scrolled_window_new();
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), page);
    return scroller;
}
