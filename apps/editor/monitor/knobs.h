/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer on a KerfPicture with points that are dragged: of masks, and of the way that a clip moves along. With the focus: Page Up
 * and Page Down choose one, arrows move it by 1 px, with Shift by 10, Delete takes it away; Escape takes a drag back. Alt and a
 * click takes away too, a double click beside a line adds.
 *
 * Signals
 *   "knob-begin" (KerfKnob *)      a drag begins
 *   "knob-moved" (KerfKnob *)      where it is to be now; between begin and end
 *   "knob-end" (gboolean keep)     FALSE: as it was before
 *   "knob-removed" (KerfKnob *)
 *   "knob-added" (double *point)   of the film */
#ifndef KERF_EDITOR_KNOBS_H
#define KERF_EDITOR_KNOBS_H

#include "picture.h"

typedef enum KerfKnobKind {
    KERF_KNOB_CENTER, KERF_KNOB_SIZE, KERF_KNOB_WIDTH, KERF_KNOB_HEIGHT, KERF_KNOB_TURN, KERF_KNOB_FEATHER,
    KERF_KNOB_CORNER,         /* of a polygon */
    KERF_KNOB_KEY,            /* a keyframe of the position */
    KERF_KNOB_TITLE           /* where a title stands */
} KerfKnobKind;

typedef struct KerfKnob {
    KerfKnobKind kind;
    int effect, index;        /* of the clip; of the corner or keyframe */
    double at[2];             /* px of the film */
    char name[64];            /* spoken */
} KerfKnob;

#define KERF_TYPE_KNOBS (kerf_knobs_get_type())
G_DECLARE_FINAL_TYPE(KerfKnobs, kerf_knobs, KERF, KNOBS, GtkWidget)

/* To be added to the picture by the caller. */
GtkWidget *kerf_knobs_new(KerfPicture *picture);
/* While a drag lasts only their places are taken. */
void kerf_knobs_set(KerfKnobs *knobs, const KerfKnob *list, guint count);
gboolean kerf_knobs_dragging(KerfKnobs *knobs);
/* Whether a double click may add a corner. */
void kerf_knobs_set_adds(KerfKnobs *knobs, gboolean adds);

#endif
