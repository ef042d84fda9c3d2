/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversion between HDR and SDR colour spaces as a 3D table. Light is in units of reference white: SDR white, which
 * BT.2408 puts at 203 cd/m2 of HDR. */
#include <math.h>

#include "base/api/alloc.h"
#include "color/internal.h"

#define TABLE_SIZE 65
#define WHITE_NITS 203.0   /* BT.2408 table 1 */
#define PQ_NITS 10000.0    /* ST 2084: code 1 */
#define HLG_NITS 1000.0    /* BT.2100: nominal peak for which the system gamma is 1.2 */
#define HLG_GAMMA 1.2
#define GAMUT_KNEE 0.85    /* distance from grey, in parts of the way to the hull, from where colours are drawn in */

/* Curves of the BT.709, BT.601 and sRGB family are one curve here: BT.1886. */
static bool is_sdr(int transfer)
{
    return transfer != KF_TRC_PQ && transfer != KF_TRC_HLG && transfer != KF_TRC_LINEAR;
}

static int primaries_class(int primaries)
{
    if (primaries == KF_PRI_UNSPECIFIED) return KF_PRI_BT709;
    return primaries == KF_PRI_P3DCI ? KF_PRI_P3D65 : primaries;
}

/* The primaries of BT.601 (both) are so near those of BT.709 that players and editors show them as they are. */
static int shown_primaries(int primaries)
{
    return primaries == KF_PRI_BT470BG || primaries == KF_PRI_SMPTE170M ? KF_PRI_BT709 : primaries_class(primaries);
}

bool kf_color_needs_conversion(kf_color from, kf_color to)
{
    if (shown_primaries(from.primaries) != shown_primaries(to.primaries)) return true;
    return from.transfer != to.transfer && !(is_sdr(from.transfer) && is_sdr(to.transfer));
}

typedef struct converter {
    kf_color from, to;
    double linear[TABLE_SIZE];       /* of each entry's code along one axis, before HLG's OOTF */
    double gamut[3][3], from_luma[3], to_luma[3];
    double gamut_limit[3];           /* largest distance from grey of each channel; the soft clip brings it to 1 */
    double source_peak, target_peak; /* in reference whites; equal or less: no tone mapping */
} converter;

static double peak_of(int transfer, float peak_nits)
{
    if (transfer == KF_TRC_HLG) return HLG_NITS / WHITE_NITS;
    if (transfer == KF_TRC_PQ) return (peak_nits > 0 ? fmin(peak_nits, PQ_NITS) : HLG_NITS) / WHITE_NITS;
    return 1;
}

/* Luma weights of linear light: the Y row of the primaries' RGB to XYZ matrix, through BT.709's. */
static void linear_luma(kf_primaries primaries, double weights[3])
{
    static const double bt709[3] = {0.2126390058715, 0.7151686787678, 0.0721923153607};
    kf_affine m = kf_color_primaries_convert(primaries, KF_PRI_BT709);
    for (int j = 0; j < 3; j++) weights[j] = bt709[0] * m.m[0][j] + bt709[1] * m.m[1][j] + bt709[2] * m.m[2][j];
}

static double max3(const double c[3])
{
    return fmax(fmax(c[0], c[1]), c[2]);
}

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* HLG's OOTF and its inverse (BT.2100 note 5e) for a peak of 1000 cd/m2; scene light 0..1, display light in whites. */
static void hlg_ootf(const double luma[3], double c[3])
{
    double y = dot3(luma, c), gain = y > 0 ? HLG_NITS / WHITE_NITS * pow(y, HLG_GAMMA - 1) : 0;
    for (int i = 0; i < 3; i++) c[i] *= gain;
}

static void hlg_inverse_ootf(const double luma[3], double c[3])
{
    double y = dot3(luma, c) * WHITE_NITS / HLG_NITS;
    double gain = y > 0 ? WHITE_NITS / HLG_NITS * pow(y, (1 - HLG_GAMMA) / HLG_GAMMA) : 0;
    for (int i = 0; i < 3; i++) c[i] *= gain;
}

/* BT.2390 EETF: in PQ, linear up to a knee, then a Hermite spline to the target's peak. Black stays black. */
static double tone_map(double light, double source_peak, double target_peak)
{
    double top = kf_color_from_linear(KF_TRC_PQ, source_peak * WHITE_NITS / PQ_NITS);
    double max = kf_color_from_linear(KF_TRC_PQ, target_peak * WHITE_NITS / PQ_NITS) / top;
    double e = fmin(kf_color_from_linear(KF_TRC_PQ, light * WHITE_NITS / PQ_NITS) / top, 1), knee = 1.5 * max - 0.5;
    if (e <= knee) return light;
    double t = (e - knee) / (1 - knee), t2 = t * t, t3 = t2 * t;
    double mapped = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (3 * t2 - 2 * t3) * max;
    return fmin(kf_color_to_linear(KF_TRC_PQ, mapped * top) * PQ_NITS / WHITE_NITS, target_peak);
}

