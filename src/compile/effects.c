/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lowering of effects to the graph's primitives: one small function per effect. */
#include <math.h>
#include <string.h>

#include "compile/internal.h"

#define PI 3.14159265358979323846

/* BT.709 luma, as kinds.h says. */
static const double luma[3] = {0.2126, 0.7152, 0.0722};

typedef kf_status lower_fn(kf_scene *s, kf_layer *l, const void *values);

static kf_status matrix(kf_scene *s, kf_layer *l, const double m[3][4])
{
    kf_affine a;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 4; j++) a.m[i][j] = (float)m[i][j];
    KF_NODE(s, l->node, kf_graph_matrix(s->g, l->node, &a));
    return KF_OK;
}

static kf_status scale_rgb(kf_scene *s, kf_layer *l, double r, double g, double b)
{
    double m[3][4] = {{r}, {0, g}, {0, 0, b}};
    return matrix(s, l, m);
}

/* ---- Colour ---- */

static kf_status lower_brightness_contrast(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_brightness_contrast *v = values;
    double c = v->contrast, o = 0.5 - 0.5 * c + v->brightness, m[3][4] = {{c, 0, 0, o}, {0, c, 0, o}, {0, 0, c, o}};
    return matrix(s, l, m);
}

static kf_status lower_saturation(kf_scene *s, kf_layer *l, const void *values)
{
    double a = ((const kf_fx_saturation *)values)->amount, m[3][4] = {0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) m[i][j] = (i == j ? a : 0) + (1 - a) * luma[j];
    return matrix(s, l, m);
}

/* The exponent of a transfer that is a pure power; 0: it is not one. */
static double power_of(uint8_t transfer)
{
    switch (transfer) {
    case KF_TRC_SRGB: case KF_TRC_PQ: case KF_TRC_HLG: return 0;
    case KF_TRC_LINEAR: return 1;
    case KF_TRC_GAMMA22: return 2.2;
    case KF_TRC_GAMMA28: return 2.8;
    default: return 2.4; /* BT.1886 */
    }
}

/* Scales linear light. With a pure power curve that scales codes by k^(1/power): no table is needed. */
static kf_status scale_light(kf_scene *s, kf_layer *l, const double k[3])
{
    double power = power_of(s->sequence->color.transfer);
    if (power > 0) return scale_rgb(s, l, pow(k[0], 1 / power), pow(k[1], 1 / power), pow(k[2], 1 / power));
    bool linear = l->linear;
    KF_TRY(kf_layer_set_linear(s, l, true));
    KF_TRY(scale_rgb(s, l, k[0], k[1], k[2]));
    return kf_layer_set_linear(s, l, linear);
}

static kf_status lower_exposure(kf_scene *s, kf_layer *l, const void *values)
{
    double k = exp2(((const kf_fx_exposure *)values)->stops);
    return scale_light(s, l, (double[3]){k, k, k});
}

static kf_status lower_white_balance(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_white_balance *v = values;
    double t = v->temperature, m = v->tint;
    double k[3] = {exp2(t / 2 + m / 4), exp2(-m / 2), exp2(-t / 2 + m / 4)};
    double white = luma[0] * k[0] + luma[1] * k[1] + luma[2] * k[2];
    return scale_light(s, l, (double[3]){k[0] / white, k[1] / white, k[2] / white});
}

static double power_curve(const void *params, int channel, double x)
{
    return x <= 0 ? x : pow(x, 1 / (double)((const float *)params)[channel]);
}

static kf_status power3(kf_scene *s, kf_layer *l, const float gamma[3])
{
    if (gamma[0] == 1 && gamma[1] == 1 && gamma[2] == 1) return KF_OK;
    bool same = gamma[0] == gamma[1] && gamma[1] == gamma[2];
    /* the entry below 0 makes the curve go on as out = in */
    return kf_layer_curve(s, l, &(kf_curve_spec){power_curve, gamma, 3 * sizeof *gamma, -1.0f / 4096, 1, 4098, same});
}

