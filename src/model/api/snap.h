/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a thing that is dragged along a timeline snaps to. Any thread; nothing is allocated. */
#ifndef KF_SNAP_H
#define KF_SNAP_H

#include "model/api/model.h"

typedef enum kf_snap_kind {
    KF_SNAP_CLIP = 1,         /* begin or end of a clip */
    KF_SNAP_CUT = 2,          /* the cut under a transition */
    KF_SNAP_MARKER = 4,       /* begin or end of one of the sequence's markers */
    KF_SNAP_MARK = 8,         /* the sequence's in or out mark */
    KF_SNAP_PLAYHEAD = 16,
    KF_SNAP_SEQUENCE = 32,    /* begin or end of the sequence */
    KF_SNAP_ALL = 63
} kf_snap_kind;

typedef struct kf_snap_query {
    int32_t sequence;         /* index */
    kf_time time;             /* where the thing is */
    kf_time tolerance;        /* how far it snaps, to both sides; below 0: nowhere */
    unsigned what;            /* kf_snap_kind, or-ed: those that are shown */
    kf_time playhead;         /* KF_TIME_NONE: none */
    kf_ids ignore;            /* clips, transitions and markers not to snap to, such as what is dragged */
} kf_snap_query;

typedef struct kf_snap {
    kf_time time;
    kf_snap_kind kind;
    uint64_t id;              /* CLIP, CUT, MARKER: whose it is; else 0 */
    int32_t track;            /* CLIP, CUT: index; else -1 */
} kf_snap;

/* The nearest of what there is within the tolerance; among equally near ones the kind that stands first above, then the
 * lower track. False if there is none, or no such sequence. O(log n) a track; with many ignored clips or markers near, also
 * as many steps as there are of those. */
bool kf_snap_find(kf_snapshot snapshot, const kf_snap_query *query, kf_snap *out);

#endif
