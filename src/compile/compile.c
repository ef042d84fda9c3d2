/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walk over a sequence's tracks: bottom to top, each track's picture onto what is below it. */
#include <math.h>
#include <string.h>

#include "compile/internal.h"

enum { WALKS_MAX = 256 };

/* ---- Walks ---- */

static void walk_finish(kf_walk *walk)
{
    kf_free(walk->tracks);
    kf_free(walk->cursors);
    memset(walk, 0, sizeof *walk);
}

static kf_status walk_init(kf_walk *walk, kf_snapshot snapshot, const kf_sequence_view *sequence, uint64_t clip,
                           kf_error *err)
{
    *walk = (kf_walk){.sequence = *sequence, .clip = clip};
    size_t n = (size_t)sequence->track_count + 1;
    walk->tracks = kf_alloc_zero(n, sizeof *walk->tracks);
    walk->cursors = kf_alloc_zero(n, sizeof *walk->cursors);
    if (!walk->tracks || !walk->cursors) {
        walk_finish(walk);
        return kf_fail_memory(err);
    }
    for (int32_t i = 0; i < sequence->track_count; i++) {
        kf_track_get(snapshot, sequence, i, &walk->tracks[i]);
        kf_cursor_init(&walk->cursors[i], snapshot, &walk->tracks[i]);
    }
    return KF_OK;
}

/* Walks are kept by pointer: nested compilation holds one while it asks for another. */
kf_status kf_walk_get(kf_compiler *c, const kf_sequence_view *sequence, uint64_t clip, kf_walk **out, kf_error *err)
{
    int oldest = -1;
    for (int i = 0; i < c->walk_count; i++) {
        kf_walk *w = &c->walks[i];
        if (w->clip == clip && w->sequence.uid == sequence->uid) {
            w->used = ++c->walk_clock;
            *out = w;
            return KF_OK;
        }
        if (!w->busy && (oldest < 0 || w->used < c->walks[oldest].used)) oldest = i;
    }
    int at = c->walk_count < WALKS_MAX ? c->walk_count : oldest;
    kf_walk fresh;
    kf_status status = walk_init(&fresh, c->snapshot, sequence, clip, err);
    if (status != KF_OK) return status;
    if (at == c->walk_count)
        c->walk_count++;
    else
        walk_finish(&c->walks[at]);
    c->walks[at] = fresh;
    c->walks[at].used = ++c->walk_clock;
    *out = &c->walks[at];
    return KF_OK;
}

/* ---- What hides what is below ---- */

static bool only_colour(kf_scene *s, kf_effects effects)
{
    for (int i = 0; i < effects.count; i++) {
        kf_params p;
        if (!kf_effect_at(s->c->snapshot, effects, i, &p)) return false;
        bool colour = p.kind_id >= KF_FX_BRIGHTNESS_CONTRAST && p.kind_id <= KF_FX_LUT;
        if (!colour && p.enabled) return false;
    }
    return true;
}

static bool clip_hides(kf_scene *s, const kf_clip_view *clip)
{
    kf_time t = s->t - clip->start;
    kf_clip_video video;
    kf_fx_transform transform;
    kf_asset_view asset;
    kf_asset_facts facts = {0};
    if (!clip->enabled || clip->source != KF_SOURCE_ASSET || !s->c->sources.facts) return false;
    kf_kind_defaults(kf_kind_get(KF_PROP_CLIP_VIDEO), &video);
    kf_params_eval(&clip->video, t, &video);
    if (video.opacity < 1 || video.blend_mode != KF_MODE_NORMAL || !only_colour(s, clip->effects)) return false;
    int32_t index = kf_asset_index(s->c->snapshot, clip->source_uid);
    if (index < 0 || !kf_asset_at(s->c->snapshot, index, &asset)) return false;
    if (s->c->sources.facts(s->c->sources.ctx, &asset, clip->video_stream, &facts, NULL) != KF_OK) return false;
    if (!facts.video || facts.alpha || facts.width <= 0 || facts.height <= 0) return false;
    kf_transform_default(&transform);
    kf_params_eval(&clip->transform, t, &transform);
    kf_placement p;
    kf_place_on(s, &transform, facts.width, facts.height, &p);
    return kf_placement_spans(s, &p, facts.width, facts.height);
}

