/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changed between two states of a store. Equal references are equal trees, so that only what was copied is looked
 * at. Tracks' trees are compared row by row from the top: the entries of one level on either side, from which what both
 * share is taken out; what is left between is taken apart into the level below. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/api/edit.h"
#include "model/nodes.h"

typedef struct differ {
    const kf_store *store;
    kf_changes *out;      /* NULL: only the trees are wanted */
    tree_fn *tree;        /* instead of looking into trees; may be NULL */
    void *ctx;
    uint64_t sequence, track;
    bool failed;
} differ;

void kf_changes_finish(kf_changes *changes)
{
    kf_free(changes->list);
    *changes = (kf_changes){0};
}

static void add(differ *d, const kf_change *change)
{
    void *list = d->out->list;
    if (d->failed || kf_grow(&list, &d->out->capacity, d->out->count + 1, sizeof *change) != 0) {
        d->failed = true;
        return;
    }
    d->out->list = list;
    d->out->list[d->out->count++] = *change;
}

static void add_kind(differ *d, kf_change_kind kind, uint64_t asset)
{
    if (!d->out) {
        return;
    }
    bool in_sequence = kind >= KF_CHANGE_SEQUENCE_ADDED;
    add(d, &(kf_change){.kind = kind, .sequence = in_sequence ? d->sequence : 0, .asset = asset,
                        .track = kind >= KF_CHANGE_TRACK ? d->track : 0});
}

/* ---- Trees ---- */

typedef struct part {
    kf_ref ref;
    kf_time duration;
    int64_t items;
    uint32_t kind;   /* kf_item_kind; NONE: a subtree */
    uint32_t height; /* of a subtree; 0: an item */
} part;

typedef struct side {
    part *parts;
    size_t count, capacity;
    int64_t index;   /* of the first item */
    kf_time start;
} side;

static uint32_t height_of(const kf_store *store, kf_ref ref)
{
    uint32_t height = 0;
    tree_node node;
    while (height < KF_CURSOR_DEPTH && tree_node_open(store, ref, &node)) {
        height++;
        if (node.leaf || node.count == 0) {
            break;
        }
        ref = node.refs[0];
    }
    return height;
}

static void push(differ *d, side *s, const part *p)
{
    void *parts = s->parts;
    if (d->failed || kf_grow(&parts, &s->capacity, s->count + 1, sizeof *p) != 0) {
        d->failed = true;
        return;
    }
    s->parts = parts;
    s->parts[s->count++] = *p;
}

/* Appends the children of a subtree. */
static void push_children(differ *d, side *s, const part *parent)
{
    tree_node node;
    if (!tree_node_open(d->store, parent->ref, &node)) {
        return;
    }
    for (uint32_t i = 0; i < node.count; i++) {
        part p = {.ref = node.refs[i]};
        if (node.leaf) {
            p.duration = node.leaf[i].duration;
            p.items = 1;
            p.kind = node.leaf[i].kind;
        } else {
            p.duration = node.inner[i].duration;
            p.items = node.inner[i].items;
            p.height = parent->height - 1;
        }
        push(d, s, &p);
    }
}

/* Gaps are equal if they are as long. */
static bool equal(const part *a, const part *b)
{
    return a->ref == b->ref && (a->height > 0 || (a->duration == b->duration && a->kind == b->kind));
}

static void advance(side *s, const part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        s->index += parts[i].items;
        s->start += parts[i].duration;
    }
}

static void add_items(differ *d, const part *a, size_t a_count, side *from, const part *b, size_t b_count, side *to)
{
    kf_change c = {.kind = KF_CHANGE_ITEMS, .sequence = d->sequence, .track = d->track, .old_index = from->index,
                   .new_index = to->index, .old_start = from->start, .new_start = to->start};
    advance(from, a, a_count);
    advance(to, b, b_count);
    c.removed = from->index - c.old_index;
    c.inserted = to->index - c.new_index;
    c.old_end = from->start;
    c.new_end = to->start;
    add(d, &c);
}

static void compare(differ *d, side *from, side *to);

static uint32_t tallest(const part *parts, size_t count)
{
    uint32_t height = 0;
    for (size_t i = 0; i < count; i++) {
        height = parts[i].height > height ? parts[i].height : height;
    }
    return height;
}

