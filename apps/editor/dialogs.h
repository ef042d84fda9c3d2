/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Native dialogs; each answers through a call on the main thread, or not at all if it was dismissed. */
#ifndef KERF_EDITOR_DIALOGS_H
#define KERF_EDITOR_DIALOGS_H

#include "window.h"

typedef struct KerfFileDialog {
    const char *title, *accept; /* "_Open" */
    const char *filter;       /* name of the first filter; NULL: all files */
    const char *const *patterns; /* "*.kerf"; NULL-terminated */
    gboolean save;            /* a new file; asks before an old one is replaced */
    gboolean folder;
    const char *name;         /* save: proposed */
} KerfFileDialog;
typedef void KerfFileChosen(KerfWindow *window, const char *path);
void kerf_choose_file(KerfWindow *window, const KerfFileDialog *dialog, KerfFileChosen *chosen);
/* Several. paths ends with NULL and is borrowed. */
typedef void KerfFilesChosen(KerfWindow *window, char **paths);
void kerf_choose_files(KerfWindow *window, const KerfFileDialog *dialog, KerfFilesChosen *chosen);

typedef struct KerfQuestion {
    const char *title, *text, *accept;
    gboolean destructive;
} KerfQuestion;
void kerf_ask(KerfWindow *window, const KerfQuestion *question, void (*accepted)(KerfWindow *window));

/* One line of text. */
typedef void KerfTextGiven(KerfWindow *window, const char *text);
void kerf_ask_text(KerfWindow *window, const KerfQuestion *question, const char *text, KerfTextGiven *given);

#endif
