/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moving clips: move, copy, swap; and freeze_frame, which puts a still among what is there. */
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/ops.h"

/* ---- Move ---- */

/* A clip on its way. */
typedef struct flight {
    clip_place from;
    int32_t track;           /* where it goes */
    kf_time start;
    kf_ref ref;
} flight;

/* The track `steps` tracks of its kind away. */
static kf_status step_track(kf_edit *e, int32_t track, int steps, int32_t *out)
{
    kf_track_view from, view;
    kf_status status = track_view(e, track, &from);
    int way = steps < 0 ? -1 : 1;
    char name[80];
    *out = track;
    for (int32_t i = track + way; status == KF_OK && steps != 0 && i >= 0 && i < (int32_t)e->sequence.count; i += way) {
        status = track_view(e, i, &view);
        if (status == KF_OK && view.kind == from.kind) {
            *out = i;
            steps -= way;
        }
    }
    return status == KF_OK && steps != 0
               ? REFUSE(e, "there is no track %d %s %s: add_track adds one", abs(steps), way > 0 ? "above" : "below",
                        track_name(e, *out, name))
               : status;
}

/* How many tracks of its kind lie between. */
static kf_status count_steps(kf_edit *e, int32_t from, int32_t to, int *steps)
{
    kf_track_view a, b, view;
    kf_status status = track_view(e, from, &a);
    status = status == KF_OK ? track_view(e, to, &b) : status;
    if (status == KF_OK && a.kind != b.kind) {
        return REFUSE(e, "a clip stays on tracks of its kind: %s is not one", b.kind == KF_TRACK_AUDIO ? "an audio track" : "a video track");
    }
    *steps = 0;
    for (int32_t i = from; i != to && status == KF_OK; i += from < to ? 1 : -1) {
        status = track_view(e, i + (from < to ? 1 : -1), &view);
        *steps += view.kind != a.kind ? 0 : from < to ? 1 : -1;
    }
    return status;
}

static kf_status plan_flights(kf_edit *e, const kf_edit_move *a, const clip_place *list, size_t count, flight *out)
{
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        first = list[i].view.id == a->clips.ids[0] ? i : first;
    }
    int steps = 0;
    int32_t track = list[first].track;
    kf_time way = a->by == KF_TIME_NONE ? 0 : a->by;
    kf_status status = *a->track ? track_find(e, a->track, &track) : KF_OK;
    status = status == KF_OK ? count_steps(e, list[first].track, track, &steps) : status;
    if (status == KF_OK && a->to != KF_TIME_NONE) {
        way = a->to - list[first].view.start;
    }
    kf_track_view kind, own;
    status = status == KF_OK ? track_view(e, list[first].track, &kind) : status;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        out[i] = (flight){.from = list[i], .track = list[i].track, .start = list[i].view.start + way, .ref = list[i].view.ref};
        status = track_view(e, list[i].track, &own);
        if (status == KF_OK && own.kind == kind.kind) {
            status = step_track(e, list[i].track, steps, &out[i].track);
        }
        if (status == KF_OK && out[i].start < 0) {
            char name[160];
            status = REFUSE(e, "%s would begin %.3f s before the sequence", clip_name(e, &list[i].view, name),
                            -kf_time_seconds(out[i].start));
        }
    }
    return status;
}

static kf_status leave(kf_edit *e, const clip_place *place)
{
    window w;
    size_t at;
    track_item gap = {.duration = place->view.duration, .kind = KF_ITEM_GAP};
    kf_status status = window_open_clip(e, place, &w, &at);
    return status == KF_OK ? window_end(&w, window_replace(&w, at, at + 1, &gap, 1)) : status;
}

static kf_status arrive(kf_edit *e, const flight *f, bool insert)
{
    window w;
    size_t first, last;
    kf_time duration = f->from.view.duration;
    track_item item = {.duration = duration, .ref = f->ref, .kind = KF_ITEM_CLIP};
    kf_status status = window_open_span(e, f->track, f->start, insert ? f->start : f->start + duration, &w, &first, &last);
    return status == KF_OK ? window_end(&w, window_replace(&w, first, last, &item, 1)) : status;
}

