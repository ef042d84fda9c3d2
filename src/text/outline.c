/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/outline.h"

#include <math.h>

#include "base/api/alloc.h"

void kf_outline_finish(kf_outline *o)
{
    kf_free(o->points);
    kf_free(o->starts);
    kf_free(o->closed);
    *o = (kf_outline){0};
}

/* ---- Building ---- */

static void add(kf_outline *o, double x, double y)
{
    if (o->failed || kf_grow((void **)&o->points, &o->capacity, o->count + 1, sizeof *o->points)) {
        o->failed = true;
        return;
    }
    o->points[o->count++] = (kf_point){x, y};
}

void kf_outline_move(kf_outline *o, double x, double y)
{
    if (o->failed || kf_grow((void **)&o->starts, &o->starts_capacity, o->contours + 1, sizeof *o->starts) ||
        kf_grow((void **)&o->closed, &o->closed_capacity, o->contours + 1, sizeof *o->closed)) {
        o->failed = true;
        return;
    }
    o->starts[o->contours] = o->count;
    o->closed[o->contours++] = false;
    add(o, x, y);
}

void kf_outline_line(kf_outline *o, double x, double y)
{
    add(o, x, y);
}

void kf_outline_close(kf_outline *o)
{
    if (!o->failed && o->contours > 0) o->closed[o->contours - 1] = true;
}

/* How many lines keep within 1/50 px of a cubic whose second differences are at most d long. */
static int pieces(double d)
{
    const double tolerance = 0.02;
    double n = ceil(sqrt(d * 0.75 / tolerance));
    return n < 1 ? 1 : n > 500 ? 500 : (int)n;
}

static double bend(kf_point a, kf_point b, kf_point c)
{
    double x = a.x - 2 * b.x + c.x, y = a.y - 2 * b.y + c.y;
    return sqrt(x * x + y * y);
}

void kf_outline_curve(kf_outline *o, kf_point c1, kf_point c2, kf_point end)
{
    if (o->failed || o->count == 0) return;
    const kf_point a = o->points[o->count - 1];
    const int n = pieces(fmax(bend(a, c1, c2), bend(c1, c2, end)));
    for (int i = 1; i < n; i++) {
        double t = (double)i / n, u = 1 - t;
        double wa = u * u * u, w1 = 3 * u * u * t, w2 = 3 * u * t * t, wb = t * t * t;
        add(o, wa * a.x + w1 * c1.x + w2 * c2.x + wb * end.x, wa * a.y + w1 * c1.y + w2 * c2.y + wb * end.y);
    }
    add(o, end.x, end.y);
}

void kf_outline_quarter(kf_outline *o, kf_point m, kf_point a, kf_point b)
{
    const double k = 0.5519150244935106; /* 0.02 % off a circle at most */
    kf_outline_curve(o, (kf_point){m.x + a.x + k * b.x, m.y + a.y + k * b.y},
                     (kf_point){m.x + b.x + k * a.x, m.y + b.y + k * a.y}, (kf_point){m.x + b.x, m.y + b.y});
}

void kf_outline_rectangle(kf_outline *o, kf_text_rect r)
{
    kf_outline_move(o, r.x, r.y);
    kf_outline_line(o, r.x + r.w, r.y);
    kf_outline_line(o, r.x + r.w, r.y + r.h);
    kf_outline_line(o, r.x, r.y + r.h);
    kf_outline_close(o);
}

static void corner(kf_outline *o, kf_point m, kf_point from, kf_point to, double radius)
{
    kf_outline_line(o, m.x + from.x * radius, m.y + from.y * radius);
    if (radius > 0)
        kf_outline_quarter(o, m, (kf_point){from.x * radius, from.y * radius}, (kf_point){to.x * radius, to.y * radius});
}

void kf_outline_rounded(kf_outline *o, kf_text_rect r, const double radius[4])
{
    const kf_point up = {0, -1}, right = {1, 0}, down = {0, 1}, left = {-1, 0};
    double x1 = r.x + r.w, y1 = r.y + r.h;
    kf_outline_move(o, r.x + radius[0], r.y);
    corner(o, (kf_point){x1 - radius[1], r.y + radius[1]}, up, right, radius[1]);
    corner(o, (kf_point){x1 - radius[2], y1 - radius[2]}, right, down, radius[2]);
    corner(o, (kf_point){r.x + radius[3], y1 - radius[3]}, down, left, radius[3]);
    corner(o, (kf_point){r.x + radius[0], r.y + radius[0]}, left, up, radius[0]);
    kf_outline_close(o);
}

