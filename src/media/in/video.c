/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <time.h>

#include "media/in/video.h"

static const int64_t idle_ns = 3000000000; /* a decoder unused for so long is closed */
static const uint64_t idle_steps = 1500;

static const kf_in_index *index_of(const kf_video_source *s)
{
    return &s->media->streams[s->stream].index;
}

/* ---- what stays ---- */

static int64_t frames_that_fit(const kf_video_source *s, int64_t bytes)
{
    int64_t n = bytes / (s->frame_bytes > 0 ? s->frame_bytes : 1);
    return n < 1 ? 1 : n;
}

/* How many frames are decoded before they are asked for. */
static int64_t window(const kf_video_source *s)
{
    int64_t n = frames_that_fit(s, s->budget / 2);
    return n < 2 ? 2 : n > KF_IN_AHEAD ? KF_IN_AHEAD : n;
}

/* How many frames of a run are kept at most. */
static int64_t most_kept(const kf_video_source *s)
{
    return frames_that_fit(s, s->budget - s->budget / 4);
}

static bool waited_for(const kf_video_source *s, int64_t i)
{
    for (const kf_in_waiting *w = s->waiting; w; w = w->next) {
        if (w->i == i) {
            return true;
        }
    }
    return false;
}

/* The larger, the sooner a cached frame goes; 0: it stays. */
static uint64_t expendable(const kf_video_source *s, const kf_in_cached *c)
{
    int64_t need = kf_in_readers_need(&s->readers, c->i);
    if (waited_for(s, c->i) || need == 0) {
        return 0;
    }
    return need != INT64_MAX ? (uint64_t)need : UINT64_MAX / 2 + (s->cache.clock - c->stamp);
}

/* Frames that steady readers have left behind go at once; then the least needed until the budget holds. */
static void trim(kf_video_source *s)
{
    bool roaming = kf_in_readers_roaming(&s->readers);
    for (size_t k = s->cache.count; k-- > 0 && !roaming && index_of(s)->count > 1;) {
        int64_t i = s->cache.items[k].i;
        if (kf_in_readers_need(&s->readers, i) == INT64_MAX &&
            !kf_in_readers_recent(&s->readers, i, s->cache.items[k].given) && !waited_for(s, i)) {
            kf_in_cache_remove(&s->cache, k);
        }
    }
    while (s->cache.bytes > s->budget && s->cache.count > 1) {
        size_t worst = 0;
        uint64_t most = 0;
        for (size_t k = 0; k < s->cache.count; k++) {
            uint64_t e = expendable(s, &s->cache.items[k]);
            worst = e > most ? k : worst;
            most = e > most ? e : most;
        }
        if (!most) {
            return;
        }
        kf_in_cache_remove(&s->cache, worst);
    }
}

/* ---- choosing ---- */

/* What other readers lose when this decoder goes on to `target`: frames they need that would be passed and cannot be
 * kept. */
static int64_t loss(const kf_video_source *s, const kf_in_decoder *d, int64_t target)
{
    int64_t lost = 0;
    for (int k = 0; k < s->readers.count; k++) {
        const kf_in_reader *r = &s->readers.items[k];
        if (!r->steady || r->backward || !r->started || r->next >= target || r->next >= index_of(s)->count ||
            kf_in_decoder_cost(d, r->next) == INT64_MAX) {
            continue;
        }
        int64_t last = r->end < target ? r->end : target;
        if (last - r->next > most_kept(s)) {
            lost += kf_in_decoder_seek_cost(s->media, s->stream, r->next, s->deinterlace);
        }
    }
    return lost;
}

/* How many decoders may be open: as many as their reference pictures fit twice the budget, but two at least. */
static int most_decoders(const kf_video_source *s)
{
    int64_t n = 2 * s->budget / (10 * (s->frame_bytes > 0 ? s->frame_bytes : 1));
    return n < 2 ? 2 : n > KF_IN_DECODERS ? KF_IN_DECODERS : (int)n;
}

/* The place from which a seek to a new one starts: a decoder that nobody reads from and that is soon brought back to
 * where it stands, or else a new one, or else the one that is least dear. A long run may be continued: films return to
 * a place. */
