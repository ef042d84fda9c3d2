/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The project's lists of assets and of sequences: short ones in one node, long ones in parts, so that a change of one
 * member writes one part and the list of parts. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/nodes.h"

/* A node with members, clipped to what is there. */
typedef struct part {
    const kf_ref *refs;
    const uint64_t *uids;
    int32_t count;
} part;

/* ---- Reading ---- */

static part part_open(const kf_store *store, kf_ref ref, uint16_t kind, int32_t most)
{
    const kf_node *node = ref == KF_REF_NONE ? NULL : kf_store_node(store, ref, kind, 0);
    if (!node || (uint64_t)node->ref_count * sizeof(uint64_t) > kf_node_payload_size(node)) {
        return (part){0};
    }
    int32_t count = node->ref_count < (uint32_t)most ? (int32_t)node->ref_count : most;
    return (part){kf_node_refs(node), kf_node_payload(node), count};
}

static part part_at(const node_list *l, int32_t k)
{
    return l->parts ? part_open(l->store, l->refs[k], l->kind, LIST_PART) : (part){l->refs, l->uids, l->count};
}

/* A list in parts; an empty one if its sums cannot be. */
static node_list open_parts(const kf_store *store, const kf_node *node, uint16_t kind)
{
    uint32_t count = node->ref_count;
    node_list l = {.store = store, .kind = kind, .refs = kf_node_refs(node), .parts = kf_node_payload(node),
                   .part_count = (int32_t)count};
    const node_list none = {.store = store, .kind = kind, .part_count = 1};
    if (count == 0 || (uint64_t)count * sizeof(list_part) > kf_node_payload_size(node)) {
        return none;
    }
    uint64_t total = l.parts[count - 1].index + (uint64_t)part_at(&l, l.part_count - 1).count;
    if (l.parts[count - 1].index > INT32_MAX || total > (uint64_t)count * LIST_PART || total > INT32_MAX) {
        return none;
    }
    l.count = (int32_t)total;
    return l;
}

node_list node_list_open(const kf_store *store, kf_ref ref, uint16_t kind)
{
    const kf_node *parts = ref == KF_REF_NONE ? NULL : kf_store_node(store, ref, KF_NODE_ANY, 0);
    if (parts && parts->kind == NODE_LIST_PARTS) {
        return open_parts(store, parts, kind);
    }
    part p = part_open(store, ref, kind, INT32_MAX);
    return (node_list){.store = store, .kind = kind, .refs = p.refs, .uids = p.uids, .count = p.count, .part_count = 1};
}

