/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf proxy, cache. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kerf/worker.h"

/* ---- proxy ---- */

typedef struct proxies {
    kf_worker *worker;
    progress_mode mode;
    uint64_t *jobs;
    int count;
} proxies;

static kf_status begin(proxies *p, const cli_options *o, char **media, kf_error *error)
{
    for (int i = 0; i < p->count; i++) {
        kf_proxy_request r = {.path = media[i], .preset = o->preset, .folder = o->folder};
        kf_status status = kf_worker_make_proxy(p->worker, &r, &p->jobs[i], error);
        if (status != KF_OK) return status;
    }
    return KF_OK;
}

/* The first that is not done yet; false if all are. */
static bool under_way(const proxies *p, kf_work_job *out)
{
    for (int i = 0; i < p->count; i++)
        if (kf_worker_job(p->worker, p->jobs[i], out) && out->state < KF_JOB_DONE) return true;
    return false;
}

static void show(const proxies *p)
{
    kf_work_job job;
    if (p->mode == PROGRESS_NONE || !under_way(p, &job)) return;
    const char *before = p->mode == PROGRESS_BAR ? "\r\033[K" : "", *after = p->mode == PROGRESS_BAR ? "" : "\n";
    fprintf(stderr, "%s%3.0f%% %s%s", before, job.progress * 100.0, job.name, after);
    fflush(stderr);
}

static void cancel_all(const proxies *p)
{
    for (int i = 0; i < p->count; i++) kf_worker_cancel_job(p->worker, p->jobs[i]);
}

static void wait_for_all(const proxies *p)
{
    bool asked = false;
    while (!kf_worker_wait(p->worker, p->mode == PROGRESS_LINES ? 1 : 0.2)) {
        show(p);
        if (cli_cancelled && !asked) cancel_all(p);
        asked = cli_cancelled;
    }
    progress_end(p->mode);
}

/* A line for each; the status of the first that failed. */
static int report(const proxies *p)
{
    int code = 0;
    for (int i = 0; i < p->count; i++) {
        kf_work_job job;
        if (!kf_worker_job(p->worker, p->jobs[i], &job)) continue;
        if (job.state == KF_JOB_DONE) printf("%s\n", job.output);
        if (job.state == KF_JOB_FAILED) fprintf(stderr, "kerf: %s\n", job.error);
        int own = job.state == KF_JOB_CANCELLED ? KF_ERR_CANCELLED : job.state == KF_JOB_FAILED ? (int)job.status : 0;
        code = code ? code : own;
    }
    return code;
}

static int make_all(proxies *p, const cli_options *o, char **media)
{
    kf_error error = {0};
    cli_catch_signals();
    if (begin(p, o, media, &error) != KF_OK) return cli_fail(&error);
    wait_for_all(p);
    return report(p);
}

int run_proxy(const cli_options *o, char **arguments, int count)
{
    kf_error error = {0};
    kf_worker_params params = kf_worker_params_default();
    proxies p = {.count = count};
    if (!progress_mode_parse(o->progress, &p.mode) || p.mode == PROGRESS_JSON)
        return cli_usage_error("--progress is auto, plain or none, not \"%s\"", o->progress);
    if (o->nice < 0 || o->nice > 19) return cli_usage_error("--nice is a number from 0 to 19");
    params.nice = o->nice > 0 ? (int32_t)o->nice : 1;
    if (kf_worker_create(&params, &p.worker, &error) != KF_OK) return cli_fail(&error);
    p.jobs = calloc((size_t)count, sizeof *p.jobs);
    int code = p.jobs ? make_all(&p, o, arguments) : KF_ERR_MEMORY;
    free(p.jobs);
    kf_worker_destroy(p.worker);
    return code;
}

/* ---- cache ---- */

static void print_cache(kf_worker *worker, bool json)
{
    kf_worker_stats s = kf_worker_get_stats(worker);
    if (json) {
        putchar('{');
        cli_print_json_text("folder", kf_worker_folder(worker));
        printf(",\"bytes\":%lld}\n", (long long)s.disk_bytes);
    } else {
        printf("%s: %.1f MB\n", kf_worker_folder(worker), (double)s.disk_bytes / 1e6);
    }
}

int run_cache(const cli_options *o, char **arguments, int count)
{
    kf_error error = {0};
    kf_worker *worker;
    if (count && strcmp(arguments[0], "clear") != 0)
        return cli_usage_error("`kerf cache` takes \"clear\" or nothing, not \"%s\"", arguments[0]);
    if (kf_worker_create(NULL, &worker, &error) != KF_OK) return cli_fail(&error);
    if (count) kf_worker_clear_cache(worker);
    print_cache(worker, o->json);
    kf_worker_destroy(worker);
    return 0;
}
