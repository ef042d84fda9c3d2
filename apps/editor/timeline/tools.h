/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tools, and what dragging does. A tool is one const struct at the end of its file and a line in tools.c: it says what
 * a press at a place begins. What is begun is an action: either an edit, whose operations are made anew for each place
 * of the pointer and become one gesture, or something of the view. */
#ifndef KERF_TIMELINE_TOOLS_H
#define KERF_TIMELINE_TOOLS_H

#include <gtk/gtk.h>

#include "document.h"
#include "hit.h"
#include "marks.h"

typedef struct _KerfTimelineArea KerfTimelineArea;

typedef struct kt_action {
    const char *label;        /* of the step in history; NULL: no edit */
    const char *cursor;       /* while it lasts; NULL: as it was */
    /* An edit's operations for area->drag as it stands. New; NULL: as it was before. */
    char *(*operations)(KerfTimelineArea *area);
    /* Text beside the pointer; NULL: by how much time. */
    void (*describe)(KerfTimelineArea *area, char *text, size_t size);
    /* After each motion that is beyond the threshold; of an edit, after its update. May be NULL. */
    void (*moved)(KerfTimelineArea *area);
    /* What the monitor shows meanwhile, in place of the picture at the playhead; false: nothing else. May be NULL. */
    bool (*sides)(KerfTimelineArea *area, KerfSides *out);
    /* At the end, after the edit was committed or taken back; also if it never moved. May be NULL. */
    void (*ended)(KerfTimelineArea *area, bool cancelled);
    bool free_time;           /* drag.by is not rounded to frames and does not snap */
    bool at_once;             /* no threshold */
    bool stops_at_limit;      /* refused: goes as far as it can */
    bool scrolls;             /* the view scrolls beyond its edges; edits do in any case */
} kt_action;

enum { KT_EDGES = 32 };

typedef struct kt_drag {
    const kt_action *action;  /* NULL: none */
    kt_hit start;             /* texts are good as long as it lasts */
    kf_film_handle *film;     /* of its beginning */
    GdkModifierType modifiers; /* now */
    GdkModifierType start_modifiers;
    double x, y;              /* pointer now */
    bool moved;               /* beyond the threshold */
    bool applied;             /* the gesture has an accepted update */
    kf_time by;               /* by how much, in time: whole frames, snapped */
    kf_time applied_by;
    kf_time edges[KT_EDGES];  /* times that move by `by` and snap */
    int edge_count;
    GArray *ids; /* uint64_t: clips that are dragged, the one under the pointer first; not to be snapped to */
    int32_t target;           /* row's track under the pointer, of the kind of the first row; -1: none */
    int32_t part;             /* what of it; the tool's own */
    double value;
    GArray *extra;            /* the tool's own; freed in the end */
} kt_drag;

/* What the pointer shows, and the hint of an edge. */
typedef struct kt_hint {
    const char *cursor;       /* a name for kt_cursor_get */
    kt_edge_kind edge;
} kt_hint;

typedef struct kt_tool {
    const char *id, *label, *icon;
    const char *keys;
    kt_hint (*hint)(KerfTimelineArea *area, const kt_hit *hit);
    /* A press of the first button on tracks. May begin an action. */
    void (*press)(KerfTimelineArea *area, const kt_hit *hit);
} kt_tool;

extern const kt_tool *const kt_tools[]; /* ends with NULL; the first is the default */
const kt_tool *kt_tool_find(const char *id);

/* ---- Dragging (drag_*.c is the area's; these are for tools) ---- */

/* Begins; the hit is copied. */
void kt_drag_begin(KerfTimelineArea *area, const kt_action *action, const kt_hit *hit);
void kt_drag_add_id(KerfTimelineArea *area, uint64_t id);
/* A time that snaps. */
void kt_drag_add_edge(KerfTimelineArea *area, kf_time t);
void kt_drag_update(KerfTimelineArea *area, double x, double y, GdkModifierType modifiers);
/* Looks again at the same place: modifiers, or the view, are others. */
void kt_drag_refresh(KerfTimelineArea *area);
void kt_drag_end(KerfTimelineArea *area, bool cancel);
static inline bool kt_drag_with(GdkModifierType state, GdkModifierType modifier)
{
    return (state & modifier) != 0;
}

/* ---- What several tools do ---- */

/* Selects what was pressed, as Shift and Alt say; true if it is selected then. */
bool kt_select_pressed(KerfTimelineArea *area, const kt_hit *hit);
/* The same of a clip's end: Shift is for ends then. */
void kt_select_end(KerfTimelineArea *area, const kt_hit *hit);
/* Selects the gap that was pressed, so that Delete closes it. */
void kt_select_gap(KerfTimelineArea *area, const kt_hit *hit);
/* An end is pressed: it, or all that are chosen if it is one of them, are dragged; with Shift it is chosen too. kind as in
 * kt_edge. */
void kt_trim_press(KerfTimelineArea *area, const kt_hit *hit, int kind);
/* Chooses the end that was pressed, and shows both sides of its cut in the monitor. */
void kt_trim_edit_at(KerfTimelineArea *area, const kt_hit *hit);
void kt_move_begin(KerfTimelineArea *area, const kt_hit *hit);
void kt_marquee_begin(KerfTimelineArea *area, const kt_hit *hit);
void kt_scrub_begin(KerfTimelineArea *area, const kt_hit *hit);
void kt_ruler_press(KerfTimelineArea *area, const kt_hit *hit);
void kt_split_begin(KerfTimelineArea *area, const kt_hit *hit);
/* Level of the rubber band, or a keyframe on it; a fade's handle; an end of a transition. */
void kt_band_begin(KerfTimelineArea *area, const kt_hit *hit);
void kt_key_begin(KerfTimelineArea *area, const kt_hit *hit);
void kt_fade_begin(KerfTimelineArea *area, const kt_hit *hit);
void kt_transition_begin(KerfTimelineArea *area, const kt_hit *hit);
/* Clip before (after) a clip's head (tail), if they touch. */
bool kt_neighbour(KerfTimelineArea *area, const kf_timeline_item *clip, bool after, kf_timeline_item *out);

/* "+12" frames, or "+3:02"; of a drag. */
void kt_describe_time(KerfTimelineArea *area, kf_time by, char *text, size_t size);
/* "true" or "false", for JSON: clips linked to those that are edited go along. */
const char *kt_linked(KerfTimelineArea *area);

#endif
