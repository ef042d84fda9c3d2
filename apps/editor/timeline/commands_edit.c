/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits by command. */
#include "commands.h"
#include "ops.h"

static KerfDocument *document_of(KerfWindow *w)
{
    return kerf_window_document(w);
}

static char *sequence_of(KerfWindow *w)
{
    return kerf_json_quote(kerf_document_sequence_info(document_of(w))->id);
}

static const char *linked(KerfWindow *w)
{
    return kerf_document_mode(document_of(w), KERF_MODE_LINKED) ? "true" : "false";
}

gboolean kt_has_timeline(KerfWindow *w)
{
    return document_of(w) != NULL;
}

gboolean kt_has_selection(KerfWindow *w)
{
    size_t count = 0;
    if (document_of(w)) kerf_document_selection(document_of(w), &count);
    return count > 0;
}

gboolean kt_has_gap(KerfWindow *w)
{
    KerfTimelineArea *area = kt_has_timeline(w) ? kerf_timeline_area_of(w) : NULL;
    return area && area->gap_to > area->gap_from;
}

/* ---- Selected clips and transitions ---- */

static char *remove_transitions(KerfWindow *w)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_TRANSITION);
    char *operations = NULL;
    for (guint i = 0; i < ids->len; i++) {
        char *one = kerf_json_operation("remove_transition", "\"transition\": " KT_ID, g_array_index(ids, uint64_t, i));
        operations = kt_ops_join(operations, one);
    }
    return operations;
}

static char *remove_clips(KerfWindow *w, const char *how)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    if (!ids->len) return NULL;
    g_autofree char *list = kerf_json_ids((const uint64_t *)ids->data, ids->len);
    return kerf_json_operation(how, "\"clips\": %s, \"linked\": %s", list, linked(w));
}

static void remove_selected(KerfWindow *w, const char *how)
{
    char *operations = kt_ops_join(remove_transitions(w), remove_clips(w, how));
    if (operations) kerf_document_edit(document_of(w), NULL, operations);
}

void kt_delete(KerfWindow *w)
{
    if (kt_has_selection(w)) remove_selected(w, "delete");
    else kt_close_gap(w);
}

void kt_ripple_delete(KerfWindow *w)
{
    if (kt_has_selection(w)) remove_selected(w, "ripple_delete");
    else kt_close_gap(w);
}

void kt_close_gap(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (!kt_has_gap(w)) return;
    const kt_row *row = kt_view_row_of(&area->view, area->gap_track);
    if (!row) return;
    g_autofree char *sequence = sequence_of(w);
    kerf_document_edit(document_of(w), "Close Gap",
                       kerf_json_operation("close_gap", "\"sequence\": %s, \"track\": \"#" KT_ID "\", \"at\": %s",
                                           sequence, row->uid, kerf_json_time(area->gap_from).text));
}

/* ---- Selecting ---- */

static bool add_clip(void *context, const kf_timeline_item *item)
{
    if (item->kind == KF_TIMELINE_CLIP) g_array_append_val((GArray *)context, item->id);
    return true;
}

void kt_select_all(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    for (int32_t i = 0; i < kerf_document_sequence_info(d)->tracks; i++) {
        const kf_timeline_range range = {kerf_document_sequence(d), i, 0, INT64_MAX / 2, 0, false};
        kf_timeline_each(kerf_document_film(d), &range, add_clip, ids);
    }
    kerf_document_select(d, (const uint64_t *)ids->data, ids->len);
}

void kt_deselect(KerfWindow *w)
{
    kerf_document_select(document_of(w), NULL, 0);
}

/* ---- At the playhead ---- */

/* "#3,#5": the target tracks; all if none is. */
static char *target_tracks(KerfWindow *w, bool all)
{
    KerfDocument *d = document_of(w);
    GString *list = g_string_new(NULL);
    kf_track_info track;
    for (int32_t i = 0; !all && i < kerf_document_sequence_info(d)->tracks; i++) {
        if (!kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track) || !track.target) continue;
        g_string_append_printf(list, "%s#" KT_ID, list->len ? "," : "", track.uid);
    }
    if (!list->len) g_string_append(list, "all");
    return g_string_free(list, FALSE);
}

static void cut(KerfWindow *w, bool all)
{
    KerfDocument *d = document_of(w);
    g_autofree char *tracks = target_tracks(w, all);
    kerf_document_edit(d, "Add Edit",
                       kt_ops_razor(kerf_document_sequence_info(d)->id, kerf_document_playhead(d), tracks));
}

void kt_razor(KerfWindow *w)
{
    cut(w, false);
}

void kt_razor_all(KerfWindow *w)
{
    cut(w, true);
}

/* The clip at the playhead: the focused one if it is there, else of the first target track, else of any. */
static bool clip_here(KerfWindow *w, kf_timeline_item *out)
{
    KerfDocument *d = document_of(w);
    kf_time at = kerf_document_playhead(d);
    if (kerf_document_find(d, kerf_document_focus(d), out) && out->start <= at && at < out->start + out->duration)
        return true;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < kerf_document_sequence_info(d)->tracks; i++) {
            kf_track_info track;
            if (!kf_film_track(kerf_document_film(d), kerf_document_sequence(d), i, &track) || track.lock) continue;
            if (!pass && !track.target) continue;
            if (kf_timeline_at(kerf_document_film(d), kerf_document_sequence(d), i, at, out) &&
                out->kind == KF_TIMELINE_CLIP)
                return true;
        }
    }
    return false;
}

