/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films over made-up sounds: what is heard at a sample tells where in its source it comes from. */
#ifndef KF_TEST_COMPILE_SOUND_KIT_H
#define KF_TEST_COMPILE_SOUND_KIT_H

#include "base/api/time.h"
#include "kit.h"
#include "test.h"

/* Assets by path: "ramp" and "ramp2" tell positions (position mod 2^20, times 2^-20, on both channels), "quarter" and
 * "quarter2" are 0.25 everywhere, "picture" has no sound. They end at sound_end; by
 * default nobody knows where. */
enum { SOUND_WRAP = 1 << 20 };
static kf_time sound_end = KF_TIME_NONE;

static inline kf_status ramp_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels,
    kf_error *err)
{
    for (int c = 0; c < channels; c++)
        for (int32_t i = 0; i < n; i++) planes[c][i] = (float)((double)((first + i) & (SOUND_WRAP - 1)) / SOUND_WRAP);
    return KF_OK;
}

static inline kf_status quarter_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels,
    kf_error *err)
{
    for (int c = 0; c < channels; c++)
        for (int32_t i = 0; i < n; i++) planes[c][i] = 0.25f;
    return KF_OK;
}

static inline kf_status sound_facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out,
    kf_error *err)
{
    *out = (kf_asset_facts){.audio = strcmp(asset->path, "picture") != 0, .video_end = sound_end,
        .audio_end = sound_end};
    return KF_OK;
}

static inline kf_status sound_open(void *ctx, const kf_asset_view *asset, int stream, int32_t rate, int32_t channels,
                                   kf_sample_source *out, kf_error *err)
{
    *out = (kf_sample_source){.read = strncmp(asset->path, "ramp", 4) == 0 ? ramp_read : quarter_read};
    return KF_OK;
}

static const kf_audio_sources sound_sources = {NULL, sound_facts, sound_open};

typedef struct sound {
    kit_film film;
    kf_compiled_audio *audio;
    kf_audio_renderer *renderer;
    const char *name;         /* for messages: the film */
} sound;

static inline void sound_drop(sound *s)
{
    kf_audio_renderer_destroy(s->renderer);
    kf_compiled_audio_destroy(s->audio);
    kit_drop(&s->film);
}

static inline bool sound_start(sound *s)
{
    kf_error err = {0};
    kf_project_view project = {0};
    kf_snapshot snapshot = kf_film_snapshot(s->film.film);
    kf_project_get(snapshot, &project);
    kf_status status = kf_compile_audio(snapshot, project.main_sequence, &sound_sources, &s->audio, &err);
    if (status == KF_OK) status = kf_audio_renderer_create(kf_compiled_audio_graph(s->audio), &s->renderer, &err);
    if (status != KF_OK) printf("# %s\n", err.message);
    return status == KF_OK;
}

/* `more` (may be NULL) is put among the sequence's keys; the limiter is off. */
static inline bool sound_load(sound *s, const char *tracks, const char *more)
{
    char keys[500];
    snprintf(keys, sizeof keys, "\"limiter\":false%s%s", more ? "," : "", more ? more : "");
    *s = (sound){.name = tracks};
    return kit_load_tracks(&s->film, tracks, keys) && sound_start(s);
}

static inline bool sound_load_json(sound *s, const char *json)
{
    *s = (sound){.name = json};
    return kit_load(&s->film, json) && sound_start(s);
}

/* n samples from `first`; false (printed): failed. */
static inline bool sound_render(sound *s, int64_t first, int32_t n, float *left, float *right)
{
    kf_error err = {0};
    float *out[2] = {left, right};
    if (kf_audio_render(s->renderer, first, n, out, &err) == KF_OK) return true;
    printf("# %s\n", err.message);
    return false;
}

static inline double sound_at(sound *s, int64_t sample, int channel)
{
    float v[2] = {NAN, NAN};
    sound_render(s, sample, 1, &v[0], &v[1]);
    return v[channel];
}

/* How far what is heard at `sample` is from source position `position`, in samples (wrapped). */
static inline double sound_error(sound *s, int64_t sample, double position)
{
    double d = sound_at(s, sample, 0) * SOUND_WRAP - position;
    return d - SOUND_WRAP * floor(d / SOUND_WRAP + 0.5);
}

#endif
