/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interchange/otio.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- Schemas ---- */

otio_schema otio_schema_of(const kf_json *object)
{
    static const struct { const char *name; otio_schema schema; } names[] = {
        {"Timeline", OTIO_TIMELINE},        {"Stack", OTIO_STACK},
        {"Track", OTIO_TRACK},              {"Sequence", OTIO_TRACK},
        {"Clip", OTIO_CLIP},                {"Gap", OTIO_GAP},
        {"Filler", OTIO_GAP},               {"Transition", OTIO_TRANSITION},
        {"SerializableCollection", OTIO_COLLECTION}, {"SerializeableCollection", OTIO_COLLECTION},
        {"LinearTimeWarp", OTIO_TIME_WARP}, {"FreezeFrame", OTIO_FREEZE},
        {"Effect", OTIO_EFFECT},            {"TimeEffect", OTIO_EFFECT},
        {"MissingReference", OTIO_MISSING}, {"ExternalReference", OTIO_EXTERNAL},
        {"GeneratorReference", OTIO_GENERATOR}, {"ImageSequenceReference", OTIO_IMAGES},
        {"Marker", OTIO_MARKER},            {"SerializableObjectRef", OTIO_REFERENCE}};
    const char *text = otio_text(object, "OTIO_SCHEMA");
    size_t length = strcspn(text, ".");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].name) == length && strncmp(names[i].name, text, length) == 0) {
            return names[i].schema;
        }
    }
    return OTIO_UNKNOWN;
}

const char *otio_text(const kf_json *object, const char *key)
{
    const kf_json *value = object ? kf_json_get(object, key) : NULL;
    return value && value->type == KF_JSON_STRING ? value->text : "";
}

const kf_json *otio_object(const kf_json *object, const char *key)
{
    const kf_json *value = object ? kf_json_get(object, key) : NULL;
    return value && value->type == KF_JSON_OBJECT ? value : NULL;
}

bool otio_listed(const char *const *list, const char *key)
{
    while (*list && strcmp(*list, key) != 0) {
        list++;
    }
    return *list != NULL;
}

/* ---- Times ---- */

/* Flicks of value / rate; false if out of reach. Whole values at rates of pictures and sound are exact. */
static bool to_flicks(const kf_json *value, kf_rational rate, kf_time *out, bool *exact)
{
    int64_t whole = (int64_t)(fabs(value->number) < 9e15 ? value->number : 0);
    if (value->is_integer || (double)whole == value->number) {
        whole = value->is_integer ? value->integer : whole;
        *out = kf_frame_start(whole, rate);
        *exact &= kf_muldiv_ceil(whole, (int64_t)KF_SECOND * rate.den, rate.num) ==
                  kf_muldiv_floor(whole, (int64_t)KF_SECOND * rate.den, rate.num);
    } else {
        long double flicks = (long double)value->number * rate.den * KF_SECOND / rate.num;
        if (!(fabsl(flicks) < 9e18L)) {
            return false;
        }
        *out = (kf_time)llroundl(flicks);
        *exact &= fabsl(flicks - (long double)*out) < 0.01L;
    }
    return *out != INT64_MAX && *out != INT64_MIN;
}

/* The rate as a ratio, of pictures or (1000 to 1e9, whole) of samples and ticks. */
static bool read_rate(double number, kf_rational *out, bool *picture)
{
    *picture = ix_rate_from_number(number, out);
    if (!*picture && number > 1000 && number <= 1e9) {
        return kf_rational_make(llround(number), 1, out);
    }
    return *picture;
}

bool otio_time(const kf_json *object, kf_time *out, kf_rational *rate, bool *exact)
{
    const kf_json *value = kf_json_get(object, "value"), *per = kf_json_get(object, "rate");
    bool picture, ignored = true;
    kf_rational r;
    if (!value || !per || value->type != KF_JSON_NUMBER || per->type != KF_JSON_NUMBER || !isfinite(value->number) ||
        !read_rate(per->number, &r, &picture) || !to_flicks(value, r, out, exact ? exact : &ignored)) {
        return false;
    }
    if (rate) {
        *rate = picture ? r : (kf_rational){0, 0};
    }
    return true;
}

otio_range otio_read_range(const kf_json *object)
{
    otio_range range = {0};
    const kf_json *start = otio_object(object, "start_time"), *duration = otio_object(object, "duration");
    range.given = start && duration && otio_time(start, &range.start, &range.start_rate, NULL) &&
                  otio_time(duration, &range.duration, &range.rate, NULL);
    return range;
}

/* Frames of the rate; as many decimals as it takes where they are not whole. */
void otio_put_time(kf_json_writer *w, const char *key, kf_time t, kf_rational rate)
{
    kf_time size = t < 0 ? -t : t;
    int64_t frame = kf_frame_at(size, rate);
    kf_json_key(w, key);
    kf_json_begin_object(w);
    kf_json_put_string(w, "OTIO_SCHEMA", "RationalTime.1");
    kf_json_put_number(w, "rate", (double)rate.num / rate.den);
    if (kf_frame_start(frame, rate) == size) {
        kf_json_put_int(w, "value", t < 0 ? -frame : frame);
    } else {
        kf_json_put_number(w, "value", (double)((long double)t * rate.num / rate.den / KF_SECOND));
    }
    kf_json_end_object(w);
}

void otio_put_range(kf_json_writer *w, const char *key, kf_time start, kf_time duration, kf_rational rate)
{
    kf_json_key(w, key);
    kf_json_begin_object(w);
    kf_json_put_string(w, "OTIO_SCHEMA", "TimeRange.1");
    otio_put_time(w, "duration", duration, rate);
    otio_put_time(w, "start_time", start, rate);
    kf_json_end_object(w);
}

