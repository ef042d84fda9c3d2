/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small field of a colour; and those that markers are given. */
#ifndef KERF_EDITOR_SWATCH_H
#define KERF_EDITOR_SWATCH_H

#include <gtk/gtk.h>

GtkWidget *kerf_swatch_new(void);
/* RGBA of 0 to 1; alpha 0: an outline. */
void kerf_swatch_set(GtkWidget *swatch, const float color[4]);

typedef struct KerfNamedColor {
    const char *name;         /* "Red"; NULL ends */
    float color[4];
} KerfNamedColor;
/* The first is none. */
extern const KerfNamedColor kerf_marker_colors[];

#endif
