/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a project was looked at: playhead, open sequences, where the panels are. Kept in a file of the user's state folder for
 * each project, written a few seconds after a change, so that it is there after a crash too. Panels keep their own groups in
 * it (zoom, scroll position, columns). */
#ifndef KERF_EDITOR_VIEW_H
#define KERF_EDITOR_VIEW_H

#include <libpanel.h>

#include "panel.h"

typedef struct KerfView KerfView;

/* Reads what is known of the window's document. */
KerfView *kerf_view_new(KerfWindow *window);
/* Writes what is not written yet. */
void kerf_view_free(KerfView *view);
GKeyFile *kerf_view_keys(KerfView *view);
/* Something in it is another: it is written soon. */
void kerf_view_changed(KerfView *view);

/* ---- Arrangements of panels ---- */

/* Where the panels are: frames by KerfArea, and the dock that they are in. */
typedef struct KerfDock {
    PanelDock *dock;
    PanelFrame *frames[6];
    GHashTable *panels;       /* id -> PanelWidget */
} KerfDock;

void kerf_dock_store(const KerfDock *dock, GKeyFile *keys);
/* Area of a panel, or -1 if it is closed: as stored, else as the panel says. */
int kerf_dock_area(GKeyFile *keys, const KerfPanel *panel);
void kerf_dock_restore_sizes(const KerfDock *dock, GKeyFile *keys);
/* Writes an arrangement by name ("editing", "color", "audio") over the one in keys. */
void kerf_dock_preset(GKeyFile *keys, const char *name);

/* ---- Sessions ---- */

/* Notes that this process has a project open, or no longer. */
void kerf_session_note(const char *path, gboolean open);
/* Projects that a process had open which is gone without closing them; they are forgotten by the call. New. */
char **kerf_session_crashed(void);

#endif
