/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this build can do, from the tables. */
#include <stdio.h>
#include <string.h>

#include "base/api/json.h"
#include "catalog/api/catalog.h"
#include "color/api/color.h"
#include "engine/api/engine.h"
#include "media/api/writer.h"

/* ---- Effects ---- */

static void plain_default(kf_str *s, const kf_field *f)
{
    int n = kf_field_numbers(f->type);
    if (f->type == KF_FIELD_ENUM)
        kf_str_addf(s, "%s", f->choices[(int)f->def[0]]);
    else if (f->type == KF_FIELD_BOOL)
        kf_str_add(s, f->def[0] != 0 ? "true" : "false");
    else if (n == 0)
        kf_str_addf(s, "%s%s%s", f->type == KF_FIELD_POINTS || f->type == KF_FIELD_STOPS ? "" : "\"", f->def_text,
                    f->type == KF_FIELD_POINTS || f->type == KF_FIELD_STOPS ? "" : "\"");
    for (int i = 0; i < n && f->type != KF_FIELD_ENUM && f->type != KF_FIELD_BOOL; i++) {
        if (i) kf_str_add(s, ", ");
        if (f->def[i] == KF_POSITION_CENTER)
            kf_str_add(s, "center");
        else
            kf_str_addf(s, "%g", f->def[i]);
    }
}

static void plain_field(kf_str *s, const kf_field *f)
{
    kf_str_addf(s, "    %-16s %-6s ", f->name, kf_field_type_name(f->type));
    plain_default(s, f);
    if (f->type == KF_FIELD_ENUM) {
        kf_str_add(s, " (of");
        for (int i = 0; f->choices[i]; i++) kf_str_addf(s, "%s %s", i ? "," : "", f->choices[i]);
        kf_str_add(s, ")");
    } else if (f->max > f->min && f->type != KF_FIELD_BOOL) {
        kf_str_addf(s, " (%g..%g%s%s)", f->min == KF_POSITION_CENTER ? -f->max : f->min, f->max, f->unit[0] ? " " : "",
                    f->unit);
    }
    kf_str_addf(s, "%s\n                            %s\n", f->animatable ? ", animatable" : "", f->help);
}

static void plain_kind(kf_str *s, const kf_kind *k, bool fields)
{
    kf_str_addf(s, "  %-20s %s\n", k->name, k->help);
    for (int i = 0; fields && i < k->field_count; i++) plain_field(s, &k->fields[i]);
}

static void json_field(kf_json_writer *w, const kf_field *f)
{
    int n = kf_field_numbers(f->type);
    kf_json_begin_object(w);
    kf_json_put_string(w, "name", f->name);
    kf_json_put_string(w, "type", kf_field_type_name(f->type));
    kf_json_key(w, "default");
    if (f->type == KF_FIELD_ENUM) {
        kf_json_write_string(w, f->choices[(int)f->def[0]]);
    } else if (f->type == KF_FIELD_BOOL) {
        kf_json_write_bool(w, f->def[0] != 0);
    } else if (n == 0) {
        kf_json_write_string(w, f->def_text);
    } else {
        if (n > 1) kf_json_begin_array(w);
        for (int i = 0; i < n; i++) {
            if (f->def[i] == KF_POSITION_CENTER)
                kf_json_write_string(w, "center");
            else
                kf_json_write_number(w, f->def[i]);
        }
        if (n > 1) kf_json_end_array(w);
    }
    if (n > 0 && f->max > f->min && f->type != KF_FIELD_BOOL) {
        kf_json_put_number(w, "min", f->min == KF_POSITION_CENTER ? -f->max : f->min);
        kf_json_put_number(w, "max", f->max);
    }
    if (f->choices) {
        kf_json_key(w, "choices");
        kf_json_begin_array(w);
        for (int i = 0; f->choices[i]; i++) kf_json_write_string(w, f->choices[i]);
        kf_json_end_array(w);
    }
    kf_json_put_string(w, "unit", f->unit);
    kf_json_put_bool(w, "animatable", f->animatable);
    kf_json_put_string(w, "help", f->help);
    kf_json_end_object(w);
}

static void json_kind(kf_json_writer *w, const kf_kind *k)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "class", kf_kind_class_name(k->cls));
    kf_json_put_string(w, "name", k->name);
    kf_json_put_string(w, "label", k->label);
    kf_json_put_string(w, "category", k->category);
    kf_json_put_int(w, "version", k->version);
    kf_json_put_string(w, "help", k->help);
    kf_json_key(w, "parameters");
    kf_json_begin_array(w);
    for (int i = 0; i < k->field_count; i++) json_field(w, &k->fields[i]);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void json_kinds(kf_str *s, const char *name)
{
    kf_json_writer w = {.out = s};
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_kind_count(); i++)
        if (!name || strcmp(kf_kind_at(i)->name, name) == 0) json_kind(&w, kf_kind_at(i));
    kf_json_end_array(&w);
    kf_str_add(s, "\n");
}

