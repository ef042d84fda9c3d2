/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread that shows: the picture of the moment to the caller, and all callbacks. */
#include "engine/player/internal.h"
#include "engine/player/picture.h"

#define GATHER_NS INT64_C(400000000)  /* a run begins then, whatever is ready */
#define GATHER_BACK_NS INT64_C(1200000000) /* ... backward: a whole GOP has to be decoded */
#define START_NS INT64_C(2000000)     /* between two looks whether the device has begun */
#define TELL_NS INT64_C(100000000)    /* between two reports of statistics */
enum { GATHER = 4, NEAR = 24 };       /* pictures that a run begins with; how far off a stand-in may be, frames */

static int64_t ns_of(kf_time t)
{
    return kf_muldiv_ceil(t, 1000000000, KF_SECOND);
}

/* ---- The newest picture ---- */

/* Makes it the one that callers get. True: it is another one. */
static bool put_front(kf_player *p, kf_picture *picture)
{
    if (p->front && p->front->serial == picture->serial && p->front->exact == picture->exact) return false;
    kf_frames_discard(p->frames, p->front);
    p->front = kf_engine_picture_ref(picture);
    return true;
}

static bool put_near(kf_player *p, int64_t frame)
{
    kf_picture *near = kf_frames_nearest(p->frames, frame, NEAR);
    if (!near) return false;
    int64_t off = near->frame > frame ? near->frame - frame : frame - near->frame;
    int64_t now = p->front ? p->front->frame > frame ? p->front->frame - frame : frame - p->front->frame : INT64_MAX;
    kf_picture *copy = off < now ? kf_picture_share(near) : NULL;
    if (!copy) return false;
    copy->exact = false;
    bool changed = put_front(p, copy);
    kf_engine_picture_unref(copy);
    return changed;
}

static bool show_standing(kf_player *p, int64_t now)
{
    int64_t frame = kf_player_frame(p, now);
    kf_picture *exact = kf_frames_find(p->frames, frame);
    if (exact) return put_front(p, exact);
    if (p->stand_in && p->stand_in_for == frame) return put_front(p, p->stand_in);
    return put_near(p, frame);
}

/* ---- Playing ---- */

static int64_t patience(const kf_player *p)
{
    return p->run.rate < 0 ? GATHER_BACK_NS : GATHER_NS;
}

/* The first pictures and the sound are there, or it has waited long enough. */
static bool gathered(const kf_player *p, int64_t now)
{
    kf_time at = 0;
    if (now - p->moved_ns > patience(p)) return true;
    if (!kf_player_has_score(p)) return false;
    for (int i = 0; i < GATHER; i++) {
        if (!kf_frames_has(p->frames, kf_run_frame(&p->run, at))) return false;
        at = kf_run_next(&p->run, at);
        if (at == KF_TIME_NONE) return true;
    }
    return true;
}

/* Brings the cursor to the frame of the moment; what was passed unseen was dropped. */
static void advance(kf_player *p, kf_time elapsed)
{
    kf_showing *s = &p->showing;
    if (s->run != p->run_id) *s = (kf_showing){.run = p->run_id, .frame = kf_run_frame(&p->run, 0)};
    for (;;) {
        kf_time next = kf_run_next(&p->run, s->cursor);
        if (next == KF_TIME_NONE || next > elapsed) return;
        p->stats.dropped += !s->shown;
        s->cursor = next;
        s->frame = kf_run_frame(&p->run, next);
        s->shown = false;
        kf_signal_raise(&p->compose);
    }
}

/* One that came after its time is better than standing still, and was not dropped after all. */
static bool show_late(kf_player *p)
{
    if (!p->late || (p->front && p->front->serial >= p->late->serial)) return false;
    bool behind = p->run.rate > 0 ? p->late->frame < p->showing.frame : p->late->frame > p->showing.frame;
    if (!behind || !put_front(p, p->late)) return false;
    p->stats.dropped -= p->stats.dropped > 0;
    p->stats.shown++;
    p->stats.late++;
    return true;
}

static bool show_moment(kf_player *p, kf_time elapsed)
{
    kf_showing *s = &p->showing;
    kf_time frame = kf_frame_start(1, p->run.frames);
    if (s->shown) return false;
    kf_picture *picture = kf_frames_find_stale(p->frames, s->frame);
    if (!picture) return show_late(p);
    s->shown = true;
    p->stats.shown++;
    p->stats.late += elapsed - s->cursor > frame / 2;
    return put_front(p, picture);
}

static bool show_playing(kf_player *p, int64_t now, int64_t *wake)
{
    kf_time elapsed, length = kf_run_length(&p->run);
    if (!kf_player_elapsed(p, now, &elapsed)) {
        bool ready = p->gathered == p->run_id;
        if (!ready && gathered(p, now)) kf_player_begin(p);
        *wake = ready ? now + START_NS : p->moved_ns + patience(p) + 1;
        return show_standing(p, now);
    }
    advance(p, elapsed);
    bool changed = show_moment(p, elapsed);
    if (length != KF_TIME_NONE && elapsed >= length) {
        kf_player_end_run(p);
        return changed;
    }
    kf_time next = kf_run_next(&p->run, p->showing.cursor);
    if (next == KF_TIME_NONE) next = length;
    *wake = now + ns_of(next - elapsed);
    return changed;
}

/* ---- The thread ---- */

/* True: the state is to be told now. Else *wake may become sooner. */
static bool tells(kf_player *p, int64_t now, int64_t *wake)
{
    bool due = p->playing && now - p->told_ns >= TELL_NS;
    if (p->playing && *wake > p->told_ns + TELL_NS) *wake = p->told_ns + TELL_NS;
    if (!p->tell_state && !due) return false;
    p->tell_state = false;
    p->told_ns = now;
    return true;
}

static void call(kf_player *p, bool changed, bool state)
{
    pthread_mutex_unlock(&p->lock);
    if (changed && p->params.changed) p->params.changed(p->params.context);
    if (state && p->params.state) p->params.state(p->params.context);
    pthread_mutex_lock(&p->lock);
}

void *kf_player_show(void *arg)
{
    kf_player *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->quit) {
        int64_t now = kf_clock_ns(), wake = 0;
        bool changed = false;
        if (p->programme) changed = p->playing ? show_playing(p, now, &wake) : show_standing(p, now);
        bool state = tells(p, now, &wake);
        if (changed || state)
            call(p, changed, state);
        else
            kf_signal_wait(&p->show, &p->lock, wake);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}
