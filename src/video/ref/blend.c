/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* BLEND and MIX. The blend functions are those of W3C Compositing and Blending Level 1, chapters 9 and 10. */
#include <math.h>

#include "video/ref/internal.h"

static float screen(float b, float s)
{
    return b + s - b * s;
}

static float hard_light(float b, float s)
{
    return s <= 0.5f ? b * (2 * s) : screen(b, 2 * s - 1);
}

static float color_dodge(float b, float s)
{
    if (b == 0) return 0;
    if (s == 1) return 1;
    return fminf(1, b / (1 - s));
}

static float color_burn(float b, float s)
{
    if (b == 1) return 1;
    if (s == 0) return 0;
    return 1 - fminf(1, (1 - b) / s);
}

static float soft_light(float b, float s)
{
    if (s <= 0.5f) return b - (1 - 2 * s) * b * (1 - b);
    float d = b <= 0.25f ? ((16 * b - 12) * b + 4) * b : sqrtf(b);
    return b + (2 * s - 1) * (d - b);
}

static float separable(kf_blend_mode mode, float b, float s)
{
    switch (mode) {
    case KF_BLEND_MULTIPLY: return b * s;
    case KF_BLEND_SCREEN: return screen(b, s);
    case KF_BLEND_OVERLAY: return hard_light(s, b);
    case KF_BLEND_DARKEN: return fminf(b, s);
    case KF_BLEND_LIGHTEN: return fmaxf(b, s);
    case KF_BLEND_COLOR_DODGE: return color_dodge(b, s);
    case KF_BLEND_COLOR_BURN: return color_burn(b, s);
    case KF_BLEND_HARD_LIGHT: return hard_light(b, s);
    case KF_BLEND_SOFT_LIGHT: return soft_light(b, s);
    case KF_BLEND_DIFFERENCE: return fabsf(b - s);
    case KF_BLEND_EXCLUSION: return b + s - 2 * b * s;
    case KF_BLEND_ADD: return b + s;
    case KF_BLEND_SUBTRACT: return b - s;
    default: return s;
    }
}

static float lum(const float c[3])
{
    return 0.3f * c[0] + 0.59f * c[1] + 0.11f * c[2];
}

static float sat(const float c[3])
{
    return fmaxf(fmaxf(c[0], c[1]), c[2]) - fminf(fminf(c[0], c[1]), c[2]);
}

/* Rounding may leave all three a hair outside 0..1 and equal: then there is nothing to clip. */
static void clip_color(float c[3])
{
    float l = lum(c), n = fminf(fminf(c[0], c[1]), c[2]), x = fmaxf(fmaxf(c[0], c[1]), c[2]);
    for (int i = 0; i < 3; i++) {
        if (n < 0 && l > n) c[i] = l + (c[i] - l) * l / (l - n);
    }
    for (int i = 0; i < 3; i++) {
        if (x > 1 && x > l) c[i] = l + (c[i] - l) * (1 - l) / (x - l);
    }
}

static void set_lum(const float c[3], float l, float out[3])
{
    float d = l - lum(c);
    for (int i = 0; i < 3; i++) out[i] = c[i] + d;
    clip_color(out);
}

/* The text's three-way case is an affine map of [min, max] to [0, s]. */
static void set_sat(const float c[3], float s, float out[3])
{
    float lo = fminf(fminf(c[0], c[1]), c[2]), range = sat(c);
    for (int i = 0; i < 3; i++) out[i] = range > 0 ? (c[i] - lo) * s / range : 0;
}

static void non_separable(kf_blend_mode mode, const float b[3], const float s[3], float out[3])
{
    float tmp[3];
    switch (mode) {
    case KF_BLEND_HUE:
        set_sat(s, sat(b), tmp);
        set_lum(tmp, lum(b), out);
        break;
    case KF_BLEND_SATURATION:
        set_sat(b, sat(s), tmp);
        set_lum(tmp, lum(b), out);
        break;
    case KF_BLEND_COLOR:
        set_lum(s, lum(b), out);
        break;
    default:
        set_lum(b, lum(s), out);
        break;
    }
}

static void blend_pixel(kf_blend_mode mode, const float backdrop[4], const float source[4], float out[4])
{
    float ab = backdrop[3], as = source[3];
    out[3] = as + ab - as * ab;
    if (mode == KF_BLEND_NORMAL) { /* as * ab * Cs is ab * cs */
        for (int c = 0; c < 3; c++) out[c] = source[c] + (1 - as) * backdrop[c];
        return;
    }
    float b[3], s[3], mixed[3];
    ref_straight(backdrop, b);
    ref_straight(source, s);
    if (mode != KF_BLEND_ADD && mode != KF_BLEND_SUBTRACT) {
        for (int c = 0; c < 3; c++) {
            b[c] = ref_clamp01(b[c]);
            s[c] = ref_clamp01(s[c]);
        }
    }
    if (mode >= KF_BLEND_HUE) {
        non_separable(mode, b, s, mixed);
    } else {
        for (int c = 0; c < 3; c++) mixed[c] = separable(mode, b[c], s[c]);
    }
    for (int c = 0; c < 3; c++) out[c] = (1 - ab) * source[c] + (1 - as) * backdrop[c] + as * ab * mixed[c];
}

static kf_status eval_both(const kf_graph_node *node, kf_rect part, ref_image *a, ref_image *b, kf_error *err)
{
    kf_status status = ref_eval(node->a, part, a, err);
    if (status != KF_OK) return status;
    status = ref_eval(node->b, part, b, err);
    if (status != KF_OK) ref_image_finish(a);
    return status;
}

kf_status ref_blend(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    ref_image a, b;
    kf_status status = eval_both(node, part, &a, &b, err);
    if (status != KF_OK) return status;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            float source[4];
            for (int c = 0; c < 4; c++) source[c] = ref_at(&b, x, y)[c] * node->u.blend.opacity;
            blend_pixel(node->u.blend.mode, ref_at(&a, x, y), source, ref_at(out, x, y));
        }
    }
    ref_image_finish(&a);
    ref_image_finish(&b);
    return KF_OK;
}

kf_status ref_mix(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    ref_image a, b;
    kf_status status = eval_both(node, part, &a, &b, err);
    if (status != KF_OK) return status;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            for (int c = 0; c < 4; c++)
                ref_at(out, x, y)[c] = node->u.mix.wa * ref_at(&a, x, y)[c] + node->u.mix.wb * ref_at(&b, x, y)[c];
        }
    }
    ref_image_finish(&a);
    ref_image_finish(&b);
    return KF_OK;
}
