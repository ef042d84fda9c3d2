/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output frames that are used again: fresh pages cost more than composing into them. Thread-safe. */
#ifndef KF_ENGINE_SHELF_H
#define KF_ENGINE_SHELF_H

#include "video/graph/api/graph.h"

typedef struct kf_shelf kf_shelf;
kf_shelf *kf_shelf_create(const kf_graph_output *output); /* NULL when out of memory */
/* Frames that are out (an encoder may hold some) come home later; the shelf lives until the last one has. */
void kf_shelf_destroy(kf_shelf *shelf);
kf_frame *kf_shelf_take(kf_shelf *shelf); /* reference count 1; NULL when out of memory */

#endif
