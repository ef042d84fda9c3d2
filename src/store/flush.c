/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread that brings records to the disk. Order of a flush: the bytes, fdatasync, then a superblock that tells of
 * them; so no superblock promises what is not there, and a lost one costs a walk. After an error everything since the
 * last success is written again: a failed fdatasync may have dropped what it was to write. */
#include "store/file.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/api/thread.h"

static const int64_t RETRY_MOST_NS = INT64_C(2000000000);

static bool fail(const store_file *f, const char *what, kf_error *err)
{
    kf_fail_errno(err, errno, "%s: %s failed; nothing is lost while the program runs, and it goes on trying", f->path,
                  what);
    return false;
}

static bool write_superblock(store_file *f, const log_state *state)
{
    flusher *flush = &f->flush;
    superblock block = {.generation = flush->generation + 1, .state = *state};
    superblock_seal(&block);
    if (!io_write(f->io, f->fd, &block, sizeof block, superblock_place(block.generation))) {
        return false;
    }
    flush->generation++;
    return true;
}

/* Memory that is on disk gives way to a mapping of the file. */
static void map_written(kf_store *store, uint64_t durable)
{
    store_file *f = store->file;
    uint64_t from = f->mapped, to = map_floor(durable);
    if (to >= from + MAP_LEAST &&
        f->io->map(f->io->ctx, f->fd, store->nodes.base + from, (size_t)(to - from), from) == 0) {
        f->mapped = to;
    }
    tail_flushed(store, f->flush.generation, from, f->mapped);
}

/* Somebody cut the file: what was below its new end is all that is left of it. */
static void check_size(const kf_store *store, uint64_t durable)
{
    int64_t size = store->file->io->size(store->file->io->ctx, store->file->fd);
    if (size >= 0 && (uint64_t)size < durable) {
        store_note_damage(store, (uint64_t)size, DAMAGE_CUT);
    }
}

static bool bring_to_disk(kf_store *store, const log_state *state, uint64_t bytes, kf_error *err)
{
    store_file *f = store->file;
    flusher *flush = &f->flush;
    if (bytes > flush->written) {
        if (!io_write(f->io, f->fd, store->nodes.base + flush->written, bytes - flush->written, flush->written)) {
            return fail(f, "writing", err);
        }
        flush->written = bytes;
    }
    if (f->io->sync(f->io->ctx, f->fd) != 0) {
        return fail(f, "writing to the disk", err);
    }
    if (atomic_load(&f->folder_stale)) {
        if (f->io->sync_folder(f->io->ctx, f->path) != 0) {
            return fail(f, "writing the folder", err);
        }
        atomic_store(&f->folder_stale, false);
    }
    return write_superblock(f, state) || fail(f, "writing the header", err);
}

/* Under the mutex, which is let go of while the disk works. */
static void attempt(kf_store *store)
{
    flusher *flush = &store->file->flush;
    log_state state = flush->wanted;
    uint64_t bytes = flush->wanted_bytes, durable = flush->durable_bytes, number = ++flush->attempts;
    kf_error error = {0};
    flush->scheduled = flush->hurry = false;
    pthread_mutex_unlock(&flush->mutex);
    check_size(store, durable);
    bool good = bring_to_disk(store, &state, bytes, &error);
    if (good) {
        map_written(store, bytes);
    } else {
        flush->written = durable;
    }
    pthread_mutex_lock(&flush->mutex);
    flush->error = error;
    if (good) {
        flush->durable_bytes = bytes;
        flush->failures = 0;
    } else {
        flush->failures++;
        flush->failed_attempt = number;
        flush->scheduled = true;
    }
    pthread_cond_broadcast(&flush->done);
}

/* Lets commits gather; after failures longer each time. */
static void gather(flusher *flush)
{
    int64_t pause = flush->pause_ns << (flush->failures < 8 ? flush->failures : 8);
    int64_t until = kf_clock_ns() + (flush->failures && pause > RETRY_MOST_NS ? RETRY_MOST_NS : pause);
    struct timespec at = {until / 1000000000, until % 1000000000};
    while (!flush->hurry && !flush->stop && kf_clock_ns() < until) {
        pthread_cond_timedwait(&flush->wake, &flush->mutex, &at);
    }
}

static void *flush_main(void *arg)
{
    kf_store *store = arg;
    flusher *flush = &store->file->flush;
    pthread_mutex_lock(&flush->mutex);
    for (;;) {
        while ((!flush->scheduled || flush->abandoned) && !flush->stop) {
            pthread_cond_wait(&flush->wake, &flush->mutex);
        }
        if (!flush->scheduled || flush->abandoned) {
            break;
        }
        gather(flush);
        bool last = flush->stop;
        attempt(store);
        if (last) {
            break;
        }
    }
    pthread_mutex_unlock(&flush->mutex);
    return NULL;
}

