/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer on a KerfPicture that is only looked at: safe margins, and a text such as the timecode. */
#ifndef KERF_EDITOR_GUIDES_H
#define KERF_EDITOR_GUIDES_H

#include "picture.h"

#define KERF_TYPE_GUIDES (kerf_guides_get_type())
G_DECLARE_FINAL_TYPE(KerfGuides, kerf_guides, KERF, GUIDES, GtkWidget)

/* To be added to the picture by the caller. */
GtkWidget *kerf_guides_new(KerfPicture *picture);
/* Action and title safe: 93 % and 90 % of the picture (EBU R 95), and its middle. */
void kerf_guides_set_safe(KerfGuides *guides, gboolean safe);
/* Text: at the foot of the picture. Notice: in the middle, what there is to say instead of a picture. NULL: none. */
void kerf_guides_set_text(KerfGuides *guides, const char *text);
void kerf_guides_set_notice(KerfGuides *guides, const char *notice);

#endif
