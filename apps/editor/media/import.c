/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "import.h"

#include <string.h>

#include "text.h"

enum { FILES_MAX = 20000 };

typedef struct Import {
    KerfDocument *document;
    KerfWorker *worker;
    char *bin;
    GPtrArray *paths;         /* absolute, in order */
    kf_work_state *states;    /* one for each path */
    guint pending;
    GCancellable *cancel;
    gulong listening, polling;
} Import;

static GQuark imports_quark(void) { return g_quark_from_static_string("kerf-imports"); }

static GPtrArray *imports_of(KerfDocument *document)
{
    GPtrArray *list = g_object_get_qdata(G_OBJECT(document), imports_quark());
    if (list) return list;
    list = g_ptr_array_new();
    g_object_set_qdata_full(G_OBJECT(document), imports_quark(), list, (GDestroyNotify)g_ptr_array_unref);
    return list;
}

static void import_free(Import *im)
{
    g_ptr_array_remove(imports_of(im->document), im);
    if (im->listening) g_signal_handler_disconnect(im->worker, im->listening);
    if (im->polling) g_source_remove((guint)im->polling);
    g_object_unref(im->cancel);
    g_object_unref(im->worker);
    g_free(im->bin);
    g_free(im->states);
    if (im->paths) g_ptr_array_unref(im->paths);
    g_object_unref(im->document);
    g_free(im);
}

/* ---- The edit ---- */

/* Names that clips refer to must be unique: "bunny", "bunny-2". */
static char *unique_id(GHashTable *taken, const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    char *dot = strrchr(base, '.');
    if (dot && dot != base) *dot = '\0';
    char *id = g_strdup(base);
    for (int n = 2; g_hash_table_contains(taken, id); n++) {
        g_free(id);
        id = g_strdup_printf("%s-%d", base, n);
    }
    g_hash_table_add(taken, g_strdup(id));
    return id;
}

static void append_facts(GString *out, const kf_media_summary *s)
{
    g_string_append_printf(out, "\"media\": {\"video\": %s, \"audio\": %s, \"still\": %s, \"bytes\": %" G_GINT64_FORMAT,
                           s->video_streams ? "true" : "false", s->audio_streams ? "true" : "false",
                           s->still ? "true" : "false", (gint64)s->bytes);
    if (s->duration != KF_TIME_NONE && s->duration > 0) {
        g_string_append_printf(out, ", \"duration\": %s", kerf_json_time(s->duration).text);
    }
    if (s->width > 0) g_string_append_printf(out, ", \"size\": [%d, %d]", s->width, s->height);
    if (s->rate.num > 0) g_string_append_printf(out, ", \"rate\": \"%d/%d\"", s->rate.num, s->rate.den);
    g_string_append_c(out, '}');
}

static void append_asset(GString *out, const char *id, const char *path, const char *bin, const kf_media_summary *s)
{
    g_autofree char *quoted_id = kerf_json_quote(id), *quoted_path = kerf_json_quote(path), *quoted_bin = kerf_json_quote(bin);
    g_string_append_printf(out, "{\"op\": \"add_asset\", \"asset\": %s, \"set\": {\"path\": %s, ", quoted_id, quoted_path);
    if (*bin) g_string_append_printf(out, "\"bin\": %s, ", quoted_bin);
    if (s->timecode[0] && s->rate.num > 0) {
        g_string_append_printf(out, "\"timecode\": {\"start\": \"%s\", \"rate\": \"%d/%d\", \"drop_frame\": %s}, ", s->timecode,
                               s->rate.num, s->rate.den, strchr(s->timecode, ';') ? "true" : "false");
    }
    append_facts(out, s);
    g_string_append(out, "}}\n");
}

/* Ids and files of what the project has. */
static void collect(const kf_film_handle *film, GHashTable *ids, GHashTable *files)
{
    kf_asset_info asset;
    for (int32_t i = 0; kf_film_asset(film, i, &asset); i++) {
        char *file = kf_film_asset_file(film, i);
        g_hash_table_add(ids, g_strdup(asset.id));
        if (file) g_hash_table_add(files, g_canonicalize_filename(file, NULL));
        kf_string_free(file);
    }
}

char *kerf_import_operation(KerfDocument *document, const char *path, const char *bin, const kf_media_summary *facts, char **id)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GString *script = g_string_new(NULL);
    collect(kerf_document_film(document), ids, files);
    *id = unique_id(ids, path);
    append_asset(script, *id, path, bin, facts);
    return g_string_free(script, FALSE);
}

static void say_what_failed(Import *im, guint failed, const char *first)
{
    if (failed == 1) {
        kerf_document_say(im->document, TRUE, "%s", first);
    } else if (failed > 1) {
        kerf_document_say(im->document, TRUE, "%u files are no media that can be read; the first: %s", failed, first);
    }
}

