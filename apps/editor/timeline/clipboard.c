/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cutting, copying and pasting clips, also between projects. What is on the clipboard is text, a line for each clip, with tabs
 * between: place after the first (flicks), V or A, track's number, length (flicks), clip's id, link's id, asset's id, asset's
 * path, clip as JSON. */
#include <gio/gio.h>
#include <string.h>

#include "commands.h"
#include "ops.h"

static const char *const FORMAT = "application/x-kerf-clips";
enum { FIELDS = 9 };

static KerfDocument *document_of(KerfWindow *w)
{
    return kerf_window_document(w);
}

/* ---- Copying ---- */

static void write_asset(KerfDocument *d, const kf_timeline_item *item, GString *out)
{
    kf_asset_info asset;
    const kf_film_handle *film = kerf_document_film(d);
    bool found = item->source == KF_TIMELINE_ASSET && kf_film_asset(film, item->source_index, &asset);
    char *path = found ? kf_film_asset_file(film, item->source_index) : NULL;
    g_autofree char *absolute = path ? g_canonicalize_filename(path, NULL) : NULL;
    g_string_append_printf(out, "%s\t%s\t", found ? asset.id : "", absolute ? absolute : "");
    kf_string_free(path);
}

static void write_clip(KerfDocument *d, const kf_timeline_item *item, kf_time from, GString *out)
{
    kf_track_info track;
    uint64_t links[32], link = 0;
    char *json = NULL;
    if (!kf_film_track(kerf_document_film(d), item->sequence, item->track, &track)) return;
    if (kf_timeline_json(kerf_document_film(d), item, &json, NULL) != KF_OK) return;
    int32_t count = kf_timeline_links(kerf_document_film(d), item, false, links, 32);
    for (int32_t i = 0; i < MIN(count, 32); i++) link = link && link < links[i] ? link : links[i];
    g_strdelimit(json, "\n\t", ' ');
    g_string_append_printf(out, "%" G_GINT64_FORMAT "\t%c\t%d\t%" G_GINT64_FORMAT "\t" KT_ID "\t" KT_ID "\t", item->start - from,
                           track.audio ? 'A' : 'V', track.number, item->duration, item->id, link);
    write_asset(d, item, out);
    g_string_append_printf(out, "%s\n", json);
    kf_string_free(json);
}

void kt_copy(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    g_autoptr(GString) out = g_string_new(NULL);
    kf_timeline_item item;
    kf_time from = INT64_MAX;
    for (guint i = 0; i < ids->len; i++) {
        if (kerf_document_find(d, g_array_index(ids, uint64_t, i), &item)) from = MIN(from, item.start);
    }
    for (guint i = 0; i < ids->len; i++) {
        if (kerf_document_find(d, g_array_index(ids, uint64_t, i), &item)) write_clip(d, &item, from, out);
    }
    if (!out->len) return;
    g_autoptr(GBytes) bytes = g_bytes_new(out->str, out->len);
    g_autoptr(GdkContentProvider) content = gdk_content_provider_new_for_bytes(FORMAT, bytes);
    gdk_clipboard_set_content(gtk_widget_get_clipboard(GTK_WIDGET(w)), content);
}

void kt_cut(KerfWindow *w)
{
    kt_copy(w);
    kt_delete(w);
}

/* ---- Pasting ---- */

typedef enum paste_kind { PASTE_OVER, PASTE_INSERT, PASTE_ATTRIBUTES } paste_kind;

typedef struct paste {
    KerfWindow *window;       /* referenced */
    paste_kind kind;
    GPtrArray *lines;         /* char ** of FIELDS each */
} paste;

static GPtrArray *split_lines(const char *text)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    for (char **line = all; *line; line++) {
        char **fields = g_strsplit(*line, "\t", FIELDS);
        if (g_strv_length(fields) == FIELDS) {
            g_ptr_array_add(lines, fields);
        } else {
            g_strfreev(fields);
        }
    }
    return lines;
}

static int first_number(const paste *p, const char *kind)
{
    int least = G_MAXINT;
    for (guint i = 0; i < p->lines->len; i++) {
        char **f = p->lines->pdata[i];
        if (g_str_equal(f[1], kind)) least = MIN(least, atoi(f[2]));
    }
    return least;
}

