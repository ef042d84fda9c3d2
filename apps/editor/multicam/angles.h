/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* To lie over a KerfPicture of angles (kf_player_part): a button over each of them, with its number and name. The present one is
 * framed.
 *
 *   "angle-chosen" (int angle)   from 1; by pointer or keyboard */
#ifndef KERF_EDITOR_ANGLES_H
#define KERF_EDITOR_ANGLES_H

#include "monitor/picture.h"

#define KERF_TYPE_ANGLES (kerf_angles_get_type())
G_DECLARE_FINAL_TYPE(KerfAngles, kerf_angles, KERF, ANGLES, GtkWidget)

GtkWidget *kerf_angles_new(KerfPicture *picture);
/* names: `count` of them. Borrowed. */
void kerf_angles_set(KerfAngles *angles, const char *const *names, int count);
/* present: from 1; 0: none. cuts: it is cut to while it plays. */
void kerf_angles_set_present(KerfAngles *angles, int present, gboolean cuts);

#endif
