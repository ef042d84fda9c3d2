/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reference executor against identities and hand-computed numbers. */
#include "test.h"
#include "video/ref/api/ref.h"

static const kf_color bt709 = {KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_LIMITED, KF_CHROMA_LEFT};
static const kf_color rgb_color = {KF_PRI_BT709, KF_TRC_SRGB, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};

static uint32_t random_state = 1;

static uint32_t next_random(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static kf_color color_for(kf_pixfmt format)
{
    return kf_pixfmt_get(format)->model == KF_MODEL_RGB ? rgb_color : bt709;
}

/* Samples in a row of a plane of the format. */
static int row_samples(const kf_pixfmt_info *info, int plane, int width)
{
    if (info->packed) return width * info->components;
    bool chroma = info->model == KF_MODEL_YUV && plane > 0 && plane < 3;
    int w = chroma ? (width + (1 << info->sub_w) - 1) >> info->sub_w : width;
    return info->semiplanar && chroma ? 2 * w : w;
}

static int plane_rows(const kf_pixfmt_info *info, int plane, int height)
{
    bool chroma = info->model == KF_MODEL_YUV && plane > 0 && plane < 3;
    return chroma ? (height + (1 << info->sub_h) - 1) >> info->sub_h : height;
}

/* Random codes over the whole range; alpha is never 0, as transparent pixels have no colour to keep. */
static kf_frame *random_frame(kf_pixfmt format, int width, int height)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    kf_frame *frame = kf_frame_create(format, width, height);
    if (!frame) return NULL;
    frame->image.color = color_for(format);
    for (int p = 0; p < info->planes; p++) {
        for (int y = 0; y < plane_rows(info, p, height); y++) {
            uint8_t *row = frame->image.plane[p] + y * frame->image.stride[p];
            for (int x = 0; x < row_samples(info, p, width); x++) {
                bool alpha = info->alpha && (info->packed ? x % 4 == 3 : p == 3);
                uint32_t max = info->bits > 16 ? 1 : (1u << info->bits) - 1, v = next_random() % (max + 1);
                if (alpha && v == 0) v = 1;
                if (info->bits > 16) {
                    ((float *)(void *)row)[x] =
                        alpha ? 0.25f + (float)(next_random() % 1000) / 2000 : (float)(next_random() % 1000) / 999;
                } else if (info->bits > 8) {
                    ((uint16_t *)(void *)row)[x] = (uint16_t)(v << info->shift);
                } else {
                    row[x] = (uint8_t)v;
                }
            }
        }
    }
    return frame;
}

/* Renders to premultiplied floats; NULL after a failed check. */
static kf_frame *render(const kf_graph_node *root, int width, int height)
{
    kf_graph_output output = {
        .format = KF_PIX_RGBAF32, .width = width, .height = height, .color = rgb_color, .premultiplied = true};
    kf_frame *frame = NULL;
    kf_error err = {0};
    CHECK_MSG(kf_ref_render(root, &output, &frame, &err) == KF_OK, "%s", err.message);
    return frame;
}

static float pixel(const kf_frame *frame, int c, int x, int y)
{
    float v;
    memcpy(&v, frame->image.plane[c] + y * frame->image.stride[c] + (ptrdiff_t)x * 4, sizeof v);
    return v;
}

static void check_pixel(const kf_frame *frame, int x, int y, const double rgba[4], double tolerance)
{
    for (int c = 0; c < 4; c++)
        CHECK_MSG(fabs(pixel(frame, c, x, y) - rgba[c]) <= tolerance, "(%d, %d) channel %d is %.7g, expected %.7g", x,
                  y, c, pixel(frame, c, x, y), rgba[c]);
}

static double sum_of(const kf_frame *frame, int c)
{
    double sum = 0;
    for (int y = 0; y < frame->image.height; y++) {
        for (int x = 0; x < frame->image.width; x++) sum += pixel(frame, c, x, y);
    }
    return sum;
}

static kf_graph_node *fill(kf_graph *g, float r, float gr, float b, float a, int x0, int y0, int x1, int y1)
{
    return kf_graph_fill(g, (float[4]){r, gr, b, a}, (kf_rect){x0, y0, x1, y1});
}

static int different_bytes(const kf_frame *a, const kf_frame *b)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(a->image.format);
    int bytes = info->bits > 16 ? 4 : info->bits > 8 ? 2 : 1, different = 0;
    for (int p = 0; p < info->planes; p++) {
        for (int y = 0; y < plane_rows(info, p, a->image.height); y++)
            different += memcmp(a->image.plane[p] + y * a->image.stride[p], b->image.plane[p] + y * b->image.stride[p],
                                (size_t)(row_samples(info, p, a->image.width) * bytes)) != 0;
    }
    return different;
}

