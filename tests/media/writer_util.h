/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the writer share: films whose frames tell their number by their brightness, and a reader made of
 * plain libav calls. */
#ifndef KF_TEST_WRITER_UTIL_H
#define KF_TEST_WRITER_UTIL_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/pixdesc.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "base/api/time.h"
#include "folder.h"
#include "media/api/writer.h"
#include "test.h"

#define WIDTH 320
#define HEIGHT 180

static inline int util_level(int number)
{
    return 20 + number * 9;
}

/* A picture whose first component is util_level(number) in units of 8 bits; other colour components too if RGB, else
 * neutral. */
static inline kf_frame *util_frame(kf_pixfmt format, int width, int height, int number)
{
    kf_frame *f = kf_frame_create(format, width, height);
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    for (int p = 0; p < info->planes; p++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(format, width, height, p, &row, &rows);
        bool chroma = info->model == KF_MODEL_YUV && (p == 1 || p == 2),
             alpha = info->alpha && !info->packed && p == info->components - 1;
        int level = chroma ? 128 : alpha ? 255 : util_level(number);
        int deep = alpha ? (1 << info->bits) - 1 : level << (info->bits - 8);
        for (int y = 0; y < rows; y++) {
            uint8_t *to = f->image.plane[p] + y * f->image.stride[p];
            for (size_t x = 0; x < row; x++) {
                to[x] = info->bits == 8 ? (uint8_t)level : (uint8_t)((deep << info->shift) >> (x & 1 ? 8 : 0));
                if (info->packed && info->alpha && x % info->bytes >= info->bytes - info->bytes / 4u) {
                    to[x] = 255;
                }
            }
        }
    }
    return f;
}

static inline kf_writer_params util_params(const char *path)
{
    kf_writer_params p = kf_writer_params_default();
    p.path = path;
    p.bitexact = true;
    p.video.width = WIDTH;
    p.video.height = HEIGHT;
    p.video.rate = (kf_rational){25, 1};
    p.audio.sample_rate = 48000;
    p.audio.channels = 2;
    return p;
}

static inline float util_sample(int64_t n, int channel)
{
    return 0.5f * sinf((float)(n % 48000) * 2.0f * 3.14159265f * (channel ? 880.0f : 440.0f) / 48000.0f);
}

static inline kf_status util_feed_audio(kf_writer *w, int64_t from, int n, kf_error *err)
{
    static _Thread_local float block[2][4800];
    const float *planes[8];
    for (int c = 0; c < 8; c++) {
        planes[c] = block[c & 1];
    }
    kf_status status = KF_OK;
    for (int at = 0; !status && at < n; at += 4800) {
        int part = n - at < 4800 ? n - at : 4800;
        for (int i = 0; i < part; i++) {
            block[0][i] = util_sample(from + at + i, 0);
            block[1][i] = util_sample(from + at + i, 1);
        }
        status = kf_writer_audio(w, planes, part, err);
    }
    return status;
}

static inline kf_status util_feed_video(kf_writer *w, const kf_writer_params *p, int number, kf_error *err)
{
    kf_frame *f = util_frame(kf_writer_video_format(w), p->video.width, p->video.height, number);
    kf_status status = kf_writer_video(w, f, 1, err);
    kf_frame_unref(f);
    return status;
}

/* `frames` frames with sound of the same length, fed from one thread. */
static inline kf_status util_write(const kf_writer_params *p, int frames, kf_writer_stats *stats, kf_error *err)
{
    kf_writer *w;
    kf_status status = kf_writer_open(p, &w, err);
    if (status) {
        return status;
    }
    int64_t sample = 0;
    for (int i = 0; !status && i < frames; i++) {
        status = kf_writer_has_video(w) ? util_feed_video(w, p, i, err) : KF_OK;
        int64_t next = kf_sample_at(kf_frame_start(i + 1, p->video.rate), p->audio.sample_rate);
        if (!status && kf_writer_has_audio(w)) {
            status = util_feed_audio(w, sample, (int)(next - sample), err);
        }
        sample = next;
    }
    if (status) {
        kf_writer_abort(w);
        return status;
    }
    return kf_writer_finish(w, stats, err);
}

/* ---- reading back ---- */

typedef struct util_stream {
    AVCodecContext *codec;
    int index, frames, wrong;     /* wrong: frames whose brightness is not that of their number */
    int64_t samples;
    double first, start, duration; /* seconds; first: of the first decoded frame */
    double last_frame;
    float error;                   /* greatest difference to the tone */
} util_stream;

typedef struct util_film {
    AVFormatContext *format;
    util_stream video, audio;
    int tolerance;
    int64_t compared; /* samples that are compared with the tone; encoders pad the end */
} util_film;

