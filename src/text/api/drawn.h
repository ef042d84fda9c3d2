/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles and shapes as films have them: their params, and a cache of what was drawn. */
#ifndef KF_TEXT_DRAWN_H
#define KF_TEXT_DRAWN_H

#include "catalog/api/kinds.h"
#include "text/api/text.h"

/* Texts and points are borrowed. Values are cut to what can be drawn. */
kf_title_params kf_title_params_of(const kf_gen_title *title);
kf_shape_params kf_shape_params_of(const kf_gen_shape *shape);

/* Rasters by key, the one not used for longest going first when there are many, or many bytes. Used by one thread. */
typedef struct kf_drawn kf_drawn;
kf_drawn *kf_drawn_create(int64_t bytes_max); /* NULL: out of memory */
void kf_drawn_destroy(kf_drawn *drawn);       /* NULL is fine */
/* *out with a reference of its own; false: it is not there. */
bool kf_drawn_find(kf_drawn *drawn, uint64_t key, kf_raster *out);
/* Takes a raster, and gives it with a reference of its own. */
kf_raster kf_drawn_keep(kf_drawn *drawn, uint64_t key, kf_raster raster);
/* A shape, drawn if need be. */
kf_status kf_drawn_shape(kf_drawn *drawn, const kf_gen_shape *shape, kf_raster *out, kf_error *err);

#endif
