/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct _KerfDocument {
    GObject parent;
    kf_project *project;
    kf_film_handle *film;
    kf_gesture *gesture;
    GArray *created;          /* uint64_t */
    kf_error refusal;

    uint64_t sequence_uid;
    int32_t sequence;
    kf_sequence_info info;
    GArray *tabs;             /* uint64_t */
    kf_time playhead;
    KerfPlayback *program, *source_player;
    gboolean playing;         /* the program, when it last said */

    GArray *selection;        /* uint64_t, ascending */
    uint64_t focus;
    GArray *media;            /* uint64_t */
    KerfSource source;
    KerfSides sides;
    gboolean modes[KERF_MODES];
    char *title;
};

enum { CHANGED, SEQUENCE, PLAYHEAD, SELECTION, SOURCE, SIDES, STATE, MESSAGE, SIGNALS };
static guint signals[SIGNALS];

G_DEFINE_FINAL_TYPE(KerfDocument, kerf_document, G_TYPE_OBJECT)

/* ---- Following the project ---- */

static gboolean find_in_film(KerfDocument *d, uint64_t id, kf_timeline_item *out)
{
    kf_project_place place;
    return kf_project_find(d->project, id, &place, NULL) == KF_OK && place.sequence == d->sequence &&
           kf_timeline_item_at(d->film, place.sequence, place.track, place.index, out);
}

/* True if something was taken out. */
static gboolean prune_selection(KerfDocument *d)
{
    const guint before = d->selection->len;
    guint kept = 0;
    for (guint i = 0; i < d->selection->len; i++) {
        const uint64_t id = g_array_index(d->selection, uint64_t, i);
        kf_timeline_item item;
        if (find_in_film(d, id, &item)) g_array_index(d->selection, uint64_t, kept++) = id;
    }
    g_array_set_size(d->selection, kept);
    if (d->focus && !kerf_document_selected(d, d->focus)) {
        d->focus = kept ? g_array_index(d->selection, uint64_t, kept - 1) : 0;
    }
    return kept != before;
}

static void keep_live_tabs(KerfDocument *d)
{
    for (guint i = d->tabs->len; i-- > 0;) {
        if (kf_film_sequence_index(d->film, g_array_index(d->tabs, uint64_t, i)) < 0) g_array_remove_index(d->tabs, i);
    }
}

static void update_title(KerfDocument *d)
{
    kf_film_info info;
    g_free(d->title);
    if (kf_film_get_info(d->film, &info) && info.name[0]) {
        d->title = g_strdup(info.name);
    } else if (kerf_document_untitled(d)) {
        d->title = g_strdup("Untitled");
    } else {
        g_autofree char *base = g_path_get_basename(kf_project_path(d->project));
        char *dot = strrchr(base, '.');
        if (dot && dot != base) *dot = '\0';
        d->title = g_strdup(base);
    }
}

/* True if another sequence is edited than before. */
static gboolean update_sequence(KerfDocument *d)
{
    const uint64_t before = d->sequence_uid;
    keep_live_tabs(d);
    d->sequence = kf_film_sequence_index(d->film, d->sequence_uid);
    if (d->sequence < 0) {
        kf_film_info info = {0};
        kf_film_get_info(d->film, &info);
        d->sequence = info.main_sequence;
    }
    memset(&d->info, 0, sizeof d->info);
    kf_film_sequence(d->film, d->sequence, &d->info);
    d->sequence_uid = d->info.uid;
    return d->sequence_uid != before;
}

static void add_tab(KerfDocument *d)
{
    for (guint i = 0; i < d->tabs->len; i++) {
        if (g_array_index(d->tabs, uint64_t, i) == d->sequence_uid) return;
    }
    g_array_append_val(d->tabs, d->sequence_uid);
}

static void clear_selection(KerfDocument *d)
{
    g_array_set_size(d->selection, 0);
    d->focus = 0;
}

static void show_film(KerfDocument *d)
{
    kf_player *player = kerf_playback_player(d->program);
    if (player && d->info.id) kf_player_set_film(player, d->film, d->info.id, NULL);
}

