/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One frame of a film as a picture file. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
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

static kf_status compose(kf_session *session, const kf_settings *settings, const kf_render_params *params, kf_time at,
                         kf_frame **out, kf_error *err)
{
    kf_compiler_params cp = {session->snapshot, settings->sequence, settings->width, settings->height,
                             &session->sources, false};
    kf_cpu_params up = {session->pool, kf_cpu_isa()};
    kf_compiler *compiler = NULL;
    kf_compiled *compiled = NULL;
    kf_cpu *cpu = NULL;
    kf_pixfmt format = settings->view.background[3] >= 1 ? KF_PIX_RGB24 : KF_PIX_RGBA8; /* nothing shows through */
    kf_color color = {settings->view.color.primaries, settings->view.color.transfer, KF_MAT_RGB, KF_RANGE_FULL};
    kf_graph_output output = {format, settings->width, settings->height,
                              kf_color_resolve(color, format, settings->width, settings->height), false};
    prepare(session, cp, at);
    kf_status status = kf_compiler_create(&cp, &compiler, err);
    if (status == KF_OK) status = kf_compile_frame(compiler, at, &compiled, err);
    if (status == KF_OK && params->reference) {
        status = kf_ref_render(compiled->root, &output, out, err);
    } else if (status == KF_OK) {
        status = kf_cpu_create(&up, &cpu, err);
        *out = kf_frame_create(output.format, output.width, output.height);
        if (status == KF_OK && !*out) status = kf_fail_memory(err);
        if (status == KF_OK) {
            (*out)->image.color = output.color;
            status = kf_cpu_render(cpu, compiled->graph, compiled->root, &output, &(*out)->image, err);
        }
    }
    kf_cpu_destroy(cpu);
    kf_compiled_release(compiled);
    kf_compiler_destroy(compiler);
    return status;
}

kf_status kf_engine_frame(const kf_film *film, kf_time at, const char *path, const kf_render_params *params,
                          kf_error *err)
{
    kf_render_params p = *params;
    kf_settings settings;
    kf_session session;
    kf_frame *frame = NULL;
    p.preset = NULL;
    p.output = NULL;
    p.start = p.end = KF_TIME_NONE;
    p.video_codec = p.audio_codec = NULL;
    kf_status status = kf_settings_resolve(kf_film_snapshot(film), &p, &settings, err);
    if (status != KF_OK) return status;
    if (at < 0 || at >= settings.view.duration) {
        status = kf_fail(err, KF_ERR_INVALID, "there is no frame at %.3f s: the film goes from 0 to %.3f s",
                         kf_time_seconds(at), kf_time_seconds(settings.view.duration));
        kf_settings_finish(&settings);
        return status;
    }
    at = kf_frame_start(kf_frame_at(at, settings.view.rate), settings.view.rate);
    settings.single = true;
    settings.start = at;
    status = kf_session_open(&session, film, &p, &settings, err);
    if (status == KF_OK) {
        status = compose(&session, &settings, &p, at, &frame, err);
        if (status == KF_OK) status = kf_session_intact(&session, err);
        if (status == KF_OK) status = kf_image_write(path, &frame->image, p.overwrite, session.pool, err);
        kf_frame_unref(frame);
        kf_session_close(&session);
    }
    kf_settings_finish(&settings);
    return status;
}
