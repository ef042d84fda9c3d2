/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single values, and objects by their tables of keys. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

static const char *const type_names[] = {"null", "true or false", "a number", "a text", "a list", "an object"};

static kf_status wrong_type(reader *r, const kf_json *json, const char *wanted)
{
    return FAIL(r, json, "%s must stand here, not %s", wanted, type_names[json->type]);
}

kf_status need_object(reader *r, const kf_json *json, const char *what)
{
    return json->type == KF_JSON_OBJECT ? KF_OK : wrong_type(r, json, what);
}

kf_status need_array(reader *r, const kf_json *json, const char *what, uint32_t most)
{
    if (json->type != KF_JSON_ARRAY) {
        return wrong_type(r, json, what);
    }
    return json->count <= most ? KF_OK : FAIL(r, json, "%u entries, at most %u are possible", json->count, most);
}

char *reader_path(const reader *r, const char *path)
{
    return r->load.target && *path ? kf_path_rebase(path, r->load.folder, r->load.target) : kf_strdup(path);
}

kf_status read_text(reader *r, const kf_json *json, const char **out)
{
    if (json->type != KF_JSON_STRING) {
        return wrong_type(r, json, "a text");
    }
    if (strlen(json->text) != json->length) {
        return FAIL(r, json, "a text must not hold \\u0000");
    }
    *out = json->text;
    return KF_OK;
}

static void list_choices(char *out, size_t size, const char *const *choices)
{
    size_t used = 0;
    out[0] = '\0';
    for (; *choices && used + 80 < size; choices++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", *choices);
    }
}

static size_t count_choices(const char *const *choices)
{
    size_t n = 0;
    while (choices[n]) {
        n++;
    }
    return n;
}

kf_status read_choice(reader *r, const kf_json *json, const char *const *choices, int32_t *out)
{
    const char *text = NULL;
    kf_status status = read_text(r, json, &text);
    if (status != KF_OK) {
        return status;
    }
    for (int32_t i = 0; choices[i]; i++) {
        if (strcmp(choices[i], text) == 0) {
            *out = i;
            return KF_OK;
        }
    }
    char known[600];
    list_choices(known, sizeof known, choices);
    const char *close = kf_closest(text, choices, count_choices(choices));
    return close ? FAIL(r, json, "\"%.100s\" is unknown; did you mean \"%s\"?", text, close)
                 : FAIL(r, json, "\"%.100s\" is unknown; possible are %s", text, known);
}

/* ---- Times ---- */

kf_status read_time(reader *r, const kf_json *json, kf_time *out)
{
    kf_error err = {0};
    kf_status status = KF_OK;
    if (json->type != KF_JSON_NUMBER && json->type != KF_JSON_STRING) {
        return wrong_type(r, json, "a time");
    }
    if (json->type == KF_JSON_NUMBER && strpbrk(json->text, "eE")) {
        *out = kf_time_from_seconds(json->number);
    } else {
        status = json->length > 40 ? kf_fail(&err, KF_ERR_INVALID, "a time is at most 40 characters long")
                                   : kf_time_parse(json->text, r->rate, out, &err);
    }
    if (status != KF_OK) {
        return FAIL(r, json, "%s", err.message);
    }
    bool sane = *out <= KF_MODEL_MAX_TIME && *out >= -KF_MODEL_MAX_TIME;
    return sane ? KF_OK : FAIL(r, json, "times reach to 1000 hours");
}

/* ---- Ratios ---- */

/* Digits with a decimal point as num / den, 18 digits at most. */
static bool decimal(const char *text, int64_t *num, int64_t *den)
{
    int digits = 0;
    bool point = false;
    *num = 0;
    *den = 1;
    for (; *text; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || ++digits > 18) {
            return false;
        }
        *num = *num * 10 + (*text - '0');
        *den *= point ? 10 : 1;
    }
    return digits > 0;
}

