/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Templates of short videos: a config (docs/reel.md) becomes an ordinary film whose layout is resolved: every picture, line
 * of text and keyframe has its place in px, every sound its time.
 *
 * Nothing here opens a file, starts a thread or knows a font: media and text are asked for through a resolver, so the room
 * is the same in a program and in a web page. Functions are pure but for what the resolver does; distinct calls may run on
 * distinct threads at once. */
#ifndef KF_REEL_H
#define KF_REEL_H

#include "base/api/str.h"
#include "model/api/model.h"

enum {
    KF_REEL_MAX_BYTES = 16 << 20,    /* of a config */
    KF_REEL_MAX_MESSAGES = 2000,
    KF_REEL_MAX_LINES = 400          /* of one text */
};

/* ---- What a reel asks for ---- */

typedef struct kf_reel_text {
    const char *text;        /* UTF-8, NUL-terminated; \n ends a paragraph */
    const char *font;        /* families in order of preference, with commas between */
    float size;              /* px */
    int32_t weight;          /* 100 to 1000 */
    float max_width;         /* px; 0: only \n breaks lines */
    bool rtl;                /* base direction */
} kf_reel_text;

/* A line of it: bytes [start, start + length) of the text; the \n or spaces that it ends with may be in it or not. */
typedef struct kf_reel_line {
    int32_t start, length;
    float width;             /* px, from the pen's start to its end */
} kf_reel_line;

/* Failures end the reel, with the resolver's message under the path of what was asked for. */
typedef struct kf_reel_resolver {
    void *ctx;
    /* Breaks a text into lines of at most max_width: at words, and within those that are wider. Fills at most `capacity`
     * lines; *count is how many there are. */
    kf_status (*lines)(void *ctx, const kf_reel_text *text, kf_reel_line *lines, int32_t capacity, int32_t *count,
                       kf_error *err);
    /* What a media file is; `file` is as the config has it, relative to the config's folder. NULL: nothing is known, and
     * the config must say how long voices are. */
    kf_status (*media)(void *ctx, const char *file, kf_media_facts *out, kf_error *err);
    /* Appends a text file: subtitles, timed words. NULL: the config must hold them itself. */
    kf_status (*read)(void *ctx, const char *file, kf_str *out, kf_error *err);
} kf_reel_resolver;

/* ---- Reels ---- */

typedef struct kf_reel_options {
    const char *name;                 /* of the config, starts error messages; NULL: "reel" */
    const char *const *allowed_hosts; /* NULL-terminated: remote files may be named whose host is one of these, or ends with
                                         one that starts with a dot ("." is all of them); NULL: none. They are not fetched here: the resolver
                                         and what renders the film must be able to */
} kf_reel_options;

/* What an encoder is asked for. */
typedef struct kf_reel_output {
    int32_t width, height;            /* px */
    kf_rational rate;                 /* frames per second */
    kf_time duration;
    int32_t crf;                      /* of H.264 */
    const char *speed;                /* of the encoder: "medium", ... */
    int64_t audio_bitrate;            /* bits per second; 0: there is no sound */
} kf_reel_output;

/* Appends the film as JSON, which the model has read without complaint; its relative paths are those of the config. output
 * may be NULL. Errors: KF_ERR_PARSE (not JSON), KF_ERR_INVALID (unknown keys, values out of range, remote files that are
 * not allowed), KF_ERR_UNSUPPORTED, KF_ERR_MEMORY, and what the resolver returns; messages name the path in the config. */
kf_status kf_reel_make(const char *config, size_t length, const kf_reel_resolver *resolver, const kf_reel_options *options,
                       kf_str *film, kf_reel_output *output, kf_error *err);

/* Appends the JSON Schema (2020-12) of configs; and their reference as Markdown. Made from the tables that read them. */
kf_status kf_reel_schema_write(kf_str *out, kf_error *err);
kf_status kf_reel_reference_write(kf_str *out, kf_error *err);

#endif
