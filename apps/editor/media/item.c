/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "item.h"

#include <string.h>

#define WATCHED_AT_ONCE 64

G_DEFINE_FINAL_TYPE(KerfMediaItem, kerf_media_item, G_TYPE_OBJECT)

static guint updated_signal;

static void finalize(GObject *object)
{
    KerfMediaItem *i = KERF_MEDIA_ITEM(object);
    char *texts[] = {i->id, i->name, i->bin, i->file, i->label, i->proxy_state, i->problem, i->codec};
    for (size_t t = 0; t < G_N_ELEMENTS(texts); t++) {
        g_free(texts[t]);
    }
    g_clear_object(&i->children);
    G_OBJECT_CLASS(kerf_media_item_parent_class)->finalize(object);
}

static void kerf_media_item_class_init(KerfMediaItemClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    updated_signal = g_signal_new("updated", KERF_TYPE_MEDIA_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void kerf_media_item_init(KerfMediaItem *item) {}

void kerf_media_item_updated(KerfMediaItem *item) { g_signal_emit(item, updated_signal, 0); }

static void set_text(char **place, const char *text)
{
    char *copy = g_strdup(text);
    g_free(*place);
    *place = copy;
}

/* ---- The tree ---- */

struct KerfMediaTree {
    KerfDocument *document;
    KerfWorker *worker;
    GListStore *top, *all, *everything;
    GHashTable *items;        /* key -> KerfMediaItem */
    GHashTable *bins;         /* path -> KerfMediaItem */
    GHashTable *files;        /* path -> KerfMediaItem of an asset; borrowed from items */
    guint watching, watched;  /* source; the item that is looked at next */
};

GListModel *kerf_media_tree_top(KerfMediaTree *t) { return G_LIST_MODEL(t->top); }
GListModel *kerf_media_tree_all(KerfMediaTree *t) { return G_LIST_MODEL(t->all); }
GListModel *kerf_media_tree_everything(KerfMediaTree *t) { return G_LIST_MODEL(t->everything); }

static KerfMediaItem *item_new(KerfMediaKind kind, uint64_t uid)
{
    KerfMediaItem *item = g_object_new(KERF_TYPE_MEDIA_ITEM, NULL);
    item->kind = kind;
    item->uid = uid;
    if (kind == KERF_MEDIA_BIN) item->children = g_list_store_new(KERF_TYPE_MEDIA_ITEM);
    return item;
}

/* What the worker knows of the file; asks for it where it does not. */
static void look_at_file(KerfMediaTree *t, KerfMediaItem *item)
{
    kf_worker *worker = kerf_worker_get(t->worker);
    kf_media_summary summary;
    if (!worker || !item->file) return;
    const kf_work_state state = kf_worker_probe(worker, item->file, KF_WORK_SOON, &summary);
    item->missing = state == KF_WORK_FAILED;
    set_text(&item->problem, item->missing ? summary.error : NULL);
    if (state != KF_WORK_READY) return;
    g_free(item->codec);
    item->codec = g_strjoin(", ", summary.video_codec[0] ? summary.video_codec : summary.audio_codec,
                            summary.video_codec[0] && summary.audio_codec[0] ? summary.audio_codec : NULL, NULL);
    if (!item->asset.known) {
        item->asset.width = summary.width;
        item->asset.height = summary.height;
        item->asset.rate = summary.rate;
        item->asset.duration = summary.duration == KF_TIME_NONE ? 0 : summary.duration;
        item->asset.video = summary.video_streams > 0;
        item->asset.audio = summary.audio_streams > 0;
        item->asset.still = summary.still;
        item->asset.bytes = summary.bytes;
    }
}

static void read_asset(KerfMediaTree *t, KerfMediaItem *item, int32_t index, const kf_asset_info *info)
{
    g_autofree char *file = kf_film_asset_file(kerf_document_film(t->document), index);
    item->asset = *info;
    item->version = info->version;
    set_text(&item->id, info->id);
    set_text(&item->name, info->name);
    set_text(&item->bin, info->bin);
    set_text(&item->label, info->label);
    set_text(&item->proxy_state, info->proxy_state);
    set_text(&item->file, file);
    if (item->file) g_hash_table_insert(t->files, item->file, item);
    look_at_file(t, item);
}

static void read_sequence(KerfMediaItem *item, const kf_sequence_info *info)
{
    item->sequence = *info;
    item->version = info->version;
    set_text(&item->id, info->id);
    set_text(&item->name, info->name);
    set_text(&item->bin, info->bin);
    set_text(&item->label, info->label);
}

/* ---- Reading the film ---- */

/* What a reading of the film puts together. */
typedef struct Reading {
    KerfMediaTree *tree;
    GHashTable *items, *bins;
    GPtrArray *all;           /* of KerfMediaItem */
    GHashTable *lists;        /* path of a bin -> GPtrArray of what is in it */
} Reading;

static GPtrArray *list_of(Reading *r, const char *bin);

static void add_bin(Reading *r, const char *path)
{
    if (!*path || g_hash_table_contains(r->bins, path)) return;
    KerfMediaItem *item = g_hash_table_lookup(r->tree->bins, path);
    item = item ? g_object_ref(item) : item_new(KERF_MEDIA_BIN, 0);
    const char *slash = strrchr(path, '/');
    set_text(&item->bin, path);
    set_text(&item->name, slash ? slash + 1 : path);
    g_hash_table_insert(r->bins, g_strdup(path), item);
    g_autofree char *parent = g_strndup(path, slash ? (gsize)(slash - path) : 0);
    g_ptr_array_add(list_of(r, parent), item);
}

static GPtrArray *list_of(Reading *r, const char *bin)
{
    GPtrArray *list = g_hash_table_lookup(r->lists, bin);
    if (list) return list;
    list = g_ptr_array_new();
    g_hash_table_insert(r->lists, g_strdup(bin), list);
    add_bin(r, bin);
    return list;
}

static KerfMediaItem *keep_item(Reading *r, KerfMediaKind kind, uint64_t uid)
{
    const uint64_t key = uid * 2 + (kind == KERF_MEDIA_SEQUENCE);
    KerfMediaItem *item = g_hash_table_lookup(r->tree->items, &key);
    item = item ? g_object_ref(item) : item_new(kind, uid);
    item->key = key;
    g_hash_table_insert(r->items, &item->key, item);
    g_ptr_array_add(r->all, item);
    return item;
}

static void read_sequences(Reading *r, const kf_film_handle *film)
{
    kf_sequence_info info;
    for (int32_t i = 0; kf_film_sequence(film, i, &info); i++) {
        KerfMediaItem *item = keep_item(r, KERF_MEDIA_SEQUENCE, info.uid);
        if (item->version != info.version || !item->id) {
            read_sequence(item, &info);
            kerf_media_item_updated(item);
        }
        g_ptr_array_add(list_of(r, item->bin), item);
    }
}

static void read_assets(Reading *r, const kf_film_handle *film)
{
    kf_film_info project;
    if (!kf_film_get_info(film, &project)) return;
    g_autofree int32_t *uses = g_new0(int32_t, MAX(project.assets, 1));
    kf_film_asset_uses(film, uses, project.assets);
    kf_asset_info info;
    for (int32_t i = 0; kf_film_asset(film, i, &info); i++) {
        KerfMediaItem *item = keep_item(r, KERF_MEDIA_ASSET, info.uid);
        const gboolean other = item->version != info.version || !item->id;
        if (other) read_asset(r->tree, item, i, &info);
        if (other || item->uses != uses[i]) {
            item->uses = uses[i];
            kerf_media_item_updated(item);
        }
        g_ptr_array_add(list_of(r, item->bin), item);
    }
}

/* Replaces only what differs, so that what is selected and where it is scrolled to stay. */
static void store_set(GListStore *store, GPtrArray *list)
{
    const guint before = g_list_model_get_n_items(G_LIST_MODEL(store)), after = list ? list->len : 0;
    guint same = 0, tail = 0;
    for (; same < before && same < after; same++) {
        g_autoptr(GObject) item = g_list_model_get_item(G_LIST_MODEL(store), same);
        if (item != list->pdata[same]) break;
    }
    for (; tail < before - same && tail < after - same; tail++) {
        g_autoptr(GObject) item = g_list_model_get_item(G_LIST_MODEL(store), before - 1 - tail);
        if (item != list->pdata[after - 1 - tail]) break;
    }
    if (same == before && same == after) return;
    g_list_store_splice(store, same, before - same - tail, list ? list->pdata + same : NULL, after - same - tail);
}

static int by_kind(gconstpointer a, gconstpointer b)
{
    const KerfMediaItem *x = *(KerfMediaItem *const *)a, *y = *(KerfMediaItem *const *)b;
    if (x->kind != y->kind) return (int)x->kind - (int)y->kind;
    return x->kind == KERF_MEDIA_BIN ? g_utf8_collate(x->name, y->name) : 0;
}

static void fill_stores(Reading *r)
{
    GHashTableIter iter;
    gpointer path, bin;
    g_hash_table_iter_init(&iter, r->bins);
    while (g_hash_table_iter_next(&iter, &path, &bin)) {
        GPtrArray *list = g_hash_table_lookup(r->lists, path);
        if (list) g_ptr_array_sort(list, by_kind);
        store_set(KERF_MEDIA_ITEM(bin)->children, list);
    }
    GPtrArray *top = list_of(r, "");
    g_ptr_array_sort(top, by_kind);
    store_set(r->tree->top, top);
    store_set(r->tree->all, r->all);
    g_autoptr(GPtrArray) everything = g_ptr_array_copy(r->all, NULL, NULL);
    g_hash_table_iter_init(&iter, r->bins);
    while (g_hash_table_iter_next(&iter, NULL, &bin)) {
        g_ptr_array_add(everything, bin);
    }
    g_ptr_array_sort(everything, by_kind);
    store_set(r->tree->everything, everything);
}

static void read_film(KerfMediaTree *t)
{
    const kf_film_handle *film = kerf_document_film(t->document);
    Reading r = {
        .tree = t,
        .items = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_object_unref),
        .bins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_object_unref),
        .all = g_ptr_array_new(),
        .lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref),
    };
    kf_film_info info;
    g_hash_table_remove_all(t->files);
    for (int32_t i = 0; kf_film_get_info(film, &info) && i < info.bins; i++) {
        list_of(&r, kf_film_bin(film, i));
    }
    read_sequences(&r, film);
    read_assets(&r, film);
    fill_stores(&r);
    g_hash_table_unref(t->items);
    g_hash_table_unref(t->bins);
    t->items = r.items;
    t->bins = r.bins;
    for (guint i = 0; i < r.all->len; i++) {
        KerfMediaItem *item = r.all->pdata[i];
        if (item->file) g_hash_table_insert(t->files, item->file, item);
    }
    g_ptr_array_unref(r.all);
    g_hash_table_unref(r.lists);
}

