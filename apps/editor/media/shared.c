/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "drag.h"
#include "text.h"
#include "views.h"

gboolean kerf_media_matches(KerfMediaViews *v, KerfMediaItem *item)
{
    g_autofree char *all = g_strjoin(" ", item->name, item->bin ? item->bin : "", item->codec ? item->codec : "",
                                     item->label ? item->label : "", item->file ? item->file : "", NULL);
    g_autofree char *folded = g_utf8_casefold(all, -1);
    return strstr(folded, v->search) != NULL;
}

const char *kerf_media_icon(const KerfMediaItem *item)
{
    if (item->kind == KERF_MEDIA_BIN) return "folder-symbolic";
    if (item->kind == KERF_MEDIA_SEQUENCE) return "view-list-symbolic";
    if (item->missing || item->asset.offline) return "dialog-warning-symbolic";
    if (item->asset.still) return "image-x-generic-symbolic";
    return item->asset.audio && !item->asset.video ? "audio-x-generic-symbolic" : "video-x-generic-symbolic";
}

/* Rows of the list are GtkTreeListRows, icons are items. */
static KerfMediaItem *item_at(GtkSelectionModel *selection, guint position)
{
    g_autoptr(GObject) object = g_list_model_get_item(G_LIST_MODEL(selection), position);
    if (GTK_IS_TREE_LIST_ROW(object)) return gtk_tree_list_row_get_item(GTK_TREE_LIST_ROW(object));
    return object ? KERF_MEDIA_ITEM(g_object_ref(object)) : NULL;
}

GPtrArray *kerf_media_selected(GtkSelectionModel *selection)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_object_unref);
    g_autoptr(GtkBitset) set = gtk_selection_model_get_selection(selection);
    GtkBitsetIter iter;
    guint position;
    if (!gtk_bitset_iter_init_first(&iter, set, &position)) return out;
    do {
        KerfMediaItem *item = item_at(selection, position);
        if (item) g_ptr_array_add(out, item);
    } while (gtk_bitset_iter_next(&iter, &position));
    return out;
}

void kerf_media_selection_changed(KerfMediaViews *v, GtkSelectionModel *selection)
{
    g_autoptr(GPtrArray) items = kerf_media_selected(selection);
    g_autofree uint64_t *uids = g_new(uint64_t, items->len + 1);
    size_t count = 0;
    for (guint i = 0; i < items->len; i++) {
        const KerfMediaItem *item = items->pdata[i];
        if (item->kind != KERF_MEDIA_BIN) uids[count++] = item->uid;
    }
    KerfDocument *document = kerf_window_document(v->window);
    if (document) kerf_document_select_media(document, uids, count);
}

/* ---- Dragging out ---- */

typedef struct RowDrag {
    KerfMediaViews *views;
    KerfItemOf *item_of;
    GtkSelectionModel *(*selection)(KerfMediaViews *);
} RowDrag;

static gboolean holds(GPtrArray *items, gpointer item) { return g_ptr_array_find(items, item, NULL); }

static GdkContentProvider *prepare(GtkDragSource *source, double x, double y, gpointer data)
{
    const RowDrag *d = data;
    KerfMediaItem *item = d->item_of(gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(source)));
    if (!item || item->kind == KERF_MEDIA_BIN) return NULL;
    g_autoptr(GPtrArray) items = kerf_media_selected(d->selection(d->views));
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    if (!holds(items, item)) {
        g_ptr_array_set_size(items, 0);
        g_ptr_array_add(items, g_object_ref(item));
    }
    for (guint i = 0; i < items->len; i++) {
        const KerfMediaItem *one = items->pdata[i];
        if (one->kind == item->kind) g_ptr_array_add(names, one->id);
    }
    g_ptr_array_add(names, NULL);
    KerfDrag *drag = kerf_drag_new(item->kind == KERF_MEDIA_ASSET ? KERF_DRAG_ASSETS : KERF_DRAG_SEQUENCES,
                                   (const char *const *)names->pdata);
    GdkContentProvider *provider = gdk_content_provider_new_typed(KERF_TYPE_DRAG, drag);
    kerf_drag_free(drag);
    return provider;
}

/* ---- Dropping on bins ---- */

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
    const RowDrag *d = data;
    KerfMediaItem *bin = d->item_of(gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(target)));
    const KerfDrag *drag = g_value_get_boxed(value);
    if (!bin || bin->kind != KERF_MEDIA_BIN || !drag) return FALSE;
    g_autoptr(GString) script = g_string_new(NULL);
    g_autofree char *path = kerf_json_quote(bin->bin);
    const char *thing = drag->kind == KERF_DRAG_SEQUENCES ? "sequence" : "asset";
    for (char **name = drag->names; *name; name++) {
        g_autofree char *id = kerf_json_quote(*name);
        g_string_append_printf(script, "{\"op\": \"set_%s\", \"%s\": %s, \"set\": {\"bin\": %s}}\n", thing, thing, id, path);
    }
    return kerf_document_edit(kerf_window_document(d->views->window), "Move to a bin",
                              g_string_free(g_steal_pointer(&script), FALSE));
}

void kerf_media_row_drags(KerfMediaViews *views, GtkWidget *row, KerfItemOf *item_of, GtkSelectionModel *(*selection)(KerfMediaViews *))
{
    RowDrag *d = g_new0(RowDrag, 1);
    GtkDragSource *source = gtk_drag_source_new();
    GtkDropTarget *target = gtk_drop_target_new(KERF_TYPE_DRAG, GDK_ACTION_COPY);
    d->views = views;
    d->item_of = item_of;
    d->selection = selection;
    gtk_drag_source_set_actions(source, GDK_ACTION_COPY);
    g_signal_connect_data(source, "prepare", G_CALLBACK(prepare), d, (GClosureNotify)(void (*)(void))g_free, 0);
    g_signal_connect(target, "drop", G_CALLBACK(dropped), d);
    gtk_widget_add_controller(row, GTK_EVENT_CONTROLLER(target));
    gtk_widget_add_controller(row, GTK_EVENT_CONTROLLER(source));
}
