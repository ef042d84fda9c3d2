/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables. A new effect is a struct in catalog.h, its fields and one row here, and its lowering in src/compile. */
#include "catalog/internal.h"

#define FLOAT(S, member, lo, hi, def, unit, help) {#member, KF_FIELD_FLOAT, offsetof(S, member), lo, hi, {def}, NULL, NULL, unit, true, help}
#define INT(S, member, lo, hi, def, unit, help) {#member, KF_FIELD_INT, offsetof(S, member), lo, hi, {def}, NULL, NULL, unit, true, help}
#define BOOL(S, member, def, help) {#member, KF_FIELD_BOOL, offsetof(S, member), 0, 1, {def}, NULL, NULL, "", false, help}
#define VEC2(S, member, lo, hi, x, y, unit, help) {#member, KF_FIELD_VEC2, offsetof(S, member), lo, hi, {x, y}, NULL, NULL, unit, true, help}
#define COLOR(S, member, r, g, b, a, help) {#member, KF_FIELD_COLOR, offsetof(S, member), 0, 1, {r, g, b, a}, NULL, NULL, "", true, help}
#define WHEEL(S, member, lo, hi, v, help) {#member, KF_FIELD_COLOR, offsetof(S, member), lo, hi, {v, v, v, 1}, NULL, NULL, "", true, help}
#define ENUM(S, member, choices, def, help) {#member, KF_FIELD_ENUM, offsetof(S, member), 0, 0, {def}, NULL, choices, "", false, help}
#define TEXT(S, member, def, help) {#member, KF_FIELD_TEXT, offsetof(S, member), 0, 0, {0}, def, NULL, "", false, help}
#define FILE_(S, member, help) {#member, KF_FIELD_FILE, offsetof(S, member), 0, 0, {0}, "", NULL, "", false, help}
#define POINTS(S, member, help) {#member, KF_FIELD_POINTS, offsetof(S, member), -100000, 100000, {0}, "[]", NULL, "", false, help}
#define STOPS(S, member, help) {#member, KF_FIELD_STOPS, offsetof(S, member), 0, 1, {0}, "[]", NULL, "", false, help}
#define FIELDS(table) table, (int)(sizeof(table) / sizeof *(table))
#define PX 100000

static const char *const fit_choices[] = {"contain", "cover", "stretch", "none", NULL};
static const char *const blur_choices[] = {"gaussian", "box", NULL};
static const char *const mask_choices[] = {"rect", "ellipse", "polygon", NULL};
static const char *const from_choices[] = {"left", "right", "top", "bottom", NULL};
static const char *const gradient_choices[] = {"linear", "radial", NULL};
static const char *const bars_choices[] = {"smpte", "ebu", NULL};
static const char *const box_choices[] = {"none", "whole", "lines", NULL};
static const char *const align_choices[] = {"left", "center", "right", NULL};
static const char *const anchor_v_choices[] = {"top", "middle", "baseline", "bottom", NULL};

static const kf_field clip_fields[] = {
    FLOAT(kf_clip_values, opacity, 0, 1, 1, "", "How much of the clip shows."),
    FLOAT(kf_clip_values, gain, -144, 48, 0, "dB", "Loudness change of the clip's sound."),
    FLOAT(kf_clip_values, pan, -1, 1, 0, "", "Balance of the clip's sound, -1 left to 1 right."),
};
static const kf_field track_fields[] = {
    FLOAT(kf_track_values, opacity, 0, 1, 1, "", "How much of the track shows."),
    FLOAT(kf_track_values, gain, -144, 48, 0, "dB", "Loudness change of the track."),
    FLOAT(kf_track_values, pan, -1, 1, 0, "", "Balance of the track, -1 left to 1 right."),
};
static const kf_field transform_fields[] = {
    ENUM(kf_transform_values, fit, fit_choices, KF_FIT_CONTAIN, "How the source meets the canvas before everything else."),
    VEC2(kf_transform_values, position, -PX, PX, 0, 0, "px", "Where the anchor lands, from the canvas centre."),
    VEC2(kf_transform_values, scale, -1000, 1000, 1, 1, "", "Size relative to the fitted size; one number sets both."),
    FLOAT(kf_transform_values, rotation, -36000, 36000, 0, "deg", "Clockwise rotation about the anchor."),
    VEC2(kf_transform_values, anchor, -PX, PX, 0, 0, "px", "Point of the source, from its centre, that is placed and turned about."),
    FLOAT(kf_transform_values, crop_left, 0, 1, 0, "", "Part cut off at the left, of the width."),
    FLOAT(kf_transform_values, crop_top, 0, 1, 0, "", "Part cut off at the top, of the height."),
    FLOAT(kf_transform_values, crop_right, 0, 1, 0, "", "Part cut off at the right, of the width."),
    FLOAT(kf_transform_values, crop_bottom, 0, 1, 0, "", "Part cut off at the bottom, of the height."),
    BOOL(kf_transform_values, flip_h, 0, "Mirror left and right."),
    BOOL(kf_transform_values, flip_v, 0, "Mirror top and bottom."),
};

