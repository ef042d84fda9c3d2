/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Context menus of the timeline. */
#ifndef KERF_TIMELINE_CONTEXT_H
#define KERF_TIMELINE_CONTEXT_H

#include "area.h"

/* For what is under the pointer, which is selected first. */
void kt_context_menu(KerfTimelineArea *area, const kt_hit *hit);
/* For the focused clip, or the playhead's place: of the menu key. */
void kt_context_menu_at_focus(KerfTimelineArea *area);
/* Opens the sequence that a clip shows in a tab. */
void kt_open_nested(KerfTimelineArea *area, const kf_timeline_item *clip);

#endif