/* The parts, those of height `height` taken apart. */
static side lower(differ *d, const part *parts, size_t count, uint32_t height, const side *at)
{
    side out = {.index = at->index, .start = at->start};
    for (size_t i = 0; i < count; i++) {
        if (parts[i].height == height) {
            push_children(d, &out, &parts[i]);
        } else {
            push(d, &out, &parts[i]);
        }
    }
    return out;
}

/* Two runs with nothing in common at their level. */
static void compare_runs(differ *d, const part *a, size_t a_count, side *from, const part *b, size_t b_count, side *to)
{
    if (a_count == 0 && b_count == 0) {
        return;
    }
    uint32_t high = tallest(a, a_count), other = tallest(b, b_count);
    high = high > other ? high : other;
    if (high == 0 || a_count == 0 || b_count == 0) {
        add_items(d, a, a_count, from, b, b_count, to);
        return;
    }
    side below = lower(d, a, a_count, high, from), beside = lower(d, b, b_count, high, to);
    compare(d, &below, &beside);
    advance(from, a, a_count);
    advance(to, b, b_count);
    kf_free(below.parts);
    kf_free(beside.parts);
}

/* The nearest pair of equal parts; false if none is near. */
static bool find_meeting(const part *a, size_t a_count, const part *b, size_t b_count, size_t *i, size_t *j)
{
    enum { FARTHEST = 80 };
    for (size_t way = 0; way <= FARTHEST && way < a_count + b_count; way++) {
        size_t least = way < b_count ? 0 : way - b_count + 1;
        for (size_t x = least; x <= way && x < a_count; x++) {
            if (equal(&a[x], &b[way - x])) {
                *i = x;
                *j = way - x;
                return true;
            }
        }
    }
    return false;
}

static void compare(differ *d, side *from, side *to)
{
    const part *a = from->parts, *b = to->parts;
    size_t a_count = from->count, b_count = to->count, tail = 0;
    while (tail < a_count && tail < b_count && equal(&a[a_count - 1 - tail], &b[b_count - 1 - tail])) {
        tail++;
    }
    a_count -= tail;
    b_count -= tail;
    while (!d->failed && (a_count > 0 || b_count > 0)) {
        size_t i = a_count, j = b_count;
        bool met = find_meeting(a, a_count, b, b_count, &i, &j);
        compare_runs(d, a, i, from, b, j, to);
        if (met) {
            advance(from, a + i++, 1);
            advance(to, b + j++, 1);
        }
        a += i;
        b += j;
        a_count -= i;
        b_count -= j;
    }
}

static void compare_trees(differ *d, kf_ref from, kf_ref to)
{
    const kf_ref refs[2] = {from, to};
    side sides[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        part whole = {.ref = refs[i], .height = height_of(d->store, refs[i])};
        if (whole.height > 0) {
            push_children(d, &sides[i], &whole);
        }
    }
    compare(d, &sides[0], &sides[1]);
    kf_free(sides[0].parts);
    kf_free(sides[1].parts);
}

/* ---- Tracks, sequences, the project ---- */

/* Two nodes' payloads, but for [skip, skip + size) of their bodies. */
static bool same_payload(const kf_node *a, const kf_node *b, size_t skip, size_t size)
{
    size_t length = kf_node_payload_size(a);
    const char *x = kf_node_payload(a), *y = kf_node_payload(b);
    return length == kf_node_payload_size(b) && length >= skip + size && memcmp(x, y, skip) == 0 &&
           memcmp(x + skip + size, y + skip + size, length - skip - size) == 0;
}

static bool same_refs(const kf_node *a, const kf_node *b, uint32_t from_a, uint32_t from_b)
{
    uint32_t count = a->ref_count > from_a ? a->ref_count - from_a : 0;
    return count == (b->ref_count > from_b ? b->ref_count - from_b : 0) &&
           (count == 0 || memcmp(kf_node_refs(a) + from_a, kf_node_refs(b) + from_b, count * sizeof(kf_ref)) == 0);
}

enum {
    TRACK_SUMS = offsetof(track_body, item_count),
    TRACK_SUMS_SIZE = offsetof(track_body, duration) + sizeof(kf_time) - TRACK_SUMS,
    SEQUENCE_SUMS = offsetof(sequence_body, clip_count),
    SEQUENCE_SUMS_SIZE = offsetof(sequence_body, duration) + sizeof(kf_time) - SEQUENCE_SUMS
};