static void film_changed(void *context, const kf_project_change *changes, size_t count)
{
    KerfDocument *d = context;
    kf_film_handle *film;
    kf_error error;
    if (kf_project_film(d->project, &film, &error) != KF_OK) {
        kerf_document_say(d, TRUE, "%s", error.message);
        return;
    }
    kf_film_handle *before = d->film;
    d->film = film;
    const gboolean other = update_sequence(d);
    if (other) {
        add_tab(d);
        clear_selection(d);
    }
    const gboolean pruned = prune_selection(d);
    update_title(d);
    show_film(d);
    g_signal_emit(d, signals[CHANGED], 0, (gpointer)changes, (guint)count);
    kf_film_close(before);
    if (other) g_signal_emit(d, signals[SEQUENCE], 0);
    if (other || pruned) g_signal_emit(d, signals[SELECTION], 0);
    g_signal_emit(d, signals[STATE], 0);
}

/* ---- The object ---- */

static void finalize(GObject *object)
{
    KerfDocument *d = KERF_DOCUMENT(object);
    kerf_document_close(d);
    g_clear_object(&d->program);
    g_clear_object(&d->source_player);
    g_array_unref(d->created);
    g_array_unref(d->tabs);
    g_array_unref(d->selection);
    g_array_unref(d->media);
    g_free(d->title);
    G_OBJECT_CLASS(kerf_document_parent_class)->finalize(object);
}

