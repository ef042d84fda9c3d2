/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/reel.h. */
#include "kerf/reel.h"

#include "engine/api/reel.h"

/* Gives the text away, or nothing. */
static kf_status give(kf_str *text, kf_status status, char **out)
{
    *out = NULL;
    if (status == KF_OK) {
        *out = text->data;
    } else {
        kf_str_finish(text);
    }
    return status;
}

kf_status kf_reel_film(const char *config, size_t length, const char *name, const char *folder,
                       const kf_reel_params *params, char **film_json, kf_error *error)
{
    kf_reel_options options = {.name = name, .allowed_hosts = params ? params->allowed_hosts : NULL};
    kf_engine_reel_params with = {folder, params ? params->warning : NULL, params ? params->context : NULL};
    kf_reel_output output = {0};
    kf_str film = {0};
    kf_status status = kf_engine_reel(config, length, &with, &options, &film, &output, error);
    if (status == KF_OK && params && params->info) {
        *params->info = (kf_reel_info){output.width, output.height, output.rate, output.duration, output.crf, output.speed,
                               output.audio_bitrate};
    }
    return give(&film, status, film_json);
}

kf_status kf_describe_reel_schema(char **out, kf_error *error)
{
    kf_str text = {0};
    return give(&text, kf_reel_schema_write(&text, error), out);
}
