/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reference executor evaluates each node over a rectangle into premultiplied RGBA floats; nothing is cached or
 * fused. */
#ifndef KF_VIDEO_REF_INTERNAL_H
#define KF_VIDEO_REF_INTERNAL_H

#include "video/graph/api/graph.h"

typedef struct ref_image {
    kf_rect rect;
    float (*pixel)[4]; /* row by row */
} ref_image;

/* Zero-filled; an empty rectangle has no pixels. */
kf_status ref_image_init(ref_image *image, kf_rect rect, kf_error *err);
void ref_image_finish(ref_image *image);

static inline float *ref_at(const ref_image *image, int x, int y)
{
    size_t width = (size_t)(image->rect.x1 - image->rect.x0);
    return image->pixel[(size_t)(y - image->rect.y0) * width + (size_t)(x - image->rect.x0)];
}

static inline float ref_clamp01(float v)
{
    return v > 0 ? (v < 1 ? v : 1) : 0;
}

static inline int ref_clamp_int(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Length of [x, x+1) within [lo, hi]. */
static inline double ref_overlap(int x, double lo, double hi)
{
    double from = lo > x ? lo : x, to = hi < x + 1.0 ? hi : x + 1.0;
    return to > from ? to - from : 0;
}

/* Luma weights of BT.709, as the definitions of the keys and mattes use them. */
#define REF_LUMA_R 0.2126f
#define REF_LUMA_G 0.7152f
#define REF_LUMA_B 0.0722f

static inline float ref_luma(const float rgb[3])
{
    return REF_LUMA_R * rgb[0] + REF_LUMA_G * rgb[1] + REF_LUMA_B * rgb[2];
}

/* Straight colour of a premultiplied pixel. */
static inline void ref_straight(const float px[4], float rgb[3])
{
    for (int c = 0; c < 3; c++) rgb[c] = px[3] > 0 ? px[c] / px[3] : 0;
}

/* Evaluates node (NULL: empty) over exactly `want`; pixels outside its bounds are zero. *out is initialised on success.
 */
kf_status ref_eval(const kf_graph_node *node, kf_rect want, ref_image *out, kf_error *err);

/* Each fills out over `part`, which lies inside both the node's bounds and out->rect. */
typedef kf_status ref_op(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err);
ref_op ref_fill, ref_gradient, ref_noise, ref_source, ref_point, ref_matte, ref_transform, ref_blur, ref_pixelate,
    ref_blend, ref_mix;

/* One component (0..2: Y, Cb, Cr or R, G, B; 3: alpha) of a picture, on the grid of its plane. */
typedef struct ref_plane {
    const uint8_t *data;
    ptrdiff_t stride;
    int width, height;
    int step, bytes, shift; /* distance of two samples, size and left shift of one */
} ref_plane;
ref_plane ref_plane_of(const kf_image *image, int component);
float ref_plane_get(const ref_plane *plane, int x, int y);
/* Rounds and clamps to `max`; floats are stored as they are. */
void ref_plane_put(const ref_plane *plane, int x, int y, double value, int max);

/* Offset of chroma on its own grid: 0.25 where co-sited on a subsampled axis. */
void ref_chroma_offset(const kf_image *image, double offset[2]);
/* Code values (component order) and alpha 0..1 to a premultiplied pixel. */
void ref_decode(const kf_image *image, const kf_affine *decode, const float code[3], float alpha, float px[4]);
kf_affine ref_decode_matrix(const kf_image *image);
/* As ref_source with a chroma mode of the caller's. */
void ref_source_as(const kf_image *image, kf_chroma_mode chroma, kf_rect part, ref_image *out);

kf_status ref_output(const ref_image *canvas, const kf_graph_output *output, kf_frame **out, kf_error *err);

#endif
