/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands below a monitor's picture: scrub bar, times and views, transport. Keeps itself up to date. */
#ifndef KERF_EDITOR_BARS_H
#define KERF_EDITOR_BARS_H

#include "monitor.h"

#define KERF_TYPE_BARS (kerf_bars_get_type())
G_DECLARE_FINAL_TYPE(KerfBars, kerf_bars, KERF, BARS, GtkWidget)

GtkWidget *kerf_bars_new(KerfWindow *window, KerfDeck *deck, KerfPicture *picture);
void kerf_bars_enter_time(KerfBars *bars);

#endif
