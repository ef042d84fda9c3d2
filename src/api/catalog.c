/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue as plain structs. */
#include "kerf/catalog.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/api/engine.h"
#include "engine/api/formats.h"
#include "model/api/model.h"

_Static_assert((int)KF_CATALOG_PROPERTIES == KF_CLASS_PROPERTIES && (int)KF_CATALOG_VIDEO_EFFECT == KF_CLASS_EFFECT &&
               (int)KF_CATALOG_TRANSITION == KF_CLASS_TRANSITION && (int)KF_CATALOG_GENERATOR == KF_CLASS_GENERATOR &&
               (int)KF_CATALOG_AUDIO_EFFECT == KF_CLASS_AUDIO_EFFECT && (int)KF_CATALOG_EDIT == KF_CLASS_EDIT,
               "types are the catalogue's classes");

kf_catalog_type kf_catalog_type_of(kf_param_group group)
{
    static const kf_catalog_type types[] = {
        [KF_PARAMS_TRANSFORM] = KF_CATALOG_VIDEO_EFFECT, [KF_PARAMS_VIDEO] = KF_CATALOG_PROPERTIES,
        [KF_PARAMS_AUDIO] = KF_CATALOG_PROPERTIES, [KF_PARAMS_GENERATOR] = KF_CATALOG_GENERATOR,
        [KF_PARAMS_TRANSITION] = KF_CATALOG_TRANSITION, [KF_PARAMS_EFFECT] = KF_CATALOG_VIDEO_EFFECT,
        [KF_PARAMS_AUDIO_EFFECT] = KF_CATALOG_AUDIO_EFFECT};
    return types[group];
}

/* ---- Kinds ---- */

static void fill_kind(const kf_kind *kind, kf_catalog_kind *out)
{
    *out = (kf_catalog_kind){(kf_catalog_type)kind->cls, kind->name, kind->label, kind->category, kind->help,
                             kind->field_count, kind->id};
}

/* Kind `index` of a type; NULL past the last, and then *count is how many there are. */
static const kf_kind *kind_at(kf_catalog_type type, int32_t index, int32_t *count)
{
    *count = 0;
    if (type == KF_CATALOG_EDIT) {
        *count = kf_edit_count();
        return kf_edit_at(index);
    }
    for (int i = 0; i < kf_kind_count(); i++) {
        const kf_kind *kind = kf_kind_at(i);
        if ((int)kind->cls == (int)type && (*count)++ == index) {
            return kind;
        }
    }
    return NULL;
}

int32_t kf_catalog_count(kf_catalog_type type)
{
    int32_t count;
    kind_at(type, -1, &count);
    return count;
}

bool kf_catalog_at(kf_catalog_type type, int32_t index, kf_catalog_kind *out)
{
    int32_t count;
    const kf_kind *kind = kind_at(type, index, &count);
    if (kind) {
        fill_kind(kind, out);
    }
    return kind != NULL;
}

bool kf_catalog_find(kf_catalog_type type, const char *name, kf_catalog_kind *out)
{
    bool sane = type >= KF_CATALOG_PROPERTIES && type <= KF_CATALOG_EDIT;
    const kf_kind *kind = sane ? kf_kind_find((kf_kind_class)type, name) : NULL;
    if (kind) {
        fill_kind(kind, out);
    }
    return kind != NULL;
}

/* ---- Labels ---- */

static const char *spoken(const char *word, size_t length)
{
    static const char *const words[][2] = {
        {"h", "horizontal"}, {"v", "vertical"}, {"lo", "low"}, {"hi", "high"}, {"q", "Q"}, {"av", "A/V"},
        {"color", "colour"}, {"center", "centre"}, {"ltr", "left to right"}, {"rtl", "right to left"},
        {"smpte", "SMPTE"}, {"ebu", "EBU"}, {"peak1", "peak 1"}, {"peak2", "peak 2"}, {"peak3", "peak 3"}, {"s", "S"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i][0]) == length && memcmp(words[i][0], word, length) == 0) {
            return words[i][1];
        }
    }
    return NULL;
}

