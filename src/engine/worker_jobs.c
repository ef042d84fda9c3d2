/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of long work: progress, pausing, cancelling. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/worker.h"
#include "engine/worker.h"

static const int64_t tell_every_ns = 100000000;

kf_job *kf_work_job_begin(kf_worker *w, kf_task *task, kf_work_kind kind, const char *verb)
{
    kf_job *j = KF_NEW(kf_job);
    if (!j) return NULL;
    j->task = task;
    j->info.id = ++w->next_job;
    j->info.kind = kind;
    snprintf(j->info.name, sizeof j->info.name, "%s %s", verb, kf_path_name(task->file->path));
    snprintf(j->info.path, sizeof j->info.path, "%s", task->file->path);
    *w->jobs_end = j;
    w->jobs_end = &j->next;
    task->job = j;
    return j;
}

static void tell_job(kf_worker *w, const kf_task *task, const kf_work_job *info, bool done)
{
    kf_work_event e = {info->kind, task->file->path, -1, info->id, done};
    kf_work_tell(w, &e);
}

static void wait_while_held(kf_worker *w, kf_task *task)
{
    kf_job *j = task->job;
    while (kf_work_held(w, task) && !w->stop && !(j && j->cancelled)) {
        if (j) j->info.state = j->paused ? KF_JOB_PAUSED : KF_JOB_QUEUED;
        if (j) j->rests = true;
        pthread_cond_broadcast(&w->idle);
        pthread_cond_wait(&w->lanes[task->lane].wake, &w->mutex);
        if (j) j->rests = false;
    }
    if (j) j->info.state = KF_JOB_RUNNING;
}

bool kf_work_job_go_on(kf_worker *w, kf_task *task, double progress)
{
    pthread_mutex_lock(&w->mutex);
    wait_while_held(w, task);
    kf_job *j = task->job;
    bool stop = w->stop || (j && j->cancelled), tell = false;
    kf_work_job info = {0};
    if (j) {
        int64_t now = kf_clock_ns();
        j->info.progress = (float)(progress < 0 ? 0 : progress > 1 ? 1 : progress);
        tell = now - j->told_ns >= tell_every_ns;
        j->told_ns = tell ? now : j->told_ns;
        info = j->info;
    }
    pthread_mutex_unlock(&w->mutex);
    if (tell && !stop) tell_job(w, task, &info, false);
    return !stop;
}

static void remove_job(kf_worker *w, kf_job *job)
{
    kf_job **at = &w->jobs;
    while (*at != job) at = &(*at)->next;
    *at = job->next;
    if (!job->next) w->jobs_end = at;
    kf_free(job);
}

static void bound_ended(kf_worker *w)
{
    int ended = 0;
    kf_job *first = NULL;
    for (kf_job *j = w->jobs; j; j = j->next)
        if (!j->task && ended++ == 0) first = j;
    if (ended > KF_WORK_JOBS_KEPT) remove_job(w, first);
}

void kf_work_job_end(kf_worker *w, kf_task *task, const kf_error *err, bool keep)
{
    kf_job *j = task->job;
    if (!j) return;
    task->job = NULL;
    j->task = NULL;
    bool cancelled = err && err->status == KF_ERR_CANCELLED;
    j->info.state = !err ? KF_JOB_DONE : cancelled ? KF_JOB_CANCELLED : KF_JOB_FAILED;
    if (!err) j->info.progress = 1;
    if (err) j->info.status = err->status;
    if (err && !cancelled) snprintf(j->info.error, sizeof j->info.error, "%s", err->message);
    if (!keep)
        remove_job(w, j);
    else
        bound_ended(w);
}

void kf_work_jobs_finish(kf_worker *w)
{
    while (w->jobs) remove_job(w, w->jobs);
}

/* ---- For the window ---- */

int32_t kf_engine_worker_jobs(kf_worker *w, kf_work_job *jobs, int32_t capacity)
{
    int32_t n = 0;
    pthread_mutex_lock(&w->mutex);
    for (const kf_job *j = w->jobs; j; j = j->next, n++)
        if (n < capacity) jobs[n] = j->info;
    pthread_mutex_unlock(&w->mutex);
    return n;
}

static kf_job *find_job(kf_worker *w, uint64_t id)
{
    kf_job *j = w->jobs;
    while (j && j->info.id != id) j = j->next;
    return j;
}

bool kf_engine_worker_job(kf_worker *w, uint64_t id, kf_work_job *out)
{
    pthread_mutex_lock(&w->mutex);
    const kf_job *j = find_job(w, id);
    if (j) *out = j->info;
    pthread_mutex_unlock(&w->mutex);
    return j != NULL;
}

void kf_engine_worker_pause_job(kf_worker *w, uint64_t id, bool paused)
{
    pthread_mutex_lock(&w->mutex);
    kf_job *j = find_job(w, id);
    if (j && j->task) {
        j->paused = paused;
        j->info.state = paused ? KF_JOB_PAUSED : j->task->running ? KF_JOB_RUNNING : KF_JOB_QUEUED;
        pthread_cond_broadcast(&w->lanes[j->task->lane].wake);
    }
    pthread_mutex_unlock(&w->mutex);
}

void kf_engine_worker_cancel_job(kf_worker *w, uint64_t id)
{
    pthread_mutex_lock(&w->mutex);
    kf_job *j = find_job(w, id);
    kf_task *task = j ? j->task : NULL;
    if (task && task->waiting) {
        kf_work_withdraw(w, task);
        task->kind->drop(w, task);
    } else if (task) {
        j->cancelled = true;
        pthread_cond_broadcast(&w->lanes[task->lane].wake);
    }
    pthread_mutex_unlock(&w->mutex);
}

void kf_engine_worker_clear_jobs(kf_worker *w)
{
    pthread_mutex_lock(&w->mutex);
    for (kf_job *j = w->jobs, *next; j; j = next) {
        next = j->next;
        if (!j->task) remove_job(w, j);
    }
    pthread_mutex_unlock(&w->mutex);
}
