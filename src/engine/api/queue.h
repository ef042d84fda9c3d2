/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The render queue; implements kerf/queue.h, which says what the functions do. Thread-safe. */
#ifndef KF_ENGINE_QUEUE_H
#define KF_ENGINE_QUEUE_H

#include "kerf/queue.h"
#include "model/api/model.h"

typedef struct kf_engine_job {
    const kf_film *film;
    const char *film_path;     /* NULL: none */
    const char *name;
    const kf_render_params *render;
    kf_write_fn *write;        /* NULL: a file is written */
    void *context;
} kf_engine_job;

typedef enum kf_job_action { KF_JOB_PAUSE, KF_JOB_RESUME, KF_JOB_CANCEL, KF_JOB_RETRY, KF_JOB_REMOVE } kf_job_action;

kf_status kf_engine_queue_create(const kf_render_queue_params *params, kf_render_queue **out, kf_error *err);
void kf_engine_queue_destroy(kf_render_queue *queue);
void kf_engine_queue_set_starts(kf_render_queue *queue, bool starts);
kf_status kf_engine_queue_add(kf_render_queue *queue, const kf_engine_job *job, uint64_t *id, kf_error *err);
kf_status kf_engine_queue_act(kf_render_queue *queue, uint64_t id, kf_job_action action, kf_error *err);
kf_status kf_engine_queue_move(kf_render_queue *queue, uint64_t id, uint64_t before, kf_error *err);
kf_status kf_engine_queue_list(kf_render_queue *queue, const kf_job_list **out, kf_error *err);
void kf_engine_job_list_free(const kf_job_list *list);
const char *kf_engine_job_state_name(kf_job_state state);

#endif
