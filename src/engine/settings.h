/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a render makes, resolved from params, preset and sequence. */
#ifndef KF_ENGINE_SETTINGS_H
#define KF_ENGINE_SETTINGS_H

#include "kerf/kerf.h"
#include "media/api/writer.h"
#include "model/api/model.h"

typedef struct kf_settings {
    int32_t sequence;            /* index */
    kf_sequence_view view;
    kf_time start, end;          /* of the sequence */
    kf_rational rate;
    int width, height;
    int64_t frames;
    bool single;                 /* the frame at `start` alone is wanted, not a run; set by the caller */
    bool video, audio;           /* what the output has (audio: if anything sounds) */
    kf_writer_params writer;     /* strings borrowed from params and tables; its sink is the one below: not to be moved */
    kf_writer_sink sink;
    kf_writer_chapter *chapters; /* owned */
} kf_settings;

kf_status kf_settings_resolve(kf_snapshot snapshot, const kf_render_params *params, kf_settings *out, kf_error *err);
void kf_settings_finish(kf_settings *settings);
/* Index of the sequence that params name. */
kf_status kf_settings_sequence(kf_snapshot snapshot, const char *id, int32_t *out, kf_error *err);
/* Start of output frame i on the sequence. */
kf_time kf_settings_frame_time(const kf_settings *settings, int64_t i);

#endif
