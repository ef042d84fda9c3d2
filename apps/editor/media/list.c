/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media panel as a tree with columns. */
#include <math.h>

#include "text.h"
#include "views.h"

/* ---- Columns ---- */

typedef struct Column {
    const char *title;
    char *(*text)(const KerfMediaItem *item); /* new; NULL: nothing */
    double (*number)(const KerfMediaItem *item); /* to sort by; NULL: by the text */
    int width;
} Column;

static char *name_text(const KerfMediaItem *i) { return g_strdup(i->name); }

static char *duration_text(const KerfMediaItem *i)
{
    const kf_time t = i->kind == KERF_MEDIA_SEQUENCE ? i->sequence.duration : i->asset.duration;
    return i->kind == KERF_MEDIA_BIN || t <= 0 ? NULL : kerf_duration_text(t);
}

static double duration_number(const KerfMediaItem *i)
{
    return (double)(i->kind == KERF_MEDIA_SEQUENCE ? i->sequence.duration : i->asset.duration);
}

static char *size_text(const KerfMediaItem *i)
{
    const int w = i->kind == KERF_MEDIA_SEQUENCE ? i->sequence.width : i->asset.width;
    const int h = i->kind == KERF_MEDIA_SEQUENCE ? i->sequence.height : i->asset.height;
    return w > 0 ? g_strdup_printf("%d x %d", w, h) : NULL;
}

static double size_number(const KerfMediaItem *i)
{
    return i->kind == KERF_MEDIA_SEQUENCE ? i->sequence.width : i->asset.width;
}

static kf_rational rate_of(const KerfMediaItem *i)
{
    return i->kind == KERF_MEDIA_SEQUENCE ? i->sequence.rate : i->asset.rate;
}

static double rate_number(const KerfMediaItem *i) { return rate_of(i).den ? (double)rate_of(i).num / rate_of(i).den : 0; }

static char *rate_text(const KerfMediaItem *i)
{
    const double rate = rate_number(i);
    if (i->kind == KERF_MEDIA_BIN || rate <= 0) return NULL;
    return g_strdup_printf(fabs(rate - round(rate)) < 1e-6 ? "%.0f" : "%.3f", rate);
}

static char *type_text(const KerfMediaItem *i)
{
    if (i->kind == KERF_MEDIA_BIN) return NULL;
    if (i->kind == KERF_MEDIA_SEQUENCE) return g_strdup("Sequence");
    if (i->missing) return g_strdup("Offline");
    return g_strdup(i->codec);
}

static double uses_number(const KerfMediaItem *i) { return i->uses; }
static char *uses_text(const KerfMediaItem *i) { return i->uses > 0 ? g_strdup_printf("%d", i->uses) : NULL; }

static char *proxy_text(const KerfMediaItem *i)
{
    return i->kind == KERF_MEDIA_ASSET && g_strcmp0(i->proxy_state, "none") != 0 ? g_strdup(i->proxy_state) : NULL;
}

static char *label_text(const KerfMediaItem *i) { return g_strdup(i->label); }
static double bytes_number(const KerfMediaItem *i) { return (double)i->asset.bytes; }
static char *bytes_text(const KerfMediaItem *i) { return i->asset.bytes > 0 ? g_format_size((guint64)i->asset.bytes) : NULL; }
static char *file_text(const KerfMediaItem *i) { return g_strdup(i->file); }

static const Column columns[] = {
    {"Name", name_text, NULL, 190},           {"Duration", duration_text, duration_number, 64},
    {"Size", size_text, size_number, 84},     {"Rate", rate_text, rate_number, 52},
    {"Type", type_text, NULL, 84},            {"Used", uses_text, uses_number, 44},
    {"Proxy", proxy_text, NULL, 60},          {"Label", label_text, NULL, 60},
    {"File size", bytes_text, bytes_number, 70}, {"File", file_text, NULL, 260},
};

/* ---- Cells ---- */

static KerfMediaItem *cell_item(GtkWidget *cell) { return g_object_get_data(G_OBJECT(cell), "item"); }
static GtkSelectionModel *list_selection(KerfMediaViews *v) { return v->list_selection; }

static void show_text(KerfMediaItem *item, gpointer label)
{
    const Column *column = g_object_get_data(G_OBJECT(label), "column");
    g_autofree char *text = column->text(item);
    gtk_label_set_text(GTK_LABEL(label), text ? text : "");
    gtk_widget_set_tooltip_text(label, item->problem);
    if (item->missing || item->asset.offline) {
        gtk_widget_add_css_class(label, "error");
    } else {
        gtk_widget_remove_css_class(label, "error");
    }
    GtkWidget *icon = g_object_get_data(G_OBJECT(label), "icon");
    if (icon) gtk_image_set_from_icon_name(GTK_IMAGE(icon), kerf_media_icon(item));
}

static GtkWidget *text_new(const Column *column)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), column->number ? 1 : 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), column->text == file_text ? PANGO_ELLIPSIZE_START : PANGO_ELLIPSIZE_END);
    if (column->number) gtk_widget_add_css_class(label, "numeric");
    g_object_set_data(G_OBJECT(label), "column", (gpointer)column);
    return label;
}

static void setup_cell(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
    KerfMediaViews *v = data;
    const Column *column = g_object_get_data(G_OBJECT(factory), "column");
    GtkWidget *label = text_new(column), *child = label;
    if (column->text == name_text) {
        GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *icon = gtk_image_new();
        child = gtk_tree_expander_new();
        gtk_widget_set_hexpand(label, TRUE);
        gtk_box_append(GTK_BOX(box), icon);
        gtk_box_append(GTK_BOX(box), label);
        g_object_set_data(G_OBJECT(label), "icon", icon);
        gtk_tree_expander_set_child(GTK_TREE_EXPANDER(child), box);
        kerf_media_row_drags(v, child, cell_item, list_selection);
    }
    g_object_set_data(G_OBJECT(child), "label", label);
    gtk_list_item_set_child(cell, child);
}

