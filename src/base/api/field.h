/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of typed fields: the one description from which JSON, CLI, docs, verifier and inspectors take an effect's
 * parameters. A table describes a plain C struct of values; `offset` says where each value sits. */
#ifndef KF_BASE_FIELD_H
#define KF_BASE_FIELD_H

#include "kerf/base.h"

typedef enum kf_field_type {
    KF_FIELD_BOOL,   /* struct member: bool */
    KF_FIELD_INT,    /* int32_t */
    KF_FIELD_FLOAT,  /* float */
    KF_FIELD_VEC2,   /* float[2] */
    KF_FIELD_COLOR,  /* float[4]: R, G, B, A, straight alpha, display-referred; JSON "#rrggbb", "#rrggbbaa" or [r,g,b,a]
                      */
    KF_FIELD_ENUM,   /* int32_t: index into choices */
    KF_FIELD_TEXT,   /* const char *, UTF-8, borrowed */
    KF_FIELD_FILE,   /* const char *: path, already resolved against the film's folder */
    KF_FIELD_TIME,   /* kf_time */
    KF_FIELD_POINTS, /* kf_points: list of 2D points (curve control points, polygon) */
    KF_FIELD_STOPS,  /* kf_stops: gradient stops */
    KF_FIELD_ID,     /* uint64_t: number of a clip, transition or marker; 0: not given */
    KF_FIELD_IDS,    /* kf_ids */
    KF_FIELD_JSON    /* const kf_json *: read by what takes it; NULL: not given */
} kf_field_type;

typedef struct kf_points { const float (*p)[2]; int32_t count; } kf_points;
typedef struct kf_stop { float at, color[4]; } kf_stop;
typedef struct kf_ids { const uint64_t *ids; int32_t count; } kf_ids;
typedef struct kf_json kf_json;
typedef struct kf_stops { const kf_stop *s; int32_t count; } kf_stops;

typedef struct kf_field {
    const char *name;            /* lower_snake_case */
    kf_field_type type;
    uint16_t offset;             /* in the struct of values */
    double min, max;             /* numbers: inclusive */
    double def[4];               /* numbers, vec2, colour, enum index, bool, time (seconds; NaN: KF_TIME_NONE) */
    const char *def_text;        /* TEXT and FILE; JSON text for POINTS and STOPS */
    const char *const *choices;  /* ENUM: NULL-terminated */
    const char *unit;            /* "px", "dB", "deg", "s", "%", "" */
    bool animatable;
    const char *help;            /* one sentence */
    bool required;               /* of arguments: there is no default */
} kf_field;

const char *kf_field_type_name(kf_field_type type); /* "bool", "int", ...; never NULL */
size_t kf_field_size(kf_field_type type);           /* bytes of the struct member */
int kf_field_numbers(kf_field_type type); /* how many numbers a value has: 1, 2 (VEC2), 4 (COLOR), 0 if not numeric */
const kf_field *kf_field_find(const kf_field *fields, size_t count, const char *name); /* NULL if absent */
/* True if each of the kf_field_numbers(type) numbers is finite and within min and max; INT and ENUM: whole, ENUM: a
 * choice. */
bool kf_field_in_range(const kf_field *field, const double *numbers);

#endif
