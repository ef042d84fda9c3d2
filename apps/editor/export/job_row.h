/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A job in a list: its name, progress and state in words, and what can be done with it. */
#ifndef KERF_EDITOR_JOB_ROW_H
#define KERF_EDITOR_JOB_ROW_H

#include "jobs.h"

#define KERF_TYPE_JOB_ROW (kerf_job_row_get_type())
G_DECLARE_FINAL_TYPE(KerfJobRow, kerf_job_row, KERF, JOB_ROW, GtkListBoxRow)

GtkWidget *kerf_job_row_new(KerfApp *app);
void kerf_job_row_update(KerfJobRow *row, const KerfJob *job);
gboolean kerf_job_row_is(KerfJobRow *row, const KerfJob *job);

/* What keys do: takes it out of the list (a running one is cancelled), moves it in the order of starting. */
void kerf_job_row_remove(KerfJobRow *row);
void kerf_job_row_move(KerfJobRow *row, gboolean earlier);

#endif
