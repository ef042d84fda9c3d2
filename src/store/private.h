/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the store room. */
#ifndef KF_STORE_PRIVATE_H
#define KF_STORE_PRIVATE_H

#include <stdatomic.h>

#include "store/api/store.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the file format is little-endian and read in place"
#endif

/* First bytes of the header page. The rest of it is zero but for the superblocks. */
typedef struct store_header {
    char magic[8];           /* "KERF\r\n\x1a\n": breaks when a transfer takes it for text */
    uint32_t version;        /* of the layout; this is 1 */
    uint32_t first_node;     /* KF_STORE_FIRST_NODE */
    uint8_t reserved[44];
    uint32_t checksum;       /* CRC32C of the 60 bytes before */
} store_header;
_Static_assert(sizeof(store_header) == 64, "store header is part of the file format");

/* The state of the log as of its newest record, which ends at `end`. */
typedef struct log_state {
    uint64_t end;
    kf_ref last_record;      /* commit, head or save record; KF_REF_NONE before the first */
    kf_ref head, saved;      /* commits */
    uint64_t serial;         /* of the newest commit */
} log_state;

/* Lies at two places of the header page; each flush writes the one that is older. The log holds all that it says: it
 * only saves the walk. */
typedef struct superblock {
    uint64_t generation;     /* from 1; the larger one counts */
    log_state state;
    uint64_t reserved;
    uint32_t zero;
    uint32_t checksum;       /* CRC32C of the 60 bytes before */
} superblock;
_Static_assert(sizeof(superblock) == 64, "superblock is part of the file format");
enum { SUPERBLOCK_FIRST = 1024, SUPERBLOCK_SECOND = 2048 };

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

/* Payload of a head record (the commit is current from here on) and of a save record (it is the saved one); the
 * references of both are the commit and the record before them. */
typedef struct mark_body {
    uint64_t reserved;
    uint32_t headers;
    uint32_t zero;
} mark_body;
_Static_assert(sizeof(mark_body) == 16, "head and save records are part of the file format");
enum { MARK_COMMIT, MARK_PREVIOUS, MARK_REFS };

enum { LABEL_LARGEST = 1000 };

/* Address space that never moves, of which the front is usable. */
typedef struct region {
    unsigned char *base;
    uint64_t reserved, usable;
    int fd;                  /* of a file in memory that it grows in as far as there is room; -1: none */
    uint64_t fd_shift;       /* where byte 0 is in that file */
} region;
bool region_reserve(region *r, uint64_t size);
/* Makes at least `size` bytes usable (zero-filled); false when out of memory or past the reservation. */
bool region_grow(region *r, uint64_t size);
/* Puts memory that can be written in [from, to), whatever was there; the usable part ends there. It holds zeros, or
 * what the region's file held. */
bool region_open(region *r, uint64_t from, uint64_t to);
void region_release(region *r);

struct kf_store {
    region nodes;
    region starts;            /* one bit for each 8 bytes of `nodes`: a node starts here and was found sound */
    uint64_t limit;
    _Atomic uint64_t end;     /* bytes published to readers */
    _Atomic uint64_t head, saved;
    _Atomic uint64_t unchecked; /* below this, nodes without a bit in `starts` may be sound and are checked when met */
    _Atomic uint64_t checked; /* bytes of nodes that were checked when met */
    _Atomic uint64_t damage;  /* the first damage met: its offset, with a damage_kind in the low bits; 0: none */
    atomic_int references;
    atomic_bool read_only;
    kf_ref last_record;       /* writer's: the newest record */
    uint64_t record_end;      /* writer's: where it ends */
    uint64_t serial;          /* writer's: of the newest commit */
    uint32_t headers;         /* writer's: CRC32C of the node headers since the last record */
    struct store_file *file;  /* NULL in memory */
};

/* In the low 3 bits of an offset, which is a multiple of 8. */
typedef enum damage_kind { DAMAGE_NODE = 1, DAMAGE_CUT, DAMAGE_READ } damage_kind;

static inline uint64_t align8(uint64_t n)
{
    return (n + 7) & ~UINT64_C(7);
}

static inline const kf_node *node_at(const kf_store *store, kf_ref ref)
{
    return (const kf_node *)(const void *)(store->nodes.base + ref);
}

/* Creates a store without content; the limit is checked. */
kf_status store_new(const kf_store_params *params, kf_store **out, kf_error *err);
/* Ends a store that nobody owns any more, its file left aside. */
void store_free(kf_store *store);
void store_write_header(unsigned char *page);
bool store_header_is_sound(const unsigned char *page);
/* True if `ref` lies below `end`, is aligned, and a sound node starts there. */
bool store_is_start(const kf_store *store, kf_ref ref, uint64_t end);
/* Sets or clears `starts` for [from, to): single bits, or all of a range. */
void store_set_start(const kf_store *store, kf_ref ref);
void store_clear_starts(const kf_store *store, uint64_t from, uint64_t to);
/* Makes [0, size) of `starts` usable. */
bool store_grow_starts(kf_store *store, uint64_t size);
/* KF_ERR_PARSE: what is wrong at a place. */
kf_status store_fail_damaged(const kf_store *store, kf_ref at, const char *what, kf_error *err);
void store_note_damage(const kf_store *store, kf_ref at, damage_kind kind);
uint32_t node_checksum(const kf_node *node, kf_ref at);
/* kf_store_append without the reservation of kinds. */
kf_status store_append_any(kf_store *store, const kf_node_desc *desc, kf_ref *out, kf_error *err);
/* Makes a state that was read from a file the store's own. */
void store_set_state(kf_store *store, const log_state *state);
log_state store_state(const kf_store *store); /* writer's */
bool store_is_commit(const kf_store *store, kf_ref ref, uint64_t end);
bool read_commit(const kf_node *node, kf_commit *out);

