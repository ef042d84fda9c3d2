/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/picture.h. */
#include "engine/api/player.h"

kf_picture *kf_picture_create(kf_picture_format format, int32_t width, int32_t height)
{
    return kf_engine_picture_create(format, width, height);
}

kf_picture *kf_picture_ref(kf_picture *picture)
{
    return kf_engine_picture_ref(picture);
}

void kf_picture_release(kf_picture *picture)
{
    kf_engine_picture_unref(picture);
}
