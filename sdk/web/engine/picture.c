/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures in the engine's memory, which scripts fill and read. */
#include <string.h>

#include "web.h"

KW_EXPORT(kw_picture_create) kf_frame *kw_picture_create(int32_t format, int32_t width, int32_t height, uint32_t color);
KW_EXPORT(kw_picture_release) void kw_picture_release(kf_frame *picture);
KW_EXPORT(kw_picture_plane) uint8_t *kw_picture_plane(kf_frame *picture, int32_t plane);
KW_EXPORT(kw_picture_stride) int32_t kw_picture_stride(const kf_frame *picture, int32_t plane);

/* color: code points of ITU-T H.273 in bytes from the lowest: primaries, transfer, matrix, and kf_range; 2, 2, 2, 0 for
 * what is not known. The samples are not initialised. NULL: out of memory. */
kf_frame *kw_picture_create(int32_t format, int32_t width, int32_t height, uint32_t color)
{
    kf_frame *p = kf_frame_create((kf_pixfmt)format, width, height);
    if (!p) return NULL;
    kf_color c = {color & 255, color >> 8 & 255, color >> 16 & 255, color >> 24, KF_CHROMA_UNSPECIFIED};
    p->image.color = kf_color_resolve(c, p->image.format, width, height);
    p->number = -1;
    return p;
}

void kw_picture_release(kf_frame *picture)
{
    kf_frame_unref(picture);
}

void kw_copy(const kf_image *from, kf_image *to)
{
    for (int p = 0; p < kf_pixfmt_get(from->format)->planes; p++) {
        size_t bytes;
        int rows;
        kf_pixfmt_plane(from->format, from->width, from->height, p, &bytes, &rows);
        for (int y = 0; y < rows; y++)
            memcpy(to->plane[p] + y * to->stride[p], from->plane[p] + y * from->stride[p], bytes);
    }
}

uint8_t *kw_picture_plane(kf_frame *picture, int32_t plane)
{
    return picture->image.plane[plane];
}

int32_t kw_picture_stride(const kf_frame *picture, int32_t plane)
{
    return (int32_t)picture->image.stride[plane];
}
