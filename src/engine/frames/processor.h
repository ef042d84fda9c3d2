/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures of a caller's through effects, for the files of this folder. */
#ifndef KF_ENGINE_FRAMES_PROCESSOR_H
#define KF_ENGINE_FRAMES_PROCESSOR_H

#include "base/api/image.h"
#include "engine/api/frames.h"

/* As kf_engine_processor_create for pictures that come out at another size: scaled to fit, on black or nothing. */
kf_status kf_processor_open(const kf_frame_processor_params *params, int32_t out_width, int32_t out_height,
                            kf_frame_processor **out, kf_error *err);
/* The film of one picture that it shows: size and rate of the frames. */
const kf_film *kf_processor_film(const kf_frame_processor *processor);
/* Into an image of the processor's output size whose format and colour say how; its memory is not the input's. */
kf_status kf_processor_compose(kf_frame_processor *processor, const kf_pixels *in, kf_image *out, kf_time at,
                               kf_error *err);

#endif
