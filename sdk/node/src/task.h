/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Work on a thread of its own, which tells a listener in JavaScript what happens: listener(event, value), on the
 * environment's thread, last of all "done" or "error". When the environment ends (a worker thread is terminated), its
 * tasks are cancelled and waited for. */
#ifndef KF_SDK_NODE_TASK_H
#define KF_SDK_NODE_TASK_H

#include "values.h"

typedef struct kn_task kn_task;

/* Makes the value of an event from what the thread left; frees `data`, also when env is NULL: nobody listens any more. */
typedef napi_value kn_make(napi_env env, void *data);

typedef struct kn_work {
    kf_status (*run)(kn_task *task, void *work, kf_error *error); /* on the task's thread */
    kn_make *result;         /* of "done"; data is the work, which it does not free. NULL: undefined */
    void (*free)(napi_env env, void *work); /* on the environment's thread */
} kn_work;

/* Starts the work, which the task takes over whatever happens. Returns a handle for kn_task_cancel, or undefined with an
 * exception pending. */
napi_value kn_task_start(napi_env env, const kn_work *kind, void *work, napi_value listener);
/* cancel(handle), for JavaScript: tells the work to stop, which then ends as it can. */
napi_value kn_task_cancel(napi_env env, napi_callback_info info);

/* taken(handle, bytes), for JavaScript: what it has done with. */
napi_value kn_task_taken(napi_env env, napi_callback_info info);

/* ---- For the task's thread ---- */
/* True from when it is to stop; as kf_render takes it. */
const bool *kn_task_cancelled(const kn_task *task);
/* Bytes that were told of and not yet taken (see kn_task_taken): waits until there are less than `most`, or the task is to
 * stop; false then. */
bool kn_task_room(kn_task *task, int64_t bytes, int64_t most);
/* Calls the listener with event (a constant) and what `make` makes of data. Does not wait. */
void kn_task_tell(kn_task *task, const char *event, kn_make *make, void *data);

#endif
