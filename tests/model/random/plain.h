/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A film as plain lists of clips, and what edits do to it, written as simply as can be: to hold the editing core against. */
#ifndef KF_TEST_PLAIN_H
#define KF_TEST_PLAIN_H

#include "catalog/api/edits.h"
#include "model/api/model.h"

enum { PLAIN_TRACKS = 6 };                     /* V1 V2 V3 A1 A2 A3 */
#define PLAIN_NEW (UINT64_C(1) << 60)          /* ids from here on stand for ones that the film gives out */

typedef struct plain_clip {
    uint64_t id;
    int link;                                  /* those with the same number are linked; 0: with none */
    int asset;                                 /* uid */
    kf_time start, duration, in;
    kf_rational speed;
    bool reverse;
} plain_clip;

/* Gaps are where no clip is. */
typedef struct plain_track {
    plain_clip *clips;                         /* in order of time */
    int count;
    bool lock, sync;
} plain_track;

typedef struct plain_asset {
    const char *id;
    int uid;
    kf_time duration;
} plain_asset;

typedef struct plain_film {
    plain_track tracks[PLAIN_TRACKS];
    const plain_asset *assets;
    int asset_count;
    int links;                                 /* given out */
    uint64_t ids;
    kf_time frame;
} plain_film;

/* All of them end the program when memory runs out. */
plain_film plain_copy(const plain_film *film);
void plain_finish(plain_film *film);
plain_clip *plain_find(const plain_film *film, uint64_t id, int *track); /* NULL: none; track may be NULL */
kf_time plain_end(const plain_track *track);
/* Adds a clip where nothing is. */
void plain_add(plain_film *film, int track, plain_clip clip);
const char *plain_name(int track);             /* "V1" */
/* Does the operation; false: it must be refused, and the film is left in some state. */
bool plain_apply(plain_film *film, uint16_t op, const void *args);

#endif
