/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Outlines of straight pieces, filled into coverage. Plain double arithmetic with square roots as the only function: the
 * same bits on every machine. */
#ifndef KF_TEXT_OUTLINE_H
#define KF_TEXT_OUTLINE_H

#include "base/api/status.h"
#include "text/api/text.h"

typedef struct kf_point { double x, y; } kf_point;

/* Zero-initialise. A failed allocation sets `failed`, and what is added later is lost: check once at the end. */
typedef struct kf_outline {
    kf_point *points;
    size_t count, capacity;
    size_t *starts;            /* of each contour */
    bool *closed;              /* of each contour: it was closed in words (fills close them all) */
    size_t contours, starts_capacity, closed_capacity;
    bool failed;
} kf_outline;
void kf_outline_finish(kf_outline *o);
void kf_outline_move(kf_outline *o, double x, double y); /* begins a contour */
void kf_outline_line(kf_outline *o, double x, double y);
void kf_outline_curve(kf_outline *o, kf_point c1, kf_point c2, kf_point end); /* cubic, cut into lines */
void kf_outline_close(kf_outline *o);
/* A quarter of an ellipse about the centre, from centre + a to centre + b. The contour has begun at its start. */
void kf_outline_quarter(kf_outline *o, kf_point centre, kf_point a, kf_point b);
void kf_outline_rectangle(kf_outline *o, kf_text_rect r);
/* Radii of the corners clockwise from the top left, already fitting. */
void kf_outline_rounded(kf_outline *o, kf_text_rect r, const double radius[4]);
void kf_outline_ellipse(kf_outline *o, kf_text_rect bounds);
kf_text_rect kf_outline_bounds(const kf_outline *o);
/* Outline of a pen of this width drawn along `o`, with round joins and caps; to be filled by the non-zero rule. */
void kf_outline_stroke(kf_outline *to, const kf_outline *o, double width);

/* Coverage of an outline in 8 bits, into a plane that is zero; pixel (0, 0) of the plane lies at (x, y). What is outside
 * the plane is cut. */
typedef struct kf_coverage {
    uint8_t *pixels;
    ptrdiff_t stride;
    int x, y, width, height;
} kf_coverage;
kf_status kf_outline_fill(const kf_outline *o, bool even_odd, const kf_coverage *to, kf_error *err);

#endif
