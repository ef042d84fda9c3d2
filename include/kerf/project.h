/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, projects: films that are edited. A .kerf file keeps every state: each edit is on disk a moment
 * later, undo works across restarts, nothing is lost by a crash. A film as JSON is edited too: it is rewritten with each
 * edit and has no history.
 *
 * Conventions as in kerf.h. A project is used by one thread at a time. */
#ifndef KERF_PROJECT_H
#define KERF_PROJECT_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kf_project kf_project;

typedef struct kf_project_params {
    bool read_only;          /* no lock, no edits */
} kf_project_params;

/* Opens a .kerf file, or a film as JSON. params may be NULL. KF_ERR_NOT_FOUND; KF_ERR_IO if another process has it open
 * for editing, with who; KF_ERR_PARSE if it is damaged (kf_recover helps); KF_ERR_UNSUPPORTED for forms that are only
 * imported (kf_convert makes a .kerf of them). */
KF_API kf_status kf_project_open(const char *path, const kf_project_params *params, kf_project **out, kf_error *error);
typedef struct kf_project_create_params {
    const char *name;        /* of the project; NULL: none */
    const char *preset;      /* of kf_describe_presets, for its sequence; NULL: size and rate are left to the first clip */
    int32_t video_tracks, audio_tracks;
} kf_project_create_params;
/* Makes a new .kerf project with one empty sequence and opens it. path NULL: an untitled one, which lives in the user's data
 * folder ($XDG_DATA_HOME/kerf/untitled, else ~/.local/share/kerf/untitled) and survives a crash like any other. params may be
 * NULL. KF_ERR_EXISTS if there is a file at the path; KF_ERR_NOT_FOUND: no such preset. */
KF_API kf_status kf_project_create(const char *path, const kf_project_create_params *params, kf_project **out,
                                   kf_error *error);
/* Reads a film in any form (as kf_film_open) into a new untitled project: what was read is never written to. */
KF_API kf_status kf_project_import(const char *path, kf_project **out, kf_error *error);
/* Where it lives; good until it is closed, or saved elsewhere. */
KF_API const char *kf_project_path(const kf_project *project);
/* Whether it lives among the untitled ones. */
KF_API bool kf_project_untitled(const kf_project *project);
/* Whether edits get to the disk: KF_OK, or how the last attempt to write them failed; they wait in memory then, and further
 * attempts follow. error may be NULL. */
KF_API kf_status kf_project_written(const kf_project *project, kf_error *error);
/* All edits of a .kerf file are on disk when it returns; if the disk fails, *error says so (error may be NULL). NULL is
 * fine. */
KF_API kf_status kf_project_close(kf_project *project, kf_error *error);

/* ---- Edits ---- */

/* One transaction: all of it becomes one step of history, or nothing happens. */
typedef struct kf_edit_script {
    const char *text;        /* operations as JSON objects, {"op": name, argument: value, ...}: one a line, or a list */
    size_t length;
    const char *name;        /* starts messages, such as the script's file name; NULL: "edit" */
    const char *label;       /* of the step in history; NULL: made from the operations */
    bool dry_run;            /* checks and reports, and changes nothing */
} kf_edit_script;
/* *report (may be NULL) is JSON: {"label", "created": [ids], "notes": [side effects in words], "changes": [...]}; end with
 * kf_string_free. */
KF_API kf_status kf_project_edit(kf_project *project, const kf_edit_script *script, char **report, kf_error *error);
/* An operation with its arguments as "name=value" texts, as a JSON line for a script. */
KF_API kf_status kf_edit_format(const char *operation, const char *const *arguments, int count, char **out,
                                kf_error *error);
/* The operations with their arguments; name: only that one. */
KF_API kf_status kf_describe_edits(const char *name, kf_text_format format, char **out, kf_error *error);

/* ---- Editing in a program ---- */

