/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transfer curves at published points, and the HDR conversion tables. */
#include "color/api/color.h"
#include "test.h"

static const kf_color sdr = {KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_LIMITED, KF_CHROMA_LEFT};

static kf_color color_of(kf_primaries primaries, kf_transfer transfer)
{
    return (kf_color){(uint8_t)primaries, (uint8_t)transfer, KF_MAT_BT2020_NCL, KF_RANGE_LIMITED, KF_CHROMA_LEFT};
}

/* BT.2408 table 1 and BT.2100: PQ signal of round luminances, in percent with one decimal. */
TEST(pq_has_its_reference_values)
{
    static const double points[][2] = {{0.1, 0.062}, {1, 0.150},   {10, 0.300},   {26, 0.380},   {100, 0.508},
                                       {162, 0.557}, {203, 0.581}, {1000, 0.752}, {4000, 0.903}, {10000, 1}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        CHECK_NEAR(kf_color_from_linear(KF_TRC_PQ, points[i][0] / 10000), points[i][1], 6e-4);
        double code = kf_color_from_linear(KF_TRC_PQ, points[i][0] / 10000);
        CHECK_NEAR(kf_color_to_linear(KF_TRC_PQ, code) * 10000, points[i][0], 1e-6 * points[i][0]);
    }
    CHECK_NEAR(kf_color_from_linear(KF_TRC_PQ, 0.01), 0.508078421517399, 1e-9);
    CHECK(kf_color_to_linear(KF_TRC_PQ, 0) == 0);
}

/* BT.2100 table 5: the two branches meet at 1/12 -> 1/2, 1 -> 1; 0.265 (203 cd/m2 white) -> 75 %. */
TEST(hlg_has_its_reference_values)
{
    CHECK_NEAR(kf_color_from_linear(KF_TRC_HLG, 1.0 / 12), 0.5, 1e-12);
    CHECK_NEAR(kf_color_from_linear(KF_TRC_HLG, 1), 1, 1e-7);
    CHECK_NEAR(kf_color_to_linear(KF_TRC_HLG, 0.5), 1.0 / 12, 1e-12);
    CHECK_NEAR(kf_color_to_linear(KF_TRC_HLG, 0.75), 0.26496256, 1e-6);
    CHECK_NEAR(1000 * pow(kf_color_to_linear(KF_TRC_HLG, 0.75), 1.2), 203, 0.5);
    CHECK_NEAR(1000 * pow(kf_color_to_linear(KF_TRC_HLG, 0.38), 1.2), 26, 0.5);
}

TEST(sdr_curves_have_their_shape)
{
    CHECK_NEAR(kf_color_to_linear(KF_TRC_BT709, 0.5), 0.18946457, 1e-7);
    CHECK_NEAR(kf_color_to_linear(KF_TRC_SRGB, 0.5), 0.21404114, 1e-7);
    CHECK_NEAR(kf_color_to_linear(KF_TRC_SRGB, 0.04045), 0.0031308, 1e-6);
    CHECK_NEAR(kf_color_to_linear(KF_TRC_GAMMA22, 0.5), 0.21763764, 1e-7);
    CHECK_NEAR(kf_color_to_linear(KF_TRC_LINEAR, 0.37), 0.37, 0);
}

static const kf_transfer transfers[] = {KF_TRC_BT709, KF_TRC_GAMMA22, KF_TRC_GAMMA28, KF_TRC_LINEAR, KF_TRC_SRGB,
                                        KF_TRC_PQ, KF_TRC_HLG, KF_TRC_UNSPECIFIED};

TEST(curves_round_trip)
{
    for (size_t i = 0; i < sizeof transfers / sizeof *transfers; i++) {
        for (int k = 0; k <= 1000; k++) {
            double code = k / 1000.0, back = kf_color_from_linear(transfers[i], kf_color_to_linear(transfers[i], code));
            CHECK_MSG(fabs(back - code) < 1e-6, "transfer %d: %g gives %g", transfers[i], code, back);
        }
    }
}

