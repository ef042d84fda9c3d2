/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video effects. A new one is a struct in kinds.h, its fields and its row here, and its lowering in src/compile. */
#include "catalog/internal.h"

#define PX 100000
#define CENTER KF_POSITION_CENTER

static const char *const fit_names[] = {"none", "contain", "cover", "stretch", NULL};
static const char *const blur_names[] = {"gaussian", "box", NULL};
static const char *const edge_names[] = {"transparent", "clamp", NULL};
static const char *const mask_names[] = {"rect", "ellipse", "polygon", NULL};

static const kf_field transform_fields[] = {
    KF_ENUM(kf_fx_transform, fit, fit_names, KF_FIT_CONTAIN, "How the picture is fitted into the box."),
    KF_VEC(kf_fx_transform, box_position, -PX, PX, 0, 0, "px", "Top left corner of the box."),
    KF_VEC(kf_fx_transform, box_size, 0, PX, 0, 0, "px", "Size of the box; 0 is that of the sequence."),
    KF_VEC(kf_fx_transform, position, CENTER, PX, CENTER, CENTER, "px",
        "Where the anchor lands; \"center\": where the fit puts it."),
    KF_VEC(kf_fx_transform, offset, -PX, PX, 0, 0, "px", "Added to the position."),
    KF_VEC(kf_fx_transform, scale, -1000, 1000, 1, 1, "", "Size relative to the fitted size; negative mirrors."),
    KF_NUM(kf_fx_transform, rotation, -36000, 36000, 0, "deg", "Clockwise, about the anchor."),
    KF_VEC(kf_fx_transform, anchor, -100, 100, 0.5, 0.5, "", "Point of the picture that is placed and turned about."),
    KF_NUM(kf_fx_transform, crop_left, 0, 1, 0, "", "Fraction cut off at the left."),
    KF_NUM(kf_fx_transform, crop_top, 0, 1, 0, "", "Fraction cut off at the top."),
    KF_NUM(kf_fx_transform, crop_right, 0, 1, 0, "", "Fraction cut off at the right."),
    KF_NUM(kf_fx_transform, crop_bottom, 0, 1, 0, "", "Fraction cut off at the bottom."),
    KF_BOOL(kf_fx_transform, flip_h, 0, "Mirrors left and right."),
    KF_BOOL(kf_fx_transform, flip_v, 0, "Mirrors top and bottom."),
};
static const kf_field brightness_contrast_fields[] = {
    KF_NUM(kf_fx_brightness_contrast, brightness, -1, 1, 0, "", "Added to every channel."),
    KF_NUM(kf_fx_brightness_contrast, contrast, 0, 10, 1, "", "Factor about middle grey."),
};
static const kf_field saturation_fields[] = {KF_NUM(kf_fx_saturation, amount, 0, 10, 1, "", "0 is grey, 1 leaves it.")};
static const kf_field exposure_fields[] = {KF_NUM(kf_fx_exposure, stops, -10, 10, 0, "stops",
    "Doublings of linear light.")};
