/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Table lookups and curve sampling. */
#include "color/api/color.h"
#include "test.h"

TEST(interpolates_and_extrapolates_1d)
{
    float values[] = {0, 1, 4, 9};
    kf_lut1d lut = {.lo = 0, .hi = 3, .count = 4, .value = {values, values, values}};
    float out[3];
    kf_lut1d_eval(&lut, (float[3]){0, 1, 3}, out);
    CHECK(out[0] == 0 && out[1] == 1 && out[2] == 9);
    kf_lut1d_eval(&lut, (float[3]){0.5f, 1.5f, 2.25f}, out);
    CHECK(out[0] == 0.5f && out[1] == 2.5f && out[2] == 5.25f);
    kf_lut1d_eval(&lut, (float[3]){-1, 4, -2}, out);
    CHECK(out[0] == -1 && out[1] == 14 && out[2] == -2);
}

TEST(keeps_channels_apart_1d)
{
    float r[] = {0, 1}, g[] = {1, 0}, b[] = {5, 5}, out[3];
    kf_lut1d lut = {.lo = -1, .hi = 1, .count = 2, .value = {r, g, b}};
    kf_lut1d_eval(&lut, (float[3]){0, 0.5f, 7}, out);
    CHECK(out[0] == 0.5f && out[1] == 0.25f && out[2] == 5);
}

static void fill_cube(kf_lut3d *lut, void (*fn)(const float in[3], float out[3]))
{
    float *v = lut->value;
    for (int b = 0; b < lut->size; b++) {
        for (int g = 0; g < lut->size; g++) {
            for (int r = 0; r < lut->size; r++, v += 3) {
                const float at[3] = {(float)r / (lut->size - 1), (float)g / (lut->size - 1),
                                     (float)b / (lut->size - 1)};
                fn(at, v);
            }
        }
    }
}

static void linear_map(const float in[3], float out[3])
{
    out[0] = 0.25f * in[0] + 0.5f * in[1];
    out[1] = 1 - in[1];
    out[2] = in[0] + in[1] + in[2];
}

TEST(reproduces_linear_maps_3d)
{
    float values[5 * 5 * 5 * 3];
    kf_lut3d lut = {.size = 5, .hi = {1, 1, 1}, .value = values};
    fill_cube(&lut, linear_map);
    for (int i = 0; i < 1000; i++) {
        float in[3] = {(float)(i % 10) / 9, (float)(i / 10 % 10) / 9, (float)(i / 100) / 9}, out[3], expected[3];
        linear_map(in, expected);
        kf_lut3d_eval(&lut, in, out);
        for (int c = 0; c < 3; c++) CHECK_NEAR(out[c], expected[c], 1e-6);
    }
}

TEST(clamps_to_the_domain_3d)
{
    float values[2 * 2 * 2 * 3], out[3], edge[3];
    kf_lut3d lut = {.size = 2, .lo = {0, 0, 0}, .hi = {1, 1, 1}, .value = values};
    fill_cube(&lut, linear_map);
    kf_lut3d_eval(&lut, (float[3]){-3, 2, NAN}, out);
    kf_lut3d_eval(&lut, (float[3]){0, 1, 0}, edge);
    for (int c = 0; c < 3; c++) CHECK(out[c] == edge[c]);
}

/* The tetrahedron of r > g > b uses the corners 000, 100, 110, 111 only. */
TEST(interpolates_in_tetrahedra)
{
    float values[2 * 2 * 2 * 3] = {0}, out[3];
    kf_lut3d lut = {.size = 2, .hi = {1, 1, 1}, .value = values};
    values[1 * 3] = 1;           /* 100 */
    values[(1 + 2) * 3] = 10;    /* 110 */
    values[(1 + 2 + 4) * 3] = 100;
    values[4 * 3] = 1e6f;        /* 001, of other tetrahedra */
    kf_lut3d_eval(&lut, (float[3]){0.75f, 0.5f, 0.25f}, out);
    CHECK_NEAR(out[0], 0.25 * 1 + 0.25 * 10 + 0.25 * 100, 1e-5);
}

TEST(samples_monotone_curves)
{
    static const float points[][2] = {{0, 0}, {0.2f, 0.6f}, {0.4f, 0.61f}, {0.8f, 0.61f}, {1, 1}};
    float v[257];
    REQUIRE(kf_curve_sample(points, 5, v, 257, NULL) == KF_OK);
    CHECK(v[0] == 0 && v[256] == 1);
    for (int i = 1; i < 257; i++) CHECK_MSG(v[i] >= v[i - 1] - 1e-7f, "falls at %d: %g to %g", i, v[i - 1], v[i]);
    for (int i = 103; i < 204; i++) CHECK_NEAR(v[i], 0.61, 1e-6);
    float w[6];
    REQUIRE(kf_curve_sample(points, 5, w, 6, NULL) == KF_OK); /* on the points themselves */
    CHECK_NEAR(w[1], 0.6, 1e-6);
    CHECK_NEAR(w[2], 0.61, 1e-6);
    CHECK_NEAR(w[4], 0.61, 1e-6);
}

TEST(samples_simple_curves)
{
    static const float line[][2] = {{0, 0}, {1, 1}}, one[][2] = {{0.5f, 0.3f}},
                       inner[][2] = {{0.25f, 0.1f}, {0.75f, 0.9f}};
    float v[101];
    REQUIRE(kf_curve_sample(line, 2, v, 101, NULL) == KF_OK);
    for (int i = 0; i <= 100; i++) CHECK_NEAR(v[i], i / 100.0, 1e-6);
    REQUIRE(kf_curve_sample(one, 1, v, 101, NULL) == KF_OK);
    CHECK(v[0] == 0.3f && v[100] == 0.3f);
    REQUIRE(kf_curve_sample(inner, 2, v, 101, NULL) == KF_OK);
    CHECK(v[0] == 0.1f && v[25] == 0.1f && v[100] == 0.9f);
    CHECK_NEAR(v[50], 0.5, 1e-6);
}

TEST(rejects_bad_curves)
{
    static const float back[][2] = {{0.5f, 0}, {0.5f, 1}}, outside[][2] = {{-0.5f, 0}, {0.5f, 1}},
                       nan_y[][2] = {{0, NAN}};
    float v[4];
    kf_error err;
    CHECK_INT(kf_curve_sample(back, 2, v, 4, &err), KF_ERR_INVALID);
    CHECK(strstr(err.message, "point 2") != NULL);
    CHECK_INT(kf_curve_sample(outside, 2, v, 4, &err), KF_ERR_INVALID);
    CHECK_INT(kf_curve_sample(nan_y, 1, v, 4, &err), KF_ERR_INVALID);
    CHECK_INT(kf_curve_sample(NULL, 0, v, 4, &err), KF_ERR_INVALID);
    CHECK_INT(kf_curve_sample(outside + 1, 1, v, 1, &err), KF_ERR_INVALID);
}

int main(void)
{
    RUN(interpolates_and_extrapolates_1d);
    RUN(keeps_channels_apart_1d);
    RUN(reproduces_linear_maps_3d);
    RUN(clamps_to_the_domain_3d);
    RUN(interpolates_in_tetrahedra);
    RUN(samples_monotone_curves);
    RUN(samples_simple_curves);
    RUN(rejects_bad_curves);
    return test_end();
}
