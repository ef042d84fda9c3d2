/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matrices against published numbers. */
#include "color/api/color.h"
#include "test.h"

static kf_color color_of(kf_matrix matrix, kf_range range)
{
    return (kf_color){.primaries = KF_PRI_BT709,
                      .transfer = KF_TRC_BT709,
                      .matrix = (uint8_t)matrix,
                      .range = (uint8_t)range,
                      .chroma_loc = KF_CHROMA_LEFT};
}

static void apply(const kf_affine *m, const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++) out[i] = m->m[i][0] * in[0] + m->m[i][1] * in[1] + m->m[i][2] * in[2] + m->m[i][3];
}

static void check_codes(kf_color color, kf_pixfmt format, const double rgb[3], const int codes[3])
{
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    kf_affine encode = kf_color_encode(color, info);
    double out[3];
    apply(&encode, rgb, out);
    for (int i = 0; i < 3; i++)
        CHECK_MSG((int)floor(out[i] + 0.5) == codes[i], "%s of (%g %g %g), component %d: %g, expected %d", info->name,
                  rgb[0], rgb[1], rgb[2], i, out[i], codes[i]);
}

/* 100 % colour bars: the rounded codes that SMPTE RP 219 / BT.709 and BT.601 equations give. */
TEST(encodes_bars_of_bt709)
{
    static const struct {
        double rgb[3];
        int codes8[3], codes10[3];
    } bars[] = {
        {{1, 1, 1}, {235, 128, 128}, {940, 512, 512}}, {{0, 0, 0}, {16, 128, 128}, {64, 512, 512}},
        {{1, 1, 0}, {219, 16, 138}, {877, 64, 553}},   {{0, 1, 1}, {188, 154, 16}, {754, 615, 64}},
        {{0, 1, 0}, {173, 42, 26}, {691, 167, 105}},   {{1, 0, 1}, {78, 214, 230}, {313, 857, 919}},
        {{1, 0, 0}, {63, 102, 240}, {250, 409, 960}},  {{0, 0, 1}, {32, 240, 118}, {127, 960, 471}},
    };
    kf_color color = color_of(KF_MAT_BT709, KF_RANGE_LIMITED);
    for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
        check_codes(color, KF_PIX_YUV420P8, bars[i].rgb, bars[i].codes8);
        check_codes(color, KF_PIX_YUV422P10, bars[i].rgb, bars[i].codes10);
        check_codes(color, KF_PIX_P010, bars[i].rgb, bars[i].codes10);
    }
}

TEST(encodes_bars_of_bt601)
{
    kf_color color = color_of(KF_MAT_SMPTE170M, KF_RANGE_LIMITED);
    check_codes(color, KF_PIX_YUV420P8, (double[3]){1, 0, 0}, (int[3]){81, 90, 240});
    check_codes(color, KF_PIX_YUV420P8, (double[3]){0, 1, 0}, (int[3]){145, 54, 34});
    check_codes(color, KF_PIX_YUV420P8, (double[3]){0, 0, 1}, (int[3]){41, 240, 110});
    check_codes(color, KF_PIX_YUV420P8, (double[3]){1, 1, 0}, (int[3]){210, 16, 146});
}

/* JPEG (JFIF): full range, chroma centred on 128. */
TEST(encodes_full_range)
{
    kf_color color = color_of(KF_MAT_SMPTE170M, KF_RANGE_FULL);
    check_codes(color, KF_PIX_YUV420P8, (double[3]){1, 1, 1}, (int[3]){255, 128, 128});
    check_codes(color, KF_PIX_YUV420P8, (double[3]){0, 0, 0}, (int[3]){0, 128, 128});
    check_codes(color, KF_PIX_YUV444P8, (double[3]){0, 1, 0}, (int[3]){150, 44, 21});
    check_codes(color, KF_PIX_GRAY8, (double[3]){1, 1, 1}, (int[3]){255, 0, 0});
    check_codes(color, KF_PIX_GRAY16, (double[3]){1, 1, 1}, (int[3]){65535, 0, 0});
    check_codes(color, KF_PIX_RGB24, (double[3]){0, 0.5, 1}, (int[3]){0, 128, 255});
}

/* BT.709, item 3.2 of its signal format. */
TEST(decodes_bt709_with_published_coefficients)
{
    kf_affine m = kf_color_decode(color_of(KF_MAT_BT709, KF_RANGE_LIMITED), kf_pixfmt_get(KF_PIX_YUV420P8));
    CHECK_NEAR(m.m[0][0] * 255, 1.16438, 1e-5);
    CHECK_NEAR(m.m[0][2] * 255, 1.79274, 1e-5);
    CHECK_NEAR(m.m[1][1] * 255, -0.21325, 1e-5);
    CHECK_NEAR(m.m[1][2] * 255, -0.53291, 1e-5);
    CHECK_NEAR(m.m[2][1] * 255, 2.11240, 1e-5);
    CHECK_NEAR(m.m[0][1], 0, 0);
}