static bool track_hides(kf_scene *s, kf_walk *walk, int32_t i)
{
    const kf_track_view *track = &walk->tracks[i];
    kf_track_video video;
    kf_moment moment;
    if (track->kind != KF_TRACK_VIDEO || track->hide || track->matte != KF_MATTE_NONE ||
        !only_colour(s, track->effects))
        return false;
    if (i > 0 && walk->tracks[i - 1].matte != KF_MATTE_NONE) return false;
    kf_kind_defaults(kf_kind_get(KF_PROP_TRACK_VIDEO), &video);
    kf_params_eval(&track->video, s->t, &video);
    if (video.opacity < 1 || video.blend_mode != KF_MODE_NORMAL) return false;
    if (!kf_track_at(&walk->cursors[i], s->t, &moment) || moment.transition || !moment.clip) return false;
    return clip_hides(s, moment.clip);
}

/* ---- Tracks ---- */

/* The picture of a track at s->t on the canvas, its effects applied; NULL: nothing. */
static kf_status track_picture(kf_scene *s, kf_walk *walk, int32_t i, const kf_graph_node **out, int32_t *mode)
{
    const kf_track_view *track = &walk->tracks[i];
    kf_moment moment;
    *out = NULL;
    *mode = KF_MODE_NORMAL;
    if (!kf_track_at(&walk->cursors[i], s->t, &moment)) return KF_OK;
    if (moment.transition) {
        const kf_graph_node *a = NULL, *b = NULL;
        int32_t mode_b = KF_MODE_NORMAL;
        if (moment.transition->from) KF_TRY(kf_clip_lower(s, moment.transition->from, &a, mode));
        if (moment.transition->to) KF_TRY(kf_clip_lower(s, moment.transition->to, &b, &mode_b));
        if (b) *mode = mode_b;
        KF_TRY(kf_transition_lower(s, moment.transition, a, b, out));
    } else if (moment.clip) {
        KF_TRY(kf_clip_lower(s, moment.clip, out, mode));
    }
    if (!*out || track->effects.count == 0) return KF_OK;
    kf_layer layer = {.node = *out, .w = s->width, .h = s->height, .kx = s->scale, .ky = s->scale,
                      .linear = s->sequence->working == KF_WORKING_LINEAR};
    KF_TRY(kf_layer_effects(s, &layer, track->effects, s->t, track->name[0] ? track->name : "track"));
    KF_TRY(kf_layer_set_linear(s, &layer, s->sequence->working == KF_WORKING_LINEAR));
    *out = layer.node;
    return KF_OK;
}

/* An adjustment layer's effects on everything below it. */
static kf_status adjust(kf_scene *s, const kf_clip_view *clip, double opacity, const kf_graph_node **below)
{
    kf_time t = s->t - clip->start;
    kf_clip_video video;
    if (!*below || !clip->enabled) return KF_OK;
    kf_kind_defaults(kf_kind_get(KF_PROP_CLIP_VIDEO), &video);
    kf_params_eval(&clip->video, t, &video);
    opacity *= video.opacity;
    if (opacity <= 0) return KF_OK;
    bool linear = s->sequence->working == KF_WORKING_LINEAR;
    kf_layer layer = {.node = *below, .w = s->width, .h = s->height, .kx = s->scale, .ky = s->scale, .linear = linear};
    KF_TRY(kf_layer_effects(s, &layer, clip->effects, t, kf_clip_label(s, clip)));
    KF_TRY(kf_layer_set_linear(s, &layer, linear));
    s->out->layers++;
    if (opacity >= 1 || !layer.node)
        *below = opacity >= 1 ? layer.node : *below;
    else
        KF_NODE(s, *below, kf_graph_mix(s->g, *below, (float)(1 - opacity), layer.node, (float)opacity));
    return KF_OK;
}

/* Adjustment layers in a transition, whatever its kind, fade: their effects come and go. */
static kf_status adjust_joined(kf_scene *s, const kf_transition_view *t, double opacity, const kf_graph_node **below,
                               bool *pictures)
{
    bool from = t->from && t->from->source == KF_SOURCE_ADJUSTMENT, to = t->to && t->to->source == KF_SOURCE_ADJUSTMENT;
    double p = kf_transition_progress(t, s->t);
    *pictures = (t->from && !from) || (t->to && !to);
    if (from) KF_TRY(adjust(s, t->from, opacity * (1 - p), below));
    if (to) KF_TRY(adjust(s, t->to, opacity * p, below));
    return KF_OK;
}

