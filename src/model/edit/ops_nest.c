/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nesting: clips move into a sequence of their own, which one clip shows in their place. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/ops.h"
#include "model/nesting.h"

typedef struct nest {
    kf_edit *e;
    clip_place *list;        /* the clips, in the order of tracks and time */
    size_t count;
    kf_time from, to;        /* that they span */
    int32_t target;          /* the track that shows them */
    track_item clip;         /* what does */
    kf_ref *tracks;          /* of the new sequence */
    size_t track_count;
    int64_t clips;           /* in it */
    track_item *items;       /* of the track being taken apart, in the new sequence */
    size_t item_count, item_capacity;
    kf_time end;             /* of those */
} nest;

/* ---- What moves ---- */

enum { STAYS, MOVES };       /* marks, one for each item of a window */

static void mark_clips(const window *w, const clip_place *list, size_t count, uint8_t *marks)
{
    size_t k = 0;
    for (size_t i = 0; i < w->count && k < count; i++) {
        if (w->items[i].item.kind == KF_ITEM_CLIP && w->items[i].item.ref == list[k].view.ref) {
            marks[i] = MOVES;
            k++;
        }
    }
}

static bool is_clip_that(const window *w, size_t i, const uint8_t *marks, uint8_t mark)
{
    return i < w->count && w->items[i].item.kind == KF_ITEM_CLIP && marks[i] == mark;
}

/* Transitions among clips that move, and their fades, move along; those that reach over the begin of it all do not. */
static void mark_transitions(const nest *n, const window *w, uint8_t *marks)
{
    kf_time cut = w->start;
    for (size_t i = 0; i < w->count; cut += w->items[i++].item.duration) {
        size_t left = window_neighbour(w, i, false), right = window_neighbour(w, i, true);
        kf_transition_view view;
        if (w->items[i].item.kind == KF_ITEM_TRANSITION && !is_clip_that(w, left, marks, STAYS) &&
            !is_clip_that(w, right, marks, STAYS) &&
            (is_clip_that(w, left, marks, MOVES) || is_clip_that(w, right, marks, MOVES)) &&
            transition_open(n->e->store, w->items[i].item.ref, cut, &view) && view.start >= n->from) {
            marks[i] = MOVES;
        }
    }
}

/* ---- Into the new sequence ---- */

static kf_status add(nest *n, track_item item)
{
    void *items = n->items;
    if (kf_grow(&items, &n->item_capacity, n->item_count + 1, sizeof item) != 0) {
        return kf_fail_memory(n->e->err);
    }
    n->items = items;
    n->items[n->item_count++] = item;
    n->end += item.duration;
    return KF_OK;
}

static kf_status collect(nest *n, const window *w, const uint8_t *marks)
{
    kf_time at = w->start - n->from;
    kf_status status = KF_OK;
    n->item_count = 0;
    n->end = 0;
    for (size_t i = 0; i < w->count && status == KF_OK; at += w->items[i++].item.duration) {
        if (marks[i] == MOVES && at > n->end) {
            status = add(n, (track_item){.duration = at - n->end, .kind = KF_ITEM_GAP});
        }
        if (marks[i] == MOVES && status == KF_OK) {
            status = add(n, w->items[i].item);
        }
    }
    return status;
}

/* A plain track of those items. */
static kf_status write_track(nest *n, kf_track_kind kind)
{
    kf_edit *e = n->e;
    tree_sum sum;
    kf_ref tree;
    kf_status status = tree_build(e->store, n->items, n->item_count, &tree, &sum, e->err);
    if (status != KF_OK) {
        return status;
    }
    const track_body body = {.uid = edit_new_id(e), .kind = (uint8_t)kind, .flags = TRACK_SYNC_LOCK,
                             .item_count = sum.items, .clip_count = sum.clips, .duration = sum.duration};
    build_start(&e->build, sizeof body);
    build_body(&e->build, 0, &body, sizeof body);
    for (int i = 0; i < TRACK_EFFECTS; i++) {
        build_ref(&e->build, i == TRACK_TREE ? tree : KF_REF_NONE);
    }
    n->clips += sum.clips;
    return build_append(&e->build, e->store, NODE_TRACK, &n->tracks[n->track_count++], e->err);
}

