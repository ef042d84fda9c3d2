/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "engine/assets.h"

void kf_warnings_init(kf_warnings *w, kf_problem_fn *fn, void *ctx)
{
    memset(w, 0, sizeof *w);
    w->fn = fn;
    w->ctx = ctx;
    pthread_mutex_init(&w->lock, NULL);
}

void kf_warnings_finish(kf_warnings *w)
{
    pthread_mutex_destroy(&w->lock);
}

static bool is_new(kf_warnings *w, const char *text)
{
    uint64_t h = 14695981039346656037u;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 1099511628211u;
    for (int i = 0; i < w->count; i++)
        if (w->seen[i] == h) return false;
    if (w->count == (int)(sizeof w->seen / sizeof *w->seen)) return false;
    w->seen[w->count++] = h;
    return true;
}

void kf_warn(kf_warnings *w, kf_status status, const char *format, ...)
{
    kf_error e = {.status = status};
    va_list args;
    va_start(args, format);
    vsnprintf(e.message, sizeof e.message, format, args);
    va_end(args);
    pthread_mutex_lock(&w->lock);
    if (is_new(w, e.message) && w->fn) w->fn(w->ctx, &e);
    pthread_mutex_unlock(&w->lock);
}
