/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controls of an export: what they are set to is kept with the project's view. */
#ifndef KERF_EDITOR_EXPORT_FORM_H
#define KERF_EDITOR_EXPORT_FORM_H

#include "settings.h"
#include "window.h"

#define KERF_TYPE_EXPORT_FORM (kerf_export_form_get_type())
G_DECLARE_FINAL_TYPE(KerfExportForm, kerf_export_form, KERF, EXPORT_FORM, GtkBox)

/* Signal "changed": a setting is another one, or the sequence is. */
GtkWidget *kerf_export_form_new(KerfWindow *window);
/* Texts are borrowed until the next change. */
void kerf_export_form_get(KerfExportForm *form, KerfExport *out);

#endif
