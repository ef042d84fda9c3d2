/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walking a track. A cursor keeps the path from the root to its leaf: the next item is the next entry, or the first of
 * the next leaf. Nodes are looked up again for each step, so that a cursor holds no pointers into them and can be
 * copied. */
#include <string.h>

#include "model/nodes.h"

/* Entry i of a tree node as sums; false past its end or if damaged. Children lie before their parents: no cycles. */
typedef struct entry_view {
    inner_entry sum;
    kf_ref ref;
    kf_item_kind kind; /* NONE: a subtree */
} entry_view;

static kf_time sane(kf_time duration)
{
    return duration < 0 ? 0 : duration > KF_MODEL_MAX_TIME ? KF_MODEL_MAX_TIME : duration;
}

static bool entry_of(const tree_node *node, kf_ref self, uint32_t i, entry_view *out)
{
    if (i >= node->count || (!node->leaf && node->refs[i] >= self)) {
        return false;
    }
    *out = (entry_view){.ref = node->refs[i], .kind = KF_ITEM_NONE};
    if (node->leaf) {
        uint32_t kind = node->leaf[i].kind;
        out->kind = kind == KF_ITEM_CLIP || kind == KF_ITEM_TRANSITION ? (kf_item_kind)kind : KF_ITEM_GAP;
        kf_time duration = kind == KF_ITEM_TRANSITION ? 0 : sane(node->leaf[i].duration);
        out->sum = (inner_entry){duration, 1, kind == KF_ITEM_CLIP};
    } else {
        inner_entry e = node->inner[i];
        out->sum = (inner_entry){sane(e.duration), e.items < 0 ? 0 : e.items, e.clips};
    }
    return true;
}

static bool entry_at(const kf_store *store, kf_ref ref, uint32_t i, entry_view *out)
{
    tree_node node;
    return tree_node_open(store, ref, &node) && entry_of(&node, ref, i, out);
}

static uint32_t entries_of(const kf_store *store, kf_ref ref)
{
    tree_node node;
    return tree_node_open(store, ref, &node) ? node.count : 0;
}

/* ---- Place ---- */

static void set_item(kf_cursor *c, const entry_view *e, int64_t index, kf_time start)
{
    c->item = (kf_item_view){.kind = e->kind, .index = index, .start = sane(start), .duration = e->sum.duration,
                             .ref = e->ref};
    c->moment_ready = false;
}

static void set_outside(kf_cursor *c, int64_t index, kf_time start)
{
    c->item = (kf_item_view){.kind = KF_ITEM_NONE, .index = index, .start = sane(start)};
    c->depth = 0;
    c->moment_ready = false;
}

/* What a descent looks for, counted from the subtree it is in. */
typedef struct target {
    kf_time time;   /* if by_time */
    int64_t index;
    bool by_time;
} target;

static bool lies_in(kf_time duration, int64_t items, const target *t)
{
    return t->by_time ? t->time < duration : t->index < items;
}

/* What lies before an entry. */
typedef struct before {
    kf_time start;
    int64_t index;
} before;

static void pass(target *t, before *b, kf_time duration, int64_t items)
{
    t->time -= duration;
    t->index -= items;
    b->start += duration;
    b->index += items;
}

/* Index of the entry that holds the target; the count if none does. Entries are read as entry_of reads them. */
static uint32_t search_node(const tree_node *node, target *t, before *b)
{
    uint32_t i = 0;
    for (; node->leaf && i < node->count; i++) {
        kf_time duration = node->leaf[i].kind == KF_ITEM_TRANSITION ? 0 : sane(node->leaf[i].duration);
        if (lies_in(duration, 1, t)) {
            break;
        }
        pass(t, b, duration, 1);
    }
    for (; node->inner && i < node->count; i++) {
        kf_time duration = sane(node->inner[i].duration);
        int64_t items = node->inner[i].items < 0 ? 0 : node->inner[i].items;
        if (lies_in(duration, items, t)) {
            break;
        }
        pass(t, b, duration, items);
    }
    return i;
}

