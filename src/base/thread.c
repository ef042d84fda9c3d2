/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

#include "base/api/alloc.h"

kf_status kf_thread_start(pthread_t *out, const char *name, void *(*fn)(void *), void *arg, kf_error *err)
{
    int code = pthread_create(out, NULL, fn, arg);
    if (code != 0) {
        return kf_fail_errno(err, code, "cannot start thread \"%s\"", name ? name : "");
    }
#ifdef __linux__
    if (name) {
        char cut[16];
        snprintf(cut, sizeof cut, "%s", name);
        pthread_setname_np(*out, cut);
    }
#endif
    return KF_OK;
}

void kf_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

bool kf_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ns)
{
    const struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    return pthread_cond_timedwait(cond, mutex, &until) != ETIMEDOUT;
}

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    return clock_gettime(clock, &now) == 0 ? (int64_t)now.tv_sec * 1000000000 + now.tv_nsec : 0;
}

/* --- pool --- */

/* One kf_pool_for call; lives on its caller's stack while it is in the pool's list. */
typedef struct job {
    void (*fn)(void *ctx, int i, int worker);
    void *ctx;
    int n;
    _Atomic int64_t next;   /* the next index to hand out */
    int helpers;            /* workers inside; under the pool's mutex */
    pthread_cond_t idle;    /* helpers fell to 0 */
    struct job *previous, *following;
} job;

typedef struct worker {
    struct kf_pool *pool;
    pthread_t thread;
    int number;
} worker;

struct kf_pool {
    pthread_mutex_t mutex;
    pthread_cond_t work;
    job *jobs;
    int threads, started;
    bool stop;
    worker workers[];
};

static void job_run(job *j, int number)
{
    int64_t i;
    while ((i = atomic_fetch_add_explicit(&j->next, 1, memory_order_relaxed)) < j->n) {
        j->fn(j->ctx, (int)i, number);
    }
}

/* The job with work left that has the fewest helpers. Under the mutex. */
static job *pool_pick(kf_pool *pool)
{
    job *best = NULL;
    for (job *j = pool->jobs; j; j = j->following) {
        if (atomic_load_explicit(&j->next, memory_order_relaxed) < j->n && (!best || j->helpers < best->helpers)) {
            best = j;
        }
    }
    return best;
}