/* Of a track that is on both sides, or (KF_REF_NONE) on one. */
static void compare_track_trees(differ *d, kf_ref from, kf_ref to)
{
    if (from == to) {
        return;
    }
    if (d->tree) {
        d->tree(d->ctx, d->sequence, d->track, from, to);
    } else {
        compare_trees(d, from, to);
    }
}

static void compare_tracks(differ *d, kf_ref from, kf_ref to)
{
    const kf_node *a = kf_store_node(d->store, from, NODE_TRACK, sizeof(track_body));
    const kf_node *b = kf_store_node(d->store, to, NODE_TRACK, sizeof(track_body));
    if (from == to || !a || !b) {
        return;
    }
    d->track = ((const track_body *)kf_node_payload(b))->uid;
    if (!same_payload(a, b, TRACK_SUMS, TRACK_SUMS_SIZE) || !same_refs(a, b, TRACK_TREE + 1, TRACK_TREE + 1)) {
        add_kind(d, KF_CHANGE_TRACK, 0);
    }
    compare_track_trees(d, kf_node_ref(a, TRACK_TREE), kf_node_ref(b, TRACK_TREE));
}

static uint64_t track_uid(const kf_store *store, kf_ref ref)
{
    size_t size;
    const track_body *body = node_body(store, ref, NODE_TRACK, sizeof *body, &size);
    return body ? body->uid : 0;
}

/* Index of the track in a list, from `near` on; -1 if it is not there. */
static int32_t find_track(const differ *d, kf_effects list, kf_ref track, int32_t near)
{
    for (int32_t k = 0; k < list.count; k++) {
        int32_t i = (near + k) % list.count;
        if (list.refs[i] == track || track_uid(d->store, list.refs[i]) == track_uid(d->store, track)) {
            return i;
        }
    }
    return -1;
}

/* The tree of a track that only one side has. */
static void lone_track(differ *d, kf_ref track, bool added)
{
    const kf_node *node = kf_store_node(d->store, track, NODE_TRACK, sizeof(track_body));
    if (node && d->tree) {
        d->track = track_uid(d->store, track);
        kf_ref tree = kf_node_ref(node, TRACK_TREE);
        compare_track_trees(d, added ? KF_REF_NONE : tree, added ? tree : KF_REF_NONE);
    }
}

static void compare_track_lists(differ *d, kf_effects a, kf_effects b)
{
    bool same = a.count == b.count;
    for (int32_t i = 0; i < b.count; i++) {
        int32_t was = find_track(d, a, b.refs[i], i);
        same = same && was == i;
        if (was < 0) {
            lone_track(d, b.refs[i], true);
        } else {
            compare_tracks(d, a.refs[was], b.refs[i]);
        }
    }
    for (int32_t i = 0; !same && i < a.count; i++) {
        if (find_track(d, b, a.refs[i], i) < 0) {
            lone_track(d, a.refs[i], false);
        }
    }
    if (!same) {
        add_kind(d, KF_CHANGE_TRACKS, 0);
    }
}

static void compare_sequences(differ *d, kf_ref from, kf_ref to)
{
    const kf_node *a = kf_store_node(d->store, from, NODE_SEQUENCE, sizeof(sequence_body));
    const kf_node *b = kf_store_node(d->store, to, NODE_SEQUENCE, sizeof(sequence_body));
    if (from == to || !a || !b) {
        return;
    }
    const sequence_body *x = kf_node_payload(a), *y = kf_node_payload(b);
    d->sequence = y->uid;
    kf_effects tracks_a = node_effects(a, SEQUENCE_TRACKS, x->track_count);
    kf_effects tracks_b = node_effects(b, SEQUENCE_TRACKS, y->track_count);
    bool same = SEQUENCE_TRACKS <= 1 ||
                memcmp(kf_node_refs(a) + 1, kf_node_refs(b) + 1, (SEQUENCE_TRACKS - 1) * sizeof(kf_ref)) == 0;
    same = same && same_refs(a, b, SEQUENCE_TRACKS + (uint32_t)tracks_a.count, SEQUENCE_TRACKS + (uint32_t)tracks_b.count);
    if (!same || !same_payload(a, b, SEQUENCE_SUMS, SEQUENCE_SUMS_SIZE)) {
        add_kind(d, KF_CHANGE_SEQUENCE, 0);
    }
    if (kf_node_ref(a, SEQUENCE_MARKERS) != kf_node_ref(b, SEQUENCE_MARKERS)) {
        add_kind(d, KF_CHANGE_MARKERS, 0);
    }
    compare_track_lists(d, tracks_a, tracks_b);
}

