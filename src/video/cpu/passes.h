/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_VIDEO_CPU_PASSES_H
#define KF_VIDEO_CPU_PASSES_H

#include "video/cpu/internal.h"

/* One materialised node being made from another. */
typedef struct pass {
    const materialised *out, *in;
    const kf_graph_node *node;
    kf_rect source;     /* bounds of the input node: where its edges are */
} pass;

static inline float *image_row(const kf_image *image, int plane, int y)
{
    return (float *)(void *)(image->plane[plane] + (ptrdiff_t)y * image->stride[plane]);
}

static inline int clamp_to(int v, int lo, int hi)
{
    return v < lo ? lo : v >= hi ? hi - 1 : v;
}

/* How far beyond the output a blur reads, px. */
void blur_reach(const kf_blur *blur, int *x, int *y);
/* Floats of scratch that one row of a blur takes. */
size_t blur_scratch(const pass *p);
kf_status run_blur(struct kf_cpu *cpu, const pass *p, kf_error *err);

#endif
