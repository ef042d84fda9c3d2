/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>

#include <string.h>

#include "base/api/alloc.h"
#include "media/out/internal.h"

/* FFmpeg 7.1 turned the lists in AVCodec into a question. */
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
static const void *supported(const AVCodec *av, enum AVCodecConfig what)
{
    const void *list = NULL;
    return avcodec_get_supported_config(NULL, av, what, 0, &list, NULL) < 0 ? NULL : list;
}
const enum AVPixelFormat *kf_out_pixel_formats(const AVCodec *av) { return supported(av, AV_CODEC_CONFIG_PIX_FORMAT); }
const enum AVSampleFormat *kf_out_sample_formats(const AVCodec *av)
{
    return supported(av, AV_CODEC_CONFIG_SAMPLE_FORMAT);
}
const int *kf_out_sample_rates(const AVCodec *av) { return supported(av, AV_CODEC_CONFIG_SAMPLE_RATE); }
const AVChannelLayout *kf_out_layouts(const AVCodec *av) { return supported(av, AV_CODEC_CONFIG_CHANNEL_LAYOUT); }
#else
const enum AVPixelFormat *kf_out_pixel_formats(const AVCodec *av) { return av->pix_fmts; }
const enum AVSampleFormat *kf_out_sample_formats(const AVCodec *av) { return av->sample_fmts; }
const int *kf_out_sample_rates(const AVCodec *av) { return av->supported_samplerates; }
const AVChannelLayout *kf_out_layouts(const AVCodec *av) { return av->ch_layouts; }
#endif

static const enum AVPixelFormat plain[KF_PIX_COUNT] = {
    [KF_PIX_NONE] = AV_PIX_FMT_NONE,
    [KF_PIX_GRAY8] = AV_PIX_FMT_GRAY8,
    [KF_PIX_GRAY10] = AV_PIX_FMT_GRAY10LE,
    [KF_PIX_GRAY12] = AV_PIX_FMT_GRAY12LE,
    [KF_PIX_GRAY16] = AV_PIX_FMT_GRAY16LE,
    [KF_PIX_YUV420P8] = AV_PIX_FMT_YUV420P,
    [KF_PIX_YUV422P8] = AV_PIX_FMT_YUV422P,
    [KF_PIX_YUV444P8] = AV_PIX_FMT_YUV444P,
    [KF_PIX_YUV420P10] = AV_PIX_FMT_YUV420P10LE,
    [KF_PIX_YUV422P10] = AV_PIX_FMT_YUV422P10LE,
    [KF_PIX_YUV444P10] = AV_PIX_FMT_YUV444P10LE,
    [KF_PIX_YUV420P12] = AV_PIX_FMT_YUV420P12LE,
    [KF_PIX_YUV422P12] = AV_PIX_FMT_YUV422P12LE,
    [KF_PIX_YUV444P12] = AV_PIX_FMT_YUV444P12LE,
    [KF_PIX_YUVA420P8] = AV_PIX_FMT_YUVA420P,
    [KF_PIX_YUVA422P8] = AV_PIX_FMT_YUVA422P,
    [KF_PIX_YUVA444P8] = AV_PIX_FMT_YUVA444P,
    [KF_PIX_YUVA420P10] = AV_PIX_FMT_YUVA420P10LE,
    [KF_PIX_YUVA422P10] = AV_PIX_FMT_YUVA422P10LE,
    [KF_PIX_YUVA444P10] = AV_PIX_FMT_YUVA444P10LE,
    [KF_PIX_YUVA444P12] = AV_PIX_FMT_YUVA444P12LE,
    [KF_PIX_NV12] = AV_PIX_FMT_NV12,
    [KF_PIX_P010] = AV_PIX_FMT_P010LE,
    [KF_PIX_GBRP8] = AV_PIX_FMT_GBRP,
    [KF_PIX_GBRP10] = AV_PIX_FMT_GBRP10LE,
    [KF_PIX_GBRP12] = AV_PIX_FMT_GBRP12LE,
    [KF_PIX_GBRAP8] = AV_PIX_FMT_GBRAP,
    [KF_PIX_GBRAP10] = AV_PIX_FMT_GBRAP10LE,
    [KF_PIX_GBRAP12] = AV_PIX_FMT_GBRAP12LE,
    [KF_PIX_RGB24] = AV_PIX_FMT_RGB24,
    [KF_PIX_RGBA8] = AV_PIX_FMT_RGBA,
    [KF_PIX_BGRA8] = AV_PIX_FMT_BGRA,
    [KF_PIX_RGBA16] = AV_PIX_FMT_RGBA64LE,
    [KF_PIX_RGBAF32] = AV_PIX_FMT_NONE,
};

