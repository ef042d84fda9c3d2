/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/field.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    size_t size;
    int numbers;
} types[] = {
    [KF_FIELD_BOOL] = {"bool", sizeof(bool), 1},
    [KF_FIELD_INT] = {"int", sizeof(int32_t), 1},
    [KF_FIELD_FLOAT] = {"float", sizeof(float), 1},
    [KF_FIELD_VEC2] = {"vec2", 2 * sizeof(float), 2},
    [KF_FIELD_COLOR] = {"color", 4 * sizeof(float), 4},
    [KF_FIELD_ENUM] = {"enum", sizeof(int32_t), 1},
    [KF_FIELD_TEXT] = {"text", sizeof(const char *), 0},
    [KF_FIELD_FILE] = {"file", sizeof(const char *), 0},
    [KF_FIELD_TIME] = {"time", sizeof(kf_time), 1},
    [KF_FIELD_POINTS] = {"points", sizeof(kf_points), 0},
    [KF_FIELD_STOPS] = {"stops", sizeof(kf_stops), 0},
    [KF_FIELD_ID] = {"id", sizeof(uint64_t), 0},
    [KF_FIELD_IDS] = {"ids", sizeof(kf_ids), 0},
    [KF_FIELD_JSON] = {"json", sizeof(const kf_json *), 0},
};

static bool known(kf_field_type type)
{
    return (unsigned)type < sizeof types / sizeof *types;
}

const char *kf_field_type_name(kf_field_type type)
{
    return known(type) ? types[type].name : "unknown";
}

size_t kf_field_size(kf_field_type type)
{
    return known(type) ? types[type].size : 0;
}

int kf_field_numbers(kf_field_type type)
{
    return known(type) ? types[type].numbers : 0;
}

const kf_field *kf_field_find(const kf_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

static int32_t choice_count(const kf_field *field)
{
    int32_t n = 0;
    while (field->choices && field->choices[n]) {
        n++;
    }
    return n;
}

bool kf_field_in_range(const kf_field *field, const double *numbers)
{
    bool whole = field->type == KF_FIELD_INT || field->type == KF_FIELD_ENUM;
    bool choice = field->type == KF_FIELD_ENUM, boolean = field->type == KF_FIELD_BOOL;
    double min = choice || boolean ? 0 : field->min;
    double max = choice ? choice_count(field) - 1 : boolean ? 1 : field->max;
    for (int i = 0; i < kf_field_numbers(field->type); i++) {
        double v = numbers[i];
        if (!isfinite(v) || v < min || v > max || (whole && v != floor(v))) {
            return false;
        }
    }
    return true;
}
