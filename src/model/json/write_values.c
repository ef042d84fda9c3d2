/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values, parameters and effects as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/json/writer.h"

/* ---- Values ---- */

void write_float(kf_json_writer *w, float v)
{
    double d = (double)v;
    for (int digits = 6; digits <= 9; digits++) {
        /* Rounded by arithmetic, not by text, so that no locale matters. */
        double scale = v != 0 ? pow(10, digits - 1 - floor(log10(fabs(d)))) : 1;
        double rounded = isfinite(scale) && scale > 0 ? round(d * scale) / scale : d;
        if ((float)rounded == v) {
            d = rounded;
            break;
        }
    }
    kf_json_write_number(w, d);
}

/* Sound films have no longer times. */
#define LONGEST (2 * KF_MODEL_MAX_TIME)

void write_time(film_writer *fw, kf_time t)
{
    t = t < -LONGEST ? -LONGEST : t > LONGEST ? LONGEST : t;
    kf_time size = t < 0 ? -t : t, ms = KF_SECOND / 1000;
    if (t % ms == 0) {
        kf_json_write_number(&fw->w, (double)(t / ms) / 1000.0);
        return;
    }
    int64_t frame = fw->rate.num > 0 ? kf_frame_at(size, fw->rate) : 0;
    if (fw->rate.num > 0 && kf_frame_start(frame, fw->rate) == size) {
        char text[32];
        snprintf(text, sizeof text, "%s%lldf", t < 0 ? "-" : "", (long long)frame);
        kf_json_write_string(&fw->w, text);
        return;
    }
    /* Ten decimals name a flick; up to 1000 hours a double carries them. */
    int64_t digits = (kf_muldiv_floor(size, INT64_C(20000000000), KF_SECOND) + 1) / 2;
    double seconds = (double)digits / 1e10;
    kf_json_write_number(&fw->w, t < 0 ? -seconds : seconds);
}

void write_time_key(film_writer *fw, const char *key, kf_time t)
{
    kf_json_key(&fw->w, key);
    write_time(fw, t);
}

void write_ratio(kf_json_writer *w, kf_rational ratio)
{
    if (ratio.den > 0 && 1000000 % ratio.den == 0) {
        kf_json_write_number(w, (double)ratio.num / ratio.den);
        return;
    }
    char text[32];
    snprintf(text, sizeof text, "%d/%d", ratio.num, ratio.den);
    kf_json_write_string(w, text);
}

/* As "#rrggbb" or "#rrggbbaa" if that is exact. */
static bool as_hex(const double c[4], bool single, char out[16])
{
    int code[4];
    for (int i = 0; i < 4; i++) {
        if (!(c[i] >= 0 && c[i] <= 1)) {
            return false;
        }
        code[i] = (int)(c[i] * 255 + 0.5);
        double back = code[i] / 255.0;
        if (single ? (float)back != (float)c[i] : back != c[i]) {
            return false;
        }
    }
    snprintf(out, 16, code[3] == 255 ? "#%02x%02x%02x" : "#%02x%02x%02x%02x", (unsigned)code[0], (unsigned)code[1],
             (unsigned)code[2], (unsigned)code[3]);
    return true;
}

bool write_compact(kf_json_writer *w)
{
    bool was = w->compact;
    w->compact = true;
    return was;
}

static void write_color(kf_json_writer *w, const double c[4], bool single)
{
    char text[16];
    if (as_hex(c, single, text)) {
        kf_json_write_string(w, text);
        return;
    }
    bool was = write_compact(w);
    kf_json_begin_array(w);
    for (int i = 0; i < 4; i++) {
        if (single) {
            write_float(w, (float)c[i]);
        } else {
            kf_json_write_number(w, c[i]);
        }
    }
    kf_json_end_array(w);
    w->compact = was;
}

void write_float_color(kf_json_writer *w, const float c[4])
{
    double wide[4] = {(double)c[0], (double)c[1], (double)c[2], (double)c[3]};
    write_color(w, wide, true);
}

void write_text_key(kf_json_writer *w, const char *key, const char *text)
{
    if (*text) {
        kf_json_put_string(w, key, text);
    }
}

void write_id(kf_json_writer *w, uint64_t id)
{
    kf_json_put_int(w, "id", (int64_t)id);
}

/* ---- Parameters ---- */

static void write_component(kf_json_writer *w, const kf_field *field, double v)
{
    if (v == (double)KF_POSITION_CENTER && field->min == v) {
        kf_json_write_string(w, "center");
    } else {
        kf_json_write_number(w, v);
    }
}

/* The last one for numbers past it, the first for what is no number. */
static const char *choice_name(const kf_field *field, double v)
{
    const char *const *name = field->choices;
    for (; v >= 1 && name[1]; v--) {
        name++;
    }
    return *name;
}

static void write_numbers(film_writer *fw, const kf_field *field, const double *v)
{
    kf_json_writer *w = &fw->w;
    switch (field->type) {
    case KF_FIELD_BOOL:
        kf_json_write_bool(w, v[0] >= 0.5);
        break;
    case KF_FIELD_ENUM:
        kf_json_write_string(w, choice_name(field, v[0]));
        break;
    case KF_FIELD_INT:
        kf_json_write_int(w, v[0] > -9e15 && v[0] < 9e15 ? (int64_t)v[0] : 0);
        break;
    case KF_FIELD_TIME:
        write_time(fw, kf_time_from_seconds(v[0]));
        break;
    case KF_FIELD_COLOR:
        write_color(w, v, false);
        break;
    case KF_FIELD_VEC2: {
        bool was = write_compact(w);
        kf_json_begin_array(w);
        write_component(w, field, v[0]);
        write_component(w, field, v[1]);
        kf_json_end_array(w);
        w->compact = was;
        break;
    }
    default:
        kf_json_write_number(w, v[0]);
        break;
    }
}

