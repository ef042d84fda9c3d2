/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timeline's renderer: one program, lists of quads as instances. All calls need the area's GL context to be current
 * (OpenGL 3.2 or OpenGL ES 3.0). */
#ifndef KERF_TIMELINE_GL_H
#define KERF_TIMELINE_GL_H

#include "quads.h"
#include "texture.h"

typedef enum kt_gl_texture {
    KT_GL_TEXT,
    KT_GL_THUMB_SMALL,
    KT_GL_THUMB_LARGE,
    KT_GL_WAVE,
    KT_GL_TEXTURES
} kt_gl_texture;

typedef struct kt_gl kt_gl;

/* NULL and a message (g_free) if the context cannot do it. */
kt_gl *kt_gl_create(bool es, char **message);
void kt_gl_destroy(kt_gl *gl);

/* A list of quads in GL's memory. {0}: none yet. */
typedef struct kt_gl_list {
    unsigned array, buffer;
    uint32_t count;
} kt_gl_list;
void kt_gl_upload(kt_gl_list *list, const kt_quads *quads);
void kt_gl_list_finish(kt_gl_list *list);
/* Its content is lost: what fills it must begin anew. */
void kt_gl_drop_texture(kt_texture *texture);

typedef struct kt_gl_frame {
    double width, height;     /* px */
    double dpr;
    kt_rgba background;
    kt_texture *textures[KT_GL_TEXTURES]; /* may be NULL */
} kt_gl_frame;
/* Brings the textures up to date and clears. */
void kt_gl_begin(kt_gl *gl, const kt_gl_frame *frame);

typedef struct kt_gl_draw {
    double scale;             /* px per flick */
    double x, y;              /* px: where time 0 of the list, and its y 0, are */
    kt_rect clip;             /* px */
} kt_gl_draw;
void kt_gl_list_draw(kt_gl *gl, const kt_gl_list *list, const kt_gl_draw *draw);
void kt_gl_end(kt_gl *gl);

#endif
