/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The points of a clip that are moved on the picture (masks, keyframes of its position, a title's place), and the operations that
 * moving them comes to. */
#ifndef KERF_EDITOR_SHAPES_H
#define KERF_EDITOR_SHAPES_H

#include "clip_place.h"
#include "knobs.h"

typedef struct KerfShapes {
    const kf_film_handle *film;
    const kf_timeline_item *clip;
    const KerfClipPlace *place;
    kf_time t;                /* of the clip: the moment that is shown */
    double unit;              /* px of the film for one of the widget */
} KerfShapes;

/* All of them. New: KerfKnob. */
GArray *kerf_shapes_knobs(const KerfShapes *shapes);
/* Operations that bring a knob to where `at` says; NULL: it cannot be moved. New. */
char *kerf_shapes_move(const KerfShapes *shapes, const KerfKnob *knob);
/* Takes a corner or a keyframe away; NULL: it has to stay. New. */
char *kerf_shapes_remove(const KerfShapes *shapes, const KerfKnob *knob);
/* A corner more at a point of the film, in the first polygon of the clip; NULL: it has none. New. */
char *kerf_shapes_add(const KerfShapes *shapes, const double point[2]);
/* Whether the clip has a polygon. */
gboolean kerf_shapes_has_polygon(const KerfShapes *shapes);

#endif
