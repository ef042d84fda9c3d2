/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/in/scrub.h"

static const int64_t idle_ns = 30000000000; /* decoders unused for so long are closed */

/* ---- giving ---- */

bool kf_in_same_size(kf_in_size a, kf_in_size b)
{
    return a.width == b.width && a.height == b.height;
}

static void finish(kf_in_waiter *w, kf_status status, const kf_error *err)
{
    w->status = status;
    w->done = true;
    if (w->err && err) {
        *w->err = *err;
    }
}

static void finish_waiting(kf_in_scrub *s, int64_t i, kf_status status, const kf_error *err)
{
    for (kf_in_waiter **at = &s->waiting; *at;) {
        kf_in_waiter *w = *at;
        if (w->i == i) {
            *at = w->next;
            finish(w, status, err);
        } else {
            at = &w->next;
        }
    }
    pthread_cond_broadcast(&s->done);
}

bool kf_in_cancelled(const atomic_bool *cancel)
{
    return cancel && atomic_load(cancel);
}

static void drop_cancelled(kf_in_scrub *s)
{
    kf_error err;
    for (kf_in_waiter **at = &s->waiting; *at;) {
        kf_in_waiter *w = *at;
        if (kf_in_cancelled(w->cancel)) {
            *at = w->next;
            finish(w, kf_fail(&err, KF_ERR_CANCELLED, "stopped on request"), &err);
            pthread_cond_broadcast(&s->done);
        } else {
            at = &w->next;
        }
    }
}

bool kf_in_drop_wish(kf_in_scrub *s, int64_t i)
{
    int n = 0;
    for (int k = 0; k < s->wish_count; k++) {
        if (s->wishes[k].i != i) {
            s->wishes[n++] = s->wishes[k];
        }
    }
    bool any = n < s->wish_count;
    s->wish_count = n;
    return any;
}

/* A frame in a size, for those who wait for it; for them also `whole`. Leaves the mutex to tell of its arrival. */
static void give(kf_in_scrub *s, int64_t i, kf_frame *frame, kf_in_size size, kf_frame *whole, bool damaged)
{
    for (kf_in_waiter *w = s->waiting; w; w = w->next) {
        if (w->i == i) {
            w->fits = kf_in_same_size(w->size, size);
            w->frame = kf_frame_ref(w->fits ? frame : whole);
            w->damaged = damaged;
        }
    }
    finish_waiting(s, i, KF_OK, NULL);
    bool wished = kf_in_drop_wish(s, i);
    void (*fn)(void *, int64_t) = s->on_arrival;
    void *ctx = s->arrival_ctx;
    if (wished && fn) {
        pthread_mutex_unlock(&s->mutex);
        fn(ctx, i);
        pthread_mutex_lock(&s->mutex);
    }
}

static bool waited_for(const kf_in_scrub *s, int64_t i)
{
    for (const kf_in_waiter *w = s->waiting; w; w = w->next) {
        if (w->i == i) {
            return true;
        }
    }
    return false;
}

/* A picture that was near is kept smaller when memory gets short. Leaves the mutex meanwhile. */
static void make_smaller(kf_in_scrub *s)
{
    const kf_in_cached *c = s->kept.bytes > s->budget - s->budget / 8 ? kf_in_kept_too_large(s) : NULL;
    if (!c) {
        return;
    }
    const int64_t i = c->i;
    const kf_in_size size = s->small;
    kf_frame *frame = kf_frame_ref(c->frame);
    pthread_mutex_unlock(&s->mutex);
    kf_frame *small = kf_in_shrink(&s->small_shrinker, frame, size.width, size.height);
    pthread_mutex_lock(&s->mutex);
    if (small) {
        kf_in_kept_put(s, i, small, size, false);
    }
    kf_frame_unref(small);
    kf_frame_unref(frame);
}

