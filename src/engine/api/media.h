/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media files; implements kerf/media.h for arguments that were checked. */
#ifndef KF_ENGINE_MEDIA_H
#define KF_ENGINE_MEDIA_H

#include "base/api/status.h"
#include "kerf/media.h"
#include "model/api/model.h"

kf_status kf_engine_file_film(const char *path, kf_film **out, kf_error *err);
kf_status kf_engine_media_summary(const char *path, kf_media_summary *out, kf_error *err);
kf_status kf_engine_thumbnails(const char *path, const kf_thumbnails_params *params, kf_error *err);
kf_status kf_engine_waveform(const kf_peaks_query *query, kf_peak_column *columns, kf_peaks_info *info,
                             const bool *cancel, kf_error *err);
kf_status kf_engine_compare(const char *first, const char *second, const kf_compare_params *params,
                            kf_compare_report *out, kf_error *err);
kf_status kf_engine_optimize(const kf_optimize_params *params, kf_optimize_report *report, kf_error *err);

#endif
