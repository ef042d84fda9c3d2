/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A number that is dragged sideways to change it, and clicked to type it. Tells by "edit" (edit.h). */
#ifndef KERF_EDITOR_INSPECTOR_NUMBER_H
#define KERF_EDITOR_INSPECTOR_NUMBER_H

#include "edit.h"

#define KERF_TYPE_NUMBER (kerf_number_get_type())
G_DECLARE_FINAL_TYPE(KerfNumber, kerf_number, KERF, NUMBER, GtkWidget)

typedef struct KerfNumberRange {
    double min, max, step;    /* step: of a pixel's way, and of an arrow key */
    int digits;               /* behind the point */
    const char *unit;         /* borrowed forever; "" if none */
} KerfNumberRange;

GtkWidget *kerf_number_new(const KerfNumberRange *range, const char *label);
double kerf_number_get(KerfNumber *number);
/* Shows a value; does not tell. Ignored while it is being dragged or typed. */
void kerf_number_set(KerfNumber *number, double value);
/* Shows a word in place of the value ("Centre", or a dash where several values differ); NULL: the value. Dragging
 * starts from the value. */
void kerf_number_set_word(KerfNumber *number, const char *word);

#endif