TEST(tables_follow_the_curves)
{
    for (size_t i = 0; i < sizeof transfers / sizeof *transfers; i++) {
        kf_lut1d *to, *from;
        REQUIRE(kf_color_linearize(transfers[i], &to, NULL) == KF_OK &&
                kf_color_delinearize(transfers[i], &from, NULL) == KF_OK);
        for (int k = 0; k <= 333; k++) {
            float code = (float)k / 333, linear[3], back[3];
            kf_lut1d_eval(to, (float[3]){code, code, code}, linear);
            CHECK_NEAR(linear[0], kf_color_to_linear(transfers[i], code), 2e-6);
            /* PQ packs its lower half into the first hundredth of linear light */
            double tolerance = transfers[i] == KF_TRC_PQ ? 2e-3 : 2e-4;
            if (linear[0] < 0.001) continue;
            kf_lut1d_eval(from, linear, back);
            CHECK_MSG(fabs(back[1] - code) < tolerance, "transfer %d: %g gives %g", transfers[i], code, back[1]);
        }
        kf_lut1d_destroy(to);
        kf_lut1d_destroy(from);
    }
}

TEST(needs_conversion_only_for_real_differences)
{
    CHECK(!kf_color_needs_conversion(sdr, sdr));
    CHECK(!kf_color_needs_conversion(sdr, color_of(KF_PRI_BT709, KF_TRC_SRGB)));
    CHECK(!kf_color_needs_conversion(color_of(KF_PRI_BT709, KF_TRC_SMPTE170M), sdr));
    CHECK(!kf_color_needs_conversion(color_of(KF_PRI_SMPTE170M, KF_TRC_SMPTE170M), sdr));
    CHECK(!kf_color_needs_conversion(color_of(KF_PRI_BT470BG, KF_TRC_GAMMA28), sdr));
    CHECK(kf_color_needs_conversion(color_of(KF_PRI_BT2020, KF_TRC_PQ), sdr));
    CHECK(kf_color_needs_conversion(color_of(KF_PRI_BT2020, KF_TRC_BT2020_10), sdr));
    CHECK(kf_color_needs_conversion(color_of(KF_PRI_BT709, KF_TRC_HLG), sdr));
    CHECK(!kf_color_needs_conversion(color_of(KF_PRI_BT2020, KF_TRC_PQ), color_of(KF_PRI_BT2020, KF_TRC_PQ)));
}

static void check_grey_axis(kf_color from, kf_color to)
{
    kf_lut3d *lut;
    REQUIRE(kf_color_convert_lut(from, to, 1000, &lut, NULL) == KF_OK);
    float before = -1;
    for (int i = 0; i <= 512; i++) {
        float v = (float)i / 512, out[3];
        kf_lut3d_eval(lut, (float[3]){v, v, v}, out);
        CHECK_NEAR(out[1], out[0], 2e-5);
        CHECK_NEAR(out[2], out[0], 2e-5);
        CHECK_MSG(out[1] >= before - 1e-6f, "falls at %g: %g to %g", v, before, out[1]);
        CHECK(out[1] >= 0 && out[1] <= 1);
        before = out[1];
    }
    kf_lut3d_destroy(lut);
}

TEST(grey_stays_grey_and_rises)
{
    check_grey_axis(color_of(KF_PRI_BT2020, KF_TRC_PQ), sdr);
    check_grey_axis(color_of(KF_PRI_BT2020, KF_TRC_HLG), sdr);
    check_grey_axis(color_of(KF_PRI_BT2020, KF_TRC_BT2020_10), sdr);
    check_grey_axis(color_of(KF_PRI_P3D65, KF_TRC_SRGB), sdr);
    check_grey_axis(sdr, color_of(KF_PRI_BT2020, KF_TRC_HLG));
    check_grey_axis(color_of(KF_PRI_BT2020, KF_TRC_PQ), color_of(KF_PRI_BT2020, KF_TRC_HLG));
}

