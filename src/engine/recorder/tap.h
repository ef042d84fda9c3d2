/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where sound comes from the device's thread to the recorder's: level meters, and a gate to a queue. */
#ifndef KF_ENGINE_RECORDER_TAP_H
#define KF_ENGINE_RECORDER_TAP_H

#include <stdatomic.h>

#include "audio/engine/api/device.h"
#include "audio/engine/api/fifo.h"

/* The gate is asked to open and to close by the recorder, and does so on the device's thread, between blocks. */
enum { KF_TAP_CLOSED, KF_TAP_OPENING, KF_TAP_OPEN, KF_TAP_CLOSING };

typedef struct kf_tap {
    int32_t rate, channels;
    kf_audio_fifo *fifo;
    _Atomic int gate;
    _Atomic int64_t start_ns;           /* of the first block that came through since the gate opened; 0: none has */
    _Atomic int64_t missing;            /* frames that found no room; none is taken in until they are accounted for */
    _Atomic float peak[KF_DSP_MAX_CHANNELS];   /* linear, since last asked for */
    _Atomic float square[KF_DSP_MAX_CHANNELS]; /* mean, smoothed */
    _Atomic bool clipped;
} kf_tap;

kf_status kf_tap_init(kf_tap *tap, int32_t rate, int32_t channels, kf_error *err);
void kf_tap_finish(kf_tap *tap); /* zeroed is fine */

/* A block of the device's. */
void kf_tap_block(kf_tap *tap, float *const *planes, int32_t n, const kf_audio_block *block) KF_REALTIME;

/* dBFS of each channel: the highest since the last call; the mean of the last 300 ms. Any thread. */
void kf_tap_levels(kf_tap *tap, float *peak_db, float *rms_db);

/* The recorder's side. Opens for a take; the queue is empty and the gate closed. */
void kf_tap_open(kf_tap *tap);
void kf_tap_close(kf_tap *tap);      /* asks; frames come until kf_tap_closed */
bool kf_tap_closed(const kf_tap *tap);
/* The next frames: up to n from the queue, or, when it is empty, of the silence in place of what was lost (*silent). */
int32_t kf_tap_take(kf_tap *tap, float *const *planes, int32_t n, bool *silent);

#endif
