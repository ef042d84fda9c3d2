/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The node store: an append-only space of immutable nodes, here in memory, in the layout of a .kerf file.
 *
 * A node is named by its offset (kf_ref), which is a multiple of 8. It never changes or moves while the store lives, so
 * pointers to it stay good until kf_store_destroy. It refers only to nodes before it: no cycles. Edits append the few
 * new nodes and a commit; the head names the commit that is current; undo and redo move the head. Both leave a record
 * behind, so every past state stays reachable.
 *
 * Threads: one writer (append, commit, set_head, redo_target) and any number of readers (every other function that
 * takes a const kf_store), without a lock. A reader sees whole nodes only, and whatever a head it read refers to.
 *
 * Layout (little-endian): a page of 4096 bytes whose first 64 are the file header, then nodes, each padded with zeros
 * to a multiple of 8. */
#ifndef KF_STORE_H
#define KF_STORE_H

#include "base/api/status.h"

typedef uint64_t kf_ref;
#define KF_REF_NONE UINT64_C(0)

/* Kinds below 16 belong to the store; 0 is no kind. */
enum { KF_NODE_ANY = 0, KF_NODE_COMMIT = 1, KF_NODE_HEAD = 2, KF_NODE_FIRST_USER = 16 };

/* Header of a node; ref_count kf_refs follow, then the payload. */
typedef struct kf_node {
    uint16_t kind, version;
    uint32_t size;      /* bytes of header, references and payload, without the padding */
    uint32_t ref_count;
    uint32_t checksum;  /* CRC32C of the node's own offset (8 bytes), then the padded node with 0 in this field */
} kf_node;

_Static_assert(sizeof(kf_node) == 16, "node header is part of the file format");
_Static_assert(offsetof(kf_node, size) == 4 && offsetof(kf_node, ref_count) == 8 && offsetof(kf_node, checksum) == 12,
               "node header is part of the file format");

enum { KF_STORE_FIRST_NODE = 4096, KF_NODE_LARGEST = 1 << 28 };

/* What to append; everything is borrowed for the call and copied. */
typedef struct kf_node_desc {
    uint16_t kind, version;
    uint32_t ref_count;
    const kf_ref *refs;    /* earlier nodes, or KF_REF_NONE */
    const void *payload;
    size_t payload_size;
} kf_node_desc;

typedef struct kf_store kf_store;

/* Zeroed fields mean the defaults. */
typedef struct kf_store_params {
    uint64_t limit; /* bytes the store may grow to; default and most 64 GiB of address space (256 MiB where there is no
                       mmap) */
} kf_store_params;

/* New empty store in memory; params may be NULL. Free with kf_store_destroy. */
kf_status kf_store_create_memory(const kf_store_params *params, kf_store **out, kf_error *err);
void kf_store_destroy(kf_store *store); /* NULL is fine; no reader may be left */

/* Appends a node and gives its offset. KF_ERR_INVALID if a reference is not the start of an earlier node or the kind is
 * the store's own or 0; KF_ERR_MEMORY if the node, or the store with it, would be larger than its limit. Nothing
 * changes on failure. Writer only. */
kf_status kf_store_append(kf_store *store, const kf_node_desc *desc, kf_ref *out, kf_error *err);

/* The node at `ref`, or NULL if there is none, its kind is not `kind` (KF_NODE_ANY takes all) or its payload has less
 * than `min_payload` bytes. Any value of ref is safe. */
const kf_node *kf_store_node(const kf_store *store, kf_ref ref, uint16_t kind, size_t min_payload);

/* Parts of a node that kf_store_node gave. Payloads start 8-byte aligned. */
static inline const kf_ref *kf_node_refs(const kf_node *node)
{
    return (const kf_ref *)(const void *)(node + 1);
}
static inline kf_ref kf_node_ref(const kf_node *node, uint32_t i) /* KF_REF_NONE past the last */
{
    return i < node->ref_count ? kf_node_refs(node)[i] : KF_REF_NONE;
}
static inline const void *kf_node_payload(const kf_node *node)
{
    return kf_node_refs(node) + node->ref_count;
}
static inline size_t kf_node_payload_size(const kf_node *node)
{
    return node->size - sizeof(kf_node) - (size_t)node->ref_count * sizeof(kf_ref);
}

/* --- history --- */

typedef struct kf_commit {
    kf_ref root;        /* the project as of this commit */
    kf_ref parent;      /* the commit it was made on; KF_REF_NONE for the first */
    const char *label;  /* UTF-8, in the store; at most 1000 bytes */
    int64_t time;       /* wall clock, microseconds since 1970 */
    uint64_t serial;    /* 1, 2, 3, ... in the order of writing */
} kf_commit;

/* Appends a commit of desc->root, label (NULL: "") and time on top of the head and makes it the head. Writer only. */
kf_status kf_store_commit(kf_store *store, const kf_commit *desc, kf_ref *out, kf_error *err);
/* The current commit, KF_REF_NONE before the first. */
kf_ref kf_store_head(const kf_store *store);
/* Moves the head to any commit of this store and records that. Writer only. */
kf_status kf_store_set_head(kf_store *store, kf_ref commit, kf_error *err);
/* Reads a commit; false if `ref` is not one. */
bool kf_store_commit_get(const kf_store *store, kf_ref ref, kf_commit *out);
/* Where undo goes from the head, and where redo does: the child of the head that was current last. KF_REF_NONE if there
 * is nothing to undo or redo. Redo looks through the records made since; writer only. */
kf_ref kf_store_undo_target(const kf_store *store);
kf_ref kf_store_redo_target(const kf_store *store);

/* --- state --- */

/* Bytes in use, the header page included. */
uint64_t kf_store_bytes(const kf_store *store);

typedef struct kf_store_report {
    uint64_t nodes, commits, bytes;
    kf_ref bad; /* the first damaged node, KF_REF_NONE if all are sound */
} kf_store_report;
/* Walks every node up to the end as of the call: header, checksum, padding, references, commits. KF_ERR_PARSE with a
 * message that names the offset at the first damage. report may be NULL. Any thread. */
kf_status kf_store_verify(const kf_store *store, kf_store_report *report, kf_error *err);

/* CRC32C (Castagnoli, reflected, as in RFC 3720) of bytes, continuing from `crc`, which is 0 at the start. */
uint32_t kf_crc32c(uint32_t crc, const void *bytes, size_t length);

#endif
