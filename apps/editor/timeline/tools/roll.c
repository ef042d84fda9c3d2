/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moves a cut. */
#include "area.h"

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    bool end = hit->zone == KT_ZONE_HEAD || hit->zone == KT_ZONE_TAIL;
    return (kt_hint){end ? "roll" : "default", end ? KT_EDGE_ROLL : KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (!kt_hit_on_clip(hit)) return;
    kt_hit end = *hit;
    bool tail = hit->time - hit->item.start > hit->item.duration / 2;
    if (hit->zone != KT_ZONE_HEAD && hit->zone != KT_ZONE_TAIL) end.zone = tail ? KT_ZONE_TAIL : KT_ZONE_HEAD;
    kt_select_end(area, &end);
    kt_trim_press(area, &end, KT_EDGE_ROLLS);
}

const kt_tool kt_tool_roll = {
    .id = "roll",
    .label = "Rolling Edit Tool",
    .icon = "kerf-tool-roll-symbolic",
    .keys = "n",
    .hint = hint,
    .press = press,
};
