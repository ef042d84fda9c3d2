/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk that fills up, for Kerf's own writing at positions. Include it in one file of a test program only. */
#ifndef KF_TEST_FULL_DISK_H
#define KF_TEST_FULL_DISK_H

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic int64_t full_disk_left = INT64_MAX; /* bytes by which files may still grow */

/* In place of the C library's, by the name that it has here for large files too. */
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    static ssize_t (*next)(int, const void *, size_t, off_t);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "pwrite64");
    struct stat st;
    bool grows = fstat(fd, &st) == 0 && at + (int64_t)n > st.st_size;
    if (grows && full_disk_left == 0) {
        errno = ENOSPC;
        return -1;
    }
    if (grows && (int64_t)n > full_disk_left) n = (size_t)full_disk_left;
    if (grows) full_disk_left -= (int64_t)n;
    return next(fd, bytes, n, at);
}

#endif
