/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the store room. */
#ifndef KF_STORE_PRIVATE_H
#define KF_STORE_PRIVATE_H

#include <stdatomic.h>

#include "store/api/store.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the file format is little-endian and read in place"
#endif

/* First bytes of the header page. */
typedef struct store_header {
    char magic[8];           /* "KERF\r\n\x1a\n": breaks when a transfer takes it for text */
    uint32_t version;        /* of the layout; this is 1 */
    uint32_t first_node;     /* KF_STORE_FIRST_NODE */
    uint8_t reserved[44];
    uint32_t checksum;       /* CRC32C of the 60 bytes before */
} store_header;
_Static_assert(sizeof(store_header) == 64, "store header is part of the file format");

/* Fixed part of a commit's payload; its references are root, parent, and the record (commit or head) before it in the
 * file. The label and its NUL follow. */
typedef struct commit_body {
    int64_t time;
    uint64_t serial;
    uint32_t headers;        /* CRC32C of the headers of all nodes between the previous record and this one */
    uint32_t label_size;     /* with the NUL */
} commit_body;
_Static_assert(sizeof(commit_body) == 24, "commit is part of the file format");
enum { COMMIT_ROOT, COMMIT_PARENT, COMMIT_PREVIOUS, COMMIT_REFS };

/* A head record's payload; its references are the commit and the record before it. */
typedef struct head_body {
    uint64_t reserved;
    uint32_t headers;
    uint32_t zero;
} head_body;
_Static_assert(sizeof(head_body) == 16, "head record is part of the file format");
enum { HEAD_COMMIT, HEAD_PREVIOUS, HEAD_REFS };

enum { LABEL_LARGEST = 1000 };

/* Address space that never moves, of which the front is usable. */
typedef struct region {
    unsigned char *base;
    uint64_t reserved, usable;
} region;
bool region_reserve(region *r, uint64_t size);
/* Makes at least `size` bytes usable (zero-filled); false when out of memory or past the reservation. */
bool region_grow(region *r, uint64_t size);
void region_release(region *r);

struct kf_store {
    region nodes;
    region starts;            /* one bit for each 8 bytes of `nodes`: a verified node starts here */
    uint64_t limit;
    _Atomic uint64_t end;     /* bytes published to readers */
    _Atomic uint64_t head;
    kf_ref last_record;       /* writer's: the newest commit or head record */
    uint64_t serial;          /* writer's: of the newest commit */
    uint32_t headers;         /* writer's: CRC32C of the node headers since the last record */
};

static inline uint64_t align8(uint64_t n)
{
    return (n + 7) & ~UINT64_C(7);
}

static inline const kf_node *node_at(const kf_store *store, kf_ref ref)
{
    return (const kf_node *)(const void *)(store->nodes.base + ref);
}

/* True if `ref` lies below `end`, is aligned, and a node starts there. */
bool store_is_start(const kf_store *store, kf_ref ref, uint64_t end);
uint32_t node_checksum(const kf_node *node, kf_ref at);
/* kf_store_append without the reservation of kinds. */
kf_status store_append_any(kf_store *store, const kf_node_desc *desc, kf_ref *out, kf_error *err);

uint32_t kf_crc32c_soft(uint32_t crc, const void *bytes, size_t length);

#endif
