/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of editing: a transaction, the sequence it works on, windows on its tracks, and the operations. */
#ifndef KF_MODEL_EDIT_EDIT_H
#define KF_MODEL_EDIT_EDIT_H

#include "catalog/api/edits.h"
#include "model/api/edit.h"
#include "model/edit/index.h"
#include "model/nodes.h"

/* What stands for what among copies (copies.c). */
typedef struct copy_entry { uint64_t old, new; bool used; } copy_entry;
typedef struct copy_map {
    copy_entry *list;
    size_t count, capacity;
    uint32_t *slots;         /* a hash table of places in the list, from 1, once there are many */
    size_t slot_count;
} copy_map;
void copy_map_finish(copy_map *map);

enum { EDIT_LABEL = 200 };

struct kf_edit {
    kf_film *film;
    kf_store *store;
    kf_ref base, root;       /* where it began, and where it is */
    kf_store_point mark;     /* in the store, where it began */
    bool shown;              /* a reader may hold on to its states */
    int operations;
    uint64_t next_id;
    kf_error *err;           /* of the call that is running */
    const char *name;        /* starts messages about its JSON */
    char times[4][32];       /* time_text */
    int next_text;
    char label[EDIT_LABEL];
    kf_edit_result result;
    size_t id_capacity, note_capacity;

    /* The sequence that the running operation works on: tracks are written as they change, the sequence and the project
     * when the operation ends. */
    struct edit_sequence {
        kf_ref ref;          /* KF_REF_NONE: none is open */
        kf_sequence_view view;
        kf_ref *tracks;
        size_t count, capacity;
        kf_ref markers;
        bool changed;
    } sequence;
    /* Of the running operation: the ids that copies and right halves of cut clips get, and the links that stand for
     * theirs. */
    copy_map ids, links;
    node_build build;        /* for one node at a time */
};

#define REFUSE(e, ...) kf_fail((e)->err, KF_ERR_INVALID, __VA_ARGS__)

static inline kf_snapshot edit_state(const kf_edit *e)
{
    return (kf_snapshot){.store = e->store, .root = e->root};
}

uint64_t edit_new_id(kf_edit *e);
/* The id of a copy of item `id`, and the link that stands for `link` among copies: copies made in one operation of clips that
 * are linked are linked with each other. */
kf_status edit_copy_id(kf_edit *e, uint64_t id, uint64_t *out);
kf_status edit_copy_link(kf_edit *e, kf_ref *link);
/* Where an item is in the transaction's state; false if it is not there. */
bool edit_find(kf_edit *e, uint64_t id, kf_item_place *out);
/* Notes something for the result: an id that is new, or a side effect in words. */
void edit_created(kf_edit *e, uint64_t id);
void edit_note(kf_edit *e, const char *format, ...) KF_PRINTF(2, 3);

/* ---- Project and sequence (project.c) ---- */

/* Puts (or, with KF_REF_NONE, takes out) a member of a list of the project. */
kf_status project_put(kf_edit *e, uint32_t which, uint64_t uid, kf_ref ref);
/* Puts others in the place of all its members. */
kf_status project_put_all(kf_edit *e, uint32_t which, const list_member *members, size_t count);
/* For a new member: larger than all uids there are. */
uint64_t project_new_uid(kf_edit *e);
/* The project's node into e->build, and its body; then, changed, back. */
kf_status project_load(kf_edit *e, project_body *body);
kf_status project_store(kf_edit *e, project_body *body);
/* Opens a sequence for changes; one at a time. "": the main one. */
kf_status sequence_open(kf_edit *e, const char *id);
kf_status sequence_open_uid(kf_edit *e, uint64_t uid);
/* Writes what was changed. */
kf_status sequence_close(kf_edit *e);
kf_time sequence_frame(const kf_edit *e); /* length of one frame */
kf_time sequence_floor(const kf_edit *e, kf_time t); /* where the frame over t starts */
/* A time as the user sees it: the sequence's timecode. Valid until the fourth call from now. */
const char *time_text(kf_edit *e, kf_time t);
/* "7 frames", or seconds where it is no number of frames. */
const char *length_text(kf_edit *e, kf_time t, char buffer[40]);

