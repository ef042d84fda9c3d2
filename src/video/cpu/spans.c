/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which part of a row a node can show in, and where masks are whole. */
#include <limits.h>
#include <math.h>

#include "video/cpu/internal.h"

static int to_pixel(double v)
{
    return v < -KF_FAR ? -KF_FAR : v > KF_FAR ? KF_FAR : (int)v;
}

/* [lo, hi] in plane coordinates as pixels: widened, or narrowed to those certainly inside. */
static void set_range(int *x0, int *x1, double lo, double hi, bool widen)
{
    *x0 = to_pixel(widen ? floor(lo) - 1 : ceil(lo) + 1);
    *x1 = to_pixel(widen ? ceil(hi) + 1 : floor(hi) - 1);
    if (*x1 < *x0) *x1 = *x0;
}

/* Pixels whose centres have a * x + b < limit. */
static void below(int *x0, int *x1, double a, double b, double limit, bool widen)
{
    double at = (limit - b) / a;
    if (fabs(a) < 1e-9) /* the edge lies along the row */
        set_range(x0, x1, b < limit ? -INFINITY : INFINITY, b < limit ? INFINITY : -INFINITY, widen);
    else
        set_range(x0, x1, a > 0 ? -INFINITY : at, a > 0 ? at : INFINITY, widen);
}

static mask_spans half_plane_spans(const kf_shape_mask *m, int y, double ramp)
{
    double nx = (double)m->half[0], ny = (double)m->half[1], sign = m->invert ? -1 : 1;
    double a = sign * nx,
           b = sign * (ny * (y + 0.5 - (double)m->cy) - nx * (double)m->cx); /* signed distance at x: a x + b */
    mask_spans s;
    below(&s.shown0, &s.shown1, a, b, ramp + 1e-3, true);
    below(&s.solid0, &s.solid1, a, b, -ramp - 1e-3, false);
    return s;
}

static mask_spans rect_spans(const kf_shape_mask *m, int y, double ramp)
{
    double dy = fabs(y + 0.5 - (double)m->cy), hx = (double)m->half[0], hy = (double)m->half[1], cx = (double)m->cx;
    double inner = fmax((double)m->radius, ramp + 1e-3);
    mask_spans s = {.shown0 = 0};
    if (dy < hy + ramp + 1) set_range(&s.shown0, &s.shown1, cx - hx - ramp, cx + hx + ramp, true);
    if (dy < hy - inner) set_range(&s.solid0, &s.solid1, cx - hx + inner, cx + hx - inner, false);
    return s;
}

mask_spans mask_spans_of(const kf_shape_mask *m, int y)
{
    double ramp = fmax((double)m->feather, 1) / 2;
    if (m->type == KF_MASK_HALFPLANE) return half_plane_spans(m, y, ramp);
    if (m->type == KF_MASK_RECT && m->sin_r == 0.0f && m->cos_r == 1.0f && !m->invert) return rect_spans(m, y, ramp);
    return (mask_spans){.shown0 = -KF_FAR, .shown1 = KF_FAR};
}

bool is_shift(const kf_graph_node *n, int *dx, int *dy)
{
    if (n->type != KF_NODE_TRANSFORM || n->u.transform.filter != KF_FILTER_NEAREST) return false;
    const double *m = n->u.transform.inverse.m, most = 1 << 28;
    if (m[0] != 1 || m[1] != 0 || m[3] != 0 || m[4] != 1 ||
        !(m[2] >= -most && m[2] <= most && m[5] >= -most && m[5] <= most))
        return false;
    *dx = -(int)m[2];
    *dy = -(int)m[5];
    return *dx == -m[2] && *dy == -m[5];
}

static bool span_of_either(const rows_ctx *ctx, const kf_graph_node *n, int y, int *x0, int *x1)
{
    int a0 = *x0, a1 = *x1, b0 = *x0, b1 = *x1;
    bool a = shown_span(ctx, n->a, y, &a0, &a1), b = shown_span(ctx, n->b, y, &b0, &b1);
    *x0 = !b || (a && a0 < b0) ? a0 : b0;
    *x1 = !b || (a && a1 > b1) ? a1 : b1;
    return a || b;
}

/* Of a scaled SOURCE: outputs that have a tap in the part of its rows that shows. */
static bool span_of_scaled(const rows_ctx *ctx, const kf_graph_node *n, int y, int *x0, int *x1)
{
    const opened *o = n->a->type == KF_NODE_SOURCE ? find_opened(ctx->cpu, n->a) : NULL;
    bool possible = o && o->span && !needs_prepared_child(n) && !kf_transform2d_turns(&n->u.transform.inverse);
    const resampler *rs = possible ? find_resampler(ctx->cpu, n, 0) : NULL;
    if (!rs || y < rs->y[0].start || y >= rs->y[0].start + rs->y[0].count) return true;
    int first = rs->y[0].first[y - rs->y[0].start], s0 = INT_MAX, s1 = INT_MIN;
    for (int row = first; row < first + rs->y[0].taps; row++) {
        const int32_t *span = o->span[row];
        if (span[0] >= span[1]) continue;
        s0 = span[0] < s0 ? span[0] : s0;
        s1 = span[1] > s1 ? span[1] : s1;
    }
    if (s0 >= s1) return false;
    const double *m = n->u.transform.inverse.m, reach = 2 * fmax(1, fabs(m[0])) + 1;
    double a = (s0 - reach - m[2]) / m[0], b = (s1 + reach - m[2]) / m[0], lo = floor(fmin(a, b)) - 1,
           hi = ceil(fmax(a, b)) + 1;
    if (lo > *x0) *x0 = lo < *x1 ? (int)lo : *x1;
    if (hi < *x1) *x1 = hi > *x0 ? (int)hi : *x0;
    return *x0 < *x1;
}

bool shown_span(const rows_ctx *ctx, const kf_graph_node *n, int y, int *x0, int *x1)
{
    if (!n || y < n->bounds.y0 || y >= n->bounds.y1) return false;
    if (*x0 < n->bounds.x0) *x0 = n->bounds.x0;
    if (*x1 > n->bounds.x1) *x1 = n->bounds.x1;
    if (*x0 >= *x1) return false;
    int dx, dy;
    switch (n->type) {
    case KF_NODE_SOURCE: {
        const opened *o = find_opened(ctx->cpu, n);
        if (o->span && *x0 < o->span[y][0]) *x0 = o->span[y][0];
        if (o->span && *x1 > o->span[y][1]) *x1 = o->span[y][1];
        return *x0 < *x1;
    }
    case KF_NODE_TRANSFORM: {
        if (!is_shift(n, &dx, &dy)) return span_of_scaled(ctx, n, y, x0, x1);
        *x0 -= dx;
        *x1 -= dx;
        bool shown = shown_span(ctx, n->a, y - dy, x0, x1);
        *x0 += dx;
        *x1 += dx;
        return shown;
    }
    case KF_NODE_BLEND: case KF_NODE_MIX:
        return span_of_either(ctx, n, y, x0, x1);
    case KF_NODE_FILL: case KF_NODE_GRADIENT: case KF_NODE_NOISE: case KF_NODE_BLUR: case KF_NODE_PIXELATE:
        return true;
    case KF_NODE_MASK: {
        mask_spans m = mask_spans_of(&n->u.mask, y);
        if (m.shown0 > *x0) *x0 = m.shown0;
        if (m.shown1 < *x1) *x1 = m.shown1;
        return *x0 < *x1 && shown_span(ctx, n->a, y, x0, x1);
    }
    default:
        return shown_span(ctx, n->a, y, x0, x1);
    }
}
