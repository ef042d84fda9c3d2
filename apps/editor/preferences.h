/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window of preferences. */
#ifndef KERF_EDITOR_PREFERENCES_H
#define KERF_EDITOR_PREFERENCES_H

#include "window.h"

void kerf_preferences_show(KerfWindow *window);

#endif
