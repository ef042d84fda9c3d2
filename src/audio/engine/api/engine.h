/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio engine: an immutable description of a sequence's sound, and a renderer of it.
 *
 * The description is plain data, made by the caller, borrowed and unchanged for as long as a renderer of it lives.
 * Positions are int64 samples of the sequence (kf_sample_at of its times); every cut, fade and automation point falls
 * on its sample.
 *
 *   clip:   source -> speed -> effects -> gain -> fades -> pan
 *   track:  sum of its clips -> gain -> pre (EQ) -> pan -> inserts -> meter
 *   master: sum of the audible tracks -> inserts -> gain -> limiter -> meter
 *
 * Clips of one track may overlap and are summed: a transition is two overlapping clips, one fading out, the other in.
 * Latency of effects is compensated everywhere, sidechains included: an impulse comes out on the sample it is placed
 * on. Clip effects stop with their clip; track and master effects ring on.
 *
 * Rendered samples do not depend on block sizes. A renderer is not thread-safe; several renderers may share one graph.
 */
#ifndef KF_AUDIO_ENGINE_H
#define KF_AUDIO_ENGINE_H

#include "audio/dsp/api/dsp.h"

/* A value over time: `constant` if count is 0, else points at ascending, distinct samples (absolute positions of the
 * sequence, also in clips); before the first and after the last point their values hold. */
typedef struct kf_audio_point {
    int64_t sample;
    float value;
    bool hold; /* keep value up to the next point instead of going to it in a straight line */
} kf_audio_point;
typedef struct kf_audio_curve {
    const kf_audio_point *points;
    int32_t count;
    float constant;
} kf_audio_curve;
/* Gain curves are in dB (0 = unchanged, -144 and below = silence; lines are straight in dB, approached by amplitude
 * ramps between the points and multiples of KF_DSP_GRID). Pan curves are -1..1, law KF_PAN_BALANCE. */

/* An automated float of an effect's params, evaluated at each multiple of KF_DSP_GRID. */
typedef struct kf_audio_automation {
    uint16_t offset;      /* of a float in the params struct */
    kf_audio_curve curve;
} kf_audio_automation;

typedef struct kf_audio_effect {
    kf_dsp_kind kind;
    const void *params;   /* the kind's params struct; NULL = defaults */
    const kf_audio_automation *automation;
    int32_t automation_count;
    int32_t
        sidechain; /* index + 1 of the track that it listens to (after that track's inserts, muted or not); 0 = none */
    const char *name;     /* for messages; may be NULL */
} kf_audio_effect;

typedef struct kf_audio_chain {
    const kf_audio_effect *effects;
    int32_t count;
} kf_audio_chain;

typedef struct kf_audio_clip {
    int64_t start, length;   /* samples of the sequence; length > 0 */
    kf_sample_source source; /* at the sequence's rate and channels */
    int64_t source_first;    /* source sample heard at start */
    int64_t speed_num, speed_den; /* source samples per sample, > 0; {0, 0} or {1, 1} is normal speed */
    bool reverse;            /* plays backwards from source_first */
    bool pitch_preserve;     /* at speeds other than 1 (KF_SPEED_STRETCH) */
    kf_warp warp; /* if count > 0: time remap, replaces speed and reverse; at = samples since the clip's start,
                     source = samples from source_first */
    int64_t loop_first,
        loop_length;         /* if length > 0: source positions wrap into [loop_first, loop_first + loop_length) */
    kf_audio_curve gain;     /* dB */
    kf_audio_curve pan;
    int64_t fade_in, fade_out; /* samples, 0 .. length */
    int32_t fade_in_shape, fade_out_shape; /* kf_fade_shape */
    kf_audio_chain effects;
    const char *name;        /* for messages; may be NULL */
} kf_audio_clip;

