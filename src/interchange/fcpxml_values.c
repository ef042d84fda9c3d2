/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Final Cut Pro's ways of writing times, numbers, formats and blend modes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interchange/fcpxml.h"

/* ---- Times ---- */

/* Digits as a number; false without digits or past 18 of them. */
static bool read_digits(const char **text, int64_t *out, int *count)
{
    const char *p = *text;
    *out = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (p - *text >= 18) {
            return false;
        }
        *out = *out * 10 + (*p - '0');
    }
    *count = (int)(p - *text);
    *text = p;
    return *count > 0;
}

/* Decimal seconds: the digits after the point make the denominator. */
static bool read_fraction(const char **text, int64_t *num, int64_t *den)
{
    int64_t part;
    int count;
    (*text)++;
    if (!read_digits(text, &part, &count) || count > 9) {
        return false;
    }
    for (; count > 0; count--) {
        *den *= 10;
    }
    if (*num > INT64_C(900000000)) {
        return false;
    }
    *num = *num * *den + part;
    return true;
}

bool fx_read_time(const char *text, kf_time *out, bool *exact)
{
    int64_t num, den = 1;
    int count;
    bool negative = *text == '-';
    text += negative;
    if (!read_digits(&text, &num, &count) || (*text == '.' && !read_fraction(&text, &num, &den))) {
        return false;
    }
    if (*text == '/' && (text++, den != 1 || !read_digits(&text, &den, &count))) {
        return false;
    }
    if (den <= 0 || *text != 's' || text[1]) {
        return false;
    }
    kf_time low = kf_muldiv_floor(num, KF_SECOND, den), high = kf_muldiv_ceil(num, KF_SECOND, den);
    if (high > KF_MODEL_MAX_TIME) {
        return false;
    }
    if (low != high) {
        *exact = false;
        low = (kf_muldiv_floor(num, 2 * KF_SECOND, den) + 1) / 2;
    }
    *out = negative ? -low : low;
    return true;
}

void fx_add_time(kf_str *out, kf_time t)
{
    int64_t a = t < 0 ? -t : t, b = KF_SECOND;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    kf_str_addf(out, a == KF_SECOND ? "%lld" : "%lld/%lld", (long long)(t / a), (long long)(KF_SECOND / a));
    kf_str_add(out, "s");
}

void fx_put_time(kf_xml_writer *w, const char *name, kf_time t)
{
    kf_str text = {0};
    fx_add_time(&text, t);
    kf_xml_put_attr(w, name, text.data);
    w->out->failed |= text.failed;
    kf_str_finish(&text);
}

/* ---- Numbers ---- */

static double power_of_ten(int n)
{
    double v = 1;
    for (; n > 0; n--) {
        v *= 10;
    }
    return v;
}

/* One decimal number; the end of it, or `text` if there is none. */
static const char *read_number(const char *text, double *out)
{
    const char *p = text + (*text == '-' || *text == '+');
    double value = 0;
    int digits = 0, after = 0;
    bool point = false;
    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
        if (*p == '.') {
            point = true;
        } else if (digits++ < 17) {
            value = value * 10 + (*p - '0');
            after += point;
        } else if (!point) {
            return text;
        }
    }
    if (!digits) {
        return text;
    }
    if (*p == 'e' || *p == 'E') {
        char *end;
        long exponent = strtol(p + 1, &end, 10);
        p = end;
        after -= exponent > 300 ? 300 : exponent < -300 ? -300 : (int)exponent;
    }
    value = after >= 0 ? value / power_of_ten(after) : value * power_of_ten(-after);
    *out = *text == '-' ? -value : value;
    return p;
}

int fx_read_numbers(const char *text, double *out, int most)
{
    int count = 0;
    while (text && count < most) {
        text += strspn(text, " ,\t\n");
        const char *end = read_number(text, &out[count]);
        if (end == text || !(out[count] > -1e15 && out[count] < 1e15)) {
            break;
        }
        text = end;
        count++;
    }
    return count;
}

