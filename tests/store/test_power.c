/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power loss, replayed: a disk in memory records what a store does to it. Then every prefix of the record is what the
 * disk may have been told when the power went, and of what was not synced any part may be there, sector by sector. From
 * each such state the store opens with at least what was reported safe, and is whole.
 *     test_power [STATES]      (default 600; KERF_SOAK: 10 000) */
#include <errno.h>

#include "scratch.h"
#include "store/file.h"

enum { SECTOR = 512, FILES = 4 };

typedef enum op_kind { OP_CREATE, OP_WRITE, OP_SYNC, OP_TRUNCATE, OP_RENAME, OP_FOLDER, OP_UNLINK, OP_SAFE } op_kind;

/* `file` counts the files that were created, in order. */
typedef struct op {
    op_kind kind;
    int file;
    uint64_t at, size;
    unsigned char *bytes;
    char from[32], to[32];    /* names without their folder */
    int64_t value;            /* OP_SAFE: reported safe from here on */
} op;

typedef struct recorder {
    kf_store_io io;
    pthread_mutex_t mutex;
    op *ops;
    size_t count, capacity;
    int files, fds[FILES];
    char names[FILES][32];    /* as they are now */
    atomic_bool failing;      /* syncs fail */
} recorder;

static const char *name_in(const char *path)
{
    return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static op *record(recorder *r, op_kind kind, int fd)
{
    if (r->count == r->capacity) {
        r->capacity = r->capacity ? r->capacity * 2 : 256;
        r->ops = realloc(r->ops, r->capacity * sizeof *r->ops);
    }
    op *o = &r->ops[r->count++];
    *o = (op){.kind = kind, .file = -1};
    for (int i = 0; i < r->files; i++) {
        o->file = r->fds[i] == fd ? i : o->file;
    }
    return o;
}

static int record_open(void *ctx, const char *path, int flags)
{
    recorder *r = ctx;
    int fd = store_system_io.open(NULL, path, flags);
    pthread_mutex_lock(&r->mutex);
    for (int i = 0; fd >= 0 && !(flags & O_CREAT) && i < r->files; i++) {
        r->fds[i] = strcmp(r->names[i], name_in(path)) == 0 ? fd : r->fds[i];
    }
    if (fd >= 0 && (flags & O_CREAT) && r->files < FILES) {
        snprintf(r->names[r->files], sizeof r->names[0], "%s", name_in(path));
        r->fds[r->files++] = fd;
        snprintf(record(r, OP_CREATE, fd)->to, 32, "%s", name_in(path));
    }
    pthread_mutex_unlock(&r->mutex);
    return fd;
}

static int record_close(void *ctx, int fd)
{
    recorder *r = ctx;
    for (int i = 0; i < r->files; i++) {
        r->fds[i] = r->fds[i] == fd ? -1 : r->fds[i];
    }
    return store_system_io.close(NULL, fd);
}

static int64_t record_size(void *ctx, int fd)
{
    return store_system_io.size(NULL, fd);
}

static ssize_t record_pread(void *ctx, int fd, void *bytes, size_t size, uint64_t at)
{
    return store_system_io.pread(NULL, fd, bytes, size, at);
}

static ssize_t record_pwrite(void *ctx, int fd, const void *bytes, size_t size, uint64_t at)
{
    recorder *r = ctx;
    pthread_mutex_lock(&r->mutex);
    op *o = record(r, OP_WRITE, fd);
    o->at = at;
    o->size = size;
    o->bytes = malloc(size);
    memcpy(o->bytes, bytes, size);
    pthread_mutex_unlock(&r->mutex);
    return store_system_io.pwrite(NULL, fd, bytes, size, at);
}

/* Recorded once it is done: until then nothing is promised. Real syncs would only take time. */
static int record_sync(void *ctx, int fd)
{
    recorder *r = ctx;
    if (atomic_load(&r->failing)) {
        errno = EIO;
        return -1;
    }
    pthread_mutex_lock(&r->mutex);
    record(r, OP_SYNC, fd);
    pthread_mutex_unlock(&r->mutex);
    return 0;
}

static int record_sync_folder(void *ctx, const char *path)
{
    recorder *r = ctx;
    pthread_mutex_lock(&r->mutex);
    record(r, OP_FOLDER, -1);
    pthread_mutex_unlock(&r->mutex);
    return 0;
}

static int record_truncate(void *ctx, int fd, uint64_t size)
{
    recorder *r = ctx;
    pthread_mutex_lock(&r->mutex);
    record(r, OP_TRUNCATE, fd)->size = size;
    pthread_mutex_unlock(&r->mutex);
    return store_system_io.truncate(NULL, fd, size);
}

static int record_rename(void *ctx, const char *from, const char *to)
{
    recorder *r = ctx;
    pthread_mutex_lock(&r->mutex);
    op *o = record(r, OP_RENAME, -1);
    snprintf(o->from, sizeof o->from, "%s", name_in(from));
    snprintf(o->to, sizeof o->to, "%s", name_in(to));
    for (int i = 0; i < r->files; i++) {
        bool moved = strcmp(r->names[i], o->from) == 0, gone = strcmp(r->names[i], o->to) == 0;
        if (moved || gone) {
            snprintf(r->names[i], sizeof r->names[i], "%s", moved ? o->to : "");
        }
    }
    pthread_mutex_unlock(&r->mutex);
    return store_system_io.rename(NULL, from, to);
}

static int record_unlink(void *ctx, const char *path)
{
    return store_system_io.unlink(NULL, path);
}

static int record_map(void *ctx, int fd, void *place, size_t size, uint64_t at)
{
    return store_system_io.map(NULL, fd, place, size, at);
}

static void record_safe(recorder *r, int64_t value)
{
    pthread_mutex_lock(&r->mutex);
    record(r, OP_SAFE, -1)->value = value;
    pthread_mutex_unlock(&r->mutex);
}

/* --- a life --- */

static bool sync_and_tell(recorder *r, kf_store *store, int64_t value)
{
    bool good = kf_store_sync(store, NULL) == KF_OK;
    if (good) {
        record_safe(r, value);
    }
    return good;
}

static bool write_some(recorder *r, kf_store *store, int64_t *value, int commits)
{
    static char block[3000];
    for (int i = 0; i < commits; i++) {
        kf_ref out;
        memset(block, (int)*value + 1, sizeof block);
        kf_node_desc desc = {.kind = 30, .payload = block, .payload_size = (size_t)(*value * 379 % 3000)};
        if (kf_store_append(store, &desc, &out, NULL) != KF_OK || commit_value(store, ++*value) == KF_REF_NONE) {
            return false;
        }
        if (*value % 7 == 0) {
            usleep(1500); /* a flush by itself, now and then */
        }
    }
    return *value % 2 ? sync_and_tell(r, store, *value) : kf_store_mark_saved(store, NULL) == KF_OK;
}

/* The program ends when some of its records were written and not synced, and another opens the file. */
static kf_store *end_and_open_again(recorder *r, kf_store *store, const kf_store_params *params, int64_t *value)
{
    atomic_store(&r->failing, true);
    write_some(r, store, value, 4);
    kf_store_sync(store, NULL);
    flush_abandon(store);
    char path[300];
    snprintf(path, sizeof path, "%s", kf_store_path(store));
    kf_store_unref(store);
    atomic_store(&r->failing, false);
    store = open_or_fail(path, params);
    if (store) {
        *value = head_value(store);
        sync_and_tell(r, store, *value);
    }
    return store;
}

static bool live(recorder *r, const char *path)
{
    kf_store_params params = {.io = &r->io, .flush_ms = 1};
    kf_store *store = create_or_fail(path, &params), *fresh = NULL;
    int64_t value = 0;
    bool good = store != NULL;
    for (int i = 0; good && i < 12; i++) {
        good = write_some(r, store, &value, 1 + i % 5);
    }
    for (int i = 0; good && i < 3; i++) {
        store = end_and_open_again(r, store, &params, &value);
        good = store && write_some(r, store, &value, 2);
    }
    kf_compact *c = NULL;
    kf_compact_params how = {.keep_history = true, .store = &params};
    good = good && kf_compact_begin(store, &how, &c, NULL) == KF_OK && kf_compact_run(c, NULL) == KF_OK &&
           write_some(r, store, &value, 3) && kf_compact_finish(c, &fresh, NULL) == KF_OK;
    kf_compact_destroy(c);
    kf_store_unref(store);
    for (int i = 0; good && i < 6; i++) {
        good = write_some(r, fresh, &value, 1 + i % 3);
    }
    kf_store_unref(fresh);
    return good;
}

/* --- the disk after the power went --- */

typedef struct image {
    unsigned char *bytes;
    uint64_t size;
} image;

typedef struct disk {
    image files[FILES];
    char names[FILES][32];    /* "" while it has none on disk */
    int64_t safe;
    uint64_t random;
} disk;

static uint32_t roll(disk *d, uint32_t n)
{
    d->random = d->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(d->random >> 33) % n;
}

static void put(image *file, uint64_t at, const unsigned char *bytes, uint64_t size)
{
    if (at + size > file->size) {
        file->bytes = realloc(file->bytes, at + size);
        memset(file->bytes + file->size, 0, at + size - file->size);
        file->size = at + size;
    }
    memcpy(file->bytes + at, bytes, size);
}

static void apply_write(disk *d, const op *o, bool whole)
{
    for (uint64_t done = 0; done < o->size;) {
        uint64_t sector_end = (o->at + done) / SECTOR * SECTOR + SECTOR;
        uint64_t n = sector_end < o->at + o->size ? sector_end - o->at - done : o->size - done;
        if (whole || roll(d, 2)) {
            put(&d->files[o->file], o->at + done, o->bytes + done, n);
        }
        done += n;
    }
}

static void apply_rename(disk *d, const op *o)
{
    int moved = -1;
    for (int i = 0; i < FILES; i++) {
        moved = strcmp(d->names[i], o->from) == 0 ? i : moved;
    }
    for (int i = 0; moved >= 0 && i < FILES; i++) {
        if (strcmp(d->names[i], o->to) == 0) {
            d->names[i][0] = '\0';
        }
    }
    if (moved >= 0) {
        snprintf(d->names[moved], sizeof d->names[moved], "%s", o->to);
    }
}

static void apply(disk *d, const op *o, bool whole)
{
    switch (o->kind) {
    case OP_CREATE:
        snprintf(d->names[o->file], sizeof d->names[o->file], "%s", o->to);
        break;
    case OP_WRITE:
        apply_write(d, o, whole);
        break;
    case OP_TRUNCATE:
        d->files[o->file].size = o->size < d->files[o->file].size ? o->size : d->files[o->file].size;
        break;
    case OP_RENAME:
        apply_rename(d, o);
        break;
    case OP_SAFE:
        d->safe = o->value;
        break;
    default:
        break;
    }
}

/* Whether an operation was made durable by one after it, before `end`. */
static bool is_durable(const recorder *r, size_t i, size_t end)
{
    const op *o = &r->ops[i];
    bool name = o->kind == OP_CREATE || o->kind == OP_RENAME;
    for (size_t k = i + 1; k < end; k++) {
        if (name ? r->ops[k].kind == OP_FOLDER : r->ops[k].kind == OP_SYNC && r->ops[k].file == o->file) {
            return true;
        }
    }
    return o->kind == OP_SAFE;
}

/* What was not synced: there or not, torn, and in any order. Names change in order: a journal sees to that. */
static void replay(const recorder *r, size_t end, disk *d)
{
    size_t loose[4096], count = 0;
    bool names_go_on = true;
    for (size_t i = 0; i < end; i++) {
        op_kind kind = r->ops[i].kind;
        if (is_durable(r, i, end)) {
            apply(d, &r->ops[i], true);
        } else if (kind == OP_CREATE || kind == OP_RENAME) {
            names_go_on = names_go_on && roll(d, 2);
            if (names_go_on) {
                apply(d, &r->ops[i], true);
            }
        } else if (count < 4096) {
            loose[count++] = i;
        }
    }
    while (count > 0) {
        size_t pick = roll(d, (uint32_t)count);
        if (roll(d, 4)) {
            apply(d, &r->ops[loose[pick]], roll(d, 2));
        }
        loose[pick] = loose[--count];
    }
}

static const image *file_called(const disk *d, const char *name)
{
    for (int i = 0; i < FILES; i++) {
        if (strcmp(d->names[i], name) == 0) {
            return &d->files[i];
        }
    }
    return NULL;
}

static bool state_is_good(const disk *d, const char *name, kf_error *err)
{
    const image *file = file_called(d, name);
    kf_store *store = NULL;
    if (!file || kf_store_open_memory(file->bytes, file->size, NULL, &store, err) != KF_OK) {
        return d->safe == 0; /* nothing was promised yet */
    }
    int64_t value = kf_store_head(store) == KF_REF_NONE ? 0 : head_value(store);
    bool good = value >= d->safe && history_is_whole(store, value) && kf_store_verify(store, NULL, err) == KF_OK &&
                !kf_store_damage(store, err);
    if (good) {
        commit_value(store, value + 1);
        good = history_is_whole(store, value + 1) && kf_store_verify(store, NULL, err) == KF_OK;
    }
    kf_store_unref(store);
    return good;
}

static bool try_state(const recorder *r, const char *name, size_t end, uint64_t seed)
{
    disk d = {.random = seed};
    kf_error err = {0};
    replay(r, end, &d);
    bool good = state_is_good(&d, name, &err);
    CHECK_MSG(good, "after %zu of %zu operations, seed %llu, safe %d: %s", end, r->count, (unsigned long long)seed,
              (int)d.safe, err.message);
    for (int i = 0; i < FILES; i++) {
        free(d.files[i].bytes);
    }
    return good;
}

static int states = 600;

TEST(every_prefix_opens)
{
    recorder r = {.io = {.open = record_open,
                         .close = record_close,
                         .size = record_size,
                         .pread = record_pread,
                         .pwrite = record_pwrite,
                         .sync = record_sync,
                         .sync_folder = record_sync_folder,
                         .truncate = record_truncate,
                         .rename = record_rename,
                         .unlink = record_unlink,
                         .map = record_map},
                  .mutex = PTHREAD_MUTEX_INITIALIZER};
    r.io.ctx = &r;
    const char *path = scratch("power.kerf");
    CHECK(live(&r, path));
    int tried = 0, bad = 0;
    for (int round = 0; tried < states && bad < 5; round++) {
        for (size_t end = 0; end <= r.count && tried < states && bad < 5; end++, tried++) {
            bad += !try_state(&r, "power.kerf", end, (uint64_t)tried * 7919 + 1);
        }
    }
    printf("# %d states of %zu operations\n", tried, r.count);
    CHECK(r.count > 60);
    CHECK_INT(bad, 0);
    for (size_t i = 0; i < r.count; i++) {
        free(r.ops[i].bytes);
    }
    free(r.ops);
}

int main(int argc, char **argv)
{
    if (!scratch_make()) {
        return 1;
    }
    states = argc > 1 ? atoi(argv[1]) : getenv("KERF_SOAK") ? 10000 : states;
    RUN(every_prefix_opens);
    scratch_remove();
    return test_end();
}
