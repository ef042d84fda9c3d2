/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of reading share: clips whose frames carry their number as black and white blocks, written with plain
 * libav calls, and ways to read them. */
#ifndef KF_TEST_SOURCE_UTIL_H
#define KF_TEST_SOURCE_UTIL_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "base/api/time.h"
#include "folder.h"
#include "media/api/source.h"
#include "media/out/internal.h"
#include "test.h"

enum { BLOCKS_X = 4, BLOCKS_Y = 3, BLOCK = 32, WIDTH = BLOCKS_X * BLOCK, HEIGHT = BLOCKS_Y * BLOCK };

/* ---- numbered pictures ---- */

static inline void put_sample(uint8_t *row, int x, const kf_pixfmt_info *info, int level8)
{
    if (info->bits == 8) {
        row[x] = (uint8_t)level8;
    } else {
        int v = level8 << (info->bits - 8) << info->shift;
        row[2 * x] = (uint8_t)v;
        row[2 * x + 1] = (uint8_t)(v >> 8);
    }
}

static inline int number_bit(int number, int x, int y)
{
    return number >> (y / BLOCK * BLOCKS_X + x / BLOCK) & 1;
}

/* Block k of the picture is white where bit k of the number is set. Planar YUV and gray, or packed RGB. scale: times
 * WIDTH x HEIGHT. */
static inline kf_frame *number_frame(kf_pixfmt format, int number, int scale)
{
    kf_frame *f = kf_frame_create(format, WIDTH * scale, HEIGHT * scale);
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    for (int p = 0; f && p < info->planes; p++) {
        size_t row_bytes;
        int rows;
        kf_pixfmt_plane(format, WIDTH * scale, HEIGHT * scale, p, &row_bytes, &rows);
        bool chroma = info->model == KF_MODEL_YUV && (p == 1 || p == 2);
        int per_sample = info->bits > 8 ? 2 : 1, n = (int)row_bytes / per_sample,
            per_pixel = info->packed ? info->components : 1;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < n; x++) {
                int level = chroma ? 128 : number_bit(number, x / per_pixel / scale, y / scale) ? 220 : 30;
                bool alpha = info->alpha && (info->packed ? x % per_pixel == 3 : p == 3);
                put_sample(f->image.plane[p] + y * f->image.stride[p], x, info, alpha ? 255 : level);
            }
        }
    }
    return f;
}

static inline int sample_at(const kf_image *image, int x, int y)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    const uint8_t *row = image->plane[0] + y * image->stride[0];
    x *= info->packed ? info->components : 1;
    return info->bits == 8 ? row[x] : ((row[2 * x] | row[2 * x + 1] << 8) >> info->shift) >> (info->bits - 8);
}

static inline int read_number(const kf_image *image)
{
    int number = 0;
    for (int k = 0; k < BLOCKS_X * BLOCKS_Y; k++) {
        int x = k % BLOCKS_X * BLOCK + BLOCK / 2, y = k / BLOCKS_X * BLOCK + BLOCK / 2;
        x = x * image->width / WIDTH;
        y = y * image->height / HEIGHT;
        number |= (sample_at(image, x, y) + sample_at(image, x + 2, y + 2) > 250) << k;
    }
    return number;
}

/* ---- clips ---- */

typedef struct clip {
    const char *file, *encoder;
    kf_pixfmt format;
    int frames, gop, bframes, scale;   /* scale: times WIDTH x HEIGHT; 0 as 1 */
    kf_rational rate;
    const char *options;               /* of the encoder, "key=value:..." */
    int64_t (*pts)(int i);             /* in ticks of 1/1000 s; NULL: constant rate */
    int64_t first;                     /* frames before the first time stamp */
    const char *muxer_options;
    bool open_gop, interlaced, bottom_first;
    AVRational aspect;
    const int32_t *matrix;             /* display matrix */
} clip;

static inline int clip_scale(const clip *k)
{
    return k->scale > 0 ? k->scale : 1;
}

static inline bool send_frame(AVFormatContext *f, AVCodecContext *c, AVStream *st, AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    bool good = avcodec_send_frame(c, frame) >= 0;
    while (good) {
        int code = avcodec_receive_packet(c, packet);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
            break;
        }
        if (c->codec_type == AVMEDIA_TYPE_VIDEO && packet->duration <= 0) {
            packet->duration = 1;
        }
        av_packet_rescale_ts(packet, c->time_base, st->time_base);
        packet->stream_index = st->index;
        good = code >= 0 && av_interleaved_write_frame(f, packet) >= 0;
    }
    av_packet_free(&packet);
    return good;
}

