/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trimming with the keyboard: ends or cuts are chosen, and moved by frames. */
#include "commands.h"
#include "ops.h"

static KerfDocument *document_of(KerfWindow *w)
{
    return kerf_window_document(w);
}

/* The leading end; without one, that of the focused clip which lies nearer to the playhead is chosen. */
static bool chosen(KerfWindow *w, kt_edge *out)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    KerfDocument *d = document_of(w);
    kf_timeline_item item;
    if (!area || kt_chosen_lead(area, out)) return area != NULL;
    if (!kerf_document_find(d, kerf_document_focus(d), &item) || item.kind != KF_TIMELINE_CLIP) return false;
    bool tail = kerf_document_playhead(d) > item.start + item.duration / 2;
    *out = kt_edge_make(area, &item, tail, KT_EDGE_TRIMS);
    kt_chosen_set(area, out);
    return true;
}

void kt_trim_by(KerfWindow *w, gint64 frames)
{
    kt_edge edge;
    if (!chosen(w, &edge)) return;
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kf_time by = kf_sequence_frame_time(kerf_document_sequence_info(document_of(w)), 1) * frames;
    kerf_document_edit(document_of(w), NULL, kt_chosen_operations(area, by));
    const KerfSides *sides = kerf_document_sides(document_of(w));
    if (sides->held && !kerf_playback_state(kerf_document_program(document_of(w)))->playing)
        kerf_document_seek(document_of(w), sides->cut);
    kerf_timeline_area_redraw(area);
}

void kt_trim_back(KerfWindow *w)
{
    kt_trim_by(w, -1);
}

void kt_trim_forward(KerfWindow *w)
{
    kt_trim_by(w, 1);
}

void kt_trim_back_more(KerfWindow *w)
{
    kt_trim_by(w, -5);
}

void kt_trim_forward_more(KerfWindow *w)
{
    kt_trim_by(w, 5);
}

/* ---- Choosing ---- */

typedef struct nearest {
    kf_time at, best;
    uint64_t clip;
    bool tail;
} nearest;

static bool compare_ends(void *context, const kf_timeline_item *item)
{
    nearest *n = context;
    if (item->kind != KF_TIMELINE_CLIP) return true;
    for (int tail = 0; tail < 2; tail++) {
        kf_time away = ABS((tail ? item->start + item->duration : item->start) - n->at);
        if (away >= n->best) continue;
        n->best = away;
        n->clip = item->id;
        n->tail = tail;
    }
    return true;
}

/* The end nearest to the playhead on target tracks (on all, if none is), to be rolled if it is a cut. */
void kt_choose_edge(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    nearest n = {.at = kerf_document_playhead(d), .best = INT64_MAX};
    kf_time reach = MAX(kerf_document_sequence_info(d)->duration, KF_SECOND);
    for (int pass = 0; pass < 2 && n.best == INT64_MAX; pass++) {
        for (int32_t i = 0; i < kerf_document_sequence_info(d)->tracks; i++) {
            kf_track_info track;
            if (!kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track) || (!pass && !track.target))
                continue;
            for (kf_time span = 2 * KF_SECOND; n.best > span && span / 4 < reach; span *= 4) { /* wider and wider */
                const kf_timeline_range range = {kerf_document_sequence(d), i, n.at - span, n.at + span, 0, false};
                kf_timeline_each(kerf_document_film(d), &range, compare_ends, &n);
            }
        }
    }
    kf_timeline_item item;
    if (!area || !kerf_document_find(d, n.clip, &item)) return;
    kt_edge edge = kt_edge_make(area, &item, n.tail, KT_EDGE_ROLLS);
    area->chosen.count = 0;
    kt_chosen_toggle(area, &edge);
}

/* Around a cut: the clip before it is trimmed, with ripple, the cut rolls, the clip after it is trimmed, with ripple. */
void kt_change_edge(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kt_edge edge;
    if (!chosen(w, &edge)) return;
    switch (edge.kind) {
    case KT_EDGE_TRIMS: kt_chosen_change(area, KT_EDGE_RIPPLES, 0); break;
    case KT_EDGE_RIPPLES: kt_chosen_change(area, edge.tail ? KT_EDGE_ROLLS : KT_EDGE_TRIMS, -1); break;
    case KT_EDGE_ROLLS: kt_chosen_change(area, KT_EDGE_TRIMS, 1); break;
    }
}

static void change(KerfWindow *w, int kind, int side)
{
    kt_edge edge;
    if (chosen(w, &edge)) kt_chosen_change(kerf_timeline_area_of(w), kind, side);
}

void kt_trim_outgoing(KerfWindow *w)
{
    change(w, KT_EDGE_RIPPLES, -1);
}

void kt_trim_incoming(KerfWindow *w)
{
    change(w, KT_EDGE_RIPPLES, 1);
}

void kt_trim_both(KerfWindow *w)
{
    change(w, KT_EDGE_ROLLS, -1);
}

/* -1, 0, 1 as in KerfSides; 2: nothing is chosen. */
static int moving(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kt_edge edge;
    if (!area || !kt_chosen_lead(area, &edge)) return 2;
    return edge.kind == KT_EDGE_ROLLS ? 0 : edge.tail ? -1 : 1;
}

gboolean kt_is_outgoing(KerfWindow *w)
{
    return moving(w) == -1;
}

gboolean kt_is_incoming(KerfWindow *w)
{
    return moving(w) == 1;
}

gboolean kt_is_both(KerfWindow *w)
{
    return moving(w) == 0;
}

/* ---- Both sides in the monitor ---- */

gboolean kt_is_trim_edit(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    return area && area->chosen.shown;
}

void kt_trim_edit(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kt_edge edge;
    if (area->chosen.shown) {
        kt_chosen_clear(area);
        return;
    }
    if (!kt_chosen_lead(area, &edge)) kt_choose_edge(w);
    kt_chosen_show(area, true);
}
