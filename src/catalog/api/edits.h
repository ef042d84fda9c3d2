/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edit operations: ids and the structs of their arguments. The tables (names, defaults, help) are in edits.c; the model
 * implements each; the command line, scripts, the docs and the SDKs take their arguments from the tables.
 *
 * Times are of the sequence unless said otherwise; KF_TIME_NONE: not given. Ids are of clips (or what the name says),
 * unique in a film; 0: not given. Texts: "" is not given. A track is named "V1" (first video track from the bottom),
 * "A2", "#17" (its number) or by its name; a list of tracks is "all" or names with commas between. `sequence` is an id,
 * "" the film's main sequence; operations on clips find the sequence by the clip. JSON arguments are objects as in the
 * film format. */
#ifndef KF_CATALOG_EDITS_H
#define KF_CATALOG_EDITS_H

#include "base/api/field.h"

enum {
    KF_EDIT_INSERT = 601, KF_EDIT_OVERWRITE, KF_EDIT_APPEND, KF_EDIT_REPLACE, KF_EDIT_LIFT, KF_EDIT_EXTRACT,
    KF_EDIT_RAZOR, KF_EDIT_JOIN, KF_EDIT_DELETE, KF_EDIT_RIPPLE_DELETE, KF_EDIT_CLOSE_GAP, KF_EDIT_INSERT_GAP,
    KF_EDIT_TRIM, KF_EDIT_ROLL, KF_EDIT_SLIP, KF_EDIT_SLIDE, KF_EDIT_RATE_STRETCH, KF_EDIT_SWAP, KF_EDIT_MOVE,
    KF_EDIT_FREEZE_FRAME, KF_EDIT_DETACH_AUDIO, KF_EDIT_NEST, KF_EDIT_ANGLE, KF_EDIT_LINK, KF_EDIT_UNLINK,
    KF_EDIT_GROUP, KF_EDIT_UNGROUP, KF_EDIT_ADD_TRANSITION, KF_EDIT_SET_TRANSITION, KF_EDIT_REMOVE_TRANSITION,
    KF_EDIT_SET_CLIP, KF_EDIT_ADD_EFFECT, KF_EDIT_SET_EFFECT, KF_EDIT_MOVE_EFFECT, KF_EDIT_REMOVE_EFFECT,
    KF_EDIT_SET_KEY, KF_EDIT_REMOVE_KEY, KF_EDIT_PASTE_ATTRIBUTES, KF_EDIT_ADD_TRACK, KF_EDIT_SET_TRACK,
    KF_EDIT_MOVE_TRACK, KF_EDIT_REMOVE_TRACK, KF_EDIT_ADD_MARKER, KF_EDIT_SET_MARKER, KF_EDIT_REMOVE_MARKER,
    KF_EDIT_ADD_SEQUENCE, KF_EDIT_SET_SEQUENCE, KF_EDIT_DUPLICATE_SEQUENCE, KF_EDIT_REMOVE_SEQUENCE, KF_EDIT_ADD_ASSET,
    KF_EDIT_SET_ASSET, KF_EDIT_REMOVE_ASSET, KF_EDIT_ADD_BIN, KF_EDIT_RENAME_BIN, KF_EDIT_REMOVE_BIN,
    KF_EDIT_SET_PROJECT
};

