/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_COLOR_INTERNAL_H
#define KF_COLOR_INTERNAL_H

#include "color/api/color.h"

#endif