/* A film's rate: a number, or "30000/1001". */
static bool film_rate(const kf_json *value, kf_rational *out)
{
    int num = 0, den = 1;
    if (value && value->type == KF_JSON_NUMBER) {
        return ix_rate_from_number(value->number, out);
    }
    return value && value->type == KF_JSON_STRING && sscanf(value->text, "%d/%d", &num, &den) >= 1 &&
           kf_rational_make(num, den, out);
}

bool otio_timecode_start(const kf_json *timecode, kf_time *out)
{
    kf_rational rate;
    int64_t frame;
    const kf_json *start = timecode ? kf_json_get(timecode, "start") : NULL;
    const kf_json *drop = timecode ? kf_json_get(timecode, "drop_frame") : NULL;
    if (!start || !film_rate(kf_json_get(timecode, "rate"), &rate)) {
        return false;
    }
    if (start->is_integer) {
        frame = start->integer;
    } else if (start->type != KF_JSON_STRING ||
               ix_timecode_read(start->text, rate, drop && drop->boolean, &frame, NULL) != KF_OK) {
        return false;
    }
    *out = kf_frame_start(frame, rate);
    return true;
}

/* ---- Speeds ---- */

/* Continued fractions, as far as 32 bits reach. */
bool otio_ratio(double value, kf_rational *out, bool *exact)
{
    if (!(value >= 0.001 && value <= 1000)) {
        return false;
    }
    double rest = value;
    int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
    for (int i = 0; i < 40; i++) {
        double whole = floor(rest);
        int64_t p = (int64_t)whole * p1 + p0, q = (int64_t)whole * q1 + q0;
        if (p > INT32_MAX || q > INT32_MAX) {
            break;
        }
        p0 = p1;
        q0 = q1;
        p1 = p;
        q1 = q;
        if ((double)p1 / (double)q1 == value || rest - whole < 1e-12) {
            break;
        }
        rest = 1 / (rest - whole);
        if (rest > INT32_MAX) {
            break;
        }
    }
    *exact = (double)p1 / (double)q1 == value;
    return kf_rational_make(p1, q1, out);
}

/* ---- Colours of markers ---- */

static const struct { const char *name; unsigned char rgb[3]; } colors[] = {
    {"RED", {255, 0, 0}},     {"ORANGE", {255, 128, 0}},  {"YELLOW", {255, 255, 0}}, {"GREEN", {0, 255, 0}},
    {"CYAN", {0, 255, 255}},  {"BLUE", {0, 0, 255}},      {"PURPLE", {128, 0, 128}}, {"MAGENTA", {255, 0, 255}},
    {"PINK", {255, 192, 203}}, {"BLACK", {0, 0, 0}},      {"WHITE", {255, 255, 255}}};
enum { COLORS = sizeof colors / sizeof *colors };

static int channel(const kf_json *color, const char *key)
{
    const kf_json *v = kf_json_get(color, key);
    double x = v && v->type == KF_JSON_NUMBER ? v->number : 0;
    return x >= 1 ? 255 : x > 0 ? (int)lround(x * 255) : 0;
}

const char *otio_color_read(const kf_json *color, char hex[16])
{
    if (color && color->type == KF_JSON_OBJECT) {
        snprintf(hex, 16, "#%02x%02x%02x", channel(color, "r"), channel(color, "g"), channel(color, "b"));
        return hex;
    }
    for (int i = 0; color && color->type == KF_JSON_STRING && i < COLORS; i++) {
        if (strcmp(colors[i].name, color->text) == 0) {
            snprintf(hex, 16, "#%02x%02x%02x", colors[i].rgb[0], colors[i].rgb[1], colors[i].rgb[2]);
            return hex;
        }
    }
    return NULL;
}

const char *otio_color_name(const char *hex, bool *exact)
{
    unsigned int r, g, b;
    int best = 0, nearest = INT32_MAX;
    if (strlen(hex) < 7 || sscanf(hex, "#%2x%2x%2x", &r, &g, &b) != 3) {
        return NULL;
    }
    for (int i = 0; i < COLORS; i++) {
        int dr = (int)r - colors[i].rgb[0], dg = (int)g - colors[i].rgb[1], db = (int)b - colors[i].rgb[2];
        int far = dr * dr + dg * dg + db * db;
        if (far < nearest) {
            nearest = far;
            best = i;
        }
    }
    *exact = nearest == 0 && strlen(hex) == 7;
    return colors[best].name;
}

/* ---- The format ---- */

/* The end of the string that begins at `at` (a quotation mark), or NULL. */
static const char *string_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        at += *at == '\\';
    }
    return at < end ? at : NULL;
}

/* An object with a member "OTIO_SCHEMA" of its own, before one called "kerf": films may hold OTIO in their metadata. */
static bool otio_sniff(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    int depth = 0;
    for (const char *at = bytes; at < end; at++) {
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        if (*at != '"') {
            continue;
        }
        const char *close = string_end(at, end);
        size_t size = close ? (size_t)(close - at) + 1 : 0;
        if (!close || (depth == 1 && size == 6 && memcmp(at, "\"kerf\"", 6) == 0)) {
            return false;
        }
        if (depth == 1 && size == 13 && memcmp(at, "\"OTIO_SCHEMA\"", 13) == 0) {
            return true;
        }
        at = close;
    }
    return false;
}

static const char *const extensions[] = {"otio", NULL};

extern const kf_interchange ix_otio;
const kf_interchange ix_otio = {
    .name = "otio",
    .label = "OpenTimelineIO",
    .extensions = extensions,
    .sniff = otio_sniff,
    .import = otio_import,
    .export = otio_export,
};
