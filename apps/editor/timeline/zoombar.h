/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bar below the timeline: its thumb is what is seen, its ends zoom. */
#ifndef KERF_TIMELINE_ZOOMBAR_H
#define KERF_TIMELINE_ZOOMBAR_H

#include "area.h"

GtkWidget *kt_zoombar_new(KerfTimelineArea *area);

#endif
