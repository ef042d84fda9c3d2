/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "store/private.h"

/* The offset goes in first, so that a sound node in a wrong place is found out too. */
uint32_t node_checksum(const kf_node *node, kf_ref at)
{
    kf_node header = *node;
    header.checksum = 0;
    uint32_t crc = kf_crc32c(0, &at, sizeof at);
    crc = kf_crc32c(crc, &header, sizeof header);
    return kf_crc32c(crc, node + 1, align8(node->size) - sizeof header);
}

static bool refs_lead_backward(const kf_node *node, kf_ref at)
{
    for (uint32_t i = 0; i < node->ref_count; i++) {
        kf_ref ref = kf_node_refs(node)[i];
        if (ref != KF_REF_NONE && (ref < KF_STORE_FIRST_NODE || ref >= at || ref % 8 != 0)) {
            return false;
        }
    }
    return true;
}

bool node_fits(const kf_node *node, kf_ref at, uint64_t end)
{
    uint64_t left = at < end ? end - at : 0;
    return left >= sizeof *node && node->size >= sizeof *node && node->size <= KF_NODE_LARGEST &&
           align8(node->size) <= left && node->ref_count <= (node->size - sizeof *node) / sizeof(kf_ref) &&
           node->kind != 0;
}

const char *node_flaw(const unsigned char *base, kf_ref at, uint64_t end)
{
    static const unsigned char zeros[8];
    const kf_node *node = (const kf_node *)(const void *)(base + at);
    if (!node_fits(node, at, end)) {
        return "no node starts here";
    }
    if (node_checksum(node, at) != node->checksum) {
        return "the checksum of a node is wrong";
    }
    if (!refs_lead_backward(node, at)) {
        return "a reference leads to no earlier node";
    }
    if (memcmp((const unsigned char *)node + node->size, zeros, align8(node->size) - node->size) != 0) {
        return "the padding of a node is not zero";
    }
    return NULL;
}

static bool walk_is_start(const log_walk *w, kf_ref ref)
{
    if (!w->starts) {
        return store_is_start(w->store, ref, w->at);
    }
    return ref % 8 == 0 && ref < w->at && (w->starts[ref / 512] >> (ref / 8 % 64) & 1);
}

static bool is_commit(const log_walk *w, kf_ref ref)
{
    return walk_is_start(w, ref) && node_at(w->store, ref)->kind == KF_NODE_COMMIT;
}

static const char *check_commit(log_walk *w, const kf_node *node)
{
    if (node->ref_count < COMMIT_REFS || kf_node_payload_size(node) < sizeof(commit_body)) {
        return "a commit is too short";
    }
    const kf_ref *refs = kf_node_refs(node);
    const commit_body *body = kf_node_payload(node);
    if (body->headers != w->headers) {
        return "a commit does not match the nodes before it";
    }
    if (refs[COMMIT_PREVIOUS] != w->last.last_record || body->serial != w->last.serial + 1 ||
        refs[COMMIT_ROOT] == KF_REF_NONE ||
        (refs[COMMIT_PARENT] != KF_REF_NONE && !is_commit(w, refs[COMMIT_PARENT]))) {
        return "a commit does not follow the one before it";
    }
    kf_commit commit;
    if (!read_commit(node, &commit)) {
        return "the label of a commit is not terminated";
    }
    w->last.serial = body->serial;
    w->last.head = w->at;
    return NULL;
}

static const char *check_mark(log_walk *w, const kf_node *node)
{
    if (node->ref_count < MARK_REFS || kf_node_payload_size(node) < sizeof(mark_body)) {
        return "a head or save record is too short";
    }
    const mark_body *body = kf_node_payload(node);
    if (body->headers != w->headers) {
        return "a head or save record does not match the nodes before it";
    }
    kf_ref commit = kf_node_refs(node)[MARK_COMMIT];
    if (kf_node_refs(node)[MARK_PREVIOUS] != w->last.last_record || !is_commit(w, commit)) {
        return "a head or save record does not follow the record before it";
    }
    *(node->kind == KF_NODE_HEAD ? &w->last.head : &w->last.saved) = commit;
    return NULL;
}

static const char *check_starts(const log_walk *w, const kf_node *node)
{
    for (uint32_t i = 0; i < node->ref_count; i++) {
        kf_ref ref = kf_node_refs(node)[i];
        if (ref != KF_REF_NONE && !walk_is_start(w, ref)) {
            return "a reference leads to no earlier node";
        }
    }
    return NULL;
}

static const char *check_node(log_walk *w, const kf_node *node)
{
    const char *flaw = node_flaw(w->store->nodes.base, w->at, w->end);
    if (!flaw) {
        flaw = check_starts(w, node);
    }
    if (!flaw && is_record(node->kind)) {
        flaw = node->kind == KF_NODE_COMMIT ? check_commit(w, node) : check_mark(w, node);
    }
    return flaw;
}

const char *log_step(log_walk *w)
{
    const kf_node *node = node_at(w->store, w->at);
    const char *flaw = check_node(w, node);
    if (flaw) {
        return flaw;
    }
    kf_ref here = w->at;
    if (w->starts) {
        w->starts[here / 512] |= UINT64_C(1) << (here / 8 % 64);
    } else {
        store_set_start(w->store, here);
    }
    w->at += align8(node->size);
    if (is_record(node->kind)) {
        w->headers = 0;
        w->last.last_record = here;
        w->last.end = w->at;
    } else {
        w->headers = kf_crc32c(w->headers, node, sizeof *node);
    }
    return NULL;
}
