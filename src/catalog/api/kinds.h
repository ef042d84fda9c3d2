/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ids of all kinds and the structs of their values, as executors and compile see them. Ids and the order of choices are
 * stable: they are stored in files. The tables (ranges, defaults, help) are in catalog's .c files.
 *
 * Units. Colours are straight R, G, B, A, 0..1, display-referred. Times are kf_time. Angles are degrees clockwise.
 * Lengths in px are pixels of the sequence while the clip has scale 1 (at its fitted size): a clip scaled by 2 has its
 * effects scaled with it. Points said to be fractions run from (0, 0) top left to (1, 1) bottom right of the picture
 * they apply to. A position component of KF_POSITION_CENTER stands for "centre". */
#ifndef KF_CATALOG_KINDS_H
#define KF_CATALOG_KINDS_H

#include "base/api/field.h"

#define KF_POSITION_CENTER (-1000000.0f)

/* ---- Properties: what every clip and track has ---- */

enum {
    KF_PROP_CLIP_VIDEO = 401, KF_PROP_CLIP_AUDIO, KF_PROP_TRACK_VIDEO, KF_PROP_TRACK_AUDIO
};

/* Same order as kf_blend_mode of video/graph (choices of blend_mode fields). */
typedef enum kf_mode {
    KF_MODE_NORMAL,
    KF_MODE_MULTIPLY,
    KF_MODE_SCREEN,
    KF_MODE_OVERLAY,
    KF_MODE_DARKEN,
    KF_MODE_LIGHTEN,
    KF_MODE_COLOR_DODGE,
    KF_MODE_COLOR_BURN,
    KF_MODE_HARD_LIGHT,
    KF_MODE_SOFT_LIGHT,
    KF_MODE_DIFFERENCE,
    KF_MODE_EXCLUSION,
    KF_MODE_ADD,
    KF_MODE_SUBTRACT,
    KF_MODE_HUE,
    KF_MODE_SATURATION,
    KF_MODE_COLOR,
    KF_MODE_LUMINOSITY,
    KF_MODE_COUNT
} kf_mode;

typedef struct kf_clip_video {
    float opacity;          /* 0..1 */
    int32_t blend_mode;     /* kf_mode */
} kf_clip_video;
typedef struct kf_track_video {
    float opacity;
    int32_t blend_mode;
} kf_track_video;

typedef enum kf_fade_curve {
    KF_FADE_CURVE_LINEAR,
    KF_FADE_CURVE_POWER,
    KF_FADE_CURVE_S
} kf_fade_curve; /* kf_fade_shape of audio/dsp */
typedef struct kf_clip_audio {
    float gain;             /* dB, -144..48; -144 is silence */
    float pan;              /* -1..1 */
    kf_time fade_in, fade_out; /* durations */
    int32_t fade_in_curve, fade_out_curve; /* kf_fade_curve */
    bool pitch_preserve;    /* keep the pitch when speed is not 1 */
    kf_time av_offset;      /* the sound is heard this much later than the picture; negative: earlier */
} kf_clip_audio;
typedef struct kf_track_audio {
    float gain, pan;
} kf_track_audio;

/* ---- Video effects ---- */

enum {
    KF_FX_TRANSFORM = 1, KF_FX_BRIGHTNESS_CONTRAST, KF_FX_SATURATION, KF_FX_EXPOSURE, KF_FX_WHITE_BALANCE, KF_FX_GAMMA,
    KF_FX_LIFT_GAMMA_GAIN, KF_FX_CURVES, KF_FX_HUE, KF_FX_LEVELS, KF_FX_LUT, KF_FX_BLUR, KF_FX_DIRECTIONAL_BLUR,
    KF_FX_SHARPEN, KF_FX_VIGNETTE, KF_FX_CHROMA_KEY, KF_FX_LUMA_KEY, KF_FX_INVERT, KF_FX_PIXELATE, KF_FX_GRAIN,
    KF_FX_DROP_SHADOW, KF_FX_GLOW, KF_FX_MASK
};

