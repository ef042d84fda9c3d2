/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An open project as the editor's panels see it: its present state, the sequence that is edited, the playhead, what is
 * selected, and edits with their errors shown. Belongs to the main thread.
 *
 * Signals
 *   "changed" (gpointer kf_project_change *, guint count)  the film is another one: re-read what the changes name. Emitted for
 *                                        every edit, undo, and move of a gesture. Texts of the state before are gone after it.
 *   "sequence-changed"                   another sequence is edited
 *   "playhead-changed"
 *   "selection-changed"                  clips, transitions, assets or the focused object
 *   "source-changed"                     what the source monitor shows, or its marks
 *   "sides-changed"                      both sides of a cut are to be looked at, or no longer
 *   "state-changed"                      title, saved state, undo labels, modes (snapping, linked selection)
 *   "message" (char *text, gboolean error)   to be shown for a moment */
#ifndef KERF_EDITOR_DOCUMENT_H
#define KERF_EDITOR_DOCUMENT_H

#include <gio/gio.h>

#include "kerf/project.h"
#include "kerf/timeline.h"
#include "playback.h"

#define KERF_TYPE_DOCUMENT (kerf_document_get_type())
G_DECLARE_FINAL_TYPE(KerfDocument, kerf_document, KERF, DOCUMENT, GObject)

/* ---- Opening ---- */

/* Takes the project over. settings as in kerf_playback_new. */
KerfDocument *kerf_document_new(kf_project *project, GKeyFile *settings);
/* Opens a project, or imports another editor's file as an untitled one, on a thread of its own. */
void kerf_document_open_async(const char *path, GCancellable *cancel, GAsyncReadyCallback done, gpointer data);
KerfDocument *kerf_document_open_finish(GAsyncResult *result, GKeyFile *settings, GError **error);
/* A new untitled project. preset as in kf_describe_presets, NULL: size and rate come with the first clip. */
KerfDocument *kerf_document_create(const char *preset, GKeyFile *settings, GError **error);
/* Ends the project; nothing is lost. */
void kerf_document_close(KerfDocument *document);

kf_project *kerf_document_project(KerfDocument *document);
const char *kerf_document_path(KerfDocument *document);
gboolean kerf_document_untitled(KerfDocument *document);
/* Name to show: of the project, its file, or "Untitled". */
const char *kerf_document_title(KerfDocument *document);

/* ---- State ---- */

/* The present state (a gesture's, while there is one). Borrowed until the next "changed" has been handled; for longer, or for
 * another thread, take one with kf_project_film. */
const kf_film_handle *kerf_document_film(KerfDocument *document);
/* Index in the film of the sequence that is edited, and what it is. */
int32_t kerf_document_sequence(KerfDocument *document);
const kf_sequence_info *kerf_document_sequence_info(KerfDocument *document);
/* Edits another sequence; it is added to kerf_document_tabs. */
void kerf_document_show_sequence(KerfDocument *document, uint64_t uid);
/* Uids of the sequences that are open, in the order of their tabs (element type guint64). Borrowed. */
GArray *kerf_document_tabs(KerfDocument *document);
void kerf_document_close_tab(KerfDocument *document, uint64_t uid);

/* ---- Playhead ---- */

/* The playhead is the program player's position. */
kf_time kerf_document_playhead(KerfDocument *document);
/* Moves it, clamped to 0 .. and snapped to the frame at or before t. */
void kerf_document_seek(KerfDocument *document, kf_time t);
/* The same under a moving hand: nearby pictures stand in. Ends with a seek. */
void kerf_document_scrub(KerfDocument *document, kf_time t);
void kerf_document_seek_frames(KerfDocument *document, gint64 by);

/* ---- Selection ---- */

/* Clips and transitions of the sequence, ids ascending. Borrowed until the selection changes. Ids of what an edit removed are
 * taken out before "changed" is emitted. */
const uint64_t *kerf_document_selection(KerfDocument *document, size_t *count);
gboolean kerf_document_selected(KerfDocument *document, uint64_t id);
void kerf_document_select(KerfDocument *document, const uint64_t *ids, size_t count);
void kerf_document_select_toggle(KerfDocument *document, uint64_t id);
/* The one that the inspector shows and the keyboard is at: the last selected. 0: none. */
uint64_t kerf_document_focus(KerfDocument *document);
void kerf_document_set_focus(KerfDocument *document, uint64_t id);
/* Where an item is. FALSE if it is gone. */
gboolean kerf_document_find(KerfDocument *document, uint64_t id, kf_timeline_item *out);