static kf_status apply_matte(kf_scene *s, kf_walk *walk, int32_t i, const kf_graph_node **picture)
{
    const kf_track_view *track = &walk->tracks[i];
    const kf_graph_node *matte = NULL;
    int32_t mode;
    if (i + 1 < walk->sequence.track_count && walk->tracks[i + 1].kind == KF_TRACK_VIDEO)
        KF_TRY(track_picture(s, walk, i + 1, &matte, &mode));
    if (matte)
        KF_NODE(s, *picture, kf_graph_matte(s->g, *picture, matte, track->matte == KF_MATTE_LUMA, track->matte_invert));
    else if (!track->matte_invert)
        *picture = NULL;
    return KF_OK;
}

kf_status kf_track_lower(kf_scene *s, kf_walk *walk, int32_t i, const kf_graph_node **below)
{
    const kf_track_view *track = &walk->tracks[i];
    kf_track_video video;
    kf_moment moment;
    kf_kind_defaults(kf_kind_get(KF_PROP_TRACK_VIDEO), &video);
    kf_params_eval(&track->video, s->t, &video);
    if (video.opacity <= 0 || !kf_track_at(&walk->cursors[i], s->t, &moment)) return KF_OK;
    if (!moment.transition && moment.clip && moment.clip->source == KF_SOURCE_ADJUSTMENT)
        return adjust(s, moment.clip, video.opacity, below);
    const kf_graph_node *picture;
    int32_t mode;
    bool pictures = true;
    if (moment.transition) KF_TRY(adjust_joined(s, moment.transition, video.opacity, below, &pictures));
    if (!pictures) return KF_OK;
    KF_TRY(track_picture(s, walk, i, &picture, &mode));
    if (picture && track->matte != KF_MATTE_NONE) KF_TRY(apply_matte(s, walk, i, &picture));
    if (!picture) return KF_OK;
    if (mode == KF_MODE_NORMAL) mode = video.blend_mode;
    if (*below)
        KF_NODE(s, *below, kf_graph_blend(s->g, *below, picture, (kf_blend_mode)mode, video.opacity));
    else
        KF_NODE(s, *below, video.opacity < 1 ? kf_graph_alpha(s->g, picture, video.opacity) : picture);
    return KF_OK;
}

/* One angle of a multicam sequence, hidden or not. */
static kf_status lay_angle(kf_scene *s, kf_walk *walk, const kf_graph_node *below, const kf_graph_node **out)
{
    int32_t i = kf_angle_track(s->c->snapshot, &walk->sequence, walk->angle);
    *out = below;
    return i < 0 ? KF_OK : kf_track_lower(s, walk, i, out);
}

static kf_status lay_tracks(kf_scene *s, kf_walk *walk, const kf_graph_node *below, const kf_graph_node **out)
{
    int32_t n = walk->sequence.track_count, first = 0;
    *out = below;
    for (int32_t i = n - 1; i > 0 && first == 0; i--)
        if (track_hides(s, walk, i)) first = i;
    for (int32_t i = first; i < n; i++) {
        const kf_track_view *track = &walk->tracks[i];
        bool is_matte =
            i > 0 && walk->tracks[i - 1].matte != KF_MATTE_NONE && walk->tracks[i - 1].kind == KF_TRACK_VIDEO;
        if (track->kind != KF_TRACK_VIDEO || track->hide || is_matte) continue;
        KF_TRY(kf_track_lower(s, walk, i, out));
    }
    return KF_OK;
}

kf_status kf_sequence_lower(kf_scene *s, kf_walk *walk, const kf_graph_node *below, const kf_graph_node **out)
{
    walk->busy++;
    kf_status status = walk->angle > 0 ? lay_angle(s, walk, below, out) : lay_tracks(s, walk, below, out);
    walk->busy--;
    return status;
}

/* ---- The compiler ---- */

static void set_canvas(kf_compiler *c, const kf_compiler_params *params)
{
    c->width = params->width > 0 ? params->width : c->sequence.width;
    c->height = params->height > 0 ? params->height : c->sequence.height;
    c->scale = fmin((double)c->width / c->sequence.width, (double)c->height / c->sequence.height);
    c->w = (int32_t)fmax(1, floor(c->sequence.width * c->scale + 0.5));
    c->h = (int32_t)fmax(1, floor(c->sequence.height * c->scale + 0.5));
    c->x = (c->width - c->w) / 2;
    c->y = (c->height - c->h) / 2;
}

