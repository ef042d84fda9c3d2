/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the store room: a store on a file. */
#ifndef KF_STORE_FILE_H
#define KF_STORE_FILE_H

#include <pthread.h>

#include "store/io.h"
#include "store/private.h"

/* The lock beside a file; fd -1: none is held. */
typedef struct file_lock {
    char *path;
    int fd;
} file_lock;
/* Takes PATH.lock or says who has it. */
kf_status lock_take(file_lock *lock, const char *path, kf_error *err);
void lock_drop(file_lock *lock);

/* What the writer hands to the flush thread. All under the mutex but for the thread's own. */
typedef struct flusher {
    pthread_t thread;
    bool running;
    pthread_mutex_t mutex;
    pthread_cond_t wake, done;
    int64_t pause_ns;         /* fixed; how long commits gather */
    log_state wanted;         /* the newest record */
    uint64_t wanted_bytes;    /* to be written: wanted.end, or beyond it while a compaction fills the file */
    uint64_t durable_bytes;   /* on disk */
    bool scheduled;           /* the thread knows that there is something to do */
    bool hurry, stop, abandoned;
    uint64_t attempts, failed_attempt;
    int failures;             /* in a row */
    kf_error error;
    /* the thread's own */
    uint64_t written;         /* bytes given to pwrite since the last success of fdatasync */
    uint64_t generation;      /* of the newest superblock */
} flusher;

typedef struct store_file {
    const kf_store_io *io;
    char *path;               /* resolved */
    int fd;
    file_lock lock;
    uint64_t mapped;          /* the front of the address space shows the file up to here; the thread's own */
    atomic_bool folder_stale; /* the name is not on disk for sure */
    int guard;                /* slot in the guard, -1: none */
    char tail_name[64];       /* while nodes.fd is open */
    flusher flush;
} store_file;

/* Mappings begin and end at multiples of this; any page size divides it. */
enum { MAP_STEP = 64 << 10, MAP_LEAST = 1 << 20 };
static inline uint64_t map_floor(uint64_t n)
{
    return n / MAP_STEP * MAP_STEP;
}
static inline uint64_t map_ceil(uint64_t n)
{
    return map_floor(n + MAP_STEP - 1);
}

/* --- file.c --- */

/* A new store whose name will be `path` (taken, freed on failure too) and which lies at `place` for now, not locked. */
kf_status file_create(char *path, const char *place, const kf_store_params *params, kf_store **out, kf_error *err);
/* The bytes of a file as a read-only store, whatever they are: all of it counts as used, and there is no head. */
kf_status file_open_raw(const char *path, kf_store **out, kf_error *err);
/* The path with links followed, also if nothing is there yet; NULL with errno. kf_free. */
char *file_resolve(const char *path);

/* --- compact.c --- */

/* Where the successor of the file at `path` is built; NULL: out of memory. kf_free. */
char *compact_place(const char *path);
/* Removes what a crash left there: it is in nobody's use, as the caller holds the lock. */
void compact_clean(const kf_store_io *io, const char *place);

/* --- flush.c --- */

/* Starts the thread. `durable` bytes are on disk for sure, `written` were given to the system. */
kf_status flush_start(kf_store *store, uint64_t durable, uint64_t written, uint64_t generation, int pause_ms,
                      kf_error *err);
/* Writes what is left, in one attempt, and ends the thread; false if that failed. */
bool flush_stop(kf_store *store);
/* Nothing more is to be written: another file has taken the place of this one. */
void flush_abandon(kf_store *store);

/* --- tail.c: what is not on disk yet, in memory that outlives the process --- */

enum { TAIL_SHIFT = 64 << 10 };  /* where the project's byte 0 would be in the tail's file */
/* Before the first growth of a writer's nodes: has them grow in a tail if one can be had. Gives up to where an earlier
 * process left bytes of this file in it, 0 if none did. generation 0: the file is new. */
uint64_t tail_open(kf_store *store, uint64_t generation);
/* A superblock is on its way, and [from, to) is read from the file from now on. */
void tail_flushed(kf_store *store, uint64_t generation, uint64_t from, uint64_t to);
/* Its content is of no use to a later process; the memory stays until tail_close. */
void tail_forget(kf_store *store);
/* `needed`: it holds what could not be written, for the next process. */
void tail_close(kf_store *store, bool needed);
/* Removes the tail of a file that is going to be removed. */
void tail_discard(const char *path);

/* --- guard.c: what happens when a mapped file is cut short --- */

/* Reads of [base, base + size) that the file cannot serve give zeros from now on, and damage is noted. -1 if too many
 * files are open. */
int guard_add(kf_store *store);
void guard_remove(int slot);

#endif