static kf_status lower_gamma(kf_scene *s, kf_layer *l, const void *values)
{
    float g = ((const kf_fx_gamma *)values)->gamma;
    return power3(s, l, (float[3]){g, g, g});
}

static kf_status lower_lift_gamma_gain(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_lift_gamma_gain *v = values;
    double m[3][4] = {0};
    for (int i = 0; i < 3; i++) {
        m[i][i] = (double)v->gain[i] - v->lift[i];
        m[i][3] = v->lift[i];
    }
    KF_TRY(matrix(s, l, m));
    return power3(s, l, v->gamma);
}

static double levels_curve(const void *params, int channel, double x)
{
    const kf_fx_levels *v = params;
    double span = (double)v->in_white - v->in_black;
    double t = fabs(span) < 1e-6 ? (x >= v->in_black) : (x - v->in_black) / span;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return v->out_black + pow(t, 1 / (double)v->gamma) * ((double)v->out_white - v->out_black);
}

static kf_status lower_levels(kf_scene *s, kf_layer *l, const void *values)
{
    /* -1..2, which is flat at both ends: values out of 0..1 are clamped by the formula, not by the table */
    kf_curve_spec spec = {levels_curve, values, sizeof(kf_fx_levels), -1, 2, 3 * 4096 + 1, true};
    return kf_layer_curve(s, l, &spec);
}

/* Turns (Cb, Cr), which keeps luma. */
static kf_status lower_hue(kf_scene *s, kf_layer *l, const void *values)
{
    double a = ((const kf_fx_hue *)values)->angle * PI / 180, c = cos(a), n = sin(a);
    double kb = 2 * (1 - luma[2]), kr = 2 * (1 - luma[0]), m[3][4] = {0};
    for (int j = 0; j < 3; j++) {
        double y = luma[j], cb = ((j == 2) - y) / kb, cr = ((j == 0) - y) / kr;
        double cb2 = c * cb - n * cr, cr2 = n * cb + c * cr;
        m[0][j] = y + kr * cr2;
        m[2][j] = y + kb * cb2;
        m[1][j] = (y - luma[0] * m[0][j] - luma[2] * m[2][j]) / luma[1];
    }
    return matrix(s, l, m);
}

static kf_status lower_invert(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_invert *v = values;
    if (!v->alpha) {
        double k = 1 - 2 * (double)v->mix, o = v->mix, m[3][4] = {{k, 0, 0, o}, {0, k, 0, o}, {0, 0, k, o}};
        return matrix(s, l, m);
    }
    const kf_graph_node *black, *full, *inverse;
    KF_NODE(s, black, kf_graph_fill(s->g, (float[4]){0, 0, 0, 1}, l->node->bounds));
    KF_NODE(s, full, kf_graph_blend(s->g, black, l->node, KF_BLEND_NORMAL, 1));
    KF_NODE(s, inverse, kf_graph_matte(s->g, full, l->node, false, true));
    KF_NODE(s, l->node, kf_graph_mix(s->g, l->node, 1 - v->mix, inverse, v->mix));
    return KF_OK;
}

static kf_status sample_points(kf_scene *s, kf_points points, float *values, int count)
{
    if (points.count > 0) return kf_curve_sample(points.p, points.count, values, count, s->err);
    for (int i = 0; i < count; i++) values[i] = (float)i / (float)(count - 1);
    return KF_OK;
}

enum { CURVE_SIZE = 1024 };

static float look_up(const float *values, float x)
{
    float p = (x < 0 ? 0 : x > 1 ? 1 : x) * (CURVE_SIZE - 1);
    int i = p >= CURVE_SIZE - 1 ? CURVE_SIZE - 2 : (int)p;
    return values[i] + (values[i + 1] - values[i]) * (p - (float)i);
}

