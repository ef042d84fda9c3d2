/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libavfilter, loaded when something is deinterlaced or a GIF is written: it brings thirty libraries with it, which would
 * make every command start half as fast again. Where libraries are not loaded by name, it is linked as usual. */
#ifndef KF_MEDIA_FILTERS_H
#define KF_MEDIA_FILTERS_H

#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

#include "base/api/status.h"

#define KF_FILTERS(X) \
    X(avfilter_get_by_name) X(avfilter_graph_alloc) X(avfilter_graph_config) X(avfilter_graph_create_filter) \
    X(avfilter_graph_free) X(avfilter_graph_parse_ptr) X(avfilter_inout_alloc) X(avfilter_inout_free) \
    X(avfilter_link) X(av_buffersink_get_frame) X(av_buffersink_get_time_base) X(av_buffersrc_add_frame_flags)

typedef struct kf_filters {
#define KF_FILTER(name) __typeof__(name) *name;
    KF_FILTERS(KF_FILTER)
#undef KF_FILTER
} kf_filters;

/* Any thread. UNSUPPORTED if the library is not there. It stays loaded. */
kf_status kf_filters_load(kf_filters *out, kf_error *err);

#endif
