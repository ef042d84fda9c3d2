/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The selected clip on the program monitor: a box that moves, scales and turns it, outlines of its masks, and the way that its
 * position takes. A click on the picture selects the topmost clip there. */
#ifndef KERF_EDITOR_PLACING_H
#define KERF_EDITOR_PLACING_H

#include "picture.h"
#include "deck.h"

typedef struct KerfPlacing KerfPlacing;
/* Adds its layers to the picture. */
KerfPlacing *kerf_placing_new(KerfDocument *document, KerfDeck *deck, KerfPicture *picture);
void kerf_placing_free(KerfPlacing *placing);
/* Looks again at the selected clip at the time that is shown. */
void kerf_placing_update(KerfPlacing *placing);
void kerf_placing_show(KerfPlacing *placing, gboolean box, gboolean paths);

#endif
