/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A media file as a film, and its pictures one after another. */
#ifndef KF_ENGINE_FOOTAGE_H
#define KF_ENGINE_FOOTAGE_H

#include "base/api/image.h"
#include "model/api/model.h"

/* A film that shows and sounds like the file: its size, rate and colour, nothing limited or faded. {0} parts are the
 * file's; at another size the picture is stretched. A still lasts a second. */
typedef struct kf_footage_spec {
    int32_t width, height;
    kf_rational rate;
    bool plain_color;          /* BT.709 limited range whatever the file is */
    int32_t threads;           /* 0: one per CPU */
    int64_t memory;            /* 0: 128 MiB */
} kf_footage_spec;
kf_status kf_footage_film(const char *path, const kf_footage_spec *spec, kf_film **out, kf_error *err);

/* Its pictures in 8-bit Y'CbCr 4:2:0. One thread. */
typedef struct kf_footage kf_footage;
kf_status kf_footage_open(const char *path, const kf_footage_spec *spec, kf_footage **out, kf_error *err);
void kf_footage_close(kf_footage *footage); /* NULL is fine */
int64_t kf_footage_frames(const kf_footage *footage);
/* Size and rate that its pictures have. */
kf_footage_spec kf_footage_shape(const kf_footage *footage);
/* Picture i, a new reference; ask in order. */
kf_status kf_footage_frame(kf_footage *footage, int64_t i, kf_frame **out, kf_error *err);

#endif
