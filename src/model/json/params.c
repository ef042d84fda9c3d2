/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters of any kind, by the fields of the catalogue. */
#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

/* ---- Numbers ---- */

static bool takes_center(const kf_field *field)
{
    return field->type == KF_FIELD_VEC2 && field->min == (double)KF_POSITION_CENTER;
}

static kf_status out_of_range(reader *r, const kf_json *json, const kf_field *field)
{
    const char *unit = field->unit ? field->unit : "";
    double low = takes_center(field) ? -field->max : field->min;
    return FAIL(r, json, "%.60s is out of range: %s is from %g to %g%s%s%s", json->text ? json->text : "this value",
                field->name, low, field->max, *unit ? " " : "", unit,
                field->type == KF_FIELD_INT ? ", whole numbers" : "");
}

static kf_status want(reader *r, const kf_json *json, const kf_field *field, const char *what)
{
    return FAIL(r, json, "%s must be %s", field->name, what);
}

static kf_status read_component(reader *r, const kf_json *json, const kf_field *field, double *out)
{
    bool center = takes_center(field);
    if (center && json->type == KF_JSON_STRING && strcmp(json->text, "center") == 0) {
        *out = (double)KF_POSITION_CENTER;
        return KF_OK;
    }
    if (json->type != KF_JSON_NUMBER) {
        return want(r, json, field, center ? "a number or \"center\"" : "a number");
    }
    *out = json->number;
    double low = center ? -field->max : field->min;
    return *out < low || *out > field->max ? out_of_range(r, json, field) : KF_OK;
}

static kf_status read_vec2(reader *r, const kf_json *json, const kf_field *field, double out[4])
{
    if (json->type != KF_JSON_ARRAY) {
        kf_status status = json->type == KF_JSON_NUMBER || json->type == KF_JSON_STRING
                               ? read_component(r, json, field, &out[0])
                               : want(r, json, field, "[x, y], or one number for both");
        out[1] = out[0];
        return status;
    }
    if (json->count != 2) {
        return want(r, json, field, "[x, y], or one number for both");
    }
    kf_status status = read_component(r, json->first, field, &out[0]);
    return status == KF_OK ? read_component(r, json->first->next, field, &out[1]) : status;
}

/* Colours run from 0 to 1; fields of another range are colour wheels, for which one number stands for R, G and B. */
static kf_status read_field_color(reader *r, const kf_json *json, const kf_field *field, double out[4])
{
    if (json->type == KF_JSON_NUMBER && (field->min != 0 || field->max != 1)) {
        out[0] = out[1] = out[2] = json->number;
        out[3] = 1;
    } else {
        kf_status status = read_color(r, json, out);
        if (status != KF_OK) {
            return status;
        }
    }
    return kf_field_in_range(field, out) ? KF_OK : out_of_range(r, json, field);
}

static kf_status read_bool(reader *r, const kf_json *json, const kf_field *field, double *out)
{
    *out = json->boolean;
    return json->type == KF_JSON_BOOL ? KF_OK : want(r, json, field, "true or false");
}

static kf_status read_enum(reader *r, const kf_json *json, const kf_field *field, double *out)
{
    int32_t choice = 0;
    kf_status status = read_choice(r, json, field->choices, &choice);
    *out = choice;
    return status;
}

static kf_status read_scalar(reader *r, const kf_json *json, const kf_field *field, double *out)
{
    if (json->type != KF_JSON_NUMBER) {
        return want(r, json, field, field->animatable ? "a number, or {\"keys\": [...]}" : "a number");
    }
    *out = json->number;
    return kf_field_in_range(field, out) ? KF_OK : out_of_range(r, json, field);
}

/* A time in range; *exact too. */
static kf_status read_span(reader *r, const kf_json *json, const kf_field *field, kf_time *exact, double *out)
{
    kf_status status = read_time(r, json, exact);
    *out = status == KF_OK ? kf_time_seconds(*exact) : 0;
    return status == KF_OK && !kf_field_in_range(field, out) ? out_of_range(r, json, field) : status;
}

