/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "store/private.h"

#ifdef __wasm__
#define LIMIT_MOST (UINT64_C(256) << 20)
#else
#define LIMIT_MOST (UINT64_C(64) << 30)
#endif
enum { LIMIT_LEAST = 64 << 10 };

static void write_header(kf_store *store)
{
    store_header h = {
        .magic = {'K', 'E', 'R', 'F', '\r', '\n', 0x1a, '\n'}, .version = 1, .first_node = KF_STORE_FIRST_NODE};
    h.checksum = kf_crc32c(0, &h, offsetof(store_header, checksum));
    memcpy(store->nodes.base, &h, sizeof h);
}

/* One byte of `starts` for each 64 of `nodes`, rounded up to whole words. */
static uint64_t starts_size(uint64_t bytes)
{
    return align8(bytes / 64 + 1);
}

kf_status kf_store_create_memory(const kf_store_params *params, kf_store **out, kf_error *err)
{
    uint64_t limit = params && params->limit ? params->limit : LIMIT_MOST;
    if (limit < LIMIT_LEAST || limit > LIMIT_MOST) {
        return kf_fail(err, KF_ERR_INVALID,
                       "a store of at most %llu bytes was asked for: the limit must be from 64 KiB to %llu bytes",
                       (unsigned long long)limit, (unsigned long long)LIMIT_MOST);
    }
    kf_store *store = KF_NEW(kf_store);
    if (!store) {
        return kf_fail_memory(err);
    }
    store->limit = limit;
    if (!region_reserve(&store->nodes, limit) || !region_reserve(&store->starts, starts_size(limit)) ||
        !region_grow(&store->nodes, KF_STORE_FIRST_NODE)) {
        kf_store_destroy(store);
        return kf_fail(err, KF_ERR_MEMORY,
                       "cannot reserve %llu bytes of address space for a project: give a smaller limit",
                       (unsigned long long)limit);
    }
    write_header(store);
    atomic_init(&store->end, KF_STORE_FIRST_NODE);
    atomic_init(&store->head, KF_REF_NONE);
    *out = store;
    return KF_OK;
}

void kf_store_destroy(kf_store *store)
{
    if (store) {
        region_release(&store->nodes);
        region_release(&store->starts);
        kf_free(store);
    }
}

static _Atomic uint64_t *start_word(const kf_store *store, kf_ref ref)
{
    return (_Atomic uint64_t *)(void *)store->starts.base + ref / 512;
}

bool store_is_start(const kf_store *store, kf_ref ref, uint64_t end)
{
    return ref >= KF_STORE_FIRST_NODE && ref < end && ref % 8 == 0 &&
           (atomic_load_explicit(start_word(store, ref), memory_order_relaxed) >> (ref / 8 % 64) & 1);
}

/* The offset goes in first, so that a sound node in a wrong place is found out too. */
uint32_t node_checksum(const kf_node *node, kf_ref at)
{
    kf_node header = *node;
    header.checksum = 0;
    uint32_t crc = kf_crc32c(0, &at, sizeof at);
    crc = kf_crc32c(crc, &header, sizeof header);
    return kf_crc32c(crc, node + 1, align8(node->size) - sizeof header);
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
    if (!region_grow(&store->nodes, after) || !region_grow(&store->starts, starts_size(after))) {
        return kf_fail_memory(err);
    }
    write_node(store, desc, (uint32_t)size, end);
    atomic_fetch_or_explicit(start_word(store, end), UINT64_C(1) << (end / 8 % 64), memory_order_relaxed);
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
    bool fits = (kind == KF_NODE_ANY || node->kind == kind) && kf_node_payload_size(node) >= min_payload;
    return fits ? node : NULL;
}

uint64_t kf_store_bytes(const kf_store *store)
{
    return atomic_load_explicit(&store->end, memory_order_acquire);
}
