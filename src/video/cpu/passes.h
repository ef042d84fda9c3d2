/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is made of nodes that look at their neighbours before any row of the frame is run. */
#ifndef KF_VIDEO_CPU_PASSES_H
#define KF_VIDEO_CPU_PASSES_H

#include "video/cpu/internal.h"

static inline float *image_row(const kf_image *image, int plane, int y)
{
    return (float *)(void *)(image->plane[plane] + (ptrdiff_t)y * image->stride[plane]);
}

static inline int clamp_to(int v, int lo, int hi)
{
    return v < lo ? lo : v >= hi ? hi - 1 : v;
}

static inline int floor_div(int v, int d)
{
    return v >= 0 ? v / d : -((-v + d - 1) / d);
}

/* All four rows of node, alpha included, whatever its state; n may be more than a chunk. */
void full_rows(rows_ctx *ctx, const kf_graph_node *node, int y, int x0, int n, float *const dst[4]);

/* Memory of the executor that is kept between frames, at least `floats` long; contents are lost when it grows. */
float *slot_floats(struct kf_cpu *cpu, size_t slot, size_t floats);

/* How far beyond the output a blur reads, px. */
void blur_reach(const kf_blur *blur, int *x, int *y);
/* Each runs the node's input over what p->region needs and keeps what eval_blur, eval_cells and copies of the image
 * read. Resamplers of the input have been made. */
kf_status run_blur(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err);
kf_status run_cells_of(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err);
kf_status run_directional(struct kf_cpu *cpu, prepared *p, const prepared *in, kf_error *err);
/* The picture with rows and columns exchanged. */
kf_status run_turn(struct kf_cpu *cpu, prepared *p, size_t slot, const picture *from, kf_error *err);
/* The part of the input that the cells over r are made of. */
kf_rect cells_reach(const kf_graph_node *node, kf_rect r);

#endif
