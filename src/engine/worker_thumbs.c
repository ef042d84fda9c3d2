/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thumbnails: the grid, what is in memory, and how they are made. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/api/worker.h"
#include "engine/worker.h"

#define STEP_MIN (KF_SECOND / 32)
enum { GRIDS = 21, FIRST_COARSE = 5 }; /* steps are STEP_MIN << grid; from FIRST_COARSE on pictures may be from beside */

static const int32_t heights[KF_WORK_SIZES] = {48, 96, 192, 384};

/* ---- The grid ---- */

/* -1: none. */
static int grid_for(kf_time spacing)
{
    int grid = -1;
    while (grid + 1 < GRIDS && (STEP_MIN << (grid + 1)) <= spacing) grid++;
    return grid;
}

kf_time kf_engine_thumbnail_step(kf_time spacing)
{
    int grid = grid_for(spacing);
    return grid < 0 ? 0 : STEP_MIN << grid;
}

static int size_for(int32_t height)
{
    int i = 0;
    while (i + 1 < KF_WORK_SIZES && heights[i] < height) i++;
    return i;
}

static kf_time clamp_time(const kf_work_file *f, kf_time t)
{
    if (f->opened && f->still) return 0;
    if (f->duration != KF_TIME_NONE && t >= f->duration) t = f->duration - 1;
    return t < 0 ? 0 : t;
}

static kf_thumb_key key_on(kf_work_file *f, int32_t stream, int size, int grid, kf_time at)
{
    kf_time step = grid < 0 ? 1 : STEP_MIN << grid;
    bool still = f->opened && f->still;
    return (kf_thumb_key){f, stream, size, grid >= FIRST_COARSE && !still ? grid + 1 : 0, at - at % step};
}

static kf_thumb_key key_of(kf_work_file *f, const kf_thumbnail_request *r)
{
    return key_on(f, r->stream, size_for(r->height), grid_for(r->spacing), clamp_time(f, r->at));
}

static kf_time slack_of(const kf_thumb_key *k)
{
    return k->level ? (STEP_MIN << (k->level - 1)) / 2 : 0;
}

/* ---- In memory ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static uint64_t hash_key(const kf_thumb_key *k)
{
    uint64_t h = mix((uint64_t)(uintptr_t)k->file, (uint64_t)k->at);
    return mix(h, (uint64_t)(uint32_t)k->stream << 16 | (uint64_t)k->level << 4 | (uint64_t)k->size);
}

static bool same_key(const kf_thumb_key *a, const kf_thumb_key *b)
{
    return a->file == b->file && a->at == b->at && a->stream == b->stream && a->size == b->size && a->level == b->level;
}

static kf_thumb *find(const kf_worker *w, const kf_thumb_key *key)
{
    kf_thumb *t = w->thumbs[hash_key(key) % KF_WORK_THUMB_BUCKETS];
    while (t && !same_key(&t->key, key)) t = t->chain;
    return t;
}

static kf_thumb *add(kf_worker *w, const kf_thumb_key *key)
{
    kf_thumb *t = KF_NEW(kf_thumb);
    if (!t) return NULL;
    t->task = (kf_task){.kind = &kf_task_thumb, .file = key->file};
    t->key = *key;
    t->hash = hash_key(key);
    t->chain = w->thumbs[t->hash % KF_WORK_THUMB_BUCKETS];
    w->thumbs[t->hash % KF_WORK_THUMB_BUCKETS] = t;
    return t;
}

static bool is_there(const kf_thumb *t)
{
    return t->picture || t->failed;
}

static void unlink_used(kf_worker *w, kf_thumb *t)
{
    *(t->newer ? &t->newer->older : &w->newest) = t->older;
    *(t->older ? &t->older->newer : &w->oldest) = t->newer;
    t->newer = t->older = NULL;
}

static void link_used(kf_worker *w, kf_thumb *t)
{
    t->used = ++w->stamp;
    t->older = w->newest;
    t->newer = NULL;
    *(w->newest ? &w->newest->newer : &w->oldest) = t;
    w->newest = t;
}

static void picture_unref(kf_thumb_picture *p)
{
    if (!p || atomic_fetch_sub(&p->refs, 1) != 1) return;
    kf_frame_unref(p->frame);
    kf_free(p);
}

void kf_engine_thumbnail_release(const kf_thumbnail *thumbnail)
{
    picture_unref((kf_thumb_picture *)(uintptr_t)thumbnail);
}

static const kf_thumbnail *give(kf_thumb_picture *p)
{
    if (!p) return NULL;
    atomic_fetch_add(&p->refs, 1);
    return &p->shown;
}

static int64_t bytes_of(const kf_thumb *t)
{
    return (int64_t)sizeof *t + (t->picture ? (int64_t)(sizeof *t->picture + t->picture->frame->bytes) : 0);
}

void kf_work_thumb_remove(kf_worker *w, kf_thumb *t)
{
    kf_thumb **at = &w->thumbs[t->hash % KF_WORK_THUMB_BUCKETS];
    while (*at != t) at = &(*at)->chain;
    *at = t->chain;
    if (is_there(t)) {
        unlink_used(w, t);
        w->bytes -= bytes_of(t);
    }
    picture_unref(t->picture);
    kf_free(t);
}

void kf_work_thumbs_forget(kf_worker *w, const kf_work_file *file)
{
    for (kf_thumb *t = w->newest, *older; t; t = older) {
        older = t->older;
        if (!file || t->key.file == file) kf_work_thumb_remove(w, t);
    }
}

void kf_work_thumbs_finish(kf_worker *w)
{
    kf_work_thumbs_forget(w, NULL);
}

/* ---- Asking ---- */

