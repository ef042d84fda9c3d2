/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The .cube reader on good and bad text. */
#include "base/api/alloc.h"
#include "base/api/str.h"
#include "color/api/color.h"
#include "test.h"

static kf_status parse(const char *text, kf_lut1d **lut1, kf_lut3d **lut3, kf_error *err)
{
    return kf_cube_parse(text, strlen(text), "a.cube", lut1, lut3, err);
}

TEST(reads_1d)
{
    kf_lut1d *lut1;
    kf_lut3d *lut3;
    kf_error err;
    kf_status status = parse("\xef\xbb\xbf# made by hand\r\nTITLE \"x\"\r\n\r\nLUT_1D_SIZE 3\r\nDOMAIN_MIN -1 -1 -1\r\n"
                             "DOMAIN_MAX 3 3 3\r\n0 0 0\r\n\t.5 5e-1 +0.5  \r\n# between\r\n1 -2 1E1",
                             &lut1, &lut3, &err);
    REQUIRE(status == KF_OK);
    CHECK(!lut3 && lut1->count == 3 && lut1->lo == -1 && lut1->hi == 3);
    for (int c = 0; c < 3; c++) CHECK(lut1->value[c][1] == 0.5f);
    CHECK(lut1->value[0][2] == 1 && lut1->value[1][2] == -2 && lut1->value[2][2] == 10);
    kf_lut1d_destroy(lut1);
}

TEST(reads_3d)
{
    kf_lut1d *lut1;
    kf_lut3d *lut3;
    kf_error err;
    REQUIRE(
        parse("LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.0 2.0\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n\n",
              &lut1, &lut3, &err) == KF_OK);
    CHECK(!lut1 && lut3->size == 2 && lut3->hi[2] == 2);
    float out[3];
    kf_lut3d_eval(lut3, (float[3]){0.5f, 1, 1.5f}, out);
    CHECK_NEAR(out[0], 0.25, 1e-6);
    CHECK_NEAR(out[1], 0.5, 1e-6);
    CHECK_NEAR(out[2], 0.75, 1e-6);
    kf_lut3d_destroy(lut3);
}

TEST(reads_numbers_exactly)
{
    kf_lut1d *lut1;
    kf_lut3d *lut3;
    REQUIRE(parse("LUT_1D_SIZE 2\n0.123456789 0.000001 1234567.875\n0.3333333333333333333333 1e-3 -1.5e+2\n", &lut1,
                  &lut3, NULL) == KF_OK);
    CHECK(lut1->value[0][0] == 0.123456789f && lut1->value[1][0] == 0.000001f && lut1->value[2][0] == 1234567.875f);
    CHECK(lut1->value[0][1] == 1.0f / 3 && lut1->value[1][1] == 1e-3f && lut1->value[2][1] == -150);
    kf_lut1d_destroy(lut1);
}

