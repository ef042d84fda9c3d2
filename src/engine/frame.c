/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One frame of a film as a picture file, or in memory. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "engine/api/frames.h"
#include "engine/frames/pixels.h"
#include "engine/session.h"
#include "video/ref/api/ref.h"

static kf_status announce(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                          kf_error *err)
{
    return kf_assets_announce(((kf_providers *)ctx)->assets, asset, stream, t, out, err);
}

/* Compiles without pictures, so that they are all decoded at once while text is drawn. What fails will fail again. */
static void prepare(kf_session *session, kf_compiler_params params, kf_time at)
{
    kf_compile_sources sources = session->sources;
    kf_compiler *compiler;
    kf_compiled *compiled = NULL;
    sources.picture = announce;
    params.sources = &sources;
    if (kf_compiler_create(&params, &compiler, NULL) != KF_OK) return;
    if (kf_compile_frame(compiler, at, &compiled, NULL) == KF_OK) kf_compiled_release(compiled);
    kf_compiler_destroy(compiler);
}

/* One frame of a film, opened. */
typedef struct single {
    kf_settings settings;
    kf_session session;
    kf_time at;
} single;

static kf_status settle(single *s, const kf_film *film, kf_time at, const kf_render_params *params, kf_error *err)
{
    kf_status status = kf_settings_resolve(kf_film_snapshot(film), params, &s->settings, err);
    if (status != KF_OK) return status;
    const kf_sequence_view *view = &s->settings.view;
    if (at < 0 || at >= view->duration)
        return kf_fail(err, KF_ERR_INVALID, "there is no frame at %.3f s: the film goes from 0 to %.3f s",
                       kf_time_seconds(at), kf_time_seconds(view->duration));
    s->at = kf_frame_start(kf_frame_at(at, view->rate), view->rate);
    s->settings.single = true;
    s->settings.start = s->at;
    return KF_OK;
}

static kf_status single_open(single *s, const kf_film *film, kf_time at, const kf_render_params *params, kf_error *err)
{
    kf_render_params p = *params;
    p.write = NULL;
    p.preset = p.output = p.video_codec = p.audio_codec = NULL;
    p.start = p.end = KF_TIME_NONE;
    kf_status status = settle(s, film, at, &p, err);
    if (status == KF_OK) status = kf_session_open(&s->session, film, &p, &s->settings, err);
    if (status != KF_OK) kf_settings_finish(&s->settings);
    return status;
}

static void single_close(single *s)
{
    kf_session_close(&s->session);
    kf_settings_finish(&s->settings);
}

static kf_status compose_compiled(single *s, const kf_compiled *compiled, const kf_graph_output *output, bool reference,
                                  kf_image *image, kf_error *err)
{
    kf_cpu_params up = {s->session.pool, kf_cpu_isa()};
    kf_cpu *cpu;
    if (reference) {
        kf_frame *frame;
        kf_status status = kf_ref_render(compiled->root, output, &frame, err);
        if (status != KF_OK) return status;
        kf_image_copy_rows(&frame->image, image);
        kf_frame_unref(frame);
        return KF_OK;
    }
    kf_status status = kf_cpu_create(&up, &cpu, err);
    if (status != KF_OK) return status;
    status = kf_cpu_render(cpu, compiled->graph, compiled->root, output, image, err);
    kf_cpu_destroy(cpu);
    return status;
}

/* Composes into an image whose format, size and colour say how. */
static kf_status compose(single *s, bool reference, kf_image *image, kf_error *err)
{
    kf_compiler_params cp = {s->session.snapshot, s->settings.sequence, s->settings.width, s->settings.height,
                             &s->session.sources, false};
    kf_graph_output output = {image->format, image->width, image->height, image->color, image->premultiplied};
    kf_compiler *compiler;
    kf_compiled *compiled = NULL;
    prepare(&s->session, cp, s->at);
    kf_status status = kf_compiler_create(&cp, &compiler, err);
    if (status != KF_OK) return status;
    status = kf_compile_frame(compiler, s->at, &compiled, err);
    if (status == KF_OK) status = compose_compiled(s, compiled, &output, reference, image, err);
    if (status == KF_OK) status = kf_session_intact(&s->session, err);
    kf_compiled_release(compiled);
    kf_compiler_destroy(compiler);
    return status;
}

/* The pixels of a picture file. */
static kf_status compose_picture(single *s, bool reference, kf_frame **out, kf_error *err)
{
    const kf_sequence_view *view = &s->settings.view;
    const int w = s->settings.width, h = s->settings.height;
    kf_pixfmt format = view->background[3] >= 1 ? KF_PIX_RGB24 : KF_PIX_RGBA8; /* nothing shows through */
    kf_color color = {view->color.primaries, view->color.transfer, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};
    kf_frame *frame = kf_frame_create(format, w, h);
    if (!frame) return kf_fail_memory(err);
    frame->image.color = kf_color_resolve(color, format, w, h);
    kf_status status = compose(s, reference, &frame->image, err);
    if (status == KF_OK)
        *out = frame;
    else
        kf_frame_unref(frame);
    return status;
}

kf_status kf_engine_frame(const kf_film *film, kf_time at, const char *path, const kf_render_params *params,
                          kf_error *err)
{
    single s = {0};
    kf_frame *frame = NULL;
    kf_status status = single_open(&s, film, at, params, err);
    if (status != KF_OK) return status;
    status = compose_picture(&s, params->reference, &frame, err);
    if (status == KF_OK) status = kf_image_write(path, &frame->image, params->overwrite, s.session.pool, err);
    kf_frame_unref(frame);
    single_close(&s);
    return status;
}

kf_status kf_engine_frame_pixels(const kf_film *film, kf_time at, const kf_render_params *params, const kf_pixels *out,
                                 kf_error *err)
{
    single s = {0};
    kf_render_params p = *params;
    p.width = out->width;
    p.height = out->height;
    kf_image image = kf_pixels_view(out);
    kf_status status = single_open(&s, film, at, &p, err);
    if (status != KF_OK) return status;
    status = compose(&s, p.reference, &image, err);
    if (status == KF_OK && out->opaque && kf_pixfmt_get(image.format)->alpha) kf_image_make_opaque(&image);
    single_close(&s);
    return status;
}
