/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scenes.h"

#include <math.h>
#include <string.h>

typedef scene_context ctx;
typedef kf_graph_node node;

/* ---- pictures and tables ---- */

static kf_color color_of(scene_color color, kf_pixfmt format)
{
    if (kf_pixfmt_get(format)->model == KF_MODEL_RGB)
        return (kf_color){KF_PRI_BT709, KF_TRC_SRGB, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};
    kf_color c = {KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_LIMITED, KF_CHROMA_LEFT};
    if (color == SCENE_BT601_FULL) {
        c.matrix = KF_MAT_SMPTE170M;
        c.range = KF_RANGE_FULL;
    }
    if (color == SCENE_BT2020) c.matrix = KF_MAT_BT2020_NCL;
    if (color == SCENE_CENTRED) c.chroma_loc = KF_CHROMA_CENTER;
    if (color == SCENE_TOPLEFT) c.chroma_loc = KF_CHROMA_TOPLEFT;
    return c;
}

static uint32_t step(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* SMOOTH stays off the ends of the range, where some blend modes jump; NOISE is any code; EXTREME only the least and
 * greatest; STRIPES the same in stripes, a little off 2, 4, 8 and 16 px apart, which a reduced picture must not fold
 * into its own. */
typedef enum content { SMOOTH, NOISE, EXTREME, STRIPES } content;

static double sample(content kind, int component, int x, int y, uint32_t *state)
{
    if (kind == NOISE) return (step(state) & 0xffff) / 65535.0;
    if (kind == EXTREME) return step(state) >> 10 & 1;
    if (kind == STRIPES) {
        static const double cycles[4] = {0.507, 0.253, 0.1285, 0.0628};
        return sin(6.2831853 * cycles[component] * (x + 0.37 * y)) > 0;
    }
    static const double fx[4] = {0.21, -0.13, 0.09, 0.17}, fy[4] = {0.11, 0.23, -0.19, 0.05},
                        at[4] = {0.3, 1.9, 4.1, 5.0};
    return 0.5 + 0.4 * sin(fx[component] * x + fy[component] * y + at[component]);
}

static void put(uint8_t *row, int index, double v, const kf_pixfmt_info *info)
{
    uint32_t max = info->bits > 16 ? 1 : (1u << info->bits) - 1, code = (uint32_t)(v * max + 0.5);
    if (info->bits > 16) {
        ((float *)(void *)row)[index] = (float)v;
    } else if (info->bits > 8) {
        ((uint16_t *)(void *)row)[index] = (uint16_t)(code << info->shift);
    } else {
        row[index] = (uint8_t)code;
    }
}

static kf_frame *make_frame(kf_pixfmt format, int width, int height, content kind, scene_color color, uint32_t seed)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    kf_frame *f = kf_frame_create(format, width, height);
    if (!f) return NULL;
    f->image.color = color_of(color, format);
    for (int p = 0; p < info->planes; p++) {
        bool chroma = info->model == KF_MODEL_YUV && (p == 1 || p == 2);
        int per_pixel = info->packed ? info->components : info->semiplanar && p == 1 ? 2 : 1;
        int w = chroma ? (width + (1 << info->sub_w) - 1) >> info->sub_w : width;
        int h = chroma ? (height + (1 << info->sub_h) - 1) >> info->sub_h : height;
        for (int y = 0; y < h; y++) {
            uint8_t *row = f->image.plane[p] + y * f->image.stride[p];
            for (int x = 0; x < w * per_pixel; x++) {
                int component = (p + x % per_pixel) & 3;
                put(row, x, sample(kind, component, x / per_pixel + (int)seed % 31, y, &seed), info);
            }
        }
    }
    return f;
}

static node *picture_as(ctx *c, kf_pixfmt format, int width, int height, content kind, scene_color color,
                        kf_chroma_mode chroma)
{
    kf_frame *f = make_frame(format, width, height, kind, color, (uint32_t)(width * 131 + height));
    if (!f) return NULL;
    node *n = kf_graph_source(c->graph, f, chroma);
    kf_frame_unref(f);
    return n;
}

static node *picture(ctx *c, kf_pixfmt format, int width, int height)
{
    return picture_as(c, format, width, height, SMOOTH, SCENE_BT709, KF_CHROMA_REPLICATE);
}

static node *fill(ctx *c, float r, float g, float b, float a, int x0, int y0, int x1, int y1)
{
    return kf_graph_fill(c->graph, (float[4]){r * a, g * a, b * a, a}, (kf_rect){x0, y0, x1, y1});
}

static node *place(ctx *c, node *n, double sx, double sy, double x, double y, kf_filter filter)
{
    return kf_graph_transform(c->graph, n, &(kf_transform2d){{sx, 0, x, 0, sy, y}}, filter);
}

static node *turn(ctx *c, node *n, double degrees, double scale, double x, double y, kf_filter filter)
{
    double a = degrees * acos(-1) / 180, k = cos(a) * scale, s = sin(a) * scale;
    return kf_graph_transform(c->graph, n, &(kf_transform2d){{k, -s, x, s, k, y}}, filter);
}

static node *over(ctx *c, node *a, node *b, float opacity)
{
    return kf_graph_blend(c->graph, a, b, KF_BLEND_NORMAL, opacity);
}

static const kf_lut1d *curves(ctx *c)
{
    kf_lut1d *lut = kf_arena_alloc(&c->arena, sizeof *lut);
    float *v = kf_arena_alloc(&c->arena, sizeof(float) * 3 * 33);
    if (!lut || !v) return NULL;
    *lut = (kf_lut1d){.lo = -0.1f, .hi = 1.2f, .count = 33, .value = {v, v + 33, v + 66}};
    for (int i = 0; i < 33; i++) {
        double t = i / 32.0;
        v[i] = (float)(t * t);
        v[33 + i] = (float)sqrt(t);
        v[66 + i] = (float)(0.5 - 0.5 * cos(3 * t));
    }
    return lut;
}

static const kf_lut3d *cube(ctx *c, int size)
{
    kf_lut3d *lut = kf_arena_alloc(&c->arena, sizeof *lut);
    float *v = kf_arena_alloc(&c->arena, sizeof(float[3]) * (size_t)(size * size * size));
    if (!lut || !v) return NULL;
    *lut = (kf_lut3d){.size = size, .lo = {0, -0.1f, 0}, .hi = {1, 1, 1.1f}, .value = v};
    for (int b = 0; b < size; b++) {
        for (int g = 0; g < size; g++) {
            for (int r = 0; r < size; r++, v += 3) {
                double s = size - 1, x = r / s, y = g / s, z = b / s;
                v[0] = (float)(0.8 * x + 0.2 * y * z);
                v[1] = (float)(y * y * 0.5 + 0.5 * x);
                v[2] = (float)(1 - z * (0.5 + 0.4 * x));
            }
        }
    }
    return lut;
}

static const kf_affine grade = {{{1.1f, -0.1f, 0.05f, 0.02f}, {0.1f, 0.9f, -0.05f, -0.03f}, {0, 0.2f, 0.7f, 0.05f}}};

/* ---- scenes ---- */

static node *build_empty(ctx *c, int arg)
{
    return NULL;
}

static node *build_source(ctx *c, int format)
{
    return picture_as(c, (kf_pixfmt)format, 37, 23, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
}

static node *build_linear_chroma(ctx *c, int color)
{
    return picture_as(c, KF_PIX_YUV420P8, 37, 23, NOISE, (scene_color)color, KF_CHROMA_LINEAR);
}

static node *build_linear_chroma_format(ctx *c, int format)
{
    return picture_as(c, (kf_pixfmt)format, 37, 23, NOISE, SCENE_BT709, KF_CHROMA_LINEAR);
}

static node *build_premultiplied(ctx *c, int format)
{
    node *n = picture(c, (kf_pixfmt)format, 37, 23);
    if (n) n->u.source.frame->image.premultiplied = true;
    return n;
}

static node *build_premultiplied_scaled(ctx *c, int format)
{
    node *n = build_premultiplied(c, format);
    return over(c, fill(c, 0.2f, 0.3f, 0.4f, 1, 0, 0, 60, 40), place(c, n, 0.7, 1.3, 3.3, 1.7, KF_FILTER_BICUBIC), 1);
}

/* Makes the frame transparent but for a part whose left edge is ragged. Premultiplied pixels are cleared, others keep
 * colour. */
static void clear_around(kf_image *image)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int bytes = info->bits > 16 ? 4 : info->bits > 8 ? 2 : 1, plane = info->packed ? 0 : 3;
    for (int y = 0; y < image->height; y++) {
        for (int x = 0; x < image->width; x++) {
            bool shown = x >= 9 + y % 3 && x < image->width - 15 && y >= 5 && y < image->height - 8 && y != 9;
            int step = info->packed ? 4 : 1, at = info->packed && !image->premultiplied ? 3 : 0, n = step - at;
            if (!shown)
                memset(image->plane[plane] + y * image->stride[plane] + (x * step + at) * bytes, 0,
                       (size_t)(n * bytes));
        }
    }
}

