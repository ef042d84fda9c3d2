/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A button in the header bar that is there while something runs in the background: how far it is; a click shows the queue. */
#ifndef KERF_EDITOR_ACTIVITY_H
#define KERF_EDITOR_ACTIVITY_H

#include "window.h"

GtkWidget *kerf_activity_new(KerfWindow *window);

#endif
