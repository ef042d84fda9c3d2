/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do when the disk takes nothing: edits wait in memory, the window says so for as long as they do. */
#ifndef KERF_EDITOR_DISK_H
#define KERF_EDITOR_DISK_H

#include "window.h"

/* A bar that looks after the window's document, and shows while its edits cannot be written. */
GtkWidget *kerf_disk_notice_new(KerfWindow *window);
/* True: the window has edits that are not on disk, and now asks before it closes. */
gboolean kerf_disk_keeps_open(KerfWindow *window);

#endif
