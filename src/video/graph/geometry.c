/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/graph/api/graph.h"

#include <math.h>

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

bool kf_rect_empty(kf_rect r)
{
    return r.x0 >= r.x1 || r.y0 >= r.y1;
}

kf_rect kf_rect_intersect(kf_rect a, kf_rect b)
{
    kf_rect r = {max_int(a.x0, b.x0), max_int(a.y0, b.y0), min_int(a.x1, b.x1), min_int(a.y1, b.y1)};
    return kf_rect_empty(r) ? (kf_rect){0} : r;
}

kf_rect kf_rect_union(kf_rect a, kf_rect b)
{
    if (kf_rect_empty(a)) return b;
    if (kf_rect_empty(b)) return a;
    return (kf_rect){min_int(a.x0, b.x0), min_int(a.y0, b.y0), max_int(a.x1, b.x1), max_int(a.y1, b.y1)};
}

kf_rect kf_rect_moved(kf_rect r, int dx, int dy)
{
    return (kf_rect){r.x0 + dx, r.y0 + dy, r.x1 + dx, r.y1 + dy};
}

bool kf_rect_contains(kf_rect outer, kf_rect inner)
{
    return kf_rect_empty(inner)
        || (outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1);
}

kf_transform2d kf_transform2d_mul(const kf_transform2d *outer, const kf_transform2d *inner)
{
    const double *o = outer->m, *i = inner->m;
    return (kf_transform2d){{
        o[0] * i[0] + o[1] * i[3], o[0] * i[1] + o[1] * i[4], o[0] * i[2] + o[1] * i[5] + o[2],
        o[3] * i[0] + o[4] * i[3], o[3] * i[1] + o[4] * i[4], o[3] * i[2] + o[4] * i[5] + o[5],
    }};
}

bool kf_transform2d_turns(const kf_transform2d *t)
{
    return t->m[0] == 0 && t->m[4] == 0;
}

bool kf_transform2d_separable(const kf_transform2d *t)
{
    return kf_transform2d_turns(t) || (t->m[1] == 0 && t->m[3] == 0);
}

bool kf_transform2d_invert(const kf_transform2d *t, kf_transform2d *out)
{
    const double *m = t->m;
    double det = m[0] * m[4] - m[1] * m[3];
    if (!(fabs(det) > 1e-12)) return false;
    double a = m[4] / det, b = -m[1] / det, d = -m[3] / det, e = m[0] / det;
    *out = (kf_transform2d){{a, b, -(a * m[2] + b * m[5]), d, e, -(d * m[2] + e * m[5])}};
    return true;
}
