/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Selects, moves, and trims where ends are; Ctrl on an end ripples, Ctrl on a cut rolls. */
#include "area.h"

static bool on_cut(KerfTimelineArea *area, const kt_hit *hit)
{
    kf_timeline_item other;
    bool tail = hit->zone == KT_ZONE_TAIL;
    double x = kt_view_x(&area->view, tail ? hit->item.start + hit->item.duration : hit->item.start);
    return ABS(x - hit->x) <= 2.5 && kt_neighbour(area, &hit->item, tail, &other);
}

static kt_hint end_hint(KerfTimelineArea *area, const kt_hit *hit)
{
    bool tail = hit->zone == KT_ZONE_TAIL, control = kt_drag_with(area->modifiers, GDK_CONTROL_MASK);
    kt_edge_kind edge = tail ? KT_EDGE_TAIL : KT_EDGE_HEAD;
    if (control && on_cut(area, hit)) return (kt_hint){"roll", KT_EDGE_ROLL};
    if (control) return (kt_hint){tail ? "ripple-tail" : "ripple-head", edge};
    return (kt_hint){tail ? "trim-tail" : "trim-head", edge};
}

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    switch (hit->zone) {
    case KT_ZONE_HEAD:
    case KT_ZONE_TAIL: return end_hint(area, hit);
    case KT_ZONE_TRANSITION_HEAD: return (kt_hint){"trim-head", KT_EDGE_NONE};
    case KT_ZONE_TRANSITION_TAIL: return (kt_hint){"trim-tail", KT_EDGE_NONE};
    case KT_ZONE_BAND: return (kt_hint){"ns-resize", KT_EDGE_NONE};
    case KT_ZONE_KEY: return (kt_hint){"pointer", KT_EDGE_NONE};
    case KT_ZONE_FADE_IN:
    case KT_ZONE_FADE_OUT: return (kt_hint){"ew-resize", KT_EDGE_NONE};
    default: return (kt_hint){"default", KT_EDGE_NONE};
    }
}

static void press_end(KerfTimelineArea *area, const kt_hit *hit)
{
    bool control = kt_drag_with(area->modifiers, GDK_CONTROL_MASK);
    kt_select_end(area, hit);
    kt_trim_press(area, hit, !control ? KT_EDGE_TRIMS : on_cut(area, hit) ? KT_EDGE_ROLLS : KT_EDGE_RIPPLES);
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    switch (hit->zone) {
    case KT_ZONE_HEAD:
    case KT_ZONE_TAIL: press_end(area, hit); break;
    case KT_ZONE_BAND:
        kt_select_pressed(area, hit);
        kt_band_begin(area, hit);
        break;
    case KT_ZONE_KEY: kt_key_begin(area, hit); break;
    case KT_ZONE_FADE_IN:
    case KT_ZONE_FADE_OUT: kt_fade_begin(area, hit); break;
    case KT_ZONE_CLIP:
        if (kt_select_pressed(area, hit)) kt_move_begin(area, hit);
        break;
    case KT_ZONE_TRANSITION:
    case KT_ZONE_TRANSITION_HEAD:
    case KT_ZONE_TRANSITION_TAIL:
        if (kt_select_pressed(area, hit)) kt_transition_begin(area, hit);
        break;
    default: kt_marquee_begin(area, hit);
    }
}

const kt_tool kt_tool_select = {
    .id = "select",
    .label = "Selection Tool",
    .icon = "kerf-tool-select-symbolic",
    .keys = "v",
    .hint = hint,
    .press = press,
};
