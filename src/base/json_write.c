/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/json.h"

enum { LEVELS = sizeof ((kf_json_writer *)0)->started / sizeof(bool) };

static void new_line(kf_json_writer *w)
{
    if (w->compact) {
        return;
    }
    kf_str_add_n(w->out, "\n", 1);
    for (int i = 0; i < w->depth; i++) {
        kf_str_add_n(w->out, "  ", 2);
    }
}

/* What stands before a value or a key: a comma and a line, or nothing after a key. */
static void before(kf_json_writer *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->depth == 0) {
        return;
    }
    if (w->started[w->depth]) {
        kf_str_add_n(w->out, ",", 1);
    }
    w->started[w->depth] = true;
    new_line(w);
}

static void begin(kf_json_writer *w, const char *bracket)
{
    before(w);
    if (w->depth + 1 >= LEVELS) {
        w->out->failed = true;
        return;
    }
    kf_str_add_n(w->out, bracket, 1);
    w->started[++w->depth] = false;
}

static void end(kf_json_writer *w, const char *bracket)
{
    if (w->depth == 0) {
        w->out->failed = true;
        return;
    }
    bool any = w->started[w->depth--];
    if (any) {
        new_line(w);
    }
    kf_str_add_n(w->out, bracket, 1);
    if (w->depth == 0 && !w->compact) {
        kf_str_add_n(w->out, "\n", 1);
    }
}

void kf_json_begin_object(kf_json_writer *w)
{
    begin(w, "{");
}

void kf_json_end_object(kf_json_writer *w)
{
    end(w, "}");
}

void kf_json_begin_array(kf_json_writer *w)
{
    begin(w, "[");
}

void kf_json_end_array(kf_json_writer *w)
{
    end(w, "]");
}

static void add_escaped(kf_str *out, unsigned char c)
{
    static const char named[] = "btn\0fr"; /* 8 to 13; there is no name for 11 */
    if (c == '"' || c == '\\') {
        kf_str_addf(out, "\\%c", c);
    } else if (c >= 8 && c <= 13 && c != 11) {
        kf_str_addf(out, "\\%c", named[c - 8]);
    } else {
        kf_str_addf(out, "\\u%04x", c);
    }
}

/* Bytes that are not UTF-8 become U+FFFD. */
static void add_quoted(kf_str *out, const char *text, size_t left)
{
    size_t good = 0;
    kf_str_add_n(out, "\"", 1);
    while (left > 0) {
        good = good ? good : kf_utf8_prefix(text, left);
        size_t plain = 0;
        while (plain < good && (unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\') {
            plain++;
        }
        kf_str_add_n(out, text, plain);
        text += plain;
        left -= plain;
        good -= plain;
        if (left == 0) {
            break;
        }
        if (good == 0) {
            kf_str_add(out, "\xEF\xBF\xBD");
        } else {
            add_escaped(out, (unsigned char)*text);
            good--;
        }
        text++;
        left--;
    }
    kf_str_add_n(out, "\"", 1);
}

void kf_json_key(kf_json_writer *w, const char *key)
{
    before(w);
    add_quoted(w->out, key, strlen(key));
    kf_str_add(w->out, w->compact ? ":" : ": ");
    w->after_key = true;
}

void kf_json_write_string(kf_json_writer *w, const char *text)
{
    before(w);
    if (text) {
        add_quoted(w->out, text, strlen(text));
    } else {
        kf_str_add(w->out, "null");
    }
}

void kf_json_write_int(kf_json_writer *w, int64_t value)
{
    before(w);
    kf_str_addf(w->out, "%lld", (long long)value);
}

/* Any decimal of up to 15 digits survives the way through a normal double, so 15, 16 and 17 digits are enough to try;
 * below the normal range fewer may do. */
static void shortest(double value, char text[40])
{
    for (int digits = fabs(value) < 0x1p-1022 ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, 40, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            return;
        }
    }
}

void kf_json_write_number(kf_json_writer *w, double value)
{
    before(w);
    if (!isfinite(value)) {
        kf_str_add(w->out, "null");
        return;
    }
    char text[40];
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0) {
        w->out->failed = true;
        return;
    }
    locale_t old = uselocale(c);
    shortest(value, text);
    uselocale(old);
    freelocale(c);
    kf_str_add(w->out, text);
}

void kf_json_write_bool(kf_json_writer *w, bool value)
{
    before(w);
    kf_str_add(w->out, value ? "true" : "false");
}

void kf_json_write_null(kf_json_writer *w)
{
    before(w);
    kf_str_add(w->out, "null");
}

void kf_json_write_raw(kf_json_writer *w, const char *text)
{
    before(w);
    kf_str_add(w->out, text);
}

static void write_members(kf_json_writer *w, const kf_json *first)
{
    for (; first; first = first->next) {
        if (first->key) {
            kf_json_key(w, first->key);
        }
        kf_json_write_value(w, first);
    }
}

void kf_json_write_value(kf_json_writer *w, const kf_json *value)
{
    switch (value->type) {
    case KF_JSON_NULL:
        kf_json_write_null(w);
        break;
    case KF_JSON_BOOL:
        kf_json_write_bool(w, value->boolean);
        break;
    case KF_JSON_NUMBER:
        before(w);
        kf_str_add_n(w->out, value->text, value->length);
        break;
    case KF_JSON_STRING:
        before(w);
        add_quoted(w->out, value->text, value->length);
        break;
    case KF_JSON_ARRAY:
        kf_json_begin_array(w);
        write_members(w, value->first);
        kf_json_end_array(w);
        break;
    default:
        kf_json_begin_object(w);
        write_members(w, value->first);
        kf_json_end_object(w);
        break;
    }
}

void kf_json_put_string(kf_json_writer *w, const char *key, const char *text)
{
    kf_json_key(w, key);
    kf_json_write_string(w, text);
}

void kf_json_put_int(kf_json_writer *w, const char *key, int64_t value)
{
    kf_json_key(w, key);
    kf_json_write_int(w, value);
}

void kf_json_put_number(kf_json_writer *w, const char *key, double value)
{
    kf_json_key(w, key);
    kf_json_write_number(w, value);
}

void kf_json_put_bool(kf_json_writer *w, const char *key, bool value)
{
    kf_json_key(w, key);
    kf_json_write_bool(w, value);
}
