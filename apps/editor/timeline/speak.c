/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a screen reader says of the drawn timeline: the focused clip, or the sequence, and the playhead. */
#include "area.h"

static void say_clip(KerfTimelineArea *area, const kf_timeline_item *item, GString *text)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    char start[32], end[32];
    kf_track_info track;
    kf_sequence_timecode(info, item->start, start, sizeof start);
    kf_sequence_timecode(info, item->start + item->duration, end, sizeof end);
    g_string_append_printf(text, "%s %s", item->kind == KF_TIMELINE_TRANSITION ? "Transition" : "Clip", item->name);
    if (kf_film_track(kerf_document_film(area->document), item->sequence, item->track, &track)) {
        g_string_append_printf(text, ", track %s%d", track.audio ? "A" : "V", track.number);
    }
    g_string_append_printf(text, ", from %s to %s", start, end);
    if (item->kind != KF_TIMELINE_CLIP) return;
    if (item->offline) g_string_append(text, ", offline");
    if (!item->enabled) g_string_append(text, ", disabled");
    if (item->linked) g_string_append(text, ", linked");
    if (item->reverse) g_string_append(text, ", reversed");
    if (item->effects + item->audio_effects)
        g_string_append_printf(text, ", %d effects", item->effects + item->audio_effects);
}

void kerf_timeline_area_speak(KerfTimelineArea *area)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    g_autoptr(GString) text = g_string_new(NULL);
    kf_timeline_item item;
    size_t count;
    kerf_document_selection(area->document, &count);
    if (kerf_document_find(area->document, kerf_document_focus(area->document), &item)) {
        say_clip(area, &item, text);
        if (count > 1) g_string_append_printf(text, "; %zu selected", count);
    } else {
        g_string_append_printf(text, "Timeline of %s, %" G_GINT64_FORMAT " clips", info->name, info->clips);
    }
    gtk_accessible_update_property(GTK_ACCESSIBLE(area), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
}
