/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalog/internal.h"

#include "base/api/str.h"

#include <string.h>

const char *const kf_blend_names[] = {
    "normal", "multiply", "screen", "overlay", "darken", "lighten", "color_dodge", "color_burn", "hard_light", "soft_light",
    "difference", "exclusion", "add", "subtract", "hue", "saturation", "color", "luminosity", NULL,
};

int kf_kind_count(void)
{
    return kf_catalog_kind_count;
}

const kf_kind *kf_kind_at(int index)
{
    return index >= 0 && index < kf_catalog_kind_count ? &kf_catalog_kinds[index] : NULL;
}

const kf_kind *kf_kind_get(uint16_t id)
{
    for (int i = 0; i < kf_catalog_kind_count; i++)
        if (kf_catalog_kinds[i].id == id) return &kf_catalog_kinds[i];
    return NULL;
}

const kf_kind *kf_kind_find(kf_kind_class cls, const char *name)
{
    for (int i = 0; i < kf_catalog_kind_count; i++)
        if (kf_catalog_kinds[i].cls == cls && strcmp(kf_catalog_kinds[i].name, name) == 0) return &kf_catalog_kinds[i];
    return NULL;
}

const char *kf_kind_closest(kf_kind_class cls, const char *name)
{
    const char *names[128];
    size_t count = 0;
    for (int i = 0; i < kf_catalog_kind_count && count < 128; i++)
        if (kf_catalog_kinds[i].cls == cls) names[count++] = kf_catalog_kinds[i].name;
    return kf_closest(name, names, count);
}

const char *kf_kind_class_name(kf_kind_class cls)
{
    static const char *const names[KF_CLASS_COUNT] = {"intrinsic", "effect", "transition", "generator", "audio_effect"};
    return cls < KF_CLASS_COUNT ? names[cls] : "unknown";
}

void kf_kind_defaults(const kf_kind *kind, void *values)
{
    memset(values, 0, kind->values_size);
    for (int i = 0; i < kind->field_count; i++) {
        const kf_field *f = &kind->fields[i];
        char *at = (char *)values + f->offset;
        int numbers = kf_field_numbers(f->type);
        switch (f->type) {
        case KF_FIELD_BOOL: *(bool *)(void *)at = f->def[0] != 0; break;
        case KF_FIELD_INT: case KF_FIELD_ENUM: *(int32_t *)(void *)at = (int32_t)f->def[0]; break;
        case KF_FIELD_FLOAT: case KF_FIELD_VEC2: case KF_FIELD_COLOR:
            for (int k = 0; k < numbers; k++) ((float *)(void *)at)[k] = (float)f->def[k];
            break;
        case KF_FIELD_TEXT: case KF_FIELD_FILE: *(const char **)(void *)at = f->def_text ? f->def_text : ""; break;
        case KF_FIELD_TIME: *(kf_time *)(void *)at = (kf_time)(f->def[0] * (double)KF_SECOND); break;
        case KF_FIELD_POINTS: case KF_FIELD_STOPS: break;
        }
    }
}
