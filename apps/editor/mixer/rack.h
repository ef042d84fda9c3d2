/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audio effects of a channel: a list with a switch, the name (a click shows the parameters), and a button that
 * takes it away; below it one that adds. */
#ifndef KERF_EDITOR_MIXER_RACK_H
#define KERF_EDITOR_MIXER_RACK_H

#include "channel.h"

typedef struct KerfRack KerfRack;

/* Owned by its widget; channel lives as long. name: of the channel, for accessible names. */
KerfRack *kerf_rack_new(const KerfChannel *channel, const char *name);
GtkWidget *kerf_rack_widget(KerfRack *rack);
/* Shows what is there now. */
void kerf_rack_update(KerfRack *rack);

/* The parameters of audio effect `index`, for a popover: params.c. */
GtkWidget *kerf_effect_params_new(const KerfChannel *channel, int32_t index);
void kerf_effect_params_update(GtkWidget *params);

#endif