void write_interp(kf_json_writer *w, int32_t interp, const double bezier[4])
{
    static const char *const names[] = {"hold", "linear", "bezier"};
    if (interp == KF_INTERP_LINEAR || interp < 0 || interp > KF_INTERP_BEZIER) {
        return;
    }
    kf_json_put_string(w, "interp", names[interp]);
    if (interp != KF_INTERP_BEZIER) {
        return;
    }
    kf_json_key(w, "bezier");
    kf_json_begin_array(w);
    for (int i = 0; i < 4; i++) {
        kf_json_write_number(w, bezier[i]);
    }
    kf_json_end_array(w);
}

static void write_keys(film_writer *fw, const kf_field *field, const kf_param_value *value)
{
    kf_json_writer *w = &fw->w;
    kf_json_begin_object(w);
    kf_json_key(w, "keys");
    kf_json_begin_array(w);
    for (int32_t i = 0; i < value->key_count; i++) {
        kf_json_begin_object(w);
        bool was = write_compact(w);
        write_time_key(fw, "t", value->keys[i].time);
        kf_json_key(w, "v");
        write_numbers(fw, field, value->keys[i].value);
        write_interp(w, value->keys[i].interp, value->keys[i].bezier);
        kf_json_end_object(w);
        w->compact = was;
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void write_points(kf_json_writer *w, kf_points points)
{
    bool was = write_compact(w);
    kf_json_begin_array(w);
    for (int32_t i = 0; i < points.count; i++) {
        kf_json_begin_array(w);
        write_float(w, points.p[i][0]);
        write_float(w, points.p[i][1]);
        kf_json_end_array(w);
    }
    kf_json_end_array(w);
    w->compact = was;
}

static void write_stops(kf_json_writer *w, kf_stops stops)
{
    bool was = write_compact(w);
    kf_json_begin_array(w);
    for (int32_t i = 0; i < stops.count; i++) {
        kf_json_begin_array(w);
        write_float(w, stops.s[i].at);
        write_float_color(w, stops.s[i].color);
        kf_json_end_array(w);
    }
    kf_json_end_array(w);
    w->compact = was;
}

static void write_value(film_writer *fw, const kf_field *field, const kf_param_value *value)
{
    switch (field->type) {
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE:
        kf_json_write_string(&fw->w, value->text);
        break;
    case KF_FIELD_POINTS:
        write_points(&fw->w, value->points);
        break;
    case KF_FIELD_STOPS:
        write_stops(&fw->w, value->stops);
        break;
    default:
        if (value->key_count) {
            write_keys(fw, field, value);
        } else if (field->type == KF_FIELD_TIME) {
            write_time(fw, value->time);
        } else {
            write_numbers(fw, field, value->number);
        }
        break;
    }
}

void write_param(film_writer *fw, const kf_params *params, int field)
{
    kf_param_value value;
    if (kf_params_get(params, field, &value)) {
        write_value(fw, &params->kind->fields[field], &value);
    }
}

void write_params(film_writer *fw, const kf_params *params)
{
    for (int i = 0; params->kind && i < params->kind->field_count; i++) {
        kf_param_value value;
        if (kf_params_get(params, i, &value)) {
            kf_json_key(&fw->w, params->kind->fields[i].name);
            write_value(fw, &params->kind->fields[i], &value);
        }
    }
}

void write_params_object(film_writer *fw, const char *key, const kf_params *params)
{
    if (params->payload) {
        kf_json_key(&fw->w, key);
        kf_json_begin_object(&fw->w);
        write_params(fw, params);
        kf_json_end_object(&fw->w);
    }
}

void write_effect(film_writer *fw, const kf_params *params)
{
    kf_json_writer *w = &fw->w;
    kf_json_begin_object(w);
    kf_json_put_string(w, "effect", params->kind->name);
    write_text_key(w, "name", params->name);
    if (!params->enabled) {
        kf_json_put_bool(w, "enabled", false);
    }
    write_params(fw, params);
    kf_json_end_object(w);
}

void write_effects(film_writer *fw, const char *key, kf_effects effects)
{
    kf_params params;
    if (effects.count == 0) {
        return;
    }
    kf_json_key(&fw->w, key);
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; i < effects.count; i++) {
        if (kf_effect_at(fw->snapshot, effects, i, &params) && params.kind) {
            write_effect(fw, &params);
        }
    }
    kf_json_end_array(&fw->w);
}

void write_metadata(film_writer *fw, const char *metadata)
{
    kf_json_doc *doc = NULL;
    kf_error err = {0};
    if (!*metadata) {
        return;
    }
    kf_status status = kf_json_parse(metadata, strlen(metadata), "metadata", 0, &doc, &err);
    fw->w.out->failed |= status == KF_ERR_MEMORY;
    if (status == KF_OK && kf_json_root(doc)->type == KF_JSON_OBJECT) {
        kf_json_key(&fw->w, "metadata");
        bool was = write_compact(&fw->w);
        kf_json_write_value(&fw->w, kf_json_root(doc));
        fw->w.compact = was;
    }
    kf_json_free(doc);
}
