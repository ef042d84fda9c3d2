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
    kf_session session;
    kf_warnings errors;      /* tells each once */
    kf_problem_fn *problem;
    void *ctx;
    kf_frame *blank;         /* stands for every picture of an asset */
    bool *tried;             /* by index of sequence */
    kf_status first;
    kf_error error;
} check;

static void on_error(void *ctx, const kf_error *e)
{
    check *c = ctx;
    if (c->problem) c->problem(c->ctx, e);
    if (c->first != KF_OK) return;
    c->first = e->status;
    c->error = *e;
}

static void on_warning(void *ctx, const kf_error *e)
{
    check *c = ctx;
    kf_error warning = *e;
    warning.status = KF_OK;
    if (c->problem) c->problem(c->ctx, &warning);
}

static void tell(check *c, const kf_error *e)
{
    kf_warn(&c->errors, e->status, "%s", e->message);
}

/* ---- What the compiler asks: what fails is told and left out, so that one problem does not hide others ---- */

static kf_status picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                         kf_error *err)
{
    *out = (kf_asset_picture){.frame = kf_frame_ref(((check *)ctx)->blank), .sample_aspect = {1, 1}};
    return KF_OK;
}

static kf_status title(void *ctx, const kf_gen_title *v, kf_placed *out, kf_error *err)
{
    check *c = ctx;
    kf_error e;
    *out = (kf_placed){0};
    if (kf_rasters_title(c->session.providers.rasters, v, out, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

static kf_status shape(void *ctx, const kf_gen_shape *v, kf_placed *out, kf_error *err)
{
    check *c = ctx;
    kf_error e;
    *out = (kf_placed){0};
    if (kf_rasters_shape(c->session.providers.rasters, v, out, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

static kf_status subtitles(void *ctx, const kf_gen_subtitles *v, kf_time t, int width, int height, kf_placed *out,
                           kf_error *err)
{
    check *c = ctx;
    kf_error e;
    *out = (kf_placed){0};
    if (kf_rasters_subtitles(c->session.providers.rasters, v, t, width, height, out, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

static kf_status still(void *ctx, const char *file, kf_frame **out, kf_error *err)
{
    check *c = ctx;
    kf_error e;
    *out = NULL;
    if (kf_rasters_still(c->session.providers.rasters, file, out, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

static kf_status cube(void *ctx, const char *file, kf_cube *out, kf_error *err)
{
    check *c = ctx;
    kf_error e;
    *out = (kf_cube){0};
    if (kf_rasters_cube(c->session.providers.rasters, file, out, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

/* ---- The walk ---- */

static void try_frame(check *c, kf_compiler *compiler, kf_time t)
{
    kf_compiled *compiled;
    kf_error e;
    if (kf_compile_frame(compiler, t, &compiled, &e) == KF_OK)
        kf_compiled_release(compiled);
    else
        tell(c, &e);
}

/* In the middle of clips and transitions, where those that fade have come in. */
static void try_track(check *c, kf_compiler *compiler, const kf_track_view *track)
{
    kf_cursor cursor;
    kf_clip_view clip;
    kf_transition_view transition;
    if (track->kind != KF_TRACK_VIDEO || track->hide) return;
    kf_cursor_init(&cursor, c->session.snapshot, track);
    while (kf_cursor_next(&cursor)) {
        if (cursor.item.kind == KF_ITEM_CLIP && kf_cursor_clip(&cursor, &clip))
            try_frame(c, compiler, clip.start + clip.duration / 2);
        if (cursor.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&cursor, &transition))
            try_frame(c, compiler, transition.start + transition.duration / 2);
    }
}

/* No facts: clips that others hide are tried too. */
static void try_sequence(check *c, int32_t index, const kf_sequence_view *sequence)
{
    const kf_compile_sources sources = {c, NULL, picture, title, shape, subtitles, still, cube};
    kf_compiler_params params = {c->session.snapshot, index, 0, 0, &sources, false};
    kf_compiler *compiler;
    kf_error e;
    if (kf_compiler_create(&params, &compiler, &e) != KF_OK) {
        tell(c, &e);
        return;
    }
    for (int32_t i = 0; i < sequence->track_count; i++) {
        kf_track_view track;
        if (kf_track_get(c->session.snapshot, sequence, i, &track)) try_track(c, compiler, &track);
    }
    kf_compiler_destroy(compiler);
}

static kf_status check_clip(void *ctx, const kf_clip_place *place, kf_error *err)
{
    check *c = ctx;
    kf_error e;
    const kf_media *media;
    int32_t index = kf_asset_index(c->session.snapshot, place->view->source_uid);
    if (!c->tried[place->sequence]) {
        c->tried[place->sequence] = true;
        try_sequence(c, place->sequence, place->sequence_view);
    }
    if (place->view->source != KF_SOURCE_ASSET || index < 0) return KF_OK;
    if (kf_assets_media(c->session.providers.assets, index, &media, &e) != KF_OK) return KF_OK; /* told once, by asset */
    if (kf_check_range(&c->session, place, false, &e) != KF_OK) tell(c, &e);
    return KF_OK;
}

static void check_assets(check *c)
{
    for (int32_t i = 0; i < c->session.asset_count; i++) {
        kf_error e;
        const kf_media *media;
        if (kf_assets_media(c->session.providers.assets, i, &media, &e) != KF_OK) tell(c, &e);
    }
}

static kf_status check_film(check *c, int32_t sequence, kf_error *err)
{
    kf_project_view project;
    if (!kf_project_get(c->session.snapshot, &project)) return kf_fail(err, KF_ERR_INTERNAL, "the film cannot be read");
    c->tried = kf_alloc_zero((size_t)project.sequence_count + 1, sizeof *c->tried);
    c->blank = kf_frame_create(KF_PIX_BGRA8, 16, 16);
    if (!c->tried || !c->blank) return kf_fail_memory(err);
    check_assets(c);
    kf_status status = kf_each_clip(c->session.snapshot, sequence, check_clip, c, err);
    if (status == KF_OK && c->first != KF_OK && err) *err = c->error;
    return status == KF_OK ? c->first : status;
}

kf_status kf_engine_check(const kf_film *film, kf_problem_fn *problem, void *ctx, kf_error *err)
{
    check c = {.problem = problem, .ctx = ctx};
    kf_settings settings = {0};
    kf_render_params params = kf_render_params_default();
    params.null_output = true;
    params.warning = on_warning;
    params.context = &c;
    kf_status status = kf_settings_resolve(kf_film_snapshot(film), &params, &settings, err);
    if (status == KF_OK) status = kf_session_prepare(&c.session, film, &params, &settings, err);
    if (status == KF_OK) {
        kf_warnings_init(&c.errors, on_error, &c);
        status = check_film(&c, settings.sequence, err);
        kf_warnings_finish(&c.errors);
        kf_session_close(&c.session);
        kf_frame_unref(c.blank);
        kf_free(c.tried);
    }
    kf_settings_finish(&settings);
    return status;
}
