/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chosen.h"

#include "area.h"
#include "ops.h"

static bool same(const kt_edge *a, const kt_edge *b)
{
    return a->clip == b->clip && a->tail == b->tail;
}

static int find(const kt_chosen *c, const kt_edge *edge)
{
    for (int i = 0; i < c->count; i++) {
        if (same(&c->edges[i], edge)) return i;
    }
    return -1;
}

static void take_out(kt_chosen *c, int at)
{
    c->count--;
    for (int i = at; i < c->count; i++) c->edges[i] = c->edges[i + 1];
}

/* It leads then; the oldest gives way. */
static void put(kt_chosen *c, const kt_edge *edge)
{
    int at = find(c, edge);
    if (at >= 0 || c->count == KT_CHOSEN) take_out(c, MAX(at, 0));
    c->edges[c->count++] = *edge;
}

bool kt_chosen_lead(KerfTimelineArea *area, kt_edge *out)
{
    kf_timeline_item item;
    const kt_chosen *c = &area->chosen;
    if (c->count == 0 || !kerf_document_find(area->document, c->edges[c->count - 1].clip, &item)) return false;
    *out = c->edges[c->count - 1];
    return true;
}

static void changed(KerfTimelineArea *area)
{
    kt_sides_update(area);
    kerf_window_update_actions(area->window);
    kerf_timeline_area_speak(area);
    kerf_timeline_area_redraw(area);
}

/* The clips of what is chosen, that of the leading one last. */
static void select_chosen(KerfTimelineArea *area)
{
    uint64_t ids[KT_CHOSEN];
    const kt_chosen c = area->chosen; /* selecting prunes */
    for (int i = 0; i < c.count; i++) ids[i] = c.edges[i].clip;
    kerf_document_select(area->document, ids, (size_t)c.count);
    area->chosen = c;
}

void kt_chosen_set(KerfTimelineArea *area, const kt_edge *edge)
{
    area->chosen.count = 0;
    put(&area->chosen, edge);
    changed(area);
}

void kt_chosen_press(KerfTimelineArea *area, const kt_edge *edge)
{
    if (find(&area->chosen, edge) < 0) area->chosen.count = 0;
    put(&area->chosen, edge);
    changed(area);
}

void kt_chosen_toggle(KerfTimelineArea *area, const kt_edge *edge)
{
    int at = find(&area->chosen, edge);
    if (at >= 0) {
        take_out(&area->chosen, at);
    } else {
        put(&area->chosen, edge);
    }
    select_chosen(area);
    changed(area);
}

void kt_chosen_clear(KerfTimelineArea *area)
{
    area->chosen = (kt_chosen){0};
    changed(area);
}

void kt_chosen_prune(KerfTimelineArea *area)
{
    kt_chosen *c = &area->chosen;
    for (int i = c->count - 1; i >= 0; i--) {
        if (!kerf_document_selected(area->document, c->edges[i].clip)) take_out(c, i);
    }
    c->shown &= c->count > 0;
    kt_sides_update(area);
}

/* ---- Ends ---- */

kf_time kt_edge_time(KerfTimelineArea *area, const kt_edge *edge, const kf_timeline_item *clip)
{
    return edge->tail ? clip->start + clip->duration : clip->start;
}

kt_edge kt_edge_make(KerfTimelineArea *area, const kf_timeline_item *clip, bool tail, int kind)
{
    kf_timeline_item other;
    bool cut = kt_neighbour(area, clip, tail, &other);
    if (kind != KT_EDGE_ROLLS) return (kt_edge){clip->id, tail, kind};
    if (!cut) return (kt_edge){clip->id, tail, KT_EDGE_TRIMS};
    return (kt_edge){tail ? clip->id : other.id, true, KT_EDGE_ROLLS};
}

/* The same cut from a side of it: the end of the clip before it, or the beginning of the one after. */
static kt_edge from_side(KerfTimelineArea *area, const kt_edge *edge, int kind, int side)
{
    kf_timeline_item clip, other;
    bool tail = side ? side < 0 : edge->tail;
    if (!kerf_document_find(area->document, edge->clip, &clip)) return *edge;
    if (tail == edge->tail) return kt_edge_make(area, &clip, tail, kind);
    if (!kt_neighbour(area, &clip, edge->tail, &other)) return kt_edge_make(area, &clip, edge->tail, kind);
    return kt_edge_make(area, &other, tail, kind);
}

void kt_chosen_change(KerfTimelineArea *area, int kind, int side)
{
    const kt_chosen before = area->chosen;
    area->chosen.count = 0;
    for (int i = 0; i < before.count; i++) {
        kt_edge edge = from_side(area, &before.edges[i], kind, side);
        put(&area->chosen, &edge);
    }
    select_chosen(area);
    changed(area);
}

/* ---- Operations ---- */

static bool linked_with(KerfTimelineArea *area, const kf_timeline_item *clip, uint64_t other)
{
    uint64_t ids[64];
    int32_t count =
        kf_timeline_links(kerf_document_film(area->document), clip, false, ids, (int32_t)G_N_ELEMENTS(ids));
    for (int32_t i = 0; i < MIN(count, (int32_t)G_N_ELEMENTS(ids)); i++) {
        if (ids[i] == other) return true;
    }
    return false;
}

/* Another end at the same time that moves the same way. */
static bool goes_with(KerfTimelineArea *area, const kt_edge *edge, const kf_timeline_item *clip, const kt_edge *other)
{
    kf_timeline_item item;
    return other->kind == edge->kind && other->tail == edge->tail &&
           kerf_document_find(area->document, other->clip, &item) &&
           kt_edge_time(area, other, &item) == kt_edge_time(area, edge, clip);
}