static kf_status fill_curves(kf_scene *s, const kf_fx_curves *v, kf_lut1d *lut)
{
    float master[CURVE_SIZE], own[CURVE_SIZE];
    const kf_points channel[3] = {v->red, v->green, v->blue};
    KF_TRY(sample_points(s, v->master, master, CURVE_SIZE));
    for (int c = 0; c < 3; c++) {
        KF_TRY(sample_points(s, channel[c], own, CURVE_SIZE));
        for (int i = 0; i < CURVE_SIZE; i++) {
            float x = (float)i / (CURVE_SIZE - 1);
            lut->value[c][i] = x + (look_up(own, master[i]) - x) * v->mix;
        }
    }
    return KF_OK;
}

static uint64_t points_key(kf_points p, uint64_t seed)
{
    return kf_table_key(p.p, (size_t)p.count * sizeof *p.p, seed * 31 + (uint64_t)p.count);
}

static kf_status lower_curves(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_curves *v = values;
    uint64_t key = points_key(v->master, points_key(v->red, points_key(v->green, points_key(v->blue, 4))));
    key = kf_table_key(&v->mix, sizeof v->mix, key);
    const kf_table *table = kf_scene_table_find(s, key);
    if (!table) {
        kf_lut1d *lut = kf_lut1d_create(CURVE_SIZE, false);
        if (!lut) return kf_fail_memory(s->err);
        kf_status status = fill_curves(s, v, lut);
        if (status != KF_OK) {
            kf_lut1d_destroy(lut);
            return status;
        }
        KF_TRY(kf_scene_table_add(s, key, lut, NULL, &table));
    }
    KF_NODE(s, l->node, kf_graph_curves(s->g, l->node, table->lut1));
    return KF_OK;
}

static kf_status lower_lut(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_lut *v = values;
    if (!v->file || !v->file[0] || !s->c->sources.cube) return KF_OK;
    kf_cube cube = {0};
    KF_TRY(s->c->sources.cube(s->c->sources.ctx, v->file, &cube, s->err));
    if (cube.lut3) {
        KF_NODE(s, l->node, kf_graph_lut3d(s->g, l->node, cube.lut3, v->mix));
    } else if (cube.lut1) {
        const kf_graph_node *full;
        KF_NODE(s, full, kf_graph_curves(s->g, l->node, cube.lut1));
        KF_NODE(s, l->node, kf_graph_mix(s->g, l->node, 1 - v->mix, full, v->mix));
    }
    return KF_OK;
}

/* ---- Neighbourhoods ---- */

static kf_edge edge_of(int32_t edge)
{
    return edge == KF_FX_EDGE_CLAMP ? KF_EDGE_CLAMP : KF_EDGE_TRANSPARENT;
}

static kf_status gaussian(kf_scene *s, const kf_layer *l, const kf_graph_node *in, double sigma, kf_edge edge,
                          const kf_graph_node **out)
{
    kf_blur blur = {KF_BLUR_GAUSSIAN, edge, (float)(sigma * l->kx), (float)(sigma * l->ky)};
    KF_NODE(s, *out, kf_graph_blur(s->g, in, &blur));
    return KF_OK;
}

static kf_status lower_blur(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_blur *v = values;
    kf_blur blur = {v->kind == KF_FX_BLUR_BOX ? KF_BLUR_BOX : KF_BLUR_GAUSSIAN, edge_of(v->edge),
                    (float)(v->radius * l->kx), (float)(v->radius * l->ky)};
    if (v->radius > 0) KF_NODE(s, l->node, kf_graph_blur(s->g, l->node, &blur));
    return KF_OK;
}

static kf_status lower_directional_blur(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_directional_blur *v = values;
    double a = v->angle * PI / 180;
    kf_blur blur = {KF_BLUR_DIRECTIONAL, edge_of(v->edge), (float)(v->length * l->kx * cos(a)),
                    (float)(v->length * l->ky * sin(a))};
    if (v->length > 0) KF_NODE(s, l->node, kf_graph_blur(s->g, l->node, &blur));
    return KF_OK;
}

