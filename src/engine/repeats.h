/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last picture composed and what it was made of: a frame whose graph is the same is not composed again. */
#ifndef KF_ENGINE_REPEATS_H
#define KF_ENGINE_REPEATS_H

#include "engine/canvas.h"

/* Zeroed to begin with. Holds the graph, and with it one frame of each source under the playhead. */
typedef struct kf_repeats {
    kf_compiled *compiled;
    kf_frame *frame;
    bool passed;         /* the frame is a source's, untouched */
} kf_repeats;

/* Plans what was compiled for the canvas and gives the picture (a new reference) if it is the last one again; NULL: it
 * is to be composed. */
kf_frame *kf_repeats_look(const kf_repeats *r, const kf_graph_output *output, kf_compiled *compiled);
/* Takes what was compiled and now is composed; the frame stays the caller's. */
void kf_repeats_keep(kf_repeats *r, kf_compiled *compiled, kf_frame *frame, bool passed);
void kf_repeats_finish(kf_repeats *r);

#endif
