/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the source monitor and the sequence: three-point edits, and the way back. */
#ifndef KERF_EDITOR_THREE_POINT_H
#define KERF_EDITOR_THREE_POINT_H

#include "document.h"

/* Puts a source into the sequence ("insert" or "overwrite"), by the marks of both: where a mark is missing, the playhead and the
 * source's ends stand in, and an out mark that is one too many does not count. The playhead goes to its end. */
void kerf_three_point(KerfDocument *document, const KerfSource *source, const char *operation, const char *label);
/* Ends of the clips that are selected, else of the topmost clip at the playhead. FALSE: there is none. */
gboolean kerf_three_point_around(KerfDocument *document, kf_time *from, kf_time *to);
/* Shows the frame of the topmost clip at the playhead in the source monitor. FALSE: none that has a source; it was said. */
gboolean kerf_match_frame(KerfDocument *document);

#endif
