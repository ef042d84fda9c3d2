/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/frames/pixels.h"

#include <string.h>

#include "base/api/alloc.h"
#include "engine/api/frames.h"
#include "media/api/writer.h"
#include "model/api/model.h"

static const kf_pixfmt formats[KF_PIXEL_LAYOUTS] = {
    [KF_PIXELS_RGBA8] = KF_PIX_RGBA8,    [KF_PIXELS_BGRA8] = KF_PIX_BGRA8, [KF_PIXELS_RGB24] = KF_PIX_RGB24,
    [KF_PIXELS_I420] = KF_PIX_YUV420P8, [KF_PIXELS_NV12] = KF_PIX_NV12,
};

kf_pixfmt kf_pixels_format(kf_pixel_layout layout)
{
    return (unsigned)layout < KF_PIXEL_LAYOUTS ? formats[layout] : KF_PIX_NONE;
}

static kf_color color_of(const kf_pixels *p, bool rgb)
{
    kf_color c = {KF_PRI_BT709, KF_TRC_BT709, p->matrix ? p->matrix : KF_MAT_BT709,
                  p->full_range ? KF_RANGE_FULL : KF_RANGE_LIMITED, KF_CHROMA_LEFT};
    if (rgb) c = (kf_color){KF_PRI_BT709, KF_TRC_BT709, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};
    return c;
}

kf_image kf_pixels_view(const kf_pixels *p)
{
    kf_image image = {.format = kf_pixels_format(p->layout), .width = p->width, .height = p->height};
    const kf_pixfmt_info *info = kf_pixfmt_get(image.format);
    image.color = kf_color_resolve(color_of(p, info->model == KF_MODEL_RGB), image.format, p->width, p->height);
    image.premultiplied = info->alpha && p->premultiplied;
    for (int i = 0; i < info->planes; i++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(image.format, p->width, p->height, i, &row, &rows);
        image.plane[i] = p->plane[i];
        image.stride[i] = p->stride[i] ? p->stride[i] : (ptrdiff_t)row;
    }
    return image;
}

size_t kf_engine_pixels_size(kf_pixel_layout layout, int32_t width, int32_t height)
{
    size_t size = 0;
    kf_pixfmt format = kf_pixels_format(layout);
    if (kf_engine_check_size(width, height, "", NULL) != KF_OK) return 0;
    for (int i = 0; i < kf_pixfmt_get(format)->planes; i++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(format, width, height, i, &row, &rows);
        size += row * (size_t)rows;
    }
    return size;
}

kf_pixels kf_engine_pixels_in(kf_pixel_layout layout, int32_t width, int32_t height, void *buffer)
{
    kf_pixels p = {.layout = layout, .width = width, .height = height};
    kf_pixfmt format = kf_pixels_format(layout);
    uint8_t *at = buffer;
    for (int i = 0; i < kf_pixfmt_get(format)->planes; i++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(format, width, height, i, &row, &rows);
        p.plane[i] = at;
        p.stride[i] = (ptrdiff_t)row;
        at += row * (size_t)rows;
    }
    return p;
}

kf_status kf_engine_check_size(int32_t width, int32_t height, const char *what, kf_error *err)
{
    if (width >= 1 && height >= 1 && width <= KF_MODEL_MAX_SIDE && height <= KF_MODEL_MAX_SIDE) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID, "%s: %dx%d; sides go from 1 to %d px", what, (int)width, (int)height,
                   KF_MODEL_MAX_SIDE);
}

kf_status kf_engine_check_pixels(const kf_pixels *p, const char *what, kf_error *err)
{
    kf_pixfmt format = kf_pixels_format(p->layout);
    if (format == KF_PIX_NONE)
        return kf_fail(err, KF_ERR_INVALID, "%s: there is no pixel layout %d", what, (int)p->layout);
    kf_status status = kf_engine_check_size(p->width, p->height, what, err);
    if (status != KF_OK) return status;
    for (int i = 0; i < kf_pixfmt_get(format)->planes; i++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(format, p->width, p->height, i, &row, &rows);
        if (!p->plane[i]) return kf_fail(err, KF_ERR_INVALID, "%s: plane %d is missing", what, i);
        if (p->stride[i] != 0 && p->stride[i] < (ptrdiff_t)row)
            return kf_fail(err, KF_ERR_INVALID, "%s: rows of plane %d are %lld bytes apart, but %zu bytes long", what, i,
                           (long long)p->stride[i], row);
    }
    return KF_OK;
}

void kf_image_copy_rows(const kf_image *from, kf_image *to)
{
    for (int i = 0; i < kf_pixfmt_get(from->format)->planes; i++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(from->format, from->width, from->height, i, &row, &rows);
        for (int y = 0; y < rows; y++)
            memcpy(to->plane[i] + y * to->stride[i], from->plane[i] + y * from->stride[i], row);
    }
}

static bool planes_overlap(const kf_image *a, int i, const kf_image *b, int j)
{
    size_t row_a, row_b;
    int rows_a, rows_b;
    kf_pixfmt_plane(a->format, a->width, a->height, i, &row_a, &rows_a);
    kf_pixfmt_plane(b->format, b->width, b->height, j, &row_b, &rows_b);
    uintptr_t a0 = (uintptr_t)a->plane[i], a1 = a0 + (uintptr_t)(rows_a - 1) * (uintptr_t)a->stride[i] + row_a;
    uintptr_t b0 = (uintptr_t)b->plane[j], b1 = b0 + (uintptr_t)(rows_b - 1) * (uintptr_t)b->stride[j] + row_b;
    return a0 < b1 && b0 < a1;
}

bool kf_images_overlap(const kf_image *a, const kf_image *b)
{
    for (int i = 0; i < kf_pixfmt_get(a->format)->planes; i++)
        for (int j = 0; j < kf_pixfmt_get(b->format)->planes; j++)
            if (planes_overlap(a, i, b, j)) return true;
    return false;
}

void kf_image_drop_fourth(const kf_image *from, kf_image *to)
{
    const bool swapped = from->format == KF_PIX_BGRA8;
    for (int y = 0; y < from->height; y++) {
        const uint8_t *in = from->plane[0] + y * from->stride[0];
        uint8_t *out = to->plane[0] + y * to->stride[0];
        for (int x = 0; x < from->width; x++, in += 4, out += 3) {
            out[0] = in[swapped ? 2 : 0];
            out[1] = in[1];
            out[2] = in[swapped ? 0 : 2];
        }
    }
}

void kf_image_make_opaque(kf_image *image)
{
    for (int y = 0; y < image->height; y++) {
        uint8_t *row = image->plane[0] + y * image->stride[0];
        for (int x = 0; x < image->width; x++) row[4 * x + 3] = 255;
    }
}

kf_status kf_engine_pixels_encode(const kf_pixels *pixels, const char *format, kf_write_fn *write, void *context,
                                  kf_error *err)
{
    const kf_writer_sink sink = {context, write};
    kf_image image = kf_pixels_view(pixels);
    if (!pixels->opaque || !kf_pixfmt_get(image.format)->alpha) return kf_image_encode(format, &image, &sink, NULL, err);
    kf_frame *plain = kf_frame_create(KF_PIX_RGB24, image.width, image.height);
    if (!plain) return kf_fail_memory(err);
    kf_image_drop_fourth(&image, &plain->image);
    plain->image.color = image.color;
    kf_status status = kf_image_encode(format, &plain->image, &sink, NULL, err);
    kf_frame_unref(plain);
    return status;
}
