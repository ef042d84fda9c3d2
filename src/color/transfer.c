/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transfer functions. SDR curves are displays' (BT.1886 with a black of 0), not cameras'. */
#include <math.h>

#include "color/internal.h"

/* SMPTE ST 2084, constants of clause 5. */
static const double pq_m1 = 2610.0 / 16384, pq_m2 = 2523.0 / 4096 * 128;
static const double pq_c1 = 3424.0 / 4096, pq_c2 = 2413.0 / 4096 * 32, pq_c3 = 2392.0 / 4096 * 32;
/* ITU-R BT.2100, table 5. */
static const double hlg_a = 0.17883277, hlg_b = 1 - 4 * 0.17883277, hlg_c = 0.55991072952956202;

static double pq_to_linear(double code)
{
    double p = pow(code, 1 / pq_m2), top = p - pq_c1;
    return top > 0 ? pow(top / (pq_c2 - pq_c3 * p), 1 / pq_m1) : 0;
}

static double pq_from_linear(double linear)
{
    double p = pow(linear, pq_m1);
    return pow((pq_c1 + pq_c2 * p) / (1 + pq_c3 * p), pq_m2);
}

static double hlg_to_linear(double code)
{
    return code <= 0.5 ? code * code / 3 : (exp((code - hlg_c) / hlg_a) + hlg_b) / 12;
}

static double hlg_from_linear(double linear)
{
    return linear <= 1.0 / 12 ? sqrt(3 * linear) : hlg_a * log(12 * linear - hlg_b) + hlg_c;
}

/* IEC 61966-2-1 */
static double srgb_to_linear(double code)
{
    return code <= 0.04045 ? code / 12.92 : pow((code + 0.055) / 1.055, 2.4);
}

static double srgb_from_linear(double linear)
{
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

static double display_gamma(kf_transfer transfer)
{
    return transfer == KF_TRC_GAMMA22 ? 2.2 : transfer == KF_TRC_GAMMA28 ? 2.8 : 2.4;
}

double kf_color_to_linear(kf_transfer transfer, double code)
{
    double v = code > 0 ? code < 1 ? code : 1 : 0;
    switch (transfer) {
    case KF_TRC_LINEAR: return v;
    case KF_TRC_SRGB: return srgb_to_linear(v);
    case KF_TRC_PQ: return pq_to_linear(v);
    case KF_TRC_HLG: return hlg_to_linear(v);
    default: return pow(v, display_gamma(transfer));
    }
}

double kf_color_from_linear(kf_transfer transfer, double linear)
{
    double v = linear > 0 ? linear < 1 ? linear : 1 : 0;
    switch (transfer) {
    case KF_TRC_LINEAR: return v;
    case KF_TRC_SRGB: return srgb_from_linear(v);
    case KF_TRC_PQ: return pq_from_linear(v);
    case KF_TRC_HLG: return hlg_from_linear(v);
    default: return pow(v, 1 / display_gamma(transfer));
    }
}

static kf_status sample(double (*fn)(kf_transfer, double), kf_transfer transfer, int count, kf_lut1d **out,
                        kf_error *err)
{
    kf_lut1d *lut = kf_lut1d_create(count, true);
    *out = lut;
    if (!lut) return kf_fail_memory(err);
    for (int i = 0; i < count; i++) lut->value[0][i] = (float)fn(transfer, (double)i / (count - 1));
    return KF_OK;
}

kf_status kf_color_linearize(kf_transfer transfer, kf_lut1d **out, kf_error *err)
{
    return sample(kf_color_to_linear, transfer, 4096, out, err);
}

kf_status kf_color_delinearize(kf_transfer transfer, kf_lut1d **out, kf_error *err)
{
    return sample(kf_color_from_linear, transfer, 65536, out, err);
}
