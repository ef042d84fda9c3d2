/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between two films, in terms of the film format. Unlike kf_diff, the two need not be of one store. */
#ifndef KF_COMPARE_H
#define KF_COMPARE_H

#include "model/api/model.h"

typedef enum kf_difference_kind {
    KF_DIFFERENCE_ADDED, KF_DIFFERENCE_REMOVED, KF_DIFFERENCE_CHANGED,
    KF_DIFFERENCE_MOVED       /* a run of clips and transitions of a track, all by the same time */
} kf_difference_kind;

/* A key with its values as JSON on one line; NULL: not given. */
typedef struct kf_difference_field {
    const char *key, *from, *to;
} kf_difference_field;

typedef struct kf_difference {
    kf_difference_kind kind;
    const char *what;         /* project, asset, sequence, track, clip, transition */
    const char *id;           /* as in the film; "" for the project; MOVED: the first of the run */
    const char *sequence;     /* id of the one it is in, "" if in none; REMOVED: was in */
    char track[16];           /* "V1"; "" if it is in none */
    kf_time start, duration;  /* clips and transitions: where it is, or was; a transition's is its cut, without length */
    kf_time moved_by;         /* MOVED */
    int64_t count;            /* MOVED: how many */
    const kf_difference_field *fields; /* CHANGED: the film format's keys, and "start", "track", "sequence", "index" */
    int field_count;
} kf_difference;
typedef void kf_difference_fn(void *ctx, const kf_difference *difference); /* all of it is borrowed for the call */

/* Tells all differences: assets and sequences go by their ids, tracks, clips and transitions by their numbers. Takes memory
 * for a list of all clips. KF_ERR_MEMORY, KF_ERR_INVALID if something is damaged. */
kf_status kf_snapshot_compare(kf_snapshot from, kf_snapshot to, kf_difference_fn *fn, void *ctx, kf_error *err);

#endif
