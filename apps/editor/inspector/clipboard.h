/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copying effects from one clip, pasting them on others. */
#ifndef KERF_EDITOR_INSPECTOR_CLIPBOARD_H
#define KERF_EDITOR_INSPECTOR_CLIPBOARD_H

#include "targets.h"
#include "window.h"

/* One effect, as JSON on the system's clipboard: works across projects and programs. */
void kerf_clipboard_copy_effect(KerfWindow *window, KerfTargets *targets, const KerfSet *set);
/* Pastes what kerf_clipboard_copy_effect took on the selected clips. */
void kerf_clipboard_paste_effect(KerfWindow *window);

#endif