static node *sparse(ctx *c, kf_pixfmt format, bool premultiplied)
{
    node *n = picture(c, format, 37, 23);
    if (!n) return NULL;
    n->u.source.frame->image.premultiplied = premultiplied;
    clear_around(&n->u.source.frame->image);
    return n;
}

/* Overlays that show in few places: as they are, moved, scaled, faded, blended and nested. */
static node *build_sparse(ctx *c, int arg)
{
    static const kf_pixfmt formats[] = {KF_PIX_RGBA8,   KF_PIX_BGRA8,   KF_PIX_RGBA16,
                                        KF_PIX_RGBAF32, KF_PIX_GBRAP10, KF_PIX_YUVA444P8};
    kf_pixfmt format = formats[arg % 10];
    bool premultiplied = arg / 10 % 10;
    node *n = arg >= 100 ? kf_graph_curves(c->graph, picture(c, KF_PIX_YUV420P8, 90, 70), curves(c))
                         : picture(c, KF_PIX_YUV420P8, 90, 70);
    n = over(c, n, sparse(c, format, premultiplied), 1);
    n = over(
        c, n,
        place(c, kf_graph_matrix(c->graph, sparse(c, format, premultiplied), &grade), 1, 1, 31, 7, KF_FILTER_NEAREST),
        0.8f);
    n = over(c, n, place(c, sparse(c, format, premultiplied), 0.6, 1.4, 3.2, 30.7, KF_FILTER_BICUBIC), 1);
    n = over(c, n, place(c, sparse(c, format, premultiplied), -1.3, 0.8, 85.1, 40, KF_FILTER_BILINEAR), 1);
    n = over(c, n, turn(c, sparse(c, format, premultiplied), 20, 0.9, 50, 3, KF_FILTER_BICUBIC), 1);
    node *group = over(c, sparse(c, format, premultiplied),
                       place(c, sparse(c, format, premultiplied), 1, 1, 4, 30, KF_FILTER_NEAREST), 1);
    return kf_graph_blend(c->graph, n, place(c, group, 1, 1, 48, 12, KF_FILTER_NEAREST),
                          arg >= 100 ? KF_BLEND_SCREEN : KF_BLEND_NORMAL, 1);
}

/* A picture of four bytes whose rows are opaque in a run around their middle, but for every seventh row. */
static node *plate(ctx *c, kf_pixfmt format, bool premultiplied)
{
    node *n = picture(c, format, 64, 24);
    if (!n) return NULL;
    kf_image *image = &n->u.source.frame->image;
    image->premultiplied = premultiplied;
    for (int y = 0; y < image->height; y++)
        for (int x = 5 + y % 6; x < image->width - 3 - y % 5 && y % 7; x++)
            image->plane[0][y * image->stride[0] + 4 * x + 3] = 255;
    clear_around(image);
    return n;
}

/* Plates over a picture: on even and odd places, under others, faded, nested, and cut by the canvas. */
static node *build_plates(ctx *c, int arg)
{
    kf_pixfmt format = arg % 2 ? KF_PIX_BGRA8 : KF_PIX_RGBA8;
    bool premultiplied = arg / 2 % 2;
    kf_chroma_mode chroma = arg / 4 % 2 ? KF_CHROMA_LINEAR : KF_CHROMA_REPLICATE;
    node *n = picture_as(c, KF_PIX_YUV420P8, 90, 70, SMOOTH, SCENE_BT709, chroma);
    n = over(c, n, plate(c, format, premultiplied), 1);
    n = over(c, n, place(c, plate(c, format, premultiplied), 1, 1, 21, 9, KF_FILTER_NEAREST), 1);
    n = over(c, n, place(c, plate(c, format, premultiplied), 1, 1, 8, 28, KF_FILTER_NEAREST), 0.7f);
    node *letters = place(c, sparse(c, format, premultiplied), 1, 1, 11, 3, KF_FILTER_NEAREST),
         *bubble = over(c, plate(c, format, premultiplied), letters, 1),
         *chat = over(c, bubble, place(c, plate(c, format, premultiplied), 1, 1, 30, 13, KF_FILTER_NEAREST), 1);
    return over(c, n, place(c, chat, 1, 1, arg >= 4 ? 2 : 7, 36, KF_FILTER_NEAREST), 1);
}

