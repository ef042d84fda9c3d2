/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Presets: named rows of what to write when exporting, and of what sequences are like. Immutable static data. */
#ifndef KF_CATALOG_PRESETS_H
#define KF_CATALOG_PRESETS_H

#include "kerf/base.h"

/* Strings that are NULL and numbers that are 0 mean "as the sequence or the codec has it". */
typedef struct kf_preset {
    const char *name;          /* "youtube-1080p" */
    const char *label;
    const char *help;
    const char *extension;     /* usual file name extension, without dot */
    const char *container;     /* name in media's table: "mp4", "mov", "mkv", "webm", "gif", "png", "wav", ... */
    const char *video_codec;   /* "h264", ...; "none": no video */
    const char *audio_codec;   /* "aac", ...; "none": no audio */
    int crf;                   /* constant quality; -1: none */
    int64_t video_bitrate, audio_bitrate; /* bits per second */
    const char *speed;         /* "veryfast" ... */
    const char *profile;
    const char *pixel_format;  /* kf_pixfmt name */
    int width, height;         /* a film of another shape is fitted into it (letterboxed) */
    kf_rational rate;
    int gop;                   /* greatest keyframe distance, frames */
    int sample_rate;
    bool faststart;
    bool variable_rate;        /* frames only where the picture changes */
} kf_preset;

int kf_preset_count(void);
const kf_preset *kf_preset_at(int index);          /* NULL out of range */
const kf_preset *kf_preset_find(const char *name); /* NULL if unknown */
const char *kf_preset_suggest(const char *name);   /* the closest name, NULL if none is close */
/* The preset used when only an output name is given: by its extension (any case), NULL if none fits. */
const kf_preset *kf_preset_for_extension(const char *extension);

/* What a sequence is like. */
typedef struct kf_sequence_preset {
    const char *name;          /* "1080p25" */
    const char *label;
    const char *help;
    int32_t width, height;     /* px */
    kf_rational rate;          /* frames per second */
    kf_rational pixel_aspect;  /* width of a pixel to its height */
    int32_t sample_rate, channels;
} kf_sequence_preset;

int kf_sequence_preset_count(void);
const kf_sequence_preset *kf_sequence_preset_at(int index);          /* NULL out of range */
const kf_sequence_preset *kf_sequence_preset_find(const char *name); /* NULL if unknown */
const char *kf_sequence_preset_suggest(const char *name);            /* the closest name, NULL if none is close */

#endif
