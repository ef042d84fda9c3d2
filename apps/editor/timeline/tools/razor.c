/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cuts a clip, and those linked to it, where it is pressed; Shift: all tracks. */
#include "area.h"
#include "ops.h"

static kf_time cut_time(KerfTimelineArea *area, kf_time at)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    const kf_snap_params params = {.sequence = kerf_document_sequence(area->document), .time = at,
                                   .tolerance = kt_view_span(&area->view, 7),
                                   .playhead = kerf_document_playhead(area->document)};
    bool snap = kerf_document_mode(area->document, KERF_MODE_SNAP);
    if (snap && kf_timeline_snap(kerf_document_film(area->document), &params, &at)) return at;
    return kf_sequence_frame_time(info, kf_sequence_frame(info, at + kerf_timeline_area_frame(area) / 2));
}

static kt_hint hint(KerfTimelineArea *area, const kt_hit *hit)
{
    bool all = kt_drag_with(area->modifiers, GDK_SHIFT_MASK);
    area->marks.razor = kt_hit_on_clip(hit) || (all && hit->on_row) ? cut_time(area, hit->time) : KF_TIME_NONE;
    area->marks.razor_all = all;
    area->marks.razor_track = hit->on_row ? hit->row.track : -1;
    return (kt_hint){"razor", KT_EDGE_NONE};
}

/* "#3,#4": the track of the clip and those of the clips linked to it. */
static char *tracks_of(KerfTimelineArea *area, const kt_hit *hit)
{
    GString *list = g_string_new(NULL);
    g_string_append_printf(list, "#" KT_ID, hit->row.uid);
    uint64_t ids[32];
    bool linked = kerf_document_mode(area->document, KERF_MODE_LINKED) && !kt_drag_with(area->modifiers, GDK_ALT_MASK);
    int32_t count = linked ? kf_timeline_links(kerf_document_film(area->document), &hit->item, false, ids, 32) : 0;
    for (int32_t i = 0; i < MIN(count, 32); i++) {
        kf_timeline_item other;
        if (!kerf_document_find(area->document, ids[i], &other) || other.track == hit->row.track) continue;
        const kt_row *row = kt_view_row_of(&area->view, other.track);
        if (row) g_string_append_printf(list, ",#" KT_ID, row->uid);
    }
    return g_string_free(list, FALSE);
}

static void press(KerfTimelineArea *area, const kt_hit *hit)
{
    bool all = kt_drag_with(area->modifiers, GDK_SHIFT_MASK);
    if (!kt_hit_on_clip(hit) && !(all && hit->on_row)) return;
    g_autofree char *tracks = all ? g_strdup("all") : tracks_of(area, hit);
    const char *sequence = kerf_document_sequence_info(area->document)->id;
    kerf_document_edit(area->document, "Cut", kt_ops_razor(sequence, cut_time(area, hit->time), tracks));
}

const kt_tool kt_tool_razor = {
    .id = "razor", .label = "Razor Tool", .icon = "kerf-tool-razor-symbolic", .keys = "c", .hint = hint, .press = press,
};
