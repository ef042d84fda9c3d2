/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands on selected clips and transitions that are the timeline's own; the others are in clips/. */
#include "commands.h"
#include "ops.h"

static KerfDocument *document_of(KerfWindow *w)
{
    return kerf_window_document(w);
}

GArray *kt_selected(KerfWindow *w, kf_timeline_kind kind)
{
    size_t count;
    const uint64_t *ids = kerf_document_selection(document_of(w), &count);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    for (size_t i = 0; i < count; i++) {
        kf_timeline_item item;
        if (kerf_document_find(document_of(w), ids[i], &item) && item.kind == kind) g_array_append_val(list, ids[i]);
    }
    return list;
}

static bool focused(KerfWindow *w, kf_timeline_item *out)
{
    return kerf_document_find(document_of(w), kerf_document_focus(document_of(w)), out) &&
           out->kind == KF_TIMELINE_CLIP;
}

gboolean kt_has_clip(KerfWindow *w)
{
    kf_timeline_item item;
    return kt_has_selection(w) && focused(w, &item);
}

void kt_clip_join(KerfWindow *w)
{
    kf_timeline_item item;
    if (focused(w, &item))
        kerf_document_edit(document_of(w), NULL, kerf_json_operation("join", "\"clip\": " KT_ID, item.id));
}

void kt_clip_reveal(KerfWindow *w)
{
    kf_timeline_item item;
    kf_asset_info asset;
    kf_sequence_info sequence;
    const kf_film_handle *film = kerf_document_film(document_of(w));
    if (!focused(w, &item)) return;
    if (item.source == KF_TIMELINE_ASSET && kf_film_asset(film, item.source_index, &asset)) {
        kerf_document_select_media(document_of(w), &asset.uid, 1);
    } else if (item.source == KF_TIMELINE_SEQUENCE && kf_film_sequence(film, item.source_index, &sequence)) {
        kerf_document_select_media(document_of(w), &sequence.uid, 1);
    }
    kerf_window_show_panel(w, "media");
}

/* ---- Transitions ---- */

static void align(KerfWindow *w, const char *how)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_TRANSITION);
    char *operations = NULL;
    for (guint i = 0; i < ids->len; i++) {
        char *one = kerf_json_operation("set_transition", "\"transition\": " KT_ID ", \"set\": {\"align\": \"%s\"}",
                                        g_array_index(ids, uint64_t, i), how);
        operations = kt_ops_join(operations, one);
    }
    if (operations) kerf_document_edit(document_of(w), "Align Transition", operations);
}

void kt_transition_center(KerfWindow *w)
{
    align(w, "center");
}

void kt_transition_start(KerfWindow *w)
{
    align(w, "start");
}

void kt_transition_end(KerfWindow *w)
{
    align(w, "end");
}

gboolean kt_has_transition(KerfWindow *w)
{
    kf_timeline_item item;
    return kt_has_selection(w) && kerf_document_find(document_of(w), kerf_document_focus(document_of(w)), &item) &&
           item.kind == KF_TIMELINE_TRANSITION;
}

void kt_close_gaps(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    const kt_row *row = area ? kt_view_row_of(&area->view, area->gap_track) : NULL;
    if (!row) return;
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(document_of(w))->id);
    kerf_document_edit(
        document_of(w), "Close Gaps",
        kerf_json_operation("close_gap", "\"sequence\": %s, \"track\": \"#" KT_ID "\"", sequence, row->uid));
}
