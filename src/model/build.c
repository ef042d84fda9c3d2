/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "model/nodes.h"

static bool reserve(node_build *b, size_t more)
{
    void *bytes = b->bytes;
    if (b->failed || more > KF_NODE_LARGEST || kf_grow(&bytes, &b->capacity, b->size + more, 1) != 0) {
        b->failed = true;
    }
    b->bytes = bytes;
    return !b->failed;
}

static size_t align8(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

void build_start(node_build *b, size_t body_size)
{
    b->size = b->ref_count = 0;
    b->failed = false;
    if (body_size > 0 && reserve(b, body_size)) {
        memset(b->bytes, 0, body_size);
        b->size = body_size;
    }
}

uint32_t build_add(node_build *b, const void *data, size_t size)
{
    size_t at = align8(b->size);
    if (!reserve(b, at - b->size + size)) {
        return 0;
    }
    memset(b->bytes + b->size, 0, at - b->size);
    if (size) {
        memcpy(b->bytes + at, data, size);
    }
    b->size = at + size;
    return (uint32_t)at;
}

node_text build_text(node_build *b, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || !reserve(b, length + 1)) {
        return (node_text){0};
    }
    node_text out = {(uint32_t)b->size, (uint32_t)length};
    memcpy(b->bytes + b->size, text, length + 1);
    b->size += length + 1;
    return out;
}

void build_ref(node_build *b, kf_ref ref)
{
    void *refs = b->refs;
    if (b->failed || kf_grow(&refs, &b->ref_capacity, b->ref_count + 1, sizeof ref) != 0) {
        b->failed = true;
        return;
    }
    b->refs = refs;
    b->refs[b->ref_count++] = ref;
}

void build_body(node_build *b, size_t at, const void *body, size_t size)
{
    if (!b->failed && at + size <= b->size) {
        memcpy(b->bytes + at, body, size);
    }
}

void build_load(node_build *b, const kf_node *node)
{
    build_start(b, 0);
    build_splice_refs(b, 0, 0, kf_node_refs(node), node->ref_count);
    build_add(b, kf_node_payload(node), kf_node_payload_size(node));
}

void build_set_ref(node_build *b, uint32_t i, kf_ref ref)
{
    if (!b->failed && i < b->ref_count) {
        b->refs[i] = ref;
    }
}

void build_splice_refs(node_build *b, uint32_t i, uint32_t remove, const kf_ref *refs, uint32_t count)
{
    void *items = b->refs;
    if (b->failed || kf_grow(&items, &b->ref_capacity, b->ref_count + count + 1, sizeof *refs) != 0) {
        b->failed = true;
        return;
    }
    b->refs = items;
    if (i > b->ref_count || remove > b->ref_count - i) {
        b->failed = true;
        return;
    }
    memmove(b->refs + i + count, b->refs + i + remove, (b->ref_count - i - remove) * sizeof *refs);
    if (count > 0) {
        memcpy(b->refs + i, refs, count * sizeof *refs);
    }
    b->ref_count = b->ref_count - remove + count;
}

kf_status build_append(node_build *b, kf_store *store, uint16_t kind, kf_ref *out, kf_error *err)
{
    if (b->failed) {
        return kf_fail_memory(err);
    }
    kf_node_desc desc = {.kind = kind, .version = 1, .ref_count = (uint32_t)b->ref_count, .refs = b->refs,
                         .payload = b->bytes, .payload_size = b->size};
    return kf_store_append(store, &desc, out, err);
}

void build_finish(node_build *b)
{
    kf_free(b->bytes);
    kf_free(b->refs);
    *b = (node_build){0};
}
