/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The node store: an append-only space of immutable nodes, in memory or on a .kerf file (docs/kerf-file.md).
 *
 * A node is named by its offset (kf_ref), which is a multiple of 8. It never changes or moves while the store lives, so
 * pointers to it stay good until the last kf_store_unref. It refers only to nodes before it: no cycles. Edits append
 * the few new nodes and a commit; the head names the commit that is current; undo and redo move the head. Both leave a
 * record behind, so every past state stays reachable.
 *
 * On a file, a thread of the store writes what was committed a moment later: the writer never waits for a disk, and
 * whatever the disk does, all that was appended stays readable. kf_store_sync waits and tells. On Linux what was not
 * written yet outlives a crash of the program: the next writer finds it.
 *
 * Threads: one writer (what the comments call so) and any number of readers (every other function that takes a const
 * kf_store), without a lock. A reader sees whole nodes only, and whatever a head it read refers to.
 *
 * A file may be damaged or hostile: a node is checked before it is given out for the first time, and what is not sound
 * is not there (NULL); kf_store_damage then tells. A file cut short while it is open reads as zeros and is reported in
 * the same way. Only bytes changed in place by another program after they were checked go unnoticed. */
#ifndef KF_STORE_H
#define KF_STORE_H

#include "base/api/status.h"

typedef uint64_t kf_ref;
#define KF_REF_NONE UINT64_C(0)

/* Kinds below 16 belong to the store; 0 is no kind. */
enum { KF_NODE_ANY = 0, KF_NODE_COMMIT = 1, KF_NODE_HEAD = 2, KF_NODE_SAVE = 3, KF_NODE_FIRST_USER = 16 };

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
    uint64_t limit;                /* bytes the store may grow to; default and most 64 GiB of address space (16 and 256
                                      MiB where there is no mmap; less by default where address space is short) */
    bool read_only;                /* kf_store_open_file: no writer, no lock */
    int flush_ms;                  /* how long commits gather before they are written, 1 to 1000; default 100 */
    const struct kf_store_io *io;  /* the operating system's calls; tests put their own in; borrowed */
} kf_store_params;

/* Each gives a store that the caller owns: release with kf_store_unref. params may be NULL. */

/* New empty store in memory. */
kf_status kf_store_create_memory(const kf_store_params *params, kf_store **out, kf_error *err);
/* A store in memory from the bytes of a file, which are copied. KF_ERR_PARSE if they are none or damaged. */
kf_status kf_store_open_memory(const void *bytes, size_t size, const kf_store_params *params, kf_store **out,
                               kf_error *err);
/* New empty store on a new file. KF_ERR_EXISTS if there is one (to replace one, compact to it). */
kf_status kf_store_create_file(const char *path, const kf_store_params *params, kf_store **out, kf_error *err);
/* The store on a file, as of its newest whole record, in a time that does not depend on its size. To write, PATH.lock
 * is held: KF_ERR_IO names who holds it already. KF_ERR_NOT_FOUND; KF_ERR_PARSE if it is no project, or if something
 * is lost that was safe on disk once (kf_store_recover helps). */
kf_status kf_store_open_file(const char *path, const kf_store_params *params, kf_store **out, kf_error *err);

/* Another owner, for instance a snapshot that outlives a compaction. Any thread. Gives `store` back. */
kf_store *kf_store_ref(kf_store *store);
/* The last one ends the store: what was committed is written first (one attempt: call kf_store_sync to know). NULL is
 * fine. Any thread; waits for the disk if something is left to write. */
void kf_store_unref(kf_store *store);

/* The path it is on, resolved; NULL in memory. Lives as long as the store. */
const char *kf_store_path(const kf_store *store);
bool kf_store_read_only(const kf_store *store);

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
static inline size_t kf_node_payload_size(const kf_node *node) /* 0 when a cut file left no header */
{
    uint64_t fixed = sizeof(kf_node) + (uint64_t)node->ref_count * sizeof(kf_ref), size = node->size;
    return size > fixed ? (size_t)(size - fixed) : 0;
}

/* A place in what was appended since the last record. */
typedef struct kf_store_point {
    uint64_t end;
    uint32_t headers;
} kf_store_point;
/* The writer drops the nodes that it appended since the point, which must not lie before the last record (commit, head
 * or save): for transactions that are given up. Nobody may hold on to the nodes. */
kf_store_point kf_store_mark(const kf_store *store);
void kf_store_rewind(kf_store *store, kf_store_point point);

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
/* The commit that was written before `commit`, whatever state that was made on; of KF_REF_NONE the newest. KF_REF_NONE
 * when there is none. With it all commits are listed, from the newest to the first. Writer only. */
kf_ref kf_store_commit_before(const kf_store *store, kf_ref commit);
/* Where undo goes from the head, and where redo does: the child of the head that was current last. KF_REF_NONE if there
 * is nothing to undo or redo. Redo looks through the records made since; writer only. */
kf_ref kf_store_undo_target(const kf_store *store);
kf_ref kf_store_redo_target(const kf_store *store);

/* --- safety --- */

/* Marks the head as the saved state and waits until all is on disk. KF_ERR_IO also if kf_store_replaced: then the
 * file on disk is without a name, and only a compaction to some path saves it. Writer only. */
kf_status kf_store_save(kf_store *store, kf_error *err);
/* The mark alone, without waiting: it is on disk a moment later. Writer only. */
kf_status kf_store_mark_saved(kf_store *store, kf_error *err);
/* The commit that was marked last, KF_REF_NONE if none was. */
kf_ref kf_store_saved(const kf_store *store);
/* Waits until all records as of the call are on disk. An error is that of an attempt made after the call; nothing is
 * lost by it: the store goes on trying. At once in memory. Any thread. */
