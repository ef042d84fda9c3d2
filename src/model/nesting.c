/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequences in sequences, as edges of a graph. Its longest way is found by relaxing: as many rounds as there are levels
 * are enough, so films that break the limit, or go in a circle, show after them. */
#include "model/nesting.h"

#include "base/api/alloc.h"

typedef struct edge {
    int32_t outer, inner; /* indexes; `outer` may be one past the last: a new sequence */
} edge;
typedef struct edges {
    edge *list;
    size_t count, capacity;
} edges;

static bool add_edge(edges *e, int32_t outer, int32_t inner)
{
    void *list = e->list;
    if (e->count > 0 && e->list[e->count - 1].outer == outer && e->list[e->count - 1].inner == inner) {
        return true;
    }
    bool good = kf_grow(&list, &e->capacity, e->count + 1, sizeof *e->list) == 0;
    e->list = list;
    if (good) {
        e->list[e->count++] = (edge){outer, inner};
    }
    return good;
}

static bool add_track(edges *e, kf_snapshot snapshot, int32_t outer, const kf_track_view *track)
{
    kf_cursor cursor;
    kf_clip_view clip;
    kf_cursor_init(&cursor, snapshot, track);
    for (int64_t i = 0; i < track->item_count && kf_cursor_next(&cursor); i++) {
        bool nested = kf_cursor_clip(&cursor, &clip) && clip.source == KF_SOURCE_SEQUENCE;
        int32_t inner = nested ? kf_sequence_index(snapshot, clip.source_uid) : -1;
        if (inner >= 0 && !add_edge(e, outer, inner)) {
            return false;
        }
    }
    return true;
}

static bool add_all(edges *e, kf_snapshot snapshot, int32_t count)
{
    for (int32_t q = 0; q < count; q++) {
        kf_sequence_view view;
        kf_track_view track;
        bool there = kf_sequence_at(snapshot, q, &view);
        for (int32_t i = 0; there && kf_track_get(snapshot, &view, i, &track); i++) {
            if (!add_track(e, snapshot, q, &track)) {
                return false;
            }
        }
    }
    return true;
}

/* heights[i]: levels of sequence i, itself included. The most of all. */
static int32_t relax(const edges *e, int32_t *heights, int32_t count)
{
    int32_t most = 1;
    for (int32_t i = 0; i < count; i++) {
        heights[i] = 1;
    }
    for (int round = 0; round <= KF_MODEL_MAX_NESTING; round++) {
        for (size_t i = 0; i < e->count; i++) {
            int32_t height = heights[e->list[i].inner] + 1;
            if (height > heights[e->list[i].outer] && height <= KF_MODEL_MAX_NESTING + 1) {
                heights[e->list[i].outer] = height;
            }
            most = height > most ? height : most;
        }
    }
    return most;
}

/* Whether `to` is reached from `from` going inward, in a graph that is deeper than it may be. */
static bool reaches(const edges *e, int32_t *seen, int32_t count, int32_t from, int32_t to)
{
    for (int32_t i = 0; i < count; i++) {
        seen[i] = i == from;
    }
    for (bool more = true; more && !seen[to];) {
        more = false;
        for (size_t i = 0; i < e->count; i++) {
            if (seen[e->list[i].outer] && !seen[e->list[i].inner]) {
                seen[e->list[i].inner] = more = true;
            }
        }
    }
    return seen[to];
}

static const char *id_of(kf_snapshot snapshot, int32_t index)
{
    kf_sequence_view view;
    return kf_sequence_at(snapshot, index, &view) ? view.id : "the new one";
}

static kf_status judge(kf_snapshot snapshot, const edges *e, int32_t *room, int32_t count, const edge *added,
                       kf_error *err)
{
    if (relax(e, room, count) <= KF_MODEL_MAX_NESTING) {
        return KF_OK;
    }
    const char *outer = id_of(snapshot, added->outer), *inner = id_of(snapshot, added->inner);
    if (reaches(e, room, count, added->inner, added->outer)) {
        return kf_fail(err, KF_ERR_INVALID, "\"%.100s\" cannot be put into \"%.100s\": it contains that one, or is it",
                       inner, outer);
    }
    return kf_fail(err, KF_ERR_INVALID,
                   "with \"%.100s\" in \"%.100s\", sequences would be nested deeper than %d levels", inner, outer,
                   KF_MODEL_MAX_NESTING);
}

kf_status check_nesting(kf_snapshot snapshot, uint64_t outer, const uint64_t *inner, size_t count, kf_error *err)
{
    kf_project_view project;
    edges e = {0};
    if (count == 0 || !kf_project_get(snapshot, &project)) {
        return KF_OK;
    }
    int32_t index = kf_sequence_index(snapshot, outer), all = project.sequence_count + 1;
    index = index < 0 ? project.sequence_count : index;
    int32_t *room = kf_alloc_zero((size_t)all, sizeof *room);
    bool good = room && add_all(&e, snapshot, project.sequence_count);
    for (size_t i = 0; i < count && good; i++) {
        int32_t at = kf_sequence_index(snapshot, inner[i]);
        good = at < 0 || add_edge(&e, index, at);
    }
    kf_status status = !good ? kf_fail_memory(err)
                             : e.count ? judge(snapshot, &e, room, all, &e.list[e.count - 1], err) : KF_OK;
    kf_free(e.list);
    kf_free(room);
    return status;
}
