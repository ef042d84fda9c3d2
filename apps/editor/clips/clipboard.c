/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clips/clipboard.h"

#include <string.h>

#include "text.h"

/* On the clipboard is the text of a GVariant: clips as (track is audio, its number, offset in flicks, group of linked clips,
 * asset's id or "", the clip's JSON), and assets as (id, file, the known length in flicks, its width, height, rate). */
#define CLIP_TYPE "(bixtss)"
#define ASSET_TYPE "(ssxiiii)"
#define CLIPS_TYPE "(a" CLIP_TYPE "a" ASSET_TYPE ")"
#define PREFIX "kerf clips "

typedef struct Copied {
    KerfDocument *document;
    GVariantBuilder clips, assets;
    GHashTable *known;        /* ids of assets that are in */
    kf_time first;
} Copied;

/* ---- Copying ---- */

static void copy_asset(Copied *c, int32_t index, const kf_asset_info *asset)
{
    const kf_film_handle *film = kerf_document_film(c->document);
    char *file = kf_film_asset_file(film, index);
    g_autofree char *full = file ? g_canonicalize_filename(file, NULL) : g_strdup("");
    if (g_hash_table_add(c->known, g_strdup(asset->id))) {
        g_variant_builder_add(&c->assets, ASSET_TYPE, asset->id, full, (gint64)asset->duration, asset->width, asset->height,
                              asset->rate.num, asset->rate.den);
    }
    kf_string_free(file);
}

/* Linked clips have the smallest of their ids in common. */
static guint64 link_of(const kf_film_handle *film, const kf_timeline_item *item)
{
    uint64_t first = 0;
    return kf_timeline_links(film, item, false, &first, 1) > 0 ? first : 0;
}

static void copy_clip(Copied *c, const kf_timeline_item *item)
{
    const kf_film_handle *film = kerf_document_film(c->document);
    kf_track_info track;
    kf_asset_info asset;
    char *json;
    if (!kf_film_track(film, item->sequence, item->track, &track) || kf_timeline_json(film, item, &json, NULL) != KF_OK) return;
    const gboolean has_asset = item->source == KF_TIMELINE_ASSET && kf_film_asset(film, item->source_index, &asset);
    if (has_asset) copy_asset(c, item->source_index, &asset);
    g_variant_builder_add(&c->clips, CLIP_TYPE, (gboolean)track.audio, track.number, (gint64)(item->start - c->first),
                          link_of(film, item), has_asset ? asset.id : "", json);
    kf_string_free(json);
}

static gboolean first_start(KerfDocument *document, const uint64_t *ids, size_t count, kf_time *out)
{
    gboolean any = FALSE;
    for (size_t i = 0; i < count; i++) {
        kf_timeline_item item;
        if (!kerf_document_find(document, ids[i], &item) || item.kind != KF_TIMELINE_CLIP) continue;
        *out = any ? MIN(*out, item.start) : item.start;
        any = TRUE;
    }
    return any;
}

gboolean kerf_copy_clips(KerfWindow *window)
{
    Copied c = {.document = kerf_window_document(window)};
    size_t count;
    const uint64_t *ids = kerf_document_selection(c.document, &count);
    if (!first_start(c.document, ids, count, &c.first)) return FALSE;
    c.known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_variant_builder_init(&c.clips, G_VARIANT_TYPE("a" CLIP_TYPE));
    g_variant_builder_init(&c.assets, G_VARIANT_TYPE("a" ASSET_TYPE));
    for (size_t i = 0; i < count; i++) {
        kf_timeline_item item;
        if (kerf_document_find(c.document, ids[i], &item) && item.kind == KF_TIMELINE_CLIP) copy_clip(&c, &item);
    }
    g_autoptr(GVariant) all = g_variant_ref_sink(g_variant_new(CLIPS_TYPE, &c.clips, &c.assets));
    g_autofree char *printed = g_variant_print(all, FALSE), *text = g_strconcat(PREFIX, printed, NULL);
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(window)), text);
    g_object_set_data_full(G_OBJECT(c.document), "copied-clip", g_memdup2(ids, sizeof *ids), g_free);
    g_hash_table_unref(c.known);
    return TRUE;
}

uint64_t kerf_copied_clip(KerfWindow *window)
{
    const uint64_t *id = g_object_get_data(G_OBJECT(kerf_window_document(window)), "copied-clip");
    kf_timeline_item item;
    return id && kerf_document_find(kerf_window_document(window), *id, &item) ? *id : 0;
}

/* ---- Pasting ---- */

typedef struct Pasting {
    KerfDocument *document;
    gboolean insert;
    GString *script;
    GHashTable *renamed;      /* id on the clipboard -> id in this project */
    int video_by, audio_by;   /* how many tracks they move up */
    GPtrArray *links;         /* guint64 *, one for each clip: its group */
} Pasting;

