/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reels (reel/api/reel.h) with the fonts and the media of this machine. */
#ifndef KF_ENGINE_REEL_H
#define KF_ENGINE_REEL_H

#include "reel/api/reel.h"

/* As kf_reel_make; relative files of the config are from `folder` (NULL: the current one). Any thread. */
kf_status kf_engine_reel(const char *config, size_t length, const char *folder, const kf_reel_options *params, kf_str *film,
                         kf_reel_output *output, kf_error *err);

#endif
