/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captions from files. They are read as a film of titles, whose tracks are then added to the sequence in one edit. */
#include <string.h>

#include "dialogs.h"
#include "interchange.h"
#include "text.h"

enum { CAPTIONS_WIDTH = 1920, CAPTIONS_HEIGHT = 1080 }; /* what the texts are laid out for (docs/interchange.md) */

typedef struct Reading {
    KerfWindow *window;       /* owned, as all */
    char *path, *sequence;
    char *nested;             /* id of a sequence to put them into, for one of another size; NULL: none */
    char *rate;               /* its frames per second */
    GString *operations;
    int texts;
    kf_error error;
} Reading;

static void reading_free(gpointer data)
{
    Reading *r = data;
    g_object_unref(r->window);
    g_free(r->path);
    g_free(r->sequence);
    g_free(r->nested);
    g_free(r->rate);
    if (r->operations) g_string_free(r->operations, TRUE);
    g_free(r);
}

/* ---- On a thread ---- */

typedef struct Track {
    Reading *reading;
    const kf_film_handle *film;
    gboolean more;
} Track;

static bool add_item(void *context, const kf_timeline_item *item)
{
    Track *t = context;
    GString *out = t->reading->operations;
    char *json = NULL;
    if (t->more) g_string_append(out, ", ");
    t->more = TRUE;
    if (item->kind == KF_TIMELINE_GAP) {
        g_string_append_printf(out, "{\"gap\": %s}", kerf_json_time(item->duration).text);
        return true;
    }
    if (kf_timeline_json(t->film, item, &json, &t->reading->error) != KF_OK) return false;
    g_string_append(out, json);
    kf_string_free(json);
    t->reading->texts++;
    return true;
}

static void add_track(Reading *r, const kf_film_handle *film, int32_t index)
{
    const kf_timeline_range all = {.track = index, .to = INT64_MAX, .gaps = true};
    Track t = {r, film, FALSE};
    g_autofree char *sequence = kerf_json_quote(r->nested ? r->nested : r->sequence);
    g_string_append_printf(r->operations, "{\"op\": \"add_track\", \"sequence\": %s, \"set\": {\"name\": \"Captions\", \"clips\": [",
                           sequence);
    kf_timeline_each(film, &all, add_item, &t);
    g_string_append(r->operations, "]}}\n");
}

static void begin_nested(Reading *r)
{
    g_autofree char *id = kerf_json_quote(r->nested);
    g_string_append_printf(r->operations,
                           "{\"op\": \"add_sequence\", \"id\": %s, \"set\": {\"name\": \"Captions\", \"size\": [%d, %d], "
                           "\"rate\": \"%s\"}}\n",
                           id, CAPTIONS_WIDTH, CAPTIONS_HEIGHT, r->rate);
}

static void end_nested(Reading *r)
{
    g_autofree char *id = kerf_json_quote(r->nested), *sequence = kerf_json_quote(r->sequence);
    g_string_append_printf(
        r->operations,
        "{\"op\": \"add_track\", \"sequence\": %s, \"set\": {\"name\": \"Captions\", \"clips\": [{\"sequence\": %s}]}}\n", sequence,
        id);
}

static void read_captions(GTask *task, gpointer object, gpointer data, GCancellable *cancel)
{
    Reading *r = data;
    kf_film_handle *film;
    kf_track_info track;
    if (kf_film_open(r->path, &film, &r->error) != KF_OK) {
        g_task_return_boolean(task, FALSE);
        return;
    }
    r->operations = g_string_new(NULL);
    if (r->nested) begin_nested(r);
    for (int32_t i = 0; kf_film_track(film, 0, i, &track); i++) {
        add_track(r, film, i);
    }
    if (r->nested) end_nested(r);
    kf_film_close(film);
    g_task_return_boolean(task, r->error.status == KF_OK);
}

/* ---- And back ---- */

static void captions_read(GObject *object, GAsyncResult *result, gpointer data)
{
    Reading *r = data;
    KerfDocument *document = kerf_window_document(r->window);
    if (!g_task_propagate_boolean(G_TASK(result), NULL)) {
        kerf_window_say(r->window, TRUE, r->error.message);
    } else if (r->texts == 0) {
        kerf_window_say(r->window, TRUE, "There are no captions in this file");
    } else if (document && kerf_document_edit(document, "Import Captions", g_string_free(g_steal_pointer(&r->operations), FALSE))) {
        kerf_document_say(document, FALSE, "%d captions were added on tracks of their own", r->texts);
    }
    reading_free(r);
}

