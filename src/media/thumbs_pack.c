/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thumbnails as bytes: JPEG, or where there is alpha the samples themselves, deflated. */
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
#include <zlib.h>

#include <string.h>

#include "media/api/thumbs.h"
#include "media/in/internal.h"

enum { SIDE_MAX = 4096, HEAD = 8 };

static bool opaque(const kf_image *image)
{
    for (int y = 0; y < image->height; y++) {
        const uint8_t *row = image->plane[0] + y * image->stride[0];
        for (int x = 0; x < image->width; x++)
            if (row[4 * x + 3] != 255) return false;
    }
    return true;
}

/* Between RGBA and the full-range 4:4:4 of JPEG. */
static bool convert(const uint8_t *const *from, const int *from_stride, enum AVPixelFormat from_format,
                    uint8_t *const *to, const int *to_stride, enum AVPixelFormat to_format, int width, int height)
{
    struct SwsContext *sws = sws_getContext(width, height, from_format, width, height, to_format,
                                            SWS_POINT | SWS_ACCURATE_RND, NULL, NULL, NULL);
    const int *table = sws_getCoefficients(SWS_CS_ITU601);
    if (!sws) return false;
    sws_setColorspaceDetails(sws, table, 1, table, 1, 0, 1 << 16, 1 << 16);
    bool good = sws_scale(sws, from, from_stride, 0, height, to, to_stride) == height;
    sws_freeContext(sws);
    return good;
}

static AVFrame *yuv_of(const kf_image *image)
{
    AVFrame *f = av_frame_alloc();
    if (!f) return NULL;
    f->format = AV_PIX_FMT_YUVJ444P;
    f->width = image->width;
    f->height = image->height;
    f->quality = 3 * FF_QP2LAMBDA;
    const uint8_t *from[4] = {image->plane[0]};
    int stride[4] = {(int)image->stride[0]};
    if (av_frame_get_buffer(f, 64) < 0 || !convert(from, stride, AV_PIX_FMT_RGBA, f->data, f->linesize,
                                                   AV_PIX_FMT_YUV444P, f->width, f->height))
        av_frame_free(&f);
    return f;
}

static AVCodecContext *jpeg_encoder(const AVFrame *f)
{
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!c) return NULL;
    c->width = f->width;
    c->height = f->height;
    c->pix_fmt = f->format;
    c->color_range = AVCOL_RANGE_JPEG;
    c->time_base = (AVRational){1, 25};
    c->thread_count = 1;
    c->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    c->global_quality = f->quality;
    if (avcodec_open2(c, codec, NULL) < 0) avcodec_free_context(&c);
    return c;
}

static uint8_t *copy_of(const uint8_t *bytes, size_t length)
{
    uint8_t *copy = kf_alloc(length);
    if (copy) memcpy(copy, bytes, length);
    return copy;
}

static uint8_t *pack_jpeg(const kf_image *image, size_t *length)
{
    AVFrame *f = yuv_of(image);
    AVCodecContext *c = f ? jpeg_encoder(f) : NULL;
    AVPacket *packet = av_packet_alloc();
    uint8_t *out = NULL;
    if (c && packet && avcodec_send_frame(c, f) >= 0 && avcodec_receive_packet(c, packet) >= 0) {
        *length = (size_t)packet->size;
        out = copy_of(packet->data, *length);
    }
    av_packet_free(&packet);
    avcodec_free_context(&c);
    av_frame_free(&f);
    return out;
}

static void put16(uint8_t *at, int v)
{
    at[0] = (uint8_t)v;
    at[1] = (uint8_t)(v >> 8);
}

/* "KFTA", width, height, deflated rows. */
static uint8_t *pack_alpha(const kf_image *image, size_t *length)
{
    size_t row = 4 * (size_t)image->width, raw = row * (size_t)image->height;
    uLongf packed = compressBound(raw);
    uint8_t *rows = kf_alloc(raw), *out = kf_alloc(HEAD + packed);
    bool good = rows && out;
    for (int y = 0; good && y < image->height; y++)
        memcpy(rows + row * (size_t)y, image->plane[0] + y * image->stride[0], row);
    if (good && compress2(out + HEAD, &packed, rows, raw, 1) == Z_OK) {
        memcpy(out, "KFTA", 4);
        put16(out + 4, image->width);
        put16(out + 6, image->height);
        *length = HEAD + packed;
        kf_free(rows);
        return out;
    }
    kf_free(rows);
    kf_free(out);
    return NULL;
}

