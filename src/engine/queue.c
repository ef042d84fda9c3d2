/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The render queue: a list on disk that any number of processes may change in turn, and a thread that looks after the
 * jobs' processes. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/thread.h"
#include "engine/api/queue.h"
#include "engine/queue_jobs.h"

enum { BUSY_MS = 100, IDLE_MS = 1000, LOCK_MS = 5000, STOP_SECONDS = 10 };

struct kf_render_queue {
    pthread_mutex_t lock;      /* of all but what is below `shown_lock` */
    pthread_cond_t wake;
    pthread_t thread;
    bool running, ending, starts;
    bool poked;                /* there is something to look at */
    int32_t at_once;
    kf_queue_launch launch;
    char *executable, *folder, *file;
    int lock_fd;
    struct stat known;         /* of the file when it was last read or written; st_ino 0: never */
    kf_queue_jobs jobs;
    bool news;                 /* that `changed` has not told */
    int64_t told;              /* when it last did, ns */
    void (*changed)(void *context);
    void *context;
    pthread_mutex_t shown_lock; /* held for moments only */
    const kf_job_list *shown;
};

/* ---- Paths ---- */

char *kf_queue_path(const kf_render_queue *q, const char *name)
{
    return kf_path_join(q->folder, name);
}

char *kf_queue_job_path(const kf_render_queue *q, uint64_t id)
{
    char name[24];
    snprintf(name, sizeof name, "%" PRIu64, id);
    return kf_queue_path(q, name);
}

/* ---- The list, shared with other processes ---- */

