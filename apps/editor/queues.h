/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The render queue for the main thread: one for the application. What touches the disk is done on a thread of its own, in the
 * order it was asked for. The queue starts jobs only when it is told to, and until none is left.
 *
 *   "changed"                 the list is another one, or whether jobs are started; at most ten times a second
 *   "ended" (guint64 id)      a job was finished, or failed, since the queue was opened
 *   "problem" (char *text)    what was asked for was refused */
#ifndef KERF_EDITOR_QUEUES_H
#define KERF_EDITOR_QUEUES_H

#include <gio/gio.h>

#include "kerf/queue.h"

#define KERF_TYPE_QUEUE (kerf_queue_get_type())
G_DECLARE_FINAL_TYPE(KerfQueue, kerf_queue, KERF, QUEUE, GObject)

/* Opens the user's queue, in the background. */
KerfQueue *kerf_queue_new(void);
/* Waits until what was asked for is written down. Jobs that run go on. */
void kerf_queue_close(KerfQueue *queue);
/* NULL: it is not open yet, or could not be. Borrowed until the next "changed" has been handled. */
const kf_job_list *kerf_queue_list(KerfQueue *queue);
/* NULL: not listed. As borrowed. */
const kf_render_job *kerf_queue_job(KerfQueue *queue, guint64 id);
/* Why it could not be opened; NULL if it could, or may yet. */
const char *kerf_queue_problem(KerfQueue *queue);

gboolean kerf_queue_starts(KerfQueue *queue);
void kerf_queue_set_starts(KerfQueue *queue, gboolean starts);

typedef enum KerfQueueAct {
    KERF_QUEUE_PAUSE, KERF_QUEUE_RESUME, KERF_QUEUE_CANCEL, KERF_QUEUE_RETRY, KERF_QUEUE_REMOVE, KERF_QUEUE_EARLIER,
    KERF_QUEUE_LATER
} KerfQueueAct;
void kerf_queue_act(KerfQueue *queue, guint64 id, KerfQueueAct act);

/* What is to be rendered. */
typedef struct KerfQueueJob {
    kf_film_handle *film;     /* owned */
    const char *name;         /* as in kf_render_job_params; this and all texts of `render` live in `texts` */
    kf_render_params render;
    GStringChunk *texts;
} KerfQueueJob;
/* Takes the film over. Default params. */
KerfQueueJob *kerf_queue_job_new(kf_film_handle *film);
void kerf_queue_job_free(KerfQueueJob *job);
/* A copy that lives as long as the job; NULL and "" give NULL. */
const char *kerf_queue_job_text(KerfQueueJob *job, const char *text);

/* Puts a job at the end; takes it over. added: called on the main thread. error NULL: it is in the queue; else the job is given
 * back. */
typedef void KerfQueueAdded(gpointer data, KerfQueueJob *job, const kf_error *error);
void kerf_queue_add(KerfQueue *queue, KerfQueueJob *job, KerfQueueAdded *added, gpointer data);

#endif
