/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media alone as a film of one clip. */
#include <stdio.h>

#include "base/api/json.h"
#include "base/api/str.h"
#include "base/api/alloc.h"
#include "engine/api/engine.h"
#include "engine/api/player.h"

enum { STILL_SECONDS = 10 }; /* of what has no length of its own */

/* seconds 0: as long as the media. */
static void put_clip(kf_json_writer *w, const char *kind, int seconds)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "kind", kind);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    kf_json_begin_object(w);
    kf_json_put_string(w, "asset", "media");
    if (seconds > 0) kf_json_put_int(w, "duration", seconds);
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

/* What is known of the media without, or with, looking at it. */
static kf_media_facts facts_of(const kf_asset_view *asset, const char *file)
{
    kf_media_facts facts = {0};
    if (asset && asset->media.known) return asset->media.facts;
    if (*file && kf_engine_media_facts(NULL, file, &facts, NULL) != KF_OK) facts = (kf_media_facts){0};
    return facts;
}

static void write_tracks(kf_json_writer *w, const kf_media_facts *facts)
{
    bool sound = !facts->video && facts->audio;
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    put_clip(w, sound ? "audio" : "video", facts->duration > 0 && !facts->still ? 0 : STILL_SECONDS);
    kf_json_end_array(w);
}

static void put_file(kf_json_writer *w, const char *file, kf_rational rate)
{
    char text[32];
    kf_json_begin_object(w);
    kf_json_put_string(w, "path", file);
    if (rate.num > 0 && rate.den > 0) {
        snprintf(text, sizeof text, "%d/%d", (int)rate.num, (int)rate.den);
        kf_json_put_string(w, "rate", text);
    }
    kf_json_end_object(w);
}

/* Of the asset, whose JSON is given, or of a file. */
static void write_film(kf_str *out, const kf_engine_media *source, const char *asset, const kf_media_facts *facts)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_begin_object(&w);
    kf_json_put_int(&w, "kerf", 1);
    kf_json_key(&w, "assets");
    kf_json_begin_object(&w);
    kf_json_key(&w, "media");
    if (asset)
        kf_json_write_raw(&w, asset);
    else
        put_file(&w, source->path, source->rate);
    kf_json_end_object(&w);
    write_tracks(&w, facts);
    kf_json_end_object(&w);
}

static kf_status find_asset(const kf_engine_media *source, kf_asset_view *out, kf_str *json, kf_error *err)
{
    kf_snapshot s = kf_film_snapshot(source->film);
    int32_t i = source->asset ? kf_asset_find(s, source->asset) : -1;
    if (i >= 0 && kf_asset_at(s, i, out)) return kf_asset_write_json(s, out, json, err);
    return kf_fail(err, KF_ERR_NOT_FOUND, "the film has no asset called \"%s\"", source->asset ? source->asset : "");
}

static kf_status film_of_asset(const kf_engine_media *source, kf_str *text, kf_error *err)
{
    kf_asset_view asset;
    kf_str json = {0};
    kf_status status = find_asset(source, &asset, &json, err);
    char *file = status != KF_OK    ? NULL
                 : *asset.path      ? kf_path_join(kf_film_folder(source->film), asset.path)
                                    : kf_strdup("");
    if (status == KF_OK && (!file || json.failed)) status = kf_fail_memory(err);
    if (status == KF_OK) {
        kf_media_facts facts = facts_of(&asset, file);
        write_film(text, source, json.data, &facts);
    }
    kf_free(file);
    kf_str_finish(&json);
    return status;
}

kf_status kf_engine_media_film(const kf_engine_media *source, kf_film **out, kf_error *err)
{
    kf_film_load load = {.name = "media", .media = kf_engine_media_facts};
    kf_str text = {0};
    kf_status status = KF_OK;
    *out = NULL;
    if (!source->path && !source->film) return kf_fail(err, KF_ERR_USAGE, "name a file, or an asset of a film");
    if (source->film) {
        load.folder = kf_film_folder(source->film);
        status = film_of_asset(source, &text, err);
    } else {
        kf_media_facts facts = facts_of(NULL, source->path);
        write_film(&text, source, NULL, &facts);
    }
    if (status == KF_OK && text.failed) status = kf_fail_memory(err);
    if (status == KF_OK) status = kf_film_load_json(text.data, text.length, &load, out, err);
    kf_str_finish(&text);
    return status;
}
