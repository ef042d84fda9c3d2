/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips: finding them, deriving new ones, and how far they can grow. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "model/edit/edit.h"

/* ---- Deriving ---- */

/* Where keyframes go: to floor(t * num / den) + by. */
typedef struct key_move {
    kf_time num, den, by;
} key_move;

static kf_time moved(kf_time t, const key_move *m)
{
    return (m->num == m->den ? t : kf_muldiv_floor(t, m->num, m->den)) + m->by;
}

static kf_status move_params(kf_edit *e, kf_ref *ref, const key_move *m)
{
    kf_params params = params_open(e->store, *ref, 0);
    if (!params.payload || params.constant || (m->by == 0 && m->num == m->den)) {
        return KF_OK;
    }
    const kf_node *node = kf_store_node(e->store, *ref, NODE_PARAMS, 0);
    node_build b = {0};
    build_load(&b, node);
    for (int i = 0; params.kind && i < params.kind->field_count && !b.failed; i++) {
        kf_param_value value;
        kf_params_get(&params, i, &value);
        size_t at = value.key_count ? (size_t)((const char *)value.keys - (const char *)params.payload) : 0;
        for (int32_t k = 0; k < value.key_count && !b.failed; k++, at += sizeof(kf_key)) {
            kf_time t = moved(value.keys[k].time, m);
            build_body(&b, at + offsetof(kf_key, time), &t, sizeof t);
        }
    }
    kf_status status = build_append(&b, e->store, NODE_PARAMS, ref, e->err);
    build_finish(&b);
    return status;
}

/* All of a clip's parameters, in the node that is being built. */
static kf_status move_all(kf_edit *e, const clip_body *body, const key_move *m)
{
    node_build *b = &e->build;
    uint32_t end = CLIP_EFFECTS + body->effect_count + body->audio_effect_count;
    kf_status status = KF_OK;
    for (uint32_t i = 0; i < end && i < b->ref_count && status == KF_OK && !b->failed; i++) {
        bool params = i == CLIP_GENERATOR || i == CLIP_TRANSFORM || i == CLIP_VIDEO || i == CLIP_SOUND || i >= CLIP_EFFECTS;
        if (params && b->refs[i] != KF_REF_NONE) {
            status = move_params(e, &b->refs[i], m);
        }
    }
    return status;
}

static void shift_remap(node_build *b, const clip_body *body, kf_time by)
{
    for (uint32_t i = 0; i < body->remap_count && !b->failed; i++) {
        size_t at = body->remap_at + i * sizeof(kf_time_key) + offsetof(kf_time_key, time);
        kf_time t;
        if (at + sizeof t <= b->size) {
            memcpy(&t, b->bytes + at, sizeof t);
            t += by;
            build_body(b, at, &t, sizeof t);
        }
    }
}

/* Source in point of the clip that shows [from, to) of this one. Rounding is toward the inside of the frame that was shown:
 * later when playing forward, earlier in reverse, by less than a flick. */
static kf_time cut_source(const kf_clip_view *clip, kf_time from, kf_time to)
{
    kf_rational s = clip->speed;
    if (clip->loop) {
        return clip->source_in;
    }
    if (!clip->reverse) {
        return clip->source_in + kf_muldiv_ceil(from, s.num, s.den);
    }
    kf_time whole = kf_muldiv_ceil(clip->duration, s.num, s.den), rest = kf_muldiv_ceil(to - from, s.num, s.den);
    return clip->source_in + whole - rest - kf_muldiv_ceil(from, s.num, s.den);
}