/* Keeps a frame, shrunk, if it is of use, and gives it to those who wait. Leaves the mutex meanwhile. */
static void take(kf_in_scrub *s, int64_t i, kf_frame *whole, bool damaged)
{
    kf_in_size size = waited_for(s, i) ? s->view : kf_in_kept_size(s, i);
    kf_in_shrinker *shrinker = kf_in_same_size(size, s->view) ? &s->shrinker : &s->small_shrinker;
    bool keep = kf_in_kept_would_stay(s, i);
    pthread_mutex_unlock(&s->mutex);
    kf_frame *frame = kf_in_shrink(shrinker, whole, size.width, size.height);
    pthread_mutex_lock(&s->mutex);
    if (!frame) {
        frame = kf_frame_ref(whole);
        size = (kf_in_size){0, 0};
    }
    if (keep) {
        kf_in_kept_put(s, i, frame, size, damaged);
    }
    give(s, i, frame, size, whole, damaged);
    if (!damaged) {
        kf_in_anchors_pass(s, i, frame, &s->anchor_shrinker);
    }
    make_smaller(s);
    kf_frame_unref(frame);
}

static void take_substitute(kf_in_scrub *s, int64_t i, kf_frame *other)
{
    kf_frame *f = kf_in_picture_share(other, i, kf_in_index_time(s->media, s->stream, s->index->frames[i].pts));
    if (f) {
        take(s, i, f, true);
        kf_frame_unref(f);
    } else {
        kf_error err;
        finish_waiting(s, i, kf_fail_memory(&err), &err);
    }
}

static void give_error(kf_in_scrub *s, int64_t i, kf_status status, const kf_error *err)
{
    s->resting = true;
    kf_in_drop_wish(s, i);
    finish_waiting(s, i, status, err);
}

/* ---- the thread ---- */

static bool wants_turn(void *ctx)
{
    kf_in_scrub *s = ctx;
    pthread_mutex_lock(&s->mutex);
    bool turn = s->stop || s->turn;
    for (const kf_in_waiter *w = s->waiting; w && !turn; w = w->next) {
        turn = kf_in_cancelled(w->cancel);
    }
    pthread_mutex_unlock(&s->mutex);
    return turn;
}

/* Takes what a step towards the goal gave. */
static void settle(kf_in_scrub *s, kf_in_stand *p, const kf_in_goal *goal, int64_t i, kf_frame *frame)
{
    bool missed = i < 0 || i > goal->i;
    kf_frame *before = p->tail;
    p->tail = frame ? kf_frame_ref(frame) : NULL;
    p->last = i;
    if (missed && before) {
        take_substitute(s, goal->i, before);
    } else if (missed && kf_in_index_distrust(s->index, goal->i)) {
        /* the next step tries from the key before */
    } else if (missed && frame) {
        take_substitute(s, goal->i, frame);
    } else if (missed) {
        kf_error err;
        kf_fail(&err, KF_ERR_MEDIA,
                "%s: no picture can be decoded at frame %lld; is the file damaged? Copy or convert it again",
                kf_in_name(s->media), (long long)goal->i);
        give_error(s, goal->i, KF_ERR_MEDIA, &err);
    }
    if (frame && (!s->deinterlace || i >= goal->needed)) {
        take(s, i, frame, false);
    }
    s->resting |= i >= goal->i && !kf_in_kept_has(s, goal->i);
    kf_frame_unref(before);
    kf_frame_unref(frame);
}

static void close_stand(kf_in_scrub *s, kf_in_stand *p)
{
    kf_in_decoder *d = p->decoder;
    kf_frame *tail = p->tail;
    *p = (kf_in_stand){.last = -1};
    pthread_mutex_unlock(&s->mutex);
    kf_in_decoder_close(d);
    kf_frame_unref(tail);
    pthread_mutex_lock(&s->mutex);
}

static void close_stands(kf_in_scrub *s)
{
    for (int k = 0; k < KF_IN_PLACES; k++) {
        if (s->stands[k].decoder) {
            close_stand(s, &s->stands[k]);
        }
    }
}

