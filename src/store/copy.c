/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "store/private.h"

/* --- map --- */

static size_t slot_of(const ref_map *map, kf_ref key)
{
    size_t slot = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (map->capacity - 1);
    while (map->keys[slot] != KF_REF_NONE && map->keys[slot] != key) {
        slot = (slot + 1) & (map->capacity - 1);
    }
    return slot;
}

static bool enlarge(ref_map *map)
{
    ref_map larger = {.capacity = map->capacity ? map->capacity * 2 : 64};
    larger.keys = kf_alloc_zero(larger.capacity, sizeof *larger.keys);
    larger.values = kf_alloc_zero(larger.capacity, sizeof *larger.values);
    if (!larger.keys || !larger.values) {
        ref_map_finish(&larger);
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->keys[i] != KF_REF_NONE) {
            ref_map_put(&larger, map->keys[i], map->values[i]);
        }
    }
    ref_map_finish(map);
    *map = larger;
    return true;
}

bool ref_map_put(ref_map *map, kf_ref key, kf_ref value)
{
    if (map->count * 2 >= map->capacity && !enlarge(map)) {
        return false;
    }
    size_t slot = slot_of(map, key);
    map->count += map->keys[slot] == KF_REF_NONE;
    map->keys[slot] = key;
    map->values[slot] = value;
    return true;
}

kf_ref ref_map_get(const ref_map *map, kf_ref key)
{
    return map->count && key != KF_REF_NONE ? map->values[slot_of(map, key)] : KF_REF_NONE;
}

void ref_map_finish(ref_map *map)
{
    kf_free(map->keys);
    kf_free(map->values);
    *map = (ref_map){0};
}

/* --- nodes --- */

kf_status copier_init(copier *c, const kf_store *from, kf_store *to, kf_error *err)
{
    *c = (copier){.from = from, .to = to};
    if (!reach_init(&c->bulk, from)) {
        return kf_fail_memory(err);
    }
    c->bases = kf_alloc_zero((size_t)(c->bulk.end / 512 + 1), sizeof *c->bases);
    return c->bases ? KF_OK : kf_fail_memory(err);
}

void copier_finish(copier *c)
{
    reach_finish(&c->bulk);
    ref_map_finish(&c->later);
    kf_free(c->bases);
    kf_free(c->refs);
    kf_free(c->records);
    *c = (copier){0};
}

kf_ref copier_translate(const copier *c, kf_ref ref)
{
    if (!reach_has(&c->bulk, ref)) {
        return ref_map_get(&c->later, ref);
    }
    uint64_t before = c->bulk.bits[ref / 512] & ((UINT64_C(1) << (ref / 8 % 64)) - 1);
    kf_ref out = c->bases[ref / 512];
    for (; before; before &= before - 1) {
        out += align8(node_at(c->from, ref / 512 * 512 + (unsigned)__builtin_ctzll(before) * 8)->size);
    }
    return out;
}

static bool translate_refs(copier *c, const kf_node *node)
{
    void *refs = c->refs;
    if (kf_grow(&refs, &c->ref_capacity, node->ref_count, sizeof *c->refs) != 0) {
        return false;
    }
    c->refs = refs;
    for (uint32_t i = 0; i < node->ref_count; i++) {
        c->refs[i] = copier_translate(c, kf_node_refs(node)[i]);
    }
    return true;
}

static kf_status copy_node(copier *c, kf_ref ref, kf_ref *out, kf_error *err)
{
    const kf_node *node = kf_store_node(c->from, ref, KF_NODE_ANY, 0);
    c->copied += node ? align8(node->size) : 0;
    if (!node || c->copied > kf_store_bytes(c->from)) { /* nodes in one another: together larger than the file */
        return store_fail_damaged(c->from, ref, "no sound node starts there", err);
    }
    if (!translate_refs(c, node)) {
        return kf_fail_memory(err);
    }
    kf_node_desc desc = {.kind = node->kind, .version = node->version, .ref_count = node->ref_count, .refs = c->refs,
                         .payload = kf_node_payload(node), .payload_size = kf_node_payload_size(node)};
    return store_append_any(c->to, &desc, out, err);
}

/* Parts of what is filled go to the disk while the rest is copied, and leave memory. */
static const uint64_t FLUSH_STEP = 8 << 20;

static kf_status copy_word(copier *c, uint64_t word, kf_error *err)
{
    kf_ref out;
    for (uint64_t left = c->bulk.bits[word]; left; left &= left - 1) {
        kf_status status = copy_node(c, word * 512 + (unsigned)__builtin_ctzll(left) * 8, &out, err);
        if (status != KF_OK) {
            return status;
        }
        if (c->bases[word] == KF_REF_NONE) {
            c->bases[word] = out;
        }
    }
    return KF_OK;
}

kf_status copier_bulk(copier *c, const kf_store_watch *watch, kf_error *err)
{
    kf_status status = reach_sweep(&c->bulk, watch, 0, 0.3, err);
    uint64_t words = c->bulk.end / 512 + 1, flushed = 0;
    for (uint64_t word = 0; word < words && status == KF_OK; word++) {
        status = c->bulk.bits[word] ? copy_word(c, word, err) : KF_OK;
        if (status == KF_OK && word % 4096 == 0) {
            status = watch_step(watch, 0.3, 0.95, (double)word / (double)words, err);
        }
        if (kf_store_bytes(c->to) >= flushed + FLUSH_STEP) {
            file_publish_part(c->to);
            flushed = kf_store_bytes(c->to);
        }
    }
    return status;
}

