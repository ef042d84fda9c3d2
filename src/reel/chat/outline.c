/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Outlines are drawn for the right side; the left is their mirror. */
#include "reel/chat/outline.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

void chat_path_point(kf_str *path, double x, double y)
{
    film_number(path, x);
    kf_str_add(path, ",");
    film_number(path, y);
    kf_str_add(path, " ");
}

void chat_path_rect(kf_str *path, double x, double y, double w, double h)
{
    const double corners[4][2] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
    for (int i = 0; i < 4; i++) {
        kf_str_add(path, i ? "L" : "M");
        chat_path_point(path, corners[i][0], corners[i][1]);
    }
    kf_str_add(path, "Z");
}

void chat_path_scaled(kf_str *path, const char *text, double factor)
{
    int of_arc = -1; /* which number of an arc comes next; -1: in no arc */
    while (*text) {
        if (!isdigit((unsigned char)*text)) {
            of_arc = *text == 'A' ? 0 : isalpha((unsigned char)*text) ? -1 : of_arc;
            kf_str_add_n(path, text++, 1);
            continue;
        }
        char *end;
        long whole = strtol(text, &end, 10);
        if (of_arc >= 2 && of_arc <= 4) { /* its angle and flags */
            kf_str_addf(path, "%ld", whole);
        } else {
            film_number(path, (double)whole * factor);
        }
        of_arc = of_arc >= 0 ? (of_arc + 1) % 7 : -1;
        text = end;
    }
}

typedef struct outline {
    kf_str text;
    double w;
    bool mirror;
} outline;

static void add_point(outline *o, double x, double y)
{
    chat_path_point(&o->text, o->mirror ? o->w - x : x, y);
}

static void line_to(outline *o, const char *command, double x, double y)
{
    kf_str_add(&o->text, command);
    add_point(o, x, y);
}

static void curve_to(outline *o, double x1, double y1, double x2, double y2, double x, double y)
{
    kf_str_add(&o->text, "C");
    add_point(o, x1, y1);
    add_point(o, x2, y2);
    add_point(o, x, y);
}

/* A corner, clockwise for the right side. */
static void corner_to(outline *o, double radius, double x, double y)
{
    kf_str_add(&o->text, "A");
    chat_path_point(&o->text, radius, radius);
    kf_str_add(&o->text, o->mirror ? "0 0 0 " : "0 0 1 ");
    add_point(o, x, y);
}

/* A triangle below, as of who speaks in a comic. */
static void add_point_tail(outline *o, double h, double r)
{
    line_to(o, "L", o->w, h - r);
    corner_to(o, r, o->w - r, h);
    line_to(o, "L", o->w - 1.1 * r, h + 0.8 * r);
    line_to(o, "L", o->w - 2.1 * r, h);
}

/* The lower corner on the sender's side runs out into a tail. */
static void add_curve_tail(outline *o, double h, double r)
{
    double w = o->w;
    line_to(o, "L", w, h - r);
    curve_to(o, w, h - 0.42 * r, w + 0.06 * r, h - 0.16 * r, w + 0.32 * r, h);
    curve_to(o, w + 0.08 * r, h + 0.03 * r, w - 0.16 * r, h - 0.04 * r, w - 0.30 * r, h - 0.16 * r);
    curve_to(o, w - 0.48 * r, h - 0.05 * r, w - 0.74 * r, h, w - r, h);
}

typedef struct corners { double top_left, top_right, bottom_right, bottom_left; } corners;

static void add_outline(outline *o, double h, corners c, chat_tail tail)
{
    double w = o->w;
    line_to(o, "M", c.top_left, 0);
    line_to(o, "L", w - c.top_right, 0);
    corner_to(o, c.top_right, w, c.top_right);
    if (tail == TAIL_CURVE) {
        add_curve_tail(o, h, c.bottom_right);
    } else if (tail == TAIL_POINT) {
        add_point_tail(o, h, c.bottom_right);
    } else {
        line_to(o, "L", w, h - c.bottom_right);
        corner_to(o, c.bottom_right, w - c.bottom_right, h);
    }
    line_to(o, "L", c.bottom_left, h);
    corner_to(o, c.bottom_left, 0, h - c.bottom_left);
    line_to(o, "L", 0, c.top_left);
    corner_to(o, c.top_left, c.top_left, 0);
    kf_str_add(&o->text, "Z");
}

kf_str chat_outline(const chat_look *look, const chat_message *m, double unit, bool tail)
{
    outline o = {.w = m->bubble.w, .mirror = !m->right};
    double most = fmin(m->bubble.w, m->bubble.h) / 2.0, round = fmin((double)look->radius * unit, most);
    double tight = look->tail == TAIL_CORNER ? fmin((double)look->small_radius * unit, most) : round;
    corners c = {round, m->first ? round : tight, tight, round};
    add_outline(&o, m->bubble.h, c, tail ? (chat_tail)look->tail : TAIL_NONE);
    return o.text;
}
