/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <time.h>

#include "engine/player/internal.h"

void kf_signal_init(kf_signal *s)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&s->cond, &how);
    pthread_condattr_destroy(&how);
    s->raised = false;
}

void kf_signal_finish(kf_signal *s)
{
    pthread_cond_destroy(&s->cond);
}

void kf_signal_raise(kf_signal *s)
{
    s->raised = true;
    pthread_cond_signal(&s->cond);
}

void kf_signal_wait(kf_signal *s, pthread_mutex_t *lock, int64_t until)
{
    const struct timespec at = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
    int expired = 0;
    while (!s->raised && !expired) {
        if (until > 0)
            expired = pthread_cond_timedwait(&s->cond, lock, &at);
        else
            pthread_cond_wait(&s->cond, lock);
    }
    s->raised = false;
}