/* Where a seek to what follows costs next to nothing, a frame may come without what would follow. */
static bool seeks_are_cheap(const kf_in_scrub *s, int64_t i)
{
    int64_t following = i + 1 < s->index->count ? i + 1 : i;
    return kf_in_decoder_seek_cost(s->media, s->stream, following, s->deinterlace) <= 2 + s->index->reorder;
}

static kf_status decode(kf_in_scrub *s, kf_in_decoder *d, const kf_in_goal *goal, int64_t *i, kf_frame **out,
                        kf_error *err)
{
    AVFrame *av = av_frame_alloc();
    *out = NULL;
    if (!av) {
        return kf_fail_memory(err);
    }
    kf_in_decoder_stop(d, wants_turn, s);
    kf_in_decoder_until(d, seeks_are_cheap(s, goal->i) ? goal->i : -1);
    kf_status status = kf_in_decoder_next(d, goal->needed, av, i, err);
    if (!status && *i >= 0) {
        status = kf_in_picture(s->media, s->stream, &s->converter, av, out, err);
    }
    if (*out) {
        (*out)->number = *i;
        (*out)->time = kf_in_index_time(s->media, s->stream, s->index->frames[*i].pts);
    }
    av_frame_free(&av);
    return status;
}

static void count_costs(kf_in_scrub *s, kf_in_stand *p, int64_t ns, bool came)
{
    int64_t decoded = p->decoder ? kf_in_decoder_decoded(p->decoder) : 0,
            decode_ns = p->decoder ? kf_in_decoder_ns(p->decoder) : 0;
    s->stats.decoded += decoded - p->decoded;
    s->stats.decode_ns += decode_ns - p->ns;
    p->decoded = decoded;
    p->ns = decode_ns;
    s->step_ns += came ? (ns - s->step_ns) / 8 : 0;
}

/* Decodes the next frame on the way to the goal. Under the mutex, which it leaves meanwhile. */
static void step(kf_in_scrub *s, const kf_in_goal *goal)
{
    bool seek;
    int64_t i = -1, begin = kf_clock_ns();
    kf_in_stand *p = kf_in_choose(s, goal, &seek);
    kf_in_decoder *d = p->decoder;
    kf_frame *frame = NULL, *old_tail = seek ? p->tail : NULL;
    kf_error err;
    kf_status status = KF_OK;
    s->turn = false;
    p->used = ++s->clock;
    if (seek) {
        p->tail = NULL;
        p->last = -1;
    }
    s->stats.seeks += seek;
    s->stats.decoders += !d;
    pthread_mutex_unlock(&s->mutex);
    kf_frame_unref(old_tail);
    if (!d) {
        kf_in_way way = s->deinterlace ? KF_IN_DEINTERLACED : KF_IN_AS_STORED;
        status = kf_in_decoder_open(s->media, s->stream, way, &d, &err);
    }
    if (!status && seek) {
        status = kf_in_decoder_seek(d, goal->i, &err);
    }
    if (!status) {
        status = decode(s, d, goal, &i, &frame, &err);
    }
    pthread_mutex_lock(&s->mutex);
    p->decoder = d;
    s->used_ns = kf_clock_ns();
    count_costs(s, p, s->used_ns - begin, frame && !seek);
    if (status == KF_OK) {
        settle(s, p, goal, i, frame);
    } else if (status != KF_ERR_CANCELLED) {
        give_error(s, goal->i, status, &err);
    }
}

static bool any_stand(const kf_in_scrub *s)
{
    for (int k = 0; k < KF_IN_PLACES; k++) {
        if (s->stands[k].decoder) {
            return true;
        }
    }
    return false;
}

struct timespec kf_in_time_after(int64_t ns)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    ns += t.tv_nsec;
    t.tv_sec += (time_t)(ns / 1000000000);
    t.tv_nsec = (long)(ns % 1000000000);
    return t;
}