static kf_status read_numbers(reader *r, const kf_json *json, const kf_field *field, double out[4])
{
    kf_time exact;
    switch (field->type) {
    case KF_FIELD_BOOL:
        return read_bool(r, json, field, out);
    case KF_FIELD_ENUM:
        return read_enum(r, json, field, out);
    case KF_FIELD_VEC2:
        return read_vec2(r, json, field, out);
    case KF_FIELD_COLOR:
        return read_field_color(r, json, field, out);
    case KF_FIELD_TIME:
        return read_span(r, json, field, &exact, out);
    default:
        return read_scalar(r, json, field, out);
    }
}

/* ---- Keyframes ---- */

static bool stepwise(const kf_field *field)
{
    return field->type == KF_FIELD_BOOL || field->type == KF_FIELD_ENUM;
}

static kf_status read_key(reader *r, const kf_json *json, const kf_field *field, kf_key *out)
{
    key_draft draft = {.t = KF_TIME_NONE, .interp = -1};
    kf_status status = read_object(r, json, &object_key, &draft, NULL);
    if (status == KF_OK && (draft.t == KF_TIME_NONE || !draft.v)) {
        return FAIL(r, json, "a keyframe needs \"t\" and \"v\"");
    }
    *out = (kf_key){.time = draft.t};
    if (status == KF_OK) {
        status = resolve_interp(r, json, draft.interp, draft.bezier, &out->interp, out->bezier);
    }
    if (stepwise(field)) {
        out->interp = KF_INTERP_HOLD;
    }
    return status == KF_OK ? read_numbers(r, draft.v, field, out->value) : status;
}

/* "center" is not a place until the picture's size is known: there is no way between it and a number. */
static bool center_mixes(const kf_field *field, const kf_key *a, const kf_key *b)
{
    double center = (double)KF_POSITION_CENTER;
    return takes_center(field) && a->interp != KF_INTERP_HOLD &&
           ((a->value[0] == center) != (b->value[0] == center) || (a->value[1] == center) != (b->value[1] == center));
}

static kf_status read_keys(reader *r, const kf_json *json, const kf_field *field, param_entry *entry)
{
    const kf_json *list = kf_json_get(json, "keys");
    if (!list || json->count != 1) {
        return FAIL(r, json, "%s must be a value, or {\"keys\": [...]} alone", field->name);
    }
    kf_status status = need_array(r, list, "a list of keyframes", KF_MODEL_MAX_KEYS);
    if (status == KF_OK && (!field->animatable || list->count == 0)) {
        return FAIL(r, list, field->animatable ? "at least one keyframe must stand here" : "this cannot be animated");
    }
    kf_key last = {0}, key;
    for (const kf_json *child = status == KF_OK ? list->first : NULL; child; child = child->next, last = key) {
        status = read_key(r, child, field, &key);
        if (status != KF_OK) {
            return status;
        }
        if (child->index > 0 && key.time <= last.time) {
            return FAIL(r, child, "keyframes must stand in order of time, one at a time");
        }
        if (child->index > 0 && center_mixes(field, &last, &key)) {
            return FAIL(r, child, "there is no way between \"center\" and a number: write numbers in both keys");
        }
        uint32_t at = build_add(&r->params, &key, sizeof key);
        entry->at = child->index ? entry->at : at;
    }
    entry->form = FORM_KEYS;
    entry->count = list->count;
    return status;
}

/* ---- Texts and lists ---- */

static kf_status read_field_text(reader *r, const kf_json *json, const kf_field *field, param_entry *entry)
{
    const char *text = NULL;
    kf_status status = read_text(r, json, &text);
    if (status != KF_OK) {
        return status;
    }
    char *path = field->type == KF_FIELD_FILE ? reader_path(r, text) : kf_strdup(text);
    if (!path) {
        return kf_fail_memory(r->err);
    }
    entry->form = FORM_TEXT;
    entry->count = (uint32_t)strlen(path);
    entry->at = build_add(&r->params, path, entry->count + 1);
    kf_free(path);
    return KF_OK;
}