static node *build_larger_source(ctx *c, int format)
{
    return picture_as(c, (kf_pixfmt)format, 91, 67, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
}

static node *build_extreme(ctx *c, int format)
{
    return picture_as(c, (kf_pixfmt)format, 37, 23, EXTREME, SCENE_BT709, KF_CHROMA_REPLICATE);
}

static node *build_fill(ctx *c, int arg)
{
    return fill(c, 0.9f, 0.4f, 0.1f, arg / 10.0f, 3, 5, 22, 17);
}

static node *build_fill_extreme(ctx *c, int arg)
{
    node *n = fill(c, 5, -3, 0.5f, 1, 0, 0, 18, 23);
    return over(c, n, fill(c, -2, 9, 1, 0.5f, 9, 3, 37, 21), 0.75f);
}

static node *build_gradient(ctx *c, int radial)
{
    kf_gradient g = {.radial = radial, .p0 = {5, 4}, .p1 = {30, 17}, .count = 4, .at = {0, 0.3f, 0.7f, 1},
                     .color = {{1, 0, 0, 1}, {0, 0.5f, 0, 0.5f}, {0, 0, 0.2f, 0.4f}, {1, 1, 1, 1}}};
    return kf_graph_gradient(c->graph, &g, (kf_rect){-3, 2, 35, 22});
}

static node *build_gradient_opaque(ctx *c, int count)
{
    kf_gradient g = {.p0 = {31, 20}, .p1 = {2, -3}, .count = count};
    for (int i = 0; i < count; i++) {
        g.at[i] = count > 1 ? (float)i / (float)(count - 1) : 0.5f;
        for (int k = 0; k < 4; k++) g.color[i][k] = k == 3 ? 1 : (float)((i * 7 + k * 3) % 11) / 10;
    }
    return kf_graph_gradient(c->graph, &g, KF_RECT_EVERYWHERE);
}

static node *build_noise(ctx *c, int size)
{
    kf_noise n = {.seed = 12345, .size = size, .monochrome = size > 1};
    return kf_graph_noise(c->graph, &n, (kf_rect){-7, -5, 33, 40});
}

static node *build_matrix(ctx *c, int format)
{
    return kf_graph_matrix(c->graph, picture(c, (kf_pixfmt)format, 37, 23), &grade);
}

static node *build_matrix_chain(ctx *c, int arg)
{
    node *n = picture(c, KF_PIX_YUV420P8, 37, 23);
    for (int i = 0; i < 4; i++) n = kf_graph_matrix(c->graph, n, &grade);
    return kf_graph_alpha(c->graph, n, 0.8f);
}

static node *build_curves(ctx *c, int format)
{
    return kf_graph_curves(c->graph, picture_as(c, (kf_pixfmt)format, 37, 23, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE),
                           curves(c));
}

static node *build_lut3d(ctx *c, int size)
{
    node *n = picture_as(c, KF_PIX_YUV444P8, 37, 23, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
    return kf_graph_lut3d(c->graph, n, cube(c, size), 1);
}

static node *build_lut3d_partly(ctx *c, int format)
{
    return kf_graph_lut3d(c->graph, picture(c, (kf_pixfmt)format, 37, 23), cube(c, 9), 0.35f);
}

static node *build_alpha(ctx *c, int arg)
{
    return kf_graph_alpha(c->graph, picture(c, KF_PIX_YUVA444P8, 37, 23), arg / 10.0f);
}

static node *build_chroma_key(ctx *c, int format)
{
    kf_chroma_key key = {.cb = -0.2f, .cr = -0.15f, .tolerance = 0.1f, .softness = 0.15f, .spill = 0.8f};
    node *n = kf_graph_chroma_key(c->graph, picture(c, (kf_pixfmt)format, 37, 23), &key);
    return over(c, fill(c, 0.1f, 0.2f, 0.7f, 1, 0, 0, 37, 23), n, 1);
}

static node *build_luma_key(ctx *c, int invert)
{
    kf_luma_key key = {.lo = 0.35f, .hi = 0.6f, .softness = 0.1f, .invert = invert};
    return kf_graph_luma_key(c->graph, picture(c, KF_PIX_YUVA420P8, 37, 23), &key);
}

static node *build_vignette(ctx *c, int format)
{
    kf_vignette v = {.cx = 18, .cy = 12, .rx = 20, .ry = 13, .inner = 0.3f, .outer = 1.1f, .amount = 0.9f};
    return kf_graph_vignette(c->graph, picture(c, (kf_pixfmt)format, 37, 23), &v);
}

static node *build_grain(ctx *c, int size)
{
    kf_noise n = {.seed = 99, .size = size, .amount = 0.3f, .monochrome = size == 1};
    return kf_graph_grain(c->graph, picture(c, size == 3 ? KF_PIX_YUVA420P8 : KF_PIX_YUV420P8, 37, 23), &n);
}

static node *build_mask(ctx *c, int arg)
{
    static const kf_shape_mask masks[] = {
        {.type = KF_MASK_RECT, .cx = 18.3f, .cy = 11.6f, .half = {11, 7}, .feather = 1, .cos_r = 1},
        {.type = KF_MASK_RECT,
         .cx = 18.3f,
         .cy = 11.6f,
         .half = {14, 9},
         .radius = 5,
         .feather = 3,
         .cos_r = 0.8f,
         .sin_r = 0.6f},
        {.type = KF_MASK_RECT,
         .cx = 18.3f,
         .cy = 11.6f,
         .half = {14, 9},
         .radius = 2,
         .feather = 9,
         .cos_r = 1,
         .invert = true},
        {.type = KF_MASK_ELLIPSE, .cx = 15, .cy = 12, .half = {13, 6}, .feather = 1, .cos_r = 0.6f, .sin_r = -0.8f},
        {.type = KF_MASK_ELLIPSE, .cx = 15, .cy = 12, .half = {5, 14}, .feather = 4, .cos_r = 1, .invert = true},
        {.type = KF_MASK_HALFPLANE, .cx = 15, .cy = 12, .half = {0.6f, 0.8f}, .feather = 6},
        {.type = KF_MASK_HALFPLANE, .cx = 15, .cy = 12, .half = {-1, 0}, .feather = 1, .invert = true},
    };
    node *n = kf_graph_mask(c->graph, picture(c, KF_PIX_YUV420P8, 37, 23), &masks[arg]);
    return over(c, fill(c, 0.9f, 0.8f, 0.1f, 1, 0, 0, 37, 23), n, 1);
}

static node *build_matte(ctx *c, int arg)
{
    node *m = place(c, picture(c, KF_PIX_YUVA444P8, 23, 19), 1, 1, 7, 3, KF_FILTER_NEAREST);
    return kf_graph_matte(c->graph, picture(c, KF_PIX_YUV420P8, 37, 23), m, arg & 1, arg & 2);
}

static node *build_crop(ctx *c, int format)
{
    node *n = kf_graph_crop(c->graph, picture(c, (kf_pixfmt)format, 37, 23), (float[4]){3.25f, 1.5f, 30.75f, 19.9f});
    return over(c, fill(c, 0.5f, 0.1f, 0.3f, 1, 0, 0, 37, 23), n, 1);
}

static node *build_crop_whole(ctx *c, int arg)
{
    return kf_graph_crop(c->graph, picture(c, KF_PIX_YUV420P8, 37, 23), (float[4]){5, 3, 32, 18});
}

typedef struct placement {
    double sx, sy, x, y;
    kf_filter filter;
} placement;
static const placement placements[] = {
    {1, 1, 6, 4, KF_FILTER_NEAREST},
    {1, 1, 5, -3, KF_FILTER_BICUBIC},
    {1, 1, 2.5, 3.25, KF_FILTER_BILINEAR},
    {0.5, 0.5, 4, 3, KF_FILTER_BICUBIC},
    {0.37, 0.61, 3.3, 1.7, KF_FILTER_BICUBIC},
    {2, 2, -9, -7, KF_FILTER_BICUBIC},
    {1.7, 2.3, -11.3, 1.1, KF_FILTER_BILINEAR},
    {-1, 1, 37, 0, KF_FILTER_BICUBIC},
    {0.9, -1.2, 1, 25, KF_FILTER_BICUBIC},
    {0.11, 0.07, 13, 7, KF_FILTER_BICUBIC},
    {3, 3, -20, -13, KF_FILTER_NEAREST},
    {0.43, 0.57, 2.2, 5.1, KF_FILTER_NEAREST},
    {20, 30, -300, -250, KF_FILTER_BICUBIC},
};

static node *build_place(ctx *c, int arg)
{
    const placement *p = &placements[arg % 100];
    static const kf_pixfmt formats[] = {KF_PIX_YUV420P8,  KF_PIX_YUVA420P8, KF_PIX_RGBA8,
                                        KF_PIX_YUV422P10, KF_PIX_RGBAF32,   KF_PIX_NV12,
                                        KF_PIX_GRAY8,     KF_PIX_P010,      KF_PIX_GBRP10};
    node *n = picture_as(c, formats[arg / 100], 37, 23, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
    return over(c, fill(c, 0.5f, 0.1f, 0.3f, 1, 0, 0, 37, 23), place(c, n, p->sx, p->sy, p->x, p->y, p->filter), 1);
}

static node *build_place_sited(ctx *c, int color)
{
    node *n = picture_as(c, KF_PIX_YUV420P8, 37, 23, NOISE, (scene_color)color, KF_CHROMA_LINEAR);
    return place(c, n, 1.3, 0.7, -4.4, 2.1, KF_FILTER_BICUBIC);
}

static node *build_place_child(ctx *c, int arg) /* of a node that is not a source */
{
    const placement *p = &placements[arg];
    node *n = kf_graph_curves(c->graph, picture(c, KF_PIX_YUVA420P8, 37, 23), curves(c));
    return over(c, fill(c, 0.5f, 0.1f, 0.3f, 1, 0, 0, 37, 23), place(c, n, p->sx, p->sy, p->x, p->y, p->filter), 0.9f);
}

static node *build_turn(ctx *c, int arg)
{
    static const struct {
        double degrees, scale, x, y;
        kf_filter filter;
    } turns[] = {
        {30, 1, 10, -5, KF_FILTER_BICUBIC}, {-17, 1.6, -5, 8, KF_FILTER_BILINEAR}, {45, 0.4, 18, 2, KF_FILTER_BICUBIC},
        {90, 1, 30, 0, KF_FILTER_BICUBIC},  {180, 1, 37, 23, KF_FILTER_BICUBIC},   {5, 0.8, 3, 2, KF_FILTER_BILINEAR},
        {90, 1, 30, 0, KF_FILTER_NEAREST},  {33, 1.3, 12, -4, KF_FILTER_NEAREST},  {0.001, 1, 0, 0, KF_FILTER_BICUBIC},
    };
    static const kf_pixfmt formats[] = {KF_PIX_YUV420P8, KF_PIX_RGBA8, KF_PIX_RGBAF32};
    int i = arg % 100;
    node *n = picture(c, formats[arg / 100], 37, 23);
    return over(c, fill(c, 0.1f, 0.1f, 0.3f, 1, 0, 0, 37, 23),
                turn(c, n, turns[i].degrees, turns[i].scale, turns[i].x, turns[i].y, turns[i].filter), 1);
}

/* Quarter turns, exact: both ways, scaled, moved between pixels, mirrored. */
static node *build_quarter(ctx *c, int arg)
{
    static const double forwards[][6] = {
        {0, -1, 24, 1, 0, 0},         {0, 1, 0, -1, 0, 37},      {0, -0.6, 30.3, 0.7, 0, 1.2},
        {0, 1.7, -3.1, 1.4, 0, -9.7}, {0, -0.3, 20, 2.2, 0, -8}, {0, -0.21, 15.5, -0.13, 0, 20},
        {0, 1, 3, 1, 0, 2},
    };
    static const kf_pixfmt formats[] = {KF_PIX_YUV420P8, KF_PIX_YUV422P10, KF_PIX_RGBA8, KF_PIX_NV12,
                                        KF_PIX_RGB24,    KF_PIX_RGBAF32,   KF_PIX_P010};
    kf_pixfmt format = formats[arg / 10 % 10];
    node *n = picture_as(c, format, 37, 23, NOISE, arg % 2 ? SCENE_TOPLEFT : SCENE_BT709, KF_CHROMA_REPLICATE);
    if (arg >= 100) n = kf_graph_curves(c->graph, n, curves(c));
    if (arg >= 200 && n) n = place(c, n, 1, 1, 3, -2, KF_FILTER_NEAREST);
    kf_transform2d t;
    memcpy(t.m, forwards[arg % 10], sizeof t.m);
    n = kf_graph_transform(c->graph, n, &t,
                           arg % 10 == 6 ? KF_FILTER_NEAREST
                           : arg % 3     ? KF_FILTER_BICUBIC
                                         : KF_FILTER_BILINEAR);
    return over(c, fill(c, 0.1f, 0.1f, 0.3f, 1, 0, 0, 40, 40), kf_graph_matrix(c->graph, n, &grade), 1);
}

static node *build_larger_quarter(ctx *c, int arg)
{
    node *n = picture_as(c, KF_PIX_YUV420P8, 161, 117, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
    return kf_graph_transform(c->graph, n, &(kf_transform2d){{0, -1, 117, 1, 0, 0}}, KF_FILTER_BICUBIC);
}

static node *build_shear(ctx *c, int arg)
{
    node *n = over(c, picture(c, KF_PIX_YUV444P8, 37, 23), fill(c, 1, 1, 1, 0.5f, 5, 5, 12, 12), 1);
    return kf_graph_transform(c->graph, n, &(kf_transform2d){{0.9, 0.4, -3, 0.1, 1.2, 1}}, KF_FILTER_BICUBIC);
}

static node *build_blur(ctx *c, int arg)
{
    static const kf_blur blurs[] = {
        {KF_BLUR_GAUSSIAN, KF_EDGE_CLAMP, 1.5f, 1.5f},    {KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 2.2f, 0.7f},
        {KF_BLUR_GAUSSIAN, KF_EDGE_CLAMP, 9, 6},          {KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 12, 12},
        {KF_BLUR_GAUSSIAN, KF_EDGE_CLAMP, 0, 3},          {KF_BLUR_BOX, KF_EDGE_CLAMP, 2, 2},
        {KF_BLUR_BOX, KF_EDGE_TRANSPARENT, 3.4f, 1.3f},   {KF_BLUR_BOX, KF_EDGE_CLAMP, 0.5f, 40},
        {KF_BLUR_DIRECTIONAL, KF_EDGE_CLAMP, 7, 4},       {KF_BLUR_DIRECTIONAL, KF_EDGE_TRANSPARENT, -3.5f, 9},
        {KF_BLUR_DIRECTIONAL, KF_EDGE_CLAMP, 0, 0},       {KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 0.2f, 0.2f},
    };
    node *n = arg >= 100 ? picture(c, KF_PIX_YUVA420P8, 24, 15)
                         : picture_as(c, KF_PIX_YUV420P8, 24, 15, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
    n = kf_graph_blur(c->graph, place(c, n, 1, 1, 6, 3, KF_FILTER_NEAREST), &blurs[arg % 100]);
    return over(c, fill(c, 0.5f, 0.1f, 0.3f, 1, 0, 0, 37, 23), n, 1);
}

static node *build_large_blur(ctx *c, int arg)
{
    static const float sigmas[][2] = {{4.1f, 4.1f}, {5.5f, 7.9f}, {8, 8},   {11.3f, 0}, {16, 2},
                                      {3, 17},      {23, 31},     {60, 45}, {300, 130}};
    const float *s = sigmas[arg % 100];
    kf_blur blur = {KF_BLUR_GAUSSIAN, arg / 100 % 2 ? KF_EDGE_TRANSPARENT : KF_EDGE_CLAMP, s[0], s[1]};
    content kind = arg / 200 % 2 ? STRIPES : EXTREME;
    if (arg < 400) {
        node *n = picture_as(c, KF_PIX_YUV444P8, 150, 93, kind, SCENE_BT709, KF_CHROMA_REPLICATE);
        return kf_graph_blur(c->graph, place(c, n, 1, 1, 5, -7, KF_FILTER_NEAREST), &blur);
    }
    /* chroma on its own grid, under an overlay; the picture reaches beyond the canvas */
    node *n =
        picture_as(c, arg < 800 ? KF_PIX_YUV420P8 : KF_PIX_YUVA420P8, 184, 92, kind, SCENE_BT709, KF_CHROMA_REPLICATE);
    n = kf_graph_blur(c->graph, place(c, n, 1, 1, 6, -8, KF_FILTER_NEAREST), &blur);
    n = over(c, fill(c, 0.2f, 0.6f, 0.3f, 1, 0, 0, 160, 100), kf_graph_matrix(c->graph, n, &grade), 1);
    return over(c, n, place(c, picture(c, KF_PIX_RGBA8, 37, 23), 1, 1, 33, 21, KF_FILTER_NEAREST), 1);
}

static node *build_pixelate(ctx *c, int size)
{
    node *n = picture(c, size == 5 ? KF_PIX_YUVA420P8 : KF_PIX_YUV420P8, 33, 20);
    return kf_graph_pixelate(c->graph, place(c, n, 1, 1, 3, 2, KF_FILTER_NEAREST), &(kf_pixelate){size, 1, -3});
}

static node *build_blend(ctx *c, int arg)
{
    kf_blend_mode mode = (kf_blend_mode)(arg % 100);
    node *a = picture(c, KF_PIX_RGB24, 37, 23), *b = picture(c, KF_PIX_GBRP8, 29, 21);
    if (arg >= 100) { /* partly covered on both sides */
        a = picture(c, KF_PIX_YUVA444P8, 33, 23);
        b = picture(c, KF_PIX_RGBA8, 29, 21);
    }
    return kf_graph_blend(c->graph, a, place(c, b, 1, 1, 7, 3, KF_FILTER_NEAREST), mode, arg >= 100 ? 0.7f : 1);
}

static node *build_mix(ctx *c, int arg)
{
    static const float weights[][2] = {{0.5f, 0.5f}, {0.25f, 0.75f}, {1.8f, -0.8f}, {1, 1}, {0, 1}};
    node *a = picture(c, KF_PIX_YUV420P8, 37, 23),
         *b = picture(c, arg == 3 ? KF_PIX_YUVA420P8 : KF_PIX_YUV420P8, 31, 27);
    return kf_graph_mix(c->graph, a, weights[arg][0], b, weights[arg][1]);
}

static node *build_mix_of_format(ctx *c, int format)
{
    node *a = picture_as(c, (kf_pixfmt)format, 46, 30, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
    node *b = picture_as(c, (kf_pixfmt)format, 44, 34, NOISE, SCENE_BT709, KF_CHROMA_REPLICATE);
    b = place(c, b, 1, 1, -2, -6, KF_FILTER_NEAREST);
    node *n = kf_graph_mix(c->graph, kf_graph_alpha(c->graph, a, 0.9f), 0.3f, b, 0.7f);
    return over(c, fill(c, 0.2f, 0.2f, 0.3f, 1, 0, 0, 50, 40), n, 0.8f);
}

static node *build_dissolve_scaled(ctx *c, int arg)
{
    node *a = place(c, picture(c, KF_PIX_YUV420P8, 64, 48), 0.6, 0.5, 0, 0, KF_FILTER_BICUBIC);
    return kf_graph_mix(c->graph, a, 0.3f, picture(c, KF_PIX_YUV422P10, 37, 23), 0.7f);
}

/* Four pictures in the corners, a title bar, a soft drop shadow. */
static node *build_mosaic(ctx *c, int arg)
{
    node *n = kf_graph_fill(c->graph, (float[4]){0, 0, 0, 1}, KF_RECT_EVERYWHERE);
    for (int i = 0; i < 4; i++) {
        node *p = picture(c, i & 1 ? KF_PIX_YUV420P10 : KF_PIX_YUV420P8, 50 + i, 40 - i);
        n = over(c, n, place(c, p, 0.43, 0.4, (i & 1) * 29.5 + 0.7, (i >> 1) * 21.3 + 0.4, KF_FILTER_BICUBIC), 1);
    }
    kf_shape_mask bar = {
        .type = KF_MASK_RECT, .cx = 26, .cy = 20, .half = {20, 5}, .radius = 3, .feather = 1, .cos_r = 1};
    node *title = kf_graph_mask(c->graph, fill(c, 0.9f, 0.9f, 1, 1, 0, 0, 53, 41), &bar);
    node *shadow = kf_graph_matrix(c->graph, title, &(kf_affine){{{0}}});
    shadow = kf_graph_blur(c->graph, place(c, shadow, 1, 1, 2, 2, KF_FILTER_NEAREST),
                           &(kf_blur){KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 2, 2});
    return over(c, over(c, n, shadow, 0.6f), title, 0.9f);
}

/* Unsharp mask: more of the picture, less of its blur. */
static node *build_unsharp(ctx *c, int arg)
{
    node *p = picture(c, KF_PIX_YUV420P8, 37, 23);
    node *b = kf_graph_blur(c->graph, p, &(kf_blur){KF_BLUR_GAUSSIAN, KF_EDGE_CLAMP, 1.2f, 1.2f});
    return kf_graph_mix(c->graph, p, 1.7f, b, -0.7f);
}

/* A graded composition, nested, scaled, turned, keyed, over a blurred copy of itself (shared sub-tree). */
static node *build_nested(ctx *c, int arg)
{
    node *p =
        kf_graph_curves(c->graph, kf_graph_matrix(c->graph, picture(c, KF_PIX_YUV420P8, 37, 23), &grade), curves(c));
    node *inner = over(c, p, turn(c, picture(c, KF_PIX_RGBA8, 20, 14), 12, 0.9, 9, 2, KF_FILTER_BILINEAR), 0.8f);
    node *back = place(c, kf_graph_blur(c->graph, inner, &(kf_blur){KF_BLUR_BOX, KF_EDGE_CLAMP, 3, 3}), 1.4, 1.4, -7,
                       -5, KF_FILTER_BILINEAR);
    node *front = turn(c, place(c, inner, 0.6, 0.6, 0, 0, KF_FILTER_BICUBIC), -20, 1, 5, 9, KF_FILTER_BICUBIC);
    kf_vignette v = {.cx = 18, .cy = 12, .rx = 20, .ry = 13, .inner = 0.6f, .outer = 1.4f, .amount = 0.5f};
    return kf_graph_vignette(c->graph, kf_graph_blend(c->graph, back, front, KF_BLEND_SCREEN, 0.9f), &v);
}

/* Deep stack: adjustment layers over a wipe. */
static node *build_stack(ctx *c, int arg)
{
    kf_shape_mask wipe = {.type = KF_MASK_HALFPLANE, .cx = 17, .cy = 0, .half = {0.8f, 0.6f}, .feather = 5};
    node *a = picture(c, KF_PIX_YUV420P8, 37, 23), *b = picture(c, KF_PIX_YUV422P8, 39, 25);
    node *n = over(c, a, kf_graph_mask(c->graph, b, &wipe), 1);
    n = kf_graph_lut3d(c->graph, n, cube(c, 17), 0.8f);
    n = kf_graph_grain(c->graph, n, &(kf_noise){.seed = 3, .size = 1, .amount = 0.1f});
    for (int i = 0; i < 6; i++)
        n = over(c, n,
                 place(c, fill(c, 0.1f * (float)i, 1, 0.5f, 0.5f, 0, 0, 9, 9), 1.5, 0.5, i * 5.3, i * 3.1,
                       KF_FILTER_BILINEAR),
                 0.5f);
    return kf_graph_pixelate(c->graph, n, &(kf_pixelate){2, 0, 0});
}

/* Children that would need an unbounded canvas. */
static node *build_unbounded(ctx *c, int arg)
{
    node *g = build_gradient_opaque(c, 3);
    node *n = place(c, kf_graph_blur(c->graph, g, &(kf_blur){KF_BLUR_GAUSSIAN, KF_EDGE_CLAMP, 3, 3}), 0.5, 0.7, 3, 2,
                    KF_FILTER_BICUBIC);
    return kf_graph_pixelate(c->graph, turn(c, n, 15, 1.2, 0, 0, KF_FILTER_BILINEAR), &(kf_pixelate){3, 1, 1});
}

static node *build_outside(ctx *c, int arg) /* everything lies off the canvas */
{
    node *n = over(c, place(c, picture(c, KF_PIX_YUV420P8, 37, 23), 1, 1, 200, 0, KF_FILTER_NEAREST),
                   fill(c, 1, 1, 1, 1, -20, -20, 0, 60), 1);
    return over(c, n, place(c, picture(c, KF_PIX_RGBA8, 9, 9), 2, 2, -18.5, 30, KF_FILTER_BICUBIC), 1);
}

static node *build_zero_opacity(ctx *c, int arg)
{
    node *n = over(c, picture(c, KF_PIX_YUV420P8, 37, 23), picture(c, KF_PIX_RGBA8, 37, 23), 0);
    return over(c, n, kf_graph_alpha(c->graph, picture(c, KF_PIX_GRAY8, 30, 20), 0), 1);
}

static node *build_negative_alpha(ctx *c, int arg) /* a mix may leave 0..1 */
{
    return kf_graph_mix(c->graph, fill(c, 0.5f, 0.5f, 0.5f, 1, 0, 0, 20, 23), -0.5f,
                        picture(c, KF_PIX_YUVA444P8, 37, 23), 1.4f);
}

/* clang-format off */
#define ODD 37, 23
#define QUARTER(arg) {"quarter turn " #arg, build_quarter, arg, KF_PIX_YUV420P8, 31, 39}
#define PLATES(arg) {"plates " #arg, build_plates, arg, KF_PIX_YUV420P8, 88, 66}
#define SPARSE(arg) {"sparse " #arg, build_sparse, arg, KF_PIX_YUV420P8, 88, 66}
#define IN(in) \
    {"source " #in, build_source, KF_PIX_##in, KF_PIX_YUV420P8, ODD}, \
    {"source " #in " as float", build_source, KF_PIX_##in, KF_PIX_RGBAF32, ODD}
#define OUT(out) \
    {"yuv420p8 to " #out, build_source, KF_PIX_YUV420P8, KF_PIX_##out, ODD}, \
    {"yuva444p8 to " #out, build_source, KF_PIX_YUVA444P8, KF_PIX_##out, ODD, SCENE_BT601_FULL}
#define MODE(mode) \
    {"blend " #mode, build_blend, KF_BLEND_##mode, KF_PIX_YUV420P8, ODD}, \
    {"blend " #mode " partly", build_blend, 100 + KF_BLEND_##mode, KF_PIX_RGBA8, ODD}
#define PLACE(arg) {"place " #arg, build_place, arg, KF_PIX_YUV420P8, ODD}
#define TURN(arg) {"turn " #arg, build_turn, arg, KF_PIX_YUV420P8, ODD}
#define BLUR(arg) {"blur " #arg, build_blur, arg, KF_PIX_YUV420P8, ODD}
#define LARGE_BLUR(arg) \
    {"large blur " #arg, build_large_blur, arg, arg < 400 ? KF_PIX_GBRP8 : KF_PIX_YUV420P8, 160, 100}

const scene scenes[] = {
    QUARTER(0), QUARTER(1), QUARTER(2), QUARTER(3), QUARTER(4), QUARTER(5), QUARTER(6), QUARTER(10), QUARTER(13),
    QUARTER(22), QUARTER(26), QUARTER(30), QUARTER(35), QUARTER(41), QUARTER(52), QUARTER(63), QUARTER(100),
    QUARTER(102), QUARTER(121), QUARTER(204), QUARTER(215),
    {"quarter turn to float", build_quarter, 3, KF_PIX_RGBAF32, 31, 39},
    {"quarter turn of much", build_larger_quarter, 0, KF_PIX_YUV420P8, 120, 160},
    SPARSE(0), SPARSE(1), SPARSE(2), SPARSE(3), SPARSE(4), SPARSE(5), SPARSE(10), SPARSE(11), SPARSE(12), SPARSE(13),
    SPARSE(14), SPARSE(100),
    SPARSE(105), SPARSE(111), {"sparse to rgba", build_sparse, 10, KF_PIX_RGBA8, 88, 66},
    PLATES(0), PLATES(1), PLATES(2), PLATES(3), PLATES(4), PLATES(7),
    {"plates to 4:2:2", build_plates, 2, KF_PIX_YUV422P10, 89, 67},
    {"plates to rgba", build_plates, 2, KF_PIX_RGBA8, 88, 66},
    {"sparse to 10 bit", build_sparse, 0, KF_PIX_YUV422P10, 89, 67},
    {"empty", build_empty, 0, KF_PIX_YUV420P8, ODD},
    {"empty with alpha", build_empty, 0, KF_PIX_YUVA420P10, ODD},
    IN(GRAY8), IN(GRAY10), IN(GRAY12), IN(GRAY16), IN(YUV420P8), IN(YUV422P8), IN(YUV444P8), IN(YUV420P10),
    IN(YUV422P10),
    IN(YUV444P10), IN(YUV420P12), IN(YUV422P12), IN(YUV444P12), IN(YUVA420P8), IN(YUVA422P8), IN(YUVA444P8),
    IN(YUVA420P10),
    IN(YUVA422P10), IN(YUVA444P10), IN(YUVA444P12), IN(NV12), IN(P010), IN(GBRP8), IN(GBRP10), IN(GBRP12), IN(GBRAP8),
    IN(GBRAP10),
    IN(GBRAP12), IN(RGB24), IN(RGBA8), IN(BGRA8), IN(RGBA16), IN(RGBAF32),
    OUT(GRAY8), OUT(GRAY10), OUT(GRAY12), OUT(GRAY16), OUT(YUV420P8), OUT(YUV422P8), OUT(YUV444P8), OUT(YUV420P10),
    OUT(YUV422P10),
    OUT(YUV444P10), OUT(YUV420P12), OUT(YUV422P12), OUT(YUV444P12), OUT(YUVA420P8), OUT(YUVA422P8), OUT(YUVA444P8),
    OUT(YUVA420P10),
    OUT(YUVA422P10), OUT(YUVA444P10), OUT(YUVA444P12), OUT(NV12), OUT(P010), OUT(GBRP8), OUT(GBRP10), OUT(GBRP12),
    OUT(GBRAP8),
    OUT(GBRAP10), OUT(GBRAP12), OUT(RGB24), OUT(RGBA8), OUT(BGRA8), OUT(RGBA16), OUT(RGBAF32),
    {"one pixel", build_source, KF_PIX_YUV420P8, KF_PIX_YUV420P8, 1, 1},
    {"one pixel of alpha", build_source, KF_PIX_YUVA420P8, KF_PIX_NV12, 1, 1},
    {"one column", build_source, KF_PIX_YUV422P10, KF_PIX_YUV420P8, 1, 23},
    {"one row", build_source, KF_PIX_YUV420P8, KF_PIX_YUV444P8, 37, 1},
    {"canvas larger than picture", build_source, KF_PIX_YUV420P8, KF_PIX_YUV420P8, 53, 41},
    {"picture larger than canvas", build_larger_source, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD},
    {"wide canvas", build_larger_source, KF_PIX_NV12, KF_PIX_P010, 1100, 9},
    {"other matrix and range", build_source, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD, SCENE_BT601_FULL},
    {"bt2020 matrix", build_source, KF_PIX_YUV444P10, KF_PIX_YUV420P10, ODD, SCENE_BT2020},
    {"extreme codes", build_extreme, KF_PIX_YUV420P8, KF_PIX_RGB24, ODD},
    {"extreme codes to full range", build_extreme, KF_PIX_YUVA444P10, KF_PIX_YUV422P10, ODD, SCENE_BT601_FULL},
    {"extreme codes of rgb", build_extreme, KF_PIX_RGBA16, KF_PIX_YUVA420P8, ODD},
    {"linear chroma", build_linear_chroma, SCENE_BT709, KF_PIX_RGB24, ODD},
    {"linear chroma centred", build_linear_chroma, SCENE_CENTRED, KF_PIX_RGB24, ODD},
    {"linear chroma top left", build_linear_chroma, SCENE_TOPLEFT, KF_PIX_RGB24, ODD},
    {"linear chroma of 422", build_linear_chroma_format, KF_PIX_YUV422P10, KF_PIX_YUV420P8, ODD},
    {"linear chroma of nv12", build_linear_chroma_format, KF_PIX_NV12, KF_PIX_YUV444P8, ODD},
    {"linear chroma with alpha", build_linear_chroma_format, KF_PIX_YUVA420P10, KF_PIX_RGBA8, ODD},
    {"premultiplied rgba", build_premultiplied, KF_PIX_RGBA8, KF_PIX_RGBA8, ODD, .premultiplied = true},
    {"premultiplied rgba to straight", build_premultiplied, KF_PIX_RGBA8, KF_PIX_RGBA16, ODD},
    {"premultiplied yuva", build_premultiplied, KF_PIX_YUVA444P8, KF_PIX_RGBAF32, ODD},
    {"premultiplied yuva subsampled", build_premultiplied, KF_PIX_YUVA420P8, KF_PIX_YUV420P8, ODD},
    {"premultiplied rgba scaled", build_premultiplied_scaled, KF_PIX_BGRA8, KF_PIX_YUV420P8, ODD},
    {"premultiplied yuva scaled", build_premultiplied_scaled, KF_PIX_YUVA420P8, KF_PIX_YUV420P8, ODD},
    {"premultiplied float scaled", build_premultiplied_scaled, KF_PIX_RGBAF32, KF_PIX_YUV420P10, ODD},
    {"straight to premultiplied", build_source, KF_PIX_RGBA8, KF_PIX_YUVA420P8, ODD, .premultiplied = true},
    {"straight to premultiplied float", build_source, KF_PIX_RGBA8, KF_PIX_RGBAF32, ODD, .premultiplied = true},
    {"fill", build_fill, 10, KF_PIX_YUV420P8, ODD},
    {"fill half", build_fill, 5, KF_PIX_YUVA444P8, ODD},
    {"fill nothing", build_fill, 0, KF_PIX_RGBA8, ODD},
    {"fill extreme", build_fill_extreme, 0, KF_PIX_YUV420P8, ODD},
    {"fill extreme float", build_fill_extreme, 0, KF_PIX_RGBAF32, ODD},
    {"gradient linear", build_gradient, 0, KF_PIX_RGBA8, ODD},
    {"gradient radial", build_gradient, 1, KF_PIX_YUV420P10, ODD},
    {"gradient of one stop", build_gradient_opaque, 1, KF_PIX_YUV420P8, ODD},
    {"gradient of many stops", build_gradient_opaque, KF_STOPS_MAX, KF_PIX_RGB24, ODD},
    {"noise", build_noise, 1, KF_PIX_YUV444P8, ODD},
    {"noise in cells", build_noise, 5, KF_PIX_YUV420P8, ODD},
    {"matrix", build_matrix, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD},
    {"matrix with alpha", build_matrix, KF_PIX_YUVA420P8, KF_PIX_YUVA420P8, ODD},
    {"matrix of grey", build_matrix, KF_PIX_GRAY10, KF_PIX_YUV422P8, ODD},
    {"matrix chain", build_matrix_chain, 0, KF_PIX_YUV420P8, ODD},
    {"curves", build_curves, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD},
    {"curves with alpha", build_curves, KF_PIX_YUVA444P8, KF_PIX_RGBA8, ODD},
    {"curves of 16 bit", build_curves, KF_PIX_RGBA16, KF_PIX_YUV422P10, ODD},
    {"cube of 2", build_lut3d, 2, KF_PIX_YUV420P8, ODD},
    {"cube of 33", build_lut3d, 33, KF_PIX_RGB24, ODD},
    {"cube partly", build_lut3d_partly, KF_PIX_YUVA420P8, KF_PIX_RGBA8, ODD},
    {"alpha", build_alpha, 4, KF_PIX_RGBA8, ODD},
    {"alpha over one", build_alpha, 15, KF_PIX_RGBAF32, ODD},
    {"chroma key", build_chroma_key, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD},
    {"chroma key with alpha", build_chroma_key, KF_PIX_RGBA8, KF_PIX_YUV420P8, ODD},
    {"luma key", build_luma_key, 0, KF_PIX_RGBA8, ODD},
    {"luma key inverted", build_luma_key, 1, KF_PIX_YUVA420P8, ODD},
    {"vignette", build_vignette, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD},
    {"vignette with alpha", build_vignette, KF_PIX_YUVA420P8, KF_PIX_RGBA8, ODD},
    {"grain", build_grain, 1, KF_PIX_YUV420P8, ODD},
    {"grain in cells", build_grain, 2, KF_PIX_RGB24, ODD},
    {"grain with alpha", build_grain, 3, KF_PIX_RGBA8, ODD},
    {"mask rect", build_mask, 0, KF_PIX_YUV420P8, ODD},
    {"mask rounded and turned", build_mask, 1, KF_PIX_YUV420P8, ODD},
    {"mask rect inverted", build_mask, 2, KF_PIX_YUV422P8, ODD},
    {"mask ellipse turned", build_mask, 3, KF_PIX_YUV420P8, ODD},
    {"mask ellipse inverted", build_mask, 4, KF_PIX_RGB24, ODD},
    {"mask half plane", build_mask, 5, KF_PIX_YUV420P8, ODD},
    {"mask half plane inverted", build_mask, 6, KF_PIX_YUV420P8, ODD},
    {"matte alpha", build_matte, 0, KF_PIX_RGBA8, ODD},
    {"matte luma", build_matte, 1, KF_PIX_YUV420P8, ODD},
    {"matte alpha inverted", build_matte, 2, KF_PIX_YUV420P8, ODD},
    {"matte luma inverted", build_matte, 3, KF_PIX_RGBA8, ODD},
    {"crop", build_crop, KF_PIX_YUV420P8, KF_PIX_YUV420P8, ODD},
    {"crop with alpha", build_crop, KF_PIX_RGBA8, KF_PIX_YUV420P8, ODD},
    {"crop whole", build_crop_whole, 0, KF_PIX_YUV420P8, ODD},
    PLACE(0), PLACE(1), PLACE(2), PLACE(3), PLACE(4), PLACE(5), PLACE(6), PLACE(7), PLACE(8), PLACE(9), PLACE(10),
    PLACE(11), PLACE(12),
    PLACE(100), PLACE(101), PLACE(102), PLACE(104), PLACE(106), PLACE(108), PLACE(111), PLACE(200), PLACE(202),
    PLACE(204), PLACE(212),
    PLACE(300), PLACE(301), PLACE(304), PLACE(306), PLACE(310), PLACE(401), PLACE(404), PLACE(406), PLACE(503),
    PLACE(504), PLACE(508),
    PLACE(511), PLACE(602), PLACE(604), PLACE(607), PLACE(702), PLACE(704), PLACE(709), PLACE(802), PLACE(804),
    PLACE(810),
    {"place to rgba", build_place, 4, KF_PIX_RGBA8, ODD},
    {"place to 10 bit", build_place, 6, KF_PIX_YUV422P10, ODD},
    {"place to float", build_place, 304, KF_PIX_RGBAF32, ODD},
    {"place to nv12", build_place, 4, KF_PIX_NV12, ODD},
    {"place to grey", build_place, 4, KF_PIX_GRAY8, ODD},
    {"place centred chroma", build_place_sited, SCENE_CENTRED, KF_PIX_YUV420P8, ODD},
    {"place top left chroma", build_place_sited, SCENE_TOPLEFT, KF_PIX_YUV420P8, ODD},
    {"place other matrix", build_place_sited, SCENE_BT601_FULL, KF_PIX_YUV420P8, ODD},
    {"place child shifted", build_place_child, 1, KF_PIX_YUV420P8, ODD},
    {"place child between pixels", build_place_child, 2, KF_PIX_YUV420P8, ODD},
    {"place child shrunk", build_place_child, 4, KF_PIX_YUV420P8, ODD},
    {"place child grown", build_place_child, 6, KF_PIX_RGB24, ODD},
    {"place child flipped", build_place_child, 8, KF_PIX_YUV420P8, ODD},
    {"place child nearest", build_place_child, 11, KF_PIX_YUV420P8, ODD},
    TURN(0), TURN(1), TURN(2), TURN(3), TURN(4), TURN(5), TURN(6), TURN(7), TURN(8), TURN(107), TURN(100), TURN(102),
    TURN(105), TURN(201), TURN(203),
    {"shear", build_shear, 0, KF_PIX_YUV420P8, ODD},
    BLUR(0), BLUR(1), BLUR(2), BLUR(3), BLUR(4), BLUR(5), BLUR(6), BLUR(7), BLUR(8), BLUR(9), BLUR(10), BLUR(11),
    BLUR(101), BLUR(103), BLUR(106), BLUR(109),
    LARGE_BLUR(0), LARGE_BLUR(1), LARGE_BLUR(2), LARGE_BLUR(3), LARGE_BLUR(4), LARGE_BLUR(5), LARGE_BLUR(6),
    LARGE_BLUR(7), LARGE_BLUR(8),
    LARGE_BLUR(100), LARGE_BLUR(102), LARGE_BLUR(106), LARGE_BLUR(107), LARGE_BLUR(200), LARGE_BLUR(201),
    LARGE_BLUR(202), LARGE_BLUR(204),
    LARGE_BLUR(206), LARGE_BLUR(207), LARGE_BLUR(300), LARGE_BLUR(302), LARGE_BLUR(306),
    LARGE_BLUR(400), LARGE_BLUR(401), LARGE_BLUR(402), LARGE_BLUR(404), LARGE_BLUR(406), LARGE_BLUR(407),
    LARGE_BLUR(408), LARGE_BLUR(506),
    LARGE_BLUR(507), LARGE_BLUR(606), LARGE_BLUR(607), LARGE_BLUR(706), LARGE_BLUR(802), LARGE_BLUR(806),
    LARGE_BLUR(906), LARGE_BLUR(1006),
    {"pixelate", build_pixelate, 4, KF_PIX_YUV420P8, ODD},
    {"pixelate with alpha", build_pixelate, 5, KF_PIX_RGBA8, ODD},
    {"pixelate in one cell", build_pixelate, 200, KF_PIX_YUV420P8, ODD},
    {"pixelate by one", build_pixelate, 1, KF_PIX_YUV420P8, ODD},
    MODE(NORMAL), MODE(MULTIPLY), MODE(SCREEN), MODE(OVERLAY), MODE(DARKEN), MODE(LIGHTEN), MODE(COLOR_DODGE),
    MODE(COLOR_BURN),
    MODE(HARD_LIGHT), MODE(SOFT_LIGHT), MODE(DIFFERENCE), MODE(EXCLUSION), MODE(ADD), MODE(SUBTRACT), MODE(HUE),
    MODE(SATURATION),
    MODE(COLOR), MODE(LUMINOSITY),
    {"mix half", build_mix, 0, KF_PIX_YUV420P8, ODD},
    {"mix quarter", build_mix, 1, KF_PIX_YUV422P10, ODD},
    {"mix beyond", build_mix, 2, KF_PIX_YUV420P8, ODD},
    {"mix sum", build_mix, 3, KF_PIX_RGBAF32, ODD},
    {"mix one side", build_mix, 4, KF_PIX_YUV420P8, ODD},
    {"mix of 8 bit", build_mix_of_format, KF_PIX_YUV420P8, KF_PIX_YUV420P8, 40, 26},
    {"mix of 8 bit to 10", build_mix_of_format, KF_PIX_YUV420P8, KF_PIX_YUV420P10, 40, 26},
    {"mix of 10 bit", build_mix_of_format, KF_PIX_YUV420P10, KF_PIX_YUV420P10, 40, 26},
    {"mix of 12 bit to 8", build_mix_of_format, KF_PIX_YUV420P12, KF_PIX_YUV420P8, 40, 26},
    {"mix of p010", build_mix_of_format, KF_PIX_P010, KF_PIX_P010, 40, 26},
    {"mix of rgb planes", build_mix_of_format, KF_PIX_GBRP10, KF_PIX_GBRP8, 40, 26},
    {"dissolve scaled", build_dissolve_scaled, 0, KF_PIX_YUV420P8, ODD},
    {"mosaic", build_mosaic, 0, KF_PIX_YUV420P8, 53, 41},
    {"mosaic to 10 bit", build_mosaic, 0, KF_PIX_YUV420P10, 53, 41, SCENE_BT2020},
    {"mosaic with alpha", build_mosaic, 0, KF_PIX_YUVA444P10, 60, 45},
    {"unsharp", build_unsharp, 0, KF_PIX_YUV420P8, ODD},
    {"nested", build_nested, 0, KF_PIX_YUV420P8, ODD},
    {"nested to rgba", build_nested, 0, KF_PIX_RGBA8, 41, 29},
    {"stack", build_stack, 0, KF_PIX_YUV420P8, ODD},
    {"unbounded", build_unbounded, 0, KF_PIX_YUV420P8, ODD},
    {"outside", build_outside, 0, KF_PIX_YUV420P8, ODD},
    {"zero opacity", build_zero_opacity, 0, KF_PIX_YUV420P8, ODD},
    {"negative alpha", build_negative_alpha, 0, KF_PIX_RGBAF32, ODD, .premultiplied = true},
};
/* clang-format on */
const int scene_count = sizeof scenes / sizeof *scenes;

bool scene_make(const scene *s, scene_instance *out)
{
    *out = (scene_instance){
        .output = {.format = s->format, .width = s->width, .height = s->height, .premultiplied = s->premultiplied}};
    out->output.color = color_of(s->color, s->format);
    out->context.graph = kf_graph_create();
    if (!out->context.graph) return false;
    out->root = s->build(&out->context, s->arg);
    return out->root || s->build == build_empty || s->build == build_outside;
}

void scene_drop(scene_instance *instance)
{
    kf_graph_destroy(instance->context.graph);
    kf_arena_finish(&instance->context.arena);
    memset(instance, 0, sizeof *instance);
}

/* ---- random trees ---- */

static double between(uint32_t *state, double lo, double hi)
{
    return lo + (hi - lo) * (step(state) & 0xfff) / 4095;
}

static node *random_leaf(ctx *c, uint32_t *state)
{
    static const kf_pixfmt formats[] = {KF_PIX_YUV420P8,  KF_PIX_YUV420P8,  KF_PIX_NV12,
                                        KF_PIX_YUV422P10, KF_PIX_YUVA420P8, KF_PIX_RGBA8,
                                        KF_PIX_RGB24,     KF_PIX_GRAY8,     KF_PIX_YUVA444P10};
    int w = 1 + (int)(step(state) % 60), h = 1 + (int)(step(state) % 40);
    if (step(state) % 8 == 0) w *= 20;
    switch (step(state) % 8) {
    case 0: return fill(c, 0.7f, 0.2f, 0.4f, step(state) % 2 ? 1 : 0.6f, -5, 3, w, h + 3);
    case 1: return build_gradient(c, (int)(step(state) % 2));
    default: break;
    }
    return picture_as(c, formats[step(state) % 9], w, h, SMOOTH, (scene_color)(step(state) % 5),
                      (kf_chroma_mode)(step(state) % 2));
}

static node *random_tree(ctx *c, uint32_t *state, int depth);

static node *random_two(ctx *c, uint32_t *state, int depth)
{
    static const kf_blend_mode modes[] = {KF_BLEND_NORMAL,     KF_BLEND_NORMAL,    KF_BLEND_NORMAL, KF_BLEND_MULTIPLY,
                                          KF_BLEND_SCREEN,     KF_BLEND_OVERLAY,   KF_BLEND_ADD,    KF_BLEND_DIFFERENCE,
                                          KF_BLEND_LUMINOSITY, KF_BLEND_SOFT_LIGHT};
    node *a = random_tree(c, state, depth - 1), *b = random_tree(c, state, depth - 1);
    float w = (float)between(state, 0, 1);
    switch (step(state) % 4) {
    case 0: return kf_graph_mix(c->graph, a, w, b, 1 - w);
    case 1: return kf_graph_matte(c->graph, a, b, step(state) % 2, step(state) % 2);
    default: return kf_graph_blend(c->graph, a, b, modes[step(state) % 10], step(state) % 2 ? 1 : w);
    }
}

static node *random_spatial(ctx *c, uint32_t *state, node *n)
{
    kf_filter filter = (kf_filter)(1 + step(state) % 2);
    double sx = between(state, 0.3, 2), sy = between(state, 0.3, 2), x = between(state, -20, 20),
           y = between(state, -20, 20);
    kf_blur blur = {(kf_blur_type)(step(state) % 3), (kf_edge)(step(state) % 2), (float)between(state, 0, 4),
                    (float)between(state, 0, 4)};
    if (step(state) % 3 == 0) blur.x *= 6;
    if (step(state) % 4 == 0) blur.y *= 8;
    switch (step(state) % 6) {
    case 0: return place(c, n, 1, 1, floor(x), floor(y), KF_FILTER_NEAREST);
    case 1: return place(c, n, sx, sy, x, y, filter);
    case 2: return place(c, n, -sx, sy, x + 30, y, filter);
    case 3:
        if (step(state) % 2) return turn(c, n, between(state, 0, 360), sx, x + 15, y + 15, filter);
        return kf_graph_transform(c->graph, n, &(kf_transform2d){{0, sx, x, step(state) % 2 ? sy : -sy, 0, y + 20}},
                                  filter);
    case 4: return kf_graph_blur(c->graph, n, &blur);
    default:
        return kf_graph_crop(c->graph, n, (float[4]){(float)x, (float)y, (float)(x + 30 * sx), (float)(y + 20 * sy)});
    }
}

static node *random_point(ctx *c, uint32_t *state, node *n)
{
    kf_shape_mask mask = {.type = (kf_mask_type)(step(state) % 2),
                          .cx = 15,
                          .cy = 12,
                          .half = {(float)between(state, 2, 20), 9},
                          .feather = 2,
                          .cos_r = 0.8f,
                          .sin_r = 0.6f,
                          .invert = step(state) % 2};
    if (step(state) % 2) {
        mask.cos_r = 1;
        mask.sin_r = 0;
        mask.radius = (float)(step(state) % 4);
        mask.feather = (float)between(state, 1, 9);
    }
    if (step(state) % 3 == 0) {
        mask.type = KF_MASK_HALFPLANE;
        mask.half[0] = step(state) % 2 ? 0.6f : -0.6f;
        mask.half[1] = 0.8f;
    }
    switch (step(state) % 5) {
    case 0: return kf_graph_matrix(c->graph, n, &grade);
    case 1: return kf_graph_curves(c->graph, n, curves(c));
    case 2: return kf_graph_alpha(c->graph, n, (float)between(state, 0, 1));
    case 3: return kf_graph_lut3d(c->graph, n, cube(c, 9), 0.5f);
    default: return kf_graph_mask(c->graph, n, &mask);
    }
}

static node *random_tree(ctx *c, uint32_t *state, int depth)
{
    if (depth <= 0) return random_leaf(c, state);
    uint32_t pick = step(state) % 8;
    if (pick < 4) return random_two(c, state, depth);
    node *n = random_tree(c, state, depth - 1);
    if (!n) return NULL;
    return pick < 6 ? random_spatial(c, state, n) : random_point(c, state, n);
}

bool scene_make_random(uint32_t seed, scene_instance *out)
{
    static const kf_pixfmt formats[] = {KF_PIX_YUV420P8,  KF_PIX_YUV420P8, KF_PIX_NV12,
                                        KF_PIX_YUV422P10, KF_PIX_RGBA8,    KF_PIX_YUV444P8};
    uint32_t state = seed * 2654435761u + 1;
    *out = (scene_instance){.output = {.width = 2 + (int)(step(&state) % 50), .height = 2 + (int)(step(&state) % 40)}};
    if (seed % 16 == 7) out->output.width *= 25; /* several chunks */
    out->output.format = formats[step(&state) % 6];
    out->output.premultiplied = true;
    out->output.color = color_of(SCENE_BT709, out->output.format);
    out->context.graph = kf_graph_create();
    if (!out->context.graph) return false;
    out->root = random_tree(&out->context, &state, 1 + (int)(step(&state) % 5));
    return true;
}