/* Opens track i of the open sequence. */
kf_status track_view(kf_edit *e, int32_t i, kf_track_view *out);
/* "V1", "A2", ...: how a track is called in messages. */
const char *track_name(kf_edit *e, int32_t i, char buffer[80]);
/* Finds a track by "V1", "#17" or its name. KF_ERR_NOT_FOUND names those there are. */
kf_status track_find(kf_edit *e, const char *name, int32_t *out);
/* Marks each track of a list ("all" or names) in `chosen`, one bool for each track of the sequence, which the caller frees.
 * "all" leaves out locked tracks; a locked track that is named is refused. */
kf_status tracks_choose(kf_edit *e, const char *list, bool **chosen);
/* KF_ERR_INVALID if it is locked. */
kf_status track_unlocked(kf_edit *e, int32_t i);

/* A clip by its id: opens its sequence if none is open; refuses one of another sequence. */
typedef struct clip_place {
    int32_t track;
    kf_clip_view view;
    int64_t index;
} clip_place;
kf_status clip_find(kf_edit *e, uint64_t id, clip_place *out);
/* Whether the clip is still there; no error. */
bool clip_lookup(kf_edit *e, uint64_t id, clip_place *out);
/* How a clip is called in messages: its name, or its asset's, and where it is. */
const char *clip_name(kf_edit *e, const kf_clip_view *clip, char buffer[160]);
/* The clips, without doubles, with those linked to them (if `linked`), in the order of tracks and time; the caller frees. */
kf_status clips_gather(kf_edit *e, kf_ids ids, bool linked, clip_place **out, size_t *count);
/* With those in their groups too. */
kf_status clips_gather_grouped(kf_edit *e, kf_ids ids, bool linked, clip_place **out, size_t *count);

/* ---- Clips (clip.c) ---- */

enum { CUT_NEW_ID = 1, CUT_HEAD = 2, CUT_TAIL = 4, CUT_ALONE = 8 };
/* A new clip of an asset or sequence with this body; refs all empty but the link. */
kf_status clip_new(kf_edit *e, const clip_body *body, kf_ref link, kf_ref *out);
/* A clip that shows clip times [from, to) of this one: source times, keyframes, remaps and markers move along. from may
 * be below 0 and to past the end: into the handles. CUT_HEAD, CUT_TAIL: there is a new end inside the old clip: its fade
 * goes. CUT_NEW_ID: it is a copy, linked with other copies; with CUT_ALONE with none. */
kf_status clip_cut(kf_edit *e, const kf_clip_view *clip, kf_time from, kf_time to, unsigned flags, kf_ref *out);
/* A copy with a changed body: fn is given the body to change. */
typedef void body_fn(clip_body *body, const void *ctx);
kf_status clip_change(kf_edit *e, kf_ref ref, body_fn *fn, const void *ctx, kf_ref *out);
bool clip_is_still(kf_edit *e, const kf_clip_view *clip); /* of an asset that is one picture */
/* What is known of an asset's media, from the film or by asking; false: nothing. */
bool media_of(kf_edit *e, const kf_asset_view *asset, kf_media_facts *out);
/* End of what a clip shows; KF_TIME_NONE: without end, or not known. */
kf_time clip_media_end(kf_edit *e, const kf_clip_view *clip);
/* The clip with all keyframes at num/den of their times. */
typedef struct key_scale { kf_time num, den; } key_scale;
kf_status clip_scale_keys(kf_edit *e, const key_scale *scale, kf_ref *ref);
/* A speed as in the film format. */
kf_status edit_read_ratio(kf_edit *e, const kf_json *json, kf_rational *out, bool *negative);
/* source / place as a speed; false if it is beyond 0.001 to 1000. */
bool speed_from(kf_time source, kf_time place, kf_rational *out);
/* A clip object of the film format. */
kf_status edit_read_clip(kf_edit *e, const kf_json *json, kf_track_kind kind, track_item *out, uint64_t *id);
/* How much longer the clip could be at its ends, in timeline time; KF_MODEL_MAX_TIME: without limit. */
void clip_handles(kf_edit *e, const kf_clip_view *clip, kf_time *head, kf_time *tail);