enum { MOST_POINTS = 65536 };

static kf_status read_point(reader *r, const kf_json *json, const kf_field *field, float out[2])
{
    if (json->type != KF_JSON_ARRAY || json->count != 2) {
        return FAIL(r, json, "a point [x, y] must stand here");
    }
    for (const kf_json *v = json->first; v; v = v->next) {
        if (v->type != KF_JSON_NUMBER) {
            return FAIL(r, v, "a number must stand here");
        }
        if (v->number < field->min || v->number > field->max) {
            return out_of_range(r, v, field);
        }
        out[v->index] = (float)v->number;
    }
    return KF_OK;
}

static kf_status read_points(reader *r, const kf_json *json, const kf_field *field, param_entry *entry)
{
    kf_status status = need_array(r, json, "a list of points [x, y]", MOST_POINTS);
    entry->form = FORM_POINTS;
    entry->count = json->count;
    entry->at = build_add(&r->params, NULL, 0);
    for (const kf_json *child = status == KF_OK ? json->first : NULL; child && status == KF_OK; child = child->next) {
        float point[2] = {0};
        status = read_point(r, child, field, point);
        build_add(&r->params, point, sizeof point);
    }
    return status;
}

/* [at, colour] or {"at": ..., "color": ...} */
static kf_status read_stop(reader *r, const kf_json *json, const kf_field *field, kf_stop *out)
{
    bool pair = json->type == KF_JSON_ARRAY && json->count == 2;
    bool object = json->type == KF_JSON_OBJECT && json->count == 2;
    const kf_json *at = pair ? json->first : object ? kf_json_get(json, "at") : NULL;
    const kf_json *color = pair ? json->first->next : object ? kf_json_get(json, "color") : NULL;
    double numbers[4];
    if (!at || !color || at->type != KF_JSON_NUMBER) {
        return FAIL(r, json, "a stop [position, colour] must stand here");
    }
    if (at->number < field->min || at->number > field->max) {
        return out_of_range(r, at, field);
    }
    kf_status status = read_color(r, color, numbers);
    out->at = (float)at->number;
    for (int i = 0; i < 4 && status == KF_OK; i++) {
        if (numbers[i] < 0 || numbers[i] > 1) {
            return FAIL(r, color, "a colour's numbers must be from 0 to 1");
        }
        out->color[i] = (float)numbers[i];
    }
    return status;
}

static kf_status read_stops(reader *r, const kf_json *json, const kf_field *field, param_entry *entry)
{
    kf_status status = need_array(r, json, "a list of stops [position, colour]", 1024);
    if (status == KF_OK && json->count == 0) {
        return FAIL(r, json, "at least one stop must stand here");
    }
    kf_stop stops[1024];
    for (const kf_json *child = status == KF_OK ? json->first : NULL; child; child = child->next) {
        kf_stop *stop = &stops[child->index];
        status = read_stop(r, child, field, stop);
        if (status != KF_OK) {
            return status;
        }
        if (child->index > 0 && stop->at < stop[-1].at) {
            return FAIL(r, child, "stops must stand in order of their positions");
        }
    }
    entry->form = FORM_STOPS;
    entry->count = json->count;
    entry->at = status == KF_OK ? build_add(&r->params, stops, json->count * sizeof *stops) : 0;
    return status;
}

/* ---- One field ---- */

static kf_status read_constant(reader *r, const kf_json *json, const kf_field *field, param_entry *entry)
{
    double numbers[4] = {0};
    kf_time exact = 0;
    bool time = field->type == KF_FIELD_TIME;
    kf_status status = time ? read_span(r, json, field, &exact, numbers) : read_numbers(r, json, field, numbers);
    entry->form = time ? FORM_TIME : FORM_NUMBERS;
    entry->count = time ? 1 : (uint32_t)kf_field_numbers(field->type);
    entry->at = time ? build_add(&r->params, &exact, sizeof exact)
                     : build_add(&r->params, numbers, entry->count * sizeof *numbers);
    return status;
}

