/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles, vector shapes and subtitles as pictures.
 *
 * Everything is drawn into a new kf_frame of KF_PIX_BGRA8, premultiplied, tagged RGB full range sRGB with BT.709
 * primaries, cropped to its ink (shapes may ask for KF_PIX_GRAY8 instead: coverage, for masks). A raster's x, y say
 * where its top left pixel lies relative to the anchor position (titles), the shape's origin (shapes) or the picture's
 * top left (subtitles); y grows downward. Colours in params are straight R, G, B, A from 0 to 1, display-referred sRGB;
 * values outside are clamped.
 *
 * Hinting and subpixel rendering are off and glyphs are filled as outlines, so pictures depend on nothing but the
 * params and the fonts installed. Strings in params are borrowed for the call. */
#ifndef KF_TEXT_TEXT_H
#define KF_TEXT_TEXT_H

#include "base/api/image.h"
#include "base/api/status.h"

enum {
    KF_TEXT_MAX_SIDE = 16384,        /* px of a raster's width or height; larger is KF_ERR_INVALID */
    KF_TEXT_MAX_PIXELS = 1 << 26,    /* of one raster */
    KF_TEXT_MAX_BYTES = 1 << 18,     /* of one text or one path */
    KF_TEXT_MAX_SIZE = 4096          /* px of a font */
};

/* A picture and its place. `frame` is NULL when nothing is visible (empty text, all transparent); else it is the
 * caller's reference, given back with kf_raster_finish or kf_frame_unref. */
typedef struct kf_raster {
    kf_frame *frame;
    int x, y;
} kf_raster;
void kf_raster_finish(kf_raster *raster); /* unrefs and clears; NULL is fine */

/* ---- Context ---- */

/* Fonts and the caches of Pango. Used by one thread at a time; different contexts may be used in parallel. */
typedef struct kf_text_context kf_text_context;
typedef struct kf_text_context_params {
    const char *const *font_files;   /* extra font files or folders, NULL-terminated; NULL for none */
} kf_text_context_params;
/* params may be NULL. New context in *out. KF_ERR_NOT_FOUND names a font file or folder that cannot be used. */
kf_status kf_text_context_create(const kf_text_context_params *params, kf_text_context **out, kf_error *err);
void kf_text_context_destroy(kf_text_context *context); /* NULL is fine */

/* ---- Report: what was replaced while drawing ---- */

enum { KF_TEXT_REPORT_FONTS = 4, KF_TEXT_REPORT_GLYPHS = 16, KF_TEXT_FAMILY_SIZE = 96 };
typedef struct kf_text_report {
    struct {
        char wanted[KF_TEXT_FAMILY_SIZE];   /* family that is not installed */
        char fallback[KF_TEXT_FAMILY_SIZE]; /* family used instead, "" if there is no font at all */
    } missing_fonts[KF_TEXT_REPORT_FONTS];
    int missing_font_count;                 /* at most KF_TEXT_REPORT_FONTS; the first ones are kept */
    uint32_t missing_glyphs[KF_TEXT_REPORT_GLYPHS]; /* distinct code points that no font has */
    int missing_glyph_kinds;                /* entries of missing_glyphs */
    int missing_glyph_count;                /* all of them in the text */
} kf_text_report;
/* Writes a one-line text such as `font "Foo" is not installed, using "DejaVu Sans"; no font has U+1F9FF`, "" when
 * nothing is missing; always NUL-terminated, cut at size. */
void kf_text_report_message(const kf_text_report *report, char *buffer, size_t size);

/* True if the first family of the description `font` is installed (or is a generic alias such as "Sans"). `fallback`
 * (may be NULL) gets the family that Pango will use: the same one if installed. */
bool kf_text_font_check(kf_text_context *context, const char *font, char fallback[KF_TEXT_FAMILY_SIZE]);

/* ---- Titles ---- */

typedef enum kf_text_align { KF_ALIGN_LEFT, KF_ALIGN_CENTER, KF_ALIGN_RIGHT } kf_text_align;
typedef enum kf_text_ellipsize {
    KF_ELLIPSIZE_NONE,
    KF_ELLIPSIZE_START,
    KF_ELLIPSIZE_MIDDLE,
    KF_ELLIPSIZE_END
} kf_text_ellipsize;
typedef enum kf_text_box { KF_TEXT_BOX_NONE, KF_TEXT_BOX_WHOLE, KF_TEXT_BOX_LINES } kf_text_box;
typedef enum kf_text_direction { KF_DIRECTION_AUTO, KF_DIRECTION_LTR, KF_DIRECTION_RTL } kf_text_direction;
/* Which point of the text lies on the anchor position. */
typedef enum kf_text_anchor_h { KF_ANCHOR_LEFT, KF_ANCHOR_CENTER, KF_ANCHOR_RIGHT } kf_text_anchor_h;
typedef enum kf_text_anchor_v {
    KF_ANCHOR_TOP,
    KF_ANCHOR_MIDDLE,
    KF_ANCHOR_BASELINE /* of the first line */,
    KF_ANCHOR_BOTTOM
} kf_text_anchor_v;

