/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/run.h"

enum { NORMAL = 1000 };

static int64_t speed(const kf_run *r)
{
    return r->rate < 0 ? -(int64_t)r->rate : r->rate;
}

int32_t kf_run_stride(kf_rational frames, int32_t rate)
{
    int64_t pictures = (int64_t)frames.num * (rate < 0 ? -(int64_t)rate : rate);
    int64_t most = (int64_t)frames.den * KF_RUN_PICTURES * NORMAL;
    return (int32_t)((pictures + most - 1) / most);
}

/* Distance from the end that it comes from. */
static kf_time distance(const kf_run *r, kf_time elapsed)
{
    kf_time begun = r->rate > 0 ? r->start - r->lo : r->hi - 1 - r->start;
    return begun + kf_muldiv_floor(elapsed, speed(r), NORMAL);
}

kf_time kf_run_position(const kf_run *r, kf_time elapsed)
{
    kf_time span = r->hi - r->lo, d = distance(r, elapsed);
    if (r->loop)
        d %= span;
    else if (d >= span)
        d = span - 1;
    return r->rate > 0 ? r->lo + d : r->hi - 1 - d;
}

kf_time kf_run_length(const kf_run *r)
{
    if (r->loop) return KF_TIME_NONE;
    return kf_muldiv_ceil(r->hi - r->lo - distance(r, 0), NORMAL, speed(r));
}

/* First frame of those that one picture stands for. */
static int64_t shown(const kf_run *r, kf_time at)
{
    int64_t first = kf_frame_at(r->lo, r->frames), frame = kf_frame_at(at, r->frames);
    frame -= frame % r->stride;
    return frame < first ? first : frame;
}

int64_t kf_run_frame(const kf_run *r, kf_time elapsed)
{
    return shown(r, kf_run_position(r, elapsed));
}

kf_time kf_run_next(const kf_run *r, kf_time elapsed)
{
    kf_time at = kf_run_position(r, elapsed), span = r->hi - r->lo, to;
    int64_t frame = kf_frame_at(at, r->frames), cell = frame - frame % r->stride;
    if (r->rate > 0) {
        kf_time end = kf_frame_start(cell + r->stride, r->frames);
        to = (end < r->hi ? end : r->hi) - r->lo;
    } else {
        kf_time begin = kf_frame_start(cell, r->frames);
        to = r->hi - (begin > r->lo ? begin : r->lo);
    }
    if (to == span && !r->loop) return KF_TIME_NONE;
    kf_time d = distance(r, elapsed);
    kf_time goal = d - d % span + to, begun = distance(r, 0); /* on the way without turns */
    return kf_muldiv_ceil(goal - begun, NORMAL, speed(r));
}