/* Makes room for all of them at once. */
static kf_status make_room(kf_edit *e, const kf_edit_move *a, const flight *flights, size_t count)
{
    kf_time from = KF_MODEL_MAX_TIME, to = 0;
    for (size_t i = 0; i < count; i++) {
        kf_time end = flights[i].start + flights[i].from.view.duration;
        from = flights[i].start < from ? flights[i].start : from;
        to = end > to ? end : to;
    }
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    if (!done) {
        return kf_fail_memory(e->err);
    }
    memset(done, true, e->sequence.count);
    for (size_t i = 0; i < count; i++) {
        done[flights[i].track] = false;
    }
    /* where they go there is room in any case */
    const ripple own = {.at = from, .by = to - from, .done = done, .sync = true, .all = true};
    kf_status status = ripple_others(e, &own);
    for (size_t i = 0; i < e->sequence.count; i++) {
        done[i] = !done[i];
    }
    const ripple others = {.at = from, .by = to - from, .done = done, .sync = a->sync, .markers = a->markers};
    status = status == KF_OK ? ripple_others(e, &others) : status;
    kf_free(done);
    return status;
}

static kf_status fly(kf_edit *e, const kf_edit_move *a, flight *flights, size_t count)
{
    kf_status status = KF_OK;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        status = track_unlocked(e, flights[i].track);
        if (status == KF_OK && a->copy) {
            const kf_clip_view *clip = &flights[i].from.view;
            status = clip_cut(e, clip, 0, clip->duration, CUT_NEW_ID, &flights[i].ref);
        } else if (status == KF_OK) {
            status = leave(e, &flights[i].from);
        }
    }
    e->ids.count = e->links.count = 0; /* what is cut from here on is linked with its like, not with the copies */
    if (status == KF_OK && a->mode == KF_PLACING_INSERT) {
        status = make_room(e, a, flights, count);
    }
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        status = arrive(e, &flights[i], false);
    }
    return status;
}

kf_status op_move(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_move *a = args;
    clip_place *list;
    size_t count;
    kf_status status = clips_gather_grouped(e, a->clips, a->linked, &list, &count);
    if (status != KF_OK) {
        return status;
    }
    if (a->to != KF_TIME_NONE && a->by != KF_TIME_NONE) {
        status = REFUSE(e, "give one of to and by");
    }
    flight *flights = kf_alloc_zero(count, sizeof *flights);
    status = status == KF_OK && !flights ? kf_fail_memory(e->err) : status;
    status = status == KF_OK ? plan_flights(e, a, list, count, flights) : status;
    status = status == KF_OK ? fly(e, a, flights, count) : status;
    kf_free(flights);
    kf_free(list);
    return status;
}

/* ---- Swap ---- */

static kf_status swap_on_track(kf_edit *e, const clip_place *a, const clip_place *b)
{
    window w;
    kf_status status = window_open(e, a->track, a->view.start, b->view.start + b->view.duration, &w);
    if (status != KF_OK) {
        return status;
    }
    size_t x = window_find(&w, a->view.id), y = window_find(&w, b->view.id);
    if (x == SIZE_MAX || y == SIZE_MAX) {
        status = kf_fail(e->err, KF_ERR_INTERNAL, "a clip is not where it was");
    } else {
        track_item item = w.items[x].item;
        w.items[x].item = w.items[y].item;
        w.items[y].item = item;
    }
    return window_end(&w, status);
}