static const kf_field brightness_contrast_fields[] = {
    FLOAT(kf_fx_brightness_contrast, brightness, -1, 1, 0, "", "Added to every channel, after the contrast."),
    FLOAT(kf_fx_brightness_contrast, contrast, 0, 4, 1, "", "Factor about middle grey (0.5)."),
};
static const kf_field saturation_fields[] = {FLOAT(kf_fx_amount, amount, 0, 4, 1, "", "0 is grey, 1 unchanged.")};
static const kf_field exposure_fields[] = {FLOAT(kf_fx_amount, amount, -10, 10, 0, "stops", "Doublings of linear light.")};
static const kf_field gamma_fields[] = {FLOAT(kf_fx_amount, amount, 0.1, 10, 1, "", "Above 1 lifts the middle tones.")};
static const kf_field hue_fields[] = {FLOAT(kf_fx_amount, amount, -36000, 36000, 0, "deg", "Rotation of the hue circle.")};
static const kf_field white_balance_fields[] = {
    FLOAT(kf_fx_white_balance, temperature, -1, 1, 0, "", "Positive is warmer."),
    FLOAT(kf_fx_white_balance, tint, -1, 1, 0, "", "Positive is more magenta."),
};
static const kf_field lift_gamma_gain_fields[] = {
    WHEEL(kf_fx_lift_gamma_gain, lift, -1, 1, 0, "Offset that fades out towards white."),
    WHEEL(kf_fx_lift_gamma_gain, gamma, 0.1, 10, 1, "Power of the middle tones; above 1 is brighter."),
    WHEEL(kf_fx_lift_gamma_gain, gain, 0, 10, 1, "Factor."),
};
static const kf_field curves_fields[] = {
    POINTS(kf_fx_curves, master, "Control points [[x, y], ...] from 0 to 1 for all channels."),
    POINTS(kf_fx_curves, red, "Control points for red, after the master curve."),
    POINTS(kf_fx_curves, green, "Control points for green."),
    POINTS(kf_fx_curves, blue, "Control points for blue."),
};
static const kf_field levels_fields[] = {
    FLOAT(kf_fx_levels, in_black, -1, 2, 0, "", "Input that becomes black."),
    FLOAT(kf_fx_levels, in_white, -1, 2, 1, "", "Input that becomes white."),
    FLOAT(kf_fx_levels, gamma, 0.1, 10, 1, "", "Above 1 lifts the middle tones."),
    FLOAT(kf_fx_levels, out_black, -1, 2, 0, "", "Output of black."),
    FLOAT(kf_fx_levels, out_white, -1, 2, 1, "", "Output of white."),
};
static const kf_field lut_fields[] = {
    FILE_(kf_fx_lut, file, "A .cube file, 1D or 3D."),
    FLOAT(kf_fx_lut, amount, 0, 1, 1, "", "Mix with the original."),
};
static const kf_field blur_fields[] = {
    ENUM(kf_fx_blur, type, blur_choices, KF_BLURFX_GAUSSIAN, "Shape of the blur."),
    VEC2(kf_fx_blur, radius, 0, 500, 10, 10, "px", "Gaussian: standard deviation; box: half width. One number sets both."),
    BOOL(kf_fx_blur, repeat_edges, 1, "Repeat the edge pixels instead of fading out."),
};
static const kf_field directional_blur_fields[] = {
    FLOAT(kf_fx_directional_blur, angle, -36000, 36000, 0, "deg", "Direction, clockwise from the right."),
    FLOAT(kf_fx_directional_blur, length, 0, 500, 20, "px", "Length of the streak."),
    BOOL(kf_fx_directional_blur, repeat_edges, 1, "Repeat the edge pixels instead of fading out."),
};
static const kf_field sharpen_fields[] = {
    FLOAT(kf_fx_sharpen, amount, 0, 10, 1, "", "How much of the detail is added."),
    FLOAT(kf_fx_sharpen, radius, 0.1, 100, 1.5, "px", "Standard deviation that separates detail."),
};
static const kf_field vignette_fields[] = {
    FLOAT(kf_fx_vignette, amount, -1, 1, 0.5, "", "How dark the corners get; negative brightens."),
    FLOAT(kf_fx_vignette, inner, 0, 4, 0.4, "", "Where it starts; 1 is the middle of the edges."),
    FLOAT(kf_fx_vignette, outer, 0, 4, 1.4, "", "Where it is full."),
    VEC2(kf_fx_vignette, center, -1, 2, 0.5, 0.5, "", "Centre as a fraction of the size."),
};
static const kf_field chroma_key_fields[] = {
    COLOR(kf_fx_chroma_key, color, 0, 0.69, 0.25, 1, "Colour of the screen."),
    FLOAT(kf_fx_chroma_key, tolerance, 0, 1, 0.12, "", "Chroma distance that is fully removed."),
    FLOAT(kf_fx_chroma_key, softness, 0, 1, 0.1, "", "Distance over which it fades in."),
    FLOAT(kf_fx_chroma_key, spill, 0, 1, 0.8, "", "How much of the screen's tint is taken from what stays."),
};
static const kf_field luma_key_fields[] = {
    FLOAT(kf_fx_luma_key, low, -1, 2, 0.1, "", "Darker than this goes."),
    FLOAT(kf_fx_luma_key, high, -1, 2, 2, "", "Brighter than this goes."),
    FLOAT(kf_fx_luma_key, softness, 0, 1, 0.05, "", "Width of the fade."),
    BOOL(kf_fx_luma_key, invert, 0, "Keep what would go."),
};
static const kf_field pixelate_fields[] = {INT(kf_fx_pixelate, size, 1, 4096, 16, "px", "Edge of a cell.")};
static const kf_field grain_fields[] = {
    FLOAT(kf_fx_grain, amount, 0, 1, 0.05, "", "Strength."),
    INT(kf_fx_grain, size, 1, 64, 1, "px", "Size of a grain."),
    INT(kf_fx_grain, seed, 0, 1000000, 0, "", "Another number is another pattern."),
    BOOL(kf_fx_grain, monochrome, 1, "The same for all channels."),
};
static const kf_field drop_shadow_fields[] = {
    COLOR(kf_fx_drop_shadow, color, 0, 0, 0, 0.6, "Colour and strength."),
    VEC2(kf_fx_drop_shadow, offset, -4096, 4096, 8, 8, "px", "Where the shadow falls."),
    FLOAT(kf_fx_drop_shadow, blur, 0, 500, 8, "px", "Standard deviation."),
};
static const kf_field glow_fields[] = {
    FLOAT(kf_fx_glow, threshold, 0, 1, 0.7, "", "Brightness from which it glows."),
    FLOAT(kf_fx_glow, radius, 0, 500, 20, "px", "Standard deviation."),
    FLOAT(kf_fx_glow, amount, 0, 4, 0.8, "", "Strength."),
};
static const kf_field mask_fields[] = {
    ENUM(kf_fx_mask, shape, mask_choices, KF_MASKFX_RECT, "Shape of the mask."),
    VEC2(kf_fx_mask, center, -PX, PX, 0, 0, "px", "Centre, from the centre of the picture."),
    VEC2(kf_fx_mask, size, 0, PX, 400, 400, "px", "Width and height."),
    FLOAT(kf_fx_mask, radius, 0, PX, 0, "px", "Corner radius of a rectangle."),
    FLOAT(kf_fx_mask, rotation, -36000, 36000, 0, "deg", "Clockwise rotation."),
    FLOAT(kf_fx_mask, feather, 0, 4096, 0, "px", "Width of the soft edge."),
    BOOL(kf_fx_mask, invert, 0, "Keep the outside."),
    POINTS(kf_fx_mask, points, "Polygon: corners from the centre, px."),
};

