/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "media/sweep.h"

void kf_media_sweep(const char *output)
{
    char prefix[300];
    char *folder_path = kf_path_folder(output);
    DIR *folder = folder_path ? opendir(folder_path) : NULL;
    int n = snprintf(prefix, sizeof prefix, ".%s.kerf-part-", kf_path_name(output));
    for (struct dirent *e; folder && n < (int)sizeof prefix && (e = readdir(folder));) {
        long pid = strncmp(e->d_name, prefix, (size_t)n) == 0 ? strtol(e->d_name + n, NULL, 10) : 0;
        if (pid <= 0 || kill((pid_t)pid, 0) == 0 || errno != ESRCH) continue;
        char *path = kf_path_join(folder_path, e->d_name);
        if (path) unlink(path);
        kf_free(path);
    }
    if (folder) closedir(folder);
    kf_free(folder_path);
}
