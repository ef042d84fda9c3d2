/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reel on its way from a config to a film: read, timed, laid out, written. */
#ifndef KF_REEL_REEL_H
#define KF_REEL_REEL_H

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "reel/config.h"
#include "reel/look.h"

typedef struct reel_box { int32_t x, y, w, h; } reel_box; /* px */

/* A file of the film, once however often it is used. */
typedef struct reel_asset {
    const char *file, *id;
    kf_media_facts facts;
} reel_asset;

typedef struct reel_message {
    const kf_json *json;
    reel_message_settings said;
    bool right, rtl;
    bool first, last;        /* of those of one sender in a row */
    kf_time start, hold;     /* when it comes, how long before what follows */
    kf_time end;             /* when it is not seen any more */
    kf_time move;            /* length of its animation */
    int32_t voice, picture;  /* assets, -1: none */
    const char *text;        /* its lines, with \n between; "" without */
    int32_t lines;
    float text_width;        /* px */
    reel_box bubble, image;  /* of the chat's content; of the bubble */
    int32_t scroll;          /* how far the chat has moved up once the message is there, px */
    int32_t track;
} reel_message;

typedef struct reel {
    const kf_reel_resolver *resolver;
    const kf_reel_options *params;
    const char *name;        /* of the config */
    kf_error *err;
    kf_arena arena;
    reel_config config;
    reel_look look;          /* with the config's colours */
    int32_t width, height;
    kf_rational rate;
    kf_time duration;
    double unit;             /* px per px of the look */
    reel_box area, header, chat; /* of the frame: where the content is; its bar; its messages */
    reel_message *messages;
    int32_t message_count, track_count;
    reel_asset *assets;
    size_t asset_count, asset_capacity;
    int32_t backdrop, footage, music, sounds[2]; /* assets, -1: none; sounds: of messages on the left and right */
    kf_json_writer w;
} reel;

#define REEL_FAIL(r, value, ...) kf_json_fail((value), (r)->name, (r)->err, __VA_ARGS__)

/* ---- assets.c ---- */
/* The asset of a file, -1 in *out for "". Where `json` is the value that names it. */
kf_status reel_asset_get(reel *r, const kf_json *json, const char *file, int32_t *out);

/* ---- timing.c ---- */
kf_time reel_frame(const reel *r, kf_time t);      /* the start of the first frame at or after t */
kf_status reel_read_messages(reel *r);
kf_status reel_time_messages(reel *r);

/* ---- layout.c ---- */
kf_status reel_lay_out(reel *r);
int32_t reel_px(const reel *r, double length);     /* of the look, in whole px */
bool reel_text_is_rtl(const char *text);           /* by its first letter that has a direction */
/* Breaks a text into lines. *broken is new in the arena. */
kf_status reel_break(reel *r, const kf_json *json, const kf_reel_text *text, const char **broken, int32_t *lines,
                     float *width);

/* ---- film.c: parts of a film's JSON ---- */
typedef struct reel_span { kf_time start, duration; } reel_span;
typedef struct reel_point { double x, y; } reel_point;
typedef struct reel_curve {
    const char *interp;      /* "linear", "ease_out", ...; NULL: bezier */
    double bezier[4];
} reel_curve;
extern const reel_curve reel_curve_out, reel_curve_in_out, reel_curve_back; /* slows down; both; overshoots */

void film_time(reel *r, const char *key, kf_time t);
void film_point(reel *r, const char *key, double x, double y);
void film_color_value(reel *r, const float color[4]);
void film_color(reel *r, const char *key, const float color[4]);
void film_sequence_begin(reel *r, const char *id, const char *name, int32_t w, int32_t h);
void film_sequence_end(reel *r);
void film_tracks_begin(reel *r); /* ended with the sequence */
void film_track_begin(reel *r, const char *name, bool audio); /* at its properties, then film_clips_begin */
void film_clips_begin(reel *r);
void film_track_end(reel *r);
/* A clip is an object that the caller goes on with and ends with film_clip_end. */
void film_generator_begin(reel *r, const char *name, const char *generator, reel_span span); /* in its params */
void film_params_end(reel *r);
void film_asset_begin(reel *r, const char *name, int32_t asset, reel_span span);
void film_nested_begin(reel *r, const char *name, const char *sequence, reel_span span);
void film_clip_end(reel *r);
/* "key": {"keys": [...]} of a moves from `from` at time 0 to `to` at `length`. */
void film_move_point(reel *r, const char *key, reel_point from, reel_point to, kf_time length, const reel_curve *curve);
void film_move_number(reel *r, const char *key, double from, double to, kf_time length, const reel_curve *curve);
void film_keys_begin(reel *r, const char *key);
void film_keys_end(reel *r);
void film_key_begin(reel *r, kf_time t, const reel_curve *curve); /* at its "v" */
void film_key_end(reel *r);

/* "transform" of a clip: its top left at x, y in its own size; fitted into a box. */
void film_place(reel *r, double x, double y);
void film_fit(reel *r, const char *fit, reel_box box);

typedef struct reel_title {
    const char *text;
    double x, y;             /* where its left, middle or right lies; the first baseline */
    double size, line;       /* px; line: from baseline to baseline */
    int32_t weight;
    const float *color;
    int align;               /* -1 left, 0 centre, 1 right */
    bool rtl;
} reel_title;
void film_title(reel *r, const char *name, const reel_title *title, reel_span span);
/* A whole track with one clip. */
void film_title_track(reel *r, const char *name, const reel_title *title, reel_span span);
void film_rect_track(reel *r, const char *name, reel_box box, double radius, const float color[4], reel_span span);
/* px as text that no locale changes. */
void film_number(kf_str *out, double v);

/* ---- kinds ---- */
kf_status reel_write_chat(reel *r);      /* chat.c: the tracks of the chat in the main sequence */
kf_status reel_write_chat_sequences(reel *r); /* and what they nest */
void reel_write_header(reel *r);         /* header.c */
void reel_write_header_sequence(reel *r);
kf_status reel_write_backdrop(reel *r);  /* backdrop.c */
kf_status reel_prepare_backdrop(reel *r);
kf_status reel_write_sound(reel *r);     /* sound.c */
kf_status reel_prepare_sound(reel *r);
bool reel_is_heard(const reel *r);         /* whether there is anything to hear */
double reel_gain(float percent);         /* dB of a volume */

#endif
