/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_ENGINE_PROBE_H
#define KF_ENGINE_PROBE_H

#include "base/api/str.h"
#include "media/api/source.h"

/* What kf_probe says of a file, without loudness, as JSON; appended. */
void kf_probe_write_json(const kf_media_info *info, kf_str *out);

#endif