static kf_status read_field(reader *r, const kf_json *json, const kf_field *field, param_entry *entry)
{
    entry->type = (uint8_t)field->type;
    switch (field->type) {
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE:
        return read_field_text(r, json, field, entry);
    case KF_FIELD_POINTS:
        return read_points(r, json, field, entry);
    case KF_FIELD_STOPS:
        return read_stops(r, json, field, entry);
    default:
        return json->type == KF_JSON_OBJECT ? read_keys(r, json, field, entry) : read_constant(r, json, field, entry);
    }
}

/* ---- A set of fields ---- */

static kf_status unknown_param(reader *r, const kf_json *json, const params_request *q)
{
    const char *names[KF_KIND_MAX_FIELDS + 32];
    size_t n = 0;
    for (int i = 0; i < q->kind->field_count && n < KF_KIND_MAX_FIELDS; i++) {
        names[n++] = q->kind->fields[i].name;
    }
    for (int i = 0; q->own && i < q->own->key_count && i < 32; i++) {
        names[n++] = q->own->keys[i].name;
    }
    const char *close = kf_closest(json->key, names, n);
    if (close) {
        return FAIL(r, json, "unknown; did you mean \"%s\"?", close);
    }
    kf_str known = {0};
    for (int i = 0; i < q->kind->field_count; i++) {
        kf_str_addf(&known, "%s%s", i ? ", " : "", q->kind->fields[i].name);
    }
    kf_status status =
        FAIL(r, json, "%s has no such parameter; it has %.600s", q->kind->name, known.data ? known.data : "none");
    kf_str_finish(&known);
    return status;
}

/* Puts each child where its field is in the table. */
static kf_status sort_fields(reader *r, const params_request *q, const kf_json **by_field)
{
    for (const kf_json *child = q->json ? q->json->first : NULL; child; child = child->next) {
        int field = kf_kind_field(q->kind, child->key);
        if (field >= 0 && field < KF_KIND_MAX_FIELDS && !(q->own && find_key(q->own, child->key))) {
            by_field[field] = child;
        } else if (!q->lenient && !(q->own && find_key(q->own, child->key))) {
            return unknown_param(r, child, q);
        }
    }
    return KF_OK;
}

/* Where the value of a field comes from. */
static bool is_given(const params_request *q, const kf_json *json)
{
    return json && !(q->over && json->type == KF_JSON_NULL);
}

static bool is_kept(const params_request *q, const kf_json *json, int field)
{
    param_entry entry;
    return !json && q->over && params_entry(q->over, field, &entry) != NULL;
}

static uint16_t count_entries(const params_request *q, const kf_json *const *by_field)
{
    uint16_t count = 0;
    for (int i = 0; i < q->kind->field_count && i < KF_KIND_MAX_FIELDS; i++) {
        count += is_given(q, by_field[i]) || is_kept(q, by_field[i], i);
    }
    return count;
}

/* An entry as it was. */
static void copy_entry(node_build *b, const kf_params *from, int field, param_entry *entry)
{
    const void *data = params_entry(from, field, entry);
    entry->at = build_add(b, data, params_entry_bytes(entry));
}

static kf_status build_entries(reader *r, const params_request *q, const kf_json *const *by_field, params_body *body)
{
    size_t at = sizeof *body;
    for (uint16_t i = 0; i < q->kind->field_count && i < KF_KIND_MAX_FIELDS; i++) {
        param_entry entry = {.field = i};
        kf_status status = KF_OK;
        if (is_given(q, by_field[i])) {
            status = read_field(r, by_field[i], &q->kind->fields[i], &entry);
        } else if (is_kept(q, by_field[i], i)) {
            copy_entry(&r->params, q->over, i, &entry);
        } else {
            continue;
        }
        if (status != KF_OK) {
            return status;
        }
        if (entry.form == FORM_KEYS) {
            body->flags &= (uint8_t)~PARAMS_CONSTANT;
        }
        build_body(&r->params, at, &entry, sizeof entry);
        at += sizeof entry;
    }
    return KF_OK;
}

