/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a render may take of the machine, and when it must go. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli.h"

static kf_status fail(kf_error *error, kf_status status, const char *what)
{
    snprintf(error->message, sizeof error->message, "%s: %s", what, strerror(errno));
    return error->status = status;
}

/* As a signal, which stops the render the same way. */
static void *wait_for_end(void *arg)
{
    char bytes[256];
    ssize_t n;
    do n = read(STDIN_FILENO, bytes, sizeof bytes);
    while (n > 0 || (n < 0 && errno == EINTR));
    kill(getpid(), SIGTERM);
    return NULL;
}

static kf_status watch_input(kf_error *error)
{
    pthread_t thread;
    errno = pthread_create(&thread, NULL, wait_for_end, NULL);
    if (errno != 0) return fail(error, KF_ERR_MEMORY, "standard input cannot be watched");
    pthread_detach(thread);
    return KF_OK;
}

kf_status cli_limit(const cli_options *o, kf_error *error)
{
    const struct rlimit memory = {(rlim_t)o->memory_limit_mb * 1000000, (rlim_t)o->memory_limit_mb * 1000000};
    if (o->nice != 0 && setpriority(PRIO_PROCESS, 0, (int)o->nice) != 0)
        return fail(error, KF_ERR_USAGE, "--nice: the priority cannot be set");
    if (o->memory_limit_mb != 0 && setrlimit(RLIMIT_DATA, &memory) != 0)
        return fail(error, KF_ERR_USAGE, "--memory-limit: the limit cannot be set");
    return o->stop_on_eof ? watch_input(error) : KF_OK;
}
