/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What soft.c does with each sample. */
#ifndef KF_GL_SAMPLES_H
#define KF_GL_SAMPLES_H

#include "color/api/color.h"

typedef struct soft_rows {
    const uint8_t *data;
    ptrdiff_t stride;
    const float *weight;
    int count;
} soft_rows;
/* Weighted sums of rows of samples of 1 or 2 bytes. */
void soft_mean_rows(float *out, const soft_rows *rows, int bytes, int n);

typedef struct soft_columns {
    const int *start;
    const float *weight;
    int taps, step; /* samples to the next pixel */
} soft_columns;
void soft_mean_columns(float *out, const float *in, const soft_columns *columns, int n);

/* Three components to R, G, B, 255 in bytes; decode gives 0..255. */
void soft_pack(uint32_t *out, float *const in[3], const kf_affine *decode, int n);

/* Where chroma samples lie: luma pixels to chroma pixels, scale x, y, offset x, y. */
void gl_chroma_place(const kf_pixfmt_info *info, kf_color color, float place[4]);

#endif
