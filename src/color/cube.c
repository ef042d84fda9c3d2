/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reader of .cube tables: Adobe Cube LUT Specification 1.0, with the LUT_*_INPUT_RANGE keywords that grading tools add.
 */
#include "color/internal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"

#define FILE_LIMIT ((size_t)1 << 30) /* 256^3 lines of 64 bytes */
#define SIZE_1D_MAX 65536
#define SIZE_3D_MAX 256
#define SHORTEST_ENTRY 5             /* "0 0 0" */

typedef struct cube_reader {
    const char *at, *end; /* the rest of the text */
    const char *name;
    int line;
    const char *field, *line_end; /* the rest of the line under way */
    int size1, size3;
    float lo[3], hi[3];
    bool have_min, have_max, have_range, have_title;
    kf_error *err;
} cube_reader;

#define FAIL(r, ...) cube_fail(r, KF_ERR_PARSE, __VA_ARGS__)

static kf_status cube_fail(cube_reader *r, kf_status status, const char *format, ...) KF_PRINTF(3, 4);
static kf_status cube_fail(cube_reader *r, kf_status status, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return kf_fail(r->err, status, "%s:%d: %s", r->name, r->line, what);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_space(cube_reader *r)
{
    while (r->field < r->line_end && is_space(*r->field)) r->field++;
}

/* Goes to the next line that is neither empty nor a comment; false at the end of the text. */
static bool next_line(cube_reader *r)
{
    while (r->at < r->end) {
        const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
        r->field = r->at;
        r->line_end = newline ? newline : r->end;
        r->at = newline ? newline + 1 : r->end;
        r->line++;
        while (r->line_end > r->field && (r->line_end[-1] == '\r' || is_space(r->line_end[-1]))) r->line_end--;
        skip_space(r);
        if (r->field < r->line_end && *r->field != '#') return true;
    }
    return false;
}

/* The next word of the line; its length is 0 at the end of the line. */
static const char *next_word(cube_reader *r, size_t *length)
{
    skip_space(r);
    const char *word = r->field;
    while (r->field < r->line_end && !is_space(*r->field)) r->field++;
    *length = (size_t)(r->field - word);
    return word;
}

static bool word_is(const char *word, size_t length, const char *text)
{
    return length == strlen(text) && memcmp(word, text, length) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Decimal number independent of the locale: [sign] digits [. digits] [e [sign] digits]. */
static bool parse_number(const char *s, size_t length, double *out)
{
    const char *end = s + length;
    double sign = 1, mantissa = 0;
    int exponent = 0, digits = 0;
    if (s < end && (*s == '-' || *s == '+')) sign = *s++ == '-' ? -1 : 1;
    for (; s < end && is_digit(*s); s++, digits++) mantissa = mantissa * 10 + (*s - '0');
    if (s < end && *s == '.') {
        for (s++; s < end && is_digit(*s); s++, digits++) {
            if (mantissa >= 1e17) continue; /* more digits than a double holds */
            mantissa = mantissa * 10 + (*s - '0');
            exponent--;
        }
    }
    if (digits == 0) return false;
    if (s < end && (*s == 'e' || *s == 'E')) {
        int e = 0;
        bool negative = false;
        s++;
        if (s < end && (*s == '-' || *s == '+')) negative = *s++ == '-';
        if (s == end) return false;
        for (; s < end && is_digit(*s); s++) {
            if (e < 10000) e = e * 10 + (*s - '0');
        }
        exponent += negative ? -e : e;
    }
    if (s != end) return false;
    double value = exponent < 0 ? mantissa / pow(10, -exponent) : mantissa * pow(10, exponent);
    if (mantissa == 0) value = 0;
    *out = sign * value;
    return isfinite(*out) && fabs(*out) <= FLT_MAX;
}

static kf_status read_numbers(cube_reader *r, const char *what, float *values, int count)
{
    for (int i = 0; i < count; i++) {
        size_t length;
        const char *word = next_word(r, &length);
        double value;
        if (length == 0) return FAIL(r, "%s has %d numbers, but needs %d", what, i, count);
        if (!parse_number(word, length, &value))
            return FAIL(r, "\"%.*s\" in %s is not a number in range", (int)(length < 40 ? length : 40), word, what);
        values[i] = (float)value;
    }
    skip_space(r);
    if (r->field < r->line_end) return FAIL(r, "%s has more than %d numbers", what, count);
    return KF_OK;
}

static kf_status read_size(cube_reader *r, const char *what, int max, int *size)
{
    float value = 0;
    if (r->size1 || r->size3) return FAIL(r, "a second table size: give LUT_1D_SIZE or LUT_3D_SIZE once");
    kf_status status = read_numbers(r, what, &value, 1);
    if (status != KF_OK) return status;
    if (!(value >= 2 && value <= (float)max) || value != floorf(value))
        return FAIL(r, "%s must be a whole number from 2 to %d", what, max);
    *size = (int)value;
    return KF_OK;
}

static kf_status read_range(cube_reader *r, const char *what)
{
    float range[2];
    if (r->have_range || r->have_min || r->have_max) return FAIL(r, "%s: the domain is already given", what);
    r->have_range = true;
    kf_status status = read_numbers(r, what, range, 2);
    for (int c = 0; c < 3 && status == KF_OK; c++) {
        r->lo[c] = range[0];
        r->hi[c] = range[1];
    }
    return status;
}

static kf_status read_domain(cube_reader *r, const char *what, bool *have, float values[3])
{
    if (*have || r->have_range) return FAIL(r, "%s: the domain is already given", what);
    *have = true;
    return read_numbers(r, what, values, 3);
}

static kf_status read_title(cube_reader *r)
{
    if (r->have_title) return FAIL(r, "a second TITLE");
    r->have_title = true;
    skip_space(r);
    if (r->line_end - r->field < 2 || *r->field != '"' || r->line_end[-1] != '"')
        return FAIL(r, "the text of TITLE must stand in double quotes");
    return KF_OK;
}

static kf_status read_keyword(cube_reader *r)
{
    size_t length;
    const char *word = next_word(r, &length);
    if (word_is(word, length, "TITLE")) return read_title(r);
    if (word_is(word, length, "LUT_1D_SIZE")) return read_size(r, "LUT_1D_SIZE", SIZE_1D_MAX, &r->size1);
    if (word_is(word, length, "LUT_3D_SIZE")) return read_size(r, "LUT_3D_SIZE", SIZE_3D_MAX, &r->size3);
    if (word_is(word, length, "DOMAIN_MIN")) return read_domain(r, "DOMAIN_MIN", &r->have_min, r->lo);
    if (word_is(word, length, "DOMAIN_MAX")) return read_domain(r, "DOMAIN_MAX", &r->have_max, r->hi);
    if (word_is(word, length, "LUT_1D_INPUT_RANGE")) return read_range(r, "LUT_1D_INPUT_RANGE");
    if (word_is(word, length, "LUT_3D_INPUT_RANGE")) return read_range(r, "LUT_3D_INPUT_RANGE");
    return FAIL(r, "unknown keyword \"%.*s\"", (int)(length < 40 ? length : 40), word);
}

/* Leaves the first line of the table as the current line. */
static kf_status read_header(cube_reader *r)
{
    for (;;) {
        if (!next_line(r)) return FAIL(r, "no table: the file ends in its header");
        char c = *r->field;
        if (is_digit(c) || c == '-' || c == '+' || c == '.') break;
        kf_status status = read_keyword(r);
        if (status != KF_OK) return status;
    }
    if (!r->size1 && !r->size3) return FAIL(r, "LUT_1D_SIZE or LUT_3D_SIZE must come before the table");
    for (int c = 0; c < 3; c++) {
        if (!(r->lo[c] < r->hi[c])) return FAIL(r, "the domain is empty: its minimum must be less than its maximum");
        if (!isfinite(r->hi[c] - r->lo[c])) return FAIL(r, "the domain is too wide");
        if (r->size1 && (r->lo[c] != r->lo[0] || r->hi[c] != r->hi[0]))
            return cube_fail(r, KF_ERR_UNSUPPORTED, "a 1D table with a domain of its own per channel is not supported");
    }
    return KF_OK;
}

/* Fills one of the tables with `count` entries, the first of which is on the current line. */
static kf_status read_table(cube_reader *r, int count, kf_lut1d *lut1, kf_lut3d *lut3)
{
    for (int i = 0; i < count; i++) {
        float rgb[3];
        if (i > 0 && !next_line(r)) return FAIL(r, "the table ends after %d of %d entries", i, count);
        kf_status status = read_numbers(r, "a table entry", rgb, 3);
        if (status != KF_OK) return status;
        for (int c = 0; c < 3; c++) {
            if (lut1) {
                lut1->value[c][i] = rgb[c];
            } else {
                lut3->value[(size_t)i * 3 + (size_t)c] = rgb[c];
            }
        }
    }
    if (next_line(r)) return FAIL(r, "text after the last of %d entries", count);
    return KF_OK;
}

static kf_status read_lut(cube_reader *r, kf_lut1d **lut1, kf_lut3d **lut3)
{
    kf_status status = read_header(r);
    if (status != KF_OK) return status;
    int count = r->size1 ? r->size1 : r->size3 * r->size3 * r->size3;
    size_t rest = (size_t)(r->end - r->field);
    if (rest / (SHORTEST_ENTRY + 1) + 1 < (size_t)count)
        return FAIL(r, "the file is too short for its %d entries", count);
    kf_lut1d *one = r->size1 ? kf_lut1d_create(r->size1, false) : NULL;
    kf_lut3d *three = r->size1 ? NULL : kf_lut3d_create(r->size3);
    if (!one && !three) return kf_fail_memory(r->err);
    if (one) {
        one->lo = r->lo[0];
        one->hi = r->hi[0];
    } else {
        memcpy(three->lo, r->lo, sizeof r->lo);
        memcpy(three->hi, r->hi, sizeof r->hi);
    }
    status = read_table(r, count, one, three);
    if (status != KF_OK) {
        kf_lut1d_destroy(one);
        kf_lut3d_destroy(three);
        return status;
    }
    *lut1 = one;
    *lut3 = three;
    return KF_OK;
}

kf_status kf_cube_parse(const char *bytes, size_t length, const char *name, kf_lut1d **lut1, kf_lut3d **lut3,
                        kf_error *err)
{
    *lut1 = NULL;
    *lut3 = NULL;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) { /* byte order mark */
        bytes += 3;
        length -= 3;
    }
    cube_reader r = {.at = bytes, .end = bytes + length, .name = name, .hi = {1, 1, 1}, .err = err};
    r.field = r.line_end = r.at;
    return read_lut(&r, lut1, lut3);
}

kf_status kf_cube_load(const char *path, kf_lut1d **lut1, kf_lut3d **lut3, kf_error *err)
{
    *lut1 = NULL;
    *lut3 = NULL;
    char *bytes;
    size_t length;
    kf_status status = kf_file_read(path, FILE_LIMIT, &bytes, &length, err);
    if (status != KF_OK) return status;
    status = kf_cube_parse(bytes, length, kf_path_name(path), lut1, lut3, err);
    kf_free(bytes);
    return status;
}
