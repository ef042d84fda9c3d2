/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jobs.h"

#include "text.h"

#define WORK_SHOWN 32

static void job_free(gpointer data)
{
    KerfJob *job = data;
    g_free(job->name);
    g_free(job->output);
    g_free(job->status);
    g_free(job);
}

/* ---- Exports ---- */

static char *running_text(const kf_progress *p, double part)
{
    if (p->stage == KF_STAGE_OPEN) return g_strdup("Opening media");
    if (p->stage == KF_STAGE_FINISH) return g_strdup("Finishing the file");
    if (p->eta_seconds < 0) return g_strdup_printf("%.0f %%", part * 100);
    g_autofree char *left = kerf_duration_text((kf_time)(p->eta_seconds * (double)KF_SECOND));
    return g_strdup_printf("%.0f %% · %.0f frames/s · %s left", part * 100, p->frames_per_second, left);
}

static char *done_text(const kf_render_job *job)
{
    g_autofree char *size = g_format_size((guint64)job->bytes);
    g_autofree char *took = kerf_duration_text((job->ended - job->started) * KF_SECOND);
    if (job->warnings == 0) return g_strdup_printf("Done · %s · took %s", size, took);
    return g_strdup_printf("Done · %s · took %s\n%d %s: %s", size, took, job->warnings,
                           job->warnings == 1 ? "warning" : "warnings, the last", job->warning);
}

static char *render_text(const kf_render_job *job, double part)
{
    switch (job->state) {
    case KF_JOB_QUEUED: return g_strdup("Waiting");
    case KF_JOB_RUNNING: return running_text(&job->progress, part);
    case KF_JOB_PAUSED: return g_strdup_printf("Paused at %.0f %%", part * 100);
    case KF_JOB_DONE: return done_text(job);
    case KF_JOB_FAILED: return g_strdup(job->message);
    case KF_JOB_CANCELLED: break;
    }
    return g_strdup("Cancelled");
}

static void add_render(GPtrArray *out, const kf_render_job *from)
{
    const kf_progress *p = &from->progress;
    KerfJob *job = g_new0(KerfJob, 1);
    job->render = TRUE;
    job->id = from->id;
    job->state = from->state;
    job->part = from->state == KF_JOB_DONE ? 1 : p->frames > 0 ? (double)p->frame / (double)p->frames : 0;
    job->name = g_strdup(from->name);
    job->output = g_strdup(from->output);
    job->status = render_text(from, job->part);
    g_ptr_array_add(out, job);
}

/* ---- Work on media ---- */

static char *work_text(const kf_work_job *job)
{
    switch (job->state) {
    case KF_JOB_QUEUED: return g_strdup("Waiting");
    case KF_JOB_RUNNING: return g_strdup_printf("%.0f %%", (double)job->progress * 100);
    case KF_JOB_PAUSED: return g_strdup_printf("Paused at %.0f %%", (double)job->progress * 100);
    case KF_JOB_DONE: return g_strdup("Done");
    case KF_JOB_FAILED: return g_strdup(job->error);
    case KF_JOB_CANCELLED: break;
    }
    return g_strdup("Cancelled");
}

static void add_work(GPtrArray *out, const kf_work_job *from)
{
    KerfJob *job = g_new0(KerfJob, 1);
    job->id = from->id;
    job->state = from->state;
    job->part = from->state == KF_JOB_DONE ? 1 : (double)from->progress;
    job->name = g_strdup(from->name);
    job->output = g_strdup(from->output);
    job->status = work_text(from);
    g_ptr_array_add(out, job);
}

static void add_all_work(GPtrArray *out, kf_worker *worker)
{
    g_autofree kf_work_job *jobs = g_new(kf_work_job, WORK_SHOWN);
    const int32_t count = worker ? kf_worker_jobs(worker, jobs, WORK_SHOWN) : 0;
    for (int32_t i = 0; i < MIN(count, WORK_SHOWN); i++) {
        add_work(out, &jobs[i]);
    }
}

GPtrArray *kerf_jobs(KerfApp *app)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(job_free);
    const kf_job_list *list = kerf_queue_list(kerf_app_queue(app));
    for (int32_t i = 0; list && i < list->count; i++) {
        add_render(out, &list->jobs[i]);
    }
    add_all_work(out, kerf_worker_get(kerf_app_worker(app)));
    return out;
}

gboolean kerf_job_runs(const KerfJob *job) { return job->state == KF_JOB_RUNNING; }
gboolean kerf_job_ended(const KerfJob *job) { return job->state > KF_JOB_PAUSED; }
