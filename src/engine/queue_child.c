/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of a job: `kerf render`, whose words go to files, so that it can outlive who started it and be found again.
 * It holds the lock of the job's `process` file as its descriptor 3: the lock goes when it ends, however it ends. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/queue_jobs.h"
#include "media/api/writer.h"

extern char **environ;

enum { LOCK_FD = 3, WORDS_MAX = 16 };

static int open_in(const char *folder, const char *name, int flags)
{
    char *path = kf_path_join(folder, name);
    int fd = path ? open(path, flags | O_CLOEXEC, 0600) : -1;
    kf_free(path);
    return fd;
}

/* How a process of ours ended; what others started can only be known by what it said. */
static int reap(kf_queue_job *job)
{
    int how = 0;
    pid_t got = 0;
    if (job->child > 0)
        do got = waitpid(job->child, &how, 0);
        while (got < 0 && errno == EINTR);
    job->child = 0;
    if (job->leash >= 0) close(job->leash);
    job->leash = -1;
    return got > 0 ? how : 0;
}

/* ---- Starting ---- */

typedef struct launching {
    int lock, said, messages, input, leash;
    char **words;
    char nice[16], memory[40];
} launching;

static void launching_finish(launching *l)
{
    const int fds[] = {l->lock, l->said, l->messages, l->input, l->leash};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0) close(fds[i]);
    kf_free(l->words);
}

