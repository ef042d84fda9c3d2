/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the tables are written: one macro per type of field. S is the struct of values, m its member (and the field's
 * name). */
#ifndef KF_CATALOG_INTERNAL_H
#define KF_CATALOG_INTERNAL_H

#include <stddef.h>

#include "catalog/api/catalog.h"

#define KF_BOOL(S, m, d, help) {#m, KF_FIELD_BOOL, offsetof(S, m), 0, 1, {d}, NULL, NULL, "", false, help}
#define KF_INT(S, m, lo, hi, d, unit, help) \
    { \
#m, KF_FIELD_INT, offsetof(S, m), lo, hi, {d }, NULL, NULL, unit, true, help \
    }
#define KF_FIX(S, m, lo, hi, d, unit, help) \
    { \
#m, KF_FIELD_INT, offsetof(S, m), lo, hi, {d }, NULL, NULL, unit, false, help \
    }
/* A number that cannot be keyframed. */
#define KF_STILL(S, m, lo, hi, d, unit, help) \
    {#m, KF_FIELD_FLOAT, offsetof(S, m), lo, hi, {d}, NULL, NULL, unit, false, help}
#define KF_NUM(S, m, lo, hi, d, unit, help) \
    { \
#m, KF_FIELD_FLOAT, offsetof(S, m), lo, hi, {d }, NULL, NULL, unit, true, help \
    }
#define KF_VEC(S, m, lo, hi, x, y, unit, help) \
    {#m, KF_FIELD_VEC2, offsetof(S, m), lo, hi, {x, y}, NULL, NULL, unit, true, help}
#define KF_COL(S, m, r, g, b, a, help) \
    { \
#m, KF_FIELD_COLOR, offsetof(S, m), 0, 1, {r, g, b, a }, NULL, NULL, "", true, help \
    }
#define KF_WHEEL(S, m, lo, hi, d, help) \
    {#m, KF_FIELD_COLOR, offsetof(S, m), lo, hi, {d, d, d, 1}, NULL, NULL, "", true, help}
#define KF_ENUM(S, m, names, d, help) {#m, KF_FIELD_ENUM, offsetof(S, m), 0, 0, {d}, NULL, names, "", false, help}
#define KF_TEXT(S, m, d, help) {#m, KF_FIELD_TEXT, offsetof(S, m), 0, 0, {0}, d, NULL, "", false, help}
#define KF_FILE(S, m, help) {#m, KF_FIELD_FILE, offsetof(S, m), 0, 0, {0}, "", NULL, "", false, help}
#define KF_SPAN(S, m, lo, hi, d, help) {#m, KF_FIELD_TIME, offsetof(S, m), lo, hi, {d}, NULL, NULL, "s", false, help}
#define KF_POINTS(S, m, help) {#m, KF_FIELD_POINTS, offsetof(S, m), -100000, 100000, {0}, "[]", NULL, "", false, help}
#define KF_STOPS(S, m, help) \
    {#m, KF_FIELD_STOPS, offsetof(S, m), 0, 1, {0}, "[[0,\"#000000\"],[1,\"#ffffff\"]]", NULL, "", false, help}

#define KF_KIND(id, cls, name, label, category, fields, type, help) \
    {id, 1, cls, name, label, category, help, fields, (int)(sizeof(fields) / sizeof *(fields)), sizeof(type)}

/* One table per class, each in a file of its own. */
typedef struct kf_kind_table {
    const kf_kind *kinds;
    int count;
} kf_kind_table;
extern const kf_kind_table kf_kinds_properties, kf_kinds_effects, kf_kinds_transitions, kf_kinds_generators,
    kf_kinds_audio, kf_kinds_edits;

#endif
