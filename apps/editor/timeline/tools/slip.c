/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows another part of the source in the same place. */
#include "area.h"
#include "ops.h"

static char *operations(KerfTimelineArea *area)
{
    const kt_drag *drag = &area->drag;
    return drag->by ? kt_ops_slip(drag->start.item.id, -drag->by, kt_linked(area)) : NULL;
}

static bool sides(KerfTimelineArea *area, KerfSides *out)
{
    return kt_sides_of_clip(area, area->drag.start.item.id, out);
}

static const kt_action slip = {.label = "Slip", .operations = operations, .sides = sides, .stops_at_limit = true};

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    return (kt_hint){kt_hit_on_clip(hit) ? "slip" : "default", KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (!kt_hit_on_clip(hit)) return;
    kt_select_pressed(area, hit);
    kt_drag_begin(area, &slip, hit);
    kt_drag_add_id(area, hit->item.id);
}

const kt_tool kt_tool_slip = {
    .id = "slip", .label = "Slip Tool", .icon = "kerf-tool-slip-symbolic", .keys = "y", .hint = hint, .press = press,
};
