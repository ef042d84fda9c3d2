/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "test.h"

enum { THREADS = 6 };

typedef struct tally {
    int *hits;
    atomic_int busy[THREADS];
    atomic_int overlaps, outside;
    int threads;
    kf_pool *pool;
} tally;

static void count_hit(void *ctx, int i, int worker)
{
    tally *t = ctx;
    if (worker < 0 || worker >= t->threads) {
        atomic_fetch_add(&t->outside, 1);
        return;
    }
    if (atomic_exchange(&t->busy[worker], 1)) {
        atomic_fetch_add(&t->overlaps, 1);
    }
    t->hits[i]++; /* plain: the pool promises one call per index and a happens-before at the end */
    for (volatile int k = 0; k < 200; k++) {
    }
    atomic_store(&t->busy[worker], 0);
}

static void run_tally(kf_pool *pool, int n, int threads)
{
    tally t = {.hits = calloc((size_t)n + 1, sizeof(int)), .threads = threads, .pool = pool};
    kf_pool_for(pool, n, count_hit, &t);
    int wrong = 0;
    for (int i = 0; i < n; i++) {
        wrong += t.hits[i] != 1;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(atomic_load(&t.overlaps), 0);
    CHECK_INT(atomic_load(&t.outside), 0);
    free(t.hits);
}

TEST(calls_each_index_once)
{
    static const int sizes[] = {0, 1, 2, 3, 5, 6, 7, 64, 1000, 10000};
    kf_pool *pool = kf_pool_create(THREADS);
    REQUIRE(pool);
    CHECK_INT(kf_pool_threads(pool), THREADS);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        run_tally(pool, sizes[i], THREADS);
    }
    for (int i = 0; i < 300; i++) {
        run_tally(pool, 8, THREADS);
    }
    kf_pool_destroy(pool);
    run_tally(NULL, 100, 1);
    CHECK_INT(kf_pool_threads(NULL), 1);
}

static void *many_calls(void *arg)
{
    int *failures = malloc(sizeof *failures);
    *failures = 0;
    for (int round = 0; round < 100; round++) {
        tally t = {.hits = calloc(100, sizeof(int)), .threads = THREADS, .pool = arg};
        kf_pool_for(arg, 100, count_hit, &t);
        for (int i = 0; i < 100; i++) {
            *failures += t.hits[i] != 1;
        }
        *failures += atomic_load(&t.overlaps) + atomic_load(&t.outside);
        free(t.hits);
    }
    return failures;
}

TEST(several_callers_share_a_pool)
{
    kf_pool *pool = kf_pool_create(THREADS);
    REQUIRE(pool);
    pthread_t callers[5];
    for (int i = 0; i < 5; i++) {
        REQUIRE(kf_thread_start(&callers[i], "a caller with a long name", many_calls, pool, NULL) == KF_OK);
    }
    for (int i = 0; i < 5; i++) {
        void *failures;
        pthread_join(callers[i], &failures);
        CHECK_INT(*(int *)failures, 0);
        free(failures);
    }
    kf_pool_destroy(pool);
}

static void nested(void *ctx, int i, int worker)
{
    tally *t = ctx;
    tally inner = {.hits = calloc(20, sizeof(int)), .threads = THREADS};
    kf_pool_for(t->pool, 20, count_hit, &inner);
    for (int k = 0; k < 20; k++) {
        t->hits[i] += inner.hits[k];
    }
    free(inner.hits);
}

TEST(a_call_inside_a_call)
{
    kf_pool *pool = kf_pool_create(THREADS);
    REQUIRE(pool);
    tally t = {.hits = calloc(30, sizeof(int)), .threads = THREADS, .pool = pool};
    kf_pool_for(pool, 30, nested, &t);
    for (int i = 0; i < 30; i++) {
        CHECK_INT(t.hits[i], 20);
    }
    free(t.hits);
    kf_pool_destroy(pool);
}

static void wait_for_all(void *ctx, int i, int worker)
{
    atomic_int *arrived = ctx;
    atomic_fetch_add(arrived, 1);
    int64_t until = kf_clock_ns() + INT64_C(20000000000);
    while (atomic_load(arrived) < THREADS && kf_clock_ns() < until) {
        sched_yield();
    }
}

TEST(all_workers_run_at_once)
{
    kf_pool *pool = kf_pool_create(THREADS);
    REQUIRE(pool);
    for (int round = 0; round < 20; round++) {
        atomic_int arrived = 0;
        int64_t start = kf_clock_ns();
        kf_pool_for(pool, THREADS, wait_for_all, &arrived);
        CHECK_INT(atomic_load(&arrived), THREADS);
        CHECK(kf_clock_ns() - start < INT64_C(20000000000));
    }
    kf_pool_destroy(pool);
}

TEST(pool_limits)
{
    CHECK(kf_pool_create(0) == NULL);
    kf_alloc_fail_from(1);
    CHECK(kf_pool_create(2) == NULL);
    CHECK(kf_queue_create(2) == NULL);
    kf_alloc_fail_from(0);
    CHECK(kf_queue_create(0) == NULL);
    CHECK(kf_queue_create(SIZE_MAX) == NULL);
    kf_pool_destroy(NULL);
    kf_queue_destroy(NULL);
}

