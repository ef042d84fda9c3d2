/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a reel, each once. */
#include <string.h>

#include "reel/reel.h"

static const char *id_of(reel *r)
{
    kf_str id = {0};
    kf_str_addf(&id, "file %d", (int)r->asset_count + 1);
    const char *kept = id.failed ? NULL : kf_arena_strndup(&r->arena, id.data, id.length);
    kf_str_finish(&id);
    return kept;
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
    reel_asset asset = {.file = file, .id = id_of(r)};
    if (!asset.id || kf_grow((void **)&r->assets, &r->asset_capacity, r->asset_count + 1, sizeof asset) != 0) {
        return kf_fail_memory(r->err);
    }
    if (r->resolver->media && r->resolver->media(r->resolver->ctx, file, &asset.facts, &cause) != KF_OK) {
        REEL_FAIL(r, json, "%s", cause.message);
        return r->err ? r->err->status = cause.status : cause.status;
    }
    r->assets[r->asset_count] = asset;
    *out = (int32_t)r->asset_count++;
    return KF_OK;
}
