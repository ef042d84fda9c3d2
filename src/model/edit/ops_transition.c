/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transitions: add_transition, set_transition, remove_transition. They are never made shorter than was asked for: what
 * does not fit is refused, and the reason names the limit. */
#include <string.h>

#include "model/edit/ops.h"
#include "model/edit/part.h"

/* A transition before it is a node. */
typedef struct draft {
    transition_body body;
    bool any_align;          /* where there is room for it */
    const char *name;
    kf_ref params, metadata;
} draft;

static const kf_json nothing = {.type = KF_JSON_OBJECT};

/* ---- Room ---- */

static bool is_clip_at(const window *w, size_t i)
{
    return i < w->count && w->items[i].item.kind == KF_ITEM_CLIP;
}

/* What is at place i, in words. */
static const char *item_name(const window *w, size_t i, char buffer[160])
{
    kf_clip_view clip;
    return window_clip(w, i, &clip) ? clip_name(w->e, &clip, buffer) : i < w->count ? "the gap" : "the track";
}

static kf_status refuse_side(const window *w, size_t i, bool after, kf_time room)
{
    char name[160], length[40];
    size_t side = after ? i + 1 : i - 1, other = after ? i - 1 : i + 1;
    kf_time handles[2];
    kf_clip_view clip;
    if (is_clip_at(w, side) && window_clip(w, other, &clip)) {
        clip_handles(w->e, &clip, &handles[0], &handles[1]);
        if (handles[after] <= room) {
            return REFUSE(w->e, "only %s of handle left at the %s of %s", length_text(w->e, handles[after], length),
                          after ? "tail" : "head", clip_name(w->e, &clip, name));
        }
    }
    return REFUSE(w->e, "only %s of %s %s the cut at %s", length_text(w->e, room, length), item_name(w, side, name),
                  after ? "lie free after" : "lie free before", time_text(w->e, window_time(w, i)));
}

/* Whether it lies free before and after the cut at place i. */
static void see_room(const window *w, size_t i, const draft *d, transition_split split, kf_time room[2], bool free[2])
{
    kf_time part = transition_before(split, d->body.duration);
    window_transition_room(w, i, &room[0], &room[1]);
    free[0] = part <= room[0];
    free[1] = d->body.duration - part <= room[1];
}

static bool fits(const window *w, size_t i, const draft *d, transition_split split)
{
    kf_time room[2];
    bool free[2];
    see_room(w, i, d, split, room, free);
    return free[0] && free[1];
}

static kf_status refuse_room(const window *w, size_t i, const draft *d, transition_split split)
{
    kf_time room[2];
    bool free[2];
    see_room(w, i, d, split, room, free);
    return refuse_side(w, i, free[0], room[free[0]]);
}

/* Over the cut between two clips, or else on the side where there are handles; at gaps and ends on the clip. */
static kf_status find_split(const window *w, size_t i, draft *d)
{
    static const transition_split any[] = {ALIGN_CENTER, ALIGN_START, ALIGN_END};
    bool left = i > 0 && is_clip_at(w, i - 1), right = is_clip_at(w, i + 1);
    transition_split first = d->body.split;
    if (!left && !right) {
        return REFUSE(w->e, "a transition needs a clip on at least one side of %s", time_text(w->e, window_time(w, i)));
    }
    if (d->any_align) {
        first = left && right ? ALIGN_CENTER : left ? ALIGN_END : ALIGN_START;
    }
    d->body.split = first;
    bool good = fits(w, i, d, first);
    for (int k = 1; k < 3 && !good && d->any_align && left && right; k++) {
        d->body.split = any[k];
        good = fits(w, i, d, any[k]);
    }
    return good ? KF_OK : refuse_room(w, i, d, first);
}

/* Makes the transition at place i of the window, which one holds already. */
static kf_status make(window *w, size_t i, draft *d)
{
    kf_edit *e = w->e;
    kf_status status = d->body.duration > 0 ? find_split(w, i, d) : REFUSE(e, "a transition must be longer than 0");
    if (status != KF_OK) {
        return status;
    }
    build_start(&e->build, sizeof d->body);
    d->body.name = build_text(&e->build, d->name);
    build_body(&e->build, 0, &d->body, sizeof d->body);
    build_ref(&e->build, d->params);
    build_ref(&e->build, d->metadata);
    w->items[i] = (window_item){.item = {.kind = KF_ITEM_TRANSITION}};
    return build_append(&e->build, e->store, NODE_TRANSITION, &w->items[i].item.ref, e->err);
}

/* Where it is to lie: `align` -1 and `before` KF_TIME_NONE are not given. */
static kf_status take_split(kf_edit *e, draft *d, int32_t align, kf_time before)
{
    char part[40], whole[40];
    if (before == KF_TIME_NONE) {
        d->body.split = align >= 0 ? (transition_split)align : d->body.split;
        return KF_OK;
    }
    if (align >= 0) {
        return REFUSE(e, "a transition takes either align or before, not both");
    }
    if (before < 0 || before > d->body.duration) {
        return REFUSE(e, "%s before the cut: a transition of %s has from 0 to all of it there",
                      length_text(e, before, part), length_text(e, d->body.duration, whole));
    }
    d->body.split = transition_split_at(before, d->body.duration);
    return KF_OK;
}