static kf_status lower_sharpen(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_sharpen *v = values;
    const kf_graph_node *soft;
    KF_TRY(gaussian(s, l, l->node, v->radius, KF_EDGE_CLAMP, &soft));
    KF_NODE(s, l->node, kf_graph_mix(s->g, l->node, 1 + v->amount, soft, -v->amount));
    return KF_OK;
}

static kf_status lower_pixelate(kf_scene *s, kf_layer *l, const void *values)
{
    double size = ((const kf_fx_pixelate *)values)->size * sqrt(l->kx * l->ky);
    kf_pixelate p = {size < 1.5 ? 1 : (int)(size + 0.5), 0, 0};
    if (p.size > 1) KF_NODE(s, l->node, kf_graph_pixelate(s->g, l->node, &p));
    return KF_OK;
}

static kf_status lower_drop_shadow(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_drop_shadow *v = values;
    kf_layer shadow = *l;
    double m[3][4] = {{0, 0, 0, v->color[0]}, {0, 0, 0, v->color[1]}, {0, 0, 0, v->color[2]}};
    KF_TRY(matrix(s, &shadow, m));
    KF_NODE(s, shadow.node, kf_graph_alpha(s->g, shadow.node, v->color[3]));
    if (v->blur > 0) KF_TRY(gaussian(s, l, shadow.node, v->blur, KF_EDGE_TRANSPARENT, &shadow.node));
    kf_transform2d move = {{1, 0, v->offset[0] * l->kx, 0, 1, v->offset[1] * l->ky}};
    KF_NODE(s, shadow.node, kf_graph_transform(s->g, shadow.node, &move, KF_FILTER_BILINEAR));
    l->node = v->only ? shadow.node : kf_graph_blend(s->g, shadow.node, l->node, KF_BLEND_NORMAL, 1);
    return l->node ? KF_OK : kf_fail_memory(s->err);
}

static double threshold_curve(const void *params, int channel, double x)
{
    double t = *(const float *)params;
    return x <= t ? 0 : (x - t) / (1 - t);
}

static kf_status lower_glow(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_glow *v = values;
    kf_layer shine = *l;
    float threshold = fminf(v->threshold, 0.999f);
    KF_TRY(
        kf_layer_curve(s, &shine, &(kf_curve_spec){threshold_curve, &threshold, sizeof threshold, 0, 1, 1024, true}));
    if (v->radius > 0) KF_TRY(gaussian(s, l, shine.node, v->radius, KF_EDGE_CLAMP, &shine.node));
    KF_TRY(scale_rgb(s, &shine, v->amount, v->amount, v->amount));
    KF_NODE(s, l->node, kf_graph_blend(s->g, l->node, shine.node, KF_BLEND_SCREEN, 1));
    return KF_OK;
}

/* ---- Keys, masks, grain ---- */

static kf_status lower_vignette(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_vignette *v = values;
    double rx = l->w / sqrt(2), ry = l->h / sqrt(2), round = v->roundness, mean = (rx + ry) / 2;
    kf_vignette p = {.cx = (float)(v->center[0] * l->w), .cy = (float)(v->center[1] * l->h),
                     .rx = (float)(rx + (mean - rx) * round), .ry = (float)(ry + (mean - ry) * round),
                     .inner = v->size, .outer = v->size + fmaxf(v->softness, 1e-3f), .amount = v->amount};
    KF_NODE(s, l->node, kf_graph_vignette(s->g, l->node, &p));
    return KF_OK;
}

static kf_status lower_chroma_key(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_chroma_key *v = values;
    double y = luma[0] * v->color[0] + luma[1] * v->color[1] + luma[2] * v->color[2];
    kf_chroma_key key = {.cb = (float)((v->color[2] - y) / 1.8556), .cr = (float)((v->color[0] - y) / 1.5748),
                         .tolerance = v->tolerance, .softness = v->softness, .spill = v->spill};
    KF_NODE(s, l->node, kf_graph_chroma_key(s->g, l->node, &key));
    return KF_OK;
}