static const kf_field dip_fields[] = {COLOR(kf_tr_dip, color, 0, 0, 0, 1, "Colour in between.")};
static const kf_field wipe_fields[] = {
    FLOAT(kf_tr_wipe, angle, -36000, 36000, 0, "deg", "Direction in which the edge moves, clockwise from the right."),
    FLOAT(kf_tr_wipe, feather, 0, 4096, 20, "px", "Width of the soft edge."),
};
static const kf_field move_fields[] = {ENUM(kf_tr_move, from, from_choices, KF_FROM_RIGHT, "Side that the new picture comes from.")};
static const kf_field zoom_fields[] = {FLOAT(kf_tr_zoom, amount, 1, 20, 3, "", "How far the old picture grows.")};
static const kf_field luma_matte_fields[] = {
    FILE_(kf_tr_luma_matte, file, "Picture whose dark parts change first."),
    FLOAT(kf_tr_luma_matte, feather, 0, 1, 0.1, "", "Softness, in brightness."),
    BOOL(kf_tr_luma_matte, invert, 0, "Bright parts change first."),
};

static const kf_field solid_fields[] = {COLOR(kf_gen_solid, color, 0, 0, 0, 1, "Colour.")};
static const kf_field gradient_fields[] = {
    ENUM(kf_gen_gradient, type, gradient_choices, 0, "Shape."),
    FLOAT(kf_gen_gradient, angle, -36000, 36000, 90, "deg", "Direction of a linear gradient, clockwise from the right."),
    STOPS(kf_gen_gradient, stops, "[[at, colour], ...], at most 16; in place of from and to."),
    COLOR(kf_gen_gradient, from, 0.1, 0.1, 0.2, 1, "First colour."),
    COLOR(kf_gen_gradient, to, 0.4, 0.2, 0.5, 1, "Last colour."),
};
static const kf_field bars_fields[] = {
    ENUM(kf_gen_bars, type, bars_choices, KF_BARS_SMPTE, "Pattern."),
    BOOL(kf_gen_bars, tone, 1, "With a 1 kHz tone."),
    FLOAT(kf_gen_bars, tone_level, -60, 0, -20, "dBFS", "Level of the tone."),
};
static const kf_field countdown_fields[] = {
    COLOR(kf_gen_countdown, color, 1, 1, 1, 1, "Figures and lines."),
    COLOR(kf_gen_countdown, background, 0.15, 0.15, 0.15, 1, "Background."),
    TEXT(kf_gen_countdown, font, "Sans Bold", "Font."),
};
static const kf_field noise_fields[] = {
    INT(kf_gen_noise, size, 1, 512, 1, "px", "Size of a cell."),
    INT(kf_gen_noise, seed, 0, 1000000, 0, "", "Another number is another pattern."),
    BOOL(kf_gen_noise, monochrome, 1, "Grey."),
    BOOL(kf_gen_noise, still, 0, "The same on every frame."),
};
static const kf_field title_fields[] = {
    TEXT(kf_gen_title, text, "Title", "What is written; \\n starts a new line."),
    TEXT(kf_gen_title, font, "Sans", "Pango font description without size, such as \"Inter Bold\"."),
    BOOL(kf_gen_title, markup, 0, "Text is Pango markup."),
    FLOAT(kf_gen_title, size, 0.5, 4096, 72, "px", "Font size."),
    COLOR(kf_gen_title, color, 1, 1, 1, 1, "Text colour."),
    VEC2(kf_gen_title, position, -PX, PX, 0, 0, "px", "Where the anchor point of the text lies, from the canvas centre."),
    FLOAT(kf_gen_title, outline, 0, 512, 0, "px", "Width of the outline."),
    COLOR(kf_gen_title, outline_color, 0, 0, 0, 1, "Colour of the outline."),
    COLOR(kf_gen_title, shadow_color, 0, 0, 0, 0, "Colour of the shadow; alpha 0 is none."),
    VEC2(kf_gen_title, shadow_offset, -4096, 4096, 4, 4, "px", "Where the shadow falls."),
    FLOAT(kf_gen_title, shadow_blur, 0, 256, 4, "px", "Softness of the shadow."),
    ENUM(kf_gen_title, box, box_choices, 0, "A box behind the whole text or each line."),
    COLOR(kf_gen_title, box_color, 0, 0, 0, 0.6, "Colour of the box."),
    VEC2(kf_gen_title, box_padding, 0, 4096, 24, 12, "px", "Space between text and edge of the box."),
    FLOAT(kf_gen_title, box_radius, 0, 4096, 12, "px", "Corner radius of the box."),
    ENUM(kf_gen_title, align, align_choices, 1, "Alignment of lines."),
    ENUM(kf_gen_title, anchor_h, align_choices, 1, "Which part of the text lies at the position, across."),
    ENUM(kf_gen_title, anchor_v, anchor_v_choices, 1, "Which part of the text lies at the position, down."),
    FLOAT(kf_gen_title, max_width, 0, 16384, 0, "px", "Lines wrap at this width; 0: never."),
    FLOAT(kf_gen_title, line_spacing, 0.1, 10, 1, "", "Factor on the line height."),
    FLOAT(kf_gen_title, letter_spacing, -1000, 1000, 0, "px", "Added between letters."),
    FLOAT(kf_gen_title, typewriter, 0, 1000, 0, "1/s", "Letters per second that appear; 0: all at once."),
};
static const kf_field subtitles_fields[] = {
    FILE_(kf_gen_subtitles, file, "SRT, WebVTT or ASS file."),
    TEXT(kf_gen_subtitles, font, "Sans", "Font (not for ASS)."),
    FLOAT(kf_gen_subtitles, size, 1, 1000, 54, "px", "Font size at 1080 lines."),
    COLOR(kf_gen_subtitles, color, 1, 1, 1, 1, "Text colour."),
    FLOAT(kf_gen_subtitles, outline, 0, 100, 3, "px", "Width of the outline."),
    COLOR(kf_gen_subtitles, outline_color, 0, 0, 0, 1, "Colour of the outline."),
    BOOL(kf_gen_subtitles, box, 0, "A box behind the text."),
    COLOR(kf_gen_subtitles, box_color, 0, 0, 0, 0.6, "Colour of the box."),
    FLOAT(kf_gen_subtitles, margin, 0, 1000, 60, "px", "Distance from the bottom, at 1080 lines."),
};
static const kf_field shape_fields[] = {
    ENUM(kf_gen_shape, shape, mask_choices, KF_SHAPEGEN_RECT, "Shape."),
    VEC2(kf_gen_shape, center, -PX, PX, 0, 0, "px", "Centre, from the canvas centre."),
    VEC2(kf_gen_shape, size, 0, 16384, 400, 200, "px", "Width and height."),
    FLOAT(kf_gen_shape, radius, 0, 8192, 0, "px", "Corner radius of a rectangle."),
    COLOR(kf_gen_shape, fill, 1, 1, 1, 1, "Fill."),
    COLOR(kf_gen_shape, stroke, 0, 0, 0, 0, "Outline colour; alpha 0 is none."),
    FLOAT(kf_gen_shape, stroke_width, 0, 4096, 0, "px", "Outline width."),
    FLOAT(kf_gen_shape, feather, 0, 256, 0, "px", "Softness of the edge."),
    POINTS(kf_gen_shape, points, "Polygon: corners from the centre, px."),
};
static const kf_field tone_fields[] = {
    FLOAT(kf_gen_tone, frequency, 1, 96000, 1000, "Hz", "Frequency of the sine."),
    FLOAT(kf_gen_tone, level, -144, 0, -20, "dBFS", "Peak level."),
};

