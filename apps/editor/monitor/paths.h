/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A layer on a KerfPicture that is only looked at: outlines of masks, and the way that a clip moves along. */
#ifndef KERF_EDITOR_PATHS_H
#define KERF_EDITOR_PATHS_H

#include "picture.h"

#define KERF_TYPE_PATHS (kerf_paths_get_type())
G_DECLARE_FINAL_TYPE(KerfPaths, kerf_paths, KERF, PATHS, GtkWidget)

GtkWidget *kerf_paths_new(KerfPicture *picture);
void kerf_paths_clear(KerfPaths *paths);
/* Adds a path of points in px of the film made square. The first `dots` of them are keyframes: shown as such, and no part of
 * the line. */
void kerf_paths_add(KerfPaths *paths, const double (*points)[2], guint count, guint dots, gboolean closed);

#endif
