/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_COMPILE_AUDIO_INTERNAL_H
#define KF_COMPILE_AUDIO_INTERNAL_H

#include "compile/api/compile.h"

/* A generator's sound. */
typedef struct kf_tone_source {
    int32_t kind;            /* KF_GEN_TONE, KF_GEN_BARS, KF_GEN_COUNTDOWN */
    int32_t rate;
    kf_gen_tone tone;
    int64_t from;            /* COUNTDOWN: seconds */
} kf_tone_source;

/* The sound of one sequence that is entered from another. */
typedef struct kf_nested_audio {
    uint64_t uid;
    int32_t angle;           /* of a multicam sequence: the only video track heard, from 1; 0: all tracks */
    kf_audio_graph graph;
} kf_nested_audio;

struct kf_compiled_audio {
    kf_snapshot snapshot;
    kf_audio_sources sources;
    kf_arena arena;          /* of everything below */
    kf_audio_graph graph;
    bool has_loudness;
    double target, ceiling;
    kf_nested_audio **nested;
    size_t nested_count, nested_capacity;
    kf_audio_graph_source **inner; /* to be finished */
    size_t inner_count, inner_capacity;
};

/* Building one sequence. */
typedef struct kf_audio_build {
    kf_compiled_audio *a;
    const kf_sequence_view *sequence;
    int32_t rate, channels;
    int depth;
    kf_error *err;
} kf_audio_build;

void *kf_audio_make(kf_audio_build *b, size_t count, size_t size); /* zeroed, in the arena; NULL: out of memory */
/* A numeric parameter as a curve in samples of the sequence; t0: the sequence time at which the parameter's time is
 * 0. */
kf_status kf_audio_curve_of(kf_audio_build *b, const kf_params *params, int field, kf_time t0, kf_audio_curve *out);
/* pre: leading equalisers go here (NULL: all into `chain`). */
kf_status kf_audio_effects_of(kf_audio_build *b, kf_effects effects, kf_time t0, kf_audio_chain *pre,
                              kf_audio_chain *chain);

#define KF_TRY(call) \
    do { \
        kf_status status_ = (call); \
        if (status_ != KF_OK) return status_; \
    } while (0)

#endif
