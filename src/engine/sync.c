/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far two recordings of one event are apart, by their sound. */
#include "audio/dsp/api/dsp.h"
#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "media/api/source.h"

enum { RATE = 48000, MAX_SECONDS = 600, BLOCK = 1 << 16 };

typedef struct recording {
    float *samples;
    int64_t count;
} recording;

static kf_status read_all(kf_audio_source *source, recording *out, kf_error *err)
{
    int64_t length = kf_audio_source_length(source);
    out->count = length < (int64_t)RATE * MAX_SECONDS ? length : (int64_t)RATE * MAX_SECONDS;
    out->samples = kf_alloc((size_t)(out->count + 1) * sizeof(float));
    if (!out->samples) return kf_fail_memory(err);
    for (int64_t at = 0; at < out->count; at += BLOCK) {
        float *plane = out->samples + at;
        kf_status status =
            kf_audio_source_read(source, at, &plane, (int)(out->count - at < BLOCK ? out->count - at : BLOCK), err);
        if (status != KF_OK) return status;
    }
    return KF_OK;
}

static kf_status load(const char *path, recording *out, kf_error *err)
{
    kf_media_params params = kf_media_params_default();
    kf_media *media;
    kf_audio_source *source;
    kf_status status = kf_media_open(path, &params, &media, err);
    if (status != KF_OK) return status;
    status = kf_audio_source_open(media, -1, RATE, 1, &source, err);
    if (status == KF_OK) {
        status = read_all(source, out, err);
        kf_audio_source_close(source);
    }
    kf_media_close(media);
    return status;
}

kf_status kf_engine_sync(const char *first, const char *second, kf_time *offset, double *confidence, kf_error *err)
{
    recording a = {0}, b = {0};
    int64_t lag = 0;
    kf_status status = load(first, &a, err);
    if (status == KF_OK) status = load(second, &b, err);
    if (status == KF_OK) {
        int64_t longest = a.count > b.count ? a.count : b.count;
        kf_align_input input = {a.samples, b.samples, a.count, b.count, RATE, longest - 1};
        status = kf_audio_align(&input, &lag, confidence, err);
    }
    if (status == KF_OK && *confidence < 0.2)
        status =
            kf_fail(err, KF_ERR_NOT_FOUND, "%s and %s do not seem to be recordings of the same event (confidence %.2f)",
                    kf_path_name(first), kf_path_name(second), *confidence);
    /* ref[i] ~ other[i + lag]: what is at 0 in the first is at `lag` in the second, which therefore began earlier. */
    *offset = lag >= 0 ? -kf_sample_start(lag, RATE) : kf_sample_start(-lag, RATE);
    kf_free(a.samples);
    kf_free(b.samples);
    return status;
}