/* Also the intrinsic transform of a clip. The picture (source pixels made square) is fitted into the box and its centre
 * put on the box's centre; then: crop hides edges, flips mirror it, `scale` and `rotation` work about `anchor`, and the
 * anchor is moved to position + offset. As an effect, the box is the picture's own frame. fit: NONE keeps source
 * pixels; CONTAIN fits inside; COVER fills and overflows (cut at the box); STRETCH fills. */
typedef enum kf_fit { KF_FIT_NONE, KF_FIT_CONTAIN, KF_FIT_COVER, KF_FIT_STRETCH } kf_fit;
typedef struct kf_fx_transform {
    int32_t fit;            /* kf_fit */
    float box_position[2];  /* px, top left of the box */
    float box_size[2];      /* px; a 0 component: the sequence's (for an effect: the picture's) */
    float position[2]; /* px of the sequence, where the anchor lands; KF_POSITION_CENTER: where it lies in the centred
                          fit */
    float offset[2];        /* px, added to position */
    float scale[2];         /* 1 = fitted size; negative mirrors */
    float rotation;         /* degrees clockwise */
    float anchor[2];        /* fraction of the picture */
    float crop_left, crop_top, crop_right, crop_bottom; /* fraction cut off each side, before flipping */
    bool flip_h, flip_v;
} kf_fx_transform;

/* out = (in - 0.5) * contrast + 0.5 + brightness, per channel, display-referred */
typedef struct kf_fx_brightness_contrast { float brightness, contrast; } kf_fx_brightness_contrast;
/* out = Y + (in - Y) * amount, Y = BT.709 luma */
typedef struct kf_fx_saturation { float amount; } kf_fx_saturation;
/* linear light times 2^stops */
typedef struct kf_fx_exposure { float stops; } kf_fx_exposure;
/* -1..1 each. In linear light R, G, B times 2^(t/2 + m/4), 2^(-m/2), 2^(-t/2 + m/4) (t: temperature, warm is positive;
 * m: tint, magenta is positive), scaled to keep the luma of white. */
typedef struct kf_fx_white_balance { float temperature, tint; } kf_fx_white_balance;
/* out = in^(1/gamma), negative values stay */
typedef struct kf_fx_gamma { float gamma; } kf_fx_gamma;
/* Per channel c: out = (in * (gain - lift) + lift)^(1/gamma). Neutral: lift 0, gamma 1, gain 1; alpha is ignored. */
typedef struct kf_fx_lift_gamma_gain { float lift[4], gamma[4], gain[4]; } kf_fx_lift_gamma_gain;
/* Smooth monotone curves through points (x, y in 0..1, x ascending; kf_curve_sample). Empty = identity. The channel's
 * curve applies after master. */
