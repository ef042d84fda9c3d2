/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters: reading them from their nodes and evaluating them into the structs of kinds.h. Entries are checked
 * against the payload's size and the kind's table each time; what does not fit is as if it had not been set. */
#include <math.h>
#include <string.h>

#include "model/nodes.h"

const void *node_body(const kf_store *store, kf_ref ref, uint16_t kind, size_t least, size_t *size)
{
    const kf_node *node = ref == KF_REF_NONE ? NULL : kf_store_node(store, ref, kind, least);
    *size = node ? kf_node_payload_size(node) : 0;
    return node ? kf_node_payload(node) : NULL;
}

const char *body_text(const void *payload, size_t size, node_text text)
{
    const char *bytes = payload;
    bool good =
        text.length > 0 && text.at < size && text.length < size - text.at && bytes[text.at + text.length] == '\0';
    return good ? bytes + text.at : "";
}

const char *metadata_text(const kf_store *store, kf_ref ref)
{
    size_t size;
    const char *text = node_body(store, ref, NODE_METADATA, 1, &size);
    return text && text[size - 1] == '\0' ? text : "";
}

kf_params params_open(const kf_store *store, kf_ref ref, uint16_t kind_id)
{
    size_t size;
    const params_body *body = node_body(store, ref, NODE_PARAMS, sizeof *body, &size);
    if (body && kind_id != 0 && body->kind != kind_id) {
        body = NULL;
    }
    kf_params out = {.kind_id = body ? body->kind : kind_id, .constant = true, .enabled = true, .name = "", .ref = ref};
    out.kind = kf_kind_get(out.kind_id);
    if (body) {
        out.payload = body;
        out.size = (uint32_t)size;
        out.constant = (body->flags & PARAMS_CONSTANT) != 0;
        out.enabled = (body->flags & PARAMS_ENABLED) != 0;
        out.name = body_text(body, size, body->name);
    }
    return out;
}

bool kf_effect_at(kf_snapshot snapshot, kf_effects effects, int32_t i, kf_params *out)
{
    if (i < 0 || i >= effects.count) {
        return false;
    }
    *out = params_open(snapshot.store, effects.refs[i], 0);
    return out->payload != NULL;
}

/* ---- Entries ---- */

static const size_t item_sizes[] = {
    [FORM_NUMBERS] = sizeof(double), [FORM_TIME] = sizeof(kf_time), [FORM_KEYS] = sizeof(kf_key), [FORM_TEXT] = 1,
    [FORM_POINTS] = sizeof(float[2]), [FORM_STOPS] = sizeof(kf_stop),
};

static bool form_fits(const param_entry *entry, kf_field_type type)
{
    int numbers = kf_field_numbers(type);
    switch (entry->form) {
    case FORM_NUMBERS:
        return numbers > 0 && entry->count == (uint32_t)numbers;
    case FORM_TIME:
        return type == KF_FIELD_TIME && entry->count == 1;
    case FORM_KEYS:
        return numbers > 0 && entry->count > 0;
    case FORM_TEXT:
        return type == KF_FIELD_TEXT || type == KF_FIELD_FILE;
    case FORM_POINTS:
        return type == KF_FIELD_POINTS;
    case FORM_STOPS:
        return type == KF_FIELD_STOPS;
    default:
        return false;
    }
}

static uint32_t entry_count(const kf_params *params)
{
    const params_body *body = params->payload;
    size_t room = body ? (params->size - sizeof *body) / sizeof(param_entry) : 0;
    return body && body->count <= room ? body->count : (uint32_t)room;
}

static const param_entry *entries(const kf_params *params)
{
    return (const param_entry *)(const void *)((const params_body *)params->payload + 1);
}

size_t params_entry_bytes(const param_entry *entry)
{
    return (size_t)entry->count * item_sizes[entry->form] + (entry->form == FORM_TEXT);
}

/* The data of an entry that belongs to `field`, NULL if it does not fit. */
static const void *entry_data(const kf_params *params, const param_entry *entry, const kf_field *field)
{
    if (entry->type != field->type || !form_fits(entry, field->type) || entry->at % 8 != 0) {
        return NULL;
    }
    size_t bytes = params_entry_bytes(entry);
    if (entry->at > params->size || bytes > params->size - entry->at) {
        return NULL;
    }
    const char *data = (const char *)params->payload + entry->at;
    return entry->form == FORM_TEXT && data[entry->count] != '\0' ? NULL : data;
}

/* ---- Values ---- */

static double within(double v, double low, double high)
{
    return v >= low ? v <= high ? v : high : low; /* NaN gives low */
}

static double in_range(const kf_field *field, double v)
{
    return field->min < field->max ? within(v, field->min, field->max) : v;
}

static int32_t choice(const kf_field *field, double v)
{
    int32_t n = 0;
    while (field->choices && field->choices[n] && n + 0.5 <= v) {
        n++;
    }
    return field->choices && field->choices[n] ? n : 0;
}

static void store_floats(const kf_field *field, const double *numbers, float *out, int n)
{
    for (int i = 0; i < n; i++) {
        out[i] = (float)in_range(field, numbers[i]);
    }
}

