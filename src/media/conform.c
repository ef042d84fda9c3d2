/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/api/proxy.h"
#include "media/api/writer.h"
#include "media/in/internal.h"
#include "media/out/internal.h"
#include "media/sweep.h"

enum { BLOCK = 16384 };

typedef struct conform {
    const kf_conform_params *params;
    kf_media *media;
    kf_audio_source *source;
    kf_writer *writer;
    float *memory;
    int channels;
} conform;

static kf_status open_conform(conform *c, kf_error *err)
{
    const kf_conform_params *q = c->params;
    kf_media_params mp = kf_media_params_default();
    mp.threads = 1;
    kf_status status = kf_media_open(q->path, &mp, &c->media, err);
    if (!status) status = kf_audio_source_open(c->media, q->stream, q->sample_rate, 0, &c->source, err);
    if (status) return status;
    c->channels = kf_audio_source_channels(c->source);
    if (c->channels > KF_OUT_MAX_CHANNELS)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: sound of %d channels is read as it is", q->path, c->channels);
    c->memory = kf_alloc((size_t)c->channels * BLOCK * sizeof(float));
    if (!c->memory) return kf_fail_memory(err);
    kf_writer_params w = kf_writer_params_default();
    w.path = q->output;
    w.container = "wav";
    w.overwrite = true;
    w.bitexact = true;
    w.video.codec = "none";
    w.audio = (kf_writer_audio_params){.codec = "pcm_f32", .sample_rate = q->sample_rate, .channels = c->channels};
    return kf_writer_open(&w, &c->writer, err);
}

static kf_status write_block(conform *c, int64_t at, int64_t length, kf_error *err)
{
    float *planes[KF_OUT_MAX_CHANNELS];
    int n = (int)(length - at < BLOCK ? length - at : BLOCK);
    const kf_conform_params *q = c->params;
    if (q->go_on && !q->go_on(q->ctx, (double)at / (double)length))
        return kf_fail(err, KF_ERR_CANCELLED, "the sound of %s was stopped", q->path);
    for (int k = 0; k < c->channels; k++) planes[k] = c->memory + (size_t)k * BLOCK;
    kf_status status = kf_audio_source_read(c->source, at, planes, n, err);
    return status ? status : kf_writer_audio(c->writer, (const float *const *)planes, n, err);
}

static void close_conform(conform *c)
{
    kf_writer_abort(c->writer);
    kf_audio_source_close(c->source);
    kf_media_close(c->media);
    kf_free(c->memory);
}

kf_status kf_conform_write(const kf_conform_params *params, kf_error *err)
{
    conform c = {.params = params};
    kf_media_sweep(params->output);
    kf_status status = open_conform(&c, err);
    int64_t length = status ? 0 : kf_audio_source_length(c.source);
    for (int64_t at = 0; at < length && !status; at += BLOCK) status = write_block(&c, at, length, err);
    if (!status) {
        status = kf_writer_finish(c.writer, NULL, err);
        c.writer = NULL;
    }
    close_conform(&c);
    return status;
}
