/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "store/file.h"

struct kf_compact {
    kf_store *from, *to;
    const kf_store_io *io;
    char *path, *place;        /* where it shall be, where it is built */
    file_lock lock;            /* of path, unless `from` holds it */
    bool replaces, keep_history, ran, finished;
    kf_store_watch watch;
    kf_ref head, saved, last_record;  /* of `from` when it began */
    copier copy;
};

static bool is_own_path(const kf_store *store, const char *path)
{
    return store->file && store->file->lock.fd >= 0 && strcmp(store->file->path, path) == 0;
}

char *compact_place(const char *path)
{
    kf_str place = {0};
    kf_str_addf(&place, "%s.compacting", path);
    if (place.failed) {
        kf_str_finish(&place);
    }
    return place.data;
}

void compact_clean(const kf_store_io *io, const char *place)
{
    tail_discard(place);
    io->unlink(io->ctx, place);
}

static kf_status choose_place(kf_compact *c, const char *path, kf_error *err)
{
    const char *target = path ? path : kf_store_path(c->from);
    if (!target) {
        return kf_fail(err, KF_ERR_INVALID, "a project in memory has no file to compact: give a path");
    }
    c->path = file_resolve(target);
    if (!c->path) {
        return kf_fail_errno(err, errno, "cannot write %s", target);
    }
    c->place = compact_place(c->path);
    return c->place ? KF_OK : kf_fail_memory(err);
}

static kf_status lock_path(kf_compact *c, kf_error *err)
{
    c->replaces = is_own_path(c->from, c->path);
    return c->replaces ? KF_OK : lock_take(&c->lock, c->path, err);
}

static kf_status create(kf_compact *c, const kf_store_params *params, kf_error *err)
{
    char *path = kf_strdup(c->path);
    if (!path) {
        return kf_fail_memory(err);
    }
    compact_clean(c->io, c->place);
    return file_create(path, c->place, params, &c->to, err);
}

static kf_status add_root(kf_compact *c, kf_ref commit, kf_error *err)
{
    kf_commit desc;
    if (commit == KF_REF_NONE) {
        return KF_OK;
    }
    if (!kf_store_commit_get(c->from, commit, &desc)) {
        return store_fail_damaged(c->from, commit, "a commit is not sound", err);
    }
    reach_add(&c->copy.bulk, desc.root);
    return KF_OK;
}

static kf_status begin(kf_compact *c, const kf_compact_params *params, kf_error *err)
{
    kf_status status = choose_place(c, params->path, err);
    status = status == KF_OK ? lock_path(c, err) : status;
    status = status == KF_OK ? create(c, params->store, err) : status;
    return status == KF_OK ? copier_init(&c->copy, c->from, c->to, err) : status;
}

kf_status kf_compact_begin(kf_store *store, const kf_compact_params *params, kf_compact **out, kf_error *err)
{
    kf_compact *c = KF_NEW(kf_compact);
    if (!c) {
        return kf_fail_memory(err);
    }
    c->from = kf_store_ref(store);
    c->lock.fd = -1;
    c->io = params->store && params->store->io ? params->store->io : &store_system_io;
    c->keep_history = params->keep_history;
    c->watch = params->watch;
    c->head = kf_store_head(store);
    c->saved = kf_store_saved(store);
    c->last_record = store->last_record;
    kf_status status = begin(c, params, err);
    if (status != KF_OK) {
        kf_compact_destroy(c);
        return status;
    }
    *out = c;
    return KF_OK;
}

/* --- run --- */

static kf_status add_roots(kf_compact *c, kf_error *err)
{
    kf_status status = add_root(c, c->saved, err);
    status = status == KF_OK ? add_root(c, c->head, err) : status;
    if (status != KF_OK || !c->keep_history) {
        return status;
    }
    status = copier_gather(&c->copy, c->last_record, KF_REF_NONE, err);
    for (size_t i = 0; i < c->copy.record_count && status == KF_OK; i++) {
        const kf_node *record = kf_store_node(c->from, c->copy.records[i], KF_NODE_ANY, 0);
        status = record && record->kind == KF_NODE_COMMIT ? add_root(c, c->copy.records[i], err) : KF_OK;
    }
    return status;
}

static uint64_t serial_of(const kf_compact *c, kf_ref commit)
{
    kf_commit desc;
    return kf_store_commit_get(c->from, commit, &desc) ? desc.serial : 0;
}

