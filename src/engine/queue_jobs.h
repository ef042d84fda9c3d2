/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the render queue: its jobs in memory and on disk, and their processes.
 *
 * A queue's folder holds `queue.json`, the list of jobs; `lock`, which whoever reads or changes the list holds (flock);
 * and a folder per job, by its number, with film.json, what its process says (`said`, JSON lines; `messages`, for
 * people) and `process`: its number, in a file that the process itself keeps locked as long as it lives. */
#ifndef KF_ENGINE_QUEUE_JOBS_H
#define KF_ENGINE_QUEUE_JOBS_H

#include <sys/types.h>

#include "base/api/status.h"
#include "kerf/queue.h"

typedef struct kf_queue_job {
    kf_render_job info;        /* its texts are the job's own, never NULL */
    char *folder;              /* from which the film's relative paths are */
    char **arguments;          /* of `kerf render`, besides film, output and limits */
    size_t argument_count, argument_capacity;
    bool process;              /* has been started, and its end has not been seen to */
    bool bound;                /* ends with the queue that started it */
    bool removed;              /* goes when its process has ended */
    bool streams;              /* its output is a pipe that the handle which added it reads */
    /* Of this handle, not on disk: */
    int64_t read;              /* bytes of `said` */
    bool finished;             /* it said that it is done */
    double since;              /* seconds and frame of its run from which its speed counts: pauses do not; -1: none yet */
    int64_t since_frame;
    pid_t child;               /* our own, to be waited for; 0 */
    int leash;                 /* the other end of its standard input; -1 */
    struct kf_queue_stream *stream; /* of jobs that this handle reads; NULL */
} kf_queue_job;

typedef struct kf_queue_jobs {
    kf_queue_job *items;
    size_t count, capacity;
    uint64_t next;             /* id */
} kf_queue_jobs;

/* ---- queue_jobs.c ---- */
void kf_queue_job_finish(kf_queue_job *job);
void kf_queue_jobs_finish(kf_queue_jobs *jobs);
kf_queue_job *kf_queue_jobs_find(kf_queue_jobs *jobs, uint64_t id); /* NULL */
/* Takes the job over; false: out of memory. */
bool kf_queue_jobs_add(kf_queue_jobs *jobs, const kf_queue_job *job);
void kf_queue_jobs_drop(kf_queue_jobs *jobs, kf_queue_job *job);
/* Puts a job before another (NULL: at the end). */
void kf_queue_jobs_move(kf_queue_jobs *jobs, kf_queue_job *job, const kf_queue_job *before);
/* Before a run, or once more. */
bool kf_queue_job_reset(kf_queue_job *job);
/* Adds a word to the arguments; false: out of memory. */
bool kf_queue_argument(kf_queue_job *job, const char *word);
/* Replaces a text of the job's; false: out of memory. */
bool kf_queue_text(const char **text, const char *value);
/* What the caller sees of the jobs that are not removed. NULL: out of memory. */
const kf_job_list *kf_queue_publish(const kf_queue_jobs *jobs);
const kf_job_list *kf_job_list_ref(const kf_job_list *list);
void kf_job_list_unref(const kf_job_list *list);

/* ---- queue.c ---- */
struct kf_render_queue;
/* The list as it is on disk, for this thread alone until kf_queue_leave. On failure nothing is held. */
kf_status kf_queue_enter(struct kf_render_queue *queue, kf_queue_jobs **out, kf_error *err);
/* Writes the list if it was changed; on failure it is as it was before. */
kf_status kf_queue_leave(struct kf_render_queue *queue, bool changed, kf_error *err);
/* A path in the queue's folder; kf_free, NULL: out of memory. */
char *kf_queue_path(const struct kf_render_queue *queue, const char *name);
char *kf_queue_job_path(const struct kf_render_queue *queue, uint64_t id);

/* ---- queue_add.c ---- */
/* KF_ERR_EXISTS: something is at the job's output, or another unfinished job writes it. */
kf_status kf_queue_check_free(const kf_queue_jobs *jobs, const kf_queue_job *job, kf_error *err);

/* ---- queue_file.c ---- */
kf_status kf_queue_read(const char *path, kf_queue_jobs *out, kf_error *err); /* empty if there is no file */
kf_status kf_queue_write(const char *path, const kf_queue_jobs *jobs, kf_error *err);
/* Fills frames, messages and results of the job from the lines of `said` that are new. True if something is. */
bool kf_queue_hear(const char *folder, kf_queue_job *job);

/* ---- queue_stream.c ---- */
typedef struct kf_queue_stream kf_queue_stream;
/* Makes a pipe at the path and hands what comes to `write`, on a thread of its own. */
kf_status kf_queue_stream_start(const char *path, kf_write_fn *write, void *context, kf_queue_stream **out,
                                kf_error *err);
/* Once the process is gone: whether all has been handed out. Never waits. */
bool kf_queue_stream_drained(kf_queue_stream *stream);
/* Nothing more is handed out. */
void kf_queue_stream_drop(kf_queue_stream *stream);
/* Drops what is left, and waits for `write` to return. NULL is fine. */
void kf_queue_stream_end(kf_queue_stream *stream);
bool kf_queue_stream_is_read(const char *path); /* by anybody */

/* ---- queue_child.c ---- */
typedef struct kf_queue_launch {
    const char *executable;
    int32_t niceness;
    int64_t memory_limit;
    bool outlive;
} kf_queue_launch;
/* `folder` is the job's. */
kf_status kf_queue_child_start(const kf_queue_launch *launch, const char *folder, kf_queue_job *job, kf_error *err);
/* The number of the job's process, whoever started it; 0: there is none. */
pid_t kf_queue_child_find(const char *folder);
/* What became of a job whose process has ended. */
void kf_queue_child_settle(const char *folder, kf_queue_job *job);
void kf_queue_folder_remove(const char *folder);

#endif