static kf_status drop_fades(kf_edit *e, unsigned flags)
{
    kf_params sound = params_open(e->store, e->build.refs[CLIP_SOUND], KF_PROP_CLIP_AUDIO);
    if (!sound.payload || !(flags & (CUT_HEAD | CUT_TAIL))) {
        return KF_OK;
    }
    node_build b = {0};
    build_load(&b, kf_store_node(e->store, sound.ref, NODE_PARAMS, 0));
    const struct { unsigned flag; const char *name; } fades[] = {{CUT_HEAD, "fade_in"}, {CUT_TAIL, "fade_out"}};
    bool changed = false;
    for (int i = 0; i < 2; i++) {
        kf_time *time = flags & fades[i].flag
                            ? params_time(b.bytes, b.size, kf_kind_field(sound.kind, fades[i].name))
                            : NULL;
        if (time && *time != 0) {
            *time = 0;
            changed = true;
        }
    }
    kf_status status = changed ? build_append(&b, e->store, NODE_PARAMS, &e->build.refs[CLIP_SOUND], e->err) : KF_OK;
    build_finish(&b);
    return status;
}

/* Gives the clip that is being built the id of a copy, and its links (alone: none). */
static kf_status rename_copy(kf_edit *e, clip_body *body, bool alone)
{
    node_build *b = &e->build;
    kf_status status = KF_OK;
    if (alone) {
        body->id = edit_new_id(e);
    } else {
        status = edit_copy_id(e, body->id, &body->id);
    }
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        uint32_t at = i ? CLIP_GROUP : CLIP_LINK;
        if (at < b->ref_count && b->refs[at] != KF_REF_NONE) {
            status = alone ? (b->refs[at] = KF_REF_NONE, KF_OK) : edit_copy_link(e, &b->refs[at]);
        }
    }
    if (status == KF_OK) {
        edit_created(e, body->id);
    }
    return status;
}