void kf_catalog_label(const char *name, char *label, size_t size)
{
    size_t used = 0;
    for (const char *word = name; size > 0 && *word;) {
        size_t length = strcspn(word, "_");
        const char *as = spoken(word, length);
        int n = snprintf(label + used, size - used, "%s%.*s", used ? " " : "", as ? (int)strlen(as) : (int)length,
                         as ? as : word);
        used += n > 0 ? (size_t)n : 0;
        used = used < size ? used : size - 1;
        word += length + (word[length] == '_');
    }
    if (size > 0) {
        label[used] = '\0';
        label[0] = (char)toupper((unsigned char)label[0]);
    }
}

/* ---- Parameters ---- */

static kf_catalog_value value_of(const kf_field *f)
{
    static const kf_catalog_value values[] = {
        [KF_FIELD_BOOL] = KF_VALUE_SWITCH, [KF_FIELD_INT] = KF_VALUE_WHOLE, [KF_FIELD_FLOAT] = KF_VALUE_NUMBER,
        [KF_FIELD_VEC2] = KF_VALUE_POINT, [KF_FIELD_COLOR] = KF_VALUE_COLOR, [KF_FIELD_ENUM] = KF_VALUE_CHOICE,
        [KF_FIELD_TEXT] = KF_VALUE_TEXT, [KF_FIELD_FILE] = KF_VALUE_FILE, [KF_FIELD_TIME] = KF_VALUE_TIME,
        [KF_FIELD_POINTS] = KF_VALUE_POINTS, [KF_FIELD_STOPS] = KF_VALUE_GRADIENT, [KF_FIELD_ID] = KF_VALUE_ID,
        [KF_FIELD_IDS] = KF_VALUE_IDS, [KF_FIELD_JSON] = KF_VALUE_JSON};
    bool wheel = f->type == KF_FIELD_COLOR && (f->min < 0 || f->max > 1);
    return wheel ? KF_VALUE_WHEEL : values[f->type];
}

static bool has_unit(const kf_field *f, const char *unit)
{
    return strcmp(f->unit, unit) == 0;
}

/* Ranges in the tables are what makes sense at all; by unit and default, what is usual. */
static void usual_range(const kf_field *f, double *low, double *high)
{
    double d = f->def[0], room = 3 * fabs(d) > 2 ? 3 * fabs(d) : 2;
    *low = -room;
    *high = room;
    if (has_unit(f, "deg")) {
        *low = -180;
        *high = 180;
    } else if (f->unit[0] == 'd' && f->unit[1] == 'B') {
        *low = -60;
        *high = 12;
    } else if (has_unit(f, "px")) {
        *low = f->type == KF_FIELD_VEC2 ? -1920 : -100;
        *high = f->type == KF_FIELD_VEC2 ? 1920 : d > 0 ? 10 * d : 100;
    } else if (has_unit(f, "stops")) {
        *low = -5;
        *high = 5;
    } else if (f->type == KF_FIELD_TIME) {
        *low = f->min < 0 ? -1 : 0;
        *high = f->min < 0 ? 1 : 10;
    } else if (f->type == KF_FIELD_INT) {
        *low = f->min;
        *high = f->max < 1000 ? f->max : 1000;
    }
}

static void set_soft_range(const kf_field *f, kf_catalog_param *out)
{
    double low = f->min, high = f->max;
    if (f->max - f->min > 4) {
        usual_range(f, &low, &high);
    }
    out->logarithmic = has_unit(f, "Hz") || has_unit(f, "ms");
    out->logarithmic = out->logarithmic && f->min > 0;
    out->soft_min = low > f->min && !out->logarithmic ? low : f->min;
    out->soft_max = high < f->max && !out->logarithmic ? high : f->max;
    out->centers = f->type == KF_FIELD_VEC2 && f->min == (double)KF_POSITION_CENTER;
    if (f->type == KF_FIELD_VEC2 && f->min <= -1000 && f->max >= 1000 && *f->unit == '\0') {
        out->soft_min = 0; /* a scale: below 0 it mirrors */
    }
}