/* Start from kf_title_defaults(). Drawn from back to front: box, shadow, outline, fill. */
typedef struct kf_title_params {
    const char *text;         /* UTF-8; lines end with \n */
    bool markup;              /* text is Pango markup */
    const char *font;         /* Pango description without size: "Inter, Noto Sans Bold Italic"; NULL or "": "Sans" */
    float size;               /* em in px, 0.5..KF_TEXT_MAX_SIZE */
    int weight;               /* 100..1000; 0: as `font` says */
    bool italic;
    float color[4];           /* of text without a colour of its own in the markup */
    float outline_width;      /* px outside the glyph, 0..512; round joins; colour bitmaps (emoji) get none */
    float outline_color[4];
    float shadow_color[4];    /* alpha 0: no shadow */
    float shadow_offset[2];   /* px, -4096..4096, rounded to whole pixels */
    float shadow_blur;        /* standard deviation in px, 0..256 */
    kf_text_box box;
    float box_color[4];
    float box_padding[2];     /* px at left/right and above/below of the logical extents, 0..4096 */
    float box_radius;         /* px, >= 0; limited to half of the shorter side */
    kf_text_align align;      /* of lines against each other; true left and right in any direction */
    float line_spacing;       /* factor on the line height, 0.1..10; 1 or 0: as the font says */
    float line_height;        /* px from baseline to baseline, 0..16384; 0: as fonts and line_spacing say */
    float letter_spacing;     /* px added between letters, -1000..1000 */
    float max_width;          /* px; lines wrap at words, else anywhere; 0: no wrapping */
    int max_lines;            /* per paragraph, with ellipsize; 0: no limit */
    kf_text_ellipsize
        ellipsize; /* of what does not fit max_width (in max_lines lines, or in one when max_lines is 0) */
    kf_text_anchor_h anchor_h;
    kf_text_anchor_v anchor_v;
    bool anchor_box;          /* anchors refer to the box with its padding, else to the logical extents of the text */
    kf_text_direction direction; /* base direction; AUTO: from the text */
    const char *language;     /* BCP 47 ("ja", "ar"); NULL: undetermined */
} kf_title_params;
kf_title_params kf_title_defaults(void); /* 72 px white "Sans", no decorations, centred both ways on the position */

/* Draws a title. *out is new (frame NULL when nothing is visible). `report` may be NULL. Invalid UTF-8, markup or
 * values are KF_ERR_INVALID with what is wrong; a raster past the limits above is KF_ERR_INVALID naming its size. */
kf_status kf_text_title_render(kf_text_context *context, const kf_title_params *params, kf_raster *out,
    kf_text_report *report, kf_error *err);

/* Stable across runs and machines; equal params give equal keys. For caches; not cryptographic. */
uint64_t kf_title_key(const kf_title_params *params);

/* ---- Measuring ---- */

typedef struct kf_text_rect { double x, y, w, h; } kf_text_rect; /* px */
typedef struct kf_text_line {
    kf_text_rect logical, ink;
    double baseline;          /* y */
    int start, length;        /* bytes of the text without markup */
} kf_text_line;
/* Coordinates are relative to the anchor position, as in a render with the same params. */
typedef struct kf_text_metrics {
    kf_text_rect logical;          /* of all lines, decorations not counted */
    kf_text_rect ink;              /* of the glyphs, decorations not counted */
    kf_text_rect box;              /* logical with box_padding; equal to logical when there is no box */
    double baseline;          /* y of the first line */
    int line_count;
    kf_text_line *lines;      /* owned by the metrics */
    bool ellipsized;
    kf_text_report report;    /* of what would be replaced */
} kf_text_metrics;
kf_status kf_text_measure(kf_text_context *context, const kf_title_params *params, kf_text_metrics *out, kf_error *err);
void kf_text_metrics_finish(kf_text_metrics *metrics); /* NULL is fine */

/* ---- Shapes ---- */

typedef enum kf_shape_kind {
    KF_SHAPE_RECT, KF_SHAPE_ROUNDED, KF_SHAPE_ELLIPSE,
    KF_SHAPE_POLYGON, /* closed, through points */
    KF_SHAPE_PATH     /* SVG path data */
} kf_shape_kind;

typedef struct kf_shape_params {
    kf_shape_kind kind;
    kf_pixfmt format;         /* KF_PIX_BGRA8, or KF_PIX_GRAY8: alpha of what BGRA8 would be */
    float x, y, w, h;         /* RECT, ROUNDED, ELLIPSE: bounds relative to the origin, px; w, h >= 0 */
    float radius[4];          /* ROUNDED: corners top left, top right, bottom right, bottom left; scaled down to fit */
    const float (*points)[2]; /* POLYGON: 3 or more, px */
    int32_t point_count;
    const char *path;         /* PATH: M L H V C S Q T A Z and their relative forms, px */
    float path_scale;         /* px per px of the path */
    bool even_odd;            /* fill rule; else non-zero winding */
    float fill[4];            /* alpha 0: none */
    float stroke[4];
    float stroke_width;       /* px, centred on the outline, round joins; 0: none; at most 4096 */
    float feather;            /* standard deviation in px of a blur of the whole shape, 0..256 */
    float shadow_color[4], shadow_offset[2], shadow_blur; /* as in titles */
} kf_shape_params;
kf_shape_params kf_shape_defaults(void); /* BGRA8 rectangle of size 0, white fill */

