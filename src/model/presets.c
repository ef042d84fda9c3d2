/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/presets.h"

#include <stdio.h>

#include "model/api/model.h"

kf_status preset_find(const char *name, const kf_sequence_preset **out, kf_error *err)
{
    *out = kf_sequence_preset_find(name);
    if (*out) {
        return KF_OK;
    }
    const char *near = kf_sequence_preset_suggest(name);
    return near ? kf_fail(err, KF_ERR_NOT_FOUND, "there is no preset \"%.100s\"; did you mean \"%s\"?", name, near)
                : kf_fail(err, KF_ERR_NOT_FOUND, "there is no preset \"%.100s\": `kerf presets` lists them", name);
}

static void put_ratio(kf_json_writer *w, const char *key, kf_rational ratio)
{
    char text[32];
    snprintf(text, sizeof text, "%d/%d", ratio.num, ratio.den);
    kf_json_put_string(w, key, text);
}

void preset_write(kf_json_writer *w, const kf_sequence_preset *preset)
{
    kf_json_key(w, "size");
    kf_json_begin_array(w);
    kf_json_write_int(w, preset->width);
    kf_json_write_int(w, preset->height);
    kf_json_end_array(w);
    put_ratio(w, "rate", preset->rate);
    put_ratio(w, "pixel_aspect", preset->pixel_aspect);
    kf_json_put_int(w, "sample_rate", preset->sample_rate);
    kf_json_put_int(w, "channels", preset->channels);
}

/* ---- A new film ---- */

static void write_tracks(kf_json_writer *w, const char *kind, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        kf_json_begin_object(w);
        kf_json_put_string(w, "kind", kind);
        kf_json_end_object(w);
    }
}

static void write_film(kf_json_writer *w, const kf_film_new_params *p, const kf_sequence_preset *preset)
{
    kf_json_begin_object(w);
    kf_json_put_int(w, "kerf", 1);
    kf_json_put_string(w, "name", p->name ? p->name : "");
    kf_json_key(w, "sequences");
    kf_json_begin_array(w);
    kf_json_begin_object(w);
    kf_json_put_string(w, "id", p->sequence ? p->sequence : "main");
    if (preset) {
        preset_write(w, preset);
    }
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    write_tracks(w, "video", p->video_tracks);
    write_tracks(w, "audio", p->audio_tracks);
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

kf_status kf_film_new(const kf_film_new_params *params, const kf_film_load *load, kf_film **out, kf_error *err)
{
    kf_str text = {0};
    kf_json_writer w = {.out = &text, .compact = true};
    const kf_sequence_preset *preset = NULL;
    kf_film_load where = load ? *load : (kf_film_load){0};
    kf_status status = params->preset ? preset_find(params->preset, &preset, err) : KF_OK;
    if (params->video_tracks > KF_MODEL_MAX_TRACKS || params->audio_tracks > KF_MODEL_MAX_TRACKS) {
        return kf_fail(err, KF_ERR_INVALID, "a sequence has at most %d tracks", KF_MODEL_MAX_TRACKS);
    }
    where.name = "new film";
    if (status == KF_OK) {
        write_film(&w, params, preset);
        status = text.failed ? kf_fail_memory(err) : kf_film_load_json(text.data, text.length, &where, out, err);
    }
    kf_str_finish(&text);
    return status;
}