static bool fraction(const char *text, int64_t *num, int64_t *den)
{
    char top[24];
    const char *slash = strchr(text, '/');
    if (!slash) {
        return decimal(text, num, den);
    }
    size_t n = (size_t)(slash - text);
    int64_t scale;
    if (n >= sizeof top || strchr(slash + 1, '.') || !decimal(slash + 1, den, &scale)) {
        return false;
    }
    memcpy(top, text, n);
    top[n] = '\0';
    return decimal(top, num, &scale) && scale == 1;
}

/* A ratio that 32 bits hold; decimals with too many digits are rounded to millionths. */
static bool reduce(int64_t num, int64_t den, kf_rational *out)
{
    if (kf_rational_make(num, den, out)) {
        return true;
    }
    double v = den > 0 ? (double)num / (double)den : 0;
    return v >= 1e-6 && v < 2000 && kf_rational_make(llround(v * 1e6), 1000000, out);
}

kf_status read_ratio(reader *r, const kf_json *json, kf_rational *out, bool *negative)
{
    if (json->type != KF_JSON_NUMBER && json->type != KF_JSON_STRING) {
        return wrong_type(r, json, "a ratio (a number, or a text such as \"1/2\")");
    }
    const char *text = json->text;
    char plain[48];
    if (json->type == KF_JSON_NUMBER && strpbrk(text, "eE")) {
        snprintf(plain, sizeof plain, "%.9f", fabs(json->number) < 1e8 ? json->number : 0);
        text = plain;
    }
    int64_t num = 0, den = 0;
    *negative = *text == '-';
    if (!fraction(text + *negative, &num, &den) || !reduce(num, den, out)) {
        return FAIL(r, json, "%.60s is no ratio from 1/1000000 to 1000000: write a number, or a text such as \"1/2\"",
                    json->text);
    }
    return KF_OK;
}

/* 29.97 and the like stand for 30000/1001. */
static kf_rational exact_rate(kf_rational rate)
{
    static const int32_t nominals[] = {24, 30, 48, 60, 120, 240};
    double v = (double)rate.num / rate.den;
    for (size_t i = 0; i < sizeof nominals / sizeof *nominals && rate.den != 1; i++) {
        if (fabs(v - nominals[i] * 1000.0 / 1001.0) <= 0.0051) {
            kf_rational_make((int64_t)nominals[i] * 1000, 1001, &rate);
            break;
        }
    }
    return rate;
}

kf_status read_rate(reader *r, const kf_json *json, kf_rational *out)
{
    bool negative = false;
    kf_rational rate = {0};
    kf_status status = read_ratio(r, json, &rate, &negative);
    if (status != KF_OK) {
        return status;
    }
    if (negative || rate.num > (int64_t)1000 * rate.den || (int64_t)rate.num * 100 < rate.den) {
        return FAIL(r, json, "a rate of %.60s frames per second: it must be from 0.01 to 1000", json->text);
    }
    *out = exact_rate(rate);
    return KF_OK;
}

/* ---- Colours ---- */

