/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Do two trees give the same picture, as far as can be told by looking at their nodes? */
#include "video/graph/api/graph.h"

#include <string.h>

enum { NODES_MAX = 4096 }; /* shared sub-trees are looked at each time they are met */

#define SAME(field) (memcmp(&a->u.field, &b->u.field, sizeof a->u.field) == 0)

static bool same_gradient(const kf_gradient *a, const kf_gradient *b)
{
    size_t n = (size_t)a->count;
    return a->radial == b->radial && a->count == b->count && memcmp(a->p0, b->p0, sizeof a->p0) == 0 &&
           memcmp(a->p1, b->p1, sizeof a->p1) == 0 && memcmp(a->at, b->at, n * sizeof *a->at) == 0 &&
           memcmp(a->color, b->color, n * sizeof *a->color) == 0;
}

static bool same_noise(const kf_noise *a, const kf_noise *b)
{
    return a->seed == b->seed && a->size == b->size && a->amount == b->amount && a->monochrome == b->monochrome;
}

static bool same_mask(const kf_shape_mask *a, const kf_shape_mask *b)
{
    return a->type == b->type && a->cx == b->cx && a->cy == b->cy && a->half[0] == b->half[0] &&
           a->half[1] == b->half[1] && a->radius == b->radius && a->feather == b->feather && a->cos_r == b->cos_r &&
           a->sin_r == b->sin_r && a->invert == b->invert;
}

static bool same_luma_key(const kf_luma_key *a, const kf_luma_key *b)
{
    return a->lo == b->lo && a->hi == b->hi && a->softness == b->softness && a->invert == b->invert;
}

/* Of nodes of one type. Pictures and tables are the same where they are the very same object. */
static bool same_values(const kf_graph_node *a, const kf_graph_node *b)
{
    switch (a->type) {
    case KF_NODE_SOURCE:
        return a->u.source.frame == b->u.source.frame && a->u.source.chroma == b->u.source.chroma;
    case KF_NODE_FILL: return SAME(fill);
    case KF_NODE_GRADIENT: return same_gradient(a->u.gradient, b->u.gradient);
    case KF_NODE_NOISE: case KF_NODE_GRAIN: return same_noise(&a->u.noise, &b->u.noise);
    case KF_NODE_MATRIX: return SAME(matrix);
    case KF_NODE_CURVES: return a->u.curves == b->u.curves;
    case KF_NODE_LUT3D: return a->u.lut3d.lut == b->u.lut3d.lut && a->u.lut3d.amount == b->u.lut3d.amount;
    case KF_NODE_ALPHA: return a->u.opacity == b->u.opacity;
    case KF_NODE_CHROMA_KEY: return SAME(chroma_key);
    case KF_NODE_LUMA_KEY: return same_luma_key(&a->u.luma_key, &b->u.luma_key);
    case KF_NODE_VIGNETTE: return SAME(vignette);
    case KF_NODE_MASK: return same_mask(&a->u.mask, &b->u.mask);
    case KF_NODE_MATTE: return a->u.matte.luma == b->u.matte.luma && a->u.matte.invert == b->u.matte.invert;
    case KF_NODE_CROP: return SAME(crop);
    case KF_NODE_TRANSFORM: return SAME(transform.inverse) && a->u.transform.filter == b->u.transform.filter;
    case KF_NODE_BLUR: return SAME(blur);
    case KF_NODE_PIXELATE: return SAME(pixelate);
    case KF_NODE_BLEND: return a->u.blend.mode == b->u.blend.mode && a->u.blend.opacity == b->u.blend.opacity;
    case KF_NODE_MIX: return a->u.mix.wa == b->u.mix.wa && a->u.mix.wb == b->u.mix.wb;
    case KF_NODE_COUNT: break;
    }
    return false;
}

static bool same(const kf_graph_node *a, const kf_graph_node *b, int *left)
{
    if (a == b) return true;
    if (!a || !b || --*left < 0) return false;
    return a->type == b->type && memcmp(&a->bounds, &b->bounds, sizeof a->bounds) == 0 && a->opaque == b->opaque &&
           same_values(a, b) && same(a->a, b->a, left) && same(a->b, b->b, left);
}

bool kf_graph_same(const kf_graph_node *a, const kf_graph_node *b)
{
    int left = NODES_MAX;
    return same(a, b, &left);
}
