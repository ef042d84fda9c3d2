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

/* A project's file with an older superblock is another one, put in the place of the one that the tail belongs to; one
 * with another time of birth only has the number of a file that is gone. */
typedef struct tail_header {
    char magic[8];            /* "KERFTAIL" */
    uint64_t generation;      /* of the newest superblock */
    int64_t born, born_ns;    /* of the project's file; 0 where that is not known */
} tail_header;

static tail_header header_of(const kf_store *store, uint64_t generation)
{
    tail_header header = {.generation = generation};
    struct statx st;
    memcpy(header.magic, "KERFTAIL", sizeof header.magic);
    if (statx(store->file->fd, "", AT_EMPTY_PATH, STATX_BTIME, &st) == 0 && (st.stx_mask & STATX_BTIME)) {
        header.born = st.stx_btime.tv_sec;
        header.born_ns = st.stx_btime.tv_nsec;
    }
    return header;
}

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
static uint64_t size_of_earlier(int fd, const tail_header *mine)
{
    tail_header header;
    struct stat st;
    if (mine->generation == 0 || fstat(fd, &st) != 0 || st.st_size <= TAIL_SHIFT ||
        pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.magic, mine->magic, sizeof header.magic) != 0 || header.generation > mine->generation ||
        header.born != mine->born || header.born_ns != mine->born_ns) {
        return 0;
    }
    return (uint64_t)st.st_size - TAIL_SHIFT;
}

static bool write_header(int fd, const tail_header *header)
{
    return pwrite(fd, header, sizeof *header, 0) == sizeof *header;
}

uint64_t tail_open(kf_store *store, uint64_t generation)
{
    char name[sizeof store->file->tail_name];
    int fd = name_of(store->file->fd, name, sizeof name) ? open_own(name) : -1;
    if (fd < 0) {
        return 0;
    }
    tail_header header = header_of(store, generation);
    uint64_t earlier = size_of_earlier(fd, &header);
    if (earlier > store->limit || (earlier == 0 && ftruncate(fd, 0) != 0) || !write_header(fd, &header)) {
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
        tail_header header = header_of(store, generation);
        write_header(fd, &header);
        if (to > from) {
            fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(from + TAIL_SHIFT), (off_t)(to - from));
        }
    }
}

void tail_forget(kf_store *store)
{
    if (store->nodes.fd >= 0) {
        unlink(store->file->tail_name);
    }
}

void tail_close(kf_store *store, bool needed)
{
    if (store->nodes.fd < 0) {
        return;
    }
    if (!needed) {
        tail_forget(store);
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

void tail_forget(kf_store *store)
{
}

void tail_close(kf_store *store, bool needed)
{
}

void tail_discard(const char *path)
{
}

#endif
