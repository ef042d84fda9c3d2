/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Monotone cubic interpolation: F. N. Fritsch, R. E. Carlson, "Monotone Piecewise Cubic Interpolation", 1980. */
#include <math.h>

#include "base/api/alloc.h"
#include "color/internal.h"

static kf_status check_points(const float (*p)[2], int count, kf_error *err)
{
    if (count < 1) return kf_fail(err, KF_ERR_INVALID, "curve: no control points; give at least one");
    for (int i = 0; i < count; i++) {
        if (!isfinite(p[i][0]) || !isfinite(p[i][1]) || p[i][0] < 0 || p[i][0] > 1)
            return kf_fail(err, KF_ERR_INVALID, "curve: control point %d at (%g, %g) is not in 0..1", i + 1, p[i][0],
                           p[i][1]);
        if (i > 0 && !(p[i][0] > p[i - 1][0]))
            return kf_fail(err, KF_ERR_INVALID,
                           "curve: control point %d at x = %g does not lie right of the one before it", i + 1, p[i][0]);
    }
    return KF_OK;
}

static double secant(const float (*p)[2], int i)
{
    return ((double)p[i + 1][1] - p[i][1]) / ((double)p[i + 1][0] - p[i][0]);
}

static void make_slopes(const float (*p)[2], int count, double *slope)
{
    for (int i = 0; i < count; i++) {
        double before = secant(p, i > 0 ? i - 1 : 0), after = secant(p, i + 1 < count ? i : count - 2);
        slope[i] = before * after > 0 ? (before + after) / 2 : 0;
    }
    for (int i = 0; i + 1 < count; i++) {
        double d = secant(p, i);
        if (d == 0) {
            slope[i] = slope[i + 1] = 0;
            continue;
        }
        double a = slope[i] / d, b = slope[i + 1] / d, length = a * a + b * b;
        if (length > 9) { /* into the circle of radius 3 */
            slope[i] *= 3 / sqrt(length);
            slope[i + 1] *= 3 / sqrt(length);
        }
    }
}

static double evaluate(const float (*p)[2], const double *slope, int i, double x)
{
    double h = (double)p[i + 1][0] - p[i][0], t = (x - p[i][0]) / h, t2 = t * t, t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * p[i][1] + (t3 - 2 * t2 + t) * h * slope[i] + (3 * t2 - 2 * t3) * p[i + 1][1]
         + (t3 - t2) * h * slope[i + 1];
}

kf_status kf_curve_sample(const float (*points)[2], int count, float *values, int value_count, kf_error *err)
{
    kf_status status = check_points(points, count, err);
    if (status != KF_OK) return status;
    if (value_count < 2)
        return kf_fail(err, KF_ERR_INVALID, "curve: a table of %d values; at least 2 are needed", value_count);
    double *slope = kf_alloc_zero((size_t)count, sizeof *slope);
    if (!slope) return kf_fail_memory(err);
    if (count > 1) make_slopes(points, count, slope);
    for (int i = 0, segment = 0; i < value_count; i++) {
        double x = (double)i / (value_count - 1);
        if (x <= points[0][0]) {
            values[i] = points[0][1];
        } else if (x >= points[count - 1][0]) {
            values[i] = points[count - 1][1];
        } else {
            while (x >= points[segment + 1][0]) segment++;
            values[i] = (float)evaluate(points, slope, segment, x);
        }
    }
    kf_free(slope);
    return KF_OK;
}
