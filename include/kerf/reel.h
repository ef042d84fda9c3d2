/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, reels: short videos from a JSON template (docs/reel.md). A reel becomes an ordinary film, whose
 * layout is resolved with this machine's fonts and whose times follow the voices' files; it is rendered, edited and looked
 * at like any other.
 *
 * Conventions as in kerf.h. All functions may be called from any number of threads at once. */
#ifndef KERF_REEL_H
#define KERF_REEL_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the config asks of an encoder. */
typedef struct kf_reel_info {
    int32_t width, height;     /* px */
    kf_rational rate;          /* frames per second */
    kf_time duration;
    int32_t crf;               /* constant quality of H.264 */
    const char *speed;         /* of the encoder; lives forever */
    int64_t audio_bitrate;     /* bits per second; 0: there is no sound */
} kf_reel_info;

typedef struct kf_reel_params {
    const char *const *allowed_hosts; /* hosts of remote files that a config may name, NULL-terminated; one that starts with
                                         a dot stands for all hosts that end with it. NULL: none. Kerf itself opens no
                                         connection: see docs/reel.md */
    kf_reel_info *info;        /* filled if it is not NULL */
    kf_problem_fn *warning;    /* a font or a character that is not there, each once; on the calling thread; may be NULL */
    void *context;             /* given to it */
} kf_reel_params;

/* Makes a film of a config. name (a file's) starts error messages; relative files are from folder (NULL: the current one),
 * in the film too. params may be NULL. *film_json is new (kf_string_free), NULL on failure. KF_ERR_PARSE (not
 * JSON), KF_ERR_INVALID (an unknown key, a value out of range, a remote file that is not allowed: the message has the path
 * in the config), KF_ERR_NOT_FOUND, KF_ERR_MEDIA (files it names). */
KF_API kf_status kf_reel_film(const char *config, size_t length, const char *name, const char *folder,
                              const kf_reel_params *params, char **film_json, kf_error *error);

/* The JSON Schema of configs. New string. */
KF_API kf_status kf_describe_reel_schema(char **out, kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