static void store_numbers(const kf_field *field, const double *numbers, void *member)
{
    switch (field->type) {
    case KF_FIELD_BOOL:
        *(bool *)member = numbers[0] >= 0.5;
        break;
    case KF_FIELD_INT:
        *(int32_t *)member = (int32_t)within(floor(in_range(field, numbers[0]) + 0.5), INT32_MIN, INT32_MAX);
        break;
    case KF_FIELD_ENUM:
        *(int32_t *)member = choice(field, numbers[0]);
        break;
    case KF_FIELD_TIME:
        *(kf_time *)member = kf_time_from_seconds(in_range(field, numbers[0]));
        break;
    default:
        store_floats(field, numbers, member, kf_field_numbers(field->type));
        break;
    }
}

static void store_keys(const kf_field *field, const kf_key *keys, uint32_t count, kf_time t, void *member)
{
    double numbers[4];
    kf_keys_eval(keys, (int32_t)count, kf_field_numbers(field->type), t, numbers);
    store_numbers(field, numbers, member);
}

static void store_entry(const kf_field *field, const param_entry *entry, const void *data, kf_time t, void *member)
{
    switch (entry->form) {
    case FORM_NUMBERS:
        store_numbers(field, data, member);
        break;
    case FORM_TIME:
        *(kf_time *)member = *(const kf_time *)data;
        break;
    case FORM_KEYS:
        store_keys(field, data, entry->count, t, member);
        break;
    case FORM_TEXT:
        *(const char **)member = data;
        break;
    case FORM_POINTS:
        *(kf_points *)member = (kf_points){.p = data, .count = (int32_t)entry->count};
        break;
    default:
        *(kf_stops *)member = (kf_stops){.s = data, .count = (int32_t)entry->count};
        break;
    }
}

bool kf_params_eval(const kf_params *params, kf_time t, void *values)
{
    const kf_kind *kind = params->kind;
    if (!kind) {
        return false;
    }
    kf_kind_defaults(kind, values);
    if (!params->payload) {
        return params->ref == KF_REF_NONE;
    }
    const param_entry *entry = entries(params);
    for (uint32_t n = entry_count(params); n > 0; n--, entry++) {
        const kf_field *field = entry->field < kind->field_count ? &kind->fields[entry->field] : NULL;
        const void *data = field ? entry_data(params, entry, field) : NULL;
        if (data) {
            store_entry(field, entry, data, t, (char *)values + field->offset);
        }
    }
    return true;
}

/* ---- One parameter ---- */

const void *params_entry(const kf_params *params, int field, param_entry *out)
{
    if (!params->kind || !params->payload || field < 0 || field >= params->kind->field_count) {
        return NULL;
    }
    const param_entry *entry = entries(params);
    for (uint32_t n = entry_count(params); n > 0; n--, entry++) {
        const void *data = entry->field == field ? entry_data(params, entry, &params->kind->fields[field]) : NULL;
        if (data) {
            *out = *entry;
            return data;
        }
    }
    return NULL;
}

static void get_numbers(const kf_field *field, const double *numbers, kf_param_value *out)
{
    memcpy(out->number, numbers, (size_t)kf_field_numbers(field->type) * sizeof *numbers);
    out->time = field->type == KF_FIELD_TIME ? kf_time_from_seconds(numbers[0]) : 0;
}

static void get_entry(const kf_params *params, const kf_field *field, const param_entry *entry, const void *data,
                      kf_param_value *out)
{
    switch (entry->form) {
    case FORM_NUMBERS:
        get_numbers(field, data, out);
        break;
    case FORM_TIME:
        out->time = *(const kf_time *)data;
        out->number[0] = kf_time_seconds(out->time);
        break;
    case FORM_KEYS:
        out->keys = data;
        out->key_count = (int32_t)entry->count;
        break;
    case FORM_TEXT:
        out->text = data;
        break;
    case FORM_POINTS:
        out->points = (kf_points){.p = data, .count = (int32_t)entry->count};
        break;
    default:
        out->stops = (kf_stops){.s = data, .count = (int32_t)entry->count};
        break;
    }
}

bool kf_params_get(const kf_params *params, int field, kf_param_value *out)
{
    param_entry entry;
    const void *data = params_entry(params, field, &entry);
    *out = (kf_param_value){.set = data != NULL};
    if (data) {
        get_entry(params, &params->kind->fields[field], &entry, data, out);
    }
    return out->set;
}

kf_time *params_time(void *payload, size_t size, int field)
{
    const kf_params params = {.payload = payload, .size = (uint32_t)size};
    const param_entry *entry = entries(&params);
    for (uint32_t n = size >= sizeof(params_body) ? entry_count(&params) : 0; n > 0; n--, entry++) {
        if (entry->field == field && entry->form == FORM_TIME && entry->at % 8 == 0 && entry->at <= size &&
            size - entry->at >= sizeof(kf_time)) {
            return (kf_time *)(void *)((char *)payload + entry->at);
        }
    }
    return NULL;
}