static guint new_signal(const char *name)
{
    return g_signal_new(name, KERF_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void kerf_document_class_init(KerfDocumentClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[CHANGED] = g_signal_new("changed", KERF_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                    G_TYPE_POINTER, G_TYPE_UINT);
    signals[SEQUENCE] = new_signal("sequence-changed");
    signals[PLAYHEAD] = new_signal("playhead-changed");
    signals[SELECTION] = new_signal("selection-changed");
    signals[SOURCE] = new_signal("source-changed");
    signals[SIDES] = new_signal("sides-changed");
    signals[STATE] = new_signal("state-changed");
    signals[MESSAGE] = g_signal_new("message", KERF_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                    G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void kerf_document_init(KerfDocument *d)
{
    d->created = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    d->tabs = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    d->selection = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    d->media = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    d->source.in = d->source.out = KF_TIME_NONE;
    d->modes[KERF_MODE_SNAP] = d->modes[KERF_MODE_LINKED] = d->modes[KERF_MODE_PROXIES] = TRUE;
}

/* While it plays, the playhead is where the player is. */
static void program_state(KerfPlayback *playback, gpointer data)
{
    KerfDocument *d = data;
    const kf_player_state *state = kerf_playback_state(playback);
    const gboolean was_playing = d->playing;
    d->playing = state->playing;
    if (!state->playing && !was_playing) return;
    if (state->position == d->playhead) return;
    d->playhead = kf_sequence_frame_time(&d->info, kf_sequence_frame(&d->info, state->position));
    g_signal_emit(d, signals[PLAYHEAD], 0);
}

static void player_problem(KerfPlayback *playback, const char *text, gpointer data) { kerf_document_say(data, TRUE, "%s", text); }

static KerfPlayback *add_player(KerfDocument *d, GKeyFile *settings)
{
    KerfPlayback *playback = kerf_playback_new(settings);
    g_signal_connect_object(playback, "problem", G_CALLBACK(player_problem), d, 0);
    return playback;
}

KerfDocument *kerf_document_new(kf_project *project, GKeyFile *settings)
{
    KerfDocument *d = g_object_new(KERF_TYPE_DOCUMENT, NULL);
    kf_error error;
    d->project = project;
    if (kf_project_film(project, &d->film, &error) != KF_OK) {
        g_object_unref(d);
        return NULL;
    }
    update_sequence(d);
    add_tab(d);
    update_title(d);
    d->program = add_player(d, settings);
    d->source_player = add_player(d, settings);
    g_signal_connect_object(d->program, "state", G_CALLBACK(program_state), d, 0);
    g_signal_connect_object(d->program, "picture", G_CALLBACK(program_state), d, 0);
    show_film(d);
    kf_project_listen(project, film_changed, d);
    return d;
}

void kerf_document_close(KerfDocument *d)
{
    kerf_document_gesture_cancel(d);
    if (d->program) kerf_playback_close(d->program);
    if (d->source_player) kerf_playback_close(d->source_player);
    g_clear_pointer(&d->film, kf_film_close);
    if (d->project) kf_project_listen(d->project, NULL, NULL);
    if (d->project) kf_project_close(d->project, NULL);
    d->project = NULL;
}

/* ---- Opening ---- */

static void set_error(GError **error, const kf_error *why)
{
    g_set_error_literal(error, G_IO_ERROR,
                        why->status == KF_ERR_NOT_FOUND   ? G_IO_ERROR_NOT_FOUND
                        : why->status == KF_ERR_CANCELLED ? G_IO_ERROR_CANCELLED
                                                          : G_IO_ERROR_FAILED,
                        why->message);
}

/* Another form than .kerf becomes an untitled project: what was opened is never written over. */
static kf_status open_any(const char *path, kf_project **out, kf_error *error)
{
    if (g_str_has_suffix(path, ".kerf")) return kf_project_open(path, NULL, out, error);
    return kf_project_import(path, out, error);
}

static void open_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    kf_project *project;
    kf_error error;
    if (open_any(data, &project, &error) == KF_OK) {
        g_task_return_pointer(task, project, NULL);
        return;
    }
    GError *why = NULL;
    set_error(&why, &error);
    g_task_return_error(task, why);
}

void kerf_document_open_async(const char *path, GCancellable *cancel, GAsyncReadyCallback done, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancel, done, data);
    g_task_set_task_data(task, g_strdup(path), g_free);
    g_task_run_in_thread(task, open_thread);
}

KerfDocument *kerf_document_open_finish(GAsyncResult *result, GKeyFile *settings, GError **error)
{
    kf_project *project = g_task_propagate_pointer(G_TASK(result), error);
    return project ? kerf_document_new(project, settings) : NULL;
}

KerfDocument *kerf_document_create(const char *preset, GKeyFile *settings, GError **error)
{
    const kf_project_create_params params = {.preset = preset, .video_tracks = 3, .audio_tracks = 3};
    kf_project *project;
    kf_error why;
    if (kf_project_create(NULL, &params, &project, &why) == KF_OK) return kerf_document_new(project, settings);
    set_error(error, &why);
    return NULL;
}

kf_project *kerf_document_project(KerfDocument *d) { return d->project; }
const char *kerf_document_path(KerfDocument *d) { return kf_project_path(d->project); }
const char *kerf_document_title(KerfDocument *d) { return d->title; }

gboolean kerf_document_untitled(KerfDocument *d) { return kf_project_untitled(d->project); }

/* ---- State ---- */

const kf_film_handle *kerf_document_film(KerfDocument *d) { return d->film; }
int32_t kerf_document_sequence(KerfDocument *d) { return d->sequence; }
const kf_sequence_info *kerf_document_sequence_info(KerfDocument *d) { return &d->info; }
GArray *kerf_document_tabs(KerfDocument *d) { return d->tabs; }

void kerf_document_show_sequence(KerfDocument *d, uint64_t uid)
{
    if (uid == d->sequence_uid || kf_film_sequence_index(d->film, uid) < 0) return;
    d->sequence_uid = uid;
    update_sequence(d);
    add_tab(d);
    clear_selection(d);
    d->playhead = MIN(d->playhead, d->info.duration);
    show_film(d);
    g_signal_emit(d, signals[SEQUENCE], 0);
    g_signal_emit(d, signals[SELECTION], 0);
    g_signal_emit(d, signals[PLAYHEAD], 0);
}

void kerf_document_close_tab(KerfDocument *d, uint64_t uid)
{
    if (d->tabs->len <= 1) return;
    for (guint i = 0; i < d->tabs->len; i++) {
        if (g_array_index(d->tabs, uint64_t, i) != uid) continue;
        g_array_remove_index(d->tabs, i);
        if (uid == d->sequence_uid) {
            kerf_document_show_sequence(d, g_array_index(d->tabs, uint64_t, MIN(i, d->tabs->len - 1)));
        } else {
            g_signal_emit(d, signals[STATE], 0);
        }
        return;
    }
}

/* ---- Playhead ---- */

kf_time kerf_document_playhead(KerfDocument *d) { return d->playhead; }

static void move_playhead(KerfDocument *d, kf_time t, void (*move)(kf_player *, kf_time))
{
    const kf_time at = kf_sequence_frame_time(&d->info, kf_sequence_frame(&d->info, MAX(t, 0)));
    kf_player *player = kerf_playback_player(d->program);
    if (player) move(player, at);
    if (at == d->playhead) return;
    d->playhead = at;
    g_signal_emit(d, signals[PLAYHEAD], 0);
}

void kerf_document_seek(KerfDocument *d, kf_time t) { move_playhead(d, t, kf_player_seek); }
void kerf_document_scrub(KerfDocument *d, kf_time t) { move_playhead(d, t, kf_player_scrub); }

void kerf_document_seek_frames(KerfDocument *d, gint64 by)
{
    const gint64 frame = kf_sequence_frame(&d->info, d->playhead) + by;
    kerf_document_seek(d, kf_sequence_frame_time(&d->info, MAX(frame, 0)));
}

/* ---- Selection ---- */

static guint selection_index(KerfDocument *d, uint64_t id)
{
    guint low = 0, high = d->selection->len;
    while (low < high) {
        const guint middle = (low + high) / 2;
        if (g_array_index(d->selection, uint64_t, middle) < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const uint64_t *kerf_document_selection(KerfDocument *d, size_t *count)
{
    *count = d->selection->len;
    return (const uint64_t *)(void *)d->selection->data;
}

gboolean kerf_document_selected(KerfDocument *d, uint64_t id)
{
    const guint i = selection_index(d, id);
    return i < d->selection->len && g_array_index(d->selection, uint64_t, i) == id;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

void kerf_document_select(KerfDocument *d, const uint64_t *ids, size_t count)
{
    const uint64_t last = count ? ids[count - 1] : 0;
    if (count == d->selection->len && (count == 0 || memcmp(ids, d->selection->data, count * sizeof *ids) == 0) &&
        d->focus == last) {
        return;
    }
    g_array_set_size(d->selection, 0);
    if (count) g_array_append_vals(d->selection, ids, (guint)count);
    g_array_sort(d->selection, compare_ids);
    d->focus = last;
    g_signal_emit(d, signals[SELECTION], 0);
}

void kerf_document_select_toggle(KerfDocument *d, uint64_t id)
{
    const guint i = selection_index(d, id);
    if (kerf_document_selected(d, id)) {
        g_array_remove_index(d->selection, i);
        if (d->focus == id) d->focus = d->selection->len ? g_array_index(d->selection, uint64_t, 0) : 0;
    } else {
        g_array_insert_val(d->selection, i, id);
        d->focus = id;
    }
    g_signal_emit(d, signals[SELECTION], 0);
}

uint64_t kerf_document_focus(KerfDocument *d) { return d->focus; }

void kerf_document_set_focus(KerfDocument *d, uint64_t id)
{
    if (d->focus == id) return;
    d->focus = id;
    g_signal_emit(d, signals[SELECTION], 0);
}

gboolean kerf_document_find(KerfDocument *d, uint64_t id, kf_timeline_item *out)
{
    return id != 0 && find_in_film(d, id, out);
}

GArray *kerf_document_media_selection(KerfDocument *d) { return d->media; }

void kerf_document_select_media(KerfDocument *d, const uint64_t *uids, size_t count)
{
    if (count == d->media->len && (count == 0 || memcmp(uids, d->media->data, count * sizeof *uids) == 0)) return;
    g_array_set_size(d->media, 0);
    if (count) g_array_append_vals(d->media, uids, (guint)count);
    g_signal_emit(d, signals[SELECTION], 0);
}

/* ---- Source ---- */

const KerfSource *kerf_document_source(KerfDocument *d) { return &d->source; }

static void show_source(KerfDocument *d)
{
    kf_player *player = kerf_playback_player(d->source_player);
    const int32_t index = d->source.sequence ? kf_film_sequence_index(d->film, d->source.uid)
                                             : kf_film_asset_index(d->film, d->source.uid);
    kf_sequence_info sequence;
    kf_asset_info asset;
    if (!player) return;
    if (d->source.sequence && kf_film_sequence(d->film, index, &sequence)) {
        kf_player_set_film(player, d->film, sequence.id, NULL);
    } else if (!d->source.sequence && kf_film_asset(d->film, index, &asset)) {
        const kf_media_source media = {.film = d->film, .asset = asset.id};
        kf_player_set_media(player, &media, NULL);
    } else {
        kf_player_set_film(player, NULL, NULL, NULL);
    }
}

void kerf_document_set_source(KerfDocument *d, const KerfSource *source)
{
    const gboolean other = source->uid != d->source.uid;
    kf_player *player = kerf_playback_player(d->source_player);
    d->source = *source;
    if (other) show_source(d);
    if (player) kf_player_set_range(player, source->in, source->out);
    if (player && other) kf_player_seek(player, source->position);
    g_signal_emit(d, signals[SOURCE], 0);
}

/* ---- Both sides of a cut ---- */

const KerfSides *kerf_document_sides(KerfDocument *d) { return &d->sides; }

void kerf_document_show_sides(KerfDocument *d, const KerfSides *sides)
{
    if (!sides->shown && !d->sides.shown) return;
    d->sides = *sides;
    g_signal_emit(d, signals[SIDES], 0);
}

KerfPlayback *kerf_document_program(KerfDocument *d) { return d->program; }
KerfPlayback *kerf_document_source_player(KerfDocument *d) { return d->source_player; }

/* ---- Edits ---- */

static void keep_outcome(KerfDocument *d, const kf_edit_outcome *outcome)
{
    g_array_set_size(d->created, 0);
    if (outcome->id_count) g_array_append_vals(d->created, outcome->ids, (guint)outcome->id_count);
}

/* A refusal without the place in a script ("edit:1: ") that it begins with: there was no script that anyone saw. */
static const char *without_place(const char *message)
{
    int used = 0;
    if (sscanf(message, "edit:%*d:%n", &used) == 0 && used > 0) message += used;
    return message + (*message == ' ');
}

static gboolean report(KerfDocument *d, kf_status status, const kf_error *error)
{
    if (status != KF_OK) kerf_document_say(d, TRUE, "%s", without_place(error->message));
    return status == KF_OK;
}

gboolean kerf_document_edit(KerfDocument *d, const char *label, char *operations)
{
    const kf_edit_script script = {.text = operations, .length = strlen(operations), .label = label};
    kf_edit_outcome outcome = {0};
    kf_error error;
    const kf_status status = kf_project_apply(d->project, &script, &outcome, &error);
    if (status == KF_OK) keep_outcome(d, &outcome);
    g_free(operations);
    for (size_t i = 0; status == KF_OK && i < outcome.note_count; i++) {
        kerf_document_say(d, FALSE, "%s", outcome.notes[i]);
    }
    return report(d, status, &error);
}

const uint64_t *kerf_document_created(KerfDocument *d, size_t *count)
{
    *count = d->created->len;
    return (const uint64_t *)(void *)d->created->data;
}

gboolean kerf_document_gesture_begin(KerfDocument *d)
{
    kf_error error;
    if (d->gesture) return FALSE;
    return report(d, kf_gesture_begin(d->project, &d->gesture, &error), &error);
}

gboolean kerf_document_gesture_update(KerfDocument *d, char *operations, const char **refusal)
{
    kf_edit_outcome outcome = {0};
    const kf_status status = d->gesture ? kf_gesture_update(d->gesture, operations, strlen(operations), &outcome, &d->refusal)
                                        : KF_ERR_USAGE;
    if (status == KF_OK) keep_outcome(d, &outcome);
    if (refusal) *refusal = status == KF_OK ? NULL : without_place(d->refusal.message);
    g_free(operations);
    return status == KF_OK;
}

gboolean kerf_document_gesture_commit(KerfDocument *d, const char *label)
{
    kf_error error;
    if (!d->gesture) return FALSE;
    kf_gesture *gesture = d->gesture;
    d->gesture = NULL;
    const gboolean done = report(d, kf_gesture_commit(gesture, label, &error), &error);
    g_signal_emit(d, signals[STATE], 0);
    return done;
}

void kerf_document_gesture_cancel(KerfDocument *d)
{
    kf_gesture *gesture = d->gesture;
    d->gesture = NULL;
    if (gesture) kf_gesture_cancel(gesture);
}

gboolean kerf_document_in_gesture(KerfDocument *d) { return d->gesture != NULL; }

static void history_step(KerfDocument *d, kf_status (*step)(kf_project *, kf_error *))
{
    kf_error error;
    kerf_document_gesture_cancel(d);
    report(d, step(d->project, &error), &error);
}

void kerf_document_undo(KerfDocument *d)
{
    if (kf_project_undo_label(d->project)) history_step(d, kf_project_undo);
}

void kerf_document_redo(KerfDocument *d)
{
    if (kf_project_redo_label(d->project)) history_step(d, kf_project_redo);
}

void kerf_document_go(KerfDocument *d, uint64_t number)
{
    kf_error error;
    kerf_document_gesture_cancel(d);
    report(d, kf_project_go(d->project, number, &error), &error);
}

gboolean kerf_document_save(KerfDocument *d)
{
    kf_error error;
    const gboolean saved = report(d, kf_project_save(d->project, &error), &error);
    g_signal_emit(d, signals[STATE], 0);
    return saved;
}

gboolean kerf_document_save_as(KerfDocument *d, const char *path)
{
    kf_error error;
    const gboolean saved = report(d, kf_project_save_as(d->project, path, &error), &error);
    update_title(d);
    g_signal_emit(d, signals[STATE], 0);
    return saved;
}

gboolean kerf_document_revert(KerfDocument *d)
{
    kf_error error;
    kerf_document_gesture_cancel(d);
    return report(d, kf_project_revert(d->project, &error), &error);
}

/* Number of the first target track of a kind; 1 if none is; 0: there are no tracks of that kind. */
static int target_track(KerfDocument *d, gboolean audio)
{
    kf_track_info track;
    int usual = 0;
    for (int32_t i = 0; kf_film_track(d->film, d->sequence, i, &track); i++) {
        if ((gboolean)track.audio != audio || track.lock) continue;
        if (track.target) return track.number;
        if (usual == 0 || track.number < usual) usual = track.number;
    }
    return usual;
}

char *kerf_document_targets(KerfDocument *d, gboolean video, gboolean audio)
{
    const int picture = target_track(d, FALSE), sound = target_track(d, TRUE);
    if (!video) return g_strdup_printf("\"track\": \"A%d\"", MAX(sound, 1));
    if (!audio || sound == 0) return g_strdup_printf("\"track\": \"V%d\"", MAX(picture, 1));
    return g_strdup_printf("\"track\": \"V%d\", \"audio_track\": \"A%d\"", MAX(picture, 1), sound);
}

void kerf_document_say(KerfDocument *d, gboolean error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_signal_emit(d, signals[MESSAGE], 0, text, error);
}

/* ---- Modes ---- */

gboolean kerf_document_mode(KerfDocument *d, KerfMode mode) { return d->modes[mode]; }

void kerf_document_set_mode(KerfDocument *d, KerfMode mode, gboolean on)
{
    if (d->modes[mode] == on) return;
    d->modes[mode] = on;
    g_signal_emit(d, signals[STATE], 0);
}