kf_status kf_store_sync(kf_store *store, kf_error *err);

typedef struct kf_store_flush_info {
    uint64_t behind;  /* bytes of records that are not on disk yet */
    bool failing;     /* the last attempt failed; another follows within 2 s */
    int failures;     /* in a row */
    kf_error error;   /* of the last attempt; KF_OK if it did not fail */
} kf_store_flush_info;
void kf_store_flush_state(const kf_store *store, kf_store_flush_info *out); /* any thread */

/* Whether something was read that is not sound, or the file was cut short while open; err (may be NULL) then says
 * where. What was computed from the store in the meantime is not to be trusted. Any thread. */
bool kf_store_damage(const kf_store *store, kf_error *err);
/* Whether the file at the path is another one by now, or gone. Any thread; false in memory. */
bool kf_store_replaced(const kf_store *store);
/* A read-only store on a file picks up what its writer has written since; *changed (may be NULL) says whether anything.
 * Writer only, that is, one thread at a time. */
kf_status kf_store_refresh(kf_store *store, bool *changed, kf_error *err);

/* --- state --- */

/* Bytes in use, the header page included. */
uint64_t kf_store_bytes(const kf_store *store);
/* The bytes themselves, kf_store_bytes of them, as a file would hold them (kf_store_open_memory reads them). */
const void *kf_store_data(const kf_store *store);

typedef struct kf_store_report {
    uint64_t nodes, commits, bytes;
    kf_ref bad; /* the first damaged node, KF_REF_NONE if all are sound */
} kf_store_report;
/* Walks every node up to the end as of the call: header, checksum, padding, references, commits. KF_ERR_PARSE with a
 * message that names the offset at the first damage. report may be NULL. Any thread. */
kf_status kf_store_verify(const kf_store *store, kf_store_report *report, kf_error *err);

/* For long work: step is called on the thread of the work, now and then, with a part from 0 to 1 that does not fall;
 * false ends the work with KF_ERR_CANCELLED. A NULL watch is never asked. */
typedef struct kf_store_watch {
    bool (*step)(void *ctx, double part);
    void *ctx;
} kf_store_watch;
/* As kf_store_verify. */
kf_status kf_store_verify_watched(const kf_store *store, const kf_store_watch *watch, kf_store_report *report,
                                  kf_error *err);
/* Checks all that can be reached from a node, for instance a commit's root. KF_ERR_PARSE with the offset of what is not
 * sound. Any thread. */
kf_status kf_store_verify_tree(const kf_store *store, kf_ref root, const kf_store_watch *watch, kf_error *err);

/* --- compaction --- */

/* A fresh file with what a store holds and nothing else, while the store is read and written on: to shrink a file, or
 * to save as another (also from memory). References from nodes to commits and other records are not kept. */
typedef struct kf_compact_params {
    const char *path;              /* where to; NULL: where the store is. Borrowed for kf_compact_begin */
    bool keep_history;             /* else only the saved commit and the head stay, and what is done meanwhile */
    kf_store_watch watch;          /* of kf_compact_run */
    const kf_store_params *store;  /* of the new store, NULL: the defaults; borrowed for kf_compact_begin */
} kf_compact_params;
typedef struct kf_compact kf_compact;
/* Prepares PATH.compacting from the store's present state. Locks the path unless the store holds that lock. A file that
 * is there is replaced at the end. Owns the store too until kf_compact_destroy. Writer only. */
kf_status kf_compact_begin(kf_store *store, const kf_compact_params *params, kf_compact **out, kf_error *err);
/* Copies that state and writes it to the disk. Any one thread, while the store is read and written. */
kf_status kf_compact_run(kf_compact *compact, kf_error *err);
/* Adds what was committed meanwhile, makes the file durable, puts it in its place and gives the store on it, which the
 * caller owns; head, saved commit and history are translated, so no reference of the old store is good in the new one.
 * The old store can still be read, and is read-only from now on. On failure the old store goes on as before. Once,
 * after a successful run. Writer only. Waits for the disk. */
kf_status kf_compact_finish(kf_compact *compact, kf_store **out, kf_error *err);
/* Ends it; unless finished, nothing is left behind. NULL is fine. */
void kf_compact_destroy(kf_compact *compact);

/* --- recovery --- */

typedef struct kf_recover_report {
    uint64_t bytes, lost_bytes;      /* of the damaged file; lost: in no sound node */
    uint64_t nodes, lost_nodes;      /* sound by themselves; of these, the ones that refer to something lost */
    uint64_t commits, lost_commits;  /* found; of these, the ones of which something is lost */
    bool newest;                     /* the state that was written is the last one in the file */
    kf_commit head;                  /* the state that was written: time and serial of the damaged file, root and parent
                                        of the new one; the label is in `label` */
    char label[1001];
} kf_recover_report;
/* Writes all sound commits of a damaged file to a new one, the newest (or where the head was) as its head.
 * KF_ERR_EXISTS if there is a file at out_path; KF_ERR_PARSE if not one commit is whole. report may be NULL. */
kf_status kf_store_recover(const char *in_path, const char *out_path, const kf_store_watch *watch,
                           kf_recover_report *report, kf_error *err);

/* CRC32C (Castagnoli, reflected, as in RFC 3720) of bytes, continuing from `crc`, which is 0 at the start. */
uint32_t kf_crc32c(uint32_t crc, const void *bytes, size_t length);

#endif
