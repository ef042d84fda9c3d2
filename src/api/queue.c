/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/queue.h. */
#include "kerf/queue.h"

#include "api/films.h"
#include "engine/api/queue.h"

kf_render_queue_params kf_render_queue_params_default(void)
{
    return (kf_render_queue_params){.at_once = 1, .starts = true, .niceness = 5};
}

static kf_status check_params(const kf_render_queue_params *p, kf_error *error)
{
    if (p->at_once < 1 || p->at_once > 64)
        return kf_fail(error, KF_ERR_USAGE, "%d jobs at once: give a number from 1 to 64", (int)p->at_once);
    if (p->niceness < 0 || p->niceness > 19)
        return kf_fail(error, KF_ERR_USAGE, "niceness %d: give a number from 0 to 19", (int)p->niceness);
    if (p->memory_limit != 0 && p->memory_limit < 64000000)
        return kf_fail(error, KF_ERR_USAGE, "a memory limit of %lld bytes is too little: give 64000000 or more, or 0",
                       (long long)p->memory_limit);
    return KF_OK;
}

kf_status kf_render_queue_create(const kf_render_queue_params *params, kf_render_queue **out, kf_error *error)
{
    kf_render_queue_params p = params ? *params : kf_render_queue_params_default();
    *out = NULL;
    kf_status status = check_params(&p, error);
    return status == KF_OK ? kf_engine_queue_create(&p, out, error) : status;
}

void kf_render_queue_destroy(kf_render_queue *queue)
{
    kf_engine_queue_destroy(queue);
}

void kf_render_queue_set_starts(kf_render_queue *queue, bool starts)
{
    kf_engine_queue_set_starts(queue, starts);
}

kf_status kf_render_queue_add(kf_render_queue *queue, const kf_render_job_params *params, uint64_t *id, kf_error *error)
{
    const bool named = params->render && params->render->output && *params->render->output;
    if (!params->film || !params->render || (!named && !params->write))
        return kf_fail(error, KF_ERR_USAGE, "a job needs a film and an output file");
    kf_status status = kf_check_render_params(params->render, error);
    const kf_engine_job job = {params->film->film, params->film->path, params->name, params->render,
                               params->write, params->context};
    return status == KF_OK ? kf_engine_queue_add(queue, &job, id, error) : status;
}

kf_status kf_render_queue_pause(kf_render_queue *queue, uint64_t id, kf_error *error)
{
    return kf_engine_queue_act(queue, id, KF_JOB_PAUSE, error);
}

kf_status kf_render_queue_resume(kf_render_queue *queue, uint64_t id, kf_error *error)
{
    return kf_engine_queue_act(queue, id, KF_JOB_RESUME, error);
}

kf_status kf_render_queue_cancel(kf_render_queue *queue, uint64_t id, kf_error *error)
{
    return kf_engine_queue_act(queue, id, KF_JOB_CANCEL, error);
}

kf_status kf_render_queue_retry(kf_render_queue *queue, uint64_t id, kf_error *error)
{
    return kf_engine_queue_act(queue, id, KF_JOB_RETRY, error);
}

kf_status kf_render_queue_remove(kf_render_queue *queue, uint64_t id, kf_error *error)
{
    return kf_engine_queue_act(queue, id, KF_JOB_REMOVE, error);
}

kf_status kf_render_queue_move(kf_render_queue *queue, uint64_t id, uint64_t before, kf_error *error)
{
    return kf_engine_queue_move(queue, id, before, error);
}

const char *kf_job_state_name(kf_job_state state)
{
    return kf_engine_job_state_name(state);
}

kf_status kf_render_queue_list(kf_render_queue *queue, const kf_job_list **out, kf_error *error)
{
    return kf_engine_queue_list(queue, out, error);
}

void kf_job_list_free(const kf_job_list *list)
{
    kf_engine_job_list_free(list);
}
