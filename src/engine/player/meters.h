/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was rendered ahead, measured, until it is heard. Thread-safe; not for the callback. */
#ifndef KF_ENGINE_METERS_H
#define KF_ENGINE_METERS_H

#include "base/api/thread.h"
#include "engine/player/voice.h"
#include "kerf/player.h"

enum { KF_METER_RECORDS = 256 };

typedef struct kf_meter_record {
    uint64_t run;
    int64_t first, end;      /* samples of the run */
    kf_player_meter master;
    int32_t tracks;
} kf_meter_record;

typedef struct kf_meters {
    pthread_mutex_t lock;
    kf_meter_record records[KF_METER_RECORDS];
    kf_player_meter *tracks[KF_METER_RECORDS];
    int32_t capacity[KF_METER_RECORDS];
    int64_t count;           /* records, ever */
} kf_meters;
void kf_meters_init(kf_meters *meters);
void kf_meters_finish(kf_meters *meters);

/* A block that was rendered; loudness may be NULL. Takes what the voice has measured since the last block. */
typedef struct kf_meter_block {
    uint64_t run;
    int64_t first;
    int32_t n;
    float *const *planes;
    int32_t tracks;          /* of the sequence */
} kf_meter_block;
void kf_meters_add(kf_meters *meters, const kf_meter_block *block, kf_voice *voice, kf_loudness *loudness);
/* What is heard at a sample of a run; silence if that is not known. */
void kf_meters_get(kf_meters *meters, uint64_t run, int64_t at, kf_player_meter *master, kf_player_meter *tracks,
                   int32_t count);

#endif
