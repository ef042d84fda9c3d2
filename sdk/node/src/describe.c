/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* describe({what, path, text}, listener): texts of JSON about media files and about the engine. */
#include "addon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kerf/frames.h"
#include "kerf/reel.h"

typedef struct describe_work {
    char *what, *path, *effects;
    char *text;
} describe_work;

static const kn_field options[] = {
    {"what", KN_TEXT, offsetof(describe_work, what)},
    {"path", KN_TEXT, offsetof(describe_work, path)},
    {"text", KN_TEXT, offsetof(describe_work, effects)},
};
enum { OPTIONS = sizeof options / sizeof *options };

static void free_work(napi_env env, void *data)
{
    describe_work *w = data;
    kn_free_texts(options, OPTIONS, w);
    kf_string_free(w->text);
    free(w);
}

static kf_status run(kn_task *task, void *data, kf_error *error)
{
    describe_work *w = data;
    const char *what = w->what ? w->what : "";
    if (strcmp(what, "media") == 0 && w->path) return kf_probe(w->path, NULL, KF_TEXT_JSON, &w->text, error);
    if (strcmp(what, "effects") == 0) return kf_describe_effects(NULL, KF_TEXT_JSON, &w->text, error);
    if (strcmp(what, "formats") == 0) return kf_describe_formats(KF_TEXT_JSON, &w->text, error);
    if (strcmp(what, "effects-normal") == 0) return kf_effects_normal(w->effects, &w->text, error);
    if (strcmp(what, "reel-schema") == 0) return kf_describe_reel_schema(&w->text, error);
    if (strcmp(what, "schema") == 0) return kf_describe_schema(&w->text, error);
    snprintf(error->message, sizeof error->message, "there is no description of \"%s\"", what);
    return KF_ERR_USAGE;
}

static napi_value make_result(napi_env env, void *data)
{
    return kn_text(env, ((describe_work *)data)->text);
}

napi_value kn_describe(napi_env env, napi_callback_info info)
{
    static const kn_work kind = {run, make_result, free_work};
    napi_value arguments[2];
    describe_work *w = calloc(1, sizeof *w);
    if (!w || !kn_arguments(env, info, arguments, 2)) {
        free(w);
        return kn_undefined(env);
    }
    if (kn_read(env, arguments[0], options, OPTIONS, w)) return kn_task_start(env, &kind, w, arguments[1]);
    free_work(env, w);
    return kn_undefined(env);
}
