/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of what edits do to a plain film. */
#ifndef KF_TEST_PARTS_H
#define KF_TEST_PARTS_H

#include "plain.h"

typedef __int128 wide;

kf_time floor_of(wide a, wide b);
/* Source that a stretch of timeline takes, and the timeline that a stretch of source fills. */
kf_time source_of(const plain_clip *c, kf_time t);
kf_time timeline_of(const plain_clip *c, kf_time t);
kf_time end_of(const plain_clip *c);

void take(plain_track *t, uint64_t id);
bool is_audio(int track);
int track_of(const char *name);
/* "all" leaves locked ones out; by name they are refused: false. */
bool choose(const plain_film *film, const char *list, bool chosen[PLAIN_TRACKS]);

/* What stands for links among the copies that one edit makes. */
typedef struct copies {
    int old[64], new[64], count;
} copies;
int copy_link(plain_film *film, copies *c, int link);
/* The clip to show only [from, to) of itself. */
void show_part(plain_clip *c, kf_time from, kf_time to);
/* The clip that lies over t becomes two; the right one is a new clip if new_id. */
void cut(plain_film *film, int track, kf_time t, bool new_id, copies *links);
bool empty_between(const plain_track *t, kf_time from, kf_time to);
/* Takes out all of [from, to). */
void clear(plain_film *film, int track, kf_time from, kf_time to, copies *links);
void shift(plain_track *t, kf_time from, kf_time by);
void open_up(plain_film *film, int track, kf_time at, kf_time by, copies *links);
/* What is at `at` or later moves on the tracks that are synced and not done; false: clips are in the way. */
bool ripple(plain_film *film, const bool *done, bool sync, kf_time at, kf_time by, copies *links);
kf_time gap_before(const plain_track *t, int i); /* before clip i */

/* A set of clips, with those linked to them, in order of tracks and time. */
typedef struct set {
    plain_clip clip[256];
    int track[256], count;
} set;
bool gather(const plain_film *film, kf_ids ids, bool linked, set *out);

bool plain_put(plain_film *film, uint16_t op, const kf_edit_put *a);
bool plain_insert_gap(plain_film *film, const kf_edit_insert_gap *a);
bool plain_span(plain_film *film, uint16_t op, const kf_edit_span *a);
bool plain_razor(plain_film *film, const kf_edit_razor *a);
bool plain_delete(plain_film *film, const kf_edit_delete *a);
bool plain_ripple_delete(plain_film *film, const kf_edit_delete *a);
bool plain_close_gap(plain_film *film, const kf_edit_close_gap *a);
bool plain_trim(plain_film *film, const kf_edit_trim *a);
bool plain_shift(plain_film *film, uint16_t op, const kf_edit_shift *a);
bool plain_move(plain_film *film, const kf_edit_move *a);
bool plain_swap(plain_film *film, const kf_edit_swap *a);

#endif
