/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound that leaves its picture: detach_audio. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/change.h"
#include "model/edit/ops.h"

/* ---- What can be detached ---- */

static kf_status check_sound(kf_edit *e, const clip_place *place)
{
    const kf_clip_view *clip = &place->view;
    kf_track_view track;
    kf_asset_view asset;
    kf_media_facts facts;
    char name[160];
    kf_status status = track_view(e, place->track, &track);
    if (status != KF_OK) {
        return status;
    }
    if (track.kind == KF_TRACK_AUDIO || !clip->audio) {
        return REFUSE(e, track.kind == KF_TRACK_AUDIO ? "%s is on an audio track" : "the sound of %s is off already",
                      clip_name(e, clip, name));
    }
    bool asks = clip->source == KF_SOURCE_ASSET &&
                kf_asset_at(edit_state(e), kf_asset_index(edit_state(e), clip->source_uid), &asset);
    bool silent = (clip->source != KF_SOURCE_ASSET && clip->source != KF_SOURCE_SEQUENCE) || clip->frozen ||
                  (asks && media_of(e, &asset, &facts) && !facts.audio);
    return silent ? REFUSE(e, "%s has no sound", clip_name(e, clip, name)) : KF_OK;
}

/* ---- Where it goes ---- */

static bool has_room(kf_edit *e, const kf_track_view *track, kf_time from, kf_time to)
{
    kf_cursor c;
    kf_cursor_init(&c, edit_state(e), track);
    bool more = kf_cursor_seek(&c, from);
    while (more && c.item.start < to) {
        if (c.item.kind == KF_ITEM_CLIP) {
            return false;
        }
        more = kf_cursor_next(&c);
    }
    return true;
}

static kf_status add_track(kf_edit *e, int32_t *out)
{
    static const kf_json kind = {.type = KF_JSON_STRING, .key = "kind", .text = "audio", .length = 5};
    static const kf_json object = {.type = KF_JSON_OBJECT, .first = &kind, .count = 1};
    void *tracks = e->sequence.tracks;
    fragment_scope scope = edit_scope(e);
    if (e->sequence.count >= KF_MODEL_MAX_TRACKS) {
        return REFUSE(e, "the sequence has %d tracks: there cannot be more", KF_MODEL_MAX_TRACKS);
    }
    if (kf_grow(&tracks, &e->sequence.capacity, e->sequence.count + 1, sizeof(kf_ref)) != 0) {
        return kf_fail_memory(e->err);
    }
    e->sequence.tracks = tracks;
    *out = (int32_t)e->sequence.count;
    kf_status status = fragment_read_track(&scope, &object, &e->sequence.tracks[*out]);
    e->sequence.count += status == KF_OK;
    e->sequence.changed = true;
    return status;
}

static kf_status find_named(kf_edit *e, const char *name, const kf_clip_view *clip, int32_t *out)
{
    kf_track_view track;
    char buffer[80];
    kf_status status = track_find(e, name, out);
    status = status == KF_OK ? track_view(e, *out, &track) : status;
    if (status != KF_OK) {
        return status;
    }
    if (track.kind != KF_TRACK_AUDIO) {
        return REFUSE(e, "track %s is not an audio track", track_name(e, *out, buffer));
    }
    return has_room(e, &track, clip->start, clip->start + clip->duration)
               ? KF_OK
               : REFUSE(e, "there is no room on %s from %s to %s", track_name(e, *out, buffer), time_text(e, clip->start),
                        time_text(e, clip->start + clip->duration));
}

/* The first one with room, or a new one. */
static kf_status find_track(kf_edit *e, const char *name, const kf_clip_view *clip, int32_t *out)
{
    if (*name) {
        return find_named(e, name, clip, out);
    }
    for (int32_t i = 0; i < (int32_t)e->sequence.count; i++) {
        kf_track_view track;
        kf_status status = track_view(e, i, &track);
        if (status != KF_OK) {
            return status;
        }
        if (track.kind == KF_TRACK_AUDIO && !track.lock && has_room(e, &track, clip->start, clip->start + clip->duration)) {
            *out = i;
            return KF_OK;
        }
    }
    return add_track(e, out);
}

/* ---- The two clips ---- */

/* The sound with its gain, fades and effects, as a clip of its own. */
static kf_status make_sound(kf_edit *e, const kf_clip_view *clip, uint64_t id, kf_ref *out)
{
    static const uint32_t others[] = {CLIP_GENERATOR, CLIP_TRANSFORM, CLIP_VIDEO, CLIP_MARKERS, CLIP_LINK, CLIP_GROUP};
    clip_body body;
    kf_status status = clip_load(e, clip->ref, &body);
    if (status != KF_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        build_set_ref(&e->build, others[i], KF_REF_NONE);
    }
    build_splice_refs(&e->build, CLIP_EFFECTS, body.effect_count, NULL, 0);
    body.id = id;
    body.effect_count = 0;
    return clip_store(e, &body, out);
}

static kf_status make_silent(kf_edit *e, const kf_clip_view *clip, kf_ref *out)
{
    clip_body body;
    kf_status status = clip_load(e, clip->ref, &body);
    if (status != KF_OK) {
        return status;
    }
    build_set_ref(&e->build, CLIP_SOUND, KF_REF_NONE);
    build_splice_refs(&e->build, CLIP_EFFECTS + body.effect_count, body.audio_effect_count, NULL, 0);
    body.audio_effect_count = 0;
    body.flags = (uint8_t)(body.flags & ~CLIP_AUDIO);
    return clip_store(e, &body, out);
}

static kf_status place_sound(kf_edit *e, int32_t track, const kf_clip_view *clip, kf_ref ref)
{
    window w;
    size_t first, last;
    const track_item item = {.duration = clip->duration, .ref = ref, .kind = KF_ITEM_CLIP};
    kf_status status = window_open_span(e, track, clip->start, clip->start + clip->duration, &w, &first, &last);
    return status == KF_OK ? window_end(&w, window_replace(&w, first, last, &item, 1)) : status;
}

/* Links the new clip with its picture and all that is linked with that. */
static kf_status join(kf_edit *e, uint64_t picture, uint64_t sound, kf_link_kind which)
{
    const kf_ids ids = {(const uint64_t[]){picture, sound}, 2};
    clip_place *list;
    size_t count;
    kf_status status = which == KF_LINK ? clips_gather(e, ids, true, &list, &count)
                                        : clips_gather_grouped(e, ids, false, &list, &count);
    status = status == KF_OK ? clips_relink(e, list, count, which) : status;
    kf_free(list);
    return status;
}

kf_status op_detach_audio(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_detach *a = args;
    clip_place place;
    int32_t track = 0;
    kf_ref sound, silent;
    uint64_t made = 0;
    kf_status status = clip_find(e, a->clip, &place);
    status = status == KF_OK ? track_unlocked(e, place.track) : status;
    status = status == KF_OK ? check_sound(e, &place) : status;
    status = status == KF_OK ? find_track(e, a->track, &place.view, &track) : status;
    if (status == KF_OK) {
        made = edit_new_id(e);
        edit_created(e, made);
        status = make_sound(e, &place.view, made, &sound);
    }
    status = status == KF_OK ? make_silent(e, &place.view, &silent) : status;
    status = status == KF_OK ? place_sound(e, track, &place.view, sound) : status;
    status = status == KF_OK ? clip_put(e, &place, silent, false) : status;
    status = status == KF_OK ? join(e, a->clip, made, KF_LINK) : status;
    return status == KF_OK && place.view.group != KF_REF_NONE ? join(e, a->clip, made, KF_GROUP) : status;
}
