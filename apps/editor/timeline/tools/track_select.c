/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Selects all from a place on, to move it; Shift: of one track only. */
#include "area.h"

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    return (kt_hint){kt_drag_with(area->modifiers, GDK_SHIFT_MASK) ? "track-select-one" : "track-select", KT_EDGE_NONE};
}

static bool add(void *context, const kf_timeline_item *item)
{
    if (item->kind == KF_TIMELINE_CLIP) g_array_append_val((GArray *)context, item->id);
    return true;
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    bool one = kt_drag_with(area->modifiers, GDK_SHIFT_MASK);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    kf_time from = kt_hit_on_clip(hit) ? hit->item.start : hit->time;
    for (int32_t i = 0; i < area->view.row_count; i++) {
        const kt_row *row = &area->view.rows[i];
        if (one && !(hit->on_row && row->track == hit->row.track)) continue;
        const kf_timeline_range range = {
            kerf_document_sequence(area->document), row->track, from, INT64_MAX / 2, 0, false};
        kf_timeline_each(kerf_document_film(area->document), &range, add, ids);
    }
    kerf_document_select(area->document, (const uint64_t *)ids->data, ids->len);
    if (!kt_hit_on_clip(hit)) return;
    kerf_document_set_focus(area->document, hit->item.id);
    kt_move_begin(area, hit);
    area->drag.part = 1; /* a click leaves all of them selected */
}

const kt_tool kt_tool_track_select = {
    .id = "track-select",
    .label = "Track Select Tool",
    .icon = "kerf-tool-track-select-symbolic",
    .keys = "a",
    .hint = hint,
    .press = press,
};
