/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dragging: from the pointer to whole frames and snapping, to a gesture of the project. */
#include <math.h>
#include <string.h>

#include "area.h"

static const double THRESHOLD = 4, SNAP_PX = 9;
enum { TRIES = 7 };           /* edits tried for a limit, for each motion */

void kt_drag_begin(KerfTimelineArea *area, const kt_action *action, const kt_hit *hit)
{
    kt_drag_end(area, true);
    area->drag = (kt_drag){.action = action, .start = *hit, .x = hit->x, .y = hit->y, .modifiers = area->modifiers,
                           .start_modifiers = area->modifiers, .target = hit->on_row ? hit->row.track : -1};
    area->drag.ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    kf_project_film(kerf_document_project(area->document), &area->drag.film, NULL);
    const kf_timeline_item *item = &hit->item; /* with texts that live as long as the drag */
    if (hit->on_item)
        kf_timeline_item_at(area->drag.film, item->sequence, item->track, item->index, &area->drag.start.item);
    kt_marks_clear(&area->marks);
    if (action->cursor) kerf_timeline_area_update_cursor(area);
    if (action->at_once) kt_drag_update(area, hit->x, hit->y, area->modifiers);
}

void kt_drag_add_id(KerfTimelineArea *area, uint64_t id)
{
    g_array_append_val(area->drag.ids, id);
}

void kt_drag_add_edge(KerfTimelineArea *area, kf_time t)
{
    if (area->drag.edge_count < KT_EDGES) area->drag.edges[area->drag.edge_count++] = t;
}

/* ---- By how much ---- */

static kf_time whole_frames(KerfTimelineArea *area, kf_time anchor, kf_time by)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    kf_time half = kerf_timeline_area_frame(area) / 2;
    return kf_sequence_frame_time(info, kf_sequence_frame(info, anchor + by + half)) - anchor;
}

/* What is brought to whole frames: the first end, else the frame that was pressed. */
static kf_time anchor_of(KerfTimelineArea *area)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    const kt_drag *drag = &area->drag;
    return drag->edge_count ? drag->edges[0] : kf_sequence_frame_time(info, kf_sequence_frame(info, drag->start.time));
}

static bool snaps(KerfTimelineArea *area)
{
    bool turned =
        kt_drag_with(area->drag.modifiers, GDK_SHIFT_MASK) && kt_drag_with(area->drag.modifiers, GDK_ALT_MASK);
    return kerf_document_mode(area->document, KERF_MODE_SNAP) != turned && area->drag.edge_count > 0;
}

static kf_time snapped(KerfTimelineArea *area, kf_time by)
{
    kt_drag *drag = &area->drag;
    kf_time tolerance = kt_view_span(&area->view, SNAP_PX), best = tolerance + 1, found = by;
    area->marks.snap = KF_TIME_NONE;
    for (int i = 0; i < drag->edge_count; i++) {
        kf_time to, wanted = drag->edges[i] + by;
        const kf_snap_params params = {.sequence = kerf_document_sequence(area->document),
                                       .time = wanted,
                                       .tolerance = tolerance,
                                       .playhead = kerf_document_playhead(area->document),
                                       .ignore = (const uint64_t *)drag->ids->data,
                                       .ignore_count = (int32_t)drag->ids->len};
        if (!kf_timeline_snap(drag->film, &params, &to) || llabs(to - wanted) >= best) continue;
        best = llabs(to - wanted);
        found = to - drag->edges[i];
        area->marks.snap = to;
    }
    return found;
}

static kf_time wanted_by(KerfTimelineArea *area)
{
    kt_drag *drag = &area->drag;
    kf_time by = kt_view_time(&area->view, drag->x) - drag->start.time;
    if (drag->action->free_time) return by;
    kf_time anchor = anchor_of(area);
    area->marks.snap = KF_TIME_NONE;
    if (snaps(area)) {
        kf_time to = snapped(area, by);
        if (area->marks.snap != KF_TIME_NONE) return to;
    }
    return whole_frames(area, anchor, by);
}

/* ---- Edits ---- */

