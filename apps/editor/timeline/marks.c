/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "marks.h"

#include <math.h>

void kt_marks_clear(kt_marks *marks)
{
    *marks = (kt_marks){.snap = KF_TIME_NONE, .razor = KF_TIME_NONE};
}

void kt_marks_ghost(kt_marks *marks, int32_t track, kf_time from, kf_time to, bool overwritten)
{
    if (marks->ghost_count < KT_GHOSTS && to > from) {
        marks->ghosts[marks->ghost_count++] = (kt_ghost){track, from, to, overwritten};
    }
}

/* The row's visible part, from x0 to x1; false if there is none. */
static bool row_rect(const kt_view *view, int32_t track, double x0, double x1, kt_rect *out)
{
    const kt_row *row = kt_view_row_of(view, track);
    if (!row || !kt_view_row_visible(view, row)) return false;
    kt_rect half = kt_view_half(view, row->audio);
    double y0 = MAX(kt_view_row_y(view, row), half.y);
    double y1 = MIN(kt_view_row_y(view, row) + row->height, half.y + half.height);
    x0 = CLAMP(x0, -40, view->width + 40);
    x1 = CLAMP(x1, -40, view->width + 40);
    *out = (kt_rect){x0, y0, x1 - x0, y1 - y0};
    return x1 > x0 && y1 > y0;
}

static void paint_ghost(const kt_ghost *ghost, const kt_marks_place *place, kt_quads *list)
{
    kt_rect rect;
    if (!row_rect(place->view, ghost->track, kt_view_x(place->view, ghost->from), kt_view_x(place->view, ghost->to),
                  &rect)) {
        return;
    }
    kt_rgba color = ghost->overwritten ? place->theme->error : place->theme->selected;
    if (ghost->overwritten) {
        kt_quad *hatch = kt_quads_rect(list, KT_HATCH, rect, kt_alpha(color, 0.6));
        hatch->param = 8;
    } else {
        kt_quads_rect(list, KT_SOLID, rect, kt_alpha(color, 0.06));
    }
    kt_quads_rect(list, KT_DASHED, rect, kt_alpha(color, 0.75));
}

static void bracket(const kt_rect *row, double x, int side, kt_rgba color, kt_quads *list)
{
    kt_quads_rect(list, KT_SOLID, (kt_rect){x - 1, row->y + 1, 2, row->height - 2}, color);
    double tip = side > 0 ? x - 1 : x - 5;
    kt_quads_rect(list, KT_SOLID, (kt_rect){tip, row->y + 1, 6, 2}, color);
    kt_quads_rect(list, KT_SOLID, (kt_rect){tip, row->y + row->height - 3, 6, 2}, color);
}

void kt_end_paint(const kt_end *end, const kt_marks_place *place, kt_quads *list)
{
    kt_rect row;
    if (end->kind == KT_EDGE_NONE) return;
    double x = kt_view_x(place->view, end->time);
    if (!row_rect(place->view, end->track, x - 6, x + 6, &row)) return;
    kt_rgba color = end->kind == KT_EDGE_ROLL ? kt_rgb(0xf0a83c) : end->ripple ? kt_rgb(0xffd84d) : kt_rgb(0xff6a5a);
    if (end->kind != KT_EDGE_TAIL) bracket(&row, x, 1, color, list);
    if (end->kind != KT_EDGE_HEAD) bracket(&row, x, -1, color, list);
}

static void paint_razor(const kt_marks *marks, const kt_marks_place *place, kt_quads *list)
{
    if (marks->razor == KF_TIME_NONE) return;
    double x = round(kt_view_x(place->view, marks->razor));
    kt_rect rect = {x, KT_RULER, 1, place->view->height - KT_RULER};
    if (!marks->razor_all && !row_rect(place->view, marks->razor_track, x, x + 1, &rect)) return;
    kt_quads_rect(list, KT_SOLID, rect, kt_rgb(0xf0f0f0));
}

static void paint_marquee(const kt_marks *marks, const kt_marks_place *place, kt_quads *list)
{
    if (marks->marquee.width <= 0 || marks->marquee.height <= 0) return;
    kt_quad *quad = kt_quads_rect(list, KT_BLOCK, marks->marquee, kt_alpha(place->theme->accent, 0.12));
    quad->border = kt_alpha(place->theme->accent, 0.9);
}

static void paint_bubble(const kt_marks *marks, const kt_marks_place *place, kt_quads *list)
{
    kt_glyphs glyphs;
    if (!marks->bubble[0]) return;
    place->text->budget++;
    if (!kt_text_get(place->text, marks->bubble, &glyphs)) return;
    double width = glyphs.width + 14, height = glyphs.height + 8;
    double x = CLAMP(marks->bubble_x + 14, 2, MAX(place->view->width - width - 2, 2));
    double y = marks->bubble_y + 20;
    if (y + height > place->view->height) y = marks->bubble_y - height - 8;
    kt_rgba back = marks->refusal ? kt_mix(place->theme->error, place->theme->bubble, 0.45) : place->theme->bubble;
    kt_quad *box = kt_quads_rect(list, KT_BLOCK, (kt_rect){x, y, width, height}, kt_alpha(back, 0.94));
    box->radius = 4;
    box->border = kt_alpha(place->theme->bubble_text, 0.25);
    kt_text_push(place->text, list, marks->bubble, x + 7, y + 4, place->theme->bubble_text);
}

void kt_marks_paint(const kt_marks *marks, const kt_marks_place *place, kt_quads *list)
{
    for (int32_t i = 0; i < marks->ghost_count; i++) paint_ghost(&marks->ghosts[i], place, list);
    kt_end_paint(&marks->end, place, list);
    paint_razor(marks, place, list);
    if (marks->snap != KF_TIME_NONE) {
        double x = round(kt_view_x(place->view, marks->snap));
        kt_quads_rect(list, KT_SOLID, (kt_rect){x, KT_RULER, 1, place->view->height}, kt_rgb(0xffd166));
        kt_quads_rect(list, KT_PIN, (kt_rect){x - 4, KT_RULER, 9, 8}, kt_rgb(0xffd166));
    }
    paint_marquee(marks, place, list);
    paint_bubble(marks, place, list);
}