/* ---- Out of the old one ---- */

static kf_status leave_gaps(window *w, const uint8_t *marks)
{
    kf_status status = KF_OK;
    for (size_t i = w->count; i-- > 0 && status == KF_OK;) {
        const track_item gap = {.duration = w->items[i].item.duration, .kind = KF_ITEM_GAP};
        if (marks[i] == MOVES) {
            status = window_replace(w, i, i + 1, &gap, gap.duration > 0);
        }
    }
    return status;
}

static kf_status check_room(const nest *n, const window *w)
{
    kf_edit *e = n->e;
    kf_time at = w->start;
    for (size_t i = 0; i < w->count; at += w->items[i++].item.duration) {
        kf_clip_view clip;
        char name[160], track[80];
        bool over = at < n->to && at + w->items[i].item.duration > n->from;
        if (over && window_clip(w, i, &clip)) {
            return REFUSE(e, "%s lies among them on track %s, where the nested sequence goes: nest it too, or move it",
                          clip_name(e, &clip, name), track_name(e, w->track, track));
        }
    }
    return KF_OK;
}

/* Puts the clip that shows the new sequence where gaps are now. */
static kf_status put_clip(const nest *n, window *w)
{
    size_t first = 0, last = 0;
    kf_status status = check_room(n, w);
    status = status == KF_OK ? window_split(w, n->from, &first) : status;
    status = status == KF_OK ? window_split(w, n->to, &last) : status;
    if (status == KF_OK && last > first && w->items[last - 1].item.kind == KF_ITEM_TRANSITION) {
        last--; /* that of the clip after it */
    }
    return status == KF_OK ? window_replace(w, first, last, &n->clip, 1) : status;
}

/* ---- Track by track ---- */

/* Called with a track's window and its marks. */
typedef kf_status part_fn(nest *n, window *w, const uint8_t *marks);

static kf_status copy_part(nest *n, window *w, const uint8_t *marks)
{
    kf_status status = collect(n, w, marks);
    return status == KF_OK ? write_track(n, w->view.kind) : status;
}

static kf_status take_part(nest *n, window *w, const uint8_t *marks)
{
    kf_status status = leave_gaps(w, marks);
    return status == KF_OK && w->track == n->target ? put_clip(n, w) : status;
}

static kf_status with_marks(nest *n, window *w, const clip_place *list, size_t count, part_fn *fn)
{
    uint8_t *marks = kf_alloc_zero(w->count + 1, 1);
    if (!marks) {
        return kf_fail_memory(n->e->err);
    }
    mark_clips(w, list, count, marks);
    mark_transitions(n, w, marks);
    kf_status status = fn(n, w, marks);
    kf_free(marks);
    return status;
}

/* change: what fn has made of the tracks is kept. */
static kf_status for_each_track(nest *n, part_fn *fn, bool change)
{
    kf_status status = KF_OK;
    for (size_t i = 0, end = 0; i < n->count && status == KF_OK; i = end) {
        window w;
        while (end < n->count && n->list[end].track == n->list[i].track) {
            end++;
        }
        status = window_open(n->e, n->list[i].track, n->from, n->to, &w);
        if (status == KF_OK) {
            status = with_marks(n, &w, n->list + i, end - i, fn);
            status = change ? window_end(&w, status) : (window_finish(&w), status);
        }
    }
    return status;
}

/* ---- The sequence and its clip ---- */

/* An id that no sequence has: the one asked for, or one that is made up. */
static kf_status choose_id(kf_edit *e, const char *asked, char id[40])
{
    if (*asked && kf_sequence_find(edit_state(e), asked) >= 0) {
        return REFUSE(e, "there is another sequence \"%.100s\"", asked);
    }
    snprintf(id, 40, "nest");
    for (int i = 2; !*asked && kf_sequence_find(edit_state(e), id) >= 0; i++) {
        snprintf(id, 40, "nest-%d", i);
    }
    return KF_OK;
}

