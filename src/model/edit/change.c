/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"

static kf_status damaged(kf_edit *e, const char *what)
{
    return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: %s cannot be read", what);
}

/* ---- Clips ---- */

kf_status clip_load(kf_edit *e, kf_ref ref, clip_body *body)
{
    const kf_node *node = kf_store_node(e->store, ref, NODE_CLIP, sizeof *body);
    if (!node) {
        return damaged(e, "a clip");
    }
    memcpy(body, kf_node_payload(node), sizeof *body);
    build_load(&e->build, node);
    return KF_OK;
}

void clip_start(kf_edit *e, clip_body *body, const clip_rest *rest)
{
    size_t keys = (size_t)rest->remap_count * sizeof *rest->remap;
    build_start(&e->build, sizeof *body);
    body->remap_count = (uint32_t)rest->remap_count;
    body->remap_at = keys ? build_add(&e->build, rest->remap, keys) : 0;
    body->name = build_text(&e->build, rest->name);
    body->label = build_text(&e->build, rest->label);
}

kf_status clip_store(kf_edit *e, const clip_body *body, kf_ref *out)
{
    build_body(&e->build, 0, body, sizeof *body);
    return build_append(&e->build, e->store, NODE_CLIP, out, e->err);
}

kf_status clip_put(kf_edit *e, const clip_place *place, kf_ref ref, bool retimed)
{
    window w;
    size_t at;
    kf_status status = window_open_clip(e, place, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    kf_ref old = w.items[at].item.ref;
    w.items[at].item.ref = ref;
    for (size_t i = 0; i < w.count && !retimed; i++) {
        window_item *t = &w.items[i];
        t->left = t->left == old ? ref : t->left;
        t->right = t->right == old ? ref : t->right;
    }
    return window_close(&w);
}

kf_status clip_check_range(kf_edit *e, const kf_clip_view *clip)
{
    char name[160], length[40];
    kf_time from, to, end = clip_media_end(e, clip);
    if (clip->source == KF_SOURCE_GENERATOR || clip->source == KF_SOURCE_ADJUSTMENT || clip->loop || clip->frozen ||
        clip->remap_count > 0 || clip_is_still(e, clip)) {
        return KF_OK;
    }
    kf_clip_source_span(clip, 0, clip->duration, &from, &to);
    if (from < 0) {
        return REFUSE(e, "the source of %s begins %s too late for that", clip_name(e, clip, name),
                      length_text(e, -from, length));
    }
    return end == KF_TIME_NONE || to <= end
               ? KF_OK
               : REFUSE(e, "the source of %s ends %s too early for that: it is %.3f s long", clip_name(e, clip, name),
                        length_text(e, to - end, length), kf_time_seconds(end));
}

static int count_angles(kf_edit *e, const kf_clip_view *clip)
{
    kf_sequence_view sequence;
    kf_track_view track;
    kf_snapshot state = edit_state(e);
    int count = 0;
    if (clip->source == KF_SOURCE_SEQUENCE &&
        kf_sequence_at(state, kf_sequence_index(state, clip->source_uid), &sequence) && sequence.multicam) {
        for (int32_t i = 0; kf_track_get(state, &sequence, i, &track); i++) {
            count += track.kind == KF_TRACK_VIDEO;
        }
    }
    return count;
}

kf_status clip_check_angle(kf_edit *e, const kf_clip_view *clip, int64_t angle)
{
    char name[160];
    int count = count_angles(e, clip);
    if (count == 0) {
        return REFUSE(e, "%s shows no multicam sequence", clip_name(e, clip, name));
    }
    return angle >= 0 && angle <= count ? KF_OK
                                        : REFUSE(e, "%s has %d angle%s, no angle %lld", clip_name(e, clip, name), count,
                                                 count == 1 ? "" : "s", (long long)angle);
}

/* ---- Links ---- */

static int by_id(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

kf_status link_new(kf_edit *e, uint64_t *ids, size_t count, kf_ref *out)
{
    qsort(ids, count, sizeof *ids, by_id);
    build_start(&e->build, 0);
    build_add(&e->build, ids, count * sizeof *ids);
    return build_append(&e->build, e->store, NODE_LINK, out, e->err);
}

static kf_status link_of(kf_edit *e, const clip_place *list, size_t count, kf_ref *out)
{
    *out = KF_REF_NONE;
    uint64_t *ids = count > 1 ? kf_alloc_zero(count, sizeof *ids) : NULL;
    if (!ids) {
        return count > 1 ? kf_fail_memory(e->err) : KF_OK;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = list[i].view.id;
    }
    kf_status status = link_new(e, ids, count, out);
    kf_free(ids);
    return status;
}

kf_status clips_relink(kf_edit *e, const clip_place *list, size_t count, kf_link_kind which)
{
    kf_ref link;
    kf_status status = link_of(e, list, count, &link);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        clip_body body;
        kf_ref ref;
        status = clip_load(e, list[i].view.ref, &body);
        build_set_ref(&e->build, which == KF_LINK ? CLIP_LINK : CLIP_GROUP, link);
        status = status == KF_OK ? clip_store(e, &body, &ref) : status;
        status = status == KF_OK ? clip_put(e, &list[i], ref, false) : status;
    }
    return status;
}

/* ---- What has effects ---- */

static void clip_effects(kf_edit *e, effect_owner *o)
{
    size_t size;
    const clip_body *body = node_body(e->store, o->ref, NODE_CLIP, sizeof *body, &size);
    o->node = NODE_CLIP;
    o->first = CLIP_EFFECTS;
    o->count[0] = body ? body->effect_count : 0;
    o->count[1] = body ? body->audio_effect_count : 0;
    o->count_at[0] = offsetof(clip_body, effect_count);
    o->count_at[1] = offsetof(clip_body, audio_effect_count);
}

static void track_effects(kf_edit *e, effect_owner *o)
{
    size_t size;
    const track_body *body = node_body(e->store, o->ref, NODE_TRACK, sizeof *body, &size);
    o->node = NODE_TRACK;
    o->first = TRACK_EFFECTS;
    o->count[0] = body ? body->effect_count : 0;
    o->count[1] = body ? body->audio_effect_count : 0;
    o->count_at[0] = offsetof(track_body, effect_count);
    o->count_at[1] = offsetof(track_body, audio_effect_count);
}

static void sequence_effects(kf_edit *e, effect_owner *o)
{
    size_t size;
    const sequence_body *body = node_body(e->store, o->ref, NODE_SEQUENCE, sizeof *body, &size);
    o->node = NODE_SEQUENCE;
    o->holds = KF_TRACK_AUDIO;
    o->first = SEQUENCE_TRACKS + (body ? body->track_count : 0);
    o->count[1] = body ? body->effect_count : 0;
    o->count_at[1] = offsetof(sequence_body, effect_count);
}

static kf_status find_clip_owner(kf_edit *e, uint64_t clip, effect_owner *o)
{
    kf_status status = clip_find(e, clip, &o->clip);
    o->kind = OWNER_CLIP;
    o->track = o->clip.track;
    o->ref = o->clip.view.ref;
    if (status == KF_OK) {
        clip_effects(e, o);
    }
    return status;
}

static kf_status find_track_owner(kf_edit *e, const char *sequence, const char *track, effect_owner *o)
{
    kf_status status = sequence_open(e, sequence);
    status = status == KF_OK ? track_find(e, track, &o->track) : status;
    o->kind = OWNER_TRACK;
    if (status == KF_OK) {
        o->ref = e->sequence.tracks[o->track];
        track_effects(e, o);
    }
    return status;
}

kf_status owner_find(kf_edit *e, uint64_t clip, const char *sequence, const char *track, effect_owner *out)
{
    *out = (effect_owner){.kind = OWNER_SEQUENCE};
    if (clip && *track) {
        return REFUSE(e, "give one of clip and track");
    }
    if (!clip && !*track) {
        kf_status status = sequence_open(e, sequence);
        out->ref = e->sequence.ref;
        sequence_effects(e, out);
        return status;
    }
    kf_track_view view;
    kf_status status = clip ? find_clip_owner(e, clip, out) : find_track_owner(e, sequence, track, out);
    status = status == KF_OK ? track_unlocked(e, out->track) : status;
    status = status == KF_OK ? track_view(e, out->track, &view) : status;
    out->holds = status == KF_OK ? view.kind : KF_TRACK_VIDEO;
    return status;
}

kf_status owner_load(kf_edit *e, const effect_owner *o)
{
    const kf_node *node = kf_store_node(e->store, o->ref, o->node, 0);
    if (!node) {
        return damaged(e, "what has the effect");
    }
    build_load(&e->build, node);
    return KF_OK;
}

kf_status owner_put(kf_edit *e, effect_owner *o)
{
    kf_status status = build_append(&e->build, e->store, o->node, &o->ref, e->err);
    if (status != KF_OK || o->kind == OWNER_CLIP) {
        return status == KF_OK ? clip_put(e, &o->clip, o->ref, false) : status;
    }
    if (o->kind == OWNER_TRACK) {
        e->sequence.tracks[o->track] = o->ref;
    } else {
        e->sequence.ref = o->ref;
    }
    e->sequence.changed = true;
    return KF_OK;
}

kf_status owner_effect(kf_edit *e, const effect_owner *o, int32_t index, kf_params *out)
{
    const kf_node *node = kf_store_node(e->store, o->ref, o->node, 0);
    uint32_t count = o->count[0] + o->count[1];
    char name[160];
    if (index < 0 || (uint32_t)index >= count) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "%s has %u effect%s, none at %d (the first is at 0)", owner_name(e, o, name),
                       count, count == 1 ? "" : "s", index);
    }
    *out = params_open(e->store, node ? kf_node_ref(node, o->first + (uint32_t)index) : KF_REF_NONE, 0);
    return out->payload ? KF_OK : damaged(e, "an effect");
}

const char *owner_name(kf_edit *e, const effect_owner *o, char buffer[160])
{
    char track[80];
    if (o->kind == OWNER_CLIP) {
        return clip_name(e, &o->clip.view, buffer);
    }
    if (o->kind == OWNER_SEQUENCE) {
        return "the sequence";
    }
    snprintf(buffer, 160, "track %s", track_name(e, o->track, track));
    return buffer;
}
