/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Automation curves. */
#include "audio/engine/internal.h"

/* Index of the last point at or before `at`, -1 if none. */
static int32_t find_point(const kf_audio_curve *curve, int64_t at, int32_t *cursor)
{
    int32_t k = *cursor, n = curve->count;
    if (k < -1 || k >= n) k = -1;
    bool behind = k >= 0 && at < curve->points[k].sample;
    if (!behind && (k + 1 >= n || at < curve->points[k + 1].sample)) return *cursor = k;
    int32_t lo = -1, hi = n - 1;
    while (lo < hi) {
        int32_t mid = (int32_t)(((int64_t)lo + hi + 1) / 2);
        if (mid >= 0 && curve->points[mid].sample <= at) lo = mid;
        else hi = mid - 1;
    }
    return *cursor = lo;
}

static float value_from(const kf_audio_curve *curve, int32_t k, int64_t at)
{
    if (curve->count == 0) return curve->constant;
    if (k < 0) return curve->points[0].value;
    const kf_audio_point *p = &curve->points[k];
    if (k + 1 >= curve->count || p->hold) return p->value;
    double part = (double)(at - p->sample) / (double)(p[1].sample - p->sample);
    return (float)((double)p->value + ((double)p[1].value - p->value) * part);
}

float kf_curve_at(const kf_audio_curve *curve, int64_t at, int32_t *cursor)
{
    return curve->count ? value_from(curve, find_point(curve, at, cursor), at) : curve->constant;
}

bool kf_curve_is(const kf_audio_curve *curve, float value)
{
    return curve->count == 0 && curve->constant == value;
}

/* A stretch of positions over which a curve runs straight from v0 to v1. */
typedef struct segment {
    int64_t start, end;
    float v0, v1;
} segment;

static segment segment_at(const kf_audio_curve *curve, int32_t *cursor, int64_t at)
{
    if (curve->count == 0) return (segment){at, INT64_MAX, curve->constant, curve->constant};
    int32_t k = find_point(curve, at, cursor);
    const kf_audio_point *p = curve->points;
    int64_t next = k + 1 < curve->count ? p[k + 1].sample : INT64_MAX;
    float v = value_from(curve, k, at);
    if (k < 0 || next == INT64_MAX || p[k].hold || p[k].value == p[k + 1].value) return (segment){at, next, v, v};
    int64_t start = at - (at & (KF_DSP_GRID - 1)), end = start + KF_DSP_GRID;
    if (start < p[k].sample) start = p[k].sample;
    if (end > next) end = next;
    return (segment){start, end, value_from(curve, k, start), value_from(curve, k, end)};
}

static void segment_apply(int64_t at, int32_t n, const segment *s, float g0, float g1, float *io)
{
    if (s->v0 == s->v1 || g0 == g1) kf_gain_const(g0, n, io);
    else kf_gain_ramp(g0, s->start, g1, s->end, at, n, io);
}

void kf_curve_gain(const kf_audio_curve *curve, int32_t *cursor, int64_t at, int32_t n, float *const *planes,
                   int channels)
{
    for (int32_t done = 0; done < n;) {
        segment s = segment_at(curve, cursor, at + done);
        int32_t part = s.end - (at + done) < n - done ? (int32_t)(s.end - (at + done)) : n - done;
        float g0 = kf_db_to_gain(s.v0), g1 = s.v1 == s.v0 ? g0 : kf_db_to_gain(s.v1);
        for (int c = 0; c < channels; c++) segment_apply(at + done, part, &s, g0, g1, planes[c] + done);
        done += part;
    }
}

void kf_curve_pan(const kf_audio_curve *curve, int32_t *cursor, int64_t at, int32_t n, float *const *planes,
                  int channels)
{
    if (channels != 2 || kf_curve_is(curve, 0.0f)) return;
    for (int32_t done = 0; done < n;) {
        segment s = segment_at(curve, cursor, at + done);
        int32_t part = s.end - (at + done) < n - done ? (int32_t)(s.end - (at + done)) : n - done;
        float from[2], to[2];
        kf_pan_gains(KF_PAN_BALANCE, s.v0, &from[0], &from[1]);
        kf_pan_gains(KF_PAN_BALANCE, s.v1, &to[0], &to[1]);
        for (int c = 0; c < 2; c++) segment_apply(at + done, part, &s, from[c], to[c], planes[c] + done);
        done += part;
    }
}
