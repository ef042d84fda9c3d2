/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "store/private.h"

#ifdef __wasm__
#define LIMIT_MOST (UINT64_C(256) << 20)
#define LIMIT_USUAL (UINT64_C(16) << 20) /* memory that is had at once */
#else
#define LIMIT_MOST (UINT64_C(64) << 30)
#define LIMIT_USUAL LIMIT_MOST
#endif
enum { LIMIT_LEAST = 64 << 10, LIMIT_ENOUGH = 256 << 20 };

void store_write_header(unsigned char *page)
{
    store_header h = {
        .magic = {'K', 'E', 'R', 'F', '\r', '\n', 0x1a, '\n'}, .version = 1, .first_node = KF_STORE_FIRST_NODE};
    h.checksum = kf_crc32c(0, &h, offsetof(store_header, checksum));
    memcpy(page, &h, sizeof h);
}

bool store_header_is_sound(const unsigned char *page)
{
    store_header h;
    memcpy(&h, page, sizeof h);
    return memcmp(h.magic, "KERF\r\n\x1a\n", sizeof h.magic) == 0 && h.version == 1 &&
           h.first_node == KF_STORE_FIRST_NODE && h.checksum == kf_crc32c(0, &h, offsetof(store_header, checksum));
}

/* One byte of `starts` for each 64 of `nodes`, rounded up to whole words. */
static uint64_t starts_size(uint64_t bytes)
{
    return align8(bytes / 64 + 1);
}

bool store_grow_starts(kf_store *store, uint64_t size)
{
    return region_grow(&store->starts, starts_size(size));
}

static bool reserve(kf_store *store, uint64_t limit)
{
    if (!region_reserve(&store->nodes, limit) || !region_reserve(&store->starts, starts_size(limit))) {
        region_release(&store->nodes);
        return false;
    }
    store->limit = limit;
    return true;
}

/* Where address space is short (ulimit -v), less than the usual limit will do, down to LIMIT_ENOUGH. */
kf_status store_new(const kf_store_params *params, kf_store **out, kf_error *err)
{
    uint64_t limit = params && params->limit ? params->limit : LIMIT_USUAL;
    if (limit < LIMIT_LEAST || limit > LIMIT_MOST) {
        return kf_fail(err, KF_ERR_INVALID,
                       "a store of at most %llu bytes was asked for: the limit must be from 64 KiB to %llu bytes",
                       (unsigned long long)limit, (unsigned long long)LIMIT_MOST);
    }
    kf_store *store = KF_NEW(kf_store);
    if (!store) {
        return kf_fail_memory(err);
    }
    bool given = params && params->limit;
    store->read_only = params && params->read_only;
    atomic_init(&store->references, 1);
    while (!reserve(store, limit) && !given && limit > LIMIT_ENOUGH) {
        limit /= 4;
    }
    if (store->limit == 0) {
        store_free(store);
        return kf_fail(err, KF_ERR_MEMORY,
                       "cannot reserve %llu bytes of address space for a project: give a smaller limit",
                       (unsigned long long)limit);
    }
    store_set_state(store, &(log_state){.end = KF_STORE_FIRST_NODE});
    *out = store;
    return KF_OK;
}

void store_free(kf_store *store)
{
    region_release(&store->nodes);
    region_release(&store->starts);
    kf_free(store);
}

static kf_status new_in_memory(const kf_store_params *params, uint64_t size, kf_store **out, kf_error *err)
{
    kf_store_params memory = params ? *params : (kf_store_params){0};
    memory.read_only = false;
    kf_status status = store_new(&memory, out, err);
    if (status != KF_OK) {
        return status;
    }
    if (!region_grow(&(*out)->nodes, size) || !store_grow_starts(*out, size)) {
        store_free(*out);
        return kf_fail_memory(err);
    }
    return KF_OK;
}

kf_status kf_store_create_memory(const kf_store_params *params, kf_store **out, kf_error *err)
{
    kf_store *store;
    kf_status status = new_in_memory(params, KF_STORE_FIRST_NODE, &store, err);
    if (status == KF_OK) {
        store_write_header(store->nodes.base);
        *out = store;
    }
    return status;
}

kf_status kf_store_open_memory(const void *bytes, size_t size, const kf_store_params *params, kf_store **out,
                               kf_error *err)
{
    kf_store *store;
    uint64_t generation, durable;
    kf_status status = new_in_memory(params, size, &store, err);
    if (status != KF_OK) {
        return status;
    }
    if (size > 0) {
        memcpy(store->nodes.base, bytes, size);
    }
    status = store_adopt(store, size, "the file", &generation, &durable, err);
    if (status != KF_OK) {
        store_free(store);
        return status;
    }
    *out = store;
    return KF_OK;
}