/* Draws a shape; no context is needed. Thread-safe. Errors as for titles; a bad path names the character where it
 * breaks. */
kf_status kf_shape_render(const kf_shape_params *params, kf_raster *out, kf_error *err);
uint64_t kf_shape_key(const kf_shape_params *params);

/* ---- Blur ---- */

/* Gaussian blur of one 8-bit plane in place, outside counts as 0: three extended box passes each way in integer
 * arithmetic, the same on every machine. `sigma` 0..256 px; its visible reach is kf_blur_reach(sigma). Cost does not
 * depend on sigma. Thread-safe. */
kf_status kf_blur_a8(uint8_t *pixels, int width, int height, ptrdiff_t stride, double sigma, kf_error *err);
int kf_blur_reach(double sigma);

/* ---- Subtitles ---- */

typedef enum kf_subtitle_kind {
    KF_SUBTITLES_AUTO,
    KF_SUBTITLES_SRT,
    KF_SUBTITLES_VTT,
    KF_SUBTITLES_ASS
} kf_subtitle_kind;
typedef enum kf_subtitle_engine {
    KF_SUBTITLE_ENGINE_AUTO,  /* libass where it is built in; else Pango, which cannot draw ASS */
    KF_SUBTITLE_ENGINE_PANGO  /* SRT and VTT drawn as titles: colour emoji, rounded boxes */
} kf_subtitle_engine;

typedef struct kf_subtitle_event {
    kf_time start, end;       /* shown in [start, end) */
    const char *text;         /* plain UTF-8 without tags, lines end with \n; owned by the subtitles */
    int line;                 /* of the file, where the event begins (SRT, VTT); 0 for ASS */
} kf_subtitle_event;

/* How SRT and VTT look; ASS brings its own styles. Start from kf_subtitle_style_defaults(). Sizes are for a picture of
 * 1080 lines and scale with its height. */
typedef struct kf_subtitle_style {
    const char *font;         /* as in titles; NULL: "Sans" */
    float size;               /* em, px at 1080 lines */
    float color[4];
    float outline_width, outline_color[4];
    float shadow_color[4], shadow_offset[2];
    bool box;
    float box_color[4];
    float box_padding[2], box_radius; /* radius: Pango engine only */
    float margin_h, margin_v; /* px at 1080 lines */
    kf_text_anchor_v place;   /* TOP, MIDDLE or BOTTOM of the picture, unless the cue says otherwise */
    kf_subtitle_engine engine;
} kf_subtitle_style;
kf_subtitle_style kf_subtitle_style_defaults(void);
uint64_t kf_subtitle_style_key(const kf_subtitle_style *style);

/* Parsed subtitles with the state of their renderer. Used by one thread at a time; load once per thread to draw in
 * parallel. */
typedef struct kf_subtitles kf_subtitles;
/* Reads a file of at most 32 MiB; AUTO goes by content, then extension. KF_ERR_PARSE names file and line;
 * KF_ERR_UNSUPPORTED for ASS without libass. `context` supplies fonts, is borrowed and must outlive the subtitles; same
 * thread. */
kf_status kf_subtitles_load(kf_text_context *context, const char *path, kf_subtitle_kind kind, kf_subtitles **out,
                            kf_error *err);
/* As above from memory; `name` starts error messages. */
kf_status kf_subtitles_parse(kf_text_context *context, const char *bytes, size_t length, const char *name,
    kf_subtitle_kind kind, kf_subtitles **out, kf_error *err);
void kf_subtitles_destroy(kf_subtitles *subtitles); /* NULL is fine */

kf_subtitle_kind kf_subtitles_kind(const kf_subtitles *subtitles);
/* Cues that were passed over because they could not be read; `line` (may be NULL) gets the first one's line. */
int kf_subtitles_skipped(const kf_subtitles *subtitles, int *line);
int kf_subtitles_count(const kf_subtitles *subtitles);
const kf_subtitle_event *kf_subtitles_event_at(const kf_subtitles *subtitles,
                                               int index); /* by start time; NULL past the end */

/* Equal keys at two times mean equal pictures at these times (same subtitles, size and style); 0 when nothing is shown.
 */
uint64_t kf_subtitles_change_key(const kf_subtitles *subtitles, kf_time t);

/* Draws what is shown at t in a picture of width x height (1..16384 each). out->frame is NULL when nothing is. The
 * picture depends on the arguments only, not on what was drawn before. `style` may be NULL (defaults). `report` may be
 * NULL. */
typedef struct kf_subtitles_view {
    kf_time t;
    int width, height;
    const kf_subtitle_style *style;
} kf_subtitles_view;
kf_status kf_subtitles_render(kf_subtitles *subtitles, const kf_subtitles_view *view, kf_raster *out,
                              kf_text_report *report, kf_error *err);

#endif
