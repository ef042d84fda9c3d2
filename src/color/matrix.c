/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Affine colour conversions: code values to R'G'B' and between primaries. */
#include "color/internal.h"

#include <string.h>

const kf_affine kf_affine_identity = {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};

static void affine_mul(double out[3][4], double outer[3][4], double inner[3][4])
{
    double product[3][4];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) {
            double sum = j == 3 ? outer[i][3] : 0;
            for (int k = 0; k < 3; k++) sum += outer[i][k] * inner[k][j];
            product[i][j] = sum;
        }
    }
    memcpy(out, product, sizeof product);
}

/* All matrices of this file are far from singular. */
static void affine_invert(double out[3][4], double in[3][4])
{
    double inverse[3][3];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            int r0 = (j + 1) % 3, r1 = (j + 2) % 3, c0 = (i + 1) % 3, c1 = (i + 2) % 3;
            inverse[i][j] = in[r0][c0] * in[r1][c1] - in[r0][c1] * in[r1][c0];
        }
    }
    double det = in[0][0] * inverse[0][0] + in[0][1] * inverse[1][0] + in[0][2] * inverse[2][0];
    double offset[3] = {in[0][3], in[1][3], in[2][3]};
    for (int i = 0; i < 3; i++) {
        out[i][3] = 0;
        for (int j = 0; j < 3; j++) {
            out[i][j] = inverse[i][j] / det;
            out[i][3] -= out[i][j] * offset[j];
        }
    }
}

static kf_affine affine_to_float(double in[3][4])
{
    kf_affine out;
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) out.m[i][j] = (float)in[i][j];
    }
    return out;
}

kf_affine kf_affine_mul(const kf_affine *outer, const kf_affine *inner)
{
    double a[3][4], b[3][4];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) {
            a[i][j] = outer->m[i][j];
            b[i][j] = inner->m[i][j];
        }
    }
    affine_mul(a, a, b);
    return affine_to_float(a);
}

/* H.273 table 4: K_R and K_B. */
static void luma_weights(kf_matrix matrix, double weights[3])
{
    double kr = 0.2126, kb = 0.0722;
    switch (matrix) {
    case KF_MAT_FCC:
        kr = 0.30;
        kb = 0.11;
        break;
    case KF_MAT_BT470BG:
    case KF_MAT_SMPTE170M:
        kr = 0.299;
        kb = 0.114;
        break;
    case KF_MAT_SMPTE240M:
        kr = 0.212;
        kb = 0.087;
        break;
    case KF_MAT_BT2020_NCL:
        kr = 0.2627;
        kb = 0.0593;
        break;
    default:
        break;
    }
    weights[0] = kr;
    weights[1] = 1 - kr - kb;
    weights[2] = kb;
}

void kf_color_luma(kf_matrix matrix, float weights[3])
{
    double w[3];
    luma_weights(matrix, w);
    for (int i = 0; i < 3; i++) weights[i] = (float)w[i];
}

/* Scale and black of one component: nominal = (code - zero) / span. */
typedef struct quantiser {
    double zero, span;
} quantiser;

/* H.273 8.3, equations for E'Y and E'PB (chroma centred on 0). */
static quantiser quantiser_of(kf_color color, const kf_pixfmt_info *format, bool chroma)
{
    if (format->bits > 16) return (quantiser){0, 1};
    double unit = (double)(1 << (format->bits - 8)), max = (double)((1 << format->bits) - 1);
    if (color.range == KF_RANGE_LIMITED)
        return chroma ? (quantiser){128 * unit, 224 * unit} : (quantiser){16 * unit, 219 * unit};
    return chroma ? (quantiser){128 * unit, max} : (quantiser){0, max};
}

static void decode_rgb(double out[3][4], kf_color color, const kf_pixfmt_info *format)
{
    quantiser q = quantiser_of(color, format, false);
    memset(out, 0, sizeof(double[3][4]));
    /* H.273 8.3.5: a YUV picture of the identity matrix carries G, B, R. */
    static const int rgb_of[2][3] = {{0, 1, 2}, {2, 0, 1}};
    const int *from = rgb_of[format->model == KF_MODEL_YUV];
    for (int i = 0; i < 3; i++) {
        out[i][from[i]] = 1 / q.span;
        out[i][3] = -q.zero / q.span;
    }
}

