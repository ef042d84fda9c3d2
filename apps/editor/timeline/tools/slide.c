/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moves a clip between its neighbours, which get longer and shorter. */
#include "area.h"
#include "ops.h"

static char *operations(KerfTimelineArea *area)
{
    const kt_drag *drag = &area->drag;
    return drag->by ? kt_ops_slide(drag->start.item.id, drag->by, kt_linked(area)) : NULL;
}

static bool sides(KerfTimelineArea *area, KerfSides *out)
{
    return kt_sides_of_neighbours(area, area->drag.start.item.id, out);
}

static const kt_action slide = {.label = "Slide", .operations = operations, .sides = sides, .stops_at_limit = true};

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    return (kt_hint){kt_hit_on_clip(hit) ? "slide" : "default", KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (!kt_hit_on_clip(hit)) return;
    kt_select_pressed(area, hit);
    kt_drag_begin(area, &slide, hit);
    kt_drag_add_id(area, hit->item.id);
    kt_drag_add_edge(area, hit->item.start);
    kt_drag_add_edge(area, hit->item.start + hit->item.duration);
}

const kt_tool kt_tool_slide = {
    .id = "slide", .label = "Slide Tool", .icon = "kerf-tool-slide-symbolic", .keys = "u", .hint = hint, .press = press,
};
