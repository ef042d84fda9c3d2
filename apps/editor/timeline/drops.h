/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Things dropped on the timeline: assets, sequences, transitions, effects, generators, files. While they are over it,
 * what is drawn is what would be. */
#ifndef KERF_TIMELINE_DROPS_H
#define KERF_TIMELINE_DROPS_H

#include "area.h"
#include "drag.h"

void kt_drops_add(KerfTimelineArea *area);

/* Puts what a drag holds at a time on a row's track; new, NULL if there is nothing to put (drop_ops.c). */
typedef struct kt_put {
    const KerfDrag *drag;
    const kt_row *row;
    kf_time at;
    bool insert;
} kt_put;
char *kt_put_operations(KerfTimelineArea *area, const kt_put *put);
/* How long it is on the timeline. */
kf_time kt_put_length(KerfTimelineArea *area, const KerfDrag *drag);

#endif