static void sleep_ms(int ms)
{
    const struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static kf_status lock_folder(kf_render_queue *q, kf_error *err)
{
    for (int waited = 0; flock(q->lock_fd, LOCK_EX | LOCK_NB) != 0; waited += 5) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return kf_fail_errno(err, errno, "%s: the queue cannot be locked", q->folder);
        if (waited >= LOCK_MS)
            return kf_fail(err, KF_ERR_IO, "%s: another process holds the queue and does not let go of it", q->folder);
        sleep_ms(5);
    }
    return KF_OK;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What only this handle knows of a job goes over from the list before. */
static void carry_over(kf_queue_jobs *from, kf_queue_jobs *to)
{
    for (size_t i = 0; i < to->count; i++) {
        kf_queue_job *job = &to->items[i], *old = kf_queue_jobs_find(from, job->info.id);
        if (!old) continue;
        job->child = old->child;
        job->leash = old->leash;
        old->leash = -1;
        job->stream = old->stream;
        old->stream = NULL;
        if (!job->process || !old->process) continue;
        job->read = old->read;
        job->finished = old->finished;
        job->since = old->since;
        job->since_frame = old->since_frame;
        job->info.progress = old->info.progress;
        job->info.warnings = old->info.warnings;
        kf_queue_text(&job->info.warning, old->info.warning);
    }
}

static void show(kf_render_queue *q)
{
    const kf_job_list *list = kf_queue_publish(&q->jobs);
    if (!list) return; /* out of memory: the one before stays */
    pthread_mutex_lock(&q->shown_lock);
    const kf_job_list *old = q->shown;
    q->shown = list;
    pthread_mutex_unlock(&q->shown_lock);
    kf_job_list_unref(old);
    q->news = true;
}

static kf_status refresh(kf_render_queue *q, kf_error *err)
{
    struct stat now = {0};
    kf_queue_jobs jobs;
    if (stat(q->file, &now) == 0 && same_file(&now, &q->known)) return KF_OK;
    kf_status status = kf_queue_read(q->file, &jobs, err);
    if (status != KF_OK) return status;
    carry_over(&q->jobs, &jobs);
    kf_queue_jobs_finish(&q->jobs);
    q->jobs = jobs;
    q->known = now;
    show(q);
    return KF_OK;
}

static kf_status write_down(kf_render_queue *q, kf_error *err)
{
    kf_status status = kf_queue_write(q->file, &q->jobs, err);
    if (status != KF_OK || stat(q->file, &q->known) != 0) q->known = (struct stat){0};
    return status;
}

static void poke(kf_render_queue *q)
{
    q->poked = true;
    pthread_cond_signal(&q->wake);
}

kf_status kf_queue_enter(kf_render_queue *q, kf_queue_jobs **out, kf_error *err)
{
    pthread_mutex_lock(&q->lock);
    kf_status status = lock_folder(q, err);
    if (status == KF_OK && (status = refresh(q, err)) != KF_OK) flock(q->lock_fd, LOCK_UN);
    if (status != KF_OK) pthread_mutex_unlock(&q->lock);
    *out = &q->jobs;
    return status;
}

kf_status kf_queue_leave(kf_render_queue *q, bool changed, kf_error *err)
{
    kf_status status = changed ? write_down(q, err) : KF_OK;
    if (changed && status == KF_OK) show(q);
    flock(q->lock_fd, LOCK_UN);
    if (changed) poke(q);
    pthread_mutex_unlock(&q->lock);
    return status;
}

/* ---- Looking after jobs ---- */

/* False: nothing is to be started now. What cannot be written down is not started: the list is then read anew. */
static bool start_job(kf_render_queue *q, kf_queue_job *job, const char *folder)
{
    kf_error e = {0};
    if (!kf_queue_job_reset(job)) return false;
    job->info.started = (int64_t)time(NULL);
    job->info.state = KF_JOB_RUNNING;
    job->process = true;
    kf_queue_launch launch = q->launch;
    launch.outlive = launch.outlive && !job->streams;
    job->bound = !launch.outlive;
    if (write_down(q, NULL) != KF_OK) return false;
    kf_status status = kf_queue_child_start(&launch, folder, job, &e);
    if (status == KF_OK) return true;
    job->process = false;
    job->info.state = KF_JOB_FAILED;
    job->info.status = status;
    job->info.ended = job->info.started;
    kf_queue_text(&job->info.message, e.message);
    write_down(q, NULL);
    return true;
}

static bool busy(const kf_queue_job *job)
{
    return job->process && job->info.state != KF_JOB_PAUSED;
}

static void start_waiting(kf_render_queue *q)
{
    int32_t running = 0;
    bool good = true;
    for (size_t i = 0; i < q->jobs.count; i++) running += busy(&q->jobs.items[i]);
    for (size_t i = 0; i < q->jobs.count && running < q->at_once && good; i++) {
        kf_queue_job *job = &q->jobs.items[i];
        if (job->info.state != KF_JOB_QUEUED || job->process || (job->streams && !job->stream)) continue;
        char *folder = kf_queue_job_path(q, job->info.id);
        good = folder && start_job(q, job, folder);
        kf_free(folder);
        running += job->process;
        if (good) show(q);
    }
}

/* Sees to the end of a job whose process is gone; false: not all that it wrote has been handed out. */
static bool settle(kf_queue_job *job, const char *folder)
{
    if (job->stream && !kf_queue_stream_drained(job->stream)) return false;
    kf_queue_stream_end(job->stream);
    job->stream = NULL;
    kf_queue_child_settle(folder, job);
    return true;
}

/* A job that waits for a program that has ended. */
static bool is_orphan(const kf_queue_job *job)
{
    return job->streams && !job->stream && !job->process && job->info.state <= KF_JOB_PAUSED &&
           !kf_queue_stream_is_read(job->info.output);
}

/* True if the job is not as it was on disk. */
static bool look_at(kf_queue_job *job, const char *folder, bool *news)
{
    if (is_orphan(job)) {
        job->info.state = KF_JOB_CANCELLED;
        job->info.ended = (int64_t)time(NULL);
        return true;
    }
    if (!job->process) return false;
    pid_t pid = kf_queue_child_find(folder);
    if (pid == 0) return settle(job, folder);
    bool overdue = job->info.state == KF_JOB_CANCELLED && (int64_t)time(NULL) > job->info.ended + STOP_SECONDS;
    if (overdue) kill(pid, SIGKILL);
    *news = kf_queue_hear(folder, job) || *news;
    return false;
}

static bool look_at_all(kf_render_queue *q, bool *news)
{
    bool changed = false;
    for (size_t i = q->jobs.count; i-- > 0;) {
        kf_queue_job *job = &q->jobs.items[i];
        char *folder = kf_queue_job_path(q, job->info.id);
        if (!folder) continue;
        changed = look_at(job, folder, news) || changed;
        if (job->removed && !job->process) {
            kf_queue_folder_remove(folder);
            kf_queue_jobs_drop(&q->jobs, job);
            changed = true;
        }
        kf_free(folder);
    }
    return changed;
}

/* Returns how many milliseconds to wait until the next look. */
static int look(kf_render_queue *q)
{
    kf_queue_jobs *jobs;
    bool news = false, any = false;
    if (kf_queue_enter(q, &jobs, NULL) != KF_OK) return IDLE_MS;
    bool changed = look_at_all(q, &news);
    if (news) show(q);
    for (size_t i = 0; i < jobs->count; i++) any = any || busy(&jobs->items[i]);
    kf_status status = kf_queue_leave(q, changed, NULL);
    return status == KF_OK && any ? BUSY_MS : IDLE_MS;
}

static void start(kf_render_queue *q)
{
    kf_queue_jobs *jobs;
    if (kf_queue_enter(q, &jobs, NULL) != KF_OK) return;
    if (q->starts && !q->ending) start_waiting(q);
    kf_queue_leave(q, false, NULL);
}

/* Returns how many milliseconds to wait before there may be more to tell. */
static int tell(kf_render_queue *q)
{
    int64_t since = (kf_clock_ns() - q->told) / 1000000;
    if (!q->news || !q->changed) return IDLE_MS;
    if (since < BUSY_MS) return (int)(BUSY_MS - since);
    q->news = false;
    q->told = kf_clock_ns();
    pthread_mutex_unlock(&q->lock);
    q->changed(q->context);
    pthread_mutex_lock(&q->lock);
    return BUSY_MS;
}

static void wait_until_poked(kf_render_queue *q, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!q->poked && !q->ending)
        if (pthread_cond_timedwait(&q->wake, &q->lock, &until) != 0) return;
}

