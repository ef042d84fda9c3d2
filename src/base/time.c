/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/time.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

static int64_t saturate(wide v)
{
    return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

static wide floor_div(wide a, wide c)
{
    wide q = a / c;
    return a % c < 0 ? q - 1 : q;
}

static wide ceil_div(wide a, wide c)
{
    wide q = a / c;
    return a % c > 0 ? q + 1 : q;
}

int64_t kf_muldiv_floor(int64_t a, int64_t b, int64_t c)
{
    assert(c > 0);
    return c > 0 ? saturate(floor_div((wide)a * b, c)) : 0;
}

int64_t kf_muldiv_ceil(int64_t a, int64_t b, int64_t c)
{
    assert(c > 0);
    return c > 0 ? saturate(ceil_div((wide)a * b, c)) : 0;
}

int64_t kf_gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

bool kf_rational_make(int64_t num, int64_t den, kf_rational *out)
{
    if (num <= 0 || den <= 0) {
        return false;
    }
    int64_t g = kf_gcd(num, den);
    num /= g;
    den /= g;
    if (num > INT32_MAX || den > INT32_MAX) {
        return false;
    }
    *out = (kf_rational){(int32_t)num, (int32_t)den};
    return true;
}

bool kf_rational_equal(kf_rational a, kf_rational b)
{
    return (int64_t)a.num * b.den == (int64_t)b.num * a.den && (a.den == 0) == (b.den == 0);
}

static bool rate_given(kf_rational rate)
{
    return rate.num > 0 && rate.den > 0;
}

/* The products below stay under 2^125: int64 times int32 times 705 600 000. */
kf_time kf_frame_start(int64_t frame, kf_rational rate)
{
    assert(rate_given(rate));
    return rate_given(rate) ? saturate(ceil_div((wide)frame * rate.den * KF_SECOND, rate.num)) : 0;
}

int64_t kf_frame_at(kf_time t, kf_rational rate)
{
    assert(rate_given(rate));
    return rate_given(rate) ? saturate(floor_div((wide)t * rate.num, (wide)rate.den * KF_SECOND)) : 0;
}

int64_t kf_sample_at(kf_time t, int32_t sample_rate)
{
    return kf_muldiv_ceil(t, sample_rate, KF_SECOND);
}

kf_time kf_sample_start(int64_t sample, int32_t sample_rate)
{
    return kf_muldiv_ceil(sample, KF_SECOND, sample_rate);
}

/* a * b, saturating at the ends of the 128-bit range. */
static wide wide_mul(wide a, wide b)
{
    wide out;
    if (!__builtin_mul_overflow(a, b, &out)) {
        return out;
    }
    wide top = (wide)((~(unsigned __int128)0) >> 1);
    return (a < 0) == (b < 0) ? top : -top;
}

kf_time kf_time_from_ticks(int64_t ticks, int64_t num, int64_t den)
{
    assert(num > 0 && den > 0);
    if (num <= 0 || den <= 0) {
        return 0;
    }
    int64_t g = kf_gcd(KF_SECOND, den);
    return saturate(floor_div(wide_mul(ticks, (wide)num * (KF_SECOND / g)), den / g));
}

/* The largest k with floor(k * q) <= t, where q = num * SECOND / den: k < (t + 1) / q. */
int64_t kf_ticks_from_time(kf_time t, int64_t num, int64_t den)
{
    assert(num > 0 && den > 0);
    if (num <= 0 || den <= 0) {
        return 0;
    }
    int64_t g = kf_gcd(KF_SECOND, den);
    return saturate(ceil_div(wide_mul((wide)t + 1, den / g), (wide)num * (KF_SECOND / g)) - 1);
}

double kf_time_seconds(kf_time t)
{
    return (double)(t / KF_SECOND) + (double)(t % KF_SECOND) / (double)KF_SECOND;
}

kf_time kf_time_from_seconds(double seconds)
{
    if (isnan(seconds)) {
        return 0;
    }
    double whole = floor(seconds);
    if (whole >= 13e9) {
        return INT64_MAX;
    }
    if (whole <= -13e9) {
        return INT64_MIN;
    }
    return (int64_t)whole * KF_SECOND + (int64_t)llround((seconds - whole) * (double)KF_SECOND);
}

/* --- reading --- */

/* One to 18 digits; the value, or -1. */
static int64_t read_digits(const char **at)
{
    int64_t value = 0;
    int digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        if (digits == 18) {
            return -1;
        }
        value = value * 10 + (**at - '0');
    }
    return digits ? value : -1;
}

/* The digits after a decimal point as flicks, nearest; -1 if there are none. Digits past the 18th decide nothing. */
static int64_t read_fraction(const char **at)
{
    int64_t value = 0, scale = 1;
    int digits = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        if (digits < 18) {
            value = value * 10 + (**at - '0');
            scale *= 10;
        }
    }
    return digits ? (int64_t)(((wide)value * KF_SECOND + scale / 2) / scale) : -1;
}

static int64_t nominal_rate(kf_rational rate)
{
    int64_t nominal = ((int64_t)rate.num + rate.den / 2) / rate.den;
    return nominal > 0 ? nominal : 1;
}

/* Frame numbers skipped at each minute that is not a tenth one; 0 where drop-frame counting does not exist. */
static int64_t dropped_per_minute(kf_rational rate)
{
    bool ntsc = (int64_t)rate.num * 1001 == (int64_t)rate.den * 30000;
    bool ntsc_double = (int64_t)rate.num * 1001 == (int64_t)rate.den * 60000;
    return ntsc ? 2 : ntsc_double ? 4 : 0;
}