/* ---- A window on a track (track.c) ---- */

typedef struct window_item {
    track_item item;
    bool loaded;             /* not put in since */
    kf_ref left, right;      /* of loaded transitions: their neighbours then */
    kf_time left_duration, right_duration;
} window_item;

/* A run of a track's items, as a list to change. */
typedef struct window {
    kf_edit *e;
    int32_t track;
    kf_track_view view;
    int64_t first, loaded;   /* the items of the tree that the list stands for */
    kf_time start;           /* of the first */
    bool to_end;             /* it reaches the end of the track */
    window_item *items;
    size_t count, capacity;
} window;

/* Opens the items that [from, to] touches and some on either side; refuses a locked track. */
kf_status window_open(kf_edit *e, int32_t track, kf_time from, kf_time to, window *out);
/* Place of the item that begins at t, after cutting what lies over t; past the end a gap is added. New right halves get
 * new ids. Transitions at t come before the place. */
kf_status window_split(window *w, kf_time t, size_t *place);
/* Puts `items` in place of items [from, to). */
kf_status window_replace(window *w, size_t from, size_t to, const track_item *items, size_t count);
/* Opens the items over [from, to), cuts at both and gives their places: what lies between is *first..*last, and about to be
 * replaced: a clip that goes on after it keeps its id there. */
kf_status window_open_span(kf_edit *e, int32_t track, kf_time from, kf_time to, window *out, size_t *first, size_t *last);
/* Opens the window around a clip and finds it there. */
kf_status window_open_clip(kf_edit *e, const clip_place *place, window *out, size_t *at);
/* Takes out a transition that stands right before the place, and gives the place then. */
size_t window_drop_transition(window *w, size_t place);
/* The gap or clip before or after the one at a place, over a transition; SIZE_MAX: none in the window. */
size_t window_neighbour(const window *w, size_t place, bool after);
/* Place of the clip with this id; SIZE_MAX if it is not in the window. */
size_t window_find(const window *w, uint64_t id);
kf_time window_time(const window *w, size_t place); /* where it begins */
bool window_clip(const window *w, size_t place, kf_clip_view *out);
/* How much of a transition at place i may lie before and after its cut: the sum of both. */
kf_time window_transition_room(const window *w, size_t i, kf_time *before, kf_time *after);
/* Joins gaps, shortens or takes away transitions that do not fit any more, writes the track. Frees the window also when it
 * fails. */
kf_status window_close(window *w);
void window_finish(window *w);
/* Closes it if status is KF_OK, else only frees it. */
kf_status window_end(window *w, kf_status status);

/* ---- Moving what follows (ripple.c) ---- */

typedef struct ripple {
    kf_time at, by;          /* what begins at or after `at` moves by this; < 0: [at + by, at) is closed up */
    const bool *done;        /* tracks that have moved already; NULL: none */
    bool sync, markers;
    bool all;                /* also tracks without sync lock */
} ripple;
/* On all other tracks with sync lock (if `sync`). Refuses to close up over clips. */
kf_status ripple_others(kf_edit *e, const ripple *r);

/* Moves the markers of a tree from `at` on; clamp: none moves to before `at`; new_ids: they are copies. */
typedef struct markers_move {
    kf_time at, by;
    bool clamp, new_ids;
} markers_move;
kf_status markers_shift(kf_edit *e, kf_ref *tree, const markers_move *m);

/* ---- Operations ---- */

typedef kf_status edit_fn(kf_edit *e, uint16_t id, const void *args);
extern const struct edit_op { uint16_t id; edit_fn *fn; } edit_ops[];
extern const int edit_op_count;

#endif
