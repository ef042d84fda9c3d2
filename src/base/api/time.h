/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exact time arithmetic on flicks. All functions are pure; 128-bit intermediates; results saturate at the int64 ends.
 */
#ifndef KF_BASE_TIME_H
#define KF_BASE_TIME_H

#include "base/api/status.h"

/* floor(a * b / c) and ceil(a * b / c) with a 128-bit product; c > 0. */
int64_t kf_muldiv_floor(int64_t a, int64_t b, int64_t c);
int64_t kf_muldiv_ceil(int64_t a, int64_t b, int64_t c);

/* Greatest common divisor of numbers that are not negative; that of 0 and n is n. */
int64_t kf_gcd(int64_t a, int64_t b);
/* num/den in lowest terms; false if either is <= 0 or does not fit. */
bool kf_rational_make(int64_t num, int64_t den, kf_rational *out);
bool kf_rational_equal(kf_rational a, kf_rational b);

/* Start of frame n: ceil(n * den/num s), so that frame_at(frame_start(n)) == n for every rate. */
kf_time kf_frame_start(int64_t frame, kf_rational rate);
/* Frame whose span holds t: floor(t * rate). */
int64_t kf_frame_at(kf_time t, kf_rational rate);

/* First sample at or after t: ceil(t * sample_rate); from absolute time, never accumulated. */
int64_t kf_sample_at(kf_time t, int32_t sample_rate);
/* Start of sample n: ceil(n / sample_rate s). */
kf_time kf_sample_start(int64_t sample, int32_t sample_rate);

/* Ticks of a time base (num/den seconds per tick) to flicks, floor; and the last tick whose time so given is at or
 * before t: the inverse for ticks of a flick or longer. num and den are positive; exact up to 2^31 each. */
kf_time kf_time_from_ticks(int64_t ticks, int64_t num, int64_t den);
int64_t kf_ticks_from_time(kf_time t, int64_t num, int64_t den);

double kf_time_seconds(kf_time t); /* for display and curves only */
kf_time kf_time_from_seconds(double seconds); /* nearest flick */

/* Reads "12.5" (seconds), "hh:mm:ss.mmm" or "mm:ss", SMPTE "hh:mm:ss:ff" or drop-frame "hh:mm:ss;ff" (at `rate`;
 * dropped numbers are refused), "123f" (frames at `rate`); '-' may stand before any. Exact: decimal seconds are read as
 * integers. */
kf_status kf_time_parse(const char *text, kf_rational rate, kf_time *out, kf_error *err);

/* SMPTE ST 12-1 label of a frame count at the nominal rate (29.97 -> 30), ';' before ff when drop. `drop` is honoured
 * only for 30000/1001 and 60000/1001. buffer of at least 32 bytes. */
void kf_timecode_format(int64_t frame, kf_rational rate, bool drop, char buffer[32]);
/* "hh:mm:ss.mmm", truncated. */
void kf_clock_format(kf_time t, char buffer[32]);

#endif
