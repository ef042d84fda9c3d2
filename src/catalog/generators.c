/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalog/internal.h"

#define PX 100000
#define CENTER KF_POSITION_CENTER

static const char *const gradient_names[] = {"linear", "radial", NULL};
static const char *const bars_names[] = {"smpte", "ebu", NULL};
static const char *const align_names[] = {"left", "center", "right", NULL};
static const char *const anchor_v_names[] = {"top", "middle", "baseline", "bottom", NULL};
static const char *const box_names[] = {"none", "whole", "lines", NULL};
static const char *const ellipsize_names[] = {"none", "start", "middle", "end", NULL};
static const char *const direction_names[] = {"auto", "ltr", "rtl", NULL};
static const char *const shape_names[] = {"rect", "rounded", "ellipse", "polygon", "path", NULL};
static const char *const wave_names[] = {"sine", "white", "pink", NULL};

static const kf_field solid_fields[] = {KF_COL(kf_gen_solid, color, 0, 0, 0, 1, "The colour.")};
static const kf_field gradient_fields[] = {
    KF_ENUM(kf_gen_gradient, kind, gradient_names, KF_GEN_GRADIENT_LINEAR, "Shape."),
    KF_STOPS(kf_gen_gradient, stops, "Colours along the gradient: [position, colour]."),
    KF_NUM(kf_gen_gradient, angle, -36000, 36000, 90, "deg", "Direction: 0 is left to right, 90 top to bottom."),
    KF_VEC(kf_gen_gradient, center, -10, 10, 0.5, 0.5, "", "Centre, as fractions of the frame."),
    KF_NUM(kf_gen_gradient, size, 0.001, 100, 1, "", "Length relative to the frame."),
};
static const kf_field bars_fields[] = {
    KF_ENUM(kf_gen_bars, kind, bars_names, KF_GEN_BARS_SMPTE, "SMPTE RP 219 or EBU 75 % bars."),
    KF_BOOL(kf_gen_bars, tone, 1, "With a 1 kHz tone."),
    KF_STILL(kf_gen_bars, tone_level, -144, 0, -20, "dBFS", "Level of the tone."),
};
static const kf_field countdown_fields[] = {
    KF_FIX(kf_gen_countdown, from, 1, 99, 5, "s", "The first number."),
    KF_COL(kf_gen_countdown, color, 1, 1, 1, 1, "Numbers and lines."),
    KF_COL(kf_gen_countdown, background, 0.16, 0.16, 0.18, 1, "Background."),
    KF_BOOL(kf_gen_countdown, tone, 1, "A pip at every second."),
};
static const kf_field noise_fields[] = {
    KF_NUM(kf_gen_noise, size, 1, 512, 1, "px", "Side of a grain."),
    KF_FIX(kf_gen_noise, seed, 0, 1000000, 0, "", "Another number is another pattern."),
    KF_BOOL(kf_gen_noise, monochrome, 1, "Grey."),
    KF_BOOL(kf_gen_noise, still, 0, "The same on every frame."),
};
static const kf_field title_fields[] = {
    KF_TEXT(kf_gen_title, text, "Title", "What is written."),
    KF_BOOL(kf_gen_title, markup, 0, "The text is Pango markup."),
    KF_TEXT(kf_gen_title, font, "Sans", "Font family and style, such as \"Inter Bold\"."),
    KF_NUM(kf_gen_title, size, 1, 4096, 72, "px", "Font size."),
    KF_FIX(kf_gen_title, weight, 0, 1000, 0, "", "100 to 1000; 0 is as the font says."),
    KF_BOOL(kf_gen_title, italic, 0, "Slanted."),
    KF_COL(kf_gen_title, color, 1, 1, 1, 1, "Colour of the text."),
    KF_NUM(kf_gen_title, outline_width, 0, 512, 0, "px", "Width of the outline."),
    KF_COL(kf_gen_title, outline_color, 0, 0, 0, 1, "Colour of the outline."),
    KF_COL(kf_gen_title, shadow_color, 0, 0, 0, 0, "Colour of the shadow; alpha 0 is none."),
    KF_VEC(kf_gen_title, shadow_offset, -4096, 4096, 4, 4, "px", "Where the shadow falls."),
    KF_NUM(kf_gen_title, shadow_blur, 0, 256, 4, "px", "Softness of the shadow."),
    KF_ENUM(kf_gen_title, box, box_names, KF_GEN_BOX_NONE, "A box behind the text."),
    KF_COL(kf_gen_title, box_color, 0, 0, 0, 0.6, "Colour of the box."),
    KF_VEC(kf_gen_title, box_padding, 0, 4096, 24, 12, "px", "Space between text and edge of the box."),
    KF_NUM(kf_gen_title, box_radius, 0, 4096, 12, "px", "Corner radius of the box."),
    KF_ENUM(kf_gen_title, align, align_names, KF_GEN_ALIGN_CENTER, "Alignment of lines against each other."),
    KF_NUM(kf_gen_title, line_spacing, 0.1, 10, 1, "", "Factor on the height of lines."),
    KF_NUM(kf_gen_title, letter_spacing, -1000, 1000, 0, "px", "Added between letters."),
    KF_NUM(kf_gen_title, max_width, 0, 16384, 0, "px", "Lines wrap at this width; 0 is never."),
    KF_FIX(kf_gen_title, max_lines, 0, 1000, 0, "", "More lines are cut off; 0 is no limit."),
    KF_ENUM(kf_gen_title, ellipsize, ellipsize_names, KF_GEN_ELLIPSIZE_NONE,
        "Where text that is too long gets its dots."),
    KF_VEC(kf_gen_title, position, CENTER, PX, CENTER, CENTER, "px",
        "Where the anchor lies; \"center\" is the frame's centre."),
    KF_ENUM(kf_gen_title, anchor_h, align_names, KF_GEN_ALIGN_CENTER,
        "Which point of the text lies on the position, across."),
    KF_ENUM(kf_gen_title, anchor_v, anchor_v_names, KF_GEN_ANCHOR_MIDDLE,
        "Which point of the text lies on the position, down."),
    KF_ENUM(kf_gen_title, direction, direction_names, KF_GEN_DIRECTION_AUTO, "Direction of writing."),
    KF_TEXT(kf_gen_title, language, "", "Language tag, such as \"ar\"; helps to choose glyphs."),
    KF_NUM(kf_gen_title, line_height, 0, 16384, 0, "px",
        "From one baseline to the next, whatever fonts are in the lines; 0 is as the fonts and line_spacing say."),
};
static const kf_field subtitles_fields[] = {
    KF_FILE(kf_gen_subtitles, file, "An SRT, WebVTT or ASS file; its time 0 is the clip's source time 0."),
    KF_TEXT(kf_gen_subtitles, font, "Sans", "Font family and style (ASS brings its own)."),
    KF_NUM(kf_gen_subtitles, size, 1, 1000, 54, "px", "Font size at 1080 lines."),
    KF_COL(kf_gen_subtitles, color, 1, 1, 1, 1, "Colour of the text."),
    KF_NUM(kf_gen_subtitles, outline_width, 0, 100, 3, "px", "Width of the outline at 1080 lines."),
    KF_COL(kf_gen_subtitles, outline_color, 0, 0, 0, 1, "Colour of the outline."),
    KF_COL(kf_gen_subtitles, shadow_color, 0, 0, 0, 0, "Colour of the shadow; alpha 0 is none."),
    KF_VEC(kf_gen_subtitles, shadow_offset, -100, 100, 2, 2, "px", "Where the shadow falls."),
    KF_BOOL(kf_gen_subtitles, box, 0, "A box behind the text."),
    KF_COL(kf_gen_subtitles, box_color, 0, 0, 0, 0.6, "Colour of the box."),
    KF_VEC(kf_gen_subtitles, box_padding, 0, 1000, 20, 10, "px", "Space between text and edge of the box."),
    KF_NUM(kf_gen_subtitles, box_radius, 0, 1000, 8, "px", "Corner radius of the box."),
    KF_NUM(kf_gen_subtitles, margin_h, 0, 10000, 100, "px", "Distance from the sides at 1080 lines."),
    KF_NUM(kf_gen_subtitles, margin_v, 0, 10000, 60, "px", "Distance from the edge at 1080 lines."),
    KF_ENUM(kf_gen_subtitles, place, anchor_v_names, KF_GEN_ANCHOR_BOTTOM, "Where they stand."),
};
static const kf_field shape_fields[] = {
    KF_ENUM(kf_gen_shape, kind, shape_names, KF_GEN_SHAPE_RECT, "Shape."),
    KF_VEC(kf_gen_shape, position, CENTER, PX, CENTER, CENTER, "px",
        "Centre of the shape; \"center\" is the frame's centre."),
    KF_VEC(kf_gen_shape, size, 0, 16384, 400, 200, "px", "Width and height."),
    KF_NUM(kf_gen_shape, radius, 0, 8192, 24, "px", "Corner radius of a rounded rectangle."),
    KF_COL(kf_gen_shape, fill, 1, 1, 1, 1, "Fill."),
    KF_COL(kf_gen_shape, stroke, 0, 0, 0, 0, "Colour of the outline; alpha 0 is none."),
    KF_NUM(kf_gen_shape, stroke_width, 0, 4096, 0, "px", "Width of the outline."),
    KF_NUM(kf_gen_shape, feather, 0, 256, 0, "px", "Softness of the edge."),
    KF_COL(kf_gen_shape, shadow_color, 0, 0, 0, 0, "Colour of the shadow; alpha 0 is none."),
    KF_VEC(kf_gen_shape, shadow_offset, -4096, 4096, 4, 4, "px", "Where the shadow falls."),
    KF_NUM(kf_gen_shape, shadow_blur, 0, 256, 8, "px", "Softness of the shadow."),
    KF_POINTS(kf_gen_shape, points, "Corners of a polygon, px from the position."),
    KF_TEXT(kf_gen_shape, path, "", "SVG path data, px from the position."),
};
static const kf_field tone_fields[] = {
    KF_ENUM(kf_gen_tone, wave, wave_names, KF_GEN_WAVE_SINE, "Waveform."),
    KF_STILL(kf_gen_tone, frequency, 1, 96000, 1000, "Hz", "Frequency of the sine."),
    KF_STILL(kf_gen_tone, level, -144, 0, -20, "dBFS", "Peak level."),
};

