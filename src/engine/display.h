/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small pictures of colours that displays do not take as they are (HDR, wide gamuts), for the screen. */
#ifndef KF_ENGINE_DISPLAY_H
#define KF_ENGINE_DISPLAY_H

#include "color/api/color.h"

/* Keeps the table of the last colour. Zero-initialise. One thread. */
typedef struct kf_display {
    kf_lut3d *lut;
    kf_color from;
} kf_display;
void kf_display_finish(kf_display *display);
/* Premultiplied RGBA16 as RGBA8 in sRGB: a new frame; NULL: out of memory. */
kf_frame *kf_display_convert(kf_display *display, const kf_image *in);

#endif
