/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What choosing an effect, a transition or a generator does. */
#ifndef KERF_EDITOR_EFFECTS_APPLY_H
#define KERF_EDITOR_EFFECTS_APPLY_H

#include "document.h"
#include "kerf/catalog.h"

/* Effects go on the selected clips, transitions to their ends (or the cut at the playhead), generators to the playhead,
 * on a track that is free there. What cannot be done is told by the document. */
void kerf_effects_apply(KerfDocument *document, const kf_catalog_kind *kind);

#endif
