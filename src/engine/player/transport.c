/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What plays, and where it is. */
#include <math.h>

#include "engine/player/internal.h"

enum { NORMAL = 1000, FASTEST = 8 * NORMAL };

static int64_t last_frame(const kf_player *p)
{
    return kf_programme_frames(p->programme) - 1;
}

static kf_time start_of(const kf_player *p, int64_t frame)
{
    return kf_frame_start(frame, p->programme->view.rate);
}

/* Of the frame that is shown at t, within the sequence. */
static kf_time clamp(const kf_player *p, kf_time t)
{
    if (!p->programme) return t < 0 ? 0 : t;
    int64_t frame = kf_frame_at(t < 0 ? 0 : t, p->programme->view.rate), last = last_frame(p);
    return start_of(p, frame < last ? frame : last);
}

bool kf_player_elapsed(const kf_player *p, int64_t now, kf_time *elapsed)
{
    *elapsed = 0;
    if (!p->playing || p->begun_ns == 0) return false;
    if (now > p->begun_ns) *elapsed = kf_muldiv_floor(now - p->begun_ns, KF_SECOND, 1000000000);
    return true;
}

static kf_time position(const kf_player *p, int64_t now)
{
    kf_time elapsed;
    if (!p->playing) return p->position;
    kf_player_elapsed(p, now, &elapsed);
    return kf_run_position(&p->run, elapsed);
}

int64_t kf_player_frame(const kf_player *p, int64_t now)
{
    return p->programme ? kf_frame_at(position(p, now), p->programme->view.rate) : 0;
}

void kf_player_changed(kf_player *p)
{
    p->tell_state = true;
    kf_signal_raise(&p->show);
    kf_signal_raise(&p->compose);
}

/* What is being composed for another position is in the way. */
static void abandon_other(kf_player *p)
{
    if (p->making >= 0 && (p->playing || p->making != kf_player_frame(p, 0))) atomic_store(&p->abandon, true);
}

static void stand_at(kf_player *p, kf_time t, bool scrubbing)
{
    kf_time from = position(p, kf_clock_ns());
    p->playing = false;
    p->scrubbing = scrubbing;
    p->position = clamp(p, t);
    if (p->position != from) p->direction = p->position < from ? -1 : 1;
    p->moved_ns = kf_clock_ns();
    abandon_other(p);
    kf_player_changed(p);
}

void kf_player_place(kf_player *p)
{
    p->position = clamp(p, p->position);
    p->moved_ns = kf_clock_ns();
}

void kf_player_begin(kf_player *p, int64_t now)
{
    p->begun_ns = now;
    kf_signal_raise(&p->compose);
}

void kf_player_end_run(kf_player *p)
{
    int64_t frame = kf_run_frame(&p->run, kf_run_length(&p->run));
    stand_at(p, start_of(p, frame), false);
}

/* ---- Runs ---- */

static void bounds(const kf_player *p, kf_time from, kf_time *lo, kf_time *hi)
{
    kf_time duration = p->programme->view.duration;
    kf_time in = p->in == KF_TIME_NONE ? 0 : p->in, out = p->out == KF_TIME_NONE ? duration : p->out;
    bool ranged = p->loop && in < out && out <= duration && from >= in && from < out;
    *lo = ranged ? in : 0;
    *hi = ranged ? out : duration;
}

/* From a frame on. Backward the frame itself is shown first. */
static void start_run(kf_player *p, kf_time from, int32_t rate, kf_time lo, kf_time hi, bool loop)
{
    kf_rational frames = p->programme->view.rate;
    kf_time start = from;
    if (rate < 0) start = kf_frame_start(kf_frame_at(from, frames) + 1, frames) - 1;
    if (start >= hi) start = hi - 1;
    if (start < lo) start = lo;
    p->run = (kf_run){.start = start, .lo = lo, .hi = hi, .rate = rate, .loop = loop, .frames = frames,
                      .stride = kf_run_stride(frames, rate)};
    p->run_id++;
    p->playing = true;
    p->scrubbing = false;
    p->begun_ns = 0;
    p->direction = rate < 0 ? -1 : 1;
    p->moved_ns = kf_clock_ns();
    abandon_other(p);
    kf_player_changed(p);
}

