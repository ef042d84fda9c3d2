/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, monitors: pictures drawn with OpenGL into the caller's window. Kerf links no GL: it uses the
 * context that is current and the functions that the caller finds for it. Desktop GL from 3.2 (core) and GLES from 3.0.
 *
 * Conventions as in kerf.h. A monitor belongs to the context (or those that share objects with it) that was current when it
 * was made; every call needs that context current, and is made by one thread at a time. Nothing here waits for media. */
#ifndef KERF_MONITOR_H
#define KERF_MONITOR_H

#include "kerf/picture.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kf_monitor kf_monitor;

typedef struct kf_monitor_params {
    /* The address of a GL function ("glClear"); NULL when there is none. Called within kf_monitor_create only. */
    void *(*get_proc_address)(void *context, const char *name);
    void *context;
} kf_monitor_params;

/* KF_ERR_UNSUPPORTED: the context is too old; the message says what it is. */
KF_API kf_status kf_monitor_create(const kf_monitor_params *params, kf_monitor **out, kf_error *error);
/* NULL is fine. */
KF_API void kf_monitor_destroy(kf_monitor *monitor);

/* Copies a picture (borrowed for the call) into textures; it is what kf_monitor_draw shows from now on. NULL: nothing is
 * shown. KF_ERR_UNSUPPORTED: larger than this GL can show; KF_ERR_MEMORY: the graphics card is full; then nothing is shown. */
KF_API kf_status kf_monitor_show(kf_monitor *monitor, const kf_picture *picture, kf_error *error);

typedef enum kf_monitor_under {
    KF_MONITOR_COLOR,        /* `behind` under what is not opaque */
    KF_MONITOR_CHECKER       /* a checkerboard */
} kf_monitor_under;

typedef struct kf_monitor_draw_params {
    int32_t width, height;   /* of the framebuffer that is bound, px; it is drawn whole */
    float x, y, w, h;        /* where the whole picture goes, px from the top left; may reach beyond: zoom and pan */
    float surround[3];       /* R'G'B' 0..1 around the picture */
    kf_monitor_under under;
    float behind[3];
    bool pixels;             /* enlarged pixels stay squares; false: they are blended */
} kf_monitor_draw_params;
/* Black around and behind, no size. */
KF_API kf_monitor_draw_params kf_monitor_draw_params_default(void);

/* Draws the picture, or only the surround when there is none. Shrinking averages all of its pixels. Leaves changed: the
 * program, vertex array, viewport, clear colour, textures of units 0 to 3; blending, depth, stencil, scissor, culling off. */
KF_API kf_status kf_monitor_draw(kf_monitor *monitor, const kf_monitor_draw_params *params, kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
