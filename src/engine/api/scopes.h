/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scopes; implements kerf/scopes.h for params that were checked. */
#ifndef KF_ENGINE_SCOPES_H
#define KF_ENGINE_SCOPES_H

#include "base/api/status.h"
#include "kerf/scopes.h"

size_t kf_engine_scope_cells(const kf_scope_params *params);
kf_status kf_engine_scope_count(const kf_picture *picture, const kf_scope_params *params, uint32_t *cells,
                                kf_error *err);
kf_status kf_engine_scope_draw(const kf_picture *picture, const kf_scope_params *params, uint8_t *rgba, ptrdiff_t stride,
                               kf_error *err);

#endif
