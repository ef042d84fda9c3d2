/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conformed sound: looked for in the disk cache by a quick thread, or else made by the thread for sound. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/worker.h"
#include "engine/worker.h"
#include "media/api/proxy.h"

static const kf_task_kind task_find, task_make;

void kf_work_conformed_forget(kf_work_file *f)
{
    for (kf_conformed *c = f->conformed; c; c = c->next) {
        kf_free(c->path);
        c->path = NULL;
        c->failed = false;
    }
}

void kf_work_conformed_free(kf_work_file *f)
{
    kf_work_conformed_forget(f);
    while (f->conformed) {
        kf_conformed *c = f->conformed;
        f->conformed = c->next;
        kf_free(c);
    }
}

static kf_conformed *conformed_of(kf_work_file *f, int32_t stream, int32_t rate)
{
    kf_conformed *c = f->conformed;
    while (c && (c->stream != stream || c->rate != rate)) c = c->next;
    if (c) return c;
    c = KF_NEW(kf_conformed);
    if (!c) return NULL;
    c->task = (kf_task){.kind = &task_find, .file = f};
    c->stream = stream;
    c->rate = rate;
    c->next = f->conformed;
    f->conformed = c;
    return c;
}

static char *disk_key(const kf_conformed *c)
{
    char kind[48];
    snprintf(kind, sizeof kind, "sound1|%d|%d", (int)c->stream, (int)c->rate);
    return kf_work_file_key(c->task.file, kind);
}

/* Without the mutex. */
static void tell(kf_worker *w, const kf_conformed *c)
{
    kf_work_tell(w, &(kf_work_event){KF_WORK_CONFORM, c->task.file->path, c->stream, 0, true});
}

static void run_find(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_conformed *c = (kf_conformed *)task;
    kf_work_file_look(w, task->file);
    uint64_t generation = task->file->generation;
    char *key = disk_key(c);
    pthread_mutex_unlock(&w->mutex);
    kf_disk_cache *cache = key ? kf_work_cache(w) : NULL;
    char *path = cache ? kf_disk_cache_find_file(cache, key, "wav") : NULL;
    kf_free(key);
    pthread_mutex_lock(&w->mutex);
    task->running = false;
    if (path && generation == task->file->generation) {
        kf_free(c->path);
        c->path = path;
    } else {
        kf_free(path);
        task->kind = &task_make;
        task->lane = KF_LANE_SOUND;
        kf_work_job_begin(w, task, KF_WORK_CONFORM, "Sound of");
        kf_work_ask(w, task, task->urgency, task->owner);
        return;
    }
    pthread_mutex_unlock(&w->mutex);
    tell(w, c);
    pthread_mutex_lock(&w->mutex);
}

static void back_to_find(kf_task *task)
{
    task->kind = &task_find;
    task->lane = KF_LANE_QUICK;
}

static void drop(kf_worker *w, kf_task *task)
{
    kf_error cancelled = {.status = KF_ERR_CANCELLED};
    kf_work_job_end(w, task, &cancelled, false);
    back_to_find(task);
}

static const kf_task_kind task_find = {run_find, drop};

typedef struct making {
    kf_worker *w;
    kf_conformed *c;
} making;

static bool go_on(void *ctx, double progress)
{
    making *m = ctx;
    return kf_work_job_go_on(m->w, &m->c->task, progress);
}

/* Without the mutex. *path is the file made. */
static kf_status make(making *m, const char *key, char **path, kf_error *err)
{
    kf_disk_cache *cache = kf_work_cache(m->w);
    *path = cache && key ? kf_disk_cache_file_path(cache, key, "wav") : NULL;
    if (!*path) return kf_fail(err, KF_ERR_IO, "there is no disk cache for the sound of %s", m->c->task.file->path);
    kf_conform_params params = {.path = m->c->task.file->path, .output = *path, .stream = m->c->stream,
                                .sample_rate = m->c->rate, .go_on = go_on, .ctx = m};
    kf_status status = kf_conform_write(&params, err);
    if (!status) kf_disk_cache_add_file(cache, key, "wav");
    return status;
}

static void run_make(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    making m = {w, (kf_conformed *)task};
    kf_error err = {0};
    char *path = NULL;
    kf_work_file_look(w, task->file);
    uint64_t generation = task->file->generation;
    char *key = disk_key(m.c);
    kf_work_count_open(w, 1);
    pthread_mutex_unlock(&w->mutex);
    kf_status status = make(&m, key, &path, &err);
    kf_free(key);
    pthread_mutex_lock(&w->mutex);
    kf_work_count_open(w, -1);
    bool current = generation == task->file->generation;
    kf_work_job_end(w, task, status ? &err : NULL, status && status != KF_ERR_CANCELLED && current);
    task->running = false;
    back_to_find(task);
    kf_free(m.c->path);
    m.c->path = !status && current ? path : NULL;
    m.c->failed = status && current;
    if (!m.c->path) kf_free(path);
    pthread_mutex_unlock(&w->mutex);
    tell(w, m.c);
    pthread_mutex_lock(&w->mutex);
}

static const kf_task_kind task_make = {run_make, drop};

kf_work_state kf_engine_worker_conform(kf_worker *w, const char *media, int32_t stream, int32_t rate, char **path)
{
    kf_work_state state = KF_WORK_PENDING;
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, media, KF_WORK_LATER);
    kf_conformed *c = f ? conformed_of(f, stream, rate) : NULL;
    if (c && (c->failed || !w->folder))
        state = KF_WORK_FAILED;
    else if (c && c->path && (*path = kf_strdup(c->path)))
        state = KF_WORK_READY;
    else if (c)
        kf_work_ask(w, &c->task, KF_WORK_SOON, NULL);
    pthread_mutex_unlock(&w->mutex);
    return state;
}
