/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KERF_EDITOR_TYPED_TIME_H
#define KERF_EDITOR_TYPED_TIME_H

#include <glib.h>

#include "kerf/timeline.h"

/* Reads what an editor types at a field that shows `now`: "1200" is 00:00:12:00 and "90" the frame 90, counted from the right
 * as fields of two digits; "1:2" and "1.2" are fields too; "+10" and "-1200" count from now; and all that
 * kf_sequence_parse_time reads. The sequence gives rate, drop-frame and first timecode. FALSE: it is no time. */
gboolean kerf_typed_time(const kf_sequence_info *sequence, const char *text, kf_time now, kf_time *out);

#endif
