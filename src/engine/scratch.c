/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"

static const char mark[] = "kerf-work-";
enum { STALE_SECONDS = 3600 };

static const char *temp_folder(void)
{
    const char *temp = getenv("TMPDIR");
    return temp && *temp ? temp : "/tmp";
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char *path = kf_path_join(folder, e->d_name);
        if (path && strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) unlink(path);
        kf_free(path);
    }
    if (dir) closedir(dir);
    rmdir(folder);
}

/* The lock of a folder; -1: somebody has it, or it is not ours. */
static int lock_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/* One that has just been made is not locked yet. */
static void remove_if_left(const char *folder)
{
    struct stat is;
    if (lstat(folder, &is) != 0 || !S_ISDIR(is.st_mode) || is.st_uid != geteuid() ||
        time(NULL) - is.st_mtim.tv_sec < STALE_SECONDS)
        return;
    int fd = lock_folder(folder);
    if (fd < 0) return;
    remove_folder(folder);
    close(fd);
}

static void sweep(const char *temp)
{
    DIR *dir = opendir(temp);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (strncmp(e->d_name, mark, sizeof mark - 1) != 0) continue;
        char *path = kf_path_join(temp, e->d_name);
        if (path) remove_if_left(path);
        kf_free(path);
    }
    if (dir) closedir(dir);
}

kf_status kf_scratch_open(kf_scratch *s, kf_error *err)
{
    const char *temp = temp_folder();
    kf_str path = {0};
    sweep(temp);
    kf_str_addf(&path, "%s/%sXXXXXX", temp, mark);
    if (path.failed) return kf_fail_memory(err);
    if (!mkdtemp(path.data)) {
        kf_status status = kf_fail_errno(err, errno, "%s: a folder for temporary files cannot be made", path.data);
        kf_str_finish(&path);
        return status;
    }
    s->folder = path.data;
    s->lock = lock_folder(s->folder);
    return KF_OK;
}

void kf_scratch_close(kf_scratch *s)
{
    if (!s->folder) return;
    remove_folder(s->folder);
    if (s->lock >= 0) close(s->lock);
    kf_free(s->folder);
    s->folder = NULL;
}
