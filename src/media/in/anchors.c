/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small pictures all along the stream: those of key frames around where somebody looks, decoded by a thread of its own
 * as that takes but one picture each, and some of those that other decoders pass. */
#include <stdlib.h>

#include "media/in/scrub.h"

enum { AROUND = 16, APART = 24, PASSED = 8, SCALE = 4 };
static const int64_t idle_ns = 5000000000; /* its decoder is closed when unused for so long */

/* ---- what is kept ---- */

static void add(kf_in_scrub *s, int64_t i, kf_frame *frame)
{
    kf_in_cache *c = &s->anchors;
    kf_in_cache_add(c, i, frame, false);
    while (c->bytes > s->anchor_budget && c->count > 1) { /* the ends are furthest away */
        bool first = kf_in_heads_distance(&s->heads, c->items[0].i) >
                     kf_in_heads_distance(&s->heads, c->items[c->count - 1].i);
        kf_in_cache_remove(c, first ? 0 : c->count - 1);
    }
}

/* A fraction of the stored size. Leaves the mutex meanwhile. */
static void shrink_and_add(kf_in_scrub *s, int64_t i, kf_frame *frame, kf_in_shrinker *shrinker)
{
    const kf_stream_info *info = &s->media->info.streams[s->stream];
    pthread_mutex_unlock(&s->mutex);
    kf_frame *small = kf_in_shrink(shrinker, frame, info->width / SCALE, info->height / SCALE);
    pthread_mutex_lock(&s->mutex);
    if (small) {
        add(s, i, small);
        pthread_cond_broadcast(&s->done);
    }
    kf_frame_unref(small);
}

void kf_in_anchors_pass(kf_in_scrub *s, int64_t i, kf_frame *frame, kf_in_shrinker *shrinker)
{
    if (i % PASSED == 0 && !kf_in_cache_find(&s->anchors, i)) {
        shrink_and_add(s, i, frame, shrinker);
    }
}

/* ---- what is missing ---- */

static bool has(kf_in_scrub *s, int64_t i)
{
    return kf_in_cache_find(&s->anchors, i) || kf_in_cache_find(&s->kept, i) || i == s->anchor_failed;
}

/* Where somebody looks, or is about to: a hint stands beside its first frame. */
static int64_t looked_at(const kf_in_scrub *s)
{
    int64_t at = s->heads.items[0].at, last = s->index->count - 1;
    return at < 0 ? 0 : at > last ? last : at;
}

/* Whether nothing of the GOP in which somebody looks is there yet; *i: its key frame. */
static bool looks_at_nothing(kf_in_scrub *s, int64_t *i)
{
    const int64_t at = looked_at(s), key = kf_in_index_key(s->index, at);
    const kf_in_cached *c = kf_in_kept_nearest(s, at);
    *i = kf_in_index_key_frame(s->index, key);
    return (!c || kf_in_index_key(s->index, c->i) != key) && !has(s, *i);
}

/* The nearest key frame that is not there, of those that lie apart; -1: none. */
static int64_t missing_near(kf_in_scrub *s)
{
    const int64_t at = looked_at(s), key = kf_in_index_key(s->index, at);
    int64_t best = -1, least = INT64_MAX, last = INT64_MIN / 2;
    for (int64_t k = key - AROUND < 0 ? 0 : key - AROUND; k <= key + AROUND && k < s->index->key_count; k++) {
        int64_t i = kf_in_index_key_frame(s->index, k), d = llabs(i - at);
        if (i - last < APART) {
            continue;
        }
        last = i;
        if (d < least && !has(s, i)) {
            best = i;
            least = d;
        }
    }
    return best;
}

/* A frame to decode now; -1: none. Nobody is kept waiting for pictures that are not looked at. */
static int64_t next(kf_in_scrub *s)
{
    int64_t i;
    if (!s->heads.count || s->index->key_count < 1) {
        return -1;
    }
    if (looks_at_nothing(s, &i)) {
        return i;
    }
    return s->waiting || s->wish_count ? -1 : missing_near(s);
}

/* ---- the thread ---- */

static bool stops(void *ctx)
{
    kf_in_scrub *s = ctx;
    pthread_mutex_lock(&s->mutex);
    bool stop = s->stop;
    pthread_mutex_unlock(&s->mutex);
    return stop;
}

typedef struct tools {
    kf_in_decoder *decoder;
    kf_in_converter converter;
    kf_in_shrinker shrinker;
} tools;

static kf_frame *decode_one(kf_in_scrub *s, tools *t, int64_t i)
{
    kf_frame *frame = NULL;
    int64_t got = -1;
    AVFrame *av = av_frame_alloc();
    bool good = av && (t->decoder || !kf_in_decoder_open(s->media, s->stream, KF_IN_ROUGHLY, &t->decoder, NULL));
    if (good && !kf_in_decoder_seek(t->decoder, i, NULL)) {
        kf_in_decoder_stop(t->decoder, stops, s);
        kf_in_decoder_until(t->decoder, i);
        if (!kf_in_decoder_next(t->decoder, i, av, &got, NULL) && got == i) {
            kf_in_picture(s->media, s->stream, &t->converter, av, &frame, NULL);
        }
    }
    av_frame_free(&av);
    if (frame) {
        frame->number = i;
        frame->time = kf_in_index_time(s->media, s->stream, s->index->frames[i].pts);
    }
    return frame;
}

/* Under the mutex, which it leaves meanwhile. */
static void fetch(kf_in_scrub *s, tools *t, int64_t i)
{
    pthread_mutex_unlock(&s->mutex);
    kf_frame *frame = decode_one(s, t, i);
    pthread_mutex_lock(&s->mutex);
    s->anchor_failed = frame ? s->anchor_failed : i;
    if (frame) {
        shrink_and_add(s, i, frame, &t->shrinker);
    }
    kf_frame_unref(frame);
}

static void wait_for_work(kf_in_scrub *s, tools *t)
{
    struct timespec until = kf_in_time_after(idle_ns);
    if (t->decoder && pthread_cond_timedwait(&s->anchor_work, &s->mutex, &until)) {
        kf_in_decoder_close(t->decoder);
        t->decoder = NULL;
    } else if (!t->decoder) {
        pthread_cond_wait(&s->anchor_work, &s->mutex);
    }
}

static void *run(void *arg)
{
    kf_in_scrub *s = arg;
    tools t = {0};
    pthread_mutex_lock(&s->mutex);
    while (!s->stop) {
        int64_t i = next(s);
        if (i >= 0) {
            fetch(s, &t, i);
        } else {
            wait_for_work(s, &t);
        }
    }
    pthread_mutex_unlock(&s->mutex);
    kf_in_decoder_close(t.decoder);
    kf_in_converter_finish(&t.converter);
    kf_in_shrinker_finish(&t.shrinker);
    return NULL;
}

void kf_in_anchors_look(kf_in_scrub *s)
{
    if (s->index->count > 1 && next(s) >= 0) {
        s->anchoring = s->anchoring || !kf_thread_start(&s->anchor_thread, "kf-anchors", run, s, NULL);
        pthread_cond_signal(&s->anchor_work);
    }
}

void kf_in_anchors_stop(kf_in_scrub *s)
{
    if (s->anchoring) {
        pthread_join(s->anchor_thread, NULL);
    }
    kf_in_cache_finish(&s->anchors);
}
