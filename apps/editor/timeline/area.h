/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drawn area of the timeline: ruler and tracks, with the pointer and the tools on them. */
#ifndef KERF_TIMELINE_AREA_H
#define KERF_TIMELINE_AREA_H

#include <gtk/gtk.h>

#include "chosen.h"
#include "document.h"
#include "hit.h"
#include "marks.h"
#include "media.h"
#include "theme.h"
#include "tools.h"
#include "tracks.h"
#include "viewport.h"
#include "window.h"

/* Signals
 *   "view-changed"   scale, scroll positions, rows or the split are others
 *   "tool-changed" */
#define KERF_TYPE_TIMELINE_AREA (kerf_timeline_area_get_type())
G_DECLARE_FINAL_TYPE(KerfTimelineArea, kerf_timeline_area, KERF, TIMELINE_AREA, GtkGLArea)

/* Open to the files of the timeline. */
struct _KerfTimelineArea {
    GtkGLArea parent;
    KerfWindow *window;       /* not owned: it outlives its panels */
    KerfDocument *document;
    kt_view view;
    GHashTable *heights;      /* of tracks, px: uint64_t * -> double * */
    uint64_t shown;           /* uid of the sequence */
    double playhead_x;        /* where it was drawn last, px */
    bool fit_pending;         /* shows all of the sequence once the size is known */
    /* drawing */
    kt_theme theme;
    kt_text text;
    kt_media media;
    GObject *worker;          /* of the application; may be NULL */
    kt_tracks tracks;
    kt_gl *gl;
    kt_quads under, over;
    kt_gl_list under_list, over_list;
    guint redraw;             /* idle source: there was more to do */
    guint told;               /* idle source: the size is another */
    int64_t frame_ns;         /* CPU time of this code in the last frame, GL's calls left out */
    kf_time gap_from, gap_to; /* the selected gap; equal: none */
    int32_t gap_track;
    kt_chosen chosen;
    /* pointer and tools */
    const kt_tool *tool;
    kt_drag drag;             /* drag.action NULL: nothing is dragged */
    kt_marks marks;
    double pointer_x, pointer_y;
    bool pointer_inside;
    GdkModifierType modifiers;
    const char *cursor;
    guint scrolling;          /* tick: while something is dragged beyond the edge */
};

GtkWidget *kerf_timeline_area_new(KerfWindow *window);
/* The area of the window's timeline; NULL if it is not open. */
KerfTimelineArea *kerf_timeline_area_of(KerfWindow *window);

void kerf_timeline_area_redraw(KerfTimelineArea *area);
/* After the view's scale, scroll position, rows or split changed. */
void kerf_timeline_area_view_changed(KerfTimelineArea *area);
void kerf_timeline_area_rows_changed(KerfTimelineArea *area);
kt_hit_query kerf_timeline_area_query(KerfTimelineArea *area);
kf_time kerf_timeline_area_frame(KerfTimelineArea *area); /* duration of a frame */

/* Scrolls so that time t is seen; page: to the next page rather than to the middle. */
void kerf_timeline_area_show_time(KerfTimelineArea *area, kf_time t, bool page);
void kerf_timeline_area_zoom(KerfTimelineArea *area, double factor, double x);
void kerf_timeline_area_fit(KerfTimelineArea *area);
void kerf_timeline_area_set_height(KerfTimelineArea *area, uint64_t track, double height);

void kerf_timeline_area_set_tool(KerfTimelineArea *area, const kt_tool *tool);
/* How it was looked at, in the project's view (remember.c). Restore: false if it is not known. */
void kerf_timeline_area_store(KerfTimelineArea *area);
bool kerf_timeline_area_restore(KerfTimelineArea *area);
void kerf_timeline_area_store_height(KerfTimelineArea *area, uint64_t track, double height);
double kerf_timeline_area_stored_height(KerfTimelineArea *area, uint64_t track, double usual);

/* Events that the area takes (events.c). */
void kerf_timeline_area_add_controllers(KerfTimelineArea *area);
/* Cursor and hints for what is under the pointer now. */
void kerf_timeline_area_update_cursor(KerfTimelineArea *area);
/* Tells a screen reader what is selected and where the playhead is. */
void kerf_timeline_area_speak(KerfTimelineArea *area);

#endif
