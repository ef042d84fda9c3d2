/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A window: menus, docked panels on one document, messages. Without a document it shows the start page. */
#ifndef KERF_EDITOR_WINDOW_H
#define KERF_EDITOR_WINDOW_H

#include <adwaita.h>

#include "actions.h"
#include "document.h"

typedef struct KerfPanel KerfPanel;
typedef struct _KerfApp KerfApp;

#define KERF_TYPE_WINDOW (kerf_window_get_type())
G_DECLARE_FINAL_TYPE(KerfWindow, kerf_window, KERF, WINDOW, AdwApplicationWindow)

KerfWindow *kerf_window_new(KerfApp *app);
KerfApp *kerf_window_app(KerfWindow *window);
/* NULL on the start page. */
KerfDocument *kerf_window_document(KerfWindow *window);
/* For KerfAction.enabled. */
gboolean kerf_window_has_document(KerfWindow *window);
/* Takes a reference; the document before is closed. NULL: the start page. */
void kerf_window_set_document(KerfWindow *window, KerfDocument *document);

/* The widget that a panel's create gave; NULL if it is not open. */
GtkWidget *kerf_window_panel(KerfWindow *window, const char *id);
/* Shows a panel, and moves the focus to it. */
void kerf_window_show_panel(KerfWindow *window, const char *id);
/* What gets the focus when a panel (the widget that its create gave) is shown; its first control if this is never called. */
void kerf_panel_set_focus(GtkWidget *panel, GtkWidget *focus);
/* Id of the panel with the focus, or that had it last; "" if none. */
const char *kerf_window_focused_panel(KerfWindow *window);

/* What is remembered of how the project is looked at; panels read their own groups when they are created, and write to them
 * with kerf_window_view_changed after. NULL on the start page. */
GKeyFile *kerf_window_view(KerfWindow *window);
void kerf_window_view_changed(KerfWindow *window);
/* Writes where the panels are. */
void kerf_window_store_dock(KerfWindow *window, GKeyFile *keys);
/* Puts the panels as an arrangement says: "editing", "color", "audio", "reset". */
void kerf_window_arrange(KerfWindow *window, const char *name);

/* Runs an action by name. */
void kerf_window_run(KerfWindow *window, const char *action);
/* Looks again at which actions are enabled and on. Done for every signal of the document but "playhead-changed". */
void kerf_window_update_actions(KerfWindow *window);

/* A message for a moment, in the window. */
void kerf_window_say(KerfWindow *window, gboolean error, const char *text);

#endif
