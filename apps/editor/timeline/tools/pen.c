/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keyframes on the rubber band: a click on the line makes one, dragging moves it, Ctrl+click on one changes the way to
 * the next, Alt+click takes it away. */
#include "area.h"
#include "ops.h"
#include "paint.h"

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    bool line = hit->zone == KT_ZONE_BAND, key = hit->zone == KT_ZONE_KEY;
    bool away = key && kt_drag_with(area->modifiers, GDK_ALT_MASK);
    return (kt_hint){away ? "pen-remove" : line ? "pen-add" : key ? "pointer" : "pen", KT_EDGE_NONE};
}

static void add_key(KerfTimelineArea *area, const kt_hit *hit)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_param_now now;
    kf_time at = kf_sequence_frame_time(info, kf_sequence_frame(info, hit->time)) - hit->item.start;
    if (!kf_film_param(kerf_document_film(area->document), &place, param, at, &now)) return;
    uint64_t clip = hit->item.id; /* texts and places are others after the edit */
    kerf_document_edit(area->document, "Add Keyframe",
                       kerf_json_operation("set_key",
                                           "\"clip\": " KT_ID ", \"field\": \"%s\", \"at\": %s, \"value\": %s", clip,
                                           param, kerf_json_time(MAX(at, 0)).text, kt_ops_number(now.number[0]).text));
    const kt_hit_query query = kerf_timeline_area_query(area);
    kt_hit again = kt_hit_at(&query, hit->x, hit->y);
    if (again.zone == KT_ZONE_KEY) kt_key_begin(area, &again);
}

static void turn_key(KerfTimelineArea *area, const kt_hit *hit, bool remove)
{
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_key_info key;
    if (!kf_film_param_key(kerf_document_film(area->document), &place, param, hit->key, &key)) return;
    const KerfTimeText at = kerf_json_time(key.time);
    if (remove) {
        kerf_document_edit(area->document, "Remove Keyframe",
                           kerf_json_operation("remove_key", "\"clip\": " KT_ID ", \"field\": \"%s\", \"at\": %s",
                                               hit->item.id, param, at.text));
        return;
    }
    static const char *const next[] = {[KF_KEY_HOLD] = "linear", [KF_KEY_LINEAR] = "ease", [KF_KEY_BEZIER] = "hold"};
    kerf_document_edit(area->document, "Keyframe Interpolation",
                       kerf_json_operation("set_key",
                                           "\"clip\": " KT_ID ", \"field\": \"%s\", \"at\": %s, \"value\": %s, "
                                           "\"interp\": \"%s\"",
                                           hit->item.id, param, at.text, kt_ops_number(key.value[0]).text,
                                           next[key.interp]));
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (hit->zone == KT_ZONE_BAND) {
        kt_select_pressed(area, hit);
        add_key(area, hit);
    } else if (hit->zone == KT_ZONE_KEY && kt_drag_with(area->modifiers, GDK_CONTROL_MASK | GDK_ALT_MASK)) {
        turn_key(area, hit, kt_drag_with(area->modifiers, GDK_ALT_MASK));
    } else if (hit->zone == KT_ZONE_KEY) {
        kt_key_begin(area, hit);
    } else if (kt_hit_on_clip(hit)) {
        kt_select_pressed(area, hit);
    }
}

const kt_tool kt_tool_pen = {
    .id = "pen", .label = "Pen Tool", .icon = "kerf-tool-pen-symbolic", .keys = "p", .hint = hint, .press = press,
};
