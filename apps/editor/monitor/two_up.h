/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both sides of a cut, as KerfDocument's sides say: the last picture of the clip before it, the first one of the clip after it,
 * each alone. Two players of its own make them while it is shown. */
#ifndef KERF_EDITOR_TWO_UP_H
#define KERF_EDITOR_TWO_UP_H

#include "window.h"

#define KERF_TYPE_TWO_UP (kerf_two_up_get_type())
G_DECLARE_FINAL_TYPE(KerfTwoUp, kerf_two_up, KERF, TWO_UP, GtkWidget)

GtkWidget *kerf_two_up_new(KerfWindow *window);
/* Looks at the document's sides again. */
void kerf_two_up_update(KerfTwoUp *two_up);
/* Which way is trimmed, by how many frames, playing around the cut. New, floating. */
GtkWidget *kerf_trim_bar_new(KerfWindow *window);

#endif