/* Puts `clip` where `slot` was: a gap stays after a shorter one, a longer one needs a gap there. */
static kf_status swap_into(kf_edit *e, const clip_place *slot, const kf_clip_view *clip)
{
    window w;
    size_t at;
    char name[160];
    track_item items[2] = {{clip->duration, clip->ref, KF_ITEM_CLIP},
                           {slot->view.duration - clip->duration, KF_REF_NONE, KF_ITEM_GAP}};
    kf_status status = window_open_clip(e, slot, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    kf_time longer = -items[1].duration;
    size_t next = window_neighbour(&w, at, true);
    bool room = longer <= 0 || (next == SIZE_MAX && w.to_end) ||
                (next != SIZE_MAX && w.items[next].item.kind == KF_ITEM_GAP && w.items[next].item.duration >= longer);
    if (!room) {
        status = REFUSE(e, "%s is too long for that place", clip_name(e, clip, name));
    } else if (longer > 0 && next != SIZE_MAX) {
        w.items[next].item.duration -= longer;
    }
    return window_end(&w, status == KF_OK ? window_replace(&w, at, at + 1, items, longer < 0 ? 2 : 1) : status);
}

static kf_status swap_pair(kf_edit *e, const clip_place *a, const clip_place *b)
{
    if (a->track == b->track) {
        return a->index < b->index ? swap_on_track(e, a, b) : swap_on_track(e, b, a);
    }
    kf_track_view x, y;
    kf_status status = track_view(e, a->track, &x);
    status = status == KF_OK ? track_view(e, b->track, &y) : status;
    if (status == KF_OK && x.kind != y.kind) {
        return REFUSE(e, "a clip stays on tracks of its kind");
    }
    status = status == KF_OK ? swap_into(e, a, &b->view) : status;
    return status == KF_OK ? swap_into(e, b, &a->view) : status;
}

/* The ids of the clips that a swap moves: the two, and on one track those between if the two are not of the same length. */
static kf_status swap_moved(kf_edit *e, const clip_place *a, const clip_place *b, uint64_t **out, int32_t *count)
{
    const bool forward = a->view.start < b->view.start;
    const clip_place *first = forward ? a : b, *last = forward ? b : a;
    const bool between = a->track == b->track && a->view.duration != b->view.duration;
    window w = {0};
    kf_clip_view clip;
    kf_status status = between ? window_open(e, a->track, first->view.start, last->view.start + last->view.duration, &w) : KF_OK;
    if (status != KF_OK) {
        return status;
    }
    uint64_t *ids = kf_alloc_zero(w.count + 2, sizeof *ids);
    *out = ids;
    *count = 0;
    if (ids) {
        ids[(*count)++] = a->view.id;
        ids[(*count)++] = b->view.id;
    }
    for (size_t i = 0; i < w.count && ids; i++) {
        kf_time at = window_time(&w, i);
        if (at > first->view.start && at < last->view.start && window_clip(&w, i, &clip)) {
            ids[(*count)++] = clip.id;
        }
    }
    window_finish(&w);
    return ids ? KF_OK : kf_fail_memory(e->err);
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool is_moved(const uint64_t *moved, int32_t count, uint64_t id)
{
    return bsearch(&id, moved, (size_t)count, sizeof id, by_id) != NULL;
}

/* How far the moved clips went that this one is linked to; 0 if they do not agree. `before`: all as they were. */
static kf_time partner_way(kf_edit *e, const clip_place *before, size_t count, const clip_place *partner, kf_ids moved)
{
    kf_links links = kf_clip_links(edit_state(e), &partner->view, KF_LINK);
    kf_time way = KF_TIME_NONE;
    clip_place now;
    for (size_t i = 0; i < count; i++) {
        bool linked = false;
        for (int32_t k = 0; k < links.count && !linked; k++) {
            linked = links.ids[k] == before[i].view.id;
        }
        if (linked && is_moved(moved.ids, moved.count, before[i].view.id) && clip_lookup(e, before[i].view.id, &now)) {
            kf_time by = now.view.start - before[i].view.start;
            way = way == KF_TIME_NONE || way == by ? by : 0;
        }
    }
    return way == KF_TIME_NONE ? 0 : way;
}

/* Puts a clip where nothing may be. */
static kf_status arrive_free(kf_edit *e, const flight *f)
{
    char name[160], other[160];
    kf_clip_view clip;
    const kf_clip_view *own = &f->from.view;
    window w;
    kf_status status = f->start < 0 ? REFUSE(e, "%s, which is linked, would begin before the sequence", clip_name(e, own, name))
                                    : window_open(e, f->track, f->start, f->start + own->duration, &w);
    if (status != KF_OK) {
        return status;
    }
    for (size_t i = 0; i < w.count && status == KF_OK; i++) {
        kf_time at = window_time(&w, i);
        if (at < f->start + own->duration && window_clip(&w, i, &clip) && at + clip.duration > f->start) {
            status = REFUSE(e, "%s, which is linked, has no room: %s is in its way. With linked=false it stays",
                            clip_name(e, own, name), clip_name(e, &clip, other));
        }
    }
    window_finish(&w);
    return status == KF_OK ? arrive(e, f, false) : status;
}

/* Moves what is linked to moved clips as far as they went. */
static kf_status swap_partners(kf_edit *e, const clip_place *before, size_t count, kf_ids moved)
{
    kf_status status = KF_OK;
    size_t flying = 0;
    flight *flights = kf_alloc_zero(count, sizeof *flights);
    if (!flights) {
        return kf_fail_memory(e->err);
    }
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        flight *f = &flights[flying];
        kf_time way = is_moved(moved.ids, moved.count, before[i].view.id) ? 0 : partner_way(e, before, count, &before[i], moved);
        if (way != 0) {
            status = clip_find(e, before[i].view.id, &f->from);
            f->track = f->from.track;
            f->start = f->from.view.start + way;
            f->ref = f->from.view.ref;
            flying++;
        }
    }
    for (size_t i = 0; i < flying && status == KF_OK; i++) {
        status = leave(e, &flights[i].from);
    }
    for (size_t i = 0; i < flying && status == KF_OK; i++) {
        status = arrive_free(e, &flights[i]);
    }
    kf_free(flights);
    return status;
}

/* Linked clips keep their distance from those that they are linked to. */
kf_status op_swap(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_swap *a = args;
    clip_place x = {0}, y = {0}, *all = NULL;
    uint64_t *ids = NULL;
    int32_t id_count = 0;
    size_t count = 0;
    kf_status status = a->clip == a->with ? REFUSE(e, "a clip cannot change places with itself") : clip_find(e, a->clip, &x);
    status = status == KF_OK ? clip_find(e, a->with, &y) : status;
    status = status == KF_OK ? swap_moved(e, &x, &y, &ids, &id_count) : status;
    if (status == KF_OK) {
        qsort(ids, (size_t)id_count, sizeof *ids, by_id);
        status = clips_gather(e, (kf_ids){ids, id_count}, a->linked, &all, &count);
    }
    status = status == KF_OK ? swap_pair(e, &x, &y) : status;
    status = status == KF_OK && a->linked ? swap_partners(e, all, count, (kf_ids){ids, id_count}) : status;
    kf_free(all);
    kf_free(ids);
    return status;
}

/* ---- Freeze frame ---- */

static void set_freeze(clip_body *body, const void *ctx)
{
    body->flags |= CLIP_FROZEN;
    body->freeze = *(const kf_time *)ctx;
}

static kf_status freeze_rest(kf_edit *e, window *w, size_t place, kf_time source)
{
    return clip_change(e, w->items[place].item.ref, set_freeze, &source, &w->items[place].item.ref);
}

static kf_status freeze_insert(kf_edit *e, window *w, size_t place, const kf_clip_view *clip, kf_time source, kf_time duration)
{
    track_item still = {.duration = duration, .kind = KF_ITEM_CLIP};
    kf_time at = window_time(w, place) - clip->start;
    kf_status status = clip_cut(e, clip, at, at + duration, CUT_NEW_ID | CUT_ALONE | CUT_HEAD | CUT_TAIL, &still.ref);
    status = status == KF_OK ? clip_change(e, still.ref, set_freeze, &source, &still.ref) : status;
    return status == KF_OK ? window_replace(w, place, place, &still, 1) : status;
}

kf_status op_freeze_frame(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_freeze *a = args;
    clip_place place;
    window w;
    size_t at;
    char name[160];
    kf_status status = clip_find(e, a->clip, &place);
    if (status != KF_OK) {
        return status;
    }
    const kf_clip_view *clip = &place.view;
    if (a->at < clip->start || a->at >= clip->start + clip->duration) {
        return REFUSE(e, "%s is not at %s", clip_name(e, clip, name), time_text(e, a->at));
    }
    kf_time source = kf_clip_source_time(clip, a->at - clip->start, KF_TIME_NONE);
    status = window_open(e, place.track, clip->start, clip->start + clip->duration, &w);
    if (status != KF_OK) {
        return status;
    }
    status = window_split(&w, a->at, &at);
    if (status == KF_OK) {
        status = a->duration == KF_TIME_NONE ? freeze_rest(e, &w, at, source)
                                             : freeze_insert(e, &w, at, clip, source, a->duration);
    }
    status = window_end(&w, status);
    if (status != KF_OK || a->duration == KF_TIME_NONE) {
        return status;
    }
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    if (!done) {
        return kf_fail_memory(e->err);
    }
    done[place.track] = true;
    const ripple r = {.at = a->at, .by = a->duration, .done = done, .sync = true};
    status = ripple_others(e, &r);
    kf_free(done);
    return status;
}