static void finish(Import *im)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) script = g_string_new(NULL);
    g_autofree char *first = NULL;
    guint added = 0, failed = 0, known = 0;
    collect(kerf_document_film(im->document), ids, files);
    for (guint i = 0; i < im->paths->len; i++) {
        const char *path = im->paths->pdata[i];
        kf_media_summary summary;
        if (g_hash_table_contains(files, path)) {
            known++;
        } else if (kf_worker_probe(kerf_worker_get(im->worker), path, KF_WORK_SOON, &summary) == KF_WORK_READY) {
            g_autofree char *id = unique_id(ids, path);
            append_asset(script, id, path, im->bin, &summary);
            added++;
        } else if (failed++ == 0) {
            first = g_strdup(summary.error);
        }
    }
    g_autofree char *label = added == 1 ? g_strdup("Import a file") : g_strdup_printf("Import %u files", added);
    if (added > 0) kerf_document_edit(im->document, label, g_string_free(g_steal_pointer(&script), FALSE));
    if (added == 0 && known > 0 && failed == 0) kerf_document_say(im->document, FALSE, "That is in the project already.");
    say_what_failed(im, failed, first);
    import_free(im);
}

/* ---- Looking at the files ---- */

static gboolean poll_files(gpointer data)
{
    Import *im = data;
    kf_media_summary summary;
    guint pending = 0;
    for (guint i = 0; i < im->paths->len; i++) {
        if (im->states[i] != KF_WORK_PENDING) continue;
        im->states[i] = kf_worker_probe(kerf_worker_get(im->worker), im->paths->pdata[i], KF_WORK_SOON, &summary);
        pending += im->states[i] == KF_WORK_PENDING;
    }
    im->pending = pending;
    if (pending > 0) return G_SOURCE_CONTINUE;
    im->polling = 0;
    finish(im);
    return G_SOURCE_REMOVE;
}

static int by_name(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void walk(const char *path, GPtrArray *out, GCancellable *cancel, int depth)
{
    if (g_cancellable_is_cancelled(cancel) || out->len >= FILES_MAX) return;
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_ptr_array_add(out, g_canonicalize_filename(path, NULL));
        return;
    }
    g_autoptr(GDir) dir = depth < 16 ? g_dir_open(path, 0, NULL) : NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (name[0] != '.') g_ptr_array_add(names, g_build_filename(path, name, NULL));
    }
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++) {
        walk(names->pdata[i], out, cancel, depth + 1);
    }
}

static void walk_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    for (char **path = data; *path; path++) {
        walk(*path, out, cancel, 0);
    }
    g_task_return_pointer(task, out, (GDestroyNotify)g_ptr_array_unref);
}

static void walked(GObject *source, GAsyncResult *result, gpointer data)
{
    Import *im = data;
    im->paths = g_task_propagate_pointer(G_TASK(result), NULL);
    if (!im->paths || !kerf_worker_get(im->worker)) {
        import_free(im);
        return;
    }
    im->states = g_new(kf_work_state, im->paths->len + 1);
    for (guint i = 0; i < im->paths->len; i++) {
        im->states[i] = KF_WORK_PENDING;
    }
    if (poll_files(im)) im->polling = g_timeout_add(60, poll_files, im);
}

void kerf_import(KerfDocument *document, KerfWorker *worker, const char *const *paths, const char *bin)
{
    Import *im = g_new0(Import, 1);
    im->document = g_object_ref(document);
    im->worker = g_object_ref(worker);
    im->bin = g_strdup(bin);
    im->cancel = g_cancellable_new();
    g_ptr_array_add(imports_of(document), im);
    g_autoptr(GTask) task = g_task_new(NULL, im->cancel, walked, im);
    g_task_set_task_data(task, g_strdupv((char **)paths), (GDestroyNotify)g_strfreev);
    g_task_run_in_thread(task, walk_thread);
}

double kerf_import_progress(KerfDocument *document)
{
    GPtrArray *list = imports_of(document);
    guint all = 0, pending = 0;
    for (guint i = 0; i < list->len; i++) {
        const Import *im = list->pdata[i];
        all += im->paths ? im->paths->len : 1;
        pending += im->paths ? im->pending : 1;
    }
    return list->len == 0 ? -1 : all ? 1.0 - (double)pending / all : 0;
}

void kerf_import_cancel(KerfDocument *document)
{
    GPtrArray *list = imports_of(document);
    for (guint i = list->len; i-- > 0;) {
        Import *im = list->pdata[i];
        g_cancellable_cancel(im->cancel);
        if (im->paths) import_free(im);
    }
}
