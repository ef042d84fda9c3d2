/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The worker's life: threads, lanes, listeners. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/worker.h"
#include "engine/worker.h"

static const int64_t idle_close_ns = 3000000000; /* a decoder unused for so long is closed */
static const int64_t recent_ns = 400000000;      /* asked for at about the same time as the newest */

enum { CLAIM = 8, TOGETHER = 512, BULK_THREADS = 3 };

/* ---- Lanes ---- */

static int total_waiting(const kf_worker *w)
{
    int n = 0;
    for (int l = 0; l < KF_LANE_COUNT; l++) n += w->lanes[l].count;
    return n;
}

void kf_work_withdraw(kf_worker *w, kf_task *task)
{
    if (!task->waiting) return;
    kf_lane *lane = &w->lanes[task->lane];
    *(task->prev ? &task->prev->next : &lane->first) = task->next;
    *(task->next ? &task->next->prev : &lane->last) = task->prev;
    task->prev = task->next = NULL;
    task->waiting = false;
    task->claimed = 0;
    lane->count--;
}

static void drop_worst(kf_worker *w)
{
    kf_task *worst = NULL;
    for (kf_task *t = w->lanes[KF_LANE_QUICK].first; t; t = t->next) {
        bool worse = !worst || t->urgency > worst->urgency || (t->urgency == worst->urgency && t->stamp < worst->stamp);
        worst = worse ? t : worst;
    }
    if (!worst) return;
    kf_work_withdraw(w, worst);
    worst->kind->drop(w, worst);
}

void kf_work_ask(kf_worker *w, kf_task *task, kf_work_urgency urgency, const void *owner)
{
    bool fresh = !task->waiting && !task->running;
    task->stamp = ++w->stamp;
    task->asked_ns = kf_clock_ns();
    task->shared = !fresh && (task->shared || task->owner != owner);
    task->owner = owner;
    if (fresh || urgency < task->urgency) task->urgency = urgency;
    if (!fresh) return;
    kf_lane *lane = &w->lanes[task->lane];
    task->prev = lane->last;
    task->next = NULL;
    *(lane->last ? &lane->last->next : &lane->first) = task;
    lane->last = task;
    task->waiting = true;
    lane->count++;
    if (total_waiting(w) > KF_WORK_PENDING_MAX) drop_worst(w);
    pthread_cond_broadcast(&lane->wake);
}

bool kf_work_held(const kf_worker *w, const kf_task *task)
{
    if (task->job && task->job->paused) return true;
    return w->busy && (task->urgency != KF_WORK_VISIBLE || task->lane == KF_LANE_BULK);
}

/* ---- Choosing ---- */

static bool better(const kf_task *a, const kf_task *b)
{
    return !b || a->urgency < b->urgency || (a->urgency == b->urgency && a->stamp > b->stamp);
}

static bool is_thumb(const kf_task *t)
{
    return t->kind == &kf_task_thumb;
}

static const kf_thumb_key *thumb_key(const kf_task *t)
{
    return &((const kf_thumb *)t)->key;
}

static bool same_stream(const kf_task *a, const kf_task *b)
{
    return is_thumb(a) && is_thumb(b) && a->file == b->file && thumb_key(a)->stream == thumb_key(b)->stream;
}

static int by_time(const void *a, const void *b)
{
    kf_time x = thumb_key(*(kf_task *const *)a)->at, y = thumb_key(*(kf_task *const *)b)->at;
    return (x > y) - (x < y);
}

/* Thumbnails that were asked for together with `top`, and that no other thread will come to, in order of time. *shared: another
 * thread is at work on that file. */
static int asked_together(const kf_lane *lane, kf_task *top, kf_task **out, bool *shared)
{
    int n = 0;
    *shared = false;
    for (kf_task *t = lane->first; t && n < TOGETHER; t = t->next) {
        if (!same_stream(t, top)) continue;
        *shared |= t->claimed != 0;
        bool fits = !t->claimed && t->urgency == top->urgency && top->asked_ns - t->asked_ns < recent_ns;
        if (fits) out[n++] = t;
    }
    qsort(out, (size_t)n, sizeof *out, by_time);
    return n;
}

