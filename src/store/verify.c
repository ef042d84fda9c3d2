/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "store/private.h"

/* Trusts nothing but the extent: finds the starts of nodes by walking and keeps its own map of them. */
typedef struct walk {
    const kf_store *store;
    uint64_t end, at;
    uint64_t *starts;       /* bit n: a node starts at 8 * n */
    uint32_t headers;       /* CRC32C of the headers since the last record */
    kf_ref last_record;
    uint64_t serial;
    kf_store_report *report;
    kf_error *err;
} walk;

static kf_status damaged(walk *w, const char *what)
{
    w->report->bad = w->at;
    return kf_fail(w->err, KF_ERR_PARSE, "the project is damaged at byte %llu: %s", (unsigned long long)w->at, what);
}

static bool walk_is_start(const walk *w, kf_ref ref)
{
    return ref % 8 == 0 && ref < w->at && (w->starts[ref / 512] >> (ref / 8 % 64) & 1);
}

static bool is_commit(const walk *w, kf_ref ref)
{
    return walk_is_start(w, ref) && node_at(w->store, ref)->kind == KF_NODE_COMMIT;
}

static kf_status check_commit(walk *w, const kf_node *node)
{
    if (node->ref_count < COMMIT_REFS || kf_node_payload_size(node) < sizeof(commit_body)) {
        return damaged(w, "a commit is too short");
    }
    const kf_ref *refs = kf_node_refs(node);
    const commit_body *body = kf_node_payload(node);
    if (body->headers != w->headers) {
        return damaged(w, "a commit does not match the nodes before it");
    }
    if (refs[COMMIT_PREVIOUS] != w->last_record || body->serial != w->serial + 1 || refs[COMMIT_ROOT] == KF_REF_NONE ||
        (refs[COMMIT_PARENT] != KF_REF_NONE && !is_commit(w, refs[COMMIT_PARENT]))) {
        return damaged(w, "a commit does not follow the one before it");
    }
    if (body->label_size == 0 || body->label_size > kf_node_payload_size(node) - sizeof *body ||
        ((const char *)(body + 1))[body->label_size - 1] != '\0') {
        return damaged(w, "the label of a commit is not terminated");
    }
    w->serial = body->serial;
    w->report->commits++;
    return KF_OK;
}

static kf_status check_head(walk *w, const kf_node *node)
{
    if (node->ref_count < HEAD_REFS || kf_node_payload_size(node) < sizeof(head_body)) {
        return damaged(w, "a head record is too short");
    }
    const head_body *body = kf_node_payload(node);
    if (body->headers != w->headers) {
        return damaged(w, "a head record does not match the nodes before it");
    }
    bool follows = kf_node_refs(node)[HEAD_PREVIOUS] == w->last_record && is_commit(w, kf_node_refs(node)[HEAD_COMMIT]);
    return follows ? KF_OK : damaged(w, "a head record does not follow the record before it");
}

static kf_status check_node(walk *w, const kf_node *node)
{
    uint64_t left = w->end - w->at;
    if (left < sizeof *node || node->size < sizeof *node || node->size > KF_NODE_LARGEST || align8(node->size) > left ||
        node->ref_count > (node->size - sizeof *node) / sizeof(kf_ref) || node->kind == 0) {
        return damaged(w, "no node starts here");
    }
    if (node_checksum(node, w->at) != node->checksum) {
        return damaged(w, "the checksum of a node is wrong");
    }
    static const unsigned char zeros[8];
    if (memcmp((const unsigned char *)node + node->size, zeros, align8(node->size) - node->size) != 0) {
        return damaged(w, "the padding of a node is not zero");
    }
    for (uint32_t i = 0; i < node->ref_count; i++) {
        kf_ref ref = kf_node_refs(node)[i];
        if (ref != KF_REF_NONE && !walk_is_start(w, ref)) {
            return damaged(w, "a reference leads to no earlier node");
        }
    }
    return node->kind == KF_NODE_COMMIT ? check_commit(w, node)
           : node->kind == KF_NODE_HEAD ? check_head(w, node)
                                        : KF_OK;
}

static kf_status walk_nodes(walk *w)
{
    kf_status status = KF_OK;
    for (w->at = KF_STORE_FIRST_NODE; w->at < w->end && status == KF_OK;) {
        const kf_node *node = node_at(w->store, w->at);
        status = check_node(w, node);
        if (status != KF_OK) {
            break;
        }
        bool record = node->kind == KF_NODE_COMMIT || node->kind == KF_NODE_HEAD;
        w->headers = record ? 0 : kf_crc32c(w->headers, node, sizeof *node);
        w->last_record = record ? w->at : w->last_record;
        w->starts[w->at / 512] |= UINT64_C(1) << (w->at / 8 % 64);
        w->at += align8(node->size);
        w->report->nodes++;
    }
    return status;
}

static bool header_is_sound(const kf_store *store)
{
    store_header h;
    memcpy(&h, store->nodes.base, sizeof h);
    return memcmp(h.magic, "KERF\r\n\x1a\n", sizeof h.magic) == 0 && h.version == 1 &&
           h.first_node == KF_STORE_FIRST_NODE && h.checksum == kf_crc32c(0, &h, offsetof(store_header, checksum));
}

kf_status kf_store_verify(const kf_store *store, kf_store_report *report, kf_error *err)
{
    kf_store_report local;
    walk w = {.store = store, .end = kf_store_bytes(store), .report = report ? report : &local, .err = err};
    *w.report = (kf_store_report){.bytes = w.end};
    if (!header_is_sound(store)) {
        return damaged(&w, "the header is not that of a Kerf project");
    }
    w.starts = kf_alloc_zero((size_t)(w.end / 512 + 1), sizeof *w.starts);
    if (!w.starts) {
        return kf_fail_memory(err);
    }
    kf_status status = walk_nodes(&w);
    kf_free(w.starts);
    return status;
}
