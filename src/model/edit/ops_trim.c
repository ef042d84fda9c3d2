/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moving ends and cuts: trim, roll, slip, slide, rate_stretch. */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "model/edit/ops.h"

/* ---- Limits ---- */

/* Refuses to make a clip longer at an end than its source is. by > 0: longer. */
static kf_status check_handle(kf_edit *e, const kf_clip_view *clip, bool tail, kf_time by)
{
    kf_time handles[2];
    char name[160], length[40];
    clip_handles(e, clip, &handles[0], &handles[1]);
    if (by <= handles[tail]) {
        return KF_OK;
    }
    return REFUSE(e, "only %s of handle left at the %s of %s", length_text(e, handles[tail], length),
                  tail ? "tail" : "head", clip_name(e, clip, name));
}

/* Refuses to make a clip shorter than a frame. by > 0: shorter. */
static kf_status check_length(kf_edit *e, const kf_clip_view *clip, kf_time by)
{
    kf_time frame = sequence_frame(e), least = clip->duration < frame ? clip->duration : frame;
    char name[160], length[40];
    if (clip->duration - by >= least) {
        return KF_OK;
    }
    return REFUSE(e, "%s is only %s long: at least one frame of it stays", clip_name(e, clip, name),
                  length_text(e, clip->duration, length));
}

static kf_status check_end(kf_edit *e, const kf_clip_view *clip, bool tail, kf_time longer)
{
    return longer > 0 ? check_handle(e, clip, tail, longer) : check_length(e, clip, -longer);
}

static kf_status find_way(kf_edit *e, kf_time to, kf_time by, kf_time from, kf_time *way)
{
    if ((to == KF_TIME_NONE) == (by == KF_TIME_NONE)) {
        return REFUSE(e, "give one of to and by");
    }
    *way = by != KF_TIME_NONE ? by : to - from;
    return KF_OK;
}

/* The clip at a place of the window, cut to clip times [from, to). */
static kf_status recut(window *w, size_t at, const kf_clip_view *clip, kf_time from, kf_time to)
{
    kf_status status = clip_cut(w->e, clip, from, to, 0, &w->items[at].item.ref);
    w->items[at].item.duration = to - from;
    return status;
}

