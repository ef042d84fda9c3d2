/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small pictures of a video stream, for filmstrips and icons: exact, or cheaply from nearby; and their packed form for the
 * disk cache. */
#ifndef KF_MEDIA_THUMBS_H
#define KF_MEDIA_THUMBS_H

#include "media/api/source.h"

/* An opened file with at most a few decoders, which go on from where they stand: ask in order of time. One thread at a
 * time. */
typedef struct kf_thumbs kf_thumbs;
/* stream: among the video streams, -1 = the best. NOT_FOUND: it has none; else as kf_media_open. */
kf_status kf_thumbs_open(const char *path, int stream, kf_thumbs **out, kf_error *err);
void kf_thumbs_close(kf_thumbs *thumbs); /* NULL is fine */
const kf_media_info *kf_thumbs_info(const kf_thumbs *thumbs);

/* The picture at `at`, `height` lines high, upright with square pixels, premultiplied: a new frame, RGBA8, or RGBA16 where the
 * colour (frame->image.color) is not one that displays take as it is. With slack > 0 the picture may be any that is shown
 * within slack of `at`, whichever is cheap. */
kf_status kf_thumbs_get(kf_thumbs *thumbs, kf_time at, kf_time slack, int height, kf_frame **out, kf_error *err);

/* Bytes for the disk cache (kf_free): JPEG where the picture is opaque. RGBA8 only. NULL on failure. */
uint8_t *kf_thumb_pack(const kf_image *image, size_t *length);
/* The picture again, a new frame; NULL if the bytes are not such a picture: they are not trusted. */
kf_frame *kf_thumb_unpack(const uint8_t *bytes, size_t length);

#endif