/* --- records --- */

static kf_ref previous_of(const kf_node *record)
{
    return kf_node_ref(record, record->kind == KF_NODE_COMMIT ? COMMIT_PREVIOUS : MARK_PREVIOUS);
}

kf_status copier_gather(copier *c, kf_ref newest, kf_ref until, kf_error *err)
{
    for (kf_ref at = newest; at != until;) {
        const kf_node *record = kf_store_node(c->from, at, KF_NODE_ANY, 0);
        if (!record || !is_record(record->kind)) {
            return store_fail_damaged(c->from, at, "its history breaks off", err);
        }
        void *records = c->records;
        if (kf_grow(&records, &c->record_capacity, c->record_count + 1, sizeof *c->records) != 0) {
            return kf_fail_memory(err);
        }
        c->records = records;
        c->records[c->record_count++] = at;
        at = previous_of(record);
    }
    return KF_OK;
}

kf_status copier_commit(copier *c, kf_ref commit, kf_ref parent, kf_error *err)
{
    kf_commit desc;
    kf_ref out;
    if (!kf_store_commit_get(c->from, commit, &desc)) {
        return store_fail_damaged(c->from, commit, "a commit is not sound", err);
    }
    desc.root = copier_translate(c, desc.root);
    desc.parent = parent;
    kf_status status = store_commit_on(c->to, &desc, &out, err);
    if (status == KF_OK && !ref_map_put(&c->later, commit, out)) {
        status = kf_fail_memory(err);
    }
    return status;
}

static kf_ref translated_parent(const copier *c, kf_ref commit)
{
    kf_commit desc;
    return kf_store_commit_get(c->from, commit, &desc) ? copier_translate(c, desc.parent) : KF_REF_NONE;
}

/* A commit that was not kept and has become current again is written again, which makes it the head. */
static kf_status replay_one(copier *c, kf_ref record, kf_error *err)
{
    const kf_node *node = kf_store_node(c->from, record, KF_NODE_ANY, 0);
    if (!node) {
        return store_fail_damaged(c->from, record, "no sound node starts there", err);
    }
    kf_ref old = node->kind == KF_NODE_COMMIT ? record : kf_node_ref(node, MARK_COMMIT);
    kf_ref commit = copier_translate(c, old);
    if (commit == KF_REF_NONE) {
        return copier_commit(c, old, translated_parent(c, old), err);
    }
    return node->kind == KF_NODE_HEAD ? kf_store_set_head(c->to, commit, err) : store_set_saved(c->to, commit, err);
}

static bool is_translated(void *ctx, kf_ref ref)
{
    return copier_translate(ctx, ref) != KF_REF_NONE;
}

/* Nodes that the bulk lacks: of what was committed since, or of a state that was not kept and has become current. */
static kf_status copy_later(copier *c, const reach *needed, kf_error *err)
{
    for (uint64_t word = 0; word <= needed->end / 512; word++) {
        for (uint64_t left = needed->bits[word]; left; left &= left - 1) {
            kf_ref ref = word * 512 + (unsigned)__builtin_ctzll(left) * 8, out;
            kf_status status = copy_node(c, ref, &out, err);
            if (status != KF_OK) {
                return status;
            }
            if (!ref_map_put(&c->later, ref, out)) {
                return kf_fail_memory(err);
            }
        }
    }
    return KF_OK;
}

/* Also what head records lead to: it may not have been kept. */
static kf_status find_needed(copier *c, reach *needed, kf_error *err)
{
    for (size_t i = c->record_count; i-- > 0;) {
        const kf_node *node = kf_store_node(c->from, c->records[i], KF_NODE_ANY, 0);
        bool marks = node && node->kind != KF_NODE_COMMIT;
        kf_ref commit = marks ? kf_node_ref(node, MARK_COMMIT) : c->records[i];
        kf_commit desc;
        if (!kf_store_commit_get(c->from, commit, &desc)) {
            return store_fail_damaged(c->from, c->records[i], "a commit is not sound", err);
        }
        reach_add(needed, desc.root);
    }
    return reach_sweep(needed, NULL, 0, 1, err);
}

static kf_status replay_all(copier *c, kf_error *err)
{
    kf_status status = KF_OK;
    while (c->record_count > 0 && status == KF_OK) {
        status = replay_one(c, c->records[--c->record_count], err);
    }
    return status;
}

kf_status copier_replay(copier *c, kf_error *err)
{
    if (c->record_count == 0) {
        return KF_OK;
    }
    reach needed;
    if (!reach_init(&needed, c->from)) {
        return kf_fail_memory(err);
    }
    needed.known = is_translated;
    needed.ctx = c;
    kf_status status = find_needed(c, &needed, err);
    status = status == KF_OK ? copy_later(c, &needed, err) : status;
    reach_finish(&needed);
    return status == KF_OK ? replay_all(c, err) : status;
}
