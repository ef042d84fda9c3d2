/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One picture as PNG, JPEG or WebP. */
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#include <string.h>
#include <strings.h>

#include "base/api/str.h"
#include "media/out/internal.h"

typedef struct kind {
    const char *extension, *encoder, *options;
    bool alpha, deep, yuv;
} kind;

static const kind kinds[] = {
    {"png", NULL, NULL, true, true, false}, /* png.c */
    {"jpg", "mjpeg", "qmin=1:qmax=31", false, false, true},
    {"jpeg", "mjpeg", "qmin=1:qmax=31", false, false, true},
    {"webp", "libwebp", "quality=92", true, false, false},
};

static const kind *find_kind(const char *extension)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcasecmp(extension, kinds[i].extension) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* Packed RGB of the image's depth, in which alpha is settled. */
static enum AVPixelFormat working_format(const kind *k, const kf_pixfmt_info *info)
{
    bool deep = k->deep && info->bits > 8;
    if (info->model == KF_MODEL_GRAY) {
        return deep ? AV_PIX_FMT_GRAY16LE : AV_PIX_FMT_GRAY8;
    }
    if (info->alpha) {
        return deep ? AV_PIX_FMT_RGBA64LE : AV_PIX_FMT_RGBA;
    }
    return deep ? AV_PIX_FMT_RGB48LE : AV_PIX_FMT_RGB24;
}

static enum AVPixelFormat encoder_format(const kind *k, const kf_pixfmt_info *info)
{
    if (k->yuv) {
        return AV_PIX_FMT_YUVJ444P;
    }
    if (k->encoder && strcmp(k->encoder, "libwebp") == 0) {
        return AV_PIX_FMT_BGRA;
    }
    switch (working_format(k, info)) {
    case AV_PIX_FMT_GRAY16LE: return AV_PIX_FMT_GRAY16BE;
    case AV_PIX_FMT_RGBA64LE: return AV_PIX_FMT_RGBA64BE;
    case AV_PIX_FMT_RGB48LE: return AV_PIX_FMT_RGB48BE;
    default: return working_format(k, info);
    }
}

static AVFrame *new_frame(enum AVPixelFormat format, int width, int height)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame) {
        return NULL;
    }
    frame->format = format;
    frame->width = width;
    frame->height = height;
    if (av_frame_get_buffer(frame, 64) < 0) {
        av_frame_free(&frame);
    }
    return frame;
}

static int sws_matrix(uint8_t matrix)
{
    switch (matrix) {
    case KF_MAT_BT709: return SWS_CS_ITU709;
    case KF_MAT_SMPTE240M: return SWS_CS_SMPTE240M;
    case KF_MAT_FCC: return SWS_CS_FCC;
    case KF_MAT_BT2020_NCL: return SWS_CS_BT2020;
    default: return SWS_CS_ITU601;
    }
}

/* New frame in `format`; full range out. */
static AVFrame *convert(const uint8_t *const *data, const int *linesize, enum AVPixelFormat from, kf_color color,
                        int width, int height, enum AVPixelFormat format)
{
    AVFrame *out = new_frame(format, width, height);
    struct SwsContext *sws =
        sws_getContext(width, height, from, width, height, format,
                       SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP, NULL, NULL, NULL);
    bool ok = out && sws;
    if (ok) {
        /* JFIF is BT.601 */
        sws_setColorspaceDetails(sws, sws_getCoefficients(sws_matrix(color.matrix)), color.range == KF_RANGE_FULL,
                                 sws_getCoefficients(SWS_CS_ITU601), 1, 0, 1 << 16, 1 << 16);
        ok = sws_scale(sws, data, linesize, 0, height, out->data, out->linesize) >= 0;
    }
    sws_freeContext(sws);
    if (!ok) {
        av_frame_free(&out);
    }
    return out;
}