TEST(untouched_pictures_come_out_bit_exact)
{
    static const int sizes[][2] = {{1, 1}, {2, 2}, {7, 5}, {16, 9}, {33, 31}};
    for (int f = KF_PIX_NONE + 1; f < KF_PIX_COUNT; f++) {
        if (f == KF_PIX_RGBAF32) continue;
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            kf_graph *g = kf_graph_create();
            kf_frame *in = random_frame((kf_pixfmt)f, sizes[s][0], sizes[s][1]), *out = NULL;
            REQUIRE(g && in);
            kf_graph_output output = {
                .format = (kf_pixfmt)f, .width = sizes[s][0], .height = sizes[s][1], .color = in->image.color};
            REQUIRE(kf_ref_render(kf_graph_source(g, in, KF_CHROMA_REPLICATE), &output, &out, NULL) == KF_OK);
            CHECK_MSG(different_bytes(in, out) == 0, "%s %dx%d", kf_pixfmt_get((kf_pixfmt)f)->name, sizes[s][0],
                      sizes[s][1]);
            kf_frame_unref(in);
            kf_frame_unref(out);
            kf_graph_destroy(g);
        }
    }
}

TEST(even_shifts_move_subsampled_pictures_exactly)
{
    kf_graph *g = kf_graph_create();
    kf_frame *in = random_frame(KF_PIX_YUV420P8, 16, 12), *out = NULL;
    kf_graph_node *n = kf_graph_transform(g, kf_graph_source(g, in, KF_CHROMA_REPLICATE),
                                          &(kf_transform2d){{1, 0, 4, 0, 1, -2}}, KF_FILTER_BICUBIC);
    kf_graph_output output = {.format = KF_PIX_YUV420P8, .width = 16, .height = 12, .color = bt709};
    REQUIRE(kf_ref_render(n, &output, &out, NULL) == KF_OK);
    for (int y = 0; y < 10; y++)
        CHECK(memcmp(out->image.plane[0] + y * out->image.stride[0] + 4,
                     in->image.plane[0] + (y + 2) * in->image.stride[0], 12) == 0);
    for (int y = 0; y < 5; y++)
        CHECK(memcmp(out->image.plane[1] + y * out->image.stride[1] + 2,
                     in->image.plane[1] + (y + 1) * in->image.stride[1], 6) == 0);
    CHECK_INT(out->image.plane[0][0], 16); /* uncovered is black */
    CHECK_INT(out->image.plane[1][0], 128);
    kf_frame_unref(in);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(empty_is_black_or_transparent)
{
    kf_graph_output output = {.format = KF_PIX_YUVA420P8, .width = 3, .height = 3, .color = bt709};
    kf_frame *out = NULL;
    REQUIRE(kf_ref_render(NULL, &output, &out, NULL) == KF_OK);
    CHECK(out->image.plane[0][2] == 16 && out->image.plane[1][1] == 128 && out->image.plane[3][0] == 0);
    kf_frame_unref(out);
    kf_error err;
    output.width = 0;
    CHECK_INT(kf_ref_render(NULL, &output, &out, &err), KF_ERR_INVALID);
    CHECK(out == NULL);
}

/* Half-covered white: without alpha it is grey over black, with straight alpha it stays white. */
TEST(stores_alpha_as_asked)
{
    kf_graph *g = kf_graph_create();
    kf_graph_node *n = fill(g, 0.5f, 0.5f, 0.5f, 0.5f, 0, 0, 2, 2);
    kf_frame *out = NULL;
    kf_graph_output output = {.format = KF_PIX_RGBA8, .width = 2, .height = 2, .color = rgb_color};
    REQUIRE(kf_ref_render(n, &output, &out, NULL) == KF_OK);
    CHECK(out->image.plane[0][0] == 255 && out->image.plane[0][3] == 128 && !out->image.premultiplied);
    kf_frame_unref(out);
    output.premultiplied = true;
    REQUIRE(kf_ref_render(n, &output, &out, NULL) == KF_OK);
    CHECK(out->image.plane[0][0] == 128 && out->image.premultiplied);
    kf_frame_unref(out);
    output.format = KF_PIX_RGB24;
    REQUIRE(kf_ref_render(n, &output, &out, NULL) == KF_OK);
    CHECK(out->image.plane[0][0] == 128 && !out->image.premultiplied);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

/* Linear chroma between left-sited samples 40 and 80: centre pixels fall on samples and half way. */
TEST(interpolates_chroma_at_its_siting)
{
    kf_graph *g = kf_graph_create();
    kf_frame *in = kf_frame_create(KF_PIX_YUV420P8, 4, 2);
    REQUIRE(g && in);
    in->image.color = bt709;
    for (int y = 0; y < 2; y++) memset(in->image.plane[0] + y * in->image.stride[0], 126, 4);
    in->image.plane[1][0] = 128 + 40;
    in->image.plane[1][1] = 128 + 80;
    in->image.plane[2][0] = in->image.plane[2][1] = 128;
    kf_frame *out = render(kf_graph_source(g, in, KF_CHROMA_LINEAR), 4, 2);
    REQUIRE(out);
    static const double cb[4] = {40, 60, 80, 80};
    for (int x = 0; x < 4; x++) CHECK_NEAR(pixel(out, 2, x, 0), 110 / 219.0 + 1.8556 * cb[x] / 224, 1e-6);
    kf_frame_unref(out);
    in->image.color.chroma_loc = KF_CHROMA_CENTER;
    out = render(kf_graph_source(g, in, KF_CHROMA_LINEAR), 4, 2);
    REQUIRE(out);
    static const double centred[4] = {40, 50, 70, 80};
    for (int x = 0; x < 4; x++) CHECK_NEAR(pixel(out, 2, x, 1), 110 / 219.0 + 1.8556 * centred[x] / 224, 1e-6);
    kf_frame_unref(out);
    kf_frame_unref(in);
    kf_graph_destroy(g);
}

/* Backdrop (0.8, 0.4, 0.2), source (0.5, 0.25, 0.9), both opaque: W3C Compositing Level 1 by hand. */
TEST(blends_like_the_standard)
{
    static const struct {
        kf_blend_mode mode;
        double rgb[3];
    } cases[] = {
        {KF_BLEND_NORMAL, {0.5, 0.25, 0.9}},
        {KF_BLEND_MULTIPLY, {0.4, 0.1, 0.18}},
        {KF_BLEND_SCREEN, {0.9, 0.55, 0.92}},
        {KF_BLEND_OVERLAY, {0.8, 0.2, 0.36}},
        {KF_BLEND_DARKEN, {0.5, 0.25, 0.2}},
        {KF_BLEND_LIGHTEN, {0.8, 0.4, 0.9}},
        {KF_BLEND_COLOR_DODGE, {1, 0.4 / 0.75, 1}},
        {KF_BLEND_COLOR_BURN, {0.6, 0, 1 - 0.8 / 0.9}},
        {KF_BLEND_HARD_LIGHT, {0.8, 0.2, 0.84}},
        {KF_BLEND_SOFT_LIGHT, {0.8, 0.4 - 0.5 * 0.4 * 0.6, 0.2 + 0.8 * (((16 * 0.2 - 12) * 0.2 + 4) * 0.2 - 0.2)}},
        {KF_BLEND_DIFFERENCE, {0.3, 0.15, 0.7}},
        {KF_BLEND_EXCLUSION, {0.5, 0.45, 0.74}},
        {KF_BLEND_ADD, {1.3, 0.65, 1.1}},
        {KF_BLEND_SUBTRACT, {0.3, 0.15, -0.7}},
        /* Lum(Cb) = 0.498, Lum(Cs) = 0.3965. HUE: SetSat gives (0.230769, 0, 0.6), its Lum 0.135231, plus 0.362769. */
        {KF_BLEND_HUE, {0.593538, 0.362769, 0.962769}},
        /* SetSat(Cb, 0.65) = (0.65, 0.216667, 0), its Lum 0.322833, plus 0.175167. */
        {KF_BLEND_SATURATION, {0.825167, 0.391833, 0.175167}},
        /* Cs + 0.1015 = (0.6015, 0.3515, 1.0015); clipped by (1 - 0.498) / (1.0015 - 0.498) about 0.498. */
        {KF_BLEND_COLOR, {0.601192, 0.351936, 1}},
        {KF_BLEND_LUMINOSITY, {0.6985, 0.2985, 0.0985}},
    };
    CHECK_INT(sizeof cases / sizeof *cases, KF_BLEND_COUNT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kf_graph *g = kf_graph_create();
        kf_graph_node *n = kf_graph_blend(g, fill(g, 0.8f, 0.4f, 0.2f, 1, 0, 0, 1, 1),
                                          fill(g, 0.5f, 0.25f, 0.9f, 1, 0, 0, 1, 1), cases[i].mode, 1);
        kf_frame *out = render(n, 1, 1);
        REQUIRE(out);
        for (int c = 0; c < 3; c++)
            CHECK_MSG(fabs(pixel(out, c, 0, 0) - cases[i].rgb[c]) < 2e-6, "mode %d channel %d is %.7g, expected %.7g",
                      cases[i].mode, c, pixel(out, c, 0, 0), cases[i].rgb[c]);
        CHECK_NEAR(pixel(out, 3, 0, 0), 1, 1e-7);
        kf_frame_unref(out);
        kf_graph_destroy(g);
    }
}

/* Multiply with ab = 0.5, as = 0.8 * 0.5: co = (1 - ab) cs + (1 - as) cb + as ab Cb Cs. */
TEST(blends_partial_coverage)
{
    kf_graph *g = kf_graph_create();
    kf_graph_node *n = kf_graph_blend(g, fill(g, 0.4f, 0.2f, 0, 0.5f, 0, 0, 1, 1),
                                      fill(g, 0.4f, 0.8f, 0.2f, 0.8f, 0, 0, 1, 1), KF_BLEND_MULTIPLY, 0.5f);
    kf_frame *out = render(n, 1, 1);
    REQUIRE(out);
    const double expected[4] = {0.5 * 0.2 + 0.6 * 0.4 + 0.2 * 0.8 * 0.5, 0.5 * 0.4 + 0.6 * 0.2 + 0.2 * 0.4 * 1,
                                0.5 * 0.1, 0.7};
    check_pixel(out, 0, 0, expected, 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(burns_and_dodges_at_the_ends)
{
    static const struct {
        kf_blend_mode mode;
        float b, s;
        double out;
    } cases[] = {
        {KF_BLEND_COLOR_DODGE, 0, 1, 0}, {KF_BLEND_COLOR_DODGE, 0.2f, 1, 1}, {KF_BLEND_COLOR_DODGE, 0.2f, 0, 0.2},
        {KF_BLEND_COLOR_BURN, 1, 0, 1},  {KF_BLEND_COLOR_BURN, 0.2f, 0, 0},  {KF_BLEND_COLOR_BURN, 0.2f, 1, 0.2},
        {KF_BLEND_MULTIPLY, 2, -1, 0},   {KF_BLEND_SCREEN, 2, 0.5f, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float b = cases[i].b, s = cases[i].s;
        kf_graph *g = kf_graph_create();
        kf_frame *out = render(
            kf_graph_blend(g, fill(g, b, b, b, 1, 0, 0, 1, 1), fill(g, s, s, s, 1, 0, 0, 1, 1), cases[i].mode, 1), 1,
            1);
        REQUIRE(out);
        CHECK_NEAR(pixel(out, 1, 0, 0), cases[i].out, 1e-6);
        kf_frame_unref(out);
        kf_graph_destroy(g);
    }
}

TEST(transforms_of_constants_are_constant)
{
    static const double transforms[][6] = {
        {1, 0, 0.3, 0, 1, 0.7},   {0.5, 0, 2, 0, 0.3, 1},      {3.3, 0, -8, 0, 2.7, -9},
        {-1.5, 0, 30, 0, 0.7, 0}, {0.8, 0.6, 0, -0.6, 0.8, 9}, {0.3, 0.1, 5, 0.05, 0.4, 5},
    };
    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++) {
        for (int f = KF_FILTER_NEAREST; f <= KF_FILTER_BICUBIC; f++) {
            kf_graph *g = kf_graph_create();
            kf_transform2d t;
            memcpy(t.m, transforms[i], sizeof t.m);
            kf_frame *out =
                render(kf_graph_transform(g, fill(g, 0.2f, 0.4f, 0.6f, 0.8f, 0, 0, 20, 20), &t, (kf_filter)f), 24, 24);
            REQUIRE(out);
            for (int y = 0; y < 24; y++) {
                for (int x = 0; x < 24; x++) { /* whatever the coverage, the colour is the same */
                    float a = pixel(out, 3, x, y);
                    CHECK(a >= -1e-6f && a <= 1); /* bicubic overshoots at the soft edge of a shrunk child */
                    CHECK_NEAR(pixel(out, 0, x, y), a * 0.25, 1e-6);
                    CHECK_NEAR(pixel(out, 2, x, y), a * 0.75, 1e-6);
                }
            }
            if (f != KF_FILTER_NEAREST && transforms[i][1] == 0 && transforms[i][0] < 1 &&
                transforms[i][0] > 0) /* all is inside */
                CHECK_NEAR(sum_of(out, 3), 0.8 * 400 * t.m[0] * t.m[4], 1e-2);
            kf_frame_unref(out);
            kf_graph_destroy(g);
        }
    }
}

/* A black child with one white pixel; returns its rendering through the transform. */
static kf_frame *transform_dot(kf_graph *g, int size, int at_x, int at_y, const kf_transform2d *t, kf_filter filter,
                               int out_size)
{
    kf_graph_node *child = kf_graph_blend(g, fill(g, 0, 0, 0, 1, 0, 0, size, size),
                                          fill(g, 1, 1, 1, 1, at_x, at_y, at_x + 1, at_y + 1), KF_BLEND_NORMAL, 1);
    return render(kf_graph_transform(g, child, t, filter), out_size, out_size);
}

/* Halving with the triangle: taps 1/8 3/8 3/8 1/8 along each axis. */
TEST(halves_with_known_weights)
{
    kf_graph *g = kf_graph_create();
    kf_frame *out = transform_dot(g, 12, 5, 6, &(kf_transform2d){{0.5, 0, 0, 0, 0.5, 0}}, KF_FILTER_BILINEAR, 6);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 0, 2, 3), 0.375 * 0.375, 1e-6);
    CHECK_NEAR(pixel(out, 0, 3, 3), 0.125 * 0.375, 1e-6);
    CHECK_NEAR(pixel(out, 0, 2, 2), 0.375 * 0.125, 1e-6);
    CHECK_NEAR(pixel(out, 0, 4, 3), 0, 1e-7);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

/* Doubling with Catmull-Rom: distances 0.25, 0.75, 1.25 and 1.75. */
TEST(doubles_with_known_weights)
{
    kf_graph *g = kf_graph_create();
    kf_frame *out = transform_dot(g, 8, 4, 4, &(kf_transform2d){{2, 0, 0, 0, 2, 0}}, KF_FILTER_BICUBIC, 16);
    REQUIRE(out);
    const double near = 0.8671875, mid = 0.2265625, far = -0.0703125, end = -0.0234375;
    CHECK_NEAR(pixel(out, 0, 8, 8), near * near, 1e-6);
    CHECK_NEAR(pixel(out, 0, 7, 8), mid * near, 1e-6);
    CHECK_NEAR(pixel(out, 0, 6, 8), far * near, 1e-6);
    CHECK_NEAR(pixel(out, 0, 5, 9), end * near, 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

/* Whole factors are partitions of unity: a dot keeps its area times the scale. */
TEST(scaling_preserves_the_mean)
{
    static const double factors[] = {0.25, 1.0 / 3, 0.5, 1, 2, 3};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        for (int f = KF_FILTER_BILINEAR; f <= KF_FILTER_BICUBIC; f++) {
            kf_graph *g = kf_graph_create();
            double s = factors[i];
            kf_frame *out =
                transform_dot(g, 36, 17, 16, &(kf_transform2d){{s, 0, 0, 0, s, 0}}, (kf_filter)f, (int)(36 * s + 0.5));
            REQUIRE(out);
            CHECK_NEAR(sum_of(out, 1), s * s, 1e-5);
            kf_frame_unref(out);
            kf_graph_destroy(g);
        }
    }
}

TEST(flips_and_quarter_turns_permute)
{
    kf_graph *g = kf_graph_create();
    kf_frame *in = random_frame(KF_PIX_RGBAF32, 6, 6);
    REQUIRE(g && in);
    in->image.premultiplied = true;
    kf_graph_node *source = kf_graph_source(g, in, KF_CHROMA_REPLICATE);
    kf_frame *flip =
        render(kf_graph_transform(g, source, &(kf_transform2d){{-1, 0, 6, 0, 1, 0}}, KF_FILTER_BICUBIC), 6, 6);
    kf_frame *turn =
        render(kf_graph_transform(g, source, &(kf_transform2d){{0, -1, 6, 1, 0, 0}}, KF_FILTER_BICUBIC), 6, 6);
    REQUIRE(flip && turn);
    for (int y = 0; y < 6; y++) {
        for (int x = 0; x < 6; x++) {
            CHECK_NEAR(pixel(flip, 1, x, y), pixel(in, 1, 5 - x, y), 1e-6);
            CHECK_NEAR(pixel(turn, 2, 5 - y, x), pixel(in, 2, x, y), 1e-6);
        }
    }
    kf_frame_unref(flip);
    kf_frame_unref(turn);
    kf_frame_unref(in);
    kf_graph_destroy(g);
}

static kf_frame *render_mask(kf_graph *g, kf_shape_mask mask)
{
    return render(kf_graph_mask(g, fill(g, 1, 1, 1, 1, 0, 0, 40, 40), &mask), 40, 40);
}

TEST(masks_have_their_geometry)
{
    kf_graph *g = kf_graph_create();
    kf_shape_mask mask = {.type = KF_MASK_RECT, .cx = 20, .cy = 20, .half = {10, 5}, .feather = 1, .cos_r = 1};
    kf_frame *out = render_mask(g, mask);
    REQUIRE(out);
    CHECK_NEAR(sum_of(out, 3), 200, 1e-3); /* whole-pixel edges: exact */
    CHECK_NEAR(pixel(out, 3, 10, 15), 1, 1e-6);
    CHECK_NEAR(pixel(out, 3, 9, 15), 0, 1e-6);
    kf_frame_unref(out);

    mask.cos_r = 0;
    mask.sin_r = 1; /* a quarter turn swaps the sides */
    out = render_mask(g, mask);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 3, 20, 10), 1, 1e-6);
    CHECK_NEAR(pixel(out, 3, 10, 20), 0, 1e-6);
    kf_frame_unref(out);

    mask.cos_r = sqrtf(0.5f);
    mask.sin_r = sqrtf(0.5f); /* 45 degrees clockwise on a plane whose y points down */
    out = render_mask(g, mask);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 3, 25, 25), 1, 1e-6);
    CHECK_NEAR(pixel(out, 3, 25, 14), 0, 1e-6);
    kf_frame_unref(out);

    mask = (kf_shape_mask){
        .type = KF_MASK_RECT, .cx = 20, .cy = 20, .half = {15, 10}, .radius = 6, .feather = 1, .cos_r = 1};
    out = render_mask(g, mask);
    REQUIRE(out);
    CHECK_NEAR(sum_of(out, 3), 30 * 20 - (4 - acos(-1)) * 36, 1);
    kf_frame_unref(out);

    mask =
        (kf_shape_mask){.type = KF_MASK_ELLIPSE, .cx = 20.5f, .cy = 19.5f, .half = {12, 12}, .feather = 1, .cos_r = 1};
    out = render_mask(g, mask);
    REQUIRE(out);
    CHECK_NEAR(sum_of(out, 3), acos(-1) * 144, 2);
    kf_frame_unref(out);
    mask.invert = true;
    out = render_mask(g, mask);
    REQUIRE(out);
    CHECK_NEAR(sum_of(out, 3), 1600 - acos(-1) * 144, 2);
    kf_frame_unref(out);

    mask = (kf_shape_mask){.type = KF_MASK_HALFPLANE, .cx = 20.5f, .cy = 0, .half = {1, 0}, .feather = 4};
    out = render_mask(g, mask);
    REQUIRE(out);
    const double ramp[] = {1, 0.75, 0.5, 0.25, 0};
    for (int i = 0; i < 5; i++) CHECK_NEAR(pixel(out, 3, 18 + i, 7), ramp[i], 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(blurs_keep_the_sum)
{
    static const kf_blur blurs[] = {
        {KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 1.5f, 3},   {KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 0, 2},
        {KF_BLUR_BOX, KF_EDGE_TRANSPARENT, 2.5f, 1},        {KF_BLUR_BOX, KF_EDGE_TRANSPARENT, 0.3f, 4},
        {KF_BLUR_DIRECTIONAL, KF_EDGE_TRANSPARENT, 5, -3.5f}, {KF_BLUR_DIRECTIONAL, KF_EDGE_TRANSPARENT, 0.4f, 0},
    };
    for (size_t i = 0; i < sizeof blurs / sizeof *blurs; i++) {
        kf_graph *g = kf_graph_create();
        kf_frame *out = render(kf_graph_blur(g, fill(g, 0.5f, 0.25f, 1, 1, 15, 14, 22, 19), &blurs[i]), 40, 40);
        REQUIRE(out);
        CHECK_NEAR(sum_of(out, 3), 35, 1e-4);
        CHECK_NEAR(sum_of(out, 0), 17.5, 1e-4);
        kf_frame_unref(out);
        kf_blur clamped = blurs[i];
        clamped.edge = KF_EDGE_CLAMP;
        out = render(kf_graph_blur(g, fill(g, 0.5f, 0.25f, 1, 1, 15, 14, 22, 19), &clamped), 40, 40);
        REQUIRE(out);
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 40; x++) CHECK_NEAR(pixel(out, 3, x, y), x >= 15 && x < 22 && y >= 14 && y < 19, 1e-6);
        }
        kf_frame_unref(out);
        kf_graph_destroy(g);
    }
}

