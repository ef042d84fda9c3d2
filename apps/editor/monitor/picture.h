/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture in a widget, drawn with GL; widgets above it draw what belongs to it (guides, boxes, paths). The wheel with
 * Control zooms, the wheel or the middle button moves.
 *
 * Signals
 *   "view-changed"   zoom, position or size of the picture on the screen */
#ifndef KERF_EDITOR_PICTURE_H
#define KERF_EDITOR_PICTURE_H

#include <gtk/gtk.h>

#include "kerf/picture.h"
#include "place.h"

#define KERF_TYPE_PICTURE (kerf_picture_get_type())
G_DECLARE_FINAL_TYPE(KerfPicture, kerf_picture, KERF, PICTURE, GtkWidget)

GtkWidget *kerf_picture_new(void);
/* Takes a reference; NULL: nothing is shown. Draws only if it is another one. */
void kerf_picture_show(KerfPicture *picture, kf_picture *shown);
/* Size to lay out by when there is no picture yet, px with square pixels. */
void kerf_picture_set_size(KerfPicture *picture, int width, int height);
/* Percent of one pixel of the screen per pixel of the film; 0: fit. */
void kerf_picture_set_zoom(KerfPicture *picture, double percent);
double kerf_picture_zoom(KerfPicture *picture);       /* as set */
double kerf_picture_zoom_shown(KerfPicture *picture); /* percent, also when it is fitted */
/* Why nothing can be drawn; NULL: it can. */
const char *kerf_picture_failure(KerfPicture *picture);
void kerf_picture_set_checker(KerfPicture *picture, gboolean checker);
/* Lays a widget over the whole of it, above those before. Takes a floating reference. */
void kerf_picture_add_layer(KerfPicture *picture, GtkWidget *layer);

/* Where the picture lies, px of the widget (and of its layers), and the size of what it shows: px of the film, made
 * square, in which transforms count. */
typedef struct KerfPictureSpace {
    KerfPlace place;
    double width, height;
} KerfPictureSpace;
KerfPictureSpace kerf_picture_space(KerfPicture *picture);
/* How large the whole picture is drawn, px of the screen. */
void kerf_picture_drawn(KerfPicture *picture, int *width, int *height);
/* Points of the film to points of the widget, and back. */
void kerf_space_to_widget(const KerfPictureSpace *space, double x, double y, double out[2]);
void kerf_space_to_film(const KerfPictureSpace *space, double x, double y, double out[2]);

#endif