/* Number of the first target track of a kind, else 1. */
static int target_number(KerfDocument *d, bool audio)
{
    kf_track_info track;
    for (int32_t i = 0; kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track); i++) {
        if (track.audio == audio && track.target) return track.number;
    }
    return 1;
}

static int count_tracks(KerfDocument *d, bool audio)
{
    kf_track_info track;
    int count = 0;
    for (int32_t i = 0; kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track); i++) {
        count += track.audio == audio;
    }
    return count;
}

/* add_asset for what this project does not have. */
static void add_assets(const paste *p, GString *out)
{
    const kf_film_handle *film = kerf_document_film(document_of(p->window));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < p->lines->len; i++) {
        char **f = p->lines->pdata[i];
        if (!*f[6] || kf_film_asset_find(film, f[6]) >= 0 || !g_hash_table_add(seen, f[6])) continue;
        g_autofree char *id = kerf_json_quote(f[6]), *path = kerf_json_quote(f[7]);
        g_autofree char *one = kerf_json_operation("add_asset", "\"asset\": %s, \"set\": {\"path\": %s}", id, path);
        g_string_append(out, one);
    }
}

/* Tracks that are missing above the last one. */
static void add_tracks(const paste *p, const char *kind, int shift, GString *out)
{
    KerfDocument *d = document_of(p->window);
    bool audio = *kind == 'A';
    int have = count_tracks(d, audio), need = have;
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(d)->id);
    for (guint i = 0; i < p->lines->len; i++) {
        char **f = p->lines->pdata[i];
        if (g_str_equal(f[1], kind)) need = MAX(need, atoi(f[2]) + shift);
    }
    for (; have < need; have++) {
        g_autofree char *one = kerf_json_operation("add_track", "\"sequence\": %s, \"kind\": \"%s\"", sequence,
                                                   audio ? "audio" : "video");
        g_string_append(out, one);
    }
}

static kf_time whole_length(const paste *p)
{
    kf_time end = 0;
    for (guint i = 0; i < p->lines->len; i++) {
        char **f = p->lines->pdata[i];
        end = MAX(end, g_ascii_strtoll(f[0], NULL, 10) + g_ascii_strtoll(f[3], NULL, 10));
    }
    return end;
}

static void put_clips(const paste *p, const int shift[2], GString *out)
{
    KerfDocument *d = document_of(p->window);
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(d)->id);
    for (guint i = 0; i < p->lines->len; i++) {
        char **f = p->lines->pdata[i];
        kf_time at = kerf_document_playhead(d) + g_ascii_strtoll(f[0], NULL, 10);
        g_autofree char *one = kerf_json_operation("overwrite", "\"sequence\": %s, \"track\": \"%s%d\", \"at\": %s, \"clip\": %s",
                                                   sequence, f[1], atoi(f[2]) + shift[*f[1] == 'A'], kerf_json_time(at).text,
                                                   f[8]);
        g_string_append(out, one);
    }
}

static char *paste_operations(const paste *p)
{
    KerfDocument *d = document_of(p->window);
    GString *out = g_string_new(NULL);
    const int shift[2] = {target_number(d, false) - first_number(p, "V"), target_number(d, true) - first_number(p, "A")};
    add_assets(p, out);
    if (first_number(p, "V") < G_MAXINT) add_tracks(p, "V", shift[0], out);
    if (first_number(p, "A") < G_MAXINT) add_tracks(p, "A", shift[1], out);
    if (p->kind == PASTE_INSERT) {
        g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(d)->id);
        g_autofree char *room = kerf_json_operation("insert_gap", "\"sequence\": %s, \"at\": %s, \"duration\": %s", sequence,
                                                    kerf_json_time(kerf_document_playhead(d)).text,
                                                    kerf_json_time(whole_length(p)).text);
        g_string_append(out, room);
    }
    put_clips(p, shift, out);
    return g_string_free(out, FALSE);
}