/* Uids of selected assets and sequences in the media panel (element type guint64). Borrowed. */
GArray *kerf_document_media_selection(KerfDocument *document);
void kerf_document_select_media(KerfDocument *document, const uint64_t *uids, size_t count);

/* ---- The source monitor ---- */

/* Asset (or sequence) that it shows, by uid; 0: none. in and out are marks in its time, KF_TIME_NONE: not set. */
typedef struct KerfSource {
    uint64_t uid;
    gboolean sequence;
    kf_time position, in, out;
} KerfSource;
const KerfSource *kerf_document_source(KerfDocument *document);
void kerf_document_set_source(KerfDocument *document, const KerfSource *source);

/* ---- Both sides of a cut ---- */

/* What is looked at while ends of clips are trimmed, in place of the picture at the playhead. */
typedef struct KerfSides {
    gboolean shown;
    gboolean held;            /* ends are chosen: it stays, with buttons to trim them */
    gboolean dragged;         /* more will follow at once */
    uint64_t clip[2];         /* on the left, on the right; 0: there is none */
    kf_time at[2];            /* of the sequence: which frame of it */
    kf_time cut;              /* where the playhead belongs */
    int moves;                /* -1: the clip on the left is trimmed, 1: the one on the right, 0: both */
    gboolean ripple;
    int count;                /* ends that are chosen */
} KerfSides;
const KerfSides *kerf_document_sides(KerfDocument *document);
/* By the timeline, also when the film below it is another one. */
void kerf_document_show_sides(KerfDocument *document, const KerfSides *sides);

/* ---- Players ---- */

/* The program player shows the sequence, the source player what the source monitor shows; they follow the document. Borrowed.
 * Transport (play, loop, quality ...) goes to kerf_playback_player directly. */
KerfPlayback *kerf_document_program(KerfDocument *document);
KerfPlayback *kerf_document_source_player(KerfDocument *document);

/* ---- Edits ---- */

/* Runs operations (docs/edits.md), one JSON object a line, as one step; takes the text over. A refusal is told by "message"
 * and gives FALSE. label NULL: made from the operations. */
gboolean kerf_document_edit(KerfDocument *document, const char *label, char *operations);
/* Ids of what the last edit or gesture made. Borrowed until the next one. */
const uint64_t *kerf_document_created(KerfDocument *document, size_t *count);
/* A gesture: one step of history in the end. A refused update gives FALSE, leaves the one before in place, and *refusal (may
 * be NULL) is why: borrowed until the next call. */
gboolean kerf_document_gesture_begin(KerfDocument *document);
gboolean kerf_document_gesture_update(KerfDocument *document, char *operations, const char **refusal);
gboolean kerf_document_gesture_commit(KerfDocument *document, const char *label);
void kerf_document_gesture_cancel(KerfDocument *document);
gboolean kerf_document_in_gesture(KerfDocument *document);

void kerf_document_undo(KerfDocument *document);
void kerf_document_redo(KerfDocument *document);
void kerf_document_go(KerfDocument *document, uint64_t number);
gboolean kerf_document_save(KerfDocument *document);
gboolean kerf_document_save_as(KerfDocument *document, const char *path);
gboolean kerf_document_revert(KerfDocument *document);

/* Members of an edit that say where an asset's picture and sound go: the first target tracks of their kinds that are not
 * locked, else V1 and A1; "\"track\": \"V1\", \"audio_track\": \"A1\"". Where the sequence has no track for the sound it
 * stays with the picture. New. */
char *kerf_document_targets(KerfDocument *document, gboolean video, gboolean audio);

/* Shows a message for a moment. */
void kerf_document_say(KerfDocument *document, gboolean error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* ---- Modes ---- */

typedef enum KerfMode {
    KERF_MODE_SNAP,           /* what is dragged snaps */
    KERF_MODE_LINKED,         /* clips are selected and edited with those linked to them */
    KERF_MODE_LOOP,           /* playing goes on at the start */
    KERF_MODE_PROXIES,        /* pictures come from proxies where there are any */
    KERF_MODES
} KerfMode;
gboolean kerf_document_mode(KerfDocument *document, KerfMode mode);
void kerf_document_set_mode(KerfDocument *document, KerfMode mode, gboolean on);

#endif