typedef enum kf_edit_fit { KF_EDIT_FIT_REFUSE, KF_EDIT_FIT_HEAD, KF_EDIT_FIT_TAIL, KF_EDIT_FIT_SPEED } kf_edit_fit;
/* Insert, overwrite and append. */
typedef struct kf_edit_put {
    const char *sequence, *track, *audio_track;
    kf_time at, until;          /* where it begins and ends */
    const char *asset, *subclip;
    const kf_json *clip;        /* a clip object, in place of an asset */
    kf_time in, out, duration;  /* source in and out; length on the timeline */
    int32_t fit;                /* kf_edit_fit: if four points are given and do not agree */
    bool sync, markers;
} kf_edit_put;
typedef struct kf_edit_replace {
    uint64_t clip;
    const char *asset;
    const kf_json *with;
    kf_time in;
} kf_edit_replace;
/* Lift and extract. */
typedef struct kf_edit_span {
    const char *sequence;
    kf_time from, to;
    const char *tracks;
    bool markers;
} kf_edit_span;
typedef struct kf_edit_razor {
    const char *sequence;
    kf_time at;
    const char *tracks;
} kf_edit_razor;
typedef struct kf_edit_join { uint64_t clip; bool linked; } kf_edit_join;
/* Delete, ripple delete. */
typedef struct kf_edit_delete {
    kf_ids clips;
    bool linked, sync, markers;
} kf_edit_delete;
typedef struct kf_edit_close_gap {
    const char *sequence, *track;
    kf_time at;
    bool sync, markers;
} kf_edit_close_gap;
typedef struct kf_edit_insert_gap {
    const char *sequence;
    kf_time at, duration;
    const char *tracks;
    bool markers;
} kf_edit_insert_gap;
typedef enum kf_edge { KF_EDGE_HEAD, KF_EDGE_TAIL } kf_edge;
typedef struct kf_edit_trim {
    uint64_t clip;
    int32_t edge;               /* kf_edge */
    kf_time to, by;
    bool ripple, linked, sync, markers;
    kf_ids with;
} kf_edit_trim;
/* Roll, slip, slide. */
typedef struct kf_edit_shift {
    uint64_t clip;
    kf_time to, by;
    bool linked;
} kf_edit_shift;
typedef struct kf_edit_rate_stretch {
    uint64_t clip;
    kf_time duration;
    const kf_json *speed;       /* a ratio as in the film format */
    bool reverse, ripple, linked, sync, markers;
} kf_edit_rate_stretch;
typedef struct kf_edit_swap { uint64_t clip, with; bool linked; } kf_edit_swap;
typedef enum kf_placing { KF_PLACING_OVERWRITE, KF_PLACING_INSERT } kf_placing;
typedef struct kf_edit_move {
    kf_ids clips;
    kf_time to, by;
    const char *track;
    int32_t mode;               /* kf_placing */
    bool copy, linked, sync, markers;
} kf_edit_move;
typedef struct kf_edit_freeze {
    uint64_t clip;
    kf_time at, duration;
} kf_edit_freeze;
typedef struct kf_edit_detach { uint64_t clip; const char *track; } kf_edit_detach;
typedef struct kf_edit_nest { kf_ids clips; const char *id, *name; bool linked; } kf_edit_nest;
typedef struct kf_edit_angle {
    uint64_t clip;
    kf_time at;
    int32_t angle;
    bool linked;
} kf_edit_angle;
/* Link, unlink, group, ungroup. */
typedef struct kf_edit_clips { kf_ids clips; } kf_edit_clips;
typedef struct kf_edit_add_transition {
    const char *sequence, *track;
    kf_time at;
    uint64_t clip;
    int32_t edge;
    const char *transition;
    kf_time duration, before;
    int32_t align;
    const kf_json *params;
} kf_edit_add_transition;
typedef struct kf_edit_transition {
    uint64_t transition;
    const kf_json *set;
} kf_edit_transition;
typedef struct kf_edit_set_clip {
    kf_ids clips;
    const kf_json *set;
} kf_edit_set_clip;
/* Effects of a clip, a track, or (audio) a sequence's master. */
typedef struct kf_edit_effect {
    uint64_t clip;
    const char *sequence, *track;
    int32_t index, to;
    const kf_json *effect, *set;
} kf_edit_effect;
typedef struct kf_edit_key {
    uint64_t clip;
    const char *sequence, *track;
    int32_t effect;
    const char *field;
    kf_time at;
    const kf_json *value, *bezier;
    const char *interp;
} kf_edit_key;
typedef struct kf_edit_paste {
    uint64_t from;
    kf_ids clips;
    const char *what;
} kf_edit_paste;
typedef struct kf_edit_track {
    const char *sequence, *track;
    int32_t kind, index;
    const kf_json *set;
} kf_edit_track;
typedef struct kf_edit_marker {
    const char *sequence, *asset;
    uint64_t clip, marker;
    const kf_json *set;
} kf_edit_marker;
typedef struct kf_edit_sequence {
    const char *sequence, *preset;
    const char *id;
    const kf_json *set;
} kf_edit_sequence;
typedef struct kf_edit_asset {
    const char *asset;
    const kf_json *set;
} kf_edit_asset;
typedef struct kf_edit_bin { const char *bin, *to; } kf_edit_bin;
typedef struct kf_edit_project { const kf_json *set; } kf_edit_project;

#endif