/* The id that an asset of that file has in this project; it is added if there is none. New. */
static char *asset_here(Pasting *p, const char *id, const char *file)
{
    const kf_film_handle *film = kerf_document_film(p->document);
    kf_asset_info asset;
    g_autofree char *wanted = g_strdup(id);
    for (int32_t i = 0; kf_film_asset(film, i, &asset); i++) {
        char *path = kf_film_asset_file(film, i);
        g_autofree char *full = path ? g_canonicalize_filename(path, NULL) : NULL;
        const gboolean same = g_strcmp0(full, file) == 0;
        kf_string_free(path);
        if (same) return g_strdup(asset.id);
    }
    for (int n = 2; kf_film_asset_find(film, wanted) >= 0; n++) {
        g_free(wanted);
        wanted = g_strdup_printf("%s-%d", id, n);
    }
    return g_steal_pointer(&wanted);
}

static void paste_assets(Pasting *p, GVariant *assets)
{
    GVariantIter iter;
    const char *id, *file;
    gint64 duration;
    int width, height, num, den;
    g_variant_iter_init(&iter, assets);
    while (g_variant_iter_next(&iter, "(&s&sxiiii)", &id, &file, &duration, &width, &height, &num, &den)) {
        char *here = asset_here(p, id, file);
        g_hash_table_insert(p->renamed, g_strdup(id), here);
        if (kf_film_asset_find(kerf_document_film(p->document), here) >= 0) continue;
        g_autofree char *quoted = kerf_json_quote(here), *path = kerf_json_quote(file);
        g_string_append_printf(p->script, "{\"op\": \"add_asset\", \"asset\": %s, \"set\": {\"path\": %s", quoted, path);
        if (duration > 0) {
            g_string_append_printf(p->script, ", \"media\": {\"duration\": %s", kerf_json_time(duration).text);
            if (width > 0) g_string_append_printf(p->script, ", \"size\": [%d, %d]", width, height);
            if (num > 0) g_string_append_printf(p->script, ", \"rate\": \"%d/%d\"", num, den);
            g_string_append_c(p->script, '}');
        }
        g_string_append(p->script, "}}\n");
    }
}

/* The clip's JSON with the asset's id of this project. */
static char *with_asset(Pasting *p, const char *json, const char *id)
{
    const char *here = *id ? g_hash_table_lookup(p->renamed, id) : NULL;
    if (!here || strcmp(here, id) == 0) return g_strdup(json);
    g_autofree char *from = kerf_json_quote(id), *to = kerf_json_quote(here);
    const char *key = strstr(json, "\"asset\"");
    const char *value = key ? strstr(key, from) : NULL;
    if (!value) return g_strdup(json);
    return g_strdup_printf("%.*s%s%s", (int)(value - json), json, to, value + strlen(from));
}

static int first_target(KerfDocument *document, gboolean audio)
{
    kf_track_info track;
    for (int32_t i = 0; kf_film_track(kerf_document_film(document), kerf_document_sequence(document), i, &track); i++) {
        if ((gboolean)track.audio == audio && track.target && !track.lock) return track.number;
    }
    return 1;
}

static int track_count(KerfDocument *document, gboolean audio)
{
    kf_track_info track;
    int count = 0;
    for (int32_t i = 0; kf_film_track(kerf_document_film(document), kerf_document_sequence(document), i, &track); i++) {
        count += (gboolean)track.audio == audio;
    }
    return count;
}

static void measure(Pasting *p, GVariant *clips)
{
    int lowest[2] = {G_MAXINT, G_MAXINT}, highest[2] = {0, 0};
    for (gsize i = 0; i < g_variant_n_children(clips); i++) {
        gboolean audio;
        int number;
        g_autoptr(GVariant) clip = g_variant_get_child_value(clips, i);
        g_variant_get(clip, "(bixt&s&s)", &audio, &number, NULL, NULL, NULL, NULL);
        lowest[audio != 0] = MIN(lowest[audio != 0], number);
        highest[audio != 0] = MAX(highest[audio != 0], number);
    }
    p->video_by = first_target(p->document, FALSE) - lowest[0];
    p->audio_by = first_target(p->document, TRUE) - lowest[1];
    for (int audio = 0; audio < 2; audio++) {
        const int wanted = highest[audio] ? highest[audio] + (audio ? p->audio_by : p->video_by) : 0;
        for (int have = track_count(p->document, audio); have < wanted; have++) {
            g_autofree char *id = kerf_json_quote(kerf_document_sequence_info(p->document)->id);
            g_string_append_printf(p->script, "{\"op\": \"add_track\", \"sequence\": %s, \"kind\": \"%s\"}\n", id,
                                   audio ? "audio" : "video");
        }
    }
}

