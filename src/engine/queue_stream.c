/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs that write to a function: a named pipe in the job's folder, and a thread that reads it. What is in the pipe and in
 * one block is all that waits; the process waits when they are full. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "engine/queue_jobs.h"

enum { BLOCK = 65536, LOOK_MS = 50 };

struct kf_queue_stream {
    int fd;
    kf_write_fn *write;
    void *context;
    pthread_t thread;
    atomic_bool gone, drop, ended; /* the process is; nothing more goes out; the thread is done */
};

/* Until there is something to read, or some time has passed. A pipe that nobody writes to any more says at once that
 * there is nothing: whether somebody will is for the queue to know. */
static void wait_for_bytes(const kf_queue_stream *s)
{
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    const struct timespec moment = {0, LOOK_MS * 1000000L};
    if (poll(&p, 1, LOOK_MS) > 0 && !(p.revents & POLLIN)) nanosleep(&moment, NULL);
}

static bool hand_out(const kf_queue_stream *s, const uint8_t *bytes, size_t length)
{
    return atomic_load(&s->drop) || s->write(s->context, bytes, length) == 0;
}

static void *read_pipe(void *arg)
{
    kf_queue_stream *s = arg;
    uint8_t *block = kf_alloc(BLOCK);
    for (bool on = block != NULL; on;) {
        bool gone = atomic_load(&s->gone); /* before reading: what it wrote is in the pipe by then */
        ssize_t n = read(s->fd, block, BLOCK);
        if (n > 0)
            on = hand_out(s, block, (size_t)n);
        else if (gone || (n < 0 && errno != EAGAIN && errno != EINTR))
            on = false;
        else
            wait_for_bytes(s);
    }
    kf_free(block);
    close(s->fd); /* who still writes fails */
    s->fd = -1;
    atomic_store(&s->ended, true);
    return NULL;
}

kf_status kf_queue_stream_start(const char *path, kf_write_fn *write, void *context, kf_queue_stream **out,
                                kf_error *err)
{
    kf_queue_stream *s = KF_NEW(kf_queue_stream);
    if (!s) return kf_fail_memory(err);
    s->write = write;
    s->context = context;
    s->fd = mkfifo(path, 0600) == 0 ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    kf_status status = s->fd >= 0 ? kf_thread_start(&s->thread, "kerf-stream", read_pipe, s, err)
                                  : kf_fail_errno(err, errno, "%s: a pipe cannot be made", path);
    if (status == KF_OK) {
        *out = s;
        return KF_OK;
    }
    if (s->fd >= 0) close(s->fd);
    kf_free(s);
    return status;
}

bool kf_queue_stream_drained(kf_queue_stream *s)
{
    atomic_store(&s->gone, true);
    return atomic_load(&s->ended);
}

void kf_queue_stream_drop(kf_queue_stream *s)
{
    atomic_store(&s->drop, true);
}

void kf_queue_stream_end(kf_queue_stream *s)
{
    if (!s) return;
    atomic_store(&s->drop, true);
    atomic_store(&s->gone, true);
    pthread_join(s->thread, NULL);
    kf_free(s);
}

bool kf_queue_stream_is_read(const char *path)
{
    int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0) close(fd);
    return fd >= 0;
}
