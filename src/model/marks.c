/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees of markers: making and changing them. */
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/marks.h"

/* ---- Making ---- */

static int compare_items(const void *a, const void *b)
{
    const mark_item *x = a, *y = b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time) : (x->id > y->id) - (x->id < y->id);
}

/* A node of a tree being made, or a marker, and what its parent says of it. */
typedef struct branch {
    kf_ref ref;
    mark_entry entry;
} branch;

static mark_entry sum_of(const branch *children, size_t count)
{
    mark_entry sum = children[0].entry;
    for (size_t i = 1; i < count; i++) {
        sum.end = children[i].entry.end > sum.end ? children[i].entry.end : sum.end;
        sum.count += children[i].entry.count;
    }
    return sum;
}

static kf_status append(kf_store *store, uint16_t kind, const branch *children, size_t count, branch *out,
                        kf_error *err)
{
    kf_ref refs[TREE_FANOUT];
    mark_entry entries[TREE_FANOUT];
    for (size_t i = 0; i < count; i++) {
        refs[i] = children[i].ref;
        entries[i] = children[i].entry;
    }
    kf_node_desc desc = {.kind = kind, .version = 1, .ref_count = (uint32_t)count, .refs = refs, .payload = entries,
                         .payload_size = count * sizeof *entries};
    branch made = {.entry = sum_of(children, count)};
    kf_status status = kf_store_append(store, &desc, &made.ref, err);
    *out = made;
    return status;
}

/* Writes the level above over the one it is made from. *count: of that level, then of the new one. */
static kf_status make_level(kf_store *store, uint16_t kind, branch *branches, size_t *count, kf_error *err)
{
    size_t nodes = (*count + TREE_FANOUT - 1) / TREE_FANOUT;
    for (size_t i = 0; i < nodes; i++) {
        size_t from = *count * i / nodes, to = *count * (i + 1) / nodes;
        kf_status status = append(store, kind, branches + from, to - from, &branches[i], err);
        if (status != KF_OK) {
            return status;
        }
    }
    *count = nodes;
    return KF_OK;
}

kf_status marks_build(kf_store *store, mark_item *items, size_t count, kf_ref *root, kf_error *err)
{
    *root = KF_REF_NONE;
    if (count == 0) {
        return KF_OK;
    }
    branch *branches = kf_alloc_zero(count, sizeof *branches);
    if (!branches) {
        return kf_fail_memory(err);
    }
    qsort(items, count, sizeof *items, compare_items);
    for (size_t i = 0; i < count; i++) {
        branches[i] = (branch){items[i].ref, {items[i].time, items[i].id, items[i].end, 1}};
    }
    kf_status status = make_level(store, NODE_MARKS_LEAF, branches, &count, err);
    while (status == KF_OK && count > 1) {
        status = make_level(store, NODE_MARKS_INNER, branches, &count, err);
    }
    *root = status == KF_OK ? branches[0].ref : KF_REF_NONE;
    kf_free(branches);
    return status;
}

/* ---- Changing ---- */

enum { LEAST_KIDS = TREE_FANOUT / 4 };

/* The children of a node that is being changed; it is written once its parent knows whether it gets others besides. */
typedef struct kids {
    uint16_t kind;               /* of the node: LEAF, INNER */
    size_t count;
    branch list[2 * TREE_FANOUT];
} kids;

typedef struct change {
    kf_store *store;
    kf_error *err;
    mark_item item;
    bool remove;
} change;

static kf_status damaged(const change *c, kf_ref ref)
{
    return kf_fail(c->err, KF_ERR_PARSE, "the markers at offset %llu are damaged", (unsigned long long)ref);
}

/* Appends a node's children. */
static kf_status load(const change *c, kf_ref ref, kids *out)
{
    const kf_node *node;
    const mark_entry *entries = marks_entries(c->store, ref, &node);
    if (!entries || node->ref_count > TREE_FANOUT || (out->count > 0 && node->kind != out->kind)) {
        return damaged(c, ref);
    }
    out->kind = node->kind;
    for (uint32_t i = 0; i < node->ref_count; i++) {
        out->list[out->count++] = (branch){kf_node_ref(node, i), entries[i]};
    }
    return KF_OK;
}

/* Writes the children as one node, or two. */
static kf_status flush(const change *c, const kids *k, branch out[2], size_t *pieces)
{
    size_t half = k->count > TREE_FANOUT ? k->count / 2 : k->count;
    *pieces = half < k->count ? 2 : 1;
    kf_status status = append(c->store, k->kind, k->list, half, &out[0], c->err);
    return status == KF_OK && half < k->count
               ? append(c->store, k->kind, k->list + half, k->count - half, &out[1], c->err) : status;
}