/* An end that is linked to one that rolls, rolls with it: it has no operation of its own. */
static bool is_done(KerfTimelineArea *area, const kt_edge *edge, const kf_timeline_item *clip, const kt_edge *other)
{
    if (!goes_with(area, edge, clip, other)) return false;
    if (edge->kind != KT_EDGE_ROLLS) return true; /* it was named with it */
    return g_str_equal(kt_linked(area), "true") && linked_with(area, clip, other->clip);
}

static char *trim_with(KerfTimelineArea *area, int at, const kf_timeline_item *clip, kf_time by)
{
    uint64_t with[KT_CHOSEN];
    int count = 0;
    const kt_chosen *c = &area->chosen;
    const kt_edge *edge = &c->edges[at];
    for (int i = at + 1; i < c->count; i++) {
        if (goes_with(area, edge, clip, &c->edges[i])) with[count++] = c->edges[i].clip;
    }
    return kt_ops_trim(&(kt_trim_ops){.clip = clip->id, .head = !edge->tail, .by = by,
                                      .ripple = edge->kind == KT_EDGE_RIPPLES, .linked = kt_linked(area), .with = with,
                                      .with_count = (size_t)count});
}

char *kt_chosen_operations(KerfTimelineArea *area, kf_time by)
{
    const kt_chosen *c = &area->chosen;
    char *operations = NULL;
    for (int i = 0; i < c->count; i++) {
        const kt_edge *edge = &c->edges[i];
        kf_timeline_item clip;
        bool done = !kerf_document_find(area->document, edge->clip, &clip);
        for (int k = 0; k < i && !done; k++) done = is_done(area, edge, &clip, &c->edges[k]);
        if (done) continue;
        char *own = edge->kind == KT_EDGE_ROLLS ? kt_ops_roll(edge->clip, by, kt_linked(area))
                                                : trim_with(area, i, &clip, by);
        operations = kt_ops_join(operations, own);
    }
    return operations;
}

/* ---- What the monitor shows ---- */

static bool has_picture(KerfTimelineArea *area, const kf_timeline_item *clip)
{
    kf_track_info track;
    return kf_film_track(kerf_document_film(area->document), clip->sequence, clip->track, &track) && !track.audio;
}

static kf_time last_frame(KerfTimelineArea *area, const kf_timeline_item *clip)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    return kf_sequence_frame_time(info, MAX(kf_sequence_frame(info, clip->start + clip->duration - 1), 0));
}

static void put_side(KerfSides *out, int side, const kf_timeline_item *clip, kf_time at)
{
    out->clip[side] = clip->id;
    out->at[side] = at;
}

bool kt_sides_of_edge(KerfTimelineArea *area, const kt_edge *edge, KerfSides *out)
{
    kf_timeline_item clip, other;
    if (!kerf_document_find(area->document, edge->clip, &clip) || !has_picture(area, &clip)) return false;
    bool cut = kt_neighbour(area, &clip, edge->tail, &other);
    const kf_timeline_item *before = edge->tail ? &clip : cut ? &other : NULL;
    const kf_timeline_item *after = edge->tail ? (cut ? &other : NULL) : &clip;
    *out = (KerfSides){.shown = TRUE, .cut = kt_edge_time(area, edge, &clip),
                       .moves = edge->kind == KT_EDGE_ROLLS ? 0 : edge->tail ? -1 : 1,
                       .ripple = edge->kind == KT_EDGE_RIPPLES};
    if (before) put_side(out, 0, before, last_frame(area, before));
    if (after) put_side(out, 1, after, after->start);
    return true;
}

bool kt_sides_of_clip(KerfTimelineArea *area, uint64_t id, KerfSides *out)
{
    kf_timeline_item clip;
    if (!kerf_document_find(area->document, id, &clip) || !has_picture(area, &clip)) return false;
    *out = (KerfSides){.shown = TRUE, .cut = clip.start};
    put_side(out, 0, &clip, clip.start);
    put_side(out, 1, &clip, last_frame(area, &clip));
    return true;
}

bool kt_sides_of_neighbours(KerfTimelineArea *area, uint64_t id, KerfSides *out)
{
    kf_timeline_item clip, other;
    if (!kerf_document_find(area->document, id, &clip) || !has_picture(area, &clip)) return false;
    *out = (KerfSides){.shown = TRUE, .cut = clip.start};
    if (kt_neighbour(area, &clip, false, &other)) put_side(out, 0, &other, last_frame(area, &other));
    if (kt_neighbour(area, &clip, true, &other)) put_side(out, 1, &other, other.start);
    return true;
}

bool kt_sides_of_chosen(KerfTimelineArea *area, KerfSides *out)
{
    const kt_chosen *c = &area->chosen;
    for (int i = c->count - 1; i >= 0; i--) {
        if (!kt_sides_of_edge(area, &c->edges[i], out)) continue;
        out->count = c->count;
        return true;
    }
    return false;
}

void kt_chosen_show(KerfTimelineArea *area, bool shown)
{
    area->chosen.shown = shown && area->chosen.count > 0;
    kt_sides_update(area);
    if (area->chosen.shown && kerf_document_sides(area->document)->shown)
        kerf_document_seek(area->document, kerf_document_sides(area->document)->cut);
    kerf_window_update_actions(area->window);
}

void kt_sides_update(KerfTimelineArea *area)
{
    KerfSides sides = {0};
    const kt_drag *drag = &area->drag;
    bool drags = drag->action && drag->action->sides && drag->moved;
    bool some = drags ? drag->action->sides(area, &sides) : area->chosen.shown && kt_sides_of_chosen(area, &sides);
    sides.held = some && area->chosen.shown;
    sides.dragged = drags;
    kerf_document_show_sides(area->document, &sides);
}