/* The film's change gives clips of the beginning other places; what is under the pointer stays as it was. */
static bool try_by(KerfTimelineArea *area, kf_time by, const char **refusal)
{
    kt_drag *drag = &area->drag;
    drag->by = by;
    *refusal = NULL;
    char *operations = drag->action->operations(area);
    bool nothing = !operations && !drag->applied;
    if (nothing) return true;
    if (!kerf_document_gesture_update(area->document, operations ? operations : g_strdup("[]"), refusal)) return false;
    drag->applied = true;
    drag->applied_by = by;
    return true;
}

/* As far as it can go: between what was accepted last and what was refused. */
static void go_to_limit(KerfTimelineArea *area, kf_time wanted)
{
    kf_time frame = kerf_timeline_area_frame(area), good = area->drag.applied ? area->drag.applied_by : 0, bad = wanted;
    const char *ignored;
    for (int i = 0; i < TRIES && llabs(bad - good) > frame; i++) {
        kf_time middle = whole_frames(area, anchor_of(area), good + (bad - good) / 2);
        if (middle == good || middle == bad) break;
        if (try_by(area, middle, &ignored)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    area->drag.by = good;
}

static void show_refusal(KerfTimelineArea *area, const char *refusal)
{
    const char *why = g_str_has_prefix(refusal, "edit:") ? strstr(refusal, ": ") : NULL; /* "edit:1: only 7 frames ..." */
    g_strlcpy(area->marks.bubble, why ? why + 2 : refusal, sizeof area->marks.bubble);
    area->marks.refusal = true;
}

static void describe(KerfTimelineArea *area)
{
    area->marks.refusal = false;
    area->marks.bubble[0] = 0;
    if (area->drag.action->describe) {
        area->drag.action->describe(area, area->marks.bubble, sizeof area->marks.bubble);
    } else if (area->drag.action->label) {
        kt_describe_time(area, area->drag.by, area->marks.bubble, sizeof area->marks.bubble);
    }
}

static void update_edit(KerfTimelineArea *area)
{
    kt_drag *drag = &area->drag;
    const char *refusal;
    if (!kerf_document_in_gesture(area->document) && !kerf_document_gesture_begin(area->document)) return;
    kf_time wanted = drag->by;
    if (try_by(area, wanted, &refusal)) {
        describe(area);
        return;
    }
    show_refusal(area, refusal);
    if (drag->action->stops_at_limit) go_to_limit(area, wanted);
    area->marks.snap = KF_TIME_NONE;
}

void kt_drag_update(KerfTimelineArea *area, double x, double y, GdkModifierType modifiers)
{
    kt_drag *drag = &area->drag;
    if (!drag->action) return;
    drag->x = x;
    drag->y = y;
    drag->modifiers = modifiers;
    drag->moved |= drag->action->at_once || fabs(x - drag->start.x) > THRESHOLD || fabs(y - drag->start.y) > THRESHOLD;
    if (!drag->moved) return;
    const kt_row *row = kt_view_row_at(&area->view, y);
    if (row && drag->start.on_row && row->audio == drag->start.row.audio) drag->target = row->track;
    area->marks.bubble_x = x;
    area->marks.bubble_y = y;
    drag->by = wanted_by(area);
    if (drag->action->operations) update_edit(area);
    if (drag->action->moved) drag->action->moved(area);
    if (drag->action->sides) kt_sides_update(area);
    kerf_timeline_area_redraw(area);
}

void kt_drag_refresh(KerfTimelineArea *area)
{
    kt_drag_update(area, area->drag.x, area->drag.y, area->modifiers);
}

void kt_drag_end(KerfTimelineArea *area, bool cancel)
{
    kt_drag *drag = &area->drag;
    const kt_action *action = drag->action;
    if (!action) return;
    bool edit = action->operations && kerf_document_in_gesture(area->document);
    if (edit && drag->applied && !cancel) {
        kerf_document_gesture_commit(area->document, action->label);
    } else if (edit) {
        kerf_document_gesture_cancel(area->document);
    }
    kt_marks_clear(&area->marks);
    if (action->ended) action->ended(area, cancel);
    g_array_unref(drag->ids);
    if (drag->extra) g_array_unref(drag->extra);
    kf_film_close(drag->film);
    *drag = (kt_drag){0};
    kt_sides_update(area);
    kerf_timeline_area_update_cursor(area);
    kerf_timeline_area_redraw(area);
}
