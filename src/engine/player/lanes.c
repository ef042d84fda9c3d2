/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/lanes.h"

#include <string.h>

kf_status kf_lanes_init(kf_lanes *l, int32_t frames, kf_error *err)
{
    memset(l, 0, sizeof *l);
    l->gain_now = 1;
    atomic_store(&l->gain, 1);
    for (int i = 0; i < KF_LANE_COUNT; i++) {
        kf_status status = kf_audio_fifo_create(KF_LANE_CHANNELS, frames, &l->lane[i].fifo, err);
        if (status != KF_OK) return status;
    }
    return KF_OK;
}

void kf_lanes_finish(kf_lanes *l)
{
    for (int i = 0; i < KF_LANE_COUNT; i++) kf_audio_fifo_destroy(l->lane[i].fifo);
    memset(l, 0, sizeof *l);
}

/* ---- The feeder ---- */

kf_lane *kf_lanes_take(kf_lanes *l)
{
    for (int i = 0; i < KF_LANE_COUNT; i++) {
        kf_lane *lane = &l->lane[i];
        if (atomic_load(&lane->taken)) continue;
        kf_audio_fifo_read(lane->fifo, NULL, kf_audio_fifo_filled(lane->fifo));
        lane->run = 0;
        lane->first = 0;
        lane->end = INT64_MAX;
        lane->at = 0;
        lane->dry = false;
        atomic_store(&lane->taken, true); /* until it is given back */
        return lane;
    }
    return NULL;
}

void kf_lanes_send(kf_lanes *l, kf_lane *lane)
{
    kf_lane *old = atomic_exchange(&l->next, lane);
    if (old) atomic_store(&old->taken, false);
}

bool kf_lanes_used(kf_lanes *l, const kf_lane *lane)
{
    return atomic_load(&lane->taken);
}

/* ---- Any thread ---- */

bool kf_lanes_clock(kf_lanes *l, uint64_t *run, int64_t *base, int64_t *at)
{
    for (int i = 0; i < 1000; i++) {
        uint64_t turn = atomic_load(&l->turn);
        *run = atomic_load(&l->clock_run);
        *base = atomic_load(&l->clock_base);
        *at = atomic_load(&l->clock_at);
        if (turn % 2 == 0 && atomic_load(&l->turn) == turn) return *run != 0;
    }
    return false; /* the callback was stopped in mid-stroke: ask again */
}

/* ---- The callback ---- */

static void tell_clock(kf_lanes *l, const kf_lane *lane, int64_t frame)
{
    atomic_fetch_add(&l->turn, 1);
    atomic_store(&l->clock_run, lane ? lane->run : 0);
    atomic_store(&l->clock_base, lane ? frame - lane->at : 0);
    atomic_store(&l->clock_at, lane ? lane->at : 0);
    atomic_fetch_add(&l->turn, 1);
}

static void give_back(kf_lane *lane)
{
    if (lane) atomic_store(&lane->taken, false);
}

/* Up to n samples of the lane, silence after them. Past its end nothing is missing. */
static int32_t pull(kf_lanes *l, kf_lane *lane, float *const *planes, int32_t n)
{
    int32_t got = 0;
    if (lane && lane->run) got = kf_audio_fifo_read(lane->fifo, planes, n);
    for (int c = 0; c < KF_LANE_CHANNELS; c++) memset(planes[c] + got, 0, (size_t)(n - got) * sizeof(float));
    if (!lane || !lane->run) return n;
    int64_t left = lane->end - lane->at;
    bool whole = got == n || left <= got;
    lane->at += whole ? n : got;
    return whole ? n : got;
}

static void fade(float *const *planes, int32_t n, bool out)
{
    for (int c = 0; c < KF_LANE_CHANNELS; c++) kf_gain_ramp(out ? 1 : 0, 0, out ? 0 : 1, n, 0, n, planes[c]);
}

/* What is missing is silent, and begins and ends softly. */
static void play_lane(kf_lanes *l, kf_lane *lane, float *const *planes, int32_t n)
{
    int32_t got = pull(l, lane, planes, n);
    bool dry = got < n;
    int32_t soft = got < KF_LANE_FADE ? got : KF_LANE_FADE;
    float *tail[KF_LANE_CHANNELS] = {planes[0] + got - soft, planes[1] + got - soft};
    if (lane && lane->dry && soft > 0) fade(planes, soft, false);
    if (dry && lane && !lane->dry) {
        atomic_fetch_add(&l->underruns, 1);
        if (soft > 0) fade(tail, soft, true);
    }
    if (lane) lane->dry = dry;
}

/* Whether the pending lane can take over; of the same run, when it is due. */
static bool is_due(const kf_lanes *l, int32_t n)
{
    const kf_lane *now = l->playing, *next = l->pending;
    if (!next) return false;
    if (!now || now->run != next->run || next->run == 0) return true;
    int64_t skip = now->at - next->first;
    if (skip < 0) return false;
    return kf_audio_fifo_filled(next->fifo) >= skip + n || next->end <= now->at + n || now->dry;
}

static void switch_lanes(kf_lanes *l, float *const *planes, int32_t n)
{
    kf_lane *old = l->playing, *lane = l->pending;
    float *const scratch[KF_LANE_CHANNELS] = {l->scratch[0], l->scratch[1]};
    int32_t soft = n < KF_LANE_FADE ? n : KF_LANE_FADE;
    lane->at = lane->first;
    if (old && old->run == lane->run && lane->run)
        lane->at += kf_audio_fifo_read(lane->fifo, NULL, (int32_t)(old->at - lane->first));
    pull(l, old, scratch, soft);
    play_lane(l, lane, planes, n);
    for (int c = 0; c < KF_LANE_CHANNELS; c++) kf_crossfade(KF_FADE_LINEAR, 0, soft, 0, soft, scratch[c], planes[c], planes[c]);
    give_back(old);
    l->playing = lane;
    l->pending = NULL;
}

static void apply_gain(kf_lanes *l, float *const *planes, int32_t n)
{
    float to = atomic_load(&l->gain), from = l->gain_now;
    l->gain_now = to;
    if (from == 1 && to == 1) return;
    for (int c = 0; c < KF_LANE_CHANNELS; c++) kf_gain_ramp(from, 0, to, n, 0, n, planes[c]);
}

static void play_part(kf_lanes *l, float *const *planes, int32_t n, int64_t frame)
{
    if (is_due(l, n))
        switch_lanes(l, planes, n);
    else
        play_lane(l, l->playing, planes, n);
    tell_clock(l, l->playing, frame + n); /* where its next sample lies */
    apply_gain(l, planes, n);
}

void kf_lanes_play(kf_lanes *l, float *const *planes, int32_t n, int64_t frame)
{
    enum { PART = sizeof l->scratch[0] / sizeof *l->scratch[0] };
    kf_lane *next = atomic_exchange(&l->next, NULL);
    if (next) {
        give_back(l->pending);
        l->pending = next;
    }
    for (int32_t done = 0; done < n;) {
        int32_t part = n - done < PART ? n - done : PART;
        float *const at[KF_LANE_CHANNELS] = {planes[0] + done, planes[1] + done};
        play_part(l, at, part, frame + done);
        done += part;
    }
}