/* Links among the new clips as they were among the old ones; the new ids come in the order of the lines. */
static char *link_operations(const paste *p, const uint64_t *ids, size_t count)
{
    GString *out = g_string_new(NULL);
    guint offset = count > p->lines->len ? (guint)(count - p->lines->len) : 0; /* tracks come first */
    for (guint i = 0; i < p->lines->len && i + offset < count; i++) {
        char **f = p->lines->pdata[i];
        g_autoptr(GArray) together = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        if (g_str_equal(f[5], "0")) continue;
        for (guint k = 0; k < p->lines->len; k++) {
            char **other = p->lines->pdata[k];
            if (!g_str_equal(other[5], f[5])) continue;
            if (k < i) break; /* done with the first of them */
            g_array_append_val(together, ids[k + offset]);
        }
        if (together->len < 2) continue;
        g_autofree char *list = kerf_json_ids((const uint64_t *)together->data, together->len);
        g_autofree char *one = kerf_json_operation("link", "\"clips\": %s", list);
        g_string_append(out, one);
    }
    return g_string_free(out, FALSE);
}

/* As a gesture: the new ids are the same each time, so that what links them can name them. */
static void paste_clips(const paste *p)
{
    KerfDocument *d = document_of(p->window);
    size_t count;
    const char *refusal = NULL;
    g_autofree char *operations = paste_operations(p);
    if (!kerf_document_gesture_begin(d)) return;
    if (!kerf_document_gesture_update(d, g_strdup(operations), &refusal)) {
        kerf_document_say(d, TRUE, "%s", refusal ? refusal : "The clips cannot be pasted here");
        kerf_document_gesture_cancel(d);
        return;
    }
    const uint64_t *ids = kerf_document_created(d, &count);
    g_autofree uint64_t *made = g_memdup2(ids, count * sizeof *ids);
    g_autofree char *links = link_operations(p, made, count);
    if (*links) kerf_document_gesture_update(d, g_strconcat(operations, links, NULL), NULL);
    kf_time end = kerf_document_playhead(d) + whole_length(p);
    if (!kerf_document_gesture_commit(d, p->kind == PASTE_INSERT ? "Paste Insert" : "Paste")) return;
    kerf_document_select(d, made, count);
    kerf_document_seek(d, end);
}

static void paste_attributes(const paste *p)
{
    KerfDocument *d = document_of(p->window);
    char **first = p->lines->pdata[0];
    g_autoptr(GArray) ids = kt_selected(p->window, KF_TIMELINE_CLIP);
    g_autofree char *list = kerf_json_ids((const uint64_t *)ids->data, ids->len);
    if (ids->len) {
        kerf_document_edit(d, "Paste Attributes",
                           kerf_json_operation("paste_attributes", "\"from\": %s, \"clips\": %s", first[4], list));
    }
}

static void read_all(GObject *stream, GAsyncResult *result, gpointer data)
{
    paste *p = data;
    gssize size = g_output_stream_splice_finish(G_OUTPUT_STREAM(stream), result, NULL);
    if (size > 0 && document_of(p->window)) {
        g_autofree char *text = g_strndup(g_memory_output_stream_get_data(G_MEMORY_OUTPUT_STREAM(stream)), (gsize)size);
        p->lines = split_lines(text);
        if (p->lines->len && p->kind == PASTE_ATTRIBUTES) paste_attributes(p);
        else if (p->lines->len) paste_clips(p);
        g_ptr_array_unref(p->lines);
    }
    g_object_unref(p->window);
    g_free(p);
}

static void got_clipboard(GObject *clipboard, GAsyncResult *result, gpointer data)
{
    paste *p = data;
    g_autoptr(GInputStream) in = gdk_clipboard_read_finish(GDK_CLIPBOARD(clipboard), result, NULL, NULL);
    if (!in) {
        kerf_window_say(p->window, FALSE, "There are no clips to paste: copy some first");
        g_object_unref(p->window);
        g_free(p);
        return;
    }
    g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
    g_output_stream_splice_async(out, in, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, G_PRIORITY_DEFAULT, NULL, read_all, p);
}

static void begin_paste(KerfWindow *w, paste_kind kind)
{
    const char *formats[] = {FORMAT, NULL};
    paste *p = g_new0(paste, 1);
    p->window = g_object_ref(w);
    p->kind = kind;
    gdk_clipboard_read_async(gtk_widget_get_clipboard(GTK_WIDGET(w)), formats, G_PRIORITY_DEFAULT, NULL, got_clipboard, p);
}

void kt_paste(KerfWindow *w)
{
    begin_paste(w, PASTE_OVER);
}

void kt_paste_insert(KerfWindow *w)
{
    begin_paste(w, PASTE_INSERT);
}

void kt_paste_attributes(KerfWindow *w)
{
    begin_paste(w, PASTE_ATTRIBUTES);
}
