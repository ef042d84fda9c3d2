/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clips have, from another clip: paste_attributes. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/change.h"
#include "model/edit/ops.h"

enum {
    PASTE_TRANSFORM = 1, PASTE_OPACITY = 2, PASTE_EFFECTS = 4, PASTE_GAIN = 8, PASTE_AUDIO_EFFECTS = 16, PASTE_SPEED = 32,
    PASTE_PICTURE = PASTE_TRANSFORM | PASTE_OPACITY | PASTE_EFFECTS, PASTE_SOUND = PASTE_GAIN | PASTE_AUDIO_EFFECTS
};
static const char *const part_names[] = {"transform", "opacity", "effects", "gain", "audio_effects", "speed", NULL};

static kf_status read_part(kf_edit *e, const char *name, size_t length, unsigned *what)
{
    for (int i = 0; part_names[i]; i++) {
        if (strlen(part_names[i]) == length && memcmp(part_names[i], name, length) == 0) {
            *what |= 1u << i;
            return KF_OK;
        }
    }
    return REFUSE(e, "what: there is no \"%.*s\"; any of transform, opacity, effects, gain, audio_effects, speed, or all",
                  (int)(length < 60 ? length : 60), name);
}

static kf_status read_what(kf_edit *e, const char *list, unsigned *what)
{
    kf_status status = KF_OK;
    *what = strcmp(list, "all") == 0 ? PASTE_PICTURE | PASTE_SOUND : 0;
    while (*what != (PASTE_PICTURE | PASTE_SOUND) && *list && status == KF_OK) {
        size_t length = strcspn(list, ",");
        status = read_part(e, list, length, what);
        list += length + (list[length] == ',');
    }
    return status == KF_OK && *what == 0 ? REFUSE(e, "what is to be pasted?") : status;
}

/* The clip to paste from, of any sequence, without what it does not have to give. */
static kf_status find_source(kf_edit *e, uint64_t id, kf_clip_view *out, unsigned *what)
{
    kf_item_place place;
    kf_sequence_view sequence;
    kf_track_view track;
    kf_snapshot state = edit_state(e);
    if (!edit_find(e, id, &place) || !kf_sequence_at(state, place.sequence, &sequence) ||
        !kf_track_get(state, &sequence, place.track, &track) || !clip_open(e->store, &place.item, track.kind, out)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no clip %llu", (unsigned long long)id);
    }
    *what &= track.kind == KF_TRACK_AUDIO ? ~(unsigned)PASTE_PICTURE : ~0u;
    *what &= out->audio ? ~0u : ~(unsigned)PASTE_SOUND;
    return KF_OK;
}

/* Effects of one class in the clip that is being built. */
static void paste_effects(node_build *b, uint32_t at, uint32_t *count, kf_effects effects)
{
    build_splice_refs(b, at, *count, effects.refs, (uint32_t)effects.count);
    *count = (uint32_t)effects.count;
}

static kf_status paste_one(kf_edit *e, const kf_clip_view *from, unsigned what, const clip_place *to)
{
    clip_body body;
    kf_ref ref;
    kf_track_view track;
    kf_status status = track_view(e, to->track, &track);
    status = status == KF_OK ? clip_load(e, to->view.ref, &body) : status;
    if (status != KF_OK) {
        return status;
    }
    what &= track.kind == KF_TRACK_AUDIO ? ~(unsigned)PASTE_PICTURE : ~0u;
    const struct { unsigned part; uint32_t at; kf_ref ref; } refs[] = {
        {PASTE_TRANSFORM, CLIP_TRANSFORM, from->transform.ref}, {PASTE_OPACITY, CLIP_VIDEO, from->video.ref},
        {PASTE_GAIN, CLIP_SOUND, from->sound.ref}};
    for (int i = 0; i < 3; i++) {
        if (what & refs[i].part) {
            build_set_ref(&e->build, refs[i].at, refs[i].ref);
        }
    }
    if (what & PASTE_EFFECTS) {
        paste_effects(&e->build, CLIP_EFFECTS, &body.effect_count, from->effects);
    }
    if (what & PASTE_AUDIO_EFFECTS) {
        paste_effects(&e->build, CLIP_EFFECTS + body.effect_count, &body.audio_effect_count, from->audio_effects);
    }
    status = clip_store(e, &body, &ref);
    return status == KF_OK ? clip_put(e, to, ref, false) : status;
}

static kf_status paste_speed(kf_edit *e, const kf_clip_view *from, uint64_t to)
{
    char text[40], name[160];
    if (from->frozen || from->remap_count > 0) {
        return REFUSE(e, "%s has no one speed", clip_name(e, from, name));
    }
    int length = snprintf(text, sizeof text, "%s%d/%d", from->reverse ? "-" : "", from->speed.num, from->speed.den);
    const kf_json speed = {.type = KF_JSON_STRING, .text = text, .length = (size_t)length, .key = "speed"};
    const kf_edit_rate_stretch args = {.clip = to, .duration = KF_TIME_NONE, .speed = &speed};
    return op_rate_stretch(e, KF_EDIT_RATE_STRETCH, &args);
}

kf_status op_paste_attributes(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_paste *a = args;
    clip_place *list = NULL;
    size_t count = 0;
    unsigned what;
    kf_clip_view from;
    kf_status status = read_what(e, a->what, &what);
    status = status == KF_OK ? find_source(e, a->from, &from, &what) : status;
    status = status == KF_OK ? clips_gather(e, a->clips, false, &list, &count) : status;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        if (list[i].view.id != a->from && (what & ~(unsigned)PASTE_SPEED)) {
            status = paste_one(e, &from, what, &list[i]);
        }
    }
    for (size_t i = 0; i < count && status == KF_OK && (what & PASTE_SPEED); i++) {
        status = list[i].view.id != a->from ? paste_speed(e, &from, list[i].view.id) : KF_OK;
    }
    kf_free(list);
    return status;
}
