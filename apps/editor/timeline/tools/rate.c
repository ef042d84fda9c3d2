/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stretches a clip: the same source in another length. */
#include "area.h"
#include "ops.h"

static bool at_tail(const kt_drag *drag)
{
    return drag->start.zone == KT_ZONE_TAIL;
}

static kf_time new_length(const kt_drag *drag)
{
    return drag->start.item.duration + (at_tail(drag) ? drag->by : -drag->by);
}

/* At the head: the clip is stretched at its tail and moved, in the order that leaves its neighbours alone. */
static char *operations(KerfTimelineArea *area)
{
    const kt_drag *drag = &area->drag;
    uint64_t id = drag->start.item.id;
    if (!drag->by) return NULL;
    char *stretch = kerf_json_operation("rate_stretch", "\"clip\": " KT_ID ", \"duration\": %s, \"linked\": %s", id,
                                        kerf_json_time(new_length(drag)).text, kt_linked(area));
    if (at_tail(drag)) return stretch;
    const kt_move_ops place = {.ids = &id, .count = 1, .by = drag->by, .linked = kt_linked(area)};
    char *move = kt_ops_move(&place);
    return drag->by < 0 ? kt_ops_join(move, stretch) : kt_ops_join(stretch, move);
}

static void describe(KerfTimelineArea *area, char *text, size_t size)
{
    const kf_timeline_item *clip = &area->drag.start.item;
    double speed = clip->speed.den ? 100.0 * clip->speed.num / clip->speed.den : 100;
    g_snprintf(text, size, "%.1f%%", speed * (double)clip->duration / (double)MAX(new_length(&area->drag), 1));
}

static const kt_action stretch = {
    .label = "Rate Stretch", .operations = operations, .describe = describe, .stops_at_limit = true,
};

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    if (hit->zone == KT_ZONE_HEAD) return (kt_hint){"rate", KT_EDGE_HEAD};
    return (kt_hint){hit->zone == KT_ZONE_TAIL ? "rate" : "default",
                     hit->zone == KT_ZONE_TAIL ? KT_EDGE_TAIL : KT_EDGE_NONE};
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    if (hit->zone != KT_ZONE_HEAD && hit->zone != KT_ZONE_TAIL) return;
    kt_select_pressed(area, hit);
    kt_drag_begin(area, &stretch, hit);
    kt_drag_add_id(area, hit->item.id);
    kt_drag_add_edge(area, at_tail(&area->drag) ? hit->item.start + hit->item.duration : hit->item.start);
}

const kt_tool kt_tool_rate = {
    .id = "rate-stretch", .label = "Rate Stretch Tool", .icon = "kerf-tool-rate-symbolic", .keys = "r", .hint = hint,
    .press = press,
};
