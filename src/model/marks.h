/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model room: trees of markers, in order of (time, id). Inner nodes hold how many markers lie beneath and
 * the last moment that one of them reaches, so that markers are found by index, by time and by what they cover in
 * O(log n). Trees are immutable: an edit copies one path and shares the rest. KF_REF_NONE is the empty tree. */
#ifndef KF_MODEL_MARKS_H
#define KF_MODEL_MARKS_H

#include "model/nodes.h"

/* A marker's node and what its place in the tree depends on. */
typedef struct mark_item {
    kf_ref ref;
    kf_time time, end;
    uint64_t id;
} mark_item;
/* Reads it from the marker's node; false if that is none. */
bool mark_item_get(const kf_store *store, kf_ref marker, mark_item *out);

/* Sorts `items` and makes their tree. */
kf_status marks_build(kf_store *store, mark_item *items, size_t count, kf_ref *root, kf_error *err);

/* The tree with one more marker (its node), without one, and with another one in place of one. KF_ERR_INVALID if that
 * marker (its time and id count) is there already, or is not; KF_ERR_PARSE if the tree is damaged. O(log n), replacing
 * is as much as both others. */
kf_status marks_insert(kf_store *store, kf_ref root, kf_ref marker, kf_ref *out, kf_error *err);
kf_status marks_remove(kf_store *store, kf_ref root, const mark_item *item, kf_ref *out, kf_error *err);
kf_status marks_replace(kf_store *store, kf_ref root, const mark_item *item, kf_ref marker, kf_ref *out, kf_error *err);

/* The entries of a node of a tree, one for each of its refs; NULL if it is none. Children lie before their parents: no
 * cycles. */
const mark_entry *marks_entries(const kf_store *store, kf_ref ref, const kf_node **node);
enum { MARKS_DEPTH = 12 };

#endif
