/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a sequence to a list of events: one video track and up to four of sound, merged in order of record time. A list
 * cuts where a transition begins, not where it is centred: the pictures are the same. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interchange/edl.h"
#include "interchange/edl_write.h"

enum { MAX_LANES = 5 };

/* A track on its way through the list. */
typedef struct lane {
    kf_track_view track;
    kf_cursor cursor;
    bool audio, done;
    int channel;                 /* of sound, from 1 */
    bool has_head, has_tail;     /* transitions at the clip's ends */
    bool has_from, has_to;
    kf_clip_view clip, from;
    kf_transition_view head, tail;
    kf_time in, out;             /* record times of the clip's event */
} lane;

typedef struct exporter {
    edl_writer w;
    lane *lanes;
    int lane_count;
    int32_t next_marker;
} exporter;

/* ---- Lanes ---- */

/* A list has no labels below 0: where the incoming source has nothing before its first frame, a transition begins at
 * the cut. False if then nothing is left of it. It is told of when it is met as a clip's tail, or where no clip is. */
static bool fit_transition(const edl_writer *w, kf_transition_view *t, bool tail)
{
    ix_place place;
    edl_part part = {.in = edl_nearest_frame(w, t->start), .out = edl_nearest_frame(w, t->cut)};
    if (!t->to || part.out <= part.in) {
        return true;
    }
    edl_describe(w, t->to, &part.source);
    edl_times(w, t->to, &part);
    if (part.early && (tail || !t->from)) {
        kf_report_add(w->report, KF_LOSS_CHANGED, ix_where(place, &w->sequence, NULL, t->start, part.source.name),
                      "Its source has nothing before its first frame: the transition begins at the cut.");
    }
    if (part.early) {
        t->duration -= t->cut - t->start;
        t->start = t->cut;
    }
    return t->duration > 0;
}

static bool next_clip(const edl_writer *w, lane *l)
{
    l->has_head = false;
    while (kf_cursor_next(&l->cursor)) {
        if (l->cursor.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&l->cursor, &l->head)) {
            l->has_head = fit_transition(w, &l->head, false);
            l->has_from = l->head.from != NULL;
            l->from = l->has_from ? *l->head.from : l->from;
        } else if (l->cursor.item.kind == KF_ITEM_CLIP) {
            return kf_cursor_clip(&l->cursor, &l->clip);
        } else {
            l->has_head = false;
        }
    }
    return false;
}

/* To the next clip, with the transitions at its ends. */
static void advance(const edl_writer *w, lane *l)
{
    l->done = !next_clip(w, l);
    l->has_tail = false;
    if (l->done) {
        return;
    }
    kf_cursor ahead = l->cursor;
    if (kf_cursor_next(&ahead) && ahead.item.kind == KF_ITEM_TRANSITION) {
        l->has_tail = kf_cursor_transition(&ahead, &l->tail) && fit_transition(w, &l->tail, true);
        l->has_to = l->has_tail && l->tail.to;
    }
    l->in = edl_nearest_frame(w, l->has_head ? l->head.start : l->clip.start);
    l->out = edl_nearest_frame(w, l->has_tail ? l->tail.start : l->clip.start + l->clip.duration);
}

static lane *first_lane(exporter *x)
{
    lane *first = NULL;
    for (int i = 0; i < x->lane_count; i++) {
        lane *l = &x->lanes[i];
        if (!l->done && (!first || l->in < first->in)) {
            first = l;
        }
    }
    return first;
}

/* ---- Tracks ---- */

static void drop_track(exporter *x, const kf_track_view *track, const char *why)
{
    kf_cursor cursor;
    kf_clip_view clip;
    ix_place place;
    kf_cursor_init(&cursor, x->w.snapshot, track);
    while (kf_cursor_next(&cursor)) {
        if (kf_cursor_clip(&cursor, &clip)) {
            edl_source source;
            edl_describe(&x->w, &clip, &source);
            kf_report_add(x->w.report, KF_LOSS_DROPPED,
                          ix_where(place, &x->w.sequence, track->name, clip.start, source.name), "%s", why);
        }
    }
}

static void add_lane(exporter *x, const kf_track_view *track, int channel)
{
    lane *l = &x->lanes[x->lane_count++];
    l->track = *track;
    l->audio = channel > 0;
    l->channel = channel;
    kf_cursor_init(&l->cursor, x->w.snapshot, &l->track);
    advance(&x->w, l);
}

static void add_tracks(exporter *x)
{
    kf_track_view track;
    bool has_video = false;
    int channels = 0;
    for (int32_t i = 0; i < x->w.sequence.track_count; i++) {
        if (!kf_track_get(x->w.snapshot, &x->w.sequence, i, &track)) {
            continue;
        }
        bool audio = track.kind == KF_TRACK_AUDIO;
        if (track.clip_count == 0) {
            channels += audio;
            continue;
        }
        if (audio ? track.mute : track.hide) {
            drop_track(x, &track, "The track is switched off; a list has nothing but what is seen and heard.");
        } else if (!audio && !has_video) {
            has_video = true;
            add_lane(x, &track, 0);
        } else if (audio && channels < MAX_LANES - 1) {
            add_lane(x, &track, ++channels);
        } else {
            drop_track(x, &track, audio ? "A list has four tracks of sound." : "A list has one track of pictures.");
        }
    }
}

