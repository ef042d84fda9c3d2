/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dragging what a clip shows on itself: its rubber band, keyframes, fades; and the ends of transitions. */
#include <math.h>

#include "area.h"
#include "ops.h"
#include "paint.h"

enum { HEAD, TAIL, WHOLE };

/* By how much of the body's height the pointer has moved up. */
static double lifted(KerfTimelineArea *area)
{
    const kt_painter painter = {.height = area->drag.start.row.height};
    double top, bottom;
    kt_paint_body(&painter, &top, &bottom);
    return (area->drag.start.y - area->drag.y) / MAX(bottom - top - 6, 1);
}

static double moved_value(KerfTimelineArea *area, double from)
{
    bool audio = area->drag.start.row.audio;
    double value = kt_band_value(audio, kt_band_position(audio, from) + lifted(area));
    if (audio && fabs(value) < 0.4) value = 0; /* unity holds a little */
    return audio ? round(value * 10) / 10 : round(value * 1000) / 1000;
}

static void band_describe(KerfTimelineArea *area, char *text, size_t size)
{
    double value = moved_value(area, area->drag.value);
    if (!area->drag.start.row.audio) {
        g_snprintf(text, size, "opacity %.0f%%", value * 100);
    } else if (value <= -96) {
        g_snprintf(text, size, "gain −∞ dB");
    } else {
        g_snprintf(text, size, "gain %+.1f dB", value);
    }
}

/* ---- Band ---- */

static char *set_key(KerfTimelineArea *area, kf_time at, double value)
{
    const kt_hit *hit = &area->drag.start;
    const char *param;
    kt_band_place(&hit->item, hit->row.audio, &param);
    return kerf_json_operation("set_key", "\"clip\": " KT_ID ", \"field\": \"%s\", \"at\": %s, \"value\": %s",
                               hit->item.id, param, kerf_json_time(at).text, kt_ops_number(value).text);
}

/* The keyframes to both sides of where it was grabbed, up or down together. */
static char *lift_keys(KerfTimelineArea *area, int32_t count)
{
    const kt_hit *hit = &area->drag.start;
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_key_info before = {0}, key;
    char *operations = NULL;
    for (int32_t i = 0; i < count && kf_film_param_key(area->drag.film, &place, param, i, &key); i++) {
        bool after = key.time > hit->time - hit->item.start;
        if (after && i > 0)
            operations = kt_ops_join(operations, set_key(area, before.time, moved_value(area, before.value[0])));
        if (after || i == count - 1)
            return kt_ops_join(operations, set_key(area, key.time, moved_value(area, key.value[0])));
        before = key;
    }
    return operations;
}

static char *band_operations(KerfTimelineArea *area)
{
    const kt_hit *hit = &area->drag.start;
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_param_now now;
    if (kf_film_param(area->drag.film, &place, param, 0, &now) && now.keys > 0) return lift_keys(area, now.keys);
    kt_number value = kt_ops_number(moved_value(area, area->drag.value));
    return kt_ops_set_clips(&hit->item.id, 1, param, value.text);
}

static const kt_action band = {
    .label = "Level",
    .cursor = "ns-resize",
    .operations = band_operations,
    .describe = band_describe,
    .free_time = true,
};

void kt_band_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &band, hit);
    const char *param;
    kf_param_place place = kt_band_place(&area->drag.start.item, hit->row.audio, &param);
    kf_param_now now;
    if (kf_film_param(area->drag.film, &place, param, hit->time - hit->item.start, &now))
        area->drag.value = now.number[0];
}

/* ---- Keyframes ---- */

static char *key_operations(KerfTimelineArea *area)
{
    const kt_hit *hit = &area->drag.start;
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_key_info key;
    if (!kf_film_param_key(area->drag.film, &place, param, hit->key, &key)) return NULL;
    kf_time at = CLAMP(key.time + area->drag.by, 0, hit->item.duration);
    char *put = set_key(area, at, moved_value(area, key.value[0]));
    if (at == key.time) return put;
    char *take = kerf_json_operation("remove_key", "\"clip\": " KT_ID ", \"field\": \"%s\", \"at\": %s", hit->item.id,
                                     param, kerf_json_time(key.time).text);
    return kt_ops_join(put, take); /* put first: the last keyframe would leave a constant */
}

static const kt_action key = {.label = "Move Keyframe", .operations = key_operations, .describe = band_describe};

void kt_key_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &key, hit);
    const char *param;
    kf_param_place place = kt_band_place(&area->drag.start.item, hit->row.audio, &param);
    kf_key_info info;
    if (!kf_film_param_key(area->drag.film, &place, param, hit->key, &info)) return;
    area->drag.value = info.value[0];
    kt_drag_add_edge(area, hit->item.start + info.time);
}

/* ---- Fades ---- */

static kf_time fade_length(KerfTimelineArea *area)
{
    const kf_timeline_item *clip = &area->drag.start.item;
    bool in = area->drag.start.zone == KT_ZONE_FADE_IN;
    kf_time length = in ? clip->fade_in + area->drag.by : clip->fade_out - area->drag.by;
    return CLAMP(length, 0, clip->duration);
}

static char *fade_operations(KerfTimelineArea *area)
{
    const char *field = area->drag.start.zone == KT_ZONE_FADE_IN ? "fade_in" : "fade_out";
    return kt_ops_set_clips(&area->drag.start.item.id, 1, field, kerf_json_time(fade_length(area)).text);
}

static void fade_describe(KerfTimelineArea *area, char *text, size_t size)
{
    char length[40];
    kt_describe_time(area, fade_length(area), length, sizeof length);
    g_snprintf(text, size, "fade %s", length + (*length == '+'));
}

static const kt_action fade = {
    .label = "Fade",
    .cursor = "ew-resize",
    .operations = fade_operations,
    .describe = fade_describe,
    .stops_at_limit = true,
};

void kt_fade_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    const kf_timeline_item *clip = &hit->item;
    kt_drag_begin(area, &fade, hit);
    bool in = hit->zone == KT_ZONE_FADE_IN;
    kt_drag_add_edge(area, in ? clip->start + clip->fade_in : clip->start + clip->duration - clip->fade_out);
}

/* ---- Transitions ---- */

static char *transition_operations(KerfTimelineArea *area)
{
    const kf_timeline_item *item = &area->drag.start.item;
    kf_time start = item->start, end = item->start + item->duration;
    if (!area->drag.by) return NULL;
    if (area->drag.part != TAIL) start = MIN(start + area->drag.by, item->cut);
    if (area->drag.part != HEAD) end = MAX(end + area->drag.by, item->cut);
    if (area->drag.part == WHOLE) { /* the cut stays within it */
        start = CLAMP(item->start + area->drag.by, item->cut - item->duration, item->cut);
        end = start + item->duration;
    }
    return kerf_json_operation("set_transition",
                               "\"transition\": " KT_ID ", \"set\": {\"duration\": %s, \"before\": %s}", item->id,
                               kerf_json_time(end - start).text, kerf_json_time(item->cut - start).text);
}

static const kt_action transition = {
    .label = "Trim Transition", .operations = transition_operations, .stops_at_limit = true,
};

void kt_transition_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &transition, hit);
    area->drag.part = hit->zone == KT_ZONE_TRANSITION_HEAD ? HEAD : hit->zone == KT_ZONE_TRANSITION_TAIL ? TAIL : WHOLE;
    bool tail = area->drag.part == TAIL;
    kt_drag_add_edge(area, tail ? hit->item.start + hit->item.duration : hit->item.start);
}
