/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cutting and taking out: lift, extract, razor, delete, ripple_delete, close_gap, join. */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "model/edit/ops.h"

/* ---- Lift and extract ---- */

/* Takes [from, to) out of a track: a gap stays, or (close) what follows moves up. */
static kf_status take_out(kf_edit *e, int32_t track, kf_time from, kf_time to, bool close)
{
    kf_track_view view;
    window w;
    size_t first, last;
    kf_status status = track_view(e, track, &view);
    if (status != KF_OK || view.duration <= from) {
        return status;
    }
    status = window_open_span(e, track, from, to, &w, &first, &last);
    if (status != KF_OK) {
        return status;
    }
    track_item gap = {.duration = to - from, .kind = KF_ITEM_GAP};
    return window_end(&w, window_replace(&w, first, last, &gap, close ? 0 : 1));
}

kf_status op_span(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_span *a = args;
    bool *chosen, extract = id == KF_EDIT_EXTRACT;
    kf_status status = sequence_open(e, a->sequence);
    if (status != KF_OK) {
        return status;
    }
    kf_time from = a->from == KF_TIME_NONE ? e->sequence.view.mark_in : a->from;
    kf_time to = a->to == KF_TIME_NONE ? e->sequence.view.mark_out : a->to;
    if (from == KF_TIME_NONE || to == KF_TIME_NONE) {
        return REFUSE(e, "from where to where? Give from and to, or set the sequence's mark_in and mark_out");
    }
    if (from < 0 || to <= from) {
        return REFUSE(e, "the span from %.3f to %.3f s is empty or begins before the sequence", kf_time_seconds(from),
                      kf_time_seconds(to));
    }
    status = tracks_choose(e, a->tracks, &chosen);
    for (int32_t i = 0; status == KF_OK && i < (int32_t)e->sequence.count; i++) {
        status = chosen[i] ? take_out(e, i, from, to, extract) : KF_OK;
    }
    if (status == KF_OK && extract) {
        const ripple r = {.at = to, .by = from - to, .done = chosen, .sync = true, .markers = a->markers};
        status = ripple_others(e, &r);
    }
    kf_free(chosen);
    return status;
}

/* ---- Razor and join ---- */

static kf_status cut_track(kf_edit *e, int32_t track, kf_time at)
{
    kf_track_view view;
    kf_cursor c;
    window w;
    size_t place;
    kf_status status = track_view(e, track, &view);
    if (status != KF_OK) {
        return status;
    }
    kf_cursor_init(&c, edit_state(e), &view);
    if (!kf_cursor_seek(&c, at) || c.item.kind != KF_ITEM_CLIP || c.item.start == at) {
        return KF_OK;
    }
    status = window_open(e, track, at, at, &w);
    if (status != KF_OK) {
        return status;
    }
    return window_end(&w, window_split(&w, at, &place));
}

kf_status op_razor(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_razor *a = args;
    bool *chosen;
    kf_status status = sequence_open(e, a->sequence);
    if (status == KF_OK) {
        status = tracks_choose(e, a->tracks, &chosen);
    }
    if (status != KF_OK) {
        return status;
    }
    for (int32_t i = 0; status == KF_OK && i < (int32_t)e->sequence.count; i++) {
        status = chosen[i] ? cut_track(e, i, a->at) : KF_OK;
    }
    kf_free(chosen);
    return status == KF_OK && !e->sequence.changed
               ? REFUSE(e, "there is no clip to cut at %s", time_text(e, a->at))
               : status;
}

/* Whether the second clip goes on where the first one ends, as if they had been one. */
static bool goes_on(const kf_clip_view *a, const kf_clip_view *b)
{
    bool same = a->source == b->source && a->source_uid == b->source_uid && a->reverse == b->reverse &&
                a->frozen == b->frozen && a->loop == b->loop && kf_rational_equal(a->speed, b->speed) &&
                a->video_stream == b->video_stream && a->audio_stream == b->audio_stream && a->angle == b->angle &&
                a->audio_angle == b->audio_angle && a->remap_count == 0 && b->remap_count == 0;
    if (!same || a->source == KF_SOURCE_GENERATOR) {
        return same && a->generator.ref == b->generator.ref;
    }
    kf_time expected = kf_clip_source_time(a, a->duration, KF_TIME_NONE), found = kf_clip_source_time(b, 0, KF_TIME_NONE);
    return expected - found <= 1 && found - expected <= 1;
}

