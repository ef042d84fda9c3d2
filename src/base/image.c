/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/image.h"

#include <string.h>

#include "base/api/alloc.h"

#define GRAY(depth, size) \
    { \
        .model = KF_MODEL_GRAY, .planes = 1, .components = 1, .bits = depth, .bytes = size, .name = "gray" #depth \
    }
#define YUV(label, w, h, depth, size) \
    { \
        .model = KF_MODEL_YUV, .planes = 3, .components = 3, .bits = depth, .sub_w = w, .sub_h = h, .bytes = size, \
        .name = label \
    }
#define YUVA(label, w, h, depth, size) \
    { \
        .model = KF_MODEL_YUV, .planes = 4, .components = 4, .bits = depth, .sub_w = w, .sub_h = h, .bytes = size, \
        .alpha = true, .name = label \
    }
#define GBR(label, n, depth, size) \
    {.model = KF_MODEL_RGB, .planes = n, .components = n, .bits = depth, .bytes = size, .alpha = n == 4, .name = label}
#define PACKED(label, n, depth, size) \
    { \
        .model = KF_MODEL_RGB, .planes = 1, .components = n, .bits = depth, .bytes = size, .alpha = n == 4, \
        .packed = true, .name = label \
    }

static const kf_pixfmt_info infos[KF_PIX_COUNT] = {
    [KF_PIX_NONE] = {.name = "none"},
    [KF_PIX_GRAY8] = GRAY(8, 1),
    [KF_PIX_GRAY10] = GRAY(10, 2),
    [KF_PIX_GRAY12] = GRAY(12, 2),
    [KF_PIX_GRAY16] = GRAY(16, 2),
    [KF_PIX_YUV420P8] = YUV("yuv420p", 1, 1, 8, 1),
    [KF_PIX_YUV422P8] = YUV("yuv422p", 1, 0, 8, 1),
    [KF_PIX_YUV444P8] = YUV("yuv444p", 0, 0, 8, 1),
    [KF_PIX_YUV420P10] = YUV("yuv420p10", 1, 1, 10, 2),
    [KF_PIX_YUV422P10] = YUV("yuv422p10", 1, 0, 10, 2),
    [KF_PIX_YUV444P10] = YUV("yuv444p10", 0, 0, 10, 2),
    [KF_PIX_YUV420P12] = YUV("yuv420p12", 1, 1, 12, 2),
    [KF_PIX_YUV422P12] = YUV("yuv422p12", 1, 0, 12, 2),
    [KF_PIX_YUV444P12] = YUV("yuv444p12", 0, 0, 12, 2),
    [KF_PIX_YUVA420P8] = YUVA("yuva420p", 1, 1, 8, 1),
    [KF_PIX_YUVA422P8] = YUVA("yuva422p", 1, 0, 8, 1),
    [KF_PIX_YUVA444P8] = YUVA("yuva444p", 0, 0, 8, 1),
    [KF_PIX_YUVA420P10] = YUVA("yuva420p10", 1, 1, 10, 2),
    [KF_PIX_YUVA422P10] = YUVA("yuva422p10", 1, 0, 10, 2),
    [KF_PIX_YUVA444P10] = YUVA("yuva444p10", 0, 0, 10, 2),
    [KF_PIX_YUVA444P12] = YUVA("yuva444p12", 0, 0, 12, 2),
    [KF_PIX_NV12] = {.name = "nv12",
                     .model = KF_MODEL_YUV,
                     .planes = 2,
                     .components = 3,
                     .bits = 8,
                     .sub_w = 1,
                     .sub_h = 1,
                     .bytes = 1,
                     .semiplanar = true},
    [KF_PIX_P010] = {.name = "p010",
                     .model = KF_MODEL_YUV,
                     .planes = 2,
                     .components = 3,
                     .bits = 10,
                     .sub_w = 1,
                     .sub_h = 1,
                     .bytes = 2,
                     .shift = 6,
                     .semiplanar = true},
    [KF_PIX_GBRP8] = GBR("gbrp", 3, 8, 1),
    [KF_PIX_GBRP10] = GBR("gbrp10", 3, 10, 2),
    [KF_PIX_GBRP12] = GBR("gbrp12", 3, 12, 2),
    [KF_PIX_GBRAP8] = GBR("gbrap", 4, 8, 1),
    [KF_PIX_GBRAP10] = GBR("gbrap10", 4, 10, 2),
    [KF_PIX_GBRAP12] = GBR("gbrap12", 4, 12, 2),
    [KF_PIX_RGB24] = PACKED("rgb24", 3, 8, 3),
    [KF_PIX_RGBA8] = PACKED("rgba", 4, 8, 4),
    [KF_PIX_BGRA8] = PACKED("bgra", 4, 8, 4),
    [KF_PIX_RGBA16] = PACKED("rgba16", 4, 16, 8),
    [KF_PIX_RGBAF32] =
        {.name = "rgbaf32", .model = KF_MODEL_RGB, .planes = 4, .components = 4, .bits = 32, .bytes = 4, .alpha = true},
};

