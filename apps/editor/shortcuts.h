/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window of keyboard shortcuts: searchable, and where keys are changed. */
#ifndef KERF_EDITOR_SHORTCUTS_H
#define KERF_EDITOR_SHORTCUTS_H

#include "window.h"

void kerf_shortcuts_show(KerfWindow *window);

#endif