TEST(hdr_levels_land_where_they_should)
{
    kf_lut3d *pq, *hlg;
    REQUIRE(kf_color_convert_lut(color_of(KF_PRI_BT2020, KF_TRC_PQ), sdr, 1000, &pq, NULL) == KF_OK);
    REQUIRE(kf_color_convert_lut(color_of(KF_PRI_BT2020, KF_TRC_HLG), sdr, 0, &hlg, NULL) == KF_OK);
    float out[3], peak = (float)kf_color_from_linear(KF_TRC_PQ, 0.1);
    kf_lut3d_eval(pq, (float[3]){0, 0, 0}, out);
    CHECK_NEAR(out[0], 0, 1e-6);
    kf_lut3d_eval(pq, (float[3]){peak, peak, peak}, out); /* the mastering peak is SDR white */
    CHECK_NEAR(out[0], 1, 2e-3);
    kf_lut3d_eval(pq, (float[3]){1, 1, 1}, out);
    CHECK_NEAR(out[0], 1, 1e-5);
    float grey =
        (float)kf_color_from_linear(KF_TRC_PQ, 26.0 / 10000); /* below the knee: light is kept, 26/203 of white */
    kf_lut3d_eval(pq, (float[3]){grey, grey, grey}, out);
    CHECK_NEAR(pow(out[0], 2.4), 26.0 / 203, 2e-3);
    kf_lut3d_eval(hlg, (float[3]){1, 1, 1}, out);
    CHECK_NEAR(out[0], 1, 1e-3);
    kf_lut3d_eval(hlg, (float[3]){0.38f, 0.38f, 0.38f}, out);
    CHECK_NEAR(pow(out[0], 2.4), 26.0 / 203, 3e-3);
    kf_lut3d_eval(hlg, (float[3]){0.75f, 0.75f, 0.75f},
                  out); /* diffuse white stays bright but leaves room for highlights */
    CHECK(out[0] > 0.75f && out[0] < 0.97f);
    kf_lut3d_destroy(pq);
    kf_lut3d_destroy(hlg);
}

TEST(tables_stay_in_range)
{
    const kf_color from[] = {color_of(KF_PRI_BT2020, KF_TRC_PQ), color_of(KF_PRI_BT2020, KF_TRC_HLG),
                             color_of(KF_PRI_BT2020, KF_TRC_BT2020_10), color_of(KF_PRI_P3D65, KF_TRC_SRGB)};
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        kf_lut3d *lut;
        REQUIRE(kf_color_convert_lut(from[i], sdr, 4000, &lut, NULL) == KF_OK);
        int bad = 0;
        for (int k = 0; k < lut->size * lut->size * lut->size * 3; k++)
            bad += !(lut->value[k] >= 0 && lut->value[k] <= 1);
        CHECK_INT(bad, 0);
        kf_lut3d_destroy(lut);
    }
}

/* Colours well inside BT.709 come back as they were before they went into BT.2020. */
TEST(keeps_muted_colours_of_wide_gamut)
{
    kf_lut3d *lut;
    REQUIRE(kf_color_convert_lut(color_of(KF_PRI_BT2020, KF_TRC_BT2020_10), sdr, 0, &lut, NULL) == KF_OK);
    kf_affine widen = kf_color_primaries_convert(KF_PRI_BT709, KF_PRI_BT2020);
    for (int k = 0; k < 27; k++) {
        double rgb[3] = {0.55 + 0.15 * (k % 3), 0.55 + 0.15 * (k / 3 % 3), 0.55 + 0.15 * (k / 9)}, linear[3];
        float in[3], out[3];
        for (int c = 0; c < 3; c++) linear[c] = kf_color_to_linear(KF_TRC_BT709, rgb[c]);
        for (int c = 0; c < 3; c++) {
            const float *m = widen.m[c];
            in[c] = (float)kf_color_from_linear(KF_TRC_BT709, m[0] * linear[0] + m[1] * linear[1] + m[2] * linear[2]);
        }
        kf_lut3d_eval(lut, in, out);
        for (int c = 0; c < 3; c++) CHECK_NEAR(out[c], rgb[c], 2e-3);
    }
    kf_lut3d_destroy(lut);
}

int main(void)
{
    RUN(pq_has_its_reference_values);
    RUN(hlg_has_its_reference_values);
    RUN(sdr_curves_have_their_shape);
    RUN(curves_round_trip);
    RUN(tables_follow_the_curves);
    RUN(needs_conversion_only_for_real_differences);
    RUN(grey_stays_grey_and_rises);
    RUN(hdr_levels_land_where_they_should);
    RUN(tables_stay_in_range);
    RUN(keeps_muted_colours_of_wide_gamut);
    return test_end();
}
