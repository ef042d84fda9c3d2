/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which frames look the same in two states of a film. What an edit does not touch, it shares: where the very same nodes are
 * under the playhead, nothing has to be composed again. Used by one thread. */
#ifndef KF_ENGINE_SAME_H
#define KF_ENGINE_SAME_H

#include "engine/player/programme.h"

typedef struct kf_same kf_same;
/* Borrows both. NULL: no frame is known to be the same. */
kf_same *kf_same_create(const kf_programme *a, const kf_programme *b);
void kf_same_destroy(kf_same *same); /* NULL is fine */
/* Not knowing, it says no; NULL: no. Cheapest for frames in order. */
bool kf_same_frame(kf_same *same, int64_t frame);

#endif
