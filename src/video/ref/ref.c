/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/ref/api/ref.h"

#include <string.h>

#include "base/api/alloc.h"
#include "video/ref/internal.h"

kf_status ref_image_init(ref_image *image, kf_rect rect, kf_error *err)
{
    image->rect = rect;
    image->pixel = NULL;
    if (kf_rect_empty(rect)) return KF_OK;
    size_t width = (size_t)(rect.x1 - rect.x0), height = (size_t)(rect.y1 - rect.y0);
    image->pixel = kf_alloc_zero(width * height, sizeof *image->pixel);
    return image->pixel ? KF_OK : kf_fail_memory(err);
}

void ref_image_finish(ref_image *image)
{
    kf_free(image->pixel);
    image->pixel = NULL;
}

static ref_op *const ops[KF_NODE_COUNT] = {
    [KF_NODE_SOURCE] = ref_source,
    [KF_NODE_FILL] = ref_fill,
    [KF_NODE_GRADIENT] = ref_gradient,
    [KF_NODE_NOISE] = ref_noise,
    [KF_NODE_MATRIX] = ref_point,
    [KF_NODE_CURVES] = ref_point,
    [KF_NODE_LUT3D] = ref_point,
    [KF_NODE_ALPHA] = ref_point,
    [KF_NODE_CHROMA_KEY] = ref_point,
    [KF_NODE_LUMA_KEY] = ref_point,
    [KF_NODE_VIGNETTE] = ref_point,
    [KF_NODE_GRAIN] = ref_point,
    [KF_NODE_MASK] = ref_point,
    [KF_NODE_MATTE] = ref_matte,
    [KF_NODE_CROP] = ref_point,
    [KF_NODE_TRANSFORM] = ref_transform,
    [KF_NODE_BLUR] = ref_blur,
    [KF_NODE_PIXELATE] = ref_pixelate,
    [KF_NODE_BLEND] = ref_blend,
    [KF_NODE_MIX] = ref_mix,
};

kf_status ref_eval(const kf_graph_node *node, kf_rect want, ref_image *out, kf_error *err)
{
    kf_status status = ref_image_init(out, want, err);
    if (status != KF_OK || !node) return status;
    kf_rect part = kf_rect_intersect(want, node->bounds);
    if (kf_rect_empty(part)) return KF_OK;
    if ((unsigned)node->type >= KF_NODE_COUNT) {
        status = kf_fail(err, KF_ERR_INTERNAL, "render graph: node type %d is not known", (int)node->type);
    } else {
        status = ops[node->type](node, part, out, err);
    }
    if (status != KF_OK) ref_image_finish(out);
    return status;
}

kf_status kf_ref_render(const kf_graph_node *root, const kf_graph_output *output, kf_frame **out, kf_error *err)
{
    *out = NULL;
    if (output->width < 1 || output->height < 1 || output->width > 65536 || output->height > 65536
        || output->format <= KF_PIX_NONE || output->format >= KF_PIX_COUNT)
        return kf_fail(err, KF_ERR_INVALID,
                       "render output %dx%d in format %d: give 1..65536 pixels a side and a pixel format",
                       output->width, output->height, (int)output->format);
    ref_image canvas;
    kf_status status = ref_eval(root, (kf_rect){0, 0, output->width, output->height}, &canvas, err);
    if (status != KF_OK) return status;
    status = ref_output(&canvas, output, out, err);
    ref_image_finish(&canvas);
    return status;
}