static void *look_after(void *arg)
{
    kf_render_queue *q = arg;
    pthread_mutex_lock(&q->lock);
    while (!q->ending) {
        q->poked = false;
        pthread_mutex_unlock(&q->lock);
        start(q);
        int busy_for = look(q);
        pthread_mutex_lock(&q->lock);
        int quiet_for = tell(q);
        wait_until_poked(q, busy_for < quiet_for ? busy_for : quiet_for);
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}

/* ---- What callers ask for ---- */

static kf_status wrong_state(const kf_queue_job *job, const char *what, kf_error *err)
{
    return kf_fail(err, KF_ERR_INVALID, "job %" PRIu64 " (%s) is %s%s: it cannot be %s", job->info.id, job->info.name,
                   kf_engine_job_state_name(job->info.state), job->process && job->info.state > KF_JOB_PAUSED ?
                   ", but still ends" : "", what);
}

/* Signals for the job's process; 0: none. */
typedef struct signals {
    int first, then;
} signals;

static kf_status act_pause(kf_queue_job *job, signals *out, kf_error *err)
{
    if (job->info.state != KF_JOB_QUEUED && job->info.state != KF_JOB_RUNNING) return wrong_state(job, "paused", err);
    job->info.state = KF_JOB_PAUSED;
    job->info.progress.eta_seconds = -1;
    *out = (signals){SIGSTOP, 0};
    return KF_OK;
}

static kf_status act_resume(kf_queue_job *job, signals *out, kf_error *err)
{
    if (job->info.state != KF_JOB_PAUSED) return wrong_state(job, "resumed", err);
    job->info.state = job->process ? KF_JOB_RUNNING : KF_JOB_QUEUED;
    job->since = -1;
    *out = (signals){SIGCONT, 0};
    return KF_OK;
}

static kf_status act_cancel(kf_queue_job *job, signals *out, kf_error *err)
{
    if (job->info.state > KF_JOB_PAUSED) return wrong_state(job, "cancelled", err);
    job->info.state = KF_JOB_CANCELLED;
    job->info.ended = (int64_t)time(NULL);
    job->info.progress.eta_seconds = -1;
    if (job->stream) kf_queue_stream_drop(job->stream);
    *out = (signals){SIGTERM, SIGCONT};
    return KF_OK;
}

static kf_status act_retry(const kf_queue_jobs *jobs, kf_queue_job *job, kf_error *err)
{
    if (job->info.state <= KF_JOB_PAUSED || job->process) return wrong_state(job, "begun anew", err);
    if (job->streams)
        return kf_fail(err, KF_ERR_INVALID, "job %" PRIu64 " (%s) was handed out while it was made: add it anew",
                       job->info.id, job->info.name);
    kf_status status = kf_queue_check_free(jobs, job, err);
    if (status != KF_OK) return status;
    if (!kf_queue_job_reset(job)) return kf_fail_memory(err);
    job->info.state = KF_JOB_QUEUED;
    return KF_OK;
}

static kf_status act(kf_queue_jobs *jobs, kf_queue_job *job, kf_job_action action, signals *out, kf_error *err)
{
    switch (action) {
    case KF_JOB_PAUSE: return act_pause(job, out, err);
    case KF_JOB_RESUME: return act_resume(job, out, err);
    case KF_JOB_CANCEL: return act_cancel(job, out, err);
    case KF_JOB_RETRY: return act_retry(jobs, job, err);
    case KF_JOB_REMOVE: break;
    }
    job->removed = true;
    return job->info.state <= KF_JOB_PAUSED ? act_cancel(job, out, err) : KF_OK;
}

static kf_status no_job(uint64_t id, kf_error *err)
{
    return kf_fail(err, KF_ERR_NOT_FOUND, "the queue has no job %" PRIu64, id);
}

static kf_queue_job *find(kf_queue_jobs *jobs, uint64_t id)
{
    kf_queue_job *job = kf_queue_jobs_find(jobs, id);
    return job && !job->removed ? job : NULL;
}

kf_status kf_engine_queue_act(kf_render_queue *q, uint64_t id, kf_job_action action, kf_error *err)
{
    kf_queue_jobs *jobs;
    signals send = {0};
    kf_status status = kf_queue_enter(q, &jobs, err);
    if (status != KF_OK) return status;
    kf_queue_job *job = find(jobs, id);
    char *folder = job ? kf_queue_job_path(q, id) : NULL;
    bool ended = folder && job->process && !kf_queue_child_find(folder) && settle(job, folder);
    status = !job ? no_job(id, err) : !folder ? kf_fail_memory(err) : act(jobs, job, action, &send, err);
    pid_t pid = status == KF_OK && job->process ? kf_queue_child_find(folder) : 0;
    kf_status left = kf_queue_leave(q, ended || status == KF_OK, err);
    if (pid > 0 && send.first && left == KF_OK) kill(pid, send.first);
    if (left == KF_OK && pid > 0 && send.then) kill(pid, send.then);
    kf_free(folder);
    return status == KF_OK ? left : status;
}

kf_status kf_engine_queue_move(kf_render_queue *q, uint64_t id, uint64_t before, kf_error *err)
{
    kf_queue_jobs *jobs;
    kf_status status = kf_queue_enter(q, &jobs, err);
    if (status != KF_OK) return status;
    kf_queue_job *job = find(jobs, id), *next = before ? find(jobs, before) : NULL;
    if (!job || (before && !next))
        status = no_job(job ? before : id, err);
    else
        kf_queue_jobs_move(jobs, job, next);
    kf_status left = kf_queue_leave(q, status == KF_OK, err);
    return status == KF_OK ? left : status;
}

kf_status kf_engine_queue_list(kf_render_queue *q, const kf_job_list **out, kf_error *err)
{
    pthread_mutex_lock(&q->shown_lock);
    *out = kf_job_list_ref(q->shown);
    pthread_mutex_unlock(&q->shown_lock);
    return KF_OK;
}

void kf_engine_job_list_free(const kf_job_list *list)
{
    kf_job_list_unref(list);
}

void kf_engine_queue_set_starts(kf_render_queue *q, bool starts)
{
    pthread_mutex_lock(&q->lock);
    q->starts = starts;
    poke(q);
    pthread_mutex_unlock(&q->lock);
}

/* ---- Opening and closing ---- */

static bool is_program(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

/* Beside the running program, as it is installed and as it is built; else PATH decides. */
static char *find_executable(void)
{
    static const char *const places[] = {"kerf", "../kerf/kerf", "../../apps/kerf/kerf"};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *folder = n > 0 ? kf_path_folder(self) : NULL;
    for (size_t i = 0; folder && i < sizeof places / sizeof *places; i++) {
        char *path = kf_path_join(folder, places[i]);
        if (path && is_program(path)) {
            kf_free(folder);
            return path;
        }
        kf_free(path);
    }
    kf_free(folder);
    return kf_strdup("kerf");
}

static kf_status open_folder(kf_render_queue *q, const char *folder, kf_error *err)
{
    kf_status status = KF_OK;
    if (folder && !(q->folder = kf_path_join(".", folder))) return kf_fail_memory(err);
    if (folder)
        status = kf_folder_make(q->folder, err);
    else
        status = kf_folder_of_user("XDG_STATE_HOME", ".local/state", "queue", &q->folder, err);
    char *real = status == KF_OK ? realpath(q->folder, NULL) : NULL;
    if (status == KF_OK && !real) status = kf_fail_errno(err, errno, "%s", q->folder);
    if (status != KF_OK) return status;
    kf_free(q->folder);
    q->folder = kf_strdup(real);
    free(real);
    char *path = q->folder ? kf_queue_path(q, "lock") : NULL;
    q->file = path ? kf_queue_path(q, "queue.json") : NULL;
    q->lock_fd = q->file ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    kf_free(path);
    if (!q->file) return kf_fail_memory(err);
    return q->lock_fd >= 0 ? KF_OK : kf_fail_errno(err, errno, "%s: the queue cannot be locked", q->folder);
}

static kf_status open_queue(kf_render_queue *q, const kf_render_queue_params *p, kf_error *err)
{
    kf_queue_jobs *jobs;
    q->executable = p->executable ? kf_strdup(p->executable) : find_executable();
    q->launch = (kf_queue_launch){q->executable, p->niceness, p->memory_limit, p->outlive};
    show(q);
    if (!q->executable || !q->shown) return kf_fail_memory(err);
    kf_status status = open_folder(q, p->folder, err);
    if (status == KF_OK) status = kf_queue_enter(q, &jobs, err);
    if (status != KF_OK) return status;
    bool news = false;
    bool changed = look_at_all(q, &news);
    if (news) show(q);
    status = kf_queue_leave(q, changed, err);
    if (status == KF_OK) status = kf_thread_start(&q->thread, "kerf-queue", look_after, q, err);
    q->running = status == KF_OK;
    return status;
}

kf_status kf_engine_queue_create(const kf_render_queue_params *p, kf_render_queue **out, kf_error *err)
{
    kf_render_queue *q = KF_NEW(kf_render_queue);
    *out = NULL;
    if (!q) return kf_fail_memory(err);
    pthread_mutex_init(&q->lock, NULL);
    pthread_mutex_init(&q->shown_lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&q->wake, &clock);
    pthread_condattr_destroy(&clock);
    q->lock_fd = -1;
    q->jobs.next = 1;
    q->at_once = p->at_once;
    q->starts = p->starts;
    q->changed = p->changed;
    q->context = p->context;
    kf_status status = open_queue(q, p, err);
    if (status == KF_OK)
        *out = q;
    else
        kf_engine_queue_destroy(q);
    return status;
}

/* Those that end with us see the end of their input once the list is freed, if they are not paused. */
static void wake_bound(kf_render_queue *q)
{
    for (size_t i = 0; i < q->jobs.count; i++) {
        kf_queue_job *job = &q->jobs.items[i];
        if (job->leash < 0) continue;
        close(job->leash);
        job->leash = -1;
        kill(job->child, SIGCONT);
    }
}

void kf_engine_queue_destroy(kf_render_queue *q)
{
    if (!q) return;
    pthread_mutex_lock(&q->lock);
    q->ending = true;
    poke(q);
    pthread_mutex_unlock(&q->lock);
    if (q->running) pthread_join(q->thread, NULL);
    wake_bound(q);
    kf_queue_jobs_finish(&q->jobs);
    kf_job_list_unref(q->shown);
    if (q->lock_fd >= 0) close(q->lock_fd);
    kf_free(q->executable);
    kf_free(q->folder);
    kf_free(q->file);
    pthread_cond_destroy(&q->wake);
    pthread_mutex_destroy(&q->lock);
    pthread_mutex_destroy(&q->shown_lock);
    kf_free(q);
}
