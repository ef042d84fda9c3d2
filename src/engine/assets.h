/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The assets of one state of a film, as the compiler asks for them: which material each is, what stands in for those that are
 * missing. Thread-safe. */
#ifndef KF_ENGINE_ASSETS_H
#define KF_ENGINE_ASSETS_H

#include "engine/library.h"
#include "kerf/kerf.h"

typedef struct kf_assets kf_assets;

/* A warning that the render goes on with. Any thread. */
typedef struct kf_warnings {
    kf_problem_fn *fn;           /* may be NULL */
    void *ctx;
    pthread_mutex_t lock;
    uint64_t seen[256];          /* hashes of what was said: nothing is said twice */
    int count;
} kf_warnings;
void kf_warnings_init(kf_warnings *w, kf_problem_fn *fn, void *ctx);
void kf_warnings_finish(kf_warnings *w);
void kf_warn(kf_warnings *w, kf_status status, const char *format, ...) KF_PRINTF(3, 4);

typedef struct kf_assets_params {
    kf_snapshot snapshot;
    const char *folder;          /* of the film; borrowed */
    kf_library *library;         /* borrowed */
    kf_library *running;         /* for pictures that are looked at one after the other, once kf_assets_warm has been there;
                                  * borrowed, may be NULL */
    bool allow_missing;          /* placeholders instead of errors where media cannot be opened */
    bool lenient;                /* ... nor read: silence, placeholders and warnings, and the show goes on */
    bool proxies;                /* pictures come from proxies that are ready and to be used */
    int placeholder_width, placeholder_height;
    kf_warnings *warnings;       /* borrowed */
} kf_assets_params;
/* Costs little: materials are looked up when first asked for. */
kf_status kf_assets_create(const kf_assets_params *params, kf_assets **out, kf_error *err);
void kf_assets_destroy(kf_assets *assets);

/* Opens the assets whose `used` flag is set (count flags, by index), in parallel, and indexes their pictures. The first
 * failure by index. */
kf_status kf_assets_open(kf_assets *assets, kf_pool *pool, const bool *used, kf_error *err);
/* NULL when missing (and that is allowed). */
kf_status kf_assets_media(kf_assets *assets, int32_t index, const kf_media **out, kf_error *err);

/* kf_compile_sources.facts and .picture, kf_audio_sources.facts and .sound; ctx = kf_assets. */
kf_status kf_assets_facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err);
kf_status kf_assets_sound_facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err);
kf_status kf_assets_picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                            kf_error *err);
/* The same as a person looks at it; look may be NULL. */
kf_status kf_assets_look(kf_assets *assets, const kf_asset_view *asset, int stream, kf_time t, kf_look *look,
                         kf_asset_picture *out, kf_error *err);
/* kf_compile_sources.picture that shows nothing and only sees to it that the picture is decoded meanwhile. */
kf_status kf_assets_announce(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                             kf_error *err);
/* Sees to it that all pictures from t to t + span are decoded. */
void kf_assets_announce_span(kf_assets *assets, const kf_asset_view *asset, int stream, kf_time t, kf_time span);
/* Makes ready for looking at pictures one after the other from t on: decodes the one at t, which takes its time, and goes on
 * with those of `span` after it. */
void kf_assets_warm(kf_assets *assets, const kf_asset_view *asset, int stream, kf_time t, kf_time span);
kf_status kf_assets_sound(void *ctx, const kf_asset_view *asset, int stream, int32_t rate, int32_t channels,
                          kf_sample_source *out, kf_error *err);

#endif
