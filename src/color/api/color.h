/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colour: conversion matrices, transfer curves, lookup tables. Pure functions; tables are immutable once made and may
 * be shared by threads. Matrices are computed in double and given as float. */
#ifndef KF_COLOR_H
#define KF_COLOR_H

#include "base/api/image.h"
#include "base/api/status.h"

/* out[i] = m[i][0]*in[0] + m[i][1]*in[1] + m[i][2]*in[2] + m[i][3] */
typedef struct kf_affine {
    float m[3][4];
} kf_affine;
extern const kf_affine kf_affine_identity;
kf_affine kf_affine_mul(const kf_affine *outer, const kf_affine *inner); /* outer(inner(x)), products in double */

/* Code values of `format` (0..255, 0..1023, ..., after taking off the format's `shift`; components Y, Cb, Cr or R, G,
 * B) to nominal 0..1 R'G'B' in the picture's own primaries and transfer, and back; KF_PIX_RGBAF32 is nominal already.
 * `color` must be resolved (kf_color_resolve). Grey decodes as Y (give 0 for the other two); encoding to grey fills the
 * first row only. A YUV format of the matrix KF_MAT_RGB carries G, B, R. Sources: ITU-T H.273 8.3, BT.601/709/2020. */
kf_affine kf_color_decode(kf_color color, const kf_pixfmt_info *format);
kf_affine kf_color_encode(kf_color color, const kf_pixfmt_info *format);

/* R'G'B' luma weights of a matrix. */
void kf_color_luma(kf_matrix matrix, float weights[3]);
/* Linear RGB to linear RGB between primaries (Bradford-free: all here share D65). */
kf_affine kf_color_primaries_convert(kf_primaries from, kf_primaries to);

/* One curve per channel on [lo, hi], `count` >= 2 equally spaced entries, linear interpolation; outside, the slope of
 * the last segment continues. */
typedef struct kf_lut1d {
    float lo, hi;
    int count;
    float *value[3]; /* may be the same array */
} kf_lut1d;
/* A cube of size^3 RGB entries, red fastest, on [lo, hi] per channel, tetrahedral interpolation, input clamped to the
 * domain. */
typedef struct kf_lut3d {
    int size;
    float lo[3], hi[3];
    float *value; /* size*size*size*3 */
} kf_lut3d;
/* New tables with unset entries on [0, 1]; lut1d with one array shared by the channels or three. NULL when out of
 * memory. */
kf_lut1d *kf_lut1d_create(int count, bool shared);
kf_lut3d *kf_lut3d_create(int size);
void kf_lut1d_destroy(kf_lut1d *lut);
void kf_lut3d_destroy(kf_lut3d *lut);
/* Plain evaluation, the definition that kernels are tested against. */
void kf_lut1d_eval(const kf_lut1d *lut, const float in[3], float out[3]);
void kf_lut3d_eval(const kf_lut3d *lut, const float in[3], float out[3]);

/* Reads a .cube (Adobe Cube LUT 1.0: 1D or 3D, DOMAIN_MIN/MAX, LUT_*_INPUT_RANGE, comments, sizes up to 65536 / 256).
 * Exactly one of *lut1, *lut3 is set. Errors name the line. */
kf_status kf_cube_parse(const char *bytes, size_t length, const char *name, kf_lut1d **lut1, kf_lut3d **lut3,
                        kf_error *err);
kf_status kf_cube_load(const char *path, kf_lut1d **lut1, kf_lut3d **lut3, kf_error *err);

/* Code 0..1 to linear light 0..1 and back; inputs are clamped to 0..1. SDR curves are the display's: BT.1886 (pure
 * power 2.4) for the BT.709, 601 and 2020 family and unspecified, sRGB piecewise, 2.2, 2.8. PQ: 1 is 10000 cd/m2 (ST
 * 2084). HLG: scene light, that is the inverse OETF of BT.2100 without OOTF. */
double kf_color_to_linear(kf_transfer transfer, double code);
double kf_color_from_linear(kf_transfer transfer, double linear);
/* The same as curves on [0, 1], one array for all channels; 4096 entries to linear, 65536 back (near black the inverse
 * is steep: the first of its entries is worth up to 2.5 codes of 255). */
kf_status kf_color_linearize(kf_transfer transfer, kf_lut1d **out, kf_error *err);
kf_status kf_color_delinearize(kf_transfer transfer, kf_lut1d **out, kf_error *err);

/* R'G'B' of one colour space to another's as one 3D table (65^3 on [0, 1]), meant for HLG or PQ BT.2020 into an SDR
 * BT.709 sequence: PQ EOTF (ST 2084) or HLG inverse OETF + OOTF at 1000 cd/m2 (BT.2100); linear conversion of primaries
 * with a soft clip that keeps greys; tone mapping of max(R, G, B) from the source's peak to SDR white, which lies at
 * 203 cd/m2 (BT.2390 EETF, BT.2408); BT.1886 inverse. peak_nits is the mastering peak of PQ (0: 1000). Also covers
 * plain SDR gamut conversion (BT.2020 SDR -> BT.709) and SDR placed into HDR. SDR curves all count as BT.1886. */
kf_status kf_color_convert_lut(kf_color from, kf_color to, float peak_nits, kf_lut3d **out, kf_error *err);
/* True when from and to differ in primaries or in a transfer that must be converted (curves and primaries of the
 * 709/601/sRGB family count as the same, as editors expect). */
bool kf_color_needs_conversion(kf_color from, kf_color to);

/* The smooth monotone curve through control points (x ascending in 0..1; monotone cubic, Fritsch-Carlson) as a table on
 * 0..1. */
kf_status kf_curve_sample(const float (*points)[2], int count, float *values, int value_count, kf_error *err);

#endif
