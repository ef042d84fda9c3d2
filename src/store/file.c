/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "base/api/str.h"

enum { FLUSH_MS = 100, FLUSH_MS_MOST = 1000 };

static int flush_ms(const kf_store_params *params)
{
    int ms = params ? params->flush_ms : 0;
    return ms <= 0 ? FLUSH_MS : ms > FLUSH_MS_MOST ? FLUSH_MS_MOST : ms;
}

/* Links are followed now, so that later replacements meet the file itself. NULL with errno. */
static char *resolve(const char *path)
{
    char *real = realpath(path, NULL);
    char *out = real ? kf_strdup(real) : NULL;
    if (real && !out) {
        errno = ENOMEM;
    }
    free(real);
    return out;
}

/* Of a file that is not there yet the folder is resolved. */
char *file_resolve(const char *path)
{
    char *there = resolve(path);
    if (there || errno != ENOENT) {
        return there;
    }
    char *folder = kf_path_folder(path), *real = folder ? resolve(folder) : NULL;
    char *out = folder ? kf_path_join(real ? real : folder, kf_path_name(path)) : NULL;
    kf_free(real);
    kf_free(folder);
    if (!out) {
        errno = ENOMEM;
    }
    return out;
}

/* An unopened file beside a new store; both go with file_close and store_free. */
static kf_status new_on_file(char *path, const kf_store_params *params, kf_store **out, kf_error *err)
{
    kf_store *store = NULL;
    store_file *f = path ? KF_NEW(store_file) : NULL;
    kf_status status = f ? store_new(params, &store, err) : kf_fail_memory(err);
    if (status != KF_OK) {
        kf_free(f);
        kf_free(path);
        return status;
    }
    f->io = params && params->io ? params->io : &store_system_io;
    f->path = path;
    f->fd = f->lock.fd = f->guard = -1;
    store->file = f;
    *out = store;
    return KF_OK;
}

void file_close(kf_store *store)
{
    store_file *f = store->file;
    if (!f) {
        return;
    }
    tail_close(store, !flush_stop(store));
    guard_remove(f->guard);
    if (f->fd >= 0) {
        f->io->close(f->io->ctx, f->fd);
    }
    lock_drop(&f->lock);
    kf_free(f->path);
    kf_free(f);
    store->file = NULL;
}

static void give_up(kf_store *store)
{
    file_close(store);
    store_free(store);
}

static kf_status open_fd(store_file *f, const char *place, int flags, kf_error *err)
{
    f->fd = f->io->open(f->io->ctx, place, flags);
    if (f->fd >= 0) {
        return KF_OK;
    }
    if (errno == EEXIST) {
        return kf_fail(err, KF_ERR_EXISTS, "%s is there already", f->path);
    }
    return kf_fail_errno(err, errno, "cannot open %s", f->path);
}

static kf_status add_guard(kf_store *store, kf_error *err)
{
    store->file->guard = guard_add(store);
    return store->file->guard >= 0 ? KF_OK : kf_fail(err, KF_ERR_MEMORY, "too many projects are open: close some");
}

/* --- create --- */

static kf_status write_first_page(kf_store *store, kf_error *err)
{
    store_file *f = store->file;
    superblock block = {.generation = 1, .state = {.end = KF_STORE_FIRST_NODE}};
    superblock_seal(&block);
    unsigned char page[KF_STORE_FIRST_NODE] = {0};
    store_write_header(page);
    memcpy(page + superblock_place(1), &block, sizeof block);
    memcpy(store->nodes.base, page, sizeof page);
    return io_write(f->io, f->fd, page, sizeof page, 0) ? KF_OK : kf_fail_errno(err, errno, "cannot write %s", f->path);
}

static kf_status fill_new(kf_store *store, const char *place, int pause_ms, kf_error *err)
{
    store_file *f = store->file;
    kf_status status = open_fd(f, place, O_RDWR | O_CREAT | O_EXCL, err);
    if (status != KF_OK) {
        return status;
    }
    tail_open(store, 0);
    if (!region_grow(&store->nodes, KF_STORE_FIRST_NODE) || !store_grow_starts(store, KF_STORE_FIRST_NODE)) {
        status = kf_fail_memory(err);
    }
    status = status == KF_OK ? add_guard(store, err) : status;
    status = status == KF_OK ? write_first_page(store, err) : status;
    if (status == KF_OK) {
        atomic_store(&f->folder_stale, true);
        status = flush_start(store, 0, 0, 1, pause_ms, err);
    }
    if (status != KF_OK) {
        f->io->unlink(f->io->ctx, place);
    }
    return status;
}