/* "captions", or with a number if there is such a sequence. New. */
static char *free_id(const kf_film_handle *film)
{
    char *id = g_strdup("captions");
    for (int n = 2; kf_film_sequence_find(film, id) >= 0; n++) {
        g_free(id);
        id = g_strdup_printf("captions-%d", n);
    }
    return id;
}

static void chosen(KerfWindow *window, const char *path)
{
    KerfDocument *document = kerf_window_document(window);
    if (!document) return;
    const kf_sequence_info *s = kerf_document_sequence_info(document);
    Reading *r = g_new0(Reading, 1);
    r->window = g_object_ref(window);
    r->path = g_strdup(path);
    r->sequence = g_strdup(s->id);
    r->rate = g_strdup_printf("%d/%d", s->rate.num, s->rate.den);
    if (s->width != CAPTIONS_WIDTH || s->height != CAPTIONS_HEIGHT) r->nested = free_id(kerf_document_film(document));
    g_autoptr(GTask) task = g_task_new(NULL, NULL, captions_read, r);
    g_task_set_task_data(task, r, NULL);
    g_task_run_in_thread(task, read_captions);
}

/* ---- Writing ---- */

typedef struct Writing {
    KerfWindow *window;       /* owned, as all */
    kf_film_handle *film;
    char *path, *sequence;
    kf_error error;
} Writing;

static void writing_free(Writing *w)
{
    g_object_unref(w->window);
    kf_film_close(w->film);
    g_free(w->path);
    g_free(w->sequence);
    g_free(w);
}

static void write_captions(GTask *task, gpointer object, gpointer data, GCancellable *cancel)
{
    Writing *w = data;
    kf_convert_params params = kf_convert_params_default();
    params.sequence = w->sequence;
    params.overwrite = true; /* the dialog has asked */
    g_task_return_boolean(task, kf_film_convert(w->film, w->path, &params, &w->error) == KF_OK);
}

static void captions_written(GObject *object, GAsyncResult *result, gpointer data)
{
    Writing *w = data;
    const gboolean done = g_task_propagate_boolean(G_TASK(result), NULL);
    g_autofree char *name = g_path_get_basename(w->path), *text = g_strdup_printf("The captions were written to %s", name);
    kerf_window_say(w->window, !done, done ? text : w->error.message);
    writing_free(w);
}

static void place_chosen(KerfWindow *window, const char *path)
{
    KerfDocument *document = kerf_window_document(window);
    if (!document) return;
    const gboolean whole = strrchr(path, '.') > strrchr(path, '/');
    Writing *w = g_new0(Writing, 1);
    w->window = g_object_ref(window);
    w->path = whole ? g_strdup(path) : g_strconcat(path, ".srt", NULL);
    w->sequence = g_strdup(kerf_document_sequence_info(document)->id);
    if (kf_project_film(kerf_document_project(document), &w->film, &w->error) != KF_OK) {
        kerf_window_say(window, TRUE, w->error.message);
        writing_free(w);
        return;
    }
    g_autoptr(GTask) task = g_task_new(NULL, NULL, captions_written, w);
    g_task_set_task_data(task, w, NULL);
    g_task_run_in_thread(task, write_captions);
}

void kerf_captions_export(KerfWindow *window)
{
    static const char *const patterns[] = {"*.srt", "*.vtt", "*.ass", NULL};
    g_autofree char *name = g_strconcat(kerf_document_title(kerf_window_document(window)), ".srt", NULL);
    const KerfFileDialog dialog = {.title = "Export Captions", .accept = "_Export", .filter = "Captions", .patterns = patterns,
                                   .save = TRUE, .name = g_strdelimit(name, "/", '-')};
    kerf_choose_file(window, &dialog, place_chosen);
}

void kerf_captions_import(KerfWindow *window)
{
    static const char *const patterns[] = {"*.srt", "*.vtt", "*.ass", "*.ssa", NULL};
    const KerfFileDialog dialog = {.title = "Import Captions", .accept = "_Import", .filter = "Captions", .patterns = patterns};
    kerf_choose_file(window, &dialog, chosen);
}