kf_status read_params(reader *r, const params_request *q, kf_ref *out)
{
    const kf_json *by_field[KF_KIND_MAX_FIELDS] = {NULL};
    params_body body = {.kind = q->kind->id, .version = q->kind->version,
                        .flags = (uint8_t)(PARAMS_CONSTANT | (q->disabled ? 0 : PARAMS_ENABLED))};
    *out = KF_REF_NONE;
    kf_status status = q->json ? need_object(r, q->json, "an object of parameters") : KF_OK;
    if (status == KF_OK) {
        status = sort_fields(r, q, by_field);
    }
    body.count = count_entries(q, by_field);
    if (status != KF_OK || (body.count == 0 && !q->always)) {
        return status;
    }
    build_start(&r->params, sizeof body + body.count * sizeof(param_entry));
    status = build_entries(r, q, by_field, &body);
    if (status != KF_OK) {
        return status;
    }
    body.name = build_text(&r->params, q->name);
    build_body(&r->params, 0, &body, sizeof body);
    return build_append(&r->params, r->store, NODE_PARAMS, out, r->err);
}

/* ---- Effects ---- */

kf_status unknown_kind(reader *r, const kf_json *json, kf_kind_class cls, const char *name)
{
    const char *close = kf_kind_suggest(cls, name), *what = kf_kind_class_name(cls);
    return close ? FAIL(r, json, "there is no %s \"%.100s\"; did you mean \"%s\"?", what, name, close)
                 : FAIL(r, json, "there is no %s \"%.100s\"; `kerf effects` lists them", what, name);
}

/* Which tracks there are shows at the end of the sequence: check_ducks. */
kf_status note_duck(reader *r, const kf_json *json)
{
    void *ducks = r->ducks;
    if (kf_grow(&ducks, &r->duck_capacity, r->duck_count + 1, sizeof *r->ducks) != 0) {
        return kf_fail_memory(r->err);
    }
    r->ducks = ducks;
    r->ducks[r->duck_count++] = json;
    return KF_OK;
}

kf_status read_effect(reader *r, const kf_json *json, kf_kind_class cls, bool master, kf_ref *out)
{
    effect_draft draft = {.enabled = true};
    kf_status status = read_object(r, json, &object_effect, &draft, NULL);
    if (status != KF_OK) {
        return status;
    }
    if (!draft.effect) {
        return FAIL(r, json, "an effect needs its name: {\"effect\": \"%s\", ...}",
                    cls == KF_CLASS_EFFECT ? "blur" : "eq");
    }
    const kf_kind *kind = kf_kind_find(cls, draft.effect);
    if (!kind) {
        return unknown_kind(r, kf_json_get(json, "effect"), cls, draft.effect);
    }
    if (kind->id == KF_AFX_LOUDNESS_NORMALIZE && !master) {
        return FAIL(r, json, "%s works on all sound: put it into the sequence's audio_effects", kind->name);
    }
    if (kind->id == KF_AFX_DUCK && (status = note_duck(r, json)) != KF_OK) {
        return status;
    }
    params_request request = {.json = json, .kind = kind, .own = &object_effect, .name = draft.name, .always = true,
                              .disabled = !draft.enabled};
    return read_params(r, &request, out);
}

kf_status read_effects(reader *r, const kf_json *json, kf_kind_class cls, bool master, node_build *into,
                       uint32_t *count)
{
    *count = 0;
    kf_status status = json ? need_array(r, json, "a list of effects", KF_MODEL_MAX_EFFECTS) : KF_OK;
    for (const kf_json *child = json && status == KF_OK ? json->first : NULL; child; child = child->next) {
        kf_ref ref;
        status = read_effect(r, child, cls, master, &ref);
        if (status != KF_OK) {
            return status;
        }
        build_ref(into, ref);
        (*count)++;
    }
    return status;
}
