/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Node constructors: bounds and opacity are derived here and nowhere else. */
#include "video/graph/internal.h"

#include <math.h>
#include <string.h>

kf_graph *kf_graph_create(void)
{
    return KF_NEW(kf_graph);
}

void kf_graph_destroy(kf_graph *g)
{
    if (!g) return;
    for (size_t i = 0; i < g->frame_count; i++) kf_frame_unref(g->frames[i]);
    kf_free(g->frames);
    kf_arena_finish(&g->arena);
    kf_free(g);
}

kf_graph_node *kf_graph_new_node(kf_graph *g, kf_node_type type, const kf_graph_node *a, const kf_graph_node *b)
{
    kf_graph_node *n = kf_arena_alloc(&g->arena, sizeof *n);
    if (!n) return NULL;
    n->type = type;
    n->a = a;
    n->b = b;
    return n;
}

/* A node over one input that keeps its extent and opacity. */
static kf_graph_node *new_point(kf_graph *g, kf_node_type type, const kf_graph_node *a)
{
    if (!a) return NULL;
    kf_graph_node *n = kf_graph_new_node(g, type, a, NULL);
    if (!n) return NULL;
    n->bounds = a->bounds;
    n->opaque = a->opaque;
    return n;
}

kf_graph_node *kf_graph_source(kf_graph *g, kf_frame *frame, kf_chroma_mode chroma)
{
    if (kf_grow((void **)&g->frames, &g->frame_capacity, g->frame_count + 1, sizeof *g->frames) != 0) return NULL;
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_SOURCE, NULL, NULL);
    if (!n) return NULL;
    g->frames[g->frame_count++] = kf_frame_ref(frame);
    n->u.source.frame = frame;
    n->u.source.chroma = chroma;
    n->bounds = (kf_rect){0, 0, frame->image.width, frame->image.height};
    n->opaque = !kf_pixfmt_get(frame->image.format)->alpha;
    return n;
}

kf_graph_node *kf_graph_fill(kf_graph *g, const float rgba[4], kf_rect bounds)
{
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_FILL, NULL, NULL);
    if (!n) return NULL;
    memcpy(n->u.fill, rgba, sizeof n->u.fill);
    n->bounds = bounds;
    n->opaque = rgba[3] == 1.0f;
    return n;
}

kf_graph_node *kf_graph_gradient(kf_graph *g, const kf_gradient *gradient, kf_rect bounds)
{
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_GRADIENT, NULL, NULL);
    kf_gradient *copy = kf_arena_alloc(&g->arena, sizeof *copy);
    if (!n || !copy) return NULL;
    *copy = *gradient;
    n->u.gradient = copy;
    n->bounds = bounds;
    n->opaque = true;
    for (int i = 0; i < copy->count; i++) n->opaque &= copy->color[i][3] == 1.0f;
    return n;
}

kf_graph_node *kf_graph_noise(kf_graph *g, const kf_noise *noise, kf_rect bounds)
{
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_NOISE, NULL, NULL);
    if (!n) return NULL;
    n->u.noise = *noise;
    n->bounds = bounds;
    n->opaque = true;
    return n;
}

kf_graph_node *kf_graph_matrix(kf_graph *g, const kf_graph_node *a, const kf_affine *matrix)
{
    kf_graph_node *n = new_point(g, KF_NODE_MATRIX, a);
    if (n) n->u.matrix = *matrix;
    return n;
}

kf_graph_node *kf_graph_curves(kf_graph *g, const kf_graph_node *a, const kf_lut1d *curves)
{
    kf_graph_node *n = new_point(g, KF_NODE_CURVES, a);
    if (n) n->u.curves = curves;
    return n;
}

kf_graph_node *kf_graph_lut3d(kf_graph *g, const kf_graph_node *a, const kf_lut3d *lut, float amount)
{
    kf_graph_node *n = new_point(g, KF_NODE_LUT3D, a);
    if (!n) return NULL;
    n->u.lut3d.lut = lut;
    n->u.lut3d.amount = amount;
    return n;
}

kf_graph_node *kf_graph_alpha(kf_graph *g, const kf_graph_node *a, float opacity)
{
    kf_graph_node *n = new_point(g, KF_NODE_ALPHA, a);
    if (!n) return NULL;
    n->u.opacity = opacity;
    n->opaque = a->opaque && opacity == 1.0f;
    return n;
}

kf_graph_node *kf_graph_chroma_key(kf_graph *g, const kf_graph_node *a, const kf_chroma_key *key)
{
    kf_graph_node *n = new_point(g, KF_NODE_CHROMA_KEY, a);
    if (!n) return NULL;
    n->u.chroma_key = *key;
    n->opaque = false;
    return n;
}

kf_graph_node *kf_graph_luma_key(kf_graph *g, const kf_graph_node *a, const kf_luma_key *key)
{
    kf_graph_node *n = new_point(g, KF_NODE_LUMA_KEY, a);
    if (!n) return NULL;
    n->u.luma_key = *key;
    n->opaque = false;
    return n;
}

