/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames as the pictures of kerf/picture.h, without a copy. Thread-safe. */
#ifndef KF_ENGINE_PICTURE_H
#define KF_ENGINE_PICTURE_H

#include "base/api/image.h"
#include "kerf/picture.h"

/* The format of a picture that shows such frames; false: there is none. */
bool kf_picture_format_of(kf_pixfmt format, kf_picture_format *out);
/* A picture of the frame, which it takes a reference of; format, size, planes and colour are filled. The frame's colour is
 * resolved. NULL when out of memory or if the format has no picture. */
kf_picture *kf_picture_wrap(kf_frame *frame);
/* Another picture of the same planes; what says which frame it is may differ. NULL when out of memory. */
kf_picture *kf_picture_share(kf_picture *picture);
/* Bytes of memory that it holds. */
size_t kf_picture_bytes(const kf_picture *picture);

#endif
