/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "base/api/status.h"
#include "base/api/str.h"

kf_status kf_folder_make(const char *path, kf_error *err)
{
    char *part = kf_strdup(path);
    if (!part) {
        return kf_fail_memory(err);
    }
    for (char *c = part + (part[0] != '\0'); (c = strchr(c, '/')); c++) {
        *c = '\0';
        mkdir(part, 0700);
        *c = '/';
    }
    kf_free(part);
    if (mkdir(path, 0700) == 0) {
        return KF_OK;
    }
    struct stat info;
    int code = errno;
    bool there = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    return there ? KF_OK : kf_fail_errno(err, code, "%s: the folder cannot be made", path);
}

kf_status kf_folder_of_user(const char *variable, const char *fallback, const char *name, char **out, kf_error *err)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    kf_str path = {0};
    *out = NULL;
    if (base && base[0] == '/') {
        kf_str_addf(&path, "%s/kerf/%s", base, name);
    } else if (home && home[0] == '/') {
        kf_str_addf(&path, "%s/%s/kerf/%s", home, fallback, name);
    } else {
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no folder of the user's to keep things in: set HOME, or %s",
                       variable);
    }
    kf_status status = path.failed ? kf_fail_memory(err) : kf_folder_make(path.data, err);
    if (status == KF_OK) {
        *out = path.data;
    } else {
        kf_str_finish(&path);
    }
    return status;
}
