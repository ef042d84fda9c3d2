/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text, shapes, subtitles, luma mattes and lookup tables for the compiler, cached. Used by one thread. */
#ifndef KF_ENGINE_RASTERS_H
#define KF_ENGINE_RASTERS_H

#include "compile/api/compile.h"
#include "engine/assets.h"

typedef struct kf_rasters kf_rasters;
/* folder: of the film, borrowed */
kf_status kf_rasters_create(const char *folder, kf_warnings *warnings, int64_t cache_bytes, kf_rasters **out, kf_error *err);
void kf_rasters_destroy(kf_rasters *rasters);

/* Of kf_compile_sources; ctx = kf_rasters. */
kf_status kf_rasters_title(void *ctx, const kf_gen_title *title, kf_placed *out, kf_error *err);
kf_status kf_rasters_shape(void *ctx, const kf_gen_shape *shape, kf_placed *out, kf_error *err);
kf_status kf_rasters_subtitles(void *ctx, const kf_gen_subtitles *style, kf_time t, int width, int height,
                               kf_placed *out, kf_error *err);
kf_status kf_rasters_still(void *ctx, const char *file, kf_frame **out, kf_error *err);
kf_status kf_rasters_cube(void *ctx, const char *file, kf_cube *out, kf_error *err);

/* A picture that says what is missing. Any thread. */
kf_status kf_placeholder_draw(int width, int height, const char *name, kf_frame **out, kf_error *err);

#endif
