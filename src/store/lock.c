/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "store/file.h"

static kf_status in_use(const file_lock *lock, const char *path, kf_error *err)
{
    char holder[300] = "";
    ssize_t n = pread(lock->fd, holder, sizeof holder - 1, 0);
    holder[n > 0 ? strcspn(holder, "\n") : 0] = '\0';
    holder[kf_utf8_prefix(holder, strlen(holder))] = '\0';
    return kf_fail(err, KF_ERR_IO,
                   "%s is open for writing in another program (%s): close it there, or open it to be read only", path,
                   holder[0] ? holder : "which did not say its name");
}

/* The file may have been removed by its holder between our open and our lock: then it locks nothing. */
static bool is_still_there(const file_lock *lock)
{
    struct stat mine, there;
    return fstat(lock->fd, &mine) == 0 && stat(lock->path, &there) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

/* For the message that another program shows. */
static void sign(const file_lock *lock)
{
    char host[200] = "", text[300];
    gethostname(host, sizeof host - 1);
    int n = snprintf(text, sizeof text, "process %ld on %s\n", (long)getpid(), host);
    if (ftruncate(lock->fd, 0) == 0 && n > 0 && pwrite(lock->fd, text, (size_t)n, 0) != n) {
        text[0] = '\0'; /* a full disk: the lock holds without a name */
    }
}

static bool has_no_locks(int code)
{
    return code == ENOLCK || code == ENOSYS || code == EOPNOTSUPP || code == EINVAL;
}

static kf_status try_lock(file_lock *lock, const char *path, bool *again, kf_error *err)
{
    *again = false;
    lock->fd = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock->fd < 0) {
        return kf_fail_errno(err, errno, "cannot lock %s (open it to be read only if its folder cannot be written)",
                             path);
    }
    if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0 && !has_no_locks(errno)) {
        return errno == EWOULDBLOCK ? in_use(lock, path, err) : kf_fail_errno(err, errno, "cannot lock %s", path);
    }
    *again = !is_still_there(lock);
    if (!*again) {
        sign(lock);
    }
    return KF_OK;
}

static void let_go(file_lock *lock)
{
    if (lock->fd >= 0) {
        close(lock->fd);
    }
    lock->fd = -1;
}

kf_status lock_take(file_lock *lock, const char *path, kf_error *err)
{
    kf_str name = {0};
    kf_str_addf(&name, "%s.lock", path);
    *lock = (file_lock){.path = name.data, .fd = -1};
    kf_status status = KF_OK;
    bool again = true;
    if (name.failed) {
        status = kf_fail_memory(err);
    }
    for (int tries = 0; status == KF_OK && again; tries++) {
        let_go(lock);
        status = tries < 100 ? try_lock(lock, path, &again, err)
                             : kf_fail(err, KF_ERR_IO, "cannot lock %s: its lock file keeps vanishing", path);
    }
    if (status != KF_OK) {
        let_go(lock);
        kf_free(lock->path);
        lock->path = NULL;
    }
    return status;
}

void lock_drop(file_lock *lock)
{
    if (lock->fd >= 0) {
        unlink(lock->path);
        let_go(lock);
    }
    kf_free(lock->path);
    lock->path = NULL;
}
