/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What holds for every film, after every edit. Each gives false and says on stdout what is wrong. */
#ifndef KF_TEST_FILM_CHECK_H
#define KF_TEST_FILM_CHECK_H

#include "model/api/edit.h"

/* A track as a list. */
typedef struct flat_item {
    kf_item_view view;
    uint64_t id;              /* 0: a gap */
} flat_item;
typedef struct flat_track {
    uint64_t sequence, uid;
    kf_track_view view;
    flat_item *items;
    int64_t count;
} flat_track;
/* All tracks of all sequences. */
typedef struct flat_film {
    flat_track *tracks;
    size_t count;
} flat_film;
flat_film flat_read(kf_snapshot state);
void flat_finish(flat_film *film);
uint64_t flat_hash(const flat_film *film);

/* Lengths and sums, gaps, places of transitions, ids, links. */
bool check_state(kf_snapshot state, const flat_film *film);
/* kf_film_find finds every clip and transition where it is. */
bool check_index(kf_film *film, const flat_film *flat);
/* The record, applied to the old lists, gives the new ones. */
bool check_changes(const flat_film *from, const flat_film *to, const kf_changes *changes);

#endif
