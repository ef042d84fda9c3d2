/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

bool kn_arguments(napi_env env, napi_callback_info info, napi_value *out, size_t count)
{
    size_t given = count;
    if (napi_get_cb_info(env, info, &given, out, NULL, NULL) == napi_ok && given >= count) return true;
    kn_throw(env, KF_ERR_USAGE, "%d arguments are needed", (int)count);
    return false;
}

char *kn_copy_text(const char *text)
{
    return strdup(text);
}

napi_value kn_make_text(napi_env env, void *text)
{
    napi_value value = NULL;
    if (env && text) value = kn_text(env, text);
    else if (env) napi_get_null(env, &value);
    free(text);
    return value;
}

kn_bytes *kn_copy_bytes(const void *bytes, size_t length)
{
    kn_bytes *copy = malloc(sizeof *copy + length);
    if (!copy) return NULL;
    copy->length = length;
    if (length > 0) memcpy(copy->bytes, bytes, length);
    return copy;
}

napi_value kn_make_bytes(napi_env env, void *data)
{
    kn_bytes *b = data;
    napi_value value = NULL;
    if (env && napi_create_buffer_copy(env, b->length, b->bytes, NULL, &value) != napi_ok) value = kn_undefined(env);
    free(b);
    return value;
}

kf_status kn_film_open(const kn_film *film, kf_film_handle **out, kf_error *error)
{
    if (film->path) return kf_film_open(film->path, out, error);
    const char *json = film->json ? film->json : "";
    return kf_film_open_json(json, strlen(json), film->name ? film->name : "film", film->folder, out, error);
}

static napi_value version(napi_env env, napi_callback_info info)
{
    return kn_text(env, kf_version());
}

/* What the macro defines. */
napi_value napi_register_module_v1(napi_env env, napi_value exports);
int32_t node_api_module_get_api_version_v1(void);

NAPI_MODULE_INIT()
{
    const napi_property_descriptor functions[] = {
        {"version", NULL, version, NULL, NULL, NULL, napi_enumerable, NULL},
        {"cancel", NULL, kn_task_cancel, NULL, NULL, NULL, napi_enumerable, NULL},
        {"taken", NULL, kn_task_taken, NULL, NULL, NULL, napi_enumerable, NULL},
        {"processor", NULL, kn_processor, NULL, NULL, NULL, napi_enumerable, NULL},
        {"process", NULL, kn_process, NULL, NULL, NULL, napi_enumerable, NULL},
        {"encoder", NULL, kn_encoder, NULL, NULL, NULL, napi_enumerable, NULL},
        {"encode", NULL, kn_encode, NULL, NULL, NULL, napi_enumerable, NULL},
        {"render", NULL, kn_render, NULL, NULL, NULL, napi_enumerable, NULL},
        {"frame", NULL, kn_frame, NULL, NULL, NULL, napi_enumerable, NULL},
        {"thumbnails", NULL, kn_thumbnails, NULL, NULL, NULL, napi_enumerable, NULL},
        {"peaks", NULL, kn_peaks, NULL, NULL, NULL, napi_enumerable, NULL},
        {"optimize", NULL, kn_optimize, NULL, NULL, NULL, napi_enumerable, NULL},
        {"compare", NULL, kn_compare, NULL, NULL, NULL, napi_enumerable, NULL},
        {"reel", NULL, kn_reel, NULL, NULL, NULL, napi_enumerable, NULL},
        {"describe", NULL, kn_describe, NULL, NULL, NULL, napi_enumerable, NULL},
    };
    napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
    return exports;
}