/* The last part that begins with a uid, or at an index, of at most `at`. */
static int32_t find_part(const node_list *l, uint64_t at, bool by_uid)
{
    int32_t low = 0, high = l->parts ? l->part_count - 1 : 0;
    while (low < high) {
        int32_t middle = high - (high - low) / 2;
        if ((by_uid ? l->parts[middle].uid : l->parts[middle].index) <= at) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

static uint64_t part_index(const node_list *l, int32_t k)
{
    return l->parts ? l->parts[k].index : 0;
}

/* Where `uid` is in the part, or would be. */
static int32_t find_member(const part *p, uint64_t uid)
{
    int32_t low = 0, high = p->count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (p->uids[middle] < uid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool node_list_at(const node_list *l, int32_t i, list_member *out)
{
    if (i < 0 || i >= l->count) {
        return false;
    }
    int32_t k = find_part(l, (uint64_t)i, false);
    part p = part_at(l, k);
    uint64_t within = (uint64_t)i - part_index(l, k);
    if (within >= (uint64_t)p.count) {
        return false;
    }
    *out = (list_member){p.uids[within], p.refs[within]};
    return true;
}

int32_t node_list_index(const node_list *l, uint64_t uid)
{
    if (l->count == 0) {
        return -1;
    }
    int32_t k = find_part(l, uid, true);
    part p = part_at(l, k);
    int32_t at = find_member(&p, uid);
    uint64_t index = part_index(l, k) + (uint64_t)at;
    return at < p.count && p.uids[at] == uid && index < (uint64_t)l->count ? (int32_t)index : -1;
}

int32_t node_list_shared(const node_list *a, int32_t i, const node_list *b, int32_t j)
{
    if (!a->parts || !b->parts || i >= a->count || j >= b->count) {
        return 0;
    }
    int32_t x = find_part(a, (uint64_t)i, false), y = find_part(b, (uint64_t)j, false);
    bool shared = a->refs[x] == b->refs[y] && a->parts[x].index == (uint64_t)i && b->parts[y].index == (uint64_t)j;
    return shared ? part_at(a, x).count : 0;
}

/* ---- Writing ---- */

static kf_status write_part(node_build *b, kf_store *store, uint16_t kind, const list_member *members, size_t count,
                            kf_ref *out, kf_error *err)
{
    build_start(b, 0);
    for (size_t i = 0; i < count; i++) {
        build_ref(b, members[i].ref);
        build_add(b, &members[i].uid, sizeof members[i].uid);
    }
    return build_append(b, store, kind, out, err);
}

/* A list of parts on its way: a member is a part, with the uid of its first, and `counts` how many it has. */
typedef struct parts_row {
    list_member *parts;
    size_t *counts, count;
} parts_row;

static kf_status row_start(parts_row *r, size_t room, kf_error *err)
{
    *r = (parts_row){kf_alloc_zero(room, sizeof *r->parts), kf_alloc_zero(room, sizeof *r->counts), 0};
    return r->parts && r->counts ? KF_OK : kf_fail_memory(err);
}

static void row_finish(parts_row *r)
{
    kf_free(r->parts);
    kf_free(r->counts);
}

static void row_add(parts_row *r, list_member first, size_t count)
{
    r->parts[r->count] = first;
    r->counts[r->count++] = count;
}

/* Writes members as parts of about the same size. */
static kf_status row_write(parts_row *r, node_build *b, kf_store *store, uint16_t kind, const list_member *members,
                           size_t count, kf_error *err)
{
    size_t parts = (count + LIST_PART - 1) / LIST_PART;
    kf_status status = KF_OK;
    for (size_t k = 0; k < parts && status == KF_OK; k++) {
        size_t from = count * k / parts, to = count * (k + 1) / parts;
        list_member first = {.uid = members[from].uid};
        status = write_part(b, store, kind, members + from, to - from, &first.ref, err);
        row_add(r, first, to - from);
    }
    return status;
}

static kf_status write_parts(const parts_row *r, node_build *b, kf_store *store, kf_ref *out, kf_error *err)
{
    build_start(b, 0);
    uint64_t index = 0;
    for (size_t k = 0; k < r->count; k++) {
        list_part p = {r->parts[k].uid, index};
        build_ref(b, r->parts[k].ref);
        build_add(b, &p, sizeof p);
        index += r->counts[k];
    }
    return build_append(b, store, NODE_LIST_PARTS, out, err);
}

kf_status node_list_write(node_build *b, kf_store *store, uint16_t kind, const list_member *members, size_t count,
                          kf_ref *out, kf_error *err)
{
    parts_row row;
    if (count <= LIST_PART) {
        return write_part(b, store, kind, members, count, out, err);
    }
    kf_status status = row_start(&row, count / LIST_PART + 2, err);
    status = status == KF_OK ? row_write(&row, b, store, kind, members, count, err) : status;
    status = status == KF_OK ? write_parts(&row, b, store, out, err) : status;
    row_finish(&row);
    return status;
}

/* The members of a part with one put in, changed or (KF_REF_NONE) taken out. */
static kf_status change_part(const part *p, list_member change, list_member **out, size_t *count, kf_error *err)
{
    list_member *members = kf_alloc_zero((size_t)p->count + 1, sizeof *members);
    size_t n = 0, at = (size_t)find_member(p, change.uid);
    if (!members) {
        return kf_fail_memory(err);
    }
    for (size_t i = 0; i <= (size_t)p->count; i++) {
        if (i == at && change.ref != KF_REF_NONE) {
            members[n++] = change;
        }
        if (i < (size_t)p->count && p->uids[i] != change.uid) {
            members[n++] = (list_member){p->uids[i], p->refs[i]};
        }
    }
    *out = members;
    *count = n;
    return KF_OK;
}

/* The parts of a list with others in place of part k. */
static kf_status replace_part(node_build *b, kf_store *store, const node_list *l, int32_t k, const list_member *members,
                              size_t count, kf_ref *out, kf_error *err)
{
    parts_row row;
    kf_status status = row_start(&row, (size_t)l->part_count + count / LIST_PART + 2, err);
    for (int32_t i = 0; i < l->part_count && status == KF_OK; i++) {
        if (i == k) {
            status = row_write(&row, b, store, l->kind, members, count, err);
        } else {
            row_add(&row, (list_member){l->parts[i].uid, l->refs[i]}, (size_t)part_at(l, i).count);
        }
    }
    if (status == KF_OK) {
        status = row.count ? write_parts(&row, b, store, out, err) : write_part(b, store, l->kind, NULL, 0, out, err);
    }
    row_finish(&row);
    return status;
}

kf_status node_list_put(node_build *b, kf_store *store, const node_list *l, list_member change, kf_ref *out, kf_error *err)
{
    list_member *members = NULL;
    size_t count = 0;
    int32_t k = find_part(l, change.uid, true);
    part p = part_at(l, k);
    kf_status status = change_part(&p, change, &members, &count, err);
    if (status == KF_OK) {
        status = l->parts ? replace_part(b, store, l, k, members, count, out, err)
                          : node_list_write(b, store, l->kind, members, count, out, err);
    }
    kf_free(members);
    return status;
}
