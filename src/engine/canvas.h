/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What compiled frames are composed on. Used by one thread at a time. */
#ifndef KF_ENGINE_CANVAS_H
#define KF_ENGINE_CANVAS_H

#include "compile/api/compile.h"
#include "engine/shelf.h"
#include "video/cpu/api/cpu.h"

typedef struct kf_canvas {
    kf_cpu *cpu;             /* borrowed */
    kf_shelf *shelf;         /* borrowed; of `output` */
    kf_graph_output output;
} kf_canvas;
/* *out is a new reference. *passed: it is a source's own frame, bit for bit, and nothing was copied. */
kf_status kf_canvas_compose(const kf_canvas *canvas, const kf_compiled *compiled, kf_frame **out, bool *passed,
                            kf_error *err);

#endif
