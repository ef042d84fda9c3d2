/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Timecode: what is typed, and a field that shows it and takes it. */
#ifndef KERF_EDITOR_TIMECODE_H
#define KERF_EDITOR_TIMECODE_H

#include <gtk/gtk.h>

#include "kerf/timeline.h"

/* Reads what an editor types at a field that shows `now`: "1200" is 00:00:12:00 and "90" the frame 90, counted from the right
 * as fields of two digits; "1:2" and "1.2" are fields too; "+10" and "-1200" count from now; and all that
 * kf_sequence_parse_time reads. The sequence gives rate, drop-frame and first timecode. FALSE: it is no time. */
gboolean kerf_timecode_read(const kf_sequence_info *sequence, const char *text, kf_time now, kf_time *out);

/* A field with a time in it. Enter takes it, Escape leaves it as it was, the wheel moves it by frames.
 *
 * Signals
 *   "time-entered" (gint64 time)   what was typed, or turned to */
#define KERF_TYPE_TIMECODE (kerf_timecode_get_type())
G_DECLARE_FINAL_TYPE(KerfTimecode, kerf_timecode, KERF, TIMECODE, GtkWidget)

GtkWidget *kerf_timecode_new(const char *label);
/* Rate, drop-frame and first timecode to count by; copied. */
void kerf_timecode_set_sequence(KerfTimecode *timecode, const kf_sequence_info *sequence);
/* Shows a time, unless something is being typed. */
void kerf_timecode_set_time(KerfTimecode *timecode, kf_time time);

#endif
