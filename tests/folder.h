/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder of the test's own under /tmp, made when first asked for. One thread. */
#ifndef KF_TEST_FOLDER_H
#define KF_TEST_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char util_folder[64];

/* A path in the folder; the last 8 results stay valid. */
static inline const char *util_path(const char *name)
{
    static char paths[8][256];
    static int next;
    if (!util_folder[0]) {
        snprintf(util_folder, sizeof util_folder, "/tmp/kerf-test-XXXXXX");
        if (!mkdtemp(util_folder)) {
            abort();
        }
    }
    char *p = paths[next++ % 8];
    snprintf(p, sizeof paths[0], "%s/%s", util_folder, name);
    return p;
}

/* Files in a folder, hidden ones too. */
static inline int util_count(const char *folder)
{
    DIR *d = opendir(folder);
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    if (d) {
        closedir(d);
    }
    return n;
}

/* Removes the folder with the files in it, unless KF_TEST_KEEP is set. */
static inline void util_clean(void)
{
    DIR *d = util_folder[0] && !getenv("KF_TEST_KEEP") ? opendir(util_folder) : NULL;
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", util_folder, e->d_name);
        remove(path);
    }
    if (d) {
        closedir(d);
        rmdir(util_folder);
    }
}

#endif
