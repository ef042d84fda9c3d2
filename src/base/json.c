/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/json.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"

enum { MAX_DEPTH = 128, TABLE_FROM = 8 };

struct kf_json_doc {
    kf_arena arena;
    const kf_json *root;
};

typedef struct parser {
    kf_json_doc *doc;
    const char *start, *at, *end, *line_start;
    const char *name;
    const kf_json *here; /* the value being read, for the path in errors */
    uint32_t line;
    int depth, flags;
    locale_t c_locale;
    kf_error *err;
} parser;

/* --- errors --- */

enum { PATH_SHOWN = 300 };

/* The end of a long path tells more than its beginning. */
static const char *path_tail(const kf_str *path, const char **dots)
{
    const char *text = path->data ? path->data : "";
    *dots = path->length > PATH_SHOWN ? "..." : "";
    if (path->length > PATH_SHOWN) {
        text += path->length - PATH_SHOWN;
        while (((unsigned char)*text & 0xC0) == 0x80) {
            text++;
        }
    }
    return text;
}

static kf_status fail_at(parser *p, const char *message)
{
    kf_str path = {0};
    const char *dots;
    if (p->here) {
        kf_json_path(p->here, &path);
    }
    const char *tail = path_tail(&path, &dots);
    kf_fail(p->err, KF_ERR_PARSE, "%s:%u:%u: %s%s%s%s", p->name, p->line, (unsigned)(p->at - p->line_start) + 1, dots,
            tail, *tail ? ": " : "", message);
    kf_str_finish(&path);
    return KF_ERR_PARSE;
}

static bool plain_key(const char *key)
{
    size_t n = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return n > 0 && key[n] == '\0';
}

void kf_json_path(const kf_json *value, kf_str *out)
{
    const kf_json *chain[MAX_DEPTH + 1];
    int n = 0;
    for (; value && value->parent && n <= MAX_DEPTH; value = value->parent) {
        chain[n++] = value;
    }
    bool first = true;
    while (n-- > 0) {
        const kf_json *v = chain[n];
        if (!v->key) {
            kf_str_addf(out, "[%u]", v->index);
        } else if (plain_key(v->key)) {
            kf_str_addf(out, "%s%s", first ? "" : ".", v->key);
        } else {
            kf_json_writer w = {.out = out, .compact = true};
            kf_str_add(out, "[");
            kf_json_write_string(&w, v->key);
            kf_str_add(out, "]");
        }
        first = false;
    }
}

static kf_status fail_value(const kf_json *path_of, uint32_t line, const char *name, kf_error *err, const char *message)
{
    kf_str path = {0};
    const char *dots;
    kf_json_path(path_of, &path);
    const char *tail = path_tail(&path, &dots);
    kf_fail(err, KF_ERR_INVALID, "%s:%u: %s%s%s%s", name ? name : "JSON", line, dots, tail, *tail ? ": " : "", message);
    kf_str_finish(&path);
    return KF_ERR_INVALID;
}

kf_status kf_json_fail(const kf_json *value, const char *name, kf_error *err, const char *format, ...)
{
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fail_value(value, value ? value->line : 0, name, err, message);
}

/* --- characters --- */

static void skip_space(parser *p)
{
    for (; p->at < p->end; p->at++) {
        if (*p->at == '\n') {
            p->line++;
            p->line_start = p->at + 1;
        } else if (*p->at != ' ' && *p->at != '\t' && *p->at != '\r') {
            break;
        }
    }
}

static bool take(parser *p, char c)
{
    if (p->at < p->end && *p->at == c) {
        p->at++;
        return true;
    }
    return false;
}

static bool take_word(parser *p, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(p->end - p->at) >= n && memcmp(p->at, word, n) == 0) {
        p->at += n;
        return true;
    }
    return false;
}

/* --- strings --- */

/* Four hex digits, or -1. */
static int32_t read_hex4(parser *p)
{
    int32_t value = 0;
    if (p->end - p->at < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        int digit = kf_hex_digit(p->at[i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    p->at += 4;
    return value;
}

static char *put_utf8(char *to, int32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 63));
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    }
    return to;
}