static void bind_cell(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
    GtkTreeListRow *row = gtk_list_item_get_item(cell);
    g_autoptr(KerfMediaItem) item = gtk_tree_list_row_get_item(row);
    GtkWidget *child = gtk_list_item_get_child(cell), *label = g_object_get_data(G_OBJECT(child), "label");
    if (GTK_IS_TREE_EXPANDER(child)) gtk_tree_expander_set_list_row(GTK_TREE_EXPANDER(child), row);
    g_object_set_data_full(G_OBJECT(child), "item", g_object_ref(item), g_object_unref);
    g_signal_connect_object(item, "updated", G_CALLBACK(show_text), label, 0);
    show_text(item, label);
}

static void unbind_cell(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
    GtkWidget *child = gtk_list_item_get_child(cell), *label = g_object_get_data(G_OBJECT(child), "label");
    KerfMediaItem *item = cell_item(child);
    if (item) g_signal_handlers_disconnect_by_func(item, show_text, label);
    g_object_set_data(G_OBJECT(child), "item", NULL);
}

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const Column *column = data;
    const KerfMediaItem *x = a, *y = b;
    if (column->number) {
        const double p = column->number(x), q = column->number(y);
        return p < q ? -1 : p > q;
    }
    g_autofree char *p = column->text(x), *q = column->text(y);
    return g_utf8_collate(p ? p : "", q ? q : "");
}

static void add_column(KerfMediaViews *v, const Column *column)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    GtkColumnViewColumn *view = gtk_column_view_column_new(column->title, factory);
    g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, (gpointer)column, NULL));
    g_object_set_data(G_OBJECT(factory), "column", (gpointer)column);
    g_signal_connect(factory, "setup", G_CALLBACK(setup_cell), v);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), v);
    g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cell), v);
    gtk_column_view_column_set_resizable(view, TRUE);
    gtk_column_view_column_set_fixed_width(view, column->width);
    gtk_column_view_column_set_sorter(view, sorter);
    gtk_column_view_append_column(GTK_COLUMN_VIEW(v->list), view);
    g_object_unref(view);
}

/* ---- The models ---- */

static GListModel *children_of(gpointer item, gpointer data)
{
    KerfMediaItem *i = item;
    return i->children ? G_LIST_MODEL(g_object_ref(i->children)) : NULL;
}

static gboolean is_found(gpointer item, gpointer data) { return kerf_media_matches(data, item); }

static void selection_changed(GtkSelectionModel *selection, guint position, guint count, gpointer data)
{
    kerf_media_selection_changed(data, selection);
}

static void use_model(KerfMediaViews *v, GListModel *rows)
{
    GtkSorter *by = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(v->list));
    GtkTreeListRowSorter *rows_by = gtk_tree_list_row_sorter_new(g_object_ref(by));
    GtkSortListModel *sorted = gtk_sort_list_model_new(g_object_ref(rows), GTK_SORTER(rows_by));
    g_clear_object(&v->list_selection);
    v->list_selection = GTK_SELECTION_MODEL(gtk_multi_selection_new(G_LIST_MODEL(sorted)));
    g_signal_connect(v->list_selection, "selection-changed", G_CALLBACK(selection_changed), v);
    gtk_column_view_set_model(GTK_COLUMN_VIEW(v->list), v->list_selection);
}

void kerf_media_list_refilter(KerfMediaViews *v)
{
    gtk_filter_changed(v->list_filter, GTK_FILTER_CHANGE_DIFFERENT);
    GListModel *wanted = *v->search ? v->list_found : v->list_tree;
    if (g_object_get_data(G_OBJECT(v->list), "model") == wanted) return;
    g_object_set_data(G_OBJECT(v->list), "model", wanted);
    use_model(v, wanted);
}

static void activated(GtkColumnView *list, guint position, gpointer data)
{
    KerfMediaViews *v = data;
    g_autoptr(GtkTreeListRow) row = g_list_model_get_item(G_LIST_MODEL(v->list_selection), position);
    g_autoptr(KerfMediaItem) item = gtk_tree_list_row_get_item(row);
    if (item->kind == KERF_MEDIA_BIN) {
        gtk_tree_list_row_set_expanded(row, !gtk_tree_list_row_get_expanded(row));
    } else {
        v->activate(v, item);
    }
}

GtkWidget *kerf_media_list_new(KerfMediaViews *v)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    v->list = gtk_column_view_new(NULL);
    v->list_filter = GTK_FILTER(gtk_custom_filter_new(is_found, v, NULL));
    GtkFilterListModel *found = gtk_filter_list_model_new(g_object_ref(kerf_media_tree_all(v->tree)), g_object_ref(v->list_filter));
    v->list_tree = G_LIST_MODEL(gtk_tree_list_model_new(g_object_ref(kerf_media_tree_top(v->tree)), FALSE, FALSE, children_of, NULL, NULL));
    v->list_found = G_LIST_MODEL(gtk_tree_list_model_new(G_LIST_MODEL(found), FALSE, FALSE, children_of, NULL, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        add_column(v, &columns[i]);
    }
    kerf_media_list_refilter(v);
    gtk_widget_add_css_class(v->list, "data-table");
    gtk_accessible_update_property(GTK_ACCESSIBLE(v->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Media", -1);
    g_signal_connect(v->list, "activate", G_CALLBACK(activated), v);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), v->list);
    return scroller;
}
