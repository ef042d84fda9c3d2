/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way of a playhead: where it is after how long, and when the next picture is due. Pure arithmetic. */
#ifndef KF_ENGINE_RUN_H
#define KF_ENGINE_RUN_H

#include "base/api/time.h"

/* Playing from `start` at a rate over [lo, hi), lo <= start < hi. Elapsed times are those of the clock, from 0. */
typedef struct kf_run {
    kf_time start, lo, hi;
    int32_t rate;            /* thousandths of normal speed, negative: backward; not 0 */
    bool loop;
    kf_rational frames;      /* rate of the sequence */
    int32_t stride;          /* each n-th frame is shown, counted from 0 */
} kf_run;

/* At most that many pictures a second are of use to anyone. */
enum { KF_RUN_PICTURES = 60 };
int32_t kf_run_stride(kf_rational frames, int32_t rate);

/* Where it is; what does not loop stays on its last flick. */
kf_time kf_run_position(const kf_run *run, kf_time elapsed);
/* The clock's time at which it comes to its end; KF_TIME_NONE: it goes round. */
kf_time kf_run_length(const kf_run *run);
/* The frame to show then. */
int64_t kf_run_frame(const kf_run *run, kf_time elapsed);
/* When the next one is due: > elapsed. KF_TIME_NONE: there is none. */
kf_time kf_run_next(const kf_run *run, kf_time elapsed);

#endif