kf_status clip_cut(kf_edit *e, const kf_clip_view *clip, kf_time from, kf_time to, unsigned flags, kf_ref *out)
{
    const kf_node *node = kf_store_node(e->store, clip->ref, NODE_CLIP, sizeof(clip_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
    }
    clip_body body;
    memcpy(&body, kf_node_payload(node), sizeof body);
    build_load(&e->build, node);
    const key_move move = {1, 1, -from};
    kf_status status = move_all(e, &body, &move);
    bool has_markers = e->build.ref_count > CLIP_MARKERS && e->build.refs[CLIP_MARKERS] != KF_REF_NONE;
    if (status == KF_OK && has_markers && (from != 0 || (flags & CUT_NEW_ID))) {
        const markers_move markers = {.at = INT64_MIN, .by = -from, .new_ids = (flags & CUT_NEW_ID) != 0};
        status = markers_shift(e, &e->build.refs[CLIP_MARKERS], &markers);
    }
    if (status == KF_OK && e->build.ref_count > CLIP_SOUND) {
        status = drop_fades(e, flags);
    }
    if (status != KF_OK) {
        return status;
    }
    shift_remap(&e->build, &body, -from);
    body.source_in = cut_source(clip, from, to);
    body.source_out = clip->loop ? body.source_out : KF_TIME_NONE;
    if (flags & CUT_NEW_ID) {
        status = rename_copy(e, &body, flags & CUT_ALONE);
    }
    build_body(&e->build, 0, &body, sizeof body);
    return status == KF_OK ? build_append(&e->build, e->store, NODE_CLIP, out, e->err) : status;
}

kf_status clip_new(kf_edit *e, const clip_body *body, kf_ref link, kf_ref *out)
{
    build_start(&e->build, sizeof *body);
    build_body(&e->build, 0, body, sizeof *body);
    for (int i = 0; i < CLIP_EFFECTS; i++) {
        build_ref(&e->build, i == CLIP_LINK ? link : KF_REF_NONE);
    }
    return build_append(&e->build, e->store, NODE_CLIP, out, e->err);
}

kf_status clip_scale_keys(kf_edit *e, const key_scale *scale, kf_ref *ref)
{
    const kf_node *node = kf_store_node(e->store, *ref, NODE_CLIP, sizeof(clip_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
    }
    clip_body body;
    memcpy(&body, kf_node_payload(node), sizeof body);
    build_load(&e->build, node);
    const key_move move = {scale->num, scale->den, 0};
    kf_status status = move_all(e, &body, &move);
    return status == KF_OK ? build_append(&e->build, e->store, NODE_CLIP, ref, e->err) : status;
}

kf_status clip_change(kf_edit *e, kf_ref ref, body_fn *fn, const void *ctx, kf_ref *out)
{
    const kf_node *node = kf_store_node(e->store, ref, NODE_CLIP, sizeof(clip_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
    }
    clip_body body;
    memcpy(&body, kf_node_payload(node), sizeof body);
    fn(&body, ctx);
    build_load(&e->build, node);
    build_body(&e->build, 0, &body, sizeof body);
    return build_append(&e->build, e->store, NODE_CLIP, out, e->err);
}

/* ---- Handles ---- */

kf_time clip_media_end(kf_edit *e, const kf_clip_view *clip)
{
    kf_snapshot state = edit_state(e);
    if (clip->source == KF_SOURCE_SEQUENCE) {
        kf_sequence_view view;
        return kf_sequence_at(state, kf_sequence_index(state, clip->source_uid), &view) ? view.duration : KF_TIME_NONE;
    }
    kf_asset_view asset;
    kf_media_facts facts;
    bool known = clip->source == KF_SOURCE_ASSET && kf_asset_at(state, kf_asset_index(state, clip->source_uid), &asset) &&
                 media_of(e, &asset, &facts) && !facts.still && facts.duration > 0;
    return known ? facts.duration : KF_TIME_NONE;
}

static kf_time in_timeline(kf_time source, kf_rational speed)
{
    kf_time t = kf_muldiv_floor(source, speed.den, speed.num);
    return t < 0 ? 0 : t > KF_MODEL_MAX_TIME ? KF_MODEL_MAX_TIME : t;
}

void clip_handles(kf_edit *e, const kf_clip_view *clip, kf_time *head, kf_time *tail)
{
    kf_time end = clip_media_end(e, clip);
    bool bounded = (clip->source == KF_SOURCE_ASSET || clip->source == KF_SOURCE_SEQUENCE) && !clip->loop &&
                   !clip->frozen && clip->remap_count == 0 && !clip_is_still(e, clip);
    kf_time length = kf_muldiv_ceil(clip->duration, clip->speed.num, clip->speed.den);
    kf_time before = bounded ? in_timeline(clip->source_in, clip->speed) : KF_MODEL_MAX_TIME;
    kf_time after =
        bounded && end != KF_TIME_NONE ? in_timeline(end - clip->source_in - length, clip->speed) : KF_MODEL_MAX_TIME;
    *head = clip->reverse ? after : before;
    *tail = clip->reverse ? before : after;
}

bool media_of(kf_edit *e, const kf_asset_view *asset, kf_media_facts *out)
{
    const kf_film *film = e->film;
    if (asset->media.known && (asset->media.facts.duration > 0 || asset->media.facts.still)) {
        *out = asset->media.facts;
        return true;
    }
    kf_error ignored;
    char *file = film->media && !asset->offline ? kf_path_join(film->folder, asset->path) : NULL;
    bool found = file && film->media(film->media_ctx, file, out, &ignored) == KF_OK;
    kf_free(file);
    return found;
}

bool clip_is_still(kf_edit *e, const kf_clip_view *clip)
{
    kf_asset_view asset;
    kf_media_facts facts;
    kf_snapshot state = edit_state(e);
    return clip->source == KF_SOURCE_ASSET && kf_asset_at(state, kf_asset_index(state, clip->source_uid), &asset) &&
           media_of(e, &asset, &facts) && facts.still;
}

/* ---- Finding ---- */

/* The index describes the state before the running operation; tracks that it has changed are searched. */
static bool find_in_track(kf_edit *e, int32_t track, uint64_t id, clip_place *out)
{
    kf_track_view view;
    kf_cursor cursor;
    if (!track_open(e->store, e->sequence.tracks[track], &view)) {
        return false;
    }
    kf_cursor_init(&cursor, edit_state(e), &view);
    while (kf_cursor_next(&cursor)) {
        if (cursor.item.kind == KF_ITEM_CLIP && kf_cursor_clip(&cursor, &out->view) && out->view.id == id) {
            out->track = track;
            out->index = cursor.item.index;
            return true;
        }
    }
    return false;
}

static int32_t track_with_uid(kf_edit *e, uint64_t uid)
{
    for (int32_t i = 0; i < (int32_t)e->sequence.count; i++) {
        kf_track_view view;
        if (track_open(e->store, e->sequence.tracks[i], &view) && view.uid == uid) {
            return i;
        }
    }
    return -1;
}

static bool is_where_it_was(kf_edit *e, int32_t track, const item_place *place, clip_place *out)
{
    kf_track_view view;
    kf_cursor cursor;
    if (!track_open(e->store, e->sequence.tracks[track], &view)) {
        return false;
    }
    kf_cursor_init(&cursor, edit_state(e), &view);
    *out = (clip_place){.track = track, .index = place->item.index};
    return kf_cursor_seek_index(&cursor, place->item.index) && cursor.item.ref == place->item.ref &&
           cursor.item.start == place->item.start && kf_cursor_clip(&cursor, &out->view);
}

bool clip_lookup(kf_edit *e, uint64_t id, clip_place *out)
{
    item_place place;
    const item_index *index;
    if (film_index(e->film, e->root, &index, e->err) != KF_OK) {
        return false;
    }
    bool known = index_find(index, id, &place);
    int32_t track = known && place.sequence == e->sequence.view.uid ? track_with_uid(e, place.track) : -1;
    if (track >= 0 && is_where_it_was(e, track, &place, out)) {
        return true;
    }
    for (int32_t i = 0; e->sequence.changed && i < (int32_t)e->sequence.count; i++) {
        if (find_in_track(e, i, id, out)) {
            return true;
        }
    }
    return false;
}

kf_status clip_find(kf_edit *e, uint64_t id, clip_place *out)
{
    item_place place;
    const item_index *index;
    kf_status status = film_index(e->film, e->root, &index, e->err);
    if (status != KF_OK) {
        return status;
    }
    if (e->sequence.ref == KF_REF_NONE && index_find(index, id, &place)) {
        status = sequence_open_uid(e, place.sequence);
    }
    if (status != KF_OK) {
        return status;
    }
    if (e->sequence.ref != KF_REF_NONE && clip_lookup(e, id, out)) {
        return KF_OK;
    }
    bool elsewhere = index_find(index, id, &place) && place.item.kind == KF_ITEM_CLIP;
    return elsewhere ? REFUSE(e, "clip %llu is in another sequence than the first clip of this edit", (unsigned long long)id)
                     : kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no clip %llu", (unsigned long long)id);
}

const char *clip_name(kf_edit *e, const kf_clip_view *clip, char buffer[160])
{
    kf_asset_view asset;
    kf_sequence_view sequence;
    kf_snapshot state = edit_state(e);
    const char *name = clip->name;
    if (!*name && clip->source == KF_SOURCE_ASSET && kf_asset_at(state, kf_asset_index(state, clip->source_uid), &asset)) {
        name = *asset.name ? asset.name : *asset.path ? kf_path_name(asset.path) : asset.id;
    } else if (!*name && clip->source == KF_SOURCE_SEQUENCE &&
               kf_sequence_at(state, kf_sequence_index(state, clip->source_uid), &sequence)) {
        name = *sequence.name ? sequence.name : sequence.id;
    } else if (!*name && clip->generator.kind) {
        name = clip->generator.kind->name;
    }
    snprintf(buffer, 160, "%.120s (clip %llu)", *name ? name : "a clip", (unsigned long long)clip->id);
    return buffer;
}

/* ---- Sets of clips ---- */

static int by_place(const void *a, const void *b)
{
    const clip_place *x = a, *y = b;
    return x->track != y->track ? (x->track < y->track ? -1 : 1) : x->index < y->index ? -1 : x->index > y->index;
}

typedef struct places {
    clip_place *list;
    size_t count, capacity;
} places;

static kf_status add_place(kf_edit *e, places *p, const clip_place *place)
{
    void *list = p->list;
    if (kf_grow(&list, &p->capacity, p->count + 1, sizeof *place) != 0) {
        return kf_fail_memory(e->err);
    }
    p->list = list;
    p->list[p->count++] = *place;
    return KF_OK;
}

static void sort_places(places *p)
{
    size_t kept = 0;
    if (p->count > 1) {
        qsort(p->list, p->count, sizeof *p->list, by_place);
    }
    for (size_t i = 0; i < p->count; i++) {
        if (i == 0 || by_place(&p->list[i], &p->list[kept - 1]) != 0) {
            p->list[kept++] = p->list[i];
        }
    }
    p->count = kept;
}

static kf_status add_linked(kf_edit *e, places *p, const kf_clip_view *clip, kf_link_kind which)
{
    kf_links links = kf_clip_links(edit_state(e), clip, which);
    kf_status status = KF_OK;
    for (int32_t i = 0; i < links.count && status == KF_OK; i++) {
        clip_place other;
        if (links.ids[i] != clip->id && clip_lookup(e, links.ids[i], &other)) {
            status = add_place(e, p, &other);
        }
    }
    return status;
}

/* Adds the partners of those that are there. */
static kf_status add_partners(kf_edit *e, places *p, kf_link_kind which)
{
    kf_status status = KF_OK;
    size_t count = p->count;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        const kf_clip_view clip = p->list[i].view;
        status = add_linked(e, p, &clip, which);
    }
    sort_places(p);
    return status;
}

static kf_status gather(kf_edit *e, kf_ids ids, bool linked, bool grouped, places *p)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; i < ids.count && status == KF_OK; i++) {
        clip_place place;
        status = clip_find(e, ids.ids[i], &place);
        status = status == KF_OK ? add_place(e, p, &place) : status;
    }
    if (status == KF_OK) {
        sort_places(p);
        status = grouped ? add_partners(e, p, KF_GROUP) : KF_OK;
    }
    return status == KF_OK && linked ? add_partners(e, p, KF_LINK) : status;
}

