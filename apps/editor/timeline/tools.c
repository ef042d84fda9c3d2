/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tools.h"

#include "area.h"

extern const kt_tool kt_tool_select, kt_tool_track_select, kt_tool_ripple, kt_tool_roll, kt_tool_rate, kt_tool_razor,
    kt_tool_slip, kt_tool_slide, kt_tool_pen, kt_tool_hand, kt_tool_zoom;

const kt_tool *const kt_tools[] = {
    &kt_tool_select, &kt_tool_track_select, &kt_tool_ripple, &kt_tool_roll, &kt_tool_rate, &kt_tool_razor,
    &kt_tool_slip,   &kt_tool_slide,        &kt_tool_pen,    &kt_tool_hand, &kt_tool_zoom, NULL,
};

const kt_tool *kt_tool_find(const char *id)
{
    for (int i = 0; kt_tools[i]; i++) {
        if (g_str_equal(kt_tools[i]->id, id)) return kt_tools[i];
    }
    return NULL;
}

const char *kt_linked(KerfTimelineArea *area)
{
    bool linked = kerf_document_mode(area->document, KERF_MODE_LINKED);
    return linked && !kt_drag_with(area->drag.start_modifiers, GDK_ALT_MASK) ? "true" : "false";
}

void kt_describe_time(KerfTimelineArea *area, kf_time by, char *text, size_t size)
{
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    gint64 frames = kf_sequence_frame(info, ABS(by) + kerf_timeline_area_frame(area) / 2);
    gint64 second = MAX(info->rate.den ? (info->rate.num + info->rate.den / 2) / info->rate.den : 25, 1);
    const char *sign = by < 0 ? "−" : "+";
    gint64 seconds = frames / second, rest = frames % second;
    if (seconds >= 3600) {
        g_snprintf(text, size, "%s%" G_GINT64_FORMAT ":%02d:%02d:%02d", sign, seconds / 3600, (int)(seconds / 60 % 60),
                   (int)(seconds % 60), (int)rest);
    } else {
        g_snprintf(text, size, "%s%02d:%02d:%02d", sign, (int)(seconds / 60), (int)(seconds % 60), (int)rest);
    }
}

/* ---- Selecting ---- */

static void add_links(KerfTimelineArea *area, GArray *ids, const kf_timeline_item *clip, bool group)
{
    uint64_t linked[64];
    int32_t count = kf_timeline_links(kerf_document_film(area->document), clip, group, linked, G_N_ELEMENTS(linked));
    g_array_append_vals(ids, linked, MIN(count, (int32_t)G_N_ELEMENTS(linked)));
}

/* The pressed one first, then what goes along. */
static GArray *with_companions(KerfTimelineArea *area, const kf_timeline_item *item)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_array_append_val(ids, item->id);
    bool alone = kt_drag_with(area->modifiers, GDK_ALT_MASK) || item->kind != KF_TIMELINE_CLIP;
    if (!alone && item->linked && kerf_document_mode(area->document, KERF_MODE_LINKED))
        add_links(area, ids, item, false);
    if (!alone && item->grouped) add_links(area, ids, item, true);
    return ids;
}

static void toggle(KerfTimelineArea *area, const GArray *ids)
{
    bool on = !kerf_document_selected(area->document, g_array_index(ids, uint64_t, 0));
    for (guint i = 0; i < ids->len; i++) {
        uint64_t id = g_array_index(ids, uint64_t, i);
        if (kerf_document_selected(area->document, id) != on) kerf_document_select_toggle(area->document, id);
    }
}

bool kt_select_pressed(KerfTimelineArea *area, const kt_hit *hit)
{
    g_autoptr(GArray) ids = with_companions(area, &hit->item);
    if (kt_drag_with(area->modifiers, GDK_SHIFT_MASK)) {
        toggle(area, ids);
    } else if (!kerf_document_selected(area->document, hit->item.id)) {
        kerf_document_select(area->document, (const uint64_t *)ids->data, ids->len);
    }
    bool selected = kerf_document_selected(area->document, hit->item.id);
    if (selected) kerf_document_set_focus(area->document, hit->item.id);
    return selected;
}

void kt_select_end(KerfTimelineArea *area, const kt_hit *hit)
{
    if (!kt_drag_with(area->modifiers, GDK_SHIFT_MASK)) kt_select_pressed(area, hit);
}

void kt_select_gap(KerfTimelineArea *area, const kt_hit *hit)
{
    bool gap = hit->zone == KT_ZONE_GAP && hit->on_item;
    if (kerf_document_focus(area->document)) kerf_document_select(area->document, NULL, 0);
    area->gap_from = gap ? hit->item.start : 0;
    area->gap_to = gap ? hit->item.start + hit->item.duration : 0;
    area->gap_track = hit->on_row ? hit->row.track : -1;
    kerf_window_update_actions(area->window);
    kerf_timeline_area_redraw(area);
}