static const kf_field white_balance_fields[] = {
    KF_NUM(kf_fx_white_balance, temperature, -1, 1, 0, "", "Positive is warmer."),
    KF_NUM(kf_fx_white_balance, tint, -1, 1, 0, "", "Positive is more magenta."),
};
static const kf_field gamma_fields[] = {KF_NUM(kf_fx_gamma, gamma, 0.05, 20, 1, "", "Above 1 lifts the middle tones.")};
static const kf_field lift_gamma_gain_fields[] = {
    KF_WHEEL(kf_fx_lift_gamma_gain, lift, -1, 1, 0, "Added to the shadows, fading out towards white."),
    KF_WHEEL(kf_fx_lift_gamma_gain, gamma, 0.05, 20, 1, "Above 1 lifts the middle tones."),
    KF_WHEEL(kf_fx_lift_gamma_gain, gain, 0, 20, 1, "Factor on the highlights."),
};
static const kf_field curves_fields[] = {
    KF_POINTS(kf_fx_curves, master, "All channels: points [in, out] from 0 to 1."),
    KF_POINTS(kf_fx_curves, red, "Red, after master."),
    KF_POINTS(kf_fx_curves, green, "Green, after master."),
    KF_POINTS(kf_fx_curves, blue, "Blue, after master."),
    KF_NUM(kf_fx_curves, mix, 0, 1, 1, "", "How much of the effect shows."),
};
static const kf_field hue_fields[] = {KF_NUM(kf_fx_hue, angle, -36000, 36000, 0, "deg", "How far hues turn.")};
static const kf_field levels_fields[] = {
    KF_NUM(kf_fx_levels, in_black, -1, 2, 0, "", "What becomes black."),
    KF_NUM(kf_fx_levels, in_white, -1, 2, 1, "", "What becomes white."),
    KF_NUM(kf_fx_levels, gamma, 0.05, 20, 1, "", "Above 1 lifts the middle tones."),
    KF_NUM(kf_fx_levels, out_black, -1, 2, 0, "", "What black becomes."),
    KF_NUM(kf_fx_levels, out_white, -1, 2, 1, "", "What white becomes."),
};
static const kf_field lut_fields[] = {
    KF_FILE(kf_fx_lut, file, "A .cube file, 1D or 3D."),
    KF_NUM(kf_fx_lut, mix, 0, 1, 1, "", "How much of the effect shows."),
};
static const kf_field blur_fields[] = {
    KF_ENUM(kf_fx_blur, kind, blur_names, KF_FX_BLUR_GAUSSIAN, "Shape of the blur."),
    KF_NUM(kf_fx_blur, radius, 0, 1000, 10, "px", "Standard deviation (gaussian) or half width (box)."),
    KF_ENUM(kf_fx_blur, edge, edge_names, KF_FX_EDGE_CLAMP, "What lies outside the picture."),
};
static const kf_field directional_blur_fields[] = {
    KF_NUM(kf_fx_directional_blur, angle, -36000, 36000, 0, "deg", "Direction; 0 is sideways."),
    KF_NUM(kf_fx_directional_blur, length, 0, 1000, 20, "px", "Length of the streaks."),
    KF_ENUM(kf_fx_directional_blur, edge, edge_names, KF_FX_EDGE_CLAMP, "What lies outside the picture."),
};
static const kf_field sharpen_fields[] = {
    KF_NUM(kf_fx_sharpen, amount, 0, 10, 0.5, "", "How much of the difference to the blurred picture is added."),
    KF_NUM(kf_fx_sharpen, radius, 0.1, 100, 1.5, "px", "Standard deviation of the blurred picture."),
};
static const kf_field vignette_fields[] = {
    KF_NUM(kf_fx_vignette, amount, -1, 1, 0.5, "", "How dark the outside gets; negative makes it brighter."),
    KF_VEC(kf_fx_vignette, center, -1, 2, 0.5, 0.5, "", "Centre, as fractions of the picture."),
    KF_NUM(kf_fx_vignette, size, 0, 4, 0.6, "", "Where darkening begins, of the half diagonal."),
    KF_NUM(kf_fx_vignette, softness, 0, 4, 0.5, "", "From there to the full effect."),
    KF_NUM(kf_fx_vignette, roundness, 0, 1, 0, "", "0 follows the frame, 1 is a circle."),
};
static const kf_field chroma_key_fields[] = {
    KF_COL(kf_fx_chroma_key, color, 0, 0.7, 0, 1, "The colour that becomes transparent."),
    KF_NUM(kf_fx_chroma_key, tolerance, 0, 1, 0.12, "", "Distance of chroma that is fully transparent."),
    KF_NUM(kf_fx_chroma_key, softness, 0, 1, 0.08, "", "From there to opaque."),
    KF_NUM(kf_fx_chroma_key, spill, 0, 1, 0.5, "", "How much of the colour's cast is removed."),
};
static const kf_field luma_key_fields[] = {
    KF_NUM(kf_fx_luma_key, lo, 0, 1, 0.1, "", "Darker parts become transparent."),
    KF_NUM(kf_fx_luma_key, hi, 0, 1, 1, "", "Brighter parts become transparent."),
    KF_NUM(kf_fx_luma_key, softness, 0, 1, 0.05, "", "Width of the soft edges."),
    KF_BOOL(kf_fx_luma_key, invert, 0, "Keeps what would go."),
};
static const kf_field invert_fields[] = {
    KF_NUM(kf_fx_invert, mix, 0, 1, 1, "", "How much of the effect shows."),
    KF_BOOL(kf_fx_invert, alpha, 0, "Inverts the transparency instead of the colour."),
};
static const kf_field pixelate_fields[] = {KF_NUM(kf_fx_pixelate, size, 1, 2000, 16, "px", "Side of a cell.")};
static const kf_field grain_fields[] = {
    KF_NUM(kf_fx_grain, amount, 0, 1, 0.06, "", "Strength."),
    KF_NUM(kf_fx_grain, size, 1, 64, 1, "px", "Side of a grain."),
    KF_FIX(kf_fx_grain, seed, 0, 1000000, 0, "", "Another number is another pattern."),
    KF_BOOL(kf_fx_grain, monochrome, 1, "The same in all channels."),
    KF_BOOL(kf_fx_grain, still, 0, "The same on every frame."),
};
static const kf_field drop_shadow_fields[] = {
    KF_COL(kf_fx_drop_shadow, color, 0, 0, 0, 0.6, "Colour of the shadow."),
    KF_VEC(kf_fx_drop_shadow, offset, -PX, PX, 8, 8, "px", "Where it falls."),
    KF_NUM(kf_fx_drop_shadow, blur, 0, 500, 8, "px", "Standard deviation of its softness."),
    KF_BOOL(kf_fx_drop_shadow, only, 0, "Shows the shadow without the picture."),
};
static const kf_field glow_fields[] = {
    KF_NUM(kf_fx_glow, threshold, 0, 1, 0.7, "", "What is brighter shines."),
    KF_NUM(kf_fx_glow, radius, 0, 500, 20, "px", "Standard deviation of the shine."),
    KF_NUM(kf_fx_glow, amount, 0, 10, 0.8, "", "Strength."),
};
static const kf_field mask_fields[] = {
    KF_ENUM(kf_fx_mask, shape, mask_names, KF_FX_MASK_RECT, "Shape whose inside shows."),
    KF_VEC(kf_fx_mask, center, -10, 10, 0.5, 0.5, "", "Centre, as fractions of the picture."),
    KF_VEC(kf_fx_mask, size, 0, 10, 0.5, 0.5, "", "Width and height, as fractions of the picture."),
    KF_NUM(kf_fx_mask, radius, 0, PX, 0, "px", "Corner radius of a rectangle."),
    KF_NUM(kf_fx_mask, rotation, -36000, 36000, 0, "deg", "Clockwise."),
    KF_NUM(kf_fx_mask, feather, 0, 2000, 0, "px", "Width of the soft edge."),
    KF_BOOL(kf_fx_mask, invert, 0, "Shows the outside."),
    KF_POINTS(kf_fx_mask, points, "Corners of a polygon, as fractions of the picture."),
};

