/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

#include "media/in/internal.h"
#include "media/out/internal.h"

static bool set(struct SwsContext *sws, const char *name, int64_t value)
{
    return av_opt_set_int(sws, name, value, 0) >= 0;
}

/* Chroma's place in 1/256 of a luma sample, before and after: it stays where it is relative to its luma. */
static bool set_chroma(struct SwsContext *sws, const kf_image *image)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int across = image->color.chroma_loc == KF_CHROMA_CENTER ? 128 : 0;
    int down = image->color.chroma_loc == KF_CHROMA_TOPLEFT ? 0 : 128;
    bool good = true;
    if (info->model == KF_MODEL_YUV && info->sub_w) {
        good = set(sws, "src_h_chr_pos", across) && set(sws, "dst_h_chr_pos", across);
    }
    if (info->model == KF_MODEL_YUV && info->sub_h) {
        good = good && set(sws, "src_v_chr_pos", down) && set(sws, "dst_v_chr_pos", down);
    }
    return good;
}

static struct SwsContext *make_sws(const kf_image *image, int width, int height)
{
    enum AVPixelFormat format = kf_out_av_plain(image->format);
    struct SwsContext *sws = format == AV_PIX_FMT_NONE || !sws_isSupportedInput(format) || !sws_isSupportedOutput(format)
                                 ? NULL
                                 : sws_alloc_context();
    bool full = image->color.range == KF_RANGE_FULL;
    if (!sws) {
        return NULL;
    }
    bool good = set(sws, "srcw", image->width) && set(sws, "srch", image->height) && set(sws, "dstw", width) &&
                set(sws, "dsth", height) && set(sws, "src_format", format) && set(sws, "dst_format", format) &&
                set(sws, "src_range", full) && set(sws, "dst_range", full) &&
                set(sws, "sws_flags", SWS_AREA | SWS_ACCURATE_RND | SWS_BITEXACT) && set_chroma(sws, image);
    if (!good || sws_init_context(sws, NULL, NULL) < 0) {
        sws_freeContext(sws);
        return NULL;
    }
    return sws;
}

static bool prepare(kf_in_shrinker *s, const kf_image *image, int width, int height)
{
    bool same = s->format == image->format && s->from_width == image->width && s->from_height == image->height &&
                s->width == width && s->height == height && s->range == image->color.range &&
                s->chroma_loc == image->color.chroma_loc;
    if (same) {
        return s->sws != NULL;
    }
    kf_in_shrinker_finish(s);
    *s = (kf_in_shrinker){make_sws(image, width, height), image->format, image->width, image->height, width, height,
                          image->color.range, image->color.chroma_loc};
    return s->sws != NULL;
}

bool kf_in_smaller(const kf_image *image, int width, int height)
{
    return width > 0 && height > 0 && width <= image->width && height <= image->height &&
           (width < image->width || height < image->height);
}

kf_frame *kf_in_shrink(kf_in_shrinker *s, kf_frame *frame, int width, int height)
{
    const kf_image *from = &frame->image;
    if (!kf_in_smaller(from, width, height) || !prepare(s, from, width, height)) {
        return kf_frame_ref(frame);
    }
    kf_frame *f = kf_frame_create(from->format, width, height);
    if (!f) {
        return NULL;
    }
    int from_strides[4], strides[4];
    for (int p = 0; p < 4; p++) {
        from_strides[p] = (int)from->stride[p];
        strides[p] = (int)f->image.stride[p];
    }
    sws_scale(s->sws, (const uint8_t *const *)from->plane, from_strides, 0, from->height, f->image.plane, strides);
    f->image.color = from->color;
    f->image.premultiplied = from->premultiplied;
    f->number = frame->number;
    f->time = frame->time;
    return f;
}

void kf_in_shrinker_finish(kf_in_shrinker *s)
{
    sws_freeContext(s->sws);
    *s = (kf_in_shrinker){0};
}
