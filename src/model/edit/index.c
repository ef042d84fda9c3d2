/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/index.h"

#include <string.h>

#include "base/api/alloc.h"

/* ---- A map of 64-bit keys, none 0, to 32-bit values: open addressing, keys and values apart ---- */

typedef struct map {
    uint64_t *keys;
    uint32_t *values;
    size_t capacity, count; /* capacity below 2^32 */
} map;

static size_t place_of(const map *m, uint64_t key)
{
    return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15) >> 32) * m->capacity >> 32);
}

static size_t after(const map *m, size_t i)
{
    return i + 1 < m->capacity ? i + 1 : 0;
}

/* How far place `to` lies behind `from`, around the end. */
static size_t distance(const map *m, size_t from, size_t to)
{
    return to >= from ? to - from : to + m->capacity - from;
}

/* Where the key is, or the free place where it would be. */
static size_t probe(const map *m, uint64_t key)
{
    size_t i = place_of(m, key);
    while (m->keys[i] != 0 && m->keys[i] != key) {
        i = after(m, i);
    }
    return i;
}

static bool map_get(const map *m, uint64_t key, uint32_t *out)
{
    size_t i = m->capacity && key ? probe(m, key) : 0;
    if (m->capacity == 0 || key == 0 || m->keys[i] != key) {
        return false;
    }
    *out = m->values[i];
    return true;
}

static void map_finish(map *m)
{
    kf_free(m->keys);
    kf_free(m->values);
    *m = (map){0};
}

static bool map_reserve(map *m, size_t count)
{
    if (count * 8 <= m->capacity * 7) {
        return true;
    }
    map next = {.capacity = m->capacity + m->capacity / 3 + 64, .count = m->count};
    if (next.capacity > UINT32_MAX) {
        return false;
    }
    next.keys = kf_alloc_zero(next.capacity, sizeof *next.keys);
    next.values = kf_alloc_zero(next.capacity, sizeof *next.values);
    if (!next.keys || !next.values) {
        map_finish(&next);
        return false;
    }
    for (size_t i = 0; i < m->capacity; i++) {
        if (m->keys[i] != 0) {
            size_t at = probe(&next, m->keys[i]);
            next.keys[at] = m->keys[i];
            next.values[at] = m->values[i];
        }
    }
    map_finish(m);
    *m = next;
    return true;
}

static bool map_put(map *m, uint64_t key, uint32_t value)
{
    if (key == 0 || !map_reserve(m, m->count + 1)) {
        return key == 0;
    }
    size_t i = probe(m, key);
    m->count += m->keys[i] == 0;
    m->keys[i] = key;
    m->values[i] = value;
    return true;
}

/* Closes the hole by moving back what was pushed on past it. */
static void map_remove(map *m, uint64_t key)
{
    size_t i = m->capacity ? probe(m, key) : 0;
    if (m->capacity == 0 || m->keys[i] != key) {
        return;
    }
    for (size_t j = after(m, i); m->keys[j] != 0; j = after(m, j)) {
        size_t home = place_of(m, m->keys[j]);
        if (distance(m, home, j) >= distance(m, i, j)) {
            m->keys[i] = m->keys[j];
            m->values[i] = m->values[j];
            i = j;
        }
    }
    m->keys[i] = 0;
    m->count--;
}

/* ---- The index ---- */

enum { ON_TRACK = INT32_MIN, NO_SLOT = INT32_MAX };

typedef struct slot {
    kf_ref ref;      /* of the node; KF_REF_NONE: free */
    uint32_t parent; /* slot, or ON_TRACK | its track; free slots: the next free one */
    uint32_t turn;   /* of the last move that found it in use */
} slot;

typedef struct track_entry {
    uint64_t sequence, track;
} track_entry;

struct item_index {
    const kf_store *store;
    kf_ref root;
    map leaves;      /* of items, by id */
    map nodes;       /* slots by ref */
    slot *slots;
    size_t slot_count, slot_capacity;
    uint32_t free;
    uint32_t turn;
    track_entry *tracks;
    size_t track_count, track_capacity;
    bool failed;
};

item_index *index_create(void)
{
    item_index *index = KF_NEW(item_index);
    if (index) {
        index->free = NO_SLOT;
    }
    return index;
}

static void clear(item_index *index)
{
    map_finish(&index->leaves);
    map_finish(&index->nodes);
    kf_free(index->slots);
    kf_free(index->tracks);
    *index = (item_index){.free = NO_SLOT};
}

void index_destroy(item_index *index)
{
    if (index) {
        clear(index);
        kf_free(index);
    }
}

static uint32_t new_slot(item_index *index, kf_ref ref)
{
    uint32_t at = index->free;
    if (at != NO_SLOT) {
        index->free = index->slots[at].parent;
    } else {
        void *slots = index->slots;
        if (index->slot_count >= NO_SLOT || kf_grow(&slots, &index->slot_capacity, index->slot_count + 1, sizeof(slot)) != 0) {
            index->failed = true;
            return NO_SLOT;
        }
        index->slots = slots;
        at = (uint32_t)index->slot_count++;
    }
    index->slots[at] = (slot){.ref = ref};
    if (!map_put(&index->nodes, ref, at)) {
        index->failed = true;
    }
    return at;
}

