/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/frames.h. */
#include "kerf/frames.h"

#include <string.h>

#include "api/films.h"
#include "engine/api/frames.h"

/* ---- Pixels ---- */

static const char *const layouts[KF_PIXEL_LAYOUTS] = {
    [KF_PIXELS_RGBA8] = "rgba", [KF_PIXELS_BGRA8] = "bgra", [KF_PIXELS_RGB24] = "rgb24", [KF_PIXELS_I420] = "i420",
    [KF_PIXELS_NV12] = "nv12",
};

const char *kf_pixel_layout_name(kf_pixel_layout layout)
{
    return (unsigned)layout < KF_PIXEL_LAYOUTS ? layouts[layout] : NULL;
}

bool kf_pixel_layout_find(const char *name, kf_pixel_layout *out)
{
    for (int i = 0; i < KF_PIXEL_LAYOUTS; i++) {
        if (strcmp(layouts[i], name) != 0) continue;
        *out = (kf_pixel_layout)i;
        return true;
    }
    return false;
}

size_t kf_pixels_size(kf_pixel_layout layout, int32_t width, int32_t height)
{
    return kf_engine_pixels_size(layout, width, height);
}

kf_pixels kf_pixels_in(kf_pixel_layout layout, int32_t width, int32_t height, void *buffer)
{
    return kf_engine_pixels_in(layout, width, height, buffer);
}

kf_status kf_render_pixels(const kf_film_handle *film, kf_time at, const kf_render_params *params, const kf_pixels *out,
                           kf_error *error)
{
    kf_render_params p = params ? *params : kf_render_params_default();
    kf_status status = kf_check_render_params(&p, error);
    if (status == KF_OK) status = kf_engine_check_pixels(out, "the output", error);
    return status == KF_OK ? kf_engine_frame_pixels(film->film, at, &p, out, error) : status;
}

kf_status kf_pixels_encode(const kf_pixels *pixels, const char *format, kf_write_fn *write, void *context,
                           kf_error *error)
{
    kf_status status = kf_engine_check_pixels(pixels, "the picture", error);
    return status == KF_OK ? kf_engine_pixels_encode(pixels, format, write, context, error) : status;
}

/* ---- Effects ---- */

kf_frame_processor_params kf_frame_processor_params_default(void)
{
    return (kf_frame_processor_params){0};
}

kf_status kf_frame_processor_create(const kf_frame_processor_params *params, kf_frame_processor **out, kf_error *error)
{
    const kf_render_params like = {.threads = params->threads, .rate = params->rate};
    kf_status status = kf_check_render_params(&like, error);
    *out = NULL;
    if (status == KF_OK) status = kf_engine_check_size(params->width, params->height, "the frames", error);
    return status == KF_OK ? kf_engine_processor_create(params, out, error) : status;
}

void kf_frame_processor_destroy(kf_frame_processor *processor)
{
    kf_engine_processor_destroy(processor);
}

kf_status kf_frame_processor_run(kf_frame_processor *processor, const kf_pixels *in, const kf_pixels *out, kf_time at,
                                 kf_error *error)
{
    kf_status status = kf_engine_check_pixels(in, "the input", error);
    if (status == KF_OK) status = kf_engine_check_pixels(out, "the output", error);
    return status == KF_OK ? kf_engine_processor_run(processor, in, out, at, error) : status;
}

kf_status kf_effects_normal(const char *effects, char **out, kf_error *error)
{
    kf_str s = {0};
    kf_status status = kf_engine_effects_normal(effects, &s, error);
    if (status == KF_OK && s.failed) status = kf_fail_memory(error);
    if (status != KF_OK) kf_str_finish(&s);
    *out = status == KF_OK ? s.data : NULL;
    return status;
}

/* ---- Encoding ---- */

kf_frame_encoder_params kf_frame_encoder_params_default(void)
{
    return (kf_frame_encoder_params){0};
}

static kf_status check_sound(const kf_frame_encoder_params *p, kf_error *error)
{
    if (p->sample_rate == 0 && p->channels == 0) return KF_OK;
    if (p->sample_rate >= 1 && p->sample_rate <= 768000 && p->channels >= 1 && p->channels <= KF_ENCODER_CHANNELS)
        return KF_OK;
    return kf_fail(error, KF_ERR_USAGE, "sound of %d Hz and %d channels: give a sample rate and 1 to %d channels, or 0 and "
                   "0 for none", (int)p->sample_rate, (int)p->channels, KF_ENCODER_CHANNELS);
}

kf_status kf_frame_encoder_create(const kf_frame_encoder_params *params, kf_frame_encoder **out, kf_error *error)
{
    kf_frame_encoder_params p = *params;
    kf_render_params render = params->render ? *params->render : kf_render_params_default();
    *out = NULL;
    if (!render.output && !render.write)
        return kf_fail(error, KF_ERR_USAGE, "name an output file, or a function to write to");
    if (p.rate.num == 0) p.rate = (kf_rational){30, 1};
    render.rate = p.rate;
    render.start = render.end = KF_TIME_NONE;
    render.sequence = NULL;
    p.render = &render;
    kf_status status = kf_check_render_params(&render, error);
    if (status == KF_OK) status = kf_engine_check_size(p.width, p.height, "the frames", error);
    if (status == KF_OK) status = check_sound(&p, error);
    return status == KF_OK ? kf_engine_encoder_create(&p, out, error) : status;
}

kf_status kf_frame_encoder_video(kf_frame_encoder *encoder, const kf_pixels *frame, kf_error *error)
{
    kf_status status = kf_engine_check_pixels(frame, "the frame", error);
    return status == KF_OK ? kf_engine_encoder_video(encoder, frame, error) : status;
}

kf_status kf_frame_encoder_sound(kf_frame_encoder *encoder, const float *samples, int64_t count, kf_error *error)
{
    return kf_engine_encoder_sound(encoder, samples, count, error);
}

kf_status kf_frame_encoder_finish(kf_frame_encoder *encoder, kf_render_report *report, kf_error *error)
{
    return kf_engine_encoder_finish(encoder, report, error);
}

void kf_frame_encoder_cancel(kf_frame_encoder *encoder)
{
    kf_engine_encoder_cancel(encoder);
}
