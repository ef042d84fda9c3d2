/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles whose glyphs the program draws, where there is no Pango: the program breaks lines and fills glyphs; anchors,
 * boxes, outlines' and shadows' composition are this room's. */
#ifndef KF_TEXT_HOST_H
#define KF_TEXT_HOST_H

#include "text/api/text.h"

/* px, y downward. */
typedef struct kf_host_line {
    int32_t start, length;     /* bytes of the text */
    double width;              /* of the logical extents, whose left is 0 */
    double top, height;        /* of the logical extents, from the top of the first line's */
    double baseline;
    kf_text_rect ink;          /* relative to the line's left and baseline */
} kf_host_line;
typedef struct kf_host_lines {
    kf_host_line *lines;       /* from kf_alloc; taken over */
    int32_t count;             /* at least 1 */
    bool ellipsized;
} kf_host_lines;

/* Where glyphs are drawn. */
typedef struct kf_host_glyphs {
    const kf_title_params *title;
    bool outline;              /* into coverage, a byte a pixel: glyphs grown by the width of the outline, colour bitmaps
                                  left out; else premultiplied B, G, R, A, in the title's colours */
    uint8_t *pixels;           /* zero */
    int32_t stride, width, height;
    int32_t count;             /* of lines, as laid out */
    const kf_host_line *lines;
    const double (*origins)[2]; /* of each line: left end of its baseline in pixels of the picture */
} kf_host_glyphs;

typedef struct kf_text_host {
    void *ctx;
    kf_status (*layout)(void *ctx, const kf_title_params *title, kf_host_lines *out, kf_error *err);
    kf_status (*draw)(void *ctx, const kf_host_glyphs *glyphs, kf_error *err);
} kf_text_host;

/* A context for kf_text_title_render and kf_text_measure. The host is copied. */
kf_status kf_text_context_create_host(const kf_text_host *host, kf_text_context **out, kf_error *err);

#endif
