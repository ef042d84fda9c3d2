/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue: every effect, transition, generator, audio effect and preset, declared once. Tables are constant and may be
 * read by any thread. Each kind's parameters are a plain C struct; its fields say where each value sits. Struct members are the
 * JSON names. Ids and versions are part of the file format: they are never reused. */
#ifndef KF_CATALOG_H
#define KF_CATALOG_H

#include "base/api/field.h"
#include "base/api/image.h"
#include "base/api/status.h"

typedef enum kf_kind_class {
    KF_CLASS_INTRINSIC,   /* parameters that every clip or track has */
    KF_CLASS_EFFECT,
    KF_CLASS_TRANSITION,
    KF_CLASS_GENERATOR,
    KF_CLASS_AUDIO_EFFECT,
    KF_CLASS_COUNT
} kf_kind_class;

typedef enum kf_kind_id {
    KF_KIND_CLIP = 1, KF_KIND_TRANSFORM, KF_KIND_TRACK,
    KF_FX_BRIGHTNESS_CONTRAST = 32, KF_FX_SATURATION, KF_FX_EXPOSURE, KF_FX_WHITE_BALANCE, KF_FX_GAMMA, KF_FX_LIFT_GAMMA_GAIN,
    KF_FX_CURVES, KF_FX_HUE, KF_FX_LEVELS, KF_FX_LUT, KF_FX_BLUR, KF_FX_DIRECTIONAL_BLUR, KF_FX_SHARPEN, KF_FX_VIGNETTE,
    KF_FX_CHROMA_KEY, KF_FX_LUMA_KEY, KF_FX_INVERT, KF_FX_PIXELATE, KF_FX_GRAIN, KF_FX_DROP_SHADOW, KF_FX_GLOW, KF_FX_MASK,
    KF_FX_TRANSFORM,
    KF_TR_DISSOLVE = 96, KF_TR_ADDITIVE_DISSOLVE, KF_TR_DIP_TO_COLOR, KF_TR_WIPE, KF_TR_SLIDE, KF_TR_PUSH, KF_TR_ZOOM, KF_TR_LUMA_MATTE,
    KF_GEN_SOLID = 128, KF_GEN_GRADIENT, KF_GEN_BARS, KF_GEN_COUNTDOWN, KF_GEN_NOISE, KF_GEN_TITLE, KF_GEN_SUBTITLES, KF_GEN_SHAPE,
    KF_GEN_TONE,
    KF_AFX_GAIN = 160, KF_AFX_EQ, KF_AFX_PAN, KF_AFX_COMPRESSOR, KF_AFX_DUCK, KF_AFX_GATE, KF_AFX_DELAY, KF_AFX_REVERB, KF_AFX_LIMITER
} kf_kind_id;

typedef struct kf_kind {
    uint16_t id, version;
    kf_kind_class cls;
    const char *name, *label, *category, *help;
    const kf_field *fields;
    int field_count;
    size_t values_size;
} kf_kind;

int kf_kind_count(void);
const kf_kind *kf_kind_at(int index);
const kf_kind *kf_kind_get(uint16_t id);                             /* NULL if unknown */
const kf_kind *kf_kind_find(kf_kind_class cls, const char *name);    /* NULL if unknown */
const char *kf_kind_closest(kf_kind_class cls, const char *name);    /* did-you-mean, or NULL */
const char *kf_kind_class_name(kf_kind_class cls);                   /* "effect", "transition", ... */
/* Fills a struct of values with the defaults. Texts point into the table; POINTS and STOPS are empty. */
void kf_kind_defaults(const kf_kind *kind, void *values);

extern const char *const kf_blend_names[]; /* in the order of kf_blend_mode in video/graph; NULL-terminated */

/* ---- intrinsics ---- */
typedef struct kf_clip_values { float opacity, gain, pan; } kf_clip_values;      /* gain dB, pan -1..1 */
typedef struct kf_track_values { float opacity, gain, pan; } kf_track_values;
enum { KF_FIT_CONTAIN, KF_FIT_COVER, KF_FIT_STRETCH, KF_FIT_NONE };
typedef struct kf_transform_values {
    int32_t fit;              /* how the source meets the canvas before everything else */
    float position[2];        /* px from the canvas centre of where the anchor lands */
    float scale[2];           /* 1 = fitted size */
    float rotation;           /* degrees clockwise */
    float anchor[2];          /* px from the source's centre, in fitted size */
    float crop_left, crop_top, crop_right, crop_bottom; /* fractions 0..1 of the source */
    bool flip_h, flip_v;
} kf_transform_values;