#define FX(id, name, label, category, fields, type, help) \
    KF_KIND(id, KF_CLASS_EFFECT, name, label, category, fields, type, help)

static const kf_kind kinds[] = {
    FX(KF_FX_TRANSFORM, "transform", "Transform", "Place", transform_fields, kf_fx_transform,
        "Places, scales, turns, crops, mirrors."),
    FX(KF_FX_BRIGHTNESS_CONTRAST, "brightness_contrast", "Brightness and contrast", "Colour",
        brightness_contrast_fields,
       kf_fx_brightness_contrast, "(in - 0.5) * contrast + 0.5 + brightness."),
    FX(KF_FX_SATURATION, "saturation", "Saturation", "Colour", saturation_fields, kf_fx_saturation,
       "Moves every colour from or to its grey."),
    FX(KF_FX_EXPOSURE, "exposure", "Exposure", "Colour", exposure_fields, kf_fx_exposure, "Scales linear light."),
    FX(KF_FX_WHITE_BALANCE, "white_balance", "White balance", "Colour", white_balance_fields, kf_fx_white_balance,
       "Temperature and tint, in linear light."),
    FX(KF_FX_GAMMA, "gamma", "Gamma", "Colour", gamma_fields, kf_fx_gamma, "in^(1 / gamma)."),
    FX(KF_FX_LIFT_GAMMA_GAIN, "lift_gamma_gain", "Lift, gamma, gain", "Colour", lift_gamma_gain_fields,
        kf_fx_lift_gamma_gain,
       "Three-way correction per channel."),
    FX(KF_FX_CURVES, "curves", "Curves", "Colour", curves_fields, kf_fx_curves, "Smooth curves through points."),
    FX(KF_FX_HUE, "hue", "Hue", "Colour", hue_fields, kf_fx_hue, "Turns hues, keeping luma."),
    FX(KF_FX_LEVELS, "levels", "Levels", "Colour", levels_fields, kf_fx_levels, "Maps a range of tones to another."),
    FX(KF_FX_LUT, "lut", "Look-up table", "Colour", lut_fields, kf_fx_lut, "A look from a .cube file."),
    FX(KF_FX_BLUR, "blur", "Blur", "Blur", blur_fields, kf_fx_blur, "Gaussian or box."),
    FX(KF_FX_DIRECTIONAL_BLUR, "directional_blur", "Directional blur", "Blur", directional_blur_fields,
        kf_fx_directional_blur,
       "Streaks along a line."),
    FX(KF_FX_SHARPEN, "sharpen", "Sharpen", "Blur", sharpen_fields, kf_fx_sharpen, "Unsharp mask."),
    FX(KF_FX_VIGNETTE, "vignette", "Vignette", "Stylise", vignette_fields, kf_fx_vignette,
        "Darker towards the corners."),
    FX(KF_FX_CHROMA_KEY, "chroma_key", "Chroma key", "Key", chroma_key_fields, kf_fx_chroma_key,
        "Green or blue screen."),
    FX(KF_FX_LUMA_KEY, "luma_key", "Luma key", "Key", luma_key_fields, kf_fx_luma_key, "Transparency by brightness."),
    FX(KF_FX_INVERT, "invert", "Invert", "Colour", invert_fields, kf_fx_invert, "Negative of the colours."),
    FX(KF_FX_PIXELATE, "pixelate", "Pixelate", "Stylise", pixelate_fields, kf_fx_pixelate, "Cells of one colour."),
    FX(KF_FX_GRAIN, "grain", "Grain", "Stylise", grain_fields, kf_fx_grain, "Film grain."),
    FX(KF_FX_DROP_SHADOW, "drop_shadow", "Drop shadow", "Stylise", drop_shadow_fields, kf_fx_drop_shadow,
        "A soft shadow beneath."),
    FX(KF_FX_GLOW, "glow", "Glow", "Stylise", glow_fields, kf_fx_glow, "Bright parts shine."),
    FX(KF_FX_MASK, "mask", "Mask", "Key", mask_fields, kf_fx_mask, "Shows the inside of a shape."),
};
const kf_kind_table kf_kinds_effects = {kinds, sizeof kinds / sizeof *kinds};
