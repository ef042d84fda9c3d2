/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pixels.h"

#include "base/api/alloc.h"

static kf_raster draw(const kf_shape_params *p)
{
    kf_raster r = {0};
    kf_error err = {0};
    kf_status status = kf_shape_render(p, &r, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    CHECK(!r.frame || is_premultiplied(&r));
    CHECK(!r.frame || is_tight(&r));
    return r;
}

static void refused(const kf_shape_params *p, const char *part)
{
    kf_raster r;
    kf_error err = {0};
    CHECK_INT(kf_shape_render(p, &r, &err), KF_ERR_INVALID);
    CHECK_MSG(strstr(err.message, part), "\"%s\" lacks \"%s\"", err.message, part);
    CHECK(r.frame == NULL);
}

static kf_shape_params shape(kf_shape_kind kind, float x, float y, float w, float h)
{
    kf_shape_params p = kf_shape_defaults();
    p.kind = kind;
    p.x = x, p.y = y, p.w = w, p.h = h;
    return p;
}

/* Sum of alpha over 255: the area. */
static double area(const kf_raster *r)
{
    double sum = 0;
    for (int y = r->y; y < raster_bottom(r); y++) {
        for (int x = r->x; x < raster_right(r); x++) sum += pixel_at(r, x, y).a / 255.0;
    }
    return sum;
}

TEST(rectangle)
{
    kf_shape_params p = shape(KF_SHAPE_RECT, -10, 5, 40, 20);
    p.fill[0] = 1, p.fill[1] = 0.5f, p.fill[2] = 0, p.fill[3] = 0.5f;
    kf_raster r = draw(&p);
    CHECK_INT(r.x, -10);
    CHECK_INT(r.y, 5);
    CHECK_INT(raster_right(&r), 30);
    CHECK_INT(raster_bottom(&r), 25);
    CHECK(pixel_is(pixel_at(&r, -10, 5), 128, 64, 0, 128));
    CHECK(pixel_is(pixel_at(&r, 29, 24), 128, 64, 0, 128));
    kf_raster_finish(&r);
    p = shape(KF_SHAPE_RECT, 0.5f, 0, 2, 1); /* half covered ends */
    r = draw(&p);
    CHECK_INT(r.frame->image.width, 3);
    CHECK_NEAR(pixel_at(&r, 0, 0).a, 128, 1);
    CHECK_INT(pixel_at(&r, 1, 0).a, 255);
    kf_raster_finish(&r);
}

TEST(areas)
{
    kf_shape_params p = shape(KF_SHAPE_ELLIPSE, 3.3f, -7.7f, 200, 100);
    kf_raster r = draw(&p);
    CHECK_NEAR(area(&r), M_PI * 100 * 50, 20);
    kf_raster_finish(&r);
    p = shape(KF_SHAPE_ROUNDED, 0, 0, 100, 60);
    for (int i = 0; i < 4; i++) p.radius[i] = 20;
    r = draw(&p);
    CHECK_NEAR(area(&r), 6000 - (4 - M_PI) * 400, 5);
    CHECK_INT(pixel_at(&r, 2, 2).a, 0);
    CHECK_INT(pixel_at(&r, 50, 2).a, 255);
    kf_raster_finish(&r);
    p.radius[1] = 0;
    for (int i = 0; i < 4; i++) p.radius[i] = i == 1 ? 0 : 1000; /* shrunk to fit: 100 : 60 -> 30 each */
    r = draw(&p);
    CHECK_INT(pixel_at(&r, 99, 0).a, 255);
    CHECK_NEAR(area(&r), 6000 - 3 * (1 - M_PI / 4) * 900, 5);
    kf_raster_finish(&r);
}

TEST(polygon_and_fill_rules)
{
    static const float star[5][2] = {{0, -100}, {58.78f, 80.9f}, {-95.1f, -30.9f}, {95.1f, -30.9f}, {-58.78f, 80.9f}};
    kf_shape_params p = shape(KF_SHAPE_POLYGON, 0, 0, 0, 0);
    p.points = star;
    p.point_count = 5;
    kf_raster r = draw(&p);
    CHECK_INT(pixel_at(&r, 0, 0).a, 255);
    CHECK_INT(pixel_at(&r, 0, -80).a, 255);
    kf_raster_finish(&r);
    p.even_odd = true;
    r = draw(&p);
    CHECK_INT(pixel_at(&r, 0, 0).a, 0);
    CHECK_INT(pixel_at(&r, 0, -80).a, 255);
    kf_raster_finish(&r);
    p.point_count = 2;
    refused(&p, "polygon has 2 points");
}

TEST(stroke_and_fill)
{
    kf_shape_params p = shape(KF_SHAPE_RECT, 0, 0, 50, 50);
    p.stroke[0] = 1;
    p.stroke_width = 10;
    kf_raster r = draw(&p);
    CHECK_INT(r.x, -5);
    CHECK(pixel_is(pixel_at(&r, 25, 25), 255, 255, 255, 255));
    CHECK(pixel_is(pixel_at(&r, 2, 25), 255, 0, 0, 255));
    CHECK(pixel_is(pixel_at(&r, -3, 25), 255, 0, 0, 255));
    kf_raster_finish(&r);
    p.fill[3] = 0;
    r = draw(&p);
    CHECK_INT(pixel_at(&r, 25, 25).a, 0);
    CHECK(pixel_is(pixel_at(&r, -3, 25), 255, 0, 0, 255));
    kf_raster_finish(&r);
}

TEST(paths)
{
    kf_shape_params p = shape(KF_SHAPE_PATH, 0, 0, 0, 0);
    static const struct { const char *path; double area;
    } cases[] = {
        {"M0 0 L100 0 L100 50 L0 50 Z", 5000},
        {"m0,0 100,0 0,50 -100,0z", 5000},
        {"M0 0H100V50h-100z", 5000},
        {"M-50 0A50 50 0 0 1 50 0A50 50 0 0 1 -50 0Z", 7854},
        {"M-50 0a50 50 0 1150 50z", 7854 * 0.75 + 1250}, /* flags without blanks */
        {"M0 0Q50 100 100 0z", 100 * 100 / 3.0}, /* a parabola's segment: 2/3 of its box of half the control's height */
        {"M0 0C0 50 100 50 100 0Z", 100 * 50 * 0.6},
        {"M0 0Q25 50 50 0T100 0", 50 * 50 / 3.0 * 2},
        {"M 1e1 .5e2 l +10-10 10 10 z", 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        p.path = cases[i].path;
        kf_raster r = draw(&p);
        CHECK_MSG(fabs(area(&r) - cases[i].area) < 0.01 * cases[i].area, "%s: %g", cases[i].path, area(&r));
        kf_raster_finish(&r);
    }
    p.path = cases[0].path;
    p.path_scale = 0.5f;
    kf_raster half = draw(&p);
    CHECK_MSG(fabs(area(&half) - 1250) < 12.5, "half as large: %g", area(&half));
    kf_raster_finish(&half);
    p.path_scale = 1;
    static const struct { const char *path, *message;
    } bad[] = {{"L0 0", "character 1: a path begins with M"},
               {"M0", "character 3: a number is missing"},
               {"M0 0 X", "character 6: a command"},
               {"M0 0 L1 1e9", "out of range"},
               {"M0 0 L nan 1", "a number is missing"},
               {"M0 0 A1 1 0 2 0 5 5", "arc flag"},
               {"M0 0 L0x10 1", "not a decimal"},
               {"M1000000 0 l1000000 0", "runs out of range"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        p.path = bad[i].path;
        refused(&p, bad[i].message);
    }
    p.path = "";
    kf_raster r = draw(&p);
    CHECK(r.frame == NULL);
    p.path = NULL;
    r = draw(&p);
    CHECK(r.frame == NULL);
}

TEST(masks)
{
    kf_shape_params p = shape(KF_SHAPE_ELLIPSE, 0, 0, 64, 64);
    p.feather = 4;
    p.fill[3] = 0.75f;
    kf_raster color = draw(&p), mask;
    p.format = KF_PIX_GRAY8;
    mask = draw(&p);
    REQUIRE(mask.frame && color.frame);
    CHECK_INT(mask.frame->image.format, KF_PIX_GRAY8);
    CHECK_INT(mask.x, color.x);
    for (int y = mask.y; y < raster_bottom(&mask); y++) {
        for (int x = mask.x; x < raster_right(&mask); x++) REQUIRE(pixel_at(&mask, x, y).a == pixel_at(&color, x, y).a);
    }
    CHECK_NEAR(pixel_at(&mask, 32, 32).a, 191, 1);
    CHECK_NEAR(pixel_at(&mask, 0, 32).a, 96, 8); /* half way down at the edge */
    kf_raster_finish(&color);
    kf_raster_finish(&mask);
    p.format = KF_PIX_NV12;
    refused(&p, "nv12");
}

TEST(feather_of_two_colours_and_shadow)
{
    kf_shape_params p = shape(KF_SHAPE_ROUNDED, 0, 0, 80, 40);
    for (int i = 0; i < 4; i++) p.radius[i] = 12;
    p.stroke_width = 4;
    p.stroke[1] = 0.6f;
    p.feather = 3;
    p.shadow_color[3] = 0.5f;
    p.shadow_offset[1] = 20;
    kf_raster r = draw(&p);
    CHECK(pixel_is(pixel_at(&r, 40, 20), 255, 255, 255, 255));
    pixel shade = pixel_at(&r, 40, 56);
    CHECK_MSG(shade.a > 60 && shade.a <= 128 && shade.r == 0, "%d", shade.a);
    kf_raster_finish(&r);
}

TEST(limits)
{
    kf_shape_params p = shape(KF_SHAPE_RECT, 0, 0, 20000, 10);
    refused(&p, "shape would be 200");
    p = shape(KF_SHAPE_RECT, 0, 0, 16000, 16000);
    refused(&p, "million pixels");
    p = shape(KF_SHAPE_RECT, 0, 0, -1, 10);
    refused(&p, "shape width is -1");
    p = shape(KF_SHAPE_RECT, NAN, 0, 1, 10);
    refused(&p, "shape x");
    p = shape((kf_shape_kind)17, 0, 0, 1, 1);
    refused(&p, "kind");
    p = shape(KF_SHAPE_RECT, 0, 0, 0, 10);
    kf_raster r = draw(&p);
    CHECK(r.frame == NULL);
    CHECK(kf_shape_key(&p) != 0);
    kf_shape_params q = p;
    q.radius[3] = 1;
    CHECK(kf_shape_key(&p) != kf_shape_key(&q));
}

/* Share of a sampled gaussian's weight at or above `from`. */
static double gaussian_share(double sigma, int from)
{
    double sum = 0, part = 0;
    for (int k = -200; k <= 200; k++) {
        double w = exp(-k * k / (2 * sigma * sigma));
        sum += w;
        if (k >= from) part += w;
    }
    return part / sum;
}

/* The blurred edge of a half plane is the running sum of the gaussian. */
TEST(blur_is_gaussian)
{
    enum { N = 400 };
    uint8_t *plane = kf_alloc(N * N);
    REQUIRE(plane);
    const double sigmas[] = {0.5, 1, 2.5, 8, 20};
    for (int s = 0; s < 5; s++) {
        for (int i = 0; i < N * N; i++) plane[i] = i % N >= N / 2 ? 255 : 0;
        REQUIRE(!kf_blur_a8(plane, N, N, N, sigmas[s], NULL));
        for (int x = N / 2 - (int)(3 * sigmas[s]) - 2; x < N / 2 + (int)(3 * sigmas[s]) + 2; x++) {
            double expected = 255 * gaussian_share(sigmas[s], N / 2 - x);
            CHECK_MSG(fabs(plane[N / 2 * N + x] - expected) <= 4.5, "sigma %g x %d: %d, %g", sigmas[s], x,
                      plane[N / 2 * N + x], expected);
        }
        CHECK_INT(plane[N / 2 * N + N / 2 + kf_blur_reach(sigmas[s])], 255);
        CHECK_INT(plane[N / 2 * N + N / 2 - 1 - kf_blur_reach(sigmas[s])], 0);
    }
    kf_free(plane);
}

TEST(blur_keeps_symmetry_and_sum)
{
    enum { W = 133, H = 97 };
    uint8_t plane[W * H] = {0};
    for (int y = 40; y < 57; y++) memset(plane + y * W + 58, 255, 17);
    REQUIRE(!kf_blur_a8(plane, W, H, W, 6.3, NULL));
    double sum = 0;
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            sum += plane[y * W + x];
            CHECK(plane[y * W + x] == plane[y * W + W - 1 - x]);
            CHECK(plane[y * W + x] == plane[(H - 1 - y) * W + x]);
        }
    }
    CHECK_NEAR(sum / (17 * 17 * 255), 1, 0.02);
    kf_error err;
    CHECK_INT(kf_blur_a8(plane, W, H, W, -1, &err), KF_ERR_INVALID);
    CHECK_INT(kf_blur_a8(plane, W, H, W, NAN, &err), KF_ERR_INVALID);
    uint8_t one = 200;
    CHECK_INT(kf_blur_a8(&one, 1, 1, 1, 3, NULL), KF_OK);
    CHECK(one < 20);
}

TEST(failed_allocations)
{
    kf_shape_params p = shape(KF_SHAPE_RECT, 0, 0, 30, 30);
    p.stroke_width = 2;
    p.feather = 2;
    p.shadow_color[3] = 1;
    for (uint64_t n = 1; n < 50; n++) {
        kf_raster r;
        kf_alloc_fail_from(n);
        kf_status status = kf_shape_render(&p, &r, NULL);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        CHECK((status == KF_OK) == (r.frame != NULL));
        kf_raster_finish(&r);
        if (!status) return;
    }
    CHECK(false);
}

int main(void)
{
    RUN(rectangle);
    RUN(areas);
    RUN(polygon_and_fill_rules);
    RUN(stroke_and_fill);
    RUN(paths);
    RUN(masks);
    RUN(feather_of_two_colours_and_shadow);
    RUN(limits);
    RUN(blur_is_gaussian);
    RUN(blur_keeps_symmetry_and_sum);
    RUN(failed_allocations);
    return test_end();
}
