/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reel on its way from a config to a film: what every kind of reel shares. */
#ifndef KF_REEL_FILM_H
#define KF_REEL_FILM_H

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "reel/config.h"

typedef struct reel_box { int32_t x, y, w, h; } reel_box; /* px; sides are even: shapes are placed by their centres */
typedef struct reel_span { kf_time start, duration; } reel_span;
typedef struct reel_point { double x, y; } reel_point;

/* A file of the film, once however often it is used. */
typedef struct reel_asset {
    const char *file, *id;
    kf_media_facts facts;
} reel_asset;

/* Somebody speaks, or something is heard. */
typedef struct reel_voice {
    int32_t asset;
    const char *name;        /* to show */
    kf_time start, hold;     /* hold: its length, if the file does not say */
} reel_voice;
typedef struct reel_effect {
    kf_time start;
    bool sent;
} reel_effect;

struct reel {
    const kf_reel_resolver *resolver;
    const kf_reel_options *options;
    const char *name;        /* of the config */
    kf_error *err;
    kf_arena arena;
    reel_config config;
    int32_t width, height;   /* of the frame, px */
    kf_rational rate;
    reel_box area;           /* of the frame: where the content is */
    kf_json_writer w;

    /* What the kind says: */
    kf_time duration;        /* of its content, then of the film */
    double unit;             /* px per px of its design */
    kf_stops ground;         /* the template's background, */
    float angle;             /* and its direction */
    void *state;             /* its own */

    reel_voice *voices;
    size_t voice_count, voice_capacity;
    reel_effect *effects;
    size_t effect_count, effect_capacity;
    reel_asset *assets;
    size_t asset_count, asset_capacity;
    int32_t backdrop, footage, music, sounds[2]; /* assets, -1: none; sounds: received, sent */
};

#define REEL_FAIL(r, value, ...) kf_json_fail((value), (r)->name, (r)->err, __VA_ARGS__)

/* ---- For kinds ---- */

/* The asset of a file, -1 in *out for "". `json` is the value that names it. */
kf_status reel_asset_get(reel *r, const kf_json *json, const char *file, int32_t *out);
/* The same of a picture or video, and of a sound: other files are errors. */
kf_status reel_picture_get(reel *r, const kf_json *json, const char *file, int32_t *out);
kf_status reel_sound_get(reel *r, const kf_json *json, const char *file, int32_t *out);
void reel_add_voice(reel *r, reel_voice voice);    /* in order of time */
void reel_add_effect(reel *r, reel_effect effect);
reel_reader reel_reader_of(reel *r);               /* to read entries of a list */
/* A member of an object, else the object: what a message is about. */
const kf_json *reel_member(const kf_json *object, const char *key);

void reel_set_duration(reel *r, kf_time content);  /* what the config says of it, else as long as the content takes */
kf_time reel_frame(const reel *r, kf_time t);      /* the start of the first frame at or after t */
int32_t reel_px(const reel *r, double length);     /* of the design, in whole px */
int32_t reel_even(double length);                  /* px, rounded up to an even number */

/* ---- text.c ---- */

/* Texts broken into lines by the resolver. *broken is new in the arena, with \n between lines. */
kf_status reel_break(reel *r, const kf_json *json, const kf_reel_text *text, const char **broken, int32_t *lines,
                     float *width);
bool reel_text_is_rtl(const char *text);           /* by its first letter that has a direction */
/* After the first user-perceived character: marks, joiners and flags belong together. */
const char *reel_next_cluster(const char *text);
int reel_count_emoji(const char *text);            /* of a text of nothing but emoji and spaces; else 0 */
/* Where a line's baseline is, so that its capitals stand in its middle. */
double reel_baseline(double top, double size, double line);

/* ---- film.c: parts of a film's JSON ---- */

typedef struct reel_curve {
    const char *interp;      /* "linear", "ease_out", ...; NULL: bezier */
    double bezier[4];
} reel_curve;
extern const reel_curve reel_curve_out, reel_curve_in_out, reel_curve_back; /* slows down; both; overshoots */