static uint32_t rescale_alpha(uint32_t value, uint32_t alpha, uint32_t top, bool divide)
{
    if (!divide) {
        return (value * alpha + top / 2) / top;
    }
    uint64_t v = alpha ? ((uint64_t)value * top + alpha / 2) / alpha : 0;
    return v > top ? top : (uint32_t)v;
}

/* Colour divided by alpha, or multiplied with it, in place. */
static void settle_alpha(AVFrame *f, bool divide)
{
    bool deep = f->format == AV_PIX_FMT_RGBA64LE;
    for (int y = 0; y < f->height; y++) {
        uint8_t *row = f->data[0] + (ptrdiff_t)y * f->linesize[0];
        uint16_t *row16 = (uint16_t *)(void *)row;
        for (int x = 0; x < f->width; x++) {
            for (int c = 0; c < 3; c++) {
                if (deep) {
                    row16[4 * x + c] = (uint16_t)rescale_alpha(row16[4 * x + c], row16[4 * x + 3], 65535, divide);
                } else {
                    row[4 * x + c] = (uint8_t)rescale_alpha(row[4 * x + c], row[4 * x + 3], 255, divide);
                }
            }
        }
    }
}

/* A frame the encoder takes, owning or borrowing the image's samples for the moment. */
static AVFrame *prepare(const kind *k, const kf_image *image)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    kf_color color = kf_color_resolve(image->color, image->format, image->width, image->height);
    enum AVPixelFormat plain = kf_out_av_plain(image->format), work = working_format(k, info),
                       want = encoder_format(k, info);
    const uint8_t *data[4];
    int stride[4];
    for (int p = 0; p < 4; p++) {
        data[p] = image->plane[p];
        stride[p] = (int)image->stride[p];
    }
    bool settle = info->alpha && (image->premultiplied == k->alpha); /* divide for PNG, multiply for JPEG */
    if (!settle) {
        return convert(data, stride, plain, color, image->width, image->height, want);
    }
    AVFrame *frame = convert(data, stride, plain, color, image->width, image->height, work);
    if (frame) {
        settle_alpha(frame, image->premultiplied);
    }
    if (!frame || want == work) {
        return frame;
    }
    kf_color rgb = {.matrix = KF_MAT_SMPTE170M, .range = KF_RANGE_FULL};
    AVFrame *final =
        convert((const uint8_t *const *)frame->data, frame->linesize, work, rgb, image->width, image->height, want);
    av_frame_free(&frame);
    return final;
}

/* What editors call BT.709 is shown as sRGB; a gamma chunk would make viewers change the picture. */
static void tag_still(AVFrame *frame, kf_color color, bool yuv)
{
    bool wide = color.primaries == KF_PRI_BT2020 || color.primaries == KF_PRI_P3D65 || color.primaries == KF_PRI_P3DCI;
    frame->color_primaries = wide ? (enum AVColorPrimaries)color.primaries : AVCOL_PRI_BT709;
    frame->color_trc = color.transfer == KF_TRC_PQ || color.transfer == KF_TRC_HLG || color.transfer == KF_TRC_LINEAR
                           ? (enum AVColorTransferCharacteristic)color.transfer : AVCOL_TRC_IEC61966_2_1;
    frame->colorspace = yuv ? AVCOL_SPC_BT470BG : AVCOL_SPC_RGB;
    frame->color_range = AVCOL_RANGE_JPEG;
    frame->pts = 0;
}

