/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads, a job pool, and a bounded queue. All objects here are thread-safe. */
#ifndef KF_BASE_THREAD_H
#define KF_BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/api/status.h"

/* Runs fn(arg) on a new named thread (name truncated to 15 bytes); join with pthread_join. */
kf_status kf_thread_start(pthread_t *out, const char *name, void *(*fn)(void *), void *arg, kf_error *err);

/* A condition that waits by kf_clock_ns; end it with pthread_cond_destroy. */
void kf_cond_init(pthread_cond_t *cond);
/* Waits for a signal (or for none: they come unasked too) until until_ns. False once it is that late. */
bool kf_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ns);

/* A fixed set of workers. */
typedef struct kf_pool kf_pool;
/* threads >= 1 counts the caller of kf_pool_for: threads - 1 workers are started. NULL on failure. */
kf_pool *kf_pool_create(int threads);
void kf_pool_destroy(kf_pool *pool); /* NULL is fine; no call may be under way */
int kf_pool_threads(const kf_pool *pool);
/* CPU time that the workers have used so far, ns, without that of callers; 0 if pool is NULL or the system cannot say. */
int64_t kf_pool_cpu_ns(const kf_pool *pool);
/* Calls fn(ctx, i, worker) for each i in [0, n) and returns when all are done. The caller works too. worker is in
 * [0, threads) and no two calls with the same worker overlap within one kf_pool_for. May be called from several threads
 * at once (each call brings its own thread); pool may be NULL (runs here). */
void kf_pool_for(kf_pool *pool, int n, void (*fn)(void *ctx, int i, int worker), void *ctx);

/* Bounded multi-producer queue of pointers. */
typedef struct kf_queue kf_queue;
kf_queue *kf_queue_create(size_t capacity);
void kf_queue_destroy(kf_queue *queue);
bool kf_queue_push(kf_queue *queue, void *item);  /* waits for room; false once closed */
bool kf_queue_pop(kf_queue *queue, void **item);  /* waits; false when closed and empty */
void kf_queue_close(kf_queue *queue);             /* wakes everyone; items already in may still be popped */

/* Logical CPUs usable by this process, at least 1. */
int kf_cpu_count(void);
/* Nanoseconds of a monotonic clock. */
int64_t kf_clock_ns(void);
/* CPU time that the calling thread has used, ns; 0 if the system cannot say. */
int64_t kf_thread_cpu_ns(void);

/* Instruction sets, in ascending order; each includes the ones before it on its architecture. */
typedef enum kf_isa { KF_ISA_C, KF_ISA_AVX2, KF_ISA_AVX512 } kf_isa;
/* Best set of this CPU, or the one named by the environment variable KERF_ISA (c, avx2, avx512) if lower. */
kf_isa kf_cpu_isa(void);
const char *kf_isa_name(kf_isa isa);

#endif