const kf_pixfmt_info *kf_pixfmt_get(kf_pixfmt format)
{
    return &infos[(unsigned)format < KF_PIX_COUNT ? format : KF_PIX_NONE];
}

kf_pixfmt kf_pixfmt_find(const char *name)
{
    for (kf_pixfmt f = KF_PIX_NONE + 1; name && f < KF_PIX_COUNT; f++) {
        if (strcmp(infos[f].name, name) == 0) {
            return f;
        }
    }
    return KF_PIX_NONE;
}

void kf_pixfmt_plane(kf_pixfmt format, int width, int height, int plane, size_t *row_bytes, int *rows)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    *row_bytes = 0;
    *rows = 0;
    if (plane < 0 || plane >= info->planes || width < 1 || height < 1) {
        return;
    }
    bool chroma = plane == 1 || plane == 2;
    int sub_w = chroma ? info->sub_w : 0, sub_h = chroma ? info->sub_h : 0;
    size_t columns = ((size_t)width + ((size_t)1 << sub_w) - 1) >> sub_w;
    *row_bytes = columns * info->bytes * (chroma && info->semiplanar ? 2 : 1);
    *rows = (int)(((int64_t)height + (1 << sub_h) - 1) >> sub_h);
}

/* --- colour --- */

static uint8_t primaries_of_matrix(uint8_t matrix)
{
    switch (matrix) {
    case KF_MAT_BT709: return KF_PRI_BT709;
    case KF_MAT_BT470BG: return KF_PRI_BT470BG;
    case KF_MAT_SMPTE170M:
    case KF_MAT_SMPTE240M: return KF_PRI_SMPTE170M;
    case KF_MAT_BT2020_NCL: return KF_PRI_BT2020;
    default: return KF_PRI_UNSPECIFIED;
    }
}

static uint8_t matrix_of_primaries(uint8_t primaries)
{
    switch (primaries) {
    case KF_PRI_BT470BG: return KF_MAT_BT470BG;
    case KF_PRI_SMPTE170M: return KF_MAT_SMPTE170M;
    case KF_PRI_BT2020: return KF_MAT_BT2020_NCL;
    default: return KF_MAT_BT709;
    }
}

static uint8_t primaries_of_size(int width, int height)
{
    return width >= 1280 || height >= 720 ? KF_PRI_BT709 : height == 576 ? KF_PRI_BT470BG : KF_PRI_SMPTE170M;
}

static uint8_t transfer_of_primaries(uint8_t primaries, int bits)
{
    switch (primaries) {
    case KF_PRI_BT2020: return bits > 10 ? KF_TRC_BT2020_12 : KF_TRC_BT2020_10;
    case KF_PRI_BT470BG:
    case KF_PRI_SMPTE170M: return KF_TRC_SMPTE170M;
    default: return KF_TRC_BT709;
    }
}

/* 0 is reserved in H.273 for primaries and transfer: a description that was only zeroed says nothing. */
static bool given(uint8_t code)
{
    return code != 0 && code != 2;
}

static kf_color resolve_rgb(kf_color c)
{
    c.primaries = given(c.primaries)                                    ? c.primaries
                  : c.transfer == KF_TRC_PQ || c.transfer == KF_TRC_HLG ? KF_PRI_BT2020
                                                                        : KF_PRI_BT709;
    c.transfer = given(c.transfer) ? c.transfer : KF_TRC_SRGB;
    c.matrix = KF_MAT_RGB;
    c.range = c.range == KF_RANGE_UNSPECIFIED ? KF_RANGE_FULL : c.range;
    return c;
}

kf_color kf_color_resolve(kf_color color, kf_pixfmt format, int width, int height)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    if (info->model == KF_MODEL_RGB) {
        return resolve_rgb(color);
    }
    bool hdr = color.transfer == KF_TRC_PQ || color.transfer == KF_TRC_HLG;
    if (!given(color.primaries)) {
        uint8_t told = primaries_of_matrix(color.matrix);
        color.primaries = told != KF_PRI_UNSPECIFIED ? told : hdr ? KF_PRI_BT2020 : primaries_of_size(width, height);
    }
    if (!given(color.matrix)) {
        color.matrix = matrix_of_primaries(color.primaries);
    }
    if (!given(color.transfer)) {
        color.transfer = transfer_of_primaries(color.primaries, info->bits);
    }
    if (color.range == KF_RANGE_UNSPECIFIED) {
        color.range = info->model == KF_MODEL_GRAY ? KF_RANGE_FULL : KF_RANGE_LIMITED;
    }
    if (color.chroma_loc == KF_CHROMA_UNSPECIFIED && info->model == KF_MODEL_YUV) {
        color.chroma_loc = color.range == KF_RANGE_FULL ? KF_CHROMA_CENTER : KF_CHROMA_LEFT;
    }
    return color;
}

