/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/load.h"

#include <dlfcn.h>
#include <string.h>

bool kf_load_function(const char *library, const char *name, void *function)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *symbol = handle ? dlsym(handle, name) : NULL;
    memcpy(function, &symbol, sizeof symbol); /* C has no cast from an object's address to a function's */
    if (handle) dlclose(handle);
    return symbol != NULL;
}
