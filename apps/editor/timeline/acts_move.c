/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dragging clips in time and to other tracks: over what is there, between it (Ctrl), or as copies (Alt). */
#include "area.h"
#include "ops.h"

static bool copies(const kt_drag *drag)
{
    return kt_drag_with(drag->start_modifiers, GDK_ALT_MASK);
}

static uint64_t target_uid(KerfTimelineArea *area)
{
    const kt_row *row = kt_view_row_of(&area->view, area->drag.target);
    return row && row->track != area->drag.start.row.track ? row->uid : 0;
}

static char *move_operations(KerfTimelineArea *area)
{
    const kt_drag *drag = &area->drag;
    const kt_move_ops move = {.ids = (const uint64_t *)drag->ids->data, .count = drag->ids->len, .by = drag->by,
                              .track = target_uid(area), .insert = kt_drag_with(drag->modifiers, GDK_CONTROL_MASK),
                              .copy = copies(drag), .linked = kt_linked(area)};
    return move.by || move.track ? kt_ops_move(&move) : NULL;
}

/* ---- What was there ---- */

typedef struct losses {
    KerfTimelineArea *area;
    kf_time from, to;
} losses;

static bool is_dragged(const kt_drag *drag, uint64_t id)
{
    for (guint i = 0; i < drag->ids->len; i++) {
        if (g_array_index(drag->ids, uint64_t, i) == id) return true;
    }
    return false;
}

static bool add_loss(void *context, const kf_timeline_item *item)
{
    losses *l = context;
    if (item->kind == KF_TIMELINE_CLIP && !is_dragged(&l->area->drag, item->id)) {
        kf_time end = item->start + item->duration;
        kt_marks_ghost(&l->area->marks, item->track, MAX(item->start, l->from), MIN(end, l->to), true);
    }
    return l->area->marks.ghost_count < KT_GHOSTS;
}

static void show_losses(KerfTimelineArea *area, const kf_timeline_item *now)
{
    losses l = {area, now->start, now->start + now->duration};
    const kf_timeline_range range = {now->sequence, now->track, l.from, l.to, kt_view_span(&area->view, 3), false};
    kf_timeline_each(area->drag.film, &range, add_loss, &l);
}

static void show_ghosts(KerfTimelineArea *area)
{
    const kt_drag *drag = &area->drag;
    const kf_timeline_item *extra = drag->extra ? (const kf_timeline_item *)drag->extra->data : NULL;
    area->marks.ghost_count = 0;
    for (guint i = 0; drag->extra && i < drag->extra->len; i++) {
        kt_marks_ghost(&area->marks, extra[i].track, extra[i].start, extra[i].start + extra[i].duration, false);
    }
    size_t made;
    const uint64_t *ids =
        copies(drag) ? kerf_document_created(area->document, &made) : (const uint64_t *)drag->ids->data;
    if (!copies(drag)) made = drag->ids->len;
    bool overwrites = drag->applied && !kt_drag_with(drag->modifiers, GDK_CONTROL_MASK);
    for (size_t i = 0; overwrites && i < made && i < KT_GHOSTS; i++) {
        kf_timeline_item now;
        if (kerf_document_find(area->document, ids[i], &now)) show_losses(area, &now);
    }
}

static void move_describe(KerfTimelineArea *area, char *text, size_t size)
{
    char by[40];
    kf_track_info track;
    kt_describe_time(area, area->drag.by, by, sizeof by);
    const char *how = copies(&area->drag) ? "   copy" : "";
    const char *where = kt_drag_with(area->drag.modifiers, GDK_CONTROL_MASK) ? "   insert" : "";
    if (target_uid(area) &&
        kf_film_track(area->drag.film, kerf_document_sequence(area->document), area->drag.target, &track)) {
        g_snprintf(text, size, "%s   %s%d%s%s", by, track.audio ? "A" : "V", track.number, how, where);
    } else {
        g_snprintf(text, size, "%s%s%s", by, how, where);
    }
}

static void move_ended(KerfTimelineArea *area, bool cancelled)
{
    const kt_drag *drag = &area->drag;
    size_t count;
    if (!drag->moved && !cancelled && !drag->part) { /* a click on one of several that were selected */
        kerf_document_select(area->document, &drag->start.item.id, 0);
        kt_select_pressed(area, &drag->start);
    } else if (drag->applied && !cancelled && copies(drag)) {
        const uint64_t *made = kerf_document_created(area->document, &count);
        if (count) kerf_document_select(area->document, made, count);
    }
}

static const kt_action move = {
    .label = "Move",
    .cursor = "grabbing",
    .operations = move_operations,
    .describe = move_describe,
    .moved = show_ghosts,
    .ended = move_ended,
};

static void add_dragged(KerfTimelineArea *area, uint64_t id)
{
    kf_timeline_item item;
    if (is_dragged(&area->drag, id) || !kerf_document_find(area->document, id, &item)) return;
    if (item.kind != KF_TIMELINE_CLIP) return;
    kt_drag_add_id(area, id);
    if (area->drag.extra->len < KT_GHOSTS) g_array_append_val(area->drag.extra, item);
    if (area->drag.ids->len <= KT_EDGES / 2) {
        kt_drag_add_edge(area, item.start);
        kt_drag_add_edge(area, item.start + item.duration);
    }
}

void kt_move_begin(KerfTimelineArea *area, const kt_hit *hit)
{
    size_t count;
    bool chosen = kt_drag_with(area->modifiers, GDK_SHIFT_MASK);
    kt_drag_begin(area, &move, hit);
    area->drag.extra = g_array_new(FALSE, FALSE, sizeof(kf_timeline_item));
    area->drag.part = chosen; /* Shift did what there was to do */
    add_dragged(area, hit->item.id);
    const uint64_t *selected = kerf_document_selection(area->document, &count);
    for (size_t i = 0; i < count; i++) add_dragged(area, selected[i]);
}
