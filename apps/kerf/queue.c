/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf queue: the render queue that the editor has, too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "kerf/queue.h"

/* ---- list ---- */

static void print_json(const kf_render_job *job)
{
    printf("{\"id\":%" PRIu64 ",\"state\":\"%s\",", job->id, kf_job_state_name(job->state));
    cli_print_json_text("name", job->name);
    putchar(',');
    cli_print_json_text("output", job->output);
    printf(",\"frame\":%" PRId64 ",\"frames\":%" PRId64 ",\"fps\":%.2f,\"speed\":%.3f,\"eta\":%.1f,\"added\":%" PRId64
           ",\"started\":%" PRId64 ",\"ended\":%" PRId64 ",\"bytes\":%" PRId64 ",\"status\":\"%s\",\"warnings\":%d,",
           job->progress.frame, job->progress.frames, job->progress.frames_per_second, job->progress.speed,
           job->progress.eta_seconds, job->added, job->started, job->ended, job->bytes, kf_status_text(job->status),
           (int)job->warnings);
    cli_print_json_text("warning", job->warning);
    putchar(',');
    cli_print_json_text("message", job->message);
    puts("}");
}

static void print_plain(const kf_render_job *job)
{
    const kf_progress *p = &job->progress;
    double part = p->frames > 0 ? 100.0 * (double)p->frame / (double)p->frames : 0;
    printf("%4" PRIu64 "  %-9s  %3.0f%%  %s\n", job->id, kf_job_state_name(job->state), part, job->output);
    if (job->message[0]) printf("      %s\n", job->message);
    if (job->warning[0]) printf("      warning: %s\n", job->warning);
}

static int print_list(kf_render_queue *queue, bool json)
{
    const kf_job_list *list;
    kf_error error = {0};
    if (kf_render_queue_list(queue, &list, &error) != KF_OK) return cli_fail(&error);
    for (int i = 0; i < list->count; i++) (json ? print_json : print_plain)(&list->jobs[i]);
    kf_job_list_free(list);
    return 0;
}

/* ---- add ---- */

static int add(kf_render_queue *queue, const cli_options *o, const char *path)
{
    kf_film_handle *film;
    kf_error error = {0};
    kf_render_params p;
    uint64_t id = 0;
    if (!path || !o->output) return cli_usage_error("kerf queue add needs FILM and -o OUT");
    if (cli_open_film(path, &film, &error) != KF_OK) return cli_fail(&error);
    kf_status status = cli_render_params(film, o, &p, &error);
    const kf_render_job_params job = {.film = film, .name = o->name, .render = &p};
    if (status == KF_OK) status = kf_render_queue_add(queue, &job, &id, &error);
    kf_film_close(film);
    if (status != KF_OK) return cli_fail(&error);
    printf("%" PRIu64 "\n", id);
    return 0;
}

/* ---- run ---- */

/* What the jobs are at, told where it changes. */
typedef struct watching {
    uint64_t *ids;
    kf_job_state *states;
    int count;
    kf_status failed;        /* of the first job that did while we watched */
} watching;

static int find(const watching *w, uint64_t id)
{
    int i = 0;
    while (i < w->count && w->ids[i] != id) i++;
    return i;
}

static void tell(watching *w, const kf_render_job *job, bool new)
{
    if (new && job->state > KF_JOB_PAUSED) return; /* ended before */
    printf("%" PRIu64 " %s: %s%s%s\n", job->id, job->output, kf_job_state_name(job->state), job->message[0] ? ": " : "",
           job->message);
    fflush(stdout);
    if (job->state == KF_JOB_FAILED && w->failed == KF_OK) w->failed = job->status;
}

/* True if there is more to come of the job. */
static bool watch(watching *w, const kf_render_job *job)
{
    int i = find(w, job->id);
    bool new = i == w->count;
    if (new) {
        uint64_t *ids = realloc(w->ids, sizeof *ids * (size_t)(i + 1));
        kf_job_state *states = ids ? realloc(w->states, sizeof *states * (size_t)(i + 1)) : NULL;
        if (ids) w->ids = ids;
        if (!states) return false;
        w->states = states;
        w->ids[w->count++] = job->id;
    }
    if (new || w->states[i] != job->state) tell(w, job, new);
    w->states[i] = job->state;
    bool held = job->state == KF_JOB_PAUSED && job->started != 0; /* it would end with us */
    return job->state == KF_JOB_QUEUED || job->state == KF_JOB_RUNNING || held;
}

static int run(kf_render_queue *queue)
{
    const struct timespec moment = {0, 50000000};
    watching w = {0};
    int left = 1;
    cli_catch_signals();
    while (left > 0 && !cli_cancelled) {
        const kf_job_list *list;
        kf_error error = {0};
        left = 0;
        if (kf_render_queue_list(queue, &list, &error) != KF_OK) return cli_fail(&error);
        for (int i = 0; i < list->count; i++) left += watch(&w, &list->jobs[i]);
        kf_job_list_free(list);
        if (left > 0) nanosleep(&moment, NULL);
    }
    free(w.ids);
    free(w.states);
    return cli_cancelled ? KF_ERR_CANCELLED : (int)w.failed;
}

/* ---- what is done to one job ---- */

typedef kf_status job_function(kf_render_queue *, uint64_t, kf_error *);
typedef struct job_action {
    const char *name;
    job_function *run;
} job_action;

static const job_action actions[] = {
    {"pause", kf_render_queue_pause}, {"resume", kf_render_queue_resume}, {"cancel", kf_render_queue_cancel},
    {"retry", kf_render_queue_retry}, {"remove", kf_render_queue_remove},
};

static const job_action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, name) == 0) return &actions[i];
    return NULL;
}

static int act(kf_render_queue *queue, const job_action *action, const char *id)
{
    char *end = NULL;
    kf_error error = {0};
    unsigned long long number = id ? strtoull(id, &end, 10) : 0;
    if (!id || *end || number == 0)
        return cli_usage_error("kerf queue %s needs the number of a job; `kerf queue` lists them", action->name);
    return action->run(queue, number, &error) == KF_OK ? 0 : cli_fail(&error);
}

int run_queue(const cli_options *o, char **arguments, int count)
{
    const char *name = count > 0 ? arguments[0] : "list", *what = count > 1 ? arguments[1] : NULL;
    const job_action *action = find_action(name);
    kf_render_queue *queue;
    kf_error error = {0};
    bool runs = strcmp(name, "run") == 0, adds = strcmp(name, "add") == 0;
    if (!action && !runs && !adds && strcmp(name, "list") != 0)
        return cli_usage_error("kerf queue: \"%s\" is none of list, add, run, pause, resume, cancel, retry, remove", name);
    kf_render_queue_params params = kf_render_queue_params_default();
    params.starts = runs;
    params.at_once = (int32_t)o->jobs;
    if (kf_render_queue_create(&params, &queue, &error) != KF_OK) return cli_fail(&error);
    int code = adds ? add(queue, o, what) : runs ? run(queue) : action ? act(queue, action, what)
                                                                      : print_list(queue, o->json);
    kf_render_queue_destroy(queue);
    return code;
}