/* Puts in what is new below `ref`; what is there already keeps its slot and gets its way up. */
static void put_tree(item_index *index, kf_ref ref, uint32_t parent, int depth)
{
    tree_node node;
    uint32_t at;
    if (index->failed || depth == 0 || !tree_node_open(index->store, ref, &node)) {
        return;
    }
    bool known = map_get(&index->nodes, ref, &at);
    if (!known) {
        at = new_slot(index, ref);
    }
    if (index->failed) {
        return;
    }
    index->slots[at].parent = parent;
    index->slots[at].turn = index->turn;
    for (uint32_t i = 0; !known && i < node.count; i++) {
        kf_ref child = node.refs[i];
        if (node.inner) {
            put_tree(index, child, at, depth - 1);
        } else if (!map_put(&index->leaves, item_id(index->store, child), at)) {
            index->failed = true;
        }
    }
}

/* Takes out what lies below `ref` and is not in use any more. */
static void drop_tree(item_index *index, kf_ref ref, int depth)
{
    tree_node node;
    uint32_t at, leaf;
    if (depth == 0 || !tree_node_open(index->store, ref, &node) || !map_get(&index->nodes, ref, &at) || index->slots[at].turn == index->turn) {
        return;
    }
    for (uint32_t i = 0; i < node.count; i++) {
        kf_ref child = node.refs[i];
        if (node.inner) {
            drop_tree(index, child, depth - 1);
            continue;
        }
        uint64_t id = item_id(index->store, child);
        if (map_get(&index->leaves, id, &leaf) && leaf == at) {
            map_remove(&index->leaves, id);
        }
    }
    map_remove(&index->nodes, ref);
    index->slots[at] = (slot){.parent = index->free};
    index->free = at;
}

static uint32_t track_of(item_index *index, uint64_t sequence, uint64_t track)
{
    for (size_t i = 0; i < index->track_count; i++) {
        if (index->tracks[i].sequence == sequence && index->tracks[i].track == track) {
            return (uint32_t)ON_TRACK | (uint32_t)i;
        }
    }
    void *tracks = index->tracks;
    if (kf_grow(&tracks, &index->track_capacity, index->track_count + 1, sizeof(track_entry)) != 0) {
        index->failed = true;
        return NO_SLOT;
    }
    index->tracks = tracks;
    index->tracks[index->track_count++] = (track_entry){sequence, track};
    return (uint32_t)ON_TRACK | (uint32_t)(index->track_count - 1);
}

static void put_fn(void *ctx, uint64_t sequence, uint64_t track, kf_ref from, kf_ref to)
{
    item_index *index = ctx;
    if (to != KF_REF_NONE) {
        put_tree(index, to, track_of(index, sequence, track), KF_CURSOR_DEPTH);
    }
}

static void drop_fn(void *ctx, uint64_t sequence, uint64_t track, kf_ref from, kf_ref to)
{
    if (from != KF_REF_NONE) {
        drop_tree(ctx, from, KF_CURSOR_DEPTH);
    }
}

/* All new trees first, so that what moves from one track to another is in use when the old ones are taken out. */
kf_status index_move(item_index *index, const kf_store *store, kf_ref root, kf_error *err)
{
    if (index->store != store) {
        clear(index);
        index->store = store;
    }
    kf_ref from = index->root;
    index->turn++;
    diff_trees(store, from, root, put_fn, index);
    if (!index->failed) {
        diff_trees(store, from, root, drop_fn, index);
        index->root = root;
        return KF_OK;
    }
    clear(index);
    return kf_fail_memory(err);
}

/* ---- Finding ---- */

static bool find_in_leaf(const item_index *index, kf_ref ref, uint64_t id, kf_item_view *out)
{
    tree_node node;
    bool found = tree_node_open(index->store, ref, &node) && node.leaf;
    for (uint32_t i = 0; found && i < node.count; i++) {
        const leaf_entry *e = &node.leaf[i];
        if (e->tag == (uint32_t)id && item_id(index->store, node.refs[i]) == id) {
            out->kind = (kf_item_kind)e->kind;
            out->duration = e->duration;
            out->ref = node.refs[i];
            return true;
        }
        out->index++;
        out->start += e->duration;
    }
    return false;
}

/* Adds what lies before `child` in the node. */
static void climb(const item_index *index, kf_ref parent, kf_ref child, kf_item_view *out)
{
    tree_node node;
    bool found = tree_node_open(index->store, parent, &node) && node.inner;
    for (uint32_t i = 0; found && i < node.count && node.refs[i] != child; i++) {
        out->index += node.inner[i].items;
        out->start += node.inner[i].duration;
    }
}

bool index_find(const item_index *index, uint64_t id, item_place *out)
{
    uint32_t at;
    *out = (item_place){0};
    if (id == 0 || !map_get(&index->leaves, id, &at) || !find_in_leaf(index, index->slots[at].ref, id, &out->item)) {
        return false;
    }
    for (int depth = 0; depth < KF_CURSOR_DEPTH; depth++) {
        uint32_t parent = index->slots[at].parent;
        if (parent & (uint32_t)ON_TRACK) {
            const track_entry *track = &index->tracks[parent & ~(uint32_t)ON_TRACK];
            out->sequence = track->sequence;
            out->track = track->track;
            return true;
        }
        climb(index, index->slots[parent].ref, index->slots[at].ref, &out->item);
        at = parent;
    }
    return false;
}

kf_status film_index(kf_film *film, kf_ref root, const item_index **out, kf_error *err)
{
    if (!film->index && !(film->index = index_create())) {
        return kf_fail_memory(err);
    }
    *out = film->index;
    return index_move(film->index, film->store, root, err);
}