TEST(blurs_with_known_weights)
{
    kf_graph *g = kf_graph_create();
    kf_blur box = {KF_BLUR_BOX, KF_EDGE_TRANSPARENT, 1.5f, 0};
    kf_frame *out = render(kf_graph_blur(g, fill(g, 1, 1, 1, 1, 4, 0, 5, 1), &box), 9, 1);
    REQUIRE(out);
    const double expected[9] = {0, 0, 0.125, 0.25, 0.25, 0.25, 0.125, 0, 0};
    for (int x = 0; x < 9; x++) CHECK_NEAR(pixel(out, 3, x, 0), expected[x], 1e-6);
    kf_frame_unref(out);
    kf_blur gauss = {KF_BLUR_GAUSSIAN, KF_EDGE_TRANSPARENT, 1, 0};
    out = render(kf_graph_blur(g, fill(g, 1, 1, 1, 1, 4, 0, 5, 1), &gauss), 9, 1);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 3, 4, 0), 0.39905, 1e-5);
    CHECK_NEAR(pixel(out, 3, 5, 0), 0.24204, 1e-5);
    CHECK_NEAR(pixel(out, 3, 7, 0), 0.00443, 1e-5);
    CHECK_NEAR(pixel(out, 3, 8, 0), 0, 0);
    kf_frame_unref(out);
    kf_blur streak = {KF_BLUR_DIRECTIONAL, KF_EDGE_TRANSPARENT, 4, 0};
    out = render(kf_graph_blur(g, fill(g, 1, 1, 1, 1, 4, 0, 5, 1), &streak), 9, 1);
    REQUIRE(out);
    const double streaked[9] = {0, 0, 0.125, 0.25, 0.25, 0.25, 0.125, 0, 0};
    for (int x = 0; x < 9; x++) CHECK_NEAR(pixel(out, 3, x, 0), streaked[x], 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(pixelates_to_cell_means)
{
    kf_graph *g = kf_graph_create();
    kf_graph_node *half = fill(g, 1, 1, 1, 1, 0, 0, 7, 3), *all = fill(g, 0, 0, 0, 1, 0, 0, 10, 6);
    kf_graph_node *n = kf_graph_pixelate(g, kf_graph_blend(g, all, half, KF_BLEND_NORMAL, 1), &(kf_pixelate){4, 1, -2});
    kf_frame *out = render(n, 10, 6);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 0, 0, 0), 1, 1e-6);          /* a cell cut to 1 x 2 */
    CHECK_NEAR(pixel(out, 0, 6, 1), 0.5, 1e-6);        /* columns 5..8, of which 5 and 6 are white */
    CHECK_NEAR(pixel(out, 0, 2, 4), 0.25, 1e-6);       /* rows 2..5, of which one is white */
    CHECK_NEAR(pixel(out, 3, 9, 5), 1, 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(crops_with_soft_edges)
{
    kf_graph *g = kf_graph_create();
    kf_frame *out =
        render(kf_graph_crop(g, fill(g, 1, 0.5f, 0, 1, 0, 0, 8, 8), (float[4]){1.25f, 2, 5.5f, 6.75f}), 8, 8);
    REQUIRE(out);
    check_pixel(out, 1, 3, (double[4]){0.75, 0.375, 0, 0.75}, 1e-6);
    check_pixel(out, 5, 6, (double[4]){0.375, 0.1875, 0, 0.375}, 1e-6);
    check_pixel(out, 3, 1, (double[4]){0, 0, 0, 0}, 0);
    CHECK_NEAR(sum_of(out, 3), 4.25 * 4.75, 1e-5);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(works_on_straight_colour)
{
    kf_graph *g = kf_graph_create();
    float square[] = {0, 0.25f, 1}, cube[2 * 2 * 2 * 3] = {0};
    kf_lut1d curve = {.hi = 1, .count = 3, .value = {square, square, square}};
    kf_lut3d invert = {.size = 2, .hi = {1, 1, 1}, .value = cube};
    for (int i = 0; i < 8; i++) {
        for (int c = 0; c < 3; c++) cube[i * 3 + c] = (float)(1 - (i >> c & 1));
    }
    kf_graph_node *in = fill(g, 0.25f, 0.5f, 0, 0.5f, 0, 0, 1, 1);
    kf_frame *out = render(kf_graph_curves(g, in, &curve), 1, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){0.125, 0.5, 0, 0.5}, 1e-6);
    kf_frame_unref(out);
    out = render(kf_graph_lut3d(g, in, &invert, 0.75f), 1, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){0.25, 0.125, 0.375, 0.5}, 1e-6);
    kf_frame_unref(out);
    kf_affine matrix = {{{0, 1, 0, 0.1f}, {1, 0, 0, 0}, {0, 0, 1, 1}}};
    out = render(kf_graph_matrix(g, in, &matrix), 1, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){0.55, 0.25, 0.5, 0.5}, 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(keys_take_out_what_they_should)
{
    kf_graph *g = kf_graph_create();
    /* green's chroma: Y = 0.7152 */
    kf_chroma_key key = {
        .cb = -0.7152f / 1.8556f, .cr = -0.7152f / 1.5748f, .tolerance = 0.2f, .softness = 0.1f, .spill = 1};
    kf_frame *out = render(kf_graph_chroma_key(g, fill(g, 0, 1, 0, 1, 0, 0, 1, 1), &key), 1, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){0, 0, 0, 0}, 1e-6);
    kf_frame_unref(out);
    out = render(kf_graph_chroma_key(g, fill(g, 1, 0, 0, 1, 0, 0, 1, 1), &key), 1, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){1, 0, 0, 1}, 1e-6);
    kf_frame_unref(out);
    /* pale green keeps its luma and loses all its green: grey */
    out = render(kf_graph_chroma_key(g, fill(g, 0.5f, 0.6f, 0.5f, 1, 0, 0, 1, 1), &key), 1, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){0.57152, 0.57152, 0.57152, 1}, 1e-5);
    kf_frame_unref(out);

    kf_luma_key luma = {.lo = 0.4f, .hi = 0.8f, .softness = 0.2f};
    static const double keep[][2] = {{0.1, 0}, {0.3, 0.5}, {0.5, 1}, {0.85, 0.75}, {1, 0}};
    for (int i = 0; i < 5; i++) {
        float v = (float)keep[i][0];
        luma.invert = false;
        out = render(kf_graph_luma_key(g, fill(g, v, v, v, 1, 0, 0, 1, 1), &luma), 1, 1);
        REQUIRE(out);
        CHECK_NEAR(pixel(out, 3, 0, 0), keep[i][1], 1e-5);
        kf_frame_unref(out);
        luma.invert = true;
        out = render(kf_graph_luma_key(g, fill(g, v, v, v, 1, 0, 0, 1, 1), &luma), 1, 1);
        REQUIRE(out);
        CHECK_NEAR(pixel(out, 3, 0, 0), 1 - keep[i][1], 1e-5);
        kf_frame_unref(out);
    }
    kf_graph_destroy(g);
}

