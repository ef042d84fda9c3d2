/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks as B+trees: building from items, and splicing, which copies the paths it touches and shares the rest.
 *
 * Splicing works on rows: the entries of one level between two nodes, taken apart. A level's row comes up from the one
 * below cut into nodes; where a row is too short to fill a node, it takes in the node beside it. All leaves stay at
 * the same depth. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/nodes.h"

/* An entry of a node: an item of a leaf, or a child with its sums. */
typedef struct entry {
    inner_entry sum;
    kf_ref ref;
    uint32_t kind;   /* kf_item_kind; NONE: a child */
    uint32_t tag;    /* of items */
} entry;

typedef struct row {
    entry *entries;
    size_t count, capacity;
} row;

/* Makes room for `count` entries at `at`. */
static kf_status row_open(row *r, size_t at, size_t count, kf_error *err)
{
    void *items = r->entries;
    if (kf_grow(&items, &r->capacity, r->count + count, sizeof(entry)) != 0) {
        return kf_fail_memory(err);
    }
    r->entries = items;
    memmove(r->entries + at + count, r->entries + at, (r->count - at) * sizeof(entry));
    r->count += count;
    return KF_OK;
}

static kf_status row_insert(row *r, size_t at, const entry *entries, size_t count, kf_error *err)
{
    kf_status status = row_open(r, at, count, err);
    if (status == KF_OK) {
        memcpy(r->entries + at, entries, count * sizeof(entry));
    }
    return status;
}

static void row_erase(row *r, size_t from, size_t to)
{
    memmove(r->entries + from, r->entries + to, (r->count - to) * sizeof *r->entries);
    r->count -= to - from;
}

/* ---- Reading ---- */

bool tree_node_open(const kf_store *store, kf_ref ref, tree_node *out)
{
    const kf_node *node = ref == KF_REF_NONE ? NULL : kf_store_node(store, ref, KF_NODE_ANY, 0);
    if (!node || (node->kind != NODE_LEAF && node->kind != NODE_INNER)) {
        return false;
    }
    bool leaf = node->kind == NODE_LEAF;
    size_t whole = kf_node_payload_size(node) / (leaf ? sizeof(leaf_entry) : sizeof(inner_entry));
    *out = (tree_node){.refs = kf_node_refs(node), .leaf = leaf ? kf_node_payload(node) : NULL,
                       .inner = leaf ? NULL : kf_node_payload(node),
                       .count = node->ref_count < whole ? node->ref_count : (uint32_t)whole};
    return true;
}

uint64_t item_id(const kf_store *store, kf_ref ref)
{
    const kf_node *node = ref == KF_REF_NONE ? NULL : kf_store_node(store, ref, KF_NODE_ANY, sizeof(uint64_t));
    bool named = node && (node->kind == NODE_CLIP || node->kind == NODE_TRANSITION);
    return named ? *(const uint64_t *)kf_node_payload(node) : 0;
}

/* ---- Writing nodes ---- */

static size_t nodes_for(size_t count)
{
    return (count + TREE_FANOUT - 1) / TREE_FANOUT;
}

/* First of the entries of node i when `count` of them are spread evenly over `nodes`. */
static size_t first_entry(size_t count, size_t nodes, size_t i)
{
    return (size_t)((uint64_t)count * i / nodes);
}

static kf_status write_node(kf_store *store, const entry *entries, size_t count, entry *out, kf_error *err)
{
    bool leaf = entries[0].kind != KF_ITEM_NONE;
    kf_ref refs[TREE_FANOUT];
    union { leaf_entry leaf[TREE_FANOUT]; inner_entry inner[TREE_FANOUT]; } body;
    *out = (entry){.kind = KF_ITEM_NONE};
    for (size_t i = 0; i < count; i++) {
        const entry *e = &entries[i];
        refs[i] = e->ref;
        if (leaf) {
            body.leaf[i] = (leaf_entry){.duration = e->sum.duration, .kind = e->kind, .tag = e->tag};
        } else {
            body.inner[i] = e->sum;
        }
        out->sum.duration += e->sum.duration;
        out->sum.items += e->sum.items;
        out->sum.clips += e->sum.clips;
    }
    kf_node_desc desc = {.kind = leaf ? NODE_LEAF : NODE_INNER, .version = 1, .ref_count = (uint32_t)count, .refs = refs,
                         .payload = &body, .payload_size = count * (leaf ? sizeof *body.leaf : sizeof *body.inner)};
    return kf_store_append(store, &desc, &out->ref, err);
}

