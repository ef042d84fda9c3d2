/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/api/wav.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "media/out/internal.h"

enum { BYTES = 3, BLOCK = 1024 };

struct kf_wav {
    kf_out_file file;
    int32_t rate, channels;
    int64_t frames;
    bool failed;
    uint8_t block[BLOCK * KF_OUT_MAX_CHANNELS * BYTES];
};

/* ---- the header ---- */

static uint8_t *put(uint8_t *p, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) *p++ = (uint8_t)(value >> (8 * i));
    return p;
}

static uint8_t *put_id(uint8_t *p, const char *id)
{
    memcpy(p, id, 4);
    return p + 4;
}

/* WAVE_FORMAT_EXTENSIBLE beyond stereo, with no loudspeakers named: channels of a recording are inputs. */
static uint8_t *put_format(uint8_t *p, int32_t rate, int32_t channels)
{
    static const uint8_t pcm[16] = {1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71};
    bool extensible = channels > 2;
    p = put(put_id(p, "fmt "), extensible ? 40 : 16, 4);
    p = put(put(p, extensible ? 0xfffe : 1, 2), (uint64_t)channels, 2);
    p = put(put(p, (uint64_t)rate, 4), (uint64_t)rate * (uint64_t)channels * BYTES, 4);
    p = put(put(p, (uint64_t)channels * BYTES, 2), 8 * BYTES, 2);
    if (!extensible) return p;
    p = put(put(put(p, 22, 2), 8 * BYTES, 2), 0, 4);
    memcpy(p, pcm, sizeof pcm);
    return p + sizeof pcm;
}

/* Room for the sizes of 64 bits is kept from the start, as a chunk that nobody reads. */
size_t kf_out_wav_header(int32_t rate, int32_t channels, int64_t frames, uint8_t out[KF_OUT_WAV_HEADER])
{
    uint64_t data = frames < 0 ? UINT32_MAX : (uint64_t)frames * (uint64_t)channels * BYTES;
    uint64_t riff = 4 + 36 + (channels > 2 ? 48 : 24) + 8 + data + data % 2;
    bool large = frames >= 0 && riff > UINT32_MAX;
    uint8_t *p = put(put_id(out, large ? "RF64" : "RIFF"), riff < UINT32_MAX ? riff : UINT32_MAX, 4);
    p = put(put_id(put_id(p, "WAVE"), large ? "ds64" : "JUNK"), 28, 4);
    p = put(put(put(p, large ? riff : 0, 8), large ? data : 0, 8), large ? (uint64_t)frames : 0, 8);
    p = put_format(put(p, 0, 4), rate, channels);
    p = put(put_id(p, "data"), large ? UINT32_MAX : data, 4);
    return (size_t)(p - out);
}

static int write_header(kf_wav *wav, int64_t frames)
{
    uint8_t header[KF_OUT_WAV_HEADER];
    size_t length = kf_out_wav_header(wav->rate, wav->channels, frames, header);
    wav->file.error = 0;
    wav->file.position = 0;
    return kf_out_file_write(&wav->file, header, length);
}

/* ---- the file ---- */

kf_status kf_wav_create(const kf_wav_params *params, kf_wav **out, kf_error *err)
{
    *out = NULL;
    kf_wav *wav = KF_NEW(kf_wav);
    if (!wav) return kf_fail_memory(err);
    wav->rate = params->rate;
    wav->channels = params->channels;
    kf_status status = kf_out_file_open(params->path, params->overwrite, &wav->file, err);
    if (!status && !wav->file.temp_path) {
        status = kf_fail(err, KF_ERR_INVALID, "cannot record to %s: it is no file", params->path);
    }
    int code = status ? 0 : write_header(wav, -1);
    if (code) status = kf_out_file_error(&wav->file, code, err);
    if (status) kf_wav_discard(wav);
    else *out = wav;
    return status;
}

static void pack(kf_wav *wav, const float *const *planes, int32_t at, int32_t n)
{
    uint8_t *p = wav->block;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t c = 0; c < wav->channels; c++) {
            p = put(p, (uint32_t)kf_out_quantise(planes[c][at + i], 8388608.0f, -8388608.0f, 8388607.0f), BYTES);
        }
    }
}

kf_status kf_wav_write(kf_wav *wav, const float *const *planes, int32_t n, kf_error *err)
{
    if (wav->failed) return kf_out_file_error(&wav->file, wav->file.error, err);
    size_t frame = (size_t)wav->channels * BYTES;
    for (int32_t at = 0; at < n;) {
        int32_t part = n - at < BLOCK ? n - at : BLOCK;
        pack(wav, planes, at, part);
        int code = kf_out_file_write(&wav->file, wav->block, (size_t)part * frame);
        wav->failed = code != 0;
        if (code) return kf_out_file_error(&wav->file, code, err);
        wav->frames += part;
        at += part;
    }
    return KF_OK;
}

int64_t kf_wav_frames(const kf_wav *wav)
{
    return wav->frames;
}

/* A write that failed may have left some of its block. */
static void cut(kf_wav *wav)
{
    wav->file.error = 0;
    if (ftruncate(wav->file.fd, wav->file.position) == 0) wav->file.size = wav->file.position;
}

kf_status kf_wav_finish(kf_wav *wav, kf_error *err)
{
    if (wav->failed) cut(wav);
    if (wav->frames * wav->channels % 2) kf_out_file_write(&wav->file, (const uint8_t *)"", 1);
    write_header(wav, wav->frames);
    wav->file.error = 0; /* without room for these, readers go by the first header */
    kf_status status = kf_out_file_commit(&wav->file, err);
    kf_free(wav);
    return status;
}

void kf_wav_discard(kf_wav *wav)
{
    if (!wav) return;
    kf_out_file_discard(&wav->file);
    kf_free(wav);
}