kf_status file_create(char *path, const char *place, const kf_store_params *params, kf_store **out, kf_error *err)
{
    kf_store_params writing = params ? *params : (kf_store_params){0};
    writing.read_only = false;
    kf_store *store;
    kf_status status = new_on_file(path, &writing, &store, err);
    if (status != KF_OK) {
        return status;
    }
    status = fill_new(store, place, flush_ms(params), err);
    if (status != KF_OK) {
        give_up(store);
        return status;
    }
    *out = store;
    return KF_OK;
}

kf_status kf_store_create_file(const char *path, const kf_store_params *params, kf_store **out, kf_error *err)
{
    char *real = file_resolve(path);
    if (!real) {
        return kf_fail_errno(err, errno, "cannot create %s", path);
    }
    file_lock lock;
    kf_status status = lock_take(&lock, real, err);
    if (status != KF_OK) {
        kf_free(real);
        return status;
    }
    status = file_create(real, real, params, out, err);
    if (status != KF_OK) {
        lock_drop(&lock);
        return status;
    }
    (*out)->file->lock = lock;
    return KF_OK;
}

/* --- open --- */

/* Shows the file up to `size` to readers. */
static kf_status map_file(kf_store *store, uint64_t size, kf_error *err)
{
    store_file *f = store->file;
    uint64_t to = map_ceil(size);
    if (to > store->nodes.reserved || size > store->limit) {
        return kf_fail(err, KF_ERR_MEMORY, "%s has %llu bytes, more than the limit of %llu", f->path,
                       (unsigned long long)size, (unsigned long long)store->limit);
    }
    if (!store_grow_starts(store, size)) {
        return kf_fail_memory(err);
    }
    uint64_t from = map_floor(f->mapped);
    if (to > from &&
        f->io->map(f->io->ctx, f->fd, store->nodes.base + from, (size_t)(to - from), from) != 0) {
        return kf_fail_errno(err, errno, "cannot map %s", f->path);
    }
    f->mapped = to;
    return KF_OK;
}

static kf_status size_of(const store_file *f, uint64_t *size, kf_error *err)
{
    int64_t n = f->io->size(f->io->ctx, f->fd);
    *size = (uint64_t)n;
    if (n < 0 && errno == EINVAL) {
        return kf_fail(err, KF_ERR_PARSE, "%s is not a Kerf project: it is no file", f->path);
    }
    return n >= 0 ? KF_OK : kf_fail_errno(err, errno, "cannot read %s", f->path);
}

/* What follows the last whole record goes. The piece of the file that may have to be written again, and the last one,
 * become memory. */
static kf_status make_writable(kf_store *store, uint64_t size, uint64_t durable, uint64_t memory_end, kf_error *err)
{
    store_file *f = store->file;
    uint64_t end = kf_store_bytes(store), from = map_floor(durable);
    if (size > end && f->io->truncate(f->io->ctx, f->fd, end) != 0) {
        return kf_fail_errno(err, errno, "cannot write %s", f->path);
    }
    uint64_t to = map_ceil(memory_end > f->mapped ? memory_end : f->mapped);
    if (!region_open(&store->nodes, from, to) || !store_grow_starts(store, to)) {
        return kf_fail_memory(err);
    }
    f->mapped = from;
    return io_read(f->io, f->fd, store->nodes.base + from, end - from, from)
               ? KF_OK
               : kf_fail_errno(err, errno, "cannot read %s", f->path);
}

/* What an earlier process committed and could not flush. */
static void take_tail(kf_store *store, uint64_t size)
{
    log_state state = store_state(store);
    store_scan_forward(store, &state, size);
    store_set_state(store, &state);
    memset(store->nodes.base + state.end, 0, store->nodes.usable - state.end);
}

static void clean_up(const store_file *f)
{
    char *place = compact_place(f->path);
    if (place) {
        compact_clean(f->io, place);
    }
    kf_free(place);
}

