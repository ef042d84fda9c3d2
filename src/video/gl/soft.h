/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures scaled and turned into R'G'B' by plain code, for GL that has no graphics card beneath it: its shaders take
 * five to ten times as long. Not thread-safe. */
#ifndef KF_GL_SOFT_H
#define KF_GL_SOFT_H

#include "color/api/color.h"
#include "video/gl/api/gl.h"

/* The pixels of a plane that a row or column of the screen is a mean of. */
typedef struct soft_axis {
    int count, taps;       /* pixels of the screen; of the plane for each */
    int limit, from;       /* the plane's size; the first of its pixels that counts */
    int *start;            /* of each, relative to `from` */
    float *weight;         /* taps of each */
    int used;              /* how many of the plane's pixels count */
} soft_axis;

typedef struct soft_region {
    int x, y, width, height; /* what is seen of the picture on the screen, px */
} soft_region;

typedef struct soft_picture {
    kf_image image;        /* a copy */
    uint8_t *bytes;
    size_t capacity;
    kf_affine decode;      /* codes to 0..255 */
    float chroma[4];       /* as in kf_gl */
    uint64_t serial;       /* counts the pictures that were set */
} soft_picture;

typedef struct soft_scaler {
    kf_gl_view view;       /* what the axes are for */
    int source_width, source_height, sub_w, sub_h;
    float chroma[4];
    uint64_t serial;       /* of the picture in `out` */
    soft_region region;
    soft_axis across[2], down[2]; /* luma, chroma */
    float *sums, *row[3];  /* one row: of a plane, of each component */
    uint32_t *out;         /* R, G, B, 255; region.width to a row */
} soft_scaler;

/* Whether there is code here for pictures of this form. */
bool soft_takes(const kf_image *image);
/* Takes a copy. */
kf_status soft_picture_set(soft_picture *p, const kf_image *image, kf_error *err);
void soft_picture_finish(soft_picture *p);

/* Scales what is seen of the picture into s->out, s->region. *changed: it was not there already. */
kf_status soft_scale(soft_scaler *s, const soft_picture *p, const kf_gl_view *view, bool *changed, kf_error *err);
void soft_scaler_finish(soft_scaler *s);

#endif