static kf_status read_smpte(const char *text, const int64_t part[4], bool drop, kf_rational rate, kf_time *out,
                            kf_error *err)
{
    if (!rate_given(rate)) {
        return kf_fail(err, KF_ERR_INVALID, "time \"%s\" counts frames, but no frame rate is known here: use seconds",
                       text);
    }
    int64_t nominal = nominal_rate(rate), skip = drop ? dropped_per_minute(rate) : 0;
    if (drop && !skip) {
        return kf_fail(err, KF_ERR_INVALID,
                       "time \"%s\" is drop-frame, which exists only at 29.97 and 59.94 fps: use ':' before the frames",
                       text);
    }
    if (part[3] >= nominal) {
        return kf_fail(err, KF_ERR_INVALID, "time \"%s\": frames run from 0 to %lld at this rate", text,
                       (long long)nominal - 1);
    }
    if (skip && part[3] < skip && part[2] == 0 && part[1] % 10 != 0) {
        return kf_fail(err, KF_ERR_INVALID, "time \"%s\" does not exist: drop-frame counting skips this number", text);
    }
    int64_t minutes = part[0] * 60 + part[1];
    wide frame = ((wide)minutes * 60 + part[2]) * nominal + part[3] - skip * ((wide)minutes - minutes / 10);
    *out = kf_frame_start(saturate(frame), rate);
    return KF_OK;
}

static kf_status bad_time(const char *text, kf_error *err)
{
    return kf_fail(
        err, KF_ERR_INVALID,
        "\"%s\" is not a time: write seconds (12.5), hh:mm:ss.mmm, mm:ss, timecode hh:mm:ss:ff or frames (123f)", text);
}

static kf_status read_unsigned(const char *text, const char *at, kf_rational rate, kf_time *out, kf_error *err)
{
    int64_t part[4] = {0}, fraction = 0;
    int parts = 0;
    bool drop = false;
    for (;;) {
        part[parts] = read_digits(&at);
        if (part[parts++] < 0) {
            return bad_time(text, err);
        }
        if (parts == 4 || (*at != ':' && !(*at == ';' && parts == 3))) {
            break;
        }
        drop = *at++ == ';';
    }
    if (parts == 1 && at[0] == 'f' && at[1] == '\0') {
        if (!rate_given(rate)) {
            return kf_fail(err, KF_ERR_INVALID,
                           "time \"%s\" counts frames, but no frame rate is known here: use seconds", text);
        }
        *out = kf_frame_start(part[0], rate);
        return KF_OK;
    }
    if (*at == '.' && parts < 4) {
        at++;
        fraction = read_fraction(&at);
    }
    if (*at != '\0' || fraction < 0) {
        return bad_time(text, err);
    }
    int64_t hours = parts >= 3 ? part[0] : 0;
    int64_t minutes = parts >= 3 ? part[1] : parts == 2 ? part[0] : 0;
    int64_t seconds = parts >= 3 ? part[2] : part[parts - 1];
    if ((parts >= 3 && minutes >= 60) || (parts >= 2 && seconds >= 60)) {
        return kf_fail(err, KF_ERR_INVALID, "time \"%s\": minutes and seconds run from 0 to 59", text);
    }
    wide total = ((wide)hours * 3600 + (wide)minutes * 60 + seconds) * KF_SECOND;
    if (total + fraction > INT64_MAX || hours > INT64_C(4000000)) {
        return kf_fail(err, KF_ERR_INVALID, "time \"%s\" is too long: the longest is about 414 years", text);
    }
    if (parts == 4) {
        return read_smpte(text, part, drop, rate, out, err);
    }
    *out = (kf_time)(total + fraction);
    return KF_OK;
}

kf_status kf_time_parse(const char *text, kf_rational rate, kf_time *out, kf_error *err)
{
    if (!text) {
        return kf_fail(err, KF_ERR_INVALID, "a time is missing");
    }
    bool negative = *text == '-';
    kf_time value = 0;
    kf_status status = read_unsigned(text, text + negative, rate, &value, err);
    if (status == KF_OK) {
        *out = negative ? -value : value;
    }
    return status;
}

/* --- writing --- */

void kf_timecode_format(int64_t frame, kf_rational rate, bool drop, char buffer[32])
{
    assert(rate_given(rate));
    if (!rate_given(rate)) {
        snprintf(buffer, 32, "--:--:--:--");
        return;
    }
    uint64_t nominal = (uint64_t)nominal_rate(rate), skip = drop ? (uint64_t)dropped_per_minute(rate) : 0;
    uint64_t n = frame < 0 ? 0 - (uint64_t)frame : (uint64_t)frame;
    if (skip) {
        uint64_t per_minute = nominal * 60 - skip, per_ten = nominal * 600 - 9 * skip;
        uint64_t tens = n / per_ten, rest = n % per_ten;
        n += 9 * skip * tens;
        if (rest >= nominal * 60) {
            n += skip * (1 + (rest - nominal * 60) / per_minute);
        }
    }
    uint64_t seconds = n / nominal;
    char text[48];
    snprintf(text, sizeof text, "%s%02llu:%02u:%02u%c%02llu", frame < 0 ? "-" : "",
             (unsigned long long)(seconds / 3600), (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60),
             skip ? ';' : ':', (unsigned long long)(n % nominal));
    memcpy(buffer, text, 32); /* hours and frames share at most 17 digits, so the end is within */
}

void kf_clock_format(kf_time t, char buffer[32])
{
    uint64_t n = t < 0 ? 0 - (uint64_t)t : (uint64_t)t;
    uint64_t ms = n / (uint64_t)(KF_SECOND / 1000), seconds = ms / 1000;
    snprintf(buffer, 32, "%s%02llu:%02u:%02u.%03u", t < 0 ? "-" : "", (unsigned long long)(seconds / 3600),
             (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60), (unsigned)(ms % 1000));
}
