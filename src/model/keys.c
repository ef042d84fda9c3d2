/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keyframes. Only + - * / on doubles, in a fixed order: the same bits on every machine. */
#include "model/nodes.h"

/* Coordinate at s of a cubic from 0 to 1 with control points c1 and c2. */
static double cubic(double c1, double c2, double s)
{
    double r = 1 - s;
    return 3 * s * r * r * c1 + 3 * s * s * r * c2 + s * s * s;
}

static double cubic_slope(double c1, double c2, double s)
{
    double r = 1 - s;
    return 3 * r * r * c1 + 6 * s * r * (c2 - c1) + 3 * s * s * (1 - c2);
}

static double clamp01(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

/* The s with x(s) = u: Newton steps, and bisection where they would leave the bracket. */
static double solve(double x1, double x2, double u)
{
    double low = 0, high = 1, s = u;
    for (int i = 0; i < 60; i++) {
        double error = cubic(x1, x2, s) - u;
        if (error < 1e-13 && error > -1e-13) {
            break;
        }
        if (error > 0) {
            high = s;
        } else {
            low = s;
        }
        double slope = cubic_slope(x1, x2, s), next = slope > 1e-9 ? s - error / slope : low;
        s = next > low && next < high ? next : (low + high) / 2;
    }
    return s;
}

double kf_bezier_ease(const double bezier[4], double u)
{
    if (!(u > 0)) {
        return 0;
    }
    return u >= 1 ? 1 : cubic(bezier[1], bezier[3], solve(clamp01(bezier[0]), clamp01(bezier[2]), u));
}

/* Index of the last key at or before t; -1 before the first. */
static int32_t key_before(const kf_key *keys, int32_t count, kf_time t)
{
    int32_t low = 0, high = count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (keys[middle].time <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - 1;
}

/* How far of the way from a to b: 0 stays at a. */
static double way(const kf_key *a, const kf_key *b, kf_time t)
{
    double u = ((double)t - (double)a->time) / ((double)b->time - (double)a->time);
    return a->interp == KF_INTERP_HOLD ? 0 : a->interp == KF_INTERP_BEZIER ? kf_bezier_ease(a->bezier, u) : u;
}

void kf_keys_eval(const kf_key *keys, int32_t count, int n, kf_time t, double *out)
{
    int32_t at = key_before(keys, count, t);
    const kf_key *a = &keys[at < 0 ? 0 : at], *b = at >= 0 && at + 1 < count ? a + 1 : NULL;
    double w = b && b->time > a->time ? way(a, b, t) : 0;
    for (int i = 0; i < n; i++) {
        out[i] = w != 0 ? a->value[i] + (b->value[i] - a->value[i]) * w : a->value[i];
    }
}
