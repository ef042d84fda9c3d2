/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a template looks like. Lengths are px of a chat 1080 px wide. */
#ifndef KF_REEL_LOOK_H
#define KF_REEL_LOOK_H

#include "reel/config.h"

typedef enum reel_tail { TAIL_NONE, TAIL_CORNER, TAIL_CURVE } reel_tail; /* CORNER: a tight corner on the sender's side */

/* One side's bubbles. */
typedef struct reel_bubble {
    float fill[4], text[4];
    float end[4];            /* the gradient's other end, downwards; alpha 0: one colour */
    float stroke[4], stroke_width;
    float shadow[4], shadow_blur, shadow_y;
} reel_bubble;

typedef struct reel_look {
    const char *name, *label, *help;
    reel_bubble sent, received;
    float radius, small_radius; /* of bubbles; where bubbles of one sender meet, or at the tail */
    int32_t tail;            /* reel_tail */
    float pad_x, pad_y;      /* between bubble and text */
    float margin, gap, group_gap; /* to the sides; between bubbles of the same sender, and of others */
    float max_width;         /* of a bubble, as a fraction of the chat */
    const char *font;
    float size, line;        /* of text; from line to line, as a factor of it */
    int32_t weight;
    kf_stop backdrop[4];     /* of the gradient behind */
    int32_t backdrop_count;
    float angle;
    float chat[4];           /* behind the messages; alpha 0: the background shows */
    float header[4], header_text[4], header_dim[4], header_line[4], accent[4], name_color[4];
    float header_height;
} reel_look;

const reel_look *reel_look_find(const char *name); /* NULL if there is none */
const reel_look *reel_look_at(int index);
const char *const *reel_look_names(void);          /* NULL-terminated; the first is the default */
size_t reel_look_count(void);

#endif
