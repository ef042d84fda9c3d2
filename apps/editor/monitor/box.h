/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer on a KerfPicture: the outline of a clip with handles. Inside moves, and snaps to the frame unless Control is held;
 * corners scale (Shift: freely), sides scale one way,
 * the handle above turns (Shift: in steps of 15 degrees); Escape takes a drag back. With the focus: arrows move by 1 px, with
 * Shift by 10; plus and minus scale; brackets turn.
 *
 * Signals
 *   "pose-begin"                   a drag begins
 *   "pose-moved" (KerfPose *)      where it is to be now; between begin and end
 *   "pose-end" (gboolean keep)     FALSE: as it was before */
#ifndef KERF_EDITOR_BOX_H
#define KERF_EDITOR_BOX_H

#include "pose.h"
#include "picture.h"

#define KERF_TYPE_BOX (kerf_box_get_type())
G_DECLARE_FINAL_TYPE(KerfBox, kerf_box, KERF, BOX, GtkWidget)

/* To be added to the picture by the caller. */
GtkWidget *kerf_box_new(KerfPicture *picture);
/* What it is around; not while a drag lasts. outline NULL: nothing. */
void kerf_box_set(KerfBox *box, const KerfOutline *outline, const KerfPose *pose);
gboolean kerf_box_dragging(KerfBox *box);

#endif
