/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON Schema of films, from the tables of keys and the catalogue. It accepts whatever the reader accepts; what a
 * schema cannot say (order of keyframes, overlaps, unknown ids) it leaves to the reader. */
#include <string.h>

#include "model/json/writer.h"

static void text(kf_json_writer *w, const char *key, const char *value)
{
    kf_json_put_string(w, key, value);
}

static void number(kf_json_writer *w, const char *key, double value)
{
    kf_json_put_number(w, key, value);
}

static void begin(kf_json_writer *w, const char *key)
{
    kf_json_key(w, key);
    kf_json_begin_object(w);
}

static void begin_list(kf_json_writer *w, const char *key)
{
    kf_json_key(w, key);
    kf_json_begin_array(w);
}

static void refer(kf_json_writer *w, const char *prefix, const char *name)
{
    kf_str path = {0};
    kf_str_addf(&path, "#/$defs/%s%s", prefix, name);
    text(w, "$ref", path.data ? path.data : "#");
    w->out->failed |= path.failed;
    kf_str_finish(&path);
}

static void refer_object(kf_json_writer *w, const char *prefix, const char *name)
{
    kf_json_begin_object(w);
    refer(w, prefix, name);
    kf_json_end_object(w);
}

static void names(kf_json_writer *w, const char *const *choices)
{
    begin_list(w, "enum");
    for (; *choices; choices++) {
        kf_json_write_string(w, *choices);
    }
    kf_json_end_array(w);
}

static void range(kf_json_writer *w, double low, double high)
{
    number(w, "minimum", low);
    number(w, "maximum", high);
}

static void number_object(kf_json_writer *w, double low, double high)
{
    kf_json_begin_object(w);
    text(w, "type", "number");
    range(w, low, high);
    kf_json_end_object(w);
}

static void list_of(kf_json_writer *w, int least, int most)
{
    text(w, "type", "array");
    number(w, "minItems", least);
    number(w, "maxItems", most);
}

/* ---- Fields of the catalogue ---- */

static bool takes_center(const kf_field *field)
{
    return field->type == KF_FIELD_VEC2 && field->min == (double)KF_POSITION_CENTER;
}

