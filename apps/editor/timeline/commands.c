/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "commands.h"

#include "context.h"

/* ---- Tools ---- */

static void choose(KerfWindow *w, const char *tool)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (area) kerf_timeline_area_set_tool(area, kt_tool_find(tool));
}

static gboolean is_chosen(KerfWindow *w, const char *tool)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    return area && g_str_equal(area->tool->id, tool);
}

#define TOOL(name, id) \
    static void choose_##name(KerfWindow *w) { choose(w, id); } \
    static gboolean is_##name(KerfWindow *w) { return is_chosen(w, id); }
TOOL(select, "select")
TOOL(track_select, "track-select")
TOOL(ripple, "ripple")
TOOL(roll, "roll")
TOOL(rate, "rate-stretch")
TOOL(razor, "razor")
TOOL(slip, "slip")
TOOL(slide, "slide")
TOOL(pen, "pen")
TOOL(hand, "hand")
TOOL(zoom, "zoom")

/* ---- View ---- */

static void zoom_by(KerfWindow *w, double factor)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (!area) return;
    double x = kt_view_x(&area->view, kerf_document_playhead(area->document));
    kerf_timeline_area_zoom(area, factor, x >= 0 && x <= area->view.width ? x : area->view.width / 2);
}

static void zoom_in(KerfWindow *w)
{
    zoom_by(w, 1.5);
}

static void zoom_out(KerfWindow *w)
{
    zoom_by(w, 1 / 1.5);
}

static void fit(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (area) kerf_timeline_area_fit(area);
}

static void scale_rows(KerfWindow *w, bool audio, double factor)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (!area) return;
    int32_t count = area->view.row_count;
    g_autofree kt_row *rows = g_memdup2(area->view.rows, count * sizeof *rows);
    for (int32_t i = 0; i < count; i++) {
        if (rows[i].audio == audio) kerf_timeline_area_set_height(area, rows[i].uid, rows[i].height * factor);
    }
}

static void taller_video(KerfWindow *w)
{
    scale_rows(w, false, 1.25);
}

static void flatter_video(KerfWindow *w)
{
    scale_rows(w, false, 0.8);
}

static void taller_audio(KerfWindow *w)
{
    scale_rows(w, true, 1.25);
}

static void flatter_audio(KerfWindow *w)
{
    scale_rows(w, true, 0.8);
}

static void menu(KerfWindow *w)
{
    KerfTimelineArea *area = kerf_timeline_area_of(w);
    if (area) kt_context_menu_at_focus(area);
}