/* kf_store_commit with a parent of the caller's choice, which is a commit or KF_REF_NONE. */
kf_status store_commit_on(kf_store *store, const kf_commit *desc, kf_ref *out, kf_error *err);
kf_status store_set_saved(kf_store *store, kf_ref commit, kf_error *err);

/* --- file.c, flush.c; nothing happens in memory --- */

void file_publish(kf_store *store); /* writer's: a record was appended */
/* All bytes are to be written although no record covers the last ones: they may never be rewound. */
void file_publish_part(kf_store *store);
void file_close(kf_store *store);

/* --- log.c: walking over nodes and records from the front --- */

/* What is wrong with the node at `at` of which at most [at, end) may be read; NULL if nothing. References are checked
 * to lead backward, not whether nodes start there. */
bool node_fits(const kf_node *node, kf_ref at, uint64_t end); /* the first part of it: the extent */
const char *node_flaw(const unsigned char *base, kf_ref at, uint64_t end);
static inline bool is_record(uint16_t kind)
{
    return kind == KF_NODE_COMMIT || kind == KF_NODE_HEAD || kind == KF_NODE_SAVE;
}

typedef struct log_walk {
    const kf_store *store;
    uint64_t at, end;         /* the next node; where the bytes end */
    uint64_t *starts;         /* the walk's own map of starts, bit n for 8 * n; NULL: the store's */
    uint32_t headers;         /* CRC32C of the headers since the last record */
    log_state last;           /* as of the last record */
} log_walk;
/* Checks the node at w->at, and if it is sound steps past it and returns NULL; else what is wrong. */
const char *log_step(log_walk *w);

/* --- superblock.c --- */

/* The newest superblock whose checksum is right; false if there is none. */
bool superblock_read(const unsigned char *page, superblock *out);
void superblock_seal(superblock *block);
/* Where the superblock of a generation lies. */
static inline uint64_t superblock_place(uint64_t generation)
{
    return generation % 2 ? SUPERBLOCK_FIRST : SUPERBLOCK_SECOND;
}
/* Finds the newest whole record of the `size` bytes at the store's front and makes its state the store's. *generation
 * is that of the newest superblock, 0 if there is none, and *durable the bytes that it promises. `name` is for
 * messages. */
kf_status store_adopt(kf_store *store, uint64_t size, const char *name, uint64_t *generation, uint64_t *durable,
                      kf_error *err);

/* Moves a state on over what lies behind it up to `size`, to the last whole record. */
void store_scan_forward(kf_store *store, log_state *state, uint64_t size);

/* --- reach.c: what can be reached --- */

/* Nodes of [0, end) of a store, as bits. References lead backward, so one sweep from the end to the front finds all
 * that the nodes added before can reach, without a stack. */
typedef struct reach {
    const kf_store *store;
    uint64_t end;
    uint64_t *bits;                        /* bit n: the node at 8 * n */
    bool (*known)(void *ctx, kf_ref ref);  /* nodes that the caller has already, which are left out; may be NULL */
    void *ctx;
} reach;
bool reach_init(reach *r, const kf_store *store); /* false: out of memory */
void reach_finish(reach *r);
void reach_add(reach *r, kf_ref ref);
static inline bool reach_has(const reach *r, kf_ref ref)
{
    return ref < r->end && (r->bits[ref / 512] >> (ref / 8 % 64) & 1);
}
/* KF_ERR_PARSE if something is not sound, KF_ERR_CANCELLED. */
kf_status reach_sweep(reach *r, const kf_store_watch *watch, double from, double to, kf_error *err);
/* Reports that a part of [from, to] is done, of which `part` is from 0 to 1. */
kf_status watch_step(const kf_store_watch *watch, double from, double to, double part, kf_error *err);

/* --- copy.c: nodes and records from one store to another --- */

/* A map of references, empty at first. */
typedef struct ref_map {
    kf_ref *keys, *values;
    size_t count, capacity;   /* the latter a power of 2 */
} ref_map;
bool ref_map_put(ref_map *map, kf_ref key, kf_ref value); /* false: out of memory */
kf_ref ref_map_get(const ref_map *map, kf_ref key);       /* KF_REF_NONE if there is none */
void ref_map_finish(ref_map *map);

/* Copies the bulk in the order of the old file, so that a place follows from that of the first node of its word; what
 * comes later, and records, are in a map. */
typedef struct copier {
    const kf_store *from;
    kf_store *to;
    reach bulk;
    kf_ref *bases;            /* for each word of bulk.bits */
    ref_map later;
    kf_ref *refs;             /* of the node at hand */
    size_t ref_capacity;
    uint64_t copied;
    kf_ref *records;          /* to be replayed, newest first */
    size_t record_count, record_capacity;
} copier;
kf_status copier_init(copier *c, const kf_store *from, kf_store *to, kf_error *err);
void copier_finish(copier *c);
/* Copies all that the nodes added to c->bulk can reach. Once. */
kf_status copier_bulk(copier *c, const kf_store_watch *watch, kf_error *err);
/* Adds to c->records those from `newest` back to, not including, `until`. */
kf_status copier_gather(copier *c, kf_ref newest, kf_ref until, kf_error *err);
/* Copies what the records need and is not there yet, and the records; they are forgotten then. */
kf_status copier_replay(copier *c, kf_error *err);
/* Writes one commit of the old store to the new one, on `parent` of the new one. */
kf_status copier_commit(copier *c, kf_ref commit, kf_ref parent, kf_error *err);
kf_ref copier_translate(const copier *c, kf_ref ref); /* KF_REF_NONE if it is not there */

uint32_t kf_crc32c_soft(uint32_t crc, const void *bytes, size_t length);

#endif
