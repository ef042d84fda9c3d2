/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "engine/session.h"
#include "text/api/text.h"

/* ---- What the loader asks ---- */

kf_status kf_engine_media_facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    kf_media_params params = kf_media_params_default();
    kf_media *media;
    memset(out, 0, sizeof *out);
    kf_status status = kf_media_open(file, &params, &media, err);
    if (status != KF_OK) return status;
    const kf_media_info *m = kf_media_describe(media);
    out->still = m->still;
    out->audio = m->best_audio >= 0;
    out->duration = m->duration == KF_TIME_NONE ? 0 : m->duration;
    if (m->best_video >= 0) {
        const kf_stream_info *v = &m->streams[m->best_video];
        out->video = true;
        out->width = v->shown_width;
        out->height = v->shown_height;
        out->rate = v->rate;
    }
    kf_media_close(media);
    return KF_OK;
}

/* ---- Checking a film ---- */

typedef struct check {
    kf_session *session;
    kf_problem_fn *problem;
    void *ctx;
    kf_status first;
    kf_error error;
} check;

static void tell(check *c, const kf_error *e)
{
    if (c->problem) c->problem(c->ctx, e);
    if (c->first == KF_OK) {
        c->first = e->status;
        c->error = *e;
    }
}

static kf_status check_clip(void *ctx, const kf_clip_place *place, kf_error *err)
{
    check *c = ctx;
    kf_error e;
    const kf_media *media;
    int32_t index = kf_asset_index(c->session->snapshot, place->view->source_uid);
    if (place->view->source != KF_SOURCE_ASSET || index < 0) return KF_OK;
    if (kf_assets_media(c->session->assets, index, &media, &e) != KF_OK) return KF_OK; /* told once, by asset */
    if (kf_check_range(c->session, place, false, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

static void check_assets(check *c)
{
    for (int32_t i = 0; i < c->session->asset_count; i++) {
        kf_error e;
        const kf_media *media;
        if (kf_assets_media(c->session->assets, i, &media, &e) != KF_OK) tell(c, &e);
    }
}

/* Compiles and draws the text of a frame per clip boundary would be a render; fonts and files of clips are tried at
 * their start. */
static void check_pictures(check *c, int32_t sequence, const kf_sequence_view *view)
{
    kf_compiler_params cp = {c->session->snapshot, sequence, 0, 0, &c->session->sources, false};
    kf_compiler *compiler;
    kf_error e;
    if (kf_compiler_create(&cp, &compiler, &e) != KF_OK) {
        tell(c, &e);
        return;
    }
    for (int32_t i = 0; i < view->track_count; i++) {
        kf_track_view track;
        kf_cursor cursor;
        if (!kf_track_get(c->session->snapshot, view, i,
            &track) || track.kind != KF_TRACK_VIDEO || track.hide) continue;
        kf_cursor_init(&cursor, c->session->snapshot, &track);
        while (kf_cursor_next(&cursor)) {
            kf_clip_view clip;
            kf_compiled *compiled;
            if (cursor.item.kind != KF_ITEM_CLIP || !kf_cursor_clip(&cursor,
                &clip) || clip.source == KF_SOURCE_ASSET) continue;
            if (kf_compile_frame(compiler, clip.start, &compiled, &e) == KF_OK)
                kf_compiled_release(compiled);
            else
                tell(c, &e);
        }
    }
    kf_compiler_destroy(compiler);
}

static kf_status no_picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
    kf_error *err)
{
    *out = (kf_asset_picture){0};
    return KF_OK;
}

kf_status kf_engine_check(const kf_film *film, kf_problem_fn *problem, void *ctx, kf_error *err)
{
    kf_session session = {.snapshot = kf_film_snapshot(film)};
    check c = {&session, problem, ctx, KF_OK, {0}};
    kf_settings settings = {0};
    kf_render_params params = kf_render_params_default();
    params.null_output = true;
    params.warning = problem;
    params.context = ctx;
    kf_status status = kf_settings_resolve(session.snapshot, &params, &settings, err);
    if (status != KF_OK) {
        kf_settings_finish(&settings);
        return status;
    }
    status = kf_session_prepare(&session, film, &params, &settings, err);
    if (status == KF_OK) {
        session.sources.picture = no_picture; /* nothing is decoded */
        session.sources.facts = NULL;
        check_assets(&c);
        kf_each_clip(session.snapshot, settings.sequence, check_clip, &c, NULL);
        check_pictures(&c, settings.sequence, &settings.view);
        status = c.first;
        if (status != KF_OK && err) *err = c.error;
        kf_session_close(&session);
    }
    kf_settings_finish(&settings);
    return status;
}