static void paste_clip(Pasting *p, GVariant *clip)
{
    gboolean audio;
    int number;
    gint64 offset;
    guint64 link;
    const char *asset, *json;
    g_variant_get(clip, "(bixt&s&s)", &audio, &number, &offset, &link, &asset, &json);
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(p->document)->id);
    g_autofree char *text = with_asset(p, json, asset);
    g_string_append_printf(p->script, "{\"op\": \"%s\", \"sequence\": %s, \"track\": \"%c%d\", \"at\": %s, \"clip\": %s}\n",
                           p->insert ? "insert" : "overwrite", sequence, audio ? 'A' : 'V',
                           number + (audio ? p->audio_by : p->video_by),
                           kerf_json_time(kerf_document_playhead(p->document) + offset).text, text);
    g_ptr_array_add(p->links, g_memdup2(&link, sizeof link));
}

/* Those that were linked are linked again: their new ids are known after a first try. */
static void append_links(Pasting *p, const uint64_t *ids, size_t count)
{
    for (guint i = 0; i < p->links->len && i < count; i++) {
        const guint64 link = *(guint64 *)p->links->pdata[i];
        g_autoptr(GArray) group = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        gboolean seen = FALSE;
        for (guint j = 0; link && j < p->links->len && j < count; j++) {
            if (*(guint64 *)p->links->pdata[j] != link) continue;
            seen |= j < i;
            g_array_append_val(group, ids[j]);
        }
        if (seen || group->len < 2) continue;
        g_autofree char *list = kerf_json_ids((const uint64_t *)(void *)group->data, group->len);
        g_string_append_printf(p->script, "{\"op\": \"link\", \"clips\": %s}\n", list);
    }
}

static void run_pasting(Pasting *p)
{
    const char *refusal = NULL;
    size_t count;
    if (!kerf_document_gesture_begin(p->document)) return;
    if (!kerf_document_gesture_update(p->document, g_strdup(p->script->str), &refusal)) {
        kerf_document_say(p->document, TRUE, "%s", refusal);
        kerf_document_gesture_cancel(p->document);
        return;
    }
    const uint64_t *made = kerf_document_created(p->document, &count);
    /* tracks come first among what was made */
    const size_t extra = count > p->links->len ? count - p->links->len : 0;
    g_autofree uint64_t *ids = g_memdup2(made + extra, (count - extra) * sizeof *ids);
    append_links(p, ids, count - extra);
    kerf_document_gesture_update(p->document, g_strdup(p->script->str), NULL);
    if (kerf_document_gesture_commit(p->document, "Paste")) kerf_document_select(p->document, ids, count - extra);
}

static void paste_text(KerfDocument *document, const char *text, gboolean insert)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) all = g_variant_parse(G_VARIANT_TYPE(CLIPS_TYPE), text + strlen(PREFIX), NULL, NULL, &error);
    if (!all) {
        kerf_document_say(document, TRUE, "What is on the clipboard are no clips of this version of Kerf.");
        return;
    }
    g_autoptr(GVariant) clips = g_variant_get_child_value(all, 0);
    g_autoptr(GVariant) assets = g_variant_get_child_value(all, 1);
    Pasting p = {.document = document, .insert = insert, .script = g_string_new(NULL),
                 .renamed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                 .links = g_ptr_array_new_with_free_func(g_free)};
    paste_assets(&p, assets);
    measure(&p, clips);
    for (gsize i = 0; i < g_variant_n_children(clips); i++) {
        g_autoptr(GVariant) clip = g_variant_get_child_value(clips, i);
        paste_clip(&p, clip);
    }
    run_pasting(&p);
    g_string_free(p.script, TRUE);
    g_hash_table_unref(p.renamed);
    g_ptr_array_unref(p.links);
}

typedef struct Request {
    KerfWindow *window;
    gboolean insert;
} Request;

static void text_read(GObject *clipboard, GAsyncResult *result, gpointer data)
{
    Request *r = data;
    g_autofree char *text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
    KerfDocument *document = kerf_window_document(r->window);
    if (document && text && g_str_has_prefix(text, PREFIX)) {
        paste_text(document, text, r->insert);
    } else if (document) {
        kerf_document_say(document, TRUE, "There are no clips on the clipboard: select clips and copy them first.");
    }
    g_object_unref(r->window);
    g_free(r);
}

void kerf_paste_clips(KerfWindow *window, gboolean insert)
{
    Request *r = g_new0(Request, 1);
    r->window = g_object_ref(window);
    r->insert = insert;
    gdk_clipboard_read_text_async(gtk_widget_get_clipboard(GTK_WIDGET(window)), NULL, text_read, r);
}