/* The character of \uXXXX or of a surrogate pair, after the 'u'; -1 if malformed. */
static int32_t read_unicode(parser *p)
{
    int32_t c = read_hex4(p);
    if (c < 0xD800 || c > 0xDFFF) {
        return c;
    }
    if (c > 0xDBFF || !take_word(p, "\\u")) {
        return -1;
    }
    int32_t low = read_hex4(p);
    return low < 0xDC00 || low > 0xDFFF ? -1 : 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
}

static kf_status read_escape(parser *p, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *escape = p->at - 1;
    char c = *p->at++;
    const char *found = c ? strchr(from, c) : NULL;
    if (found) {
        *(*to)++ = into[found - from];
        return KF_OK;
    }
    int32_t code = c == 'u' ? read_unicode(p) : -1;
    if (code < 0) {
        p->at = escape;
        return fail_at(p, c == 'u' ? "\\u needs four hexadecimal digits, and a surrogate its partner"
                                   : "unknown escape in a string");
    }
    *to = put_utf8(*to, code);
    return KF_OK;
}

/* The opening quote is at `at`. Decoded text is never longer than its source. */
static kf_status read_string(parser *p, const char **text, size_t *length)
{
    const char *open = p->at++, *close = p->at;
    while (close < p->end && *close != '"') {
        close += *close == '\\' && p->end - close > 1 ? 2 : 1;
    }
    if (close >= p->end) {
        p->at = open;
        return fail_at(p, "this string is not closed");
    }
    char *out = kf_arena_alloc(&p->doc->arena, (size_t)(close - p->at) + 1), *to = out;
    if (!out) {
        return kf_fail_memory(p->err);
    }
    while (p->at < close) {
        const char *run = p->at;
        while (p->at < close && *p->at != '\\' && (unsigned char)*p->at >= 0x20) {
            p->at++;
        }
        memcpy(to, run, (size_t)(p->at - run));
        to += p->at - run;
        if (p->at == close) {
            break;
        }
        if (*p->at != '\\') {
            return fail_at(p, "control character in a string: write it as an escape");
        }
        p->at++;
        kf_status status = read_escape(p, &to);
        if (status != KF_OK) {
            return status;
        }
    }
    p->at = close + 1;
    *to = '\0';
    *text = out;
    *length = (size_t)(to - out);
    return KF_OK;
}

/* --- numbers --- */

/* A number's parts: mantissa * 10^exponent, exact if all digits fitted. */
typedef struct decimal {
    uint64_t mantissa;
    int64_t exponent;
    bool exact, negative;
} decimal;

static void add_digit(decimal *d, int digit, bool fraction)
{
    if (d->mantissa <= (UINT64_MAX - 9) / 10) {
        d->mantissa = d->mantissa * 10 + (uint64_t)digit;
        d->exponent -= fraction;
    } else {
        d->exact = d->exact && digit == 0;
        d->exponent += !fraction;
    }
}

/* Reads [0-9]+; false if there is no digit. */
static bool read_digits(parser *p, decimal *d, bool fraction)
{
    const char *from = p->at;
    for (; p->at < p->end && *p->at >= '0' && *p->at <= '9'; p->at++) {
        add_digit(d, *p->at - '0', fraction);
    }
    return p->at > from;
}

static bool read_exponent(parser *p, decimal *d)
{
    bool negative = take(p, '-');
    if (!negative) {
        take(p, '+');
    }
    const char *from = p->at;
    int32_t value = 0;
    for (; p->at < p->end && *p->at >= '0' && *p->at <= '9'; p->at++) {
        value = value < 100000000 ? value * 10 + (*p->at - '0') : value;
    }
    d->exponent += negative ? -value : value;
    return p->at > from;
}

