/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controls of one marker; what is changed is an edit at once. */
#ifndef KERF_EDITOR_MARKER_FORM_H
#define KERF_EDITOR_MARKER_FORM_H

#include "list.h"

#define KERF_TYPE_MARKER_FORM (kerf_marker_form_get_type())
G_DECLARE_FINAL_TYPE(KerfMarkerForm, kerf_marker_form, KERF, MARKER_FORM, GtkBox)

GtkWidget *kerf_marker_form_new(KerfDocument *document);
/* NULL: none; what was being written is kept in the one before. */
void kerf_marker_form_show(KerfMarkerForm *form, kf_marker_owner owner, KerfMarker *marker);
void kerf_marker_form_enter_name(KerfMarkerForm *form);

#endif