/* Claims some of them, so that this thread makes them in one walk while others make others: those that follow where its
 * decoder stands, or else from the first one on, or in the middle where another thread has begun. */
static kf_task *claim(kf_lane *lane, kf_task *top, const kf_work_thread *thread)
{
    kf_task *list[TOGETHER];
    bool shared;
    int n = asked_together(lane, top, list, &shared), first = 0;
    if (!n) return top;
    bool open = thread->thumbs && thread->thumbs_file == top->file;
    while (open && first < n && thumb_key(list[first])->at <= thread->thumbs_at) first++;
    if (!open || first == n) first = shared ? n / 2 : 0;
    for (int i = first; i < n && i < first + CLAIM; i++) list[i]->claimed = thread->number + 1;
    return list[first];
}

static void release_claims(kf_lane *lane, int number)
{
    for (kf_task *t = lane->first; t; t = t->next)
        if (t->claimed == number + 1) t->claimed = 0;
}

/* What this thread claimed comes first, in order of time, unless something else became more pressing. */
static kf_task *choose(kf_worker *w, const kf_work_thread *thread)
{
    kf_lane *lane = &w->lanes[thread->lane];
    kf_task *best = NULL, *mine = NULL, *any = NULL;
    for (kf_task *t = lane->first; t; t = t->next) {
        if (kf_work_held(w, t)) continue;
        if (better(t, any)) any = t;
        if (t->claimed == thread->number + 1) {
            if (!mine || thumb_key(t)->at < thumb_key(mine)->at) mine = t;
        } else if (!t->claimed && better(t, best)) {
            best = t;
        }
    }
    if (mine && mine->urgency <= any->urgency && any->asked_ns - mine->asked_ns < recent_ns) return mine;
    release_claims(lane, thread->number);
    best = best ? best : any;
    return best && is_thumb(best) && !best->claimed ? claim(lane, best, thread) : best;
}

/* One proxy at a time, but another one when it is paused. */
static bool bulk_runs(const kf_worker *w)
{
    for (const kf_job *j = w->jobs; j; j = j->next)
        if (j->task && j->task->running && j->task->lane == KF_LANE_BULK && !j->paused) return true;
    return false;
}

static kf_task *next_task(kf_worker *w, const kf_work_thread *thread)
{
    if (thread->lane == KF_LANE_BULK && bulk_runs(w)) return NULL;
    bool stands_back = w->busy && thread->lane == KF_LANE_QUICK && thread->number > 0;
    return stands_back ? NULL : choose(w, thread);
}

/* ---- Threads ---- */

/* Idle threads close their decoder after a while. */
static void wait_for_work(kf_worker *w, kf_work_thread *thread)
{
    kf_lane *lane = &w->lanes[thread->lane];
    if (!thread->thumbs) {
        pthread_cond_wait(&lane->wake, &w->mutex);
        return;
    }
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    bool late = pthread_cond_timedwait(&lane->wake, &w->mutex, &until) == ETIMEDOUT;
    if (late && kf_clock_ns() - thread->thumbs_used_ns > idle_close_ns) kf_work_thread_close(w, thread);
}

/* Others go first, on the CPU and on the disk. Linux keeps both per thread. */
static void stand_back(int nice_value, bool idle_disk)
{
#ifdef __linux__
    pid_t self = (pid_t)syscall(SYS_gettid);
    setpriority(PRIO_PROCESS, (id_t)self, nice_value > 19 ? 19 : nice_value);
    const int who_process = 1, class_best_effort = 2, class_idle = 3, shift = 13;
    syscall(SYS_ioprio_set, who_process, 0, (idle_disk ? class_idle : class_best_effort) << shift | 7);
#endif
}

static void *run_thread(void *arg)
{
    kf_work_thread *thread = arg;
    kf_worker *w = thread->worker;
    stand_back(w->params.nice + 4 * (int)thread->lane, thread->lane == KF_LANE_BULK);
    kf_work_cache(w);
    pthread_mutex_lock(&w->mutex);
    while (!w->stop) {
        kf_task *task = next_task(w, thread);
        if (!task) {
            pthread_cond_broadcast(&w->idle);
            wait_for_work(w, thread);
            continue;
        }
        kf_work_withdraw(w, task);
        task->running = true;
        w->running++;
        task->kind->run(w, thread, task);
        w->running--;
        if (thread->lane == KF_LANE_BULK) pthread_cond_broadcast(&w->lanes[KF_LANE_BULK].wake);
    }
    kf_work_thread_close(w, thread);
    pthread_mutex_unlock(&w->mutex);
    kf_display_finish(&thread->display);
    return NULL;
}

