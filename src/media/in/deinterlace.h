/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interlaced frames to progressive ones, one for one, from the frames around each (bwdif). Not thread-safe. */
#ifndef KF_MEDIA_IN_DEINTERLACE_H
#define KF_MEDIA_IN_DEINTERLACE_H

#include "media/in/internal.h"

typedef struct kf_in_deinterlacer kf_in_deinterlacer;
/* For frames like this one. all: also those that do not say that they are interlaced. */
kf_status kf_in_deinterlacer_open(const AVFrame *like, bool all, kf_in_deinterlacer **out, kf_error *err);
void kf_in_deinterlacer_close(kf_in_deinterlacer *d); /* NULL is fine */
/* frame NULL: the end; what is left can then be pulled. Takes what frame refers to. */
kf_status kf_in_deinterlacer_push(kf_in_deinterlacer *d, AVFrame *frame, int64_t number, kf_error *err);
bool kf_in_deinterlacer_pull(kf_in_deinterlacer *d, AVFrame *frame, int64_t *number); /* false: push more */
bool kf_in_deinterlacer_finished(const kf_in_deinterlacer *d);                        /* the end was pushed */

#endif
