/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model room: reading objects of the film format into a film that is there, for edits. They are read and
 * checked as in a film, by the same code; ids of assets and sequences are looked up in the snapshot. What is read are
 * nodes in the store that nothing refers to yet; on failure they stay behind unused.
 *
 * Writing the same objects: writer.h. */
#ifndef KF_MODEL_JSON_FRAGMENT_H
#define KF_MODEL_JSON_FRAGMENT_H

#include "base/api/json.h"
#include "model/marks.h"

/* Where a fragment is read into. Everything is borrowed for the call. */
typedef struct fragment_scope {
    kf_store *store;           /* that of the snapshot; nodes are appended */
    kf_snapshot snapshot;
    uint64_t sequence;         /* uid of the sequence it is for: frames and timecode count at its rate, ducks listen to
                                  its tracks, nested sequences must not contain it. 0: none of that */
    kf_rational rate;          /* in place of that sequence's; {0, 0}: not given */
    uint64_t *next_id;         /* next id of a track, item or marker; advanced */
    bool keep_ids;             /* ids that stand in the JSON are kept (the caller knows that they are free, or those of
                                  what is replaced). false: all get new ones */
    bool head;                 /* a sequence without its tracks is read: ducks listen to those that it has */
    const char *name;          /* starts messages; NULL: "edit" */
    const char *folder;        /* paths of files resolve against it */
    kf_media_facts_fn *media;  /* may be NULL: then clips need their durations, unless the asset says what is known */
    void *ctx;
    kf_error *err;             /* may be NULL */
} fragment_scope;

/* All of these return KF_ERR_INVALID with a message that names the place in the JSON, KF_ERR_MEMORY, or what `media`
 * returns; *out is meaningful on KF_OK only. */

/* A clip. `link` and `group` numbers in the JSON are not looked at: `links` are the nodes it shall refer to. */
typedef struct fragment_clip {
    const kf_json *json;       /* in */
    kf_track_kind track;
    kf_ref links[2];           /* by kf_link_kind; KF_REF_NONE: none */
    kf_ref ref;                /* out */
    kf_time start, duration;   /* start: KF_TIME_NONE if not given */
    uint64_t id;
} fragment_clip;
kf_status fragment_read_clip(const fragment_scope *scope, fragment_clip *clip);

/* Lists of clips, gaps and transitions as in "clips" of tracks. Clips with the same `link` or `group` numbers are
 * linked or grouped, across the lists too. */
typedef struct fragment_run {
    const kf_json *json;       /* in */
    kf_track_kind track;
    track_item *items;         /* out, kf_free */
    size_t count;
} fragment_run;
kf_status fragment_read_runs(const fragment_scope *scope, fragment_run *runs, size_t count);
void fragment_runs_finish(fragment_run *runs, size_t count); /* frees items; zeroed runs are fine */

/* A transition between two items (NULL: an end of the track). before, after: its parts on both sides of the cut; they
 * are not longer than the items. */
typedef struct fragment_transition {
    const kf_json *json;       /* in */
    const track_item *left, *right;
    kf_ref ref;                /* out */
    kf_time before, after;
} fragment_transition;
kf_status fragment_read_transition(const fragment_scope *scope, fragment_transition *transition);

/* master: one of a sequence's audio_effects. */
kf_status fragment_read_effect(const fragment_scope *scope, const kf_json *json, kf_kind_class cls, bool master,
                               kf_ref *out);
kf_status fragment_read_marker(const fragment_scope *scope, const kf_json *json, bool of_clip, mark_item *out);
kf_status fragment_read_metadata(const fragment_scope *scope, const kf_json *json, kf_ref *out);
/* A whole track with its items; out: its node. Whether a matte has a track above it is the caller's to see. */
kf_status fragment_read_track(const fragment_scope *scope, const kf_json *json, kf_ref *out);
/* An asset (object or path) and a sequence with the id and uid they shall have. KF_ERR_INVALID if another one of the
 * film has that id. scope->sequence is not looked at. */
kf_status fragment_read_asset(const fragment_scope *scope, const kf_json *json, const char *id, uint64_t uid,
                              kf_ref *out);
kf_status fragment_read_sequence(const fragment_scope *scope, const kf_json *json, const char *id, uint64_t uid,
                                 kf_ref *out);
/* Parameters `old` (of kind `kind`; KF_REF_NONE: all defaults) with what an object sets laid over them: a field that is
 * null goes back to its default, one that is not there stays. Of effects, `name` and `enabled` can be set too. *out is
 * KF_REF_NONE if nothing differs from the defaults, except for effects and transitions. */
kf_status fragment_read_params(const fragment_scope *scope, kf_ref old, uint16_t kind, const kf_json *json,
                               kf_ref *out);

#endif