void film_time(reel *r, const char *key, kf_time t);
void film_point(reel *r, const char *key, double x, double y);
void film_point_value(reel *r, double x, double y);
void film_color(reel *r, const char *key, const float color[4]);
void film_color_value(reel *r, const float color[4]);
void film_stops(reel *r, const kf_stops *stops);   /* "stops" of a gradient */
/* px as text that no locale changes. */
void film_number(kf_str *out, double v);

void film_sequence_begin(reel *r, const char *id, const char *name, int32_t w, int32_t h); /* at its properties */
void film_tracks_begin(reel *r);
void film_sequence_end(reel *r);
void film_track_begin(reel *r, const char *name, bool audio); /* at its properties */
void film_clips_begin(reel *r);
void film_track_end(reel *r);
/* A clip is an object that the caller goes on with and ends with film_clip_end. */
void film_generator_begin(reel *r, const char *name, const char *generator, reel_span span); /* in its params */
void film_params_end(reel *r);
void film_asset_begin(reel *r, const char *name, int32_t asset, reel_span span);
void film_nested_begin(reel *r, const char *name, const char *sequence, reel_span span);
void film_clip_end(reel *r);
/* "transform" of a clip: its top left at x, y in its own size; fitted into a box. */
void film_place(reel *r, double x, double y);
void film_fit(reel *r, const char *fit, reel_box box);
/* The picture covers the box, whose corners are rounded; half of a square's side makes a circle. */
void film_cover(reel *r, int32_t asset, reel_box box, double radius);
/* "effects" that cut a clip, whose picture has this size, to a box with round corners. */
void film_mask(reel *r, reel_box box, reel_point size, double radius);
void film_opacity(reel *r, double opacity);        /* nothing if it is 1 */

/* "key": {"keys": [...]} of a move from `from` at time 0 to `to` at `length`. */
void film_move_point(reel *r, const char *key, reel_point from, reel_point to, kf_time length, const reel_curve *curve);
void film_move_number(reel *r, const char *key, double from, double to, kf_time length, const reel_curve *curve);
void film_keys_begin(reel *r, const char *key);
void film_keys_end(reel *r);
void film_key_begin(reel *r, kf_time t, const reel_curve *curve); /* at its "v"; curve NULL: linear */
void film_key_end(reel *r);

typedef struct reel_title {
    const char *text, *font;
    double x, y;             /* where its left, middle or right lies; the first baseline */
    double size, line;       /* px; line: from baseline to baseline, 0: of the font */
    int32_t weight;
    const float *color;
    int align;               /* -1 left, 0 centre, 1 right */
    double room;             /* px: a longer text ends in dots; 0: there is room */
    bool rtl;
    double outline;          /* px; 0: none */
    const float *outline_color;
    const float *shadow;     /* NULL: none */
    double shadow_y, shadow_blur; /* px */
} reel_title;
void film_title_begin(reel *r, const char *name, const reel_title *title, reel_span span); /* its params are written */
void film_title(reel *r, const char *name, const reel_title *title, reel_span span);

/* A shape; zero-initialise. */
typedef struct reel_shape {
    reel_box box;
    double radius;
    bool ellipse;
    const char *path;        /* SVG from the box's top left, in its place */
    const float *fill, *stroke; /* NULL: none */
    double stroke_width;
    const float *shadow;     /* NULL: none */
    reel_point shadow_offset;
    double shadow_blur;
} reel_shape;
void film_shape_begin(reel *r, const char *name, const reel_shape *shape, reel_span span); /* its params are done */
void film_shape(reel *r, const char *name, const reel_shape *shape, reel_span span);
/* Whole tracks with one clip. */
void film_title_track(reel *r, const char *name, const reel_title *title, reel_span span);
void film_shape_track(reel *r, const char *name, const reel_shape *shape, reel_span span);
void film_nested_track(reel *r, const char *name, const char *sequence, reel_point at, reel_span span);

/* ---- What all kinds have ---- */

kf_status reel_prepare_backdrop(reel *r);          /* backdrop.c */
void reel_write_backdrop(reel *r);
kf_status reel_prepare_sound(reel *r);             /* sound.c */
void reel_write_sound(reel *r);
bool reel_is_heard(const reel *r);                 /* whether there is anything to hear */
double reel_gain(float percent);                   /* dB of a volume */

#endif
