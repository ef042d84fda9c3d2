/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk that fails: each call in turn with each error, all of them for a while, and an fsync that drops what it could
 * not write. Nothing that was committed is lost while the store lives, nor what was reported safe afterwards. */
#include <errno.h>
#include <pthread.h>

#include "base/api/thread.h"
#include "scratch.h"
#include "store/io.h"

typedef enum fault { FAULT_EIO, FAULT_ENOSPC, FAULT_SHORT, FAULT_COUNT } fault;

/* Called by the writer and by the flush thread. */
typedef struct faulty {
    kf_store_io io;
    atomic_int calls, failed;
    int fail_at;              /* this call (1: the first) fails; 0: none */
    atomic_bool fail_writes, fail_syncs;
    fault how;
    struct dirty {
        int fd;
        uint64_t at;
        size_t size;
        unsigned char *before;
    } dirty[64];              /* written since the last sync */
    int dirty_count;
    pthread_mutex_t mutex;
} faulty;

static bool fails(faulty *f)
{
    bool now = atomic_fetch_add(&f->calls, 1) + 1 == f->fail_at;
    atomic_fetch_add(&f->failed, now);
    errno = f->how == FAULT_EIO ? EIO : ENOSPC;
    return now;
}

/* The kernel may throw away pages that it failed to write: the disk holds what it held before. */
static void settle_dirty(faulty *f, int fd, bool drop)
{
    pthread_mutex_lock(&f->mutex);
    for (int i = f->dirty_count; i-- > 0;) {
        struct dirty *d = &f->dirty[i];
        if (d->fd == fd) {
            if (drop) {
                store_system_io.pwrite(NULL, fd, d->before, d->size, d->at);
            }
            free(d->before);
            *d = f->dirty[--f->dirty_count];
        }
    }
    pthread_mutex_unlock(&f->mutex);
}

static void note_dirty(faulty *f, int fd, uint64_t at, size_t size)
{
    pthread_mutex_lock(&f->mutex);
    if (f->dirty_count < 64) {
        struct dirty *d = &f->dirty[f->dirty_count++];
        *d = (struct dirty){fd, at, size, calloc(1, size)};
        store_system_io.pread(NULL, fd, d->before, size, at);
    }
    pthread_mutex_unlock(&f->mutex);
}

static int faulty_open(void *ctx, const char *path, int flags)
{
    return fails(ctx) ? -1 : store_system_io.open(NULL, path, flags);
}

static int faulty_close(void *ctx, int fd)
{
    settle_dirty(ctx, fd, false);
    return store_system_io.close(NULL, fd);
}

static int64_t faulty_size(void *ctx, int fd)
{
    return fails(ctx) ? -1 : store_system_io.size(NULL, fd);
}

static ssize_t faulty_pread(void *ctx, int fd, void *bytes, size_t size, uint64_t at)
{
    return fails(ctx) ? -1 : store_system_io.pread(NULL, fd, bytes, size, at);
}

static ssize_t faulty_pwrite(void *ctx, int fd, const void *bytes, size_t size, uint64_t at)
{
    faulty *f = ctx;
    bool now = fails(f) || atomic_load(&f->fail_writes);
    if (now && f->how != FAULT_SHORT) {
        return -1;
    }
    note_dirty(f, fd, at, size);
    return store_system_io.pwrite(NULL, fd, bytes, now && size > 1 ? size / 2 : size, at);
}

static int faulty_sync(void *ctx, int fd)
{
    faulty *f = ctx;
    bool bad = fails(f) || atomic_load(&f->fail_syncs);
    settle_dirty(f, fd, bad);
    errno = EIO;
    return bad ? -1 : store_system_io.sync(NULL, fd);
}

static int faulty_sync_folder(void *ctx, const char *path)
{
    return fails(ctx) ? -1 : store_system_io.sync_folder(NULL, path);
}

static int faulty_truncate(void *ctx, int fd, uint64_t size)
{
    return fails(ctx) ? -1 : store_system_io.truncate(NULL, fd, size);
}

