/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing a film: transactions, change records, history.
 *
 * An edit is a step from one root to another; the film's head moves when the transaction commits. One thread edits a
 * film (the functions here, unless they say otherwise); any number of others read snapshots meanwhile without a lock.
 *
 * Operations and their arguments are declared in catalog/api/edits.h; docs/edits.md says what each means. */
#ifndef KF_EDIT_H
#define KF_EDIT_H

#include "base/api/json.h"
#include "model/api/model.h"

/* ---- Change records ---- */

typedef enum kf_change_kind {
    KF_CHANGE_PROJECT,                              /* its name, main sequence, bins */
    KF_CHANGE_ASSET_ADDED, KF_CHANGE_ASSET_REMOVED, KF_CHANGE_ASSET,
    KF_CHANGE_SEQUENCE_ADDED, KF_CHANGE_SEQUENCE_REMOVED,
    KF_CHANGE_SEQUENCE,                             /* its properties, effects, name */
    KF_CHANGE_MARKERS,                              /* of the sequence */
    KF_CHANGE_TRACKS,                               /* tracks were added, removed or put in another order */
    KF_CHANGE_TRACK,                                /* a track's properties, effects, name */
    KF_CHANGE_ITEMS                                 /* a run of a track's items became another one */
} kf_change_kind;

/* What differs between two states, so that a reader can apply it without reading all again. */
typedef struct kf_change {
    kf_change_kind kind;
    uint64_t sequence, track, asset;                /* uids, 0 if it is not about one */
    /* ITEMS: old items [old_index, old_index + removed), which lay over [old_start, old_end), became new items
     * [new_index, new_index + inserted) over [new_start, new_end). Runs come in order; what follows one has moved by
     * new_end - old_end. */
    int64_t old_index, removed, new_index, inserted;
    kf_time old_start, old_end, new_start, new_end;
} kf_change;

/* Zero-initialise; reused lists keep their memory. */
typedef struct kf_changes {
    kf_change *list;
    size_t count, capacity;
} kf_changes;
void kf_changes_finish(kf_changes *changes);

/* What leads from one state to another of the same store; replaces what `out` held. Costs as much as was changed, not
 * as much as there is. Any thread. KF_ERR_MEMORY. */
kf_status kf_diff(const kf_store *store, kf_ref from, kf_ref to, kf_changes *out, kf_error *err);

/* ---- Transactions ---- */

/* Where the film is (`folder`, copied) and whom edits ask about media whose length the film does not say (`media` with
 * `ctx`, borrowed until the film is destroyed). A loaded film is bound to what it was loaded with. */
kf_status kf_film_bind(kf_film *film, const kf_film_load *load, kf_error *err);

/* A transaction: operations from where the film is now, which become one step of its history, or none. A film has one at
 * a time. A drag is one transaction: for each move of the mouse kf_edit_update with the operation's new arguments; one
 * kf_edit_commit in the end. */
typedef struct kf_edit kf_edit;

/* KF_ERR_INVALID if one is open already. The film must live longer. */
kf_status kf_edit_begin(kf_film *film, kf_edit **out, kf_error *err);
/* One operation: {"op": name, argument: value, ...}. `name` starts messages, with the line (a script's file name, or
 * NULL). On failure the transaction stays as it was before the call. KF_ERR_INVALID: the request makes no sense or
 * cannot be met, with the reason; KF_ERR_NOT_FOUND: no such clip, track, ...; KF_ERR_PARSE: the project is damaged. */
kf_status kf_edit_apply(kf_edit *edit, const kf_json *op, const char *name, kf_error *err);
/* The same with a filled struct of catalog/api/edits.h: defaults come from kf_kind_defaults. */
kf_status kf_edit_operate(kf_edit *edit, uint16_t id, const void *args, kf_error *err);

/* What the operations since the beginning (or reset) have done. */
typedef struct kf_edit_result {
    uint64_t *ids;      /* of what they made: clips, tracks, transitions, markers */
    size_t id_count;
    char **notes;       /* side effects: "the dissolve at 00:00:10:00 is shortened to 7 frames" */
    size_t note_count;
} kf_edit_result;
const kf_edit_result *kf_edit_get_result(const kf_edit *edit); /* valid until the next call on the transaction */
/* The change record from where it began to how it is now. */
kf_status kf_edit_changes(const kf_edit *edit, kf_changes *out, kf_error *err);
kf_snapshot kf_edit_snapshot(kf_edit *edit);  /* as it is now, for a preview */
/* Hands the result over to the caller, who ends it with kf_edit_result_finish; the transaction's own is empty then. */
void kf_edit_take_result(kf_edit *edit, kf_edit_result *out);
void kf_edit_result_finish(kf_edit_result *result); /* leaves it empty */
/* A film that stays at the transaction's present state, as kf_film_pin. */
kf_status kf_edit_pin(kf_edit *edit, kf_film **out, kf_error *err);
/* Back to where it began. */
void kf_edit_reset(kf_edit *edit);
/* Back to where it began, then a list of operations (as kf_edit_apply); if one fails, the transaction stands where it stood
 * before the call. The states in between stay readable. */
kf_status kf_edit_update(kf_edit *edit, const kf_json *operations, const char *name, kf_error *err);
/* Ends the transaction with a commit; without operations, or if they changed nothing, there is none. label NULL: made
 * from the operations. `changes`, if not NULL, gets the change record. On failure the transaction is still open. */
kf_status kf_edit_commit(kf_edit *edit, const char *label, kf_changes *changes, kf_error *err);
/* Ends it without a trace; NULL is fine. */
void kf_edit_abort(kf_edit *edit);

/* ---- History ---- */

/* Moves the film's head along its history; `changes`, if not NULL, gets the change record. Refused (KF_ERR_INVALID) while a
 * transaction is open, and when there is nothing to undo or redo. */
kf_status kf_film_undo(kf_film *film, kf_changes *changes, kf_error *err);
kf_status kf_film_redo(kf_film *film, kf_changes *changes, kf_error *err);
/* To any commit of its store. */
kf_status kf_film_go(kf_film *film, kf_ref commit, kf_changes *changes, kf_error *err);
/* Makes the state of a commit the present one again, as a new step of history. */
kf_status kf_film_restore(kf_film *film, kf_ref commit, const char *label, kf_changes *changes, kf_error *err);
kf_store *kf_film_store(kf_film *film);
/* The film goes on in another store with the same states, which it takes over (after a compaction); the one before is
 * released. No transaction may be open. */
void kf_film_set_store(kf_film *film, kf_store *store);

/* ---- Finding clips ---- */

/* Where a clip or transition is in the film's current state. O(log n) once the index is there: the first call, and the
 * first after opening, takes O(n). KF_ERR_NOT_FOUND, KF_ERR_MEMORY. The thread that edits. */
typedef struct kf_item_place {
    int32_t sequence, track;  /* indexes */
    kf_item_view item;
} kf_item_place;
kf_status kf_film_find(kf_film *film, uint64_t id, kf_item_place *out, kf_error *err);
kf_status kf_edit_find(kf_edit *edit, uint64_t id, kf_item_place *out, kf_error *err); /* in the transaction's state */

#endif
