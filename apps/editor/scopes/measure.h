/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scopes of a picture, drawn beside the main thread. */
#ifndef KERF_EDITOR_MEASURE_H
#define KERF_EDITOR_MEASURE_H

#include <gtk/gtk.h>

#include "kerf/scopes.h"

#define KERF_SCOPES 4         /* as many as there are kinds */

typedef struct KerfMeasure {
    kf_picture *picture;      /* owned */
    gboolean hurry;           /* some rows must do */
    guint count;
    kf_scope_params scopes[KERF_SCOPES];
} KerfMeasure;

/* Draws all of them on another thread; takes the measure over. */
void kerf_measure_async(KerfMeasure *measure, GAsyncReadyCallback done, gpointer data);
/* The measure, and a texture for each scope (NULL: out of memory), for g_object_unref. All borrowed until the result goes. */
const KerfMeasure *kerf_measure_finish(GAsyncResult *result, GdkTexture *const **textures);

#endif
