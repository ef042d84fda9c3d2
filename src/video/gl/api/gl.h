/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures on screens: shows a picture in memory in the caller's current GL context. Desktop GL from 3.2 (core) and GLES
 * from 3.0; GL is reached only through the functions that the caller's loader finds. Each object belongs to one context
 * (or to those that share with it, one at a time) and is used only while that is current; no thread-safety beyond that. */
#ifndef KF_VIDEO_GL_H
#define KF_VIDEO_GL_H

#include "base/api/image.h"
#include "base/api/status.h"

typedef struct kf_gl kf_gl;

/* The address of the GL function of that name; NULL when there is none. */
typedef void *kf_gl_load_fn(void *ctx, const char *name);

/* KF_ERR_UNSUPPORTED: the context is too old, or lacks a function. Loads all functions: `load` is not called later. */
kf_status kf_gl_create(kf_gl_load_fn *load, void *ctx, kf_gl **out, kf_error *err);
/* Ends its objects in the context, which must be current. NULL is fine. */
void kf_gl_destroy(kf_gl *gl);

/* Takes a copy of the picture, which is shown from now on; NULL, or when this fails: nothing is. Storage is kept while
 * pictures have one form. All formats; colours as kf_color_resolve has them; opaque: alpha does not count. */
kf_status kf_gl_upload(kf_gl *gl, const kf_image *image, bool opaque, kf_error *err);

typedef struct kf_gl_view {
    int width, height;             /* of the framebuffer that is bound, px */
    float x, y, w, h;              /* where the whole picture goes, px from the top left; may reach beyond */
    float surround[3], behind[3];  /* R'G'B' 0..1: around the picture, and under what is not opaque */
    bool checker;                  /* a checkerboard under it instead */
    bool pixels;                   /* enlarged pixels stay squares */
} kf_gl_view;

/* Fills the framebuffer. Shrinking averages every source pixel, enlarging is bilinear. Where GL runs on the CPU, most
 * pictures are scaled by code of this room, which is several times faster than shaders there. Leaves changed: program, vertex
 * array, viewport, clear colour, the textures of units 0 to 3, and blending, depth, stencil, scissor and culling off. */
kf_status kf_gl_draw(kf_gl *gl, const kf_gl_view *view, kf_error *err);

#endif
