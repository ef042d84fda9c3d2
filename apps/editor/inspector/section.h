/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A set of parameters in the inspector: a header that folds it, with what can be done to an effect, and a row for each
 * parameter. */
#ifndef KERF_EDITOR_INSPECTOR_SECTION_H
#define KERF_EDITOR_INSPECTOR_SECTION_H

#include "targets.h"
#include "window.h"

typedef struct KerfSection KerfSection;

/* Owned by its widget. folded: set of names of kinds whose sections are folded, shared by all. */
KerfSection *kerf_section_new(KerfWindow *window, KerfTargets *targets, const KerfSet *set, GHashTable *folded);
GtkWidget *kerf_section_widget(KerfSection *section);
void kerf_section_update(KerfSection *section);

#endif
