/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The player behind kerf/player.h and the pictures of kerf/picture.h. */
#ifndef KF_ENGINE_PLAYER_API_H
#define KF_ENGINE_PLAYER_API_H

#include "kerf/picture.h"

kf_picture *kf_engine_picture_create(kf_picture_format format, int32_t width, int32_t height);
kf_picture *kf_engine_picture_ref(kf_picture *picture);
void kf_engine_picture_unref(kf_picture *picture);

#endif
