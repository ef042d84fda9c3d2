/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last pictures that were composed, by number of frame, bounded in bytes. Not thread-safe. */
#ifndef KF_ENGINE_FRAMES_H
#define KF_ENGINE_FRAMES_H

#include "kerf/picture.h"

typedef struct kf_frames kf_frames;
kf_frames *kf_frames_create(int64_t bytes); /* NULL when out of memory */
void kf_frames_destroy(kf_frames *frames);
/* The picture of a frame, borrowed; NULL: it is not there, or stale. Counts as a use. */
kf_picture *kf_frames_find(kf_frames *frames, int64_t frame);
kf_picture *kf_frames_find_stale(kf_frames *frames, int64_t frame); /* also a stale one */
bool kf_frames_has(const kf_frames *frames, int64_t frame);
/* The one whose number is nearest, at most `reach` away, borrowed; NULL: none. */
kf_picture *kf_frames_nearest(kf_frames *frames, int64_t frame, int64_t reach);
/* Takes a reference of its own and replaces the one of that frame; what was used least recently goes. stale: it is of a state
 * of the film that is past, but better than nothing while it plays. */
void kf_frames_add(kf_frames *frames, kf_picture *picture, bool stale);
/* Those for which keep says no are stale from now on; in order of frames. */
void kf_frames_age(kf_frames *frames, bool (*keep)(void *ctx, int64_t frame), void *ctx);
void kf_frames_drop(kf_frames *frames, bool all); /* all, or the stale ones */
/* Takes over a reference of which the caller has no more need. */
void kf_frames_discard(kf_frames *frames, kf_picture *picture); /* NULL is fine */
/* What was dropped is only put aside, for freeing big memory takes time: taken away with their lock held, it is
 * burnt without. */
typedef struct kf_frames_waste {
    kf_picture **items;
    size_t count;
} kf_frames_waste;
kf_frames_waste kf_frames_take_waste(kf_frames *frames);
void kf_frames_burn(kf_frames_waste waste);
int64_t kf_frames_bytes(const kf_frames *frames);
int64_t kf_frames_room(const kf_frames *frames); /* how many bytes it may hold */

#endif
