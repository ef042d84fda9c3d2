/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captions: words over a video, each at the time at which it is said. */
#ifndef KF_REEL_CAPTIONS_H
#define KF_REEL_CAPTIONS_H

#include "reel/film.h"

enum { CAPTION_WORDS_MAX = 20000, CAPTION_PAGE_MAX = 12 };

/* ---- What it is told ---- */

typedef enum caption_style {
    STYLE_TEMPLATE, STYLE_COLOR, STYLE_BOX, STYLE_POP, STYLE_KARAOKE, STYLE_REVEAL, STYLE_NONE
} caption_style;
typedef enum caption_place { PLACE_BOTTOM, PLACE_MIDDLE, PLACE_TOP } caption_place;

typedef struct caption_settings {
    const char *video, *file, *font;
    int32_t style, place, words, font_size; /* caption_style, caption_place; of a page; 0: the template's */
    kf_time offset, pause;
    int8_t capitals;             /* -1: as the template has it */
} caption_settings;

typedef struct caption_config {
    caption_settings said;
    const kf_json *words;        /* a list, or NULL */
} caption_config;

typedef struct caption_word_said {
    const char *text;
    kf_time start, end;          /* end KF_TIME_NONE: of the next word */
} caption_word_said;
extern const reel_section caption_word_table; /* of an entry of "words" */

/* ---- What it looks like: lengths in px of a frame whose shorter side has 1080 ---- */

typedef struct caption_look {
    reel_template named;
    int32_t style;               /* caption_style, not STYLE_TEMPLATE */
    const char *font;
    float size, line;            /* line: a factor of the size */
    int32_t weight, words;       /* words of a page */
    bool capitals;
    float text[4], spoken[4], box[4]; /* spoken: of the word that is said; box: behind it */
    float outline, outline_color[4];
    float shadow[4], shadow_y, shadow_blur;
    float plate[4];              /* behind the lines; alpha 0: none */
} caption_look;

const reel_template *caption_template_at(int index);

/* ---- What becomes of it ---- */

typedef struct caption_word {
    const char *text;
    kf_time start, end;          /* when it is said */
    reel_point at;               /* left, and its baseline */
    double width;
    int32_t line;                /* of its page */
} caption_word;

/* Words that are seen together. */
typedef struct caption_page {
    int32_t first, count, lines;
    kf_time start, end;
    reel_box box;                /* of its lines */
    double size;                 /* of its text, px */
    bool rtl;
} caption_page;

typedef struct captions {
    reel *r;
    const caption_config *config;
    caption_look look;           /* with the config's colours */
    double size;                 /* px */
    caption_word *words;
    size_t count, capacity;
    caption_page *pages;
    int32_t page_count;
    int32_t video;               /* asset, -1: the background is the film's */
} captions;

/* words.c: from the list, or from a file */
kf_status captions_read(captions *c);
/* pages.c */
kf_status captions_lay_out(captions *c);
/* write.c */
void captions_write_tracks(reel *r);

#endif
