/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a GAUSSIAN or BOX blur under way; see blur.c. */
#ifndef KF_VIDEO_CPU_BLUR_H
#define KF_VIDEO_CPU_BLUR_H

#include "video/cpu/passes.h"

/* One direction. Reduced sample j is the spline centred on input samples [origin + j f, origin + (j + 1) f); without
 * reduction (f = 1) it is sample origin + j. */
typedef struct blur_axis {
    int factor, origin;
    int in0, in1;        /* input that is read; beyond it lies the input's edge or nothing that counts */
    int j0, j1;          /* reduced samples before the filter */
    int m0, m1;          /* after it: what interpolation reads */
    int out0, out1;
    int radius;
    float *weights;      /* 2 * radius + 1 */
    int taps;            /* of the interpolation: 1 without reduction, else 4 */
} blur_axis;

/* Interpolation at a range of outputs. */
typedef struct blur_table {
    int start, count;
    int32_t *first;      /* index from m0 */
    float *spline;       /* [taps][count] */
} blur_table;

/* Rows [s0, s1) of planes, filtered along x: input rows where y is not reduced, else rows j0 .. j1. */
struct blurred {
    const kf_graph_node *node;
    blur_axis x, y;
    blur_table at_x[2], at_y[2]; /* [1]: the middles of the output's chroma cells, with half_chroma */
    bool clamp, empty;
    bool forms;          /* planes are the output's, else R, G, B */
    bool half_chroma;    /* planes 1 and 2 are read from chroma rows: the first halving has been done */
    bool edge_pixels; /* with half_chroma, CLAMP: cells at the edge are not one colour, and the pixels at the edge go on
                       */
    float form[3][4], inverse[3][4]; /* of forms: R, G, B to planes, and back */
    int planes;          /* 3 when alpha is 1 throughout */
    int s0, s1;
    size_t wide_row, row; /* floats from row to row */
    float *wide;         /* rows of the input reduced along x, where y is reduced, too */
    float *rows;
    float *block[2];     /* weights of the spline of y: 3 f - 2; [1] from chroma rows */
    struct plane_feed *feed; /* the input is a source's planes, filtered straight to the reduced grid; else NULL */
};

/* Filters a row on the reduced grid of x, src[0] being sample j0, into row `index` of a plane. */
void keep_filtered(rows_ctx *ctx, const struct blurred *b, int plane, int index, const float *src);

/* Sets b->feed where the input allows it; false when out of memory. */
bool open_feed(struct kf_cpu *cpu, struct blurred *b);
/* Makes all rows of the blur from the feed. */
void run_feed(struct kf_cpu *cpu, struct blurred *b);
/* Scratch floats that a row takes. */
size_t feed_span(const struct blurred *b);

#endif
