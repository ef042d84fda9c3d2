/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is drawn over the tracks while something is done: guides, ghosts, a bubble beside the pointer. */
#ifndef KERF_TIMELINE_MARKS_H
#define KERF_TIMELINE_MARKS_H

#include "glyphs.h"
#include "theme.h"
#include "viewport.h"

/* A span of a track. */
typedef struct kt_ghost {
    int32_t track;
    kf_time from, to;
    bool overwritten;         /* will be lost; else it is where something was, or is to be */
} kt_ghost;
enum { KT_GHOSTS = 64 };

typedef enum kt_edge_kind { KT_EDGE_NONE, KT_EDGE_HEAD, KT_EDGE_TAIL, KT_EDGE_ROLL } kt_edge_kind;

/* An end of a clip to be trimmed. */
typedef struct kt_end {
    kt_edge_kind kind;
    bool ripple;              /* it is another's colour then */
    kf_time time;
    int32_t track;
} kt_end;

typedef struct kt_marks {
    kf_time snap;             /* KF_TIME_NONE: none */
    kt_rect marquee;          /* width 0: none */
    kt_ghost ghosts[KT_GHOSTS];
    int32_t ghost_count;
    kt_end end;
    kf_time razor;            /* KF_TIME_NONE: none */
    bool razor_all;           /* over all tracks */
    int32_t razor_track;
    char bubble[240];         /* "": none */
    bool refusal;             /* the bubble says why not */
    double bubble_x, bubble_y;
} kt_marks;

void kt_marks_clear(kt_marks *marks);
void kt_marks_ghost(kt_marks *marks, int32_t track, kf_time from, kf_time to, bool overwritten);

typedef struct kt_marks_place {
    const kt_view *view;
    const kt_theme *theme;
    kt_text *text;
} kt_marks_place;
void kt_end_paint(const kt_end *end, const kt_marks_place *place, kt_quads *list);
void kt_marks_paint(const kt_marks *marks, const kt_marks_place *place, kt_quads *list);

#endif
