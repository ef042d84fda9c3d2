/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* .cube tables: whatever the bytes, reading gives one table that can be looked up anywhere, or a message. */
#include <math.h>

#include "color/api/color.h"
#include "fuzz.h"

static void look_up(const kf_lut1d *lut1, const kf_lut3d *lut3)
{
    static const float in[][3] = {{0, 0.5f, 1}, {-1e30f, 1e30f, 0}, {INFINITY, -INFINITY, 0.3f}, {NAN, 0, 1}};
    for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
        float out[3];
        if (lut1) kf_lut1d_eval(lut1, in[i], out);
        if (lut3) kf_lut3d_eval(lut3, in[i], out);
    }
}

static void fuzz_one(const char *bytes, size_t length)
{
    kf_lut1d *lut1 = NULL;
    kf_lut3d *lut3 = NULL;
    kf_error err = {0};
    kf_status status = kf_cube_parse(bytes, length, "fuzz", &lut1, &lut3, &err);
    FUZZ_REQUIRE((status == KF_OK) == ((lut1 != NULL) != (lut3 != NULL)));
    FUZZ_REQUIRE(status == KF_OK || (err.message[0] && err.status == status));
    look_up(lut1, lut3);
    kf_lut1d_destroy(lut1);
    kf_lut3d_destroy(lut3);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "TITLE \"a\"\n# note\nLUT_3D_SIZE 2\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 1 1\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 "
    "1\n0 1 1\n1 1 1\n",
    "LUT_1D_SIZE 3\n0 0 0\n0.5 0.4 0.3\n1 1 1\n",
    "LUT_1D_SIZE 2\r\nLUT_1D_INPUT_RANGE -1 2\r\n0 0 0\r\n1e0 1.0E-3 1\r\n",
    "LUT_3D_SIZE 256\n0 0 0\n",
    "",
    NULL,
};
static const char *const dictionary[] = {"LUT_3D_SIZE",
                                         "LUT_1D_SIZE",
                                         "DOMAIN_MIN",
                                         "DOMAIN_MAX",
                                         "LUT_3D_INPUT_RANGE",
                                         "TITLE \"",
                                         "nan",
                                         "inf",
                                         "-",
                                         "1e999",
                                         "99999999999999999999",
                                         "\n",
                                         "\r\n",
                                         "\t",
                                         "#",
                                         "256",
                                         "65536",
                                         NULL};

FUZZ_MAIN(corpus, dictionary)
#else
FUZZ_MAIN(, )
#endif
