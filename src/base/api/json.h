/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON (RFC 8259) reader into an immutable tree, and a writer. Numbers keep their text, so int64 and decimals are
 * exact. Depth at most 128. Errors name line, column and path. Values belong to their document; a document may be read
 * from any number of threads at once. */
#ifndef KF_BASE_JSON_H
#define KF_BASE_JSON_H

#include "base/api/field.h"
#include "base/api/status.h"
#include "base/api/str.h"

typedef enum kf_json_type {
    KF_JSON_NULL, KF_JSON_BOOL, KF_JSON_NUMBER, KF_JSON_STRING, KF_JSON_ARRAY, KF_JSON_OBJECT
} kf_json_type;

struct kf_json {
    kf_json_type type;
    bool boolean;
    bool is_integer;            /* the number is an integer that fits int64 */
    int64_t integer;            /* valid if is_integer */
    double number;              /* nearest double of the number */
    const char *text;           /* string (UTF-8, NUL-terminated) or the number's own text */
    size_t length;              /* bytes of text */
    const char *key;            /* own name in the parent object, else NULL */
    const struct kf_json *parent, *first, *next; /* children of arrays and objects, in file order */
    uint32_t count, index, line, column;
    const struct kf_json *const *table; /* private; NULL in what is put together by hand */
};

typedef struct kf_json_doc kf_json_doc;

enum { KF_JSON_ALLOW_NAN = 1 }; /* bare NaN, Infinity, -Infinity are numbers */

/* Parses `length` bytes; `name` (a file name) starts error messages. Duplicate keys are an error. The document is new;
 * free with kf_json_free. */
kf_status kf_json_parse(const char *bytes, size_t length, const char *name, int flags, kf_json_doc **out,
                        kf_error *err);
const kf_json *kf_json_root(const kf_json_doc *doc);
void kf_json_free(kf_json_doc *doc);

const kf_json *kf_json_get(const kf_json *object, const char *key); /* NULL if absent or not an object */
const kf_json *kf_json_at(const kf_json *array, uint32_t index);

/* Path of a value from the root: "sequences[0].tracks[2].clips[5].opacity". */
void kf_json_path(const kf_json *value, kf_str *out);
/* KF_ERR_INVALID "name:line: path: message". */
kf_status kf_json_fail(const kf_json *value, const char *name, kf_error *err, const char *format, ...) KF_PRINTF(4, 5);

/* Writer: appends to a kf_str, two-space indent or compact. Zero-initialise, set out and compact. */
typedef struct kf_json_writer {
    kf_str *out;
    bool compact;
    int depth;
    bool started[130];  /* depth -> something was written at this level */
    bool after_key;
} kf_json_writer;
void kf_json_begin_object(kf_json_writer *w);
void kf_json_end_object(kf_json_writer *w);
void kf_json_begin_array(kf_json_writer *w);
void kf_json_end_array(kf_json_writer *w);
void kf_json_key(kf_json_writer *w, const char *key);
void kf_json_write_string(kf_json_writer *w, const char *text); /* NULL writes null */
void kf_json_write_int(kf_json_writer *w, int64_t value);
void kf_json_write_number(kf_json_writer *w, double value); /* shortest text that reads back; non-finite writes null */
void kf_json_write_bool(kf_json_writer *w, bool value);
void kf_json_write_null(kf_json_writer *w);
/* Text that is a JSON value already; not checked. */
void kf_json_write_raw(kf_json_writer *w, const char *text);
/* A value that was read, as it was written: numbers keep their text, objects their order. */
void kf_json_write_value(kf_json_writer *w, const kf_json *value);
/* A key with its value. */
void kf_json_put_string(kf_json_writer *w, const char *key, const char *text);
void kf_json_put_int(kf_json_writer *w, const char *key, int64_t value);
void kf_json_put_number(kf_json_writer *w, const char *key, double value);
void kf_json_put_bool(kf_json_writer *w, const char *key, bool value);

#endif
