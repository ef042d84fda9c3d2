/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/picture.h"

#include "base/api/alloc.h"
#include "engine/api/player.h"

enum { SIDE_MAX = 16384 };

typedef struct owned_picture {
    kf_picture picture;
    atomic_int refs;
    kf_frame *frame;
} owned_picture;

static const struct { kf_pixfmt frame; kf_picture_format picture; } formats[] = {
    {KF_PIX_YUV420P8, KF_PICTURE_YUV420P8}, {KF_PIX_YUV420P10, KF_PICTURE_YUV420P10}, {KF_PIX_RGBA8, KF_PICTURE_RGBA8}};
enum { FORMATS = sizeof formats / sizeof *formats };

bool kf_picture_format_of(kf_pixfmt format, kf_picture_format *out)
{
    for (int i = 0; i < FORMATS; i++) {
        if (formats[i].frame != format) continue;
        *out = formats[i].picture;
        return true;
    }
    return false;
}

static kf_picture_chroma chroma_of(const kf_color *color)
{
    if (color->chroma_loc == KF_CHROMA_CENTER) return KF_PICTURE_CHROMA_CENTER;
    return color->chroma_loc == KF_CHROMA_TOPLEFT ? KF_PICTURE_CHROMA_TOP_LEFT : KF_PICTURE_CHROMA_LEFT;
}

static void describe(kf_picture *p, const kf_image *image)
{
    p->width = p->full_width = image->width;
    p->height = p->full_height = image->height;
    p->pixel_aspect = (kf_rational){1, 1};
    for (int i = 0; i < 4; i++) {
        p->plane[i] = image->plane[i];
        p->stride[i] = image->stride[i];
    }
    p->primaries = image->color.primaries;
    p->transfer = image->color.transfer;
    p->matrix = image->color.matrix;
    p->full_range = image->color.range == KF_RANGE_FULL;
    p->chroma = chroma_of(&image->color);
    p->premultiplied = image->premultiplied;
}

kf_picture *kf_picture_wrap(kf_frame *frame)
{
    kf_picture_format format;
    owned_picture *p = kf_picture_format_of(frame->image.format, &format) ? KF_NEW(owned_picture) : NULL;
    if (!p) return NULL;
    atomic_init(&p->refs, 1);
    p->frame = kf_frame_ref(frame);
    p->picture.format = format;
    p->picture.owner = p;
    describe(&p->picture, &frame->image);
    return &p->picture;
}

kf_picture *kf_picture_share(kf_picture *picture)
{
    const owned_picture *from = picture->owner;
    owned_picture *p = KF_NEW(owned_picture);
    if (!p) return NULL;
    p->picture = *picture;
    p->picture.owner = p;
    atomic_init(&p->refs, 1);
    p->frame = kf_frame_ref(from->frame);
    return &p->picture;
}

size_t kf_picture_bytes(const kf_picture *picture)
{
    return ((const owned_picture *)picture->owner)->frame->bytes;
}

kf_picture *kf_engine_picture_create(kf_picture_format format, int32_t width, int32_t height)
{
    kf_frame *frame = NULL;
    if (width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX) return NULL;
    for (int i = 0; i < FORMATS && !frame; i++)
        if (formats[i].picture == format) frame = kf_frame_create(formats[i].frame, width, height);
    if (!frame) return NULL;
    frame->image.color = kf_color_resolve((kf_color){KF_PRI_UNSPECIFIED, KF_TRC_UNSPECIFIED, KF_MAT_UNSPECIFIED},
                                          frame->image.format, width, height);
    kf_picture *picture = kf_picture_wrap(frame);
    kf_frame_unref(frame);
    return picture;
}

kf_picture *kf_engine_picture_ref(kf_picture *picture)
{
    owned_picture *p = picture->owner;
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return picture;
}

void kf_engine_picture_unref(kf_picture *picture)
{
    owned_picture *p = picture ? picture->owner : NULL;
    if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1) return;
    kf_frame_unref(p->frame);
    kf_free(p);
}
