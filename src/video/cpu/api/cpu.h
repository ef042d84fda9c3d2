/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fused CPU executor: runs a planned graph band by band, in the widest instruction set of the machine; results are
 * bit-identical for every instruction set and thread count. */
#ifndef KF_VIDEO_CPU_H
#define KF_VIDEO_CPU_H

#include "base/api/thread.h"
#include "video/graph/api/graph.h"

typedef struct kf_cpu kf_cpu;

typedef struct kf_cpu_params {
    kf_pool *pool;  /* borrowed; NULL = the calling thread alone */
    kf_isa isa;     /* kf_cpu_isa() for the best */
} kf_cpu_params;

/* An executor keeps memory between frames: scratch of each thread (under 1 MB at 1080p), pictures that rotations and
 * blurs are made from, filter tables, and, with a reference until a render does without them, source frames that have
 * alpha. One render at a time per executor; executors are independent. */
kf_status kf_cpu_create(const kf_cpu_params *params, kf_cpu **out, kf_error *err);
void kf_cpu_destroy(kf_cpu *cpu);

/* Renders root, as built (it is planned here), into *out, which has planes of output's format and size. */
kf_status kf_cpu_render(kf_cpu *cpu, kf_graph *graph, const kf_graph_node *root, const kf_graph_output *output,
                        kf_image *out, kf_error *err);

#endif