static kf_status lower_luma_key(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_luma_key *v = values;
    kf_luma_key key = {v->lo, v->hi, v->softness, v->invert};
    if (v->lo <= 0) key.lo = -1e6f; /* nothing is too dark, nothing too bright */
    if (v->hi >= 1) key.hi = 1e6f;
    KF_NODE(s, l->node, kf_graph_luma_key(s->g, l->node, &key));
    return KF_OK;
}

static kf_status lower_grain(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_grain *v = values;
    double size = v->size * sqrt(l->kx * l->ky);
    kf_noise noise = {.seed = (uint32_t)v->seed * 2654435761u + (v->still ? 0 : (uint32_t)s->frame),
                      .size = size < 1.5 ? 1 : (int)(size + 0.5), .amount = v->amount, .monochrome = v->monochrome};
    KF_NODE(s, l->node, kf_graph_grain(s->g, l->node, &noise));
    return KF_OK;
}

static kf_status mask_polygon(kf_scene *s, kf_layer *l, const kf_fx_mask *v)
{
    if (v->points.count < 3 || !s->c->sources.shape) return KF_OK;
    float (*points)[2] = kf_alloc((size_t)v->points.count * sizeof *points);
    if (!points) return kf_fail_memory(s->err);
    for (int i = 0; i < v->points.count; i++) {
        points[i][0] = (float)(v->points.p[i][0] * l->w);
        points[i][1] = (float)(v->points.p[i][1] * l->h);
    }
    kf_gen_shape shape;
    kf_kind_defaults(kf_kind_get(KF_GEN_SHAPE), &shape);
    shape.kind = KF_GEN_SHAPE_POLYGON;
    shape.points = (kf_points){(const float (*)[2])points, v->points.count};
    shape.feather = (float)fmin(v->feather * sqrt(l->kx * l->ky) / 2, 256);
    shape.position[0] = shape.position[1] = 0;
    kf_placed placed = {0};
    kf_status status = s->c->sources.shape(s->c->sources.ctx, &shape, &placed, s->err);
    kf_free(points);
    KF_TRY(status);
    if (!placed.frame) return KF_OK;
    kf_transform2d move = {{1, 0, placed.x, 0, 1, placed.y}};
    const kf_graph_node *matte = kf_graph_source(s->g, placed.frame, KF_CHROMA_REPLICATE);
    kf_frame_unref(placed.frame);
    if (matte) matte = kf_graph_transform(s->g, matte, &move, KF_FILTER_NEAREST);
    if (!matte) return kf_fail_memory(s->err);
    KF_NODE(s, l->node, kf_graph_matte(s->g, l->node, matte, false, v->invert));
    return KF_OK;
}

static kf_status lower_mask(kf_scene *s, kf_layer *l, const void *values)
{
    const kf_fx_mask *v = values;
    if (v->shape == KF_FX_MASK_POLYGON) return mask_polygon(s, l, v);
    double a = v->rotation * PI / 180, k = sqrt(l->kx * l->ky);
    kf_shape_mask m = {
        .type = v->shape == KF_FX_MASK_ELLIPSE ? KF_MASK_ELLIPSE : KF_MASK_RECT,
        .cx = (float)(v->center[0] * l->w), .cy = (float)(v->center[1] * l->h),
        .half = {(float)(v->size[0] * l->w / 2), (float)(v->size[1] * l->h / 2)},
        .feather = (float)fmax(1, v->feather * k), .cos_r = (float)cos(a), .sin_r = (float)sin(a), .invert = v->invert};
    m.radius = (float)fmin(v->radius * k, fmin(m.half[0], m.half[1]));
    if (m.half[0] < 1e-3f) m.half[0] = 1e-3f;
    if (m.half[1] < 1e-3f) m.half[1] = 1e-3f;
    KF_NODE(s, l->node, kf_graph_mask(s->g, l->node, &m));
    return KF_OK;
}