/* int64 value of the decimal, if it is one. */
static bool to_integer(decimal d, int64_t *out)
{
    if (d.mantissa == 0) {
        *out = 0;
        return true;
    }
    for (; d.exponent < 0; d.exponent++, d.mantissa /= 10) {
        if (d.mantissa % 10 != 0) {
            return false;
        }
    }
    for (; d.exponent > 0; d.exponent--) {
        if (__builtin_mul_overflow(d.mantissa, (uint64_t)10, &d.mantissa)) {
            return false;
        }
    }
    if (!d.exact || d.mantissa > (uint64_t)INT64_MAX + d.negative) {
        return false;
    }
    *out = d.negative ? (int64_t)(0 - d.mantissa) : (int64_t)d.mantissa;
    return true;
}

/* Nearest double. Mantissa and power are both exact up to 2^53 and 10^22, so one operation rounds once (Clinger 1990);
 * strtod does the rest, under the C locale, as another may have a decimal comma. */
static double to_double(const parser *p, decimal d, const char *text)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d.exact && d.mantissa <= UINT64_C(1) << 53 && d.exponent >= -22 && d.exponent <= 22) {
        double v = d.exponent < 0 ? (double)d.mantissa / tens[-d.exponent] : (double)d.mantissa * tens[d.exponent];
        return d.negative ? -v : v;
    }
    return strtod_l(text, NULL, p->c_locale);
}

static kf_status read_decimal(parser *p, decimal *d)
{
    d->negative = take(p, '-');
    d->exact = true;
    bool zero = p->at < p->end && *p->at == '0';
    const char *first = p->at;
    if (!read_digits(p, d, false)) {
        return fail_at(p, "a number needs a digit here");
    }
    if (zero && p->at - first > 1) {
        p->at = first;
        return fail_at(p, "a number must not start with a superfluous 0");
    }
    if (take(p, '.') && !read_digits(p, d, true)) {
        return fail_at(p, "a digit must follow the decimal point");
    }
    if ((take(p, 'e') || take(p, 'E')) && !read_exponent(p, d)) {
        return fail_at(p, "a digit must follow the exponent sign");
    }
    return KF_OK;
}

static kf_status set_number_text(parser *p, kf_json *value, const char *from)
{
    value->type = KF_JSON_NUMBER;
    value->length = (size_t)(p->at - from);
    value->text = kf_arena_strndup(&p->doc->arena, from, value->length);
    return value->text ? KF_OK : kf_fail_memory(p->err);
}

static kf_status read_number(parser *p, kf_json *value)
{
    const char *from = p->at;
    decimal d = {0};
    kf_status status = read_decimal(p, &d);
    if (status == KF_OK) {
        status = set_number_text(p, value, from);
    }
    if (status != KF_OK) {
        return status;
    }
    value->is_integer = to_integer(d, &value->integer);
    value->number = to_double(p, d, value->text);
    if (!isfinite(value->number)) {
        p->at = from;
        return fail_at(p, "this number is too large");
    }
    return KF_OK;
}

static kf_status read_non_finite(parser *p, kf_json *value)
{
    const char *from = p->at;
    bool negative = take(p, '-');
    if (!negative && take_word(p, "NaN")) {
        value->number = NAN;
    } else if (take_word(p, "Infinity")) {
        value->number = negative ? -INFINITY : INFINITY;
    } else {
        p->at = from;
        return fail_at(p, "this is no JSON value");
    }
    return set_number_text(p, value, from);
}

/* --- containers --- */

