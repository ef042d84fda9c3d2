/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trimming by the pointer: ends of clips, with or without ripple, and cuts; all that are chosen at once. */
#include "area.h"
#include "ops.h"

bool kt_neighbour(KerfTimelineArea *area, const kf_timeline_item *clip, bool after, kf_timeline_item *out)
{
    kf_time at = after ? clip->start + clip->duration : clip->start - 1;
    return at >= 0 && kf_timeline_at(kerf_document_film(area->document), clip->sequence, clip->track, at, out) &&
           out->kind == KF_TIMELINE_CLIP;
}

static char *operations(KerfTimelineArea *area)
{
    return area->drag.by ? kt_chosen_operations(area, area->drag.by) : NULL;
}

static void describe(KerfTimelineArea *area, char *text, size_t size)
{
    char by[40], length[40];
    kf_timeline_item now;
    kt_edge edge;
    kt_describe_time(area, area->drag.by, by, sizeof by);
    bool found = kt_chosen_lead(area, &edge) && kerf_document_find(area->document, edge.clip, &now);
    kt_describe_time(area, found ? now.duration : 0, length, sizeof length);
    int used = g_snprintf(text, size, "%s   length %s", by, length + (*length == '+'));
    if (area->chosen.count > 1) g_snprintf(text + used, size - used, "   %d ends", area->chosen.count);
}

static const kt_action actions[] = {
    [KT_EDGE_TRIMS] = {.label = "Trim", .operations = operations, .describe = describe, .sides = kt_sides_of_chosen,
                       .stops_at_limit = true},
    [KT_EDGE_RIPPLES] = {.label = "Ripple Trim", .operations = operations, .describe = describe,
                         .sides = kt_sides_of_chosen, .stops_at_limit = true},
    [KT_EDGE_ROLLS] = {.label = "Roll", .operations = operations, .sides = kt_sides_of_chosen, .stops_at_limit = true},
};

/* Ends that move with the drag: they snap, and are not snapped to. */
static void add_chosen(KerfTimelineArea *area)
{
    for (int i = area->chosen.count - 1; i >= 0; i--) { /* the leading one first */
        const kt_edge *edge = &area->chosen.edges[i];
        kf_timeline_item clip, after;
        if (!kerf_document_find(area->document, edge->clip, &clip)) continue;
        kt_drag_add_id(area, clip.id);
        if (edge->kind == KT_EDGE_ROLLS && kt_neighbour(area, &clip, true, &after)) kt_drag_add_id(area, after.id);
        kt_drag_add_edge(area, kt_edge_time(area, edge, &clip));
    }
}

void kt_trim_press(KerfTimelineArea *area, const kt_hit *hit, int kind)
{
    kt_edge edge = kt_edge_make(area, &hit->item, hit->zone == KT_ZONE_TAIL, kind);
    if (kt_drag_with(area->modifiers, GDK_SHIFT_MASK)) {
        kt_chosen_toggle(area, &edge);
        return;
    }
    kt_chosen_press(area, &edge);
    kt_drag_begin(area, &actions[edge.kind], hit);
    add_chosen(area);
}

void kt_trim_edit_at(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_edge edge = kt_edge_make(area, &hit->item, hit->zone == KT_ZONE_TAIL, KT_EDGE_ROLLS);
    area->chosen.count = 0;
    kt_chosen_toggle(area, &edge);
    kt_chosen_show(area, true);
}
