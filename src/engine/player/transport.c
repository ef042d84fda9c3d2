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

/* Samples of the run that were heard so far; false: another run is heard, or none. */
static bool heard(kf_player *p, int64_t now, double *samples)
{
    uint64_t run;
    int64_t base, at;
    if (!p->device || !kf_lanes_clock(&p->lanes, &run, &base, &at) || run != p->run_id) return false;
    double frame = kf_audio_device_clock(p->device, now).frame - (double)base;
    *samples = fmax(0, fmin(frame, (double)at));
    return true;
}

/* A clock that is lost stands still, and none goes back. */
bool kf_player_elapsed(kf_player *p, int64_t now, kf_time *elapsed)
{
    double samples;
    *elapsed = 0;
    if (!p->playing) return false;
    if (heard(p, now, &samples)) {
        kf_time t = (kf_time)(samples * (double)KF_SECOND / p->device_rate);
        if (p->elapsed_run != p->run_id) p->elapsed = 0;
        p->elapsed_run = p->run_id;
        if (t > p->elapsed) p->elapsed = t;
    }
    if (p->elapsed_run != p->run_id) return false;
    *elapsed = p->elapsed;
    return true;
}

kf_time kf_player_position(kf_player *p, int64_t now)
{
    kf_time elapsed;
    if (!p->playing) return p->position;
    kf_player_elapsed(p, now, &elapsed);
    return kf_run_position(&p->run, elapsed);
}

int64_t kf_player_frame(kf_player *p, int64_t now)
{
    return p->programme ? kf_frame_at(kf_player_position(p, now), p->programme->view.rate) : 0;
}

void kf_player_changed(kf_player *p)
{
    p->tell_state = true;
    kf_signal_raise(&p->show);
    kf_signal_raise(&p->compose);
    kf_signal_raise(&p->load);
    kf_signal_raise(&p->ahead);
    kf_signal_raise(&p->sound);
}

/* What is being composed for another position is in the way. */
static void abandon_other(kf_player *p)
{
    if (p->making >= 0 && (p->playing || p->making != kf_player_frame(p, 0))) atomic_store(&p->abandon, true);
}

/* What was good enough for playing backward is not for looking at it. */
static void drop_soft(kf_player *p)
{
    if (p->soft) kf_frames_drop(p->frames, true);
    p->soft = false;
}

static void stand_at(kf_player *p, kf_time t, bool scrubbing)
{
    kf_time from = kf_player_position(p, kf_clock_ns());
    p->playing = false;
    kf_frames_drop(p->frames, false);
    drop_soft(p);
    p->scrubbing = scrubbing;
    p->position = clamp(p, t);
    if (p->position != from) p->direction = p->position < from ? -1 : 1;
    if (scrubbing && p->scrub_sound && p->position != from) p->grain_id = ++p->run_id;
    p->moved_ns = kf_clock_ns();
    abandon_other(p);
    kf_player_changed(p);
}

void kf_player_place(kf_player *p)
{
    p->position = clamp(p, p->position);
    p->moved_ns = kf_clock_ns();
}

void kf_player_halt(kf_player *p)
{
    stand_at(p, kf_player_position(p, kf_clock_ns()), false);
}

void kf_player_begin(kf_player *p)
{
    p->gathered = p->run_id;
    kf_signal_raise(&p->sound);
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
    if (rate > 0) drop_soft(p);
    p->composed = from;
    p->playing = true;
    p->scrubbing = false;
    p->grain_id = 0;
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
    kf_time at = kf_player_position(p, kf_clock_ns());
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

/* Its clock stays: the start moves to where it would have had to begin to be here now. */
void kf_player_rerun(kf_player *p)
{
    kf_time elapsed;
    if (!p->playing) return;
    kf_player_elapsed(p, kf_clock_ns(), &elapsed);
    kf_time at = kf_run_position(&p->run, elapsed);
    kf_time way = kf_muldiv_floor(elapsed, p->run.rate < 0 ? -p->run.rate : p->run.rate, NORMAL);
    p->run.start = p->run.rate < 0 ? at + way : at - way;
    bounds(p, at, &p->run.lo, &p->run.hi);
    p->run.loop = p->loop;
    p->run.frames = p->programme->view.rate;
    p->run.stride = kf_run_stride(p->run.frames, p->run.rate);
    p->run_turn++;
}

void kf_player_restart(kf_player *p)
{
    if (p->playing) play_from(p, clamp(p, kf_player_position(p, kf_clock_ns())), p->run.rate);
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
                             .position = kf_player_position(p, now), .frame = frame, .frame_rate = {0, 0}, .in = p->in,
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
