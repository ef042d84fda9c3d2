/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the tables of configs are written: S is the struct of values, m its member, key its name in JSON. */
#ifndef KF_REEL_FIELDS_H
#define KF_REEL_FIELDS_H

#include <math.h>
#include <stddef.h>

#include "reel/config.h"

/* d NaN: the template's, -1 in an int8_t */
#define SWITCH(S, m, key, d, text) \
    {.name = key, .type = KF_FIELD_BOOL, .offset = offsetof(S, m), .max = 1, .def = {d}, .unit = "", .help = text}
#define NUMBER(S, m, key, lo, hi, d, units, text) \
    {.name = key, .type = KF_FIELD_FLOAT, .offset = offsetof(S, m), .min = lo, .max = hi, .def = {d}, .unit = units, \
     .help = text}
#define WHOLE(S, m, key, lo, hi, d, units, text) \
    {.name = key, .type = KF_FIELD_INT, .offset = offsetof(S, m), .min = lo, .max = hi, .def = {d}, .unit = units, \
     .help = text}
#define CHOICE(S, m, key, names, d, text) \
    {.name = key, .type = KF_FIELD_ENUM, .offset = offsetof(S, m), .def = {d}, .choices = names, .unit = "", .help = text}
#define TEXT(S, m, key, d, text) \
    {.name = key, .type = KF_FIELD_TEXT, .offset = offsetof(S, m), .def_text = d, .unit = "", .help = text}
#define FILE_OF(S, m, key, text) \
    {.name = key, .type = KF_FIELD_FILE, .offset = offsetof(S, m), .def_text = "", .unit = "", .help = text}
/* d NaN: KF_TIME_NONE */
#define SECONDS(S, m, key, lo, hi, d, text) \
    {.name = key, .type = KF_FIELD_TIME, .offset = offsetof(S, m), .min = lo, .max = hi, .def = {d}, .unit = "s", \
     .help = text}
/* Without a value the first component is NaN: the template's. */
#define COLOR(S, m, key, text) \
    {.name = key, .type = KF_FIELD_COLOR, .offset = offsetof(S, m), .max = 1, .def = {NAN, NAN, NAN, NAN}, .unit = "", \
     .help = text}
#define STOPS(S, m, key, text) \
    {.name = key, .type = KF_FIELD_STOPS, .offset = offsetof(S, m), .max = 1, .def_text = "", .unit = "", .help = text}
#define FILES(S, m, key, text) \
    {.name = key, .type = KF_FIELD_JSON, .offset = offsetof(S, m), .unit = "", .help = text}
#define FIELDS(table) table, (int)(sizeof(table) / sizeof *(table))

#endif
