/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments of films: the reader, set up to look up ids in a snapshot. */
#include "model/json/fragment.h"

#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"
#include "model/nesting.h"

/* ---- A reader for a fragment ---- */

static kf_status open(reader *r, const fragment_scope *s)
{
    kf_sequence_view view = {0};
    *r = (reader){.base = s->snapshot, .keep_ids = s->keep_ids, .head = s->head, .store = s->store, .err = s->err,
                  .load = {.name = s->name, .folder = s->folder, .media = s->media, .ctx = s->ctx},
                  .name = s->name ? s->name : "edit",
                  .next_id = (int64_t)*s->next_id, .asset_count = 1, .sequence_count = 2};
    if (s->sequence && kf_sequence_at(s->snapshot, kf_sequence_index(s->snapshot, s->sequence), &view)) {
        r->rate = view.rate;
    }
    r->rate = s->rate.num ? s->rate : r->rate;
    r->assets = kf_alloc_zero(1, sizeof *r->assets);
    r->sequences = kf_alloc_zero(2, sizeof *r->sequences);
    if (r->assets && r->sequences) {
        return KF_OK;
    }
    r->asset_count = 0;
    return kf_fail_memory(s->err);
}

/* Ducks must listen to a track of the sequence. */
static kf_status check_listeners(reader *r, const fragment_scope *s)
{
    const char *names[KF_MODEL_MAX_TRACKS];
    kf_sequence_view view;
    kf_track_view track;
    size_t count = 0;
    if (r->duck_count == 0 || !kf_sequence_at(s->snapshot, kf_sequence_index(s->snapshot, s->sequence), &view)) {
        return KF_OK;
    }
    for (int32_t i = 0; i < KF_MODEL_MAX_TRACKS && kf_track_get(s->snapshot, &view, i, &track); i++) {
        names[count++] = track.name;
    }
    return check_ducks(r, names, count);
}

/* What the fragment as a whole must hold to, then the end of the reader. */
static kf_status close(reader *r, const fragment_scope *s, kf_status status)
{
    if (status == KF_OK) {
        status = check_listeners(r, s);
    }
    if (status == KF_OK && s->sequence) {
        status = check_nesting(s->snapshot, s->sequence, r->nested, r->nested_count, s->err);
    }
    if (status == KF_OK) {
        *s->next_id = (uint64_t)r->next_id;
    }
    reader_finish(r);
    return status;
}

/* ---- Clips and transitions ---- */

/* The clip is a member of the links that it was given. */
static kf_status give_links(reader *r, const fragment_clip *clip)
{
    const kf_json *id = kf_json_get(clip->json, "id");
    if (clip->links[KF_LINK] == KF_REF_NONE && clip->links[KF_GROUP] == KF_REF_NONE) {
        return KF_OK;
    }
    r->members = kf_alloc_zero(1, sizeof *r->members);
    if (!r->members) {
        return kf_fail_memory(r->err);
    }
    r->members[0] = (linked_clip){.json = clip->json, .node = {clip->links[KF_LINK], clip->links[KF_GROUP]}};
    r->member_count = r->member_capacity = 1;
    return take_id(r, id && id->is_integer ? id->integer : 0, &r->members[0].id);
}

static uint64_t id_of(const kf_store *store, kf_ref clip)
{
    size_t size;
    const clip_body *body = node_body(store, clip, NODE_CLIP, sizeof *body, &size);
    return body ? body->id : 0;
}

kf_status fragment_read_clip(const fragment_scope *scope, fragment_clip *clip)
{
    reader r;
    int64_t layers;
    kf_status status = open(&r, scope);
    if (status == KF_OK) {
        status = need_object(&r, clip->json, "a clip");
    }
    if (status == KF_OK) {
        status = give_links(&r, clip);
    }
    if (status == KF_OK) {
        status = read_clip(&r, clip->json, clip->track, &clip->start, &clip->duration, &layers, &clip->ref);
    }
    status = close(&r, scope, status);
    clip->id = status == KF_OK ? id_of(scope->store, clip->ref) : 0;
    return status;
}

static kf_status link_runs(reader *r, const fragment_run *runs, size_t count)
{
    const kf_json **lists = kf_alloc_zero(count, sizeof *lists);
    for (size_t i = 0; lists && i < count; i++) {
        lists[i] = runs[i].json;
    }
    kf_status status = lists ? read_links(r, lists, count) : kf_fail_memory(r->err);
    kf_free(lists);
    return status;
}

static kf_status read_one_run(reader *r, fragment_run *run)
{
    kf_status status = read_run(r, run->track, run->json);
    if (status != KF_OK || r->item_count == 0) {
        return status;
    }
    run->items = kf_alloc_zero(r->item_count, sizeof *run->items);
    if (!run->items) {
        return kf_fail_memory(r->err);
    }
    memcpy(run->items, r->items, r->item_count * sizeof *run->items);
    run->count = r->item_count;
    return KF_OK;
}

kf_status fragment_read_runs(const fragment_scope *scope, fragment_run *runs, size_t count)
{
    reader r;
    kf_status status = open(&r, scope);
    for (size_t i = 0; i < count; i++) {
        runs[i].items = NULL;
        runs[i].count = 0;
    }
    if (status == KF_OK && count > 0) {
        status = link_runs(&r, runs, count);
    }
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        status = read_one_run(&r, &runs[i]);
    }
    status = close(&r, scope, status);
    if (status != KF_OK) {
        fragment_runs_finish(runs, count);
    }
    return status;
}

void fragment_runs_finish(fragment_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kf_free(runs[i].items);
        runs[i].items = NULL;
        runs[i].count = 0;
    }
}

