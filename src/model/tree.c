/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks as B+trees: building from items, all at once. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/nodes.h"

/* A node of one level, on its way into the level above. */
typedef struct branch {
    inner_entry entry;
    kf_ref ref;
} branch;

static size_t nodes_for(size_t count)
{
    return (count + TREE_FANOUT - 1) / TREE_FANOUT;
}

/* First of the children of node i when `count` of them are spread evenly over `nodes`. */
static size_t first_child(size_t count, size_t nodes, size_t i)
{
    return (size_t)((uint64_t)count * i / nodes);
}

static kf_status append(kf_store *store, uint16_t kind, const kf_ref *refs, const void *entries, size_t size,
                        uint32_t count, branch *out, kf_error *err)
{
    kf_node_desc desc = {.kind = kind, .version = 1, .ref_count = count, .refs = refs, .payload = entries,
                         .payload_size = size};
    return kf_store_append(store, &desc, &out->ref, err);
}

static kf_status make_leaf(kf_store *store, const track_item *items, size_t count, branch *out, kf_error *err)
{
    kf_ref refs[TREE_FANOUT];
    leaf_entry entries[TREE_FANOUT];
    *out = (branch){.entry.items = (int64_t)count};
    for (size_t i = 0; i < count; i++) {
        refs[i] = items[i].ref;
        entries[i] = (leaf_entry){.duration = items[i].duration, .kind = (uint32_t)items[i].kind};
        out->entry.duration += items[i].duration;
        out->entry.clips += items[i].kind == KF_ITEM_CLIP;
    }
    return append(store, NODE_LEAF, refs, entries, count * sizeof *entries, (uint32_t)count, out, err);
}

static kf_status make_inner(kf_store *store, const branch *children, size_t count, branch *out, kf_error *err)
{
    kf_ref refs[TREE_FANOUT];
    inner_entry entries[TREE_FANOUT];
    branch sum = {0};
    for (size_t i = 0; i < count; i++) {
        refs[i] = children[i].ref;
        entries[i] = children[i].entry;
        sum.entry.duration += entries[i].duration;
        sum.entry.items += entries[i].items;
        sum.entry.clips += entries[i].clips;
    }
    kf_status status = append(store, NODE_INNER, refs, entries, count * sizeof *entries, (uint32_t)count, &sum, err);
    *out = sum;
    return status;
}

static kf_status make_leaves(kf_store *store, const track_item *items, size_t count, branch *out, kf_error *err)
{
    size_t nodes = nodes_for(count);
    for (size_t i = 0; i < nodes; i++) {
        size_t from = first_child(count, nodes, i), to = first_child(count, nodes, i + 1);
        kf_status status = make_leaf(store, items + from, to - from, &out[i], err);
        if (status != KF_OK) {
            return status;
        }
    }
    return KF_OK;
}

/* Writes the level above over the one it is made from. */
static kf_status make_level(kf_store *store, branch *branches, size_t count, kf_error *err)
{
    size_t nodes = nodes_for(count);
    for (size_t i = 0; i < nodes; i++) {
        size_t from = first_child(count, nodes, i), to = first_child(count, nodes, i + 1);
        kf_status status = make_inner(store, branches + from, to - from, &branches[i], err);
        if (status != KF_OK) {
            return status;
        }
    }
    return KF_OK;
}

kf_status tree_build(kf_store *store, const track_item *items, size_t count, kf_ref *root, tree_sum *sum, kf_error *err)
{
    *root = KF_REF_NONE;
    *sum = (tree_sum){0};
    if (count == 0) {
        return KF_OK;
    }
    size_t nodes = nodes_for(count);
    branch *branches = kf_alloc_zero(nodes, sizeof *branches);
    if (!branches) {
        return kf_fail_memory(err);
    }
    kf_status status = make_leaves(store, items, count, branches, err);
    for (; status == KF_OK && nodes > 1; nodes = nodes_for(nodes)) {
        status = make_level(store, branches, nodes, err);
    }
    if (status == KF_OK) {
        *root = branches[0].ref;
        *sum = (tree_sum){branches[0].entry.duration, branches[0].entry.items, branches[0].entry.clips};
    }
    kf_free(branches);
    return status;
}