kf_store *kf_store_ref(kf_store *store)
{
    atomic_fetch_add_explicit(&store->references, 1, memory_order_relaxed);
    return store;
}

void kf_store_unref(kf_store *store)
{
    if (!store || atomic_fetch_sub_explicit(&store->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    file_close(store);
    store_free(store);
}

static _Atomic uint64_t *start_word(const kf_store *store, kf_ref ref)
{
    return (_Atomic uint64_t *)(void *)store->starts.base + ref / 512;
}

static uint64_t start_bit(kf_ref ref)
{
    return UINT64_C(1) << (ref / 8 % 64);
}

void store_set_start(const kf_store *store, kf_ref ref)
{
    atomic_fetch_or_explicit(start_word(store, ref), start_bit(ref), memory_order_relaxed);
}

void store_clear_starts(const kf_store *store, uint64_t from, uint64_t to)
{
    for (kf_ref ref = from; ref < to; ref += 8) {
        if (ref % 512 == 0 && to - ref >= 512) {
            atomic_store_explicit(start_word(store, ref), 0, memory_order_relaxed);
            ref += 504;
        } else {
            atomic_fetch_and_explicit(start_word(store, ref), ~start_bit(ref), memory_order_relaxed);
        }
    }
}

void store_note_damage(const kf_store *store, kf_ref at, damage_kind kind)
{
    uint64_t none = 0;
    atomic_compare_exchange_strong((_Atomic uint64_t *)&store->damage, &none, (at & ~UINT64_C(7)) | kind);
}

static const char *name_of(const kf_store *store)
{
    const char *path = kf_store_path(store);
    return path ? path : "the project";
}

kf_status store_fail_damaged(const kf_store *store, kf_ref at, const char *what, kf_error *err)
{
    return kf_fail(err, KF_ERR_PARSE, "%s is damaged at byte %llu: %s", name_of(store), (unsigned long long)at, what);
}

bool kf_store_damage(const kf_store *store, kf_error *err)
{
    uint64_t damage = atomic_load_explicit((_Atomic uint64_t *)&store->damage, memory_order_acquire);
    if (damage == 0) {
        return false;
    }
    const char *name = name_of(store);
    unsigned long long at = damage & ~UINT64_C(7);
    if ((damage & 7) == DAMAGE_NODE) {
        kf_fail(err, KF_ERR_PARSE,
                "%s is damaged at byte %llu: \"kerf check\" tells more, \"kerf recover\" writes what can be saved to a "
                "new file", name, at);
    } else {
        kf_fail(err, KF_ERR_IO, "%s can no longer be read at byte %llu: it was cut short while open, or its disk fails",
                name, at);
    }
    return true;
}

/* Nodes that do not overlap are no longer together than the file, so a file that goes beyond that is made to keep us
 * busy. Several threads may check the same node. */
static bool is_within_budget(const kf_store *store, const kf_node *node, kf_ref ref, uint64_t end)
{
    uint64_t size = node_fits(node, ref, end) ? node->size : 0;
    return atomic_fetch_add_explicit(&((kf_store *)store)->checked, size, memory_order_relaxed) / 8 <= end;
}

/* First touch of what was read from a file; kept out of the way of all later ones. */
__attribute__((noinline, cold)) static bool check_start(const kf_store *store, kf_ref ref, uint64_t end)
{
    if (ref >= atomic_load_explicit(&((kf_store *)store)->unchecked, memory_order_relaxed)) {
        return false;
    }
    if (!is_within_budget(store, node_at(store, ref), ref, end) || node_flaw(store->nodes.base, ref, end)) {
        store_note_damage(store, ref, DAMAGE_NODE);
        return false;
    }
    store_set_start(store, ref);
    return true;
}

bool store_is_start(const kf_store *store, kf_ref ref, uint64_t end)
{
    if (ref < KF_STORE_FIRST_NODE || ref >= end || ref % 8 != 0) {
        return false;
    }
    return (atomic_load_explicit(start_word(store, ref), memory_order_relaxed) & start_bit(ref)) != 0 ||
           check_start(store, ref, end);
}

/* Size of the node, or 0 if it is too large. */
static uint64_t desc_size(const kf_node_desc *desc)
{
    uint64_t fixed = sizeof(kf_node) + (uint64_t)desc->ref_count * sizeof(kf_ref);
    return fixed > KF_NODE_LARGEST || desc->payload_size > KF_NODE_LARGEST - fixed ? 0 : fixed + desc->payload_size;
}

static kf_status check_refs(const kf_store *store, const kf_node_desc *desc, uint64_t end, kf_error *err)
{
    for (uint32_t i = 0; i < desc->ref_count; i++) {
        if (desc->refs[i] != KF_REF_NONE && !store_is_start(store, desc->refs[i], end)) {
            return kf_fail(err, KF_ERR_INVALID,
                           "reference %u of a node of kind %u is %llu, where no earlier node starts", i, desc->kind,
                           (unsigned long long)desc->refs[i]);
        }
    }
    return KF_OK;
}

static void write_node(kf_store *store, const kf_node_desc *desc, uint32_t size, kf_ref at)
{
    kf_node *node = (kf_node *)(void *)(store->nodes.base + at);
    *node = (kf_node){.kind = desc->kind, .version = desc->version, .size = size, .ref_count = desc->ref_count};
    unsigned char *body = (unsigned char *)(node + 1);
    size_t refs_size = (size_t)desc->ref_count * sizeof(kf_ref);
    if (refs_size) {
        memcpy(body, desc->refs, refs_size);
    }
    if (desc->payload_size) {
        memcpy(body + refs_size, desc->payload, desc->payload_size);
    }
    memset((unsigned char *)node + size, 0, align8(size) - size);
    node->checksum = node_checksum(node, at);
    store->headers = kf_crc32c(store->headers, node, sizeof *node);
}

kf_status store_append_any(kf_store *store, const kf_node_desc *desc, kf_ref *out, kf_error *err)
{
    uint64_t end = atomic_load_explicit(&store->end, memory_order_relaxed), size = desc_size(desc);
    if (store->read_only) {
        return kf_fail(err, KF_ERR_INVALID, "%s was opened to be read only, or another file has taken its place",
                       name_of(store));
    }
    if (size == 0) {
        return kf_fail(err, KF_ERR_MEMORY, "a node of kind %u with %u references and %zu bytes is larger than %d bytes",
                       desc->kind, desc->ref_count, desc->payload_size, KF_NODE_LARGEST);
    }
    kf_status status = check_refs(store, desc, end, err);
    if (status != KF_OK) {
        return status;
    }
    uint64_t after = end + align8(size);
    if (after > store->limit) {
        return kf_fail(err, KF_ERR_MEMORY, "the project would grow past its limit of %llu bytes",
                       (unsigned long long)store->limit);
    }
    if (!region_grow(&store->nodes, after) || !store_grow_starts(store, after)) {
        return kf_fail_memory(err);
    }
    write_node(store, desc, (uint32_t)size, end);
    store_set_start(store, end);
    atomic_store_explicit(&store->end, after, memory_order_release);
    *out = end;
    return KF_OK;
}

kf_status kf_store_append(kf_store *store, const kf_node_desc *desc, kf_ref *out, kf_error *err)
{
    if (desc->kind < KF_NODE_FIRST_USER) {
        return kf_fail(err, KF_ERR_INVALID, "node kind %u belongs to the store: other kinds start at %d", desc->kind,
                       KF_NODE_FIRST_USER);
    }
    return store_append_any(store, desc, out, err);
}

const kf_node *kf_store_node(const kf_store *store, kf_ref ref, uint16_t kind, size_t min_payload)
{
    if (!store_is_start(store, ref, atomic_load_explicit(&store->end, memory_order_acquire))) {
        return NULL;
    }
    const kf_node *node = node_at(store, ref);
    if ((kind != KF_NODE_ANY && node->kind != kind) || kf_node_payload_size(node) < min_payload) {
        return NULL;
    }
    return node;
}

uint64_t kf_store_bytes(const kf_store *store)
{
    return atomic_load_explicit(&store->end, memory_order_acquire);
}

const void *kf_store_data(const kf_store *store)
{
    return store->nodes.base;
}

bool kf_store_read_only(const kf_store *store)
{
    return store->read_only;
}

kf_store_point kf_store_mark(const kf_store *store)
{
    return (kf_store_point){kf_store_bytes(store), store->headers};
}

void kf_store_rewind(kf_store *store, kf_store_point point)
{
    uint64_t end = kf_store_bytes(store);
    if (point.end < store->record_end || point.end >= end) {
        return;
    }
    atomic_store_explicit(&store->end, point.end, memory_order_release);
    store_clear_starts(store, point.end, end);
    store->headers = point.headers;
}

void store_set_state(kf_store *store, const log_state *state)
{
    store->last_record = state->last_record;
    store->record_end = state->end;
    store->serial = state->serial;
    store->headers = 0;
    atomic_store_explicit(&store->unchecked, state->end, memory_order_relaxed);
    atomic_store_explicit(&store->end, state->end, memory_order_release);
    atomic_store_explicit(&store->saved, state->saved, memory_order_release);
    atomic_store_explicit(&store->head, state->head, memory_order_release);
}

log_state store_state(const kf_store *store)
{
    return (log_state){store->record_end, store->last_record, kf_store_head(store), kf_store_saved(store),
                       store->serial};
}
