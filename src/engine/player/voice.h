/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sound of a run: a sequence's graph, followed forward and backward, at any speed, round and round, in stereo at the
 * device's rate. Used by one thread. */
#ifndef KF_ENGINE_VOICE_H
#define KF_ENGINE_VOICE_H

#include "engine/player/lanes.h"
#include "engine/player/programme.h"
#include "engine/player/run.h"

/* The compiled sound of a programme. Shared; the last to leave ends it. */
typedef struct kf_score {
    atomic_int refs;
    kf_programme *programme; /* held */
    kf_compiled_audio *audio; /* NULL: nothing sounds */
} kf_score;
/* Opens what sounds in the sequence: takes its time. */
kf_status kf_score_create(kf_programme *programme, kf_score **out, kf_error *err);
kf_score *kf_score_ref(kf_score *score);
void kf_score_unref(kf_score *score); /* NULL is fine */

typedef struct kf_voice kf_voice;
typedef struct kf_voice_params {
    kf_score *score;         /* a reference is taken; NULL: silence */
    kf_run run;
    int32_t rate;            /* of the device */
} kf_voice_params;
kf_status kf_voice_create(const kf_voice_params *params, kf_voice **out, kf_error *err);
void kf_voice_destroy(kf_voice *voice); /* NULL is fine */
/* Samples [first, first + n) of the run; n at most 1024. Going on where the last call ended is cheap. On failure they are
 * silent. */
kf_status kf_voice_render(kf_voice *voice, int64_t first, int32_t n, float *const planes[KF_LANE_CHANNELS], kf_error *err);
int64_t kf_voice_end(const kf_voice *voice); /* the run's last sample + 1; INT64_MAX: never */
/* What the tracks sounded like since the last call; false: not known. */
bool kf_voice_meter(kf_voice *voice, int32_t track, kf_meter *out);
void kf_voice_reset_meters(kf_voice *voice);
int kf_voice_channels(const kf_voice *voice); /* of what is measured */

#endif
