/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One clip's picture: source, orientation, colour, effects, place, opacity. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "compile/internal.h"

/* From the stored picture to upright square pixels of *w x *h. */
static kf_transform2d orientation(const kf_asset_picture *p, double *w, double *h)
{
    const kf_image *image = &p->frame->image;
    double sw = p->width > 0 ? p->width : image->width, sh = p->height > 0 ? p->height : image->height;
    double k =
        p->sample_aspect.num > 0 && p->sample_aspect.den > 0 ? (double)p->sample_aspect.num / p->sample_aspect.den : 1;
    double pw = sw * k;
    kf_transform2d m = {{k * (sw / image->width), 0, 0, 0, sh / image->height, 0}};
    kf_transform2d turned[4] = {
        {{1, 0, 0, 0, 1, 0}}, {{0, -1, sh, 1, 0, 0}}, {{-1, 0, pw, 0, -1, sh}}, {{0, 1, 0, -1, 0, pw}}};
    int q = (p->rotation / 90) & 3;
    m = kf_transform2d_mul(&turned[q], &m);
    *w = q & 1 ? sh : pw;
    *h = q & 1 ? pw : sh;
    if (p->mirrored) {
        kf_transform2d mirror = {{-1, 0, *w, 0, 1, 0}};
        m = kf_transform2d_mul(&mirror, &m);
    }
    return m;
}

static bool is_identity(const kf_transform2d *m)
{
    static const double one[6] = {1, 0, 0, 0, 1, 0};
    for (int i = 0; i < 6; i++)
        if (m->m[i] != one[i]) return false;
    return true;
}

/* A picture on its way: `stored` maps the node's px to the layer's (upright, square). */
typedef struct kf_shot {
    kf_layer layer;
    kf_transform2d stored;
    double unit;             /* px of the layer per px that the transform sees */
} kf_shot;

static kf_status shoot_asset(kf_scene *s, const kf_clip_view *clip, kf_time t, kf_shot *shot)
{
    kf_asset_view asset;
    int32_t index = kf_asset_index(s->c->snapshot, clip->source_uid);
    if (index < 0 || !kf_asset_at(s->c->snapshot, index, &asset) || !s->c->sources.picture) return KF_OK;
    kf_asset_facts facts = {.video = true, .video_end = KF_TIME_NONE};
    if (s->c->sources.facts) KF_TRY(s->c->sources.facts(s->c->sources.ctx, &asset, clip->video_stream, &facts, s->err));
    if (!facts.video) return KF_OK;
    kf_asset_picture p = {.sample_aspect = {1, 1}};
    kf_time at = kf_clip_source_time(clip, t, facts.video_end);
    KF_TRY(s->c->sources.picture(s->c->sources.ctx, &asset, clip->video_stream, at, &p, s->err));
    if (!p.frame) return KF_OK;
    shot->stored = orientation(&p, &shot->layer.w, &shot->layer.h);
    kf_color color = p.frame->image.color;
    shot->layer.node = kf_graph_source(s->g, p.frame, KF_CHROMA_REPLICATE);
    kf_frame_unref(p.frame);
    if (!shot->layer.node) return kf_fail_memory(s->err);
    return kf_layer_convert(s, &shot->layer, color);
}

/* The size at which a nested sequence shows, but for what `scale` makes of it, as a factor of its own. */
static double nested_scale(const kf_scene *s, const kf_clip_view *clip, kf_time t, const kf_sequence_view *nested)
{
    kf_fx_transform transform;
    double size[2] = {nested->width * kf_pixel_aspect(nested), nested->height}, box[2], f[2];
    kf_transform_default(&transform);
    kf_params_eval(&clip->transform, t, &transform);
    box[0] = transform.box_size[0] > 0 ? transform.box_size[0] : s->sequence->width * kf_pixel_aspect(s->sequence);
    box[1] = transform.box_size[1] > 0 ? transform.box_size[1] : s->sequence->height;
    kf_fit_scale(transform.fit, size, box, f);
    double most = (double)KF_MODEL_MAX_SIDE / fmax(nested->width, nested->height);
    return fmin(s->scale * fmax(f[0], f[1]), most);
}

