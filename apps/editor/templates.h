/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates: films that new projects begin as, kept as text in the user's data folder (templates/NAME.json). */
#ifndef KERF_EDITOR_TEMPLATES_H
#define KERF_EDITOR_TEMPLATES_H

#include "window.h"

/* Paths, sorted by name; NULL-terminated, new. */
char **kerf_templates(void);
/* What one is called; new. */
char *kerf_template_name(const char *path);
/* Asks for a name and keeps the project as a template. */
void kerf_template_save(KerfWindow *window);
/* Asks which one, and begins a project with it. */
void kerf_template_choose(KerfWindow *window);

#endif