/* 1, 2 or 5 of a decimal place, about a 200th of the slider. */
static void set_step(const kf_field *f, kf_catalog_param *out)
{
    double rough = (out->soft_max - out->soft_min) / 200, place = 1;
    out->step = 1;
    if (f->type == KF_FIELD_INT || f->type == KF_FIELD_ENUM || f->type == KF_FIELD_BOOL || out->logarithmic) {
        out->digits = out->logarithmic && f->min < 1 ? 2 : 0;
        return;
    }
    rough = has_unit(f, "px") && rough > 1 ? 1 : rough;
    while (place > rough && out->digits < 4) {
        place /= 10;
        out->digits++;
    }
    while (place * 10 <= rough) {
        place *= 10;
    }
    out->step = rough >= 5 * place ? 5 * place : rough >= 2 * place ? 2 * place : place;
}

static void fill_param(const kf_field *f, kf_catalog_param *out)
{
    *out = (kf_catalog_param){.name = f->name, .help = f->help, .value = value_of(f), .min = f->min, .max = f->max,
                              .text = f->def_text ? f->def_text : "", .unit = f->unit, .animatable = f->animatable,
                              .required = f->required, .choices = f->choices};
    memcpy(out->number, f->def, sizeof out->number);
    while (f->choices && f->choices[out->choice_count]) {
        out->choice_count++;
    }
    kf_catalog_label(f->name, out->label, sizeof out->label);
    set_soft_range(f, out);
    set_step(f, out);
}

bool kf_catalog_param_at(const kf_catalog_kind *kind, int32_t index, kf_catalog_param *out)
{
    const kf_kind *k = kf_kind_get(kind->id);
    if (!k || index < 0 || index >= k->field_count) {
        return false;
    }
    fill_param(&k->fields[index], out);
    return true;
}

bool kf_catalog_param_find(const kf_catalog_kind *kind, const char *name, kf_catalog_param *out)
{
    const kf_kind *k = kf_kind_get(kind->id);
    return k && kf_catalog_param_at(kind, kf_kind_field(k, name), out);
}

bool kf_curve_values(const float (*points)[2], int32_t point_count, float *values, int32_t count)
{
    return point_count >= 0 && count >= 2 && kf_engine_curve(points, point_count, values, count);
}

/* ---- Presets ---- */

bool kf_catalog_sequence_preset(int32_t index, kf_sequence_preset_info *out)
{
    const kf_sequence_preset *p = kf_sequence_preset_at(index);
    if (!p) {
        return false;
    }
    *out = (kf_sequence_preset_info){p->name, p->label, p->help, p->width, p->height,
                                     p->rate, p->pixel_aspect, p->sample_rate, p->channels};
    return true;
}

static bool is_written(const char *codec)
{
    return !codec || strcmp(codec, "none") != 0;
}

bool kf_catalog_export_preset(int32_t index, kf_export_preset_info *out)
{
    const kf_preset *p = kf_preset_at(index);
    if (!p) {
        return false;
    }
    *out = (kf_export_preset_info){.name = p->name, .label = p->label, .help = p->help,
                                   .extension = p->extension ? p->extension : "", .video = is_written(p->video_codec),
                                   .audio = is_written(p->audio_codec), .width = p->width, .height = p->height,
                                   .rate = p->rate, .container = p->container, .video_codec = p->video_codec,
                                   .audio_codec = p->audio_codec, .crf = p->crf,
                                   .video_bitrate = p->video_bitrate, .audio_bitrate = p->audio_bitrate};
    return true;
}

bool kf_catalog_container(int32_t index, kf_container_desc *out)
{
    return kf_engine_container(index, out);
}

bool kf_catalog_codec(int32_t index, kf_codec_desc *out)
{
    return kf_engine_codec(index, out);
}