typedef struct kf_fx_curves { kf_points master, red, green, blue; float mix; } kf_fx_curves;
/* Rotation of hue about the grey axis, keeping luma */
typedef struct kf_fx_hue { float angle; } kf_fx_hue;
/* t = clamp01((in - in_black) / (in_white - in_black)); out = out_black + t^(1/gamma) * (out_white - out_black) */
typedef struct kf_fx_levels { float in_black, in_white, gamma, out_black, out_white; } kf_fx_levels;
/* .cube file; result mixed with the input by `mix` */
typedef struct kf_fx_lut { const char *file; float mix; } kf_fx_lut;
typedef enum kf_fx_blur_kind { KF_FX_BLUR_GAUSSIAN, KF_FX_BLUR_BOX } kf_fx_blur_kind;
typedef enum kf_fx_edge { KF_FX_EDGE_TRANSPARENT, KF_FX_EDGE_CLAMP } kf_fx_edge;
/* radius: standard deviation in px (gaussian) or half width in px (box) */
typedef struct kf_fx_blur { int32_t kind; float radius; int32_t edge; } kf_fx_blur;
typedef struct kf_fx_directional_blur { float angle, length; int32_t edge; } kf_fx_directional_blur;
/* unsharp mask: in + amount * (in - gaussian(in, radius)) */
typedef struct kf_fx_sharpen { float amount, radius; } kf_fx_sharpen;
/* center and size are fractions (size: of the half diagonal axes), darkening from inner to outer = size + softness */
typedef struct kf_fx_vignette { float amount, center[2], size, softness, roundness; } kf_fx_vignette;
typedef struct kf_fx_chroma_key { float color[4], tolerance, softness, spill; } kf_fx_chroma_key;
/* keeps lo..hi */
typedef struct kf_fx_luma_key { float lo, hi, softness; bool invert; } kf_fx_luma_key;
typedef struct kf_fx_invert { float mix; bool alpha; } kf_fx_invert;
typedef struct kf_fx_pixelate { float size; } kf_fx_pixelate;
/* triangular noise of +-amount that changes with each frame unless `still` */
typedef struct kf_fx_grain { float amount, size; int32_t seed; bool monochrome, still; } kf_fx_grain;
typedef struct kf_fx_drop_shadow { float color[4], offset[2], blur; bool only; } kf_fx_drop_shadow;
/* what is brighter than threshold, blurred by radius px and added (screen) with amount */
typedef struct kf_fx_glow { float threshold, radius, amount; } kf_fx_glow;
typedef enum kf_fx_mask_shape { KF_FX_MASK_RECT, KF_FX_MASK_ELLIPSE, KF_FX_MASK_POLYGON } kf_fx_mask_shape;
/* center, size, points: fractions of the picture; radius, feather: px */
typedef struct kf_fx_mask {
    int32_t shape;          /* kf_fx_mask_shape */
    float center[2], size[2], radius, rotation, feather;
    bool invert;
    kf_points points;       /* POLYGON */
} kf_fx_mask;

/* ---- Transitions: progress p runs from 0 to 1; a = outgoing, b = incoming ---- */

enum {
    KF_TR_DISSOLVE = 101, KF_TR_ADDITIVE_DISSOLVE, KF_TR_DIP_TO_COLOR, KF_TR_WIPE, KF_TR_SLIDE, KF_TR_PUSH, KF_TR_ZOOM,
    KF_TR_LUMA_MATTE
};
typedef enum kf_tr_curve {
    KF_TR_CURVE_LINEAR,
    KF_TR_CURVE_EASE,
    KF_TR_CURVE_EASE_IN,
    KF_TR_CURVE_EASE_OUT
} kf_tr_curve;
/* Every transition struct starts with the curve of its progress; kf_transition_view.progress has it applied already. */
typedef struct kf_tr_dissolve { int32_t curve; } kf_tr_dissolve;                   /* (1 - p) a + p b */
typedef struct kf_tr_additive_dissolve {
    int32_t curve;
} kf_tr_additive_dissolve; /* min(1, 2 (1 - p)) a + min(1, 2 p) b */
typedef struct kf_tr_dip_to_color {
    int32_t curve;
    float color[4];
} kf_tr_dip_to_color; /* a to colour, then colour to b */
/* the edge travels towards `angle` (0 = to the right, 90 = downwards); feather is a fraction of the way */
typedef struct kf_tr_wipe { int32_t curve; float angle, feather; } kf_tr_wipe;
typedef enum kf_tr_direction { KF_TR_LEFT, KF_TR_RIGHT, KF_TR_UP, KF_TR_DOWN } kf_tr_direction; /* way of the motion */
typedef struct kf_tr_slide { int32_t curve; int32_t direction; } kf_tr_slide;      /* b slides in over a */
typedef struct kf_tr_push { int32_t curve; int32_t direction; } kf_tr_push;        /* b pushes a out */
/* a grows to `scale` and fades out while b grows from 1 / scale */
typedef struct kf_tr_zoom { int32_t curve; float scale; } kf_tr_zoom;
/* b shows where the matte's luma is below p; file: picture */
typedef struct kf_tr_luma_matte { int32_t curve; const char *file; float feather; bool invert; } kf_tr_luma_matte;

