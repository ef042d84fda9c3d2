/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a picture lies in its widget: fitted, or at a zoom with a point of it held in the middle. Plain arithmetic. */
#ifndef KERF_EDITOR_PLACE_H
#define KERF_EDITOR_PLACE_H

#include <stdbool.h>

typedef struct KerfZoom {
    double zoom;              /* px of the widget per px of the picture as shown; 0: as large as fits */
    double x, y;              /* of the picture, 0..1: the point in the widget's middle. Only for zoom > 0 */
} KerfZoom;

typedef struct KerfPlace {
    double x, y, w, h;        /* of the whole picture, px of the widget */
} KerfPlace;

/* width, height: of the widget; picture_width, picture_height: of the picture with square pixels. Edges fall on whole
 * pixels, of which there are `scale` to each of the widget's, so that 100 % is sharp. */
typedef struct KerfSizes {
    double width, height, picture_width, picture_height;
    int scale;
} KerfSizes;
KerfPlace kerf_place(const KerfZoom *view, const KerfSizes *sizes);
/* Px of the widget per px of the picture, also when it is fitted. */
double kerf_place_zoom(const KerfZoom *view, const KerfSizes *sizes);
/* Another zoom that keeps what lies at (x, y) of the widget there. */
KerfZoom kerf_place_zoom_at(const KerfZoom *view, const KerfSizes *sizes, double zoom, double x, double y);
/* Moved by px of the widget; some of the picture always stays in sight. */
KerfZoom kerf_place_pan(const KerfZoom *view, const KerfSizes *sizes, double dx, double dy);

#endif
