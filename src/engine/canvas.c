/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/canvas.h"

/* The one source frame that is the whole picture, bit for bit; NULL: it has to be composed. */
static kf_frame *untouched(const kf_graph_output *output, const kf_compiled *c)
{
    if (c->layers != 1) return NULL;
    const kf_graph_node *root = kf_graph_plan(c->graph, c->root, (kf_rect){0, 0, output->width, output->height});
    return root ? kf_graph_passthrough(root, output) : NULL;
}

kf_status kf_canvas_compose(const kf_canvas *canvas, const kf_compiled *c, kf_frame **out, bool *passed, kf_error *err)
{
    kf_frame *frame = untouched(&canvas->output, c);
    *passed = frame != NULL;
    *out = frame ? kf_frame_ref(frame) : kf_shelf_take(canvas->shelf);
    if (frame) return KF_OK;
    if (!*out) return kf_fail_memory(err);
    kf_status status = kf_cpu_render(canvas->cpu, c->graph, c->root, &canvas->output, &(*out)->image, err);
    if (status == KF_OK) return KF_OK;
    kf_frame_unref(*out);
    *out = NULL;
    return status;
}