static kf_status start_thread(kf_worker *w, kf_lane_kind lane, int number, kf_error *err)
{
    static const char *const names[] = {"kf-work", "kf-work-sound", "kf-work-bulk"};
    kf_work_thread *t = &w->threads[w->thread_count];
    *t = (kf_work_thread){.worker = w, .lane = lane, .number = number};
    kf_status status = kf_thread_start(&t->id, names[lane], run_thread, t, err);
    w->thread_count += status == KF_OK;
    return status;
}

static kf_status start_threads(kf_worker *w, kf_error *err)
{
    kf_status status = KF_OK;
    for (int i = 0; i < w->params.threads && !status; i++) status = start_thread(w, KF_LANE_QUICK, i, err);
    if (!status) status = start_thread(w, KF_LANE_SOUND, 0, err);
    for (int i = 0; i < BULK_THREADS && !status; i++) status = start_thread(w, KF_LANE_BULK, i, err);
    return status;
}

void kf_work_count_open(kf_worker *w, int change)
{
    w->open += change;
    if (w->open > w->stats.decoders_peak) w->stats.decoders_peak = w->open;
}

/* ---- Listeners ---- */

void kf_work_tell(kf_worker *w, const kf_work_event *event)
{
    pthread_rwlock_rdlock(&w->listen);
    for (kf_listener *l = w->listeners; l; l = l->next) l->fn(l->context, event);
    pthread_rwlock_unlock(&w->listen);
}

uint64_t kf_engine_worker_listen(kf_worker *w, kf_work_fn *fn, void *context)
{
    kf_listener *l = KF_NEW(kf_listener);
    if (!l) return 0;
    pthread_rwlock_wrlock(&w->listen);
    *l = (kf_listener){w->listeners, ++w->next_listener, fn, context};
    w->listeners = l;
    uint64_t number = l->number;
    pthread_rwlock_unlock(&w->listen);
    return number;
}

void kf_engine_worker_unlisten(kf_worker *w, uint64_t number)
{
    pthread_rwlock_wrlock(&w->listen);
    for (kf_listener **at = &w->listeners; *at; at = &(*at)->next) {
        kf_listener *l = *at;
        if (l->number != number) continue;
        *at = l->next;
        kf_free(l);
        break;
    }
    pthread_rwlock_unlock(&w->listen);
}

/* ---- Life ---- */

/* NULL: none. */
static char *cache_folder(const char *wanted)
{
    char *path = NULL;
    if (wanted) return *wanted ? kf_strdup(wanted) : NULL;
    return kf_folder_of_user("XDG_CACHE_HOME", ".cache", "media", &path, NULL) ? NULL : path;
}

static int default_threads(void)
{
    int n = kf_cpu_count() / 2;
    return n < 2 ? 2 : n > 4 ? 4 : n;
}

static void settle_params(kf_worker_params *p)
{
    p->disk_bytes = p->disk_bytes ? p->disk_bytes : INT64_C(4) << 30;
    p->memory_bytes = p->memory_bytes ? p->memory_bytes : INT64_C(128) << 20;
    p->threads = p->threads ? p->threads : default_threads();
    p->nice = p->nice ? p->nice : 5;
}

kf_status kf_engine_worker_create(const kf_worker_params *params, kf_worker **out, kf_error *err)
{
    *out = NULL;
    kf_worker *w = KF_NEW(kf_worker);
    if (!w) return kf_fail_memory(err);
    w->params = *params;
    settle_params(&w->params);
    w->folder = cache_folder(params->folder);
    w->params.folder = NULL;
    w->jobs_end = &w->jobs;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_mutex_init(&w->cache_mutex, NULL);
    pthread_rwlock_init(&w->listen, NULL);
    pthread_cond_init(&w->idle, NULL);
    for (int l = 0; l < KF_LANE_COUNT; l++) pthread_cond_init(&w->lanes[l].wake, NULL);
    kf_status status = start_threads(w, err);
    if (status) {
        kf_engine_worker_destroy(w);
        return status;
    }
    *out = w;
    return KF_OK;
}

