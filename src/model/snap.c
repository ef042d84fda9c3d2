/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/api/snap.h"

typedef struct search {
    const kf_snap_query *query;
    kf_snapshot snapshot;
    kf_time reach;           /* what is further away is of no use any more */
    bool found;
    kf_snap best;
} search;

static kf_time distance(const search *s, kf_time t)
{
    return t < s->query->time ? s->query->time - t : t - s->query->time;
}

static void offer(search *s, kf_snap candidate)
{
    kf_time away = distance(s, candidate.time);
    bool nearer = away < s->reach || (away == s->reach && (!s->found || candidate.kind < s->best.kind));
    if (nearer && (s->query->what & candidate.kind)) {
        s->best = candidate;
        s->found = true;
        s->reach = away;
    }
}

static bool is_ignored(const search *s, uint64_t id)
{
    for (int32_t i = 0; i < s->query->ignore.count; i++) {
        if (s->query->ignore.ids[i] == id) {
            return true;
        }
    }
    return false;
}

/* ---- Tracks ---- */

static void offer_item(search *s, kf_cursor *c, int32_t track)
{
    kf_clip_view clip;
    kf_transition_view transition;
    if ((s->query->what & KF_SNAP_CLIP) && kf_cursor_clip(c, &clip) && !is_ignored(s, clip.id)) {
        offer(s, (kf_snap){clip.start, KF_SNAP_CLIP, clip.id, track});
        offer(s, (kf_snap){clip.start + clip.duration, KF_SNAP_CLIP, clip.id, track});
    } else if (c->item.kind == KF_ITEM_TRANSITION && (s->query->what & KF_SNAP_CUT) &&
               kf_cursor_transition(c, &transition) && !is_ignored(s, transition.id)) {
        offer(s, (kf_snap){transition.cut, KF_SNAP_CUT, transition.id, track});
    }
}

/* Outward from the item at the time, to both sides, as far as the reach still goes. */
static void search_track(search *s, const kf_track_view *track, int32_t index)
{
    kf_cursor c;
    kf_time time = s->query->time;
    kf_cursor_init(&c, s->snapshot, track);
    bool there = kf_cursor_seek(&c, time < 0 ? 0 : time) || kf_cursor_previous(&c);
    kf_cursor after = c;
    for (; there && c.item.start + c.item.duration >= time - s->reach; there = kf_cursor_previous(&c)) {
        offer_item(s, &c, index);
    }
    while (kf_cursor_next(&after) && after.item.start <= time + s->reach) {
        offer_item(s, &after, index);
    }
}

static void search_tracks(search *s, const kf_sequence_view *sequence)
{
    kf_track_view track;
    for (int32_t i = 0; kf_track_get(s->snapshot, sequence, i, &track); i++) {
        search_track(s, &track, i);
    }
}

/* ---- The rest ---- */

static bool offer_marker(void *ctx, int32_t index, const kf_marker *marker)
{
    search *s = ctx;
    if (!is_ignored(s, marker->id)) {
        offer(s, (kf_snap){marker->time, KF_SNAP_MARKER, marker->id, -1});
        offer(s, (kf_snap){marker->time + marker->duration, KF_SNAP_MARKER, marker->id, -1});
    }
    return true;
}

static void offer_time(search *s, kf_time time, kf_snap_kind kind)
{
    if (time != KF_TIME_NONE) {
        offer(s, (kf_snap){time, kind, 0, -1});
    }
}

bool kf_snap_find(kf_snapshot snapshot, const kf_snap_query *query, kf_snap *out)
{
    kf_sequence_view sequence;
    search s = {.query = query, .snapshot = snapshot, .reach = query->tolerance};
    bool sane = query->time >= -KF_MODEL_MAX_TIME && query->time <= 2 * KF_MODEL_MAX_TIME && query->tolerance >= 0;
    if (!sane || !kf_sequence_at(snapshot, query->sequence, &sequence)) {
        return false;
    }
    s.reach = s.reach > KF_MODEL_MAX_TIME ? KF_MODEL_MAX_TIME : s.reach;
    if (query->what & (KF_SNAP_CLIP | KF_SNAP_CUT)) {
        search_tracks(&s, &sequence);
    }
    if (query->what & KF_SNAP_MARKER) {
        kf_time from = query->time - s.reach - 1, to = query->time + s.reach + 1;
        kf_markers_over(snapshot, sequence.markers, from, to, offer_marker, &s);
    }
    offer_time(&s, sequence.mark_in, KF_SNAP_MARK);
    offer_time(&s, sequence.mark_out, KF_SNAP_MARK);
    offer_time(&s, query->playhead, KF_SNAP_PLAYHEAD);
    offer_time(&s, 0, KF_SNAP_SEQUENCE);
    offer_time(&s, sequence.duration, KF_SNAP_SEQUENCE);
    *out = s.best;
    return s.found;
}
