/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The planner: folds chains of point operations and drops what cannot be seen. */
#include "video/graph/internal.h"

#include <math.h>
#include <string.h>

static const kf_graph_node *plan(kf_graph *g, const kf_graph_node *n, kf_rect visible);

static bool is_identity(const kf_affine *m)
{
    return memcmp(m, &kf_affine_identity, sizeof *m) == 0;
}

static bool crops_nothing(const kf_graph_node *n, const kf_graph_node *a)
{
    kf_rect b = a->bounds;
    return n->u.crop[0] <= (float)b.x0 && n->u.crop[1] <= (float)b.y0 && n->u.crop[2] >= (float)b.x1 &&
           n->u.crop[3] >= (float)b.y1;
}

static const kf_graph_node *with_inputs(kf_graph *g, const kf_graph_node *n, const kf_graph_node *a,
                                        const kf_graph_node *b)
{
    if (a == n->a && b == n->b) return n;
    kf_graph_node *copy = kf_graph_new_node(g, n->type, NULL, NULL);
    if (!copy) return n;
    *copy = *n;
    copy->a = a;
    copy->b = b;
    return copy;
}

static const kf_graph_node *fold_matrix(kf_graph *g, const kf_graph_node *n, const kf_graph_node *a)
{
    if (is_identity(&n->u.matrix)) return a;
    if (a->type == KF_NODE_MATRIX) {
        kf_affine m = kf_affine_mul(&n->u.matrix, &a->u.matrix);
        const kf_graph_node *folded = kf_graph_matrix(g, a->a, &m);
        return folded ? folded : n;
    }
    if (a->type == KF_NODE_FILL) {
        float c[4] = {0, 0, 0, a->u.fill[3]};
        for (int i = 0; i < 3; i++)
            c[i] = n->u.matrix.m[i][0] * a->u.fill[0] + n->u.matrix.m[i][1] * a->u.fill[1]
                 + n->u.matrix.m[i][2] * a->u.fill[2] + n->u.matrix.m[i][3] * a->u.fill[3];
        const kf_graph_node *folded = kf_graph_fill(g, c, a->bounds);
        return folded ? folded : n;
    }
    return with_inputs(g, n, a, NULL);
}

static const kf_graph_node *fold_alpha(kf_graph *g, const kf_graph_node *n, const kf_graph_node *a)
{
    if (n->u.opacity == 1.0f) return a;
    if (n->u.opacity == 0.0f) return NULL;
    if (a->type == KF_NODE_ALPHA) {
        const kf_graph_node *folded = kf_graph_alpha(g, a->a, n->u.opacity * a->u.opacity);
        return folded ? folded : n;
    }
    return with_inputs(g, n, a, NULL);
}

static const kf_graph_node *plan_blend(kf_graph *g, const kf_graph_node *n, kf_rect visible)
{
    kf_rect seen = kf_rect_intersect(n->bounds, visible);
    const kf_graph_node *b = n->u.blend.opacity == 0.0f ? NULL : plan(g, n->b, visible);
    bool hides = b && b->opaque && n->u.blend.opacity == 1.0f && n->u.blend.mode == KF_BLEND_NORMAL
              && kf_rect_contains(b->bounds, seen);
    if (hides) return b;
    const kf_graph_node *a = plan(g, n->a, visible);
    if (!b) return a;
    if (!a) return n->u.blend.opacity == 1.0f ? b : kf_graph_alpha(g, b, n->u.blend.opacity);
    return with_inputs(g, n, a, b);
}

static const kf_graph_node *plan_mix(kf_graph *g, const kf_graph_node *n, kf_rect visible)
{
    const kf_graph_node *a = n->u.mix.wa == 0.0f ? NULL : plan(g, n->a, visible);
    const kf_graph_node *b = n->u.mix.wb == 0.0f ? NULL : plan(g, n->b, visible);
    if (a && b) return with_inputs(g, n, a, b);
    if (!a && !b) return NULL;
    float w = a ? n->u.mix.wa : n->u.mix.wb;
    return w == 1.0f ? (a ? a : b) : kf_graph_alpha(g, a ? a : b, w);
}

static bool same_bounds(const kf_graph_node *a, const kf_graph_node *b)
{
    return kf_rect_contains(a->bounds, b->bounds) && kf_rect_contains(b->bounds, a->bounds);
}

/* One step of kf_graph_shown; the node itself when there is none. */
static const kf_graph_node *shown_step(const kf_graph_node *n)
{
    switch (n->type) {
    case KF_NODE_ALPHA:
        return n->u.opacity == 1.0f ? n->a : n;
    case KF_NODE_MATRIX:
        return is_identity(&n->u.matrix) ? n->a : n;
    case KF_NODE_CROP:
        return crops_nothing(n, n->a) ? n->a : n;
    case KF_NODE_BLEND:
        if (n->u.blend.opacity == 0.0f && same_bounds(n, n->a)) return n->a;
        return n->b->opaque && n->u.blend.opacity == 1.0f && n->u.blend.mode == KF_BLEND_NORMAL && same_bounds(n, n->b)
                   ? n->b
                   : n;
    default:
        return n;
    }
}

const kf_graph_node *kf_graph_shown(const kf_graph_node *n)
{
    for (const kf_graph_node *next; n; n = next) {
        next = shown_step(n);
        if (next == n) break;
    }
    return n;
}

