/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "values.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- From JavaScript ---- */

static char *read_text(napi_env env, napi_value value)
{
    size_t length;
    if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return NULL;
    char *text = malloc(length + 1);
    if (text) napi_get_value_string_utf8(env, value, text, length + 1, &length);
    if (!text || strlen(text) == length) return text;
    free(text); /* it has a zero within */
    return NULL;
}

static bool read_whole(napi_env env, napi_value value, double limit, int64_t *out)
{
    double number;
    if (napi_get_value_double(env, value, &number) != napi_ok || !(fabs(number) <= limit) || number != floor(number))
        return false;
    *out = (int64_t)number;
    return true;
}

static bool read_time(napi_env env, napi_value value, kf_time *out)
{
    double seconds;
    if (napi_get_value_double(env, value, &seconds) != napi_ok || !(fabs(seconds) < 1e9)) return false;
    *out = (kf_time)llrint(seconds * (double)KF_SECOND);
    return true;
}

static bool read_ratio(napi_env env, napi_value value, kf_rational *out)
{
    int64_t parts[2];
    for (uint32_t i = 0; i < 2; i++) {
        napi_value part;
        if (napi_get_element(env, value, i, &part) != napi_ok || !read_whole(env, part, INT32_MAX, &parts[i]))
            return false;
    }
    *out = (kf_rational){(int32_t)parts[0], (int32_t)parts[1]};
    return true;
}

static bool read_int(napi_env env, napi_value value, int32_t *out)
{
    int64_t whole;
    if (!read_whole(env, value, INT32_MAX, &whole)) return false;
    *out = (int32_t)whole;
    return true;
}

static bool read_field(napi_env env, napi_value value, kn_type type, void *at)
{
    switch (type) {
    case KN_BOOL: return napi_get_value_bool(env, value, at) == napi_ok;
    case KN_INT: return read_int(env, value, at);
    case KN_LONG: return read_whole(env, value, 9007199254740991.0, at);
    case KN_NUMBER: return napi_get_value_double(env, value, at) == napi_ok && isfinite(*(double *)at);
    case KN_TEXT: return (*(char **)at = read_text(env, value)) != NULL;
    case KN_TIME: return read_time(env, value, at);
    case KN_RATIO: return read_ratio(env, value, at);
    }
    return false;
}

static bool read_key(napi_env env, napi_value object, napi_value key, const kn_field *fields, size_t count, void *out)
{
    static const char *const wanted[] = {"true or false", "a whole number", "a whole number", "a number",
                                         "a text without zeros", "a number of seconds", "[numerator, denominator]"};
    napi_value value;
    napi_valuetype type;
    char name[64];
    size_t length;
    napi_get_value_string_utf8(env, key, name, sizeof name, &length);
    if (napi_get_property(env, object, key, &value) != napi_ok || napi_typeof(env, value, &type) != napi_ok) return false;
    if (type == napi_undefined || type == napi_null) return true;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) != 0) continue;
        if (read_field(env, value, fields[i].type, (char *)out + fields[i].offset)) return true;
        kn_throw(env, KF_ERR_USAGE, "%s: it must be %s", name, wanted[fields[i].type]);
        return false;
    }
    kn_throw(env, KF_ERR_USAGE, "%s: there is no such key", name);
    return false;
}

bool kn_read(napi_env env, napi_value object, const kn_field *fields, size_t count, void *out)
{
    napi_value keys, key;
    uint32_t length = 0;
    napi_valuetype type;
    if (napi_typeof(env, object, &type) != napi_ok || type != napi_object) {
        kn_throw(env, KF_ERR_USAGE, "an object was expected");
        return false;
    }
    napi_get_property_names(env, object, &keys);
    napi_get_array_length(env, keys, &length);
    for (uint32_t i = 0; i < length; i++)
        if (napi_get_element(env, keys, i, &key) != napi_ok || !read_key(env, object, key, fields, count, out))
            return false;
    return true;
}

void kn_free_texts(const kn_field *fields, size_t count, void *out)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].type == KN_TEXT) free(*(char **)((char *)out + fields[i].offset));
}

/* ---- To JavaScript ---- */

napi_value kn_undefined(napi_env env)
{
    napi_value value;
    napi_get_undefined(env, &value);
    return value;
}

napi_value kn_text(napi_env env, const char *text)
{
    napi_value value;
    return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok ? value : kn_undefined(env);
}

napi_value kn_number(napi_env env, double number)
{
    napi_value value;
    if (isnan(number)) napi_get_null(env, &value);
    else napi_create_double(env, number, &value);
    return value;
}

void kn_set(napi_env env, napi_value object, const char *key, napi_value value)
{
    napi_set_named_property(env, object, key, value);
}

void kn_set_number(napi_env env, napi_value object, const char *key, double number)
{
    kn_set(env, object, key, kn_number(env, number));
}

void kn_set_text(napi_env env, napi_value object, const char *key, const char *text)
{
    kn_set(env, object, key, kn_text(env, text));
}

static void name_code(kf_status status, char *out, size_t size)
{
    snprintf(out, size, "KERF_%s", kf_status_text(status));
    for (; *out; out++) *out = *out == '-' ? '_' : (char)toupper((unsigned char)*out);
}

napi_value kn_error(napi_env env, const kf_error *error)
{
    char code[64];
    napi_value made;
    name_code(error->status, code, sizeof code);
    const char *message = error->message[0] ? error->message : kf_status_text(error->status);
    napi_create_error(env, kn_text(env, code), kn_text(env, message), &made);
    return made;
}

void kn_throw(napi_env env, kf_status status, const char *format, ...)
{
    kf_error error = {.status = status};
    va_list args;
    va_start(args, format);
    vsnprintf(error.message, sizeof error.message, format, args);
    va_end(args);
    napi_throw(env, kn_error(env, &error));
}