static void plain_kinds(kf_str *s, const char *name)
{
    static const char *const titles[KF_CLASS_COUNT] = {"Properties", "Effects", "Transitions", "Generators",
                                                       "Audio effects"};
    for (int c = 0; c < KF_CLASS_COUNT; c++) {
        bool titled = false;
        for (int i = 0; i < kf_kind_count(); i++) {
            const kf_kind *k = kf_kind_at(i);
            if ((int)k->cls != c || (name && strcmp(k->name, name) != 0)) continue;
            if (!titled) kf_str_addf(s, "%s\n", titles[c]);
            titled = true;
            plain_kind(s, k, name != NULL);
        }
    }
    if (name) return;
    kf_str_add(s, "Exporter presets\n");
    for (int i = 0; i < kf_preset_count(); i++)
        kf_str_addf(s, "  %-20s %s\n", kf_preset_at(i)->name, kf_preset_at(i)->help);
    kf_str_add(s, "`kerf effects NAME` shows the parameters, `kerf effects --json` all of them.\n");
}

static bool known(const char *name)
{
    for (int i = 0; i < kf_kind_count(); i++)
        if (strcmp(kf_kind_at(i)->name, name) == 0) return true;
    return false;
}

kf_status kf_engine_describe_effects(const char *name, kf_text_format format, kf_str *out, kf_error *error)
{
    if (name && !known(name)) {
        const char *near = NULL;
        for (int c = 0; c < KF_CLASS_COUNT && !near; c++) near = kf_kind_suggest((kf_kind_class)c, name);
        return kf_fail(error, KF_ERR_NOT_FOUND, "there is no effect, transition or generator \"%s\"%s%s%s", name,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    if (format == KF_TEXT_JSON)
        json_kinds(out, name);
    else
        plain_kinds(out, name);
    return out->failed ? kf_fail_memory(error) : KF_OK;
}

/* ---- Formats ---- */

static void plain_list(kf_str *s, const char *const *list)
{
    for (int i = 0; list[i]; i++) kf_str_addf(s, "%s%s", i ? ", " : "", list[i]);
}

static void plain_formats(kf_str *s)
{
    kf_str_add(s, "Containers\n");
    for (int i = 0; i < kf_container_count(); i++) {
        kf_container_info c = kf_container_get(i);
        kf_str_addf(s, "  %-6s %-24s video: ", c.name, c.label);
        plain_list(s, c.video);
        kf_str_add(s, "; audio: ");
        plain_list(s, c.audio);
        kf_str_addf(s, "%s\n", c.available ? "" : " (not in this build)");
    }
    kf_str_add(s, "Video codecs\n");
    for (int i = 0; i < kf_video_codec_count(); i++) {
        kf_video_codec_info v = kf_video_codec_get(i);
        kf_str_addf(s, "  %-8s %-24s ", v.name, v.label);
        if (!v.encoder) {
            kf_str_addf(s, "not in this build: %s\n", v.missing ? v.missing : "");
            continue;
        }
        kf_str_addf(s, "%s;", v.encoder);
        for (int f = 0; v.formats[f] != KF_PIX_NONE && f < KF_PIX_COUNT; f++)
            kf_str_addf(s, " %s", kf_pixfmt_get(v.formats[f])->name);
        if (v.crf_max > 0) kf_str_addf(s, "; crf %d..%d, default %d", v.crf_min, v.crf_max, v.crf_default);
        kf_str_add(s, "\n");
    }
    kf_str_add(s, "Audio codecs\n");
    for (int i = 0; i < kf_audio_codec_count(); i++) {
        kf_audio_codec_info a = kf_audio_codec_get(i);
        kf_str_addf(s, "  %-8s %-24s %s%s\n", a.name, a.label, a.encoder ? a.encoder : "not in this build",
                    a.lossless ? ", lossless" : "");
    }
    kf_str_add(s, "Presets\n");
    for (int i = 0; i < kf_preset_count(); i++)
        kf_str_addf(s, "  %-20s %s\n", kf_preset_at(i)->name, kf_preset_at(i)->help);
}

static void json_list(kf_json_writer *w, const char *key, const char *const *list)
{
    kf_json_key(w, key);
    kf_json_begin_array(w);
    for (int i = 0; list[i]; i++) kf_json_write_string(w, list[i]);
    kf_json_end_array(w);
}

static void json_formats(kf_str *s)
{
    kf_json_writer w = {.out = s};
    kf_json_begin_object(&w);
    kf_json_key(&w, "containers");
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_container_count(); i++) {
        kf_container_info c = kf_container_get(i);
        kf_json_begin_object(&w);
        kf_json_put_string(&w, "name", c.name);
        kf_json_put_string(&w, "label", c.label);
        json_list(&w, "extensions", c.extensions);
        json_list(&w, "video", c.video);
        json_list(&w, "audio", c.audio);
        kf_json_put_bool(&w, "available", c.available);
        kf_json_end_object(&w);
    }
    kf_json_end_array(&w);
    kf_json_key(&w, "video_codecs");
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_video_codec_count(); i++) {
        kf_video_codec_info v = kf_video_codec_get(i);
        kf_json_begin_object(&w);
        kf_json_put_string(&w, "name", v.name);
        kf_json_put_string(&w, "label", v.label);
        kf_json_put_string(&w, "encoder", v.encoder);
        json_list(&w, "profiles", v.profiles);
        kf_json_key(&w, "pixel_formats");
        kf_json_begin_array(&w);
        for (int f = 0; f < KF_PIX_COUNT && v.formats[f] != KF_PIX_NONE; f++)
            kf_json_write_string(&w, kf_pixfmt_get(v.formats[f])->name);
        kf_json_end_array(&w);
        kf_json_end_object(&w);
    }
    kf_json_end_array(&w);
    kf_json_key(&w, "audio_codecs");
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_audio_codec_count(); i++) {
        kf_audio_codec_info a = kf_audio_codec_get(i);
        kf_json_begin_object(&w);
        kf_json_put_string(&w, "name", a.name);
        kf_json_put_string(&w, "label", a.label);
        kf_json_put_string(&w, "encoder", a.encoder);
        kf_json_end_object(&w);
    }
    kf_json_end_array(&w);
    kf_json_key(&w, "presets");
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_preset_count(); i++) {
        const kf_preset *p = kf_preset_at(i);
        kf_json_begin_object(&w);
        kf_json_put_string(&w, "name", p->name);
        kf_json_put_string(&w, "help", p->help);
        kf_json_put_string(&w, "container", p->container);
        kf_json_put_string(&w, "video_codec", p->video_codec);
        kf_json_put_string(&w, "audio_codec", p->audio_codec);
        if (p->variable_rate) kf_json_put_bool(&w, "variable_rate", true);
        kf_json_end_object(&w);
    }
    kf_json_end_array(&w);
    kf_json_end_object(&w);
    kf_str_add(s, "\n");
}

