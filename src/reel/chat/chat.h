/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chat: messages in bubbles or rows that come in one after the other. */
#ifndef KF_REEL_CHAT_H
#define KF_REEL_CHAT_H

#include "reel/film.h"

/* ---- What it is told ---- */

/* -1: as the template has it */
typedef int8_t chat_switch;

typedef struct chat_overlay {
    bool header, status_bar, typing, read_marks;
    chat_switch avatars, names;
    const char *name, *status, *avatar, *clock, *font;
    int32_t font_size;           /* 0: the template's */
} chat_overlay;

typedef enum chat_side { SIDE_AUTO, SIDE_LEFT, SIDE_RIGHT } chat_side;
typedef struct chat_said {
    const char *text, *sender, *image, *audio, *avatar;
    int32_t side;                /* chat_side */
    kf_time audio_duration, delay; /* audio_duration KF_TIME_NONE: of the file */
} chat_said;

typedef struct chat_settings {
    chat_overlay overlay;
    const kf_json *messages;     /* a list, or NULL */
} chat_settings;

extern const reel_section chat_message_table; /* of an entry of "messages" */

/* ---- What it looks like: lengths in px of a chat 1080 px wide ---- */

/* CORNER: corners are tight where bubbles meet; CURVE and POINT: the last one has a tail */
typedef enum chat_tail { TAIL_NONE, TAIL_CORNER, TAIL_CURVE, TAIL_POINT } chat_tail;
typedef enum chat_bar { BAR_CENTER, BAR_LEFT, BAR_WINDOW, BAR_PILL } chat_bar;
typedef enum chat_marks { MARKS_TEXT, MARKS_TICKS } chat_marks;

/* One side's bubbles; alpha 0: none. */
typedef struct chat_bubble {
    float fill[4], text[4];
    float end[4];                /* the gradient's other end, downwards */
    float stroke[4], stroke_width;
    float shadow[4], shadow_x, shadow_y, shadow_blur;
} chat_bubble;

typedef struct chat_look {
    reel_template named;
    chat_bubble sent, received;
    bool rows, avatars, names;   /* rows: no bubbles, everybody on the left */
    float radius, small_radius;  /* of bubbles; at tight corners */
    int32_t tail, bar, marks;    /* chat_tail, chat_bar, chat_marks */
    float pad_x, pad_y;          /* between bubble and text */
    float margin, gap, group_gap; /* to the sides; between bubbles of the same sender, and of others */
    float max_width;             /* of a bubble, as a fraction of the chat */
    const char *font;
    float size, line;            /* of text; from line to line, as a factor of it */
    int32_t weight, name_weight;
    kf_stop ground[4];           /* the gradient behind */
    int32_t ground_count;
    float angle;
    float back[4];               /* behind the messages, on the background */
    float bar_fill[4], bar_text[4], bar_dim[4], bar_line[4], accent[4], name_color[4]; /* name_color alpha 0: one each */
    float bar_height;
} chat_look;

const chat_look *chat_look_at(int index); /* NULL past the last */
const reel_template *chat_template_at(int index);

/* ---- What becomes of it ---- */

typedef struct chat_message {
    const kf_json *json;
    chat_said said;
    bool right, rtl;
    bool first, last;            /* of those of one sender in a row */
    bool named;                  /* the name stands above it */
    kf_time appear, start;       /* when its place is made (typing begins), when it comes */
    kf_time hold;                /* how long before what follows */
    kf_time end;                 /* when it is not seen any more */
    kf_time move;                /* length of its animation */
    int32_t voice, picture, face; /* assets, -1: none; face: of the avatar */
    const char *text;            /* its lines, with \n between; "" without */
    int32_t lines;
    float text_width;            /* px */
    double size;                 /* of the text, px */
    bool bare;                   /* no bubble around it: nothing but emoji, or a picture */
    int32_t top, height;         /* of its strip, which is as wide as the chat: px of the chat's content */
    reel_box bubble, image, avatar; /* of the strip; w 0: none */
    int32_t scroll;              /* how far the chat has moved up once it is there, px */
    int32_t lane;                /* the track it is on */
} chat_message;

typedef struct chat {
    reel *r;
    const chat_settings *settings;
    chat_look look;              /* with the config's colours */
    reel_box bar, view;          /* of the frame: above the messages; the messages */
    chat_message *messages;
    int32_t count, lanes;
    kf_time typing;              /* how long dots stand before a message; 0: not at all */
    int32_t face;                /* asset of the picture in the header, -1: none */
} chat;

/* messages.c */
kf_status chat_read_messages(chat *c);
kf_status chat_time_messages(chat *c);
const char *chat_partner(const chat *c); /* the name in the header, "" if there is none */
/* layout.c */
kf_status chat_lay_out(chat *c);
bool chat_shows(const chat *c, const chat_message *m); /* before the film ends */
/* When the next message of the same sender comes, which takes the tail and the picture; else when it ends itself. */
kf_time chat_last_until(const chat *c, const chat_message *m);
int32_t chat_strip_edge(const chat *c);  /* above and below a strip's bubble, for tails and shadows, px */
int32_t chat_tail_height(const chat *c); /* what of a tail is below its bubble, px */
/* bubble.c: the tracks of a message's strip, and of the dots */
void chat_write_strip(chat *c, const chat_message *m);
void chat_write_typing(chat *c, const chat_message *like);
/* avatar.c */
void chat_write_avatar(chat *c, const char *name, int32_t picture, reel_box box, reel_span span);
void chat_name_color(const char *name, float out[4]);
/* header.c */
void chat_write_bar(chat *c);

#endif
