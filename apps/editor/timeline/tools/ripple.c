/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moves an end, and what follows along. */
#include "area.h"

/* The half of the clip says which end, wherever it is pressed. */
static kt_hit nearest_end(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_hit end = *hit;
    bool tail = hit->time - hit->item.start > hit->item.duration / 2;
    if (hit->zone != KT_ZONE_HEAD && hit->zone != KT_ZONE_TAIL) end.zone = tail ? KT_ZONE_TAIL : KT_ZONE_HEAD;
    return end;
}

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    if (hit->zone == KT_ZONE_HEAD) return (kt_hint){"ripple-head", KT_EDGE_HEAD};
    if (hit->zone == KT_ZONE_TAIL) return (kt_hint){"ripple-tail", KT_EDGE_TAIL};
    return (kt_hint){kt_hit_on_clip(hit) ? "ripple-tail" : "default", KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (!kt_hit_on_clip(hit)) return;
    kt_hit end = nearest_end(area, hit);
    kt_select_end(area, &end);
    kt_trim_press(area, &end, KT_EDGE_RIPPLES);
}

const kt_tool kt_tool_ripple = {
    .id = "ripple", .label = "Ripple Edit Tool", .icon = "kerf-tool-ripple-symbolic", .keys = "b", .hint = hint,
    .press = press,
};
