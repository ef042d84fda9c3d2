/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks: items one after another, and the transitions between them. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

/* A track whose items are being gathered in the reader. */
typedef struct gathering {
    kf_track_kind kind;
    kf_time position;
    int64_t clips, layers;
} gathering;

kf_status add_item(reader *r, const kf_json *json, track_item item)
{
    void *items = r->items, *jsons = r->item_json;
    int failed = kf_grow(&items, &r->item_capacity, r->item_count + 1, sizeof *r->items) != 0 ||
                 kf_grow(&jsons, &r->json_capacity, r->item_count + 1, sizeof *r->item_json) != 0;
    r->items = items;
    r->item_json = jsons;
    if (failed) {
        return kf_fail_memory(r->err);
    }
    r->items[r->item_count] = item;
    r->item_json[r->item_count++] = json;
    return KF_OK;
}

static kf_status gather(reader *r, gathering *g, const kf_json *json, track_item item)
{
    if (r->item_count >= KF_MODEL_MAX_ITEMS || item.duration > KF_MODEL_MAX_TIME - g->position) {
        return FAIL(r, json, "the track gets too long: 1000 hours and %d items are possible", KF_MODEL_MAX_ITEMS);
    }
    g->position += item.duration;
    g->clips += item.kind == KF_ITEM_CLIP;
    return add_item(r, json, item);
}

/* Gaps in a row are one, unless there is more to say of them. */
static kf_status add_gap(reader *r, gathering *g, const kf_json *json, kf_time duration, kf_ref ref)
{
    track_item *last = r->item_count ? &r->items[r->item_count - 1] : NULL;
    if (!last || last->kind != KF_ITEM_GAP || last->ref != KF_REF_NONE || ref != KF_REF_NONE) {
        return gather(r, g, json, (track_item){.duration = duration, .ref = ref, .kind = KF_ITEM_GAP});
    }
    if (duration > KF_MODEL_MAX_TIME - g->position) {
        return FAIL(r, json, "the track gets too long: 1000 hours are possible");
    }
    last->duration += duration;
    g->position += duration;
    return KF_OK;
}

/* ---- Naming items in messages ---- */

static void describe(const kf_json *json, char *out, size_t size)
{
    static const char *const keys[] = {"name", "asset", "generator", "sequence", "transition"};
    const kf_json *named = NULL;
    if (!json) {
        snprintf(out, size, "what lies");
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !named; i++) {
        named = kf_json_get(json, keys[i]);
    }
    bool gap = kf_json_get(json, "gap") != NULL;
    snprintf(out, size, "clips[%u] (%s%.60s%s)", json->index, gap || !named ? "" : "\"",
             gap ? "a gap" : named && named->text ? named->text : "a clip", gap || !named ? "" : "\"");
}

/* ---- Reading items ---- */

static kf_status build_gap(reader *r, const gap_draft *draft, kf_ref *out)
{
    kf_ref metadata;
    gap_body body = {0};
    kf_status status = read_metadata(r, draft->metadata, &metadata);
    *out = KF_REF_NONE;
    if (status != KF_OK || (metadata == KF_REF_NONE && (!draft->name || !*draft->name))) {
        return status;
    }
    build_start(&r->item, sizeof body);
    build_ref(&r->item, metadata);
    body.name = build_text(&r->item, draft->name);
    build_body(&r->item, 0, &body, sizeof body);
    return build_append(&r->item, r->store, NODE_GAP, out, r->err);
}

static kf_status read_gap(reader *r, gathering *g, const kf_json *json)
{
    gap_draft draft = {0};
    kf_status status = read_object(r, json, &object_gap, &draft, NULL);
    if (status == KF_OK && draft.gap == 0) {
        return FAIL(r, json, "a gap must be longer than 0");
    }
    kf_ref ref = KF_REF_NONE;
    status = status == KF_OK ? build_gap(r, &draft, &ref) : status;
    return status == KF_OK ? add_gap(r, g, json, draft.gap, ref) : status;
}