static void component(kf_json_writer *w, const kf_field *field)
{
    double low = takes_center(field) ? -field->max : field->min;
    if (!takes_center(field)) {
        number_object(w, low, field->max);
        return;
    }
    kf_json_begin_object(w);
    begin_list(w, "anyOf");
    number_object(w, low, field->max);
    kf_json_begin_object(w);
    text(w, "const", "center");
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void vec2(kf_json_writer *w, const kf_field *field)
{
    begin_list(w, "anyOf");
    component(w, field);
    kf_json_begin_object(w);
    list_of(w, 2, 2);
    kf_json_key(w, "items");
    component(w, field);
    kf_json_end_object(w);
    kf_json_end_array(w);
}

static void color(kf_json_writer *w, const kf_field *field)
{
    if (field->min == 0 && field->max == 1) {
        refer(w, "", "color");
        return;
    }
    begin_list(w, "anyOf");
    refer_object(w, "", "color");
    number_object(w, field->min, field->max);
    kf_json_begin_object(w);
    list_of(w, 3, 4);
    kf_json_key(w, "items");
    number_object(w, field->min, field->max);
    kf_json_end_object(w);
    kf_json_end_array(w);
}

static void points(kf_json_writer *w, const kf_field *field)
{
    text(w, "type", "array");
    begin(w, "items");
    list_of(w, 2, 2);
    kf_json_key(w, "items");
    number_object(w, field->min, field->max);
    kf_json_end_object(w);
}

/* What one value of a field looks like, inside an object that is open. */
static void field_value(kf_json_writer *w, const kf_field *field)
{
    switch (field->type) {
    case KF_FIELD_BOOL:
        text(w, "type", "boolean");
        break;
    case KF_FIELD_INT:
    case KF_FIELD_FLOAT:
        text(w, "type", field->type == KF_FIELD_INT ? "integer" : "number");
        range(w, field->min, field->max);
        break;
    case KF_FIELD_VEC2:
        vec2(w, field);
        break;
    case KF_FIELD_COLOR:
        color(w, field);
        break;
    case KF_FIELD_ENUM:
        names(w, field->choices);
        break;
    case KF_FIELD_TIME:
        refer(w, "", "time");
        break;
    case KF_FIELD_POINTS:
        points(w, field);
        break;
    case KF_FIELD_STOPS:
        refer(w, "", "stops");
        break;
    default:
        text(w, "type", "string");
        break;
    }
}

static void keyframes(kf_json_writer *w, const kf_field *field)
{
    kf_json_begin_object(w);
    text(w, "type", "object");
    begin_list(w, "required");
    kf_json_write_string(w, "keys");
    kf_json_end_array(w);
    kf_json_put_bool(w, "additionalProperties", false);
    begin(w, "properties");
    begin(w, "keys");
    text(w, "type", "array");
    number(w, "minItems", 1);
    begin(w, "items");
    refer(w, "", "keyframe");
    begin(w, "properties");
    begin(w, "v");
    field_value(w, field);
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static void describe(kf_json_writer *w, const kf_field *field)
{
    kf_str help = {0};
    kf_str_addf(&help, "%s%s%s%s", field->help ? field->help : "", field->unit && *field->unit ? " (" : "",
                field->unit && *field->unit ? field->unit : "", field->unit && *field->unit ? ")" : "");
    text(w, "description", help.data ? help.data : "");
    w->out->failed |= help.failed;
    kf_str_finish(&help);
}

static void field_property(kf_json_writer *w, const kf_field *field)
{
    begin(w, field->name);
    describe(w, field);
    if (!field->animatable || kf_field_numbers(field->type) == 0) {
        field_value(w, field);
    } else {
        begin_list(w, "anyOf");
        kf_json_begin_object(w);
        field_value(w, field);
        kf_json_end_object(w);
        keyframes(w, field);
        kf_json_end_array(w);
    }
    kf_json_end_object(w);
}

static void field_properties(kf_json_writer *w, const kf_kind *kind)
{
    for (int i = 0; kind && i < kind->field_count; i++) {
        field_property(w, &kind->fields[i]);
    }
}

/* ---- Objects of the model ---- */

static void key_value(kf_json_writer *w, const json_key *key)
{
    switch (key->type) {
    case KEY_BOOL:
        text(w, "type", "boolean");
        break;
    case KEY_INT:
    case KEY_NUMBER:
        text(w, "type", key->type == KEY_INT ? "integer" : "number");
        range(w, key->min, key->max);
        break;
    case KEY_TEXT:
        text(w, "type", "string");
        break;
    case KEY_TIME:
        refer(w, "", "time");
        break;
    case KEY_CHOICE:
        names(w, key->choices);
        break;
    case KEY_COLOR:
        refer(w, "", "color");
        break;
    case KEY_RATE:
        refer(w, "", "rate");
        break;
    default:
        refer(w, "", key->schema);
        break;
    }
}

static void key_properties(kf_json_writer *w, const json_object *object, const json_object *unless_in)
{
    for (int i = 0; i < object->key_count; i++) {
        const json_key *key = &object->keys[i];
        if (unless_in && find_key(unless_in, key->name)) {
            continue;
        }
        begin(w, key->name);
        text(w, "description", key->help);
        key_value(w, key);
        kf_json_end_object(w);
    }
}

static void required(kf_json_writer *w, const char *object)
{
    static const char *const keys[][3] = {{"film", "kerf"},       {"source_timecode", "start", "rate"},
                                          {"gap", "gap"},         {"transition", "transition", "duration"},
                                          {"marker", "time"},     {"remap_key", "t", "source"},
                                          {"subclip", "out"},
                                          {"keyframe", "t", "v"}, {"effect", "effect"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i][0], object) != 0) {
            continue;
        }
        begin_list(w, "required");
        for (int k = 1; k < 3 && keys[i][k]; k++) {
            kf_json_write_string(w, keys[i][k]);
        }
        kf_json_end_array(w);
    }
}

/* Opens an object's properties; end_object closes it. */
static void begin_object(kf_json_writer *w, const char *name, const char *help)
{
    text(w, "type", "object");
    text(w, "description", help);
    required(w, name);
    kf_json_put_bool(w, "additionalProperties", false);
    begin(w, "properties");
}

static void model_object(kf_json_writer *w, const json_object *object)
{
    begin_object(w, object->name, object->help);
    key_properties(w, object, NULL);
    if (object->also) {
        key_properties(w, object->also, object);
    }
    for (int k = 0; k < OBJECT_MAX_KINDS; k++) {
        field_properties(w, object->kinds[k] ? kf_kind_get(object->kinds[k]) : NULL);
    }
    kf_json_end_object(w);
}