static void to_gamut(const converter *k, const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++) out[i] = dot3(k->gamut[i], in);
}

/* Identity up to the knee, then a hyperbola of the same slope that brings `limit` to 1. */
static double soft_clip(double distance, double limit)
{
    if (distance <= GAMUT_KNEE || limit <= 1) return distance;
    double x = (distance - GAMUT_KNEE) / (1 - GAMUT_KNEE), far = (limit - GAMUT_KNEE) / (1 - GAMUT_KNEE);
    return GAMUT_KNEE + (1 - GAMUT_KNEE) * x / (1 + x * (1 - 1 / far));
}

/* Draws components that lie far below the largest one towards it, so that none is negative; greys do not move. */
static void compress_gamut(const converter *k, double c[3])
{
    double top = max3(c);
    if (!(top > 0)) {
        c[0] = c[1] = c[2] = 0;
        return;
    }
    for (int i = 0; i < 3; i++) c[i] = fmax(top - top * soft_clip((top - c[i]) / top, k->gamut_limit[i]), 0);
}

/* Distances are greatest at the primaries and secondaries of the source. */
static void measure_gamut(converter *k)
{
    for (int corner = 1; corner < 7; corner++) {
        double in[3] = {corner & 1, corner >> 1 & 1, corner >> 2 & 1}, out[3];
        to_gamut(k, in, out);
        double top = max3(out);
        for (int i = 0; i < 3 && top > 0; i++) k->gamut_limit[i] = fmax(k->gamut_limit[i], (top - out[i]) / top);
    }
}

static void converter_init(converter *k, kf_color from, kf_color to, float peak_nits)
{
    *k = (converter){.from = from, .to = to};
    kf_transfer curve = is_sdr(from.transfer) ? KF_TRC_BT709 : (kf_transfer)from.transfer;
    for (int i = 0; i < TABLE_SIZE; i++) {
        k->linear[i] = kf_color_to_linear(curve, (double)i / (TABLE_SIZE - 1));
        if (curve == KF_TRC_PQ) k->linear[i] *= PQ_NITS / WHITE_NITS;
    }
    kf_primaries a = (kf_primaries)primaries_class(from.primaries), b = (kf_primaries)primaries_class(to.primaries);
    kf_affine gamut = a == b ? kf_affine_identity : kf_color_primaries_convert(a, b);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) k->gamut[i][j] = gamut.m[i][j];
    }
    linear_luma(a, k->from_luma);
    linear_luma(b, k->to_luma);
    k->source_peak = peak_of(from.transfer, peak_nits);
    k->target_peak = peak_of(to.transfer, (float)PQ_NITS);
    if (a != b) measure_gamut(k);
}

static void encode(const converter *k, double c[3], float out[3])
{
    kf_transfer curve = is_sdr(k->to.transfer) ? KF_TRC_BT709 : (kf_transfer)k->to.transfer;
    if (curve == KF_TRC_HLG) hlg_inverse_ootf(k->to_luma, c);
    double scale = curve == KF_TRC_PQ ? WHITE_NITS / PQ_NITS : 1;
    for (int i = 0; i < 3; i++) out[i] = (float)kf_color_from_linear(curve, c[i] * scale);
}

static void convert(const converter *k, const double linear[3], float out[3])
{
    double light[3] = {linear[0], linear[1], linear[2]}, c[3];
    if (k->from.transfer == KF_TRC_HLG) hlg_ootf(k->from_luma, light);
    to_gamut(k, light, c);
    compress_gamut(k, c);
    double top = max3(c), mapped = top;
    if (k->source_peak > k->target_peak) mapped = tone_map(top, k->source_peak, k->target_peak);
    mapped = fmin(mapped, k->target_peak);
    for (int i = 0; i < 3 && top > 0; i++) c[i] *= mapped / top;
    encode(k, c, out);
}

kf_status kf_color_convert_lut(kf_color from, kf_color to, float peak_nits, kf_lut3d **out, kf_error *err)
{
    kf_lut3d *lut = kf_lut3d_create(TABLE_SIZE);
    *out = lut;
    if (!lut) return kf_fail_memory(err);
    converter k;
    converter_init(&k, from, to, peak_nits);
    float *entry = lut->value;
    for (int b = 0; b < TABLE_SIZE; b++) {
        for (int g = 0; g < TABLE_SIZE; g++) {
            for (int r = 0; r < TABLE_SIZE; r++, entry += 3)
                convert(&k, (double[3]){k.linear[r], k.linear[g], k.linear[b]}, entry);
        }
    }
    return KF_OK;
}
