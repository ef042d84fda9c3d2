/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees of markers: reading and searching them. */
#include <string.h>

#include "model/marks.h"

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

const mark_entry *marks_entries(const kf_store *store, kf_ref ref, const kf_node **node)
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
    const mark_entry *entries = marks_entries(store, root, &node);
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
        const mark_entry *entries = marks_entries(snapshot.store, ref, &node);
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

/* ---- Searching ---- */

int32_t kf_marker_index(kf_snapshot snapshot, kf_markers markers, kf_time t)
{
    kf_ref ref = markers.ref;
    int64_t before = 0;
    for (int depth = 0; depth < MARKS_DEPTH; depth++) {
        const kf_node *node;
        const mark_entry *entries = marks_entries(snapshot.store, ref, &node);
        uint32_t at = 0;
        for (; entries && at < node->ref_count && entries[at].time < t; at++) {
            before += node->kind == NODE_MARKS_LEAF ? 1 : sane_count(entries[at].count);
        }
        if (!entries || node->kind == NODE_MARKS_LEAF || at == 0 || kf_node_ref(node, at - 1) >= ref) {
            break;
        }
        before -= sane_count(entries[at - 1].count);
        ref = kf_node_ref(node, at - 1);
    }
    return (int32_t)sane_count(before);
}

/* A walk over the markers that begin at or before `last` and reach `first`. */
typedef struct walk {
    kf_snapshot snapshot;
    kf_time first, last;
    bool open;               /* those that end at `first` have to begin there as well */
    kf_marker_fn *fn;
    void *ctx;
    int64_t budget;          /* entries that may still be looked at: nodes of a hostile tree may stand in many places */
} walk;

static bool reaches(const walk *w, const mark_entry *e)
{
    return e->time <= w->last && e->end >= w->first;
}

/* False if the walk has ended. *index: of the subtree's first marker, then of the one after its last. */
static bool visit(walk *w, kf_ref ref, int depth, int64_t *index)
{
    const kf_node *node;
    const mark_entry *entries = marks_entries(w->snapshot.store, ref, &node);
    for (uint32_t i = 0; entries && i < node->ref_count; i++) {
        const mark_entry *e = &entries[i];
        kf_ref child = kf_node_ref(node, i);
        kf_marker marker;
        if (e->time > w->last || --w->budget < 0) {
            return false;
        }
        if (node->kind == NODE_MARKS_INNER && reaches(w, e) && child < ref && depth < MARKS_DEPTH) {
            int64_t at = *index;
            if (!visit(w, child, depth + 1, &at)) {
                return false;
            }
        } else if (node->kind == NODE_MARKS_LEAF && reaches(w, e) &&
                   !(w->open && e->end == w->first && e->time < w->first) &&
                   open_marker(w->snapshot.store, child, &marker) &&
                   !w->fn(w->ctx, (int32_t)sane_count(*index), &marker)) {
            return false;
        }
        *index += node->kind == NODE_MARKS_LEAF ? 1 : sane_count(e->count);
    }
    return true;
}

/* Nodes have two children at least. */
static int64_t budget_of(kf_markers markers)
{
    return 2 * (int64_t)markers.count + TREE_FANOUT;
}

void kf_markers_at(kf_snapshot snapshot, kf_markers markers, kf_time t, kf_marker_fn *fn, void *ctx)
{
    int64_t index = 0;
    visit(&(walk){snapshot, t, t, false, fn, ctx, budget_of(markers)}, markers.ref, 0, &index);
}

void kf_markers_over(kf_snapshot snapshot, kf_markers markers, kf_time from, kf_time to, kf_marker_fn *fn, void *ctx)
{
    int64_t index = 0;
    if (from < to) {
        visit(&(walk){snapshot, from, to - 1, true, fn, ctx, budget_of(markers)}, markers.ref, 0, &index);
    }
}

typedef struct wanted {
    uint64_t id;
    int32_t index;
} wanted;

static bool is_wanted(void *ctx, int32_t index, const kf_marker *marker)
{
    wanted *w = ctx;
    w->index = marker->id == w->id ? index : w->index;
    return marker->id != w->id;
}

int32_t kf_marker_find(kf_snapshot snapshot, kf_markers markers, uint64_t id)
{
    wanted w = {id, -1};
    kf_markers_over(snapshot, markers, INT64_MIN, INT64_MAX, is_wanted, &w);
    return w.index;
}
