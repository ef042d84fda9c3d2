/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_VIDEO_GRAPH_INTERNAL_H
#define KF_VIDEO_GRAPH_INTERNAL_H

#include "video/graph/api/graph.h"

struct kf_graph {
    kf_arena arena;
    kf_frame **frames; /* held references */
    size_t frame_count, frame_capacity;
};

/* New node with type and inputs set; NULL when out of memory. */
kf_graph_node *kf_graph_new_node(kf_graph *g, kf_node_type type, const kf_graph_node *a, const kf_graph_node *b);

#endif