static int faulty_rename(void *ctx, const char *from, const char *to)
{
    return fails(ctx) ? -1 : store_system_io.rename(NULL, from, to);
}

static int faulty_unlink(void *ctx, const char *path)
{
    return store_system_io.unlink(NULL, path);
}

static int faulty_map(void *ctx, int fd, void *place, size_t size, uint64_t at)
{
    return fails(ctx) ? -1 : store_system_io.map(NULL, fd, place, size, at);
}

static faulty make_faulty(int fail_at, fault how)
{
    return (faulty){.io = {.open = faulty_open,
                           .close = faulty_close,
                           .size = faulty_size,
                           .pread = faulty_pread,
                           .pwrite = faulty_pwrite,
                           .sync = faulty_sync,
                           .sync_folder = faulty_sync_folder,
                           .truncate = faulty_truncate,
                           .rename = faulty_rename,
                           .unlink = faulty_unlink,
                           .map = faulty_map},
                    .fail_at = fail_at,
                    .how = how,
                    .mutex = PTHREAD_MUTEX_INITIALIZER};
}

/* Waits until all is on disk; a single fault may fail the first attempt. */
static void sync_at_last(kf_store *store)
{
    kf_error err = {0};
    if (kf_store_sync(store, &err) != KF_OK) {
        CHECK(err.message[0] != '\0');
        CHECK_MSG(kf_store_sync(store, &err) == KF_OK, "%s", err.message);
    }
}

static kf_store *compact_at_last(kf_store *store, const kf_store_params *params)
{
    kf_store *fresh = NULL;
    for (int tries = 0; tries < 2 && !fresh; tries++) {
        kf_compact *c = NULL;
        kf_error err = {0};
        kf_compact_params how = {.keep_history = true, .store = params};
        kf_status status = kf_compact_begin(store, &how, &c, &err);
        status = status == KF_OK ? kf_compact_run(c, &err) : status;
        status = status == KF_OK ? kf_compact_finish(c, &fresh, &err) : status;
        CHECK((status == KF_OK) == (fresh != NULL) && (status == KF_OK || err.message[0]));
        kf_compact_destroy(c);
    }
    CHECK(fresh != NULL);
    return fresh;
}

static kf_store *open_at_last(const char *path, const kf_store_params *params, bool create)
{
    kf_store *store = NULL;
    for (int tries = 0; tries < 2 && !store; tries++) {
        kf_error err = {0};
        kf_status status = create ? kf_store_create_file(path, params, &store, &err)
                                  : kf_store_open_file(path, params, &store, &err);
        CHECK((status == KF_OK) == (store != NULL) && (status == KF_OK || err.message[0]));
    }
    CHECK(store != NULL);
    return store;
}

/* A life with one fault in it; gives the number of calls. */
static int live_with(int fail_at, fault how)
{
    faulty f = make_faulty(fail_at, how);
    f.io.ctx = &f;
    kf_store_params params = {.io = &f.io, .flush_ms = 1000};
    const char *path = scratch("life.kerf");
    kf_store *store = open_at_last(path, &params, true);
    if (!store) {
        return 0;
    }
    for (int i = 1; i <= 3; i++) {
        commit_value(store, i);
        sync_at_last(store);
    }
    kf_store_unref(store);
    store = open_at_last(path, &params, false);
    if (!store) {
        return 0;
    }
    commit_value(store, 4);
    CHECK(kf_store_save(store, NULL) == KF_OK || kf_store_save(store, NULL) == KF_OK);
    kf_store *fresh = compact_at_last(store, &params);
    kf_store_unref(store);
    if (!fresh) {
        return 0;
    }
    commit_value(fresh, 5);
    sync_at_last(fresh);
    CHECK(history_is_whole(fresh, 5));
    CHECK(!kf_store_damage(fresh, NULL));
    kf_store_flush_info info;
    kf_store_flush_state(fresh, &info);
    CHECK(!info.failing && info.behind == 0 && info.error.status == KF_OK);
    kf_store_unref(fresh);
    store = open_or_fail(path, NULL);
    CHECK(store && history_is_whole(store, 5));
    CHECK_INT(store ? kf_store_verify(store, NULL, NULL) : -1, KF_OK);
    CHECK_INT(store ? value_of(store, kf_store_saved(store)) : -1, 4);
    kf_store_unref(store);
    CHECK(!file_exists(scratch("life.kerf.compacting")) && !file_exists(scratch("life.kerf.lock")));
    unlink(path);
    return atomic_load(&f.calls);
}

