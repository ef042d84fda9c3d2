/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/filters.h"

#ifdef KF_LOAD_FILTERS
#include "base/api/load.h"

#define LIBRARY "libavfilter.so." AV_STRINGIFY(LIBAVFILTER_VERSION_MAJOR)

kf_status kf_filters_load(kf_filters *out, kf_error *err)
{
    bool good = true;
#define KF_FILTER(name) good = good && kf_load_function(LIBRARY, #name, &out->name);
    KF_FILTERS(KF_FILTER)
#undef KF_FILTER
    return good ? KF_OK
                : kf_fail(err, KF_ERR_UNSUPPORTED,
                          "deinterlacing and GIF need " LIBRARY ", which is not here; install it");
}
#else
kf_status kf_filters_load(kf_filters *out, kf_error *err)
{
    (void)err;
#define KF_FILTER(name) out->name = name;
    KF_FILTERS(KF_FILTER)
#undef KF_FILTER
    return KF_OK;
}
#endif