/* ---- Formats ---- */

static const struct { const char *name; kf_rational rate; } format_rates[] = {
    {"2398", {24000, 1001}}, {"24", {24, 1}}, {"25", {25, 1}}, {"2997", {30000, 1001}}, {"30", {30, 1}},
    {"4795", {48000, 1001}}, {"48", {48, 1}}, {"50", {50, 1}}, {"5994", {60000, 1001}}, {"60", {60, 1}},
};

static void rate_from_name(const char *name, bool fields, kf_rational *rate)
{
    for (size_t i = 0; i < sizeof format_rates / sizeof *format_rates; i++) {
        if (strcmp(format_rates[i].name, name) == 0) {
            int32_t halves = fields ? 2 : 1; /* "1080i50": fields per second */
            kf_rational_make(format_rates[i].rate.num, (int64_t)format_rates[i].rate.den * halves, rate);
        }
    }
}

void fx_format_from_name(const char *name, kf_rational *rate, int32_t *width, int32_t *height)
{
    char *end;
    if (strncmp(name, "FFVideoFormat", 13) != 0) {
        return;
    }
    name += 13;
    name += strcspn(name, "0123456789");
    long first = strtol(name, &end, 10), second = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
    long w = second ? first : first * 16 / 9, h = second ? second : first;
    if (w > 0 && h > 0 && w <= KF_MODEL_MAX_SIDE && h <= KF_MODEL_MAX_SIDE && !*width) {
        *width = (int32_t)w;
        *height = (int32_t)h;
    }
    if ((*end == 'p' || *end == 'i') && !rate->num) {
        rate_from_name(end + 1, *end == 'i', rate);
    }
}

static const char *rate_name(kf_rational rate)
{
    for (size_t i = 0; i < sizeof format_rates / sizeof *format_rates; i++) {
        if (kf_rational_equal(rate, format_rates[i].rate)) {
            return format_rates[i].name;
        }
    }
    return NULL;
}

bool fx_format_name(int32_t width, int32_t height, kf_rational rate, char out[64])
{
    const char *rated = rate_name(rate);
    bool wide = (width == 1920 && height == 1080) || (width == 1280 && height == 720);
    bool large = (width == 3840 || width == 4096) && height == 2160;
    if (!rated || (!wide && !large)) {
        return false;
    }
    if (wide) {
        snprintf(out, 64, "FFVideoFormat%dp%s", (int)height, rated);
    } else {
        snprintf(out, 64, "FFVideoFormat%dx%dp%s", (int)width, (int)height, rated);
    }
    return true;
}

/* ---- Blend modes ---- */

static const struct { int number; int mode; } blends[] = {
    {0, KF_MODE_NORMAL}, {2, KF_MODE_SUBTRACT}, {3, KF_MODE_DARKEN}, {4, KF_MODE_MULTIPLY}, {5, KF_MODE_COLOR_BURN},
    {8, KF_MODE_ADD}, {9, KF_MODE_LIGHTEN}, {10, KF_MODE_SCREEN}, {11, KF_MODE_COLOR_DODGE}, {14, KF_MODE_OVERLAY},
    {15, KF_MODE_SOFT_LIGHT}, {16, KF_MODE_HARD_LIGHT}, {22, KF_MODE_DIFFERENCE}, {23, KF_MODE_EXCLUSION},
};

int fx_blend_to_kerf(int number)
{
    for (size_t i = 0; i < sizeof blends / sizeof *blends; i++) {
        if (blends[i].number == number) {
            return blends[i].mode;
        }
    }
    return -1;
}

int fx_blend_from_kerf(int mode)
{
    for (size_t i = 0; i < sizeof blends / sizeof *blends; i++) {
        if (blends[i].mode == mode) {
            return blends[i].number;
        }
    }
    return -1;
}
