/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "interchange/fcpxml.h"

/* The root element follows the declaration, comments and a document type. */
static bool fx_sniff(const char *bytes, size_t length)
{
    static const char root[] = "<fcpxml";
    size_t reach = length < 4096 ? length : 4096;
    for (size_t i = 0; i + sizeof root <= reach; i++) {
        if (memcmp(bytes + i, root, sizeof root - 1) == 0) {
            return true;
        }
    }
    return false;
}

static const char *const fx_extensions[] = {"fcpxml", NULL};
const kf_interchange ix_fcpxml = {
    .name = "fcpxml",
    .label = "Final Cut Pro XML",
    .extensions = fx_extensions,
    .sniff = fx_sniff,
    .import = fx_import,
    .export = fx_export,
};
