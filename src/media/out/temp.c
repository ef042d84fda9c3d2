/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names under which outputs are written, and what is left of them when a writer is killed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "media/out/internal.h"

#define NAME_KEPT 180 /* bytes of the final name in the temporary one; NAME_MAX is 255 */
#define MARK ".kerf-part-"

char *kf_out_temp_name(const char *path, int n)
{
    const char *name = kf_path_name(path);
    size_t kept = strlen(name) > NAME_KEPT ? kf_utf8_prefix(name, NAME_KEPT) : strlen(name);
    char temp[NAME_KEPT + 64];
    snprintf(temp, sizeof temp, ".%.*s" MARK "%ld-%d", (int)kept, name, (long)getpid(), n);
    char *folder = kf_path_folder(path);
    char *joined = folder ? kf_path_join(folder, temp) : NULL;
    kf_free(folder);
    return joined;
}

bool kf_out_temp_claim(int fd)
{
    struct stat info;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return errno != EWOULDBLOCK; /* this file system has no locks: nobody removes anything */
    }
    return fstat(fd, &info) != 0 || info.st_nlink > 0;
}

/* ---- What killed writers left ---- */

/* A temporary folder with the numbered pictures in it. */
static void remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char *file = kf_path_join(path, e->d_name);
        if (file && strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            unlink(file);
        }
        kf_free(file);
    }
    if (dir) {
        closedir(dir);
        rmdir(path);
    } else {
        unlink(path);
    }
}

static void remove_if_left(const char *folder, const char *name)
{
    char *path = kf_path_join(folder, name);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
        remove_tree(path);
    }
    if (fd >= 0) {
        close(fd);
    }
    kf_free(path);
}

void kf_writer_clean(const char *path)
{
    char *folder = kf_path_folder(path), *start = kf_out_temp_name(path, 0);
    const char *name = start ? kf_path_name(start) : "";
    const char *mark = strstr(name, MARK);
    for (const char *next; mark && (next = strstr(mark + 1, MARK));) { /* the last: the file's own name may have one */
        mark = next;
    }
    size_t length = mark ? (size_t)(mark - name) + strlen(MARK) : 0;
    DIR *dir = folder && mark ? opendir(folder) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (strncmp(e->d_name, name, length) == 0) {
            remove_if_left(folder, e->d_name);
        }
    }
    if (dir) {
        closedir(dir);
    }
    kf_free(folder);
    kf_free(start);
}
