/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thumbnails and waveforms of one file, made while the caller waits. */
#include <string.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/api/media.h"
#include "engine/worker.h"
#include "media/api/source.h"

enum { BLOCK = 8192 };

static kf_status go_on(const bool *cancel, const char *path, kf_error *err)
{
    if (!cancel || !*(const volatile bool *)cancel) return KF_OK;
    return kf_fail(err, KF_ERR_CANCELLED, "looking at %s was stopped", path);
}

/* ---- Thumbnails ---- */

typedef struct strip {
    const kf_thumbnails_params *params;
    const char *path;
    kf_thumbs *thumbs;
    kf_display display;
    kf_time duration;        /* 0: of a still */
} strip;

static kf_time time_of(const strip *s, int32_t i)
{
    const kf_thumbnails_params *p = s->params;
    return p->at ? p->at[i] : kf_muldiv_floor(s->duration, 2 * (int64_t)i + 1, 2 * (int64_t)p->count);
}

static kf_status give(const strip *s, int32_t i, const kf_image *image, kf_error *err)
{
    const kf_pixels pixels = {.layout = KF_PIXELS_RGBA8, .width = image->width, .height = image->height,
                              .plane = {image->plane[0]}, .stride = {image->stride[0]}, .premultiplied = true};
    bool on = s->params->picture(s->params->context, i, time_of(s, i), &pixels);
    return on ? KF_OK : kf_fail(err, KF_ERR_CANCELLED, "looking at %s was stopped", s->path);
}

static kf_status make_one(strip *s, int32_t i, kf_error *err)
{
    kf_frame *frame, *shown;
    kf_time slack = s->params->at ? 0 : s->duration / (4 * (int64_t)s->params->count);
    kf_status status = go_on(s->params->cancel, s->path, err);
    if (status == KF_OK) status = kf_thumbs_get(s->thumbs, time_of(s, i), slack, s->params->height, &frame, err);
    if (status != KF_OK) return status;
    shown = frame->image.format == KF_PIX_RGBA8 ? kf_frame_ref(frame) : kf_display_convert(&s->display, &frame->image);
    status = shown ? give(s, i, &shown->image, err) : kf_fail_memory(err);
    kf_frame_unref(shown);
    kf_frame_unref(frame);
    return status;
}

kf_status kf_engine_thumbnails(const char *path, const kf_thumbnails_params *params, kf_error *err)
{
    strip s = {.params = params, .path = path};
    kf_status status = kf_thumbs_open(path, params->stream, &s.thumbs, err);
    if (status != KF_OK) return status;
    kf_time duration = kf_thumbs_info(s.thumbs)->duration;
    s.duration = duration > 0 ? duration : 0;
    for (int32_t i = 0; i < params->count && status == KF_OK; i++) status = make_one(&s, i, err);
    kf_display_finish(&s.display);
    kf_thumbs_close(s.thumbs);
    return status;
}

/* ---- Waveforms ---- */

typedef struct wave {
    const kf_peaks_query *query;
    const bool *cancel;
    kf_audio_source *source;
    kf_peaks *peaks;
    float *memory;
    int channels;
} wave;

static kf_status read_block(wave *w, int64_t at, int n, kf_error *err)
{
    float *planes[KF_PEAK_CHANNELS];
    for (int c = 0; c < w->channels; c++) planes[c] = w->memory + (size_t)c * BLOCK;
    kf_status status = go_on(w->cancel, w->query->path, err);
    if (status == KF_OK) status = kf_audio_source_read(w->source, at, planes, n, err);
    if (status != KF_OK) return status;
    return kf_peaks_append(w->peaks, (const float *const *)planes, n) ? KF_OK : kf_fail_memory(err);
}

static kf_status read_all(wave *w, int rate, kf_error *err)
{
    int64_t length = kf_audio_source_length(w->source);
    w->channels = kf_audio_source_channels(w->source);
    if (w->channels < 1 || w->channels > KF_PEAK_CHANNELS)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: sound of %d channels has no waveform", w->query->path, w->channels);
    w->memory = kf_alloc((size_t)w->channels * BLOCK * sizeof(float));
    w->peaks = kf_peaks_create(w->channels, rate, length);
    if (!w->memory || !w->peaks) return kf_fail_memory(err);
    kf_status status = KF_OK;
    for (int64_t at = 0; at < length && status == KF_OK; at += BLOCK)
        status = read_block(w, at, (int)(length - at < BLOCK ? length - at : BLOCK), err);
    return status == KF_OK && !kf_peaks_end(w->peaks) ? kf_fail_memory(err) : status;
}

static void answer(const wave *w, kf_peak_column *columns, kf_peaks_info *info)
{
    kf_peaks_query q = *w->query;
    kf_peaks_info facts;
    kf_work_peaks_info(w->peaks, &facts);
    if (q.to == KF_TIME_NONE) q.to = facts.end;
    kf_work_peaks_fill(w->peaks, &q, columns);
    if (info) *info = facts;
}

static kf_status make_wave(wave *w, kf_media *media, kf_peak_column *columns, kf_peaks_info *info, kf_error *err)
{
    const kf_stream_info *stream = kf_work_sound_stream(kf_media_describe(media), w->query->stream);
    if (!stream) return kf_fail(err, KF_ERR_NOT_FOUND, "%s: has no such sound", w->query->path);
    kf_status status = kf_audio_source_open(media, w->query->stream, stream->sample_rate, 0, &w->source, err);
    if (status == KF_OK) status = read_all(w, stream->sample_rate, err);
    if (status == KF_OK) answer(w, columns, info);
    return status;
}

kf_status kf_engine_waveform(const kf_peaks_query *query, kf_peak_column *columns, kf_peaks_info *info,
                             const bool *cancel, kf_error *err)
{
    wave w = {.query = query, .cancel = cancel};
    kf_media_params params = kf_media_params_default();
    kf_media *media;
    kf_status status = kf_media_open(query->path, &params, &media, err);
    if (status != KF_OK) return status;
    status = make_wave(&w, media, columns, info, err);
    kf_peaks_destroy(w.peaks);
    kf_free(w.memory);
    if (w.source) kf_audio_source_close(w.source);
    kf_media_close(media);
    return status;
}

kf_status kf_engine_media_summary(const char *path, kf_media_summary *out, kf_error *err)
{
    kf_error error = {0};
    *out = (kf_media_summary){0};
    struct stat is;
    kf_status status = kf_work_describe(path, out, NULL, &error);
    if (stat(path, &is) == 0) {
        out->bytes = (int64_t)is.st_size;
        out->modified_ns = (int64_t)is.st_mtim.tv_sec * 1000000000 + is.st_mtim.tv_nsec;
    }
    if (status == KF_OK) return KF_OK;
    *out = (kf_media_summary){.duration = KF_TIME_NONE};
    memcpy(out->error, error.message, sizeof out->error);
    return kf_fail(err, status, "%s", error.message);
}