/* ---- Finding ---- */

static kf_status open_at_clip(kf_edit *e, const kf_edit_add_transition *a, window *w, size_t *place)
{
    clip_place clip;
    kf_status status = clip_find(e, a->clip, &clip);
    status = status == KF_OK ? window_open_clip(e, &clip, w, place) : status;
    if (status != KF_OK) {
        return status;
    }
    bool before = *place > 0 && w->items[*place - 1].item.kind == KF_ITEM_TRANSITION;
    *place = a->edge == KF_EDGE_TAIL ? *place + 1 : before ? *place - 1 : *place;
    return KF_OK;
}

static kf_status open_at_time(kf_edit *e, const kf_edit_add_transition *a, window *w, size_t *place)
{
    int32_t track = 0;
    char name[80];
    kf_status status = sequence_open(e, a->sequence);
    status = status == KF_OK ? track_find(e, a->track, &track) : status;
    status = status == KF_OK ? window_open(e, track, a->at, a->at, w) : status;
    if (status != KF_OK) {
        return status;
    }
    for (*place = 0; *place < w->count && window_time(w, *place) < a->at; ++*place) {
    }
    if (window_time(w, *place) == a->at) {
        return KF_OK;
    }
    window_finish(w);
    return REFUSE(e, "there is no cut at %s on %s", time_text(e, a->at), track_name(e, track, name));
}

static kf_status open_cut(kf_edit *e, const kf_edit_add_transition *a, window *w, size_t *place)
{
    bool at = *a->track && a->at != KF_TIME_NONE;
    if (at == (a->clip != 0)) {
        return REFUSE(e, "where? Give a clip, or a track and at");
    }
    return at ? open_at_time(e, a, w, place) : open_at_clip(e, a, w, place);
}

static bool has_id(const kf_edit *e, const track_item *item, uint64_t id)
{
    size_t size;
    const transition_body *body =
        item->kind == KF_ITEM_TRANSITION ? node_body(e->store, item->ref, NODE_TRANSITION, sizeof *body, &size) : NULL;
    return body && body->id == id;
}

/* Opens the window around a transition. */
static kf_status open_transition(kf_edit *e, uint64_t id, window *w, size_t *place)
{
    kf_item_place found;
    kf_sequence_view sequence;
    if (!edit_find(e, id, &found) || found.item.kind != KF_ITEM_TRANSITION ||
        !kf_sequence_at(edit_state(e), found.sequence, &sequence)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no transition %llu", (unsigned long long)id);
    }
    kf_status status = sequence_open_uid(e, sequence.uid);
    status = status == KF_OK ? window_open(e, found.track, found.item.start, found.item.start, w) : status;
    if (status != KF_OK) {
        return status;
    }
    for (*place = 0; *place < w->count; ++*place) {
        if (has_id(e, &w->items[*place].item, id)) {
            return KF_OK;
        }
    }
    window_finish(w);
    return kf_fail(e->err, KF_ERR_INTERNAL, "transition %llu is not where it was", (unsigned long long)id);
}

/* ---- Adding ---- */

/* One second, as whole frames. */
static kf_time second(const kf_edit *e)
{
    kf_rational rate = e->sequence.view.rate;
    int64_t frames = (rate.num + rate.den / 2) / rate.den;
    return kf_frame_start(frames > 0 ? frames : 1, rate);
}

static kf_status find_kind(kf_edit *e, const char *name, const kf_kind **out)
{
    *out = kf_kind_find(KF_CLASS_TRANSITION, name);
    const char *near = *out ? NULL : kf_kind_suggest(KF_CLASS_TRANSITION, name);
    return *out   ? KF_OK
           : near ? REFUSE(e, "there is no transition \"%.100s\"; did you mean \"%s\"?", name, near)
                  : REFUSE(e, "there is no transition \"%.100s\"; `kerf effects` lists them", name);
}

static kf_status draft_new(kf_edit *e, const kf_edit_add_transition *a, draft *d)
{
    const kf_kind *kind;
    *d = (draft){.body = {.id = edit_new_id(e), .duration = a->duration}, .any_align = a->align == 0 && a->before == KF_TIME_NONE};
    d->body.duration = a->duration == KF_TIME_NONE ? second(e) : a->duration;
    kf_status status = take_split(e, d, a->align - 1, a->before);
    status = status == KF_OK ? find_kind(e, a->transition, &kind) : status;
    if (status != KF_OK) {
        return status;
    }
    fragment_scope scope = edit_scope(e);
    edit_created(e, d->body.id);
    return fragment_read_params(&scope, KF_REF_NONE, kind->id, a->params ? a->params : &nothing, &d->params);
}

