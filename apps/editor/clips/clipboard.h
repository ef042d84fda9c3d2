/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips on the clipboard: they can be pasted into other sequences, and other projects in other windows and processes. */
#ifndef KERF_EDITOR_CLIPBOARD_H
#define KERF_EDITOR_CLIPBOARD_H

#include "window.h"

/* Puts the selected clips on the clipboard. FALSE: none is selected. */
gboolean kerf_copy_clips(KerfWindow *window);
/* Puts what is on the clipboard at the playhead, the lowest tracks on the target ones; insert: what is there moves on. */
void kerf_paste_clips(KerfWindow *window, gboolean insert);
/* The clip that was copied last from this project; 0: none. For pasting of attributes. */
uint64_t kerf_copied_clip(KerfWindow *window);

#endif
