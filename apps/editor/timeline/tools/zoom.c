/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A click zooms in, Alt+click out; a dragged box is what is seen then. */
#include <math.h>

#include "area.h"

static void moved(KerfTimelineArea *area)
{
    double from = kt_view_x(&area->view, area->drag.start.time);
    area->marks.marquee =
        (kt_rect){MIN(from, area->drag.x), KT_RULER, fabs(area->drag.x - from), area->view.height - KT_RULER};
}

static void ended(KerfTimelineArea *area, bool cancelled)
{
    const kt_drag *drag = &area->drag;
    if (cancelled) return;
    if (!drag->moved) {
        bool out = kt_drag_with(drag->start_modifiers, GDK_ALT_MASK);
        kerf_timeline_area_zoom(area, out ? 0.5 : 2, drag->x);
        return;
    }
    kf_time now = kt_view_time(&area->view, drag->x);
    kt_view_fit(&area->view, MIN(now, drag->start.time), MAX(now, drag->start.time), kerf_timeline_area_frame(area));
    kerf_timeline_area_view_changed(area);
}

static const kt_action box = {.moved = moved, .ended = ended, .free_time = true};

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    return (kt_hint){kt_drag_with(area->modifiers, GDK_ALT_MASK) ? "zoom-out" : "zoom-in", KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &box, hit);
}

const kt_tool kt_tool_zoom = {
    .id = "zoom", .label = "Zoom Tool", .icon = "kerf-tool-zoom-symbolic", .keys = "z", .hint = hint, .press = press,
};
