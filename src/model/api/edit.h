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

#endif
