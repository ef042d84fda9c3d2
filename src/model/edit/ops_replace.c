/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clips show: replace, angle. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/change.h"
#include "model/edit/ops.h"
#include "model/edit/part.h"
#include "model/json/writer.h"

/* ---- Replace ---- */

typedef struct replacing {
    const kf_edit_replace *args;
    clip_place place;
    kf_track_kind track;
    clip_body body;          /* to be */
    clip_rest rest;
    kf_ref generator;        /* its parameters */
} replacing;

static kf_status check_streams(kf_edit *e, const replacing *r, const kf_asset_view *asset)
{
    kf_media_facts facts;
    bool sound = r->track == KF_TRACK_AUDIO;
    if (!media_of(e, asset, &facts) || (sound ? facts.audio : facts.video)) {
        return KF_OK;
    }
    return REFUSE(e, "asset \"%s\" has no %s, and the clip is on %s track", asset->id, sound ? "sound" : "picture",
                  sound ? "an audio" : "a video");
}

/* Another asset in the same way: the same source times at the same speed. */
static kf_status show_asset(kf_edit *e, replacing *r)
{
    kf_asset_view asset;
    if (!kf_asset_at(edit_state(e), kf_asset_find(edit_state(e), r->args->asset), &asset)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no asset \"%s\": add_asset adds one", r->args->asset);
    }
    if (r->body.source != KF_SOURCE_ASSET || r->body.source_uid != asset.uid) {
        r->body.video_stream = r->body.audio_stream = -1;
    }
    r->body.source = KF_SOURCE_ASSET;
    r->body.source_uid = asset.uid;
    r->body.generator = r->body.angle = r->body.audio_angle = 0;
    r->generator = KF_REF_NONE;
    return check_streams(e, r, &asset);
}

static bool takes_all(const kf_json *item, const void *ctx)
{
    return true;
}

/* A clip without a length of its own is as long as the one it stands in for. */
static kf_status read_with(kf_edit *e, replacing *r, track_item *out)
{
    const kf_json *with = r->args->with, *loop = kf_json_get(with, "loop");
    const kf_time duration = r->place.view.duration;
    kf_str text = {0};
    json_part p = {0};
    uint64_t id;
    film_writer fw = {.w = {.out = &text, .compact = true}, .rate = e->sequence.view.rate};
    write_time(&fw, duration);
    bool quoted = text.length > 1 && text.data[0] == '"';
    if (quoted) {
        text.data[text.length - 1] = '\0';
    }
    const kf_json length = {.type = KF_JSON_STRING, .text = quoted ? text.data + 1 : text.data, .key = "duration",
                            .length = text.failed ? 0 : strlen(text.data) - quoted, .parent = with};
    bool needed = !sets(with, "duration") && (!sets(with, "out") || (loop && loop->boolean));
    kf_status status = text.failed ? kf_fail_memory(e->err) : part_add_some(e, &p, with, takes_all, NULL);
    status = status == KF_OK && needed ? part_add(e, &p, &length) : status;
    status = status == KF_OK ? edit_read_clip(e, part_object(&p, with), r->track, out, &id) : status;
    part_finish(&p);
    kf_str_finish(&text);
    return status;
}

/* What a clip object shows, and how source time runs in it. */
static kf_status show_clip(kf_edit *e, replacing *r)
{
    const uint8_t timing = CLIP_REVERSE | CLIP_LOOP | CLIP_FROZEN;
    track_item made;
    kf_clip_view view;
    size_t size;
    kf_status status = r->args->with->type == KF_JSON_OBJECT
                           ? read_with(e, r, &made)
                           : kf_json_fail(r->args->with, e->name, e->err, "a clip must stand here");
    if (status != KF_OK) {
        return status;
    }
    const kf_item_view item = {.kind = KF_ITEM_CLIP, .duration = made.duration, .ref = made.ref};
    const clip_body *body = node_body(e->store, made.ref, NODE_CLIP, sizeof *body, &size);
    if (!body || !clip_open(e->store, &item, r->track, &view)) {
        return kf_fail(e->err, KF_ERR_INTERNAL, "the clip that was made cannot be read");
    }
    const clip_body old = r->body;
    r->body = *body;
    r->body.id = old.id;
    r->body.flags = (uint8_t)((old.flags & ~timing) | (body->flags & timing));
    memcpy(r->body.color, old.color, sizeof old.color);
    r->rest.remap = view.remap;
    r->rest.remap_count = view.remap_count;
    r->generator = view.generator.ref;
    return KF_OK;
}

/* Moves what is shown to begin at `in`. */
static kf_status set_in(kf_edit *e, replacing *r)
{
    kf_time by = r->args->in == KF_TIME_NONE ? 0 : r->args->in - r->body.source_in;
    if (by != 0 && r->rest.remap_count > 0) {
        return REFUSE(e, "a time remap says what is shown: leave out in");
    }
    r->body.source_in += by;
    r->body.source_out += r->body.source_out == KF_TIME_NONE ? 0 : by;
    r->body.freeze += r->body.flags & CLIP_FROZEN ? by : 0;
    return KF_OK;
}

