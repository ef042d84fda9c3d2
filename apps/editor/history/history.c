/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The history panel: every state, the newest first; a click or Enter goes there. */
#include "panel.h"

typedef struct History {
    KerfWindow *window;
    GtkWidget *list;
} History;

static bool add_step(void *context, const kf_project_step *step)
{
    History *h = context;
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(step->time / 1000000);
    const char *name = *step->label ? step->label : "Beginning";
    g_autofree char *when = time ? g_date_time_format(time, "%H:%M:%S") : NULL;
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *label = gtk_label_new(name), *clock = gtk_label_new(when);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_widget_add_css_class(clock, "dim-label");
    gtk_widget_add_css_class(clock, "numeric");
    if (step->undone) gtk_widget_add_css_class(label, "dim-label");
    if (step->present) gtk_widget_add_css_class(label, "heading");
    gtk_box_append(GTK_BOX(box), label);
    if (step->saved) gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("media-floppy-symbolic"));
    gtk_box_append(GTK_BOX(box), clock);
    g_object_set_data_full(G_OBJECT(box), "number", g_memdup2(&step->number, sizeof step->number), g_free);
    gtk_list_box_append(GTK_LIST_BOX(h->list), box);
    GtkWidget *row = gtk_widget_get_parent(box);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    if (step->present) gtk_list_box_select_row(GTK_LIST_BOX(h->list), GTK_LIST_BOX_ROW(row));
    return gtk_list_box_row_get_index(GTK_LIST_BOX_ROW(row)) < 500;
}

/* Who walks through the list goes on from the present state. */
static void fill(History *h)
{
    const gboolean focused = gtk_widget_get_focus_child(h->list) != NULL;
    for (GtkWidget *row; (row = gtk_widget_get_first_child(h->list));) {
        gtk_list_box_remove(GTK_LIST_BOX(h->list), row);
    }
    KerfDocument *document = kerf_window_document(h->window);
    if (document) kf_project_history(kerf_document_project(document), add_step, h, NULL);
    GtkListBoxRow *present = gtk_list_box_get_selected_row(GTK_LIST_BOX(h->list));
    if (focused && present) gtk_widget_grab_focus(GTK_WIDGET(present));
}

static void state_changed(KerfDocument *document, gpointer list)
{
    History *h = g_object_get_data(G_OBJECT(list), "history");
    if (gtk_widget_get_mapped(list) && !kerf_document_in_gesture(document)) fill(h);
}

static void mapped(GtkWidget *list, gpointer data) { fill(data); }

static void activated(GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
    History *h = data;
    const uint64_t *number = g_object_get_data(G_OBJECT(gtk_list_box_row_get_child(row)), "number");
    kerf_document_go(kerf_window_document(h->window), *number);
}

static GtkWidget *create(KerfWindow *window)
{
    History *h = g_new0(History, 1);
    GtkWidget *scroller = gtk_scrolled_window_new();
    h->window = window;
    h->list = gtk_list_box_new();
    gtk_widget_add_css_class(h->list, "navigation-sidebar");
    gtk_accessible_update_property(GTK_ACCESSIBLE(h->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "History", -1);
    g_object_set_data_full(G_OBJECT(h->list), "history", h, g_free);
    g_signal_connect(h->list, "map", G_CALLBACK(mapped), h);
    g_signal_connect(h->list, "row-activated", G_CALLBACK(activated), h);
    g_signal_connect_object(kerf_window_document(window), "state-changed", G_CALLBACK(state_changed), h->list, 0);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), h->list);
    kerf_panel_set_focus(scroller, h->list);
    return scroller;
}

const KerfPanel kerf_history_panel = {
    .id = "history", .title = "History", .icon = "document-open-recent-symbolic", .area = KERF_AREA_LEFT, .create = create,
};