/* ---- Events ---- */

static void put_markers(exporter *x, const lane *l)
{
    kf_marker marker;
    ix_place place;
    for (int32_t i = 0; kf_marker_at(x->w.snapshot, l->clip.markers, i, &marker); i++) {
        edl_put_locator(&x->w, &marker, marker.time + l->clip.start);
    }
    if (l->audio) {
        return;
    }
    for (; kf_marker_at(x->w.snapshot, x->w.sequence.markers, x->next_marker, &marker) && marker.time < l->out;
         x->next_marker++) {
        if (marker.time >= l->in) {
            edl_put_locator(&x->w, &marker, marker.time);
        } else {
            kf_report_add(x->w.report, KF_LOSS_DROPPED,
                          ix_where(place, &x->w.sequence, NULL, marker.time, marker.name),
                          "A list has markers in events only; none is recorded here.");
        }
    }
}

static edl_part part_of(exporter *x, const lane *l, const kf_clip_view *clip, kf_time in, kf_time out)
{
    edl_part part = {.in = in, .out = out};
    edl_describe(&x->w, clip, &part.source);
    edl_times(&x->w, clip, &part);
    edl_channels(&x->w, clip, &part.source, l->channel, part.channels);
    return part;
}

static edl_part black(exporter *x, const edl_part *like, kf_time in, kf_time out)
{
    edl_part part = {.in = in, .out = out, .source = {.name = "", .file = "", .black = true}};
    snprintf(part.source.reel, sizeof part.source.reel, "BL");
    memcpy(part.channels, like->channels, sizeof part.channels);
    edl_times(&x->w, NULL, &part);
    return part;
}

static void put_fade_out(exporter *x, const lane *l)
{
    edl_part from = part_of(x, l, &l->clip, l->out, l->out);
    edl_part to = black(x, &from, l->out, edl_nearest_frame(&x->w, l->tail.start + l->tail.duration));
    edl_put_transition(&x->w, &l->tail, &from, &to);
}

static void put_event(exporter *x, lane *l)
{
    edl_part to = part_of(x, l, &l->clip, l->in, l->out), from;
    if (l->has_head) {
        from = l->has_from ? part_of(x, l, &l->from, l->in, l->in) : black(x, &to, l->in, l->in);
        edl_put_transition(&x->w, &l->head, &from, &to);
    } else if (l->out > l->in) {
        edl_put_cut(&x->w, &to);
    }
    edl_put_notes(&x->w, &l->clip, &to.source);
    put_markers(x, l);
    edl_report_clip(&x->w, &l->track, &l->clip, &to);
    if (l->has_tail && !l->has_to) {
        put_fade_out(x, l);
        l->has_tail = false;
    }
}

static void put_clip(exporter *x, lane *l)
{
    ix_place place;
    if (l->clip.enabled && l->clip.source != KF_SOURCE_ADJUSTMENT) {
        put_event(x, l);
        return;
    }
    kf_report_add(
        x->w.report, KF_LOSS_DROPPED, ix_where(place, &x->w.sequence, l->track.name, l->clip.start, l->clip.name),
        l->clip.enabled ? "A list has no adjustment layers." : "It is switched off, which a list cannot say.");
    l->has_tail = false;
}

/* What comes before the first event is black, so that the list says where the sequence starts. */
static void put_lead(exporter *x, const lane *first)
{
    edl_part like = {0}, part;
    if (!first || first->in <= 0) {
        return;
    }
    snprintf(like.channels, sizeof like.channels, "%s", first->audio ? "A" : "V");
    part = black(x, &like, 0, first->in);
    edl_put_cut(&x->w, &part);
}

static void put_head(exporter *x, const kf_export_params *params)
{
    const char *title = *x->w.sequence.name ? x->w.sequence.name : params->name ? params->name : "Kerf";
    kf_str_add(x->w.out, "TITLE: ");
    edl_put_line(x->w.out, title);
    edl_put_fcm(&x->w, x->w.sequence.drop_frame);
    edl_put_comments(&x->w, x->w.sequence.metadata);
}

kf_status edl_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                     kf_error *err)
{
    exporter x = {.w = {.snapshot = snapshot, .out = out, .report = report}};
    kf_status status = ix_export_sequence(snapshot, params, &x.w.sequence, err);
    if (status) {
        return status;
    }
    x.lanes = kf_alloc_zero(MAX_LANES, sizeof *x.lanes);
    if (!x.lanes) {
        return kf_fail_memory(err);
    }
    put_head(&x, params);
    add_tracks(&x);
    put_lead(&x, first_lane(&x));
    for (lane *l; (l = first_lane(&x)) && !out->failed; advance(&x.w, l)) {
        put_clip(&x, l);
    }
    kf_free(x.lanes);
    if (x.lane_count == 0 && !out->failed) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "an EDL has events; the sequence \"%.200s\" has no clip to make one of",
                       x.w.sequence.id);
    }
    return out->failed ? kf_fail_memory(err) : KF_OK;
}