static bool descend(kf_cursor *c, target t)
{
    kf_ref ref = c->tree;
    before b = {0};
    for (c->depth = 0; c->depth < KF_CURSOR_DEPTH;) {
        entry_view e;
        tree_node node;
        uint32_t i = tree_node_open(c->snapshot.store, ref, &node) ? search_node(&node, &t, &b) : UINT32_MAX;
        if (i == UINT32_MAX || !entry_of(&node, ref, i, &e)) {
            return false;
        }
        c->level[c->depth].node = ref;
        c->level[c->depth++].at = i;
        if (e.kind != KF_ITEM_NONE) {
            set_item(c, &e, b.index, b.start);
            return true;
        }
        ref = e.ref;
    }
    return false;
}

/* Goes down from the entry at the last level to its first or last item. */
static bool descend_edge(kf_cursor *c, bool last, entry_view *e)
{
    for (;;) {
        struct kf_cursor_level *at = &c->level[c->depth - 1];
        if (!entry_at(c->snapshot.store, at->node, at->at, e)) {
            return false;
        }
        if (e->kind != KF_ITEM_NONE) {
            return true;
        }
        uint32_t count = entries_of(c->snapshot.store, e->ref);
        if (c->depth == KF_CURSOR_DEPTH || count == 0) {
            return false;
        }
        c->level[c->depth++] = (struct kf_cursor_level){.node = e->ref, .at = last ? count - 1 : 0};
    }
}

void kf_cursor_init(kf_cursor *cursor, kf_snapshot snapshot, const kf_track_view *track)
{
    memset(cursor, 0, sizeof *cursor);
    cursor->snapshot = snapshot;
    cursor->tree = track->tree;
    cursor->track_kind = track->kind;
    cursor->item_count = track->item_count;
    set_outside(cursor, -1, 0);
}

static void go_past_end(kf_cursor *c)
{
    kf_time end = 0;
    uint32_t count = entries_of(c->snapshot.store, c->tree);
    for (uint32_t i = 0; i < count; i++) {
        entry_view e;
        end += entry_at(c->snapshot.store, c->tree, i, &e) ? e.sum.duration : 0;
    }
    set_outside(c, c->item_count, end);
}

bool kf_cursor_seek_index(kf_cursor *cursor, int64_t index)
{
    if (index >= 0 && index < cursor->item_count && descend(cursor, (target){.index = index})) {
        return true;
    }
    if (index < 0) {
        set_outside(cursor, -1, 0);
    } else {
        go_past_end(cursor);
    }
    return false;
}

bool kf_cursor_next(kf_cursor *cursor)
{
    if (cursor->item.kind == KF_ITEM_NONE) {
        return cursor->item.index < 0 ? kf_cursor_seek_index(cursor, 0) : false;
    }
    int64_t index = cursor->item.index + 1;
    kf_time start = cursor->item.start + cursor->item.duration;
    for (; cursor->depth > 0; cursor->depth--) {
        struct kf_cursor_level *at = &cursor->level[cursor->depth - 1];
        if (at->at + 1 < entries_of(cursor->snapshot.store, at->node)) {
            at->at++;
            break;
        }
    }
    entry_view e;
    /* A hostile tree that repeats its nodes has more items than it says. */
    if (index >= cursor->item_count || cursor->depth == 0 || !descend_edge(cursor, false, &e)) {
        set_outside(cursor, cursor->item_count, start);
        return false;
    }
    set_item(cursor, &e, index, start);
    return true;
}

bool kf_cursor_previous(kf_cursor *cursor)
{
    if (cursor->item.kind == KF_ITEM_NONE) {
        return cursor->item.index > 0 ? kf_cursor_seek_index(cursor, cursor->item_count - 1) : false;
    }
    int64_t index = cursor->item.index - 1;
    kf_time end = cursor->item.start;
    while (cursor->depth > 0 && cursor->level[cursor->depth - 1].at == 0) {
        cursor->depth--;
    }
    if (cursor->depth > 0) {
        cursor->level[cursor->depth - 1].at--;
    }
    entry_view e;
    if (cursor->depth == 0 || !descend_edge(cursor, true, &e)) {
        set_outside(cursor, -1, 0);
        return false;
    }
    set_item(cursor, &e, index, end - e.sum.duration);
    return true;
}

static bool holds(const kf_item_view *item, kf_time t)
{
    return item->kind != KF_ITEM_NONE && t >= item->start && t - item->start < item->duration;
}