void kt_trim_start(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    kf_timeline_item clip;
    if (!clip_here(w, &clip) || clip.start == kerf_document_playhead(d)) return;
    kf_time start = clip.start; /* what is left begins there, and the playhead goes with it */
    if (kerf_document_edit(d, "Ripple Trim Start to Playhead",
                           kt_ops_trim(&(kt_trim_ops){.clip = clip.id, .head = true, .ripple = true, .linked = linked(w),
                                                       .by = kerf_document_playhead(d) - clip.start}))) {
        kerf_document_seek(d, start);
    }
}

void kt_trim_end(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    kf_timeline_item clip;
    if (!clip_here(w, &clip)) return;
    kf_time by = kerf_document_playhead(d) - clip.start - clip.duration;
    kerf_document_edit(d, "Ripple Trim End to Playhead",
                       kt_ops_trim(&(kt_trim_ops){.clip = clip.id, .ripple = true, .by = by, .linked = linked(w)}));
}

/* At the ends of what is selected that lie nearest to the playhead; else at the cut that does. */
void kt_add_transition(KerfWindow *w)
{
    KerfDocument *d = document_of(w);
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    char *operations = NULL;
    kf_timeline_item clip;
    if (!ids->len && clip_here(w, &clip)) g_array_append_val(ids, clip.id);
    for (guint i = 0; i < ids->len; i++) {
        if (!kerf_document_find(d, g_array_index(ids, uint64_t, i), &clip)) continue;
        bool head = kerf_document_playhead(d) < clip.start + clip.duration / 2;
        operations =
            kt_ops_join(operations, kerf_json_operation("add_transition", "\"clip\": " KT_ID ", \"edge\": \"%s\"",
                                                        clip.id, head ? "head" : "tail"));
    }
    if (operations) kerf_document_edit(d, NULL, operations);
}

/* ---- Tracks ---- */

static void add_track(KerfWindow *w, const char *kind)
{
    g_autofree char *sequence = sequence_of(w);
    kerf_document_edit(document_of(w), NULL,
                       kerf_json_operation("add_track", "\"sequence\": %s, \"kind\": \"%s\"", sequence, kind));
}

void kt_add_video_track(KerfWindow *w)
{
    add_track(w, "video");
}

void kt_add_audio_track(KerfWindow *w)
{
    add_track(w, "audio");
}

/* ---- By frames ---- */

static kf_time frames(KerfWindow *w, int count)
{
    kf_time one = kf_sequence_frame_time(kerf_document_sequence_info(document_of(w)), 1);
    return count * one;
}

static bool focused(KerfWindow *w, kf_timeline_item *out)
{
    return kerf_document_find(document_of(w), kerf_document_focus(document_of(w)), out) &&
           out->kind == KF_TIMELINE_CLIP;
}

static void nudge(KerfWindow *w, int count)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    const kt_move_ops move = {.ids = (const uint64_t *)ids->data, .count = ids->len, .by = frames(w, count),
                              .linked = linked(w)};
    if (ids->len) kerf_document_edit(document_of(w), "Nudge", kt_ops_move(&move));
}

void kt_nudge_left(KerfWindow *w)
{
    nudge(w, -1);
}

void kt_nudge_right(KerfWindow *w)
{
    nudge(w, 1);
}

void kt_nudge_left_more(KerfWindow *w)
{
    nudge(w, -5);
}

void kt_nudge_right_more(KerfWindow *w)
{
    nudge(w, 5);
}

/* One row up or down on the screen. */
static void nudge_row(KerfWindow *w, int down)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    kf_timeline_item item;
    if (!area || !focused(w, &item)) return;
    const kt_row *row = kt_view_row_of(&area->view, item.track), *to = row ? row + down : NULL;
    if (!row || to < area->view.rows || to >= area->view.rows + area->view.row_count || to->audio != row->audio) return;
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    g_array_prepend_val(ids, item.id);
    for (guint i = ids->len - 1; i > 0; i--) {
        if (g_array_index(ids, uint64_t, i) == item.id) g_array_remove_index(ids, i);
    }
    const kt_move_ops move = {
        .ids = (const uint64_t *)ids->data, .count = ids->len, .track = to->uid, .linked = linked(w)};
    kerf_document_edit(document_of(w), "Move", kt_ops_move(&move));
}

void kt_nudge_up(KerfWindow *w)
{
    nudge_row(w, -1);
}

void kt_nudge_down(KerfWindow *w)
{
    nudge_row(w, 1);
}

static void by_frames(KerfWindow *w, char *(*operation)(uint64_t, kf_time, const char *), int count)
{
    kf_timeline_item item;
    if (focused(w, &item)) kerf_document_edit(document_of(w), NULL, operation(item.id, frames(w, count), linked(w)));
}

void kt_slip_left(KerfWindow *w)
{
    by_frames(w, kt_ops_slip, 1);
}

void kt_slip_right(KerfWindow *w)
{
    by_frames(w, kt_ops_slip, -1);
}

void kt_slide_left(KerfWindow *w)
{
    by_frames(w, kt_ops_slide, -1);
}

void kt_slide_right(KerfWindow *w)
{
    by_frames(w, kt_ops_slide, 1);
}
