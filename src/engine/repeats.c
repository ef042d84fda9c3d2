/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/repeats.h"

kf_frame *kf_repeats_look(const kf_repeats *r, const kf_graph_output *output, kf_compiled *c)
{
    const kf_graph_node *shown = kf_graph_plan(c->graph, c->root, (kf_rect){0, 0, output->width, output->height});
    if (shown) c->root = shown; /* what is hidden or outside may well move */
    return r->frame && kf_graph_same(r->compiled->root, c->root) ? kf_frame_ref(r->frame) : NULL;
}

void kf_repeats_keep(kf_repeats *r, kf_compiled *compiled, kf_frame *frame, bool passed)
{
    kf_repeats_finish(r);
    *r = (kf_repeats){compiled, kf_frame_ref(frame), passed};
}

void kf_repeats_finish(kf_repeats *r)
{
    kf_compiled_release(r->compiled);
    kf_frame_unref(r->frame);
    *r = (kf_repeats){0};
}
