/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures in memory, as decoders give them and encoders take them. */
#ifndef KF_BASE_IMAGE_H
#define KF_BASE_IMAGE_H

#include <stdatomic.h>

#include "kerf/base.h"

/* Little-endian samples; more than 8 bits sit in the low bits of 16. */
typedef enum kf_pixfmt {
    KF_PIX_NONE,
    KF_PIX_GRAY8,
    KF_PIX_GRAY10,
    KF_PIX_GRAY12,
    KF_PIX_GRAY16,
    KF_PIX_YUV420P8,
    KF_PIX_YUV422P8,
    KF_PIX_YUV444P8,
    KF_PIX_YUV420P10,
    KF_PIX_YUV422P10,
    KF_PIX_YUV444P10,
    KF_PIX_YUV420P12,
    KF_PIX_YUV422P12,
    KF_PIX_YUV444P12,
    KF_PIX_YUVA420P8,
    KF_PIX_YUVA422P8,
    KF_PIX_YUVA444P8,
    KF_PIX_YUVA420P10,
    KF_PIX_YUVA422P10,
    KF_PIX_YUVA444P10,
    KF_PIX_YUVA444P12,
    KF_PIX_NV12,
    KF_PIX_P010, /* P010: samples in the high 10 of 16 bits */
    KF_PIX_GBRP8,
    KF_PIX_GBRP10,
    KF_PIX_GBRP12,
    KF_PIX_GBRAP8,
    KF_PIX_GBRAP10,
    KF_PIX_GBRAP12, /* planes in order G, B, R, A */
    KF_PIX_RGB24,
    KF_PIX_RGBA8,
    KF_PIX_BGRA8,
    KF_PIX_RGBA16,  /* packed */
    KF_PIX_RGBAF32, /* four float planes R, G, B, A: what executors exchange */
    KF_PIX_COUNT
} kf_pixfmt;

typedef enum kf_pixmodel { KF_MODEL_GRAY, KF_MODEL_YUV, KF_MODEL_RGB } kf_pixmodel;

typedef struct kf_pixfmt_info {
    const char *name;      /* "yuv420p10" */
    kf_pixmodel model;
    uint8_t planes, components, bits; /* components counts alpha; bits 8..16, 32 for float */
    uint8_t sub_w, sub_h;  /* log2 subsampling of planes 1 and 2 (chroma) */
    uint8_t bytes;         /* per sample of plane 0 (per pixel when packed) */
    uint8_t shift;         /* left shift of the sample in its word (6 for P010) */
    bool alpha, packed, semiplanar;
} kf_pixfmt_info;
const kf_pixfmt_info *kf_pixfmt_get(kf_pixfmt format); /* never NULL; KF_PIX_NONE for out of range */
kf_pixfmt kf_pixfmt_find(const char *name);            /* KF_PIX_NONE if unknown */
/* Bytes of one row and number of rows of a plane; both 0 for a plane the format does not have. */
void kf_pixfmt_plane(kf_pixfmt format, int width, int height, int plane, size_t *row_bytes, int *rows);

/* Colour description: code points of ITU-T H.273. */
typedef enum kf_primaries {
    KF_PRI_UNSPECIFIED = 2,
    KF_PRI_BT709 = 1,
    KF_PRI_BT470BG = 5,
    KF_PRI_SMPTE170M = 6,
    KF_PRI_BT2020 = 9,
    KF_PRI_P3DCI = 11,
    KF_PRI_P3D65 = 12
} kf_primaries;
typedef enum kf_transfer {
    KF_TRC_UNSPECIFIED = 2,
    KF_TRC_BT709 = 1,
    KF_TRC_GAMMA22 = 4,
    KF_TRC_GAMMA28 = 5,
    KF_TRC_SMPTE170M = 6,
    KF_TRC_LINEAR = 8,
    KF_TRC_SRGB = 13,
    KF_TRC_BT2020_10 = 14,
    KF_TRC_BT2020_12 = 15,
    KF_TRC_PQ = 16,
    KF_TRC_HLG = 18
} kf_transfer;
typedef enum kf_matrix {
    KF_MAT_RGB = 0,
    KF_MAT_BT709 = 1,
    KF_MAT_UNSPECIFIED = 2,
    KF_MAT_FCC = 4,
    KF_MAT_BT470BG = 5,
    KF_MAT_SMPTE170M = 6,
    KF_MAT_SMPTE240M = 7,
    KF_MAT_BT2020_NCL = 9
} kf_matrix;
typedef enum kf_range { KF_RANGE_UNSPECIFIED = 0, KF_RANGE_LIMITED = 1, KF_RANGE_FULL = 2 } kf_range;
typedef enum kf_chroma_loc {
    KF_CHROMA_UNSPECIFIED = 0,
    KF_CHROMA_LEFT = 1,
    KF_CHROMA_CENTER = 2,
    KF_CHROMA_TOPLEFT = 3
} kf_chroma_loc;
typedef struct kf_color {
    uint8_t primaries, transfer, matrix, range, chroma_loc; /* of the enums above */
} kf_color;
/* What films and reports call the codes: NULL-terminated names, and the code of each. A code may have two names; the first
 * is the one written. */
extern const char *const kf_matrix_names[], *const kf_primaries_names[], *const kf_transfer_names[],
    *const kf_range_names[];
extern const uint8_t kf_matrix_codes[], kf_primaries_codes[], kf_transfer_codes[], kf_range_codes[];
const char *kf_color_name(const char *const *names, const uint8_t *codes, uint8_t code); /* "unspecified" if none */
/* Unspecified parts filled as the field does: from the other parts where they tell (matrix, primaries, PQ and HLG),
 * else BT.709 from 720 lines or 1280 columns up, SMPTE 170M below (BT.470BG for 576 lines); RGB full range sRGB; YUV
 * limited; gray full; chroma to the left, centred in full range. A matrix that contradicts the format's model counts as
 * unspecified. */
kf_color kf_color_resolve(kf_color color, kf_pixfmt format, int width, int height);

/* A view: owns nothing. Chroma planes are (width + (1 << sub_w) - 1) >> sub_w wide. */
typedef struct kf_image {
    kf_pixfmt format;
    int width, height;
    uint8_t *plane[4];
    ptrdiff_t stride[4];   /* bytes, positive */
    kf_color color;
    bool premultiplied;    /* alpha is already multiplied in */
} kf_image;

/* A picture with a reference count. Immutable once shared. ref/unref are thread-safe. */
typedef struct kf_frame {
    kf_image image;
    int64_t number;        /* frame number in its source, -1 if none */
    kf_time time;          /* presentation time in its source */
    atomic_int refs;
    size_t bytes;          /* memory held */
    void (*release)(struct kf_frame *frame); /* called once at zero; frees frame itself */
    void *owner;
} kf_frame;
/* New frame with 64-byte aligned planes (rows padded to 64), reference count 1; NULL when out of memory.
 * Sizes 1..65536. Samples are not initialised. To recycle frames, whose fresh pages are dear, set `release` and
 * `owner`, keep the frame when release is called, set refs to 1 when it goes out again, and give it to kf_frame_free in
 * the end. */
kf_frame *kf_frame_create(kf_pixfmt format, int width, int height);
void kf_frame_free(kf_frame *frame); /* the release of kf_frame_create: frees frame and planes */
kf_frame *kf_frame_ref(kf_frame *frame);
void kf_frame_unref(kf_frame *frame); /* NULL is fine */

#endif
