/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the timeline is drawn from: rectangles, one instance each, whose ends are times and pixels, so that scrolling
 * and zooming change uniforms only. Plain data; nothing here knows GL. */
#ifndef KERF_TIMELINE_QUADS_H
#define KERF_TIMELINE_QUADS_H

#include <stdbool.h>
#include <stdint.h>
#include "kerf/base.h"

typedef struct kt_rgba {
    uint8_t r, g, b, a;
} kt_rgba;

static inline kt_rgba kt_rgb(uint32_t hex)
{
    return (kt_rgba){(uint8_t)(hex >> 16), (uint8_t)(hex >> 8), (uint8_t)hex, 255};
}
static inline kt_rgba kt_rgba_none(void)
{
    return (kt_rgba){0};
}
static inline kt_rgba kt_alpha(kt_rgba color, double alpha)
{
    color.a = (uint8_t)(color.a * alpha + 0.5);
    return color;
}
/* part of b in a, 0..1; the alpha stays a's. */
kt_rgba kt_mix(kt_rgba a, kt_rgba b, double part);

/* Numbers are known to the shader (gl.c). */
typedef enum kt_quad_kind {
    KT_SOLID = 0,
    KT_BLOCK = 1,       /* round corners (radius), a line of `border` inside */
    KT_TEXT = 2,        /* u, v in the text texture */
    KT_THUMB_SMALL = 3, /* u, v in the thumbnail textures */
    KT_THUMB_LARGE = 4,
    KT_HATCH = 5,       /* diagonal stripes; param: px from one to the next */
    KT_WAVE = 6,        /* u: columns in the wave texture, v: its row; border: the colour of RMS */
    KT_FADE = 7,        /* shade above the line from v0 (left) to v1 (right), as parts of the height from the bottom */
    KT_LINE = 8,        /* line from v0 to v1, as for fades; param: width in half px */
    KT_DIAMOND = 9,
    KT_PIN = 10,        /* marker: a box with a tip below */
    KT_DASHED = 11      /* outline of dashes */
} kt_quad_kind;

enum {
    KT_STICKY = 1,      /* stays at the left edge of the window while its clip window reaches into it */
    KT_FREE = 2         /* not rounded to whole pixels */
};

/* Ends: time * scale + pixels. Times are relative to the list's base; floats are exact to 1/1000 px near the window. */
typedef struct kt_quad {
    float t0, t1;             /* flicks */
    float c0, c1;             /* flicks: shown only between */
    float x0, x1, y0, y1;     /* px */
    uint16_t u0, v0, u1, v1;  /* 0..65535 is the whole texture */
    kt_rgba color, border;
    uint8_t kind, radius, flags, param;
} kt_quad;

typedef struct kt_quads {
    kt_quad *quads;
    uint32_t count, capacity;
} kt_quads;

#define KT_FOREVER 1e30f

void kt_quads_finish(kt_quads *list);
static inline void kt_quads_clear(kt_quads *list)
{
    list->count = 0;
}
/* A new quad, zeroed but for its clip window, which is open. Good until the next push. */
kt_quad *kt_quads_push(kt_quads *list, kt_quad_kind kind, kt_rgba color);

/* A rectangle in pixels alone. */
typedef struct kt_rect {
    double x, y, width, height;
} kt_rect;
kt_quad *kt_quads_rect(kt_quads *list, kt_quad_kind kind, kt_rect rect, kt_rgba color);

#endif
