/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, scopes: what the levels and colours of a picture are, as a waveform, an RGB parade, a vectorscope or a
 * histogram. Pure functions: any thread may call them at once.
 *
 * All measure nominal values of the picture's own signal: R', G', B' and Y' where 0 is black and 1 is white (of a limited
 * range, Y' = (code - 16) / 219 in 8 bits), and Cb = (B' - Y') / (2 - 2 Kb), Cr = (R' - Y') / (2 - 2 Kr) of -0.5 to 0.5,
 * with the weights of the picture's matrix (ITU-T H.273 8.3; BT.709: Kr = 0.2126, Kb = 0.0722). What lies beyond black,
 * white or the gamut is shown as such. Chroma samples count for all the pixels that they cover. A picture with alpha is
 * measured over black. */
#ifndef KERF_SCOPES_H
#define KERF_SCOPES_H

#include "kerf/picture.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Values that the edges of a scope stand for; what is beyond is counted at the edge. */
#define KF_SCOPE_LOW (-0.1)    /* bottom of waveform and parade, left of the histogram */
#define KF_SCOPE_HIGH 1.1      /* top, right */
#define KF_SCOPE_CHROMA 0.55   /* Cb and Cr of the vectorscope's edges, along the shorter side */

typedef enum kf_scope_kind {
    KF_SCOPE_WAVEFORM,   /* Y' upwards over the picture's columns */
    KF_SCOPE_PARADE,     /* R', G' and B' likewise, side by side: panel i from i * width / 3 to (i + 1) * width / 3 */
    KF_SCOPE_VECTORSCOPE, /* Cb to the right, Cr upwards, 0 in the middle */
    KF_SCOPE_HISTOGRAM   /* how much of the picture has each value */
} kf_scope_kind;

typedef struct kf_scope_params {
    kf_scope_kind kind;
    int32_t width, height;   /* px, 3..4096 */
    float gain;              /* brightness of the trace, 0.01..100; 1 is usual. Not of histograms */
} kf_scope_params;
/* A waveform of 512 x 256. */
KF_API kf_scope_params kf_scope_params_default(void);

/* Draws the trace: RGBA, 4 bytes a pixel, premultiplied, transparent where there is nothing, so that scales can lie below or
 * above. `stride` is in bytes. A cell of n pixels is covered n g / (1 + n g), where g is gain times the cells of a panel by
 * the pixels of the picture (stretched over the panel if it has fewer columns); it is softened by one cell up and down, in a
 * vectorscope to the sides too. A histogram's column is sqrt(n / largest n) high, n averaged over two codes of 8 bits. A
 * vectorscope's trace has its own colours, the others are grey or the channel's. KF_ERR_USAGE: params out of range;
 * KF_ERR_MEMORY. */
KF_API kf_status kf_scope_draw(const kf_picture *picture, const kf_scope_params *params, uint8_t *rgba, ptrdiff_t stride,
                               kf_error *error);

/* The same as numbers: pixels of the picture in each cell, row by row from the top, width * height of them; of a histogram
 * in each column, `width` for R', then for G', B' and Y'. */
/* How many numbers; 0 for params out of range. */
KF_API size_t kf_scope_cells(const kf_scope_params *params);
KF_API kf_status kf_scope_count(const kf_picture *picture, const kf_scope_params *params, uint32_t *cells,
                                kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
