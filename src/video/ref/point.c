/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations that see one pixel of one input. */
#include <math.h>

#include "video/ref/internal.h"

typedef void point_fn(const kf_graph_node *node, int x, int y, float px[4]);

static void scale4(float px[4], float by)
{
    for (int c = 0; c < 4; c++) px[c] *= by;
}

static void point_matrix(const kf_graph_node *node, int x, int y, float px[4])
{
    float out[3];
    for (int i = 0; i < 3; i++) {
        const float *m = node->u.matrix.m[i];
        out[i] = m[0] * px[0] + m[1] * px[1] + m[2] * px[2] + m[3] * px[3];
    }
    for (int i = 0; i < 3; i++) px[i] = out[i];
}

static void point_curves(const kf_graph_node *node, int x, int y, float px[4])
{
    float in[3], out[3];
    ref_straight(px, in);
    kf_lut1d_eval(node->u.curves, in, out);
    for (int c = 0; c < 3; c++) px[c] = out[c] * px[3];
}

static void point_lut3d(const kf_graph_node *node, int x, int y, float px[4])
{
    float in[3], out[3];
    ref_straight(px, in);
    kf_lut3d_eval(node->u.lut3d.lut, in, out);
    for (int c = 0; c < 3; c++) px[c] = (in[c] + (out[c] - in[c]) * node->u.lut3d.amount) * px[3];
}

static void point_alpha(const kf_graph_node *node, int x, int y, float px[4])
{
    scale4(px, node->u.opacity);
}

static void point_chroma_key(const kf_graph_node *node, int x, int y, float px[4])
{
    const kf_chroma_key *k = &node->u.chroma_key;
    float rgb[3];
    ref_straight(px, rgb);
    float luma = ref_luma(rgb), cb = (rgb[2] - luma) / 1.8556f, cr = (rgb[0] - luma) / 1.5748f;
    float d = sqrtf((cb - k->cb) * (cb - k->cb) + (cr - k->cr) * (cr - k->cr));
    float keep = ref_clamp01((d - k->tolerance) / fmaxf(k->softness, 1e-6f));
    float length = sqrtf(k->cb * k->cb + k->cr * k->cr);
    float p = length == 0 ? 0 : (cb * k->cb + cr * k->cr) / length;
    if (p > 0) {
        cb -= k->spill * p * k->cb / length;
        cr -= k->spill * p * k->cr / length;
        rgb[0] = luma + 1.5748f * cr;
        rgb[2] = luma + 1.8556f * cb;
        rgb[1] = (luma - REF_LUMA_R * rgb[0] - REF_LUMA_B * rgb[2]) / REF_LUMA_G;
    }
    px[3] *= keep;
    for (int c = 0; c < 3; c++) px[c] = rgb[c] * px[3];
}

static void point_luma_key(const kf_graph_node *node, int x, int y, float px[4])
{
    const kf_luma_key *k = &node->u.luma_key;
    float rgb[3];
    ref_straight(px, rgb);
    float luma = ref_luma(rgb), s = fmaxf(k->softness, 1e-6f);
    float keep = ref_clamp01((luma - k->lo) / s + 1) * ref_clamp01((k->hi - luma) / s + 1);
    if (k->invert) keep = 1 - keep;
    px[3] *= keep;
    for (int c = 0; c < 3; c++) px[c] = rgb[c] * px[3];
}

static void point_vignette(const kf_graph_node *node, int x, int y, float px[4])
{
    const kf_vignette *v = &node->u.vignette;
    float dx = ((float)x + 0.5f - v->cx) / v->rx, dy = ((float)y + 0.5f - v->cy) / v->ry;
    float t = ref_clamp01((sqrtf(dx * dx + dy * dy) - v->inner) / (v->outer - v->inner));
    float gain = 1 - v->amount * t * t * (3 - 2 * t);
    for (int c = 0; c < 3; c++) px[c] *= gain;
}

