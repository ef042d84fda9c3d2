/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A slider: dragged, stepped with arrow keys, put back to its default by a double click. Tells by "edit" (edit.h). */
#ifndef KERF_EDITOR_INSPECTOR_SLIDER_H
#define KERF_EDITOR_INSPECTOR_SLIDER_H

#include "edit.h"

#define KERF_TYPE_SLIDER (kerf_slider_get_type())
G_DECLARE_FINAL_TYPE(KerfSlider, kerf_slider, KERF, SLIDER, GtkWidget)

typedef struct KerfSliderRange {
    double min, max, step;
    double origin;            /* a double click brings it back; its bar begins there, or at min if it is max */
    gboolean logarithmic;     /* min > 0 */
} KerfSliderRange;

GtkWidget *kerf_slider_new(const KerfSliderRange *range, const char *label);
double kerf_slider_get(KerfSlider *slider);
/* Shows a value, which may lie outside; does not tell. Ignored while it is being dragged. */
void kerf_slider_set(KerfSlider *slider, double value);

#endif
