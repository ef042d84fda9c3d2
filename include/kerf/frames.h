/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, raw frames: pictures in a program's own memory.
 *
 * Conventions as in kerf.h. */
#ifndef KERF_FRAMES_H
#define KERF_FRAMES_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Pixels ---- */

typedef enum kf_pixel_layout {
    KF_PIXELS_RGBA8,         /* one plane, bytes R, G, B, A; straight alpha unless said otherwise */
    KF_PIXELS_BGRA8,         /* one plane, bytes B, G, R, A */
    KF_PIXELS_RGB24,         /* one plane, bytes R, G, B */
    KF_PIXELS_I420,          /* planes Y, Cb, Cr; chroma is (width + 1) / 2 by (height + 1) / 2 */
    KF_PIXELS_NV12           /* planes Y and Cb, Cr by turns; chroma as in I420 */
} kf_pixel_layout;
enum { KF_PIXEL_LAYOUTS = 5 };
/* "rgba", "bgra", "rgb24", "i420", "nv12"; NULL if there is no such layout. */
KF_API const char *kf_pixel_layout_name(kf_pixel_layout layout);
/* The layout of a name; false if there is none. */
KF_API bool kf_pixel_layout_find(const char *name, kf_pixel_layout *out);

/* A picture in the caller's memory. RGB is R'G'B' of the full range; Y'CbCr is of the limited range and the BT.709
 * matrix unless `matrix` or `full_range` say otherwise. */
typedef struct kf_pixels {
    kf_pixel_layout layout;
    int32_t width, height;   /* px, 1 to 16384 */
    uint8_t *plane[3];       /* top row first; planes that the layout does not have are not looked at */
    ptrdiff_t stride[3];     /* bytes from row to row; 0: rows without a gap */
    bool opaque;             /* RGBA8, BGRA8: the fourth byte is not looked at, and written as 255 */
    bool premultiplied;      /* RGBA8, BGRA8: alpha is multiplied in */
    uint8_t matrix;          /* Y'CbCr: code point of ITU-T H.273 (1: BT.709, 6: BT.601, 9: BT.2020); 0: BT.709 */
    bool full_range;         /* Y'CbCr: black is 0, white 255 */
} kf_pixels;
/* Bytes of a picture whose planes lie one after another without gaps; 0 if there is no such layout or size. */
KF_API size_t kf_pixels_size(kf_pixel_layout layout, int32_t width, int32_t height);
/* Planes and strides of such a picture in a buffer of kf_pixels_size bytes; the rest is 0. */
KF_API kf_pixels kf_pixels_in(kf_pixel_layout layout, int32_t width, int32_t height, void *buffer);

/* One frame of the film in memory, at the size of `out` (another shape than the film's: scaled to fit, on its
 * background). Of params, which may be NULL: sequence, allow_missing, clamp_ranges, reference, threads, memory. Opens only
 * the media that shows then. */
KF_API kf_status kf_render_pixels(const kf_film_handle *film, kf_time at, const kf_render_params *params,
                                  const kf_pixels *out, kf_error *error);

/* A picture as the bytes of a file: format "png", "jpg" or "webp". `write` gets them on this thread, whole before the call
 * returns. KF_ERR_INVALID: no such format; KF_ERR_IO and the like: what `write` returned. */
KF_API kf_status kf_pixels_encode(const kf_pixels *pixels, const char *format, kf_write_fn *write, void *context,
                                  kf_error *error);

/* ---- Effects on frames ---- */

/* Applies effects to one picture after another. The picture is the one that a film gives which shows it with these
 * effects, bit for bit, on any number of threads. Plans, tables, drawn text and buffers are kept from frame to frame.
 * Used by one thread at a time; distinct processors are independent. */
typedef struct kf_frame_processor kf_frame_processor;

typedef struct kf_frame_processor_params {
    int32_t width, height;   /* of every picture; needed */
    /* JSON: a list of what is done, in order; NULL: nothing. Each item is one of
     *   {"effect": "blur", "radius": 8}                        an effect of the catalogue, as in a film's clips
     *   {"generator": "title", "params": {"text": "Hello"}}    laid over what came before; also "opacity", "blend_mode",
     *                                                          "transform", "effects", "start" and "duration"
     *   {"brightness": 0.1, "contrast": 1.2, ...}              short forms (kf_effects_normal)
     * Values may have keyframes; times count from 0. */
    const char *effects;
    kf_rational rate;        /* of the frames, for effects that change from frame to frame; {0, 0}: 30 */
    const char *folder;      /* where files that effects name are; NULL: the current one */
    int32_t threads;         /* the caller's counts; 0: one per CPU */
    kf_problem_fn *warning;  /* "no font has the character ..."; on the calling thread; may be NULL */
    void *context;
} kf_frame_processor_params;
KF_API kf_frame_processor_params kf_frame_processor_params_default(void);