enum AVPixelFormat kf_out_av_plain(kf_pixfmt format)
{
    return (unsigned)format < KF_PIX_COUNT ? plain[format] : AV_PIX_FMT_NONE;
}

static bool takes(const AVCodec *av, enum AVPixelFormat format)
{
    const enum AVPixelFormat *list = kf_out_pixel_formats(av);
    if (!list || format == AV_PIX_FMT_NONE) {
        return format != AV_PIX_FMT_NONE;
    }
    while (*list != AV_PIX_FMT_NONE && *list != format) {
        list++;
    }
    return *list == format;
}

/* JPEG is full range, which older libavcodec says in the name of the format. */
static enum AVPixelFormat jpeg_format(const AVCodec *av, enum AVPixelFormat format)
{
    enum AVPixelFormat full = format == AV_PIX_FMT_YUV420P   ? AV_PIX_FMT_YUVJ420P
                              : format == AV_PIX_FMT_YUV422P ? AV_PIX_FMT_YUVJ422P
                              : format == AV_PIX_FMT_YUV444P ? AV_PIX_FMT_YUVJ444P
                                                             : AV_PIX_FMT_NONE;
    return full != AV_PIX_FMT_NONE && takes(av, full) ? full : format;
}

enum AVPixelFormat kf_out_av_format(const AVCodec *av, kf_pixfmt format, bool *swap)
{
    enum AVPixelFormat p = kf_out_av_plain(format);
    *swap = false;
    if (av->id == AV_CODEC_ID_MJPEG) {
        p = jpeg_format(av, p);
    }
    if (takes(av, p)) {
        return p;
    }
    enum AVPixelFormat big = format == KF_PIX_RGBA16   ? AV_PIX_FMT_RGBA64BE
                             : format == KF_PIX_GRAY16 ? AV_PIX_FMT_GRAY16BE
                                                       : AV_PIX_FMT_NONE;
    *swap = big != AV_PIX_FMT_NONE && takes(av, big);
    return *swap ? big : AV_PIX_FMT_NONE;
}

void kf_out_tag(AVFrame *frame, kf_color color)
{
    frame->color_primaries = (enum AVColorPrimaries)color.primaries;
    frame->color_trc = (enum AVColorTransferCharacteristic)color.transfer;
    frame->colorspace = (enum AVColorSpace)color.matrix;
    frame->color_range = (enum AVColorRange)color.range;
    frame->chroma_location = (enum AVChromaLocation)color.chroma_loc;
}

static void release_frame(void *opaque, uint8_t *data)
{
    (void)data;
    kf_frame_unref(opaque);
}

static AVFrame *wrap_planes(kf_frame *frame, enum AVPixelFormat format)
{
    AVFrame *out = av_frame_alloc();
    if (!out) {
        return NULL;
    }
    out->buf[0] = av_buffer_create(frame->image.plane[0], frame->bytes ? frame->bytes : 1, release_frame, frame,
                                   AV_BUFFER_FLAG_READONLY);
    if (!out->buf[0]) {
        av_frame_free(&out);
        return NULL;
    }
    kf_frame_ref(frame);
    for (int p = 0; p < 4; p++) {
        out->data[p] = frame->image.plane[p];
        out->linesize[p] = (int)frame->image.stride[p];
    }
    out->format = format;
    out->width = frame->image.width;
    out->height = frame->image.height;
    return out;
}

static AVFrame *copy_swapped(const kf_image *image, enum AVPixelFormat format)
{
    AVFrame *out = av_frame_alloc();
    if (!out) {
        return NULL;
    }
    out->format = format;
    out->width = image->width;
    out->height = image->height;
    if (av_frame_get_buffer(out, 0) < 0) {
        av_frame_free(&out);
        return NULL;
    }
    size_t row_bytes;
    int rows;
    kf_pixfmt_plane(image->format, image->width, image->height, 0, &row_bytes, &rows);
    for (int y = 0; y < rows; y++) {
        const uint8_t *from = image->plane[0] + y * image->stride[0];
        uint8_t *to = out->data[0] + (ptrdiff_t)y * out->linesize[0];
        for (size_t x = 0; x + 1 < row_bytes; x += 2) {
            to[x] = from[x + 1];
            to[x + 1] = from[x];
        }
    }
    return out;
}

AVFrame *kf_out_wrap(kf_frame *frame, enum AVPixelFormat format, bool swap)
{
    AVFrame *out = swap ? copy_swapped(&frame->image, format) : wrap_planes(frame, format);
    if (out) {
        kf_out_tag(out, frame->image.color);
    }
    return out;
}
