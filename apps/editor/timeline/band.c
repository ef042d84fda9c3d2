/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rubber band of clips: opacity of pictures, gain of sound, with their keyframes. */
#include "paint.h"

#include <math.h>

static const double UNITY = 0.75, SILENCE = -96; /* where 0 dB lies; dB of the lowest position */
enum { MAX_KEYS = 256, PAD = 3 };

double kt_band_position(bool audio, double value)
{
    if (!audio) return CLAMP(value, 0, 1);
    return value <= SILENCE ? 0 : CLAMP(UNITY * pow(10, value / 60), 0, 1);
}

double kt_band_value(bool audio, double position)
{
    position = CLAMP(position, 0, 1);
    if (!audio) return position;
    return position < 0.02 ? SILENCE : 60 * log10(position / UNITY);
}

kf_param_place kt_band_place(const kf_timeline_item *clip, bool audio, const char **param)
{
    *param = audio ? "gain" : "opacity";
    return (kf_param_place){.item = clip, .group = audio ? KF_PARAMS_AUDIO : KF_PARAMS_VIDEO};
}

static void segment(kt_painter *painter, kf_time from, kf_time to, double left, double right)
{
    double top, bottom;
    kt_paint_body(painter, &top, &bottom);
    kt_quad *line = kt_paint_span(painter, KT_LINE, from, to, top + PAD, bottom - PAD,
                                  kt_alpha(painter->theme->band, 0.8));
    line->v0 = (uint16_t)(left * 65535);
    line->v1 = (uint16_t)(right * 65535);
    line->param = 2;
}

static void key(kt_painter *painter, kf_time at, double position)
{
    double top, bottom;
    kt_paint_body(painter, &top, &bottom);
    double y = bottom - PAD - position * (bottom - top - 2 * PAD);
    kt_quad *diamond = kt_paint_span(painter, KT_DIAMOND, at, at, y - 4, y + 4, painter->theme->key);
    diamond->x0 = -4;
    diamond->x1 = 4;
    diamond->border = kt_rgb(0x2a2618);
}

static double position_at(const kt_painter *painter, const kf_timeline_item *clip, kf_time t)
{
    const char *param;
    kf_param_place place = kt_band_place(clip, painter->audio, &param);
    kf_param_now now;
    bool found = kf_film_param(painter->film, &place, param, t, &now);
    return kt_band_position(painter->audio, found ? now.number[0] : painter->audio ? 0 : 1);
}

/* The way from one key to the next; bent ones in a few straight pieces. */
static void way(kt_painter *painter, const kf_timeline_item *clip, const kf_key_info *a, const kf_key_info *b)
{
    double from = kt_band_position(painter->audio, a->value[0]), to = kt_band_position(painter->audio, b->value[0]);
    kf_time start = clip->start + a->time, end = clip->start + b->time;
    if (a->interp == KF_KEY_HOLD) {
        segment(painter, start, end, from, from);
        return;
    }
    int pieces = a->interp == KF_KEY_LINEAR && !painter->audio ? 1 : 8;
    double last = from;
    for (int i = 1; i <= pieces; i++) {
        kf_time t = a->time + (b->time - a->time) * i / pieces,
                before = a->time + (b->time - a->time) * (i - 1) / pieces;
        double now = i == pieces ? to : position_at(painter, clip, t);
        segment(painter, clip->start + before, clip->start + t, last, now);
        last = now;
    }
}

static void paint_keys(kt_painter *painter, const kf_timeline_item *clip, int32_t count)
{
    const char *param;
    kf_param_place place = kt_band_place(clip, painter->audio, &param);
    kf_key_info before, now;
    for (int32_t i = 0; i < count && i < MAX_KEYS && kf_film_param_key(painter->film, &place, param, i, &now); i++) {
        double position = kt_band_position(painter->audio, now.value[0]);
        if (i == 0) segment(painter, clip->start, clip->start + now.time, position, position);
        if (i > 0) way(painter, clip, &before, &now);
        if (i == count - 1) segment(painter, clip->start + now.time, clip->start + clip->duration, position, position);
        before = now;
    }
    for (int32_t i = 0; i < count && i < MAX_KEYS && kf_film_param_key(painter->film, &place, param, i, &now); i++) {
        key(painter, clip->start + now.time, kt_band_position(painter->audio, now.value[0]));
    }
}

void kt_paint_band(kt_painter *painter, const kf_timeline_item *clip)
{
    if (painter->height < KT_BAND_FROM) return;
    const char *param;
    kf_param_place place = kt_band_place(clip, painter->audio, &param);
    kf_param_now now;
    if (!kf_film_param(painter->film, &place, param, 0, &now)) return;
    uint32_t first = painter->list->count;
    if (now.keys > 0) {
        paint_keys(painter, clip, now.keys);
    } else {
        double position = kt_band_position(painter->audio, now.number[0]);
        segment(painter, clip->start, clip->start + clip->duration, position, position);
    }
    for (uint32_t i = first; i < painter->list->count; i++) {
        painter->list->quads[i].c0 = kt_paint_time(painter, clip->start);
        painter->list->quads[i].c1 = kt_paint_time(painter, clip->start + clip->duration);
    }
}
