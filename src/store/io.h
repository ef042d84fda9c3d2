/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls of the operating system that a store on a file makes. A test puts its own table into kf_store_params.io to
 * fail, shorten or record them. Each returns what the system call of its name does and sets errno. */
#ifndef KF_STORE_IO_H
#define KF_STORE_IO_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct kf_store_io {
    void *ctx;
    int (*open)(void *ctx, const char *path, int flags); /* close-on-exec; mode 0666 */
    int (*close)(void *ctx, int fd);
    int64_t (*size)(void *ctx, int fd);                  /* EINVAL if it is no regular file */
    ssize_t (*pread)(void *ctx, int fd, void *bytes, size_t size, uint64_t at);
    ssize_t (*pwrite)(void *ctx, int fd, const void *bytes, size_t size, uint64_t at);
    int (*sync)(void *ctx, int fd);                      /* data, and what is needed to find it */
    int (*sync_folder)(void *ctx, const char *path);     /* the folder that holds `path` */
    int (*truncate)(void *ctx, int fd, uint64_t size);
    int (*rename)(void *ctx, const char *from, const char *to);
    int (*unlink)(void *ctx, const char *path);
    /* Maps [at, at + size) of the file to be read at `place`, over what is there; 0 or -1. */
    int (*map)(void *ctx, int fd, void *place, size_t size, uint64_t at);
} kf_store_io;

extern const kf_store_io store_system_io;

/* Whole transfers, over short ones and interruptions; false with errno (EIO at the end of the file). */
bool io_write(const kf_store_io *io, int fd, const void *bytes, uint64_t size, uint64_t at);
bool io_read(const kf_store_io *io, int fd, void *bytes, uint64_t size, uint64_t at);

#endif
