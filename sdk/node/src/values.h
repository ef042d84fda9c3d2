/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values between JavaScript and C. All of it runs on the thread of the environment. */
#ifndef KF_SDK_NODE_VALUES_H
#define KF_SDK_NODE_VALUES_H

#ifndef NAPI_VERSION
#define NAPI_VERSION 8
#endif
#include <node_api.h>

#include "kerf/kerf.h"

/* ---- From JavaScript ---- */

typedef enum kn_type {
    KN_BOOL,   /* bool */
    KN_INT,    /* int32_t */
    KN_LONG,   /* int64_t */
    KN_NUMBER, /* double */
    KN_TEXT,   /* char *, new, ends with free */
    KN_TIME,   /* kf_time, of seconds */
    KN_RATIO   /* kf_rational, of [numerator, denominator] */
} kn_type;
typedef struct kn_field {
    const char *name;
    kn_type type;
    size_t offset;
} kn_field;

/* Fills the struct at `out` from an object's keys; what is undefined or null stays as it was. False with an exception
 * pending: the object has a key that the table has not, or a value of another type. Texts read so far are there. */
bool kn_read(napi_env env, napi_value object, const kn_field *fields, size_t count, void *out);
/* Frees the texts of a struct. */
void kn_free_texts(const kn_field *fields, size_t count, void *out);

/* ---- To JavaScript ---- */

napi_value kn_undefined(napi_env env);
napi_value kn_text(napi_env env, const char *text);
napi_value kn_number(napi_env env, double number);
/* Adds a key to an object. NAN is written as null. */
void kn_set(napi_env env, napi_value object, const char *key, napi_value value);
void kn_set_number(napi_env env, napi_value object, const char *key, double number);
void kn_set_text(napi_env env, napi_value object, const char *key, const char *text);
/* An Error with `code` ("KERF_NOT_FOUND"). */
napi_value kn_error(napi_env env, const kf_error *error);
void kn_throw(napi_env env, kf_status status, const char *format, ...) KF_PRINTF(3, 4);

#endif