/* The node needs the items on both sides: it is made by place_transitions. */
static kf_status read_transition(reader *r, gathering *g, const kf_json *json)
{
    if (r->item_count && r->items[r->item_count - 1].kind == KF_ITEM_TRANSITION) {
        return FAIL(r, json, "two transitions in a row: a clip must stand between them");
    }
    return gather(r, g, json, (track_item){.kind = KF_ITEM_TRANSITION});
}

static kf_status go_to_start(reader *r, gathering *g, const kf_json *json, kf_time start)
{
    if (start > g->position) {
        return add_gap(r, g, json, start - g->position, KF_REF_NONE);
    }
    if (start < g->position && r->item_count > 0) {
        char last[120];
        describe(r->item_json[r->item_count - 1], last, sizeof last);
        return FAIL(r, kf_json_get(json, "start"), "this clip starts at %.10g s, but %s before it lasts until %.10g s",
                    kf_time_seconds(start), last, kf_time_seconds(g->position));
    }
    return KF_OK;
}

static kf_status read_clip_item(reader *r, gathering *g, const kf_json *json)
{
    kf_time start;
    int64_t layers;
    track_item item = {.kind = KF_ITEM_CLIP};
    kf_status status = read_clip(r, json, g->kind, &start, &item.duration, &layers, &item.ref);
    if (status != KF_OK) {
        return status;
    }
    if (g->kind == KF_TRACK_VIDEO && layers > g->layers) {
        g->layers = layers;
    }
    status = start == KF_TIME_NONE ? KF_OK : go_to_start(r, g, json, start);
    return status == KF_OK ? gather(r, g, json, item) : status;
}

static kf_status read_item(reader *r, gathering *g, const kf_json *json)
{
    if (kf_json_get(json, "gap")) {
        return read_gap(r, g, json);
    }
    return kf_json_get(json, "transition") ? read_transition(r, g, json) : read_clip_item(r, g, json);
}

/* ---- Transitions ---- */

static bool is_clip(const track_item *item)
{
    return item && item->kind == KF_ITEM_CLIP;
}

static transition_split default_split(const placing *p)
{
    return is_clip(p->left) && is_clip(p->right) ? ALIGN_CENTER : is_clip(p->left) ? ALIGN_END : ALIGN_START;
}

static kf_status too_short(reader *r, const kf_json *json, const track_item *side, bool left, kf_time part)
{
    char name[120] = "the start of the track";
    if (side) {
        describe(r->item_json[side - r->items], name, sizeof name);
    }
    return FAIL(r, json,
                "%.6g s of this transition lie %s its cut, but %s there is %.6g s long: make the transition shorter "
                "or change its \"align\" or \"before\"",
                kf_time_seconds(part), left ? "before" : "behind", name, kf_time_seconds(side ? side->duration : 0));
}

static kf_status check_sides(reader *r, const kf_json *json, const placing *p)
{
    if (!is_clip(p->left) && !is_clip(p->right)) {
        return FAIL(r, json, "a transition needs a clip on at least one side");
    }
    if (p->before > (p->left ? p->left->duration : 0)) {
        return too_short(r, json, p->left, true, p->before);
    }
    return p->right && p->after > p->right->duration ? too_short(r, json, p->right, false, p->after) : KF_OK;
}

static kf_status build_transition(reader *r, const kf_json *json, const transition_draft *draft, transition_split split,
                                  kf_ref *out)
{
    const kf_kind *kind = kf_kind_find(KF_CLASS_TRANSITION, draft->transition);
    if (!kind) {
        return unknown_kind(r, kf_json_get(json, "transition"), KF_CLASS_TRANSITION, draft->transition);
    }
    kf_ref params, metadata = KF_REF_NONE;
    transition_body body = {.duration = draft->duration, .split = split};
    params_request q = {.json = json, .kind = kind, .own = &object_transition, .always = true};
    kf_status status = read_params(r, &q, &params);
    if (status == KF_OK) {
        status = read_metadata(r, draft->metadata, &metadata);
    }
    if (status == KF_OK) {
        status = take_id(r, draft->id, &body.id);
    }
    if (status != KF_OK) {
        return status;
    }
    build_start(&r->item, sizeof body);
    body.name = build_text(&r->item, draft->name);
    build_body(&r->item, 0, &body, sizeof body);
    build_ref(&r->item, params);
    build_ref(&r->item, metadata);
    return build_append(&r->item, r->store, NODE_TRANSITION, out, r->err);
}