static void wake_all(kf_worker *w)
{
    for (int l = 0; l < KF_LANE_COUNT; l++) pthread_cond_broadcast(&w->lanes[l].wake);
    pthread_cond_broadcast(&w->idle);
}

static void drop_all(kf_worker *w)
{
    for (int l = 0; l < KF_LANE_COUNT; l++)
        while (w->lanes[l].first) {
            kf_task *task = w->lanes[l].first;
            kf_work_withdraw(w, task);
            task->kind->drop(w, task);
        }
}

void kf_engine_worker_destroy(kf_worker *w)
{
    if (!w) return;
    pthread_mutex_lock(&w->mutex);
    w->stop = true;
    wake_all(w);
    pthread_mutex_unlock(&w->mutex);
    for (int i = 0; i < w->thread_count; i++) pthread_join(w->threads[i].id, NULL);
    drop_all(w);
    kf_work_jobs_finish(w);
    kf_work_thumbs_finish(w);
    kf_work_files_finish(w);
    kf_disk_cache_close(w->cache);
    while (w->listeners) kf_engine_worker_unlisten(w, w->listeners->number);
    for (int l = 0; l < KF_LANE_COUNT; l++) pthread_cond_destroy(&w->lanes[l].wake);
    pthread_cond_destroy(&w->idle);
    pthread_rwlock_destroy(&w->listen);
    pthread_mutex_destroy(&w->cache_mutex);
    pthread_mutex_destroy(&w->mutex);
    kf_free(w->folder);
    kf_free(w);
}

const char *kf_engine_worker_folder(const kf_worker *w)
{
    return w->folder ? w->folder : "";
}

void kf_engine_worker_forget(kf_worker *w, const void *owner)
{
    pthread_mutex_lock(&w->mutex);
    for (int l = 0; l < KF_LANE_COUNT; l++)
        for (kf_task *t = w->lanes[l].first, *next; t; t = next) {
            next = t->next;
            if (t->owner != owner || t->shared) continue;
            kf_work_withdraw(w, t);
            t->kind->drop(w, t);
        }
    pthread_mutex_unlock(&w->mutex);
}

void kf_engine_worker_set_busy(kf_worker *w, bool busy)
{
    pthread_mutex_lock(&w->mutex);
    if (w->busy != busy) {
        w->busy = busy;
        wake_all(w);
    }
    pthread_mutex_unlock(&w->mutex);
}

/* Nothing to do but what is held. */
static bool is_idle(const kf_worker *w)
{
    int held = 0;
    for (const kf_job *j = w->jobs; j; j = j->next)
        held += j->task && j->rests && !j->cancelled && kf_work_held(w, j->task);
    if (w->running != held) return false;
    for (int l = 0; l < KF_LANE_COUNT; l++)
        for (const kf_task *t = w->lanes[l].first; t; t = t->next)
            if (!kf_work_held(w, t)) return false;
    return true;
}

bool kf_engine_worker_wait(kf_worker *w, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t ns = until.tv_nsec + (int64_t)(seconds * 1e9);
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&w->mutex);
    int code = 0;
    while (!is_idle(w) && code != ETIMEDOUT) code = pthread_cond_timedwait(&w->idle, &w->mutex, &until);
    bool idle = is_idle(w);
    pthread_mutex_unlock(&w->mutex);
    return idle;
}

kf_worker_stats kf_engine_worker_stats(kf_worker *w)
{
    pthread_mutex_lock(&w->mutex);
    kf_worker_stats stats = w->stats;
    stats.memory_bytes = w->bytes;
    stats.pending = total_waiting(w) + w->running;
    pthread_mutex_unlock(&w->mutex);
    kf_disk_cache_stats disk = kf_disk_cache_get_stats(kf_work_cache(w));
    stats.disk_bytes = disk.bytes;
    stats.disk_hits = disk.hits;
    stats.disk_misses = disk.misses;
    return stats;
}