/* Drags move clips only: what is in the panel stays, but for how often it is used. */
static void document_changed(KerfDocument *document, gpointer changes, guint count, gpointer data)
{
    if (!kerf_document_in_gesture(document)) read_film(data);
}

static void worker_event(KerfWorker *worker, int kind, const char *path, gboolean done, gpointer data)
{
    KerfMediaTree *t = data;
    KerfMediaItem *item = g_hash_table_lookup(t->files, path);
    if (!item || (kind != KF_WORK_PROBE && kind != KF_WORK_CHANGED)) return;
    look_at_file(t, item);
    kerf_media_item_updated(item);
}

/* Some files a second are asked about: the worker looks whether they are still there, and tells when they are not. */
static gboolean watch(gpointer data)
{
    KerfMediaTree *t = data;
    kf_worker *worker = kerf_worker_get(t->worker);
    const guint count = g_list_model_get_n_items(G_LIST_MODEL(t->all));
    kf_media_summary summary;
    for (guint i = 0; worker && i < MIN(count, WATCHED_AT_ONCE); i++) {
        g_autoptr(KerfMediaItem) item = g_list_model_get_item(G_LIST_MODEL(t->all), t->watched++ % count);
        if (item->file) kf_worker_probe(worker, item->file, KF_WORK_SOON, &summary);
    }
    return G_SOURCE_CONTINUE;
}

