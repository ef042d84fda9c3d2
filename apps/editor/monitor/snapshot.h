/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame as a picture file, in full quality. */
#ifndef KERF_EDITOR_SNAPSHOT_H
#define KERF_EDITOR_SNAPSHOT_H

#include "deck.h"
#include "window.h"

/* Asks for a file and writes the frame that is shown, on a thread of its own; a message says how that went. */
void kerf_snapshot_ask(KerfWindow *window, KerfDeck *deck);

#endif
