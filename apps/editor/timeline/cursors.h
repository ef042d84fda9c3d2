/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pointer shapes of the timeline's tools. */
#ifndef KERF_TIMELINE_CURSORS_H
#define KERF_TIMELINE_CURSORS_H

#include <gtk/gtk.h>

/* A shape by its name: of CSS ("ew-resize"), or one of the timeline's own ("trim-head", "razor", ...). Borrowed. */
GdkCursor *kt_cursor_get(const char *name);

#endif
