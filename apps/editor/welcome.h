/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The start page: recent projects, new ones, the demo film. */
#ifndef KERF_EDITOR_WELCOME_H
#define KERF_EDITOR_WELCOME_H

#include "window.h"

GtkWidget *kerf_welcome_new(KerfWindow *window);

#endif
