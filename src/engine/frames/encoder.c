/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of a caller's to a file or a stream: a processor that composes in the encoder's own format, and a writer. */
#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "base/api/time.h"
#include "engine/frames/processor.h"
#include "engine/settings.h"
#include "engine/shelf.h"

enum { SOUND_BLOCK = 4096 };

struct kf_frame_encoder {
    kf_frame_processor *processor;
    kf_shelf *shelf;
    kf_settings settings;
    kf_writer *writer;
    int32_t channels;
    int64_t frames, samples, started;
    float *planes[KF_ENCODER_CHANNELS];  /* SOUND_BLOCK samples each */
};

static kf_status open_writer(kf_frame_encoder *e, const kf_frame_encoder_params *params, kf_error *err)
{
    kf_settings *s = &e->settings;
    kf_writer_params *w = &s->writer;
    w->one_feeder = true;
    w->video.rate = params->rate;
    if (params->sample_rate <= 0) w->audio.codec = "none";
    w->audio.sample_rate = params->sample_rate;
    w->audio.channels = e->channels = params->channels;
    kf_status status = kf_writer_open(w, &e->writer, err);
    if (status != KF_OK) return status;
    if (!kf_writer_has_video(e->writer))
        return kf_fail(err, KF_ERR_UNSUPPORTED, "this preset or container takes no pictures; choose another one");
    kf_graph_output output = {kf_writer_video_format(e->writer), s->width, s->height, kf_writer_video_color(e->writer),
                              false};
    e->shelf = kf_shelf_create(&output);
    return e->shelf ? KF_OK : kf_fail_memory(err);
}

static kf_status open_sound(kf_frame_encoder *e, kf_error *err)
{
    float *memory = e->channels > 0 ? kf_alloc((size_t)e->channels * SOUND_BLOCK * sizeof(float)) : NULL;
    if (e->channels > 0 && !memory) return kf_fail_memory(err);
    for (int32_t c = 0; c < e->channels; c++) e->planes[c] = memory + (ptrdiff_t)c * SOUND_BLOCK;
    return KF_OK;
}

/* Size, codecs and quality are settled as for a render of a film that shows the frames; the size first, as the processor
 * composes at it. */
static kf_status open_encoder(kf_frame_encoder *e, const kf_frame_encoder_params *params, kf_error *err)
{
    const kf_render_params *r = params->render;
    kf_frame_processor_params pp = {.width = params->width, .height = params->height, .effects = params->effects,
                                    .rate = params->rate, .folder = params->folder, .threads = r->threads,
                                    .warning = r->warning, .context = r->context};
    kf_frame_processor *sized;
    kf_status status = kf_processor_open(&pp, params->width, params->height, &sized, err);
    if (status != KF_OK) return status;
    status = kf_settings_resolve(kf_film_snapshot(kf_processor_film(sized)), r, &e->settings, err);
    e->processor = sized;
    if (status == KF_OK && (e->settings.width != params->width || e->settings.height != params->height)) {
        kf_engine_processor_destroy(sized);
        status = kf_processor_open(&pp, e->settings.width, e->settings.height, &e->processor, err);
    }
    if (status == KF_OK) status = open_writer(e, params, err);
    return status == KF_OK ? open_sound(e, err) : status;
}

kf_status kf_engine_encoder_create(const kf_frame_encoder_params *params, kf_frame_encoder **out, kf_error *err)
{
    kf_frame_encoder *e = KF_NEW(kf_frame_encoder);
    if (!e) return kf_fail_memory(err);
    e->started = kf_clock_ns();
    kf_status status = open_encoder(e, params, err);
    if (status == KF_OK)
        *out = e;
    else
        kf_engine_encoder_cancel(e);
    return status;
}

void kf_engine_encoder_cancel(kf_frame_encoder *e)
{
    if (!e) return;
    kf_writer_abort(e->writer);
    kf_shelf_destroy(e->shelf);
    kf_engine_processor_destroy(e->processor);
    kf_settings_finish(&e->settings);
    kf_free(e->planes[0]);
    kf_free(e);
}

kf_status kf_engine_encoder_video(kf_frame_encoder *e, const kf_pixels *in, kf_error *err)
{
    kf_frame *frame = kf_shelf_take(e->shelf);
    if (!frame) return kf_fail_memory(err);
    kf_time at = kf_frame_start(e->frames, e->settings.writer.video.rate);
    kf_status status = kf_processor_compose(e->processor, in, &frame->image, at, err);
    if (status == KF_OK) status = kf_writer_video(e->writer, frame, 1, err);
    kf_frame_unref(frame);
    e->frames += status == KF_OK;
    return status;
}

static kf_status write_block(kf_frame_encoder *e, const float *samples, int n, kf_error *err)
{
    for (int32_t c = 0; c < e->channels; c++)
        for (int i = 0; i < n; i++) e->planes[c][i] = samples[(ptrdiff_t)i * e->channels + c];
    return kf_writer_audio(e->writer, (const float *const *)e->planes, n, err);
}

kf_status kf_engine_encoder_sound(kf_frame_encoder *e, const float *samples, int64_t count, kf_error *err)
{
    kf_status status = KF_OK;
    if (!kf_writer_has_audio(e->writer))
        return kf_fail(err, KF_ERR_USAGE, "this output has no sound; give a sample rate, channels and an audio codec");
    for (int64_t at = 0; at < count && status == KF_OK; at += SOUND_BLOCK) {
        int n = count - at < SOUND_BLOCK ? (int)(count - at) : SOUND_BLOCK;
        status = write_block(e, samples + at * e->channels, n, err);
        e->samples += status == KF_OK ? n : 0;
    }
    return status;
}

kf_status kf_engine_encoder_finish(kf_frame_encoder *e, kf_render_report *report, kf_error *err)
{
    kf_writer_stats stats = {0};
    kf_writer *writer = e->writer;
    e->writer = NULL;
    kf_status status;
    if (e->frames == 0) {
        kf_writer_abort(writer);
        status = kf_fail(err, KF_ERR_INVALID, "no frame was given: there is nothing to write");
    } else {
        status = kf_writer_finish(writer, &stats, err);
    }
    if (status == KF_OK && report) {
        double seconds = (double)(kf_clock_ns() - e->started) / 1e9;
        kf_time duration = kf_frame_start(e->frames, e->settings.writer.video.rate);
        *report = (kf_render_report){.frames = e->frames, .samples = e->samples, .duration = duration,
                                     .seconds = seconds, .speed = seconds > 0 ? kf_time_seconds(duration) / seconds : 0,
                                     .bytes = stats.file_bytes, .peak_db = NAN, .rms_db = NAN, .true_peak_db = NAN,
                                     .lufs = NAN};
    }
    kf_engine_encoder_cancel(e);
    return status;
}
