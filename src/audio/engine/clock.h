/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock of a device: from the times at which it asks for blocks to the frame that is heard now.
 *
 * A delay-locked loop (F. Adriaensen, "Using a DLL to filter time", Linux Audio Conference 2005) filters the times: a
 * PI controller of second order, damped by 0.7, whose integral part is the length of a frame. It is quick at first and
 * slow later. What it says jumps a little at each block; readers get a line that is steered towards it and never falls.
 *
 * One thread updates, on which the device calls back; any may read, without waiting. */
#ifndef KF_AUDIO_CLOCK_H
#define KF_AUDIO_CLOCK_H

#include <stdatomic.h>

#include "audio/engine/api/device.h"

/* What readers see; written under a sequence lock. At `ns` the line is at `frame`; it came there with slope `before`,
 * goes on with slope `after` (frames per second), and ends at `most`, the frames handed over. */
typedef struct kf_clock_line {
    _Atomic int64_t ns;
    _Atomic double frame, before, after, most, rate;
} kf_clock_line;

typedef struct kf_clock {
    double nominal, latency;   /* frames per second; frames */
    int64_t epoch_ns;          /* times below are seconds since */
    _Atomic int64_t frames;    /* handed over */
    int32_t last;              /* frames of the last block */
    double due;                /* filtered time of the block after it */
    double period;             /* filtered length of a frame, s */
    double since;              /* start of the loop, or its restart */
    int32_t blocks;            /* since then; up to as many as it may fill its queue with */
    int32_t astray;            /* blocks in a row that came at much the same wrong time */
    double astray_sum;
    _Atomic int64_t gaps;
    _Atomic uint32_t sequence; /* of the lock: odd while writing; 0: nothing written yet */
    kf_clock_line line;
} kf_clock;

/* latency: frames from asking for one to the air; negative for input: from the air to handing the first of a block
 * over. */
void kf_clock_init(kf_clock *clock, int32_t rate, int32_t latency);
/* The device asked for (or brought) n frames at ns, which ascends. Returns when the first of them is in the air. */
int64_t kf_clock_update(kf_clock *clock, int64_t ns, int32_t n) KF_REALTIME;
kf_audio_clock kf_clock_read(const kf_clock *clock, int64_t ns) KF_REALTIME;

#endif
