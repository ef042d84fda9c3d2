/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/kerf.h: arguments are checked here, the work is done in engine and model. */
#include <string.h>

#include "api/films.h"
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "base/api/thread.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "model/api/edit.h"

#define VERSION_TEXT(a, b, c) #a "." #b "." #c
#define VERSION(a, b, c) VERSION_TEXT(a, b, c)

const char *kf_version(void)
{
    return VERSION(KF_VERSION_MAJOR, KF_VERSION_MINOR, KF_VERSION_PATCH);
}

const char *kf_status_text(kf_status status)
{
    return kf_status_name(status);
}

void kf_string_free(char *text)
{
    kf_free(text);
}

/* Gives the text away, or fails. */
static kf_status give(kf_str *s, kf_status status, char **out, kf_error *error)
{
    *out = NULL;
    if (status == KF_OK && s->failed) status = kf_fail_memory(error);
    if (status == KF_OK && !s->data) kf_str_add(s, "");
    if (status == KF_OK)
        *out = s->data;
    else
        kf_str_finish(s);
    return status;
}

/* ---- Films ---- */

kf_status kf_film_open_json(const char *json, size_t length, const char *name, const char *folder, kf_film_handle **out,
                            kf_error *error)
{
    kf_film_load load = {.name = name, .folder = folder, .media = kf_engine_media_facts};
    *out = NULL;
    kf_film_handle *h = KF_NEW(kf_film_handle);
    if (!h) return kf_fail_memory(error);
    kf_status status = kf_film_load_json(json, length, &load, &h->film, error);
    if (status != KF_OK) {
        kf_free(h);
        return status;
    }
    *out = h;
    return KF_OK;
}

kf_status kf_film_open(const char *path, kf_film_handle **out, kf_error *error)
{
    kf_film_source source = {.path = path, .load = {.media = kf_engine_media_facts}};
    *out = NULL;
    kf_film_handle *h = KF_NEW(kf_film_handle);
    if (!h) return kf_fail_memory(error);
    kf_status status = kf_film_read_file(&source, NULL, NULL, &h->film, error);
    if (status == KF_OK && !(h->path = kf_path_join(".", path))) status = kf_fail_memory(error);
    if (status == KF_OK)
        *out = h;
    else
        kf_film_close(h);
    return status;
}

void kf_film_close(kf_film_handle *film)
{
    if (!film) return;
    kf_film_destroy(film->film);
    kf_free(film->path);
    kf_free(film);
}

static kf_status main_sequence(const kf_film_handle *film, kf_project_view *project, kf_sequence_view *out,
                               kf_error *error)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    if (kf_project_get(s, project) && kf_sequence_at(s, project->main_sequence, out)) return KF_OK;
    return kf_fail(error, KF_ERR_INTERNAL, "the film has no main sequence");
}

kf_status kf_film_summarize(const kf_film_handle *film, kf_film_summary *out, kf_error *error)
{
    kf_project_view project;
    kf_sequence_view q;
    kf_status status = main_sequence(film, &project, &q, error);
    if (status != KF_OK) return status;
    *out = (kf_film_summary){.width = q.width, .height = q.height, .rate = q.rate, .sample_rate = q.sample_rate,
                             .duration = q.duration, .sequences = project.sequence_count, .assets = project.asset_count,
                             .clips = (int32_t)q.clip_count, .drop_frame = q.drop_frame,
                                 .start_timecode = q.start_timecode};
    for (int32_t i = 0; i < q.track_count; i++) {
        kf_track_view track;
        if (!kf_track_get(kf_film_snapshot(film->film), &q, i, &track)) continue;
        if (track.kind == KF_TRACK_VIDEO)
            out->video_tracks++;
        else
            out->audio_tracks++;
    }
    return KF_OK;
}

kf_status kf_film_parse_time(const kf_film_handle *film, const char *text, kf_time *out, kf_error *error)
{
    kf_project_view project;
    kf_sequence_view q;
    kf_status status = main_sequence(film, &project, &q, error);
    return status == KF_OK ? kf_time_parse(text, q.rate, out, error) : status;
}

kf_status kf_film_check(const kf_film_handle *film, kf_problem_fn *problem, void *context, kf_error *error)
{
    if (film->path && kf_is_project(film->path)) {
        kf_error damage;
        kf_status status = kf_store_verify(kf_film_store(film->film), NULL, &damage);
        if (status != KF_OK) {
            if (error) *error = damage;
            if (problem) problem(context, &damage);
            return status;
        }
    }
    return kf_engine_check(film->film, problem, context, error);
}

