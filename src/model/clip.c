/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips and transitions as views, and the mapping of clip time to source time. */
#include <math.h>
#include <string.h>

#include "model/nodes.h"

static kf_rational good_rate(kf_rational rate)
{
    return rate.num > 0 && rate.den > 0 ? rate : (kf_rational){1, 1};
}

static void open_params(const kf_store *store, const kf_node *node, const clip_body *body, kf_clip_view *out)
{
    uint16_t generator = out->source == KF_SOURCE_GENERATOR ? body->generator : 0;
    out->generator = params_open(store, kf_node_ref(node, CLIP_GENERATOR), generator);
    out->transform = params_open(store, kf_node_ref(node, CLIP_TRANSFORM), KF_FX_TRANSFORM);
    out->video = params_open(store, kf_node_ref(node, CLIP_VIDEO), KF_PROP_CLIP_VIDEO);
    out->sound = params_open(store, kf_node_ref(node, CLIP_SOUND), KF_PROP_CLIP_AUDIO);
}

static void open_lists(const kf_node *node, const clip_body *body, size_t size, kf_clip_view *out)
{
    out->effects = node_effects(node, CLIP_EFFECTS, body->effect_count);
    out->audio_effects = node_effects(node, CLIP_EFFECTS + body->effect_count, body->audio_effect_count);
    uint64_t end = (uint64_t)body->remap_at + (uint64_t)body->remap_count * sizeof(kf_time_key);
    if (body->remap_count > 0 && body->remap_at % 8 == 0 && end <= size) {
        out->remap = (const kf_time_key *)(const void *)((const char *)body + body->remap_at);
        out->remap_count = (int32_t)body->remap_count;
    }
}

bool clip_open(const kf_store *store, const kf_item_view *item, kf_track_kind kind, kf_clip_view *out)
{
    const kf_node *node = kf_store_node(store, item->ref, NODE_CLIP, sizeof(clip_body));
    if (!node || item->kind != KF_ITEM_CLIP) {
        return false;
    }
    const clip_body *body = kf_node_payload(node);
    size_t size = kf_node_payload_size(node);
    *out = (kf_clip_view){
        .markers = marks_of(store, kf_node_ref(node, CLIP_MARKERS)),
        .metadata = metadata_text(store, kf_node_ref(node, CLIP_METADATA)), .link = kf_node_ref(node, CLIP_LINK),
        .group = kf_node_ref(node, CLIP_GROUP), .angle = body->angle, .audio_angle = body->audio_angle,
        .id = body->id, .start = item->start, .duration = item->duration,
        .source = body->source <= KF_SOURCE_ADJUSTMENT ? (kf_clip_source)body->source : KF_SOURCE_ADJUSTMENT,
        .source_uid = body->source_uid, .video_stream = body->video_stream, .audio_stream = body->audio_stream,
        .source_in = body->source_in, .source_out = body->source_out, .speed = good_rate(body->speed),
        .reverse = (body->flags & CLIP_REVERSE) != 0, .loop = (body->flags & CLIP_LOOP) != 0,
        .frozen = (body->flags & CLIP_FROZEN) != 0, .freeze = body->freeze,
        .enabled = (body->flags & CLIP_ENABLED) != 0,
        .audio = kind == KF_TRACK_AUDIO || (body->flags & CLIP_AUDIO) != 0,
        .name = body_text(body, size, body->name), .label = body_text(body, size, body->label), .ref = item->ref};
    memcpy(out->color, body->color, sizeof out->color);
    open_params(store, node, body, out);
    open_lists(node, body, size, out);
    return true;
}

bool kf_clip_get(kf_snapshot snapshot, const kf_item_view *item, kf_track_kind track, kf_clip_view *out)
{
    return clip_open(snapshot.store, item, track, out);
}

