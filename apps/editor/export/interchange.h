/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The film in other editors' forms, and captions from files. Both run beside the main thread. */
#ifndef KERF_EDITOR_INTERCHANGE_H
#define KERF_EDITOR_INTERCHANGE_H

#include "window.h"

/* Asks for a form and a file, shows what will be lost, and writes. */
void kerf_interchange_export(KerfWindow *window);
/* Asks for a file of captions and adds its texts as titles, on tracks of their own. */
/* The titles of the sequence as a file of captions. */
void kerf_captions_export(KerfWindow *window);
void kerf_captions_import(KerfWindow *window);

#endif
