/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ids of tracks, items and markers, and the clips that are linked or grouped by them. */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

/* ---- Ids ---- */

/* Numbers of JSON are exact up to here. */
#define LARGEST_ID (INT64_C(1) << 53)

typedef struct given_id {
    int64_t id;
    const kf_json *json;
} given_id;
typedef struct id_list {
    given_id *ids;
    size_t count, capacity;
} id_list;

static bool note_id(id_list *list, const kf_json *object)
{
    const kf_json *json = kf_json_get(object, "id");
    if (!json || !json->is_integer || json->integer < 1) {
        return true;
    }
    void *ids = list->ids;
    if (kf_grow(&ids, &list->capacity, list->count + 1, sizeof *list->ids) != 0) {
        return false;
    }
    list->ids = ids;
    list->ids[list->count++] = (given_id){json->integer, json};
    return true;
}

/* Of an object and its markers. */
static bool note_ids(id_list *list, const kf_json *object)
{
    const kf_json *markers = kf_json_get(object, "markers");
    bool good = note_id(list, object);
    for (const kf_json *marker = markers ? markers->first : NULL; marker && good; marker = marker->next) {
        good = note_id(list, marker);
    }
    return good;
}

static bool note_track_ids(id_list *list, const kf_json *track)
{
    const kf_json *clips = kf_json_get(track, "clips");
    bool good = note_id(list, track);
    for (const kf_json *clip = clips ? clips->first : NULL; clip && good; clip = clip->next) {
        good = note_ids(list, clip);
    }
    return good;
}

static bool note_sequence_ids(id_list *list, const kf_json *sequence)
{
    const kf_json *tracks = kf_json_get(sequence, "tracks");
    bool good = note_ids(list, sequence);
    for (const kf_json *track = tracks ? tracks->first : NULL; track && good; track = track->next) {
        good = note_track_ids(list, track);
    }
    return good;
}

static int compare_ids(const void *a, const void *b)
{
    const given_id *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id)
                          : (x->json->line > y->json->line) - (x->json->line < y->json->line);
}

static kf_status check_ids(reader *r, id_list *list)
{
    if (list->count) {
        qsort(list->ids, list->count, sizeof *list->ids, compare_ids);
    }
    for (size_t i = 1; i < list->count; i++) {
        if (list->ids[i].id == list->ids[i - 1].id) {
            return FAIL(r, list->ids[i].json,
                        "the id %lld stands twice: each track, clip, transition and marker has its own",
                        (long long)list->ids[i].id);
        }
    }
    int64_t most = list->count ? list->ids[list->count - 1].id : 0;
    r->next_id = most < LARGEST_ID ? most + 1 : 1;
    return KF_OK;
}

kf_status gather_ids(reader *r)
{
    id_list list = {0};
    bool good = true;
    const kf_json *assets = kf_json_get(r->root, "assets");
    for (const kf_json *asset = assets ? assets->first : NULL; asset && good; asset = asset->next) {
        good = note_ids(&list, asset);
    }
    for (uint32_t i = 0; i < r->sequence_count && good; i++) {
        good = note_sequence_ids(&list, r->sequences[i].json);
    }
    kf_status status = good ? check_ids(r, &list) : kf_fail_memory(r->err);
    kf_free(list.ids);
    return status;
}

kf_status take_id(reader *r, int64_t given, uint64_t *out)
{
    bool fragment = r->base.store != NULL, kept = given > 0 && (!fragment || r->keep_ids);
    *out = (uint64_t)(kept ? given : r->next_id++);
    if (kept && given >= r->next_id) {
        r->next_id = given + 1;
    }
    return *out < (uint64_t)LARGEST_ID
               ? KF_OK : kf_fail(r->err, KF_ERR_INVALID, "%s: ids this large leave no room for new ones", r->name);
}

/* ---- Links and groups ---- */

static int64_t link_number(const kf_json *clip, const char *key)
{
    const kf_json *json = kf_json_get(clip, key);
    return json && json->is_integer && json->integer > 0 ? json->integer : 0;
}

static kf_status note_member(reader *r, const kf_json *clip)
{
    linked_clip m = {.json = clip, .number = {link_number(clip, "link"), link_number(clip, "group")}};
    void *members = r->members;
    if (m.number[KF_LINK] == 0 && m.number[KF_GROUP] == 0) {
        return KF_OK;
    }
    if (kf_grow(&members, &r->member_capacity, r->member_count + 1, sizeof m) != 0) {
        return kf_fail_memory(r->err);
    }
    r->members = members;
    r->members[r->member_count++] = m;
    return take_id(r, link_number(clip, "id"), &r->members[r->member_count - 1].id);
}

/* A member's place in its link or group. */
typedef struct tie {
    int64_t number;
    uint64_t id;
    size_t member;
} tie;

static int compare_ties(const void *a, const void *b)
{
    const tie *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                  : (x->id > y->id) - (x->id < y->id);
}

/* The node of ties that have one number. A clip alone is linked with none. */
static kf_status build_link(reader *r, const tie *ties, size_t count, kf_link_kind kind)
{
    kf_ref ref = KF_REF_NONE;
    build_start(&r->small, 0);
    for (size_t i = 0; i < count; i++) {
        build_add(&r->small, &ties[i].id, sizeof ties[i].id);
    }
    kf_status status = count < 2 ? KF_OK : build_append(&r->small, r->store, NODE_LINK, &ref, r->err);
    for (size_t i = 0; i < count; i++) {
        r->members[ties[i].member].node[kind] = ref;
    }
    return status;
}

static kf_status build_links(reader *r, tie *ties, kf_link_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < r->member_count; i++) {
        if (r->members[i].number[kind] > 0) {
            ties[count++] = (tie){r->members[i].number[kind], r->members[i].id, i};
        }
    }
    if (count > 0) {
        qsort(ties, count, sizeof *ties, compare_ties);
    }
    kf_status status = KF_OK;
    for (size_t from = 0, to = 0; from < count && status == KF_OK; from = to) {
        while (to < count && ties[to].number == ties[from].number) {
            to++;
        }
        status = build_link(r, ties + from, to - from, kind);
    }
    return status;
}

static kf_status note_members(reader *r, const kf_json *const *lists, size_t count)
{
    kf_status status = KF_OK;
    r->member_count = r->member_next = 0;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        for (const kf_json *clip = lists[i] ? lists[i]->first : NULL; clip && status == KF_OK; clip = clip->next) {
            status = note_member(r, clip);
        }
    }
    return status;
}

kf_status read_links(reader *r, const kf_json *const *lists, size_t count)
{
    kf_status status = note_members(r, lists, count);
    if (status != KF_OK || r->member_count == 0) {
        return status;
    }
    tie *ties = kf_alloc_zero(r->member_count, sizeof *ties);
    status = ties ? build_links(r, ties, KF_LINK) : kf_fail_memory(r->err);
    if (status == KF_OK) {
        status = build_links(r, ties, KF_GROUP);
    }
    kf_free(ties);
    return status;
}

const linked_clip *next_member(reader *r, const kf_json *clip)
{
    bool here = r->member_next < r->member_count && r->members[r->member_next].json == clip;
    return here ? &r->members[r->member_next++] : NULL;
}