static void point_grain(const kf_graph_node *node, int x, int y, float px[4])
{
    const kf_noise *n = &node->u.noise;
    int cx = (int)floor((double)x / n->size), cy = (int)floor((double)y / n->size);
    for (uint32_t c = 0; c < 3; c++) {
        uint32_t channel = n->monochrome ? 0 : c;
        double u1 = kf_noise_u32(cx, cy, n->seed, channel) * 0x1p-32,
               u2 = kf_noise_u32(cx, cy, n->seed, channel + 4) * 0x1p-32;
        px[c] += px[3] * n->amount * (float)(u1 + u2 - 1);
    }
}

static float shape_distance(const kf_shape_mask *m, float dx, float dy)
{
    if (m->type == KF_MASK_HALFPLANE) return dx * m->half[0] + dy * m->half[1];
    float x = m->cos_r * dx + m->sin_r * dy, y = m->cos_r * dy - m->sin_r * dx;
    if (m->type == KF_MASK_ELLIPSE) {
        float ex = x / m->half[0], ey = y / m->half[1];
        return (sqrtf(ex * ex + ey * ey) - 1) * fminf(m->half[0], m->half[1]);
    }
    float qx = fabsf(x) - m->half[0] + m->radius, qy = fabsf(y) - m->half[1] + m->radius;
    float ox = fmaxf(qx, 0), oy = fmaxf(qy, 0);
    return sqrtf(ox * ox + oy * oy) + fminf(fmaxf(qx, qy), 0) - m->radius;
}

static void point_mask(const kf_graph_node *node, int x, int y, float px[4])
{
    const kf_shape_mask *m = &node->u.mask;
    float sd = shape_distance(m, (float)x + 0.5f - m->cx, (float)y + 0.5f - m->cy);
    float coverage = ref_clamp01(0.5f - sd / m->feather);
    scale4(px, m->invert ? 1 - coverage : coverage);
}

static void point_crop(const kf_graph_node *node, int x, int y, float px[4])
{
    const float *crop = node->u.crop;
    scale4(px, (float)(ref_overlap(x, crop[0], crop[2]) * ref_overlap(y, crop[1], crop[3])));
}

static point_fn *const points[KF_NODE_COUNT] = {
    [KF_NODE_MATRIX] = point_matrix,
    [KF_NODE_CURVES] = point_curves,
    [KF_NODE_LUT3D] = point_lut3d,
    [KF_NODE_ALPHA] = point_alpha,
    [KF_NODE_CHROMA_KEY] = point_chroma_key,
    [KF_NODE_LUMA_KEY] = point_luma_key,
    [KF_NODE_VIGNETTE] = point_vignette,
    [KF_NODE_GRAIN] = point_grain,
    [KF_NODE_MASK] = point_mask,
    [KF_NODE_CROP] = point_crop,
};

kf_status ref_point(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    ref_image in;
    kf_status status = ref_eval(node->a, part, &in, err);
    if (status != KF_OK) return status;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            float *px = ref_at(out, x, y);
            for (int c = 0; c < 4; c++) px[c] = ref_at(&in, x, y)[c];
            points[node->type](node, x, y, px);
        }
    }
    ref_image_finish(&in);
    return KF_OK;
}

kf_status ref_matte(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    ref_image in, matte;
    kf_status status = ref_eval(node->a, part, &in, err);
    if (status != KF_OK) return status;
    status = ref_eval(node->b, part, &matte, err);
    if (status != KF_OK) {
        ref_image_finish(&in);
        return status;
    }
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            const float *m = ref_at(&matte, x, y), *px = ref_at(&in, x, y);
            float k = node->u.matte.luma ? ref_luma(m) : m[3];
            if (node->u.matte.invert) k = 1 - k;
            for (int c = 0; c < 4; c++) ref_at(out, x, y)[c] = px[c] * k;
        }
    }
    ref_image_finish(&in);
    ref_image_finish(&matte);
    return KF_OK;
}
