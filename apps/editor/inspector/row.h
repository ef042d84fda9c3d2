/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One parameter of the inspector: its label, what edits it, its keyframes. */
#ifndef KERF_EDITOR_INSPECTOR_ROW_H
#define KERF_EDITOR_INSPECTOR_ROW_H

#include "edit.h"
#include "targets.h"

typedef struct KerfRow KerfRow;

/* What edits a value: of one kind of value. */
typedef struct KerfEditor {
    GtkWidget *widget;
    void (*show)(KerfRow *row, const KerfReading *reading);
    gboolean block;           /* wide: stands under its label */
} KerfEditor;

/* Owned by its widget. */
KerfRow *kerf_row_new(KerfTargets *targets, const KerfParam *param);
GtkWidget *kerf_row_widget(KerfRow *row);
/* Shows what is there now. */
void kerf_row_update(KerfRow *row);

/* ---- For editors ---- */

const KerfParam *kerf_row_param(KerfRow *row);
KerfTargets *kerf_row_targets(KerfRow *row);
KerfEditor *kerf_row_editor(KerfRow *row);
/* A value (JSON, taken over; not needed for BEGIN, COMMIT and CANCEL) that the user gave. */
void kerf_row_edit(KerfRow *row, KerfPhase phase, char *value);
/* The same of numbers. */
void kerf_row_edit_numbers(KerfRow *row, KerfPhase phase, const double number[4]);
/* What is shown: the last reading. */
const KerfReading *kerf_row_reading(KerfRow *row);
/* TRUE while the widgets are set, so that what they tell is no edit. */
gboolean kerf_row_showing(KerfRow *row);

/* The editor for a row's value; fills `out`. */
void kerf_editor_create(KerfRow *row, KerfEditor *out);
void kerf_editor_create_text(KerfRow *row, KerfEditor *out);   /* editors_text.c: texts, files, fonts, lists as JSON */
void kerf_editor_create_wheel(KerfRow *row, KerfEditor *out);  /* wheel.c */
void kerf_editor_create_gradient(KerfRow *row, KerfEditor *out); /* gradient.c */
void kerf_editor_create_curve(KerfRow *row, KerfEditor *out);  /* curve.c */

#endif
