/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/meters.h"

#include <math.h>
#include <string.h>

#include "base/api/alloc.h"

static const kf_player_meter nothing = {{-INFINITY, -INFINITY}, {-INFINITY, -INFINITY}, NAN, NAN, NAN};

void kf_meters_init(kf_meters *m)
{
    memset(m, 0, sizeof *m);
    pthread_mutex_init(&m->lock, NULL);
}

void kf_meters_finish(kf_meters *m)
{
    for (int i = 0; i < KF_METER_RECORDS; i++) kf_free(m->tracks[i]);
    pthread_mutex_destroy(&m->lock);
}

static kf_player_meter reading_of(const kf_meter *m, int channels)
{
    kf_player_meter r = nothing;
    for (int side = 0; side < 2 && m->samples > 0; side++) {
        int c = side < channels ? side : channels - 1;
        r.peak_db[side] = kf_gain_to_db(m->peak[c]);
        r.rms_db[side] = kf_gain_to_db((float)sqrt(m->square[c] / (double)m->samples));
    }
    return r;
}

static void measure_tracks(kf_voice *voice, kf_player_meter *out, int32_t count, int channels)
{
    for (int32_t i = 0; i < count; i++) {
        kf_meter m;
        out[i] = kf_voice_meter(voice, i, &m) ? reading_of(&m, channels) : nothing;
    }
    kf_voice_reset_meters(voice);
}

static kf_player_meter measure_master(const kf_meter_block *block, kf_loudness *loudness)
{
    kf_meter m = {0};
    const float *const planes[KF_LANE_CHANNELS] = {block->planes[0], block->planes[1]};
    kf_meter_add(&m, KF_LANE_CHANNELS, block->n, planes);
    kf_player_meter r = reading_of(&m, KF_LANE_CHANNELS);
    kf_loudness_add(loudness, block->n, planes, NULL);
    kf_loudness_values v = kf_loudness_get(loudness);
    if (loudness && v.available) {
        r.momentary = (float)v.momentary;
        r.short_term = (float)v.short_term;
        r.integrated = (float)v.integrated;
    }
    return r;
}

static bool has_room(kf_meters *m, int at, int32_t tracks)
{
    if (m->capacity[at] >= tracks) return true;
    kf_player_meter *more = kf_realloc(m->tracks[at], (size_t)tracks * sizeof *more);
    if (!more) return false;
    m->tracks[at] = more;
    m->capacity[at] = tracks;
    return true;
}

void kf_meters_add(kf_meters *m, const kf_meter_block *block, kf_voice *voice, kf_loudness *loudness)
{
    kf_player_meter master = measure_master(block, loudness);
    pthread_mutex_lock(&m->lock);
    int at = (int)(m->count++ % KF_METER_RECORDS);
    int32_t tracks = has_room(m, at, block->tracks) ? block->tracks : 0;
    m->records[at] = (kf_meter_record){block->run, block->first, block->first + block->n, master, tracks};
    measure_tracks(voice, m->tracks[at], tracks, kf_voice_channels(voice));
    pthread_mutex_unlock(&m->lock);
}

void kf_meters_get(kf_meters *m, uint64_t run, int64_t at, kf_player_meter *master, kf_player_meter *tracks,
                   int32_t count)
{
    if (master) *master = nothing;
    for (int32_t i = 0; i < count; i++) tracks[i] = nothing;
    pthread_mutex_lock(&m->lock);
    int64_t oldest = m->count > KF_METER_RECORDS ? m->count - KF_METER_RECORDS : 0;
    for (int64_t i = m->count - 1; i >= oldest; i--) {
        const kf_meter_record *r = &m->records[i % KF_METER_RECORDS];
        if (r->run != run || at < r->first || at >= r->end) continue;
        if (master) *master = r->master;
        int32_t n = count < r->tracks ? count : r->tracks;
        if (n > 0) memcpy(tracks, m->tracks[i % KF_METER_RECORDS], (size_t)n * sizeof *tracks);
        break;
    }
    pthread_mutex_unlock(&m->lock);
}
