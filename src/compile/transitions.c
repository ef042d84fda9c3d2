/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lowering of transitions. a is the outgoing picture, b the incoming one, both on the canvas; either may be NULL
 * (nothing is there), not both. p runs from 0 to 1. */
#include <math.h>

#include "compile/internal.h"

typedef struct kf_join {
    const kf_graph_node *a, *b;
    double p;
    kf_time t;
} kf_join;

typedef kf_status join_fn(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out);

/* wa * a + wb * b, where inputs and weights of nothing are left out. */
static kf_status weigh(kf_scene *s, const kf_graph_node *a, double wa, const kf_graph_node *b, double wb,
                       const kf_graph_node **out)
{
    if (wa <= 0) a = NULL;
    if (wb <= 0) b = NULL;
    *out = NULL;
    if (!a && !b) return KF_OK;
    if (a && b)
        *out = kf_graph_mix(s->g, a, (float)wa, b, (float)wb);
    else
        *out = kf_graph_alpha(s->g, a ? a : b, (float)(a ? wa : wb));
    return *out ? KF_OK : kf_fail_memory(s->err);
}

static kf_status join_dissolve(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    return weigh(s, j->a, 1 - j->p, j->b, j->p, out);
}

static kf_status join_additive(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    double wa = fmin(1, 2 * (1 - j->p)), wb = fmin(1, 2 * j->p);
    if (!j->a || !j->b || wa <= 0 || wb <= 0) return weigh(s, j->a, wa, j->b, wb, out);
    const kf_graph_node *a;
    KF_NODE(s, a, kf_graph_alpha(s->g, j->a, (float)wa));
    KF_NODE(s, *out, kf_graph_blend(s->g, a, j->b, KF_BLEND_ADD, (float)wb));
    return KF_OK;
}

static kf_status fill(kf_scene *s, const float straight[4], const kf_graph_node **out)
{
    kf_layer l = {0};
    float c[4] = {straight[0] * straight[3], straight[1] * straight[3], straight[2] * straight[3], straight[3]};
    KF_NODE(s, l.node, kf_graph_fill(s->g, c, (kf_rect){0, 0, s->width, s->height}));
    KF_TRY(kf_layer_set_linear(s, &l, s->sequence->working == KF_WORKING_LINEAR));
    *out = l.node;
    return KF_OK;
}

static kf_status join_dip(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    const kf_graph_node *color = NULL;
    KF_TRY(fill(s, ((const kf_tr_dip_to_color *)values)->color, &color));
    if (j->p < 0.5) return weigh(s, j->a, 1 - 2 * j->p, color, 2 * j->p, out);
    return weigh(s, color, 2 - 2 * j->p, j->b, 2 * j->p - 1, out);
}

static kf_status masked(kf_scene *s, const kf_graph_node *in, kf_shape_mask mask, bool invert,
                        const kf_graph_node **out)
{
    *out = NULL;
    if (!in) return KF_OK;
    mask.invert = invert;
    KF_NODE(s, *out, kf_graph_mask(s->g, in, &mask));
    return KF_OK;
}

static kf_status join_wipe(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    const kf_tr_wipe *v = values;
    double a = v->angle * 3.14159265358979323846 / 180, c = cos(a), n = sin(a);
    double way = fabs(s->width * c) + fabs(s->height * n), feather = fmax(1, v->feather * way);
    double at = -(way + feather) / 2 + j->p * (way + feather);
    kf_shape_mask mask = {.type = KF_MASK_HALFPLANE, .cx = (float)(s->width / 2.0 + c * at),
        .cy = (float)(s->height / 2.0 + n * at),
                          .half = {(float)c, (float)n}, .feather = (float)feather, .cos_r = 1};
    const kf_graph_node *from, *to;
    KF_TRY(masked(s, j->a, mask, true, &from));
    KF_TRY(masked(s, j->b, mask, false, &to));
    return weigh(s, from, 1, to, 1, out);
}

/* What of a picture shows, moved: nothing that hangs over the canvas comes in. */
static kf_status moved_by(kf_scene *s, const kf_graph_node *in, const kf_transform2d *m, kf_filter filter,
                          const kf_graph_node **out)
{
    float canvas[4] = {0, 0, (float)s->width, (float)s->height};
    *out = NULL;
    if (!in) return KF_OK;
    KF_NODE(s, *out, kf_graph_crop(s->g, in, canvas));
    return kf_scene_transform(s, out, m, filter);
}

/* Moves by whole pixels, which keeps pictures sharp. The direction is the way of the motion; part: of the canvas. */
static kf_status moved(kf_scene *s, const kf_graph_node *in, int32_t direction, double part, const kf_graph_node **out)
{
    static const int way[4][2] = {
        [KF_TR_LEFT] = {-1, 0}, [KF_TR_RIGHT] = {1, 0}, [KF_TR_UP] = {0, -1}, [KF_TR_DOWN] = {0, 1}};
    const int *d = way[direction & 3];
    kf_transform2d m = {{1, 0, floor(d[0] * part * s->width + 0.5), 0, 1, floor(d[1] * part * s->height + 0.5)}};
    return moved_by(s, in, &m, KF_FILTER_NEAREST, out);
}