/* Puts `count` branches in the place of `take` from `at` on. */
static void splice(kids *k, size_t at, size_t take, const branch *with, size_t count)
{
    memmove(&k->list[at + count], &k->list[at + take], (k->count - at - take) * sizeof *k->list);
    if (count > 0) {
        memcpy(&k->list[at], with, count * sizeof *with);
    }
    k->count = k->count - take + count;
}

static int order(const mark_entry *e, const mark_item *item)
{
    return e->time != item->time ? (e->time > item->time) - (e->time < item->time)
                                 : (e->id > item->id) - (e->id < item->id);
}

static kf_status change_leaf(const change *c, kids *k)
{
    size_t at = 0;
    while (at < k->count && order(&k->list[at].entry, &c->item) < 0) {
        at++;
    }
    bool there = at < k->count && order(&k->list[at].entry, &c->item) == 0;
    if (there != c->remove) {
        return kf_fail(c->err, KF_ERR_INVALID, c->remove ? "there is no marker %llu" : "there is a marker %llu already",
                       (unsigned long long)c->item.id);
    }
    branch made = {c->item.ref, {c->item.time, c->item.id, c->item.end, 1}};
    splice(k, at, there, &made, !there);
    return KF_OK;
}

/* The last child that begins at or before the item, else the first. */
static size_t child_for(const kids *k, const mark_item *item)
{
    size_t at = 0;
    while (at + 1 < k->count && order(&k->list[at + 1].entry, item) <= 0) {
        at++;
    }
    return at;
}

/* Puts a changed child back in the place of its old self; a small one together with a neighbour. */
static kf_status put_back(const change *c, kids *k, size_t at, kids *child)
{
    branch made[2];
    size_t pieces = 0, take = 1;
    kf_status status = KF_OK;
    if (child->count > 0 && child->count < LEAST_KIDS && k->count > 1) {
        kids both = {0};
        size_t left = at > 0 ? at - 1 : at;
        status = load(c, k->list[at > 0 ? left : at + 1].ref, &both);
        if (status == KF_OK && both.kind != child->kind) {
            return damaged(c, k->list[left].ref);
        }
        splice(&both, at > 0 ? both.count : 0, 0, child->list, child->count);
        *child = both;
        at = left;
        take = 2;
    }
    if (status == KF_OK && child->count > 0) {
        status = flush(c, child, made, &pieces);
    }
    if (status == KF_OK) {
        splice(k, at, take, made, pieces);
    }
    return status;
}

static kf_status change_node(const change *c, kf_ref ref, int depth, kids *out)
{
    kf_status status = load(c, ref, out);
    if (status != KF_OK || out->kind == NODE_MARKS_LEAF) {
        return status == KF_OK ? change_leaf(c, out) : status;
    }
    kids child = {0};
    size_t at = child_for(out, &c->item);
    if (out->count == 0 || out->list[at].ref >= ref || depth >= MARKS_DEPTH) {
        return damaged(c, ref);
    }
    status = change_node(c, out->list[at].ref, depth + 1, &child);
    return status == KF_OK ? put_back(c, out, at, &child) : status;
}

static kf_status change_tree(const change *c, kf_ref root, kf_ref *out)
{
    kids top = {.kind = NODE_MARKS_LEAF};
    branch made[2];
    size_t pieces = 0;
    kf_status status = root == KF_REF_NONE ? change_leaf(c, &top) : change_node(c, root, 1, &top);
    if (status != KF_OK || top.count == 0 || (top.kind == NODE_MARKS_INNER && top.count == 1)) {
        *out = status == KF_OK && top.count == 1 ? top.list[0].ref : KF_REF_NONE;
        return status;
    }
    status = flush(c, &top, made, &pieces);
    if (status == KF_OK && pieces == 2) {
        status = append(c->store, NODE_MARKS_INNER, made, 2, &made[0], c->err);
    }
    *out = status == KF_OK ? made[0].ref : KF_REF_NONE;
    return status;
}

kf_status marks_insert(kf_store *store, kf_ref root, kf_ref marker, kf_ref *out, kf_error *err)
{
    change c = {.store = store, .err = err};
    if (!mark_item_get(store, marker, &c.item)) {
        return damaged(&c, marker);
    }
    if (marks_of(store, root).count >= KF_MODEL_MAX_MARKERS) {
        return kf_fail(err, KF_ERR_INVALID, "there are %d markers; more are not possible", KF_MODEL_MAX_MARKERS);
    }
    return change_tree(&c, root, out);
}

kf_status marks_remove(kf_store *store, kf_ref root, const mark_item *item, kf_ref *out, kf_error *err)
{
    change c = {.store = store, .err = err, .item = *item, .remove = true};
    return change_tree(&c, root, out);
}

kf_status marks_replace(kf_store *store, kf_ref root, const mark_item *item, kf_ref marker, kf_ref *out, kf_error *err)
{
    kf_ref without;
    kf_status status = marks_remove(store, root, item, &without, err);
    return status == KF_OK ? marks_insert(store, without, marker, out, err) : status;
}
