/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keyframes of a parameter under its row: steps from one to the next, a lane in which they are dragged, and a graph
 * with the handles of the ways between them. */
#ifndef KERF_EDITOR_INSPECTOR_LANE_H
#define KERF_EDITOR_INSPECTOR_LANE_H

#include "targets.h"
#include "edit.h"

GtkWidget *kerf_lane_new(KerfTargets *targets, const KerfParam *param);
void kerf_lane_update(GtkWidget *lane, const KerfReading *reading);

#endif