static kf_status join_one(kf_edit *e, const clip_place *place)
{
    window w;
    size_t at;
    char name[160];
    kf_clip_view next;
    kf_status status = window_open_clip(e, place, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    track_item whole = w.items[at].item;
    if (!window_clip(&w, at + 1, &next) || !goes_on(&place->view, &next)) {
        status = REFUSE(e, "what follows %s does not go on where it ends in its source", clip_name(e, &place->view, name));
    } else {
        whole.duration += next.duration;
        status = clip_cut(e, &place->view, 0, whole.duration, 0, &whole.ref);
    }
    if (status == KF_OK) {
        status = window_replace(&w, at, at + 2, &whole, 1);
    }
    return window_end(&w, status);
}

kf_status op_join(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_join *a = args;
    clip_place *list;
    size_t count;
    kf_status status = clips_gather(e, (kf_ids){&a->clip, 1}, a->linked, &list, &count);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        clip_place now; /* one before it may have taken it in */
        status = clip_lookup(e, list[i].view.id, &now) ? join_one(e, &now) : KF_OK;
    }
    kf_free(list);
    return status;
}

/* ---- Deleting clips ---- */

kf_status op_delete(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_delete *a = args;
    clip_place *list;
    size_t count;
    kf_status status = clips_gather(e, a->clips, a->linked, &list, &count);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        kf_time start = list[i].view.start;
        status = take_out(e, list[i].track, start, start + list[i].view.duration, false);
    }
    kf_free(list);
    return status;
}

/* The clips that lie over the same span as clip i, linked ones on other tracks, are taken out with it. */
static kf_status ripple_delete_span(kf_edit *e, const kf_edit_delete *a, clip_place *list, size_t count, size_t i)
{
    kf_time from = list[i].view.start, to = from + list[i].view.duration;
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    kf_status status = done ? KF_OK : kf_fail_memory(e->err);
    for (size_t k = 0; k < count && status == KF_OK; k++) {
        clip_place *other = &list[k];
        if (other->view.start == from && other->view.duration == to - from && !done[other->track]) {
            done[other->track] = true;
            other->index = -1; /* taken care of */
            status = take_out(e, other->track, from, to, true);
        }
    }
    if (status == KF_OK) {
        const ripple r = {.at = to, .by = from - to, .done = done, .sync = a->sync, .markers = a->markers};
        status = ripple_others(e, &r);
    }
    kf_free(done);
    return status;
}

static int latest_first(const void *a, const void *b)
{
    const clip_place *x = a, *y = b;
    return x->view.start != y->view.start ? (x->view.start > y->view.start ? -1 : 1)
                                          : (x->track > y->track) - (x->track < y->track);
}

/* From the end to the beginning, so that what is still to go has not moved. */
kf_status op_ripple_delete(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_delete *a = args;
    clip_place *list;
    size_t count;
    kf_status status = clips_gather(e, a->clips, a->linked, &list, &count);
    if (status == KF_OK) {
        qsort(list, count, sizeof *list, latest_first);
    }
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        if (list[i].index >= 0) {
            status = ripple_delete_span(e, a, list, count, i);
        }
    }
    kf_free(list);
    return status;
}

/* ---- Gaps ---- */

static kf_status close_one(kf_edit *e, const kf_edit_close_gap *a, int32_t track, const kf_item_view *gap)
{
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    if (!done) {
        return kf_fail_memory(e->err);
    }
    done[track] = true;
    kf_time end = gap->start + gap->duration;
    kf_status status = take_out(e, track, gap->start, end, true);
    if (status == KF_OK) {
        const ripple r = {.at = end, .by = -gap->duration, .done = done, .sync = a->sync, .markers = a->markers};
        status = ripple_others(e, &r);
    }
    kf_free(done);
    return status;
}

static kf_status close_all(kf_edit *e, const kf_edit_close_gap *a, int32_t track)
{
    kf_track_view view;
    kf_cursor c;
    kf_status status = track_view(e, track, &view);
    for (int64_t i = view.item_count - 1; status == KF_OK && i >= 0; i--) {
        kf_cursor_init(&c, edit_state(e), &view);
        if (kf_cursor_seek_index(&c, i) && c.item.kind == KF_ITEM_GAP) {
            status = close_one(e, a, track, &c.item);
            status = status == KF_OK ? track_view(e, track, &view) : status;
        }
    }
    return status;
}

kf_status op_close_gap(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_close_gap *a = args;
    kf_track_view view;
    kf_cursor c;
    int32_t track = 0;
    kf_status status = sequence_open(e, a->sequence);
    status = status == KF_OK ? track_find(e, a->track, &track) : status;
    status = status == KF_OK ? track_unlocked(e, track) : status;
    status = status == KF_OK ? track_view(e, track, &view) : status;
    if (status != KF_OK || a->at == KF_TIME_NONE) {
        return status == KF_OK ? close_all(e, a, track) : status;
    }
    kf_cursor_init(&c, edit_state(e), &view);
    if (!kf_cursor_seek(&c, a->at) || c.item.kind != KF_ITEM_GAP) {
        return REFUSE(e, "there is no gap at %s", time_text(e, a->at));
    }
    return close_one(e, a, track, &c.item);
}
