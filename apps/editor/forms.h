/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small dialogs of a few values. */
#ifndef KERF_EDITOR_FORMS_H
#define KERF_EDITOR_FORMS_H

#include "window.h"

enum { KERF_FORM_MAX = 12 };
typedef enum KerfFormKind { KERF_FORM_TEXT, KERF_FORM_NUMBER, KERF_FORM_SWITCH, KERF_FORM_CHOICE } KerfFormKind;

typedef struct KerfFormField {
    const char *label, *subtitle; /* subtitle may be NULL; label NULL ends the fields */
    KerfFormKind kind;
    const char *text;         /* TEXT: at first */
    double number, low, high, step; /* NUMBER */
    int digits;
    gboolean on;              /* SWITCH */
    const char *const *choices; /* CHOICE, NULL-terminated */
    guint chosen;
} KerfFormField;

/* One for each field, in their order. */
typedef struct KerfFormValue {
    const char *text;         /* good for the call */
    double number;
    gboolean on;
    guint chosen;
} KerfFormValue;
/* Called when the dialog is accepted, with what was given to kerf_form_show; FALSE keeps it open. */
typedef gboolean KerfFormDone(KerfWindow *window, const KerfFormValue *values, gpointer data);
/* data is freed by free_data (may be NULL) when the dialog is gone. Texts of fields are borrowed for the call. */
void kerf_form_show(KerfWindow *window, const char *title, const KerfFormField *fields, KerfFormDone *done, gpointer data,
                    GDestroyNotify free_data);

#endif