typedef enum kf_project_change_kind {
    KF_PROJECT_CHANGED,                             /* its name, main sequence, bins */
    KF_PROJECT_ASSET_ADDED, KF_PROJECT_ASSET_REMOVED, KF_PROJECT_ASSET_CHANGED,
    KF_PROJECT_SEQUENCE_ADDED, KF_PROJECT_SEQUENCE_REMOVED,
    KF_PROJECT_SEQUENCE_CHANGED,                    /* its properties, effects, name */
    KF_PROJECT_MARKERS_CHANGED,                     /* of the sequence */
    KF_PROJECT_TRACKS_CHANGED,                      /* tracks were added, removed or put in another order */
    KF_PROJECT_TRACK_CHANGED,                       /* a track's properties, effects, name */
    KF_PROJECT_ITEMS_CHANGED                        /* a run of a track's items became another one */
} kf_project_change_kind;
/* What differs between two states, so that a reader can apply it without reading all again. */
typedef struct kf_project_change {
    kf_project_change_kind kind;
    uint64_t sequence, track, asset;                /* uids; 0 if it is not about one */
    /* ITEMS_CHANGED: items [old_index, old_index + removed), which lay over [old_start, old_end), became items
     * [new_index, new_index + inserted) over [new_start, new_end). Runs come in order; what follows one has moved by
     * new_end - old_end. */
    int64_t old_index, removed, new_index, inserted;
    kf_time old_start, old_end, new_start, new_end;
} kf_project_change;
/* Called on the editing thread after each edit, undo, redo, step through history, revert, and move of a gesture that changed
 * anything, with what differs from the state before; count 0: it cannot be told what, anything may differ. The list is good
 * for the call; the project must not be edited from within. One listener a project; fn NULL: none. */
typedef void kf_project_changed_fn(void *context, const kf_project_change *changes, size_t count);
KF_API void kf_project_listen(kf_project *project, kf_project_changed_fn *fn, void *context);

/* As kf_project_edit, with what was done as plain data: ids of what it made, and side effects in words. Good until the next
 * edit. outcome may be NULL. */
typedef struct kf_edit_outcome {
    const uint64_t *ids;
    size_t id_count;
    const char *const *notes;
    size_t note_count;
} kf_edit_outcome;
KF_API kf_status kf_project_apply(kf_project *project, const kf_edit_script *script, kf_edit_outcome *outcome,
                                  kf_error *error);

/* A gesture, such as a drag: many updates, each from where it began, that become one step of history. A project has one at a
 * time, and no other edits meanwhile. */
typedef struct kf_gesture kf_gesture;
KF_API kf_status kf_gesture_begin(kf_project *project, kf_gesture **out, kf_error *error);
/* Back to where it began, then the operations (as kf_edit_script.text). If they are refused, the gesture stands where it
 * stood before the call, and may go on. */
KF_API kf_status kf_gesture_update(kf_gesture *gesture, const char *operations, size_t length, kf_edit_outcome *outcome,
                                   kf_error *error);
/* The state as it would be, to show it; kf_project_film gives the same while a gesture is under way. */
KF_API kf_status kf_gesture_film(kf_gesture *gesture, kf_film_handle **out, kf_error *error);
/* Ends the gesture with a step of history (label NULL: made from the operations), or without a trace. The gesture is gone
 * afterwards in any case. */
KF_API kf_status kf_gesture_commit(kf_gesture *gesture, const char *label, kf_error *error);
KF_API void kf_gesture_cancel(kf_gesture *gesture);

/* Where a clip or transition is in the present state: indices of its sequence and track, and of the item (kerf/timeline.h).
 * O(log n). KF_ERR_NOT_FOUND. */
typedef struct kf_project_place {
    int32_t sequence, track;
    int64_t index;
} kf_project_place;
KF_API kf_status kf_project_find(kf_project *project, uint64_t id, kf_project_place *out, kf_error *error);

typedef struct kf_relink_params {
    const char *const *folders; /* searched with all folders in them */
    int32_t folder_count;
    bool dry_run;            /* only reports */
} kf_relink_params;
/* Looks for files of assets whose own are not there, and points the assets to them in one step of history. Where the film
 * knows the hash of a file, a file with the same content is found under any name; otherwise it must have the same name, and
 * the same size if that is known; among several the one with the most folders in common at the end of its path is taken,
 * and none if that does not decide. Numbered pictures are not searched for. *report (may be NULL) has a line for each
 * missing asset. KF_ERR_NOT_FOUND: a folder cannot be read. */
