/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this room share; what needs Pango is in pango.h. */
#ifndef KF_TEXT_PRIVATE_H
#define KF_TEXT_PRIVATE_H

#include <math.h>

#include "text/outline.h"

/* ---- raster.c ---- */

/* Rounded a * b / 255 for a, b in 0..255. */
static inline uint32_t kf_mul255(uint32_t a, uint32_t b)
{
    uint32_t t = a * b + 128;
    return (t + (t >> 8)) >> 8;
}

/* A canvas in the coordinates of its raster: pixel (0, 0) lies at (x, y). */
typedef enum kf_canvas_kind {
    KF_CANVAS_MASK = 1,       /* coverage; values are bytes of a pixel */
    KF_CANVAS_COLOR = 4       /* premultiplied B, G, R, A */
} kf_canvas_kind;
typedef struct kf_canvas {
    uint8_t *pixels;
    ptrdiff_t stride;         /* bytes, a multiple of 4 */
    kf_canvas_kind kind;
    int x, y, width, height;
} kf_canvas;
/* Covers the rectangle rounded outward; transparent. KF_ERR_INVALID past the limits, naming `what` and the size. */
kf_status kf_canvas_create(kf_canvas *canvas, kf_canvas_kind kind, kf_text_rect bounds, const char *what,
                           kf_error *err);
/* Same place and size as another one. */
kf_status kf_canvas_create_like(kf_canvas *canvas, kf_canvas_kind kind, const kf_canvas *other, kf_error *err);
void kf_canvas_finish(kf_canvas *canvas);
/* Fills an outline over a canvas of colours. */
kf_status kf_canvas_fill(kf_canvas *canvas, const kf_outline *outline, bool even_odd, const float color[4],
                         kf_error *err);
/* Coverage of an outline into an empty mask. */
kf_status kf_canvas_cover(kf_canvas *mask, const kf_outline *outline, bool even_odd, kf_error *err);
/* dst = dst under/over: `layer` (a mask) tinted with the colour and moved by (dx, dy) over `dst` (colours). */
void kf_canvas_tint_over(kf_canvas *dst, const kf_canvas *mask, const float color[4], int dx, int dy);
/* `layer` over `dst`, both of colours, of the same place and size. */
void kf_canvas_over(kf_canvas *dst, const kf_canvas *layer);
/* Alpha of a canvas of colours into a mask of the same place and size. */
void kf_canvas_take_alpha(kf_canvas *mask, const kf_canvas *layer);
kf_status kf_canvas_blur(kf_canvas *mask, double sigma, kf_error *err);
/* Blurs the four channels of a canvas of colours; stays premultiplied. */
kf_status kf_canvas_blur_color(kf_canvas *canvas, double sigma, kf_error *err);
/* Crops to the ink and moves it to a new frame: BGRA8, or GRAY8 from the alpha. */
kf_status kf_canvas_to_raster(const kf_canvas *canvas, kf_pixfmt format, kf_raster *out, kf_error *err);
/* Crops a BGRA8 raster to its ink; frame NULL without any, or on failure. */
kf_status kf_raster_crop(kf_raster *raster, kf_error *err);
/* dst = src over dst, one BGRA8 premultiplied pixel. Rounding is monotonic, so colour stays at or below alpha. */
static inline void kf_over_pixel(uint8_t *d, const uint8_t s[4])
{
    uint32_t keep = 255u - s[3];
    for (int c = 0; c < 4; c++) d[c] = (uint8_t)(s[c] + kf_mul255(d[c], keep));
}

/* Merges BGRA8 rasters, later ones over earlier ones, into *out; what lies outside `width` x `height` may be cut. Takes
 * the rasters' frames, also on failure. */
kf_status kf_rasters_merge(kf_raster *rasters, int count, int width, int height, kf_raster *out, kf_error *err);
/* A frame with the colour tags of this room; NULL when out of memory. */
kf_frame *kf_text_frame_create(kf_pixfmt format, int width, int height);
kf_frame *kf_text_frame_clear(int width, int height); /* transparent BGRA8 */
kf_text_rect kf_text_rect_union(kf_text_rect a, kf_text_rect b); /* empty ones do not count */
kf_text_rect kf_rect_grow(kf_text_rect r, double dx, double dy);
static inline bool kf_rect_empty(kf_text_rect r) { return !(r.w > 0 && r.h > 0); }

/* KF_ERR_INVALID naming the option unless min <= value <= max (NaN fails). */
kf_status kf_text_check_range(const char *what, double value, double min, double max, kf_error *err);
kf_status kf_check_color(const char *what, const float color[4], kf_error *err);
kf_status kf_check_shadow(const float color[4], const float offset[2], float blur, kf_error *err);
/* Of a colour's component: 0 to 1. */
double kf_unit(double v);

/* ---- report.c ---- */

void kf_text_report_glyph(kf_text_report *report, uint32_t code_point);

/* ---- place.c ---- */

/* Lines laid out with their places relative to the anchor position. */
typedef struct kf_layout_line {
    void *line;               /* the driver's */
    int start, length;        /* bytes of the text without markup */
    double x, baseline;
    kf_text_rect logical, ink;
} kf_layout_line;
typedef struct kf_layout {
    void *driver;             /* whose glyphs they are: Pango's layout, or the host's */
    bool ellipsized;
    kf_layout_line *lines;
    int count;
    kf_text_rect logical, ink, box;
} kf_layout;
kf_status kf_title_check(const kf_title_params *p, kf_error *err);
/* Aligns the lines against each other and moves everything so that the anchor lies at 0, 0. Of each line, x is 0 and the
 * extents are relative to its own left and the layout's top. */
void kf_layout_place(kf_layout *layout, const kf_title_params *p);

/* ---- layout.c (Pango) or host.c (glyphs that the program draws) ---- */

/* Checks the params and lays out. */
kf_status kf_layout_create(kf_layout *layout, kf_text_context *context, const kf_title_params *p,
                           kf_text_report *report, kf_error *err);
void kf_layout_finish(kf_layout *layout);

typedef enum kf_glyph_mode {
    KF_GLYPHS_FILL,    /* into colours, with those of the text */
    KF_GLYPHS_OUTLINE  /* into a mask: glyphs grown by the width of the outline */
} kf_glyph_mode;
kf_status kf_glyphs_draw(const kf_canvas *canvas, const kf_layout *layout, kf_glyph_mode mode, const kf_title_params *p,
                         kf_error *err);

/* ---- title.c ---- */

typedef struct kf_shadow { float color[4], offset[2], blur; } kf_shadow;
/* The blurred alpha of `layer` under what comes next on `canvas`; offsets are rounded to whole pixels. */
kf_status kf_draw_shadow(kf_canvas *canvas, const kf_canvas *layer, const kf_shadow *shadow, kf_error *err);
/* r with its shadow; r itself when the shadow is transparent. */
kf_text_rect kf_shadow_bounds(kf_text_rect r, const kf_shadow *shadow);

/* ---- path.c ---- */

/* Adds SVG path data. */
kf_status kf_path_add(kf_outline *outline, const char *text, kf_error *err);

/* ---- key.c ---- */

#define KF_KEY_START UINT64_C(0xcbf29ce484222325)
void kf_key_bytes(uint64_t *key, const void *bytes, size_t length);
void kf_key_int(uint64_t *key, int64_t value);
uint64_t kf_key_end(uint64_t key); /* never 0 */

#endif
