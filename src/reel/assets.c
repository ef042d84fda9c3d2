/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a reel, each once. */
#include <stdio.h>
#include <string.h>

#include "reel/film.h"

static const char *new_id(reel *r)
{
    char id[32];
    int n = snprintf(id, sizeof id, "file %d", (int)r->asset_count + 1);
    return kf_arena_strndup(&r->arena, id, (size_t)n);
}

/* The cause under the path of what names the file. */
static kf_status explain(reel *r, const kf_json *json, const kf_error *cause)
{
    kf_error named = {0};
    kf_json_fail(json, r->name, &named, "%s", cause->message);
    return kf_fail(r->err, cause->status, "%s", named.message);
}

kf_status reel_asset_get(reel *r, const kf_json *json, const char *file, int32_t *out)
{
    kf_error cause = {0};
    *out = -1;
    if (!*file) {
        return KF_OK;
    }
    for (size_t i = 0; i < r->asset_count; i++) {
        if (strcmp(r->assets[i].file, file) == 0) {
            *out = (int32_t)i;
            return KF_OK;
        }
    }
    reel_asset asset = {.file = file, .id = new_id(r)};
    if (!asset.id || kf_grow((void **)&r->assets, &r->asset_capacity, r->asset_count + 1, sizeof asset) != 0) {
        return kf_fail_memory(r->err);
    }
    if (r->resolver->media && r->resolver->media(r->resolver->ctx, file, &asset.facts, &cause) != KF_OK) {
        return explain(r, json, &cause);
    }
    r->assets[r->asset_count] = asset;
    *out = (int32_t)r->asset_count++;
    return KF_OK;
}

kf_status reel_picture_get(reel *r, const kf_json *json, const char *file, int32_t *out)
{
    kf_status status = reel_asset_get(r, json, file, out);
    bool wrong = status == KF_OK && *out >= 0 && r->resolver->media && !r->assets[*out].facts.video;
    return wrong ? REEL_FAIL(r, json, "%.200s is neither a picture nor a video", file) : status;
}

kf_status reel_sound_get(reel *r, const kf_json *json, const char *file, int32_t *out)
{
    kf_status status = reel_asset_get(r, json, file, out);
    bool wrong = status == KF_OK && *out >= 0 && r->resolver->media && !r->assets[*out].facts.audio;
    return wrong ? REEL_FAIL(r, json, "%.200s has no sound", file) : status;
}
