/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a trace is read against: lines, boxes of the test colours, labels. */
#ifndef KERF_EDITOR_GRATICULE_H
#define KERF_EDITOR_GRATICULE_H

#include <gtk/gtk.h>

#include "kerf/scopes.h"

typedef struct KerfGraticule {
    kf_scope_kind kind;
    uint8_t matrix;           /* code point of ITU-T H.273 */
    graphene_rect_t area;     /* of the trace */
} KerfGraticule;
void kerf_graticule(GtkWidget *widget, GtkSnapshot *snapshot, const KerfGraticule *graticule);

#endif
