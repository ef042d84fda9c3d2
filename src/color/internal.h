/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_COLOR_INTERNAL_H
#define KF_COLOR_INTERNAL_H

#include "color/api/color.h"

/* New tables with unset entries; lut1d with one array shared by the channels or three. NULL when out of memory. */
kf_lut1d *kf_lut1d_create(int count, bool shared);
kf_lut3d *kf_lut3d_create(int size);

#endif
