/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/bubble.h"

#include <math.h>

static const reel_bubble *style(const reel *r, const reel_message *m)
{
    return m->right ? &r->look.sent : &r->look.received;
}

int32_t bubble_margin(const reel *r)
{
    const reel_look *l = &r->look;
    double tail = l->tail == TAIL_CURVE ? 0.45 * (double)l->radius : 0;
    double shadow = fmax(3 * (double)l->sent.shadow_blur + (double)l->sent.shadow_y,
                         3 * (double)l->received.shadow_blur + (double)l->received.shadow_y);
    return 2 * (int32_t)ceil(fmax(tail, shadow) * r->unit / 2);
}

/* ---- Outlines, as SVG paths. Drawn for the right side; the left is its mirror ---- */

typedef struct outline {
    kf_str text;
    double w;
    bool mirror;
} outline;

static void add_point(outline *o, double x, double y)
{
    film_number(&o->text, o->mirror ? o->w - x : x);
    kf_str_add(&o->text, ",");
    film_number(&o->text, y);
    kf_str_add(&o->text, " ");
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
    film_number(&o->text, radius);
    kf_str_add(&o->text, ",");
    film_number(&o->text, radius);
    kf_str_add(&o->text, o->mirror ? " 0 0 0 " : " 0 0 1 ");
    add_point(o, x, y);
}

/* The lower corner on the sender's side runs out into a tail. */
static void add_tail(outline *o, double h, double r)
{
    double w = o->w;
    line_to(o, "L", w, h - r);
    curve_to(o, w, h - 0.42 * r, w + 0.06 * r, h - 0.16 * r, w + 0.32 * r, h);
    curve_to(o, w + 0.08 * r, h + 0.03 * r, w - 0.16 * r, h - 0.04 * r, w - 0.30 * r, h - 0.16 * r);
    curve_to(o, w - 0.48 * r, h - 0.05 * r, w - 0.74 * r, h, w - r, h);
}

typedef struct corners { double top_left, top_right, bottom_right, bottom_left; } corners;

static void add_outline(outline *o, double h, corners c, bool tail)
{
    double w = o->w;
    line_to(o, "M", c.top_left, 0);
    line_to(o, "L", w - c.top_right, 0);
    corner_to(o, c.top_right, w, c.top_right);
    if (tail) {
        add_tail(o, h, c.bottom_right);
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

static corners corners_of(const reel *r, const reel_message *m)
{
    const reel_look *l = &r->look;
    double most = fmin(m->bubble.w, m->bubble.h) / 2.0, round = fmin((double)l->radius * r->unit, most);
    double tight = fmin((double)l->small_radius * r->unit, most);
    bool corner = l->tail == TAIL_CORNER;
    return (corners){round, m->first || !corner ? round : tight, corner ? tight : round, round};
}

static void write_bubble(reel *r, const reel_message *m, reel_span span)
{
    const reel_bubble *b = style(r, m);
    outline o = {.w = m->bubble.w, .mirror = !m->right};
    add_outline(&o, m->bubble.h, corners_of(r, m), r->look.tail == TAIL_CURVE && m->last);
    film_track_begin(r, "bubble", false);
    film_clips_begin(r);
    film_generator_begin(r, "bubble", "shape", span);
    kf_json_put_string(&r->w, "kind", "path");
    kf_json_put_string(&r->w, "path", o.text.data);
    film_point(r, "position", bubble_margin(r), bubble_margin(r));
    film_color(r, "fill", b->fill);
    film_params_end(r);
    film_clip_end(r);
    film_track_end(r);
    r->w.out->failed |= o.text.failed;
    kf_str_finish(&o.text);
}

/* ---- Contents ---- */

/* Capitals stand in the middle of their line. */
static double first_baseline(double top, double size, double line)
{
    return top + line / 2 + 0.36 * size;
}

static void write_text(reel *r, const reel_message *m, reel_span span)
{
    const reel_look *l = &r->look;
    double size = reel_px(r, (double)l->size), line = size * (double)l->line, pad = (double)l->pad_x * r->unit;
    double left = bubble_margin(r) + (m->bubble.w - m->text_width) / 2.0, top = bubble_margin(r) + m->image.h;
    reel_title title = {.text = m->text, .size = size, .line = line, .weight = l->weight, .color = style(r, m)->text,
        .align = m->rtl ? 1 : -1, .rtl = m->rtl};
    if (m->picture >= 0) {
        left = m->rtl ? bubble_margin(r) + m->bubble.w - pad - m->text_width : bubble_margin(r) + pad;
    }
    title.x = m->rtl ? round(left + m->text_width) : round(left);
    title.y = round(first_baseline(top + (double)l->pad_y * r->unit, size, line));
    film_title_track(r, "text", &title, span);
}

static void write_image(reel *r, const reel_message *m, reel_span span)
{
    film_track_begin(r, "picture", false);
    film_clips_begin(r);
    film_asset_begin(r, "picture", m->picture, span);
    film_fit(r, "cover", (reel_box){bubble_margin(r), bubble_margin(r), m->image.w, m->image.h});
    film_clip_end(r);
    film_track_end(r);
}

void bubble_write(reel *r, const reel_message *m)
{
    reel_span span = {0, m->end - m->start};
    write_bubble(r, m, span);
    if (m->picture >= 0) {
        write_image(r, m, span);
    }
    if (m->lines > 0) {
        write_text(r, m, span);
    }
}
