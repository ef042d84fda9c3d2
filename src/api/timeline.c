/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lies on tracks. */
#include "kerf/timeline.h"

#include <string.h>

#include "api/items.h"
#include "base/api/alloc.h"
#include "base/api/str.h"
#include "model/api/snap.h"

/* ---- Walking ---- */

typedef struct walk {
    track_reader reader;
    const kf_timeline_range *range;
    kf_time resolution;
    kf_timeline_fn *fn;
    void *context;
} walk;

static bool is_short(const walk *w)
{
    return w->reader.cursor.item.duration < w->resolution;
}

/* False if that was enough. */
static bool give(walk *w, const kf_timeline_item *item)
{
    bool within = item->start < w->range->to && item->start + item->duration > w->range->from;
    return !within || w->fn(w->context, item);
}

/* To where a transition can be given that stands before the item under the cursor. */
static void step_back_to_transition(kf_cursor *c)
{
    if (!kf_cursor_previous(c) || c->item.kind != KF_ITEM_TRANSITION) {
        kf_cursor_next(c);
    }
}

/* A short clip and what follows it up to the next multiple of the resolution, as one. What reaches over that and is
 * long stands by itself. The grid does not depend on the range, so that nothing flickers when the range moves. */
static bool give_run(walk *w)
{
    kf_cursor *c = &w->reader.cursor;
    kf_timeline_item run;
    item_fill(&w->reader, &run);
    kf_time end = run.start + run.duration, edge = (run.start / w->resolution + 1) * w->resolution, until;
    if (kf_cursor_seek(c, edge) && c->item.start < edge && is_short(w)) {
        until = c->item.start + c->item.duration;
        kf_cursor_next(c);
    } else {
        until = c->item.start;
        step_back_to_transition(c);
    }
    run.merged = until > end;
    run.duration = until - run.start;
    return give(w, &run);
}

static bool give_one(walk *w)
{
    kf_timeline_item item;
    item_fill(&w->reader, &item);
    bool wanted = item.kind == KF_TIMELINE_GAP ? w->range->gaps : item.duration >= w->resolution;
    bool going = !wanted || give(w, &item);
    kf_cursor_next(&w->reader.cursor);
    return going;
}

/* Gaps that are short or not wanted cost nothing but the step. */
static bool give_next(walk *w)
{
    const kf_item_view *item = &w->reader.cursor.item;
    if (item->kind == KF_ITEM_GAP && (!w->range->gaps || is_short(w))) {
        kf_cursor_next(&w->reader.cursor);
        return true;
    }
    return item->kind == KF_ITEM_CLIP && is_short(w) ? give_run(w) : give_one(w);
}

/* A transition's item is at its cut, which may lie outside the range on either side. */
void kf_timeline_each(const kf_film_handle *film, const kf_timeline_range *range, kf_timeline_fn *fn, void *context)
{
    walk w = {.range = range, .fn = fn, .context = context};
    w.resolution = range->resolution < 0                   ? 0
                   : range->resolution > KF_MODEL_MAX_TIME ? KF_MODEL_MAX_TIME
                                                           : range->resolution;
    if (range->from >= range->to || !track_reader_init(&w.reader, film, range->sequence, range->track)) {
        return;
    }
    kf_cursor *c = &w.reader.cursor;
    kf_time from = range->from < 0 ? 0 : range->from;
    kf_cursor_seek(c, w.resolution > 0 ? from - from % w.resolution : from);
    step_back_to_transition(c);
    bool going = true;
    while (going && c->item.kind != KF_ITEM_NONE && (c->item.start < range->to || c->item.kind == KF_ITEM_TRANSITION)) {
        going = give_next(&w);
    }
}

/* ---- One item ---- */

bool kf_timeline_at(const kf_film_handle *film, int32_t sequence, int32_t track, kf_time t, kf_timeline_item *out)
{
    track_reader r;
    return track_reader_init(&r, film, sequence, track) && kf_cursor_seek(&r.cursor, t) && item_fill(&r, out);
}

bool kf_timeline_item_at(const kf_film_handle *film, int32_t sequence, int32_t track, int64_t index,
                         kf_timeline_item *out)
{
    track_reader r;
    return track_reader_init(&r, film, sequence, track) && kf_cursor_seek_index(&r.cursor, index) && item_fill(&r, out);
}

static kf_time end_of_source(kf_snapshot s, const kf_clip_view *clip)
{
    kf_asset_view asset;
    kf_sequence_view q;
    if (clip->source == KF_SOURCE_SEQUENCE && kf_sequence_at(s, kf_sequence_index(s, clip->source_uid), &q)) {
        return q.duration;
    }
    bool known = clip->source == KF_SOURCE_ASSET && kf_asset_at(s, kf_asset_index(s, clip->source_uid), &asset) &&
                 asset.media.facts.duration > 0;
    return known ? asset.media.facts.duration : KF_TIME_NONE;
}

kf_time kf_timeline_source_time(const kf_film_handle *film, const kf_timeline_item *item, kf_time t)
{
    kf_clip_view clip;
    if (!item_clip(film, item, &clip)) {
        return KF_TIME_NONE;
    }
    return kf_clip_source_time(&clip, t - clip.start, end_of_source(kf_film_snapshot(film->film), &clip));
}

int32_t kf_timeline_links(const kf_film_handle *film, const kf_timeline_item *item, bool group, uint64_t *ids,
                          int32_t size)
{
    kf_clip_view clip;
    if (!item_clip(film, item, &clip)) {
        return 0;
    }
    kf_links links = kf_clip_links(kf_film_snapshot(film->film), &clip, group ? KF_GROUP : KF_LINK);
    for (int32_t i = 0; i < links.count && i < size; i++) {
        ids[i] = links.ids[i];
    }
    return links.count;
}

bool kf_timeline_snap(const kf_film_handle *film, const kf_snap_params *params, kf_time *out)
{
    const kf_snap_query query = {.sequence = params->sequence, .time = params->time, .tolerance = params->tolerance,
                                 .what = KF_SNAP_ALL, .playhead = params->playhead,
                                 .ignore = {params->ignore, params->ignore_count}};
    kf_snap found;
    bool snaps = kf_snap_find(kf_film_snapshot(film->film), &query, &found);
    *out = snaps ? found.time : *out;
    return snaps;
}

bool kf_timeline_marker(const kf_film_handle *film, const kf_timeline_item *item, int32_t i, kf_marker_info *out)
{
    kf_clip_view clip;
    return item_clip(film, item, &clip) && marker_fill(kf_film_snapshot(film->film), clip.markers, i, out);
}

kf_status kf_timeline_json(const kf_film_handle *film, const kf_timeline_item *item, char **out, kf_error *error)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_sequence_view q;
    kf_clip_view clip;
    kf_transition_view transition;
    kf_str text = {0};
    kf_status status = KF_ERR_INVALID;
    *out = NULL;
    if (!kf_sequence_at(s, item->sequence, &q)) {
        return kf_fail(error, KF_ERR_INVALID, "this item is of another film");
    }
    if (item_clip(film, item, &clip)) {
        status = kf_clip_write_json(s, q.rate, &clip, &text, error);
    } else if (item_transition(film, item, &transition)) {
        status = kf_transition_write_json(s, q.rate, &transition, &text, error);
    } else {
        kf_fail(error, status, "this is no clip or transition of this film");
    }
    if (status == KF_OK) {
        *out = text.data;
    } else {
        kf_str_finish(&text);
    }
    return status;
}