static kf_thumb_picture *picture_at(const kf_worker *w, const kf_thumb_key *key)
{
    kf_thumb *t = find(w, key);
    return t ? t->picture : NULL;
}

/* The same in another size, from a coarser grid, or from the exact ones. */
static kf_thumb_picture *stand_in(const kf_worker *w, const kf_thumbnail_request *r, const kf_thumb_key *key)
{
    kf_thumb_picture *p = NULL;
    for (int i = KF_WORK_SIZES - 1; i >= 0 && !p; i--) {
        kf_thumb_key k = *key;
        k.size = i;
        p = picture_at(w, &k);
    }
    kf_thumb_key exact = *key;
    exact.level = 0;
    if (!p) p = picture_at(w, &exact);
    for (int grid = grid_for(r->spacing) + 1; grid < GRIDS && !p; grid++) {
        kf_thumb_key k = key_on(key->file, key->stream, key->size, grid, key->at);
        p = picture_at(w, &k);
    }
    return p;
}

static kf_work_state answer(kf_worker *w, kf_work_file *f, const kf_thumbnail_request *r, const kf_thumbnail **out)
{
    kf_thumb_key key = key_of(f, r);
    kf_thumb *t = find(w, &key);
    if (t && is_there(t)) {
        unlink_used(w, t);
        link_used(w, t);
        *out = give(t->picture);
        return t->failed ? KF_WORK_FAILED : KF_WORK_READY;
    }
    *out = give(stand_in(w, r, &key));
    if (!t) t = add(w, &key);
    if (t) kf_work_ask(w, &t->task, r->urgency, r->owner);
    return KF_WORK_PENDING;
}

kf_work_state kf_engine_worker_thumbnail(kf_worker *w, const kf_thumbnail_request *r, const kf_thumbnail **out)
{
    *out = NULL;
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, r->path, r->urgency);
    kf_work_state state = f ? answer(w, f, r, out) : KF_WORK_PENDING;
    pthread_mutex_unlock(&w->mutex);
    return state;
}

/* ---- Making ---- */

void kf_work_thread_close(kf_worker *w, kf_work_thread *thread)
{
    kf_thumbs *thumbs = thread->thumbs;
    if (!thumbs) return;
    thread->thumbs = NULL;
    pthread_mutex_unlock(&w->mutex);
    kf_thumbs_close(thumbs);
    pthread_mutex_lock(&w->mutex);
    kf_work_count_open(w, -1);
}

/* Under the mutex, which it leaves. */
static kf_status open_thumbs(kf_worker *w, kf_work_thread *thread, const kf_thumb_key *key, kf_error *err)
{
    kf_work_file *f = key->file;
    bool same = thread->thumbs_file == f && thread->thumbs_stream == key->stream &&
                thread->thumbs_generation == f->generation;
    if (thread->thumbs && same) return KF_OK;
    kf_work_thread_close(w, thread);
    kf_work_count_open(w, 1);
    thread->thumbs_file = f;
    thread->thumbs_stream = key->stream;
    thread->thumbs_generation = f->generation;
    pthread_mutex_unlock(&w->mutex);
    kf_status status = kf_thumbs_open(f->path, key->stream, &thread->thumbs, err);
    pthread_mutex_lock(&w->mutex);
    if (status) {
        kf_work_count_open(w, -1);
        return status;
    }
    const kf_media_info *info = kf_thumbs_info(thread->thumbs);
    f->opened = true;
    f->still = info->still;
    f->duration = info->duration > 0 ? info->duration : KF_TIME_NONE;
    return KF_OK;
}

