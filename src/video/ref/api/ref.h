/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reference executor: plain, slow, unfused C; the definition in video/graph/api/graph.h, word by word. */
#ifndef KF_VIDEO_REF_H
#define KF_VIDEO_REF_H

#include "video/graph/api/graph.h"

/* Renders root (NULL: empty) into a new frame of output->format. Thread-safe: works on its own memory only. */
kf_status kf_ref_render(const kf_graph_node *root, const kf_graph_output *output, kf_frame **out, kf_error *err);

#endif
