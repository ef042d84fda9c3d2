/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ends that are chosen to be trimmed, one or several at once, and what the monitor shows of them. */
#ifndef KERF_TIMELINE_CHOSEN_H
#define KERF_TIMELINE_CHOSEN_H

#include "document.h"

typedef struct _KerfTimelineArea KerfTimelineArea;

/* An end. One that rolls is the tail of the clip before its cut. */
typedef struct kt_edge {
    uint64_t clip;            /* 0: none */
    bool tail;
    enum { KT_EDGE_TRIMS, KT_EDGE_RIPPLES, KT_EDGE_ROLLS } kind;
} kt_edge;

enum { KT_CHOSEN = 32 };
typedef struct kt_chosen {
    kt_edge edges[KT_CHOSEN]; /* the last one leads */
    int count;
    bool shown;               /* the monitor shows both sides of what the leading one cuts */
} kt_chosen;

/* The leading one; false: none is chosen. */
bool kt_chosen_lead(KerfTimelineArea *area, kt_edge *out);
/* Only this one. */
void kt_chosen_set(KerfTimelineArea *area, const kt_edge *edge);
/* As an end is pressed: it leads those that are chosen if it is one of them, else it is the only one. */
void kt_chosen_press(KerfTimelineArea *area, const kt_edge *edge);
/* Adds or takes out; what is chosen is selected. */
void kt_chosen_toggle(KerfTimelineArea *area, const kt_edge *edge);
void kt_chosen_clear(KerfTimelineArea *area);
/* Takes out ends of clips that are not selected any more. */
void kt_chosen_prune(KerfTimelineArea *area);
/* Another way of trimming for all: kind is one of kt_edge's. side: -1 the clip before the cut, 1 the one after. */
void kt_chosen_change(KerfTimelineArea *area, int kind, int side);

/* The end of a clip as a tool means it: what is to roll but has no neighbour is trimmed. */
kt_edge kt_edge_make(KerfTimelineArea *area, const kf_timeline_item *clip, bool tail, int kind);
kf_time kt_edge_time(KerfTimelineArea *area, const kt_edge *edge, const kf_timeline_item *clip);
/* Operations that move all that are chosen; NULL: none are. New. */
char *kt_chosen_operations(KerfTimelineArea *area, kf_time by);

/* ---- What the monitor shows ---- */

/* Both sides of an end's cut, as the film is now. */
bool kt_sides_of_edge(KerfTimelineArea *area, const kt_edge *edge, KerfSides *out);
/* First and last picture of a clip; last and first picture of those beside it. */
bool kt_sides_of_clip(KerfTimelineArea *area, uint64_t clip, KerfSides *out);
bool kt_sides_of_neighbours(KerfTimelineArea *area, uint64_t clip, KerfSides *out);
/* Of those that are chosen, the newest that has a picture. */
bool kt_sides_of_chosen(KerfTimelineArea *area, KerfSides *out);
/* Begins to show both sides of the leading end's cut, or ends it. The playhead goes there. */
void kt_chosen_show(KerfTimelineArea *area, bool shown);
/* Tells the document what is to be shown now: of the drag, else of the chosen ends. */
void kt_sides_update(KerfTimelineArea *area);

#endif