kf_links kf_clip_links(kf_snapshot snapshot, const kf_clip_view *clip, kf_link_kind which)
{
    size_t size;
    kf_ref ref = which == KF_LINK ? clip->link : clip->group;
    const uint64_t *ids = node_body(snapshot.store, ref, NODE_LINK, sizeof *ids, &size);
    return (kf_links){ids, ids ? (int32_t)(size / sizeof *ids) : 0};
}

kf_time transition_before(transition_split split, kf_time duration)
{
    kf_time before = (kf_time)(split >> 2);
    switch ((transition_align)(split & 3)) {
    case ALIGN_START:
        return 0;
    case ALIGN_END:
        return duration;
    case ALIGN_BEFORE:
        return before < duration ? before : duration;
    default:
        return duration / 2;
    }
}

transition_split transition_split_at(kf_time before, kf_time duration)
{
    for (transition_split align = ALIGN_CENTER; align < ALIGN_BEFORE; align++) {
        if (transition_before(align, duration) == before) {
            return align;
        }
    }
    return (transition_split)before << 2 | ALIGN_BEFORE;
}

bool transition_open(const kf_store *store, kf_ref ref, kf_time cut, kf_transition_view *out)
{
    size_t size;
    const transition_body *body = node_body(store, ref, NODE_TRANSITION, sizeof *body, &size);
    if (!body || body->duration <= 0 || body->duration > KF_MODEL_MAX_TIME) {
        return false;
    }
    const kf_node *node = kf_store_node(store, ref, NODE_TRANSITION, sizeof *body);
    *out = (kf_transition_view){.id = body->id, .duration = body->duration, .cut = cut,
                                .name = body_text(body, size, body->name)};
    out->metadata = metadata_text(store, kf_node_ref(node, TRANSITION_METADATA));
    out->start = cut - transition_before(body->split, body->duration);
    out->params = params_open(store, kf_node_ref(node, TRANSITION_PARAMS), 0);
    return true;
}

bool kf_transition_get(kf_snapshot snapshot, const kf_item_view *item, kf_transition_view *out)
{
    return item->kind == KF_ITEM_TRANSITION && transition_open(snapshot.store, item->ref, item->start, out);
}

/* Every struct of a transition starts with its curve. */
static int32_t curve_of(const kf_params *params)
{
    union {
        int32_t curve;
        unsigned char bytes[KF_KIND_MAX_VALUES];
        double align;
        void *pointer;
    } values = {0};
    bool known = params->kind && params->kind->values_size <= sizeof values;
    return known && kf_params_eval(params, 0, &values) ? values.curve : KF_TR_CURVE_LINEAR;
}

double kf_transition_progress(const kf_transition_view *transition, kf_time t)
{
    static const double ease[][4] = {
        [KF_TR_CURVE_EASE] = {0.42, 0, 0.58, 1}, [KF_TR_CURVE_EASE_IN] = {0.42, 0, 1, 1},
        [KF_TR_CURVE_EASE_OUT] = {0, 0, 0.58, 1},
    };
    double u = transition->duration > 0 ? ((double)t - (double)transition->start) / (double)transition->duration : 1;
    u = u < 0 ? 0 : u > 1 ? 1 : u;
    int32_t curve = curve_of(&transition->params);
    return curve > KF_TR_CURVE_LINEAR && curve <= KF_TR_CURVE_EASE_OUT ? kf_bezier_ease(ease[curve], u) : u;
}

/* ---- Source time ---- */

static kf_time add(kf_time a, kf_time b)
{
    kf_time sum;
    return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? INT64_MIN + 1 : INT64_MAX) : sum;
}

static kf_time subtract(kf_time a, kf_time b)
{
    kf_time difference;
    return __builtin_sub_overflow(a, b, &difference) ? (b < 0 ? INT64_MAX : INT64_MIN + 1) : difference;
}

