/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reel({json, name, folder}, listener): the film of a reel's config, and what the config asks of the encoder. */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

#include "kerf/reel.h"

typedef struct reel_work {
    char *json, *name, *folder;
    char *film;
    kf_reel_info info;
} reel_work;

static const kn_field options[] = {
    {"json", KN_TEXT, offsetof(reel_work, json)},
    {"name", KN_TEXT, offsetof(reel_work, name)},
    {"folder", KN_TEXT, offsetof(reel_work, folder)},
};
enum { OPTIONS = sizeof options / sizeof *options };

static void free_work(napi_env env, void *data)
{
    reel_work *w = data;
    kn_free_texts(options, OPTIONS, w);
    kf_string_free(w->film);
    free(w);
}

static kf_status run(kn_task *task, void *data, kf_error *error)
{
    reel_work *w = data;
    const kf_reel_params params = {.info = &w->info};
    const char *json = w->json ? w->json : "";
    return kf_reel_film(json, strlen(json), w->name ? w->name : "reel", w->folder, &params, &w->film, error);
}

static napi_value make_result(napi_env env, void *data)
{
    const reel_work *w = data;
    napi_value object;
    if (napi_create_object(env, &object) != napi_ok) return kn_undefined(env);
    kn_set_text(env, object, "json", w->film);
    kn_set_text(env, object, "speed", w->info.speed);
    kn_set_number(env, object, "crf", w->info.crf);
    kn_set_number(env, object, "audioBitrate", (double)w->info.audio_bitrate);
    kn_set_number(env, object, "duration", (double)w->info.duration / (double)KF_SECOND);
    return object;
}

napi_value kn_reel(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run, make_result, free_work};
    napi_value arguments[2];
    reel_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 2)) {
        free(w);
        return kn_undefined(env);
    }
    if (kn_read(env, arguments[0], options, OPTIONS, w)) return kn_task_start(env, &kind, w, arguments[1]);
    free_work(env, w);
    return kn_undefined(env);
}