/* The older of saved commit and head first, the other on top of it: undo or redo leads from one to the other. */
static kf_status keep_ends(kf_compact *c, kf_error *err)
{
    bool undone = serial_of(c, c->head) < serial_of(c, c->saved);
    const kf_ref kept[] = {undone ? c->head : c->saved, undone ? c->saved : c->head};
    kf_status status = KF_OK;
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        if (kept[i] != KF_REF_NONE && copier_translate(&c->copy, kept[i]) == KF_REF_NONE) {
            status = copier_commit(&c->copy, kept[i], kf_store_head(c->to), err);
        }
    }
    kf_ref saved = copier_translate(&c->copy, c->saved), head = copier_translate(&c->copy, c->head);
    if (status == KF_OK && saved != KF_REF_NONE) {
        status = store_set_saved(c->to, saved, err);
    }
    return status == KF_OK && head != kf_store_head(c->to) ? kf_store_set_head(c->to, head, err) : status;
}

/* Zeros where the old file could not be read must not be taken for its content. */
static kf_status still_sound(const kf_compact *c, kf_error *err)
{
    return kf_store_damage(c->from, err) ? KF_ERR_PARSE : KF_OK;
}

kf_status kf_compact_run(kf_compact *c, kf_error *err)
{
    if (c->ran) {
        return kf_fail(err, KF_ERR_INVALID, "a compaction runs once");
    }
    kf_status status = add_roots(c, err);
    status = status == KF_OK ? copier_bulk(&c->copy, &c->watch, err) : status;
    if (status == KF_OK) {
        status = c->keep_history ? copier_replay(&c->copy, err) : keep_ends(c, err);
    }
    status = status == KF_OK ? still_sound(c, err) : status;
    status = status == KF_OK ? kf_store_sync(c->to, err) : status;
    c->ran = status == KF_OK;
    return c->ran ? watch_step(&c->watch, 1, 1, 1, err) : status;
}

/* --- finish --- */

static kf_status catch_up(kf_compact *c, kf_error *err)
{
    kf_status status = copier_gather(&c->copy, c->from->last_record, c->last_record, err);
    status = status == KF_OK ? copier_replay(&c->copy, err) : status;
    status = status == KF_OK ? still_sound(c, err) : status;
    return status == KF_OK ? kf_store_sync(c->to, err) : status;
}

/* As far as one may: another owner's file keeps going to its group or not as the system allows. */
static void take_mode(const kf_compact *c)
{
    struct stat st;
    if (stat(c->path, &st) == 0 && chmod(c->place, st.st_mode & 07777) != 0) {
        return;
    }
}

static kf_status put_in_place(kf_compact *c, kf_error *err)
{
    take_mode(c);
    if (c->io->rename(c->io->ctx, c->place, c->path) != 0) {
        return kf_fail_errno(err, errno, "cannot replace %s", c->path);
    }
    atomic_store(&c->to->file->folder_stale, true);
    return KF_OK;
}

/* The old store lives on for its readers. */
static void hand_over(kf_compact *c)
{
    file_lock *lock = c->replaces ? &c->from->file->lock : &c->lock;
    c->to->file->lock = *lock;
    *lock = (file_lock){.fd = -1};
    c->from->read_only = true;
    if (c->replaces) {
        flush_abandon(c->from);
        tail_forget(c->from);
    }
}

kf_status kf_compact_finish(kf_compact *c, kf_store **out, kf_error *err)
{
    if (!c->ran || c->finished) {
        return kf_fail(err, KF_ERR_INVALID, "a compaction is finished once, after it ran");
    }
    kf_status status = catch_up(c, err);
    status = status == KF_OK ? put_in_place(c, err) : status;
    if (status != KF_OK) {
        c->ran = false;
        return status;
    }
    hand_over(c);
    kf_store_sync(c->to, NULL); /* of the folder; if it fails, the store says so and tries again */
    c->finished = true;
    *out = c->to;
    c->to = NULL;
    return KF_OK;
}

void kf_compact_destroy(kf_compact *c)
{
    if (!c) {
        return;
    }
    copier_finish(&c->copy);
    if (c->to) {
        flush_abandon(c->to);
        kf_store_unref(c->to);
        c->io->unlink(c->io->ctx, c->place);
    }
    lock_drop(&c->lock);
    kf_free(c->path);
    kf_free(c->place);
    kf_store_unref(c->from);
    kf_free(c);
}
