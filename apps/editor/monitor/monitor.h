/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source and the program monitor: a deck's picture with what is drawn above it, and the bars below. */
#ifndef KERF_EDITOR_MONITOR_H
#define KERF_EDITOR_MONITOR_H

#include "picture.h"
#include "deck.h"
#include "window.h"

#define KERF_TYPE_MONITOR (kerf_monitor_get_type())
G_DECLARE_FINAL_TYPE(KerfMonitor, kerf_monitor, KERF, MONITOR, GtkWidget)

/* Of the window's document. */
GtkWidget *kerf_monitor_new(KerfWindow *window, gboolean source);
/* The monitor that transport acts on: the source monitor if it has the focus, else the program monitor; NULL if it is closed. */
KerfMonitor *kerf_monitor_target(KerfWindow *window);
/* What it acts on, also while no monitor is open. NULL without a document. */
KerfDeck *kerf_monitor_target_deck(KerfWindow *window);

KerfDeck *kerf_monitor_deck(KerfMonitor *monitor);
KerfPicture *kerf_monitor_picture(KerfMonitor *monitor);
/* Puts the cursor into the timecode field. */
void kerf_monitor_enter_time(KerfMonitor *monitor);

/* What is drawn above the picture. */
typedef enum KerfMonitorShow {
    KERF_SHOW_SAFE, KERF_SHOW_BOX, KERF_SHOW_PATHS, KERF_SHOW_TIMECODE, KERF_SHOW_CHECKER, KERF_SHOWS
} KerfMonitorShow;
gboolean kerf_monitor_shows(KerfMonitor *monitor, KerfMonitorShow what);
void kerf_monitor_set_shows(KerfMonitor *monitor, KerfMonitorShow what, gboolean on);

/* The deck alone on the whole screen; Escape ends it, all other keys act as in the window. */
void kerf_full_screen_show(KerfWindow *window, KerfDeck *deck);

#endif
