/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the room: arithmetic that gives the same bits everywhere, and small buffers. */
#ifndef KF_DSP_INTERNAL_H
#define KF_DSP_INTERNAL_H

#include <math.h>
#include <string.h>

#include "audio/dsp/api/dsp.h"
#include "base/api/alloc.h"

#define KF_PI 3.14159265358979323846

/* Within 2 ulp of double over the ranges used here. */
double kf_dsp_exp2(double x);
double kf_dsp_log2(double x);           /* x > 0, normal */
double kf_dsp_sin_turns(double turns);  /* sin(2 pi turns) */
double kf_dsp_cos_turns(double turns);
static inline double kf_dsp_exp(double x) { return kf_dsp_exp2(x * 1.44269504088896340736); }
static inline double kf_dsp_db_gain(double db) { return kf_dsp_exp2(db * 0.16609640474436811739); } /* 10^(db/20) */
static inline double kf_dsp_gain_db(double gain) { return kf_dsp_log2(gain) * 6.02059991327962390427; }

/* The value in its range; NaN becomes def. */
static inline float kf_dsp_range(float v, float min, float max, float def)
{
    if (!(v == v)) return def;
    return v < min ? min : v > max ? max : v;
}

/* Pole of a one-pole smoother with time constant ms: y += (1 - pole) * (x - y). */
static inline double kf_dsp_pole(double ms, int32_t rate) { return kf_dsp_exp(-1000.0 / (ms * rate)); }
static inline int32_t kf_dsp_ms_samples(double ms, int32_t rate) { return (int32_t)(ms * rate / 1000.0 + 0.5); }

/* Samples from `at` to the next multiple of KF_DSP_GRID, at most n. */
static inline int32_t kf_dsp_to_grid(int64_t at, int32_t n)
{
    int32_t left = KF_DSP_GRID - (int32_t)(at & (KF_DSP_GRID - 1));
    return left < n ? left : n;
}

/* Delay line: `length` samples per channel. */
typedef struct kf_line {
    float *data;
    int32_t length, pos;
} kf_line;
static inline bool kf_line_init(kf_line *line, int32_t length)
{
    line->length = length < 1 ? 1 : length;
    line->pos = 0;
    line->data = kf_alloc_zero((size_t)line->length, sizeof(float));
    return line->data != NULL;
}
static inline void kf_line_finish(kf_line *line)
{
    kf_free(line->data);
    line->data = NULL;
}
static inline void kf_line_reset(kf_line *line)
{
    memset(line->data, 0, (size_t)line->length * sizeof(float));
    line->pos = 0;
}
/* The sample written `length` steps ago goes out, in takes its place. */
static inline float kf_line_step(kf_line *line, float in)
{
    float out = line->data[line->pos];
    line->data[line->pos] = in;
    if (++line->pos == line->length) line->pos = 0;
    return out;
}

extern const kf_dsp_driver kf_dsp_gain_driver, kf_dsp_pan_driver, kf_dsp_eq_driver, kf_dsp_compressor_driver,
    kf_dsp_duck_driver, kf_dsp_gate_driver, kf_dsp_delay_driver, kf_dsp_reverb_driver, kf_dsp_limiter_driver;

int32_t kf_dsp_zero_i32(const void *state); /* latency and settle of nodes that have none */

/* 4x oversampling by a polyphase FIR: KF_OVER_TAPS samples centred on the point. Phase 0 is the sample itself. */
enum { KF_OVER_TAPS = 48, KF_OVER_PHASES = 4 };
typedef struct kf_over_table {
    float tap[KF_OVER_PHASES][KF_OVER_TAPS]; /* phase p: value at (centre + p/4), centre = index KF_OVER_TAPS / 2 - 1 */
    float bound;                             /* largest sum of magnitudes of a phase */
} kf_over_table;
void kf_over_table_init(kf_over_table *table);
/* Largest magnitude at x[centre .. centre + 3/4]; x = KF_OVER_TAPS samples. */
float kf_over_peak(const kf_over_table *table, const float *x);

/* Kaiser window, x in -1..1. */
double kf_dsp_kaiser(double x, double beta);

/* In-place complex FFT of n = 2^k points, re/im split; inverse is unscaled. */
typedef struct kf_fft kf_fft;
kf_fft *kf_fft_create(int32_t n);
void kf_fft_destroy(kf_fft *fft);
void kf_fft_run(const kf_fft *fft, bool inverse, double *re, double *im);

/* A cached stretch of a source; grows and slides with what is asked for. */
typedef struct kf_window {
    kf_sample_source source;
    int32_t channels;
    int64_t first;
    int32_t count, capacity;
    float *plane[KF_DSP_MAX_CHANNELS];
} kf_window;
enum { KF_WINDOW_MAX = 1 << 22 };
void kf_window_init(kf_window *window, kf_sample_source source, int32_t channels);
void kf_window_finish(kf_window *window);
/* Makes samples [lo, hi) present; backwards: reads ahead below lo so that descending reads come in large pieces. */
kf_status kf_window_need(kf_window *window, int64_t lo, int64_t hi, bool backwards, kf_error *err);
static inline const float *kf_window_at(const kf_window *window, int channel, int64_t position)
{
    return window->plane[channel] + (position - window->first);
}

/* Position of output sample i: whole + frac / den. */
typedef struct kf_warp_pos {
    int64_t whole, frac, den;
    int64_t slope_num; /* source samples per den output samples */
} kf_warp_pos;
kf_warp_pos kf_warp_at(const kf_warp *warp, int64_t i, int32_t *cursor);
enum { KF_SPEED_MOST = 256 }; /* faster is silent */
static inline bool kf_warp_silent(const kf_warp_pos *p)
{
    return p->slope_num == 0 || p->slope_num / KF_SPEED_MOST >= p->den || p->slope_num / KF_SPEED_MOST <= -p->den;
}

/* Pitch-preserving engines behind kf_speed_reader. */
typedef struct kf_wsola kf_wsola;
kf_wsola *kf_wsola_create(const kf_speed_params *params); /* warp and source are borrowed */
void kf_wsola_destroy(kf_wsola *wsola);
kf_status kf_wsola_read(kf_wsola *wsola, int64_t first, int32_t n, float *const *out, kf_error *err);

typedef struct kf_rubber kf_rubber;
kf_rubber *kf_rubber_create(
    const kf_speed_params *params); /* constant speed; NULL: not built in, unsuited or no memory */
void kf_rubber_destroy(kf_rubber *rubber);
kf_status kf_rubber_read(kf_rubber *rubber, int64_t first, int32_t n, float *const *out, kf_error *err);

#endif