TEST(rejects_bad_text)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "a.cube:0: no table"},
        {"LUT_1D_SIZE 2\n", "a.cube:1: no table"},
        {"0 0 0\n1 1 1\n", "a.cube:1: LUT_1D_SIZE or LUT_3D_SIZE must come"},
        {"LUT_1D_SIZE 1\n0 0 0\n", "a.cube:1: LUT_1D_SIZE must be a whole number from 2 to 65536"},
        {"LUT_1D_SIZE 65537\n", "a.cube:1: LUT_1D_SIZE must be"},
        {"LUT_3D_SIZE 257\n0 0 0\n", "a.cube:1: LUT_3D_SIZE must be"},
        {"LUT_3D_SIZE 2.5\n", "a.cube:1: LUT_3D_SIZE must be"},
        {"LUT_3D_SIZE\n", "a.cube:1: LUT_3D_SIZE has 0 numbers"},
        {"LUT_3D_SIZE 256\n0 0 0\n", "a.cube:2: the file is too short"},
        {"LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n", "a.cube:2: a second table size"},
        {"LUT_1D_SIZE 2\n0 0 0\n\n#\n1 1\n", "a.cube:5: a table entry has 2 numbers"},
        {"LUT_1D_SIZE 2\n0 0 0 0\n1 1 1\n", "a.cube:2: a table entry has more than 3"},
        {"LUT_1D_SIZE 2\n0 0 nan\n1 1 1\n", "a.cube:2: \"nan\" in a table entry"},
        {"LUT_1D_SIZE 2\n0 0 0x1\n1 1 1\n", "\"0x1\""},
        {"LUT_1D_SIZE 2\n0 0 1e99\n1 1 1\n", "\"1e99\""},
        {"LUT_1D_SIZE 2\n0 0 1,5\n1 1 1\n", "\"1,5\""},
        {"LUT_1D_SIZE 2\n0 0 .\n1 1 1\n", "\".\""},
        {"LUT_1D_SIZE 2\n0 0 1e\n1 1 1\n", "\"1e\""},
        {"LUT_1D_SIZE 2\n0 0 0\n1 1 1\n2 2 2\n", "a.cube:4: text after the last of 2 entries"},
        {"LUT_1D_SIZE 3\n0 0 0\n1 1 1    \n", "a.cube:3: the table ends after 2 of 3"},
        {"LUT_1D_SIZE 2\nSHINE 1\n", "a.cube:2: unknown keyword \"SHINE\""},
        {"TITLE x\n", "a.cube:1: the text of TITLE"},
        {"LUT_1D_SIZE 2\nDOMAIN_MIN 1 1 1\n0 0 0\n1 1 1\n", "a.cube:3: the domain is empty"},
        {"LUT_1D_SIZE 2\nDOMAIN_MAX 1 2 1\n0 0 0\n1 1 1\n", "a domain of its own per channel"},
        {"LUT_1D_SIZE 2\nDOMAIN_MAX 1 1 1\nDOMAIN_MAX 1 1 1\n", "a.cube:3: DOMAIN_MAX: the domain is already given"},
        {"LUT_1D_SIZE 2\nDOMAIN_MIN -3e38 -3e38 -3e38\nDOMAIN_MAX 3e38 3e38 3e38\n0 0 0\n1 1 1\n", "too wide"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        kf_lut1d *lut1;
        kf_lut3d *lut3;
        kf_error err = {0};
        kf_status status = parse(bad[i].text, &lut1, &lut3, &err);
        CHECK_MSG(status == KF_ERR_PARSE || status == KF_ERR_UNSUPPORTED, "text %zu is taken", i);
        CHECK(!lut1 && !lut3 && err.status == status);
        CHECK_MSG(strstr(err.message, bad[i].message) != NULL, "text %zu: \"%s\", expected \"%s\"", i, err.message,
                  bad[i].message);
    }
}

TEST(survives_any_cut_and_flip)
{
    static const char text[] = "TITLE \"t\"\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n"
                               "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";
    int good = 0;
    for (size_t n = 0; n < sizeof text; n++) {
        for (int flip = 0; flip < 8; flip++) {
            char *bytes = kf_alloc(sizeof text);
            REQUIRE(bytes != NULL);
            memcpy(bytes, text, sizeof text - 1);
            if (n < sizeof text - 1) bytes[n] = (char)(bytes[n] ^ 1 << flip);
            kf_lut1d *lut1;
            kf_lut3d *lut3;
            good += kf_cube_parse(bytes, flip ? sizeof text - 1 : n, "a.cube", &lut1, &lut3, NULL) == KF_OK;
            kf_lut1d_destroy(lut1);
            kf_lut3d_destroy(lut3);
            kf_free(bytes);
        }
    }
    CHECK(good > 0 && good < 8 * (int)sizeof text);
}

TEST(fails_every_allocation)
{
    kf_lut1d *lut1;
    kf_lut3d *lut3;
    kf_error err;
    for (uint64_t n = 1;; n++) {
        kf_alloc_fail_from(n);
        kf_status status = parse("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n", &lut1, &lut3, &err);
        bool reached = kf_alloc_count() >= n;
        kf_alloc_fail_from(0);
        kf_lut1d_destroy(lut1);
        if (!reached) {
            CHECK(status == KF_OK && n > 3);
            break;
        }
        CHECK_INT(status, KF_ERR_MEMORY);
    }
}

TEST(names_missing_files)
{
    kf_lut1d *lut1;
    kf_lut3d *lut3;
    kf_error err;
    CHECK_INT(kf_cube_load("/nonexistent/look.cube", &lut1, &lut3, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "look.cube") != NULL);
}

int main(void)
{
    RUN(reads_1d);
    RUN(reads_3d);
    RUN(reads_numbers_exactly);
    RUN(rejects_bad_text);
    RUN(survives_any_cut_and_flip);
    RUN(fails_every_allocation);
    RUN(names_missing_files);
    return test_end();
}
