/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the addon's files share, and the functions that JavaScript sees. Each of them takes (options, listener) and
 * returns a handle for cancel(), as task.h has it, if it does not say otherwise. Private to lib/native.cjs. */
#ifndef KF_SDK_NODE_ADDON_H
#define KF_SDK_NODE_ADDON_H

#include "task.h"

/* ---- Shared ---- */

/* The arguments of a call; false with an exception pending: there are fewer. */
bool kn_arguments(napi_env env, napi_callback_info info, napi_value *out, size_t count);
/* A kn_make of a text that ends with free (NULL: null). */
napi_value kn_make_text(napi_env env, void *text);
char *kn_copy_text(const char *text);

/* Bytes that a thread leaves, and a kn_make of them: a Buffer. */
typedef struct kn_bytes {
    size_t length;
    uint8_t bytes[];
} kn_bytes;
kn_bytes *kn_copy_bytes(const void *bytes, size_t length); /* NULL: out of memory */
napi_value kn_make_bytes(napi_env env, void *bytes);
napi_value kn_make_report(napi_env env, const kf_render_report *report);

/* A film by its file's path, or as JSON with the folder that its relative paths are from. */
typedef struct kn_film {
    char *path, *json, *name, *folder;
} kn_film;
#define KN_FILM_FIELDS(type, member) \
    {"film", KN_TEXT, offsetof(type, member.path)}, \
    {"json", KN_TEXT, offsetof(type, member.json)}, \
    {"name", KN_TEXT, offsetof(type, member.name)}, \
    {"folder", KN_TEXT, offsetof(type, member.folder)}
kf_status kn_film_open(const kn_film *film, kf_film_handle **out, kf_error *error);

/* ---- Functions ---- */

napi_value kn_render(napi_env env, napi_callback_info info);   /* a film to a file: "progress", "warning"; a report */
napi_value kn_process(napi_env env, napi_callback_info info);  /* a processor, buffers: a picture with effects */
napi_value kn_processor(napi_env env, napi_callback_info info); /* (options): a handle for process(), at once */
napi_value kn_encoder(napi_env env, napi_callback_info info);  /* (options): a handle for encode(), at once */
napi_value kn_encode(napi_env env, napi_callback_info info);   /* a frame, sound or the end; the bytes made of it */
napi_value kn_frame(napi_env env, napi_callback_info info);    /* a frame of a film to a picture file */
napi_value kn_thumbnails(napi_env env, napi_callback_info info); /* (options, times, listener): "picture" */
napi_value kn_peaks(napi_env env, napi_callback_info info);    /* of a file's sound */
napi_value kn_optimize(napi_env env, napi_callback_info info); /* a file to a size: "progress", "warning"; a report */
napi_value kn_compare(napi_env env, napi_callback_info info);  /* two files: "progress"; how alike they are */
napi_value kn_reel(napi_env env, napi_callback_info info);     /* a reel's config as a film */
napi_value kn_describe(napi_env env, napi_callback_info info); /* what a media file is, or the engine can: JSON */

#endif