/* The clip with its own effects, looks, links and markers. */
static kf_status build_replaced(kf_edit *e, replacing *r, kf_ref *out)
{
    size_t size;
    const clip_body *old = node_body(e->store, r->place.view.ref, NODE_CLIP, sizeof *old, &size);
    const kf_node *node = kf_store_node(e->store, r->place.view.ref, NODE_CLIP, sizeof *old);
    if (!old) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
    }
    r->body.effect_count = old->effect_count;
    r->body.audio_effect_count = old->audio_effect_count;
    clip_start(e, &r->body, &r->rest);
    for (uint32_t i = 0; i < CLIP_EFFECTS + old->effect_count + old->audio_effect_count; i++) {
        build_ref(&e->build, i == CLIP_GENERATOR ? r->generator : kf_node_ref(node, i));
    }
    return clip_store(e, &r->body, out);
}

static kf_status start_replacing(kf_edit *e, replacing *r)
{
    kf_track_view track;
    kf_status status = clip_find(e, r->args->clip, &r->place);
    const kf_clip_view *clip = &r->place.view;
    status = status == KF_OK ? track_view(e, r->place.track, &track) : status;
    status = status == KF_OK ? clip_load(e, clip->ref, &r->body) : status;
    if (status == KF_OK) {
        r->track = track.kind;
        r->rest = (clip_rest){clip->remap, clip->remap_count, clip->name, clip->label};
        r->generator = clip->generator.ref;
    }
    return status;
}

kf_status op_replace(kf_edit *e, uint16_t id, const void *args)
{
    replacing r = {.args = args};
    kf_ref ref;
    kf_clip_view view;
    if ((*r.args->asset != '\0') == (r.args->with != NULL)) {
        return REFUSE(e, "what is to be shown instead? Give asset or with");
    }
    kf_status status = start_replacing(e, &r);
    status = status != KF_OK ? status : r.args->with ? show_clip(e, &r) : show_asset(e, &r);
    status = status == KF_OK ? set_in(e, &r) : status;
    status = status == KF_OK ? build_replaced(e, &r, &ref) : status;
    if (status != KF_OK) {
        return status;
    }
    const kf_item_view item = {.kind = KF_ITEM_CLIP, .start = r.place.view.start, .duration = r.place.view.duration,
                               .ref = ref};
    status = clip_open(e->store, &item, r.track, &view) ? clip_check_range(e, &view) : KF_ERR_INTERNAL;
    return status == KF_OK ? clip_put(e, &r.place, ref, true) : status;
}

/* ---- Multicam ---- */

static void set_angle(clip_body *body, const void *ctx)
{
    const int32_t *angle = ctx;
    body->angle = (uint16_t)*angle;
}

/* From `at` on another angle, if it shows that multicam's picture; other clips are only cut. */
static kf_status switch_one(kf_edit *e, const clip_place *place, const kf_edit_angle *a, uint64_t multicam)
{
    window w;
    size_t at;
    kf_track_view track;
    const kf_clip_view *clip = &place->view;
    bool cut = a->at > clip->start && a->at < clip->start + clip->duration;
    bool all = a->at == KF_TIME_NONE || a->at == clip->start;
    kf_status status = track_view(e, place->track, &track);
    bool shows = status == KF_OK && track.kind == KF_TRACK_VIDEO && clip->source == KF_SOURCE_SEQUENCE &&
                 clip->source_uid == multicam;
    if (status != KF_OK || !(cut || (all && shows))) {
        return status;
    }
    status = window_open_clip(e, place, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    status = cut ? window_split(&w, a->at, &at) : KF_OK;
    if (status == KF_OK && shows) {
        status = clip_change(e, w.items[at].item.ref, set_angle, &a->angle, &w.items[at].item.ref);
    }
    return window_end(&w, status);
}

kf_status op_angle(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_angle *a = args;
    clip_place first, *list = NULL;
    size_t count = 0;
    char name[160];
    kf_status status = clip_find(e, a->clip, &first);
    const kf_clip_view *clip = &first.view;
    status = status == KF_OK ? clip_check_angle(e, clip, a->angle) : status;
    status = status == KF_OK ? track_unlocked(e, first.track) : status;
    if (status != KF_OK || clip->angle == a->angle) {
        return status;
    }
    if (a->at != KF_TIME_NONE && (a->at < clip->start || a->at >= clip->start + clip->duration)) {
        return REFUSE(e, "%s is not at %s", clip_name(e, clip, name), time_text(e, a->at));
    }
    status = clips_gather(e, (kf_ids){&a->clip, 1}, a->linked, &list, &count);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        status = switch_one(e, &list[i], a, clip->source_uid);
    }
    kf_free(list);
    return status;
}
