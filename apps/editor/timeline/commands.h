/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timeline's commands: all that can be done with the keyboard and from menus. */
#ifndef KERF_TIMELINE_COMMANDS_H
#define KERF_TIMELINE_COMMANDS_H

#include "actions.h"
#include "area.h"

extern const KerfAction kt_commands[];

/* ---- Edits of what is selected, or at the playhead (commands_edit.c) ---- */

gboolean kt_has_timeline(KerfWindow *window);
gboolean kt_has_selection(KerfWindow *window);
gboolean kt_has_gap(KerfWindow *window);
void kt_delete(KerfWindow *window);
void kt_ripple_delete(KerfWindow *window);
void kt_select_all(KerfWindow *window);
void kt_deselect(KerfWindow *window);
void kt_razor(KerfWindow *window);
void kt_razor_all(KerfWindow *window);
void kt_trim_start(KerfWindow *window);
void kt_trim_end(KerfWindow *window);
void kt_close_gap(KerfWindow *window);
void kt_add_transition(KerfWindow *window);
void kt_add_video_track(KerfWindow *window);
void kt_add_audio_track(KerfWindow *window);
void kt_nudge_left(KerfWindow *window);
void kt_nudge_right(KerfWindow *window);
void kt_nudge_left_more(KerfWindow *window);
void kt_nudge_right_more(KerfWindow *window);
void kt_nudge_up(KerfWindow *window);
void kt_nudge_down(KerfWindow *window);
void kt_slip_left(KerfWindow *window);
void kt_slip_right(KerfWindow *window);
void kt_slide_left(KerfWindow *window);
void kt_slide_right(KerfWindow *window);

/* ---- Selected clips and transitions (commands_clip.c) ---- */

/* Ids of what is selected: of clips, or of transitions (element type uint64_t); new. */
GArray *kt_selected(KerfWindow *window, kf_timeline_kind kind);
gboolean kt_has_clip(KerfWindow *window);
gboolean kt_has_transition(KerfWindow *window);
void kt_clip_join(KerfWindow *window);
void kt_clip_reveal(KerfWindow *window);
void kt_transition_center(KerfWindow *window);
void kt_transition_start(KerfWindow *window);
void kt_transition_end(KerfWindow *window);
void kt_close_gaps(KerfWindow *window);

/* ---- Ends, by frames (commands_trim.c) ---- */

/* What is chosen, by frames. */
void kt_trim_by(KerfWindow *window, gint64 frames);
void kt_trim_back(KerfWindow *window);
void kt_trim_forward(KerfWindow *window);
void kt_trim_back_more(KerfWindow *window);
void kt_trim_forward_more(KerfWindow *window);
void kt_choose_edge(KerfWindow *window);
void kt_change_edge(KerfWindow *window);
/* The clip before the cut, the one after it (with ripple), or both: the cut rolls. */
void kt_trim_outgoing(KerfWindow *window);
void kt_trim_incoming(KerfWindow *window);
void kt_trim_both(KerfWindow *window);
gboolean kt_is_outgoing(KerfWindow *window);
gboolean kt_is_incoming(KerfWindow *window);
gboolean kt_is_both(KerfWindow *window);
/* Shows both sides of the nearest cut in the program monitor, or no longer. */
void kt_trim_edit(KerfWindow *window);
gboolean kt_is_trim_edit(KerfWindow *window);

/* ---- Going places, marks and markers (commands_go.c) ---- */

void kt_cut_next(KerfWindow *window);
void kt_cut_previous(KerfWindow *window);
void kt_clip_next(KerfWindow *window);
void kt_clip_previous(KerfWindow *window);
void kt_clip_above(KerfWindow *window);
void kt_clip_below(KerfWindow *window);
void kt_clip_at_playhead(KerfWindow *window);
void kt_marker_add(KerfWindow *window);
void kt_marker_remove(KerfWindow *window);
void kt_marker_clear(KerfWindow *window);
void kt_marker_next(KerfWindow *window);
void kt_marker_previous(KerfWindow *window);

#endif