static inline AVCodecContext *clip_encoder(const clip *k, AVFormatContext *f, const AVCodec *av)
{
    AVCodecContext *c = avcodec_alloc_context3(av);
    AVDictionary *options = NULL;
    bool swap;
    c->width = WIDTH * clip_scale(k);
    c->height = HEIGHT * clip_scale(k);
    c->pix_fmt = kf_out_av_format(av, k->format, &swap);
    c->time_base = k->pts ? (AVRational){1, 1000} : (AVRational){k->rate.den, k->rate.num};
    c->framerate = (AVRational){k->rate.num, k->rate.den};
    c->sample_aspect_ratio = k->aspect;
    c->gop_size = k->gop ? k->gop : 12;
    c->max_b_frames = k->bframes;
    c->colorspace = AVCOL_SPC_BT709;
    c->color_primaries = AVCOL_PRI_BT709;
    c->color_trc = AVCOL_TRC_BT709;
    c->color_range = av->id == AV_CODEC_ID_MJPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    c->thread_count = 1;
    c->flags |= f->oformat->flags & AVFMT_GLOBALHEADER ? AV_CODEC_FLAG_GLOBAL_HEADER : 0;
    c->flags |= k->open_gop || strncmp(k->encoder, "lib", 3) ? 0 : AV_CODEC_FLAG_CLOSED_GOP;
    c->flags |= k->interlaced ? AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME : 0;
    c->field_order = !k->interlaced ? AV_FIELD_PROGRESSIVE : k->bottom_first ? AV_FIELD_BB : AV_FIELD_TT;
    av_dict_parse_string(&options, k->options ? k->options : "", "=", ":", 0);
    if (avcodec_open2(c, av, &options) < 0) {
        avcodec_free_context(&c);
    }
    av_dict_free(&options);
    return c;
}

static inline bool clip_frames(const clip *k, AVFormatContext *f, AVCodecContext *c, AVStream *st)
{
    bool good = true;
    for (int i = 0; good && i < k->frames; i++) {
        kf_frame *frame = number_frame(k->format, i, clip_scale(k));
        AVFrame *av = kf_out_wrap(frame, c->pix_fmt, false);
        av->pts = k->pts ? k->pts(i) : i + k->first;
        av->colorspace = AVCOL_SPC_BT709;
        av->color_range = c->color_range;
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
        av->flags |=
            k->interlaced ? AV_FRAME_FLAG_INTERLACED | (k->bottom_first ? 0 : AV_FRAME_FLAG_TOP_FIELD_FIRST) : 0;
#else
        av->interlaced_frame = k->interlaced;
        av->top_field_first = k->interlaced && !k->bottom_first;
#endif
        good = send_frame(f, c, st, av);
        av_frame_free(&av);
        kf_frame_unref(frame);
    }
    return good && send_frame(f, c, st, NULL);
}

static inline void util_set_matrix(AVStream *st, const int32_t *matrix)
{
    size_t size = 9 * sizeof *matrix;
    if (!matrix) {
        return;
    }
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    AVPacketSideData *side = av_packet_side_data_new(&st->codecpar->coded_side_data, &st->codecpar->nb_coded_side_data,
                                                     AV_PKT_DATA_DISPLAYMATRIX, size, 0);
    uint8_t *to = side ? side->data : NULL;
#else
    uint8_t *to = av_stream_new_side_data(st, AV_PKT_DATA_DISPLAYMATRIX, size);
#endif
    if (to) {
        memcpy(to, matrix, size);
    }
}

/* false if this libavcodec cannot. */
static inline bool clip_write(const clip *k, const char *path)
{
    const AVCodec *av = avcodec_find_encoder_by_name(k->encoder);
    AVFormatContext *f = NULL;
    if (!av || avformat_alloc_output_context2(&f, NULL, NULL, path) < 0) {
        return false;
    }
    AVCodecContext *c = clip_encoder(k, f, av);
    AVStream *st = avformat_new_stream(f, NULL);
    AVDictionary *options = NULL;
    av_dict_parse_string(&options, k->muxer_options ? k->muxer_options : "", "=", ":", 0);
    bool good = c && st && avcodec_parameters_from_context(st->codecpar, c) >= 0 &&
                avio_open(&f->pb, path, AVIO_FLAG_WRITE) >= 0;
    if (good) {
        st->time_base = c->time_base;
        st->sample_aspect_ratio = k->aspect;
        util_set_matrix(st, k->matrix);
        st->avg_frame_rate = k->pts ? (AVRational){0, 1} : c->framerate;
        good = avformat_write_header(f, &options) >= 0 && clip_frames(k, f, c, st) && av_write_trailer(f) >= 0;
    }
    av_dict_free(&options);
    avcodec_free_context(&c);
    if (f->pb) {
        avio_closep(&f->pb);
    }
    avformat_free_context(f);
    return good;
}

/* ---- reading ---- */

typedef struct opened {
    kf_media *media;
    kf_video_source *source;
    kf_video_info info;
} opened;

static inline bool open_video_with(const char *path, const kf_media_params *params, opened *o)
{
    kf_error err = {0};
    *o = (opened){0};
    bool good = !kf_media_open(path, params, &o->media, &err) &&
                !kf_video_source_open(o->media, -1, &o->source, &err) &&
                !kf_video_source_describe(o->source, &o->info, &err);
    CHECK_MSG(good, "%s: %s", path, err.message);
    return good;
}

static inline bool open_video(const char *path, opened *o)
{
    return open_video_with(path, NULL, o);
}

static inline void close_video(opened *o)
{
    kf_video_source_close(o->source);
    kf_media_close(o->media);
}

/* The number that frame i carries; -1 on failure or if it is a substitute. */
static inline int number_at(opened *o, int64_t i)
{
    kf_frame *frame = NULL;
    bool damaged = false;
    kf_error err = {0};
    kf_status status = kf_video_source_get(o->source, i, &frame, &damaged, &err);
    int number = status || damaged ? -1 : read_number(&frame->image);
    if (status) {
        printf("# frame %lld: %s\n", (long long)i, err.message);
    } else if (frame->number != i || frame->time != kf_video_source_frame_time(o->source, i)) {
        printf("# frame %lld calls itself %lld\n", (long long)i, (long long)frame->number);
        number = -1;
    }
    kf_frame_unref(frame);
    return number;
}

#endif