static int32_t key_before(const kf_clip_view *clip, kf_time t)
{
    int32_t low = 0, high = clip->remap_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (clip->remap[middle].time <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - 1;
}

static kf_time between(const kf_time_key *a, const kf_time_key *b, kf_time t)
{
    if (a->interp == KF_INTERP_HOLD || b->time <= a->time) {
        return a->source;
    }
    kf_time way = subtract(t, a->time), whole = subtract(b->time, a->time);
    if (a->interp != KF_INTERP_BEZIER) {
        return add(a->source, kf_muldiv_floor(way, subtract(b->source, a->source), whole));
    }
    double y = kf_bezier_ease(a->bezier, (double)way / (double)whole);
    double s = floor((double)a->source + ((double)b->source - (double)a->source) * y);
    return s >= 9e18 ? INT64_MAX : s <= -9e18 ? INT64_MIN + 1 : (kf_time)s;
}

static kf_time remapped(const kf_clip_view *clip, kf_time t)
{
    int32_t at = key_before(clip, t);
    const kf_time_key *a = &clip->remap[at < 0 ? 0 : at];
    return at < 0 || at + 1 >= clip->remap_count ? a->source : between(a, a + 1, t);
}

/* Without freeze, remap and loop: distance from `in`. */
static kf_time distance(const kf_clip_view *clip, kf_time t)
{
    kf_time way = kf_muldiv_floor(t, clip->speed.num, clip->speed.den);
    if (!clip->reverse) {
        return way;
    }
    kf_time length = kf_muldiv_ceil(clip->duration, clip->speed.num, clip->speed.den);
    return add(length - 1, way == INT64_MIN ? INT64_MAX : -way);
}

static kf_time mapped(const kf_clip_view *clip, kf_time t)
{
    return clip->frozen           ? clip->freeze
           : clip->remap_count > 0 ? remapped(clip, t)
                                   : add(clip->source_in, distance(clip, t));
}

kf_time kf_clip_source_time(const kf_clip_view *clip, kf_time t, kf_time media_end)
{
    kf_time end = clip->source_out != KF_TIME_NONE ? clip->source_out : media_end;
    if (!clip->loop || clip->frozen || clip->remap_count > 0 || end == KF_TIME_NONE || end <= clip->source_in) {
        return mapped(clip, t);
    }
    kf_time length = subtract(end, clip->source_in), way = distance(clip, t) % length;
    return clip->source_in + (way < 0 ? way + length : way);
}

static void widen(kf_time s, kf_time *from, kf_time *to)
{
    *from = s < *from ? s : *from;
    *to = s >= *to ? add(s, 1) : *to;
}

/* A bezier between two keys stays within the hull of its control points. */
static void widen_bezier(const kf_time_key *a, const kf_time_key *b, kf_time *from, kf_time *to)
{
    for (int i = 1; i <= 3; i += 2) {
        double s = floor((double)a->source + ((double)b->source - (double)a->source) * a->bezier[i]);
        widen(s >= 9e18 ? INT64_MAX : s <= -9e18 ? INT64_MIN + 1 : (kf_time)s, from, to);
    }
}

static void widen_keys(const kf_clip_view *clip, kf_time t0, kf_time t1, kf_time *from, kf_time *to)
{
    int32_t first = key_before(clip, t0);
    for (int32_t i = first < 0 ? 0 : first; i < clip->remap_count && clip->remap[i].time < t1; i++) {
        const kf_time_key *a = &clip->remap[i], *b = i + 1 < clip->remap_count ? a + 1 : NULL;
        if (a->time >= t0) {
            widen(a->source, from, to);
        }
        if (a->interp == KF_INTERP_LINEAR && b && b->time < t1) {
            widen(b->source, from, to);
        } else if (a->interp == KF_INTERP_BEZIER && b) {
            widen_bezier(a, b, from, to);
        }
    }
}

void kf_clip_source_span(const kf_clip_view *clip, kf_time t0, kf_time t1, kf_time *from, kf_time *to)
{
    *from = mapped(clip, t0);
    *to = add(*from, 1);
    widen(mapped(clip, t1 - 1), from, to);
    if (!clip->frozen && clip->remap_count > 0) {
        widen_keys(clip, t0, t1, from, to);
    }
}
