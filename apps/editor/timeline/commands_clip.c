/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands on selected clips: enable, link, group, nest, speed, name, and so on. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "dialogs.h"
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
    return kerf_document_find(document_of(w), kerf_document_focus(document_of(w)), out) && out->kind == KF_TIMELINE_CLIP;
}

gboolean kt_has_clip(KerfWindow *w)
{
    kf_timeline_item item;
    return kt_has_selection(w) && focused(w, &item);
}

/* An operation on the selected clips that takes nothing but "clips". */
static void on_clips(KerfWindow *w, const char *operation)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    if (!ids->len) return;
    g_autofree char *list = kerf_json_ids((const uint64_t *)ids->data, ids->len);
    kerf_document_edit(document_of(w), NULL, kerf_json_operation(operation, "\"clips\": %s", list));
}

void kt_clip_enable(KerfWindow *w)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    kf_timeline_item item;
    if (!focused(w, &item)) return;
    kerf_document_edit(document_of(w), item.enabled ? "Disable" : "Enable",
                       kt_ops_set_clips((const uint64_t *)ids->data, ids->len, "enabled", item.enabled ? "false" : "true"));
}

gboolean kt_is_enabled(KerfWindow *w)
{
    kf_timeline_item item;
    return kt_has_clip(w) && focused(w, &item) && item.enabled;
}

void kt_clip_link(KerfWindow *w)
{
    kf_timeline_item item;
    on_clips(w, focused(w, &item) && item.linked ? "unlink" : "link");
}

void kt_clip_group(KerfWindow *w)
{
    on_clips(w, "group");
}

void kt_clip_ungroup(KerfWindow *w)
{
    on_clips(w, "ungroup");
}

void kt_clip_join(KerfWindow *w)
{
    kf_timeline_item item;
    if (focused(w, &item)) kerf_document_edit(document_of(w), NULL, kerf_json_operation("join", "\"clip\": " KT_ID, item.id));
}

void kt_clip_detach(KerfWindow *w)
{
    kf_timeline_item item;
    if (!focused(w, &item)) return;
    kerf_document_edit(document_of(w), NULL, kerf_json_operation("detach_audio", "\"clip\": " KT_ID, item.id));
}

void kt_clip_freeze(KerfWindow *w)
{
    kf_timeline_item item;
    if (!focused(w, &item)) return;
    kerf_document_edit(document_of(w), NULL,
                       kerf_json_operation("freeze_frame", "\"clip\": " KT_ID ", \"at\": %s, \"duration\": 2", item.id,
                                           kerf_json_time(kerf_document_playhead(document_of(w))).text));
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

/* ---- With a question ---- */

static void rename_given(KerfWindow *w, const char *text)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    g_autofree char *name = *text ? kerf_json_quote(text) : g_strdup("null");
    kerf_document_edit(document_of(w), "Rename", kt_ops_set_clips((const uint64_t *)ids->data, ids->len, "name", name));
}

void kt_clip_rename(KerfWindow *w)
{
    static const KerfQuestion question = {"Rename", "Name of the clip; empty: that of its source", "_Rename"};
    kf_timeline_item item;
    if (focused(w, &item)) kerf_ask_text(w, &question, item.name, rename_given);
}

static void nest_given(KerfWindow *w, const char *text)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    g_autofree char *list = kerf_json_ids((const uint64_t *)ids->data, ids->len), *name = kerf_json_quote(text);
    kerf_document_edit(document_of(w), NULL, kerf_json_operation("nest", "\"clips\": %s, \"name\": %s", list, name));
}

void kt_clip_nest(KerfWindow *w)
{
    static const KerfQuestion question = {"Nest", "Name of the new sequence", "_Nest"};
    kf_timeline_item item;
    if (focused(w, &item)) kerf_ask_text(w, &question, "Nested Sequence", nest_given);
}

/* Percent, or a duration; a minus sign turns the direction around. */
static char *speed_operation(KerfDocument *d, const kf_timeline_item *item, const char *text)
{
    bool back = *text == '-', turn = back != item->reverse;
    const char *linked = kerf_document_mode(d, KERF_MODE_LINKED) ? "true" : "false", *reverse = turn ? "true" : "false";
    char *end;
    double percent = g_ascii_strtod(text + back, &end);
    kf_time duration;
    kf_error error;
    while (*end == ' ' || *end == '%') end++;
    if (!*end && percent > 0) {
        return kerf_json_operation("rate_stretch", "\"clip\": " KT_ID ", \"speed\": %s, \"reverse\": %s, \"linked\": %s", item->id,
                                   kt_ops_number(percent / 100).text, reverse, linked);
    }
    kf_sequence_info info = *kerf_document_sequence_info(d);
    info.start_timecode = 0; /* a duration is none of the sequence's labels */
    if (kf_sequence_parse_time(&info, text + back, &duration, &error) != KF_OK) return NULL;
    return kerf_json_operation("rate_stretch", "\"clip\": " KT_ID ", \"duration\": %s, \"reverse\": %s, \"linked\": %s", item->id,
                               kerf_json_time(duration).text, reverse, linked);
}

static void speed_given(KerfWindow *w, const char *text)
{
    g_autoptr(GArray) ids = kt_selected(w, KF_TIMELINE_CLIP);
    char *operations = NULL;
    g_autoptr(GArray) done = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    for (guint i = 0; i < ids->len; i++) {
        kf_timeline_item item;
        uint64_t links[32], id = g_array_index(ids, uint64_t, i);
        bool known = false;
        for (guint k = 0; k < done->len; k++) known |= g_array_index(done, uint64_t, k) == id;
        if (known || !kerf_document_find(document_of(w), id, &item)) continue;
        operations = kt_ops_join(operations, speed_operation(document_of(w), &item, text));
        int32_t count = kf_timeline_links(kerf_document_film(document_of(w)), &item, false, links, 32);
        if (kerf_document_mode(document_of(w), KERF_MODE_LINKED)) g_array_append_vals(done, links, MIN(count, 32));
    }
    if (operations) {
        kerf_document_edit(document_of(w), "Speed", operations);
    } else {
        kerf_document_say(document_of(w), TRUE, "\"%s\" is no speed: give percent (200%%), or a duration (00:00:02:00)", text);
    }
}

void kt_clip_speed(KerfWindow *w)
{
    static const KerfQuestion question = {
        "Speed", "Percent, or the new duration as timecode; with a minus sign it plays the other way", "_Change"};
    kf_timeline_item item;
    char text[32];
    if (!focused(w, &item)) return;
    double percent = item.speed.den ? 100.0 * item.speed.num / item.speed.den : 100;
    g_snprintf(text, sizeof text, "%s%.6g%%", item.reverse ? "-" : "", percent);
    kerf_ask_text(w, &question, text, speed_given);
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
    kerf_document_edit(document_of(w), "Close Gaps",
                       kerf_json_operation("close_gap", "\"sequence\": %s, \"track\": \"#" KT_ID "\"", sequence, row->uid));
}
