/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine as JavaScript calls it: flat functions on pointers and numbers, one thread.
 *
 * Texts go in as UTF-8 bytes and a length, in memory from kw_alloc, and come out through kw_text. A function that can
 * fail returns a kf_status, 0 for success; kw_message then says what is wrong. Times are frames of the film's rate, or
 * seconds where they are of media.
 *
 * A frame is made in two steps, because pictures come from promises: kw_film_plan says which pictures the frame needs,
 * kw_film_put gives them, kw_film_render composes. */
#ifndef KF_WEB_H
#define KF_WEB_H

#include "base/api/image.h"
#include "base/api/status.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "compile/api/compile.h"
#include "model/api/model.h"
#include "text/api/drawn.h"
#include "video/cpu/api/cpu.h"

#define KW_EXPORT(name) __attribute__((export_name(#name), used))
#define KW_IMPORT(name) __attribute__((import_module("kerf"), import_name(#name)))

/* What was found out about a media file, by its path in films. */
typedef struct kw_known {
    struct kw_known *next;
    char *path;
    bool failed;             /* it cannot be had */
    kf_media_facts media;
    kf_asset_facts asset;
    kf_rational sample_aspect;
    int32_t rotation;
} kw_known;

typedef struct kw_engine {
    kf_error error;
    kf_str text;
    kw_known *known;
    kf_cpu *cpu;
    kf_text_context *letters; /* made when the first text is laid out */
    kf_drawn *drawn;
} kw_engine;

/* Starts the engine's text anew and gives it. */
kf_str *kw_text_start(kw_engine *e);
const kw_known *kw_find_known(const kw_engine *e, const char *path);

/* Samples from one picture to another of the same format and size. */
void kw_copy(const kf_image *from, kf_image *to);
/* opaque.c: RGBA8 whose alpha is 255 all over; as the planes of a GBRP8 picture of the same size, and back. */
bool kw_is_opaque(const kf_image *rgba);
void kw_split(const kf_image *rgba, kf_image *gbr);
void kw_join(const kf_image *gbr, kf_image *rgba);
/* letters.c: text whose glyphs JavaScript draws. */
kf_status kw_letters(kw_engine *e, kf_text_context **out, kf_error *err);
kf_status kw_draw_title(kw_engine *e, const kf_gen_title *title, kf_raster *out, kf_error *err);

/* A picture that a frame needs. The first fields are read by JavaScript. */
typedef struct kw_request {
    int32_t asset, stream;
    double time;             /* of the media, seconds */
    int32_t filled, wanted;  /* a picture (or that there is none) was given; the frame planned last needs it */
    kf_time at;
    kf_frame *frame;
} kw_request;

typedef struct kw_film {
    kw_engine *engine;
    kf_film *film;
    int32_t sequence;
    kf_sequence_view view;
    kf_compile_sources sources;
    kf_compiler *compiler;
    kw_request *requests;
    size_t request_count, request_capacity;
    bool planning;
    kf_frame *out;
    kf_compiled *composed;   /* what it shows; NULL: not known */
    bool around;             /* effects look at neighbours: planes are faster than pixels */
    bool premultiplied;      /* what is rendered has its alpha multiplied in */
    kf_frame *planes;        /* of an opaque picture that is processed */
} kw_film;

/* Makes a film ready to be composed; takes it, also on failure. NULL: failed. */
kw_film *kw_film_of(kw_engine *e, kf_film *film);
/* frame.c says what they do. */
KW_EXPORT(kw_film_plan) int32_t kw_film_plan(kw_film *f, double frame);
KW_EXPORT(kw_film_put) void kw_film_put(kw_film *f, int32_t i, kf_frame *picture);
KW_EXPORT(kw_film_render) kf_frame *kw_film_render(kw_film *f, double frame, int32_t format);
/* The sources of a film's compiler; ctx is the film. */
kf_compile_sources kw_sources(kw_film *film);

#endif