static int compare_keys(const void *a, const void *b)
{
    const kf_json *x = *(const kf_json *const *)a, *y = *(const kf_json *const *)b;
    int order = strcmp(x->key, y->key);
    return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

static kf_status fail_duplicate(parser *p, const kf_json *second)
{
    char message[256];
    snprintf(message, sizeof message, "the key \"%.200s\" appears twice in this object", second->key);
    p->line = second->line;
    p->at = p->line_start = p->start;
    p->at += second->column - 1;
    p->here = second->parent;
    return fail_at(p, message);
}

static kf_status check_few_keys(parser *p, const kf_json *object)
{
    for (const kf_json *a = object->first; a; a = a->next) {
        for (const kf_json *b = object->first; b != a; b = b->next) {
            if (strcmp(a->key, b->key) == 0) {
                return fail_duplicate(p, a);
            }
        }
    }
    return KF_OK;
}

/* Containers of more than TABLE_FROM children carry a table of them, in file order for arrays and sorted by key for
 * objects. */
static kf_status make_table(parser *p, kf_json *value)
{
    bool object = value->type == KF_JSON_OBJECT;
    if (value->count <= TABLE_FROM) {
        return object ? check_few_keys(p, value) : KF_OK;
    }
    const kf_json **table = kf_arena_alloc(&p->doc->arena, value->count * sizeof *table);
    if (!table) {
        return kf_fail_memory(p->err);
    }
    value->table = table;
    uint32_t n = 0;
    for (const kf_json *child = value->first; child; child = child->next) {
        table[n++] = child;
    }
    if (!object) {
        return KF_OK;
    }
    qsort(table, n, sizeof *table, compare_keys);
    for (uint32_t i = 1; i < n; i++) {
        if (strcmp(table[i - 1]->key, table[i]->key) == 0) {
            return fail_duplicate(p, table[i]);
        }
    }
    return KF_OK;
}

static kf_status read_value(parser *p, kf_json *value);

static kf_status read_key(parser *p, kf_json *child)
{
    size_t length;
    if (p->at >= p->end || *p->at != '"') {
        return fail_at(p, p->at < p->end && *p->at == '}' ? "a comma must not stand before '}'"
                                                          : "a key in quotes must stand here");
    }
    kf_status status = read_string(p, &child->key, &length);
    if (status != KF_OK) {
        child->key = NULL;
        return status;
    }
    if (strlen(child->key) != length) {
        return fail_at(p, "a key must not hold \\u0000");
    }
    skip_space(p);
    return take(p, ':') ? KF_OK : fail_at(p, "':' must follow a key");
}

static kf_status read_child(parser *p, kf_json *container, kf_json **last)
{
    kf_json *child = kf_arena_alloc(&p->doc->arena, sizeof *child);
    if (!child) {
        return kf_fail_memory(p->err);
    }
    skip_space(p);
    child->parent = container;
    child->index = container->count;
    child->line = p->line;
    child->column = (uint32_t)(p->at - p->line_start) + 1;
    if (container->type == KF_JSON_OBJECT) {
        kf_status status = read_key(p, child);
        if (status != KF_OK) {
            return status;
        }
    } else if (p->at < p->end && *p->at == ']') {
        return fail_at(p, "a comma must not stand before ']'");
    }
    if (*last) {
        (*last)->next = child;
    } else {
        container->first = child;
    }
    *last = child;
    container->count++;
    return read_value(p, child);
}

static kf_status read_container(parser *p, kf_json *value, char close)
{
    kf_json *last = NULL;
    if (++p->depth > MAX_DEPTH) {
        return fail_at(p, "nested deeper than 128 levels");
    }
    p->at++;
    skip_space(p);
    bool empty = take(p, close);
    while (!empty) {
        kf_status status = read_child(p, value, &last);
        if (status != KF_OK) {
            return status;
        }
        p->here = value;
        skip_space(p);
        if (take(p, close)) {
            break;
        }
        if (!take(p, ',')) {
            return fail_at(p, p->at == p->end ? "the file ends in the middle of a value"
                           : close == ']'     ? "',' or ']' must stand here"
                                              : "',' or '}' must stand here");
        }
    }
    p->depth--;
    return make_table(p, value);
}

static kf_status read_value(parser *p, kf_json *value)
{
    p->here = value;
    skip_space(p);
    if (p->at == p->end) {
        return fail_at(p, "the file ends where a value must stand");
    }
    if (!value->key) {
        value->line = p->line;
        value->column = (uint32_t)(p->at - p->line_start) + 1;
    }
    switch (*p->at) {
    case '{':
        value->type = KF_JSON_OBJECT;
        return read_container(p, value, '}');
    case '[':
        value->type = KF_JSON_ARRAY;
        return read_container(p, value, ']');
    case '"':
        value->type = KF_JSON_STRING;
        return read_string(p, &value->text, &value->length);
    default:
        break;
    }
    if (take_word(p, "true") || take_word(p, "false")) {
        value->type = KF_JSON_BOOL;
        value->boolean = p->at[-2] == 'u';
        return KF_OK;
    }
    if (take_word(p, "null")) {
        value->type = KF_JSON_NULL;
        return KF_OK;
    }
    bool minus = *p->at == '-' && p->end - p->at > 1;
    if ((p->flags & KF_JSON_ALLOW_NAN) && (*p->at == 'N' || *p->at == 'I' || (minus && p->at[1] == 'I'))) {
        return read_non_finite(p, value);
    }
    if (*p->at == '-' || (*p->at >= '0' && *p->at <= '9')) {
        return read_number(p, value);
    }
    return fail_at(p, "this is no JSON value");
}

/* --- document --- */

static kf_status check_utf8(parser *p)
{
    size_t length = (size_t)(p->end - p->at), good = kf_utf8_prefix(p->at, length);
    if (good == length) {
        return KF_OK;
    }
    for (const char *bad = p->at + good; p->at < bad; p->at++) {
        if (*p->at == '\n') {
            p->line++;
            p->line_start = p->at + 1;
        }
    }
    return fail_at(p, "this is not UTF-8 text");
}

static kf_status parse_document(parser *p)
{
    if (take_word(p, "\xEF\xBB\xBF")) {
        p->line_start = p->at;
    }
    kf_status status = check_utf8(p);
    if (status != KF_OK) {
        return status;
    }
    kf_json *root = kf_arena_alloc(&p->doc->arena, sizeof *root);
    if (!root) {
        return kf_fail_memory(p->err);
    }
    status = read_value(p, root);
    if (status != KF_OK) {
        return status;
    }
    p->here = NULL;
    skip_space(p);
    if (p->at != p->end) {
        return fail_at(p, "there is more after the end of the value");
    }
    p->doc->root = root;
    return KF_OK;
}

kf_status kf_json_parse(const char *bytes, size_t length, const char *name, int flags, kf_json_doc **out, kf_error *err)
{
    if (length > UINT32_MAX) {
        return kf_fail(err, KF_ERR_INVALID, "%s: JSON of more than 4 GiB", name ? name : "JSON");
    }
    parser p = {.start = bytes,
                .at = bytes,
                .end = bytes + length,
                .line_start = bytes,
                .name = name ? name : "JSON",
                .line = 1,
                .flags = flags,
                .err = err};
    p.c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    p.doc = KF_NEW(kf_json_doc);
    kf_status status = p.doc && p.c_locale ? parse_document(&p) : kf_fail_memory(err);
    if (p.c_locale) {
        freelocale(p.c_locale);
    }
    if (status != KF_OK) {
        kf_json_free(p.doc);
        return status;
    }
    *out = p.doc;
    return KF_OK;
}

const kf_json *kf_json_root(const kf_json_doc *doc)
{
    return doc->root;
}

void kf_json_free(kf_json_doc *doc)
{
    if (doc) {
        kf_arena_finish(&doc->arena);
        kf_free(doc);
    }
}

static const kf_json *find_sorted(const kf_json *object, const char *key)
{
    uint32_t low = 0, high = object->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(key, object->table[middle]->key);
        if (order == 0) {
            return object->table[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const kf_json *kf_json_get(const kf_json *object, const char *key)
{
    if (!object || object->type != KF_JSON_OBJECT) {
        return NULL;
    }
    if (object->table) {
        return find_sorted(object, key);
    }
    for (const kf_json *child = object->first; child; child = child->next) {
        if (strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

const kf_json *kf_json_at(const kf_json *array, uint32_t index)
{
    if (!array || array->type != KF_JSON_ARRAY || index >= array->count) {
        return NULL;
    }
    if (array->table) {
        return array->table[index];
    }
    const kf_json *child = array->first;
    while (index-- > 0) {
        child = child->next;
    }
    return child;
}
