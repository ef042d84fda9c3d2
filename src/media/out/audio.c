/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "media/out/internal.h"

#define QUIET 24
#define FREE_BLOCK 4096 /* samples per frame where the codec does not care */

static enum AVSampleFormat choose_sample_format(const kf_out_audio_codec *codec, const AVCodec *av, int bits)
{
    enum AVSampleFormat want = codec->format;
    if (bits == 16 && (want == AV_SAMPLE_FMT_S32 || want == AV_SAMPLE_FMT_S32P) &&
        strncmp(codec->name, "pcm", 3) != 0) {
        want = want == AV_SAMPLE_FMT_S32 ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_S16P;
    }
    const enum AVSampleFormat *list = kf_out_sample_formats(av);
    for (const enum AVSampleFormat *f = list; f && *f != AV_SAMPLE_FMT_NONE; f++) {
        if (*f == want) {
            return want;
        }
    }
    return list ? list[0] : want == AV_SAMPLE_FMT_NONE ? AV_SAMPLE_FMT_FLTP : want;
}

static kf_status choose_layout(const kf_writer_audio_params *p, const AVCodec *av, AVChannelLayout *out, kf_error *err)
{
    if (p->channels < 1 || p->channels > KF_OUT_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_INVALID, "sound with %d channels cannot be written; 1 to %d can", p->channels,
                       KF_OUT_MAX_CHANNELS);
    }
    av_channel_layout_default(out, p->channels);
    const AVChannelLayout *list = kf_out_layouts(av);
    const AVChannelLayout *fit = NULL;
    for (const AVChannelLayout *l = list; l && l->nb_channels; l++) {
        if (av_channel_layout_compare(l, out) == 0) {
            return KF_OK;
        }
        fit = !fit && l->nb_channels == p->channels ? l : fit;
    }
    if (list && !fit) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s does not take %d channels; use 2", av->name, p->channels);
    }
    return fit && av_channel_layout_copy(out, fit) < 0 ? kf_fail_memory(err) : KF_OK;
}

static kf_status check_rate(const kf_out_audio_codec *codec, const AVCodec *av, int rate, kf_error *err)
{
    if (rate < 1 || rate > 768000) {
        return kf_fail(err, KF_ERR_INVALID, "a sample rate of %d cannot be written", rate);
    }
    const int *list = kf_out_sample_rates(av);
    char text[200] = "";
    size_t used = 0;
    for (int i = 0; list && list[i]; i++) {
        if (list[i] == rate) {
            return KF_OK;
        }
        int n = used < sizeof text ? snprintf(text + used, sizeof text - used, "%s%d", i ? ", " : "", list[i]) : 0;
        used += n > 0 ? (size_t)n : 0;
    }
    return list ? kf_fail(err, KF_ERR_UNSUPPORTED, "%s does not take a sample rate of %d; it takes %s", codec->name,
                          rate, text)
                : KF_OK;
}

static int64_t choose_bitrate(const kf_out_audio_codec *codec, const kf_writer_audio_params *p)
{
    if (p->bitrate > 0 || codec->bitrate_default == 0) {
        return codec->lossless ? 0 : p->bitrate;
    }
    int pairs = (p->channels + 1) / 2;
    return p->channels == 1 ? codec->bitrate_default / 2 : (int64_t)codec->bitrate_default * pairs;
}

static void set_context(const kf_writer_params *params, bool global_header, kf_out_audio *a)
{
    const kf_writer_audio_params *p = &params->audio;
    AVCodecContext *c = a->ctx;
    c->log_level_offset = QUIET;
    c->sample_rate = p->sample_rate;
    c->time_base = (AVRational){1, p->sample_rate};
    c->sample_fmt = choose_sample_format(a->codec, a->av, p->bits);
    c->bit_rate = choose_bitrate(a->codec, p);
    c->flags |= (global_header ? AV_CODEC_FLAG_GLOBAL_HEADER : 0) | (params->bitexact ? AV_CODEC_FLAG_BITEXACT : 0);
    if (c->sample_fmt == AV_SAMPLE_FMT_S32 || c->sample_fmt == AV_SAMPLE_FMT_S32P) {
        c->bits_per_raw_sample = 24;
    }
}