static kf_status read_split(reader *r, const kf_json *json, const transition_draft *draft, const placing *p,
                            transition_split *out)
{
    *out = draft->align < 0 ? default_split(p) : (transition_split)draft->align;
    if (draft->before == KF_TIME_NONE) {
        return KF_OK;
    }
    if (draft->align >= 0) {
        return FAIL(r, json, "a transition has either \"align\" or \"before\", not both");
    }
    if (draft->before > draft->duration) {
        return FAIL(r, kf_json_get(json, "before"), "%.6g s before the cut are more than the transition's %.6g s",
                    kf_time_seconds(draft->before), kf_time_seconds(draft->duration));
    }
    *out = transition_split_at(draft->before, draft->duration);
    return KF_OK;
}

kf_status place_transition(reader *r, size_t at, placing *p)
{
    const kf_json *json = r->item_json[at];
    transition_draft draft = {.align = -1, .before = KF_TIME_NONE, .duration = KF_TIME_NONE};
    transition_split split;
    kf_status status = read_object(r, json, &object_transition, &draft, NULL);
    if (status == KF_OK && (!draft.transition || draft.duration == KF_TIME_NONE || draft.duration == 0)) {
        return FAIL(r, json, "a transition needs a \"duration\" longer than 0");
    }
    if (status != KF_OK) {
        return status;
    }
    p->left = at > 0 ? &r->items[at - 1] : NULL;
    p->right = at + 1 < r->item_count ? &r->items[at + 1] : NULL;
    status = read_split(r, json, &draft, p, &split);
    if (status != KF_OK) {
        return status;
    }
    p->before = transition_before(split, draft.duration);
    p->after = draft.duration - p->before;
    status = check_sides(r, json, p);
    return status == KF_OK ? build_transition(r, json, &draft, split, &r->items[at].ref) : status;
}

static kf_status place_transitions(reader *r)
{
    kf_time after = 0; /* the part of the last transition that lies over the item before this one */
    size_t last = 0;
    for (size_t i = 0; i < r->item_count; i++) {
        if (r->items[i].kind != KF_ITEM_TRANSITION) {
            continue;
        }
        placing p = {0};
        kf_status status = place_transition(r, i, &p);
        if (status != KF_OK) {
            return status;
        }
        if (i >= 2 && last == i - 2 && r->items[last].kind == KF_ITEM_TRANSITION &&
            after > p.left->duration - p.before) {
            char name[120];
            describe(r->item_json[i - 1], name, sizeof name);
            return FAIL(r, r->item_json[i], "this transition and the one before it overlap on %s, which is %.6g s long",
                        name, kf_time_seconds(p.left->duration));
        }
        after = p.after;
        last = i;
    }
    return KF_OK;
}

/* ---- The track ---- */

static kf_status read_items(reader *r, gathering *g, const kf_json *clips)
{
    r->item_count = 0;
    kf_status status =
        clips ? need_array(r, clips, "a list of clips, gaps and transitions", KF_MODEL_MAX_ITEMS) : KF_OK;
    for (const kf_json *child = clips && status == KF_OK ? clips->first : NULL; child && status == KF_OK;
         child = child->next) {
        status = need_object(r, child, "a clip, a gap or a transition");
        if (status == KF_OK) {
            status = read_item(r, g, child);
        }
    }
    return status == KF_OK ? place_transitions(r) : status;
}

kf_status read_run(reader *r, kf_track_kind kind, const kf_json *clips)
{
    gathering g = {.kind = kind};
    return read_items(r, &g, clips);
}

