/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue: every effect, transition, generator, audio effect and set of properties, declared once as a table of
 * typed fields over the plain structs of kinds.h. JSON, the command line, the docs and the verifier read these tables.
 * Constant data: any thread may read it. Ids and versions are part of the file format and never reused. */
#ifndef KF_CATALOG_H
#define KF_CATALOG_H

#include "base/api/field.h"
#include "catalog/api/kinds.h"
#include "catalog/api/presets.h"

typedef enum kf_kind_class {
    KF_CLASS_PROPERTIES,  /* what every clip and track has: "clip", "clip_audio", "track", "track_audio" */
    KF_CLASS_EFFECT,
    KF_CLASS_TRANSITION,
    KF_CLASS_GENERATOR,
    KF_CLASS_AUDIO_EFFECT,
    KF_CLASS_COUNT,       /* of what a film holds */
    KF_CLASS_EDIT = KF_CLASS_COUNT /* operations; their fields are arguments (edits.h) */
} kf_kind_class;

typedef struct kf_kind {
    uint16_t id, version;  /* id: KF_PROP_*, KF_FX_*, KF_TR_*, KF_GEN_*, KF_AFX_*, KF_EDIT_* */
    kf_kind_class cls;
    const char *name;      /* lower_snake_case, unique within its class */
    const char *label, *category, *help;
    const kf_field *fields;
    int field_count;
    size_t values_size;    /* of the struct that kf_kind_defaults and kf_params_eval fill; at most KF_KIND_MAX_VALUES */
} kf_kind;

enum { KF_KIND_MAX_VALUES = 512, KF_KIND_MAX_FIELDS = 48 };

int kf_kind_count(void);                                           /* of what a film holds: no edits */
const kf_kind *kf_kind_at(int index);                              /* NULL out of range */
const kf_kind *kf_kind_get(uint16_t id);                           /* NULL if unknown; O(1) */
const kf_kind *kf_kind_find(kf_kind_class cls, const char *name);  /* NULL if unknown */
const char *kf_kind_suggest(kf_kind_class cls, const char *name);  /* the closest name, NULL if none is close */
int kf_edit_count(void);
const kf_kind *kf_edit_at(int index);                              /* NULL out of range */
const char *kf_kind_class_name(kf_kind_class cls);                 /* "effect", "transition", ... */
/* Fills a struct of values with the defaults. Texts, points and stops point into the table. */
void kf_kind_defaults(const kf_kind *kind, void *values);
/* Index of a field by name, -1 if there is none. */
int kf_kind_field(const kf_kind *kind, const char *name);

#endif