static bool hex_color(const char *text, double out[4])
{
    size_t n = strlen(text), width = n == 4 || n == 5 ? 1 : 2;
    if (text[0] != '#' || (n != 4 && n != 5 && n != 7 && n != 9)) {
        return false;
    }
    out[3] = 1;
    for (size_t i = 0; 1 + i * width < n; i++) {
        int high = kf_hex_digit(text[1 + i * width]), low = kf_hex_digit(text[i * width + width]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (high * 16 + low) / 255.0;
    }
    return true;
}

kf_status read_color(reader *r, const kf_json *json, double out[4])
{
    if (json->type == KF_JSON_STRING) {
        return hex_color(json->text, out) ? KF_OK
                                          : FAIL(r, json, "\"%.60s\" is no colour: write \"#rrggbb\", \"#rrggbbaa\" or "
                                                          "[r, g, b] with numbers from 0 to 1", json->text);
    }
    if (json->type != KF_JSON_ARRAY || json->count < 3 || json->count > 4) {
        return wrong_type(r, json, "a colour (\"#rrggbb\", \"#rrggbbaa\" or three or four numbers)");
    }
    out[3] = 1;
    for (const kf_json *v = json->first; v; v = v->next) {
        if (v->type != KF_JSON_NUMBER) {
            return wrong_type(r, v, "a number");
        }
        out[v->index] = v->number;
    }
    return KF_OK;
}

/* ---- Ways between keys ---- */

kf_status read_bezier(reader *r, const kf_json *json, double out[4])
{
    if (json->type != KF_JSON_ARRAY || json->count != 4) {
        return wrong_type(r, json, "four numbers [x1, y1, x2, y2]");
    }
    for (const kf_json *v = json->first; v; v = v->next) {
        bool x = v->index % 2 == 0;
        if (v->type != KF_JSON_NUMBER) {
            return wrong_type(r, v, "a number");
        }
        if (v->number < (x ? 0 : -100) || v->number > (x ? 1 : 100)) {
            return FAIL(r, v, x ? "x1 and x2 must be from 0 to 1" : "y1 and y2 must be from -100 to 100");
        }
        out[v->index] = v->number;
    }
    return KF_OK;
}

kf_status resolve_interp(reader *r, const kf_json *key, int32_t choice, const kf_json *bezier, int32_t *interp,
                         double out[4])
{
    static const double eases[][4] = {
        [CHOICE_BEZIER] = {0.25, 0.1, 0.25, 1},
        [CHOICE_EASE] = {0.25, 0.1, 0.25, 1},
        [CHOICE_EASE_IN] = {0.42, 0, 1, 1},
        [CHOICE_EASE_OUT] = {0, 0, 0.58, 1},
    };
    choice = choice < 0 ? (bezier ? CHOICE_BEZIER : CHOICE_LINEAR) : choice;
    if (bezier && choice != CHOICE_BEZIER) {
        return FAIL(r, bezier, "control points go with \"interp\": \"bezier\" only");
    }
    *interp = choice >= CHOICE_BEZIER ? KF_INTERP_BEZIER : choice == CHOICE_HOLD ? KF_INTERP_HOLD : KF_INTERP_LINEAR;
    memset(out, 0, 4 * sizeof *out);
    if (choice >= CHOICE_BEZIER) {
        memcpy(out, eases[choice], 4 * sizeof *out);
    }
    return bezier ? read_bezier(r, bezier, out) : KF_OK;
}

/* ---- Objects ---- */

const json_key *find_key(const json_object *table, const char *name)
{
    for (int i = 0; i < table->key_count; i++) {
        if (strcmp(table->keys[i].name, name) == 0) {
            return &table->keys[i];
        }
    }
    return NULL;
}

static kf_status out_of_range(reader *r, const kf_json *json, const json_key *key)
{
    bool time = key->type == KEY_TIME;
    return key->max >= 1e9 ? FAIL(r, json, "%.60s is too small or too large", json->text)
                           : FAIL(r, json, "%.60s is out of range: from %g to %g%s", json->text, key->min, key->max,
                                  time ? " s" : "");
}

static kf_status read_int(reader *r, const kf_json *json, const json_key *key, int64_t *out)
{
    if (json->type != KF_JSON_NUMBER || !json->is_integer) {
        return wrong_type(r, json, "a whole number");
    }
    *out = json->integer;
    return (double)*out < key->min || (double)*out > key->max ? out_of_range(r, json, key) : KF_OK;
}

static kf_status read_number(reader *r, const kf_json *json, const json_key *key, double *out)
{
    if (json->type != KF_JSON_NUMBER) {
        return wrong_type(r, json, "a number");
    }
    *out = json->number;
    return *out < key->min || *out > key->max ? out_of_range(r, json, key) : KF_OK;
}

static kf_status read_key_time(reader *r, const kf_json *json, const json_key *key, kf_time *out)
{
    kf_status status = read_time(r, json, out);
    if (status == KF_OK && *out < 0 && key->min >= 0) {
        return FAIL(r, json, "%.60s: this time must not be negative", json->text);
    }
    return status;
}

static kf_status read_key_color(reader *r, const kf_json *json, float *out)
{
    double numbers[4];
    kf_status status = read_color(r, json, numbers);
    for (int i = 0; i < 4 && status == KF_OK; i++) {
        if (numbers[i] < 0 || numbers[i] > 1) {
            return FAIL(r, json, "a colour's numbers must be from 0 to 1");
        }
        out[i] = (float)numbers[i];
    }
    return status;
}

static kf_status read_key(reader *r, const kf_json *json, const json_key *key, void *member)
{
    switch (key->type) {
    case KEY_BOOL:
        if (json->type != KF_JSON_BOOL) {
            return wrong_type(r, json, "true or false");
        }
        *(bool *)member = json->boolean;
        return KF_OK;
    case KEY_INT:
        return read_int(r, json, key, member);
    case KEY_NUMBER:
        return read_number(r, json, key, member);
    case KEY_TEXT:
        return read_text(r, json, member);
    case KEY_TIME:
        return read_key_time(r, json, key, member);
    case KEY_CHOICE:
        return read_choice(r, json, key->choices, member);
    case KEY_COLOR:
        return read_key_color(r, json, member);
    case KEY_RATE:
        return read_rate(r, json, member);
    default:
        *(const kf_json **)member = json;
        return KF_OK;
    }
}

/* All names known in an object, for a did-you-mean. */
static size_t known_names(const json_object *table, const char **names, size_t room)
{
    size_t n = 0;
    for (int i = 0; i < table->key_count && n < room; i++) {
        names[n++] = table->keys[i].name;
    }
    for (int i = 0; table->also && i < table->also->key_count && n < room; i++) {
        names[n++] = table->also->keys[i].name;
    }
    for (int k = 0; k < OBJECT_MAX_KINDS; k++) {
        const kf_kind *kind = table->kinds[k] ? kf_kind_get(table->kinds[k]) : NULL;
        for (int i = 0; kind && i < kind->field_count && n < room; i++) {
            names[n++] = kind->fields[i].name;
        }
    }
    return n;
}

static kf_status unknown_key(reader *r, const kf_json *json, const json_object *table)
{
    const char *names[128];
    size_t count = known_names(table, names, 127);
    names[count] = NULL;
    const char *close = kf_closest(json->key, names, count);
    if (close) {
        return FAIL(r, json, "unknown; did you mean \"%s\"?", close);
    }
    char known[600];
    list_choices(known, sizeof known, names);
    return FAIL(r, json, "unknown; known here: %s", known);
}

static int kind_with(const json_object *table, const char *name)
{
    for (int k = 0; k < OBJECT_MAX_KINDS; k++) {
        const kf_kind *kind = table->kinds[k] ? kf_kind_get(table->kinds[k]) : NULL;
        if (kind && kf_kind_field(kind, name) >= 0) {
            return k;
        }
    }
    return -1;
}

kf_status read_object(reader *r, const kf_json *json, const json_object *table, void *draft, unsigned *kinds_used)
{
    kf_status status = need_object(r, json, "an object");
    for (const kf_json *child = status == KF_OK ? json->first : NULL; child && status == KF_OK; child = child->next) {
        const json_key *key = find_key(table, child->key);
        int kind = key ? -1 : kind_with(table, child->key);
        if (key) {
            status = read_key(r, child, key, (char *)draft + key->offset);
        } else if (kind < 0 && !table->open && !(table->also && find_key(table->also, child->key))) {
            status = unknown_key(r, child, table);
        } else if (kind >= 0 && kinds_used) {
            *kinds_used |= 1u << kind;
        }
    }
    return status;
}