typedef struct kf_audio_track {
    const kf_audio_clip *clips; /* ascending by start */
    int64_t clip_count;
    kf_audio_curve gain, pan;
    kf_audio_chain pre, inserts;
    bool mute, solo;            /* when any track is solo, only solo ones are heard */
    const char *name;
} kf_audio_track;

enum { KF_AUDIO_METER_TRACKS = 1, KF_AUDIO_METER_LOUDNESS = 2, KF_AUDIO_METER_TRACK_LOUDNESS = 4 };

typedef struct kf_audio_graph {
    int32_t rate;       /* 8000..384000 */
    int32_t channels;   /* 1..KF_DSP_MAX_CHANNELS, 2 = stereo; pan works on stereo only */
    const kf_audio_track *tracks;
    int32_t track_count;
    kf_audio_curve master_gain;
    kf_audio_chain master;      /* inserts */
    bool limiter_off; /* the master's true-peak limiter is on unless this is set; it changes nothing until the true peak
                         would pass the ceiling */
    float ceiling_db; /* dBTP; 0 stands for the default, -1. For a ceiling of 0 dBTP give a tiny negative number */
    uint32_t meters;            /* of the enum above; master peak and RMS are always measured */
} kf_audio_graph;

typedef struct kf_audio_meters {
    float peak_db, rms_db;
    kf_loudness_values loudness; /* available only if asked for (and built in) */
} kf_audio_meters;

typedef struct kf_audio_renderer kf_audio_renderer;
/* Checks the whole graph (KF_ERR_INVALID names the track, clip and value: unsorted clips, sidechain cycles, lengths out
 * of range) and prepares the plan. Work and memory grow with tracks and effects under the playhead, not with the number
 * of clips (which are only checked). The graph is borrowed. */
kf_status kf_audio_renderer_create(const kf_audio_graph *graph, kf_audio_renderer **out, kf_error *err);
void kf_audio_renderer_destroy(kf_audio_renderer *renderer); /* NULL is fine */

/* Renders n samples from position `first` into out (graph->channels planes, overwritten). A call that goes on where the
 * last one ended is cheap; any other one is a seek: state is cleared and the effects run in for
 * kf_audio_renderer_preroll samples first (0 without effects that remember, the limiter among them, and then a seek
 * gives the very samples that playing gives; starting at or before sample 0 never needs pre-roll). After an error the
 * next call is a seek. Sources are read only within their clips, plus what a resampler, a stretcher or a look-ahead
 * needs around. */
kf_status kf_audio_render(kf_audio_renderer *renderer, int64_t first, int32_t n, float *const *out, kf_error *err);
int64_t kf_audio_renderer_preroll(const kf_audio_renderer *renderer);

/* Of everything rendered since creation or the last reset (pre-roll not counted). track -1 = master; a muted track, or
 * one not metered, reads -INFINITY. */
kf_audio_meters kf_audio_renderer_meters(const kf_audio_renderer *renderer, int32_t track);
/* The same by channel, and without loudness; nothing measured if there is no such track. */
kf_meter kf_audio_renderer_meter(const kf_audio_renderer *renderer, int32_t track);
void kf_audio_renderer_reset_meters(kf_audio_renderer *renderer);

/* End of the last clip of any track: the length of the sequence's sound. 0 if there is none. */
int64_t kf_audio_graph_end(const kf_audio_graph *graph);

/* A graph as a source of another one (a nested sequence; its rate and channels must be those of the outer one). The
 * renderer inside is made at the first read and dropped when idle. Use one source per clip. The nested graph should
 * have its limiter off unless it is wanted. */
typedef struct kf_audio_graph_source {
    const kf_audio_graph *graph;
    kf_audio_renderer *renderer;
} kf_audio_graph_source;
kf_sample_source kf_audio_graph_source_of(
    kf_audio_graph_source *source); /* *source is borrowed: set graph, zero the rest */
void kf_audio_graph_source_finish(kf_audio_graph_source *source);

#endif
