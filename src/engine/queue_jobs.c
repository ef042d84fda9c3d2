/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/queue_jobs.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "engine/api/queue.h"

/* ---- One job ---- */

void kf_queue_job_finish(kf_queue_job *job)
{
    kf_render_job *info = &job->info;
    const char *texts[] = {info->name, info->output, info->preset, info->message, info->warning, job->folder};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) kf_free((char *)texts[i]);
    for (size_t i = 0; i < job->argument_count; i++) kf_free(job->arguments[i]);
    kf_free(job->arguments);
    if (job->leash >= 0) close(job->leash);
    kf_queue_stream_end(job->stream);
}

bool kf_queue_text(const char **text, const char *value)
{
    if (*text && strcmp(*text, value) == 0) return true;
    char *copy = kf_strdup(value);
    if (!copy) return false;
    kf_free((char *)*text);
    *text = copy;
    return true;
}

bool kf_queue_job_reset(kf_queue_job *job)
{
    kf_render_job *info = &job->info;
    info->status = KF_OK;
    info->progress = (kf_progress){.eta_seconds = -1};
    info->warnings = 0;
    info->started = info->ended = info->bytes = job->read = 0;
    job->finished = false;
    job->since = -1;
    return kf_queue_text(&info->message, "") && kf_queue_text(&info->warning, "");
}

bool kf_queue_argument(kf_queue_job *job, const char *word)
{
    char *text = kf_strdup(word);
    if (!text || kf_grow((void **)&job->arguments, &job->argument_capacity, job->argument_count + 1, sizeof text) != 0) {
        kf_free(text);
        return false;
    }
    job->arguments[job->argument_count++] = text;
    return true;
}

/* ---- The list ---- */

void kf_queue_jobs_finish(kf_queue_jobs *jobs)
{
    for (size_t i = 0; i < jobs->count; i++) kf_queue_job_finish(&jobs->items[i]);
    kf_free(jobs->items);
    *jobs = (kf_queue_jobs){0};
}

kf_queue_job *kf_queue_jobs_find(kf_queue_jobs *jobs, uint64_t id)
{
    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->items[i].info.id == id) return &jobs->items[i];
    return NULL;
}

bool kf_queue_jobs_add(kf_queue_jobs *jobs, const kf_queue_job *job)
{
    if (kf_grow((void **)&jobs->items, &jobs->capacity, jobs->count + 1, sizeof *jobs->items) != 0) return false;
    jobs->items[jobs->count++] = *job;
    return true;
}

void kf_queue_jobs_drop(kf_queue_jobs *jobs, kf_queue_job *job)
{
    kf_queue_job *end = jobs->items + jobs->count--;
    kf_queue_job_finish(job);
    memmove(job, job + 1, (size_t)(end - job - 1) * sizeof *job);
}

void kf_queue_jobs_move(kf_queue_jobs *jobs, kf_queue_job *job, const kf_queue_job *before)
{
    kf_queue_job moved = *job;
    size_t from = (size_t)(job - jobs->items), to = before ? (size_t)(before - jobs->items) : jobs->count;
    if (to > from) {
        to--;
        memmove(job, job + 1, (to - from) * sizeof *job);
    } else {
        memmove(&jobs->items[to + 1], &jobs->items[to], (from - to) * sizeof *job);
    }
    jobs->items[to] = moved;
}

/* ---- What callers see ---- */

typedef struct published {
    kf_job_list list;
    atomic_int refs;
    kf_arena arena;
} published;

static const char *copy(kf_arena *arena, const char *text, bool *failed)
{
    const char *out = kf_arena_strndup(arena, text, strlen(text));
    *failed = *failed || !out;
    return out;
}

const kf_job_list *kf_queue_publish(const kf_queue_jobs *jobs)
{
    published *p = KF_NEW(published);
    if (!p) return NULL;
    atomic_init(&p->refs, 1);
    kf_render_job *out = kf_arena_alloc(&p->arena, (jobs->count + 1) * sizeof *out);
    bool failed = !out;
    for (size_t i = 0; i < jobs->count && !failed; i++) {
        if (jobs->items[i].removed) continue;
        kf_render_job *job = &out[p->list.count++];
        *job = jobs->items[i].info;
        job->name = copy(&p->arena, job->name, &failed);
        job->output = copy(&p->arena, job->output, &failed);
        job->preset = copy(&p->arena, job->preset, &failed);
        job->message = copy(&p->arena, job->message, &failed);
        job->warning = copy(&p->arena, job->warning, &failed);
    }
    p->list.jobs = out;
    if (!failed) return &p->list;
    kf_job_list_unref(&p->list);
    return NULL;
}

const kf_job_list *kf_job_list_ref(const kf_job_list *list)
{
    atomic_fetch_add(&((published *)list)->refs, 1);
    return list;
}

void kf_job_list_unref(const kf_job_list *list)
{
    published *p = (published *)list;
    if (!p || atomic_fetch_sub(&p->refs, 1) != 1) return;
    kf_arena_finish(&p->arena);
    kf_free(p);
}

static const char *const state_names[] = {"queued", "running", "paused", "done", "failed", "cancelled"};

const char *kf_engine_job_state_name(kf_job_state state)
{
    return (unsigned)state < sizeof state_names / sizeof *state_names ? state_names[state] : "unknown";
}
