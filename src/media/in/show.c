/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The side of an interactive source that those see who ask: what is there is given, else waited for or stood in for. */
#include "media/in/scrub.h"

/* So long it is worth to wait for a frame that is there in a smaller size. */
static const int64_t smaller_ns = 10000000;

static kf_in_size size_of(const kf_in_scrub *s, const kf_picture_request *r)
{
    const kf_stream_info *info = &s->media->info.streams[s->stream];
    kf_image stored = {.width = info->width, .height = info->height};
    bool smaller = kf_in_smaller(&stored, r->width, r->height);
    return smaller ? (kf_in_size){r->width, r->height} : (kf_in_size){0, 0};
}

/* What is there, into *w. */
static bool find(kf_in_scrub *s, kf_in_waiter *w)
{
    kf_in_cached *c = kf_in_cache_find(&s->kept, w->i);
    kf_in_size has = c ? (kf_in_size){c->width, c->height} : w->size;
    if (!c || (!kf_in_same_size(has, w->size) && has.width)) {
        return false;
    }
    w->fits = kf_in_same_size(has, w->size);
    w->frame = kf_frame_ref(c->frame);
    w->damaged = c->damaged;
    s->stats.cache_hits++;
    return true;
}

/* Whether it can be foreseen that frame i will not be there within `ns`. */
static bool too_far(const kf_in_scrub *s, int64_t i, int64_t ns)
{
    int64_t start = kf_in_index_key_frame(s->index, kf_in_index_key(s->index, i)), least = i - start + 1;
    for (int k = 0; k < KF_IN_PLACES; k++) {
        int64_t last = s->stands[k].last;
        least = last >= start && last < i && i - last < least ? i - last : least;
    }
    return least * s->step_ns > ns;
}

/* Wishes of the same look at several frames stay together; older ones are out of date. */
static void expire_wishes(kf_in_scrub *s, int64_t now)
{
    const int64_t one_look = 100000000;
    while (s->wish_count && now - s->wishes[s->wish_count - 1].ns > one_look) {
        s->wish_count--;
    }
}

static void wish(kf_in_scrub *s, int64_t i)
{
    kf_in_drop_wish(s, i);
    s->wish_count -= s->wish_count == KF_IN_WISHES;
    for (int k = s->wish_count++; k > 0; k--) {
        s->wishes[k] = s->wishes[k - 1];
    }
    s->wishes[0] = (kf_in_wish){i, kf_clock_ns()};
}

static void leave(kf_in_scrub *s, const kf_in_waiter *w)
{
    kf_in_waiter **at = &s->waiting;
    while (*at != w) {
        at = &(*at)->next;
    }
    *at = w->next;
}

/* The nearest picture in its place, while the exact one is being decoded. */
static bool stand_in(kf_in_scrub *s, kf_in_waiter *w, kf_picture_reply *out)
{
    const kf_in_cached *c = kf_in_kept_nearest(s, w->i);
    if (!c) {
        return false;
    }
    out->frame = kf_frame_ref(c->frame);
    out->damaged = c->damaged;
    leave(s, w);
    wish(s, w->i);
    return true;
}

/* True when *out has a stand-in, false when w is done. */
static bool wait_for(kf_in_scrub *s, kf_in_waiter *w, int64_t deadline, kf_picture_reply *out)
{
    const int64_t now = kf_clock_ns(), soon = kf_in_kept_has(s, w->i) ? now + smaller_ns : deadline;
    deadline = soon < deadline ? soon : deadline; /* it is there, only smaller */
    if (deadline && too_far(s, w->i, deadline - now)) {
        deadline = 1;
    }
    while (!w->done) {
        int64_t left = deadline ? deadline - kf_clock_ns() : 0;
        if (deadline && left <= 0 && stand_in(s, w, out)) {
            return true;
        }
        if (left > 0) {
            struct timespec until = kf_in_time_after(left);
            pthread_cond_timedwait(&s->done, &s->mutex, &until);
        } else {
            pthread_cond_wait(&s->done, &s->mutex);
        }
    }
    return false;
}

static kf_status show_locked(kf_in_scrub *s, kf_in_waiter *w, int64_t deadline, kf_picture_reply *out)
{
    int64_t now = kf_clock_ns();
    kf_in_heads_look(&s->heads, w->i, now);
    expire_wishes(s, now);
    s->view = w->size;
    s->resting = false;
    kf_in_kept_look(s);
    if (kf_in_cancelled(w->cancel)) {
        return kf_fail(w->err, KF_ERR_CANCELLED, "stopped on request");
    }
    bool there = find(s, w);
    kf_status status = kf_in_scrub_start(s, w->err);
    if (status || there) {
        pthread_cond_signal(&s->work);
        return there ? KF_OK : status;
    }
    w->next = s->waiting;
    s->waiting = w;
    s->turn = true;
    pthread_cond_signal(&s->work);
    if (deadline) {
        kf_in_anchors_look(s);
    }
    return wait_for(s, w, deadline, out) ? KF_OK : w->status;
}

/* A whole picture where a smaller one was asked for: it is shrunk here. */
static kf_status fit(kf_in_scrub *s, kf_in_waiter *w, kf_error *err)
{
    kf_in_shrinker shrinker = {0};
    kf_frame *frame = kf_in_shrink(&shrinker, w->frame, w->size.width, w->size.height);
    kf_in_shrinker_finish(&shrinker);
    kf_frame_unref(w->frame);
    w->frame = frame;
    if (!frame) {
        return kf_fail_memory(err);
    }
    pthread_mutex_lock(&s->mutex);
    if (kf_in_same_size(s->view, w->size)) {
        kf_in_kept_put(s, w->i, frame, w->size, w->damaged);
    }
    pthread_mutex_unlock(&s->mutex);
    return KF_OK;
}

kf_status kf_in_scrub_show(kf_in_scrub *s, const kf_picture_request *request, kf_picture_reply *out, kf_error *err)
{
    kf_in_waiter w = {.i = request->frame, .size = size_of(s, request), .cancel = request->cancel, .err = err};
    *out = (kf_picture_reply){0};
    pthread_mutex_lock(&s->mutex);
    kf_status status = show_locked(s, &w, request->deadline, out);
    pthread_mutex_unlock(&s->mutex);
    if (status || out->frame) {
        return status;
    }
    status = w.fits ? KF_OK : fit(s, &w, err);
    *out = (kf_picture_reply){w.frame, w.frame != NULL, w.damaged};
    return status;
}

void kf_in_scrub_want(kf_in_scrub *s, int64_t from, int64_t to)
{
    pthread_mutex_lock(&s->mutex);
    kf_in_heads_want(&s->heads, from, to, kf_clock_ns());
    s->resting = false;
    if (!kf_in_scrub_start(s, NULL)) {
        pthread_cond_signal(&s->work);
    }
    pthread_mutex_unlock(&s->mutex);
}

void kf_in_scrub_on_arrival(kf_in_scrub *s, void (*fn)(void *ctx, int64_t frame), void *ctx)
{
    pthread_mutex_lock(&s->mutex);
    s->on_arrival = fn;
    s->arrival_ctx = ctx;
    pthread_mutex_unlock(&s->mutex);
}

kf_source_stats kf_in_scrub_stats(kf_in_scrub *s)
{
    pthread_mutex_lock(&s->mutex);
    kf_source_stats stats = s->stats;
    stats.cache_bytes_peak = s->kept.peak;
    pthread_mutex_unlock(&s->mutex);
    return stats;
}
