/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films: loading, and what scripts are told about them. */
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "web.h"

KW_EXPORT(kw_film_open) kw_film *kw_film_open(kw_engine *e, const char *json, size_t length);
KW_EXPORT(kw_film_close) void kw_film_close(kw_film *f);
KW_EXPORT(kw_film_info) kf_status kw_film_info(kw_film *f);
KW_EXPORT(kw_film_fit) kf_status kw_film_fit(kw_film *f, int32_t width, int32_t height);

static kf_status media_facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    kw_engine *e = ctx;
    const kw_known *k = kw_find_known(e, file);
    if (!k || k->failed) return kf_fail(err, KF_ERR_NOT_FOUND, "%s: not opened", file);
    *out = k->media;
    return KF_OK;
}

static kf_status open_sequence(kw_film *f, kf_error *err)
{
    kf_snapshot snapshot = kf_film_snapshot(f->film);
    kf_project_view project;
    if (!kf_project_get(snapshot, &project) || !kf_sequence_at(snapshot, project.main_sequence, &f->view))
        return kf_fail(err, KF_ERR_INTERNAL, "the film cannot be read");
    f->sequence = project.main_sequence;
    f->sources = kw_sources(f);
    return kw_film_fit(f, f->view.width, f->view.height);
}

/* Frames are composed at this size from now on: the film is scaled to fit. */
kf_status kw_film_fit(kw_film *f, int32_t width, int32_t height)
{
    kf_compiler *compiler;
    kf_compiler_params params = {kf_film_snapshot(f->film), f->sequence, width, height, &f->sources};
    kf_status status = kf_compiler_create(&params, &compiler, &f->engine->error);
    if (status != KF_OK) return status;
    kf_compiler_destroy(f->compiler);
    kf_compiled_release(f->composed);
    f->compiler = compiler;
    f->composed = NULL;
    f->view.width = width;
    f->view.height = height;
    return KF_OK;
}

kw_film *kw_film_of(kw_engine *e, kf_film *film)
{
    kw_film *f = KF_NEW(kw_film);
    if (!f) {
        kf_film_destroy(film);
        kf_fail_memory(&e->error);
        return NULL;
    }
    f->engine = e;
    f->film = film;
    if (open_sequence(f, &e->error) == KF_OK) return f;
    kw_film_close(f);
    return NULL;
}

/* NULL: failed. The film is closed before the engine is destroyed. */
kw_film *kw_film_open(kw_engine *e, const char *json, size_t length)
{
    kf_film *film;
    kf_film_load load = {.media = media_facts, .ctx = e};
    return kf_film_load_json(json, length, &load, &film, &e->error) == KF_OK ? kw_film_of(e, film) : NULL;
}

void kw_film_close(kw_film *f)
{
    for (size_t i = 0; i < f->request_count; i++) kf_frame_unref(f->requests[i].frame);
    kf_free(f->requests);
    kf_compiled_release(f->composed);
    kf_frame_unref(f->out);
    kf_frame_unref(f->planes);
    kf_compiler_destroy(f->compiler);
    kf_film_destroy(f->film);
    kf_free(f);
}

static void write_assets(kf_json_writer *w, kf_snapshot snapshot)
{
    kf_asset_view asset;
    kf_json_key(w, "assets");
    kf_json_begin_array(w);
    for (int32_t i = 0; kf_asset_at(snapshot, i, &asset); i++) {
        kf_json_begin_object(w);
        kf_json_put_int(w, "index", i);
        kf_json_put_string(w, "id", asset.id);
        kf_json_put_string(w, "path", asset.path);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

/* The text is JSON: FilmInfo of types.ts. */
kf_status kw_film_info(kw_film *f)
{
    const kf_sequence_view *v = &f->view;
    kf_json_writer w = {.out = kw_text_start(f->engine), .compact = true};
    kf_json_begin_object(&w);
    kf_json_put_int(&w, "width", v->width);
    kf_json_put_int(&w, "height", v->height);
    kf_json_put_number(&w, "rate", (double)v->rate.num / v->rate.den);
    kf_json_put_number(&w, "duration", kf_time_seconds(v->duration));
    kf_json_put_int(&w, "frames", v->duration > 0 ? kf_frame_at(v->duration - 1, v->rate) + 1 : 0);
    write_assets(&w, kf_film_snapshot(f->film));
    kf_json_end_object(&w);
    return f->engine->text.failed ? kf_fail_memory(&f->engine->error) : KF_OK;
}
