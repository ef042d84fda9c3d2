/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of a film's JSON, rates and timecode. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interchange/internal.h"

static void write_seconds(kf_json_writer *w, kf_time t)
{
    /* 1e10 / 705 600 000 per flick: the nearest of ten decimals reads back as the flick. */
    char text[40];
    uint64_t size = t < 0 ? (uint64_t)0 - (uint64_t)t : (uint64_t)t, second = (uint64_t)KF_SECOND;
    uint64_t rest = ((size % second) * UINT64_C(20000000000) / second + 1) / 2;
    snprintf(text, sizeof text, "%s%llu.%010llu", t < 0 ? "-" : "", (unsigned long long)(size / second),
             (unsigned long long)rest);
    char *end = text + strlen(text);
    while (end[-1] == '0') {
        *--end = '\0';
    }
    if (end[-1] == '.') {
        end[-1] = '\0';
    }
    kf_json_write_raw(w, text);
}

void ix_put_time(kf_json_writer *w, const char *key, kf_time t, kf_rational rate)
{
    kf_time size = t < 0 ? -t : t;
    int64_t frame = rate.num > 0 ? kf_frame_at(size, rate) : 0;
    kf_json_key(w, key);
    if (rate.num <= 0 || t == 0 || kf_frame_start(frame, rate) != size) {
        write_seconds(w, t);
        return;
    }
    char text[32];
    snprintf(text, sizeof text, "%s%lldf", t < 0 ? "-" : "", (long long)frame);
    kf_json_write_string(w, text);
}

void ix_put_split(kf_json_writer *w, kf_time before, kf_time duration, kf_rational rate)
{
    if (before == 0 || before == duration) {
        kf_json_put_string(w, "align", before ? "end" : "start");
    } else if (before == duration / 2) {
        kf_json_put_string(w, "align", "center");
    } else {
        ix_put_time(w, "before", before, rate);
    }
}

void ix_put_ratio(kf_json_writer *w, const char *key, kf_rational ratio)
{
    char text[32];
    if (ratio.den == 1) {
        kf_json_put_int(w, key, ratio.num);
        return;
    }
    snprintf(text, sizeof text, "%d/%d", ratio.num, ratio.den);
    kf_json_put_string(w, key, text);
}

void ix_put_text(kf_json_writer *w, const char *key, const char *text)
{
    if (text && *text) {
        kf_json_put_string(w, key, text);
    }
}

static void write_scalar(kf_json_writer *w, const kf_json *value)
{
    switch (value->type) {
    case KF_JSON_NULL:
        kf_json_write_null(w);
        break;
    case KF_JSON_BOOL:
        kf_json_write_bool(w, value->boolean);
        break;
    case KF_JSON_NUMBER:
        if (isfinite(value->number) || strpbrk(value->text, "0123456789")) {
            kf_json_write_raw(w, value->text);
        } else {
            kf_json_write_string(w, value->text);
        }
        break;
    default:
        kf_json_write_value(w, value);
        break;
    }
}

/* As deep as the parser lets values be, plus what they are put into. */
void ix_write_json(kf_json_writer *w, const kf_json *value)
{
    if (value->type != KF_JSON_ARRAY && value->type != KF_JSON_OBJECT) {
        write_scalar(w, value);
        return;
    }
    bool object = value->type == KF_JSON_OBJECT;
    if (object) {
        kf_json_begin_object(w);
    } else {
        kf_json_begin_array(w);
    }
    for (const kf_json *child = value->first; child; child = child->next) {
        if (object) {
            kf_json_key(w, child->key);
        }
        ix_write_json(w, child);
    }
    if (object) {
        kf_json_end_object(w);
    } else {
        kf_json_end_array(w);
    }
}

void ix_put_json(kf_json_writer *w, const char *key, const kf_json *value)
{
    if (value) {
        kf_json_key(w, key);
        ix_write_json(w, value);
    }
}

kf_time ix_film_time(const kf_json *object, const char *key, kf_rational rate, kf_time otherwise)
{
    const kf_json *value = kf_json_get(object, key);
    kf_time t;
    if (!value || (value->type != KF_JSON_NUMBER && value->type != KF_JSON_STRING)) {
        return otherwise;
    }
    if (value->type == KF_JSON_NUMBER && strpbrk(value->text, "eE")) {
        return kf_time_from_seconds(value->number);
    }
    return kf_time_parse(value->text, rate, &t, NULL) == KF_OK ? t : otherwise;
}

kf_time ix_film_split(const kf_json *transition, kf_time duration, kf_rational rate)
{
    const kf_json *align = kf_json_get(transition, "align");
    const char *name = align && align->type == KF_JSON_STRING ? align->text : "center";
    kf_time before = strcmp(name, "start") == 0 ? 0 : strcmp(name, "end") == 0 ? duration : duration / 2;
    return ix_film_time(transition, "before", rate, before);
}

double ix_read_number(const char *text, const char **end)
{
    const char *p = text + (*text == '-' || *text == '+');
    double value = 0, unit = 1;
    bool digits = false, point = false;
    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        digits = true;
        value = value * 10 + (*p - '0');
        unit *= point ? 10 : 1;
    }
    *end = digits ? p : text;
    return digits ? (*text == '-' ? -value : value) / unit : 0;
}

void ix_add_number(kf_str *out, double number)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_write_number(&w, number);
}

bool ix_rate_from_number(double number, kf_rational *out)
{
    if (!(number >= 0.01 && number <= 1000)) {
        return false;
    }
    double nominal = ceil(number), ntsc = nominal * 1000 / 1001;
    if (number != nominal && fabs(number - ntsc) < 0.005 * nominal / 24 && number > 20) {
        return kf_rational_make((int64_t)nominal * 1000, 1001, out);
    }
    return kf_rational_make(llround(number * 10000), 10000, out);
}

int32_t ix_rate_nominal(kf_rational rate)
{
    int64_t nominal = rate.den > 0 ? ((int64_t)rate.num + rate.den / 2) / rate.den : 1;
    return nominal > 0 ? (int32_t)nominal : 1;
}

bool ix_rate_drops(kf_rational rate)
{
    return kf_rational_equal(rate, (kf_rational){30000, 1001}) || kf_rational_equal(rate, (kf_rational){60000, 1001});
}

kf_status ix_timecode_read(const char *text, kf_rational rate, bool drop, int64_t *frame, kf_error *err)
{
    char label[32];
    kf_time t;
    size_t length = strlen(text), last = length;
    while (last > 0 && !strchr(":;.,", text[last - 1])) {
        last--;
    }
    if (length >= sizeof label || last == 0) {
        return kf_fail(err, KF_ERR_PARSE, "\"%.40s\" is not a timecode: hh:mm:ss:ff is wanted", text);
    }
    drop = ix_rate_drops(rate) && (drop || strchr(text, ';'));
    snprintf(label, sizeof label, "%s", text);
    for (size_t i = 0; i < last; i++) {
        label[i] = strchr(";.,", label[i]) ? ':' : label[i];
    }
    label[last - 1] = drop ? ';' : ':';
    kf_status status = kf_time_parse(label, rate, &t, err);
    if (status == KF_OK) {
        *frame = kf_frame_at(t, rate);
    }
    return status;
}
