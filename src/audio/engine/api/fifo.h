/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples from one thread to another without a lock: one writes, one reads, one of them in a device's callback. */
#ifndef KF_AUDIO_FIFO_H
#define KF_AUDIO_FIFO_H

#include "audio/dsp/api/dsp.h"

typedef struct kf_audio_fifo kf_audio_fifo;

/* Holds at least `frames`, > 0. *out is NULL on failure. */
kf_status kf_audio_fifo_create(int32_t channels, int32_t frames, kf_audio_fifo **out, kf_error *err);
void kf_audio_fifo_destroy(kf_audio_fifo *fifo); /* NULL is fine */

/* Takes the first of n frames for which there is room; returns how many. The writer's. */
int32_t kf_audio_fifo_write(kf_audio_fifo *fifo, const float *const *planes, int32_t n) KF_REALTIME;
/* Gives up to n frames; returns how many. planes NULL: they are dropped. The reader's. */
int32_t kf_audio_fifo_read(kf_audio_fifo *fifo, float *const *planes, int32_t n) KF_REALTIME;
int32_t kf_audio_fifo_filled(const kf_audio_fifo *fifo) KF_REALTIME; /* any thread; at least that for the reader */
int32_t kf_audio_fifo_room(const kf_audio_fifo *fifo) KF_REALTIME;   /* any thread; at least that for the writer */

#endif