kf_status kf_engine_describe_formats(kf_text_format format, kf_str *out, kf_error *error)
{
    if (format == KF_TEXT_JSON)
        json_formats(out);
    else
        plain_formats(out);
    return out->failed ? kf_fail_memory(error) : KF_OK;
}

/* ---- Sequence presets ---- */

static void plain_presets(kf_str *s)
{
    for (int i = 0; i < kf_sequence_preset_count(); i++) {
        const kf_sequence_preset *p = kf_sequence_preset_at(i);
        kf_str_addf(s, "%-16s %-20s %s\n", p->name, p->label, p->help);
    }
    kf_str_add(s, "`kerf presets --json` says all of each; the operation add_sequence takes them.\n");
}

static void json_ratio(kf_json_writer *w, const char *key, kf_rational ratio)
{
    char text[32];
    snprintf(text, sizeof text, ratio.den == 1 ? "%d" : "%d/%d", ratio.num, ratio.den);
    kf_json_put_string(w, key, text);
}

static void json_presets(kf_str *s)
{
    kf_json_writer w = {.out = s};
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_sequence_preset_count(); i++) {
        const kf_sequence_preset *p = kf_sequence_preset_at(i);
        kf_json_begin_object(&w);
        kf_json_put_string(&w, "name", p->name);
        kf_json_put_string(&w, "label", p->label);
        kf_json_put_string(&w, "help", p->help);
        kf_json_key(&w, "size");
        kf_json_begin_array(&w);
        kf_json_write_int(&w, p->width);
        kf_json_write_int(&w, p->height);
        kf_json_end_array(&w);
        json_ratio(&w, "rate", p->rate);
        json_ratio(&w, "pixel_aspect", p->pixel_aspect);
        kf_json_put_int(&w, "sample_rate", p->sample_rate);
        kf_json_put_int(&w, "channels", p->channels);
        kf_json_end_object(&w);
    }
    kf_json_end_array(&w);
    kf_str_add(s, "\n");
}

kf_status kf_engine_describe_presets(kf_text_format format, kf_str *out, kf_error *error)
{
    if (format == KF_TEXT_JSON) {
        json_presets(out);
    } else {
        plain_presets(out);
    }
    return out->failed ? kf_fail_memory(error) : KF_OK;
}

void kf_engine_quiet(void)
{
    kf_media_log_libav(false);
}

bool kf_engine_curve(const float (*points)[2], int32_t point_count, float *values, int32_t count)
{
    static const float straight[2][2] = {{0, 0}, {1, 1}};
    bool none = point_count == 0;
    return kf_curve_sample(none ? straight : points, none ? 2 : point_count, values, count, NULL) == KF_OK;
}
