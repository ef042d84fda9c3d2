/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of the timeline, each rendered once with Pango into one texture and found again by its content. */
#ifndef KERF_TIMELINE_GLYPHS_H
#define KERF_TIMELINE_GLYPHS_H

#include <gtk/gtk.h>
#include "texture.h"

typedef struct kt_text {
    kt_texture texture;
    PangoLayout *layout;
    GHashTable *places;       /* by content */
    double dpr;               /* device pixels per pixel */
    int x, y, row;            /* where the next one goes; device pixels */
    uint32_t generation;      /* grows when all are forgotten for want of room: quads made before are void */
    int budget;               /* how many may still be rendered before the next kt_text_frame */
    int rendered;             /* in all */
    double line;              /* px, height of a line */
} kt_text;

void kt_text_init(kt_text *text);
void kt_text_finish(kt_text *text);
/* Another font (description, such as "Cantarell 8") or density: forgets all. */
void kt_text_set_font(kt_text *text, const char *font, double dpr);
/* A new frame begins. */
void kt_text_frame(kt_text *text, int budget);

typedef struct kt_glyphs {
    kt_rect place;            /* in the texture, device pixels */
    double width, height;     /* px */
} kt_glyphs;
/* false: the budget is spent; ask again in the next frame. */
bool kt_text_get(kt_text *text, const char *content, kt_glyphs *out);
/* Quad for a text whose top left corner is at (x, y) px; NULL as above. */
kt_quad *kt_text_push(kt_text *text, kt_quads *list, const char *content, double x, double y, kt_rgba color);
/* As kt_text_push, one quad for each character: for texts that change all the time (digits). Returns its width, px. */
double kt_text_digits(kt_text *text, kt_quads *list, const char *content, double x, double y, kt_rgba color);

#endif