#define T "timeline"
const KerfAction kt_commands[] = {
    {"tool-select", "Selection Tool", "Tools", "v", choose_select, kt_has_timeline, is_select},
    {"tool-track-select", "Track Select Tool", "Tools", "a", choose_track_select, kt_has_timeline, is_track_select},
    {"tool-ripple", "Ripple Edit Tool", "Tools", "b", choose_ripple, kt_has_timeline, is_ripple},
    {"tool-roll", "Rolling Edit Tool", "Tools", "n", choose_roll, kt_has_timeline, is_roll},
    {"tool-rate-stretch", "Rate Stretch Tool", "Tools", "r", choose_rate, kt_has_timeline, is_rate},
    {"tool-razor", "Razor Tool", "Tools", "c", choose_razor, kt_has_timeline, is_razor},
    {"tool-slip", "Slip Tool", "Tools", "y", choose_slip, kt_has_timeline, is_slip},
    {"tool-slide", "Slide Tool", "Tools", "u", choose_slide, kt_has_timeline, is_slide},
    {"tool-pen", "Pen Tool", "Tools", "p", choose_pen, kt_has_timeline, is_pen},
    {"tool-hand", "Hand Tool", "Tools", "h", choose_hand, kt_has_timeline, is_hand},
    {"tool-zoom", "Zoom Tool", "Tools", "z", choose_zoom, kt_has_timeline, is_zoom},

    {"timeline-zoom-in", "Zoom In", "Timeline", "equal plus KP_Add", zoom_in, kt_has_timeline, NULL, T},
    {"timeline-zoom-out", "Zoom Out", "Timeline", "minus KP_Subtract", zoom_out, kt_has_timeline, NULL, T},
    {"timeline-fit", "Zoom to Sequence", "Timeline", "backslash", fit, kt_has_timeline, NULL, T},
    {"timeline-video-taller", "Taller Video Tracks", "Timeline", "<Control>equal <Control>plus", taller_video,
     kt_has_timeline, NULL, T},
    {"timeline-video-flatter", "Flatter Video Tracks", "Timeline", "<Control>minus", flatter_video, kt_has_timeline,
     NULL, T},
    {"timeline-audio-taller", "Taller Audio Tracks", "Timeline", "<Alt>equal <Alt>plus", taller_audio, kt_has_timeline,
     NULL, T},
    {"timeline-audio-flatter", "Flatter Audio Tracks", "Timeline", "<Alt>minus", flatter_audio, kt_has_timeline, NULL,
     T},
    {"timeline-menu", "Context Menu", "Timeline", "Menu <Shift>F10", menu, kt_has_timeline, NULL, T},

    {"edit-delete", "Delete", "Edit", "Delete BackSpace", kt_delete, kt_has_timeline, NULL, T},
    {"edit-ripple-delete", "Ripple Delete", "Edit", "<Shift>Delete <Alt>BackSpace", kt_ripple_delete, kt_has_timeline,
     NULL, T},
    {"edit-select-all", "Select All", "Edit", "<Control>a", kt_select_all, kt_has_timeline, NULL, T},
    {"edit-deselect", "Deselect All", "Edit", "<Control><Shift>a", kt_deselect, kt_has_selection, NULL, T},

    {"sequence-razor", "Add Edit", "Sequence", "<Control>k", kt_razor, kt_has_timeline},
    {"sequence-razor-all", "Add Edit to All Tracks", "Sequence", "<Control><Shift>k", kt_razor_all, kt_has_timeline},
    {"sequence-trim-start", "Ripple Trim Start to Playhead", "Sequence", "q", kt_trim_start, kt_has_timeline},
    {"sequence-trim-end", "Ripple Trim End to Playhead", "Sequence", "w", kt_trim_end, kt_has_timeline},
    {"sequence-close-gap", "Close Gap", "Sequence", NULL, kt_close_gap, kt_has_gap},
    {"sequence-close-gaps", "Close All Gaps of the Track", "Sequence", NULL, kt_close_gaps, kt_has_timeline},
    {"sequence-transition", "Apply Default Transition", "Sequence", "<Control>d", kt_add_transition, kt_has_timeline},
    {"sequence-add-video-track", "Add Video Track", "Sequence", NULL, kt_add_video_track, kt_has_timeline},
    {"sequence-add-audio-track", "Add Audio Track", "Sequence", NULL, kt_add_audio_track, kt_has_timeline},

    {"clip-join", "Join with the Next Clip", "Clip", NULL, kt_clip_join, kt_has_clip},
    {"clip-reveal", "Show in Media", "Clip", NULL, kt_clip_reveal, kt_has_clip},
    {"transition-center", "Center at Cut", "Clip", NULL, kt_transition_center, kt_has_transition},
    {"transition-start", "Start at Cut", "Clip", NULL, kt_transition_start, kt_has_transition},
    {"transition-end", "End at Cut", "Clip", NULL, kt_transition_end, kt_has_transition},

    {"trim-choose", "Select Nearest Edit Point", "Trim", "t", kt_choose_edge, kt_has_timeline},
    {"trim-edit", "Trim Edit", "Trim", "<Shift>t", kt_trim_edit, kt_has_timeline, kt_is_trim_edit},
    {"trim-outgoing", "Trim the Clip before the Cut", "Trim", NULL, kt_trim_outgoing, kt_has_timeline, kt_is_outgoing},
    {"trim-both", "Roll the Cut", "Trim", NULL, kt_trim_both, kt_has_timeline, kt_is_both},
    {"trim-incoming", "Trim the Clip after the Cut", "Trim", NULL, kt_trim_incoming, kt_has_timeline, kt_is_incoming},
    {"trim-kind", "Trim, Ripple or Roll", "Trim", "<Control>t", kt_change_edge, kt_has_timeline},
    {"trim-back", "Trim One Frame Back", "Trim", "<Control>Left", kt_trim_back, kt_has_timeline},
    {"trim-forward", "Trim One Frame Forward", "Trim", "<Control>Right", kt_trim_forward, kt_has_timeline},
    {"trim-back-many", "Trim Five Frames Back", "Trim", "<Control><Shift>Left", kt_trim_back_more, kt_has_timeline},
    {"trim-forward-many", "Trim Five Frames Forward", "Trim", "<Control><Shift>Right", kt_trim_forward_more,
     kt_has_timeline},

    {"clip-nudge-left", "Nudge One Frame Earlier", "Clip", "<Alt>Left", kt_nudge_left, kt_has_selection, NULL, T},
    {"clip-nudge-right", "Nudge One Frame Later", "Clip", "<Alt>Right", kt_nudge_right, kt_has_selection, NULL, T},
    {"clip-nudge-left-5", "Nudge Five Frames Earlier", "Clip", "<Alt><Shift>Left", kt_nudge_left_more, kt_has_selection,
     NULL, T},
    {"clip-nudge-right-5", "Nudge Five Frames Later", "Clip", "<Alt><Shift>Right", kt_nudge_right_more,
     kt_has_selection, NULL, T},
    {"clip-nudge-up", "Move One Track Up", "Clip", "<Alt>Up", kt_nudge_up, kt_has_selection, NULL, T},
    {"clip-nudge-down", "Move One Track Down", "Clip", "<Alt>Down", kt_nudge_down, kt_has_selection, NULL, T},
    {"clip-slip-left", "Slip One Frame Left", "Clip", "<Control><Alt>Left", kt_slip_left, kt_has_selection, NULL, T},
    {"clip-slip-right", "Slip One Frame Right", "Clip", "<Control><Alt>Right", kt_slip_right, kt_has_selection, NULL,
     T},
    {"clip-slide-left", "Slide One Frame Left", "Clip", "<Alt>comma", kt_slide_left, kt_has_selection, NULL, T},
    {"clip-slide-right", "Slide One Frame Right", "Clip", "<Alt>period", kt_slide_right, kt_has_selection, NULL, T},

    {"cut-next", "Go to Next Edit Point", "Playback", "Down", kt_cut_next, kt_has_timeline},
    {"cut-previous", "Go to Previous Edit Point", "Playback", "Up", kt_cut_previous, kt_has_timeline},
    {"clip-next", "Select Next Clip", "Timeline", "<Control>Down", kt_clip_next, kt_has_timeline, NULL, T},
    {"clip-previous", "Select Previous Clip", "Timeline", "<Control>Up", kt_clip_previous, kt_has_timeline, NULL, T},
    {"clip-above", "Select Clip Above", "Timeline", "<Control><Shift>Up", kt_clip_above, kt_has_timeline, NULL, T},
    {"clip-below", "Select Clip Below", "Timeline", "<Control><Shift>Down", kt_clip_below, kt_has_timeline, NULL, T},
    {"clip-at-playhead", "Select Clip at Playhead", "Timeline", "d", kt_clip_at_playhead, kt_has_timeline},
    {"marker-add", "Add Marker", "Markers", "m", kt_marker_add, kt_has_timeline},
    {"marker-remove", "Remove Marker", "Markers", "<Alt>m", kt_marker_remove, kt_has_timeline},
    {"marker-clear-all", "Remove All Markers", "Markers", "<Control><Alt><Shift>m", kt_marker_clear, kt_has_timeline},
    {"marker-next", "Go to Next Marker", "Markers", "<Shift>m", kt_marker_next, kt_has_timeline},
    {"marker-previous", "Go to Previous Marker", "Markers", "<Control><Shift>m", kt_marker_previous, kt_has_timeline},
    {0},
};
