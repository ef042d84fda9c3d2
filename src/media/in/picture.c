/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#include <string.h>

#include "media/in/internal.h"
#include "media/out/internal.h"

/* ---- formats ---- */

/* The names that say "full range" hold the same samples. */
static enum AVPixelFormat without_range(enum AVPixelFormat f)
{
    switch (f) {
    case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P: return AV_PIX_FMT_YUV411P;
    default: return f;
    }
}

static bool full_range_name(enum AVPixelFormat f)
{
    return without_range(f) != f;
}

static kf_pixfmt same_layout(enum AVPixelFormat f)
{
    for (kf_pixfmt k = KF_PIX_NONE + 1; k < KF_PIX_COUNT; k++) {
        if (kf_out_av_plain(k) == f && f != AV_PIX_FMT_NONE) {
            return k;
        }
    }
    return KF_PIX_NONE;
}

static kf_pixfmt richer_yuv(const AVPixFmtDescriptor *d, int bits, bool alpha)
{
    static const kf_pixfmt plain[3][3] = {
        {KF_PIX_YUV420P8, KF_PIX_YUV420P10, KF_PIX_YUV420P12},
        {KF_PIX_YUV422P8, KF_PIX_YUV422P10, KF_PIX_YUV422P12},
        {KF_PIX_YUV444P8, KF_PIX_YUV444P10, KF_PIX_YUV444P12},
    };
    static const kf_pixfmt with_alpha[3][3] = {
        {KF_PIX_YUVA420P8, KF_PIX_YUVA420P10, KF_PIX_YUVA444P12},
        {KF_PIX_YUVA422P8, KF_PIX_YUVA422P10, KF_PIX_YUVA444P12},
        {KF_PIX_YUVA444P8, KF_PIX_YUVA444P10, KF_PIX_YUVA444P12},
    };
    int shape = d->log2_chroma_w == 1 && d->log2_chroma_h == 1   ? 0
                : d->log2_chroma_w >= 1 && d->log2_chroma_h == 0 ? 1
                                                                 : 2;
    int depth = bits <= 8 ? 0 : bits <= 10 ? 1 : 2;
    shape = d->log2_chroma_w > 1 && d->log2_chroma_h > 1 ? 0 : shape;
    return (alpha ? with_alpha : plain)[shape][depth];
}

static kf_pixfmt richer(const AVPixFmtDescriptor *d, bool no_alpha)
{
    int bits = 0;
    for (int i = 0; i < d->nb_components; i++) {
        bits = d->comp[i].depth > bits ? d->comp[i].depth : bits;
    }
    bool alpha = ((d->flags & AV_PIX_FMT_FLAG_ALPHA) || (d->flags & AV_PIX_FMT_FLAG_PAL)) && !no_alpha;
    bool xyz = strncmp(d->name, "xyz", 3) == 0; /* digital cinema */
    bool rgb = xyz || (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER));
    bool gray = !rgb && d->nb_components <= 2;
    if (rgb || (gray && alpha)) {
        return bits > 8 ? KF_PIX_RGBA16 : alpha ? KF_PIX_RGBA8 : KF_PIX_RGB24;
    }
    if (gray) {
        return bits <= 8 ? KF_PIX_GRAY8 : bits <= 10 ? KF_PIX_GRAY10 : bits <= 12 ? KF_PIX_GRAY12 : KF_PIX_GRAY16;
    }
    return richer_yuv(d, bits, alpha);
}

kf_pixfmt kf_in_format(enum AVPixelFormat format, bool no_alpha, bool *copy)
{
    *copy = false;
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);
    if (!d || (d->flags & AV_PIX_FMT_FLAG_HWACCEL)) {
        return KF_PIX_NONE;
    }
    kf_pixfmt same = same_layout(without_range(format));
    if (same != KF_PIX_NONE && !(no_alpha && kf_pixfmt_get(same)->alpha)) {
        return same;
    }
    *copy = true;
    return sws_isSupportedInput(format) ? richer(d, no_alpha) : KF_PIX_NONE;
}

/* ---- colour ---- */

static uint8_t known(int code, int unspecified)
{
    return code > 0 && code < 256 ? (uint8_t)code : (uint8_t)unspecified;
}

kf_color kf_in_color(const AVFrame *frame, const AVCodecParameters *par)
{
    kf_color c = {0};
    bool matrix = frame->colorspace != AVCOL_SPC_UNSPECIFIED;
    c.primaries = known(
        frame->color_primaries != AVCOL_PRI_UNSPECIFIED ? (int)frame->color_primaries : (int)par->color_primaries, 2);
    c.transfer = known(frame->color_trc != AVCOL_TRC_UNSPECIFIED ? (int)frame->color_trc : (int)par->color_trc, 2);
    int m = matrix ? (int)frame->colorspace : (int)par->color_space;
    c.matrix = m == 0 ? KF_MAT_RGB : known(m, 2);
    c.range = (uint8_t)(frame->color_range != AVCOL_RANGE_UNSPECIFIED ? frame->color_range : par->color_range);
    if (c.range == KF_RANGE_UNSPECIFIED && full_range_name((enum AVPixelFormat)frame->format)) {
        c.range = KF_RANGE_FULL;
    }
    int loc =
        frame->chroma_location != AVCHROMA_LOC_UNSPECIFIED ? (int)frame->chroma_location : (int)par->chroma_location;
    c.chroma_loc = (uint8_t)(loc <= AVCHROMA_LOC_TOPLEFT ? loc : AVCHROMA_LOC_UNSPECIFIED);
    return c;
}