static kf_status lower_transform(kf_scene *s, kf_layer *l, const void *values)
{
    kf_placement p;
    double frame[2] = {l->w / l->kx, l->h / l->ky};
    kf_place(values, l->w / l->kx, l->h / l->ky, frame, 1, &p);
    kf_transform2d to = {{1 / l->kx, 0, 0, 0, 1 / l->ky, 0}}, back = {{l->kx, 0, 0, 0, l->ky, 0}};
    if (p.cropped) {
        float crop[4] = {(float)(p.crop[0] * l->kx), (float)(p.crop[1] * l->ky), (float)(p.crop[2] * l->kx),
                         (float)(p.crop[3] * l->ky)};
        KF_NODE(s, l->node, kf_graph_crop(s->g, l->node, crop));
    }
    kf_transform2d m = kf_transform2d_mul(&p.forward, &to);
    m = kf_transform2d_mul(&back, &m);
    return kf_scene_transform(s, &l->node, &m, KF_FILTER_BICUBIC);
}

/* ---- The table ---- */

typedef struct lowering {
    uint16_t kind;
    lower_fn *fn;
    bool linear; /* mixes pixels: in linear light where the sequence works so */
} lowering;

static const lowering lowerings[] = {
    {KF_FX_TRANSFORM, lower_transform, true},
    {KF_FX_BRIGHTNESS_CONTRAST, lower_brightness_contrast, false},
    {KF_FX_SATURATION, lower_saturation, false},
    {KF_FX_EXPOSURE, lower_exposure, false},
    {KF_FX_WHITE_BALANCE, lower_white_balance, false},
    {KF_FX_GAMMA, lower_gamma, false},
    {KF_FX_LIFT_GAMMA_GAIN, lower_lift_gamma_gain, false},
    {KF_FX_CURVES, lower_curves, false},
    {KF_FX_HUE, lower_hue, false},
    {KF_FX_LEVELS, lower_levels, false},
    {KF_FX_LUT, lower_lut, false},
    {KF_FX_BLUR, lower_blur, true},
    {KF_FX_DIRECTIONAL_BLUR, lower_directional_blur, true},
    {KF_FX_SHARPEN, lower_sharpen, false},
    {KF_FX_VIGNETTE, lower_vignette, false},
    {KF_FX_CHROMA_KEY, lower_chroma_key, false},
    {KF_FX_LUMA_KEY, lower_luma_key, false},
    {KF_FX_INVERT, lower_invert, false},
    {KF_FX_PIXELATE, lower_pixelate, true},
    {KF_FX_GRAIN, lower_grain, false},
    {KF_FX_DROP_SHADOW, lower_drop_shadow, false},
    {KF_FX_GLOW, lower_glow, false},
    {KF_FX_MASK, lower_mask, false},
};

static const lowering *find_lowering(uint16_t kind)
{
    for (size_t i = 0; i < sizeof lowerings / sizeof *lowerings; i++)
        if (lowerings[i].kind == kind) return &lowerings[i];
    return NULL;
}

kf_status kf_layer_effects(kf_scene *s, kf_layer *layer, kf_effects effects, kf_time t, const char *owner)
{
    _Alignas(16) char values[KF_KIND_MAX_VALUES];
    for (int i = 0; i < effects.count && layer->node; i++) {
        kf_params params;
        if (!kf_effect_at(s->c->snapshot, effects, i, &params) || !params.enabled || !params.kind) continue;
        const lowering *l = find_lowering(params.kind_id);
        if (!l || !kf_params_eval(&params, t, values)) continue;
        if (s->sequence->working == KF_WORKING_LINEAR) KF_TRY(kf_layer_set_linear(s, layer, l->linear));
        const kf_graph_node *before = layer->node;
        KF_TRY(l->fn(s, layer, values));
        KF_TRY(kf_scene_mark(s, before, layer->node, "%s: %s", owner, params.kind->name));
    }
    return KF_OK;
}
