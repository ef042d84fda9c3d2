/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ruler: timecode, in and out, markers, and the playhead's handle. */
#ifndef KERF_TIMELINE_RULER_H
#define KERF_TIMELINE_RULER_H

#include "glyphs.h"
#include "theme.h"
#include "viewport.h"

enum { KT_RULER_MARKS = 12 }; /* px at its top for markers and in and out */

typedef struct kt_ruler {
    const kf_film_handle *film;
    int32_t sequence;
    const kf_sequence_info *info;
    const kt_view *view;
    const kt_theme *theme;
    kt_text *text;
    kf_time playhead;
} kt_ruler;

/* Frames from one label to the next at a scale, px per frame; *minor: parts between them. */
int64_t kt_ruler_step(double frame_px, kf_rational rate, int *minor);
void kt_ruler_paint(const kt_ruler *ruler, kt_quads *list);
/* Playhead, and in and out, over the tracks. */
void kt_ruler_paint_over(const kt_ruler *ruler, kt_quads *list);

#endif
