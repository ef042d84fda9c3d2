/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/str.h"
#include "store/private.h"

static bool read_commit(const kf_node *node, kf_commit *out)
{
    size_t size = kf_node_payload_size(node);
    const commit_body *body = kf_node_payload(node);
    if (node->ref_count < COMMIT_REFS || size < sizeof *body || body->label_size == 0 ||
        body->label_size > size - sizeof *body) {
        return false;
    }
    const char *label = (const char *)(body + 1);
    if (label[body->label_size - 1] != '\0') {
        return false;
    }
    const kf_ref *refs = kf_node_refs(node);
    *out = (kf_commit){refs[COMMIT_ROOT], refs[COMMIT_PARENT], label, body->time, body->serial};
    return true;
}

bool kf_store_commit_get(const kf_store *store, kf_ref ref, kf_commit *out)
{
    const kf_node *node = kf_store_node(store, ref, KF_NODE_COMMIT, sizeof(commit_body));
    return node && read_commit(node, out);
}

static void record_written(kf_store *store, kf_ref record, kf_ref head)
{
    store->last_record = record;
    store->headers = 0;
    atomic_store_explicit(&store->head, head, memory_order_release);
}

kf_status kf_store_commit(kf_store *store, const kf_commit *desc, kf_ref *out, kf_error *err)
{
    const char *label = desc->label ? desc->label : "";
    size_t length = strlen(label);
    if (length > LABEL_LARGEST || !kf_utf8_valid(label, length)) {
        return kf_fail(err, KF_ERR_INVALID, "the label of a commit must be UTF-8 of at most %d bytes", LABEL_LARGEST);
    }
    if (!store_is_start(store, desc->root, kf_store_bytes(store))) {
        return kf_fail(err, KF_ERR_INVALID, "a commit's root is %llu, where no node starts",
                       (unsigned long long)desc->root);
    }
    struct { commit_body body; char label[LABEL_LARGEST + 1]; } payload;
    payload.body = (commit_body){desc->time, store->serial + 1, store->headers, (uint32_t)length + 1};
    memcpy(payload.label, label, length + 1);
    const kf_ref refs[COMMIT_REFS] = {desc->root, kf_store_head(store), store->last_record};
    kf_node_desc node = {.kind = KF_NODE_COMMIT,
                         .version = 1,
                         .ref_count = COMMIT_REFS,
                         .refs = refs,
                         .payload = &payload,
                         .payload_size = sizeof payload.body + length + 1};
    kf_ref at;
    kf_status status = store_append_any(store, &node, &at, err);
    if (status != KF_OK) {
        return status;
    }
    store->serial++;
    record_written(store, at, at);
    if (out) {
        *out = at;
    }
    return KF_OK;
}

kf_ref kf_store_head(const kf_store *store)
{
    return atomic_load_explicit(&store->head, memory_order_acquire);
}

kf_status kf_store_set_head(kf_store *store, kf_ref commit, kf_error *err)
{
    if (!kf_store_node(store, commit, KF_NODE_COMMIT, sizeof(commit_body))) {
        return kf_fail(err, KF_ERR_INVALID, "the head cannot move to %llu: there is no commit",
                       (unsigned long long)commit);
    }
    const head_body body = {.headers = store->headers};
    const kf_ref refs[HEAD_REFS] = {commit, store->last_record};
    kf_node_desc node = {.kind = KF_NODE_HEAD, .version = 1, .ref_count = HEAD_REFS, .refs = refs, .payload = &body,
                         .payload_size = sizeof body};
    kf_ref at;
    kf_status status = store_append_any(store, &node, &at, err);
    if (status == KF_OK) {
        record_written(store, at, commit);
    }
    return status;
}

kf_ref kf_store_undo_target(const kf_store *store)
{
    kf_commit head;
    return kf_store_commit_get(store, kf_store_head(store), &head) ? head.parent : KF_REF_NONE;
}

/* Records refer to the one before, so the walk goes back in time and ends. */
kf_ref kf_store_redo_target(const kf_store *store)
{
    kf_ref head = kf_store_head(store), record = store->last_record;
    const kf_node *node;
    while (record != head && (node = kf_store_node(store, record, KF_NODE_ANY, 0))) {
        bool moved = node->kind == KF_NODE_HEAD;
        kf_ref current = moved ? kf_node_ref(node, HEAD_COMMIT) : record;
        kf_commit commit;
        if (current != head && kf_store_commit_get(store, current, &commit) && commit.parent == head) {
            return current;
        }
        record = kf_node_ref(node, moved ? HEAD_PREVIOUS : COMMIT_PREVIOUS);
    }
    return KF_REF_NONE;
}