kf_status op_add_transition(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_add_transition *a = args;
    const track_item item = {.kind = KF_ITEM_TRANSITION};
    window w;
    size_t place;
    draft d;
    kf_status status = open_cut(e, a, &w, &place);
    if (status != KF_OK) {
        return status;
    }
    bool replaces = place < w.count && w.items[place].item.kind == KF_ITEM_TRANSITION;
    status = draft_new(e, a, &d);
    status = status == KF_OK ? window_replace(&w, place, place + replaces, &item, 1) : status;
    return window_end(&w, status == KF_OK ? make(&w, place, &d) : status);
}

/* ---- Changing ---- */


static bool takes_own(const kf_json *item, const void *ctx)
{
    bool needed = strcmp(item->key, "duration") == 0 || strcmp(item->key, "transition") == 0;
    return find_key(&object_transition, item->key) && (needed || item->type != KF_JSON_NULL);
}

static bool takes_params(const kf_json *item, const void *ctx)
{
    return !find_key(&object_transition, item->key);
}

static kf_status read_own(kf_edit *e, const kf_json *set, transition_draft *out)
{
    json_part own = {0};
    *out = (transition_draft){.align = -1, .before = KF_TIME_NONE, .duration = KF_TIME_NONE};
    kf_status status = part_add_some(e, &own, set, takes_own, NULL);
    status = status == KF_OK ? edit_read_object(e, part_object(&own, set), &object_transition, out) : status;
    part_finish(&own);
    return status == KF_OK && out->id ? REFUSE(e, "the number of a transition stays") : status;
}

/* Parameters of another kind start from its defaults. */
static kf_status change_params(kf_edit *e, const kf_json *set, const transition_draft *own, kf_ref *params)
{
    kf_params old = params_open(e->store, *params, 0);
    const kf_kind *kind = old.kind;
    json_part rest = {0};
    kf_status status = own->transition ? find_kind(e, own->transition, &kind) : KF_OK;
    status = status == KF_OK ? part_add_some(e, &rest, set, takes_params, NULL) : status;
    if (status == KF_OK && (rest.count > 0 || kind != old.kind)) {
        fragment_scope scope = edit_scope(e);
        status = fragment_read_params(&scope, kind == old.kind ? *params : KF_REF_NONE, kind ? kind->id : old.kind_id,
                                      part_object(&rest, set), params);
    }
    part_finish(&rest);
    return status;
}

/* Its split at another length: the part before the cut keeps its share, in whole frames. */
static transition_split scaled(const kf_edit *e, const transition_body *body, kf_time duration)
{
    if ((body->split & 3) != ALIGN_BEFORE || duration == body->duration || body->duration <= 0) {
        return body->split;
    }
    kf_time before = transition_before(body->split, body->duration);
    return transition_split_at(sequence_floor(e, kf_muldiv_floor(before, duration, body->duration)), duration);
}

static kf_status draft_changed(kf_edit *e, kf_ref old, const kf_json *set, draft *d)
{
    size_t size;
    const transition_body *body = node_body(e->store, old, NODE_TRANSITION, sizeof *body, &size);
    const kf_node *node = kf_store_node(e->store, old, NODE_TRANSITION, sizeof *body);
    transition_draft own;
    kf_status status = body && set->type == KF_JSON_OBJECT ? read_own(e, set, &own) : REFUSE(e, "set must be an object");
    if (status != KF_OK) {
        return status;
    }
    *d = (draft){.body = *body, .name = sets(set, "name") ? own.name : body_text(body, size, body->name),
                 .params = kf_node_ref(node, TRANSITION_PARAMS), .metadata = kf_node_ref(node, TRANSITION_METADATA)};
    d->body.duration = own.duration != KF_TIME_NONE ? own.duration : body->duration;
    d->body.split = scaled(e, body, d->body.duration);
    d->any_align = (sets(set, "align") || sets(set, "before")) && own.align < 0 && own.before == KF_TIME_NONE;
    status = take_split(e, d, own.align, own.before);
    status = status == KF_OK ? change_params(e, set, &own, &d->params) : status;
    return status == KF_OK ? edit_merge_metadata(e, kf_json_get(set, "metadata"), &d->metadata) : status;
}

kf_status op_set_transition(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_transition *a = args;
    window w;
    size_t place;
    draft d;
    kf_status status = open_transition(e, a->transition, &w, &place);
    if (status != KF_OK) {
        return status;
    }
    status = draft_changed(e, w.items[place].item.ref, a->set, &d);
    return window_end(&w, status == KF_OK ? make(&w, place, &d) : status);
}

kf_status op_remove_transition(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_transition *a = args;
    window w;
    size_t place;
    kf_status status = open_transition(e, a->transition, &w, &place);
    return status == KF_OK ? window_end(&w, window_replace(&w, place, place + 1, NULL, 0)) : status;
}
