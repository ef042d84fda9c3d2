/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/media.h. */
#include "kerf/media.h"

#include "api/films.h"
#include "base/api/alloc.h"
#include "engine/api/media.h"

enum { COLUMNS_MAX = 1000000 };

kf_status kf_film_open_media(const char *path, kf_film_handle **out, kf_error *error)
{
    kf_film_handle *h = KF_NEW(kf_film_handle);
    *out = NULL;
    if (!h) return kf_fail_memory(error);
    kf_status status = kf_engine_file_film(path, &h->film, error);
    if (status == KF_OK)
        *out = h;
    else
        kf_free(h);
    return status;
}

kf_status kf_media_summarize(const char *path, kf_media_summary *out, kf_error *error)
{
    return kf_engine_media_summary(path, out, error);
}

kf_thumbnails_params kf_thumbnails_params_default(void)
{
    return (kf_thumbnails_params){.stream = -1, .height = 96, .count = 10};
}

kf_status kf_thumbnails(const char *path, const kf_thumbnails_params *params, kf_error *error)
{
    if (params->count < 0 || params->height < 1 || params->height > 4096 || !params->picture)
        return kf_fail(error, KF_ERR_USAGE, "%d thumbnails of %d px: give a number of them, a height from 1 to 4096 px, and a "
                       "function that takes them", (int)params->count, (int)params->height);
    return kf_engine_thumbnails(path, params, error);
}

kf_status kf_waveform(const kf_peaks_query *query, kf_peak_column *columns, kf_peaks_info *info, const bool *cancel,
                      kf_error *error)
{
    if (!query->path || query->count < 1 || query->count > COLUMNS_MAX)
        return kf_fail(error, KF_ERR_USAGE, "a waveform of %d columns: name a file, and 1 to %d columns",
                       (int)query->count, COLUMNS_MAX);
    return kf_engine_waveform(query, columns, info, cancel, error);
}

kf_compare_params kf_compare_params_default(void)
{
    return (kf_compare_params){0};
}

kf_status kf_compare(const char *first, const char *second, const kf_compare_params *params, kf_compare_report *out,
                     kf_error *error)
{
    kf_compare_params p = params ? *params : kf_compare_params_default();
    const kf_render_params like = {.threads = p.threads, .memory = p.memory};
    kf_status status = kf_check_render_params(&like, error);
    return status == KF_OK ? kf_engine_compare(first, second, &p, out, error) : status;
}

kf_optimize_params kf_optimize_params_default(void)
{
    return (kf_optimize_params){.target = 50000000};
}

kf_status kf_optimize(const kf_optimize_params *params, kf_optimize_report *report, kf_error *error)
{
    const kf_render_params like = {.threads = params->threads, .memory = params->memory};
    kf_status status = kf_check_render_params(&like, error);
    if (status != KF_OK) return status;
    if (!params->input || !params->output) return kf_fail(error, KF_ERR_USAGE, "name an input and an output file");
    if (params->target < 1)
        return kf_fail(error, KF_ERR_USAGE, "a target of %lld bytes: give a number of bytes", (long long)params->target);
    return kf_engine_optimize(params, report, error);
}
