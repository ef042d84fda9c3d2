/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the room. Times below are positions of the sequence in samples. A track runs ahead of the output by its
 * lead, so that effects with latency deliver on time; everything is told its own true position. */
#ifndef KF_ENGINE_INTERNAL_H
#define KF_ENGINE_INTERNAL_H

#include <string.h>

#include "audio/engine/api/engine.h"
#include "base/api/alloc.h"

enum { KF_CHUNK = 1024, KF_CLIP_BLOCK = 256 };

/* ---- curve.c ---- */

/* Value at a position; *cursor is any int32, kept between calls to make ascending ones cheap. */
float kf_curve_at(const kf_audio_curve *curve, int64_t at, int32_t *cursor);
bool kf_curve_is(const kf_audio_curve *curve, float value); /* constant and equal to value */
/* Multiplies planes by a gain curve in dB, or the first two planes by a pan curve; planes[.][0] is at position `at`. */
void kf_curve_gain(const kf_audio_curve *curve, int32_t *cursor, int64_t at, int32_t n, float *const *planes,
                   int channels);
void kf_curve_pan(const kf_audio_curve *curve, int32_t *cursor, int64_t at, int32_t n, float *const *planes,
                  int channels);

/* ---- chain.c ---- */

typedef struct kf_fx {
    kf_dsp_node node;
    const kf_audio_effect *effect;
    void *params;       /* with automated values filled in; NULL without automation */
    int32_t *cursor;    /* per automation */
    bool fresh;         /* nothing processed since reset */
} kf_fx;
typedef struct kf_chain {
    kf_fx *fx;
    int32_t count, latency, settle;
} kf_chain;
/* `where` names the owner for messages. Finish after failure too. */
kf_status kf_chain_init(kf_chain *chain, const kf_audio_chain *description, const kf_dsp_setup *setup,
                        const char *where, kf_error *err);
void kf_chain_finish(kf_chain *chain);
void kf_chain_reset(kf_chain *chain);
/* In place; planes[.][0] goes in at position `at`, comes out at position at - latency. n <= KF_CHUNK. */
void kf_chain_process(kf_chain *chain, kf_audio_renderer *r, int64_t at, int32_t n, float *const *planes);
int32_t kf_chain_latency_from(const kf_chain *chain, int32_t first); /* of the effects first .. last */
kf_status kf_chain_check(const kf_audio_chain *description, int32_t track_count, const char *where, kf_error *err);

/* ---- ring.c: the latest output of a track, by position ---- */

typedef struct kf_ring {
    float *plane[KF_DSP_MAX_CHANNELS];
    int32_t channels;
    int64_t size;        /* power of two */
    int64_t first, end;  /* positions held */
} kf_ring;
kf_status kf_ring_init(kf_ring *ring, int32_t channels, int64_t size, kf_error *err);
void kf_ring_finish(kf_ring *ring);
void kf_ring_reset(kf_ring *ring, int64_t at);
void kf_ring_write(kf_ring *ring, int32_t n, float *const *in);
void kf_ring_read(const kf_ring *ring, int64_t at, int32_t n, float *const *out); /* silence where nothing is held */

/* ---- clip.c ---- */

typedef struct kf_clip_run {
    const kf_audio_clip *clip;
    kf_speed_reader *reader; /* NULL: normal speed */
    kf_warp_point line[2];
    kf_chain chain;
    int32_t gain_cursor, pan_cursor;
} kf_clip_run;
/* A clip that is heard from position `from` on. */
kf_status kf_clip_start(kf_audio_renderer *r, const kf_audio_clip *clip, int64_t from, kf_clip_run **out,
                        kf_error *err);
void kf_clip_stop(kf_clip_run *run);
/* Adds the clip's sound at [at, at + n) to planes. */
kf_status kf_clip_add(kf_audio_renderer *r, kf_clip_run *run, int64_t at, int32_t n, float *const *planes,
                      kf_error *err);
kf_status kf_clip_check(const kf_audio_clip *clip, const char *where, kf_error *err);

/* ---- track.c ---- */

typedef struct kf_meter_run {
    kf_meter meter;
    kf_loudness *loudness; /* NULL: not asked for or not built in */
} kf_meter_run;

typedef struct kf_track_run {
    const kf_audio_track *track;
    bool audible, needed;
    kf_chain pre, inserts;
    int64_t out_lead;     /* output is made this much ahead of the master's output */
    int64_t settle;
    bool ringed;          /* read by others, or later than made */
    kf_ring ring;
    kf_clip_run **active; /* ascending index */
    size_t active_count, active_capacity;
    int64_t next_clip;    /* first clip not started yet */
    int64_t *block_end;   /* largest end of a clip in each block of KF_CLIP_BLOCK */
    int32_t gain_cursor, pan_cursor;
    kf_meter_run meter;
} kf_track_run;
kf_status kf_track_init(kf_audio_renderer *r, int32_t index, kf_error *err);
kf_status kf_track_init_meter(kf_audio_renderer *r, kf_track_run *t, kf_error *err); /* after the plan */
void kf_track_finish(kf_track_run *t);
kf_status kf_track_seek(kf_audio_renderer *r, kf_track_run *t, int64_t out_at, kf_error *err);
/* Makes output [out_at + out_lead, ... + n) in planes (and in the ring). */
kf_status kf_track_run_chunk(kf_audio_renderer *r, kf_track_run *t, int64_t out_at, int32_t n, float *const *planes,
                             kf_error *err);

/* ---- plan.c: order, leads, pre-roll ---- */

typedef struct kf_side_edge {
    int32_t consumer, producer; /* consumer -1: the master */
    int64_t post;               /* latency from the listening effect's input to its track's output */
} kf_side_edge;
kf_status kf_plan_make(kf_audio_renderer *r, kf_error *err);

/* ---- renderer.c ---- */

struct kf_audio_renderer {
    const kf_audio_graph *graph;
    kf_dsp_setup setup;
    kf_track_run *tracks;
    int32_t *order;             /* producers of sidechains before their consumers */
    kf_side_edge *edges;
    size_t edge_count, edge_capacity;
    kf_chain master;
    kf_dsp_node limiter;        /* driver NULL: off */
    int32_t limiter_latency, gain_cursor;
    int64_t master_lead, most_lead, preroll;
    kf_resample_bank *bank;
    bool running;
    int64_t next;               /* output position due */
    int64_t measure_from;       /* earlier samples are pre-roll */
    kf_meter_run meter;
    float *scratch;             /* the planes below */
    float *bus[KF_DSP_MAX_CHANNELS], *clip[KF_DSP_MAX_CHANNELS], *side[KF_DSP_MAX_CHANNELS], *mix[KF_DSP_MAX_CHANNELS];
};

/* Sidechain of a track at positions [at, at + n), in r->side. */
const float *const *kf_side_read(kf_audio_renderer *r, int32_t track, int64_t at, int32_t n);
kf_status kf_meter_run_add(kf_meter_run *m, const kf_audio_renderer *r, int64_t at, int32_t n, float *const *planes,
                           kf_error *err);

#endif
