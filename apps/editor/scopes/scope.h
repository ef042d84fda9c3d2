/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One scope: its trace over a graticule with labels. */
#ifndef KERF_EDITOR_SCOPE_H
#define KERF_EDITOR_SCOPE_H

#include <gtk/gtk.h>

#include "kerf/scopes.h"

#define KERF_TYPE_SCOPE (kerf_scope_get_type())
G_DECLARE_FINAL_TYPE(KerfScope, kerf_scope, KERF, SCOPE, GtkWidget)

/* "Waveform" */
const char *kerf_scope_label(kf_scope_kind kind);

GtkWidget *kerf_scope_new(kf_scope_kind kind);
/* How its trace is to be drawn now; FALSE: it is not to be seen. */
gboolean kerf_scope_wants(KerfScope *scope, kf_scope_params *out);
/* matrix: as in kf_picture, which decides where colours lie. */
void kerf_scope_show(KerfScope *scope, GdkTexture *trace, uint8_t matrix);

#endif