static kf_status encode(const kind *k, AVFrame *frame, AVPacket *packet, kf_error *err)
{
    const AVCodec *av = avcodec_find_encoder_by_name(k->encoder);
    if (!av) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "this libavcodec cannot write %s pictures (no %s); use .png",
                       k->extension, k->encoder);
    }
    AVCodecContext *ctx = avcodec_alloc_context3(av);
    AVDictionary *options = NULL;
    if (!ctx || av_dict_parse_string(&options, k->options, "=", ":", 0) < 0) {
        avcodec_free_context(&ctx);
        return kf_fail_memory(err);
    }
    ctx->width = frame->width;
    ctx->height = frame->height;
    ctx->pix_fmt = frame->format;
    ctx->time_base = (AVRational){1, 25};
    ctx->color_range = frame->color_range;
    ctx->colorspace = frame->colorspace;
    ctx->thread_count = 1;
    ctx->log_level_offset = 24;
    ctx->flags |= AV_CODEC_FLAG_BITEXACT;
    if (k->yuv) {
        ctx->flags |= AV_CODEC_FLAG_QSCALE;
        ctx->global_quality = frame->quality = 2 * FF_QP2LAMBDA;
    }
    int code = avcodec_open2(ctx, av, &options);
    code = code < 0 ? code : avcodec_send_frame(ctx, frame);
    code = code < 0 ? code : avcodec_receive_packet(ctx, packet);
    if (code == AVERROR(EAGAIN)) { /* an encoder that waits for the end */
        code = avcodec_send_frame(ctx, NULL);
        code = code < 0 ? code : avcodec_receive_packet(ctx, packet);
    }
    av_dict_free(&options);
    avcodec_free_context(&ctx);
    return code < 0 ? kf_fail(err, KF_ERR_ENCODE, "encoding a %dx%d %s picture failed", frame->width, frame->height,
                              k->extension)
                    : KF_OK;
}

static kf_status store(kf_out_file *file, const AVPacket *packet, kf_error *err)
{
    kf_out_file_write(file, packet->data, (size_t)packet->size);
    return kf_out_file_commit(file, err);
}

/* In memory; the packet is the caller's. name: for messages. */
static kf_status make_packet(const kind *k, const char *name, const kf_image *image, kf_pool *pool, AVPacket **out,
                             kf_error *err)
{
    *out = NULL;
    if (kf_out_av_plain(image->format) == AV_PIX_FMT_NONE || image->width < 1 || image->height < 1 ||
        image->width > 32768 || image->height > 32768) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: a %dx%d picture in %s cannot be written", name, image->width,
                       image->height, kf_pixfmt_get(image->format)->name);
    }
    AVFrame *frame = prepare(k, image);
    *out = av_packet_alloc();
    kf_status status = frame && *out ? KF_OK : kf_fail_memory(err);
    if (!status) {
        tag_still(frame, image->color, k->yuv);
        status = k->encoder ? encode(k, frame, *out, err) : kf_out_png(frame, pool, *out, err);
    }
    av_frame_free(&frame);
    return status;
}

static kf_status no_kind(const char *name, kf_error *err)
{
    return kf_fail(err, KF_ERR_INVALID,
                   "%s: a picture is written as .png, .jpg or .webp; give the name one of these endings", name ? name : "");
}

kf_status kf_image_write(const char *path, const kf_image *image, bool overwrite, kf_pool *pool, kf_error *err)
{
    const kind *k = path ? find_kind(kf_path_extension(path)) : NULL;
    AVPacket *packet;
    kf_out_file file;
    if (!k) {
        return no_kind(path, err);
    }
    kf_status status = make_packet(k, path, image, pool, &packet, err);
    status = status ? status : kf_out_file_open(path, overwrite, &file, err);
    status = status ? status : store(&file, packet, err);
    av_packet_free(&packet);
    return status;
}

kf_status kf_image_encode(const char *format, const kf_image *image, const kf_writer_sink *sink, kf_pool *pool,
                          kf_error *err)
{
    const kind *k = format ? find_kind(format) : NULL;
    AVPacket *packet;
    kf_out_file file;
    if (!k) {
        return no_kind(format, err);
    }
    kf_status status = make_packet(k, format, image, pool, &packet, err);
    status = status ? status : kf_out_file_sink(sink, "the picture", &file, err);
    status = status ? status : store(&file, packet, err);
    av_packet_free(&packet);
    return status;
}
