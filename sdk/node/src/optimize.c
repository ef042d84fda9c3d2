/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* optimize(options, listener), compare(options, listener): media files made smaller, and how alike two of them are. */
#include "addon.h"

#include <stdlib.h>

#include "kerf/media.h"

/* ---- What is told ---- */

typedef struct step {
    double part;
    const char *doing;
} step;

static napi_value make_step(napi_env env, void *data)
{
    const step s = *(step *)data;
    napi_value object = NULL;
    free(data);
    if (!env || napi_create_object(env, &object) != napi_ok) return object;
    kn_set_number(env, object, "part", s.part);
    kn_set_text(env, object, "doing", s.doing);
    return object;
}

static void on_step(void *task, double part, const char *doing)
{
    step *s = malloc(sizeof *s);
    if (!s) return;
    *s = (step){part, doing};
    kn_task_tell(task, "progress", make_step, s);
}

static void on_part(void *task, double part)
{
    on_step(task, part, "comparing");
}

static void on_warning(void *task, const kf_error *problem)
{
    kn_task_tell(task, "warning", kn_make_text, kn_copy_text(problem->message));
}

/* ---- Making smaller ---- */

typedef struct optimize_work {
    kf_optimize_params params;
    kf_optimize_report report;
} optimize_work;

static const kn_field optimize_options[] = {
    {"input", KN_TEXT, offsetof(optimize_work, params.input)},
    {"output", KN_TEXT, offsetof(optimize_work, params.output)},
    {"target", KN_LONG, offsetof(optimize_work, params.target)},
    {"overwrite", KN_BOOL, offsetof(optimize_work, params.overwrite)},
    {"videoCodec", KN_TEXT, offsetof(optimize_work, params.video_codec)},
    {"audioCodec", KN_TEXT, offsetof(optimize_work, params.audio_codec)},
    {"speed", KN_TEXT, offsetof(optimize_work, params.speed)},
    {"threads", KN_INT, offsetof(optimize_work, params.threads)},
    {"memory", KN_LONG, offsetof(optimize_work, params.memory)},
};
enum { OPTIMIZE_OPTIONS = sizeof optimize_options / sizeof *optimize_options };

static void free_optimize(napi_env env, void *data)
{
    kn_free_texts(optimize_options, OPTIMIZE_OPTIONS, data);
    free(data);
}

static kf_status run_optimize(kn_task *task, void *data, kf_error *error)
{
    optimize_work *w = data;
    w->params.progress = on_step;
    w->params.warning = on_warning;
    w->params.context = task;
    w->params.cancel = kn_task_cancelled(task);
    return kf_optimize(&w->params, &w->report, error);
}

static napi_value make_optimized(napi_env env, void *data)
{
    const kf_optimize_report *r = &((const optimize_work *)data)->report;
    napi_value object, copied, scaled;
    if (napi_create_object(env, &object) != napi_ok) return kn_undefined(env);
    napi_get_boolean(env, r->copied, &copied);
    napi_get_boolean(env, r->scaled, &scaled);
    kn_set_number(env, object, "originalSize", (double)r->original_bytes);
    kn_set_number(env, object, "optimizedSize", (double)r->bytes);
    kn_set_number(env, object, "compressionRatio", r->ratio);
    kn_set_number(env, object, "ssim", r->ssim);
    kn_set_number(env, object, "psnr", r->psnr);
    kn_set(env, object, "copied", copied);
    kn_set(env, object, "scaled", scaled);
    kn_set_number(env, object, "width", r->width);
    kn_set_number(env, object, "height", r->height);
    kn_set_number(env, object, "videoBitrate", (double)r->video_bitrate);
    kn_set_number(env, object, "audioBitrate", (double)r->audio_bitrate);
    kn_set_number(env, object, "encodes", r->encodes);
    return object;
}

napi_value kn_optimize(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run_optimize, make_optimized, free_optimize};
    napi_value arguments[2];
    optimize_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 2)) {
        free(w);
        return kn_undefined(env);
    }
    w->params = kf_optimize_params_default();
    if (kn_read(env, arguments[0], optimize_options, OPTIMIZE_OPTIONS, w))
        return kn_task_start(env, &kind, w, arguments[1]);
    free_optimize(env, w);
    return kn_undefined(env);
}

/* ---- Comparing ---- */

typedef struct compare_work {
    char *first, *second;
    kf_compare_params params;
    kf_compare_report report;
} compare_work;

static const kn_field compare_options[] = {
    {"first", KN_TEXT, offsetof(compare_work, first)},
    {"second", KN_TEXT, offsetof(compare_work, second)},
    {"frames", KN_LONG, offsetof(compare_work, params.frames)},
    {"threads", KN_INT, offsetof(compare_work, params.threads)},
};
enum { COMPARE_OPTIONS = sizeof compare_options / sizeof *compare_options };

static void free_compare(napi_env env, void *data)
{
    kn_free_texts(compare_options, COMPARE_OPTIONS, data);
    free(data);
}

static kf_status run_compare(kn_task *task, void *data, kf_error *error)
{
    compare_work *w = data;
    w->params.progress = on_part;
    w->params.context = task;
    w->params.cancel = kn_task_cancelled(task);
    return kf_compare(w->first, w->second, &w->params, &w->report, error);
}

static napi_value make_compared(napi_env env, void *data)
{
    const kf_compare_report *r = &((const compare_work *)data)->report;
    napi_value object;
    if (napi_create_object(env, &object) != napi_ok) return kn_undefined(env);
    kn_set_number(env, object, "ssim", r->ssim);
    kn_set_number(env, object, "worstSsim", r->ssim_worst);
    kn_set_number(env, object, "worstFrame", (double)r->worst);
    kn_set_number(env, object, "psnr", r->psnr);
    kn_set_number(env, object, "frames", (double)r->frames);
    kn_set_number(env, object, "lengthDifference", (double)r->length_difference / (double)KF_SECOND);
    return object;
}

napi_value kn_compare(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run_compare, make_compared, free_compare};
    napi_value arguments[2];
    compare_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 2)) {
        free(w);
        return kn_undefined(env);
    }
    w->params = kf_compare_params_default();
    if (kn_read(env, arguments[0], compare_options, COMPARE_OPTIONS, w))
        return kn_task_start(env, &kind, w, arguments[1]);
    free_compare(env, w);
    return kn_undefined(env);
}