/* ---- Generators: pictures of the sequence's size ---- */

enum {
    KF_GEN_SOLID = 201, KF_GEN_GRADIENT, KF_GEN_BARS, KF_GEN_COUNTDOWN, KF_GEN_NOISE, KF_GEN_TITLE, KF_GEN_SUBTITLES,
    KF_GEN_SHAPE, KF_GEN_TONE
};
typedef struct kf_gen_solid { float color[4]; } kf_gen_solid;
typedef enum kf_gen_gradient_kind { KF_GEN_GRADIENT_LINEAR, KF_GEN_GRADIENT_RADIAL } kf_gen_gradient_kind;
/* linear: along `angle` (0 = left to right, 90 = top to bottom) through `center`, length = `size` times the extent of
 * the frame in that direction; radial: about center, radius = size times half the diagonal. */
typedef struct kf_gen_gradient { int32_t kind; kf_stops stops; float angle, center[2], size; } kf_gen_gradient;
typedef enum kf_gen_bars_kind { KF_GEN_BARS_SMPTE, KF_GEN_BARS_EBU } kf_gen_bars_kind;
typedef struct kf_gen_bars { int32_t kind; bool tone; float tone_level; } kf_gen_bars; /* 1 kHz at tone_level dB */
typedef struct kf_gen_countdown {
    int32_t from;
    float color[4], background[4];
    bool tone;
} kf_gen_countdown; /* seconds, a pip each */
typedef struct kf_gen_noise { float size; int32_t seed; bool monochrome, still; } kf_gen_noise;

typedef enum kf_gen_align {
    KF_GEN_ALIGN_LEFT,
    KF_GEN_ALIGN_CENTER,
    KF_GEN_ALIGN_RIGHT
} kf_gen_align; /* also of anchor_h */
typedef enum kf_gen_anchor_v {
    KF_GEN_ANCHOR_TOP,
    KF_GEN_ANCHOR_MIDDLE,
    KF_GEN_ANCHOR_BASELINE,
    KF_GEN_ANCHOR_BOTTOM
} kf_gen_anchor_v;
typedef enum kf_gen_box { KF_GEN_BOX_NONE, KF_GEN_BOX_WHOLE, KF_GEN_BOX_LINES } kf_gen_box;
typedef enum kf_gen_ellipsize {
    KF_GEN_ELLIPSIZE_NONE,
    KF_GEN_ELLIPSIZE_START,
    KF_GEN_ELLIPSIZE_MIDDLE,
    KF_GEN_ELLIPSIZE_END
} kf_gen_ellipsize;
typedef enum kf_gen_direction { KF_GEN_DIRECTION_AUTO, KF_GEN_DIRECTION_LTR, KF_GEN_DIRECTION_RTL } kf_gen_direction;
/* Choices are in the order of the enums of text/api/text.h. */
typedef struct kf_gen_title {
    const char *text;
    bool markup;             /* text is Pango markup */
    const char *font;        /* "Inter Bold"; "" = Sans */
    float size;              /* px */
    int32_t weight;          /* 0 = as font says, else 100..1000 */
    bool italic;
    float color[4];
    float outline_width, outline_color[4];
    float shadow_color[4], shadow_offset[2], shadow_blur;
    int32_t box;             /* kf_gen_box */
    float box_color[4], box_padding[2], box_radius;
    int32_t align;           /* kf_gen_align: lines against each other */
    float line_spacing, letter_spacing;
    float max_width;         /* px, 0 = no wrapping */
    int32_t max_lines;
    int32_t ellipsize;
    float position[2];       /* px of the sequence; KF_POSITION_CENTER: its centre */
    int32_t anchor_h;        /* kf_gen_align: which point of the text lies on position */
    int32_t anchor_v;        /* kf_gen_anchor_v */
    int32_t direction;
    const char *language;
    float line_height;       /* px; 0: as font and line_spacing say */
} kf_gen_title;
typedef struct kf_gen_subtitles {
    const char *file;        /* SRT, VTT, ASS */
    const char *font;
    float size;              /* px at 1080 lines; scales with the height */
    float color[4], outline_width, outline_color[4], shadow_color[4], shadow_offset[2];
    bool box;
    float box_color[4], box_padding[2], box_radius, margin_h, margin_v;
    int32_t place;           /* kf_gen_anchor_v: top, middle, (baseline = bottom), bottom */
} kf_gen_subtitles;
typedef enum kf_gen_shape_kind {
    KF_GEN_SHAPE_RECT,
    KF_GEN_SHAPE_ROUNDED,
    KF_GEN_SHAPE_ELLIPSE,
    KF_GEN_SHAPE_POLYGON,
    KF_GEN_SHAPE_PATH
} kf_gen_shape_kind;
/* position: px of the sequence, centre of the shape (POLYGON, PATH: where their origin lies). */
typedef struct kf_gen_shape {
    int32_t kind;            /* kf_gen_shape_kind */
    float position[2], size[2], radius;
    float fill[4], stroke[4], stroke_width, feather;
    float shadow_color[4], shadow_offset[2], shadow_blur;
    kf_points points;        /* POLYGON, px */
    const char *path;        /* PATH, SVG path data */
    float path_scale;        /* no parameter: px of the canvas per px of the path; 0: 1 */
} kf_gen_shape;
typedef enum kf_gen_wave { KF_GEN_WAVE_SINE, KF_GEN_WAVE_WHITE, KF_GEN_WAVE_PINK } kf_gen_wave;
typedef struct kf_gen_tone { int32_t wave; float frequency, level; } kf_gen_tone; /* Hz, dBFS; no picture */