/* Nested sequences are compiled at the size at which they show, so that nothing is scaled twice. */
static kf_status shoot_sequence(kf_scene *s, const kf_clip_view *clip, kf_time t, kf_shot *shot)
{
    kf_sequence_view nested;
    int32_t index = kf_sequence_index(s->c->snapshot, clip->source_uid);
    if (index < 0 || !kf_sequence_at(s->c->snapshot, index, &nested) || s->depth >= KF_MODEL_MAX_NESTING) return KF_OK;
    kf_walk *walk;
    KF_TRY(kf_walk_get(s->c, &nested, clip->id, &walk, s->err));
    walk->angle = nested.multicam ? clip->angle : 0;
    kf_scene inner = *s;
    inner.sequence = &walk->sequence;
    inner.frame = kf_frame_at(kf_clip_source_time(clip, t, nested.duration), nested.rate);
    inner.t = kf_frame_start(inner.frame, nested.rate);
    inner.scale = nested_scale(s, clip, t, &nested);
    inner.width = (int32_t)fmax(1, floor(nested.width * inner.scale + 0.5));
    inner.height = (int32_t)fmax(1, floor(nested.height * inner.scale + 0.5));
    inner.depth++;
    kf_layer *l = &shot->layer;
    if (inner.t < 0 || inner.t >= nested.duration) return KF_OK;
    KF_TRY(kf_sequence_lower(&inner, walk, NULL, &l->node));
    if (!l->node) return KF_OK;
    float canvas[4] = {0, 0, (float)inner.width, (float)inner.height};
    KF_NODE(s, l->node, kf_graph_crop(s->g, l->node, canvas));
    double aspect = kf_pixel_aspect(&nested);
    shot->stored.m[0] = aspect;
    l->w = inner.width * aspect;
    l->h = inner.height;
    shot->unit = (double)inner.width / nested.width;
    l->linear = nested.working == KF_WORKING_LINEAR;
    if (l->linear) {
        KF_TRY(kf_layer_set_linear(&inner, l, false));
    }
    return kf_layer_convert(s, l, nested.color);
}

/* Drawn in square pixels; the canvas's own are made when it is placed. */
static kf_status shoot_generator(kf_scene *s, const kf_clip_view *clip, kf_time t, kf_shot *shot)
{
    kf_scene square = *s;
    square.width = (int32_t)fmax(1, floor(s->width * kf_pixel_aspect(s->sequence) + 0.5));
    shot->unit = s->scale;
    return kf_generate(&square, clip, t, &shot->layer);
}

static kf_status shoot(kf_scene *s, const kf_clip_view *clip, kf_time t, kf_shot *shot)
{
    *shot = (kf_shot){.stored = {{1, 0, 0, 0, 1, 0}}, .unit = 1};
    switch (clip->source) {
    case KF_SOURCE_ASSET: return shoot_asset(s, clip, t, shot);
    case KF_SOURCE_SEQUENCE: return shoot_sequence(s, clip, t, shot);
    case KF_SOURCE_GENERATOR: return shoot_generator(s, clip, t, shot);
    case KF_SOURCE_ADJUSTMENT: return KF_OK;
    }
    return KF_OK;
}

static kf_status place_shot(kf_scene *s, kf_shot *shot, const kf_placement *p)
{
    kf_layer *l = &shot->layer;
    double u = shot->unit;
    kf_transform2d from_layer = {{1 / u, 0, 0, 0, 1 / u, 0}}, m = kf_transform2d_mul(&p->forward, &from_layer);
    if (p->cropped) {
        if (!is_identity(&shot->stored)) {
            KF_NODE(s, l->node, kf_graph_transform(s->g, l->node, &shot->stored, KF_FILTER_BICUBIC));
            shot->stored = (kf_transform2d){{1, 0, 0, 0, 1, 0}};
        }
        float crop[4] = {(float)(p->crop[0] * u), (float)(p->crop[1] * u), (float)(p->crop[2] * u),
                         (float)(p->crop[3] * u)};
        if (crop[0] >= crop[2] || crop[1] >= crop[3]) {
            l->node = NULL;
            return KF_OK;
        }
        KF_NODE(s, l->node, kf_graph_crop(s->g, l->node, crop));
    }
    m = kf_transform2d_mul(&m, &shot->stored);
    return kf_scene_transform(s, &l->node, &m, KF_FILTER_BICUBIC);
}

/* A blur that comes last on a picture that fills the canvas may as well follow the scaling: blurring what is shown
 * gives the same as showing what is blurred, and executors blur the output's planes at a fraction of the cost. */
static bool blurs_last(kf_scene *s, const kf_clip_view *clip, const kf_placement *p, const kf_shot *shot)
{
    kf_params last;
    int n = clip->effects.count;
    if (n == 0 || !kf_effect_at(s->c->snapshot, clip->effects, n - 1, &last) || last.kind_id != KF_FX_BLUR ||
        !last.enabled)
        return false;
    return kf_placement_spans(s, p, shot->layer.w / shot->unit, shot->layer.h / shot->unit);
}

