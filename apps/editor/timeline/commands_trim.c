/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trimming with the keyboard: an end or a cut is chosen, and moved by frames. */
#include "commands.h"
#include "ops.h"

static KerfDocument *document_of(KerfWindow *w)
{
    return kerf_window_document(w);
}

/* The chosen end; without one, that of the focused clip which lies nearer to the playhead. */
static bool chosen(KerfWindow *w, kt_edge *out)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    KerfDocument *d = document_of(w);
    kf_timeline_item item;
    if (area && area->edge.clip && kerf_document_find(d, area->edge.clip, &item)) {
        *out = area->edge;
        return true;
    }
    if (!area || !kerf_document_find(d, kerf_document_focus(d), &item) || item.kind != KF_TIMELINE_CLIP) return false;
    bool tail = kerf_document_playhead(d) > item.start + item.duration / 2;
    *out = area->edge = (kt_edge){.clip = item.id, .tail = tail};
    return true;
}

static char *edge_operations(KerfWindow *w, const kt_edge *edge, kf_time by)
{
    const char *linked = kerf_document_mode(document_of(w), KERF_MODE_LINKED) ? "true" : "false";
    if (edge->kind != KT_EDGE_ROLLS)
        return kt_ops_trim(edge->clip, !edge->tail, by, edge->kind == KT_EDGE_RIPPLES, linked);
    kf_timeline_item item, before;
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (edge->tail) return kt_ops_roll(edge->clip, by, linked);
    bool found = kerf_document_find(document_of(w), edge->clip, &item) && kt_neighbour(area, &item, false, &before);
    return found ? kt_ops_roll(before.id, by, linked) : kt_ops_trim(edge->clip, true, by, false, linked);
}

static void trim(KerfWindow *w, int frames)
{
    kt_edge edge;
    if (!chosen(w, &edge)) return;
    kf_time by = kf_sequence_frame_time(kerf_document_sequence_info(document_of(w)), 1) * frames;
    kerf_document_edit(document_of(w), NULL, edge_operations(w, &edge, by));
    kerf_timeline_area_redraw(kerf_timeline_area_of(w));
}

void kt_trim_back(KerfWindow *w)
{
    trim(w, -1);
}

void kt_trim_forward(KerfWindow *w)
{
    trim(w, 1);
}

void kt_trim_back_more(KerfWindow *w)
{
    trim(w, -5);
}

void kt_trim_forward_more(KerfWindow *w)
{
    trim(w, 5);
}

/* ---- Choosing ---- */

typedef struct nearest {
    kf_time at, best;
    kt_edge edge;
} nearest;

static bool compare_ends(void *context, const kf_timeline_item *item)
{
    nearest *n = context;
    if (item->kind != KF_TIMELINE_CLIP) return true;
    for (int tail = 0; tail < 2; tail++) {
        kf_time away = ABS((tail ? item->start + item->duration : item->start) - n->at);
        if (away >= n->best) continue;
        n->best = away;
        n->edge = (kt_edge){.clip = item->id, .tail = tail};
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
    if (!area || !n.edge.clip) return;
    kf_timeline_item item, other;
    bool cut = kerf_document_find(d, n.edge.clip, &item) && kt_neighbour(area, &item, n.edge.tail, &other);
    n.edge.kind = cut ? KT_EDGE_ROLLS : KT_EDGE_TRIMS;
    kerf_document_select(d, &n.edge.clip, 1);
    kerf_document_set_focus(d, n.edge.clip);
    area->edge = n.edge;
    kerf_timeline_area_speak(area);
    kerf_timeline_area_redraw(area);
}

void kt_change_edge(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kt_edge edge;
    if (!chosen(w, &edge)) return;
    area->edge.kind = (edge.kind + 1) % 3;
    if (area->edge.kind == KT_EDGE_TRIMS && edge.kind == KT_EDGE_ROLLS) area->edge.tail = !edge.tail;
    kerf_timeline_area_speak(area);
    kerf_timeline_area_redraw(area);
}
