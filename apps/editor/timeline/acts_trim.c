/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trimming by the pointer: an end of a clip, with or without ripple, and a cut. */
#include "area.h"
#include "ops.h"

enum { RIPPLE = 1, TAIL = 2 }; /* of drag.part */

bool kt_neighbour(KerfTimelineArea *area, const kf_timeline_item *clip, bool after, kf_timeline_item *out)
{
    kf_time at = after ? clip->start + clip->duration : clip->start - 1;
    return at >= 0 && kf_timeline_at(kerf_document_film(area->document), clip->sequence, clip->track, at, out) &&
           out->kind == KF_TIMELINE_CLIP;
}

/* Shows the end where it is by now. */
static void show_edge(KerfTimelineArea *area, uint64_t clip, bool tail, kt_edge_kind kind)
{
    kf_timeline_item now;
    if (!kerf_document_find(area->document, clip, &now)) return;
    area->marks.edge = kind;
    area->marks.edge_time = tail ? now.start + now.duration : now.start;
    area->marks.edge_track = now.track;
    area->marks.ripple =
        area->drag.action && area->drag.action->label && area->drag.part & RIPPLE && kind != KT_EDGE_ROLL;
}

/* ---- Trim ---- */

static char *trim_operations(KerfTimelineArea *area)
{
    const kt_drag *drag = &area->drag;
    if (!drag->by) return NULL;
    return kt_ops_trim(drag->start.item.id, !(drag->part & TAIL), drag->by, drag->part & RIPPLE, kt_linked(area));
}

static void trim_moved(KerfTimelineArea *area)
{
    bool tail = area->drag.part & TAIL;
    show_edge(area, area->drag.start.item.id, tail, tail ? KT_EDGE_TAIL : KT_EDGE_HEAD);
}

static void trim_describe(KerfTimelineArea *area, char *text, size_t size)
{
    char by[40], length[40];
    kf_timeline_item now;
    kt_describe_time(area, area->drag.by, by, sizeof by);
    bool found = kerf_document_find(area->document, area->drag.start.item.id, &now);
    kt_describe_time(area, found ? now.duration : 0, length, sizeof length);
    g_snprintf(text, size, "%s   length %s", by, length + (*length == '+'));
}

static const kt_action trim = {
    .label = "Trim",
    .operations = trim_operations,
    .moved = trim_moved,
    .describe = trim_describe,
    .stops_at_limit = true,
};
static const kt_action ripple_trim = {
    .label = "Ripple Trim", .operations = trim_operations, .moved = trim_moved, .describe = trim_describe,
    .stops_at_limit = true,
};

void kt_trim_begin(KerfTimelineArea *area, const kt_hit *hit, bool ripple)
{
    bool tail = hit->zone == KT_ZONE_TAIL;
    area->edge = (kt_edge){hit->item.id, tail, ripple ? KT_EDGE_RIPPLES : KT_EDGE_TRIMS};
    kt_drag_begin(area, ripple ? &ripple_trim : &trim, hit);
    area->drag.part = (ripple ? RIPPLE : 0) | (tail ? TAIL : 0);
    kt_drag_add_id(area, hit->item.id);
    kt_drag_add_edge(area, tail ? hit->item.start + hit->item.duration : hit->item.start);
    trim_moved(area);
}

/* ---- Roll ---- */

static char *roll_operations(KerfTimelineArea *area)
{
    return area->drag.by ? kt_ops_roll(area->drag.start.item.id, area->drag.by, kt_linked(area)) : NULL;
}

static void roll_moved(KerfTimelineArea *area)
{
    show_edge(area, area->drag.start.item.id, true, KT_EDGE_ROLL);
}

static const kt_action roll = {
    .label = "Roll", .operations = roll_operations, .moved = roll_moved, .stops_at_limit = true,
};

/* The clip of the drag is the one before the cut. */
void kt_roll_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_hit cut = *hit;
    if (hit->zone == KT_ZONE_HEAD && !kt_neighbour(area, &hit->item, false, &cut.item)) {
        kt_trim_begin(area, hit, false);
        return;
    }
    kf_timeline_item after;
    if (hit->zone == KT_ZONE_TAIL && !kt_neighbour(area, &hit->item, true, &after)) {
        kt_trim_begin(area, hit, false);
        return;
    }
    area->edge = (kt_edge){cut.item.id, true, KT_EDGE_ROLLS};
    kt_drag_begin(area, &roll, &cut);
    kt_drag_add_id(area, cut.item.id);
    if (kt_neighbour(area, &cut.item, true, &after)) kt_drag_add_id(area, after.id);
    kt_drag_add_edge(area, cut.item.start + cut.item.duration);
    roll_moved(area);
}
