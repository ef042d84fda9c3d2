/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A level meter of two channels: a bar of the RMS, a paler one of the peak that falls slowly, a line that holds the
 * highest peak for a moment, and a light that stays on after full scale until it is clicked. Shows what it is given;
 * asks nobody. */
#ifndef KERF_EDITOR_MIXER_METER_H
#define KERF_EDITOR_MIXER_METER_H

#include <gtk/gtk.h>

#include "kerf/player.h"

#define KERF_TYPE_METER (kerf_meter_get_type())
G_DECLARE_FINAL_TYPE(KerfMeter, kerf_meter, KERF, METER, GtkWidget)

/* scale: with numbers of dB beside it. */
GtkWidget *kerf_meter_new(const char *label, gboolean scale);
/* A reading at a time (us, of a frame clock or g_get_monotonic_time). TRUE: something still moves, come again. */
gboolean kerf_meter_feed(KerfMeter *meter, const kf_player_meter *reading, gint64 now);
gboolean kerf_meter_clipped(KerfMeter *meter);
void kerf_meter_reset(KerfMeter *meter);

/* Where a level stands on the scale: 0 (-60 dB and less) .. 1 (full scale). */
float kerf_meter_place(float db);

#endif
