/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elementary functions as fixed sequences of IEEE operations: libm differs between systems and instruction sets. */
#include "audio/dsp/internal.h"

static double scale_by_power(double x, int64_t exponent)
{
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return x * scale;
}

double kf_dsp_exp2(double x)
{
    if (!(x > -1020.0)) return 0.0;
    if (x > 1020.0) x = 1020.0;
    double whole = floor(x + 0.5), y = (x - whole) * 0.69314718055994530942;
    double sum = 1.0, term = 1.0;
    static const double inverse[] = {1.0,     1.0 / 2, 1.0 / 3,  1.0 / 4,  1.0 / 5,  1.0 / 6, 1.0 / 7,
                                     1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11, 1.0 / 12, 1.0 / 13};
    for (int k = 0; k < 13; k++) {
        term = term * y * inverse[k];
        sum += term;
    }
    return scale_by_power(sum, (int64_t)whole);
}

double kf_dsp_log2(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int64_t exponent = (int64_t)(bits >> 52 & 2047) - 1023;
    bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(1023) << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.41421356237309504880) {
        m *= 0.5;
        exponent++;
    }
    double s = (m - 1.0) / (m + 1.0), square = s * s, sum = 0.0; /* ln m = 2 artanh s */
    for (int k = 21; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
    return (double)exponent + 2.0 * s * sum * 1.44269504088896340736;
}

/* sin and cos of |a| <= pi/4 */
static double sin_small(double a)
{
    double square = a * a, sum = 1.0;
    for (int k = 16; k >= 2; k -= 2) sum = 1.0 - square / (double)(k * (k + 1)) * sum;
    return a * sum;
}

static double cos_small(double a)
{
    double square = a * a, sum = 1.0;
    for (int k = 17; k >= 1; k -= 2) sum = 1.0 - square / (double)(k * (k + 1)) * sum;
    return sum;
}

double kf_dsp_sin_turns(double turns)
{
    double t = turns - floor(turns);
    int quadrant = (int)(t * 4.0 + 0.5);
    double a = (t - quadrant * 0.25) * (2.0 * KF_PI);
    switch (quadrant & 3) {
    case 0: return sin_small(a);
    case 1: return cos_small(a);
    case 2: return -sin_small(a);
    default: return -cos_small(a);
    }
}

double kf_dsp_cos_turns(double turns)
{
    return kf_dsp_sin_turns(turns + 0.25);
}

float kf_db_to_gain(float db)
{
    if (!(db > -144.0f)) return 0.0f;
    return (float)kf_dsp_db_gain(db > 144.0f ? 144.0f : db);
}

float kf_gain_to_db(float gain)
{
    return gain > 1e-30f ? (float)kf_dsp_gain_db(gain) : -INFINITY;
}

/* Modified Bessel function of order 0. */
static double bessel0(double x)
{
    double sum = 1.0, term = 1.0, quarter = x * x / 4.0;
    for (int k = 1; k < 60 && term > sum * 1e-18; k++) {
        term *= quarter / ((double)k * k);
        sum += term;
    }
    return sum;
}

double kf_dsp_kaiser(double x, double beta)
{
    double inside = 1.0 - x * x;
    if (inside < 0.0) return 0.0;
    return bessel0(beta * sqrt(inside)) / bessel0(beta);
}
