/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markers of the sequence that is edited, of the clip with the focus, or of the asset in the source monitor: the document's
 * present state says which these are. */
#ifndef KERF_EDITOR_MARKER_PLACE_H
#define KERF_EDITOR_MARKER_PLACE_H

#include "document.h"

/* 0: also if there is no such owner. */
int32_t kerf_markers_count(KerfDocument *document, kf_marker_owner owner);
gboolean kerf_markers_at(KerfDocument *document, kf_marker_owner owner, int32_t index, kf_marker_info *out);
/* Whether there is such an owner. */
gboolean kerf_markers_have(KerfDocument *document, kf_marker_owner owner);
/* What its times are shown by. */
const kf_sequence_info *kerf_markers_clock(KerfDocument *document, kf_marker_owner owner);
/* Where a time of the owner is on that clock: clips begin somewhere in the sequence. */
kf_time kerf_markers_shown(KerfDocument *document, kf_marker_owner owner, kf_time time);
/* The present position, in the owner's time. */
kf_time kerf_markers_now(KerfDocument *document, kf_marker_owner owner);
void kerf_markers_go(KerfDocument *document, kf_marker_owner owner, kf_time time);

/* Edits; set: JSON of a marker's keys. */
gboolean kerf_markers_add(KerfDocument *document, kf_marker_owner owner, kf_time time);
gboolean kerf_markers_set(KerfDocument *document, kf_marker_owner owner, uint64_t marker, const char *set);
gboolean kerf_markers_remove(KerfDocument *document, kf_marker_owner owner, uint64_t marker);

#endif