/* ---- Rendering ---- */

kf_render_params kf_render_params_default(void)
{
    return (kf_render_params){.start = KF_TIME_NONE, .end = KF_TIME_NONE, .crf = -1};
}

static bool known_isa(const char *name)
{
    for (kf_isa i = KF_ISA_C; i <= KF_ISA_AVX512; i++)
        if (strcmp(kf_isa_name(i), name) == 0) return true;
    return false;
}

kf_status kf_check_render_params(const kf_render_params *p, kf_error *error)
{
    if (p->threads < 0 || p->threads > 1024)
        return kf_fail(error, KF_ERR_USAGE, "%d threads: give a number from 1 to 1024, or 0 for one per CPU",
                       (int)p->threads);
    if (p->instruction_set && !known_isa(p->instruction_set))
        return kf_fail(error, KF_ERR_USAGE, "there is no instruction set \"%s\"; there are c, avx2 and avx512",
                       p->instruction_set);
    if (p->memory < 0) return kf_fail(error, KF_ERR_USAGE, "the memory limit is negative");
    if (p->width < 0 || p->height < 0)
        return kf_fail(error, KF_ERR_USAGE, "the size %dx%d is negative", (int)p->width, (int)p->height);
    if (p->rate.num < 0 || (p->rate.num > 0 && p->rate.den <= 0) ||
        (p->rate.num > 0 && p->rate.num / p->rate.den > 1000))
        return kf_fail(error, KF_ERR_USAGE, "%lld/%lld is not a frame rate; rates go up to 1000",
                       (long long)p->rate.num, (long long)p->rate.den);
    return KF_OK;
}

kf_status kf_render(const kf_film_handle *film, const kf_render_params *params, kf_render_report *report,
                    kf_error *error)
{
    kf_status status = kf_check_render_params(params, error);
    if (status == KF_OK && params->output && !params->null_output && !params->write)
        status = kf_engine_check_output(film->film, film->path, params->output, error);
    return status == KF_OK ? kf_engine_render(film->film, params, report, error) : status;
}

kf_status kf_render_plan(const kf_film_handle *film, const kf_render_params *params, kf_text_format format, char **out,
                         kf_error *error)
{
    kf_str s = {0};
    *out = NULL;
    kf_status status = kf_check_render_params(params, error);
    if (status == KF_OK) status = kf_engine_plan(film->film, params, format, &s, error);
    return give(&s, status, out, error);
}

kf_status kf_render_frame(const kf_film_handle *film, kf_time at, const char *path, const kf_render_params *params,
                          kf_error *error)
{
    kf_render_params p = params ? *params : kf_render_params_default();
    kf_status status = kf_check_render_params(&p, error);
    if (status == KF_OK) status = kf_engine_check_output(film->film, film->path, path, error);
    return status == KF_OK ? kf_engine_frame(film->film, at, path, &p, error) : status;
}

/* ---- Descriptions ---- */

kf_status kf_probe(const char *path, const kf_probe_params *params, kf_text_format format, char **out, kf_error *error)
{
    kf_str s = {0};
    kf_status status = kf_engine_probe(path, params, format, &s, error);
    return give(&s, status, out, error);
}

kf_status kf_describe_effects(const char *name, kf_text_format format, char **out, kf_error *error)
{
    kf_str s = {0};
    kf_status status = kf_engine_describe_effects(name, format, &s, error);
    return give(&s, status, out, error);
}

kf_status kf_describe_formats(kf_text_format format, char **out, kf_error *error)
{
    kf_str s = {0};
    kf_status status = kf_engine_describe_formats(format, &s, error);
    return give(&s, status, out, error);
}

kf_status kf_describe_presets(kf_text_format format, char **out, kf_error *error)
{
    kf_str s = {0};
    kf_status status = kf_engine_describe_presets(format, &s, error);
    return give(&s, status, out, error);
}

kf_status kf_describe_schema(char **out, kf_error *error)
{
    kf_str s = {0};
    kf_status status = kf_schema_write(&s, error);
    return give(&s, status, out, error);
}

kf_status kf_sync_by_sound(const char *first, const char *second, kf_time *offset, double *confidence, kf_error *error)
{
    return kf_engine_sync(first, second, offset, confidence, error);
}

__attribute__((constructor)) static void quiet_libav(void)
{
    kf_engine_quiet();
}
