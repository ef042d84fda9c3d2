/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread that keeps lanes filled: one voice for the newest run, and, while an edit is being rendered, the one before
 * that is still heard. */
#include <math.h>

#include "engine/player/internal.h"

#define AHEAD_NS INT64_C(700000000)   /* of sound that waits to be played */
#define PREFILL_NS INT64_C(200000000) /* with so much a lane is sent */
#define JOIN_NS INT64_C(400000000)    /* ... one that joins a run which is heard: there is no hurry */
#define MARGIN_NS INT64_C(40000000)   /* an edit is heard from so far ahead of what has been handed over */
#define NAP_NS INT64_C(8000000)
enum { BLOCK = 512, GRAIN_MS = 90, GRAIN_FADE_MS = 20 };

/* A voice with the lane that it feeds. */
typedef struct feed {
    kf_voice *voice;
    kf_score *score;         /* held; may be NULL */
    kf_lane *lane;
    kf_loudness *loudness;   /* of the run; NULL for grains */
    uint64_t run, turn;
    int64_t next, end;
    int64_t grain;           /* length of a grain in samples; 0: it is none */
    int32_t rate, tracks;
    bool sent;
} feed;

typedef struct feeder {
    kf_player *player;
    feed now, before;        /* lane NULL: none */
    bool silent;             /* silence was sent last */
    uint64_t loudness_run;
} feeder;

/* What is to be heard, as of the player. */
typedef struct order {
    uint64_t run, turn;      /* run 0: nothing */
    kf_run way;
    kf_score *score;         /* a reference, or NULL */
    int32_t rate, tracks;
    bool ready;              /* it may begin */
    bool grain;
    bool hold;               /* there is no device: all stays as it is until there is one */
} order;

static int64_t samples_of(int64_t ns, int32_t rate)
{
    return kf_muldiv_floor(ns, rate, 1000000000);
}

static void close_feed(feed *f)
{
    kf_voice_destroy(f->voice);
    kf_score_unref(f->score);
    *f = (feed){.loudness = f->loudness};
}

/* ---- Orders; under the player's lock ---- */

static kf_run grain_run(const kf_player *p)
{
    kf_rational frames = p->programme->view.rate;
    return (kf_run){.start = p->position, .lo = 0, .hi = p->programme->view.duration, .rate = 1000, .frames = frames,
                    .stride = 1};
}

static order read_order(kf_player *p)
{
    order o = {.rate = p->device_rate, .ready = true, .hold = !p->device};
    if (o.hold || !p->programme || p->programme->view.duration <= 0) return o;
    if (p->grain_id && kf_clock_ns() - p->moved_ns > 3 * GRAIN_MS * INT64_C(1000000)) p->grain_id = 0;
    if (p->playing) {
        o.run = p->run_id;
        o.turn = p->run_turn;
        o.way = p->run;
        o.ready = p->gathered == p->run_id;
    } else if (p->grain_id) {
        o.run = p->grain_id;
        o.way = grain_run(p);
        o.grain = true;
    }
    if (!o.run) return o;
    if (p->score) o.score = kf_score_ref(p->score);
    o.tracks = p->programme->view.track_count;
    return o;
}

/* ---- Starting ---- */

/* The feed takes the order's score. */
static bool start_feed(feeder *f, order *o, int64_t first)
{
    kf_player *p = f->player;
    kf_voice_params params = {o->score, o->way, o->rate};
    kf_error error;
    kf_lane *lane = kf_lanes_take(&p->lanes);
    if (!lane) return false; /* the callback gives one back soon */
    feed *now = &f->now;
    kf_status status = kf_voice_create(&params, &now->voice, &error);
    if (status != KF_OK) {
        kf_warn(&p->warnings, status, "%s", error.message);
        params.score = NULL;
        status = kf_voice_create(&params, &now->voice, &error);
    }
    if (status != KF_OK) {
        atomic_store(&lane->taken, false);
        return false;
    }
    now->lane = lane;
    now->score = o->score;
    o->score = NULL;
    now->run = lane->run = o->run;
    now->turn = o->turn;
    now->next = lane->first = first;
    now->rate = o->rate;
    now->tracks = o->tracks;
    now->grain = o->grain ? samples_of(GRAIN_MS * INT64_C(1000000), o->rate) : 0;
    now->end = lane->end = o->grain ? now->grain : kf_voice_end(now->voice);
    now->sent = false;
    return true;
}

/* Integrated loudness is that of the whole run, edits during it included. */
static void renew_loudness(feeder *f, const order *o)
{
    if (o->grain || f->loudness_run == o->run) return;
    kf_loudness_destroy(f->now.loudness);
    f->now.loudness = NULL;
    kf_loudness_create_live(o->rate, KF_LANE_CHANNELS, &f->now.loudness, NULL);
    f->loudness_run = o->run;
}

static void drop_unsent(feed *f)
{
    if (f->lane && !f->sent) atomic_store(&f->lane->taken, false);
}