/* Makes a gap or clip longer (by > 0) or shorter at one end. */
static kf_status resize(window *w, size_t at, bool tail, kf_time by)
{
    kf_clip_view clip;
    if (w->items[at].item.kind == KF_ITEM_GAP) {
        w->items[at].item.duration += by;
        return KF_OK;
    }
    if (!window_clip(w, at, &clip)) {
        return kf_fail(w->e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
    }
    kf_status status = check_end(w->e, &clip, tail, by);
    if (status != KF_OK) {
        return status;
    }
    return tail ? recut(w, at, &clip, 0, clip.duration + by) : recut(w, at, &clip, -by, clip.duration);
}

/* ---- Trim ---- */

/* The end moves into a gap, or leaves one. */
static kf_status trim_in_place(window *w, size_t at, bool tail, kf_time longer)
{
    kf_edit *e = w->e;
    size_t beside = window_neighbour(w, at, tail);
    bool open_end = tail && beside == SIZE_MAX && w->to_end;
    bool gap = beside != SIZE_MAX && w->items[beside].item.kind == KF_ITEM_GAP;
    kf_time room = open_end ? KF_MODEL_MAX_TIME : gap ? w->items[beside].item.duration : 0;
    char length[40];
    if (longer > room) {
        return REFUSE(e, "only %s of gap there: roll moves the cut, ripple moves what follows", length_text(e, room, length));
    }
    kf_status status = resize(w, at, tail, longer);
    if (status != KF_OK || open_end) {
        return status;
    }
    if (gap) {
        w->items[beside].item.duration -= longer;
        return KF_OK;
    }
    track_item left = {.duration = -longer, .kind = KF_ITEM_GAP};
    /* outside of the transition at that end, which then fades from or to nothing */
    size_t place = tail ? (beside == SIZE_MAX ? w->count : beside) : (beside == SIZE_MAX ? 0 : beside + 1);
    return window_replace(w, place, place, &left, 1);
}

static kf_status trim_one(kf_edit *e, const clip_place *place, const kf_edit_trim *a, kf_time way)
{
    window w;
    size_t at;
    bool tail = a->edge == KF_EDGE_TAIL;
    kf_time longer = tail ? way : -way;
    kf_status status = window_open_clip(e, place, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    return window_end(&w, a->ripple ? resize(&w, at, tail, longer) : trim_in_place(&w, at, tail, longer));
}

static kf_time edge_of(const kf_clip_view *clip, int32_t edge)
{
    return edge == KF_EDGE_TAIL ? clip->start + clip->duration : clip->start;
}

/* The clip that an edit names: it comes first in none of the orders of clips_gather. */
static const clip_place *named(const clip_place *list, size_t count, uint64_t id)
{
    size_t i = 0;
    while (i + 1 < count && list[i].view.id != id) {
        i++;
    }
    return &list[i];
}

/* The clip and those that go with it. */
static kf_status gather_trimmed(kf_edit *e, const kf_edit_trim *a, clip_place **list, size_t *count)
{
    uint64_t *ids = kf_alloc_zero((size_t)a->with.count + 1, sizeof *ids);
    if (!ids) {
        return kf_fail_memory(e->err);
    }
    ids[0] = a->clip;
    for (int32_t i = 0; i < a->with.count; i++) {
        ids[i + 1] = a->with.ids[i];
    }
    kf_status status = clips_gather(e, (kf_ids){ids, a->with.count + 1}, a->linked, list, count);
    kf_free(ids);
    return status;
}

kf_status op_trim(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_trim *a = args;
    clip_place *list;
    size_t count;
    kf_status status = gather_trimmed(e, a, &list, &count);
    if (status != KF_OK) {
        return status;
    }
    kf_time edge = edge_of(&named(list, count, a->clip)->view, a->edge), way = 0;
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    status = done ? find_way(e, a->to, a->by, edge, &way) : kf_fail_memory(e->err);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        if (edge_of(&list[i].view, a->edge) == edge && !done[list[i].track]) {
            done[list[i].track] = true;
            status = trim_one(e, &list[i], a, way);
        }
    }
    if (status == KF_OK && a->ripple) {
        kf_time by = a->edge == KF_EDGE_TAIL ? way : -way;
        const ripple r = {.at = by < 0 && a->edge == KF_EDGE_HEAD ? edge - by : edge, .by = by, .done = done,
                          .sync = a->sync, .markers = a->markers};
        status = ripple_others(e, &r);
    }
    kf_free(done);
    kf_free(list);
    return status;
}

/* ---- Roll ---- */

static kf_status roll_one(kf_edit *e, const clip_place *place, kf_time way)
{
    window w;
    size_t at;
    char name[160];
    kf_status status = window_open_clip(e, place, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    size_t next = window_neighbour(&w, at, true);
    if (next == SIZE_MAX || w.items[next].item.kind != KF_ITEM_CLIP) {
        status = REFUSE(e, "no clip follows %s: trim moves its end", clip_name(e, &place->view, name));
    }
    if (status == KF_OK) {
        status = resize(&w, at, true, way);
    }
    return window_end(&w, status == KF_OK ? resize(&w, next, false, -way) : status);
}

/* ---- Slip ---- */

static kf_status slip_one(kf_edit *e, const clip_place *place, kf_time way)
{
    window w;
    size_t at;
    const kf_clip_view *clip = &place->view;
    kf_status status = way > 0 ? check_handle(e, clip, true, way) : check_handle(e, clip, false, -way);
    status = status == KF_OK ? window_open_clip(e, place, &w, &at) : status;
    if (status != KF_OK) {
        return status;
    }
    return window_end(&w, recut(&w, at, clip, way, way + clip->duration));
}

/* ---- Slide ---- */

static kf_status slide_one(kf_edit *e, const clip_place *place, kf_time way)
{
    window w;
    size_t at;
    char length[40];
    kf_status status = window_open_clip(e, place, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    size_t before = window_neighbour(&w, at, false), after = window_neighbour(&w, at, true);
    if (before == SIZE_MAX && way < 0) {
        status = REFUSE(e, "the clip is at the beginning of its track");
    } else if (before != SIZE_MAX && w.items[before].item.kind == KF_ITEM_GAP && w.items[before].item.duration + way < 0) {
        status = REFUSE(e, "only %s of gap before it", length_text(e, w.items[before].item.duration, length));
    } else if (after != SIZE_MAX && w.items[after].item.kind == KF_ITEM_GAP && w.items[after].item.duration < way) {
        status = REFUSE(e, "only %s of gap after it", length_text(e, w.items[after].item.duration, length));
    }
    if (status == KF_OK && after != SIZE_MAX) {
        status = resize(&w, after, false, -way);
    }
    if (status == KF_OK && before != SIZE_MAX) {
        status = resize(&w, before, true, way);
    } else if (status == KF_OK && way > 0) {
        track_item gap = {.duration = way, .kind = KF_ITEM_GAP};
        status = window_replace(&w, at, at, &gap, 1);
    }
    return window_end(&w, status);
}

/* ---- Roll, slip and slide of a clip and those linked to it ---- */

static kf_status shift_way(kf_edit *e, uint16_t id, const kf_edit_shift *a, const kf_clip_view *clip, kf_time *way)
{
    kf_time from = id == KF_EDIT_ROLL ? clip->start + clip->duration : id == KF_EDIT_SLIDE ? clip->start : clip->source_in;
    kf_status status = find_way(e, a->to, a->by, from, way);
    if (status == KF_OK && id == KF_EDIT_SLIP && a->to != KF_TIME_NONE) {
        *way = kf_muldiv_floor(*way, clip->speed.den, clip->speed.num) * (clip->reverse ? -1 : 1);
    }
    return status;
}

static kf_status shift_clip(kf_edit *e, uint16_t id, const kf_edit_shift *a)
{
    clip_place *list;
    size_t count;
    kf_status status = clips_gather(e, (kf_ids){&a->clip, 1}, a->linked, &list, &count);
    if (status != KF_OK) {
        return status;
    }
    kf_clip_view first = named(list, count, a->clip)->view;
    kf_time way = 0;
    status = shift_way(e, id, a, &first, &way);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        const kf_clip_view *clip = &list[i].view;
        bool along = id != KF_EDIT_ROLL || clip->start + clip->duration == first.start + first.duration;
        if (along) {
            status = id == KF_EDIT_ROLL   ? roll_one(e, &list[i], way)
                     : id == KF_EDIT_SLIP ? slip_one(e, &list[i], way)
                                          : slide_one(e, &list[i], way);
        }
    }
    kf_free(list);
    return status;
}

kf_status op_roll(kf_edit *e, uint16_t id, const void *args)
{
    return shift_clip(e, id, args);
}

kf_status op_slip(kf_edit *e, uint16_t id, const void *args)
{
    return shift_clip(e, id, args);
}

kf_status op_slide(kf_edit *e, uint16_t id, const void *args)
{
    return shift_clip(e, id, args);
}

/* ---- Rate stretch ---- */

typedef struct stretch {
    kf_rational speed;
    bool reverse;
} stretch;

static void set_speed(clip_body *body, const void *ctx)
{
    const stretch *s = ctx;
    body->speed = s->speed;
    body->flags = (uint8_t)(s->reverse ? body->flags ^ CLIP_REVERSE : body->flags);
    body->source_out = body->flags & CLIP_LOOP ? body->source_out : KF_TIME_NONE;
}

/* Speed and length of a clip whose source, all of what it shows now, is to run in another time. */
static kf_status find_speed(kf_edit *e, const kf_edit_rate_stretch *a, const kf_clip_view *clip, stretch *s, kf_time *duration)
{
    kf_time source = kf_muldiv_ceil(clip->duration, clip->speed.num, clip->speed.den), frame = sequence_frame(e);
    bool negative = false;
    s->reverse = a->reverse;
    s->speed = clip->speed;
    *duration = a->duration == KF_TIME_NONE ? clip->duration : a->duration;
    if (clip->frozen || clip->remap_count > 0) {
        return REFUSE(e, "a clip that stands still or has a time remap has no one speed: set_clip changes those");
    }
    if (a->speed && a->duration != KF_TIME_NONE) {
        return REFUSE(e, "give one of duration and speed");
    }
    if (a->speed) {
        kf_status status = edit_read_ratio(e, a->speed, &s->speed, &negative);
        if (status != KF_OK) {
            return status;
        }
        s->reverse = negative != clip->reverse;
        kf_rational rate = e->sequence.view.rate;
        kf_time exact = kf_muldiv_floor(source, s->speed.den, s->speed.num);
        *duration = kf_frame_start(kf_frame_at(exact + frame / 2, rate), rate);
    } else if (a->duration != KF_TIME_NONE && !speed_from(source, a->duration, &s->speed)) {
        return REFUSE(e, "a speed of %g is beyond 0.001 to 1000", (double)source / (double)a->duration);
    }
    *duration = *duration < frame ? frame : *duration;
    return KF_OK;
}

static kf_status stretch_one(kf_edit *e, const clip_place *place, const kf_edit_rate_stretch *a, kf_time *way)
{
    stretch s;
    window w;
    size_t at;
    kf_time duration;
    char length[40];
    kf_status status = find_speed(e, a, &place->view, &s, &duration);
    status = status == KF_OK ? window_open_clip(e, place, &w, &at) : status;
    if (status != KF_OK) {
        return status;
    }
    *way = duration - place->view.duration;
    size_t next = window_neighbour(&w, at, true);
    bool gap = next != SIZE_MAX && w.items[next].item.kind == KF_ITEM_GAP;
    kf_time room = next == SIZE_MAX && w.to_end ? KF_MODEL_MAX_TIME : gap ? w.items[next].item.duration : 0;
    if (!a->ripple && *way > room) {
        status = REFUSE(e, "only %s of gap after it: ripple moves what follows", length_text(e, room, length));
    }
    if (status == KF_OK) {
        status = clip_change(e, w.items[at].item.ref, set_speed, &s, &w.items[at].item.ref);
    }
    if (status == KF_OK) {
        const key_scale scale = {.num = duration, .den = place->view.duration};
        status = clip_scale_keys(e, &scale, &w.items[at].item.ref);
        w.items[at].item.duration = duration;
    }
    if (status == KF_OK && !a->ripple && gap) {
        w.items[next].item.duration -= *way;
    } else if (status == KF_OK && !a->ripple && next != SIZE_MAX) {
        track_item left = {.duration = -*way, .kind = KF_ITEM_GAP};
        status = window_replace(&w, next, next, &left, 1);
    }
    return window_end(&w, status);
}

kf_status op_rate_stretch(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_rate_stretch *a = args;
    clip_place *list;
    size_t count;
    kf_status status = clips_gather(e, (kf_ids){&a->clip, 1}, a->linked, &list, &count);
    if (status != KF_OK) {
        return status;
    }
    kf_clip_view first = named(list, count, a->clip)->view;
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    kf_time way = 0;
    status = done ? KF_OK : kf_fail_memory(e->err);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        const kf_clip_view *clip = &list[i].view;
        if (clip->id == a->clip || (clip->start == first.start && clip->duration == first.duration)) {
            done[list[i].track] = true;
            status = stretch_one(e, &list[i], a, &way);
        }
    }
    if (status == KF_OK && a->ripple) {
        const ripple r = {.at = first.start + first.duration, .by = way, .done = done, .sync = a->sync, .markers = a->markers};
        status = ripple_others(e, &r);
    }
    kf_free(done);
    kf_free(list);
    return status;
}