/* --- frames --- */

enum { FRAME_HEAD = (sizeof(kf_frame) + 63) & ~63, FRAME_TAIL = 64 };

/* Strides, and plane offsets in `offset`; returns the bytes of all planes. */
static size_t layout(kf_image *image, size_t offset[4])
{
    size_t total = 0;
    for (int p = 0; p < 4; p++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(image->format, image->width, image->height, p, &row, &rows);
        size_t stride = (row + 63) & ~(size_t)63;
        image->stride[p] = (ptrdiff_t)stride;
        offset[p] = total;
        total += stride * (size_t)rows;
    }
    return total;
}

kf_frame *kf_frame_create(kf_pixfmt format, int width, int height)
{
    if (format <= KF_PIX_NONE || format >= KF_PIX_COUNT || width < 1 || height < 1 || width > 65536 || height > 65536) {
        return NULL;
    }
    kf_image image = {.format = format, .width = width, .height = height};
    image.color = (kf_color){KF_PRI_UNSPECIFIED, KF_TRC_UNSPECIFIED, KF_MAT_UNSPECIFIED, KF_RANGE_UNSPECIFIED,
                             KF_CHROMA_UNSPECIFIED};
    size_t offset[4];
    size_t bytes = FRAME_HEAD + layout(&image, offset) + FRAME_TAIL;
    unsigned char *block = kf_alloc_aligned(bytes);
    if (!block) {
        return NULL;
    }
    for (int p = 0; p < kf_pixfmt_get(format)->planes; p++) {
        image.plane[p] = block + FRAME_HEAD + offset[p];
    }
    kf_frame *frame = (kf_frame *)block;
    *frame = (kf_frame){.image = image, .number = -1, .bytes = bytes, .release = kf_frame_free};
    atomic_init(&frame->refs, 1);
    return frame;
}

void kf_frame_free(kf_frame *frame)
{
    kf_free_aligned(frame);
}

kf_frame *kf_frame_ref(kf_frame *frame)
{
    atomic_fetch_add_explicit(&frame->refs, 1, memory_order_relaxed);
    return frame;
}

void kf_frame_unref(kf_frame *frame)
{
    if (frame && atomic_fetch_sub_explicit(&frame->refs, 1, memory_order_acq_rel) == 1) {
        frame->release(frame);
    }
}

/* ---- Names of colour descriptions ---- */

const char *const kf_matrix_names[] = {"bt709",     "rgb",    "fcc",   "bt470bg", "smpte170m",
                                    "smpte240m", "bt2020", "bt601", NULL};
const uint8_t kf_matrix_codes[] = {KF_MAT_BT709, KF_MAT_RGB, KF_MAT_FCC, KF_MAT_BT470BG, KF_MAT_SMPTE170M,
                                KF_MAT_SMPTE240M, KF_MAT_BT2020_NCL, KF_MAT_SMPTE170M};
const char *const kf_primaries_names[] = {"bt709",  "bt470bg",    "smpte170m", "bt2020",
                                       "dci_p3", "display_p3", "bt601",     NULL};
const uint8_t kf_primaries_codes[] = {KF_PRI_BT709, KF_PRI_BT470BG, KF_PRI_SMPTE170M, KF_PRI_BT2020, KF_PRI_P3DCI,
                                   KF_PRI_P3D65, KF_PRI_SMPTE170M};
const char *const kf_transfer_names[] = {"bt709", "gamma22", "gamma28", "smpte170m", "linear", "srgb", "bt2020_10",
                                      "bt2020_12", "pq", "hlg", "bt601", NULL};
const uint8_t kf_transfer_codes[] = {KF_TRC_BT709, KF_TRC_GAMMA22, KF_TRC_GAMMA28, KF_TRC_SMPTE170M, KF_TRC_LINEAR,
                                  KF_TRC_SRGB, KF_TRC_BT2020_10, KF_TRC_BT2020_12, KF_TRC_PQ, KF_TRC_HLG,
                                  KF_TRC_SMPTE170M};
const char *const kf_range_names[] = {"limited", "full", NULL};
const uint8_t kf_range_codes[] = {KF_RANGE_LIMITED, KF_RANGE_FULL};

const char *kf_color_name(const char *const *names, const uint8_t *codes, uint8_t code)
{
    for (int i = 0; names[i]; i++)
        if (codes[i] == code) return names[i];
    return "unspecified";
}
