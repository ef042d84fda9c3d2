/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proof that code is fit for a real-time thread: between trap_arm and trap_disarm on a thread, calls that allocate, lock,
 * wait or go to a file are counted, from Kerf and the C library alike. Include it in one file of a test program only.
 * Sanitizers have these functions themselves: with them only Kerf's own allocations are counted. */
#ifndef KF_TEST_TRAP_H
#define KF_TEST_TRAP_H

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"

static _Thread_local bool trap_armed;
static _Thread_local int trap_count;
static _Thread_local uint64_t trap_allocations;
static _Thread_local const char *trap_first; /* the first function that was caught */

static inline void trap_note(const char *name)
{
    if (!trap_armed) return;
    if (trap_count++ == 0) trap_first = name;
}

static inline void trap_arm(void)
{
    trap_allocations = kf_alloc_count();
    trap_armed = true;
}

/* How many calls were caught since the thread began. */
static inline int trap_disarm(void)
{
    trap_armed = false;
    if (kf_alloc_count() != trap_allocations && trap_count++ == 0) trap_first = "kf_alloc";
    return trap_count;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__GLIBC__)
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size)
{
    trap_note("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    trap_note("calloc");
    return __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    trap_note("realloc");
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    trap_note("aligned_alloc");
    return __libc_memalign(alignment, size);
}

void free(void *p)
{
    if (p) trap_note("free");
    __libc_free(p);
}

/* Of the rest only while armed, so that nothing depends on when dlsym can be called. */
#define TRAP(type, name, parameters, arguments) \
    type name parameters \
    { \
        static type (*next) parameters; \
        if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name); \
        trap_note(#name); \
        return next arguments; \
    }
TRAP(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
TRAP(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
TRAP(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
TRAP(int, sem_wait, (sem_t * sem), (sem))
TRAP(int, nanosleep, (const struct timespec *time, struct timespec *left), (time, left))
TRAP(int, clock_nanosleep, (clockid_t clock, int flags, const struct timespec *time, struct timespec *left),
     (clock, flags, time, left))
TRAP(ssize_t, read, (int fd, void *bytes, size_t n), (fd, bytes, n))
TRAP(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))
TRAP(int, close, (int fd), (fd))
#undef TRAP
#endif

#endif
