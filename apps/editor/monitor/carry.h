/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drags to and from monitors: what lies in the source monitor is dragged out with its marks; media and sequences dropped on it
 * are shown, dropped on the program they overwrite at the playhead. */
#ifndef KERF_EDITOR_CARRY_H
#define KERF_EDITOR_CARRY_H

#include <gtk/gtk.h>

#include "document.h"

/* Sets a monitor's picture up for both. */
void kerf_carry_add(GtkWidget *picture, KerfDocument *document, gboolean source);

#endif