bool kf_graph_is_plane_source(const kf_graph_node *n)
{
    if (n->type != KF_NODE_SOURCE) return false;
    const kf_image *image = &n->u.source.frame->image;
    return !kf_pixfmt_get(image->format)->alpha || image->premultiplied;
}

static kf_graph_node *copy_node(kf_graph *g, const kf_graph_node *n)
{
    kf_graph_node *copy = kf_graph_new_node(g, n->type, NULL, NULL);
    if (copy) *copy = *n;
    return copy;
}

static const kf_graph_node *with_chroma(kf_graph *g, const kf_graph_node *source, kf_chroma_mode mode)
{
    kf_graph_node *copy = source->u.source.chroma != mode ? copy_node(g, source) : NULL;
    if (!copy) return source;
    copy->u.source.chroma = mode;
    return copy;
}

/* The planned input of a node that looks at its neighbours: its bounds, where edges are continued, stay; and what only
 * planning has made a plain SOURCE is not filtered as one. */
static const kf_graph_node *plan_input(kf_graph *g, const kf_graph_node *n)
{
    const kf_graph_node *shown = kf_graph_shown(n->a), *a = plan(g, shown, shown->bounds);
    if (!a) return NULL;
    if (n->type == KF_NODE_TRANSFORM && shown->type == KF_NODE_SOURCE)
        return with_chroma(g, a, n->u.transform.filter == KF_FILTER_NEAREST ? KF_CHROMA_REPLICATE : KF_CHROMA_LINEAR);
    if (same_bounds(a, shown) && (n->type != KF_NODE_TRANSFORM || !kf_graph_is_plane_source(a))) return a;
    kf_rect b = shown->bounds;
    kf_graph_node *frame = kf_graph_crop(g, a, (float[4]){(float)b.x0, (float)b.y0, (float)b.x1, (float)b.y1});
    if (!frame) return a;
    frame->bounds = b;
    frame->opaque = a->opaque && same_bounds(a, frame);
    return frame;
}

static bool is_colour_of_plane_source(const kf_graph_node *n)
{
    for (n = kf_graph_shown(n); n && (n->type == KF_NODE_MATRIX || n->type == KF_NODE_ALPHA);) n = kf_graph_shown(n->a);
    return n && kf_graph_is_plane_source(n);
}

/* Nodes that look at their neighbours: the input is planned on all of itself. */
static const kf_graph_node *plan_neighbourhood(kf_graph *g, const kf_graph_node *n, kf_rect visible)
{
    if (n->planned) return n;
    kf_graph_node *copy = copy_node(g, n);
    const kf_graph_node *shown = kf_graph_shown(n->a);
    if (!copy) return n;
    if (n->type == KF_NODE_TRANSFORM && kf_transform2d_separable(&n->u.transform.inverse) &&
        shown->type != KF_NODE_SOURCE && is_colour_of_plane_source(shown)) {
        kf_graph_node *color = copy_node(g, shown);
        if (!color) return n;
        copy->a = shown->a;
        color->a = copy;
        color->bounds = n->bounds;
        color->opaque = n->opaque; /* edges between pixels are soft */
        return plan(g, color, visible);
    }
    copy->a = plan_input(g, n);
    copy->planned = true;
    return copy->a ? copy : NULL;
}

static const kf_graph_node *plan(kf_graph *g, const kf_graph_node *n, kf_rect visible)
{
    if (!n || kf_rect_empty(kf_rect_intersect(n->bounds, visible))) return NULL;
    switch (n->type) {
    case KF_NODE_SOURCE: case KF_NODE_FILL: case KF_NODE_GRADIENT: case KF_NODE_NOISE:
        return n;
    case KF_NODE_BLEND:
        return plan_blend(g, n, visible);
    case KF_NODE_MIX:
        return plan_mix(g, n, visible);
    case KF_NODE_TRANSFORM: case KF_NODE_BLUR: case KF_NODE_PIXELATE:
        return plan_neighbourhood(g, n, visible);
    case KF_NODE_MATTE: {
        const kf_graph_node *a = plan(g, n->a, visible), *b = plan(g, n->b, visible);
        if (!a) return NULL;
        if (!b) return n->u.matte.invert ? a : NULL;
        return with_inputs(g, n, a, b);
    }
    default:
        break;
    }
    const kf_graph_node *a = plan(g, n->a, visible);
    if (!a) return NULL;
    if (n->type == KF_NODE_MATRIX) return fold_matrix(g, n, a);
    if (n->type == KF_NODE_ALPHA) return fold_alpha(g, n, a);
    if (n->type == KF_NODE_CROP && crops_nothing(n, a)) return a;
    return with_inputs(g, n, a, NULL);
}

const kf_graph_node *kf_graph_plan(kf_graph *g, const kf_graph_node *root, kf_rect visible)
{
    return plan(g, root, visible);
}

kf_frame *kf_graph_passthrough(const kf_graph_node *root, const kf_graph_output *output)
{
    if (!root || root->type != KF_NODE_SOURCE) return NULL;
    kf_frame *frame = root->u.source.frame;
    const kf_image *image = &frame->image;
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    if (image->format != output->format || image->width != output->width || image->height != output->height)
        return NULL;
    if (info->alpha && image->premultiplied != output->premultiplied) return NULL;
    if ((info->sub_w || info->sub_h) && root->u.source.chroma != KF_CHROMA_REPLICATE) return NULL;
    kf_color color = kf_color_resolve(image->color, image->format, image->width, image->height);
    if (color.matrix != output->color.matrix || color.range != output->color.range) return NULL;
    return frame;
}
