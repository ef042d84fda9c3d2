/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "base/api/str.h"
#include "catalog/internal.h"

static const kf_kind_table *const tables[KF_CLASS_COUNT + 1] = {
    &kf_kinds_properties, &kf_kinds_effects, &kf_kinds_transitions, &kf_kinds_generators, &kf_kinds_audio,
    &kf_kinds_edits};

int kf_kind_count(void)
{
    int n = 0;
    for (int c = 0; c < KF_CLASS_COUNT; c++) n += tables[c]->count;
    return n;
}

const kf_kind *kf_kind_at(int index)
{
    for (int c = 0; c < KF_CLASS_COUNT && index >= 0; index -= tables[c]->count, c++)
        if (index < tables[c]->count) return &tables[c]->kinds[index];
    return NULL;
}

int kf_edit_count(void)
{
    return kf_kinds_edits.count;
}

const kf_kind *kf_edit_at(int index)
{
    return index >= 0 && index < kf_kinds_edits.count ? &kf_kinds_edits.kinds[index] : NULL;
}

const kf_kind *kf_kind_get(uint16_t id)
{
    /* Ids are blocks of consecutive numbers, a block per table in the table's order. */
    for (int c = 0; c <= KF_CLASS_EDIT; c++) {
        int i = (int)id - tables[c]->kinds[0].id;
        if (i >= 0 && i < tables[c]->count) return &tables[c]->kinds[i];
    }
    return NULL;
}

const kf_kind *kf_kind_find(kf_kind_class cls, const char *name)
{
    for (int i = 0; i < tables[cls]->count; i++)
        if (strcmp(tables[cls]->kinds[i].name, name) == 0) return &tables[cls]->kinds[i];
    return NULL;
}

const char *kf_kind_suggest(kf_kind_class cls, const char *name)
{
    const char *names[64];
    int n = 0;
    for (; n < tables[cls]->count && n < 64; n++) names[n] = tables[cls]->kinds[n].name;
    return kf_closest(name, names, (size_t)n);
}

const char *kf_kind_class_name(kf_kind_class cls)
{
    static const char *const names[KF_CLASS_COUNT + 1] = {"properties", "effect", "transition", "generator",
        "audio effect", "edit"};
    return cls >= 0 && cls <= KF_CLASS_EDIT ? names[cls] : "unknown";
}

int kf_kind_field(const kf_kind *kind, const char *name)
{
    for (int i = 0; i < kind->field_count; i++)
        if (strcmp(kind->fields[i].name, name) == 0) return i;
    return -1;
}

static void put_default(const kf_field *field, void *member)
{
    static const kf_stop stops[2] = {{0, {0, 0, 0, 1}}, {1, {1, 1, 1, 1}}}; /* what KF_STOPS says in its text */
    switch (field->type) {
    case KF_FIELD_BOOL: *(bool *)member = field->def[0] != 0; break;
    case KF_FIELD_INT:
    case KF_FIELD_ENUM: *(int32_t *)member = (int32_t)field->def[0]; break;
    case KF_FIELD_FLOAT:
    case KF_FIELD_VEC2:
    case KF_FIELD_COLOR:
        for (int i = 0; i < kf_field_numbers(field->type); i++) ((float *)member)[i] = (float)field->def[i];
        break;
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE: *(const char **)member = field->def_text; break;
    case KF_FIELD_TIME:
        *(kf_time *)member = isnan(field->def[0]) ? KF_TIME_NONE : (kf_time)(field->def[0] * (double)KF_SECOND);
        break;
    case KF_FIELD_POINTS: *(kf_points *)member = (kf_points){0}; break;
    case KF_FIELD_STOPS: *(kf_stops *)member = (kf_stops){stops, 2}; break;
    case KF_FIELD_ID:
    case KF_FIELD_IDS:
    case KF_FIELD_JSON: break;
    }
}

void kf_kind_defaults(const kf_kind *kind, void *values)
{
    memset(values, 0, kind->values_size);
    for (int i = 0; i < kind->field_count; i++) put_default(&kind->fields[i], (char *)values + kind->fields[i].offset);
}
