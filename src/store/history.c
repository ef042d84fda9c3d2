/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/str.h"
#include "store/private.h"

bool read_commit(const kf_node *node, kf_commit *out)
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

bool store_is_commit(const kf_store *store, kf_ref ref, uint64_t end)
{
    kf_commit commit;
    return store_is_start(store, ref, end) && node_at(store, ref)->kind == KF_NODE_COMMIT &&
           read_commit(node_at(store, ref), &commit);
}

/* The head is read last by those who see it, so it is published last. */
static void record_written(kf_store *store, kf_ref record, kf_ref head)
{
    store->last_record = record;
    store->record_end = atomic_load_explicit(&store->end, memory_order_relaxed);
    store->headers = 0;
    atomic_store_explicit(&store->head, head, memory_order_release);
    file_publish(store);
}

kf_status kf_store_commit(kf_store *store, const kf_commit *desc, kf_ref *out, kf_error *err)
{
    kf_commit on_head = *desc;
    on_head.parent = kf_store_head(store);
    return store_commit_on(store, &on_head, out, err);
}

kf_status store_commit_on(kf_store *store, const kf_commit *desc, kf_ref *out, kf_error *err)
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
    const kf_ref refs[COMMIT_REFS] = {desc->root, desc->parent, store->last_record};
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

static kf_status append_mark(kf_store *store, uint16_t kind, kf_ref commit, kf_ref *out, kf_error *err)
{
    const mark_body body = {.headers = store->headers};
    const kf_ref refs[MARK_REFS] = {commit, store->last_record};
    kf_node_desc node = {.kind = kind, .version = 1, .ref_count = MARK_REFS, .refs = refs, .payload = &body,
                         .payload_size = sizeof body};
    return store_append_any(store, &node, out, err);
}

kf_status kf_store_set_head(kf_store *store, kf_ref commit, kf_error *err)
{
    if (!store_is_commit(store, commit, kf_store_bytes(store))) {
        return kf_fail(err, KF_ERR_INVALID, "the head cannot move to %llu: there is no commit",
                       (unsigned long long)commit);
    }
    kf_ref at;
    kf_status status = append_mark(store, KF_NODE_HEAD, commit, &at, err);
    if (status == KF_OK) {
        record_written(store, at, commit);
    }
    return status;
}

kf_ref kf_store_saved(const kf_store *store)
{
    return atomic_load_explicit(&store->saved, memory_order_acquire);
}

kf_status store_set_saved(kf_store *store, kf_ref commit, kf_error *err)
{
    kf_ref at;
    kf_status status = append_mark(store, KF_NODE_SAVE, commit, &at, err);
    if (status == KF_OK) {
        atomic_store_explicit(&store->saved, commit, memory_order_release);
        record_written(store, at, kf_store_head(store));
    }
    return status;
}

kf_status kf_store_mark_saved(kf_store *store, kf_error *err)
{
    kf_ref head = kf_store_head(store);
    if (head == KF_REF_NONE) {
        return kf_fail(err, KF_ERR_INVALID, "there is nothing to save before the first commit");
    }
    return head == kf_store_saved(store) ? KF_OK : store_set_saved(store, head, err);
}

kf_status kf_store_save(kf_store *store, kf_error *err)
{
    kf_status status = kf_store_mark_saved(store, err);
    status = status == KF_OK ? kf_store_sync(store, err) : status;
    if (status == KF_OK && kf_store_replaced(store)) {
        status = kf_fail(err, KF_ERR_IO, "another program has replaced or removed %s: save to another file",
                         kf_store_path(store));
    }
    return status;
}

kf_ref kf_store_commit_before(const kf_store *store, kf_ref commit)
{
    const kf_node *node = kf_store_node(store, commit, KF_NODE_COMMIT, 0);
    kf_ref record = node ? kf_node_ref(node, COMMIT_PREVIOUS) : KF_REF_NONE;
    if (commit == KF_REF_NONE) {
        record = store->last_record;
    }
    while ((node = kf_store_node(store, record, KF_NODE_ANY, 0)) && node->kind != KF_NODE_COMMIT) {
        record = kf_node_ref(node, MARK_PREVIOUS);
    }
    return node ? record : KF_REF_NONE;
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
        kf_ref current = node->kind == KF_NODE_COMMIT ? record : kf_node_ref(node, MARK_COMMIT);
        kf_commit commit;
        if (node->kind != KF_NODE_SAVE && current != head && kf_store_commit_get(store, current, &commit) &&
            commit.parent == head) {
            return current;
        }
        record = kf_node_ref(node, node->kind == KF_NODE_COMMIT ? COMMIT_PREVIOUS : MARK_PREVIOUS);
    }
    return KF_REF_NONE;
}
