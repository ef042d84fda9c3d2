/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was committed and is not on disk yet lies in memory that outlives the process: a file in /dev/shm, mapped where
 * the nodes are. Who opens the project after a crash finds there what was not flushed. Where that cannot be had, plain
 * memory does, and a crash costs what a power loss would.
 *
 * The file's name holds the user and the identity of the project's file. A header comes first, then, at TAIL_SHIFT, the
 * bytes of the project at their own offsets; what is on disk is given back as holes. The bytes are trusted as little as
 * those on disk. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"

#ifdef __linux__

/* A project's file with an older superblock is another one, put in the place of the one that the tail belongs to. */
typedef struct tail_header {
    char magic[8];            /* "KERFTAIL" */
    uint64_t generation;      /* of the newest superblock */
} tail_header;

static bool name_of(int fd, char *name, size_t size)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return false;
    }
    snprintf(name, size, "/dev/shm/kerf-%lu-%llx-%llx", (unsigned long)geteuid(), (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino);
    return true;
}

/* The folder is everyone's: another's file, or one that others may write, is not taken. */
static int open_own(const char *name)
{
    struct stat st;
    int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1 ||
                    (st.st_mode & 077) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Bytes of the project that the tail of an earlier process reaches to; 0 if it is none, or of another file. */
static uint64_t size_of_earlier(int fd, uint64_t generation)
{
    tail_header header;
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= TAIL_SHIFT || pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.magic, "KERFTAIL", sizeof header.magic) != 0 || header.generation > generation) {
        return 0;
    }
    return (uint64_t)st.st_size - TAIL_SHIFT;
}

static bool write_header(int fd, uint64_t generation)
{
    tail_header header = {.generation = generation};
    memcpy(header.magic, "KERFTAIL", sizeof header.magic);
    return pwrite(fd, &header, sizeof header, 0) == sizeof header;
}

uint64_t tail_open(kf_store *store, uint64_t generation)
{
    char name[sizeof store->file->tail_name];
    int fd = name_of(store->file->fd, name, sizeof name) ? open_own(name) : -1;
    if (fd < 0) {
        return 0;
    }
    uint64_t earlier = generation > 0 ? size_of_earlier(fd, generation) : 0;
    if (earlier > store->limit || (earlier == 0 && ftruncate(fd, 0) != 0) || !write_header(fd, generation)) {
        unlink(name);
        close(fd);
        return 0;
    }
    memcpy(store->file->tail_name, name, sizeof name);
    store->nodes.fd = fd;
    store->nodes.fd_shift = TAIL_SHIFT;
    return earlier;
}

void tail_flushed(kf_store *store, uint64_t generation, uint64_t from, uint64_t to)
{
    int fd = store->nodes.fd;
    if (fd >= 0) {
        write_header(fd, generation);
        if (to > from) {
            fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(from + TAIL_SHIFT), (off_t)(to - from));
        }
    }
}

void tail_close(kf_store *store, bool needed)
{
    if (store->nodes.fd < 0) {
        return;
    }
    if (!needed) {
        unlink(store->file->tail_name);
    }
    close(store->nodes.fd);
    store->nodes.fd = -1;
}

void tail_discard(const char *path)
{
    char name[sizeof((store_file *)0)->tail_name];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (name_of(fd, name, sizeof name)) {
            unlink(name);
        }
        close(fd);
    }
}

#else

uint64_t tail_open(kf_store *store, uint64_t generation)
{
    return 0;
}

void tail_flushed(kf_store *store, uint64_t generation, uint64_t from, uint64_t to)
{
}

void tail_close(kf_store *store, bool needed)
{
}

void tail_discard(const char *path)
{
}

#endif