/* Which parameters a clip has depends on its generator. */
static void generator_params(kf_json_writer *w)
{
    begin_list(w, "allOf");
    for (int i = 0; i < kf_kind_count(); i++) {
        const kf_kind *kind = kf_kind_at(i);
        if (kind->cls != KF_CLASS_GENERATOR) {
            continue;
        }
        kf_json_begin_object(w);
        begin(w, "if");
        begin_list(w, "required");
        kf_json_write_string(w, "generator");
        kf_json_end_array(w);
        begin(w, "properties");
        begin(w, "generator");
        text(w, "const", kind->name);
        kf_json_end_object(w);
        kf_json_end_object(w);
        kf_json_end_object(w);
        begin(w, "then");
        begin(w, "properties");
        begin(w, "params");
        refer(w, "generator_", kind->name);
        kf_json_end_object(w);
        kf_json_end_object(w);
        kf_json_end_object(w);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

/* A path, unless it is offline. */
static void asset_path(kf_json_writer *w)
{
    begin_list(w, "anyOf");
    kf_json_begin_object(w);
    begin_list(w, "required");
    kf_json_write_string(w, "path");
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_begin_object(w);
    begin_list(w, "required");
    kf_json_write_string(w, "offline");
    kf_json_end_array(w);
    begin(w, "properties");
    begin(w, "offline");
    kf_json_put_bool(w, "const", true);
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_array(w);
}

static bool stands_alone(const json_object *object)
{
    return object != &object_film && object != &object_transition && object != &object_effect;
}

static void model_objects(kf_json_writer *w)
{
    for (int i = 0; json_objects[i]; i++) {
        if (stands_alone(json_objects[i])) {
            begin(w, json_objects[i]->name);
            model_object(w, json_objects[i]);
            if (json_objects[i] == &object_clip) {
                generator_params(w);
            }
            if (json_objects[i] == &object_asset) {
                asset_path(w);
            }
            kf_json_end_object(w);
        }
    }
}

/* ---- Kinds ---- */

static const char *const prefixes[KF_CLASS_COUNT] = {"", "effect_", "transition_", "generator_", "audio_effect_"};

/* An effect or transition: its own keys, with its name fixed, beside its fields. */
static void named_kind(kf_json_writer *w, const kf_kind *kind, const json_object *keys)
{
    begin_object(w, keys->name, kind->help);
    for (int i = 0; i < keys->key_count; i++) {
        const json_key *key = &keys->keys[i];
        begin(w, key->name);
        text(w, "description", key->help);
        if (strcmp(key->name, keys->name) == 0) {
            text(w, "const", kind->name);
        } else {
            key_value(w, key);
        }
        kf_json_end_object(w);
    }
    field_properties(w, kind);
    kf_json_end_object(w);
}

static void kind_definition(kf_json_writer *w, const kf_kind *kind)
{
    kf_str name = {0};
    kf_str_addf(&name, "%s%s", prefixes[kind->cls], kind->name);
    begin(w, name.data ? name.data : "");
    w->out->failed |= name.failed;
    kf_str_finish(&name);
    if (kind->cls == KF_CLASS_GENERATOR) {
        begin_object(w, "", kind->help);
        field_properties(w, kind);
        kf_json_end_object(w);
    } else {
        named_kind(w, kind, kind->cls == KF_CLASS_TRANSITION ? &object_transition : &object_effect);
    }
    kf_json_end_object(w);
}

static void kind_definitions(kf_json_writer *w)
{
    for (int i = 0; i < kf_kind_count(); i++) {
        if (kf_kind_at(i)->cls != KF_CLASS_PROPERTIES) {
            kind_definition(w, kf_kind_at(i));
        }
    }
    begin(w, "transform");
    begin_object(w, "", "Where and how large a clip is.");
    field_properties(w, kf_kind_get(KF_FX_TRANSFORM));
    kf_json_end_object(w);
    kf_json_end_object(w);
}

/* One of the kinds of a class. */
static void any_kind(kf_json_writer *w, kf_kind_class cls)
{
    for (int i = 0; i < kf_kind_count(); i++) {
        if (kf_kind_at(i)->cls == cls) {
            refer_object(w, prefixes[cls], kf_kind_at(i)->name);
        }
    }
}

/* ---- Forms of values ---- */

static void list_definition(kf_json_writer *w, const char *name, const char *item)
{
    begin(w, name);
    text(w, "type", "array");
    begin(w, "items");
    refer(w, "", item);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static void kinds_definition(kf_json_writer *w, const char *name, kf_kind_class cls)
{
    begin(w, name);
    text(w, "type", "array");
    number(w, "maxItems", KF_MODEL_MAX_EFFECTS);
    begin(w, "items");
    begin_list(w, "anyOf");
    any_kind(w, cls);
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static void clips_definition(kf_json_writer *w)
{
    begin(w, "clips");
    text(w, "type", "array");
    begin(w, "items");
    begin_list(w, "anyOf");
    refer_object(w, "", "clip");
    refer_object(w, "", "gap");
    any_kind(w, KF_CLASS_TRANSITION);
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static void assets_definition(kf_json_writer *w)
{
    begin(w, "assets");
    text(w, "type", "object");
    begin(w, "additionalProperties");
    begin_list(w, "anyOf");
    kf_json_begin_object(w);
    text(w, "type", "string");
    kf_json_end_object(w);
    refer_object(w, "", "asset");
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

/* A number, or a text of a pattern. */
static void number_or_text(kf_json_writer *w, const char *name, const char *help, const char *pattern)
{
    begin(w, name);
    text(w, "description", help);
    begin_list(w, "anyOf");
    kf_json_begin_object(w);
    text(w, "type", "number");
    kf_json_end_object(w);
    kf_json_begin_object(w);
    text(w, "type", "string");
    text(w, "pattern", pattern);
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void color_definition(kf_json_writer *w)
{
    begin(w, "color");
    text(w, "description", "\"#rgb\", \"#rrggbb\", \"#rrggbbaa\", or red, green, blue (and alpha) from 0 to 1.");
    begin_list(w, "anyOf");
    kf_json_begin_object(w);
    text(w, "type", "string");
    text(w, "pattern", "^#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$");
    kf_json_end_object(w);
    kf_json_begin_object(w);
    list_of(w, 3, 4);
    kf_json_key(w, "items");
    number_object(w, 0, 1);
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void stops_definition(kf_json_writer *w)
{
    begin(w, "stops");
    text(w, "description", "Stops of a gradient: [position, colour] or {\"at\": position, \"color\": colour}.");
    text(w, "type", "array");
    number(w, "minItems", 1);
    begin(w, "items");
    begin_list(w, "anyOf");
    kf_json_begin_object(w);
    list_of(w, 2, 2);
    begin_list(w, "prefixItems");
    number_object(w, 0, 1);
    refer_object(w, "", "color");
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_begin_object(w);
    text(w, "type", "object");
    begin(w, "properties");
    kf_json_key(w, "at");
    number_object(w, 0, 1);
    kf_json_key(w, "color");
    refer_object(w, "", "color");
    kf_json_end_object(w);
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static void small_definitions(kf_json_writer *w)
{
    number_or_text(w, "time",
                   "Seconds, \"hh:mm:ss.mmm\", timecode \"hh:mm:ss:ff\" (';' for drop-frame) or frames \"123f\".",
                   "^-?[0-9]+(f|(:[0-9]+){0,2}(\\.[0-9]+)?|:[0-9]+:[0-9]+[:;][0-9]+)$");
    number_or_text(w, "ratio", "A number, or a text such as \"1/2\".", "^-?[0-9]+(\\.[0-9]+|/[0-9]+)?$");
    number_or_text(w, "rate",
                   "Frames per second: a number (29.97 stands for 30000/1001), or a text such as \"30000/1001\".",
                   "^[0-9]+(\\.[0-9]+|/[0-9]+)?$");
    color_definition(w);
    stops_definition(w);
    begin(w, "bezier");
    text(w, "description", "x1, y1, x2, y2 of a cubic as in CSS.");
    list_of(w, 4, 4);
    kf_json_key(w, "items");
    number_object(w, -100, 100);
    kf_json_end_object(w);
    begin(w, "size");
    list_of(w, 2, 2);
    begin(w, "items");
    text(w, "type", "integer");
    range(w, 1, KF_MODEL_MAX_SIDE);
    kf_json_end_object(w);
    kf_json_end_object(w);
    number_or_text(w, "timecode_label", "Timecode \"hh:mm:ss:ff\" (';' for drop-frame), or a frame count.",
                   "^[0-9]+:[0-9]+:[0-9]+[:;][0-9]+$");
    begin(w, "bins");
    text(w, "type", "array");
    begin(w, "items");
    text(w, "type", "string");
    text(w, "pattern", "^[^/]+(/[^/]+)*$");
    kf_json_end_object(w);
    kf_json_end_object(w);
    begin(w, "metadata");
    text(w, "type", "object");
    kf_json_end_object(w);
    begin(w, "any");
    kf_json_end_object(w);
    begin(w, "params");
    text(w, "type", "object");
    kf_json_end_object(w);
}

static void definitions(kf_json_writer *w)
{
    begin(w, "$defs");
    small_definitions(w);
    assets_definition(w);
    list_definition(w, "sequences", "sequence");
    list_definition(w, "tracks", "track");
    list_definition(w, "markers", "marker");
    list_definition(w, "subclips", "subclip");
    list_definition(w, "remap", "remap_key");
    clips_definition(w);
    kinds_definition(w, "effects", KF_CLASS_EFFECT);
    kinds_definition(w, "audio_effects", KF_CLASS_AUDIO_EFFECT);
    model_objects(w);
    kind_definitions(w);
    kf_json_end_object(w);
}

kf_status kf_schema_write(kf_str *out, kf_error *err)
{
    kf_json_writer w = {.out = out};
    kf_json_begin_object(&w);
    text(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    text(&w, "title", "Kerf film, version 1");
    model_object(&w, &object_short_film);
    definitions(&w);
    kf_json_end_object(&w);
    kf_str_add(out, "\n");
    return out->failed ? kf_fail_memory(err) : KF_OK;
}
