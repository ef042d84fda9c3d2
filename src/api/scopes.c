/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/scopes.h. */
#include "kerf/scopes.h"

#include "engine/api/scopes.h"

enum { SIDE_MIN = 3, SIDE_MAX = 4096 };

kf_scope_params kf_scope_params_default(void)
{
    return (kf_scope_params){.kind = KF_SCOPE_WAVEFORM, .width = 512, .height = 256, .gain = 1};
}

static kf_status check(const kf_scope_params *p, kf_error *error)
{
    if ((unsigned)p->kind > KF_SCOPE_HISTOGRAM) return kf_fail(error, KF_ERR_USAGE, "there is no scope %d", (int)p->kind);
    if (p->width < SIDE_MIN || p->width > SIDE_MAX || p->height < SIDE_MIN || p->height > SIDE_MAX)
        return kf_fail(error, KF_ERR_USAGE, "a scope of %d x %d: give sides from %d to %d", (int)p->width, (int)p->height,
                       SIDE_MIN, SIDE_MAX);
    if (!(p->gain >= 0.01f && p->gain <= 100))
        return kf_fail(error, KF_ERR_USAGE, "a scope's gain of %g: give 0.01 to 100", (double)p->gain);
    return KF_OK;
}

size_t kf_scope_cells(const kf_scope_params *params)
{
    return check(params, NULL) == KF_OK ? kf_engine_scope_cells(params) : 0;
}

kf_status kf_scope_count(const kf_picture *picture, const kf_scope_params *params, uint32_t *cells, kf_error *error)
{
    kf_status status = check(params, error);
    return status == KF_OK ? kf_engine_scope_count(picture, params, cells, error) : status;
}

kf_status kf_scope_draw(const kf_picture *picture, const kf_scope_params *params, uint8_t *rgba, ptrdiff_t stride,
                        kf_error *error)
{
    kf_status status = check(params, error);
    if (status == KF_OK && stride < (ptrdiff_t)params->width * 4)
        status = kf_fail(error, KF_ERR_USAGE, "a scope %d px wide needs rows of %d bytes, not %lld", (int)params->width,
                         (int)params->width * 4, (long long)stride);
    return status == KF_OK ? kf_engine_scope_draw(picture, params, rgba, stride, error) : status;
}