static inline int util_brightness(const AVFrame *f)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(f->format);
    const AVComponentDescriptor *c = &d->comp[0];
    const uint8_t *at = f->data[c->plane] + (ptrdiff_t)(f->height / 2) * f->linesize[c->plane] +
                        (ptrdiff_t)(f->width / 2) * c->step + c->offset;
    if (f->format == AV_PIX_FMT_PAL8) {
        return ((const uint32_t *)(const void *)f->data[1])[*at] & 255;
    }
    if (c->depth <= 8) {
        return *at;
    }
    int v = d->flags & AV_PIX_FMT_FLAG_BE ? at[0] << 8 | at[1] : at[1] << 8 | at[0];
    return v >> c->shift >> (c->depth - 8);
}

static inline void util_see(util_film *film, util_stream *s, const AVFrame *f)
{
    double at = f->best_effort_timestamp == AV_NOPTS_VALUE
                    ? 0 : (double)f->best_effort_timestamp * av_q2d(film->format->streams[s->index]->time_base);
    s->first = s->frames || s->samples ? s->first : at;
    s->last_frame = at;
    if (s == &film->video) {
        s->wrong += abs(util_brightness(f) - util_level(s->frames)) > film->tolerance;
        s->frames++;
        return;
    }
    bool planar = av_sample_fmt_is_planar(f->format);
    int channels = f->ch_layout.nb_channels;
    for (int i = 0; i < f->nb_samples; i++) {
        for (int c = 0; c < channels; c++) {
            const uint8_t *base = f->extended_data[planar ? c : 0];
            int k = planar ? i : i * channels + c;
            float v = 0;
            switch (av_get_packed_sample_fmt(f->format)) {
            case AV_SAMPLE_FMT_S16: v = (float)((const int16_t *)(const void *)base)[k] / 32768.0f; break;
            case AV_SAMPLE_FMT_S32: v = (float)((const int32_t *)(const void *)base)[k] / 2147483648.0f; break;
            case AV_SAMPLE_FMT_FLT: v = ((const float *)(const void *)base)[k]; break;
            default: break;
            }
            float d = fabsf(v - util_sample(s->samples + i, c & 1));
            if (s->samples + i > 4000 && s->samples + i < film->compared) {
                s->error = d > s->error ? d : s->error;
            }
        }
    }
    s->samples += f->nb_samples;
}

static inline bool util_open_stream(util_film *film, enum AVMediaType type, util_stream *s)
{
    s->index = av_find_best_stream(film->format, type, -1, -1, NULL, 0);
    if (s->index < 0) {
        return true;
    }
    AVStream *st = film->format->streams[s->index];
    const AVCodec *decoder = avcodec_find_decoder(st->codecpar->codec_id);
    s->codec = avcodec_alloc_context3(decoder);
    avcodec_parameters_to_context(s->codec, st->codecpar);
    s->codec->pkt_timebase = st->time_base;
    s->start = st->start_time == AV_NOPTS_VALUE ? 0 : (double)st->start_time * av_q2d(st->time_base);
    s->duration = st->duration == AV_NOPTS_VALUE ? -1 : (double)st->duration * av_q2d(st->time_base);
    return avcodec_open2(s->codec, decoder, NULL) >= 0;
}

static inline void util_decode(util_film *film, util_stream *s, AVPacket *packet)
{
    AVFrame *frame = av_frame_alloc();
    avcodec_send_packet(s->codec, packet);
    while (avcodec_receive_frame(s->codec, frame) >= 0) {
        util_see(film, s, frame);
    }
    av_frame_free(&frame);
}

/* Decodes all of it. False if it is not a film. */
static inline bool util_read(const char *path, int tolerance, util_film *film)
{
    *film = (util_film){.tolerance = tolerance, .compared = 38400};
    if (avformat_open_input(&film->format, path, NULL, NULL) < 0 || avformat_find_stream_info(film->format, NULL) < 0) {
        return false;
    }
    if (!util_open_stream(film, AVMEDIA_TYPE_VIDEO, &film->video) ||
        !util_open_stream(film, AVMEDIA_TYPE_AUDIO, &film->audio)) {
        return false;
    }
    AVPacket *packet = av_packet_alloc();
    while (av_read_frame(film->format, packet) >= 0) {
        util_stream *s = packet->stream_index == film->video.index   ? &film->video
                         : packet->stream_index == film->audio.index ? &film->audio
                                                                     : NULL;
        if (s) {
            util_decode(film, s, packet);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    for (int i = 0; i < 2; i++) {
        util_stream *s = i ? &film->audio : &film->video;
        if (s->codec) {
            util_decode(film, s, NULL);
        }
    }
    return true;
}

static inline void util_close(util_film *film)
{
    avcodec_free_context(&film->video.codec);
    avcodec_free_context(&film->audio.codec);
    avformat_close_input(&film->format);
}

#endif
