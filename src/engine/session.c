/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/session.h"

#include <string.h>

#include "base/api/alloc.h"

/* Whether a render may need the clip. For a single frame, in nested sequences all do: when they show is the compiler's
 * business. */
static bool needs(const kf_session *s, const kf_clip_place *place)
{
    const kf_track_view *track = place->track_view;
    const kf_clip_view *clip = place->view;
    if (s->at == KF_TIME_NONE) return !track->hide || !track->mute;
    if (track->kind != KF_TRACK_VIDEO || track->hide) return false;
    return place->sequence != s->sequence ||
           (clip->start - place->head <= s->at && s->at < clip->start + clip->duration + place->tail);
}

static kf_status mark_used(void *ctx, const kf_clip_place *place, kf_error *err)
{
    kf_session *s = ctx;
    if (place->view->source != KF_SOURCE_ASSET || !place->view->enabled || !needs(s, place)) return KF_OK;
    int32_t i = kf_asset_index(s->snapshot, place->view->source_uid);
    if (i >= 0 && i < s->asset_count) s->used[i] = true;
    return KF_OK;
}

typedef struct range_check {
    kf_session *session;
    bool clamp;
} range_check;

static kf_status check_one(void *ctx, const kf_clip_place *place, kf_error *err)
{
    range_check *c = ctx;
    return needs(c->session, place) ? kf_check_range(c->session, place, c->clamp, err) : KF_OK;
}

enum { DEFAULT_MEMORY = 128 << 20 };

/* An encoder keeps half of the processors busy by itself; each thread of a decoder costs pictures in memory. */
static int decoder_threads(const kf_render_params *params, int threads)
{
    int n = (params->output || params->write) && !params->null_output ? threads / 2 : threads;
    return n < 1 ? 1 : n > 16 ? 16 : n;
}

static kf_status prepare(kf_session *s, const kf_render_params *params, const kf_settings *settings, kf_error *err)
{
    kf_project_view project;
    int threads = params->threads > 0 ? params->threads : kf_cpu_count();
    int64_t memory = params->memory > 0 ? params->memory : DEFAULT_MEMORY;
    if (!kf_project_get(s->snapshot, &project)) return kf_fail(err, KF_ERR_INTERNAL, "the film cannot be read");
    s->asset_count = project.asset_count;
    s->used = kf_alloc_zero((size_t)project.asset_count + 1, sizeof *s->used);
    s->pool = kf_pool_create(threads);
    if (!s->used || !s->pool) return kf_fail_memory(err);
    kf_library_params lp = {.threads = decoder_threads(params, threads), .single = settings->single,
                            .cache_bytes = memory / 2};
    kf_status status = kf_library_create(&lp, &s->library, err);
    if (status != KF_OK) return status;
    kf_assets_params ap = {.snapshot = s->snapshot,
                           .folder = s->folder,
                           .library = s->library,
                           .allow_missing = params->allow_missing,
                           .placeholder_width = settings->view.width,
                           .placeholder_height = settings->view.height,
                           .warnings = &s->warnings};
    status = kf_assets_create(&ap, &s->providers.assets, err);
    return status == KF_OK ? kf_rasters_create(s->folder, &s->warnings, memory / 4, &s->providers.rasters, err) : status;
}

kf_status kf_session_prepare(kf_session *s, const kf_film *film, const kf_render_params *params,
                             const kf_settings *settings, kf_error *err)
{
    memset(s, 0, sizeof *s);
    s->snapshot = kf_film_snapshot(film);
    s->sequence = settings->sequence;
    s->at = settings->single ? settings->start : KF_TIME_NONE;
    s->folder = kf_film_folder(film);
    kf_warnings_init(&s->warnings, params->warning, params->context);
    s->sources = kf_providers_sources(&s->providers);
    kf_status status = prepare(s, params, settings, err);
    if (status != KF_OK) {
        kf_session_close(s);
        return status;
    }
    s->audio_sources = kf_providers_audio(&s->providers);
    return KF_OK;
}

kf_status kf_session_open(kf_session *s, const kf_film *film, const kf_render_params *params,
                          const kf_settings *settings, kf_error *err)
{
    range_check check = {s, params->clamp_ranges};
    kf_status status = kf_session_prepare(s, film, params, settings, err);
    if (status != KF_OK) return status;
    status = kf_each_clip(s->snapshot, settings->sequence, mark_used, s, err);
    if (status == KF_OK) status = kf_assets_open(s->providers.assets, s->pool, s->used, err);
    if (status == KF_OK) status = kf_each_clip(s->snapshot, settings->sequence, check_one, &check, err);
    if (status != KF_OK) kf_session_close(s);
    return status;
}

kf_status kf_session_intact(const kf_session *s, kf_error *err)
{
    kf_error damage;
    if (!kf_store_damage(s->snapshot.store, &damage)) return KF_OK;
    if (err) *err = damage;
    return damage.status;
}

void kf_session_close(kf_session *s)
{
    kf_rasters_destroy(s->providers.rasters);
    kf_assets_destroy(s->providers.assets);
    kf_library_destroy(s->library);
    kf_pool_destroy(s->pool);
    kf_free(s->used);
    kf_warnings_finish(&s->warnings);
    memset(s, 0, sizeof *s);
}
