/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "viewport.h"

#include <gtk/gtk.h>
#include <math.h>

static const double MAX_FRAME_PX = 160, FIT = 0.96;
#define LONGEST (INT64_C(200) * 3600 * KF_SECOND) /* of what one can zoom out to */

void kt_view_init(kt_view *view)
{
    *view = (kt_view){.scale = 60.0 / KF_SECOND, .width = 1, .height = 1, .split = 0.5};
}

void kt_view_finish(kt_view *view)
{
    g_clear_pointer(&view->rows, g_free);
    view->row_count = view->video_rows = 0;
}

/* ---- Time ---- */

kf_time kt_view_span(const kt_view *view, double px)
{
    double span = px / view->scale;
    return (kf_time)CLAMP(span, -4e18, 4e18);
}

kf_time kt_view_time(const kt_view *view, double x)
{
    return view->from + kt_view_span(view, x);
}

void kt_view_scroll_to(kt_view *view, kf_time from)
{
    view->from = CLAMP(from, 0, LONGEST);
}

void kt_view_zoom(kt_view *view, double factor, double x, kf_time frame)
{
    kf_time at = kt_view_time(view, x);
    view->scale = CLAMP(view->scale * factor, view->width / (double)LONGEST, MAX_FRAME_PX / (double)frame);
    kt_view_scroll_to(view, at - kt_view_span(view, x));
}

void kt_view_fit(kt_view *view, kf_time from, kf_time to, kf_time frame)
{
    double span = (double)MAX(to - from, frame * 8);
    view->scale = MIN(view->width * FIT / span, MAX_FRAME_PX / (double)frame);
    kt_view_scroll_to(view, from);
}

/* ---- Rows ---- */

static int compare_rows(const void *a, const void *b)
{
    const kt_row *one = a, *two = b;
    if (one->audio != two->audio) return one->audio - two->audio;
    int order = one->track < two->track ? -1 : one->track > two->track;
    return one->audio ? order : -order;
}

static double stack(kt_row *rows, int count)
{
    double y = 0;
    for (int i = 0; i < count; i++) {
        rows[i].y = y;
        y += rows[i].height;
    }
    return y;
}

void kt_view_set_tracks(kt_view *view, const kf_film_handle *film, int32_t sequence, kt_height_fn *height,
                        void *context)
{
    kf_sequence_info info;
    int32_t count = kf_film_sequence(film, sequence, &info) ? info.tracks : 0;
    view->rows = g_renew(kt_row, view->rows, MAX(count, 1));
    view->row_count = view->video_rows = 0;
    kf_track_info track;
    for (int32_t i = 0; i < count && kf_film_track(film, sequence, i, &track); i++) {
        view->rows[view->row_count++] = (kt_row){i, track.uid, track.audio, 0, height(context, &track)};
        view->video_rows += !track.audio;
    }
    qsort(view->rows, view->row_count, sizeof *view->rows, compare_rows);
    view->video_height = stack(view->rows, view->video_rows);
    view->audio_height = stack(view->rows + view->video_rows, view->row_count - view->video_rows);
    kt_view_clamp(view);
}

double kt_view_split_y(const kt_view *view)
{
    double room = MAX(view->height - KT_RULER - KT_SPLIT, 0);
    return floor(KT_RULER + room * view->split);
}

kt_rect kt_view_half(const kt_view *view, bool audio)
{
    double split = kt_view_split_y(view);
    if (!audio) return (kt_rect){0, KT_RULER, view->width, MAX(split - KT_RULER, 0)};
    return (kt_rect){0, split + KT_SPLIT, view->width, MAX(view->height - split - KT_SPLIT, 0)};
}

void kt_view_clamp(kt_view *view)
{
    double video = view->video_height - kt_view_half(view, false).height;
    double audio = view->audio_height - kt_view_half(view, true).height;
    view->video_scroll = round(CLAMP(view->video_scroll, 0, MAX(video, 0)));
    view->audio_scroll = round(CLAMP(view->audio_scroll, 0, MAX(audio, 0)));
}

double kt_view_row_y(const kt_view *view, const kt_row *row)
{
    kt_rect half = kt_view_half(view, row->audio);
    if (row->audio) return half.y + row->y - view->audio_scroll;
    return half.y + half.height - view->video_height + row->y + view->video_scroll;
}

bool kt_view_row_visible(const kt_view *view, const kt_row *row)
{
    kt_rect half = kt_view_half(view, row->audio);
    double y = kt_view_row_y(view, row);
    return y < half.y + half.height && y + row->height > half.y;
}

static bool inside(const kt_rect *rect, double y)
{
    return y >= rect->y && y < rect->y + rect->height;
}

const kt_row *kt_view_row_at(const kt_view *view, double y)
{
    for (int i = 0; i < view->row_count; i++) {
        const kt_row *row = &view->rows[i];
        kt_rect half = kt_view_half(view, row->audio);
        double top = kt_view_row_y(view, row);
        if (inside(&half, y) && y >= top && y < top + row->height) return row;
    }
    return NULL;
}

const kt_row *kt_view_row_of(const kt_view *view, int32_t track)
{
    for (int i = 0; i < view->row_count; i++) {
        if (view->rows[i].track == track) return &view->rows[i];
    }
    return NULL;
}

void kt_view_show_row(kt_view *view, const kt_row *row)
{
    kt_rect half = kt_view_half(view, row->audio);
    double y = kt_view_row_y(view, row), above = half.y - y, below = y + row->height - half.y - half.height;
    double by = above > 0 ? -above : below > 0 ? below : 0;
    if (row->audio) {
        view->audio_scroll += by;
    } else {
        view->video_scroll -= by;
    }
    kt_view_clamp(view);
}
