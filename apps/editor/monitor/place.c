/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "place.h"

#include <math.h>

static double clamp(double v, double lo, double hi) { return v < lo ? lo : v > hi ? hi : v; }

double kerf_place_zoom(const KerfZoom *view, const KerfSizes *s)
{
    if (view->zoom > 0) return view->zoom;
    if (s->picture_width <= 0 || s->picture_height <= 0) return 1;
    return fmin(s->width / s->picture_width, s->height / s->picture_height);
}

KerfPlace kerf_place(const KerfZoom *view, const KerfSizes *s)
{
    const double zoom = kerf_place_zoom(view, s);
    const double w = s->picture_width * zoom, h = s->picture_height * zoom;
    const double x = s->width / 2 - w * (view->zoom > 0 ? view->x : 0.5);
    const double y = s->height / 2 - h * (view->zoom > 0 ? view->y : 0.5);
    const double left = round(x * s->scale), top = round(y * s->scale);
    const double right = round((x + w) * s->scale), bottom = round((y + h) * s->scale);
    return (KerfPlace){left / s->scale, top / s->scale, fmax(right - left, 1) / s->scale, fmax(bottom - top, 1) / s->scale};
}

/* The point in the middle when the point (px, py) of the picture is to lie at (x, y). */
static KerfZoom hold(const KerfSizes *s, double zoom, const double p[2], double x, double y)
{
    const double w = s->picture_width * zoom, h = s->picture_height * zoom;
    return (KerfZoom){zoom, clamp(p[0] + (s->width / 2 - x) / w, 0, 1), clamp(p[1] + (s->height / 2 - y) / h, 0, 1)};
}

KerfZoom kerf_place_zoom_at(const KerfZoom *view, const KerfSizes *s, double zoom, double x, double y)
{
    const KerfPlace place = kerf_place(view, s);
    const double p[2] = {(x - place.x) / place.w, (y - place.y) / place.h};
    return hold(s, zoom, p, x, y);
}

KerfZoom kerf_place_pan(const KerfZoom *view, const KerfSizes *s, double dx, double dy)
{
    const KerfPlace place = kerf_place(view, s);
    const double p[2] = {(s->width / 2 - dx - place.x) / place.w, (s->height / 2 - dy - place.y) / place.h};
    return hold(s, kerf_place_zoom(view, s), p, s->width / 2, s->height / 2);
}
