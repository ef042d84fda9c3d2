/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The background worker for the main thread: one for the application, its events as a signal.
 *
 *   "event" (int kf_work_kind, char *path, gboolean done)   what was asked for has come, or changed; told once for each kind
 *                                        and path in a turn of the main loop, at most some twenty times a second */
#ifndef KERF_EDITOR_WORKERS_H
#define KERF_EDITOR_WORKERS_H

#include <gio/gio.h>

#include "kerf/worker.h"

#define KERF_TYPE_WORKER (kerf_worker_get_type())
G_DECLARE_FINAL_TYPE(KerfWorker, kerf_worker, KERF, WORKER, GObject)

/* settings: group "memory" (worker in MiB, disk in GiB). */
KerfWorker *kerf_worker_new(GKeyFile *settings);
/* NULL if it could not be made: then there are no thumbnails. */
kf_worker *kerf_worker_get(KerfWorker *worker);

#endif