/* Cuts `entries` into nodes; gives one entry for each in `out`, which may be `entries` itself. */
static kf_status write_nodes(kf_store *store, const entry *entries, size_t count, entry *out, kf_error *err)
{
    size_t nodes = nodes_for(count);
    for (size_t i = 0; i < nodes; i++) {
        size_t from = first_entry(count, nodes, i), to = first_entry(count, nodes, i + 1);
        entry node;
        kf_status status = write_node(store, entries + from, to - from, &node, err);
        if (status != KF_OK) {
            return status;
        }
        out[i] = node;
    }
    return KF_OK;
}

/* Levels above a row until one node is left. A row of one child is that child's tree. */
static kf_status write_tree(kf_store *store, row *r, kf_ref *root, tree_sum *sum, kf_error *err)
{
    *root = KF_REF_NONE;
    *sum = (tree_sum){0};
    if (r->count == 0) {
        return KF_OK;
    }
    while (r->count > 1 || r->entries[0].kind != KF_ITEM_NONE) {
        kf_status status = write_nodes(store, r->entries, r->count, r->entries, err);
        if (status != KF_OK) {
            return status;
        }
        r->count = nodes_for(r->count);
    }
    *root = r->entries[0].ref;
    *sum = (tree_sum){r->entries[0].sum.duration, r->entries[0].sum.items, r->entries[0].sum.clips};
    return KF_OK;
}

/* ---- Items ---- */

static kf_status insert_items(const kf_store *store, row *r, size_t at, const track_item *items, size_t count,
                              kf_error *err)
{
    kf_status status = count > 0 ? row_open(r, at, count, err) : KF_OK;
    if (status != KF_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        r->entries[at + i] = (entry){.sum = {items[i].duration, 1, items[i].kind == KF_ITEM_CLIP}, .ref = items[i].ref,
                                     .kind = (uint32_t)items[i].kind, .tag = (uint32_t)item_id(store, items[i].ref)};
    }
    return KF_OK;
}

kf_status tree_build(kf_store *store, const track_item *items, size_t count, kf_ref *root, tree_sum *sum, kf_error *err)
{
    row r = {0};
    kf_status status = insert_items(store, &r, 0, items, count, err);
    if (status == KF_OK) {
        status = write_tree(store, &r, root, sum, err);
    }
    kf_free(r.entries);
    return status;
}

/* ---- Splicing ---- */

typedef struct splice {
    kf_store *store;
    const track_item *items; /* to put in; NULL once they are in */
    size_t count;
    kf_error *err;
} splice;

static kf_status damaged(splice *s, kf_ref ref)
{
    return kf_fail(s->err, KF_ERR_PARSE, "the project is damaged: what should be a part of a track at %llu is not one",
                   (unsigned long long)ref);
}

/* Puts the entries of the node at `ref` into the row. */
static kf_status take_apart(splice *s, kf_ref ref, row *r, size_t at)
{
    entry entries[TREE_FANOUT];
    tree_node node;
    if (!tree_node_open(s->store, ref, &node) || node.count == 0 || node.count > TREE_FANOUT) {
        return damaged(s, ref);
    }
    for (uint32_t i = 0; i < node.count; i++) {
        entry *e = &entries[i];
        *e = (entry){.ref = node.refs[i], .kind = KF_ITEM_NONE};
        if (node.leaf) {
            const leaf_entry *l = &node.leaf[i];
            e->sum = (inner_entry){l->duration, 1, l->kind == KF_ITEM_CLIP};
            e->kind = l->kind;
            e->tag = l->tag;
        } else {
            e->sum = node.inner[i];
        }
    }
    return row_insert(r, at, entries, node.count, s->err);
}

static kf_status put_items(splice *s, row *r, size_t at)
{
    kf_status status = s->items ? insert_items(s->store, r, at, s->items, s->count, s->err) : KF_OK;
    s->items = NULL;
    return status;
}

/* Makes the row [from, from + n) of the level below long enough for a node by taking in a neighbour from `above`, from
 * which the nodes that the row came from have been taken out at `place`; *place is where the row's nodes belong. */
