/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fader of dB, upright: dragged (it sticks a little at the marks; Shift: finely), turned with the wheel, stepped with
 * keys, put back to 0 dB by a double click. Tells by "edit" (inspector/edit.h). */
#ifndef KERF_EDITOR_MIXER_FADER_H
#define KERF_EDITOR_MIXER_FADER_H

#include "inspector/edit.h"

#define KERF_TYPE_FADER (kerf_fader_get_type())
G_DECLARE_FINAL_TYPE(KerfFader, kerf_fader, KERF, FADER, GtkWidget)

#define KERF_FADER_SILENCE (-144.0)

GtkWidget *kerf_fader_new(const char *label);
/* dB; KERF_FADER_SILENCE at its lower end. */
double kerf_fader_get(KerfFader *fader);
/* Shows a value, which may lie outside of its way; does not tell. Ignored while it is being dragged. */
void kerf_fader_set(KerfFader *fader, double db);

#endif