bool kf_cursor_seek(kf_cursor *cursor, kf_time t)
{
    if (holds(&cursor->item, t)) {
        return true;
    }
    if (cursor->item.kind != KF_ITEM_NONE && t >= cursor->item.start) {
        /* Transitions have no duration of their own: the next gap or clip is at most two items on. */
        for (int i = 0; i < 2 && kf_cursor_next(cursor); i++) {
            if (holds(&cursor->item, t)) {
                return true;
            }
        }
    }
    if (cursor->item.kind == KF_ITEM_NONE && cursor->item.index > 0 && t >= cursor->item.start) {
        return false;
    }
    if (t >= 0 && descend(cursor, (target){.time = t, .by_time = true})) {
        return true;
    }
    if (t < 0) {
        set_outside(cursor, -1, 0);
    } else {
        go_past_end(cursor);
    }
    return false;
}

/* ---- What is there ---- */

bool kf_cursor_clip(const kf_cursor *cursor, kf_clip_view *out)
{
    return clip_open(cursor->snapshot.store, &cursor->item, cursor->track_kind, out);
}

/* The clip one item before or after, if there is one and it is enabled. */
static const kf_clip_view *neighbour(const kf_cursor *cursor, bool after, kf_clip_view *out)
{
    kf_cursor at;
    memcpy(&at, cursor, offsetof(kf_cursor, moment_ready));
    bool there = after ? kf_cursor_next(&at) : kf_cursor_previous(&at);
    return there && kf_cursor_clip(&at, out) && out->enabled ? out : NULL;
}

bool kf_cursor_transition(kf_cursor *cursor, kf_transition_view *out)
{
    const kf_item_view *item = &cursor->item;
    if (item->kind != KF_ITEM_TRANSITION || !transition_open(cursor->snapshot.store, item->ref, item->start, out)) {
        return false;
    }
    cursor->moment_ready = false;
    out->from = neighbour(cursor, false, &cursor->before);
    out->to = neighbour(cursor, true, &cursor->after);
    return true;
}

/* The transition next to the item under the cursor; `beyond` is the clip on its far side. */
static bool read_side(const kf_cursor *cursor, bool after, kf_transition_view *out, kf_clip_view *beyond,
                      const kf_clip_view **far_clip)
{
    kf_cursor at;
    memcpy(&at, cursor, offsetof(kf_cursor, moment_ready));
    bool there = after ? kf_cursor_next(&at) : kf_cursor_previous(&at);
    if (!there || at.item.kind != KF_ITEM_TRANSITION ||
        !transition_open(at.snapshot.store, at.item.ref, at.item.start, out)) {
        return false;
    }
    *far_clip = neighbour(&at, after, beyond);
    return true;
}

static void read_moment(kf_cursor *c)
{
    const kf_clip_view *far_clip;
    c->has_clip = kf_cursor_clip(c, &c->clip);
    c->has_head = read_side(c, false, &c->head, &c->before, &far_clip);
    if (c->has_head) {
        c->head.from = far_clip;
    }
    c->has_tail = c->item.kind != KF_ITEM_NONE && read_side(c, true, &c->tail, &c->after, &far_clip);
    if (c->has_tail) {
        c->tail.to = far_clip;
    }
    c->moment_ready = true;
}

/* Views point into the cursor itself, which may have been copied since they were read. */
static void link_views(kf_cursor *c)
{
    const kf_clip_view *here = c->has_clip && c->clip.enabled ? &c->clip : NULL;
    c->head.from = c->has_head && c->head.from ? &c->before : NULL;
    c->head.to = here;
    c->tail.from = here;
    c->tail.to = c->has_tail && c->tail.to ? &c->after : NULL;
}

static bool covers(const kf_transition_view *transition, kf_time t)
{
    return t >= transition->start && t < transition->start + transition->duration;
}

bool kf_track_at(kf_cursor *cursor, kf_time t, kf_moment *out)
{
    bool inside = kf_cursor_seek(cursor, t);
    if (!cursor->moment_ready) {
        read_moment(cursor);
    }
    link_views(cursor);
    cursor->moment = (kf_moment){.kind = cursor->item.kind, .start = cursor->item.start,
                                 .duration = cursor->item.duration, .clip = cursor->has_clip ? &cursor->clip : NULL};
    if (cursor->has_head && covers(&cursor->head, t)) {
        cursor->moment.transition = &cursor->head;
    } else if (cursor->has_tail && covers(&cursor->tail, t)) {
        cursor->moment.transition = &cursor->tail;
    }
    *out = cursor->moment;
    return inside || cursor->moment.transition;
}
