/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the thread that renders sound and the callback that plays it. A lane is a stretch of sound in the making: a seek, a
 * start, an edit make a new one, which replaces the one before with a short crossfade at the start of a block. The callback
 * neither waits nor allocates: it takes lanes with one atomic exchange and gives them back by a flag.
 *
 * Threads: `feeder` functions are for one thread, kf_lanes_play for the device's, the others for any. */
#ifndef KF_ENGINE_LANES_H
#define KF_ENGINE_LANES_H

#include <stdatomic.h>

#include "audio/engine/api/fifo.h"

enum { KF_LANE_CHANNELS = 2, KF_LANE_COUNT = 4, KF_LANE_FADE = 256 }; /* samples of a crossfade */

typedef struct kf_lane {
    kf_audio_fifo *fifo;
    uint64_t run;            /* whose sound it is; 0: silence for good */
    int64_t first;           /* sample of the run that comes first */
    int64_t end;             /* the run's last sample + 1; INT64_MAX: never */
    atomic_bool taken;       /* the callback has it */
    int64_t at;              /* of the callback: next sample of the run */
    bool dry;                /* of the callback: the last block was not whole */
} kf_lane;

typedef struct kf_lanes {
    kf_lane lane[KF_LANE_COUNT];
    _Atomic(kf_lane *) next;       /* from the feeder to the callback */
    kf_lane *playing, *pending;    /* of the callback */
    float scratch[KF_LANE_CHANNELS][2048];
    _Atomic float gain;            /* wanted; linear */
    float gain_now;                /* of the callback */
    /* The clock of what plays: written by the callback, read by all; odd: being written. */
    atomic_uint_fast64_t turn, clock_run;
    atomic_int_fast64_t clock_base; /* the device's frame at which the run's sample 0 would lie */
    atomic_int_fast64_t clock_at;  /* next sample of the run */
    atomic_int_fast64_t underruns;
} kf_lanes;

kf_status kf_lanes_init(kf_lanes *lanes, int32_t frames, kf_error *err); /* frames: what a lane holds at least */
void kf_lanes_finish(kf_lanes *lanes); /* also of one that is zeroed, or failed to begin */

/* Feeder: a lane that nobody uses, empty; NULL: the callback still has to give one back. */
kf_lane *kf_lanes_take(kf_lanes *lanes);
/* Feeder: the lane is to play: at once if it is of another run, else when the sample it begins with is due. It may be fed
 * on, until it is no longer in use. One that was sent before and not been taken yet is free again. */
void kf_lanes_send(kf_lanes *lanes, kf_lane *lane);
/* Feeder: the callback is done with the lane, after it was sent. */
bool kf_lanes_used(kf_lanes *lanes, const kf_lane *lane);

/* The run that plays, the device's frame of its sample 0, and its next sample; false: silence. */
bool kf_lanes_clock(kf_lanes *lanes, uint64_t *run, int64_t *base, int64_t *at);

/* The callback. */
void kf_lanes_play(kf_lanes *lanes, float *const *planes, int32_t n, int64_t frame) KF_REALTIME;

#endif
