/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a render, a single frame and a check share: assets, rasters, the compiler's sources, an executor. */
#ifndef KF_ENGINE_SESSION_H
#define KF_ENGINE_SESSION_H

#include "compile/api/compile.h"
#include "engine/providers.h"
#include "engine/settings.h"
#include "video/cpu/api/cpu.h"

typedef struct kf_session {
    kf_snapshot snapshot;
    const char *folder;
    kf_warnings warnings;
    kf_pool *pool;
    kf_library *library;
    kf_providers providers;
    kf_compile_sources sources;
    kf_audio_sources audio_sources;
    int32_t sequence;        /* that is rendered */
    kf_time at;              /* of the single frame that is; KF_TIME_NONE: a run */
    bool *used;              /* by index of asset: reached from the sequence */
    int32_t asset_count;
} kf_session;

/* Finds what the sequence reaches, opens it in parallel and compares clips with their media. */
kf_status kf_session_open(kf_session *session, const kf_film *film, const kf_render_params *params,
                          const kf_settings *settings, kf_error *err);
/* The same without opening any media yet. */
kf_status kf_session_prepare(kf_session *session, const kf_film *film, const kf_render_params *params,
                             const kf_settings *settings, kf_error *err);
/* KF_ERR_PARSE or KF_ERR_IO if the film's file turned out damaged, or was cut short, while it was read: what was made of
 * it is not to be kept. */
kf_status kf_session_intact(const kf_session *s, kf_error *err);
void kf_session_close(kf_session *session);

/* clips.c: every clip reached from a sequence. Returning anything but KF_OK ends the walk. */
typedef struct kf_clip_place {
    int32_t sequence, track; /* indices */
    int64_t clip;            /* among the track's clips */
    const kf_sequence_view *sequence_view;
    const kf_track_view *track_view;
    const kf_clip_view *view;
    kf_time head, tail;      /* how far transitions reach beyond its start and end */
} kf_clip_place;
typedef kf_status kf_clip_fn(void *ctx, const kf_clip_place *place, kf_error *err);
kf_status kf_each_clip(kf_snapshot snapshot, int32_t sequence, kf_clip_fn *fn, void *ctx, kf_error *err);
/* "tracks[1].clips[4] (\"name\")" */
void kf_clip_place_name(kf_snapshot snapshot, const kf_clip_place *place, char *buffer, size_t size);

/* ranges.c: compares one clip's source range with its asset's media. clamp: a warning instead of an error. */
kf_status kf_check_range(kf_session *session, const kf_clip_place *place, bool clamp, kf_error *err);

#endif