static kf_status start_writing(kf_store *store, uint64_t size, uint64_t generation, uint64_t durable, int pause_ms,
                               kf_error *err)
{
    clean_up(store->file);
    uint64_t tail = tail_open(store, generation), written = kf_store_bytes(store);
    kf_status status = make_writable(store, size, durable, tail, err);
    if (status != KF_OK) {
        return status;
    }
    if (tail > written) {
        take_tail(store, tail);
    }
    return flush_start(store, durable, written, generation, pause_ms, err);
}

static kf_status map_all(kf_store *store, uint64_t *size, kf_error *err)
{
    store_file *f = store->file;
    kf_status status = open_fd(f, f->path, store->read_only ? O_RDONLY : O_RDWR, err);
    status = status == KF_OK ? size_of(f, size, err) : status;
    status = status == KF_OK ? add_guard(store, err) : status;
    return status == KF_OK ? map_file(store, *size, err) : status;
}

/* A writer may have gone on between our look at the size and that at the superblocks. */
static bool has_grown(const store_file *f, uint64_t *size)
{
    uint64_t before = *size;
    return size_of(f, size, NULL) == KF_OK && *size > before;
}

static kf_status load(kf_store *store, const kf_store_params *params, kf_error *err)
{
    store_file *f = store->file;
    uint64_t size, generation, durable;
    kf_status status = map_all(store, &size, err);
    status = status == KF_OK ? store_adopt(store, size, f->path, &generation, &durable, err) : status;
    for (int tries = 0; status == KF_ERR_PARSE && tries < 10 && has_grown(f, &size); tries++) {
        status = map_file(store, size, err);
        status = status == KF_OK ? store_adopt(store, size, f->path, &generation, &durable, err) : status;
    }
    if (status == KF_OK && !store->read_only) {
        status = start_writing(store, size, generation, durable, flush_ms(params), err);
    }
    return status;
}

kf_status kf_store_open_file(const char *path, const kf_store_params *params, kf_store **out, kf_error *err)
{
    char *real = resolve(path);
    if (!real) {
        return kf_fail_errno(err, errno, "cannot open %s", path);
    }
    kf_store *store;
    kf_status status = new_on_file(real, params, &store, err);
    if (status != KF_OK) {
        return status;
    }
    status = store->read_only ? KF_OK : lock_take(&store->file->lock, real, err);
    status = status == KF_OK ? load(store, params, err) : status;
    if (status != KF_OK) {
        give_up(store);
        return status;
    }
    *out = store;
    return KF_OK;
}

kf_status file_open_raw(const char *path, kf_store **out, kf_error *err)
{
    char *real = resolve(path);
    if (!real) {
        return kf_fail_errno(err, errno, "cannot open %s", path);
    }
    kf_store *store;
    kf_status status = new_on_file(real, &(kf_store_params){.read_only = true}, &store, err);
    if (status != KF_OK) {
        return status;
    }
    uint64_t size;
    status = map_all(store, &size, err);
    if (status != KF_OK) {
        give_up(store);
        return status;
    }
    store_set_state(store, &(log_state){.end = size});
    *out = store;
    return KF_OK;
}

/* --- state --- */

const char *kf_store_path(const kf_store *store)
{
    return store->file ? store->file->path : NULL;
}

bool kf_store_replaced(const kf_store *store)
{
    struct stat mine, there;
    if (!store->file || fstat(store->file->fd, &mine) != 0) {
        return false;
    }
    return stat(store->file->path, &there) != 0 || mine.st_ino != there.st_ino || mine.st_dev != there.st_dev;
}

/* A newer superblock only shortens the walk, so refresh does without: a reader that looks often walks little. */
kf_status kf_store_refresh(kf_store *store, bool *changed, kf_error *err)
{
    uint64_t end = kf_store_bytes(store), size;
    if (changed) {
        *changed = false;
    }
    if (!store->file || !store->read_only) {
        return KF_OK;
    }
    kf_status status = size_of(store->file, &size, err);
    if (status != KF_OK) {
        return status;
    }
    if (size < end) {
        store_note_damage(store, size, DAMAGE_CUT);
        kf_store_damage(store, err);
        return KF_ERR_IO;
    }
    status = map_file(store, size, err);
    if (status != KF_OK) {
        return status;
    }
    log_state state = store_state(store);
    store_scan_forward(store, &state, size);
    if (state.end > end) {
        store_set_state(store, &state);
        if (changed) {
            *changed = true;
        }
    }
    return KF_OK;
}