/* One that is in both lists, or (KF_REF_NONE) only in the other. */
typedef void member_fn(differ *d, uint64_t uid, kf_ref from, kf_ref to);

static void compare_lists(differ *d, node_list a, node_list b, member_fn *fn)
{
    list_member x, y;
    for (int32_t i = 0, j = 0;;) {
        int32_t shared = node_list_shared(&a, i, &b, j);
        bool left = node_list_at(&a, i += shared, &x), right = node_list_at(&b, j += shared, &y);
        if (!left && !right) {
            return;
        }
        bool both = left && right, first = left && (!both || x.uid <= y.uid), second = right && (!both || y.uid <= x.uid);
        fn(d, first ? x.uid : y.uid, first ? x.ref : KF_REF_NONE, second ? y.ref : KF_REF_NONE);
        i += first;
        j += second;
    }
}

static void compare_asset(differ *d, uint64_t uid, kf_ref from, kf_ref to)
{
    if (from != to) {
        add_kind(d, from == KF_REF_NONE ? KF_CHANGE_ASSET_ADDED : to == KF_REF_NONE ? KF_CHANGE_ASSET_REMOVED : KF_CHANGE_ASSET,
                 uid);
    }
}

static void lone_sequence(differ *d, kf_ref sequence, bool added)
{
    const kf_node *node = kf_store_node(d->store, sequence, NODE_SEQUENCE, sizeof(sequence_body));
    kf_effects tracks = {0};
    if (node && d->tree) {
        tracks = node_effects(node, SEQUENCE_TRACKS, ((const sequence_body *)kf_node_payload(node))->track_count);
    }
    for (int32_t i = 0; i < tracks.count; i++) {
        lone_track(d, tracks.refs[i], added);
    }
}

static void compare_sequence(differ *d, uint64_t uid, kf_ref from, kf_ref to)
{
    d->sequence = uid;
    if (from != KF_REF_NONE && to != KF_REF_NONE) {
        compare_sequences(d, from, to);
    } else {
        lone_sequence(d, from == KF_REF_NONE ? to : from, from == KF_REF_NONE);
        add_kind(d, from == KF_REF_NONE ? KF_CHANGE_SEQUENCE_ADDED : KF_CHANGE_SEQUENCE_REMOVED, 0);
    }
}

static void compare_projects(differ *d, kf_ref from, kf_ref to)
{
    const kf_node *a = kf_store_node(d->store, from, NODE_PROJECT, sizeof(project_body));
    const kf_node *b = kf_store_node(d->store, to, NODE_PROJECT, sizeof(project_body));
    kf_snapshot old = {d->store, from}, new = {d->store, to};
    if (a && b && (!same_payload(a, b, offsetof(project_body, next_id), sizeof(uint64_t)) ||
                   !same_refs(a, b, PROJECT_BINS, PROJECT_BINS))) {
        add_kind(d, KF_CHANGE_PROJECT, 0);
    }
    if (d->out && a && b && kf_node_ref(a, PROJECT_ASSETS) != kf_node_ref(b, PROJECT_ASSETS)) {
        compare_lists(d, node_list_of(old, PROJECT_ASSETS), node_list_of(new, PROJECT_ASSETS), compare_asset);
    }
    if (!a || !b || kf_node_ref(a, PROJECT_SEQUENCES) != kf_node_ref(b, PROJECT_SEQUENCES)) {
        compare_lists(d, node_list_of(old, PROJECT_SEQUENCES), node_list_of(new, PROJECT_SEQUENCES), compare_sequence);
    }
}

kf_status kf_diff(const kf_store *store, kf_ref from, kf_ref to, kf_changes *out, kf_error *err)
{
    differ d = {.store = store, .out = out};
    out->count = 0;
    if (from != to) {
        compare_projects(&d, from, to);
    }
    return d.failed ? kf_fail_memory(err) : KF_OK;
}

void diff_trees(const kf_store *store, kf_ref from, kf_ref to, tree_fn *fn, void *ctx)
{
    differ d = {.store = store, .tree = fn, .ctx = ctx};
    if (from != to) {
        compare_projects(&d, from, to);
    }
}
