/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ruler.h"

#include <math.h>

static const double LABEL_PX = 96; /* least room for a label */

/* ---- Ticks ---- */

int64_t kt_ruler_step(double frame_px, kf_rational rate, int *minor)
{
    static const int frames[] = {1, 2, 5, 10};
    static const int seconds[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000};
    int64_t second = rate.den > 0 ? MAX((rate.num + rate.den / 2) / rate.den, 1) : 25;
    for (size_t i = 0; i < G_N_ELEMENTS(frames) && frames[i] < second; i++) {
        *minor = frames[i] == 10 ? 10 : frames[i];
        if (frames[i] * frame_px >= LABEL_PX) return frames[i];
    }
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
        *minor = seconds[i] % 15 == 0 ? 6 : seconds[i] % 2 == 0 && seconds[i] < 5 ? 4 : 5;
        if ((double)seconds[i] * (double)second * frame_px >= LABEL_PX) return seconds[i] * second;
    }
    int64_t step = 36000 * second;
    while ((double)step * frame_px < LABEL_PX) step *= 2;
    return step;
}

static void tick(kt_quads *list, double x, double height, kt_rgba color)
{
    kt_quads_rect(list, KT_SOLID, (kt_rect){x, KT_RULER - 1 - height, 1, height}, color);
}

static void paint_ticks(const kt_ruler *ruler, kt_quads *list)
{
    const kt_view *view = ruler->view;
    kf_time frame = kf_sequence_frame_time(ruler->info, 1);
    double frame_px = (double)frame * view->scale;
    int minor;
    int64_t step = kt_ruler_step(frame_px, ruler->info->rate, &minor);
    int64_t first = kf_sequence_frame(ruler->info, MAX(view->from, 0)) / step * step;
    for (int64_t n = first;; n += step) {
        kf_time at = kf_sequence_frame_time(ruler->info, n);
        double x = kt_view_x(view, at);
        if (x > view->width) break;
        tick(list, x, 9, ruler->theme->tick);
        char label[32];
        kf_sequence_timecode(ruler->info, at, label, sizeof label);
        kt_text_digits(ruler->text, list, label, x + 4, KT_RULER_MARKS - 1, ruler->theme->ruler_text);
        for (int i = 1; i < minor; i++) {
            double between = x + frame_px * (double)step * i / minor;
            tick(list, between, i * 2 == minor ? 6 : 4, kt_alpha(ruler->theme->tick, 0.6));
        }
    }
}

/* ---- In, out, markers ---- */

static void paint_range(const kt_ruler *ruler, kt_quads *list)
{
    const kf_sequence_info *info = ruler->info;
    if (info->mark_in == KF_TIME_NONE && info->mark_out == KF_TIME_NONE) return;
    const kt_view *view = ruler->view;
    double from = info->mark_in == KF_TIME_NONE ? 0 : kt_view_x(view, info->mark_in);
    double to = info->mark_out == KF_TIME_NONE ? view->width : kt_view_x(view, info->mark_out);
    from = CLAMP(from, -8, view->width + 8);
    to = CLAMP(to, -8, view->width + 8);
    kt_quads_rect(list, KT_SOLID, (kt_rect){from, 0, MAX(to - from, 1), KT_RULER_MARKS - 1}, ruler->theme->range);
    if (info->mark_in != KF_TIME_NONE) {
        kt_quads_rect(list, KT_SOLID, (kt_rect){from, 0, 3, KT_RULER - 1}, kt_alpha(ruler->theme->accent, 0.8));
    }
    if (info->mark_out != KF_TIME_NONE) {
        kt_quads_rect(list, KT_SOLID, (kt_rect){to - 3, 0, 3, KT_RULER - 1}, kt_alpha(ruler->theme->accent, 0.8));
    }
}

static kt_rgba marker_color(const kf_marker_info *marker)
{
    if (marker->color[3] <= 0) return kt_rgb(0x6fbf73);
    return (kt_rgba){(uint8_t)(CLAMP(marker->color[0], 0, 1) * 255), (uint8_t)(CLAMP(marker->color[1], 0, 1) * 255),
                     (uint8_t)(CLAMP(marker->color[2], 0, 1) * 255), 255};
}

static void paint_marker(const kt_ruler *ruler, kt_quads *list, const kf_marker_info *marker)
{
    kt_rgba color = marker_color(marker);
    double x = kt_view_x(ruler->view, marker->time);
    if (marker->duration > 0) {
        double end = MIN(kt_view_x(ruler->view, marker->time + marker->duration), ruler->view->width + 8);
        kt_quads_rect(list, KT_SOLID, (kt_rect){MAX(x, -8), 2, end - MAX(x, -8), 8}, kt_alpha(color, 0.5));
    }
    kt_quad *pin = kt_quads_rect(list, KT_PIN, (kt_rect){x - 4, 1, 9, 11}, color);
    pin->border = kt_mix(color, kt_rgb(0), 0.6);
}

/* At most one for each pixel or so, however many there are. */
static void paint_markers(const kt_ruler *ruler, kt_quads *list)
{
    const kt_view *view = ruler->view;
    kf_time end = kt_view_end(view), next = kt_view_time(view, -8);
    kf_marker_info marker;
    for (int drawn = 0; drawn < 1000; drawn++) {
        int32_t i = kf_film_marker_after(ruler->film, KF_MARKER_SEQUENCE, ruler->sequence, next);
        if (!kf_film_marker(ruler->film, KF_MARKER_SEQUENCE, ruler->sequence, i, &marker) || marker.time > end) return;
        paint_marker(ruler, list, &marker);
        next = marker.time + MAX(kt_view_span(view, 2), 1);
    }
}

void kt_ruler_paint(const kt_ruler *ruler, kt_quads *list)
{
    double width = ruler->view->width;
    kt_quads_rect(list, KT_SOLID, (kt_rect){0, 0, width, KT_RULER}, ruler->theme->ruler);
    paint_range(ruler, list);
    paint_ticks(ruler, list);
    kt_quads_rect(list, KT_SOLID, (kt_rect){0, KT_RULER - 1, width, 1}, ruler->theme->ruler_line);
    paint_markers(ruler, list);
}

void kt_ruler_paint_over(const kt_ruler *ruler, kt_quads *list)
{
    const kt_view *view = ruler->view;
    double x = kt_view_x(view, ruler->playhead);
    if (x < -10 || x > view->width + 10) return;
    kt_quads_rect(list, KT_SOLID, (kt_rect){x, KT_RULER - 6, 1, view->height}, ruler->theme->accent);
    kt_quads_rect(list, KT_PIN, (kt_rect){x - 6, KT_RULER - 16, 13, 15}, ruler->theme->accent);
}
