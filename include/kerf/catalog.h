/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, the catalogue: every effect, transition, generator, set of properties and edit with its parameters,
 * and the presets of sequences and exports, as plain structs, for programs that show them.
 *
 * Constant data of the library: any thread may ask, texts live forever, are English, and never NULL. Functions return
 * false for what is not there, and then have written nothing. */
#ifndef KERF_CATALOG_H
#define KERF_CATALOG_H

#include "kerf/timeline.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum kf_catalog_type {
    KF_CATALOG_PROPERTIES,    /* what every clip and track has: "clip", "clip_audio", "track", "track_audio" */
    KF_CATALOG_VIDEO_EFFECT,  /* "transform" is also what every clip has */
    KF_CATALOG_TRANSITION,
    KF_CATALOG_GENERATOR,
    KF_CATALOG_AUDIO_EFFECT,
    KF_CATALOG_EDIT           /* operations of kerf/project.h; parameters are their arguments */
} kf_catalog_type;
/* Where the kind of a set of parameters is found: kf_param_set.kind is of this type. */
KF_API kf_catalog_type kf_catalog_type_of(kf_param_group group);

typedef struct kf_catalog_kind {
    kf_catalog_type type;
    const char *name;         /* in films and edits; unique within its type */
    const char *label, *category, *help;
    int32_t params;
    uint16_t id;              /* private */
} kf_catalog_kind;
KF_API int32_t kf_catalog_count(kf_catalog_type type);
KF_API bool kf_catalog_at(kf_catalog_type type, int32_t index, kf_catalog_kind *out);
KF_API bool kf_catalog_find(kf_catalog_type type, const char *name, kf_catalog_kind *out);

/* What a parameter's value is. Numbers are kf_param_now.number. */
typedef enum kf_catalog_value {
    KF_VALUE_SWITCH,          /* 0 or 1 */
    KF_VALUE_WHOLE,           /* a whole number */
    KF_VALUE_NUMBER,
    KF_VALUE_POINT,           /* x, y */
    KF_VALUE_COLOR,           /* R, G, B, A, 0 to 1 */
    KF_VALUE_WHEEL,           /* a correction for each of R, G, B, from min to max; the fourth number is not used */
    KF_VALUE_CHOICE,          /* index in `choices`; its name in JSON */
    KF_VALUE_TEXT,
    KF_VALUE_FILE,            /* a path, from the film's folder or absolute */
    KF_VALUE_TIME,            /* seconds */
    KF_VALUE_POINTS,          /* JSON: a list of [x, y], of a curve or a polygon */
    KF_VALUE_GRADIENT,        /* JSON: a list of [position, colour] */
    KF_VALUE_ID, KF_VALUE_IDS, KF_VALUE_JSON /* of edits: a clip, transition or marker; several; an object */
} kf_catalog_value;

typedef struct kf_catalog_param {
    const char *name;         /* in films and edits */
    char label[48];
    const char *help;         /* one sentence */
    kf_catalog_value value;
    double min, max;          /* of each number, inclusive */
    double soft_min, soft_max; /* the range of a slider: others can be typed in */
    double step;              /* a small change; whole numbers: 1 */
    int32_t digits;           /* shown behind the point */
    bool logarithmic;         /* the slider's way is */
    bool centers;             /* a number that is `min` stands for the centre */
    double number[4];         /* default; a TIME that is NaN: not given */
    const char *text;         /* default of texts; of POINTS and GRADIENT as JSON */
    const char *unit;         /* "px", "dB", "deg", "s", ...; "" if none */
    bool animatable, required;
    const char *const *choices; /* names; kf_catalog_label makes labels of them */
    int32_t choice_count;
} kf_catalog_param;
KF_API bool kf_catalog_param_at(const kf_catalog_kind *kind, int32_t index, kf_catalog_param *out);
KF_API bool kf_catalog_param_find(const kf_catalog_kind *kind, const char *name, kf_catalog_param *out);
/* The smooth curve through points (x ascending from 0 to 1; none: a straight line) as the curves effect has it, at `count` places
 * from 0 to 1. False if the points are not in order, or out of memory. */
KF_API bool kf_curve_values(const float (*points)[2], int32_t point_count, float *values, int32_t count);
/* "color_dodge" -> "Colour dodge". Writes at most size bytes, 0-terminated. */
KF_API void kf_catalog_label(const char *name, char *label, size_t size);

/* What new sequences can be like. */
typedef struct kf_sequence_preset_info {
    const char *name, *label, *help;
    int32_t width, height;    /* px */
    kf_rational rate, pixel_aspect;
    int32_t sample_rate, channels;
} kf_sequence_preset_info;
KF_API bool kf_catalog_sequence_preset(int32_t index, kf_sequence_preset_info *out);

/* What exports can be like (kf_render_params.preset). */
typedef struct kf_export_preset_info {
    const char *name, *label, *help;
    const char *extension;    /* usual one, without dot */
    bool video, audio;
    int32_t width, height;    /* px; 0: as the sequence */
    kf_rational rate;         /* {0, 0}: as the sequence */
    const char *container;    /* of kf_catalog_container */
    const char *video_codec, *audio_codec; /* of kf_catalog_codec; "none": the file has no such stream */
    int32_t crf;              /* constant quality; -1: none */
    int64_t video_bitrate, audio_bitrate; /* bits per second; 0: the codec's default */
} kf_export_preset_info;
KF_API bool kf_catalog_export_preset(int32_t index, kf_export_preset_info *out);

/* What files can be written with, as this build has it. */
typedef struct kf_container_desc {
    const char *name, *label;
    const char *const *extensions; /* without dot, the usual one first; lists end with NULL */
    const char *const *video, *const *audio; /* names of codecs, the default first; empty: no such stream */
    bool pictures;            /* a numbered file for each frame */
    bool available;
} kf_container_desc;
KF_API bool kf_catalog_container(int32_t index, kf_container_desc *out);
typedef struct kf_codec_desc {
    const char *name, *label;
    bool audio, lossless, alpha, available;
    int32_t crf_min, crf_max, crf_default; /* constant quality, less is better; all 0: it has none */
    int64_t bitrate;          /* of sound: its default for stereo, bits per second; 0: none */
} kf_codec_desc;
/* Codecs of pictures, then of sound. */
KF_API bool kf_catalog_codec(int32_t index, kf_codec_desc *out);

#ifdef __cplusplus
}
#endif
#endif