static void init_waiting(flusher *flush)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&flush->mutex, NULL);
    pthread_cond_init(&flush->wake, &monotonic);
    pthread_cond_init(&flush->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static void finish_waiting(flusher *flush)
{
    pthread_cond_destroy(&flush->done);
    pthread_cond_destroy(&flush->wake);
    pthread_mutex_destroy(&flush->mutex);
}

kf_status flush_start(kf_store *store, uint64_t durable, uint64_t written, uint64_t generation, int pause_ms,
                      kf_error *err)
{
    flusher *flush = &store->file->flush;
    init_waiting(flush);
    flush->pause_ns = (int64_t)pause_ms * 1000000;
    flush->wanted = store_state(store);
    flush->wanted_bytes = flush->wanted.end;
    flush->durable_bytes = durable;
    flush->written = written;
    flush->generation = generation;
    flush->scheduled = durable < flush->wanted_bytes;
    kf_status status = kf_thread_start(&flush->thread, "kf-store", flush_main, store, err);
    flush->running = status == KF_OK;
    if (!flush->running) {
        finish_waiting(flush);
    }
    return status;
}

bool flush_stop(kf_store *store)
{
    flusher *flush = &store->file->flush;
    if (!flush->running) {
        return true;
    }
    pthread_mutex_lock(&flush->mutex);
    flush->stop = true;
    pthread_cond_signal(&flush->wake);
    pthread_mutex_unlock(&flush->mutex);
    pthread_join(flush->thread, NULL);
    flush->running = false;
    finish_waiting(flush);
    return flush->abandoned || flush->durable_bytes >= flush->wanted_bytes;
}

void flush_abandon(kf_store *store)
{
    flusher *flush = &store->file->flush;
    pthread_mutex_lock(&flush->mutex);
    flush->abandoned = true;
    flush->failures = 0;
    pthread_cond_broadcast(&flush->done);
    pthread_mutex_unlock(&flush->mutex);
}

static void schedule(flusher *flush, bool hurry)
{
    if (!flush->scheduled || (hurry && !flush->hurry)) {
        pthread_cond_signal(&flush->wake);
    }
    flush->scheduled = true;
    flush->hurry = flush->hurry || hurry;
}

void file_publish(kf_store *store)
{
    if (!store->file) {
        return;
    }
    flusher *flush = &store->file->flush;
    pthread_mutex_lock(&flush->mutex);
    flush->wanted = store_state(store);
    flush->wanted_bytes = flush->wanted.end;
    schedule(flush, false);
    pthread_mutex_unlock(&flush->mutex);
}

void file_publish_part(kf_store *store)
{
    if (!store->file) {
        return;
    }
    flusher *flush = &store->file->flush;
    pthread_mutex_lock(&flush->mutex);
    flush->wanted_bytes = kf_store_bytes(store);
    schedule(flush, true);
    pthread_mutex_unlock(&flush->mutex);
}

/* Done, or an attempt that began after `since` failed. */
static bool is_settled(const store_file *f, uint64_t bytes, uint64_t since)
{
    bool done = f->flush.durable_bytes >= bytes && !atomic_load(&((store_file *)f)->folder_stale);
    return done || f->flush.failed_attempt > since || f->flush.abandoned;
}

kf_status kf_store_sync(kf_store *store, kf_error *err)
{
    if (!store->file || !store->file->flush.running) {
        return KF_OK;
    }
    flusher *flush = &store->file->flush;
    pthread_mutex_lock(&flush->mutex);
    uint64_t bytes = flush->wanted_bytes, since = flush->attempts;
    while (!is_settled(store->file, bytes, since)) {
        schedule(flush, true);
        pthread_cond_wait(&flush->done, &flush->mutex);
    }
    kf_status status = KF_OK;
    if (!flush->abandoned && (flush->durable_bytes < bytes || atomic_load(&store->file->folder_stale))) {
        status = flush->error.status ? flush->error.status : KF_ERR_IO;
        if (err) {
            *err = flush->error;
        }
    }
    pthread_mutex_unlock(&flush->mutex);
    return status;
}

void kf_store_flush_state(const kf_store *store, kf_store_flush_info *out)
{
    *out = (kf_store_flush_info){0};
    if (!store->file || !store->file->flush.running) {
        return;
    }
    flusher *flush = &store->file->flush;
    pthread_mutex_lock(&flush->mutex);
    out->behind = flush->abandoned ? 0 : flush->wanted_bytes - flush->durable_bytes;
    out->failing = flush->failures > 0;
    out->failures = flush->failures;
    out->error = flush->error;
    pthread_mutex_unlock(&flush->mutex);
}
