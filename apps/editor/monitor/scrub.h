/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bar under a monitor: all of what it shows from left to right, in and out, the playhead, which a drag moves.
 *
 * Signals
 *   "scrubbed" (gint64 time)         a hand moves the playhead
 *   "scrub-ended" (gint64 time)      and lets go */
#ifndef KERF_EDITOR_SCRUB_H
#define KERF_EDITOR_SCRUB_H

#include <gtk/gtk.h>

#include "kerf/base.h"

typedef struct KerfScrubState {
    kf_time duration, position;
    kf_time in, out;          /* KF_TIME_NONE: not set */
    const char *text;         /* the position in words, for those who cannot see; borrowed for the call */
} KerfScrubState;

#define KERF_TYPE_SCRUB (kerf_scrub_get_type())
G_DECLARE_FINAL_TYPE(KerfScrub, kerf_scrub, KERF, SCRUB, GtkWidget)

GtkWidget *kerf_scrub_new(const char *label);
/* Position does not move under a hand that holds it. */
void kerf_scrub_set(KerfScrub *scrub, const KerfScrubState *state);

#endif