static kf_status place_between(reader *r, fragment_transition *t)
{
    size_t at = t->left ? 1 : 0;
    placing place;
    kf_status status = t->left ? add_item(r, NULL, *t->left) : KF_OK;
    if (status == KF_OK) {
        status = add_item(r, t->json, (track_item){.kind = KF_ITEM_TRANSITION});
    }
    if (status == KF_OK && t->right) {
        status = add_item(r, NULL, *t->right);
    }
    if (status == KF_OK) {
        status = place_transition(r, at, &place);
    }
    if (status == KF_OK) {
        t->ref = r->items[at].ref;
        t->before = place.before;
        t->after = place.after;
    }
    return status;
}

kf_status fragment_read_transition(const fragment_scope *scope, fragment_transition *transition)
{
    reader r;
    kf_status status = open(&r, scope);
    if (status == KF_OK) {
        status = need_object(&r, transition->json, "a transition");
    }
    if (status == KF_OK) {
        status = place_between(&r, transition);
    }
    return close(&r, scope, status);
}

/* ---- Other objects ---- */

kf_status fragment_read_effect(const fragment_scope *scope, const kf_json *json, kf_kind_class cls, bool master,
                               kf_ref *out)
{
    reader r;
    kf_status status = open(&r, scope);
    return close(&r, scope, status == KF_OK ? read_effect(&r, json, cls, master, out) : status);
}

kf_status fragment_read_marker(const fragment_scope *scope, const kf_json *json, bool of_clip, mark_item *out)
{
    reader r;
    kf_status status = open(&r, scope);
    return close(&r, scope, status == KF_OK ? read_marker(&r, json, of_clip, out) : status);
}

kf_status fragment_read_metadata(const fragment_scope *scope, const kf_json *json, kf_ref *out)
{
    reader r;
    kf_status status = open(&r, scope);
    return close(&r, scope, status == KF_OK ? read_metadata(&r, json, out) : status);
}

/* Its own effects may listen to itself. */
kf_status fragment_read_track(const fragment_scope *scope, const kf_json *json, kf_ref *out)
{
    reader r;
    track_sum sum;
    kf_status status = open(&r, scope);
    const kf_json *clips = kf_json_get(json, "clips");
    if (status == KF_OK) {
        status = read_links(&r, &clips, 1);
    }
    if (status == KF_OK) {
        status = read_track(&r, json, &sum);
    }
    status = close(&r, scope, status);
    *out = status == KF_OK ? sum.ref : KF_REF_NONE;
    return status;
}

kf_status fragment_read_asset(const fragment_scope *scope, const kf_json *json, const char *id, uint64_t uid,
                              kf_ref *out)
{
    reader r;
    kf_asset_view same;
    asset_state state = {.uid = uid};
    kf_status status = open(&r, scope);
    if (status == KF_OK && kf_asset_at(scope->snapshot, kf_asset_find(scope->snapshot, id), &same) && same.uid != uid) {
        status = FAIL(&r, json, "there is another asset \"%.100s\"", id);
    }
    if (status == KF_OK) {
        status = read_asset(&r, json, id, &state, out);
    }
    kf_free(state.file);
    return close(&r, scope, status);
}

kf_status fragment_read_sequence(const fragment_scope *scope, const kf_json *json, const char *id, uint64_t uid,
                                 kf_ref *out)
{
    reader r;
    kf_sequence_view same;
    fragment_scope own = *scope;
    own.sequence = uid;
    kf_status status = open(&r, scope);
    if (status == KF_OK) {
        status = *id ? need_object(&r, json, "a sequence") : FAIL(&r, json, "the id of a sequence must not be empty");
    }
    if (status == KF_OK && kf_sequence_at(scope->snapshot, kf_sequence_find(scope->snapshot, id), &same) &&
        same.uid != uid) {
        status = FAIL(&r, json, "there is another sequence \"%.100s\"", id);
    }
    if (status == KF_OK) {
        r.sequences[1] = (sequence_state){.json = json, .id = id, .uid = uid, .reader = 1};
        status = read_sequence(&r, 1);
        *out = r.sequences[1].ref;
    }
    r.duck_count = scope->head ? r.duck_count : 0; /* read_sequence has checked them */
    return close(&r, &own, status);
}

/* ---- Parameters ---- */

static kf_status read_over(reader *r, const kf_params *old, const kf_json *json, kf_ref *out)
{
    bool effect = old->kind->cls == KF_CLASS_EFFECT || old->kind->cls == KF_CLASS_AUDIO_EFFECT;
    effect_draft draft = {.enabled = old->enabled, .name = old->name};
    kf_status status = effect ? read_object(r, json, &object_effect, &draft, NULL) : KF_OK;
    if (status == KF_OK && draft.effect && strcmp(draft.effect, old->kind->name) != 0) {
        return FAIL(r, kf_json_get(json, "effect"), "this is a \"%s\", and cannot become another effect",
                    old->kind->name);
    }
    if (status == KF_OK && old->kind->id == KF_AFX_DUCK && kf_json_get(json, "sidechain")) {
        status = note_duck(r, json);
    }
    params_request q = {.json = json, .kind = old->kind, .own = effect ? &object_effect : NULL, .name = draft.name,
                        .always = effect || old->kind->cls == KF_CLASS_TRANSITION, .disabled = !draft.enabled,
                        .over = old};
    return status == KF_OK ? read_params(r, &q, out) : status;
}

kf_status fragment_read_params(const fragment_scope *scope, kf_ref old, uint16_t kind, const kf_json *json,
                               kf_ref *out)
{
    reader r;
    kf_params params = params_open(scope->store, old, kind);
    kf_status status = open(&r, scope);
    if (status == KF_OK && !params.kind) {
        status = FAIL(&r, json, "this Kerf does not know the kind of these parameters");
    }
    return close(&r, scope, status == KF_OK ? read_over(&r, &params, json, out) : status);
}
