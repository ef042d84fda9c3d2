/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where items are, by their ids: derived from a state of the store, kept in memory, and moved from state to state at the
 * cost of what differs. Trees have no way up, so the index keeps one: a slot for each node of a track's tree with the
 * slot above it, and for each id the slot of its leaf. About 16 bytes an item. For the thread that edits. */
#ifndef KF_MODEL_INDEX_H
#define KF_MODEL_INDEX_H

#include "model/nodes.h"

typedef struct item_index item_index;

item_index *index_create(void); /* NULL: out of memory */
void index_destroy(item_index *index);
/* Makes it describe the state `root`. On failure (KF_ERR_MEMORY) it describes nothing, and the next call starts anew. */
kf_status index_move(item_index *index, const kf_store *store, kf_ref root, kf_error *err);

typedef struct item_place {
    uint64_t sequence, track;
    kf_item_view item;
} item_place;
/* O(log n). False if there is no such item. */
bool index_find(const item_index *index, uint64_t id, item_place *out);

/* The film's index, made when it is needed first, as of the state `root`. */
kf_status film_index(kf_film *film, kf_ref root, const item_index **out, kf_error *err);

#endif