static kf_status join_slide(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    const kf_graph_node *b;
    KF_TRY(moved(s, j->b, ((const kf_tr_slide *)values)->direction, j->p - 1, &b));
    *out = b ? b : j->a;
    if (b && j->a) KF_NODE(s, *out, kf_graph_blend(s->g, j->a, b, KF_BLEND_NORMAL, 1));
    return KF_OK;
}

static kf_status join_push(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    int32_t direction = ((const kf_tr_push *)values)->direction;
    const kf_graph_node *a, *b;
    KF_TRY(moved(s, j->a, direction, j->p, &a));
    KF_TRY(moved(s, j->b, direction, j->p - 1, &b));
    return weigh(s, a, 1, b, 1, out);
}

static kf_status zoomed(kf_scene *s, const kf_graph_node *in, double k, const kf_graph_node **out)
{
    kf_transform2d m = {{k, 0, s->width / 2.0 * (1 - k), 0, k, s->height / 2.0 * (1 - k)}};
    return moved_by(s, in, &m, KF_FILTER_BICUBIC, out);
}

static kf_status join_zoom(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    double scale = ((const kf_tr_zoom *)values)->scale;
    const kf_graph_node *a, *b;
    KF_TRY(zoomed(s, j->a, 1 + (scale - 1) * j->p, &a));
    KF_TRY(zoomed(s, j->b, 1 / scale + (1 - 1 / scale) * j->p, &b));
    return weigh(s, a, 1 - j->p, b, j->p, out);
}

/* The matte's alpha becomes how much of b shows: clamp01((p (1 + f) - f - Y) / f + 1). */
static kf_status matte_of(kf_scene *s, const kf_tr_luma_matte *v, double p, const kf_graph_node **out)
{
    kf_frame *frame = NULL;
    KF_TRY(s->c->sources.still(s->c->sources.ctx, v->file, &frame, s->err));
    *out = NULL;
    if (!frame) return KF_OK;
    kf_transform2d m = {{(double)s->width / frame->image.width, 0, 0, 0, (double)s->height / frame->image.height, 0}};
    const kf_graph_node *node = kf_graph_source(s->g, frame, KF_CHROMA_REPLICATE);
    kf_frame_unref(frame);
    double f = fmax(v->feather, 1.0 / 255), edge = p * (1 + f) - f;
    kf_luma_key key = {.lo = -1e6f, .hi = (float)edge, .softness = (float)f};
    if (v->invert) key = (kf_luma_key){.lo = (float)(1 - edge), .hi = 1e6f, .softness = (float)f};
    if (node) node = kf_graph_transform(s->g, node, &m, KF_FILTER_BICUBIC);
    if (node) node = kf_graph_luma_key(s->g, node, &key);
    *out = node;
    return node ? KF_OK : kf_fail_memory(s->err);
}

static kf_status join_luma_matte(kf_scene *s, const kf_join *j, const void *values, const kf_graph_node **out)
{
    const kf_tr_luma_matte *v = values;
    const kf_graph_node *matte = NULL, *a = NULL, *b = NULL;
    if (v->file && v->file[0] && s->c->sources.still) KF_TRY(matte_of(s, v, j->p, &matte));
    if (!matte) return join_dissolve(s, j, values, out);
    if (j->a) KF_NODE(s, a, kf_graph_matte(s->g, j->a, matte, false, true));
    if (j->b) KF_NODE(s, b, kf_graph_matte(s->g, j->b, matte, false, false));
    return weigh(s, a, 1, b, 1, out);
}

static const struct { uint16_t kind; join_fn *fn; } joins[] = {
    {KF_TR_DISSOLVE, join_dissolve}, {KF_TR_ADDITIVE_DISSOLVE, join_additive}, {KF_TR_DIP_TO_COLOR, join_dip},
    {KF_TR_WIPE, join_wipe}, {KF_TR_SLIDE, join_slide}, {KF_TR_PUSH, join_push}, {KF_TR_ZOOM, join_zoom},
    {KF_TR_LUMA_MATTE, join_luma_matte},
};

kf_status kf_transition_lower(kf_scene *s, const kf_transition_view *transition, const kf_graph_node *a,
                              const kf_graph_node *b, const kf_graph_node **out)
{
    _Alignas(16) char values[KF_KIND_MAX_VALUES];
    *out = NULL;
    if (!a && !b && transition->params.kind_id != KF_TR_DIP_TO_COLOR) return KF_OK;
    kf_join j = {a, b, kf_transition_progress(transition, s->t), s->t};
    kf_params_eval(&transition->params, s->t - transition->start, values);
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++)
        if (joins[i].kind == transition->params.kind_id) return joins[i].fn(s, &j, values, out);
    return join_dissolve(s, &j, values, out);
}
