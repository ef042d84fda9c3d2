/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks: add, set, move, remove. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/merge.h"
#include "model/edit/ops.h"
#include "model/edit/read.h"

/* ---- What a sequence's tracks must hold to ---- */

static kf_status check_mattes(kf_edit *e)
{
    kf_track_view view, above;
    for (int32_t i = 0; i < (int32_t)e->sequence.count; i++) {
        kf_status status = track_view(e, i, &view);
        if (status != KF_OK) {
            return status;
        }
        bool good = view.matte == KF_MATTE_NONE || (i + 1 < (int32_t)e->sequence.count &&
                    track_view(e, i + 1, &above) == KF_OK && above.kind == KF_TRACK_VIDEO);
        char name[80];
        if (!good) {
            return REFUSE(e, "track %s has the video track above it as its matte, and there would be none: take its "
                          "matte away first", track_name(e, i, name));
        }
    }
    return KF_OK;
}

static bool listens(kf_edit *e, kf_effects effects, const char *name)
{
    for (int32_t i = 0; i < effects.count; i++) {
        kf_params params = params_open(e->store, effects.refs[i], 0);
        kf_param_value value;
        bool duck = params.kind && params.kind_id == KF_AFX_DUCK;
        if (duck && kf_params_get(&params, kf_kind_field(params.kind, "sidechain"), &value) &&
            strcmp(value.text, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A clip of the track with an effect that listens to a track of that name. */
static bool find_listening_clip(kf_edit *e, const kf_track_view *track, const char *name, kf_clip_view *out)
{
    kf_cursor c;
    kf_cursor_init(&c, edit_state(e), track);
    while (kf_cursor_next(&c)) {
        if (kf_cursor_clip(&c, out) && listens(e, out->audio_effects, name)) {
            return true;
        }
    }
    return false;
}

/* Ducks name the track that they listen to: the last one of that name cannot go. */
static kf_status check_ducks_of(kf_edit *e, const char *name)
{
    kf_track_view track;
    kf_clip_view clip;
    char text[160];
    for (int32_t i = 0; i < (int32_t)e->sequence.count; i++) {
        if (!*name || (track_view(e, i, &track) == KF_OK && strcmp(track.name, name) == 0)) {
            return KF_OK;
        }
    }
    const char *who = listens(e, e->sequence.view.audio_effects, name) ? "the sequence's sound" : NULL;
    for (int32_t i = 0; i < (int32_t)e->sequence.count && *name && !who; i++) {
        kf_status status = track_view(e, i, &track);
        if (status != KF_OK) {
            return status;
        }
        who = listens(e, track.audio_effects, name)             ? track_name(e, i, text)
              : find_listening_clip(e, &track, name, &clip) ? clip_name(e, &clip, text)
                                                              : NULL;
    }
    return who ? REFUSE(e, "a duck effect of %s listens to the track \"%.100s\": change that first", who, name) : KF_OK;
}

/* ---- The list of tracks ---- */

static kf_status put_at(kf_edit *e, size_t at, kf_ref track)
{
    struct edit_sequence *s = &e->sequence;
    void *tracks = s->tracks;
    if (kf_grow(&tracks, &s->capacity, s->count + 1, sizeof track) != 0) {
        return kf_fail_memory(e->err);
    }
    s->tracks = tracks;
    memmove(s->tracks + at + 1, s->tracks + at, (s->count - at) * sizeof track);
    s->tracks[at] = track;
    s->count++;
    s->changed = true;
    return KF_OK;
}

static kf_ref take_out(kf_edit *e, size_t at)
{
    struct edit_sequence *s = &e->sequence;
    kf_ref track = s->tracks[at];
    s->count--;
    memmove(s->tracks + at, s->tracks + at + 1, (s->count - at) * sizeof track);
    s->changed = true;
    return track;
}

static kf_status check_place(kf_edit *e, int32_t index, size_t most)
{
    return index <= (int64_t)most ? KF_OK
                                  : REFUSE(e, "place %d is beyond the tracks there are: from 0 to %zu", index, most);
}

/* Above those of its kind; the first of them goes beside the others: pictures below, sound above. */
static size_t place_above(kf_edit *e, kf_track_kind kind)
{
    size_t at = kind == KF_TRACK_VIDEO ? 0 : e->sequence.count;
    for (size_t i = 0; i < e->sequence.count; i++) {
        kf_track_view view;
        if (track_view(e, (int32_t)i, &view) == KF_OK && view.kind == kind) {
            at = i + 1;
        }
    }
    return at;
}

/* ---- Operations ---- */

static kf_status read_new_track(kf_edit *e, const kf_edit_track *a, kf_ref *out)
{
    kf_json_doc *doc;
    kf_str base = {0};
    kf_str_addf(&base, "{\"kind\":\"%s\"}", a->kind == KF_TRACK_AUDIO ? "audio" : "video");
    kf_status status = edit_merge_text(e, &base, a->set, &doc);
    kf_str_finish(&base);
    if (status != KF_OK) {
        return status;
    }
    fragment_scope scope = edit_scope(e);
    status = fragment_read_track(&scope, kf_json_root(doc), out);
    kf_json_free(doc);
    return status;
}

kf_status op_add_track(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_track *a = args;
    kf_ref ref;
    kf_track_view track;
    kf_status status = sequence_open(e, a->sequence);
    if (status == KF_OK && e->sequence.count >= KF_MODEL_MAX_TRACKS) {
        return REFUSE(e, "the sequence has %d tracks; more are not possible", KF_MODEL_MAX_TRACKS);
    }
    status = status == KF_OK ? check_place(e, a->index, e->sequence.count) : status;
    status = status == KF_OK ? read_new_track(e, a, &ref) : status;
    if (status != KF_OK) {
        return status;
    }
    if (!track_open(e->store, ref, &track)) {
        return kf_fail(e->err, KF_ERR_INTERNAL, "the new track cannot be read");
    }
    status = put_at(e, a->index < 0 ? place_above(e, track.kind) : (size_t)a->index, ref);
    edit_created(e, track.uid);
    return status == KF_OK ? check_mattes(e) : status;
}

/* The new head with the old track's items. */
static kf_status keep_items(kf_edit *e, const kf_track_view *old, kf_ref *ref)
{
    const kf_node *node = kf_store_node(e->store, *ref, NODE_TRACK, sizeof(track_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_INTERNAL, "the changed track cannot be read");
    }
    build_load(&e->build, node);
    build_set_ref(&e->build, TRACK_TREE, old->tree);
    build_body(&e->build, offsetof(track_body, item_count), &old->item_count, sizeof old->item_count);
    build_body(&e->build, offsetof(track_body, clip_count), &old->clip_count, sizeof old->clip_count);
    build_body(&e->build, offsetof(track_body, duration), &old->duration, sizeof old->duration);
    return build_append(&e->build, e->store, NODE_TRACK, ref, e->err);
}

static kf_status read_changed_track(kf_edit *e, const kf_track_view *old, const kf_json *set, kf_ref *out)
{
    kf_json_doc *doc;
    kf_track_view track;
    kf_status status = edit_refuse_key(e, set, "id", "the number of a track stays");
    if (status == KF_OK) {
        status = edit_refuse_key(e, set, "clips", "clips are changed by edits of their own, such as insert");
    }
    status = status == KF_OK ? edit_merge(e, write_track_head, old, set, &doc) : status;
    if (status != KF_OK) {
        return status;
    }
    fragment_scope scope = edit_scope(e);
    scope.keep_ids = true;
    status = fragment_read_track(&scope, kf_json_root(doc), out);
    kf_json_free(doc);
    if (status == KF_OK && track_open(e->store, *out, &track) && track.kind != old->kind && old->item_count > 0) {
        return REFUSE(e, "only an empty track can become one of another kind");
    }
    return status == KF_OK ? keep_items(e, old, out) : status;
}

kf_status op_set_track(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_track *a = args;
    int32_t i;
    kf_track_view old;
    kf_status status = sequence_open(e, a->sequence);
    status = status == KF_OK ? track_find(e, a->track, &i) : status;
    status = status == KF_OK ? track_view(e, i, &old) : status;
    status = status == KF_OK ? read_changed_track(e, &old, a->set, &e->sequence.tracks[i]) : status;
    e->sequence.changed = true;
    status = status == KF_OK ? check_mattes(e) : status;
    return status == KF_OK ? check_ducks_of(e, old.name) : status;
}

kf_status op_move_track(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_track *a = args;
    int32_t i;
    kf_status status = sequence_open(e, a->sequence);
    status = status == KF_OK ? track_find(e, a->track, &i) : status;
    status = status == KF_OK ? check_place(e, a->index, e->sequence.count - 1) : status;
    if (status != KF_OK) {
        return status;
    }
    status = put_at(e, (size_t)a->index, take_out(e, (size_t)i));
    return status == KF_OK ? check_mattes(e) : status;
}

kf_status op_remove_track(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_track *a = args;
    int32_t i;
    kf_track_view view;
    kf_status status = sequence_open(e, a->sequence);
    status = status == KF_OK ? track_find(e, a->track, &i) : status;
    status = status == KF_OK ? track_unlocked(e, i) : status;
    status = status == KF_OK ? track_view(e, i, &view) : status;
    if (status != KF_OK) {
        return status;
    }
    take_out(e, (size_t)i);
    status = check_mattes(e);
    return status == KF_OK ? check_ducks_of(e, view.name) : status;
}