void kf_outline_ellipse(kf_outline *o, kf_text_rect r)
{
    const kf_point m = {r.x + r.w / 2, r.y + r.h / 2}, right = {r.w / 2, 0}, down = {0, r.h / 2}, left = {-right.x, 0},
                   up = {0, -down.y};
    kf_outline_move(o, m.x + right.x, m.y);
    kf_outline_quarter(o, m, right, down);
    kf_outline_quarter(o, m, down, left);
    kf_outline_quarter(o, m, left, up);
    kf_outline_quarter(o, m, up, right);
    kf_outline_close(o);
}

kf_text_rect kf_outline_bounds(const kf_outline *o)
{
    if (o->count == 0) return (kf_text_rect){0};
    double x0 = o->points[0].x, x1 = x0, y0 = o->points[0].y, y1 = y0;
    for (size_t i = 1; i < o->count; i++) {
        x0 = fmin(x0, o->points[i].x);
        x1 = fmax(x1, o->points[i].x);
        y0 = fmin(y0, o->points[i].y);
        y1 = fmax(y1, o->points[i].y);
    }
    return (kf_text_rect){x0, y0, x1 - x0, y1 - y0};
}

/* ---- Strokes ---- */

/* The way half the pen lies to the left of a line; false for a point. */
static bool side(kf_point a, kf_point b, double half, kf_point *out)
{
    double x = b.x - a.x, y = b.y - a.y, length = sqrt(x * x + y * y);
    if (!(length > 1e-9)) return false;
    *out = (kf_point){-y * half / length, x * half / length};
    return true;
}

/* All pieces of a stroke go round the same way, so that they add up under the non-zero rule. */
static void add_piece(kf_outline *to, kf_point a, kf_point b, kf_point n)
{
    kf_outline_move(to, a.x + n.x, a.y + n.y);
    kf_outline_line(to, b.x + n.x, b.y + n.y);
    kf_outline_line(to, b.x - n.x, b.y - n.y);
    kf_outline_line(to, a.x - n.x, a.y - n.y);
}

static void add_dot(kf_outline *to, kf_point m, double half)
{
    const kf_point right = {half, 0}, down = {0, half}, left = {-half, 0}, up = {0, -half};
    kf_outline_move(to, m.x + right.x, m.y);
    kf_outline_quarter(to, m, right, up);
    kf_outline_quarter(to, m, up, left);
    kf_outline_quarter(to, m, left, down);
    kf_outline_quarter(to, m, down, right);
}

/* The gap that two lines of a curve leave on the outer side of their corner. */
static void add_wedge(kf_outline *to, kf_point m, kf_point n0, kf_point n1)
{
    double turn = n0.x * n1.y - n0.y * n1.x, s = turn > 0 ? -1 : 1;
    kf_point a = {m.x + s * n0.x, m.y + s * n0.y}, b = {m.x + s * n1.x, m.y + s * n1.y};
    kf_outline_move(to, m.x, m.y);
    kf_outline_line(to, turn > 0 ? b.x : a.x, turn > 0 ? b.y : a.y);
    kf_outline_line(to, turn > 0 ? a.x : b.x, turn > 0 ? a.y : b.y);
}

static void add_join(kf_outline *to, kf_point m, kf_point n0, kf_point n1, double half)
{
    double along = n0.x * n1.x + n0.y * n1.y;
    if (along > 0.99 * half * half) add_wedge(to, m, n0, n1);
    else add_dot(to, m, half);
}

static void stroke_contour(kf_outline *to, const kf_point *p, size_t count, bool closed, double half)
{
    kf_point first = {0}, previous = {0}, n;
    bool begun = false;
    size_t lines = closed ? count : count - 1;
    for (size_t i = 0; i < lines; i++) {
        const kf_point a = p[i], b = p[(i + 1) % count];
        if (!side(a, b, half, &n)) continue;
        add_piece(to, a, b, n);
        if (begun) add_join(to, a, previous, n, half);
        else first = n;
        previous = n;
        begun = true;
    }
    if (!begun || !closed) {
        add_dot(to, p[0], half);
        if (count > 1) add_dot(to, p[count - 1], half);
    } else {
        add_join(to, p[0], previous, first, half);
    }
}

void kf_outline_stroke(kf_outline *to, const kf_outline *o, double width)
{
    for (size_t c = 0; c < o->contours && !o->failed; c++) {
        size_t start = o->starts[c], end = c + 1 < o->contours ? o->starts[c + 1] : o->count;
        stroke_contour(to, o->points + start, end - start, o->closed[c], width / 2);
    }
    to->failed = to->failed || o->failed;
}