kf_status kf_out_audio_open(const kf_writer_params *params, const kf_out_audio_codec *codec, bool global_header,
                            kf_out_audio *a, kf_error *err)
{
    *a = (kf_out_audio){.codec = codec, .av = kf_out_find_audio(codec)};
    const kf_writer_audio_params *p = &params->audio;
    if (!a->av) {
        return kf_fail(err, KF_ERR_UNSUPPORTED,
                       "%s cannot be written: this libavcodec has no encoder such as %s; use %s", codec->name,
                       codec->encoders[0], codec->instead);
    }
    if (p->bits != 0 && p->bits != 16 && p->bits != 24) {
        return kf_fail(err, KF_ERR_INVALID, "%d bits per sample cannot be chosen; 16 or 24", p->bits);
    }
    kf_status status = check_rate(codec, a->av, p->sample_rate, err);
    if (status) {
        return status;
    }
    a->ctx = avcodec_alloc_context3(a->av);
    if (!a->ctx) {
        return kf_fail_memory(err);
    }
    status = choose_layout(p, a->av, &a->ctx->ch_layout, err);
    if (status) {
        return status;
    }
    set_context(params, global_header, a);
    int code = avcodec_open2(a->ctx, a->av, NULL);
    if (code < 0) {
        char text[AV_ERROR_MAX_STRING_SIZE];
        av_strerror(code, text, sizeof text);
        return kf_fail(err, KF_ERR_ENCODE,
                       "the encoder %s refused %d channels at %d Hz, %lld bit/s (%s); try another bit rate or codec",
                       a->av->name, p->channels, p->sample_rate, (long long)a->ctx->bit_rate, text);
    }
    a->block = a->ctx->frame_size > 0 ? a->ctx->frame_size : FREE_BLOCK;
    return KF_OK;
}

void kf_out_audio_close(kf_out_audio *a)
{
    av_frame_free(&a->frame);
    avcodec_free_context(&a->ctx);
}

/* --- samples --- */

static bool new_frame(kf_out_audio *a)
{
    a->frame = av_frame_alloc();
    if (!a->frame) {
        return false;
    }
    a->frame->format = a->ctx->sample_fmt;
    a->frame->nb_samples = a->block;
    a->frame->sample_rate = a->ctx->sample_rate;
    if (av_channel_layout_copy(&a->frame->ch_layout, &a->ctx->ch_layout) < 0 || av_frame_get_buffer(a->frame, 0) < 0) {
        av_frame_free(&a->frame);
        return false;
    }
    a->frame->pts = a->next;
    a->filled = 0;
    return true;
}

int32_t kf_out_quantise(float x, float scale, float low, float high)
{
    float y = x * scale;
    return !(y > low) ? (y <= low ? (int32_t)low : 0) : y >= high ? (int32_t)high : (int32_t)lrintf(y);
}

static void convert(enum AVSampleFormat format, uint8_t *to, const float *from, int n, int step)
{
    switch (format) {
    case AV_SAMPLE_FMT_S16:
    case AV_SAMPLE_FMT_S16P:
        for (int i = 0; i < n; i++) {
            ((int16_t *)(void *)to)[(ptrdiff_t)i * step] = (int16_t)kf_out_quantise(from[i], 32768.0f, -32768.0f, 32767.0f);
        }
        break;
    case AV_SAMPLE_FMT_S32:
    case AV_SAMPLE_FMT_S32P: /* 24 bits at the top */
        for (int i = 0; i < n; i++) {
            ((int32_t *)(void *)to)[(ptrdiff_t)i * step] = kf_out_quantise(from[i], 8388608.0f, -8388608.0f, 8388607.0f) * 256;
        }
        break;
    default: /* FLT, FLTP */
        for (int i = 0; i < n; i++) {
            ((float *)(void *)to)[(ptrdiff_t)i * step] = from[i];
        }
        break;
    }
}

int kf_out_audio_fill(kf_out_audio *a, const float *const *planes, int at, int n)
{
    if (!a->frame && !new_frame(a)) {
        return -1;
    }
    int take = a->block - a->filled < n ? a->block - a->filled : n;
    int channels = a->ctx->ch_layout.nb_channels;
    enum AVSampleFormat format = a->ctx->sample_fmt;
    size_t size = (size_t)av_get_bytes_per_sample(format);
    bool planar = av_sample_fmt_is_planar(format);
    for (int c = 0; c < channels; c++) {
        uint8_t *to = planar ? a->frame->extended_data[c] + (size_t)a->filled * size
                             : a->frame->extended_data[0] + ((size_t)a->filled * (size_t)channels + (size_t)c) * size;
        convert(format, to, planes[c] + at, take, planar ? 1 : channels);
    }
    a->filled += take;
    return take;
}

AVFrame *kf_out_audio_take(kf_out_audio *a)
{
    AVFrame *frame = a->frame;
    a->frame = NULL;
    if (frame && a->filled == 0) {
        av_frame_free(&frame);
    }
    if (frame) {
        frame->nb_samples = a->filled;
        a->next += a->filled;
    }
    a->filled = 0;
    return frame;
}
