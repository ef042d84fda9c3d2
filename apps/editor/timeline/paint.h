/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drawing the items of a track as quads, in as much detail as there is room for. */
#ifndef KERF_TIMELINE_PAINT_H
#define KERF_TIMELINE_PAINT_H

#include "glyphs.h"
#include "media.h"
#include "quads.h"
#include "theme.h"

enum {
    KT_STRIP = 15,            /* px: height of a clip's name strip */
    KT_STRIP_FROM = 40,       /* rows from this height on have one, and pictures or a waveform below */
    KT_BAND_FROM = 44         /* and from this one on a rubber band */
};

typedef bool kt_selected_fn(void *context, uint64_t id);

typedef struct kt_painter {
    const kf_film_handle *film;
    const kt_theme *theme;
    kt_text *text;
    kt_media *media;          /* NULL: no pictures */
    kt_uses *uses;            /* what of it is shown */
    kt_quads *list;
    kt_selected_fn *selected; /* NULL: nothing is */
    void *context;
    kf_time base;             /* time that the list's times are relative to */
    kf_time from, to;         /* what will be seen of the track */
    double scale;             /* px per flick */
    double height;            /* px, of the row */
    bool audio;
    bool incomplete;          /* out: texts were not there yet */
    bool waiting;             /* out: pictures or waveforms were not */
    kf_timeline_item before;  /* the last clip painted; id 0: none */
} kt_painter;

/* Call in order of time. */
void kt_paint_item(kt_painter *painter, const kf_timeline_item *item);

/* ---- Shared by the files that paint ---- */

static inline float kt_paint_time(const kt_painter *painter, kf_time t)
{
    return (float)(double)(t - painter->base);
}
/* A quad over [from, to) and rows of pixels. */
kt_quad *kt_paint_span(kt_painter *painter, kt_quad_kind kind, kf_time from, kf_time to, double y0, double y1,
                       kt_rgba color);
/* Top and bottom of the part of a clip that shows its content, px. */
void kt_paint_body(const kt_painter *painter, double *top, double *bottom);
/* Value of a clip's rubber band at a time of the clip, 0..1 of the body's height from the bottom; and what value that
 * is. */
double kt_band_position(bool audio, double value);
double kt_band_value(bool audio, double position);
/* Where the parameter of the rubber band is, and its name. */
kf_param_place kt_band_place(const kf_timeline_item *clip, bool audio, const char **param);

void kt_paint_pictures(kt_painter *painter, const kf_timeline_item *clip);
void kt_paint_band(kt_painter *painter, const kf_timeline_item *clip);

#endif
