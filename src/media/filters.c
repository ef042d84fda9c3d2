/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/filters.h"

#ifdef KF_LOAD_FILTERS
#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libavfilter.so." AV_STRINGIFY(LIBAVFILTER_VERSION_MAJOR)

static bool find(void *library, const char *name, void *function)
{
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol); /* C has no cast from an object's address to a function's */
    return symbol != NULL;
}

kf_status kf_filters_load(kf_filters *out, kf_error *err)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    bool good = library != NULL;
#define KF_FILTER(name) good = good && find(library, #name, &out->name);
    KF_FILTERS(KF_FILTER)
#undef KF_FILTER
    if (library) {
        dlclose(library);
    }
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
