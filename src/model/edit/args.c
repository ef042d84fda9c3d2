/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/args.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/str.h"
#include "base/api/time.h"
#include "model/edit/edit.h"

#define BAD(json, ...) kf_json_fail((json), args->name, err, __VA_ARGS__)

static kf_status read_time_text(edit_args *args, const kf_json *json, const char *text, kf_time *out, kf_error *err)
{
    kf_error cause;
    kf_status status = kf_time_parse(text, args->rate, out, &cause);
    return status == KF_OK ? KF_OK : BAD(json, "%s", cause.message);
}

static kf_status read_number(edit_args *args, const kf_field *field, const kf_json *json, void *member, kf_error *err)
{
    if (json->type != KF_JSON_NUMBER || !kf_field_in_range(field, &json->number)) {
        return field->type == KF_FIELD_INT
                   ? BAD(json, "must be a whole number from %g to %g", field->min, field->max)
                   : BAD(json, "must be a number from %g to %g", field->min, field->max);
    }
    if (field->type == KF_FIELD_INT) {
        *(int32_t *)member = (int32_t)json->number;
    } else {
        *(float *)member = (float)json->number;
    }
    return KF_OK;
}

static kf_status read_choice(edit_args *args, const kf_field *field, const kf_json *json, void *member, kf_error *err)
{
    kf_str names = {0};
    for (int32_t i = 0; field->choices[i]; i++) {
        if (json->type == KF_JSON_STRING && strcmp(json->text, field->choices[i]) == 0) {
            *(int32_t *)member = i;
            kf_str_finish(&names);
            return KF_OK;
        }
        kf_str_addf(&names, "%s%s", i ? ", " : "", field->choices[i]);
    }
    kf_status status = BAD(json, "must be one of: %s", names.data ? names.data : "");
    kf_str_finish(&names);
    return status;
}

static bool read_id(const kf_json *json, uint64_t *out)
{
    *out = json->is_integer && json->integer > 0 ? (uint64_t)json->integer : 0;
    return json->type == KF_JSON_NUMBER && *out > 0;
}

static kf_status read_ids(edit_args *args, const kf_json *json, kf_ids *out, kf_error *err)
{
    bool list = json->type == KF_JSON_ARRAY;
    uint32_t count = list ? json->count : 1;
    uint64_t *ids = kf_arena_alloc(&args->arena, (count + 1) * sizeof *ids);
    if (!ids) {
        return kf_fail_memory(err);
    }
    const kf_json *item = list ? json->first : json;
    for (uint32_t i = 0; i < count; i++, item = item->next) {
        if (!read_id(item, &ids[i])) {
            return BAD(item, "must be the number of a clip");
        }
    }
    *out = (kf_ids){ids, (int32_t)count};
    return count > 0 ? KF_OK : BAD(json, "is empty: name at least one clip");
}

static kf_status read_value(edit_args *args, const kf_field *field, const kf_json *json, void *member, kf_error *err)
{
    switch (field->type) {
    case KF_FIELD_BOOL:
        *(bool *)member = json->boolean;
        return json->type == KF_JSON_BOOL ? KF_OK : BAD(json, "must be true or false");
    case KF_FIELD_INT:
    case KF_FIELD_FLOAT:
        return read_number(args, field, json, member, err);
    case KF_FIELD_ENUM:
        return read_choice(args, field, json, member, err);
    case KF_FIELD_TEXT:
        *(const char **)member = json->text;
        return json->type == KF_JSON_STRING ? KF_OK : BAD(json, "must be a text");
    case KF_FIELD_TIME:
        return json->type == KF_JSON_NUMBER || json->type == KF_JSON_STRING
                   ? read_time_text(args, json, json->text, member, err)
                   : BAD(json, "must be a time: seconds, \"hh:mm:ss:ff\" or \"123f\"");
    case KF_FIELD_ID:
        return read_id(json, member) ? KF_OK : BAD(json, "must be the number of a clip or the like");
    case KF_FIELD_IDS:
        return read_ids(args, json, member, err);
    default:
        *(const kf_json **)member = json;
        return KF_OK;
    }
}

static kf_status unknown_key(edit_args *args, const kf_kind *kind, const kf_json *json, kf_error *err)
{
    const char *names[KF_KIND_MAX_FIELDS];
    for (int i = 0; i < kind->field_count; i++) {
        names[i] = kind->fields[i].name;
    }
    const char *near = kf_closest(json->key, names, (size_t)kind->field_count);
    return near ? BAD(json, "unknown; did you mean \"%s\"?", near) : BAD(json, "%s has no such argument", kind->name);
}

static kf_status find_kind(edit_args *args, const kf_json *op, const kf_kind **out, kf_error *err)
{
    const kf_json *name = kf_json_get(op, "op");
    if (op->type != KF_JSON_OBJECT || !name || name->type != KF_JSON_STRING) {
        return BAD(op, "an edit is an object with its name in \"op\"");
    }
    *out = kf_kind_find(KF_CLASS_EDIT, name->text);
    if (*out) {
        return KF_OK;
    }
    const char *near = kf_kind_suggest(KF_CLASS_EDIT, name->text);
    return near ? BAD(name, "there is no edit \"%s\"; did you mean \"%s\"?", name->text, near)
                : BAD(name, "there is no edit \"%s\"", name->text);
}

/* Timecode and frames count at the rate of the sequence that is edited. */
static void find_rate(edit_args *args, const kf_json *op)
{
    kf_snapshot state = edit_state(args->edit);
    const kf_json *sequence = kf_json_get(op, "sequence"), *clip = kf_json_get(op, "clip");
    kf_project_view project;
    kf_sequence_view view;
    kf_item_place place;
    int32_t index = kf_project_get(state, &project) ? project.main_sequence : 0;
    clip = clip ? clip : kf_json_get(op, "clips");
    clip = clip && clip->type == KF_JSON_ARRAY ? clip->first : clip;
    if (sequence && sequence->type == KF_JSON_STRING) {
        index = kf_sequence_find(state, sequence->text);
    } else if (clip && clip->is_integer && edit_find(args->edit, (uint64_t)clip->integer, &place)) {
        index = place.sequence;
    }
    args->rate = kf_sequence_at(state, index, &view) ? view.rate : (kf_rational){30, 1};
}

static kf_status check_required(edit_args *args, const kf_kind *kind, const kf_json *op, kf_error *err)
{
    for (int i = 0; i < kind->field_count; i++) {
        if (kind->fields[i].required && !kf_json_get(op, kind->fields[i].name)) {
            return BAD(op, "%s needs \"%s\": %s", kind->name, kind->fields[i].name, kind->fields[i].help);
        }
    }
    return KF_OK;
}

kf_status args_read(edit_args *args, const kf_json *op, const kf_kind **kind, void *values, kf_error *err)
{
    kf_status status = find_kind(args, op, kind, err);
    if (status != KF_OK) {
        return status;
    }
    find_rate(args, op);
    kf_kind_defaults(*kind, values);
    for (const kf_json *item = op->first; item && status == KF_OK; item = item->next) {
        if (strcmp(item->key, "op") == 0) {
            continue;
        }
        int i = kf_kind_field(*kind, item->key);
        const kf_field *field = i < 0 ? NULL : &(*kind)->fields[i];
        status = field ? read_value(args, field, item, (char *)values + field->offset, err)
                       : unknown_key(args, *kind, item, err);
    }
    return status == KF_OK ? check_required(args, *kind, op, err) : status;
}

void args_finish(edit_args *args)
{
    kf_arena_finish(&args->arena);
}