static void *worker_main(void *arg)
{
    worker *self = arg;
    kf_pool *pool = self->pool;
    pthread_mutex_lock(&pool->mutex);
    while (!pool->stop) {
        job *j = pool_pick(pool);
        if (!j) {
            pthread_cond_wait(&pool->work, &pool->mutex);
            continue;
        }
        j->helpers++;
        pthread_mutex_unlock(&pool->mutex);
        job_run(j, self->number);
        pthread_mutex_lock(&pool->mutex);
        if (--j->helpers == 0) {
            pthread_cond_signal(&j->idle);
        }
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

kf_pool *kf_pool_create(int threads)
{
    if (threads < 1 || threads > 1024) {
        return NULL;
    }
    kf_pool *pool = kf_alloc_zero(1, sizeof *pool + sizeof(worker) * (size_t)threads);
    if (!pool) {
        return NULL;
    }
    pool->threads = threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    for (int i = 1; i < threads; i++) {
        worker *w = &pool->workers[i];
        w->pool = pool;
        w->number = i;
        if (kf_thread_start(&w->thread, "kf-pool", worker_main, w, NULL) != KF_OK) {
            kf_pool_destroy(pool);
            return NULL;
        }
        pool->started = i;
    }
    return pool;
}

void kf_pool_destroy(kf_pool *pool)
{
    if (!pool) {
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    pool->stop = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    for (int i = 1; i <= pool->started; i++) {
        pthread_join(pool->workers[i].thread, NULL);
    }
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    kf_free(pool);
}

int kf_pool_threads(const kf_pool *pool)
{
    return pool ? pool->threads : 1;
}

int64_t kf_pool_cpu_ns(const kf_pool *pool)
{
    int64_t sum = 0;
#ifdef __linux__
    for (int i = 1; pool && i <= pool->started; i++) {
        clockid_t clock;
        if (pthread_getcpuclockid(pool->workers[i].thread, &clock) == 0) {
            sum += read_clock(clock);
        }
    }
#endif
    return sum;
}

static void pool_publish(kf_pool *pool, job *j)
{
    pthread_mutex_lock(&pool->mutex);
    j->following = pool->jobs;
    if (pool->jobs) {
        pool->jobs->previous = j;
    }
    pool->jobs = j;
    if (j->n > pool->threads / 2) {
        pthread_cond_broadcast(&pool->work);
    } else {
        for (int i = 1; i < j->n; i++) {
            pthread_cond_signal(&pool->work);
        }
    }
    pthread_mutex_unlock(&pool->mutex);
}

static void pool_withdraw(kf_pool *pool, job *j)
{
    pthread_mutex_lock(&pool->mutex);
    if (j->previous) {
        j->previous->following = j->following;
    } else {
        pool->jobs = j->following;
    }
    if (j->following) {
        j->following->previous = j->previous;
    }
    while (j->helpers > 0) {
        pthread_cond_wait(&j->idle, &pool->mutex);
    }
    pthread_mutex_unlock(&pool->mutex);
}

void kf_pool_for(kf_pool *pool, int n, void (*fn)(void *ctx, int i, int worker), void *ctx)
{
    if (!pool || pool->threads == 1 || n <= 1) {
        for (int i = 0; i < n; i++) {
            fn(ctx, i, 0);
        }
        return;
    }
    job j = {.fn = fn, .ctx = ctx, .n = n};
    pthread_cond_init(&j.idle, NULL);
    pool_publish(pool, &j);
    job_run(&j, 0);
    pool_withdraw(pool, &j);
    pthread_cond_destroy(&j.idle);
}

/* --- queue --- */

struct kf_queue {
    pthread_mutex_t mutex;
    pthread_cond_t room, filled;
    size_t capacity, count, head;
    bool closed;
    void *items[];
};

kf_queue *kf_queue_create(size_t capacity)
{
    size_t bytes;
    if (capacity == 0 || __builtin_mul_overflow(capacity, sizeof(void *), &bytes) || bytes > SIZE_MAX / 2) {
        return NULL;
    }
    kf_queue *queue = kf_alloc_zero(1, sizeof *queue + bytes);
    if (!queue) {
        return NULL;
    }
    queue->capacity = capacity;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->room, NULL);
    pthread_cond_init(&queue->filled, NULL);
    return queue;
}

void kf_queue_destroy(kf_queue *queue)
{
    if (!queue) {
        return;
    }
    pthread_cond_destroy(&queue->filled);
    pthread_cond_destroy(&queue->room);
    pthread_mutex_destroy(&queue->mutex);
    kf_free(queue);
}

bool kf_queue_push(kf_queue *queue, void *item)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == queue->capacity && !queue->closed) {
        pthread_cond_wait(&queue->room, &queue->mutex);
    }
    bool open = !queue->closed;
    if (open) {
        queue->items[(queue->head + queue->count++) % queue->capacity] = item;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->mutex);
    return open;
}

bool kf_queue_pop(kf_queue *queue, void **item)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0 && !queue->closed) {
        pthread_cond_wait(&queue->filled, &queue->mutex);
    }
    bool any = queue->count > 0;
    if (any) {
        *item = queue->items[queue->head];
        queue->head = (queue->head + 1) % queue->capacity;
        queue->count--;
        pthread_cond_signal(&queue->room);
    }
    pthread_mutex_unlock(&queue->mutex);
    return any;
}

void kf_queue_close(kf_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_cond_broadcast(&queue->room);
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->mutex);
}

/* --- machine --- */

int kf_cpu_count(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) {
        return CPU_COUNT(&set);
    }
#endif
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 1024 ? 1024 : (int)n;
}

int64_t kf_clock_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t kf_thread_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static kf_isa machine_isa(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
        return KF_ISA_C;
    }
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    return wide ? KF_ISA_AVX512 : KF_ISA_AVX2;
#else
    return KF_ISA_C;
#endif
}

kf_isa kf_cpu_isa(void)
{
    kf_isa best = machine_isa();
    const char *wanted = getenv("KERF_ISA");
    for (kf_isa isa = KF_ISA_C; wanted && isa < best; isa++) {
        if (strcmp(wanted, kf_isa_name(isa)) == 0) {
            return isa;
        }
    }
    return best;
}

const char *kf_isa_name(kf_isa isa)
{
    return isa == KF_ISA_AVX512 ? "avx512" : isa == KF_ISA_AVX2 ? "avx2" : "c";
}
