/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"

/* O_NONBLOCK: a pipe in the place of a file is refused, not waited for. */
static int system_open(void *ctx, const char *path, int flags)
{
    return open(path, flags | O_CLOEXEC | O_NONBLOCK, 0666);
}

static int system_close(void *ctx, int fd)
{
    return close(fd);
}

static int64_t system_size(void *ctx, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return -1;
    }
    if (!S_ISREG(st.st_mode)) {
        errno = EINVAL;
        return -1;
    }
    return (int64_t)st.st_size;
}

static ssize_t system_pread(void *ctx, int fd, void *bytes, size_t size, uint64_t at)
{
    return pread(fd, bytes, size, (off_t)at);
}

static ssize_t system_pwrite(void *ctx, int fd, const void *bytes, size_t size, uint64_t at)
{
    return pwrite(fd, bytes, size, (off_t)at);
}

static int system_sync(void *ctx, int fd)
{
#ifdef F_FULLFSYNC
    return fcntl(fd, F_FULLFSYNC);
#else
    return fdatasync(fd);
#endif
}

static int system_sync_folder(void *ctx, const char *path)
{
    char *folder = kf_path_folder(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    kf_free(folder);
    if (fd < 0) {
        return -1;
    }
    int result = fsync(fd), code = errno;
    close(fd);
    errno = code;
    return result == 0 || code == EINVAL ? 0 : -1; /* EINVAL: a file system without such a thing */
}

static int system_truncate(void *ctx, int fd, uint64_t size)
{
    return ftruncate(fd, (off_t)size);
}

static int system_rename(void *ctx, const char *from, const char *to)
{
    return rename(from, to);
}

static int system_unlink(void *ctx, const char *path)
{
    return unlink(path);
}

/* Readers may look at the place all the while: the kernel swaps the mapping in one step, and the bytes are the same. A
 * thread sanitizer would take mmap for a write, so there it is called past its wrapper. */
static int system_map(void *ctx, int fd, void *place, size_t size, uint64_t at)
{
#ifdef __SANITIZE_THREAD__
    long got = syscall(SYS_mmap, place, size, PROT_READ, MAP_SHARED | MAP_FIXED, fd, (off_t)at);
    return got == -1 ? -1 : 0;
#else
    return mmap(place, size, PROT_READ, MAP_SHARED | MAP_FIXED, fd, (off_t)at) == MAP_FAILED ? -1 : 0;
#endif
}

const kf_store_io store_system_io = {
    .open = system_open,
    .close = system_close,
    .size = system_size,
    .pread = system_pread,
    .pwrite = system_pwrite,
    .sync = system_sync,
    .sync_folder = system_sync_folder,
    .truncate = system_truncate,
    .rename = system_rename,
    .unlink = system_unlink,
    .map = system_map,
};

enum { IO_MOST = 4 << 20 };

bool io_write(const kf_store_io *io, int fd, const void *bytes, uint64_t size, uint64_t at)
{
    const unsigned char *from = bytes;
    while (size > 0) {
        ssize_t n = io->pwrite(io->ctx, fd, from, size < IO_MOST ? (size_t)size : IO_MOST, at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        from += n;
        at += (uint64_t)n;
        size -= (uint64_t)n;
    }
    return true;
}

bool io_read(const kf_store_io *io, int fd, void *bytes, uint64_t size, uint64_t at)
{
    unsigned char *to = bytes;
    while (size > 0) {
        ssize_t n = io->pread(io->ctx, fd, to, size < IO_MOST ? (size_t)size : IO_MOST, at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            return false;
        }
        to += n;
        at += (uint64_t)n;
        size -= (uint64_t)n;
    }
    return true;
}