static kf_in_pooled *place_to_seek(kf_video_source *s, bool going_back, int64_t from)
{
    enum { CHEAP = 12 };
    kf_in_pooled *cheapest = NULL, *oldest = NULL, *empty = NULL;
    int64_t least = INT64_MAX;
    int open = 0;
    for (int k = 0; k < KF_IN_DECODERS; k++) {
        kf_in_pooled *p = &s->pool[k];
        if (!p->decoder) {
            empty = empty ? empty : p;
            continue;
        }
        open++;
        int64_t cost =
            going_back && kf_in_decoder_passed(p->decoder, from) ? 0 : kf_in_decoder_rebuild_cost(p->decoder);
        if (cost < least && loss(s, p->decoder, INT64_MAX) == 0) {
            cheapest = p;
            least = cost;
        }
        oldest = !oldest || p->used < oldest->used ? p : oldest;
    }
    bool room = empty && open < most_decoders(s);
    return cheapest && (least <= CHEAP || !room) ? cheapest : room || !oldest ? empty : oldest;
}

/* Where a run to `target` begins: going backward, some frames before it, which are wanted next. */
static int64_t run_start(kf_video_source *s, int64_t target, int64_t needed, bool *going_back)
{
    enum { BACKWARD_RUN = 8 };
    int64_t from = target - BACKWARD_RUN + 1;
    from = from < needed ? needed : from;
    *going_back = from < target && kf_in_readers_need(&s->readers, target - 1) < BACKWARD_RUN;
    return *going_back && !kf_in_cache_find(&s->cache, target - 1) ? from : target;
}

/* The decoder that gives `target` soonest without harm to others; *seek: after a seek to *from. */
static kf_in_pooled *choose(kf_video_source *s, int64_t target, int64_t needed, int64_t *from, bool *seek)
{
    bool going_back;
    *from = run_start(s, target, needed, &going_back);
    kf_in_pooled *best = NULL;
    int64_t best_cost = INT64_MAX;
    for (int k = 0; k < KF_IN_DECODERS; k++) {
        kf_in_pooled *p = &s->pool[k];
        int64_t cost = p->decoder ? kf_in_decoder_cost(p->decoder, target) : INT64_MAX;
        cost = cost == INT64_MAX || p->sent == target ? cost : cost + loss(s, p->decoder, target);
        best = cost < best_cost ? p : best;
        best_cost = cost < best_cost ? cost : best_cost;
    }
    int64_t seek_cost = kf_in_decoder_seek_cost(s->media, s->stream, *from, s->deinterlace) + target - *from;
    *seek = !best || best_cost > seek_cost + 2;
    return *seek ? place_to_seek(s, going_back, *from) : best;
}

/* The first frame of a reader's window that is not there; -1 if all are. */
static int64_t missing(kf_video_source *s, const kf_in_reader *r)
{
    int64_t end = r->end < index_of(s)->count ? r->end : index_of(s)->count - 1;
    for (int64_t i = r->next < 0 ? 0 : r->next; i <= end && i < r->next + window(s); i++) {
        if (!kf_in_cache_find(&s->cache, i)) {
            return i;
        }
    }
    return -1;
}

/* Whether another reader's decoder is on its way to frame i, and seeking would not be cheaper: then it is not hurried.
 */