kf_graph_node *kf_graph_vignette(kf_graph *g, const kf_graph_node *a, const kf_vignette *vignette)
{
    kf_graph_node *n = new_point(g, KF_NODE_VIGNETTE, a);
    if (n) n->u.vignette = *vignette;
    return n;
}

kf_graph_node *kf_graph_grain(kf_graph *g, const kf_graph_node *a, const kf_noise *noise)
{
    kf_graph_node *n = new_point(g, KF_NODE_GRAIN, a);
    if (n) n->u.noise = *noise;
    return n;
}

kf_graph_node *kf_graph_mask(kf_graph *g, const kf_graph_node *a, const kf_shape_mask *mask)
{
    kf_graph_node *n = new_point(g, KF_NODE_MASK, a);
    if (!n) return NULL;
    n->u.mask = *mask;
    n->opaque = false;
    if (!mask->invert && mask->type != KF_MASK_HALFPLANE) {
        float reach = sqrtf(mask->half[0] * mask->half[0] + mask->half[1] * mask->half[1]) + mask->feather + 1;
        if (mask->type == KF_MASK_ELLIPSE) { /* the edge ramp is measured along the shorter half axis */
            float shorter = fminf(mask->half[0], mask->half[1]);
            reach = fmaxf(mask->half[0], mask->half[1]) * (1 + mask->feather / fmaxf(shorter, 1e-3f)) + 2;
        }
        if (reach < 1e6f && fabsf(mask->cx) < 1e6f && fabsf(mask->cy) < 1e6f)
            n->bounds = kf_rect_intersect(n->bounds,
                (kf_rect){(int)floorf(mask->cx - reach), (int)floorf(mask->cy - reach),
                          (int)ceilf(mask->cx + reach), (int)ceilf(mask->cy + reach)});
    }
    return n;
}

kf_graph_node *kf_graph_matte(kf_graph *g, const kf_graph_node *a, const kf_graph_node *matte, bool luma, bool invert)
{
    if (!matte && !invert) return NULL;
    kf_graph_node *n = new_point(g, KF_NODE_MATTE, a);
    if (!n) return NULL;
    if (!matte) { /* an empty matte, inverted, lets everything through */
        n->type = KF_NODE_ALPHA;
        n->u.opacity = 1.0f;
        return n;
    }
    n->b = matte;
    n->u.matte.luma = luma;
    n->u.matte.invert = invert;
    n->opaque = false;
    if (!invert) n->bounds = kf_rect_intersect(n->bounds, matte->bounds);
    return n;
}

static int clamp_coord(double v)
{
    return v < -(1 << 28) ? -(1 << 28) : v > (1 << 28) ? 1 << 28 : (int)v;
}

kf_graph_node *kf_graph_crop(kf_graph *g, const kf_graph_node *a, const float rect[4])
{
    kf_graph_node *n = new_point(g, KF_NODE_CROP, a);
    if (!n) return NULL;
    memcpy(n->u.crop, rect, sizeof n->u.crop);
    n->bounds = kf_rect_intersect(a->bounds, (kf_rect){clamp_coord(floor(rect[0])), clamp_coord(floor(rect[1])),
                                                       clamp_coord(ceil(rect[2])), clamp_coord(ceil(rect[3]))});
    bool whole = true;
    for (int i = 0; i < 4; i++) whole &= rect[i] == floorf(rect[i]);
    n->opaque = a->opaque && whole;
    return n;
}

/* The box in parent coordinates that a child's bounds map to. */
static void forward_box(const kf_transform2d *forward, kf_rect b, double box[4])
{
    const double xs[2] = {b.x0, b.x1}, ys[2] = {b.y0, b.y1};
    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double x = xs[i & 1], y = ys[i >> 1];
        double px = forward->m[0] * x + forward->m[1] * y + forward->m[2];
        double py = forward->m[3] * x + forward->m[4] * y + forward->m[5];
        box[0] = fmin(box[0], px);
        box[1] = fmin(box[1], py);
        box[2] = fmax(box[2], px);
        box[3] = fmax(box[3], py);
    }
}

static kf_graph_node *new_transform(kf_graph *g, const kf_graph_node *a, const kf_transform2d *forward,
                                    kf_filter filter)
{
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_TRANSFORM, a, NULL);
    if (!n || !kf_transform2d_invert(forward, &n->u.transform.inverse)) return NULL;
    n->u.transform.filter = filter;
    double box[4];
    forward_box(forward, a->bounds, box);
    bool aligned = kf_transform2d_separable(forward);
    double margin = aligned ? 0 : 1; /* a rotated edge fades over one pixel */
    if (filter == KF_FILTER_NEAREST && aligned) /* pixel centres decide */
        for (int i = 0; i < 4; i++) box[i] = floor(box[i] + 0.5);
    n->bounds = (kf_rect){clamp_coord(floor(box[0] - margin)), clamp_coord(floor(box[1] - margin)),
                          clamp_coord(ceil(box[2] + margin)), clamp_coord(ceil(box[3] + margin))};
    n->opaque = a->opaque && aligned && box[0] == floor(box[0]) && box[1] == floor(box[1])
             && box[2] == floor(box[2]) && box[3] == floor(box[3]);
    return n;
}

