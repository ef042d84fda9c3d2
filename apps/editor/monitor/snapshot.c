/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "snapshot.h"

#include "dialogs.h"

/* What is to be written; owns everything. */
typedef struct Frame {
    KerfWindow *window;
    kf_film_handle *film;
    char *asset;              /* of the film, in the source monitor; NULL: a sequence */
    char *sequence, *path;
    kf_time time;
    kf_error error;
} Frame;

static void frame_free(gpointer data)
{
    Frame *f = data;
    g_clear_object(&f->window);
    kf_film_close(f->film);
    g_free(f->asset);
    g_free(f->sequence);
    g_free(f->path);
    g_free(f);
}

static kf_status film_of_source(Frame *f)
{
    const kf_media_source media = {.film = f->film, .asset = f->asset};
    kf_film_handle *film;
    const kf_status status = kf_film_of_media(&media, &film, &f->error);
    if (status != KF_OK) return status;
    kf_film_close(f->film);
    f->film = film;
    return KF_OK;
}

static void write_frame(GTask *task, gpointer object, gpointer data, GCancellable *cancel)
{
    Frame *f = data;
    kf_render_params params = kf_render_params_default();
    params.overwrite = true;
    params.allow_missing = true;
    params.clamp_ranges = true;
    params.sequence = f->asset ? NULL : f->sequence;
    kf_status status = f->asset ? film_of_source(f) : KF_OK;
    if (status == KF_OK) status = kf_render_frame(f->film, f->time, f->path, &params, &f->error);
    g_task_return_boolean(task, status == KF_OK);
}

static void written(GObject *object, GAsyncResult *result, gpointer data)
{
    Frame *f = g_task_get_task_data(G_TASK(result));
    const gboolean good = g_task_propagate_boolean(G_TASK(result), NULL);
    g_autofree char *text = good ? g_strdup_printf("Saved %s", f->path) : g_strdup(f->error.message);
    kerf_window_say(f->window, !good, text);
}

/* The dialog gives a path and nothing else: what was asked for waits with the window. */
#define PENDING "kerf-snapshot"

static void chosen(KerfWindow *window, const char *path)
{
    Frame *f = g_object_steal_data(G_OBJECT(window), PENDING);
    if (!f) return;
    f->window = g_object_ref(window);
    f->path = g_strdup(path);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, written, NULL);
    g_task_set_task_data(task, f, frame_free);
    g_task_run_in_thread(task, write_frame);
}

void kerf_snapshot_ask(KerfWindow *window, KerfDeck *deck)
{
    static const char *const patterns[] = {"*.png", "*.jpg", "*.webp", NULL};
    const kf_sequence_info *info = kerf_deck_info(deck);
    KerfDocument *document = kerf_window_document(window);
    char timecode[40];
    if (info->uid == 0) {
        kerf_window_say(window, FALSE, "The source monitor shows nothing to save");
        return;
    }
    Frame *f = g_new0(Frame, 1);
    if (kf_project_film(kerf_document_project(document), &f->film, &f->error) != KF_OK) {
        kerf_window_say(window, TRUE, f->error.message);
        g_free(f);
        return;
    }
    f->time = kerf_deck_position(deck);
    const gboolean source = kerf_deck_is_source(deck) && !kerf_document_source(document)->sequence;
    *(source ? &f->asset : &f->sequence) = g_strdup(info->id);
    g_object_set_data_full(G_OBJECT(window), PENDING, f, frame_free);
    kf_sequence_timecode(info, f->time, timecode, sizeof timecode);
    g_strdelimit(timecode, ":;", '-');
    g_autofree char *name = g_strdup_printf("%s %s.png", info->name, timecode);
    g_strdelimit(name, "/", '-');
    const KerfFileDialog dialog = {.title = "Save a Frame", .accept = "_Save", .filter = "Pictures", .patterns = patterns,
                                   .save = TRUE, .name = name};
    kerf_choose_file(window, &dialog, chosen);
}
