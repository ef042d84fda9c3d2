/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choosing a sound device: a row that lists what there is (looked up in the background) and stores the choice. */
#ifndef KERF_EDITOR_MIXER_DEVICES_H
#define KERF_EDITOR_MIXER_DEVICES_H

#include "app.h"
#include "window.h"

/* An AdwComboRow. Outputs are those of the system in the settings and are put to use in open projects at once. The
 * choice is audio.device, or audio.input: "SYSTEM/DEVICE", "" for the default. changed (may be NULL) is called after a
 * choice. */
GtkWidget *kerf_device_row_new(KerfApp *app, gboolean input, GCallback changed, gpointer data);
/* Open projects play on the device that the settings say. */
void kerf_devices_apply(KerfApp *app);
/* The input of the settings; new, *device is "" for the system's default. Both "": what the system has chosen. */
void kerf_devices_input(KerfApp *app, char **system, char **device);

#endif
