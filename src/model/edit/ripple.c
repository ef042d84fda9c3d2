/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What follows an edit moves along on the other tracks with sync lock. */
#include "base/api/alloc.h"
#include "model/edit/edit.h"
#include "model/marks.h"

static kf_status open_up(kf_edit *e, int32_t track, const ripple *r)
{
    window w;
    size_t place;
    track_item gap = {.duration = r->by, .kind = KF_ITEM_GAP};
    kf_status status = window_open(e, track, r->at, r->at, &w);
    if (status != KF_OK) {
        return status;
    }
    status = window_split(&w, r->at, &place);
    if (status == KF_OK) {
        status = window_replace(&w, place, place, &gap, 1);
    }
    return window_end(&w, status);
}

/* The first clip that lies over [from, to). */
static bool find_clip_over(kf_edit *e, const kf_track_view *track, kf_time from, kf_time to, kf_clip_view *out)
{
    kf_cursor c;
    kf_cursor_init(&c, edit_state(e), track);
    bool more = kf_cursor_seek(&c, from < 0 ? 0 : from);
    while (more && c.item.start < to) {
        if (c.item.kind == KF_ITEM_CLIP && c.item.start + c.item.duration > from) {
            return kf_cursor_clip(&c, out);
        }
        more = kf_cursor_next(&c);
    }
    return false;
}

static kf_status close_up(kf_edit *e, int32_t track, const kf_track_view *view, const ripple *r)
{
    kf_clip_view clip;
    char clip_text[160], track_text[80];
    if (find_clip_over(e, view, r->at + r->by, r->at, &clip)) {
        return REFUSE(e, "track %s cannot close up at %s: %s is there; switch off its sync lock, or pass \"sync\": false",
                      track_name(e, track, track_text), time_text(e, r->at + r->by), clip_name(e, &clip, clip_text));
    }
    window w;
    size_t first, last;
    kf_status status = window_open_span(e, track, r->at + r->by, r->at, &w, &first, &last);
    if (status != KF_OK) {
        return status;
    }
    return window_end(&w, window_replace(&w, first, last, NULL, 0));
}

/* The marker at another time, and with another id if that is not 0. */
static kf_status move_marker(kf_edit *e, node_build *b, kf_ref *ref, kf_time time, uint64_t id)
{
    const kf_node *node = kf_store_node(e->store, *ref, NODE_MARKER, sizeof(marker_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a marker cannot be read");
    }
    build_load(b, node);
    build_body(b, offsetof(marker_body, time), &time, sizeof time);
    if (id) {
        build_body(b, offsetof(marker_body, id), &id, sizeof id);
    }
    return build_append(b, e->store, NODE_MARKER, ref, e->err);
}

kf_status markers_shift(kf_edit *e, kf_ref *tree, const markers_move *m)
{
    kf_snapshot state = edit_state(e);
    kf_markers markers = marks_of(e->store, *tree);
    mark_item *items = kf_alloc_zero((size_t)markers.count + 1, sizeof *items);
    kf_status status = items ? KF_OK : kf_fail_memory(e->err);
    size_t count = 0;
    node_build b = {0};
    for (int32_t i = 0; i < markers.count && status == KF_OK; i++) {
        kf_marker marker;
        if (!kf_marker_at(state, markers, i, &marker)) {
            continue;
        }
        kf_ref ref = marker.ref;
        if (marker.time >= m->at) {
            kf_time time = marker.time + m->by < m->at && m->clamp ? m->at : marker.time + m->by;
            status = move_marker(e, &b, &ref, time, m->new_ids ? edit_new_id(e) : 0);
        }
        count += status == KF_OK && mark_item_get(e->store, ref, &items[count]);
    }
    build_finish(&b);
    status = status == KF_OK ? marks_build(e->store, items, count, tree, e->err) : status;
    kf_free(items);
    return status;
}

/* Markers in what closes up go to where it was. */
static kf_status ripple_markers(kf_edit *e, const ripple *r)
{
    const markers_move move = {.at = r->by < 0 ? r->at + r->by : r->at, .by = r->by, .clamp = true};
    e->sequence.changed = true;
    return markers_shift(e, &e->sequence.markers, &move);
}

kf_status ripple_others(kf_edit *e, const ripple *r)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; r->by != 0 && i < (int32_t)e->sequence.count && status == KF_OK; i++) {
        kf_track_view view;
        status = track_view(e, i, &view);
        kf_time from = r->by < 0 ? r->at + r->by : r->at;
        bool moves = r->sync && (view.sync_lock || r->all) && !view.lock && !(r->done && r->done[i]) && view.duration > from;
        if (status == KF_OK && moves) {
            status = r->by > 0 ? open_up(e, i, r) : close_up(e, i, &view, r);
        }
    }
    return status == KF_OK && r->markers ? ripple_markers(e, r) : status;
}