static kf_status gathered(kf_status status, places *p, clip_place **out, size_t *count)
{
    if (status != KF_OK) {
        kf_free(p->list);
        *p = (places){0};
    }
    *out = p->list;
    *count = p->count;
    return status;
}

kf_status clips_gather(kf_edit *e, kf_ids ids, bool linked, clip_place **out, size_t *count)
{
    places p = {0};
    return gathered(gather(e, ids, linked, false, &p), &p, out, count);
}

kf_status clips_gather_grouped(kf_edit *e, kf_ids ids, bool linked, clip_place **out, size_t *count)
{
    places p = {0};
    return gathered(gather(e, ids, linked, true, &p), &p, out, count);
}

bool speed_from(kf_time source, kf_time place, kf_rational *out)
{
    if (source <= 0 || place <= 0 || (double)source < (double)place / 1000 || (double)source > (double)place * 1000) {
        return false;
    }
    /* the continued fraction of source / place, as far as it fits */
    int64_t a = source, b = place, num[2] = {0, 1}, den[2] = {1, 0};
    while (b > 0) {
        int64_t q = a / b, n, d;
        if (__builtin_mul_overflow(q, num[1], &n) || __builtin_add_overflow(n, num[0], &n) || n > INT32_MAX ||
            __builtin_mul_overflow(q, den[1], &d) || __builtin_add_overflow(d, den[0], &d) || d > INT32_MAX) {
            break;
        }
        num[0] = num[1], num[1] = n, den[0] = den[1], den[1] = d;
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return kf_rational_make(num[1], den[1], out);
}
