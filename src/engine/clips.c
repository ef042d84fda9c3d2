/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/api/alloc.h"
#include "engine/session.h"

/* Each sequence is walked once, however often it is nested. */
typedef struct walk_state {
    kf_snapshot snapshot;
    bool *done;
    kf_clip_fn *fn;
    void *ctx;
} walk_state;

static kf_status walk_sequence(walk_state *w, int32_t index, kf_error *err);

static void set_handles(const kf_cursor *at, const kf_clip_view *clip, kf_clip_place *place)
{
    kf_cursor near = *at;
    kf_transition_view t;
    place->head = place->tail = 0;
    if (kf_cursor_previous(&near) && near.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&near, &t))
        place->head = clip->start > t.start ? clip->start - t.start : 0;
    near = *at;
    kf_time end = clip->start + clip->duration;
    if (kf_cursor_next(&near) && near.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&near, &t))
        place->tail = t.start + t.duration > end ? t.start + t.duration - end : 0;
}

static kf_status walk_track(walk_state *w, kf_clip_place *place, kf_error *err)
{
    kf_cursor cursor;
    kf_cursor_init(&cursor, w->snapshot, place->track_view);
    while (kf_cursor_next(&cursor)) {
        kf_clip_view clip;
        if (cursor.item.kind != KF_ITEM_CLIP || !kf_cursor_clip(&cursor, &clip)) continue;
        place->view = &clip;
        set_handles(&cursor, &clip, place);
        kf_status status = w->fn(w->ctx, place, err);
        place->clip++;
        if (status == KF_OK && clip.source == KF_SOURCE_SEQUENCE)
            status = walk_sequence(w, kf_sequence_index(w->snapshot, clip.source_uid), err);
        if (status != KF_OK) return status;
    }
    return KF_OK;
}

static kf_status walk_sequence(walk_state *w, int32_t index, kf_error *err)
{
    kf_sequence_view sequence;
    if (index < 0 || w->done[index] || !kf_sequence_at(w->snapshot, index, &sequence)) return KF_OK;
    w->done[index] = true;
    for (int32_t i = 0; i < sequence.track_count; i++) {
        kf_track_view track;
        kf_clip_place place = {.sequence = index, .track = i, .sequence_view = &sequence, .track_view = &track};
        if (!kf_track_get(w->snapshot, &sequence, i, &track)) continue;
        kf_status status = walk_track(w, &place, err);
        if (status != KF_OK) return status;
    }
    return KF_OK;
}

kf_status kf_each_clip(kf_snapshot snapshot, int32_t sequence, kf_clip_fn *fn, void *ctx, kf_error *err)
{
    kf_project_view project;
    if (!kf_project_get(snapshot, &project)) return KF_OK;
    walk_state w = {snapshot, kf_alloc_zero((size_t)project.sequence_count + 1, sizeof(bool)), fn, ctx};
    if (!w.done) return kf_fail_memory(err);
    kf_status status = walk_sequence(&w, sequence, err);
    kf_free(w.done);
    return status;
}

void kf_clip_place_name(kf_snapshot snapshot, const kf_clip_place *p, char *buffer, size_t size)
{
    kf_project_view project;
    char where[64] = "";
    if (kf_project_get(snapshot, &project) && project.sequence_count > 1)
        snprintf(where, sizeof where, "sequences[%d].", (int)p->sequence);
    if (p->view->name[0])
        snprintf(buffer, size, "%stracks[%d].clips[%lld] \"%s\"", where, (int)p->track, (long long)p->clip,
                 p->view->name);
    else
        snprintf(buffer, size, "%stracks[%d].clips[%lld]", where, (int)p->track, (long long)p->clip);
}
