/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list.h"

/* ---- One ---- */

struct _KerfMarker {
    GObject parent;
    kf_marker_info info;
    char *name, *note, *kind;
    char timecode[40];
};

G_DEFINE_FINAL_TYPE(KerfMarker, kerf_marker, G_TYPE_OBJECT)

static void marker_finalize(GObject *object)
{
    KerfMarker *m = KERF_MARKER(object);
    g_free(m->name);
    g_free(m->note);
    g_free(m->kind);
    G_OBJECT_CLASS(kerf_marker_parent_class)->finalize(object);
}

static void kerf_marker_class_init(KerfMarkerClass *class) { G_OBJECT_CLASS(class)->finalize = marker_finalize; }
static void kerf_marker_init(KerfMarker *m) {}

const kf_marker_info *kerf_marker_info(KerfMarker *m) { return &m->info; }
const char *kerf_marker_timecode(KerfMarker *m) { return m->timecode; }

static KerfMarker *marker_new(const kf_marker_info *info)
{
    KerfMarker *m = g_object_new(KERF_TYPE_MARKER, NULL);
    m->info = *info;
    m->info.name = m->name = g_strdup(info->name);
    m->info.note = m->note = g_strdup(info->note);
    m->info.kind = m->kind = g_strdup(info->kind);
    return m;
}

/* ---- All ---- */

struct _KerfMarkerList {
    GObject parent;
    KerfDocument *document;
    kf_marker_owner owner;
    guint count;
};

static GType item_type(GListModel *model) { return KERF_TYPE_MARKER; }
static guint item_count(GListModel *model) { return KERF_MARKER_LIST(model)->count; }

static gpointer item_at(GListModel *model, guint index)
{
    KerfMarkerList *l = KERF_MARKER_LIST(model);
    kf_marker_info info;
    if (index >= l->count || !kerf_markers_at(l->document, l->owner, (int32_t)index, &info)) return NULL;
    KerfMarker *m = marker_new(&info);
    kf_sequence_timecode(kerf_markers_clock(l->document, l->owner), kerf_markers_shown(l->document, l->owner, info.time),
                         m->timecode, sizeof m->timecode);
    return m;
}

static void model_init(GListModelInterface *model)
{
    model->get_item_type = item_type;
    model->get_n_items = item_count;
    model->get_item = item_at;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(KerfMarkerList, kerf_marker_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

static void list_finalize(GObject *object)
{
    g_object_unref(KERF_MARKER_LIST(object)->document);
    G_OBJECT_CLASS(kerf_marker_list_parent_class)->finalize(object);
}

static void kerf_marker_list_class_init(KerfMarkerListClass *class) { G_OBJECT_CLASS(class)->finalize = list_finalize; }
static void kerf_marker_list_init(KerfMarkerList *l) {}

void kerf_marker_list_refresh(KerfMarkerList *l)
{
    const guint before = l->count;
    l->count = (guint)kerf_markers_count(l->document, l->owner);
    g_list_model_items_changed(G_LIST_MODEL(l), 0, before, l->count);
}

void kerf_marker_list_set_owner(KerfMarkerList *l, kf_marker_owner owner)
{
    l->owner = owner;
    kerf_marker_list_refresh(l);
}

kf_marker_owner kerf_marker_list_owner(KerfMarkerList *l) { return l->owner; }

static kf_time time_at(KerfMarkerList *l, guint index)
{
    kf_marker_info info = {.time = INT64_MAX};
    kerf_markers_at(l->document, l->owner, (int32_t)index, &info);
    return info.time;
}

static gboolean is_at(KerfMarkerList *l, guint index, uint64_t id)
{
    kf_marker_info info;
    return index < l->count && kerf_markers_at(l->document, l->owner, (int32_t)index, &info) && info.id == id;
}

guint kerf_marker_list_find(KerfMarkerList *l, uint64_t id, kf_time time)
{
    guint low = 0, high = l->count;
    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (time_at(l, middle) < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (guint i = low; i < l->count && time_at(l, i) == time; i++) {
        if (is_at(l, i, id)) return i;
    }
    return GTK_INVALID_LIST_POSITION;
}

KerfMarkerList *kerf_marker_list_new(KerfDocument *document)
{
    KerfMarkerList *l = g_object_new(KERF_TYPE_MARKER_LIST, NULL);
    l->document = g_object_ref(document);
    l->count = (guint)kerf_markers_count(document, l->owner);
    return l;
}