static void decode_yuv(double out[3][4], kf_color color, const kf_pixfmt_info *format)
{
    double w[3];
    luma_weights((kf_matrix)color.matrix, w);
    double kr = w[0], kg = w[1], kb = w[2];
    double from_ycc[3][4] = {
        {1, 0, 2 * (1 - kr), 0},
        {1, -2 * kb * (1 - kb) / kg, -2 * kr * (1 - kr) / kg, 0},
        {1, 2 * (1 - kb), 0, 0},
    };
    quantiser y = quantiser_of(color, format, false), c = quantiser_of(color, format, true);
    double nominal[3][4] = {
        {1 / y.span, 0, 0, -y.zero / y.span},
        {0, 1 / c.span, 0, -c.zero / c.span},
        {0, 0, 1 / c.span, -c.zero / c.span},
    };
    affine_mul(out, from_ycc, nominal);
}

static bool is_rgb_coded(kf_color color, const kf_pixfmt_info *format)
{
    return format->model == KF_MODEL_RGB || (format->model == KF_MODEL_YUV && color.matrix == KF_MAT_RGB);
}

static void decode(double out[3][4], kf_color color, const kf_pixfmt_info *format)
{
    if (is_rgb_coded(color, format)) {
        decode_rgb(out, color, format);
    } else {
        decode_yuv(out, color, format);
    }
}

kf_affine kf_color_decode(kf_color color, const kf_pixfmt_info *format)
{
    double m[3][4];
    if (format->model == KF_MODEL_GRAY) {
        quantiser q = quantiser_of(color, format, false);
        memset(m, 0, sizeof m);
        for (int i = 0; i < 3; i++) {
            m[i][0] = 1 / q.span;
            m[i][3] = -q.zero / q.span;
        }
    } else {
        decode(m, color, format);
    }
    return affine_to_float(m);
}

kf_affine kf_color_encode(kf_color color, const kf_pixfmt_info *format)
{
    double m[3][4];
    if (format->model == KF_MODEL_GRAY) {
        quantiser q = quantiser_of(color, format, false);
        double w[3];
        luma_weights((kf_matrix)color.matrix, w);
        memset(m, 0, sizeof m);
        for (int i = 0; i < 3; i++) m[0][i] = w[i] * q.span;
        m[0][3] = q.zero;
    } else {
        decode(m, color, format);
        affine_invert(m, m);
    }
    return affine_to_float(m);
}

/* Chromaticities of red, green and blue: H.273 table 2. P3-DCI is taken on D65 like the rest. */
static void chromaticities(kf_primaries primaries, double xy[3][2])
{
    static const double bt709[3][2] = {{0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}};
    static const double bt470bg[3][2] = {{0.640, 0.330}, {0.290, 0.600}, {0.150, 0.060}};
    static const double smpte170m[3][2] = {{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}};
    static const double bt2020[3][2] = {{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}};
    static const double p3[3][2] = {{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}};
    const double(*from)[2] = bt709;
    if (primaries == KF_PRI_BT470BG) from = bt470bg;
    if (primaries == KF_PRI_SMPTE170M) from = smpte170m;
    if (primaries == KF_PRI_BT2020) from = bt2020;
    if (primaries == KF_PRI_P3DCI || primaries == KF_PRI_P3D65) from = p3;
    memcpy(xy, from, sizeof(double[3][2]));
}

/* SMPTE RP 177: the columns are the primaries' XYZ, scaled so that R = G = B = 1 gives D65 with Y = 1. */
static void rgb_to_xyz(kf_primaries primaries, double out[3][4])
{
    double xy[3][2], inverse[3][4];
    chromaticities(primaries, xy);
    memset(out, 0, sizeof(double[3][4]));
    for (int i = 0; i < 3; i++) {
        out[0][i] = xy[i][0] / xy[i][1];
        out[1][i] = 1;
        out[2][i] = (1 - xy[i][0] - xy[i][1]) / xy[i][1];
    }
    const double wx = 0.3127, wy = 0.3290, white[3] = {wx / wy, 1, (1 - wx - wy) / wy};
    affine_invert(inverse, out);
    for (int i = 0; i < 3; i++) {
        double scale = inverse[i][0] * white[0] + inverse[i][1] * white[1] + inverse[i][2] * white[2];
        for (int j = 0; j < 3; j++) out[j][i] *= scale;
    }
}

kf_affine kf_color_primaries_convert(kf_primaries from, kf_primaries to)
{
    double a[3][4], b[3][4];
    rgb_to_xyz(from, a);
    rgb_to_xyz(to, b);
    affine_invert(b, b);
    affine_mul(a, b, a);
    return affine_to_float(a);
}