static void play_from(kf_player *p, kf_time from, int32_t rate)
{
    kf_time lo, hi;
    bounds(p, from, &lo, &hi);
    start_run(p, from, rate, lo, hi, p->loop);
}

void kf_engine_player_play(kf_player *p, double rate)
{
    int32_t r = (int32_t)fmin(FASTEST, fmax(-FASTEST, round(rate * NORMAL)));
    pthread_mutex_lock(&p->lock);
    kf_time at = position(p, kf_clock_ns());
    if (!p->programme || p->programme->view.duration <= 0 || r == 0) {
        stand_at(p, at, false);
    } else {
        bool at_end = !p->playing && r > 0 && !p->loop && at >= start_of(p, last_frame(p));
        play_from(p, at_end ? 0 : at, r);
    }
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_play_range(kf_player *p, kf_time from, kf_time to, kf_time pre_roll, kf_time post_roll)
{
    pthread_mutex_lock(&p->lock);
    kf_time duration = p->programme ? p->programme->view.duration : 0;
    kf_time lo = from == KF_TIME_NONE ? 0 : from - pre_roll, hi = to == KF_TIME_NONE ? duration : to + post_roll;
    lo = lo < 0 ? 0 : lo;
    hi = hi > duration ? duration : hi;
    if (lo < hi) start_run(p, lo, NORMAL, lo, hi, p->loop);
    pthread_mutex_unlock(&p->lock);
}

/* The run goes on from where it is under what holds now. */
void kf_player_rerun(kf_player *p)
{
    if (!p->playing) return;
    int64_t now = kf_clock_ns();
    bool begun = p->begun_ns != 0;
    kf_time at = clamp(p, position(p, now));
    play_from(p, at, p->run.rate);
    if (begun) kf_player_begin(p, now);
}

void kf_engine_player_set_loop(kf_player *p, bool loop)
{
    pthread_mutex_lock(&p->lock);
    if (p->loop != loop) {
        p->loop = loop;
        kf_player_rerun(p);
        kf_player_changed(p);
    }
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_set_range(kf_player *p, kf_time in, kf_time out)
{
    pthread_mutex_lock(&p->lock);
    if (p->in != in || p->out != out) {
        p->in = in;
        p->out = out;
        if (p->loop) kf_player_rerun(p);
        kf_player_changed(p);
    }
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_seek(kf_player *p, kf_time t, bool scrub)
{
    pthread_mutex_lock(&p->lock);
    if (p->playing && !scrub)
        play_from(p, clamp(p, t), p->run.rate);
    else
        stand_at(p, t, scrub);
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_step(kf_player *p, int32_t frames)
{
    pthread_mutex_lock(&p->lock);
    if (p->programme) {
        int64_t frame = kf_player_frame(p, kf_clock_ns()) + frames;
        stand_at(p, start_of(p, frame < 0 ? 0 : frame), false);
    }
    pthread_mutex_unlock(&p->lock);
}

/* ---- The state ---- */

void kf_engine_player_get_state(kf_player *p, kf_player_state *out)
{
    pthread_mutex_lock(&p->lock);
    int64_t now = kf_clock_ns(), frame = kf_player_frame(p, now);
    *out = (kf_player_state){.playing = p->playing, .rate = p->playing ? (double)p->run.rate / NORMAL : 0,
                             .position = position(p, now), .frame = frame, .frame_rate = {0, 0}, .in = p->in,
                             .out = p->out, .loop = p->loop, .scrubbing = p->scrubbing, .mute = p->mute,
                             .proxies = p->proxies, .scrub_sound = p->scrub_sound, .gain_db = p->gain_db,
                             .quality = p->quality};
    if (p->programme) {
        const kf_sequence_view *q = &p->programme->view;
        out->duration = q->duration;
        out->frame_rate = q->rate;
        out->width = q->width;
        out->height = q->height;
        out->waiting = !p->playing && !kf_frames_has(p->frames, frame);
    }
    pthread_mutex_unlock(&p->lock);
}
