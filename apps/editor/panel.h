/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Panels: what the window docks. A panel is one const struct at the end of its file and one line in panels.c; its commands
 * are a table of KerfAction beside it. */
#ifndef KERF_EDITOR_PANEL_H
#define KERF_EDITOR_PANEL_H

#include <gtk/gtk.h>

#include "window.h"

/* Where a panel is at first. */
typedef enum KerfArea {
    KERF_AREA_LEFT, KERF_AREA_CENTER_LEFT, KERF_AREA_CENTER_RIGHT, KERF_AREA_RIGHT, KERF_AREA_BOTTOM,
    KERF_AREA_BOTTOM_RIGHT
} KerfArea;

struct KerfPanel {
    const char *id;           /* "timeline" */
    const char *title;
    const char *icon;
    KerfArea area;
    gboolean hidden;          /* not shown until it is asked for in the Window menu */
    /* Its widget, floating. The window has a document from before this is called until the widget is gone. */
    GtkWidget *(*create)(KerfWindow *window);
    const KerfAction *actions; /* ends with a NULL name; may be NULL */
};

/* All panels, in the order of the Window menu; ends with NULL. */
extern const KerfPanel *const kerf_panels[];

#endif
