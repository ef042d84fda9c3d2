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
/* Where it lives; good until it is closed. */
KF_API const char *kf_project_path(const kf_project *project);
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
/* Marks the present state as saved and waits until it is on disk. */
KF_API kf_status kf_project_save(kf_project *project, kf_error *error);
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