enum { ITEMS = 5000, PRODUCERS = 3, CONSUMERS = 3 };

static void *produce(void *arg)
{
    for (intptr_t i = 1; i <= ITEMS; i++) {
        if (!kf_queue_push(arg, (void *)i)) {
            break;
        }
    }
    return NULL;
}

static void *consume(void *arg)
{
    int64_t *sum = calloc(1, sizeof *sum);
    void *item;
    while (kf_queue_pop(arg, &item)) {
        *sum += (intptr_t)item;
    }
    return sum;
}

/* Computes for 10 ms of the thread's own time. */
static void compute(void *ctx, int i, int worker)
{
    const int64_t until = kf_thread_cpu_ns() + 10000000;
    while (kf_thread_cpu_ns() < until) {
    }
    if (worker > 0) {
        atomic_fetch_add((atomic_int *)ctx, 1);
    }
}

TEST(workers_tell_their_cpu_time)
{
    CHECK_INT(kf_pool_cpu_ns(NULL), 0);
    kf_pool *pool = kf_pool_create(4);
    REQUIRE(pool);
    atomic_int by_workers = 0;
    const int64_t before = kf_pool_cpu_ns(pool);
    kf_pool_for(pool, 12, compute, &by_workers);
    const int64_t spent = kf_pool_cpu_ns(pool) - before;
    CHECK(spent >= atomic_load(&by_workers) * INT64_C(10000000));
    CHECK(spent < atomic_load(&by_workers) * INT64_C(10000000) + 100000000);
    kf_pool_destroy(pool);
}

TEST(queue_passes_everything)
{
    kf_queue *queue = kf_queue_create(7);
    REQUIRE(queue);
    pthread_t in[PRODUCERS], out[CONSUMERS];
    for (int i = 0; i < CONSUMERS; i++) {
        REQUIRE(kf_thread_start(&out[i], "out", consume, queue, NULL) == KF_OK);
    }
    for (int i = 0; i < PRODUCERS; i++) {
        REQUIRE(kf_thread_start(&in[i], "in", produce, queue, NULL) == KF_OK);
    }
    for (int i = 0; i < PRODUCERS; i++) {
        pthread_join(in[i], NULL);
    }
    kf_queue_close(queue);
    int64_t total = 0;
    for (int i = 0; i < CONSUMERS; i++) {
        void *sum;
        pthread_join(out[i], &sum);
        total += *(int64_t *)sum;
        free(sum);
    }
    CHECK_INT(total, (int64_t)PRODUCERS * ITEMS * (ITEMS + 1) / 2);
    kf_queue_destroy(queue);
}

TEST(queue_keeps_order_and_closes)
{
    kf_queue *queue = kf_queue_create(3);
    REQUIRE(queue);
    void *item = NULL;
    int a, b, c;
    for (int round = 0; round < 5; round++) {
        CHECK(kf_queue_push(queue, &a) && kf_queue_push(queue, &b) && kf_queue_push(queue, &c));
        CHECK(kf_queue_pop(queue, &item) && item == &a);
        CHECK(kf_queue_pop(queue, &item) && item == &b);
        CHECK(kf_queue_pop(queue, &item) && item == &c);
    }
    CHECK(kf_queue_push(queue, &a) && kf_queue_push(queue, &b) && kf_queue_push(queue, &c));
    pthread_t blocked;
    REQUIRE(kf_thread_start(&blocked, "blocked", produce, queue, NULL) == KF_OK);
    kf_queue_close(queue);
    pthread_join(blocked, NULL);
    CHECK(!kf_queue_push(queue, &a));
    CHECK(kf_queue_pop(queue, &item) && item == &a);
    CHECK(kf_queue_pop(queue, &item) && kf_queue_pop(queue, &item) && item == &c);
    CHECK(!kf_queue_pop(queue, &item));
    kf_queue_destroy(queue);
}

TEST(machine)
{
    CHECK(kf_cpu_count() >= 1);
    int64_t a = kf_clock_ns(), b = kf_clock_ns();
    CHECK(a > 0 && b >= a);
    unsetenv("KERF_ISA");
    kf_isa best = kf_cpu_isa();
    setenv("KERF_ISA", "c", 1);
    CHECK_INT(kf_cpu_isa(), KF_ISA_C);
    setenv("KERF_ISA", "avx512", 1);
    CHECK_INT(kf_cpu_isa(), best);
    setenv("KERF_ISA", "avx2", 1);
    CHECK_INT(kf_cpu_isa(), best < KF_ISA_AVX2 ? best : KF_ISA_AVX2);
    setenv("KERF_ISA", "nonsense", 1);
    CHECK_INT(kf_cpu_isa(), best);
    unsetenv("KERF_ISA");
    CHECK_STR(kf_isa_name(KF_ISA_AVX2), "avx2");
}

int main(void)
{
    RUN(calls_each_index_once);
    RUN(several_callers_share_a_pool);
    RUN(a_call_inside_a_call);
    RUN(all_workers_run_at_once);
    RUN(pool_limits);
    RUN(workers_tell_their_cpu_time);
    RUN(queue_passes_everything);
    RUN(queue_keeps_order_and_closes);
    RUN(machine);
    return test_end();
}
