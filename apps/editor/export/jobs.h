/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that goes on in the background, exports and work on media alike, in words. */
#ifndef KERF_EDITOR_JOBS_H
#define KERF_EDITOR_JOBS_H

#include "app.h"

typedef struct KerfJob {
    gboolean render;          /* of the render queue; else of the worker */
    guint64 id;               /* there */
    kf_job_state state;
    double part;              /* 0..1 */
    char *name, *output;      /* output: a path, "" if there is none */
    char *status;             /* "42 %, 31 frames a second, 0:32 left", or what went wrong */
} KerfJob;

/* Of KerfJob, owned by it; exports first, each kind in its own order, at most some of the others. New. */
GPtrArray *kerf_jobs(KerfApp *app);
gboolean kerf_job_runs(const KerfJob *job);
gboolean kerf_job_ended(const KerfJob *job);

#endif
