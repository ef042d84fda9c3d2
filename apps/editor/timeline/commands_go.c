/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Going places by command: cuts, clips, markers. */
#include "commands.h"
#include "ops.h"

static KerfDocument *document_of(KerfWindow *w)
{
    return kerf_window_document(w);
}

static void go(KerfWindow *w, kf_time t)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kerf_document_seek(document_of(w), t);
    if (area) kerf_timeline_area_show_time(area, t, false);
}

/* ---- Cuts ---- */

static bool counts(KerfDocument *d, int32_t i, bool any)
{
    kf_track_info track;
    return kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track) && (any || track.target);
}

static bool has_target(KerfDocument *d)
{
    for (int32_t i = 0; i < kerf_document_sequence_info(d)->tracks; i++) {
        if (counts(d, i, false)) return true;
    }
    return false;
}

/* The nearest end of an item of target tracks (of all, if none is) on one side of t; -1: none. */
static kf_time cut_beside(KerfDocument *d, kf_time t, bool after)
{
    bool any = !has_target(d);
    kf_time best = -1;
    for (int32_t i = 0; i < kerf_document_sequence_info(d)->tracks; i++) {
        kf_timeline_item item;
        kf_time at = after ? t : t - 1;
        if (!counts(d, i, any) || at < 0) continue;
        if (!kf_timeline_at(kerf_document_film(d), kerf_document_sequence(d), i, at, &item)) {
            kf_track_info track;
            kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track);
            if (!after && track.duration < t && track.duration > best) best = track.duration;
            continue;
        }
        kf_time cut = after ? item.start + item.duration : item.start;
        if (best < 0 || (after ? cut < best : cut > best)) best = cut;
    }
    return best;
}

static void go_to_cut(KerfWindow *w, bool after)
{
    kf_time t = cut_beside(document_of(w), kerf_document_playhead(document_of(w)), after);
    if (t >= 0) go(w, t);
}

void kt_cut_next(KerfWindow *w)
{
    go_to_cut(w, true);
}

void kt_cut_previous(KerfWindow *w)
{
    go_to_cut(w, false);
}

/* ---- Clips ---- */

static void select_item(KerfWindow *w, const kf_timeline_item *item)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kf_time start = item->start;
    int32_t track = item->track;
    kerf_document_select(document_of(w), &item->id, 1);
    kerf_document_set_focus(document_of(w), item->id);
    if (!area) return;
    const kt_row *row = kt_view_row_of(&area->view, track);
    if (row) kt_view_show_row(&area->view, row);
    kerf_timeline_area_show_time(area, start, false);
}

static bool focused(KerfWindow *w, kf_timeline_item *out)
{
    return kerf_document_find(document_of(w), kerf_document_focus(document_of(w)), out);
}

/* Beside the focused one on its track; without one, what lies at the playhead. */
static void select_beside(KerfWindow *w, int step)
{
    KerfDocument *d = document_of(w);
    kf_timeline_item item;
    if (!focused(w, &item)) {
        kt_clip_at_playhead(w);
        return;
    }
    int64_t index = item.index;
    do {
        index += step;
        if (index < 0 || !kf_timeline_item_at(kerf_document_film(d), item.sequence, item.track, index, &item)) return;
    } while (item.kind == KF_TIMELINE_GAP);
    select_item(w, &item);
}

void kt_clip_next(KerfWindow *w)
{
    select_beside(w, 1);
}

void kt_clip_previous(KerfWindow *w)
{
    select_beside(w, -1);
}

/* The clip over the same time on the next row that has one. */
static void select_row(KerfWindow *w, int down)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    KerfDocument *d = document_of(w);
    kf_timeline_item item, other;
    if (!area || !focused(w, &item)) {
        kt_clip_at_playhead(w);
        return;
    }
    const kt_row *row = kt_view_row_of(&area->view, item.track);
    kf_time at = kerf_document_playhead(d);
    if (at < item.start || at >= item.start + item.duration) at = item.start + item.duration / 2;
    for (const kt_row *r = row ? row + down : NULL; r >= area->view.rows && r < area->view.rows + area->view.row_count;
         r += down) {
        if (kf_timeline_at(kerf_document_film(d), item.sequence, r->track, at, &other) &&
            other.kind == KF_TIMELINE_CLIP) {
            select_item(w, &other);
            return;
        }
    }
}

void kt_clip_above(KerfWindow *w)
{
    select_row(w, -1);
}

void kt_clip_below(KerfWindow *w)
{
    select_row(w, 1);
}

static bool select_here(KerfWindow *w, bool audio, bool any)
{
    KerfDocument *d = document_of(w);
    kf_time at = kerf_document_playhead(d);
    for (int32_t i = kerf_document_sequence_info(d)->tracks - 1; i >= 0; i--) {
        kf_timeline_item item;
        kf_track_info track;
        if (!kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track) || track.audio != audio) continue;
        if (!counts(d, i, any)) continue;
        if (!kf_timeline_at(kerf_document_film(d), kerf_document_sequence(d), i, at, &item)) continue;
        if (item.kind != KF_TIMELINE_CLIP) continue;
        select_item(w, &item);
        return true;
    }
    return false;
}

/* The topmost picture on target tracks, else their sound, else those of any. */
void kt_clip_at_playhead(KerfWindow *w)
{
    for (int pass = 0; pass < 4; pass++) {
        if (select_here(w, pass & 1, pass >= 2)) return;
    }
}

/* ---- Markers ---- */

static bool marker_at(KerfDocument *d, int32_t i, kf_marker_info *out)
{
    return i >= 0 && kf_film_marker(kerf_document_film(d), KF_MARKER_SEQUENCE, kerf_document_sequence(d), i, out);
}

static int32_t marker_after(KerfDocument *d, kf_time t)
{
    return kf_film_marker_after(kerf_document_film(d), KF_MARKER_SEQUENCE, kerf_document_sequence(d), t);
}

void kt_marker_add(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(d)->id);
    kerf_document_edit(d, "Add Marker",
                       kerf_json_operation("add_marker", "\"sequence\": %s, \"set\": {\"time\": %s}", sequence,
                                           kerf_json_time(kerf_document_playhead(d)).text));
}

void kt_marker_remove(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    kf_marker_info marker;
    kf_time at = kerf_document_playhead(d), frame = kf_sequence_frame_time(kerf_document_sequence_info(d), 1);
    if (!marker_at(d, marker_after(d, at), &marker) || marker.time >= at + frame) return;
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(d)->id);
    kerf_document_edit(
        d, "Remove Marker",
        kerf_json_operation("remove_marker", "\"sequence\": %s, \"marker\": " KT_ID, sequence, marker.id));
}

void kt_marker_clear(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(d)->id);
    g_autoptr(GString) operations = g_string_new(NULL);
    kf_marker_info marker;
    for (int32_t i = 0; marker_at(d, i, &marker); i++) {
        g_autofree char *one =
            kerf_json_operation("remove_marker", "\"sequence\": %s, \"marker\": " KT_ID, sequence, marker.id);
        g_string_append(operations, one);
    }
    if (operations->len) kerf_document_edit(d, "Remove All Markers", g_strdup(operations->str));
}

void kt_marker_next(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    kf_marker_info marker;
    if (marker_at(d, marker_after(d, kerf_document_playhead(d) + 1), &marker)) go(w, marker.time);
}

void kt_marker_previous(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    kf_marker_info marker;
    int32_t i = marker_after(d, kerf_document_playhead(d));
    if (i < 0) i = kerf_document_sequence_info(d)->markers;
    if (marker_at(d, i - 1, &marker)) go(w, marker.time);
}