/* What was heard fades out. */
static void send_silence(feeder *f)
{
    kf_lane *lane = f->silent ? NULL : kf_lanes_take(&f->player->lanes);
    if (!lane) return;
    kf_lanes_send(&f->player->lanes, lane);
    f->silent = true;
}

static void drop_feeds(feeder *f)
{
    close_feed(&f->before);
    drop_unsent(&f->now);
    close_feed(&f->now);
}

static void begin_run(feeder *f, order *o)
{
    drop_feeds(f);
    send_silence(f); /* until it is ready */
    renew_loudness(f, o);
    start_feed(f, o, 0);
}

/* The same run with another score, or another way on: from a little ahead of what the device has got. */
static void change_course(feeder *f, order *o)
{
    uint64_t run;
    int64_t base, at;
    bool plays = kf_lanes_clock(&f->player->lanes, &run, &base, &at) && run == o->run;
    int64_t first = plays ? at + samples_of(MARGIN_NS, o->rate) : 0;
    if (f->now.sent) {
        close_feed(&f->before);
        f->before = f->now;
        f->before.loudness = NULL;
        f->now = (feed){.loudness = f->now.loudness};
    } else {
        drop_unsent(&f->now);
        close_feed(&f->now);
    }
    start_feed(f, o, first);
}

/* ---- Filling ---- */

static void shape_grain(const feed *f, int32_t n, float *const *planes)
{
    int64_t soft = samples_of(GRAIN_FADE_MS * INT64_C(1000000), f->rate);
    for (int c = 0; c < KF_LANE_CHANNELS; c++) {
        kf_fade_apply(KF_FADE_S, false, 0, soft, f->next, n, planes[c]);
        kf_fade_apply(KF_FADE_S, true, f->grain - soft, soft, f->next, n, planes[c]);
    }
}

static void render_block(feeder *f, feed *d, int32_t n)
{
    float left[BLOCK], right[BLOCK], *const planes[KF_LANE_CHANNELS] = {left, right};
    kf_player *p = f->player;
    kf_error error;
    kf_status status = kf_voice_render(d->voice, d->next, n, planes, &error);
    if (status != KF_OK) kf_warn(&p->warnings, status, "%s", error.message);
    if (d->grain) shape_grain(d, n, planes);
    kf_meter_block block = {d->run, d->next, n, planes, d->tracks};
    kf_meters_add(&p->meters, &block, d->voice, d->loudness);
    kf_audio_fifo_write(d->lane->fifo, (const float *const *)planes, n);
    d->next += n;
}

/* One block, if there is room for it; true: there may be more to do. */
static bool fill(feeder *f, feed *d)
{
    if (!d->lane || d->next >= d->end || kf_audio_fifo_room(d->lane->fifo) < BLOCK) return false;
    if (kf_audio_fifo_filled(d->lane->fifo) >= samples_of(AHEAD_NS, d->rate)) return false;
    int64_t left = d->end - d->next;
    render_block(f, d, left < BLOCK ? (int32_t)left : BLOCK);
    return true;
}

static void send_when_filled(feeder *f, const order *o)
{
    feed *d = &f->now;
    if (!d->lane || d->sent || !o->ready) return;
    int64_t enough = samples_of(f->before.lane ? JOIN_NS : PREFILL_NS, d->rate);
    if (kf_audio_fifo_filled(d->lane->fifo) < enough && d->next < d->end) return;
    d->sent = true;
    f->silent = false;
    kf_lanes_send(&f->player->lanes, d->lane);
}

/* The voice before is fed until the callback has left its lane. Edits that come meanwhile wait. */
static void look_after(feeder *f)
{
    if (f->before.lane && !kf_lanes_used(&f->player->lanes, f->before.lane)) close_feed(&f->before);
}

/* Carries the order out as far as it can be now; true: there is more to do. */
static bool work(feeder *f, order *o)
{
    if (o->hold) return false;
    if (!o->run) {
        drop_feeds(f);
        send_silence(f);
    } else if (!f->now.lane || f->now.run != o->run || f->now.rate != o->rate) {
        begin_run(f, o);
    } else if (!o->grain && !f->before.lane && (f->now.score != o->score || f->now.turn != o->turn)) {
        change_course(f, o);
    }
    look_after(f);
    bool more = fill(f, &f->before);
    more = fill(f, &f->now) || more;
    send_when_filled(f, o);
    return more;
}

void *kf_player_sound(void *arg)
{
    kf_player *p = arg;
    feeder f = {.player = p, .silent = true};
    pthread_mutex_lock(&p->lock);
    while (!p->quit) {
        order o = read_order(p);
        pthread_mutex_unlock(&p->lock);
        bool more = work(&f, &o), busy = !o.hold && (o.run != 0 || !f.silent);
        kf_score_unref(o.score);
        pthread_mutex_lock(&p->lock);
        if (!more && !p->quit) kf_signal_wait(&p->sound, &p->lock, busy ? kf_clock_ns() + NAP_NS : 0);
    }
    pthread_mutex_unlock(&p->lock);
    close_feed(&f.before);
    close_feed(&f.now);
    kf_loudness_destroy(f.now.loudness);
    return NULL;
}