uint8_t *kf_thumb_pack(const kf_image *image, size_t *length)
{
    if (image->format != KF_PIX_RGBA8 || image->width > SIDE_MAX || image->height > SIDE_MAX) return NULL;
    return opaque(image) ? pack_jpeg(image, length) : pack_alpha(image, length);
}

/* ---- Back ---- */

static kf_frame *new_thumb(int width, int height)
{
    if (width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX) return NULL;
    kf_frame *f = kf_frame_create(KF_PIX_RGBA8, width, height);
    if (!f) return NULL;
    f->image.premultiplied = true;
    f->image.color = kf_color_resolve((kf_color){.primaries = KF_PRI_BT709, .transfer = KF_TRC_SRGB}, KF_PIX_RGBA8, width,
                                      height);
    return f;
}

static kf_frame *unpack_alpha(const uint8_t *bytes, size_t length)
{
    int width = bytes[4] | bytes[5] << 8, height = bytes[6] | bytes[7] << 8;
    kf_frame *f = new_thumb(width, height);
    uLongf raw = 4 * (uLongf)width * (uLongf)height, got = raw;
    uint8_t *rows = f ? kf_alloc(raw) : NULL;
    bool good = rows && uncompress(rows, &got, bytes + HEAD, length - HEAD) == Z_OK && got == raw;
    for (int y = 0; good && y < height; y++)
        memcpy(f->image.plane[0] + y * f->image.stride[0], rows + 4 * (size_t)width * (size_t)y, 4 * (size_t)width);
    kf_free(rows);
    if (good) return f;
    kf_frame_unref(f);
    return NULL;
}

static kf_frame *rgba_of(const AVFrame *av)
{
    bool known = av->format == AV_PIX_FMT_YUVJ444P || av->format == AV_PIX_FMT_YUV444P;
    kf_frame *f = known ? new_thumb(av->width, av->height) : NULL;
    if (!f) return NULL;
    int stride[4] = {(int)f->image.stride[0]};
    if (convert((const uint8_t *const *)av->data, av->linesize, AV_PIX_FMT_YUV444P, f->image.plane, stride,
                AV_PIX_FMT_RGBA, av->width, av->height))
        return f;
    kf_frame_unref(f);
    return NULL;
}

static AVCodecContext *jpeg_decoder(void)
{
    const AVCodec *codec = avcodec_find_decoder(AV_CODEC_ID_MJPEG);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!c) return NULL;
    c->thread_count = 1;
    c->max_pixels = (int64_t)SIDE_MAX * SIDE_MAX;
    c->log_level_offset = 24; /* what it says of damage is of no interest */
    if (avcodec_open2(c, codec, NULL) < 0) avcodec_free_context(&c);
    return c;
}

static kf_frame *unpack_jpeg(const uint8_t *bytes, size_t length)
{
    AVCodecContext *c = jpeg_decoder();
    AVPacket *packet = av_packet_alloc();
    AVFrame *av = av_frame_alloc();
    kf_frame *f = NULL;
    if (c && packet && av && av_new_packet(packet, (int)length) >= 0) {
        memcpy(packet->data, bytes, length);
        if (avcodec_send_packet(c, packet) >= 0 && avcodec_receive_frame(c, av) >= 0) f = rgba_of(av);
    }
    av_frame_free(&av);
    av_packet_free(&packet);
    avcodec_free_context(&c);
    return f;
}

kf_frame *kf_thumb_unpack(const uint8_t *bytes, size_t length)
{
    if (length < HEAD + 2 || length > (64 << 20)) return NULL;
    if (memcmp(bytes, "KFTA", 4) == 0) return unpack_alpha(bytes, length);
    return bytes[0] == 0xff && bytes[1] == 0xd8 ? unpack_jpeg(bytes, length) : NULL;
}
