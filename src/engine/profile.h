/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the time of a render goes: wall and CPU time per stage, and what clips and effects cost when composed alone. */
#ifndef KF_ENGINE_PROFILE_H
#define KF_ENGINE_PROFILE_H

#include <pthread.h>

#include "media/api/source.h"

typedef enum kf_part {
    KF_PART_SETUP, KF_PART_FETCH, KF_PART_COMPOSE, KF_PART_ENCODE, KF_PART_SOUND, KF_PART_COUNT
} kf_part;

/* A clip or an effect. */
typedef struct kf_cost {
    char name[80];
    double ms;
    int64_t samples;
} kf_cost;

typedef struct kf_profile {
    bool on;
    int64_t started;
    int64_t wall[KF_PART_COUNT]; /* ns inside the stage; each stage belongs to one thread */
    int64_t cpu[KF_PART_COUNT];  /* ns of the stage's own thread; composing: and of the pool that works for it */
    int64_t sampling;            /* CPU time that finding costs took, in no stage */
    kf_cost *costs;              /* of the composing thread */
    size_t cost_count, cost_capacity;
} kf_profile;
typedef struct kf_span {
    kf_part stage;
    int64_t at;
} kf_span;

void kf_profile_init(kf_profile *p, bool on);
void kf_profile_finish(kf_profile *p);
kf_span kf_profile_begin(kf_profile *p, kf_part stage);
void kf_profile_end(kf_profile *p, kf_span span);
void kf_profile_thread(kf_profile *p, kf_part stage); /* at the end of a stage's thread */
void kf_profile_cost(kf_profile *p, const char *name, double ms);
/* Most bytes that the process has had in memory so far; 0: not known. */
int64_t kf_peak_memory(void);
/* A table as text. New string (kf_free), NULL when out of memory. */
char *kf_profile_write(kf_profile *p, int64_t frames, const kf_source_stats *sources);

#endif
