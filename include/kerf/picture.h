/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, pictures: what a player shows and a monitor draws. */
#ifndef KERF_PICTURE_H
#define KERF_PICTURE_H

#include "kerf/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum kf_picture_format {
    KF_PICTURE_YUV420P8,     /* planes Y, Cb, Cr of bytes; chroma is (width + 1) / 2 by (height + 1) / 2 */
    KF_PICTURE_YUV420P10,    /* the same of little-endian 16-bit words, samples in the low 10 bits */
    KF_PICTURE_RGBA8         /* one plane, 4 bytes a pixel, R first, R'G'B' of the full range */
} kf_picture_format;

typedef enum kf_picture_chroma {
    KF_PICTURE_CHROMA_LEFT,
    KF_PICTURE_CHROMA_CENTER,
    KF_PICTURE_CHROMA_TOP_LEFT
} kf_picture_chroma;

/* A picture with a count of references. Immutable once it was given away; any thread may read and release it. Fields are
 * for reading only, but for a picture that kf_picture_create has just made. */
typedef struct kf_picture {
    kf_picture_format format;
    int32_t width, height;   /* px of this picture, 1..16384; less than `full` at half and quarter quality */
    int32_t full_width, full_height; /* px of what it shows: the size of the sequence */
    kf_rational pixel_aspect; /* width of a pixel of `full` to its height; {1, 1} square */
    uint8_t *plane[4];       /* top row first; NULL where the format has none */
    ptrdiff_t stride[4];     /* bytes from row to row, positive */
    uint8_t primaries, transfer, matrix; /* code points of ITU-T H.273, resolved: never 2 (unspecified) */
    bool full_range;         /* false: black is 16, white 235 (times 4 in 10 bits), chroma 16..240 */
    kf_picture_chroma chroma; /* where chroma samples lie */
    bool alpha;              /* RGBA8: the fourth byte says what is covered; false: all is */
    bool premultiplied;      /* RGBA8 with alpha: it is already multiplied in */

    kf_time time;            /* of the sequence; start of its frame */
    int64_t frame;           /* number in the sequence, from 0 */
    bool exact;              /* false: a stand-in, from nearby or from before the last edit; the right picture follows */
    uint64_t serial;         /* of the player that made it: another number, another picture; 0: of no player */
    void *owner;             /* private */
} kf_picture;

/* A new picture with planes of its own (not initialised) and one reference; the rest is 0, to be filled before it is shared.
 * NULL if it is out of memory or the size is out of range. */
KF_API kf_picture *kf_picture_create(kf_picture_format format, int32_t width, int32_t height);
/* One reference more; returns the picture. */
KF_API kf_picture *kf_picture_ref(kf_picture *picture);
/* One reference less; the last one frees it. NULL is fine. */
KF_API void kf_picture_release(kf_picture *picture);

#ifdef __cplusplus
}
#endif
#endif