static kf_frame *decode(kf_work_thread *thread, const kf_thumb_key *key, kf_error *err)
{
    kf_frame *frame = NULL;
    if (kf_thumbs_get(thread->thumbs, key->at, slack_of(key), heights[key->size], &frame, err)) return NULL;
    if (frame->image.format == KF_PIX_RGBA8) return frame;
    kf_frame *shown = kf_display_convert(&thread->display, &frame->image);
    kf_frame_unref(frame);
    return shown;
}

static char *disk_key(const kf_thumb_key *k)
{
    char kind[96];
    snprintf(kind, sizeof kind, "thumb1|%d|%d|%d|%lld", (int)k->stream, (int)heights[k->size], (int)k->level,
             (long long)k->at);
    return kf_work_file_key(k->file, kind);
}

static kf_frame *load(kf_disk_cache *cache, const char *key)
{
    size_t length;
    uint8_t *bytes = kf_disk_cache_get(cache, key, &length);
    kf_frame *frame = bytes ? kf_thumb_unpack(bytes, length) : NULL;
    kf_free(bytes);
    return frame;
}

static void store(kf_disk_cache *cache, const char *key, const kf_frame *frame)
{
    size_t length;
    uint8_t *bytes = cache ? kf_thumb_pack(&frame->image, &length) : NULL;
    if (bytes) kf_disk_cache_put(cache, key, bytes, length);
    kf_free(bytes);
}

/* Under the mutex, which it leaves: from the disk cache, or decoded. NULL: it cannot be had. */
static kf_frame *obtain(kf_worker *w, kf_work_thread *thread, kf_thumb_key *key)
{
    kf_error err;
    char *disk = disk_key(key);
    pthread_mutex_unlock(&w->mutex);
    kf_disk_cache *cache = disk ? kf_work_cache(w) : NULL;
    kf_frame *frame = load(cache, disk);
    pthread_mutex_lock(&w->mutex);
    bool loaded = frame != NULL;
    if (!loaded && !open_thumbs(w, thread, key, &err)) {
        key->at = clamp_time(key->file, key->at);
        pthread_mutex_unlock(&w->mutex);
        frame = decode(thread, key, &err);
        if (frame) store(cache, disk, frame);
        pthread_mutex_lock(&w->mutex);
        thread->thumbs_at = key->at;
        thread->thumbs_used_ns = kf_clock_ns();
    }
    w->stats.thumbnails_loaded += loaded;
    w->stats.thumbnails_decoded += frame && !loaded;
    kf_free(disk);
    return frame;
}

static kf_thumb_picture *new_picture(kf_worker *w, kf_frame *frame, kf_time at)
{
    kf_thumb_picture *p = frame ? KF_NEW(kf_thumb_picture) : NULL;
    if (!p) {
        kf_frame_unref(frame);
        return NULL;
    }
    p->shown = (kf_thumbnail){++w->next_thumb, frame->image.width, frame->image.height, (int32_t)frame->image.stride[0],
                              frame->image.plane[0], at};
    p->frame = frame;
    atomic_init(&p->refs, 1);
    return p;
}

static void tell_thumb(kf_worker *w, const kf_thumb_key *key)
{
    pthread_mutex_unlock(&w->mutex);
    kf_work_tell(w, &(kf_work_event){KF_WORK_THUMBNAIL, key->file->path, key->stream, 0, true});
    pthread_mutex_lock(&w->mutex);
}

static void run_thumb(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_thumb *t = (kf_thumb *)task;
    kf_thumb_key key = t->key;
    kf_work_file *f = key.file;
    kf_work_file_look(w, f);
    uint64_t generation = f->generation;
    kf_frame *frame = obtain(w, thread, &key);
    task->running = false;
    if (generation == f->generation) {
        t->picture = new_picture(w, frame, t->key.at);
        t->failed = !t->picture;
        w->bytes += bytes_of(t);
        link_used(w, t);
        kf_work_trim(w);
    } else {
        kf_frame_unref(frame);
        kf_work_thumb_remove(w, t); /* it changed meanwhile; askers were told */
    }
    tell_thumb(w, &key);
}

static void drop_thumb(kf_worker *w, kf_task *task)
{
    kf_work_thumb_remove(w, (kf_thumb *)task);
}

const kf_task_kind kf_task_thumb = {run_thumb, drop_thumb};