TEST(each_call_fails_once)
{
    int calls = live_with(0, FAULT_EIO), runs = 0;
    CHECK(calls > 30 && calls < 200);
    for (int how = 0; how < FAULT_COUNT; how++) {
        for (int at = 1; at <= calls && test_failed_now == 0; at++, runs++) {
            live_with(at, how);
            if (test_failed_now) {
                printf("# when call %d of %d failed in way %d\n", at, calls, how);
            }
        }
    }
    printf("# %d calls, %d lives\n", calls, runs);
}

TEST(a_full_disk_loses_nothing)
{
    for (int how = 0; how < FAULT_COUNT; how++) {
        faulty f = make_faulty(0, how);
        f.io.ctx = &f;
        kf_store_params params = {.io = &f.io, .flush_ms = 1};
        const char *path = scratch("full.kerf");
        kf_store *store = create_or_fail(path, &params);
        REQUIRE(store);
        commit_value(store, 1);
        CHECK_INT(kf_store_sync(store, NULL), KF_OK);
        atomic_store(how == FAULT_SHORT ? &f.fail_syncs : &f.fail_writes, true);
        for (int i = 2; i <= 500; i++) {
            commit_value(store, i);
        }
        kf_error err = {0};
        CHECK_INT(kf_store_sync(store, &err), how == FAULT_ENOSPC ? KF_ERR_NO_SPACE : KF_ERR_IO);
        CHECK_MSG(strstr(err.message, "full.kerf") && strstr(err.message, "goes on trying"), "%s", err.message);
        kf_store_flush_info info;
        kf_store_flush_state(store, &info);
        CHECK(info.failing && info.failures > 0 && info.behind > 0 && info.error.status == err.status);
        CHECK(history_is_whole(store, 500));
        atomic_store(&f.fail_writes, false);
        atomic_store(&f.fail_syncs, false);
        int64_t until = kf_clock_ns() + INT64_C(10000000000);
        while (info.failing && kf_clock_ns() < until) { /* by itself */
            usleep(1000);
            kf_store_flush_state(store, &info);
        }
        CHECK(!info.failing && info.behind == 0);
        kf_store_unref(store);
        store = open_or_fail(path, NULL);
        REQUIRE(store);
        CHECK(history_is_whole(store, 500));
        kf_store_unref(store);
    }
}

/* Nobody waits for the disk but those who ask. */
TEST(a_store_ends_though_the_disk_fails)
{
    faulty f = make_faulty(0, FAULT_EIO);
    f.io.ctx = &f;
    kf_store_params params = {.io = &f.io, .flush_ms = 1000};
    kf_store *store = create_or_fail(scratch("end.kerf"), &params);
    REQUIRE(store);
    commit_value(store, 1);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    atomic_store(&f.fail_writes, true);
    commit_value(store, 2);
    int64_t start = kf_clock_ns();
    kf_store_unref(store);
    CHECK(kf_clock_ns() - start < INT64_C(5000000000));
    store = open_or_fail(scratch("end.kerf"), NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), tails_are_kept() ? 2 : 1);
    kf_store_unref(store);
}

int main(void)
{
    if (!scratch_make()) {
        return 1;
    }
    RUN(each_call_fails_once);
    RUN(a_full_disk_loses_nothing);
    RUN(a_store_ends_though_the_disk_fails);
    scratch_remove();
    return test_end();
}
