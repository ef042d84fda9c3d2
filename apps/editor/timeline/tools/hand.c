/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scrolls by dragging. */
#include "area.h"

static void moved(KerfTimelineArea *area)
{
    kt_drag *drag = &area->drag;
    double dy = drag->y - drag->value;
    drag->value = drag->y;
    kt_view_scroll_to(&area->view, drag->start.time - kt_view_span(&area->view, drag->x));
    if (drag->start.on_row && drag->start.row.audio) {
        area->view.audio_scroll -= dy;
    } else {
        area->view.video_scroll += dy;
    }
    kerf_timeline_area_view_changed(area);
}

static const kt_action drag_view = {.cursor = "grabbing", .moved = moved, .free_time = true};

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    return (kt_hint){"grab", KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &drag_view, hit);
    area->drag.value = hit->y;
}

const kt_tool kt_tool_hand = {
    .id = "hand", .label = "Hand Tool", .icon = "kerf-tool-hand-symbolic", .keys = "h", .hint = hint, .press = press,
};