/* *out is new on success. Everything is borrowed for the call but `context`. KF_ERR_PARSE: effects are no JSON;
 * KF_ERR_INVALID: "effects[1].radus: unknown; did you mean "radius"?", and the like; KF_ERR_NOT_FOUND: a file. */
KF_API kf_status kf_frame_processor_create(const kf_frame_processor_params *params, kf_frame_processor **out,
                                           kf_error *error);
KF_API void kf_frame_processor_destroy(kf_frame_processor *processor); /* NULL is fine */
/* The picture `in` with the effects of time `at` (0 if nothing moves), into `out`: of the same size, of any layout, in
 * memory of its own or in that of `in` (or a part of it). KF_ERR_INVALID: another size than the processor's, a plane that
 * is missing, rows too short. */
KF_API kf_status kf_frame_processor_run(kf_frame_processor *processor, const kf_pixels *in, const kf_pixels *out,
                                        kf_time at, kf_error *error);

/* Effects in their normal form: short forms become effects of the catalogue. New string (JSON). An item without "effect"
 * and "generator" is short. What it may have, applied in this order, whatever theirs:
 *   brightness -1..1 (0: as it is), contrast 0..10 (1)    brightness_contrast
 *   saturation 0..10 (1)                                  saturation
 *   hueShift degrees (0)                                  hue
 *   colorCorrection {exposure, temperature, tint, gamma, lift, gain}
 *                                                         exposure, white_balance, lift_gamma_gain
 *   blur px (0)                                           blur
 *   sharpen 0..10 (0)                                     sharpen
 *   textOverlay {text, x, y, fontSize, color}, or a list  title; x, y: the text's top left corner; without x or y it is
 *                                                         centred there. All that a title has may stand beside these
 * Values are checked when the effects are used. Errors as for kf_frame_processor_create. */
KF_API kf_status kf_effects_normal(const char *effects, char **out, kf_error *error);

/* ---- Encoding frames ---- */

/* Writes frames, and sound, that a program makes. One call at a time, from any thread; each encodes before it returns,
 * up to the encoder's own look-ahead. Distinct encoders are independent. */
typedef struct kf_frame_encoder kf_frame_encoder;

typedef struct kf_frame_encoder_params {
    /* Where to and how; needed: output, or write and container, overwrite, preset, codecs, speed, crf, bitrates, pixel
     * format, profile, threads, warning. width and height: of what is written, if not of the frames: they are scaled to
     * fit. rate and the rest are not looked at. */
    const kf_render_params *render;
    int32_t width, height;   /* of every frame; needed */
    kf_rational rate;        /* of the frames; {0, 0}: 30 */
    const char *effects;     /* on every frame, as in kf_frame_processor_params; NULL: none */
    const char *folder;      /* where files that effects name are; NULL: the current one */
    int32_t sample_rate, channels; /* of the sound, 1 to 8 channels in the order of WAVE; 0: no sound */
} kf_frame_encoder_params;
KF_API kf_frame_encoder_params kf_frame_encoder_params_default(void);

/* *out is new on success; end it with kf_frame_encoder_finish or _cancel. params are borrowed for the call, but for
 * `context` and what callbacks need. Errors as for kf_render. */
KF_API kf_status kf_frame_encoder_create(const kf_frame_encoder_params *params, kf_frame_encoder **out, kf_error *error);
/* The next frame, of any layout; the pixels are the caller's again on return. After a failure only cancel is left. */
KF_API kf_status kf_frame_encoder_video(kf_frame_encoder *encoder, const kf_pixels *frame, kf_error *error);
/* The next `count` samples of each channel, by turns (left, right, left, ...), nominally -1..1. Sound and pictures should
 * come about as they are heard and seen: what is ahead of the other waits in memory. */
KF_API kf_status kf_frame_encoder_sound(kf_frame_encoder *encoder, const float *samples, int64_t count, kf_error *error);
/* Flushes and closes; a file appears under its name only now, whole. Frees the encoder in every case. report may be NULL. */
KF_API kf_status kf_frame_encoder_finish(kf_frame_encoder *encoder, kf_render_report *report, kf_error *error);
/* Leaves no file, and an older one as it was. Frees the encoder. NULL is fine. */
KF_API void kf_frame_encoder_cancel(kf_frame_encoder *encoder);

#ifdef __cplusplus
}
#endif
#endif
