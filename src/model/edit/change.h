/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changing what clips, tracks and sequences have, where they are. */
#ifndef KF_MODEL_EDIT_CHANGE_H
#define KF_MODEL_EDIT_CHANGE_H

#include "model/edit/read.h"

/* ---- Clips ---- */

/* The clip's node into e->build, and its body. */
kf_status clip_load(kf_edit *e, kf_ref ref, clip_body *body);
/* What stands behind a clip's body. */
typedef struct clip_rest {
    const kf_time_key *remap;
    int32_t remap_count;
    const char *name, *label;
} clip_rest;
/* Starts a clip's node in e->build, still without refs; the body is told where the rest is. */
void clip_start(kf_edit *e, clip_body *body, const clip_rest *rest);
/* What is being built as a clip with this body. */
kf_status clip_store(kf_edit *e, const clip_body *body, kf_ref *out);
/* Puts another node in a clip's place; refused if its track is locked. retimed: it may show other source times than before,
 * so transitions at its ends must be seen to fit. */
kf_status clip_put(kf_edit *e, const clip_place *place, kf_ref ref, bool retimed);

/* Refuses a clip that would show what its source does not have, and says how much is missing. */
kf_status clip_check_range(kf_edit *e, const kf_clip_view *clip);
/* Refuses an angle that the multicam sequence it shows does not have; 0 is all. */
kf_status clip_check_angle(kf_edit *e, const kf_clip_view *clip, int64_t angle);

/* Makes the clips of the list linked (or a group) with one another and with no others; count 0 or 1: with none. */
kf_status clips_relink(kf_edit *e, const clip_place *list, size_t count, kf_link_kind which);
/* The node of a link among these ids, which are sorted. */
kf_status link_new(kf_edit *e, uint64_t *ids, size_t count, kf_ref *out);

/* ---- What has effects and parameters ---- */

typedef enum owner_kind { OWNER_CLIP, OWNER_TRACK, OWNER_SEQUENCE } owner_kind;
typedef struct effect_owner {
    owner_kind kind;
    clip_place clip;
    int32_t track;           /* of the clip, or the owner itself */
    kf_track_kind holds;     /* AUDIO: no picture effects */
    kf_ref ref;
    uint16_t node;           /* NODE_CLIP, ... */
    uint32_t first;          /* place of the first effect among the node's refs */
    uint32_t count[2];       /* of picture and of audio effects */
    size_t count_at[2];      /* in the body; 0: none are possible */
} effect_owner;
/* A clip, or else a track ("": none), or else the sequence, which only has audio effects. Opens the sequence; refuses
 * locked tracks. */
kf_status owner_find(kf_edit *e, uint64_t clip, const char *sequence, const char *track, effect_owner *out);
/* Its node into e->build; then, changed, back. */
kf_status owner_load(kf_edit *e, const effect_owner *o);
kf_status owner_put(kf_edit *e, effect_owner *o);
/* The effect at `index`: picture effects first, audio effects after them. Refuses places there are not. */
kf_status owner_effect(kf_edit *e, const effect_owner *o, int32_t index, kf_params *out);
/* "bunny.mp4 (clip 3)", "track V1", "the sequence". */
const char *owner_name(kf_edit *e, const effect_owner *o, char buffer[160]);

#endif