TEST(mattes_and_mixes)
{
    kf_graph *g = kf_graph_create();
    kf_graph_node *a = fill(g, 1, 0.5f, 0, 1, 0, 0, 2, 1), *b = fill(g, 0, 0.25f, 0, 0.5f, 1, 0, 2, 1);
    kf_frame *out = render(kf_graph_matte(g, a, b, false, false), 2, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){0, 0, 0, 0}, 0);
    check_pixel(out, 1, 0, (double[4]){0.5, 0.25, 0, 0.5}, 1e-6);
    kf_frame_unref(out);
    out = render(kf_graph_matte(g, a, b, true, true), 2, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){1, 0.5, 0, 1}, 1e-6);
    CHECK_NEAR(pixel(out, 3, 1, 0), 1 - 0.7152 * 0.25, 1e-6);
    kf_frame_unref(out);
    out = render(kf_graph_mix(g, a, 1.5f, b, -0.5f), 2, 1);
    REQUIRE(out);
    check_pixel(out, 0, 0, (double[4]){1.5, 0.75, 0, 1.5}, 1e-6);
    check_pixel(out, 1, 0, (double[4]){1.5, 0.625, 0, 1.25}, 1e-6);
    kf_frame_unref(out);
    out = render(kf_graph_alpha(g, a, 0.25f), 2, 1);
    REQUIRE(out);
    check_pixel(out, 1, 0, (double[4]){0.25, 0.125, 0, 0.25}, 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(draws_gradients)
{
    kf_graph *g = kf_graph_create();
    kf_gradient linear = {.p0 = {1, 0},
                          .p1 = {9, 0},
                          .count = 3,
                          .at = {0, 0.5f, 1},
                          .color = {{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 1, 0, 1}}};
    kf_frame *out = render(kf_graph_gradient(g, &linear, KF_RECT_EVERYWHERE), 10, 10);
    REQUIRE(out);
    check_pixel(out, 0, 3, (double[4]){0, 0, 0, 0}, 0);
    check_pixel(out, 1, 3, (double[4]){0.125, 0, 0, 0.125}, 1e-6);
    check_pixel(out, 6, 3, (double[4]){1, 0.375, 0, 1}, 1e-6);
    check_pixel(out, 9, 3, (double[4]){1, 1, 0, 1}, 0);
    kf_frame_unref(out);
    kf_gradient radial = {
        .radial = true, .p0 = {5.5f, 5.5f}, .p1 = {5.5f, 0.5f}, .count = 2, .at = {0, 1}, .color = {{1, 1, 1, 1}}};
    out = render(kf_graph_gradient(g, &radial, KF_RECT_EVERYWHERE), 11, 11);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 0, 5, 5), 1, 1e-6);
    CHECK_NEAR(pixel(out, 0, 8, 9), 0, 1e-6); /* (3, 4): at the rim */
    CHECK_NEAR(pixel(out, 0, 5, 7), 0.6, 1e-6);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(noise_is_even_and_grain_is_centred)
{
    kf_graph *g = kf_graph_create();
    kf_noise noise = {.seed = 7, .size = 3};
    kf_frame *out = render(kf_graph_noise(g, &noise, KF_RECT_EVERYWHERE), 240, 240);
    REQUIRE(out);
    for (int c = 0; c < 3; c++) CHECK_NEAR(sum_of(out, c) / (240 * 240), 0.5, 0.02);
    CHECK(pixel(out, 0, 0, 0) == pixel(out, 0, 2, 2) && pixel(out, 0, 2, 2) != pixel(out, 0, 3, 2));
    CHECK(pixel(out, 0, 9, 9) != pixel(out, 1, 9, 9));
    kf_frame_unref(out);
    kf_noise grain = {.seed = 1, .size = 1, .amount = 0.2f, .monochrome = true};
    out = render(kf_graph_grain(g, fill(g, 0.25f, 0.25f, 0.25f, 0.5f, 0, 0, 240, 240), &grain), 240, 240);
    REQUIRE(out);
    CHECK_NEAR(sum_of(out, 0) / (240 * 240), 0.25, 0.002);
    CHECK_NEAR(sum_of(out, 3), 0.5 * 240 * 240, 1e-3);
    for (int x = 0; x < 240; x++) {
        CHECK(pixel(out, 0, x, 0) == pixel(out, 2, x, 0));
        CHECK(fabsf(pixel(out, 0, x, 0) - 0.25f) <= 0.1f);
    }
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

TEST(vignettes_darken_outwards)
{
    kf_graph *g = kf_graph_create();
    kf_vignette v = {.cx = 10.5f, .cy = 10.5f, .rx = 10, .ry = 5, .inner = 0.5f, .outer = 1, .amount = 0.8f};
    kf_frame *out = render(kf_graph_vignette(g, fill(g, 1, 1, 1, 1, 0, 0, 21, 21), &v), 21, 21);
    REQUIRE(out);
    CHECK_NEAR(pixel(out, 0, 10, 10), 1, 1e-6);
    CHECK_NEAR(pixel(out, 0, 15, 10), 1, 1e-6);
    CHECK_NEAR(pixel(out, 0, 20, 10), 0.2, 1e-6);
    CHECK_NEAR(pixel(out, 0, 10, 0), 0.2, 1e-6);
    CHECK_NEAR(pixel(out, 0, 17, 10), 1 - 0.8 * 0.16 * 3 + 0.8 * 2 * 0.064, 1e-6); /* t = 0.4 */
    CHECK_NEAR(pixel(out, 3, 0, 0), 1, 0);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

/* Nodes over unbounded children only ask for what they need. */
TEST(handles_unbounded_children)
{
    kf_graph *g = kf_graph_create();
    kf_graph_node *all = kf_graph_fill(g, (float[4]){0.5f, 0.5f, 0.5f, 1}, KF_RECT_EVERYWHERE);
    kf_graph_node *n = kf_graph_transform(g, all, &(kf_transform2d){{0.5, 0.1, 3, 0, 0.25, 4}}, KF_FILTER_BICUBIC);
    n = kf_graph_blur(g, n, &(kf_blur){KF_BLUR_GAUSSIAN, KF_EDGE_CLAMP, 2, 2});
    n = kf_graph_pixelate(g, n, &(kf_pixelate){7, 3, 3});
    kf_frame *out = render(n, 20, 20);
    REQUIRE(out);
    for (int i = 0; i < 20; i++) CHECK_NEAR(pixel(out, 0, i, 19 - i), 0.5, 1e-5);
    kf_frame_unref(out);
    kf_graph_destroy(g);
}

int main(void)
{
    RUN(untouched_pictures_come_out_bit_exact);
    RUN(even_shifts_move_subsampled_pictures_exactly);
    RUN(empty_is_black_or_transparent);
    RUN(stores_alpha_as_asked);
    RUN(interpolates_chroma_at_its_siting);
    RUN(blends_like_the_standard);
    RUN(blends_partial_coverage);
    RUN(burns_and_dodges_at_the_ends);
    RUN(transforms_of_constants_are_constant);
    RUN(halves_with_known_weights);
    RUN(doubles_with_known_weights);
    RUN(scaling_preserves_the_mean);
    RUN(flips_and_quarter_turns_permute);
    RUN(masks_have_their_geometry);
    RUN(blurs_keep_the_sum);
    RUN(blurs_with_known_weights);
    RUN(pixelates_to_cell_means);
    RUN(crops_with_soft_edges);
    RUN(works_on_straight_colour);
    RUN(keys_take_out_what_they_should);
    RUN(mattes_and_mixes);
    RUN(draws_gradients);
    RUN(noise_is_even_and_grain_is_centred);
    RUN(vignettes_darken_outwards);
    RUN(handles_unbounded_children);
    return test_end();
}
