/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SOURCE: samples of any pixel format to premultiplied R'G'B'. */
#include <math.h>
#include <string.h>

#include "video/ref/internal.h"

ref_plane ref_plane_of(const kf_image *image, int component)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    bool chroma = info->model == KF_MODEL_YUV && (component == 1 || component == 2);
    int bytes = info->bits == 32 ? 4 : info->bits > 8 ? 2 : 1, plane = component, at = 0, step = bytes;
    if (info->packed) {
        plane = 0;
        at = component;
        if (image->format == KF_PIX_BGRA8 && component < 3) at = 2 - component;
        step = bytes * info->components;
    } else if (info->semiplanar && chroma) {
        plane = 1;
        at = component - 1;
        step = 2 * bytes;
    } else if (info->model == KF_MODEL_RGB && info->bits <= 16 && component < 3) {
        plane = (component + 2) % 3; /* planes are G, B, R */
    }
    ref_plane p = {
        .data = image->plane[plane] + at * bytes, .stride = image->stride[plane],
        .width = image->width, .height = image->height,
        .step = step, .bytes = bytes, .shift = info->shift,
    };
    if (chroma) {
        p.width = (p.width + (1 << info->sub_w) - 1) >> info->sub_w;
        p.height = (p.height + (1 << info->sub_h) - 1) >> info->sub_h;
    }
    return p;
}

float ref_plane_get(const ref_plane *plane, int x, int y)
{
    const uint8_t *p = plane->data + y * plane->stride + (ptrdiff_t)x * plane->step;
    if (plane->bytes == 1) return *p;
    if (plane->bytes == 2) {
        uint16_t v;
        memcpy(&v, p, sizeof v);
        return (float)(v >> plane->shift);
    }
    float v;
    memcpy(&v, p, sizeof v);
    return v;
}

void ref_plane_put(const ref_plane *plane, int x, int y, double value, int max)
{
    uint8_t *p = (uint8_t *)plane->data + y * plane->stride + (ptrdiff_t)x * plane->step;
    if (plane->bytes == 4) {
        float v = (float)value;
        memcpy(p, &v, sizeof v);
        return;
    }
    int code = value > 0 ? value < max ? (int)floor(value + 0.5) : max : 0;
    uint16_t word = (uint16_t)(code << plane->shift);
    if (plane->bytes == 1) {
        *p = (uint8_t)code;
    } else {
        memcpy(p, &word, sizeof word);
    }
}

void ref_chroma_offset(const kf_image *image, double offset[2])
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int loc = image->color.chroma_loc;
    offset[0] = info->sub_w && loc != KF_CHROMA_CENTER ? 0.25 : 0;
    offset[1] = info->sub_h && loc == KF_CHROMA_TOPLEFT ? 0.25 : 0;
}

kf_affine ref_decode_matrix(const kf_image *image)
{
    kf_color color = kf_color_resolve(image->color, image->format, image->width, image->height);
    return kf_color_decode(color, kf_pixfmt_get(image->format));
}

void ref_decode(const kf_image *image, const kf_affine *decode, const float code[3], float alpha, float px[4])
{
    for (int i = 0; i < 3; i++) {
        const float *m = decode->m[i];
        px[i] = m[0] * code[0] + m[1] * code[1] + m[2] * code[2] + m[3];
        if (!image->premultiplied) px[i] *= alpha;
    }
    px[3] = alpha;
}

/* Bilinear on the plane's own grid (sample i is centred on i + 0.5), edges clamped. */
static float plane_linear(const ref_plane *plane, double u, double v)
{
    double x = floor(u - 0.5), y = floor(v - 0.5), fx = u - 0.5 - x, fy = v - 0.5 - y;
    int x0 = ref_clamp_int((int)x, 0, plane->width - 1), x1 = ref_clamp_int((int)x + 1, 0, plane->width - 1);
    int y0 = ref_clamp_int((int)y, 0, plane->height - 1), y1 = ref_clamp_int((int)y + 1, 0, plane->height - 1);
    double top = ref_plane_get(plane, x0, y0) * (1 - fx) + ref_plane_get(plane, x1, y0) * fx;
    double bottom = ref_plane_get(plane, x0, y1) * (1 - fx) + ref_plane_get(plane, x1, y1) * fx;
    return (float)(top * (1 - fy) + bottom * fy);
}

void ref_source_as(const kf_image *image, kf_chroma_mode chroma, kf_rect part, ref_image *out)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    kf_affine decode = ref_decode_matrix(image);
    int colors = info->model == KF_MODEL_GRAY ? 1 : 3;
    ref_plane plane[4];
    for (int c = 0; c < colors; c++) plane[c] = ref_plane_of(image, c);
    if (info->alpha) plane[3] = ref_plane_of(image, 3);
    float alpha_scale = info->bits == 32 ? 1 : 1.0f / (float)((1 << info->bits) - 1);
    double offset[2];
    ref_chroma_offset(image, offset);

    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            float code[3] = {0}, alpha = info->alpha ? ref_plane_get(&plane[3], x, y) * alpha_scale : 1;
            for (int c = 0; c < colors; c++) {
                if (c == 0 || (info->sub_w == 0 && info->sub_h == 0)) {
                    code[c] = ref_plane_get(&plane[c], x, y);
                } else if (chroma == KF_CHROMA_REPLICATE) {
                    code[c] = ref_plane_get(&plane[c], x >> info->sub_w, y >> info->sub_h);
                } else {
                    code[c] = plane_linear(&plane[c], (x + 0.5) / (1 << info->sub_w) + offset[0],
                                           (y + 0.5) / (1 << info->sub_h) + offset[1]);
                }
            }
            ref_decode(image, &decode, code, alpha, ref_at(out, x, y));
        }
    }
}

kf_status ref_source(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_image *image = &node->u.source.frame->image;
    part = kf_rect_intersect(part, (kf_rect){0, 0, image->width, image->height});
    ref_source_as(image, node->u.source.chroma, part, out);
    return KF_OK;
}
