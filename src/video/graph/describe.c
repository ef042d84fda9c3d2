/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/graph/api/graph.h"

#include "base/api/str.h"

static const char *const type_names[KF_NODE_COUNT] = {
    "source",   "fill",  "gradient", "noise", "matrix", "curves",    "lut3d", "alpha",    "chroma_key", "luma_key",
    "vignette", "grain", "mask",     "matte", "crop",   "transform", "blur",  "pixelate", "blend",      "mix",
};

static void describe(const kf_graph_node *n, int depth, kf_str *out)
{
    if (!n) return;
    kf_str_addf(out, "%*s%s [%d,%d %d,%d]%s", depth * 2, "", type_names[n->type], n->bounds.x0, n->bounds.y0,
                n->bounds.x1, n->bounds.y1, n->opaque ? " opaque" : "");
    if (n->type == KF_NODE_SOURCE)
        kf_str_addf(out, " %s %dx%d #%lld", kf_pixfmt_get(n->u.source.frame->image.format)->name,
                    n->u.source.frame->image.width, n->u.source.frame->image.height,
                    (long long)n->u.source.frame->number);
    if (n->type == KF_NODE_MIX) kf_str_addf(out, " %g %g", n->u.mix.wa, n->u.mix.wb);
    if (n->type == KF_NODE_ALPHA) kf_str_addf(out, " %g", n->u.opacity);
    if (n->type == KF_NODE_BLUR) kf_str_addf(out, " %g %g", n->u.blur.x, n->u.blur.y);
    kf_str_add(out, "\n");
    describe(n->a, depth + 1, out);
    describe(n->b, depth + 1, out);
}

char *kf_graph_describe(const kf_graph_node *root)
{
    kf_str out = {0};
    kf_str_add(&out, "");
    describe(root, 0, &out);
    if (out.failed) {
        kf_str_finish(&out);
        return NULL;
    }
    return out.data;
}
