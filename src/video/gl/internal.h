/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_GL_INTERNAL_H
#define KF_GL_INTERNAL_H

#include "video/gl/calls.h"
#include "video/gl/soft.h"

/* How a picture's samples lie in textures; each has a program of its own. */
typedef enum gl_layout {
    GL_LAYOUT_GRAY,   /* one plane */
    GL_LAYOUT_PACKED, /* one plane of three or four components */
    GL_LAYOUT_SEMI,   /* luma, and both chroma */
    GL_LAYOUT_PLANES, /* three planes */
    GL_LAYOUT_ALPHA,  /* three planes and alpha */
    GL_LAYOUT_COPY,   /* R'G'B' for each pixel of the screen */
    GL_LAYOUT_COUNT
} gl_layout;

typedef struct gl_program {
    unsigned id;      /* 0: not made yet */
    int rect, size, footprint, chroma, decode, alpha, behind, dark; /* uniforms */
} gl_program;

typedef struct gl_texture {
    unsigned id;
    int width, height;
    unsigned internal;
} gl_texture;

struct kf_gl {
    gl_calls call;
    unsigned vertex_array;
    gl_program program[GL_LAYOUT_COUNT];
    gl_texture texture[4];
    bool shows, pixels;    /* a picture is there; textures are set to keep pixels square */
    bool soft;             /* it is in `held`, not in textures */
    soft_picture held;
    soft_scaler scaler;
    int width, height;     /* of the picture */
    gl_layout layout;
    float decode[3][4];    /* texture samples to R'G'B' */
    float alpha_scale;
    bool premultiplied, has_alpha;
    float chroma[4];       /* luma pixels to chroma pixels: scale x, y, offset x, y */
};

/* The program of a layout, made when it is first wanted. NULL when it cannot be made. */
const gl_program *gl_program_get(kf_gl *gl, gl_layout layout, kf_error *err);
/* Whether enlarged pixels stay squares. */
void gl_set_pixels(kf_gl *gl, bool pixels);
/* Pixels of 4 bytes into the first texture. */
kf_status gl_send_rgba(kf_gl *gl, const void *pixels, int width, int height, kf_error *err);

#endif
