/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dragging that edits nothing: the playhead, a marquee, the split between video and audio. And marks of the ruler. */
#include <math.h>
#include <stdlib.h>

#include "area.h"
#include "ops.h"

/* ---- Playhead ---- */

static void scrub_moved(KerfTimelineArea *area)
{
    kf_time at = MAX(kt_view_time(&area->view, area->drag.x), 0);
    area->marks.snap = KF_TIME_NONE;
    if (kt_drag_with(area->drag.modifiers, GDK_SHIFT_MASK)) { /* Shift: to cuts and markers */
        const kf_snap_params params = {.sequence = kerf_document_sequence(area->document), .time = at,
                                       .tolerance = kt_view_span(&area->view, 12), .playhead = KF_TIME_NONE};
        if (kf_timeline_snap(kerf_document_film(area->document), &params, &at)) area->marks.snap = at;
    }
    kerf_document_scrub(area->document, at);
}

static void scrub_ended(KerfTimelineArea *area, bool cancelled)
{
    kerf_document_seek(area->document, kerf_document_playhead(area->document));
}

static const kt_action scrub = {.moved = scrub_moved, .ended = scrub_ended, .free_time = true, .at_once = true,
                                .scrolls = true};

void kt_scrub_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &scrub, hit);
}

/* ---- Marquee ---- */

typedef struct catch {
    GArray *ids;
    const kf_timeline_range *range;
} catch;

static bool catch_item(void *context, const kf_timeline_item *item)
{
    catch *c = context;
    if (item->kind == KF_TIMELINE_CLIP) g_array_append_val(c->ids, item->id);
    return true;
}

static kt_rect marquee_rect(const kt_drag *drag, const kt_view *view)
{
    double start_x = kt_view_x(view, drag->start.time); /* it stays at its time when the view scrolls */
    double x0 = MIN(start_x, drag->x), y0 = MIN(drag->start.y, drag->y);
    return (kt_rect){x0, y0, fabs(drag->x - start_x), fabs(drag->y - drag->start.y)};
}

static void marquee_moved(KerfTimelineArea *area)
{
    kt_drag *drag = &area->drag;
    kt_rect rect = area->marks.marquee = marquee_rect(drag, &area->view);
    g_autoptr(GArray) ids = g_array_sized_new(FALSE, FALSE, sizeof(uint64_t), 64);
    if (drag->extra) g_array_append_vals(ids, drag->extra->data, drag->extra->len);
    for (int32_t i = 0; i < area->view.row_count; i++) {
        const kt_row *row = &area->view.rows[i];
        double y = kt_view_row_y(&area->view, row);
        if (y >= rect.y + rect.height || y + row->height <= rect.y || !kt_view_row_visible(&area->view, row)) continue;
        const kf_timeline_range range = {
            kerf_document_sequence(area->document),         row->track, kt_view_time(&area->view, rect.x),
            kt_view_time(&area->view, rect.x + rect.width), 0,          false};
        catch c = {ids, &range};
        kf_timeline_each(drag->film, &range, catch_item, &c);
    }
    kerf_document_select(area->document, (const uint64_t *)ids->data, ids->len);
}

static void marquee_ended(KerfTimelineArea *area, bool cancelled)
{
    bool clicked = !area->drag.moved && !kt_drag_with(area->drag.start_modifiers, GDK_SHIFT_MASK);
    if (!clicked || cancelled) return;
    kerf_document_select(area->document, NULL, 0);
    kt_select_gap(area, &area->drag.start);
}

static const kt_action marquee = {.moved = marquee_moved, .ended = marquee_ended, .free_time = true, .scrolls = true};

void kt_marquee_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    size_t count;
    kt_drag_begin(area, &marquee, hit);
    const uint64_t *selected = kerf_document_selection(area->document, &count);
    if (!kt_drag_with(area->modifiers, GDK_SHIFT_MASK) || !count) return;
    area->drag.extra = g_array_sized_new(FALSE, FALSE, sizeof(uint64_t), (guint)count);
    g_array_append_vals(area->drag.extra, selected, (guint)count);
}

/* ---- Split ---- */

static void split_moved(KerfTimelineArea *area)
{
    double room = area->view.height - KT_RULER - KT_SPLIT;
    area->view.split = room > 0 ? CLAMP((area->drag.y - KT_RULER - KT_SPLIT / 2) / room, 0, 1) : 0.5;
    kerf_timeline_area_view_changed(area);
}

static const kt_action split = {.cursor = "row-resize", .moved = split_moved, .free_time = true, .at_once = true};

void kt_split_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    kt_drag_begin(area, &split, hit);
}

/* ---- Marks of the ruler ---- */

static char *marker_operations(KerfTimelineArea *area)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    g_autofree char *sequence = kerf_json_quote(info->id);
    kf_time at = MAX(area->drag.start.marker.time + area->drag.by, 0);
    return kerf_json_operation("set_marker", "\"sequence\": %s, \"marker\": " KT_ID ", \"set\": {\"time\": %s}",
                               sequence, area->drag.start.marker.id, kerf_json_time(at).text);
}

static void marker_ended(KerfTimelineArea *area, bool cancelled)
{
    if (!area->drag.moved) kerf_document_seek(area->document, area->drag.start.marker.time);
}

static const kt_action move_marker = {.label = "Move Marker", .operations = marker_operations, .ended = marker_ended};

static char *mark_operations(KerfTimelineArea *area)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    g_autofree char *sequence = kerf_json_quote(info->id);
    kf_time at = MAX(area->drag.edges[0] + area->drag.by, 0);
    return kerf_json_operation("set_sequence", "\"sequence\": %s, \"set\": {\"%s\": %s}", sequence,
                               area->drag.start.zone == KT_ZONE_MARK_IN ? "mark_in" : "mark_out",
                               kerf_json_time(at).text);
}

static const kt_action move_mark = {.label = "Move Mark", .operations = mark_operations, .stops_at_limit = true};

void kt_ruler_press(KerfTimelineArea *area, const kt_hit *hit)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    if (hit->zone == KT_ZONE_MARKER) {
        kt_drag_begin(area, &move_marker, hit);
        kt_drag_add_edge(area, hit->marker.time);
    } else if (hit->zone == KT_ZONE_MARK_IN || hit->zone == KT_ZONE_MARK_OUT) {
        kf_time at = hit->zone == KT_ZONE_MARK_IN ? info->mark_in : info->mark_out;
        kt_drag_begin(area, &move_mark, hit);
        kt_drag_add_edge(area, at);
    } else {
        kt_scrub_begin(area, hit);
    }
}