static const kf_field afx_gain_fields[] = {FLOAT(kf_afx_gain, gain, -144, 48, 0, "dB", "Loudness change.")};
static const kf_field eq_fields[] = {
    FLOAT(kf_afx_eq, low_freq, 10, 20000, 100, "Hz", "Low shelf: corner."),
    FLOAT(kf_afx_eq, low_gain, -48, 48, 0, "dB", "Low shelf: gain."),
    FLOAT(kf_afx_eq, mid1_freq, 10, 20000, 300, "Hz", "First peak: centre."),
    FLOAT(kf_afx_eq, mid1_gain, -48, 48, 0, "dB", "First peak: gain."),
    FLOAT(kf_afx_eq, mid1_q, 0.1, 40, 1, "", "First peak: quality."),
    FLOAT(kf_afx_eq, mid2_freq, 10, 20000, 1000, "Hz", "Second peak: centre."),
    FLOAT(kf_afx_eq, mid2_gain, -48, 48, 0, "dB", "Second peak: gain."),
    FLOAT(kf_afx_eq, mid2_q, 0.1, 40, 1, "", "Second peak: quality."),
    FLOAT(kf_afx_eq, mid3_freq, 10, 20000, 4000, "Hz", "Third peak: centre."),
    FLOAT(kf_afx_eq, mid3_gain, -48, 48, 0, "dB", "Third peak: gain."),
    FLOAT(kf_afx_eq, mid3_q, 0.1, 40, 1, "", "Third peak: quality."),
    FLOAT(kf_afx_eq, high_freq, 10, 20000, 10000, "Hz", "High shelf: corner."),
    FLOAT(kf_afx_eq, high_gain, -48, 48, 0, "dB", "High shelf: gain."),
    FLOAT(kf_afx_eq, low_cut, 0, 20000, 0, "Hz", "Removes what is below; 0 is off."),
    FLOAT(kf_afx_eq, high_cut, 0, 20000, 0, "Hz", "Removes what is above; 0 is off."),
};
static const kf_field afx_pan_fields[] = {FLOAT(kf_afx_pan, pan, -1, 1, 0, "", "-1 left to 1 right.")};
static const kf_field compressor_fields[] = {
    FLOAT(kf_afx_compressor, threshold, -80, 0, -20, "dB", "Level from which it works."),
    FLOAT(kf_afx_compressor, ratio, 1, 100, 3, "", "Input change per output change above the threshold."),
    FLOAT(kf_afx_compressor, attack, 0.1, 1000, 10, "ms", "How fast it closes."),
    FLOAT(kf_afx_compressor, release, 1, 5000, 150, "ms", "How fast it opens."),
    FLOAT(kf_afx_compressor, knee, 0, 40, 6, "dB", "Width of the soft knee."),
    FLOAT(kf_afx_compressor, makeup, -24, 48, 0, "dB", "Gain afterwards."),
};
static const kf_field duck_fields[] = {
    TEXT(kf_afx_duck, track, "", "Name of the track that is listened to."),
    FLOAT(kf_afx_duck, threshold, -80, 0, -35, "dB", "Level of that track from which this one ducks."),
    FLOAT(kf_afx_duck, amount, -60, 0, -12, "dB", "Gain while ducked."),
    FLOAT(kf_afx_duck, attack, 1, 5000, 80, "ms", "How fast it ducks."),
    FLOAT(kf_afx_duck, hold, 0, 5000, 200, "ms", "How long it stays down."),
    FLOAT(kf_afx_duck, release, 1, 10000, 400, "ms", "How fast it comes back."),
};
static const kf_field gate_fields[] = {
    FLOAT(kf_afx_gate, threshold, -100, 0, -45, "dB", "Level below which it closes."),
    FLOAT(kf_afx_gate, range, -144, 0, -60, "dB", "Gain when closed."),
    FLOAT(kf_afx_gate, attack, 0.1, 1000, 2, "ms", "How fast it opens."),
    FLOAT(kf_afx_gate, hold, 0, 5000, 50, "ms", "How long it stays open."),
    FLOAT(kf_afx_gate, release, 1, 5000, 120, "ms", "How fast it closes."),
};
static const kf_field delay_fields[] = {
    FLOAT(kf_afx_delay, time, 1, 2000, 300, "ms", "Time between echoes."),
    FLOAT(kf_afx_delay, feedback, 0, 0.95, 0.35, "", "How much of an echo comes again."),
    FLOAT(kf_afx_delay, mix, 0, 1, 0.3, "", "Share of echoes."),
};
static const kf_field reverb_fields[] = {
    FLOAT(kf_afx_reverb, size, 0, 1, 0.5, "", "Size of the room."),
    FLOAT(kf_afx_reverb, damping, 0, 1, 0.5, "", "How fast highs fade."),
    FLOAT(kf_afx_reverb, mix, 0, 1, 0.25, "", "Share of reverberation."),
};
static const kf_field limiter_fields[] = {
    FLOAT(kf_afx_limiter, ceiling, -24, 0, -1, "dBTP", "True peak that is not passed."),
    FLOAT(kf_afx_limiter, release, 1, 5000, 100, "ms", "How fast it lets go."),
};

