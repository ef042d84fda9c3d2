/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw frames; implements kerf/frames.h for arguments that were checked. */
#ifndef KF_ENGINE_API_FRAMES_H
#define KF_ENGINE_API_FRAMES_H

#include "base/api/str.h"
#include "kerf/frames.h"
#include "model/api/model.h"

size_t kf_engine_pixels_size(kf_pixel_layout layout, int32_t width, int32_t height);
kf_pixels kf_engine_pixels_in(kf_pixel_layout layout, int32_t width, int32_t height, void *buffer);
kf_status kf_engine_check_size(int32_t width, int32_t height, const char *what, kf_error *err);
/* Errors unless the picture is whole. what: "the input". */
kf_status kf_engine_check_pixels(const kf_pixels *pixels, const char *what, kf_error *err);

kf_status kf_engine_processor_create(const kf_frame_processor_params *params, kf_frame_processor **out, kf_error *err);
void kf_engine_processor_destroy(kf_frame_processor *processor);
kf_status kf_engine_processor_run(kf_frame_processor *processor, const kf_pixels *in, const kf_pixels *out, kf_time at,
                                  kf_error *err);
kf_status kf_engine_pixels_encode(const kf_pixels *pixels, const char *format, kf_write_fn *write, void *context,
                                  kf_error *err);
/* kf_render_pixels. */
kf_status kf_engine_frame_pixels(const kf_film *film, kf_time at, const kf_render_params *params, const kf_pixels *out,
                                 kf_error *err);

enum { KF_ENCODER_CHANNELS = 8 };
kf_status kf_engine_encoder_create(const kf_frame_encoder_params *params, kf_frame_encoder **out, kf_error *err);
kf_status kf_engine_encoder_video(kf_frame_encoder *encoder, const kf_pixels *in, kf_error *err);
kf_status kf_engine_encoder_sound(kf_frame_encoder *encoder, const float *samples, int64_t count, kf_error *err);
kf_status kf_engine_encoder_finish(kf_frame_encoder *encoder, kf_render_report *report, kf_error *err);
void kf_engine_encoder_cancel(kf_frame_encoder *encoder);

/* Appended. */
kf_status kf_engine_effects_normal(const char *effects, kf_str *out, kf_error *err);

#endif
