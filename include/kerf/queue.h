/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, the render queue: jobs that write films to files, each in a process of its own. A job holds a
 * copy of its film, so that later edits do not change it. Jobs are kept in a folder: they survive the program, and
 * several programs may have the same queue open at once, such as the editor and `kerf queue`.
 *
 * Conventions as in kerf.h. A queue may be used from any number of threads at once. kf_render_queue_list never waits; the
 * other functions write a small file (kf_render_queue_add a film), so that a thread that draws should not call them. */
#ifndef KERF_QUEUE_H
#define KERF_QUEUE_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kf_render_queue kf_render_queue;

typedef struct kf_render_queue_params {
    const char *folder;      /* where the jobs are kept; NULL: $XDG_STATE_HOME/kerf/queue, else ~/.local/state/kerf/queue */
    const char *executable;  /* the `kerf` that renders; NULL: the one beside the running program, else that of PATH */
    int32_t at_once;         /* how many jobs run at the same time, 1 to 64; paused ones do not count */
    bool starts;             /* this queue starts the jobs that wait; without, it only looks after those that run */
    bool outlive;            /* jobs that this queue started go on when it is destroyed or its process ends, however it
                              * ends; else they are stopped then, and begin anew with the next queue that starts jobs */
    int32_t niceness;        /* of the processes: 0 (as this one) to 19 (gives way to all others) */
    int64_t memory_limit;    /* bytes that a job's process may allocate, stacks of threads too, before it fails and says
                              * so; 0: no limit */
    void (*changed)(void *context); /* something in the list is different, at most ten times a second; called on a thread
                                     * of the queue's, may list, must not wait for long; may be NULL */
    void *context;
} kf_render_queue_params;
/* One job at once, starts, niceness 5. */
KF_API kf_render_queue_params kf_render_queue_params_default(void);

/* Opens the queue of a folder, which is made if need be, with the jobs that it has. params may be NULL. KF_ERR_PARSE: its
 * file is damaged. */
KF_API kf_status kf_render_queue_create(const kf_render_queue_params *params, kf_render_queue **out, kf_error *error);
/* NULL is fine. Waits for `changed` to return, not for jobs. */
KF_API void kf_render_queue_destroy(kf_render_queue *queue);
/* Whether this queue starts jobs, from now on. Those that run go on. */
KF_API void kf_render_queue_set_starts(kf_render_queue *queue, bool starts);

/* ---- Jobs ---- */

typedef struct kf_render_job_params {
    const kf_film_handle *film;     /* borrowed for the call */
    const char *name;               /* for people; NULL: the output's */
    const kf_render_params *render; /* output is needed, without `write`. Callbacks, hash, cancel, null_output and
                                     * profile_stages are not used */
    kf_write_fn *write;             /* not NULL: gets the bytes of the job's process while they are made, in
                                     * render->container, on a thread of the queue's; output is not used. It may wait: then
                                     * the process waits. All has come when the job is done. Such a job ends with this
                                     * handle, whose destroy waits for `write` to return, and cannot be retried */
    void *context;                  /* of write */
} kf_render_job_params;
/* Puts a job at the end. KF_ERR_EXISTS: there is a file at the output, or an unfinished job writes it, and overwrite was
 * not asked for; KF_ERR_NOT_FOUND: no such preset, or no folder for the output; KF_ERR_INVALID: the output is used by the
 * film. *id (may be NULL) is the job's, never used again. */
KF_API kf_status kf_render_queue_add(kf_render_queue *queue, const kf_render_job_params *params, uint64_t *id,
                                     kf_error *error);

/* KF_ERR_NOT_FOUND of the following: there is no such job; KF_ERR_INVALID: it is not in a state for that. */
/* Of a job that waits or runs. A running one stands still at once and keeps its memory; another may run meanwhile. */
KF_API kf_status kf_render_queue_pause(kf_render_queue *queue, uint64_t id, kf_error *error);
KF_API kf_status kf_render_queue_resume(kf_render_queue *queue, uint64_t id, kf_error *error);
/* Of a job that has not ended. Leaves nothing at the output, and an older file as it was. */
KF_API kf_status kf_render_queue_cancel(kf_render_queue *queue, uint64_t id, kf_error *error);
/* Begins a job that ended anew, with the same film. KF_ERR_EXISTS as for kf_render_queue_add. */
KF_API kf_status kf_render_queue_retry(kf_render_queue *queue, uint64_t id, kf_error *error);
/* Takes a job out of the list, cancelling it if need be. What it wrote stays. */
KF_API kf_status kf_render_queue_remove(kf_render_queue *queue, uint64_t id, kf_error *error);
/* Puts a job before another one, or with 0 at the end. Jobs start in order. */
KF_API kf_status kf_render_queue_move(kf_render_queue *queue, uint64_t id, uint64_t before, kf_error *error);

typedef struct kf_render_job {
    uint64_t id;
    const char *name, *output; /* output: an absolute path */
    const char *preset;        /* "": the output's extension decides */
    kf_job_state state;
    kf_progress progress;      /* of the present run or the last; eta_seconds is negative while not known */
    kf_status status;          /* of a failed job, with what went wrong and what to do; else KF_OK and "" */
    const char *message;
    int32_t warnings;          /* that the run gave; the last one follows */
    const char *warning;       /* "": none */
    int64_t added, started, ended; /* seconds since 1970, UTC; 0: not yet */
    int64_t bytes;             /* of the finished file */
} kf_render_job;

/* The jobs at one moment, in order. Immutable. */
typedef struct kf_job_list {
    const kf_render_job *jobs;
    int32_t count;
} kf_job_list;
/* *out is new; end it with kf_job_list_free. */
KF_API kf_status kf_render_queue_list(kf_render_queue *queue, const kf_job_list **out, kf_error *error);
KF_API void kf_job_list_free(const kf_job_list *list); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
