/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/media.h. */
#include "kerf/media.h"

#include "api/films.h"
#include "base/api/alloc.h"
#include "engine/api/media.h"

kf_status kf_film_open_media(const char *path, kf_film_handle **out, kf_error *error)
{
    kf_film_handle *h = KF_NEW(kf_film_handle);
    *out = NULL;
    if (!h) return kf_fail_memory(error);
    kf_status status = kf_engine_media_film(path, &h->film, error);
    if (status == KF_OK)
        *out = h;
    else
        kf_free(h);
    return status;
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
