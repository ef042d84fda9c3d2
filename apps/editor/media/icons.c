/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media panel as pictures: what is in one bin, or all that is found. */
#include <string.h>

#include "thumb.h"
#include "text.h"
#include "views.h"

static KerfMediaItem *cell_item(GtkWidget *cell) { return g_object_get_data(G_OBJECT(cell), "item"); }
static GtkSelectionModel *icon_selection(KerfMediaViews *v) { return v->icon_selection; }

static void show_item(KerfMediaItem *item, gpointer cell)
{
    GtkWidget *thumb = g_object_get_data(G_OBJECT(cell), "thumb"), *name = g_object_get_data(G_OBJECT(cell), "name");
    GtkWidget *length = g_object_get_data(G_OBJECT(cell), "length");
    const kf_time duration = item->kind == KERF_MEDIA_SEQUENCE ? item->sequence.duration : item->asset.duration;
    g_autofree char *text = duration > 0 && item->kind != KERF_MEDIA_BIN ? kerf_duration_text(duration) : NULL;
    const gboolean picture = item->kind == KERF_MEDIA_ASSET && !item->missing && (item->asset.video || item->asset.still);
    kerf_thumb_set(KERF_THUMB(thumb), picture ? item->file : NULL, item->asset.still ? 0 : item->asset.duration, kerf_media_icon(item));
    gtk_label_set_text(GTK_LABEL(name), item->name);
    gtk_label_set_text(GTK_LABEL(length), text ? text : "");
    gtk_widget_set_tooltip_text(cell, item->problem ? item->problem : item->file);
    gtk_accessible_update_property(GTK_ACCESSIBLE(thumb), GTK_ACCESSIBLE_PROPERTY_LABEL, item->name, -1);
}

static void setup_cell(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
    KerfMediaViews *v = data;
    GtkWidget *cell = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    GtkWidget *thumb = kerf_thumb_new(v->worker, 84), *name = gtk_label_new(NULL), *length = gtk_label_new(NULL);
    gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_xalign(GTK_LABEL(name), 0);
    gtk_label_set_max_width_chars(GTK_LABEL(name), 12);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_widget_add_css_class(length, "dim-label");
    gtk_widget_add_css_class(length, "numeric");
    gtk_box_append(GTK_BOX(line), name);
    gtk_box_append(GTK_BOX(line), length);
    gtk_box_append(GTK_BOX(cell), thumb);
    gtk_box_append(GTK_BOX(cell), line);
    g_object_set_data(G_OBJECT(cell), "thumb", thumb);
    g_object_set_data(G_OBJECT(cell), "name", name);
    g_object_set_data(G_OBJECT(cell), "length", length);
    kerf_media_row_drags(v, cell, cell_item, icon_selection);
    gtk_list_item_set_child(list_item, cell);
}

static void bind_cell(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
    KerfMediaItem *item = gtk_list_item_get_item(list_item);
    GtkWidget *cell = gtk_list_item_get_child(list_item);
    g_object_set_data_full(G_OBJECT(cell), "item", g_object_ref(item), g_object_unref);
    g_signal_connect_object(item, "updated", G_CALLBACK(show_item), cell, 0);
    show_item(item, cell);
}

static void unbind_cell(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
    GtkWidget *cell = gtk_list_item_get_child(list_item);
    KerfMediaItem *item = cell_item(cell);
    if (item) g_signal_handlers_disconnect_by_func(item, show_item, cell);
    g_object_set_data(G_OBJECT(cell), "item", NULL);
}

/* ---- The model ---- */

static gboolean in_bin(gpointer item, gpointer data)
{
    KerfMediaViews *v = data;
    KerfMediaItem *i = item;
    if (*v->search) return i->kind != KERF_MEDIA_BIN && kerf_media_matches(v, i);
    if (i->kind != KERF_MEDIA_BIN) return strcmp(i->bin ? i->bin : "", v->bin) == 0;
    const gsize length = strlen(v->bin);
    const char *rest = i->bin + length + (length ? 1 : 0);
    return strncmp(i->bin, v->bin, length) == 0 && strlen(i->bin) > length && !strchr(rest, '/');
}

void kerf_media_icons_refilter(KerfMediaViews *v) { gtk_filter_changed(v->icon_filter, GTK_FILTER_CHANGE_DIFFERENT); }

static void selection_changed(GtkSelectionModel *selection, guint position, guint count, gpointer data)
{
    kerf_media_selection_changed(data, selection);
}

static void activated(GtkGridView *grid, guint position, gpointer data)
{
    KerfMediaViews *v = data;
    g_autoptr(KerfMediaItem) item = g_list_model_get_item(G_LIST_MODEL(v->icon_selection), position);
    v->activate(v, item);
}

GtkWidget *kerf_media_icons_new(KerfMediaViews *v)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    v->icon_filter = GTK_FILTER(gtk_custom_filter_new(in_bin, v, NULL));
    GtkFilterListModel *shown = gtk_filter_list_model_new(g_object_ref(kerf_media_tree_everything(v->tree)), g_object_ref(v->icon_filter));
    v->icon_selection = GTK_SELECTION_MODEL(gtk_multi_selection_new(G_LIST_MODEL(shown)));
    g_signal_connect(factory, "setup", G_CALLBACK(setup_cell), v);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), v);
    g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cell), v);
    g_signal_connect(v->icon_selection, "selection-changed", G_CALLBACK(selection_changed), v);
    v->icons = gtk_grid_view_new(GTK_SELECTION_MODEL(g_object_ref(v->icon_selection)), factory);
    gtk_grid_view_set_min_columns(GTK_GRID_VIEW(v->icons), 1);
    gtk_grid_view_set_max_columns(GTK_GRID_VIEW(v->icons), 12);
    gtk_grid_view_set_enable_rubberband(GTK_GRID_VIEW(v->icons), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(v->icons), GTK_ACCESSIBLE_PROPERTY_LABEL, "Media as pictures", -1);
    g_signal_connect(v->icons, "activate", G_CALLBACK(activated), v);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), v->icons);
    return scroller;
}