KerfMediaTree *kerf_media_tree_new(KerfDocument *document, KerfWorker *worker)
{
    KerfMediaTree *t = g_new0(KerfMediaTree, 1);
    t->document = g_object_ref(document);
    t->worker = g_object_ref(worker);
    t->top = g_list_store_new(KERF_TYPE_MEDIA_ITEM);
    t->all = g_list_store_new(KERF_TYPE_MEDIA_ITEM);
    t->everything = g_list_store_new(KERF_TYPE_MEDIA_ITEM);
    t->items = g_hash_table_new(g_int64_hash, g_int64_equal);
    t->bins = g_hash_table_new(g_str_hash, g_str_equal);
    t->files = g_hash_table_new(g_str_hash, g_str_equal);
    g_signal_connect(document, "changed", G_CALLBACK(document_changed), t);
    g_signal_connect(worker, "event", G_CALLBACK(worker_event), t);
    read_film(t);
    t->watching = g_timeout_add_seconds(1, watch, t);
    return t;
}

void kerf_media_tree_free(KerfMediaTree *t)
{
    if (!t) return;
    g_source_remove(t->watching);
    g_signal_handlers_disconnect_by_data(t->document, t);
    g_signal_handlers_disconnect_by_data(t->worker, t);
    g_object_unref(t->document);
    g_object_unref(t->worker);
    g_object_unref(t->top);
    g_object_unref(t->all);
    g_object_unref(t->everything);
    g_hash_table_unref(t->items);
    g_hash_table_unref(t->bins);
    g_hash_table_unref(t->files);
    g_free(t);
}