/* What shrinks more than this is nothing: taps are counted in ints. */
static const double SMALLEST_SCALE = 1e-6;

kf_graph_node *kf_graph_transform(kf_graph *g, const kf_graph_node *a, const kf_transform2d *forward, kf_filter filter)
{
    kf_transform2d inverse;
    if (!a || !kf_transform2d_invert(forward, &inverse)) return NULL;
    kf_transform2d t = *forward;
    double sx = hypot(t.m[0], t.m[3]), sy = hypot(t.m[1], t.m[4]);
    if (sx < SMALLEST_SCALE || sy < SMALLEST_SCALE) return NULL;
    if (kf_transform2d_separable(&t)) {
        bool shift = t.m[0] == 1 && t.m[4] == 1 && t.m[1] == 0 && t.m[3] == 0 && t.m[2] == floor(t.m[2]) &&
                     t.m[5] == floor(t.m[5]);
        if (shift && t.m[2] == 0 && t.m[5] == 0) {
            kf_graph_node *same = kf_graph_new_node(g, a->type, NULL, NULL);
            if (same) *same = *a;
            return same;
        }
        return new_transform(g, a, &t, shift ? KF_FILTER_NEAREST : filter);
    }
    if (filter != KF_FILTER_NEAREST && (sx < 1 || sy < 1)) {
        kf_transform2d shrink = {{fmin(sx, 1), 0, 0, 0, fmin(sy, 1), 0}},
                       grow = {{1 / fmin(sx, 1), 0, 0, 0, 1 / fmin(sy, 1), 0}};
        a = new_transform(g, a, &shrink, filter);
        if (!a) return NULL;
        t = kf_transform2d_mul(&t, &grow);
    }
    return new_transform(g, a, &t, filter);
}

kf_graph_node *kf_graph_blur(kf_graph *g, const kf_graph_node *a, const kf_blur *blur)
{
    kf_graph_node *n = new_point(g, KF_NODE_BLUR, a);
    if (!n) return NULL;
    n->u.blur = *blur;
    if (blur->edge == KF_EDGE_CLAMP) return n;
    n->opaque = false;
    double rx = fabs(blur->x), ry = fabs(blur->y);
    if (blur->type == KF_BLUR_GAUSSIAN) {
        rx = 3 * rx;
        ry = 3 * ry;
    }
    int px = clamp_coord(ceil(rx)) + 1, py = clamp_coord(ceil(ry)) + 1;
    n->bounds = (kf_rect){clamp_coord((double)a->bounds.x0 - px), clamp_coord((double)a->bounds.y0 - py),
                          clamp_coord((double)a->bounds.x1 + px), clamp_coord((double)a->bounds.y1 + py)};
    return n;
}

kf_graph_node *kf_graph_pixelate(kf_graph *g, const kf_graph_node *a, const kf_pixelate *pixelate)
{
    kf_graph_node *n = new_point(g, KF_NODE_PIXELATE, a);
    if (n) n->u.pixelate = *pixelate;
    return n;
}

kf_graph_node *kf_graph_blend(kf_graph *g, const kf_graph_node *backdrop, const kf_graph_node *source,
                              kf_blend_mode mode, float opacity)
{
    if (!source) {
        if (!backdrop) return NULL;
        return kf_graph_alpha(g, backdrop, 1.0f);
    }
    if (!backdrop) return kf_graph_alpha(g, source, opacity);
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_BLEND, backdrop, source);
    if (!n) return NULL;
    n->u.blend.mode = mode;
    n->u.blend.opacity = opacity;
    n->bounds = kf_rect_union(backdrop->bounds, source->bounds);
    n->opaque = (backdrop->opaque && kf_rect_contains(backdrop->bounds, n->bounds))
             || (source->opaque && opacity == 1.0f && kf_rect_contains(source->bounds, n->bounds));
    return n;
}

kf_graph_node *kf_graph_mix(kf_graph *g, const kf_graph_node *a, float wa, const kf_graph_node *b, float wb)
{
    if (!a && !b) return NULL;
    if (!a || !b) return kf_graph_alpha(g, a ? a : b, a ? wa : wb);
    kf_graph_node *n = kf_graph_new_node(g, KF_NODE_MIX, a, b);
    if (!n) return NULL;
    n->u.mix.wa = wa;
    n->u.mix.wb = wb;
    n->bounds = kf_rect_union(a->bounds, b->bounds);
    n->opaque = a->opaque && b->opaque && wa + wb == 1.0f && kf_rect_contains(a->bounds, n->bounds)
             && kf_rect_contains(b->bounds, n->bounds);
    return n;
}

uint32_t kf_noise_u32(int32_t x, int32_t y, uint32_t seed, uint32_t channel)
{
    uint32_t h = (uint32_t)x * 0x9e3779b1u ^ (uint32_t)y * 0x85ebca77u ^ seed * 0xc2b2ae3du ^ channel * 0x27d4eb2fu;
    h ^= h >> 16;
    h *= 0x7feb352du;
    h ^= h >> 15;
    h *= 0x846ca68bu;
    h ^= h >> 16;
    return h;
}