TEST(luma_weights_are_those_of_the_standards)
{
    float w[3];
    kf_color_luma(KF_MAT_BT709, w);
    CHECK_NEAR(w[1], 0.7152, 1e-6);
    kf_color_luma(KF_MAT_SMPTE170M, w);
    CHECK_NEAR(w[1], 0.587, 1e-6);
    kf_color_luma(KF_MAT_BT2020_NCL, w);
    CHECK_NEAR(w[1], 0.6780, 1e-6);
    for (int m = 0; m < 10; m++) {
        kf_color_luma((kf_matrix)m, w);
        CHECK_NEAR(w[0] + w[1] + w[2], 1, 1e-6);
    }
}

/* Every format, matrix and range: encode(decode(code)) is the code, to far less than half a step. */
TEST(round_trips)
{
    static const kf_matrix matrices[] = {KF_MAT_RGB,       KF_MAT_BT709,     KF_MAT_FCC,
                                         KF_MAT_SMPTE170M, KF_MAT_SMPTE240M, KF_MAT_BT2020_NCL};
    for (int f = KF_PIX_NONE + 1; f < KF_PIX_COUNT; f++) {
        const kf_pixfmt_info *info = kf_pixfmt_get((kf_pixfmt)f);
        double top = info->bits > 16 ? 1 : (1 << info->bits) - 1, worst = 0;
        for (size_t i = 0; i < 2 * sizeof matrices / sizeof *matrices; i++) {
            kf_color color = color_of(matrices[i / 2], i % 2 ? KF_RANGE_FULL : KF_RANGE_LIMITED);
            kf_affine decode = kf_color_decode(color, info), encode = kf_color_encode(color, info);
            for (int k = 0; k < 64; k++) {
                double in[3] = {(k & 3) * top / 3, (k >> 2 & 3) * top / 3, (k >> 4) * top / 3}, rgb[3], out[3];
                if (info->model == KF_MODEL_GRAY) in[1] = in[2] = 0;
                apply(&decode, in, rgb);
                apply(&encode, rgb, out);
                for (int c = 0; c < 3; c++) worst = fmax(worst, fabs(out[c] - in[c]));
            }
        }
        CHECK_MSG(worst < 1e-5 * top, "%s: %g", info->name, worst);
    }
}

/* BT.2087 table 2: linear BT.709 to BT.2020. */
TEST(converts_primaries)
{
    static const double published[3][3] = {
        {0.6274, 0.3293, 0.0433}, {0.0691, 0.9195, 0.0114}, {0.0164, 0.0880, 0.8956}};
    kf_affine m = kf_color_primaries_convert(KF_PRI_BT709, KF_PRI_BT2020);
    for (int i = 0; i < 3; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++) {
            CHECK_NEAR(m.m[i][j], published[i][j], 6e-5);
            sum += m.m[i][j];
        }
        CHECK_NEAR(sum, 1, 1e-6);
    }
    kf_affine back = kf_color_primaries_convert(KF_PRI_BT2020, KF_PRI_BT709);
    kf_affine same = kf_affine_mul(&back, &m);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) CHECK_NEAR(same.m[i][j], i == j, 1e-6);
    }
}

TEST(multiplies_affine_maps)
{
    kf_affine a = {{{2, 0, 0, 1}, {0, 3, 0, 2}, {0, 0, 4, 3}}}, b = {{{0, 1, 0, 5}, {1, 0, 0, 6}, {0, 0, 1, 7}}};
    kf_affine m = kf_affine_mul(&a, &b);
    double in[3] = {1, 10, 100}, out[3];
    apply(&m, in, out);
    CHECK_NEAR(out[0], 2 * 15 + 1, 0);
    CHECK_NEAR(out[1], 3 * 7 + 2, 0);
    CHECK_NEAR(out[2], 4 * 107 + 3, 0);
}

int main(void)
{
    RUN(encodes_bars_of_bt709);
    RUN(encodes_bars_of_bt601);
    RUN(encodes_full_range);
    RUN(decodes_bt709_with_published_coefficients);
    RUN(luma_weights_are_those_of_the_standards);
    RUN(round_trips);
    RUN(converts_primaries);
    RUN(multiplies_affine_maps);
    return test_end();
}
