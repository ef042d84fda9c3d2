/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A field with a time in it. Enter takes it, Escape leaves it as it was, the wheel moves it by frames.
 *
 * Signals
 *   "time-entered" (gint64 time)   what was typed, or turned to */
#ifndef KERF_EDITOR_TIMECODE_H
#define KERF_EDITOR_TIMECODE_H

#include <gtk/gtk.h>

#include "kerf/timeline.h"

#define KERF_TYPE_TIMECODE (kerf_timecode_get_type())
G_DECLARE_FINAL_TYPE(KerfTimecode, kerf_timecode, KERF, TIMECODE, GtkWidget)

GtkWidget *kerf_timecode_new(const char *label);
/* Rate, drop-frame and first timecode to count by; copied. */
void kerf_timecode_set_sequence(KerfTimecode *timecode, const kf_sequence_info *sequence);
/* Shows a time, unless something is being typed. */
void kerf_timecode_set_time(KerfTimecode *timecode, kf_time time);

#endif