static void wait_for_work(kf_in_scrub *s)
{
    if (!any_stand(s)) {
        pthread_cond_wait(&s->work, &s->mutex);
        return;
    }
    if (s->index->count == 1 || kf_clock_ns() - s->used_ns > idle_ns) {
        close_stands(s);
        return;
    }
    struct timespec until = kf_in_time_after(idle_ns / 4);
    pthread_cond_timedwait(&s->work, &s->mutex, &until);
}

static void *run(void *arg)
{
    kf_in_scrub *s = arg;
    pthread_mutex_lock(&s->mutex);
    while (!s->stop) {
        kf_in_goal goal;
        drop_cancelled(s);
        if (!kf_in_plan(s, &goal)) {
            kf_in_anchors_look(s);
            wait_for_work(s);
            continue;
        }
        step(s, &goal);
    }
    close_stands(s);
    pthread_mutex_unlock(&s->mutex);
    return NULL;
}

/* ---- opening ---- */

/* Pictures have three quarters of the memory, those that stand in a sixteenth, decoders what is left. They are two where
 * that is not more than everything: a dissolve within one file looks at two places in turn. */
static void share_memory(kf_in_scrub *s, int64_t bytes)
{
    enum { PER_DECODER = 10 }; /* pictures that it holds, about */
    const int64_t each = s->frame_bytes > 0 ? PER_DECODER * s->frame_bytes : 1;
    int64_t n = (bytes / 4 - bytes / 16) / each, least = 2 * each <= bytes ? 2 : 1;
    s->budget = bytes - bytes / 4;
    s->anchor_budget = bytes / 16;
    s->most_stands = n < least ? (int)least : n < KF_IN_PLACES ? (int)n : KF_IN_PLACES;
}

kf_status kf_in_scrub_open(kf_media *media, int stream, kf_in_scrub **out, kf_error *err)
{
    kf_in_scrub *s = KF_NEW(kf_in_scrub);
    *out = s;
    if (!s) {
        return kf_fail_memory(err);
    }
    const kf_stream_info *info = &media->info.streams[stream];
    s->media = media;
    s->stream = stream;
    s->index = &media->streams[stream].index;
    s->frame_bytes = (int64_t)info->width * info->height * 3 / 2;
    s->anchor_failed = -1;
    s->step_ns = 4 * s->frame_bytes;
    share_memory(s, media->params.cache_bytes > 0 ? media->params.cache_bytes : 256 << 20);
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->work, NULL);
    pthread_cond_init(&s->done, NULL);
    pthread_cond_init(&s->anchor_work, NULL);
    return KF_OK;
}

void kf_in_scrub_ready(kf_in_scrub *s, bool deinterlace)
{
    s->deinterlace = deinterlace;
}

void kf_in_scrub_close(kf_in_scrub *s)
{
    if (!s) {
        return;
    }
    pthread_mutex_lock(&s->mutex);
    s->stop = true;
    pthread_cond_broadcast(&s->work);
    pthread_cond_broadcast(&s->anchor_work);
    pthread_mutex_unlock(&s->mutex);
    if (s->running) {
        pthread_join(s->thread, NULL);
    }
    kf_in_anchors_stop(s);
    kf_in_cache_finish(&s->kept);
    kf_in_converter_finish(&s->converter);
    kf_in_shrinker_finish(&s->shrinker);
    kf_in_shrinker_finish(&s->small_shrinker);
    kf_in_shrinker_finish(&s->anchor_shrinker);
    pthread_cond_destroy(&s->anchor_work);
    pthread_cond_destroy(&s->work);
    pthread_cond_destroy(&s->done);
    pthread_mutex_destroy(&s->mutex);
    kf_free(s);
}

kf_status kf_in_scrub_start(kf_in_scrub *s, kf_error *err)
{
    if (s->running) {
        return KF_OK;
    }
    kf_status status = kf_thread_start(&s->thread, "kf-scrub", run, s, err);
    s->running = status == KF_OK;
    return status;
}