static bool will_come(const kf_video_source *s, const kf_in_reader *reader, int64_t i)
{
    int64_t seek_cost = kf_in_decoder_seek_cost(s->media, s->stream, i, s->deinterlace);
    for (int k = 0; k < KF_IN_DECODERS; k++) {
        const kf_in_decoder *d = s->pool[k].decoder;
        if (!d || kf_in_decoder_cost(d, i) > seek_cost) {
            continue;
        }
        for (int j = 0; j < s->readers.count; j++) {
            const kf_in_reader *r = &s->readers.items[j];
            if (r != reader && r->steady && r->started && !r->backward && r->next < i) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a frame needed in `need` frames would stay in the cache. */
static bool has_room(const kf_video_source *s, int64_t need)
{
    int64_t bytes = s->frame_bytes;
    for (size_t k = 0; k < s->cache.count; k++) {
        const kf_in_cached *c = &s->cache.items[k];
        bytes += kf_in_readers_need(&s->readers, c->i) <= need || waited_for(s, c->i) ? (int64_t)c->frame->bytes : 0;
    }
    return bytes <= s->budget;
}

/* A frame to decode ahead; -1: none. */
static int64_t ahead_target(kf_video_source *s)
{
    int64_t target = -1, soonest = INT64_MAX;
    for (int k = 0; k < s->readers.count; k++) {
        const kf_in_reader *r = &s->readers.items[k];
        if (!r->steady || r->backward) {
            continue;
        }
        int64_t i = missing(s, r);
        if (i >= 0 && i - r->next < soonest && (r->started || !will_come(s, r, i))) {
            target = i;
            soonest = i - r->next;
        }
    }
    return target >= 0 && has_room(s, soonest) ? target : -1;
}

/* The first frame from which on the run to `target` is worth keeping. */
static int64_t needed_from(const kf_video_source *s, int64_t target)
{
    int64_t needed = target, kept = most_kept(s);
    for (int k = 0; k < s->readers.count; k++) {
        const kf_in_reader *r = &s->readers.items[k];
        int64_t from = r->backward ? target - kept + 1 : r->next;
        from = r->backward && from < r->end ? r->end : from;
        bool covers = r->steady && from < needed && (r->backward ? r->next >= target - 1 : from >= target - kept);
        needed = covers ? from : needed;
    }
    return needed < 0 ? 0 : needed;
}

/* Whether frame i, wanted too, is cheaper to reach by going on from `target` than by a seek. */
static bool follows(const kf_video_source *s, int64_t target, int64_t i)
{
    const kf_in_index *x = index_of(s);
    return i > target && i < x->count &&
           x->frames[i].order - x->frames[target].order < kf_in_decoder_seek_cost(s->media, s->stream, i, s->deinterlace);
}

/* Single pictures: whether a decoder may end with `target`, as nothing that it would come to is wanted. */
static bool ends_with(const kf_video_source *s, int64_t target)
{
    bool goes_on = !s->media->params.single;
    for (const kf_in_waiting *w = s->waiting; w && !goes_on; w = w->next) {
        goes_on = follows(s, target, w->i);
    }
    for (int k = 0; k < s->readers.count && !goes_on; k++) {
        const kf_in_reader *r = &s->readers.items[k];
        goes_on = r->announced && r->next <= r->end && follows(s, target, r->next);
    }
    return !goes_on;
}

/* ---- giving ---- */

static void finish_waiting(kf_video_source *s, int64_t i, kf_frame *frame, bool damaged, kf_status status,
                           const kf_error *err)
{
    bool any = false;
    for (kf_in_waiting **at = &s->waiting; *at;) {
        kf_in_waiting *w = *at;
        if (w->i != i) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        w->frame = frame ? kf_frame_ref(frame) : NULL;
        w->damaged = damaged;
        w->status = status;
        if (w->err && err) {
            *w->err = *err;
        }
        w->done = any = true;
    }
    if (any) {
        kf_in_cached *c = kf_in_cache_find(&s->cache, i);
        if (c) {
            c->given = true;
        }
        pthread_cond_broadcast(&s->done);
    }
}

static void give(kf_video_source *s, int64_t i, kf_frame *frame, bool damaged)
{
    bool keep = waited_for(s, i) || kf_in_readers_need(&s->readers, i) < most_kept(s) ||
                kf_in_readers_recent(&s->readers, i, false);
    if (keep) {
        kf_in_cache_add(&s->cache, i, frame, damaged); /* without memory for it, it is decoded again */
    }
    finish_waiting(s, i, frame, damaged, KF_OK, NULL);
    trim(s);
}

static void give_substitute(kf_video_source *s, int64_t i, kf_frame *other)
{
    kf_frame *f = kf_in_picture_share(other, i, kf_video_source_frame_time(s, i));
    if (f) {
        give(s, i, f, true);
        kf_frame_unref(f);
    } else {
        kf_error err;
        finish_waiting(s, i, NULL, false, kf_fail_memory(&err), &err);
    }
}

static void give_error(kf_video_source *s, int64_t i, kf_status status, const kf_error *err)
{
    for (int k = s->readers.count - 1; k >= 0; k--) { /* what cannot be decoded is not tried ahead */
        kf_in_reader *r = &s->readers.items[k];
        if (r->next <= i && i <= r->next + KF_IN_AHEAD) {
            r->steady = false;
        }
    }
    finish_waiting(s, i, NULL, false, status, err);
}

/* ---- the thread ---- */

/* Takes what a step towards `target` gave. A deinterlaced frame before `needed` may lack its neighbours. */
static void settle(kf_video_source *s, kf_in_pooled *p, int64_t target, int64_t needed, int64_t i, kf_frame *frame)
{
    bool missed = i < 0 || i > target;
    if (missed && p->tail) {
        give_substitute(s, target, p->tail);
    } else if (missed && kf_in_index_distrust(index_of(s), target)) {
        /* the next step tries from the key before */
    } else if (missed && frame) {
        give_substitute(s, target, frame);
    } else if (missed) {
        kf_error err;
        kf_fail(&err, KF_ERR_MEDIA,
                "%s: no picture can be decoded at frame %lld; is the file damaged? Copy or convert it again",
                kf_in_name(s->media), (long long)target);
        give_error(s, target, KF_ERR_MEDIA, &err);
    }
    if (frame) {
        s->frame_bytes = (int64_t)frame->bytes;
        if (!s->deinterlace || i >= needed) {
            give(s, i, frame, false);
        }
        kf_frame_unref(p->tail);
        p->tail = frame;
    }
}

static void close_decoder(kf_video_source *s, kf_in_pooled *p)
{
    kf_in_decoder *d = p->decoder;
    kf_frame *tail = p->tail;
    *p = (kf_in_pooled){0};
    kf_in_decoder_close(d);
    kf_frame_unref(tail);
}

static kf_status decode_one(kf_video_source *s, kf_in_decoder *d, int64_t needed, int64_t *i, kf_frame **out,
                            kf_error *err)
{
    AVFrame *av = av_frame_alloc();
    *out = NULL;
    if (!av) {
        return kf_fail_memory(err);
    }
    kf_status status = kf_in_decoder_next(d, needed, av, i, err);
    if (!status && *i >= 0) {
        status = kf_in_picture(s->media, s->stream, &s->converter, av, out, err);
    }
    if (*out) {
        (*out)->number = *i;
        (*out)->time = kf_video_source_frame_time(s, *i);
    }
    av_frame_free(&av);
    return status;
}

static void count_costs(kf_video_source *s, kf_in_pooled *p)
{
    int64_t decoded = p->decoder ? kf_in_decoder_decoded(p->decoder) : 0,
            ns = p->decoder ? kf_in_decoder_ns(p->decoder) : 0;
    s->stats.decoded += decoded - p->decoded;
    s->stats.decode_ns += ns - p->ns;
    p->decoded = decoded;
    p->ns = ns;
}

/* Decodes the next frame on the way to `target`. Under the mutex, which it leaves meanwhile. */
static void step(kf_video_source *s, int64_t target)
{
    bool seek;
    int64_t needed = needed_from(s, target), from, i = -1;
    kf_in_pooled *p = choose(s, target, needed, &from, &seek);
    kf_in_decoder *d = p->decoder;
    kf_frame *frame = NULL, *old_tail = seek ? p->tail : NULL;
    kf_error err;
    kf_status status = KF_OK;
    const int64_t until = ends_with(s, target) ? target : -1;
    p->used = ++s->clock;
    p->tail = seek ? NULL : p->tail;
    p->sent = seek ? target : p->sent;
    s->stats.seeks += seek;
    s->stats.decoders += !d;
    pthread_mutex_unlock(&s->mutex);
    kf_frame_unref(old_tail);
    if (!d) {
        kf_in_way way = s->deinterlace ? KF_IN_DEINTERLACED : KF_IN_AS_STORED;
        status = kf_in_decoder_open(s->media, s->stream, way, &d, &err);
    }
    if (!status && seek) {
        status = kf_in_decoder_seek(d, from, &err);
    }
    if (!status) {
        kf_in_decoder_until(d, until);
        status = decode_one(s, d, needed, &i, &frame, &err);
    }
    pthread_mutex_lock(&s->mutex);
    p->decoder = d;
    p->used_ns = kf_clock_ns();
    count_costs(s, p);
    if (status) {
        give_error(s, target, status, &err);
    } else {
        settle(s, p, target, needed, i, frame);
    }
    if (index_of(s)->count == 1 && p->decoder) {
        close_decoder(s, p);
    }
}

static void close_idle(kf_video_source *s, bool all_unused)
{
    int64_t now = kf_clock_ns();
    for (int k = 0; k < KF_IN_DECODERS; k++) {
        kf_in_pooled *p = &s->pool[k];
        bool timed_out = all_unused && p->decoder && now - p->used_ns > idle_ns;
        bool left = p->decoder && s->clock - p->used > idle_steps && loss(s, p->decoder, INT64_MAX) == 0;
        if (timed_out || left) {
            close_decoder(s, p);
        }
    }
}

static bool any_decoder(const kf_video_source *s)
{
    for (int k = 0; k < KF_IN_DECODERS; k++) {
        if (s->pool[k].decoder) {
            return true;
        }
    }
    return false;
}

static void wait_for_work(kf_video_source *s)
{
    if (!any_decoder(s)) {
        pthread_cond_wait(&s->work, &s->mutex);
        return;
    }
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    if (pthread_cond_timedwait(&s->work, &s->mutex, &until) == ETIMEDOUT) {
        close_idle(s, true);
    }
}

static void *run(void *arg)
{
    kf_video_source *s = arg;
    pthread_mutex_lock(&s->mutex);
    while (!s->stop) {
        int64_t target = s->waiting ? s->waiting->i : ahead_target(s);
        if (target < 0) {
            wait_for_work(s);
            continue;
        }
        kf_in_cached *have = kf_in_cache_find(&s->cache, target);
        if (have) {
            finish_waiting(s, target, have->frame, have->damaged, KF_OK, NULL);
            continue;
        }
        step(s, target);
        close_idle(s, false);
    }
    pthread_mutex_unlock(&s->mutex);
    return NULL;
}

/* ---- asking ---- */

static kf_status ensure_thread(kf_video_source *s, kf_error *err)
{
    if (s->running) {
        return KF_OK;
    }
    kf_status status = kf_thread_start(&s->thread, "kf-decode", run, s, err);
    s->running = status == KF_OK;
    return status;
}

kf_status kf_in_video_get(kf_video_source *s, int64_t i, kf_frame **out, bool *damaged, kf_error *err)
{
    kf_in_readers_ask(&s->readers, i, index_of(s)->count);
    kf_in_cached *have = kf_in_cache_find(&s->cache, i);
    if (have) {
        *out = kf_frame_ref(have->frame);
        *damaged = have->damaged;
        have->stamp = ++s->cache.clock;
        have->given = true;
        s->stats.cache_hits++;
        trim(s);
        pthread_cond_signal(&s->work);
        return KF_OK;
    }
    kf_status status = ensure_thread(s, err);
    if (status) {
        return status;
    }
    s->stats.cache_misses++;
    kf_in_waiting w = {.i = i, .err = err}, **end = &s->waiting;
    while (*end) {
        end = &(*end)->next;
    }
    *end = &w;
    pthread_cond_signal(&s->work);
    while (!w.done) {
        pthread_cond_wait(&s->done, &s->mutex);
    }
    *out = w.frame;
    *damaged = w.damaged;
    return w.status;
}

void kf_in_video_want(kf_video_source *s, int64_t from, int64_t to)
{
    kf_in_readers_want(&s->readers, from, to);
    if (!ensure_thread(s, NULL)) {
        pthread_cond_signal(&s->work);
    }
}

void kf_in_video_stop(kf_video_source *s)
{
    pthread_mutex_lock(&s->mutex);
    s->stop = true;
    pthread_cond_broadcast(&s->work);
    pthread_mutex_unlock(&s->mutex);
    if (s->running) {
        pthread_join(s->thread, NULL);
    }
    for (int k = 0; k < KF_IN_DECODERS; k++) {
        if (s->pool[k].decoder) {
            close_decoder(s, &s->pool[k]);
        }
    }
    kf_in_cache_finish(&s->cache);
    kf_in_converter_finish(&s->converter);
}