static kf_status blur_placed(kf_scene *s, const kf_clip_view *clip, kf_time t, const kf_placement *p, kf_layer *l)
{
    kf_effects last = {clip->effects.refs + clip->effects.count - 1, 1};
    l->kx = p->kx * fabs(p->forward.m[0]);
    l->ky = p->ky * fabs(p->forward.m[4]);
    return kf_layer_effects(s, l, last, t, kf_clip_label(s, clip));
}

/* The clip's first `count` effects. */
static kf_status apply_effects(kf_scene *s, const kf_clip_view *clip, int32_t count, const kf_placement *p,
                               kf_shot *shot)
{
    kf_layer *l = &shot->layer;
    kf_effects effects = {clip->effects.refs, count};
    if (count == 0) return KF_OK;
    if (!is_identity(&shot->stored)) {
        KF_NODE(s, l->node, kf_graph_transform(s->g, l->node, &shot->stored, KF_FILTER_BICUBIC));
        shot->stored = (kf_transform2d){{1, 0, 0, 0, 1, 0}};
    }
    l->kx = p->kx * shot->unit;
    l->ky = p->ky * shot->unit;
    return kf_layer_effects(s, l, effects, s->t - clip->start, kf_clip_label(s, clip));
}

const char *kf_clip_label(kf_scene *s, const kf_clip_view *clip)
{
    kf_asset_view asset;
    kf_sequence_view sequence;
    if (clip->name[0]) return clip->name;
    switch (clip->source) {
    case KF_SOURCE_ASSET: {
        int32_t i = kf_asset_index(s->c->snapshot, clip->source_uid);
        return i >= 0 && kf_asset_at(s->c->snapshot, i, &asset) ? asset.id : "asset";
    }
    case KF_SOURCE_SEQUENCE: {
        int32_t i = kf_sequence_index(s->c->snapshot, clip->source_uid);
        return i >= 0 && kf_sequence_at(s->c->snapshot, i, &sequence) ? sequence.id : "sequence";
    }
    case KF_SOURCE_GENERATOR: return clip->generator.kind ? clip->generator.kind->name : "generator";
    case KF_SOURCE_ADJUSTMENT: return "adjustment";
    }
    return "clip";
}

kf_status kf_scene_mark(kf_scene *s, const kf_graph_node *before, const kf_graph_node *after, const char *format, ...)
{
    kf_compiled *o = s->out;
    size_t capacity = (size_t)o->mark_capacity;
    if (!s->c->marks || !after) return KF_OK;
    if (kf_grow((void **)&o->marks, &capacity, (size_t)o->mark_count + 1, sizeof *o->marks))
        return kf_fail_memory(s->err);
    o->mark_capacity = (int32_t)capacity;
    kf_mark *mark = &o->marks[o->mark_count++];
    *mark = (kf_mark){.before = before, .after = after};
    va_list args;
    va_start(args, format);
    vsnprintf(mark->name, sizeof mark->name, format, args);
    va_end(args);
    return KF_OK;
}

kf_status kf_clip_lower(kf_scene *s, const kf_clip_view *clip, const kf_graph_node **out, int32_t *mode)
{
    kf_time t = s->t - clip->start;
    kf_clip_video video;
    kf_fx_transform transform;
    kf_placement place;
    kf_shot shot;
    *out = NULL;
    *mode = KF_MODE_NORMAL;
    if (!clip->enabled || clip->source == KF_SOURCE_ADJUSTMENT) return KF_OK;
    kf_kind_defaults(kf_kind_get(KF_PROP_CLIP_VIDEO), &video);
    kf_params_eval(&clip->video, t, &video);
    *mode = video.blend_mode;
    if (video.opacity <= 0) return KF_OK;
    KF_TRY(shoot(s, clip, t, &shot));
    if (!shot.layer.node) return KF_OK;

    kf_transform_default(&transform);
    kf_params_eval(&clip->transform, t, &transform);
    kf_place_on(s, &transform, shot.layer.w / shot.unit, shot.layer.h / shot.unit, &place);
    bool blurred = blurs_last(s, clip, &place, &shot);
    KF_TRY(apply_effects(s, clip, clip->effects.count - blurred, &place, &shot));
    KF_TRY(kf_layer_set_linear(s, &shot.layer, s->sequence->working == KF_WORKING_LINEAR));
    if (!shot.layer.node) return KF_OK;
    KF_TRY(place_shot(s, &shot, &place));
    if (!shot.layer.node) return KF_OK;
    if (blurred) KF_TRY(blur_placed(s, clip, t, &place, &shot.layer));
    if (video.opacity < 1) KF_NODE(s, shot.layer.node, kf_graph_alpha(s->g, shot.layer.node, video.opacity));
    s->out->layers++;
    *out = shot.layer.node;
    return kf_scene_mark(s, NULL, *out, "%s", kf_clip_label(s, clip));
}
