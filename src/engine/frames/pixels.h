/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures in a caller's memory as the rooms see them. */
#ifndef KF_ENGINE_FRAMES_PIXELS_H
#define KF_ENGINE_FRAMES_PIXELS_H

#include "base/api/image.h"
#include "base/api/status.h"
#include "kerf/frames.h"

/* KF_PIX_NONE: no such layout. */
kf_pixfmt kf_pixels_format(kf_pixel_layout layout);
/* A view of a picture that was checked. */
kf_image kf_pixels_view(const kf_pixels *pixels);
/* Rows from one picture to another of the same format and size. */
void kf_image_copy_rows(const kf_image *from, kf_image *to);
/* Whether they share any memory. */
bool kf_images_overlap(const kf_image *a, const kf_image *b);
/* RGBA8 or BGRA8 whose fourth byte means nothing, as RGB24. */
void kf_image_drop_fourth(const kf_image *from, kf_image *to);
/* The fourth byte of every pixel becomes 255. */
void kf_image_make_opaque(kf_image *image);

#endif
