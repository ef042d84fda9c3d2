/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Premultiplied R'G'B' to the code values of the output format. */
#include <math.h>

#include "video/ref/internal.h"

/* Nominal components of one canvas pixel in the order of the planes' components, unrounded. */
static void encode_pixel(const float px[4], bool straight, const kf_affine *encode, double code[3])
{
    float rgb[3] = {px[0], px[1], px[2]};
    if (straight) ref_straight(px, rgb);
    for (int i = 0; i < 3; i++) {
        const float *m = encode->m[i];
        code[i] = m[0] * rgb[0] + m[1] * rgb[1] + m[2] * rgb[2] + m[3];
    }
}

static void put_chroma(const ref_image *canvas, bool straight, const kf_affine *encode, const kf_pixfmt_info *info,
                       const ref_plane plane[4], int cx, int cy)
{
    int x0 = cx << info->sub_w, y0 = cy << info->sub_h;
    int x1 = (cx + 1) << info->sub_w, y1 = (cy + 1) << info->sub_h;
    if (x1 > canvas->rect.x1) x1 = canvas->rect.x1;
    if (y1 > canvas->rect.y1) y1 = canvas->rect.y1;
    double sum[3] = {0}, code[3];
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            encode_pixel(ref_at(canvas, x, y), straight, encode, code);
            for (int c = 1; c < 3; c++) sum[c] += code[c];
        }
    }
    int max = (1 << info->bits) - 1;
    for (int c = 1; c < 3; c++) ref_plane_put(&plane[c], cx, cy, sum[c] / ((x1 - x0) * (y1 - y0)), max);
}

kf_status ref_output(const ref_image *canvas, const kf_graph_output *output, kf_frame **out, kf_error *err)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(output->format);
    kf_frame *frame = kf_frame_create(output->format, output->width, output->height);
    if (!frame) return kf_fail_memory(err);
    frame->image.color = output->color;
    frame->image.premultiplied = output->premultiplied && info->alpha;

    kf_affine encode = kf_color_encode(output->color, info);
    bool straight = info->alpha && !output->premultiplied;
    bool subsampled = info->sub_w != 0 || info->sub_h != 0;
    int colors = info->model == KF_MODEL_GRAY ? 1 : 3, whole = subsampled ? 1 : colors;
    int max = info->bits > 16 ? 1 : (1 << info->bits) - 1;
    ref_plane plane[4];
    for (int c = 0; c < colors; c++) plane[c] = ref_plane_of(&frame->image, c);
    if (info->alpha) plane[3] = ref_plane_of(&frame->image, 3);

    for (int y = 0; y < output->height; y++) {
        for (int x = 0; x < output->width; x++) {
            const float *px = ref_at(canvas, x, y);
            double code[3];
            encode_pixel(px, straight, &encode, code);
            for (int c = 0; c < whole; c++) ref_plane_put(&plane[c], x, y, code[c], max);
            if (info->alpha) ref_plane_put(&plane[3], x, y, (double)px[3] * max, max);
        }
    }
    if (subsampled) {
        for (int cy = 0; cy < plane[1].height; cy++) {
            for (int cx = 0; cx < plane[1].width; cx++) put_chroma(canvas, straight, &encode, info, plane, cx, cy);
        }
    }
    *out = frame;
    return KF_OK;
}
