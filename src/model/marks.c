/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees of markers: building and reading. */
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/marks.h"

enum { MARKS_DEPTH = 12 };

/* ---- Building ---- */

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

/* ---- Reading ---- */

bool mark_item_get(const kf_store *store, kf_ref marker, mark_item *out)
{
    size_t size;
    const marker_body *body = node_body(store, marker, NODE_MARKER, sizeof *body, &size);
    kf_time end = 0;
    if (!body || __builtin_add_overflow(body->time, body->duration, &end)) {
        return false;
    }
    *out = (mark_item){marker, body->time, end, body->id};
    return true;
}

/* The entries of a node of the tree, NULL if it is none. Children lie before their parents: no cycles. */
static const mark_entry *entries_of(const kf_store *store, kf_ref ref, const kf_node **node)
{
    const kf_node *n = ref == KF_REF_NONE ? NULL : kf_store_node(store, ref, KF_NODE_ANY, 0);
    bool good = n && (n->kind == NODE_MARKS_LEAF || n->kind == NODE_MARKS_INNER) &&
                kf_node_payload_size(n) >= (uint64_t)n->ref_count * sizeof(mark_entry);
    *node = n;
    return good ? kf_node_payload(n) : NULL;
}

static int64_t sane_count(int64_t count)
{
    return count < 0 ? 0 : count > KF_MODEL_MAX_MARKERS ? KF_MODEL_MAX_MARKERS : count;
}

kf_markers marks_of(const kf_store *store, kf_ref root)
{
    const kf_node *node;
    const mark_entry *entries = entries_of(store, root, &node);
    int64_t count = 0;
    for (uint32_t i = 0; entries && i < node->ref_count; i++) {
        count = sane_count(count + (node->kind == NODE_MARKS_LEAF ? 1 : sane_count(entries[i].count)));
    }
    return (kf_markers){.ref = root, .count = (int32_t)count};
}

static bool open_marker(const kf_store *store, kf_ref ref, kf_marker *out)
{
    size_t size;
    const marker_body *m = node_body(store, ref, NODE_MARKER, sizeof *m, &size);
    if (!m) {
        return false;
    }
    const char *kind = body_text(m, size, m->kind);
    *out = (kf_marker){.id = m->id, .time = m->time, .duration = m->duration, .name = body_text(m, size, m->name),
                       .note = body_text(m, size, m->note), .kind = *kind ? kind : "comment", .ref = ref};
    out->metadata = metadata_text(store, kf_node_ref(kf_store_node(store, ref, NODE_MARKER, 0), 0));
    memcpy(out->color, m->color, sizeof out->color);
    return true;
}

bool kf_marker_at(kf_snapshot snapshot, kf_markers markers, int32_t i, kf_marker *out)
{
    kf_ref ref = markers.ref;
    int64_t left = i;
    for (int depth = 0; i >= 0 && depth < MARKS_DEPTH; depth++) {
        const kf_node *node;
        const mark_entry *entries = entries_of(snapshot.store, ref, &node);
        if (entries && node->kind == NODE_MARKS_LEAF) {
            return left < node->ref_count && open_marker(snapshot.store, kf_node_ref(node, (uint32_t)left), out);
        }
        uint32_t at = 0;
        for (; entries && at < node->ref_count && left >= sane_count(entries[at].count); at++) {
            left -= sane_count(entries[at].count);
        }
        if (!entries || at >= node->ref_count || kf_node_ref(node, at) >= ref) {
            return false;
        }
        ref = kf_node_ref(node, at);
    }
    return false;
}