static bool overridden(uint8_t code)
{
    return code != 0 && code != 2;
}

kf_color kf_in_final_color(const kf_media *media, kf_color c, kf_pixfmt format, int width, int height)
{
    const kf_color *o = &media->params.color;
    c.primaries = overridden(o->primaries) ? o->primaries : c.primaries;
    c.transfer = overridden(o->transfer) ? o->transfer : c.transfer;
    c.matrix = overridden(o->matrix) ? o->matrix : c.matrix;
    c.range = o->range ? o->range : c.range;
    c.chroma_loc = o->chroma_loc ? o->chroma_loc : c.chroma_loc;
    return kf_color_resolve(c, format, width, height);
}

/* ---- frames ---- */

static void release_av(kf_frame *frame)
{
    AVFrame *av = frame->owner;
    av_frame_free(&av);
    kf_free(frame);
}

static size_t held_bytes(const AVFrame *av)
{
    size_t bytes = 0;
    for (int i = 0; i < AV_NUM_DATA_POINTERS && av->buf[i]; i++) {
        bytes += av->buf[i]->size;
    }
    return bytes;
}

static kf_frame *wrap(AVFrame *av, kf_pixfmt format)
{
    kf_frame *f = KF_NEW(kf_frame);
    AVFrame *own = f ? av_frame_alloc() : NULL;
    if (!own) {
        kf_free(f);
        return NULL;
    }
    av_frame_move_ref(own, av);
    f->image = (kf_image){.format = format, .width = own->width, .height = own->height};
    for (int p = 0; p < kf_pixfmt_get(format)->planes; p++) {
        f->image.plane[p] = own->data[p];
        f->image.stride[p] = own->linesize[p];
    }
    f->bytes = held_bytes(own);
    f->release = release_av;
    f->owner = own;
    atomic_init(&f->refs, 1);
    return f;
}

static void release_shared(kf_frame *frame)
{
    kf_frame_unref(frame->owner);
    kf_free(frame);
}

kf_frame *kf_in_picture_share(kf_frame *frame, int64_t number, kf_time time)
{
    kf_frame *f = KF_NEW(kf_frame);
    if (f) {
        f->image = frame->image;
        f->number = number;
        f->time = time;
        f->bytes = sizeof *f;
        f->release = release_shared;
        f->owner = kf_frame_ref(frame);
        atomic_init(&f->refs, 1);
    }
    return f;
}

static bool prepare_sws(kf_in_converter *c, const AVFrame *av, enum AVPixelFormat to, bool full)
{
    if (c->sws && c->width == av->width && c->height == av->height && c->from == av->format) {
        return true;
    }
    sws_freeContext(c->sws);
    c->sws =
        sws_getContext(av->width, av->height, without_range((enum AVPixelFormat)av->format), av->width, av->height, to,
                       SWS_BICUBIC | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_ACCURATE_RND, NULL, NULL, NULL);
    if (!c->sws) {
        return false;
    }
    const int *table =
        sws_getCoefficients(av->colorspace == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : (int)av->colorspace);
    sws_setColorspaceDetails(c->sws, table, full, table, full, 0, 1 << 16, 1 << 16);
    c->width = av->width;
    c->height = av->height;
    c->from = av->format;
    return true;
}

static kf_frame *convert(kf_in_converter *c, const AVFrame *av, kf_pixfmt format, bool full)
{
    if (!prepare_sws(c, av, kf_out_av_plain(format), full)) {
        return NULL;
    }
    kf_frame *f = kf_frame_create(format, av->width, av->height);
    if (f) {
        int strides[4];
        for (int p = 0; p < 4; p++) {
            strides[p] = (int)f->image.stride[p];
        }
        sws_scale(c->sws, (const uint8_t *const *)av->data, av->linesize, 0, av->height, f->image.plane, strides);
    }
    return f;
}

static bool upside_down(const AVFrame *av)
{
    return av->linesize[0] < 0 || av->linesize[1] < 0 || av->linesize[2] < 0 || av->linesize[3] < 0;
}

kf_status kf_in_picture(const kf_media *media, int stream, kf_in_converter *c, AVFrame *av, kf_frame **out,
                        kf_error *err)
{
    const AVCodecParameters *par = media->streams[stream].par;
    bool copy;
    kf_pixfmt format = kf_in_format((enum AVPixelFormat)av->format, media->params.no_alpha, &copy);
    if (format == KF_PIX_NONE || av->width < 1 || av->height < 1 || av->width > 65536 || av->height > 65536) {
        const char *name = av_get_pix_fmt_name((enum AVPixelFormat)av->format);
        return kf_fail(err, KF_ERR_UNSUPPORTED,
                       "%s: pictures of %dx%d in the format %s cannot be read; convert the file", kf_in_name(media),
                       av->width, av->height, name ? name : "?");
    }
    kf_color color = kf_in_color(av, par);
    bool flipped = upside_down(av);
    kf_frame *f = copy || flipped ? convert(c, av, format, color.range == KF_RANGE_FULL) : wrap(av, format);
    if (!f) {
        return kf_fail_memory(err);
    }
    f->image.color = kf_in_final_color(media, color, format, f->image.width, f->image.height);
    if (copy || flipped) {
        av_frame_unref(av);
    }
    *out = f;
    return KF_OK;
}

void kf_in_converter_finish(kf_in_converter *c)
{
    sws_freeContext(c->sws);
    *c = (kf_in_converter){0};
}