#define KIND(id, cls, name, label, category, help, fields, type) {id, 1, cls, name, label, category, help, FIELDS(fields), sizeof(type)}
#define BARE(id, cls, name, label, category, help) {id, 1, cls, name, label, category, help, NULL, 0, 0}
#define EFFECT KF_CLASS_EFFECT
#define TRANS KF_CLASS_TRANSITION
#define GEN KF_CLASS_GENERATOR
#define AUDIO KF_CLASS_AUDIO_EFFECT

const kf_kind kf_catalog_kinds[] = {
    KIND(KF_KIND_CLIP, KF_CLASS_INTRINSIC, "clip", "Clip", "Basic", "What every clip has.", clip_fields, kf_clip_values),
    KIND(KF_KIND_TRANSFORM, KF_CLASS_INTRINSIC, "transform", "Transform", "Basic", "Place, size and rotation of a clip.", transform_fields, kf_transform_values),
    KIND(KF_KIND_TRACK, KF_CLASS_INTRINSIC, "track", "Track", "Basic", "What every track has.", track_fields, kf_track_values),

    KIND(KF_FX_BRIGHTNESS_CONTRAST, EFFECT, "brightness_contrast", "Brightness and contrast", "Colour", "(in - 0.5) * contrast + 0.5 + brightness.", brightness_contrast_fields, kf_fx_brightness_contrast),
    KIND(KF_FX_SATURATION, EFFECT, "saturation", "Saturation", "Colour", "Distance of every colour from its grey (BT.709 luma).", saturation_fields, kf_fx_amount),
    KIND(KF_FX_EXPOSURE, EFFECT, "exposure", "Exposure", "Colour", "Scales linear light.", exposure_fields, kf_fx_amount),
    KIND(KF_FX_WHITE_BALANCE, EFFECT, "white_balance", "White balance", "Colour", "Warmer or cooler, greener or more magenta.", white_balance_fields, kf_fx_white_balance),
    KIND(KF_FX_GAMMA, EFFECT, "gamma", "Gamma", "Colour", "Power curve of the middle tones.", gamma_fields, kf_fx_amount),
    KIND(KF_FX_LIFT_GAMMA_GAIN, EFFECT, "lift_gamma_gain", "Lift, gamma, gain", "Colour", "Three-way colour correction.", lift_gamma_gain_fields, kf_fx_lift_gamma_gain),
    KIND(KF_FX_CURVES, EFFECT, "curves", "Curves", "Colour", "Smooth curves through control points.", curves_fields, kf_fx_curves),
    KIND(KF_FX_HUE, EFFECT, "hue", "Hue", "Colour", "Turns all hues, keeping luma.", hue_fields, kf_fx_amount),
    KIND(KF_FX_LEVELS, EFFECT, "levels", "Levels", "Colour", "Maps an input range to an output range.", levels_fields, kf_fx_levels),
    KIND(KF_FX_LUT, EFFECT, "lut", "LUT", "Colour", "A look-up table from a .cube file.", lut_fields, kf_fx_lut),
    KIND(KF_FX_BLUR, EFFECT, "blur", "Blur", "Blur", "Gaussian or box blur.", blur_fields, kf_fx_blur),
    KIND(KF_FX_DIRECTIONAL_BLUR, EFFECT, "directional_blur", "Directional blur", "Blur", "Streaks along a line.", directional_blur_fields, kf_fx_directional_blur),
    KIND(KF_FX_SHARPEN, EFFECT, "sharpen", "Sharpen", "Blur", "Unsharp mask.", sharpen_fields, kf_fx_sharpen),
    KIND(KF_FX_VIGNETTE, EFFECT, "vignette", "Vignette", "Stylise", "Darker corners.", vignette_fields, kf_fx_vignette),
    KIND(KF_FX_CHROMA_KEY, EFFECT, "chroma_key", "Chroma key", "Key", "Makes a colour transparent.", chroma_key_fields, kf_fx_chroma_key),
    KIND(KF_FX_LUMA_KEY, EFFECT, "luma_key", "Luma key", "Key", "Makes dark or bright parts transparent.", luma_key_fields, kf_fx_luma_key),
    BARE(KF_FX_INVERT, EFFECT, "invert", "Invert", "Colour", "1 - colour."),
    KIND(KF_FX_PIXELATE, EFFECT, "pixelate", "Pixelate", "Stylise", "Square cells of one colour.", pixelate_fields, kf_fx_pixelate),
    KIND(KF_FX_GRAIN, EFFECT, "grain", "Grain", "Stylise", "Film grain, new on every frame.", grain_fields, kf_fx_grain),
    KIND(KF_FX_DROP_SHADOW, EFFECT, "drop_shadow", "Drop shadow", "Stylise", "A soft shadow below.", drop_shadow_fields, kf_fx_drop_shadow),
    KIND(KF_FX_GLOW, EFFECT, "glow", "Glow", "Stylise", "Bright parts shine.", glow_fields, kf_fx_glow),
    KIND(KF_FX_MASK, EFFECT, "mask", "Mask", "Key", "Shows the inside of a shape.", mask_fields, kf_fx_mask),
    KIND(KF_FX_TRANSFORM, EFFECT, "transform", "Transform", "Basic", "Place, size and rotation, at this point of the chain.", transform_fields, kf_transform_values),

    BARE(KF_TR_DISSOLVE, TRANS, "dissolve", "Dissolve", "Dissolve", "From one picture to the other."),
    BARE(KF_TR_ADDITIVE_DISSOLVE, TRANS, "additive_dissolve", "Additive dissolve", "Dissolve", "The new picture is added before the old one goes."),
    KIND(KF_TR_DIP_TO_COLOR, TRANS, "dip_to_color", "Dip to colour", "Dissolve", "Out to a colour and in from it.", dip_fields, kf_tr_dip),
    KIND(KF_TR_WIPE, TRANS, "wipe", "Wipe", "Wipe", "An edge moves across.", wipe_fields, kf_tr_wipe),
    KIND(KF_TR_SLIDE, TRANS, "slide", "Slide", "Move", "The new picture slides over the old one.", move_fields, kf_tr_move),
    KIND(KF_TR_PUSH, TRANS, "push", "Push", "Move", "The new picture pushes the old one out.", move_fields, kf_tr_move),
    KIND(KF_TR_ZOOM, TRANS, "zoom", "Zoom", "Move", "The old picture grows and fades.", zoom_fields, kf_tr_zoom),
    KIND(KF_TR_LUMA_MATTE, TRANS, "luma_matte", "Luma matte", "Wipe", "A picture's brightness says when each place changes.", luma_matte_fields, kf_tr_luma_matte),

    KIND(KF_GEN_SOLID, GEN, "solid", "Solid", "Basic", "One colour.", solid_fields, kf_gen_solid),
    KIND(KF_GEN_GRADIENT, GEN, "gradient", "Gradient", "Basic", "Linear or radial gradient.", gradient_fields, kf_gen_gradient),
    KIND(KF_GEN_BARS, GEN, "bars", "Bars and tone", "Test", "SMPTE or EBU colour bars with a tone.", bars_fields, kf_gen_bars),
    KIND(KF_GEN_COUNTDOWN, GEN, "countdown", "Countdown", "Test", "Film leader that counts the clip's seconds down.", countdown_fields, kf_gen_countdown),
    KIND(KF_GEN_NOISE, GEN, "noise", "Noise", "Test", "Random cells.", noise_fields, kf_gen_noise),
    KIND(KF_GEN_TITLE, GEN, "title", "Title", "Text", "Text with outline, shadow and box.", title_fields, kf_gen_title),
    KIND(KF_GEN_SUBTITLES, GEN, "subtitles", "Subtitles", "Text", "Burned-in subtitles; the clip's in point is the file's time.", subtitles_fields, kf_gen_subtitles),
    KIND(KF_GEN_SHAPE, GEN, "shape", "Shape", "Basic", "Rectangle, ellipse or polygon.", shape_fields, kf_gen_shape),
    KIND(KF_GEN_TONE, GEN, "tone", "Tone", "Test", "A sine.", tone_fields, kf_gen_tone),

    KIND(KF_AFX_GAIN, AUDIO, "gain", "Gain", "Level", "Loudness change.", afx_gain_fields, kf_afx_gain),
    KIND(KF_AFX_EQ, AUDIO, "eq", "Equaliser", "Tone", "Shelves, three peaks and cuts (RBJ biquads).", eq_fields, kf_afx_eq),
    KIND(KF_AFX_PAN, AUDIO, "pan", "Pan", "Level", "Balance.", afx_pan_fields, kf_afx_pan),
    KIND(KF_AFX_COMPRESSOR, AUDIO, "compressor", "Compressor", "Dynamics", "Evens out loudness.", compressor_fields, kf_afx_compressor),
    KIND(KF_AFX_DUCK, AUDIO, "duck", "Duck", "Dynamics", "Goes down while another track speaks.", duck_fields, kf_afx_duck),
    KIND(KF_AFX_GATE, AUDIO, "gate", "Gate", "Dynamics", "Silences what is quiet.", gate_fields, kf_afx_gate),
    KIND(KF_AFX_DELAY, AUDIO, "delay", "Delay", "Space", "Echoes.", delay_fields, kf_afx_delay),
    KIND(KF_AFX_REVERB, AUDIO, "reverb", "Reverb", "Space", "A room.", reverb_fields, kf_afx_reverb),
    KIND(KF_AFX_LIMITER, AUDIO, "limiter", "Limiter", "Dynamics", "True-peak limiter with look-ahead.", limiter_fields, kf_afx_limiter),
};
const int kf_catalog_kind_count = (int)(sizeof kf_catalog_kinds / sizeof *kf_catalog_kinds);
