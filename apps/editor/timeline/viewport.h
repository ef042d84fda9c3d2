/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where things are in the timeline: times to pixels, tracks to rows. Plain data and arithmetic, no widgets.
 *
 * Pixels count from the top left corner of the drawn area: the ruler, then video tracks (the first one lowest), the
 * split, then audio tracks (the first one highest). Video and audio scroll separately. */
#ifndef KERF_TIMELINE_VIEWPORT_H
#define KERF_TIMELINE_VIEWPORT_H

#include "kerf/timeline.h"
#include "quads.h"

enum {
    KT_RULER = 34, KT_SPLIT = 6,
    KT_ROW_MIN = 22, KT_ROW_MAX = 400, KT_ROW_VIDEO = 56, KT_ROW_AUDIO = 48
};

typedef struct kt_row {
    int32_t track;            /* index in the film */
    uint64_t uid;
    bool audio;
    double y, height;         /* y: from the top of its half's content (video: 0 is the highest track) */
} kt_row;

typedef struct kt_view {
    kf_time from;             /* time at the left edge */
    double scale;             /* px per flick */
    double width, height;     /* px, of the drawn area */
    double split;             /* part of the room below the ruler that video has, 0..1 */
    double video_scroll, audio_scroll; /* px from the lowest video track's (highest audio track's) resting place */
    double video_height, audio_height; /* px, of all tracks together */
    kt_row *rows;             /* video from the highest to the first, then audio from the first on */
    int32_t row_count, video_rows;
} kt_view;

void kt_view_init(kt_view *view);
void kt_view_finish(kt_view *view);

/* ---- Time ---- */

static inline double kt_view_x(const kt_view *view, kf_time t)
{
    return (double)(t - view->from) * view->scale;
}
kf_time kt_view_time(const kt_view *view, double x);
/* How much time some pixels are. */
kf_time kt_view_span(const kt_view *view, double px);
static inline kf_time kt_view_end(const kt_view *view)
{
    return kt_view_time(view, view->width);
}
/* Scales by a factor; the time at x stays there. frame: duration of one, which bounds the scale. */
void kt_view_zoom(kt_view *view, double factor, double x, kf_time frame);
/* Shows [from, to) with a little room after it. */
void kt_view_fit(kt_view *view, kf_time from, kf_time to, kf_time frame);
void kt_view_scroll_to(kt_view *view, kf_time from);

/* ---- Rows ---- */

/* Takes the sequence's tracks; height gives that of a track. */
typedef double kt_height_fn(void *context, const kf_track_info *track);
void kt_view_set_tracks(kt_view *view, const kf_film_handle *film, int32_t sequence, kt_height_fn *height,
                        void *context);
/* Keeps the scroll positions in their bounds; after rows, sizes or they themselves changed. */
void kt_view_clamp(kt_view *view);

/* y of the top of the split. */
double kt_view_split_y(const kt_view *view);
/* The part of the area that video (audio) tracks are seen in. */
kt_rect kt_view_half(const kt_view *view, bool audio);
/* Top of a row in the area; may lie outside of its half. */
double kt_view_row_y(const kt_view *view, const kt_row *row);
bool kt_view_row_visible(const kt_view *view, const kt_row *row);
/* Row at y; NULL: the ruler, the split or an empty place. */
const kt_row *kt_view_row_at(const kt_view *view, double y);
const kt_row *kt_view_row_of(const kt_view *view, int32_t track);
/* Scrolls so that the row is seen. */
void kt_view_show_row(kt_view *view, const kt_row *row);

#endif