static kf_status read_properties(reader *r, const kf_json *json, unsigned kinds, kf_ref refs[TRACK_EFFECTS])
{
    kf_status status = KF_OK;
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        params_request q = {.json = json, .kind = kf_kind_get(object_track.kinds[i]), .own = &object_track,
                            .lenient = true};
        refs[TRACK_VIDEO + i] = KF_REF_NONE;
        if (kinds >> i & 1) {
            status = read_params(r, &q, &refs[TRACK_VIDEO + i]);
        }
    }
    return status;
}

static kf_status check_kind(reader *r, const kf_json *json, const track_draft *d, unsigned kinds)
{
    if (d->kind == KF_TRACK_VIDEO) {
        return KF_OK;
    }
    if (kinds & 1 || d->effects || d->matte >= 0) {
        return FAIL(r, d->effects ? d->effects : json,
                    "audio tracks have no picture: no opacity, blend mode, matte or effects "
                    "(\"audio_effects\"?)");
    }
    return KF_OK;
}

static kf_status build_track(reader *r, const track_draft *d, const gathering *g, const kf_ref refs[TRACK_EFFECTS],
                             track_sum *out)
{
    track_body body = {.kind = (uint8_t)d->kind, .matte = (uint8_t)(d->matte + 1), .item_count = (int64_t)r->item_count,
                       .clip_count = g->clips, .duration = g->position};
    body.flags = (uint8_t)((d->mute ? TRACK_MUTE : 0) | (d->hide ? TRACK_HIDE : 0) | (d->lock ? TRACK_LOCK : 0) |
                           (d->solo ? TRACK_SOLO : 0) | (d->matte_invert ? TRACK_MATTE_INVERT : 0) |
                           (d->sync_lock ? TRACK_SYNC_LOCK : 0) | (d->target ? TRACK_TARGET : 0));
    build_start(&r->item, sizeof body);
    for (int i = 0; i < TRACK_EFFECTS; i++) {
        build_ref(&r->item, refs[i]);
    }
    kf_status status = read_effects(r, d->effects, KF_CLASS_EFFECT, false, &r->item, &body.effect_count);
    if (status == KF_OK) {
        status = read_effects(r, d->audio_effects, KF_CLASS_AUDIO_EFFECT, false, &r->item, &body.audio_effect_count);
    }
    if (status == KF_OK) {
        status = take_id(r, d->id, &body.uid);
    }
    if (status != KF_OK) {
        return status;
    }
    body.name = build_text(&r->item, d->name);
    body.label = build_text(&r->item, d->label);
    build_body(&r->item, 0, &body, sizeof body);
    *out = (track_sum){.kind = (kf_track_kind)d->kind, .matte = (kf_matte)body.matte, .duration = g->position,
                       .clips = g->clips, .layers = g->layers};
    return build_append(&r->item, r->store, NODE_TRACK, &out->ref, r->err);
}

kf_status read_track(reader *r, const kf_json *json, track_sum *out)
{
    track_draft draft = {.matte = -1, .sync_lock = true};
    unsigned kinds = 0;
    kf_ref refs[TRACK_EFFECTS] = {KF_REF_NONE};
    tree_sum sum;
    kf_status status = read_object(r, json, &object_track, &draft, &kinds);
    if (status == KF_OK) {
        status = check_kind(r, json, &draft, kinds);
    }
    gathering g = {.kind = (kf_track_kind)draft.kind};
    if (status == KF_OK) {
        status = read_items(r, &g, draft.clips);
    }
    if (status == KF_OK) {
        status = tree_build(r->store, r->items, r->item_count, &refs[TRACK_TREE], &sum, r->err);
    }
    if (status == KF_OK) {
        status = read_properties(r, json, kinds, refs);
    }
    if (status == KF_OK) {
        status = read_metadata(r, draft.metadata, &refs[TRACK_METADATA]);
    }
    return status == KF_OK ? build_track(r, &draft, &g, refs, out) : status;
}
