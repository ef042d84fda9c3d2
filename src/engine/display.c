/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/display.h"

#include <string.h>

static const kf_color shown = {KF_PRI_BT709, KF_TRC_BT709, KF_MAT_RGB, KF_RANGE_FULL, 0};

void kf_display_finish(kf_display *d)
{
    kf_lut3d_destroy(d->lut);
    d->lut = NULL;
}

static bool make_table(kf_display *d, kf_color from)
{
    if (d->lut && memcmp(&d->from, &from, sizeof from) == 0) return true;
    kf_display_finish(d);
    d->from = from;
    return kf_color_convert_lut(from, shown, 0, &d->lut, NULL) == KF_OK;
}

static uint8_t to8(float v)
{
    return (uint8_t)(v <= 0 ? 0 : v >= 1 ? 255 : v * 255 + 0.5f);
}

kf_frame *kf_display_convert(kf_display *d, const kf_image *in)
{
    kf_frame *f = make_table(d, in->color) ? kf_frame_create(KF_PIX_RGBA8, in->width, in->height) : NULL;
    for (int y = 0; f && y < in->height; y++) {
        const uint16_t *from = (const uint16_t *)(const void *)(in->plane[0] + y * in->stride[0]);
        uint8_t *to = f->image.plane[0] + y * f->image.stride[0];
        for (int x = 0; x < in->width; x++, from += 4, to += 4) {
            float rgb[3] = {from[0] / 65535.0f, from[1] / 65535.0f, from[2] / 65535.0f}, out[3];
            kf_lut3d_eval(d->lut, rgb, out);
            for (int c = 0; c < 3; c++) to[c] = to8(out[c] < from[3] / 65535.0f ? out[c] : from[3] / 65535.0f);
            to[3] = (uint8_t)(from[3] >> 8);
        }
    }
    return f;
}
