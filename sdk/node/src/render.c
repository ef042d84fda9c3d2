/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* render(options, listener), frame(options, listener): films in this process. */
#include "addon.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

typedef struct render_work {
    kn_film film;
    kf_render_params params;
    kf_render_report report;
    kf_time at;
    bool chunks; /* tell of the file's bytes as they are made, and write none */
} render_work;

enum { CHUNKS_AHEAD = 4 << 20 };

#define OPTION(key, type, member) {key, type, offsetof(render_work, member)}
static const kn_field options[] = {
    KN_FILM_FIELDS(render_work, film),
    OPTION("output", KN_TEXT, params.output),
    OPTION("overwrite", KN_BOOL, params.overwrite),
    OPTION("nullOutput", KN_BOOL, params.null_output),
    OPTION("allowMissing", KN_BOOL, params.allow_missing),
    OPTION("clampRanges", KN_BOOL, params.clamp_ranges),
    OPTION("variableRate", KN_BOOL, params.variable_rate),
    OPTION("start", KN_TIME, params.start),
    OPTION("end", KN_TIME, params.end),
    OPTION("sequence", KN_TEXT, params.sequence),
    OPTION("preset", KN_TEXT, params.preset),
    OPTION("videoCodec", KN_TEXT, params.video_codec),
    OPTION("audioCodec", KN_TEXT, params.audio_codec),
    OPTION("speed", KN_TEXT, params.speed),
    OPTION("pixelFormat", KN_TEXT, params.pixel_format),
    OPTION("profile", KN_TEXT, params.profile),
    OPTION("crf", KN_INT, params.crf),
    OPTION("videoBitrate", KN_LONG, params.video_bitrate),
    OPTION("audioBitrate", KN_LONG, params.audio_bitrate),
    OPTION("width", KN_INT, params.width),
    OPTION("height", KN_INT, params.height),
    OPTION("rate", KN_RATIO, params.rate),
    OPTION("threads", KN_INT, params.threads),
    OPTION("memory", KN_LONG, params.memory),
    OPTION("container", KN_TEXT, params.container),
    OPTION("chunks", KN_BOOL, chunks),
    OPTION("at", KN_TIME, at),
};
enum { OPTIONS = sizeof options / sizeof *options };

static void free_work(napi_env env, void *data)
{
    kn_free_texts(options, OPTIONS, data);
    free(data);
}

/* ---- What it tells ---- */

static const char *stage_name(kf_progress_stage stage)
{
    return stage == KF_STAGE_OPEN ? "open" : stage == KF_STAGE_RENDER ? "render" : "finish";
}

static napi_value make_progress(napi_env env, void *data)
{
    const kf_progress p = *(kf_progress *)data;
    napi_value object = NULL;
    free(data);
    if (!env || napi_create_object(env, &object) != napi_ok) return object;
    kn_set_text(env, object, "stage", stage_name(p.stage));
    kn_set_number(env, object, "frame", (double)p.frame);
    kn_set_number(env, object, "frames", (double)p.frames);
    kn_set_number(env, object, "seconds", p.seconds);
    kn_set_number(env, object, "fps", p.frames_per_second);
    kn_set_number(env, object, "speed", p.speed);
    kn_set_number(env, object, "eta", p.eta_seconds);
    return object;
}

static void on_progress(void *task, const kf_progress *progress)
{
    kf_progress *copy = malloc(sizeof *copy);
    if (!copy) return;
    *copy = *progress;
    kn_task_tell(task, "progress", make_progress, copy);
}

static void on_warning(void *task, const kf_error *problem)
{
    kn_task_tell(task, "warning", kn_make_text, kn_copy_text(problem->message));
}

static int on_bytes(void *task, const uint8_t *bytes, size_t length)
{
    kn_bytes *copy = kn_copy_bytes(bytes, length);
    if (!copy) return ENOMEM;
    if (kn_task_room(task, (int64_t)length, CHUNKS_AHEAD)) {
        kn_task_tell(task, "chunk", kn_make_bytes, copy);
        return 0;
    }
    kn_make_bytes(NULL, copy);
    return ECANCELED;
}

static napi_value make_report(napi_env env, void *data)
{
    return kn_make_report(env, &((const render_work *)data)->report);
}

napi_value kn_make_report(napi_env env, const kf_render_report *r)
{
    napi_value object;
    if (napi_create_object(env, &object) != napi_ok) return kn_undefined(env);
    kn_set_number(env, object, "frames", (double)r->frames);
    kn_set_number(env, object, "samples", (double)r->samples);
    kn_set_number(env, object, "duration", (double)r->duration / (double)KF_SECOND);
    kn_set_number(env, object, "seconds", r->seconds);
    kn_set_number(env, object, "speed", r->speed);
    kn_set_number(env, object, "decoded", (double)r->decoded_frames);
    kn_set_number(env, object, "passed", (double)r->passed_frames);
    kn_set_number(env, object, "bytes", (double)r->bytes);
    kn_set_number(env, object, "peakMemory", (double)r->peak_memory);
    if (isfinite(r->peak_db)) kn_set_number(env, object, "peak", (double)r->peak_db);
    if (isfinite(r->lufs)) kn_set_number(env, object, "lufs", (double)r->lufs);
    return object;
}

/* ---- Running ---- */

static kf_status run_render(kn_task *task, void *data, kf_error *error)
{
    render_work *w = data;
    kf_film_handle *film;
    kf_status status = kn_film_open(&w->film, &film, error);
    if (status != KF_OK) return status;
    w->params.progress = on_progress;
    w->params.warning = on_warning;
    w->params.context = task;
    w->params.cancel = kn_task_cancelled(task);
    if (w->chunks) w->params.write = on_bytes;
    status = kf_render(film, &w->params, &w->report, error);
    kf_film_close(film);
    return status;
}

static kf_status run_frame(kn_task *task, void *data, kf_error *error)
{
    render_work *w = data;
    kf_film_handle *film;
    kf_status status = kn_film_open(&w->film, &film, error);
    if (status != KF_OK) return status;
    w->params.warning = on_warning;
    w->params.context = task;
    status = kf_render_frame(film, w->at, w->params.output, &w->params, error);
    kf_film_close(film);
    return status;
}

static napi_value start(napi_env env, napi_callback_info info, const kn_work *kind)
{
    napi_value arguments[2];
    render_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 2)) {
        free(w);
        return kn_undefined(env);
    }
    w->params = kf_render_params_default();
    if (kn_read(env, arguments[0], options, OPTIONS, w)) return kn_task_start(env, kind, w, arguments[1]);
    free_work(env, w);
    return kn_undefined(env);
}

napi_value kn_render(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run_render, make_report, free_work};
    return start(env, info, &kind);
}

napi_value kn_frame(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run_frame, NULL, free_work};
    return start(env, info, &kind);
}