KF_API kf_status kf_project_relink(kf_project *project, const kf_relink_params *params, char **report, kf_error *error);

/* ---- History (of .kerf files; KF_ERR_UNSUPPORTED for JSON) ---- */

KF_API kf_status kf_project_undo(kf_project *project, kf_error *error); /* KF_ERR_INVALID: nothing to undo */
KF_API kf_status kf_project_redo(kf_project *project, kf_error *error);
/* To any state, by the number that the log shows. */
KF_API kf_status kf_project_go(kf_project *project, uint64_t number, kf_error *error);
/* The states from the newest on; all: also those that undo has left aside. */
KF_API kf_status kf_project_log(kf_project *project, bool all, kf_text_format format, char **out, kf_error *error);
typedef struct kf_project_step {
    uint64_t number;          /* for kf_project_go */
    uint64_t parent;          /* number of the state it was made on; 0: none */
    const char *label;        /* good for the call */
    int64_t time;             /* microseconds since 1970 */
    bool present, saved;      /* where the project is; what was saved last */
    bool undone;              /* ahead of the present state: redo leads there; or left aside */
} kf_project_step;
/* Calls fn for the states from the newest on, those that undo has left aside among them, until it returns false. */
typedef bool kf_project_step_fn(void *context, const kf_project_step *step);
KF_API kf_status kf_project_history(kf_project *project, kf_project_step_fn *fn, void *context, kf_error *error);
/* Label of what undo (redo) would do; NULL if there is nothing. Good until the next edit. */
KF_API const char *kf_project_undo_label(kf_project *project);
KF_API const char *kf_project_redo_label(kf_project *project);
/* Whether there are steps since the state that was saved last. */
KF_API bool kf_project_unsaved(kf_project *project);
/* Marks the present state as saved and waits until it is on disk. */
KF_API kf_status kf_project_save(kf_project *project, kf_error *error);
/* Writes the project with its history to another .kerf file, replacing what is there, and goes on in that one; relative paths
 * of media are rewritten to lead to the same files. An untitled one is gone from where it was, any other stays as it is. */
KF_API kf_status kf_project_save_as(kf_project *project, const char *path, kf_error *error);
/* Back to the state that was saved last, as a new step of history. */
KF_API kf_status kf_project_revert(kf_project *project, kf_error *error);
/* Rewrites the file with what is in use; drop_history: without the steps before the saved state and the present one. */
KF_API kf_status kf_project_compact(kf_project *project, bool drop_history, kf_error *error);

/* ---- Films of a project ---- */

/* The present state, for rendering and the other functions of kerf.h. It stays as it is while the project is edited, and
 * good after the project was closed. kf_film_close ends it. */
KF_API kf_status kf_project_film(kf_project *project, kf_film_handle **out, kf_error *error);
/* A state of a .kerf file's history, by the number that the log shows. KF_ERR_NOT_FOUND, and as kf_project_open. */
KF_API kf_status kf_film_open_state(const char *path, uint64_t number, kf_film_handle **out, kf_error *error);
/* What differs between two films, in the order of the second one: a line for each asset, sequence, track, clip and transition
 * that was added, removed or changed, with what changed; as JSON a list of objects (docs/cli.md). "" (JSON: an empty list) if
 * nothing does. Assets and sequences go by their ids, tracks, clips and transitions by their numbers. End *out with
 * kf_string_free; *different (may be NULL) says whether anything differs. */
KF_API kf_status kf_film_compare(const kf_film_handle *from, const kf_film_handle *to, kf_text_format format, char **out,
                                 bool *different, kf_error *error);

/* ---- Safety ---- */

/* Reads a whole .kerf file and checks every byte of it. KF_ERR_PARSE names the first damage. *report (may be NULL) is
 * one line about it. */
KF_API kf_status kf_project_verify(const char *path, char **report, kf_error *error);
/* Writes what can be saved of a damaged .kerf file to a new one; *report (may be NULL) says what was lost. */
KF_API kf_status kf_project_recover(const char *path, const char *output, char **report, kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