kf_status kf_compiler_create(const kf_compiler_params *params, kf_compiler **out, kf_error *err)
{
    *out = NULL;
    kf_compiler *c = KF_NEW(kf_compiler);
    if (!c) return kf_fail_memory(err);
    c->walks = kf_alloc_zero(WALKS_MAX, sizeof *c->walks);
    c->snapshot = params->snapshot;
    c->sources = *params->sources;
    c->marks = params->marks;
    c->part = params->part;
    if (!c->walks) {
        kf_compiler_destroy(c);
        return kf_fail_memory(err);
    }
    if (!kf_sequence_at(c->snapshot, params->sequence, &c->sequence)) {
        kf_compiler_destroy(c);
        return kf_fail(err, KF_ERR_NOT_FOUND, "the film has no sequence %d", params->sequence + 1);
    }
    set_canvas(c, params);
    *out = c;
    return KF_OK;
}

void kf_compiler_destroy(kf_compiler *c)
{
    if (!c) return;
    for (int i = 0; i < c->walk_count; i++) walk_finish(&c->walks[i]);
    kf_free(c->walks);
    kf_table_cache_finish(&c->tables);
    kf_free(c);
}

static kf_status background(kf_scene *s, kf_rect r, const kf_graph_node **out)
{
    const float *b = s->sequence->background;
    kf_layer l = {0};
    KF_NODE(s, l.node, kf_graph_fill(s->g, (float[4]){b[0] * b[3], b[1] * b[3], b[2] * b[3], b[3]}, r));
    KF_TRY(kf_layer_set_linear(s, &l, s->sequence->working == KF_WORKING_LINEAR));
    *out = l.node;
    return KF_OK;
}

static kf_status compile_root(kf_scene *s, kf_walk *walk, const kf_graph_node **out)
{
    kf_compiler *c = s->c;
    bool boxed = c->w != c->width || c->h != c->height;
    kf_layer l = {.linear = s->sequence->working == KF_WORKING_LINEAR};
    const kf_rect film_rect = {0, 0, s->width, s->height};
    KF_TRY(background(s, film_rect, &l.node));
    if (c->part.clip || c->part.angles)
        KF_TRY(kf_part_lower(s, walk, &l.node));
    else
        KF_TRY(kf_sequence_lower(s, walk, l.node, &l.node));
    if (!l.node) KF_TRY(background(s, film_rect, &l.node)); /* an adjustment layer scaled everything to nothing */
    if (boxed) {
        const kf_graph_node *behind;
        kf_transform2d shift = {{1, 0, c->x, 0, 1, c->y}};
        float film[4] = {0, 0, (float)c->w, (float)c->h};
        KF_NODE(s, l.node, kf_graph_crop(s->g, l.node, film));
        KF_NODE(s, l.node, kf_graph_transform(s->g, l.node, &shift, KF_FILTER_NEAREST));
        KF_TRY(background(s, (kf_rect){0, 0, c->width, c->height}, &behind));
        KF_NODE(s, l.node, kf_graph_blend(s->g, behind, l.node, KF_BLEND_NORMAL, 1));
    }
    KF_TRY(kf_layer_set_linear(s, &l, false));
    *out = l.node;
    return KF_OK;
}

kf_status kf_compile_frame(kf_compiler *c, kf_time t, kf_compiled **out, kf_error *err)
{
    *out = NULL;
    kf_compiled *compiled = KF_NEW(kf_compiled);
    if (!compiled || !(compiled->graph = kf_graph_create())) {
        kf_compiled_release(compiled);
        return kf_fail_memory(err);
    }
    kf_scene s = {.c = c, .out = compiled, .g = compiled->graph, .t = t, .scale = c->scale, .width = c->w,
        .height = c->h, .err = err};
    kf_walk *walk;
    kf_status status = kf_walk_get(c, &c->sequence, 0, &walk, err);
    if (status == KF_OK) {
        s.sequence = &walk->sequence;
        s.frame = kf_frame_at(t, c->sequence.rate);
        compiled->color = c->sequence.color;
        status = compile_root(&s, walk, &compiled->root);
    }
    if (status != KF_OK) {
        kf_compiled_release(compiled);
        return status;
    }
    *out = compiled;
    return KF_OK;
}