/* With the settings of the one that is open, but nothing on its sound and no marks. */
static kf_status write_sequence(nest *n, uint64_t uid, const char *id, const char *name)
{
    kf_edit *e = n->e;
    size_t size;
    kf_ref ref;
    const sequence_body *old = node_body(e->store, e->sequence.ref, NODE_SEQUENCE, sizeof *old, &size);
    if (!old) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a sequence cannot be read");
    }
    sequence_body body = *old;
    build_start(&e->build, sizeof body);
    body.uid = uid;
    body.id = build_text(&e->build, id);
    body.name = build_text(&e->build, name);
    body.bin = build_text(&e->build, e->sequence.view.bin);
    body.label = (node_text){0};
    body.start_timecode = 0;
    body.master_gain = body.loudness = 0;
    body.flags &= SEQUENCE_DROP_FRAME | SEQUENCE_LIMITER;
    body.track_count = (uint32_t)n->track_count;
    body.effect_count = 0;
    body.clip_count = n->clips;
    body.duration = n->to - n->from;
    body.mark_in = body.mark_out = KF_TIME_NONE;
    build_body(&e->build, 0, &body, sizeof body);
    build_ref(&e->build, KF_REF_NONE);
    build_ref(&e->build, KF_REF_NONE);
    build_splice_refs(&e->build, SEQUENCE_TRACKS, 0, n->tracks, (uint32_t)n->track_count);
    kf_status status = build_append(&e->build, e->store, NODE_SEQUENCE, &ref, e->err);
    return status == KF_OK ? project_put(e, PROJECT_SEQUENCES, uid, ref) : status;
}

static kf_status make_clip(nest *n, uint64_t uid)
{
    const clip_body body = {.id = edit_new_id(n->e), .source_uid = uid, .source_out = KF_TIME_NONE, .speed = {1, 1},
                            .video_stream = -1, .audio_stream = -1, .source = KF_SOURCE_SEQUENCE,
                            .flags = CLIP_ENABLED | CLIP_AUDIO};
    n->clip = (track_item){.duration = n->to - n->from, .kind = KF_ITEM_CLIP};
    edit_created(n->e, body.id);
    return clip_new(n->e, &body, KF_REF_NONE, &n->clip.ref);
}

/* The span of the clips, and the lowest video track among theirs, or else the lowest audio track. */
static kf_status survey(nest *n)
{
    kf_track_view track;
    bool video = false;
    n->from = KF_MODEL_MAX_TIME;
    n->target = n->list[0].track;
    for (size_t i = 0; i < n->count; i++) {
        const kf_clip_view *clip = &n->list[i].view;
        kf_status status = track_view(n->e, n->list[i].track, &track);
        if (status != KF_OK) {
            return status;
        }
        if (!video && track.kind == KF_TRACK_VIDEO) {
            n->target = n->list[i].track;
            video = true;
        }
        n->from = clip->start < n->from ? clip->start : n->from;
        n->to = clip->start + clip->duration > n->to ? clip->start + clip->duration : n->to;
    }
    n->tracks = kf_alloc_zero(n->e->sequence.count, sizeof *n->tracks);
    return n->tracks ? KF_OK : kf_fail_memory(n->e->err);
}

/* The new sequence is there before its clip is, so that it is known how long it is. */
static kf_status do_nest(nest *n, const char *id, const char *name)
{
    kf_edit *e = n->e;
    uint64_t uid = project_new_uid(e);
    kf_status status = survey(n);
    status = status == KF_OK ? for_each_track(n, copy_part, false) : status;
    status = status == KF_OK ? write_sequence(n, uid, id, name) : status;
    if (status == KF_OK) {
        status = check_nesting(edit_state(e), e->sequence.view.uid, &uid, 1, e->err);
    }
    status = status == KF_OK ? make_clip(n, uid) : status;
    return status == KF_OK ? for_each_track(n, take_part, true) : status;
}

kf_status op_nest(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_nest *a = args;
    nest n = {.e = e};
    char made_up[40];
    kf_status status = choose_id(e, a->id, made_up);
    status = status == KF_OK ? clips_gather(e, a->clips, a->linked, &n.list, &n.count) : status;
    if (status == KF_OK && n.count == 0) {
        status = REFUSE(e, "no clips are named");
    }
    status = status == KF_OK ? do_nest(&n, *a->id ? a->id : made_up, a->name) : status;
    kf_free(n.list);
    kf_free(n.tracks);
    kf_free(n.items);
    return status;
}