/* ---- effects ---- */
typedef struct kf_fx_brightness_contrast { float brightness, contrast; } kf_fx_brightness_contrast;
typedef struct kf_fx_amount { float amount; } kf_fx_amount; /* saturation, exposure, gamma, hue */
typedef struct kf_fx_white_balance { float temperature, tint; } kf_fx_white_balance;
typedef struct kf_fx_lift_gamma_gain { float lift[4], gamma[4], gain[4]; } kf_fx_lift_gamma_gain;
typedef struct kf_fx_curves { kf_points master, red, green, blue; } kf_fx_curves;
typedef struct kf_fx_levels { float in_black, in_white, gamma, out_black, out_white; } kf_fx_levels;
typedef struct kf_fx_lut { const char *file; float amount; } kf_fx_lut;
enum { KF_BLURFX_GAUSSIAN, KF_BLURFX_BOX };
typedef struct kf_fx_blur { int32_t type; float radius[2]; bool repeat_edges; } kf_fx_blur;
typedef struct kf_fx_directional_blur { float angle, length; bool repeat_edges; } kf_fx_directional_blur;
typedef struct kf_fx_sharpen { float amount, radius; } kf_fx_sharpen;
typedef struct kf_fx_vignette { float amount, inner, outer, center[2]; } kf_fx_vignette;
typedef struct kf_fx_chroma_key { float color[4], tolerance, softness, spill; } kf_fx_chroma_key;
typedef struct kf_fx_luma_key { float low, high, softness; bool invert; } kf_fx_luma_key;
typedef struct kf_fx_pixelate { int32_t size; } kf_fx_pixelate;
typedef struct kf_fx_grain { float amount; int32_t size, seed; bool monochrome; } kf_fx_grain;
typedef struct kf_fx_drop_shadow { float color[4], offset[2], blur; } kf_fx_drop_shadow;
typedef struct kf_fx_glow { float threshold, radius, amount; } kf_fx_glow;
enum { KF_MASKFX_RECT, KF_MASKFX_ELLIPSE, KF_MASKFX_POLYGON };
typedef struct kf_fx_mask { int32_t shape; float center[2], size[2], radius, rotation, feather; bool invert; kf_points points; } kf_fx_mask;

/* ---- transitions ---- */
typedef struct kf_tr_dip { float color[4]; } kf_tr_dip;
typedef struct kf_tr_wipe { float angle, feather; } kf_tr_wipe;
enum { KF_FROM_LEFT, KF_FROM_RIGHT, KF_FROM_TOP, KF_FROM_BOTTOM };
typedef struct kf_tr_move { int32_t from; } kf_tr_move; /* slide, push */
typedef struct kf_tr_zoom { float amount; } kf_tr_zoom;
typedef struct kf_tr_luma_matte { const char *file; float feather; bool invert; } kf_tr_luma_matte;

/* ---- generators ---- */
typedef struct kf_gen_solid { float color[4]; } kf_gen_solid;
typedef struct kf_gen_gradient { int32_t type; float angle; kf_stops stops; float from[4], to[4]; } kf_gen_gradient;
enum { KF_BARS_SMPTE, KF_BARS_EBU };
typedef struct kf_gen_bars { int32_t type; bool tone; float tone_level; } kf_gen_bars;
typedef struct kf_gen_countdown { float color[4], background[4]; const char *font; } kf_gen_countdown;
typedef struct kf_gen_noise { int32_t size, seed; bool monochrome, still; } kf_gen_noise;
typedef struct kf_gen_title {
    const char *text, *font;
    bool markup;
    float size, color[4], position[2], outline, outline_color[4], shadow_color[4], shadow_offset[2], shadow_blur;
    int32_t box;
    float box_color[4], box_padding[2], box_radius;
    int32_t align, anchor_h, anchor_v;
    float max_width, line_spacing, letter_spacing;
    float typewriter; /* characters per second; 0: all at once */
} kf_gen_title;
typedef struct kf_gen_subtitles { const char *file, *font; float size, color[4], outline, outline_color[4]; bool box; float box_color[4], margin; } kf_gen_subtitles;
enum { KF_SHAPEGEN_RECT, KF_SHAPEGEN_ELLIPSE, KF_SHAPEGEN_POLYGON };
typedef struct kf_gen_shape { int32_t shape; float center[2], size[2], radius, fill[4], stroke[4], stroke_width, feather; kf_points points; } kf_gen_shape;
typedef struct kf_gen_tone { float frequency, level; } kf_gen_tone;

/* ---- audio effects ---- */
typedef struct kf_afx_gain { float gain; } kf_afx_gain;
typedef struct kf_afx_eq {
    float low_freq, low_gain, mid1_freq, mid1_gain, mid1_q, mid2_freq, mid2_gain, mid2_q, mid3_freq, mid3_gain, mid3_q, high_freq, high_gain, low_cut, high_cut;
} kf_afx_eq;
typedef struct kf_afx_pan { float pan; } kf_afx_pan;
typedef struct kf_afx_compressor { float threshold, ratio, attack, release, knee, makeup; } kf_afx_compressor;
typedef struct kf_afx_duck { const char *track; float threshold, amount, attack, hold, release; } kf_afx_duck;
typedef struct kf_afx_gate { float threshold, range, attack, hold, release; } kf_afx_gate;
typedef struct kf_afx_delay { float time, feedback, mix; } kf_afx_delay;
typedef struct kf_afx_reverb { float size, damping, mix; } kf_afx_reverb;
typedef struct kf_afx_limiter { float ceiling, release; } kf_afx_limiter;

/* ---- presets ---- */
typedef struct kf_preset {
    const char *name, *help, *container, *video_codec, *audio_codec, *speed, *profile;
    int crf;                      /* -1: the codec's default */
    int64_t video_bitrate, audio_bitrate;
    kf_pixfmt format;             /* KF_PIX_NONE: the codec's default */
    int width, height;            /* 0: as the sequence */
    kf_rational rate;
} kf_preset;
int kf_preset_count(void);
const kf_preset *kf_preset_at(int index);
const kf_preset *kf_preset_find(const char *name);
const char *kf_preset_closest(const char *name);

#endif
