/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Renders with more say than the public params give. */
#ifndef KF_ENGINE_EXPORTER_H
#define KF_ENGINE_EXPORTER_H

#include "kerf/kerf.h"
#include "media/api/writer.h"
#include "model/api/model.h"

typedef struct kf_render_extra {
    const kf_writer_option *options; /* of the video encoder */
    int option_count;
    /* Asked when all is written but the name; false: there will be no file, and the render has succeeded. May be NULL. */
    bool (*accept)(void *ctx, const kf_writer_stats *stats);
    void *ctx;
} kf_render_extra;
/* As kf_engine_render. */
kf_status kf_engine_render_with(const kf_film *film, const kf_render_params *params, const kf_render_extra *extra,
                                kf_render_report *report, kf_error *err);

#endif