#define GEN(id, name, label, category, fields, type, help) \
    KF_KIND(id, KF_CLASS_GENERATOR, name, label, category, fields, type, help)

static const kf_kind kinds[] = {
    GEN(KF_GEN_SOLID, "solid", "Solid", "Picture", solid_fields, kf_gen_solid, "One colour."),
    GEN(KF_GEN_GRADIENT, "gradient", "Gradient", "Picture", gradient_fields, kf_gen_gradient,
        "Colours that run into each other."),
    GEN(KF_GEN_BARS, "bars", "Bars and tone", "Test", bars_fields, kf_gen_bars, "Colour bars and a tone."),
    GEN(KF_GEN_COUNTDOWN, "countdown", "Countdown", "Test", countdown_fields, kf_gen_countdown, "A film leader."),
    GEN(KF_GEN_NOISE, "noise", "Noise", "Test", noise_fields, kf_gen_noise, "Random grains."),
    GEN(KF_GEN_TITLE, "title", "Title", "Text", title_fields, kf_gen_title, "Text with outline, shadow and box."),
    GEN(KF_GEN_SUBTITLES, "subtitles", "Subtitles", "Text", subtitles_fields, kf_gen_subtitles,
        "Subtitles of a file, burned in."),
    GEN(KF_GEN_SHAPE, "shape", "Shape", "Picture", shape_fields, kf_gen_shape,
        "Rectangles, ellipses, polygons, paths."),
    GEN(KF_GEN_TONE, "tone", "Tone", "Sound", tone_fields, kf_gen_tone, "A sine or noise; no picture."),
};
const kf_kind_table kf_kinds_generators = {kinds, sizeof kinds / sizeof *kinds};
