/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small pictures of what effects, transitions and generators do, rendered once in the background and kept in the cache.
 */
#ifndef KERF_EDITOR_EFFECTS_PREVIEW_H
#define KERF_EDITOR_EFFECTS_PREVIEW_H

#include "item.h"

enum { KERF_PREVIEW_WIDTH = 80, KERF_PREVIEW_HEIGHT = 45 }; /* px of the screen; rendered with twice as many */

/* Makes the pictures of a list of KerfEffectItem one after the other, on a thread; each item gets its own by "preview".
 */
void kerf_previews_make(GListModel *items, GCancellable *cancel);

#endif