/* ---- Audio effects ---- */

enum {
    KF_AFX_GAIN = 301, KF_AFX_EQ, KF_AFX_PAN, KF_AFX_COMPRESSOR, KF_AFX_DUCK, KF_AFX_GATE, KF_AFX_DELAY, KF_AFX_REVERB,
    KF_AFX_LIMITER, KF_AFX_LOUDNESS_NORMALIZE
};
typedef struct kf_afx_gain { float gain; } kf_afx_gain;
typedef struct kf_afx_eq {   /* low shelf, three peaks, high shelf; gain 0 dB = band off; cuts at 0 Hz = off */
    float low_frequency, low_gain;
    float peak1_frequency, peak1_gain, peak1_q;
    float peak2_frequency, peak2_gain, peak2_q;
    float peak3_frequency, peak3_gain, peak3_q;
    float high_frequency, high_gain;
    float low_cut, high_cut; /* Hz of a high-pass and a low-pass, 0 = off */
} kf_afx_eq;
typedef struct kf_afx_pan { float pan; int32_t law; } kf_afx_pan; /* law: kf_pan_law: balance, power */
typedef struct kf_afx_compressor {
    float threshold, ratio, knee, attack, release, makeup, mix;
} kf_afx_compressor; /* dB, ms */
/* sidechain: name (or id) of the track listened to */
typedef struct kf_afx_duck {
    const char *sidechain;
    float threshold, amount, attack, hold, release, look_ahead;
} kf_afx_duck;
typedef struct kf_afx_gate { float threshold, hysteresis, range, attack, hold, release; } kf_afx_gate;
typedef struct kf_afx_delay { float time, feedback, low_pass, mix; bool ping_pong; } kf_afx_delay; /* ms, Hz */
typedef struct kf_afx_reverb { float decay, pre_delay, damping, size, width, wet, dry; } kf_afx_reverb; /* s, ms */
typedef struct kf_afx_limiter { float ceiling, look_ahead, release, input; } kf_afx_limiter; /* dBTP, ms */
typedef struct kf_afx_loudness_normalize {
    float target, ceiling;
} kf_afx_loudness_normalize; /* LUFS, dBTP; master only */

#endif