/* Standard input is a pipe whose other end we hold, if the process is to end with us. */
static bool open_input(launching *l, bool outlive)
{
    int ends[2];
    if (outlive) return (l->input = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    l->input = ends[0];
    l->leash = ends[1];
    return true;
}

static kf_status open_files(launching *l, const char *folder, bool outlive, kf_error *err)
{
    l->lock = open_in(folder, "process", O_RDWR | O_CREAT);
    l->said = open_in(folder, "said", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    l->messages = open_in(folder, "messages", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    if (l->lock < 0 || l->said < 0 || l->messages < 0 || !open_input(l, outlive))
        return kf_fail_errno(err, errno, "%s: the files of a job cannot be made", folder);
    if (flock(l->lock, LOCK_EX | LOCK_NB) != 0)
        return kf_fail_errno(err, errno, "%s: the job runs already", folder);
    return KF_OK;
}

static kf_status make_words(launching *l, const kf_queue_launch *launch, const kf_queue_job *job, const char *film,
                            kf_error *err)
{
    size_t n = 0;
    const char **words = kf_alloc_zero(WORDS_MAX + job->argument_count, sizeof *words);
    l->words = (char **)words;
    if (!words || !film) return kf_fail_memory(err);
    snprintf(l->nice, sizeof l->nice, "--nice=%d", (int)launch->niceness);
    snprintf(l->memory, sizeof l->memory, "--memory-limit=%lld", (long long)(launch->memory_limit / 1000000));
    const char *const first[] = {launch->executable, "render", film, "--folder", job->folder, "--output",
                                 job->info.output, "--progress=json", l->nice};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) words[n++] = first[i];
    if (launch->memory_limit > 0) words[n++] = l->memory;
    if (!launch->outlive) words[n++] = "--stop-on-eof";
    for (size_t i = 0; i < job->argument_count; i++) words[n++] = job->arguments[i];
    return KF_OK;
}

/* Signals as a new program expects them, a session of its own, and only the descriptors that are meant for it. */
static int spawn(const launching *l, const char *executable, pid_t *out)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    posix_spawn_file_actions_adddup2(&files, l->lock, LOCK_FD);
    posix_spawn_file_actions_adddup2(&files, l->input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, l->said, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, l->messages, STDERR_FILENO);
#ifdef __GLIBC__
    posix_spawn_file_actions_addclosefrom_np(&files, LOCK_FD + 1);
#endif
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    int code = posix_spawnp(out, executable, &files, &how, l->words, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return code;
}

/* The descriptors to hand on are moved away from 0 to 3, which the new process has other uses for. */
static bool lift(int *fd)
{
    int high = *fd > LOCK_FD ? *fd : fcntl(*fd, F_DUPFD_CLOEXEC, LOCK_FD + 1);
    if (high < 0) return false;
    if (high != *fd) close(*fd);
    *fd = high;
    return true;
}

static kf_status launch_words(launching *l, const kf_queue_launch *launch, kf_queue_job *job, kf_error *err)
{
    char number[24];
    if (!lift(&l->lock) || !lift(&l->said) || !lift(&l->messages) || !lift(&l->input))
        return kf_fail_errno(err, errno, "a process cannot be given its files");
    int code = spawn(l, launch->executable, &job->child);
    if (code != 0)
        return kf_fail_errno(err, code, "%s, which renders, cannot be started; install Kerf's command line beside this "
                             "program, or put it into PATH", launch->executable);
    int n = snprintf(number, sizeof number, "%-22ld\n", (long)job->child);
    if (pwrite(l->lock, number, (size_t)n, 0) != n) {
        code = errno;
        kill(job->child, SIGKILL);
        reap(job);
        return kf_fail_errno(err, code, "the number of a process cannot be kept");
    }
    job->leash = l->leash;
    l->leash = -1;
    return KF_OK;
}

kf_status kf_queue_child_start(const kf_queue_launch *launch, const char *folder, kf_queue_job *job, kf_error *err)
{
    launching l = {-1, -1, -1, -1, -1, NULL, "", ""};
    char *film = kf_path_join(folder, "film.json");
    kf_status status = open_files(&l, folder, launch->outlive, err);
    if (status == KF_OK) status = make_words(&l, launch, job, film, err);
    if (status == KF_OK) status = launch_words(&l, launch, job, err);
    launching_finish(&l);
    kf_free(film);
    return status;
}

/* ---- Finding ---- */

pid_t kf_queue_child_find(const char *folder)
{
    char number[24] = "";
    int fd = open_in(folder, "process", O_RDONLY);
    if (fd < 0) return 0;
    bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    bool read_it = held && pread(fd, number, sizeof number - 1, 0) > 0;
    close(fd);
    return read_it ? (pid_t)atol(number) : 0;
}

/* ---- Ending ---- */

static void fail(kf_queue_job *job, kf_status status, const char *message)
{
    job->info.state = KF_JOB_FAILED;
    job->info.status = status;
    kf_queue_text(&job->info.message, message);
}

/* It ended without saying why. */
static void explain(kf_queue_job *job, int how)
{
    kf_error e;
    const char *output = job->info.output;
    kf_status code = WIFEXITED(how) ? (kf_status)WEXITSTATUS(how) : KF_OK;
    if (WIFSIGNALED(how))
        kf_fail(&e, KF_ERR_INTERNAL, "%s: the process that rendered it was ended by signal %d (%s)%s; retry begins anew",
                output, WTERMSIG(how), strsignal(WTERMSIG(how)),
                WTERMSIG(how) == SIGKILL ? ", as the system does when memory runs out" : "");
    else if (code == KF_ERR_NO_SPACE)
        kf_fail(&e, code, "%s: the disk is full; free some space or choose another disk, then retry", output);
    else if (code != KF_OK)
        kf_fail(&e, code, "%s: rendering failed (%s, exit code %d); retry begins anew", output, kf_status_name(code),
                (int)code);
    else
        kf_fail(&e, KF_ERR_INTERNAL, "%s: the process that rendered it ended without a word: it was killed, or the machine "
                "went off; retry begins anew", output);
    fail(job, e.status, e.message);
}

/* An output has its name only once it is complete. */
static bool written(const kf_render_job *info)
{
    struct stat is;
    return stat(info->output, &is) == 0 && S_ISREG(is.st_mode) && is.st_mtim.tv_sec >= info->started;
}

/* It could not say that it is done: it was killed right then, or the disk of the queue's folder is full. */
static void finish_unsaid(kf_queue_job *job)
{
    struct stat is;
    job->finished = true;
    job->info.bytes = stat(job->info.output, &is) == 0 ? (int64_t)is.st_size : 0;
    job->info.progress.frame = job->info.progress.frames;
}

void kf_queue_child_settle(const char *folder, kf_queue_job *job)
{
    kf_render_job *info = &job->info;
    bool ours = job->child > 0;
    int how = reap(job);
    job->process = false;
    kf_queue_hear(folder, job);
    if (!job->finished && info->status == KF_OK && (written(info) || (ours && how == 0))) finish_unsaid(job);
    info->ended = (int64_t)time(NULL);
    info->progress.eta_seconds = -1;
    if (job->finished) {
        info->state = KF_JOB_DONE;
    } else if (info->state == KF_JOB_CANCELLED) {
        info->status = KF_OK;
        kf_queue_text(&info->message, "");
    } else if (info->status == KF_ERR_CANCELLED) { /* nobody asked the queue for it */
        bool anew = job->bound && !ours && !job->streams;
        if (anew) kf_queue_job_reset(job);
        info->state = anew ? KF_JOB_QUEUED : KF_JOB_CANCELLED;
        info->status = KF_OK;
        kf_queue_text(&info->message, "");
    } else if (info->status != KF_OK) {
        info->state = KF_JOB_FAILED;
    } else {
        explain(job, how);
    }
    if (!job->finished) kf_writer_clean(info->output);
}

void kf_queue_folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char *path = kf_path_join(folder, e->d_name);
        if (path && e->d_name[0] != '.') unlink(path);
        kf_free(path);
    }
    if (dir) closedir(dir);
    rmdir(folder);
}