static kf_status fill_row(splice *s, row *above, row *below, size_t *place)
{
    enum { LEAST = 10 };
    if (below->count == 0 || below->count >= LEAST || above->count == 0) {
        return KF_OK;
    }
    bool after = *place < above->count;
    size_t neighbour = after ? *place : *place - 1;
    kf_status status = take_apart(s, above->entries[neighbour].ref, below, after ? below->count : 0);
    row_erase(above, neighbour, neighbour + 1);
    *place = neighbour;
    return status;
}

static kf_status put_nodes(splice *s, row *above, row *below, size_t place)
{
    if (below->count == 0) {
        return KF_OK;
    }
    kf_status status = write_nodes(s->store, below->entries, below->count, below->entries, s->err);
    return status == KF_OK ? row_insert(above, place, below->entries, nodes_for(below->count), s->err) : status;
}

/* Appends to `out` the entries of the node at `ref` with [index, index + remove) of the items below it taken out and the
 * splice's items put in at index. depth: levels still allowed. */
static kf_status splice_node(splice *s, kf_ref ref, int64_t index, int64_t remove, int depth, row *out);

/* The children that hold items [index, index + remove), or the place index: *first..*last, and the index of the first
 * item below the first of them. False if the sums are too small. */
static bool find_children(const row *r, size_t base, int64_t index, int64_t remove, size_t *first, size_t *last,
                          int64_t *before)
{
    size_t i = base;
    int64_t at = 0;
    for (; i < r->count && (remove > 0 ? index >= at + r->entries[i].sum.items : index > at + r->entries[i].sum.items);
         i++) {
        at += r->entries[i].sum.items;
    }
    if (i == r->count) {
        return false;
    }
    *first = i;
    *before = at;
    for (at += r->entries[i].sum.items; at < index + remove; at += r->entries[i].sum.items) {
        if (++i == r->count) {
            return false;
        }
    }
    *last = i;
    return true;
}

static kf_status splice_children(splice *s, kf_ref ref, int64_t index, int64_t remove, int depth, row *out, size_t base)
{
    size_t first, last;
    int64_t before;
    if (!find_children(out, base, index, remove, &first, &last, &before)) {
        return damaged(s, ref);
    }
    int64_t inside = index - before, here = out->entries[first].sum.items - inside, gone = 0;
    here = here < remove ? here : remove;
    for (size_t i = first + 1; i < last; i++) {
        gone += out->entries[i].sum.items;
    }
    row below = {0};
    kf_status status = splice_node(s, out->entries[first].ref, inside, here, depth - 1, &below);
    if (status == KF_OK && last > first) {
        status = splice_node(s, out->entries[last].ref, 0, remove - here - gone, depth - 1, &below);
    }
    row_erase(out, first, last + 1);
    row above = {.entries = out->entries + base, .count = out->count - base};
    size_t place = first - base;
    if (status == KF_OK) {
        status = fill_row(s, &above, &below, &place);
        out->count = base + above.count;
    }
    if (status == KF_OK) {
        status = put_nodes(s, out, &below, base + place);
    }
    kf_free(below.entries);
    return status;
}

static kf_status splice_node(splice *s, kf_ref ref, int64_t index, int64_t remove, int depth, row *out)
{
    size_t base = out->count;
    kf_status status = depth > 0 ? take_apart(s, ref, out, base) : damaged(s, ref);
    if (status != KF_OK) {
        return status;
    }
    if (out->entries[base].kind == KF_ITEM_NONE) {
        return splice_children(s, ref, index, remove, depth, out, base);
    }
    if (index + remove > (int64_t)(out->count - base)) {
        return damaged(s, ref);
    }
    row_erase(out, base + (size_t)index, base + (size_t)(index + remove));
    return put_items(s, out, base + (size_t)index);
}

kf_status tree_splice(kf_store *store, kf_ref root, const tree_change *change, kf_ref *out, tree_sum *sum, kf_error *err)
{
    splice s = {.store = store, .items = change->items, .count = change->count, .err = err};
    row r = {0};
    kf_status status = root == KF_REF_NONE
                           ? put_items(&s, &r, 0)
                           : splice_node(&s, root, change->index, change->remove, KF_CURSOR_DEPTH, &r);
    if (status == KF_OK) {
        status = write_tree(store, &r, out, sum, err);
    }
    kf_free(r.entries);
    return status;
}
