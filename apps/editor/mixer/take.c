/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "take.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "media/import.h"
#include "text.h"

struct KerfTakeFile {
    char *folder, *path, *problem;
};

static void file_free(gpointer data)
{
    KerfTakeFile *f = data;
    g_free(f->folder);
    g_free(f->path);
    g_free(f->problem);
}
static void file_unref(gpointer data)
{
    g_atomic_rc_box_release_full(data, file_free);
}

void kerf_take_clear(KerfTake *take)
{
    g_clear_pointer(&take->file, file_unref);
}

const char *kerf_take_path(const KerfTake *take)
{
    return take->file ? g_atomic_pointer_get(&take->file->path) : NULL;
}
const char *kerf_take_problem(const KerfTake *take)
{
    return take->file ? g_atomic_pointer_get(&take->file->problem) : NULL;
}

static char *free_name(const char *folder)
{
    for (int n = 1;; n++) {
        g_autofree char *name = g_strdup_printf("Voice-over %d.wav", n);
        char *path = g_build_filename(folder, name, NULL);
        if (!g_file_test(path, G_FILE_TEST_EXISTS)) return path;
        g_free(path);
    }
}

static void prepare_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    KerfTakeFile *f = data;
    if (g_mkdir_with_parents(f->folder, 0755) == 0) {
        g_atomic_pointer_set(&f->path, free_name(f->folder));
    } else {
        g_atomic_pointer_set(&f->problem, g_strdup_printf("The folder %s for voice-overs cannot be made: %s", f->folder,
                                                          g_strerror(errno)));
    }
}

void kerf_take_prepare(KerfTake *take, KerfDocument *document)
{
    kerf_take_clear(take);
    take->file = g_atomic_rc_box_new0(KerfTakeFile);
    g_autofree char *beside = g_path_get_dirname(kerf_document_path(document));
    take->file->folder = kerf_document_untitled(document)
                             ? g_build_filename(g_get_user_data_dir(), "kerf", "Voice-over", NULL)
                             : g_build_filename(beside, "Voice-over", NULL);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, NULL, NULL);
    g_task_set_task_data(task, g_atomic_rc_box_acquire(take->file), file_unref);
    g_task_run_in_thread(task, prepare_thread);
}

/* ---- Its end ---- */

void kerf_take_end_init(KerfTakeEnd *end, const kf_recorder_take *take)
{
    GStatBuf facts;
    end->path = g_strdup(take->path);
    end->problem = take->error ? g_strdup(take->error->message) : NULL;
    end->frames = take->frames;
    end->duration = take->rate > 0 ? take->frames * (KF_SECOND / 100) / take->rate * 100 : 0;
    end->start_ns = take->start_ns;
    end->bytes = take->frames > 0 && g_stat(take->path, &facts) == 0 ? (gint64)facts.st_size : 0;
}

void kerf_take_end_clear(KerfTakeEnd *end)
{
    g_free(end->path);
    g_free(end->problem);
}

/* ---- Its place ---- */

static kf_time of_ns(gint64 ns)
{
    return ns / 1000 * (KF_SECOND / 1000000) + ns % 1000 * KF_SECOND / 1000000000;
}

/* The first track that edits go to; one is added where there is none. */
static char *track_of(KerfDocument *document, const char *sequence, GString *script)
{
    kf_track_info track;
    for (int32_t i = 0; kf_film_track(kerf_document_film(document), kerf_document_sequence(document), i, &track); i++) {
        if (track.audio && !track.lock) return kerf_document_targets(document, FALSE, TRUE);
    }
    g_string_append_printf(script, "{\"op\": \"add_track\", \"sequence\": %s, \"kind\": \"audio\", \"index\": -1}\n",
                           sequence);
    int32_t number = 1;
    for (int32_t i = 0; kf_film_track(kerf_document_film(document), kerf_document_sequence(document), i, &track); i++) {
        if (track.audio) number = MAX(number, track.number + 1);
    }
    return g_strdup_printf("\"track\": \"A%d\"", number);
}

static void append_clip(GString *script, KerfDocument *document, const char *id, kf_time at, kf_time in)
{
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(document)->id),
                    *asset = kerf_json_quote(id);
    g_autofree char *track = track_of(document, sequence, script);
    g_autofree char *op =
        kerf_json_operation("overwrite", "\"sequence\": %s, %s, \"at\": %s, \"asset\": %s, \"in\": %s", sequence, track,
                            kerf_json_time(at).text, asset, kerf_json_time(in).text);
    g_string_append(script, op);
}

void kerf_take_place(const KerfTake *take, KerfDocument *document, const KerfTakeEnd *end, gint64 drift)
{
    const kf_media_summary facts = {.audio_streams = 1, .duration = end->duration, .bytes = end->bytes};
    const kf_time first = drift == G_MININT64 ? take->from : of_ns(end->start_ns + drift);
    const kf_time in = CLAMP(take->from - first, 0, end->duration);
    if (end->problem) kerf_document_say(document, TRUE, "%s", end->problem);
    if (end->frames <= 0 || in >= end->duration) return;
    g_autofree char *id = NULL, *import = kerf_import_operation(document, end->path, "Voice-over", &facts, &id);
    g_autoptr(GString) script = g_string_new(import);
    append_clip(script, document, id, MAX(take->from, first), in);
    if (kerf_document_edit(document, "Voice-over", g_strdup(script->str))) return;
    kerf_document_edit(document, "Voice-over", g_strdup(import)); /* the take is kept */
}
