/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media alone as a film of one clip. */
#include <stdio.h>

#include "base/api/json.h"
#include "base/api/str.h"
#include "base/api/alloc.h"
#include "engine/api/engine.h"
#include "engine/api/player.h"

enum { STILL_SECONDS = 10 }; /* of what has no length of its own */

static void put_text(kf_json_writer *w, const char *key, const char *value)
{
    if (value && *value) kf_json_put_string(w, key, value);
}

static void put_rational(kf_json_writer *w, const char *key, kf_rational value)
{
    char text[32];
    if (value.num <= 0 || value.den <= 0) return;
    snprintf(text, sizeof text, "%d/%d", (int)value.num, (int)value.den);
    kf_json_put_string(w, key, text);
}

static void put_code(kf_json_writer *w, const char *key, const char *const *names, const uint8_t *codes, uint8_t code,
                     uint8_t unspecified)
{
    if (code != unspecified && code != 0) kf_json_put_string(w, key, kf_color_name(names, codes, code));
}

static void put_color(kf_json_writer *w, const kf_color *c)
{
    kf_json_key(w, "color");
    kf_json_begin_object(w);
    put_code(w, "matrix", kf_matrix_names, kf_matrix_codes, c->matrix, KF_MAT_UNSPECIFIED);
    put_code(w, "primaries", kf_primaries_names, kf_primaries_codes, c->primaries, KF_PRI_UNSPECIFIED);
    put_code(w, "transfer", kf_transfer_names, kf_transfer_codes, c->transfer, KF_TRC_UNSPECIFIED);
    put_code(w, "range", kf_range_names, kf_range_codes, c->range, KF_RANGE_UNSPECIFIED);
    kf_json_end_object(w);
}

static void put_proxy(kf_json_writer *w, const kf_proxy *proxy, const char *folder)
{
    char *path = proxy->state == KF_PROXY_READY && proxy->use ? kf_path_join(folder, proxy->path) : NULL;
    if (!path) return;
    kf_json_key(w, "proxy");
    kf_json_begin_object(w);
    kf_json_put_string(w, "path", path);
    kf_json_put_bool(w, "use", true);
    kf_json_end_object(w);
    kf_free(path);
}

static void put_interpretation(kf_json_writer *w, const kf_asset_view *a, const char *folder)
{
    static const char *const deinterlace[] = {"auto", "on", "off"};
    static const char *const alpha[] = {"auto", "straight", "premultiplied", "ignore"};
    put_color(w, &a->color);
    kf_json_put_string(w, "deinterlace", deinterlace[a->deinterlace]);
    kf_json_put_string(w, "alpha", alpha[a->alpha]);
    put_proxy(w, &a->proxy, folder);
}

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

static void write_film(kf_str *out, const char *file, kf_rational rate, const kf_asset_view *asset, const char *folder)
{
    kf_media_facts facts = {0};
    kf_json_writer w = {.out = out, .compact = true};
    bool known = *file && kf_engine_media_facts(NULL, file, &facts, NULL) == KF_OK;
    bool sound = known && !facts.video && facts.audio;
    kf_json_begin_object(&w);
    kf_json_put_int(&w, "kerf", 1);
    kf_json_key(&w, "assets");
    kf_json_begin_object(&w);
    kf_json_key(&w, "media");
    kf_json_begin_object(&w);
    put_text(&w, "path", file);
    if (!*file) kf_json_put_bool(&w, "offline", true);
    put_rational(&w, "rate", rate);
    if (asset) put_interpretation(&w, asset, folder);
    kf_json_end_object(&w);
    kf_json_end_object(&w);
    kf_json_key(&w, "tracks");
    kf_json_begin_array(&w);
    put_clip(&w, sound ? "audio" : "video", facts.duration > 0 && !facts.still ? 0 : STILL_SECONDS);
    kf_json_end_array(&w);
    kf_json_end_object(&w);
}

static kf_status find_asset(const kf_engine_media *source, kf_asset_view *out, kf_error *err)
{
    kf_snapshot s = kf_film_snapshot(source->film);
    int32_t i = source->asset ? kf_asset_find(s, source->asset) : -1;
    if (i >= 0 && kf_asset_at(s, i, out)) return KF_OK;
    return kf_fail(err, KF_ERR_NOT_FOUND, "the film has no asset called \"%s\"", source->asset ? source->asset : "");
}

kf_status kf_engine_media_film(const kf_engine_media *source, kf_film **out, kf_error *err)
{
    kf_asset_view asset;
    const char *folder = source->film ? kf_film_folder(source->film) : "";
    kf_status status = source->film ? find_asset(source, &asset, err) : KF_OK;
    *out = NULL;
    if (status != KF_OK) return status;
    if (!source->path && !source->film) return kf_fail(err, KF_ERR_USAGE, "name a file, or an asset of a film");
    char *file = source->path     ? kf_strdup(source->path)
                 : *asset.path    ? kf_path_join(folder, asset.path)
                                  : kf_strdup("");
    kf_str text = {0};
    kf_film_load load = {.name = "media", .media = kf_engine_media_facts};
    if (!file) return kf_fail_memory(err);
    kf_rational rate = source->rate.num > 0 || !source->film ? source->rate : asset.rate;
    write_film(&text, file, rate, source->film ? &asset : NULL, folder);
    kf_free(file);
    status = text.failed ? kf_fail_memory(err) : kf_film_load_json(text.data, text.length, &load, out, err);
    kf_str_finish(&text);
    return status;
}
