/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "task.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* References: that of its calls, which ends when the thread was joined, and that of the handle. */
struct kn_task {
    const kn_work *kind;
    void *work;
    atomic_int references;
    bool cancel;
    kf_error error;
    pthread_t thread;
    napi_threadsafe_function calls;
    pthread_mutex_t lock; /* of the following */
    bool closed;          /* `calls` is not to be used any more */
    int64_t waiting;      /* bytes that were told of and not taken */
    pthread_cond_t taken;
};

typedef struct message {
    const char *event;
    kn_make *make;
    void *data;
} message;

static void release(napi_env env, kn_task *task)
{
    if (atomic_fetch_sub(&task->references, 1) != 1) return;
    task->kind->free(env, task->work);
    pthread_cond_destroy(&task->taken);
    pthread_mutex_destroy(&task->lock);
    free(task);
}

static void cancel(kn_task *task)
{
    pthread_mutex_lock(&task->lock);
    task->cancel = true;
    pthread_cond_signal(&task->taken);
    pthread_mutex_unlock(&task->lock);
}

const bool *kn_task_cancelled(const kn_task *task)
{
    return &task->cancel;
}

/* ---- The task's thread ---- */

bool kn_task_room(kn_task *task, int64_t bytes, int64_t most)
{
    pthread_mutex_lock(&task->lock);
    while (!task->cancel && task->waiting >= most) pthread_cond_wait(&task->taken, &task->lock);
    task->waiting += bytes;
    bool room = !task->cancel;
    pthread_mutex_unlock(&task->lock);
    return room;
}

static void drop(message *m)
{
    if (m->make) m->make(NULL, m->data);
    free(m);
}

void kn_task_tell(kn_task *task, const char *event, kn_make *make, void *data)
{
    message *m = malloc(sizeof *m);
    if (!m) {
        if (make) make(NULL, data);
        return;
    }
    *m = (message){event, make, data};
    pthread_mutex_lock(&task->lock);
    bool sent = !task->closed && napi_call_threadsafe_function(task->calls, m, napi_tsfn_nonblocking) == napi_ok;
    pthread_mutex_unlock(&task->lock);
    if (!sent) drop(m);
}

static napi_value make_end(napi_env env, void *data)
{
    kn_task *task = data;
    if (!env) return NULL;
    if (task->error.status != KF_OK) return kn_error(env, &task->error);
    return task->kind->result ? task->kind->result(env, task->work) : kn_undefined(env);
}

static void *run(void *arg)
{
    kn_task *task = arg;
    kf_status status = task->kind->run(task, task->work, &task->error);
    task->error.status = status;
    kn_task_tell(task, status == KF_OK ? "done" : "error", make_end, task);
    return NULL;
}

/* ---- The environment's thread ---- */

/* env is NULL when the environment ends. */
static void call(napi_env env, napi_value listener, void *context, void *data)
{
    kn_task *task = context;
    message *m = data;
    if (!env || !listener) {
        drop(m);
        return;
    }
    bool last = m->make == make_end;
    napi_value arguments[2] = {kn_text(env, m->event), m->make ? m->make(env, m->data) : kn_undefined(env)};
    free(m);
    napi_call_function(env, kn_undefined(env), listener, 2, arguments, NULL);
    if (last) napi_release_threadsafe_function(task->calls, napi_tsfn_release);
}

/* After the last message, or when the environment ends. */
static void close_calls(napi_env env, void *data, void *hint)
{
    kn_task *task = data;
    pthread_mutex_lock(&task->lock);
    task->closed = true;
    pthread_mutex_unlock(&task->lock);
    cancel(task);
    pthread_join(task->thread, NULL);
    release(env, task);
}

static void finalize_handle(napi_env env, void *data, void *hint)
{
    release(env, data);
}

napi_value kn_task_cancel(napi_env env, napi_callback_info info)
{
    size_t count = 1;
    napi_value handle;
    void *data = NULL;
    napi_get_cb_info(env, info, &count, &handle, NULL, NULL);
    if (count == 1 && napi_get_value_external(env, handle, &data) == napi_ok) cancel(data);
    return kn_undefined(env);
}

napi_value kn_task_taken(napi_env env, napi_callback_info info)
{
    size_t count = 2;
    napi_value arguments[2];
    void *data = NULL;
    double bytes = 0;
    napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
    if (count < 2 || napi_get_value_external(env, arguments[0], &data) != napi_ok) return kn_undefined(env);
    kn_task *task = data;
    napi_get_value_double(env, arguments[1], &bytes);
    pthread_mutex_lock(&task->lock);
    task->waiting -= (int64_t)bytes;
    pthread_cond_signal(&task->taken);
    pthread_mutex_unlock(&task->lock);
    return kn_undefined(env);
}

/* Its thread waits at the lock until the calls are there. */
static bool launch(napi_env env, kn_task *task, napi_value listener)
{
    pthread_mutex_lock(&task->lock);
    bool started = pthread_create(&task->thread, NULL, run, task) == 0;
    bool good = started && napi_create_threadsafe_function(env, listener, NULL, kn_text(env, "kerf"), 0, 1, task,
                                                           close_calls, task, call, &task->calls) == napi_ok;
    task->closed = !good;
    task->cancel = !good;
    pthread_mutex_unlock(&task->lock);
    if (started && !good) pthread_join(task->thread, NULL);
    return good;
}

napi_value kn_task_start(napi_env env, const kn_work *kind, void *work, napi_value listener)
{
    kn_task *task = calloc(1, sizeof *task);
    napi_value handle;
    if (!task) {
        kind->free(env, work);
        kn_throw(env, KF_ERR_MEMORY, "out of memory");
        return kn_undefined(env);
    }
    task->kind = kind;
    task->work = work;
    atomic_init(&task->references, 1);
    pthread_mutex_init(&task->lock, NULL);
    pthread_cond_init(&task->taken, NULL);
    if (!launch(env, task, listener)) {
        release(env, task);
        kn_throw(env, KF_ERR_MEMORY, "a thread cannot be started");
        return kn_undefined(env);
    }
    if (napi_create_external(env, task, finalize_handle, NULL, &handle) != napi_ok) return kn_undefined(env);
    atomic_fetch_add(&task->references, 1);
    return handle;
}
