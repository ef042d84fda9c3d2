/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KERF_EDITOR_MIXER_VOICE_H
#define KERF_EDITOR_MIXER_VOICE_H

#include "window.h"

/* Opens the window of the voice-over; then begins, and ends, a take. */
void kerf_voice_record(KerfWindow *window);

#endif
