/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The render queue as an editor uses it, with real processes. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kerf/queue.h"
#include "test.h"

static const char *kerf;
static char root[64], folder[128]; /* of this test; of its queue */

static const char long_film[] =
    "{\"kerf\":1,\"size\":[320,180],\"rate\":25,\"tracks\":[{\"clips\":[{\"generator\":\"noise\",\"duration\":3600,"
    "\"effects\":[{\"effect\":\"blur\",\"radius\":9}]}]}]}";
static const char short_film[] =
    "{\"kerf\":1,\"size\":[64,36],\"rate\":\"30000/1001\",\"tracks\":[{\"clips\":[{\"generator\":\"bars\","
    "\"duration\":2}]}]}";

/* ---- Kit ---- */

static atomic_int changes;

static void on_change(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static kf_render_queue_params params_of(const char *executable)
{
    kf_render_queue_params p = kf_render_queue_params_default();
    p.folder = folder;
    p.executable = executable;
    p.changed = on_change;
    p.context = &changes;
    return p;
}

/* A queue in a folder of its own. */
static kf_render_queue *fresh(void)
{
    static int number;
    kf_render_queue *queue = NULL;
    kf_error error = {0};
    kf_render_queue_params p = params_of(kerf);
    snprintf(folder, sizeof folder, "%s/queue%d", root, ++number);
    if (kf_render_queue_create(&p, &queue, &error) != KF_OK) printf("# %s\n", error.message);
    return queue;
}

static const char *output(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s-%s", folder, name);
    return path;
}

static uint64_t add(kf_render_queue *queue, const char *json, const char *name, const kf_render_params *render)
{
    kf_film_handle *film;
    kf_error error = {0};
    uint64_t id = 0;
    kf_render_params p = render ? *render : kf_render_params_default();
    p.output = output(name);
    p.preset = p.preset ? p.preset : "archive-ffv1";
    const kf_render_job_params job = {.name = name, .render = &p};
    kf_render_job_params with_film = job;
    if (kf_film_open_json(json, strlen(json), "film", NULL, &film, &error) != KF_OK) return 0;
    with_film.film = film;
    if (kf_render_queue_add(queue, &with_film, &id, &error) != KF_OK) printf("# %s\n", error.message);
    kf_film_close(film);
    return id;
}

/* A copy of a job whose texts are good until the next call for the same id; id 0: it is not in the list. */
static kf_render_job look(kf_render_queue *queue, uint64_t id)
{
    static char message[1024];
    const kf_job_list *list;
    kf_render_job job = {0};
    if (kf_render_queue_list(queue, &list, NULL) != KF_OK) return job;
    for (int i = 0; i < list->count; i++)
        if (list->jobs[i].id == id) job = list->jobs[i];
    snprintf(message, sizeof message, "%s", job.id ? job.message : "");
    job.message = message;
    job.name = job.output = job.preset = job.warning = NULL;
    kf_job_list_free(list);
    return job;
}

static void rest(int ms)
{
    const struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static bool reaches(kf_render_queue *queue, uint64_t id, kf_job_state state, int64_t frame)
{
    kf_render_job job = {0};
    for (int i = 0; i < 600; i++, rest(50)) {
        job = look(queue, id);
        if (job.id && job.state == state && job.progress.frame >= frame) return true;
    }
    printf("# job %d is %s at frame %d: %s\n", (int)id, kf_job_state_name(job.state), (int)job.progress.frame, job.message);
    return false;
}

static pid_t process_of(uint64_t id)
{
    char path[256];
    long pid = 0;
    snprintf(path, sizeof path, "%s/%d/process", folder, (int)id);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%ld", &pid) != 1) pid = 0;
    if (file) fclose(file);
    return (pid_t)pid;
}

static void end_all(kf_render_queue *queue)
{
    const kf_job_list *list;
    if (kf_render_queue_list(queue, &list, NULL) != KF_OK) return;
    for (int i = 0; i < list->count; i++) kf_render_queue_remove(queue, list->jobs[i].id, NULL);
    kf_job_list_free(list);
    for (int i = 0, left = 1; i < 200 && left; i++, rest(50)) {
        char path[256];
        snprintf(path, sizeof path, "%s/1", folder);
        left = access(path, F_OK) == 0;
    }
    kf_render_queue_destroy(queue);
}

/* ---- Cases ---- */

TEST(tells_progress)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_params p = kf_render_params_default();
    p.start = 23543520; /* frame 1 at 29.97: 1001/30000 s of 705600000 */
    p.end = 23543520 * 31;
    atomic_store(&changes, 0);
    uint64_t id = add(queue, short_film, "a.mkv", &p);
    CHECK_INT(look(queue, id).progress.frames, 30);
    CHECK(reaches(queue, id, KF_JOB_DONE, 30));
    kf_render_job job = look(queue, id);
    struct stat info;
    CHECK_INT(job.progress.frames, 30);
    CHECK_INT(stat(output("a.mkv"), &info), 0);
    CHECK_INT(job.bytes, info.st_size);
    CHECK(job.started >= job.added && job.ended >= job.started && job.status == KF_OK);
    CHECK_INT(kf_render_queue_retry(queue, id, NULL), KF_ERR_EXISTS);
    rest(300);
    CHECK(atomic_load(&changes) >= 2);
    uint64_t again = add(queue, long_film, "b.mkv", NULL);
    CHECK(reaches(queue, again, KF_JOB_RUNNING, 10));
    int before = atomic_load(&changes);
    int64_t frame = look(queue, again).progress.frame;
    rest(1000);
    job = look(queue, again);
    CHECK_MSG(atomic_load(&changes) - before >= 4 && atomic_load(&changes) - before <= 11, "%d",
              atomic_load(&changes) - before);
    CHECK(job.progress.frame > frame && job.progress.frames == 90000);
    CHECK(job.progress.frames_per_second > 0 && job.progress.speed > 0);
    CHECK(job.progress.eta_seconds > 0);
    end_all(queue);
}

TEST(pauses_and_goes_on)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    uint64_t id = add(queue, long_film, "a.mkv", NULL);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, 5));
    CHECK_INT(kf_render_queue_pause(queue, id, NULL), KF_OK);
    rest(300);
    int64_t frame = look(queue, id).progress.frame;
    rest(700);
    CHECK_INT(look(queue, id).progress.frame, frame);
    CHECK(look(queue, id).progress.eta_seconds < 0);
    CHECK_INT(kf_render_queue_pause(queue, id, NULL), KF_ERR_INVALID);
    CHECK_INT(kf_render_queue_resume(queue, id, NULL), KF_OK);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, frame + 5));
    CHECK_INT(kf_render_queue_cancel(queue, id, NULL), KF_OK);
    CHECK_INT(kf_render_queue_cancel(queue, id, NULL), KF_ERR_INVALID);
    CHECK(reaches(queue, id, KF_JOB_CANCELLED, 0));
    CHECK_INT(kf_render_queue_resume(queue, 99, NULL), KF_ERR_NOT_FOUND);
    end_all(queue);
    CHECK(access(output("a.mkv"), F_OK) != 0);
}

TEST(runs_in_order_and_at_once)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_queue_set_starts(queue, false);
    uint64_t a = add(queue, long_film, "a.mkv", NULL), b = add(queue, long_film, "b.mkv", NULL),
             c = add(queue, short_film, "c.mkv", NULL);
    CHECK_INT(kf_render_queue_move(queue, c, a, NULL), KF_OK);
    CHECK_INT(kf_render_queue_move(queue, a, 0, NULL), KF_OK);
    CHECK_INT(kf_render_queue_move(queue, a, 77, NULL), KF_ERR_NOT_FOUND);
    const kf_job_list *list;
    REQUIRE(kf_render_queue_list(queue, &list, NULL) == KF_OK && list->count == 3);
    CHECK(list->jobs[0].id == c && list->jobs[1].id == b && list->jobs[2].id == a);
    CHECK_STR(list->jobs[0].name, "c.mkv");
    CHECK_STR(list->jobs[0].preset, "archive-ffv1");
    kf_job_list_free(list);
    rest(300);
    CHECK_INT(look(queue, c).state, KF_JOB_QUEUED);
    kf_render_queue_set_starts(queue, true);
    CHECK(reaches(queue, c, KF_JOB_DONE, 1));
    CHECK(reaches(queue, b, KF_JOB_RUNNING, 1));
    CHECK_INT(look(queue, a).state, KF_JOB_QUEUED);
    kf_render_queue *second; /* the same queue in another hand, which runs two */
    kf_render_queue_params p = params_of(kerf);
    p.at_once = 2;
    REQUIRE(kf_render_queue_create(&p, &second, NULL) == KF_OK);
    CHECK(reaches(second, a, KF_JOB_RUNNING, 1));
    CHECK_INT(look(second, b).state, KF_JOB_RUNNING);
    CHECK_INT(kf_render_queue_pause(second, b, NULL), KF_OK);
    CHECK(reaches(queue, b, KF_JOB_PAUSED, 0));
    kf_render_queue_destroy(second); /* takes its job along, which the first one begins anew */
    CHECK(reaches(queue, a, KF_JOB_RUNNING, 0));
    end_all(queue);
}

/* A process that runs the queue, until it is killed. */
static pid_t editor(bool outlive)
{
    pid_t pid = fork();
    if (pid != 0) return pid;
    kf_render_queue *queue;
    kf_render_queue_params p = params_of(kerf);
    p.outlive = outlive;
    if (kf_render_queue_create(&p, &queue, NULL) != KF_OK) _exit(1);
    for (;;) rest(1000);
}

static void kill_it(pid_t pid)
{
    int how;
    kill(pid, SIGKILL);
    waitpid(pid, &how, 0);
}

TEST(jobs_outlive_a_killed_editor)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_queue_set_starts(queue, false);
    uint64_t id = add(queue, long_film, "a.mkv", NULL);
    kf_render_queue_destroy(queue);
    pid_t first = editor(true);
    kf_render_queue_params p = params_of(kerf);
    p.starts = false;
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, 5));
    kf_render_queue_destroy(queue);
    kill_it(first);
    rest(300);
    pid_t child = process_of(id);
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    kf_render_job job = look(queue, id); /* at once, as it was found */
    CHECK_INT(job.state, KF_JOB_RUNNING);
    CHECK(job.progress.frame >= 5);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, job.progress.frame + 5));
    CHECK_INT(kf_render_queue_pause(queue, id, NULL), KF_OK);
    rest(300);
    int64_t frame = look(queue, id).progress.frame;
    rest(500);
    CHECK_INT(look(queue, id).progress.frame, frame);
    CHECK_INT(kf_render_queue_resume(queue, id, NULL), KF_OK);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, frame + 3));
    kill(child, SIGKILL); /* not our own: nobody can tell how it ended */
    CHECK(reaches(queue, id, KF_JOB_FAILED, 0));
    CHECK_MSG(strstr(look(queue, id).message, "ended without a word"), "%s", look(queue, id).message);
    end_all(queue);
}

TEST(jobs_end_with_their_editor)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_queue_set_starts(queue, false);
    uint64_t id = add(queue, long_film, "a.mkv", NULL);
    kf_render_queue_destroy(queue); /* no thread of ours at the fork */
    pid_t first = editor(false);
    kf_render_queue_params p = params_of(kerf);
    p.starts = false;
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, 5));
    kill_it(first);
    CHECK(reaches(queue, id, KF_JOB_QUEUED, 0));
    CHECK_INT(look(queue, id).progress.frame, 0);
    end_all(queue);
}

TEST(done_while_nobody_looked)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_queue_destroy(queue);
    kf_render_queue_params p = params_of(kerf);
    p.outlive = true;
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    uint64_t id = add(queue, short_film, "a.mkv", NULL);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, 0) || look(queue, id).state == KF_JOB_DONE);
    kf_render_queue_destroy(queue);
    for (int i = 0; i < 200 && access(output("a.mkv"), F_OK) != 0; i++) rest(50);
    rest(200);
    p.starts = false;
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    CHECK_INT(look(queue, id).state, KF_JOB_DONE);
    CHECK(look(queue, id).bytes > 0);
    end_all(queue);
}

TEST(says_what_is_missing)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_queue_destroy(queue);
    kf_render_queue_params p = params_of("/nowhere/kerf");
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    uint64_t id = add(queue, short_film, "a.mkv", NULL);
    CHECK(reaches(queue, id, KF_JOB_FAILED, 0));
    CHECK_INT(look(queue, id).status, KF_ERR_NOT_FOUND);
    CHECK(strstr(look(queue, id).message, "/nowhere/kerf"));
    kf_render_queue_destroy(queue);
    p = params_of(kerf);
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    end_all(queue);
    p.memory_limit = 1;
    CHECK_INT(kf_render_queue_create(&p, &queue, NULL), KF_ERR_USAGE);
    CHECK(queue == NULL);
}

TEST(stays_within_memory)
{
#ifdef __SANITIZE_ADDRESS__
    SKIP("the address sanitizer does not live with a limit");
#endif
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    kf_render_queue_destroy(queue);
    kf_render_queue_params p = params_of(kerf);
    p.memory_limit = 64000000;
    REQUIRE(kf_render_queue_create(&p, &queue, NULL) == KF_OK);
    kf_render_params big = kf_render_params_default();
    big.width = 7680, big.height = 4320;
    uint64_t id = add(queue, short_film, "a.mkv", &big);
    CHECK(reaches(queue, id, KF_JOB_FAILED, 0));
    CHECK_MSG(strstr(look(queue, id).message, "64 MB"), "%s", look(queue, id).message);
    end_all(queue);
}

TEST(gives_way)
{
    kf_render_queue *queue = fresh();
    REQUIRE(queue);
    uint64_t id = add(queue, long_film, "a.mkv", NULL);
    CHECK(reaches(queue, id, KF_JOB_RUNNING, 1));
    CHECK_INT(getpriority(PRIO_PROCESS, (id_t)process_of(id)), getpriority(PRIO_PROCESS, 0) + 5 > 19 ? 19 : 5);
    end_all(queue);
}

static atomic_bool enough;

static void *hammer(void *arg)
{
    kf_render_queue *queue = arg;
    while (!atomic_load(&enough)) {
        const kf_job_list *list;
        if (kf_render_queue_list(queue, &list, NULL) != KF_OK) break;
        for (int i = 0; i < list->count; i++) {
            kf_render_queue_pause(queue, list->jobs[i].id, NULL);
            kf_render_queue_move(queue, list->jobs[i].id, 0, NULL);
            kf_render_queue_resume(queue, list->jobs[i].id, NULL);
        }
        kf_job_list_free(list);
    }
    return NULL;
}

TEST(many_threads_and_hands)
{
    pthread_t threads[3];
    kf_render_queue *queue = fresh(), *second;
    kf_render_queue_params p = params_of(kerf);
    p.starts = false;
    REQUIRE(queue && kf_render_queue_create(&p, &second, NULL) == KF_OK);
    uint64_t ids[3];
    for (int i = 0; i < 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d.mkv", i);
        ids[i] = add(i % 2 ? second : queue, short_film, name, NULL);
    }
    CHECK(ids[0] == 1 && ids[1] == 2 && ids[2] == 3);
    atomic_store(&enough, false);
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, hammer, i % 2 ? second : queue);
    rest(1000);
    atomic_store(&enough, true);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 3; i++) kf_render_queue_resume(queue, ids[i], NULL);
    for (int i = 0; i < 3; i++) CHECK(reaches(second, ids[i], KF_JOB_DONE, 59));
    kf_render_queue_destroy(second);
    end_all(queue);
}

/* ---- Streams ---- */

typedef struct taken {
    uint8_t *data;
    size_t length, fail_after; /* 0: never */
    int wait_ms;               /* after each block */
    atomic_int calls;
} taken;

static int take(void *context, const uint8_t *bytes, size_t length)
{
    taken *t = context;
    const struct timespec moment = {t->wait_ms / 1000, t->wait_ms % 1000 * 1000000L};
    t->data = realloc(t->data, t->length + length);
    memcpy(t->data + t->length, bytes, length);
    t->length += length;
    atomic_fetch_add(&t->calls, 1);
    if (t->wait_ms) nanosleep(&moment, NULL);
    return t->fail_after && t->length > t->fail_after ? 5 : 0;
}

static uint64_t add_stream(kf_render_queue *queue, const char *json, const char *container, taken *t)
{
    kf_film_handle *film;
    kf_error error = {0};
    uint64_t id = 0;
    kf_render_params p = kf_render_params_default();
    p.container = container;
    p.speed = "ultrafast";
    p.crf = 12;
    if (kf_film_open_json(json, strlen(json), "film", NULL, &film, &error) != KF_OK) return 0;
    const kf_render_job_params job = {.film = film, .name = "stream", .render = &p, .write = take, .context = t};
    if (kf_render_queue_add(queue, &job, &id, &error) != KF_OK) printf("# %s\n", error.message);
    kf_film_close(film);
    return id;
}

TEST(hands_out_what_a_job_makes)
{
    kf_render_queue *queue = fresh();
    taken t = {.wait_ms = 5}, other = {0};
    kf_error error;
    REQUIRE(queue);
    uint64_t id = add_stream(queue, short_film, "mp4", &t);
    REQUIRE(id);
    CHECK(reaches(queue, id, KF_JOB_DONE, 0));
    size_t at = 0, moofs = 0; /* whole boxes, to the end */
    for (size_t size = 8; at + 8 <= t.length && size >= 8; at += size) {
        const uint8_t *box = t.data + at;
        moofs += memcmp(box + 4, "moof", 4) == 0;
        size = (size_t)box[0] << 24 | (size_t)box[1] << 16 | (size_t)box[2] << 8 | box[3];
    }
    CHECK_MSG(at == t.length && moofs >= 2, "%zu of %zu, %zu fragments", at, t.length, moofs);
    CHECK_INT(kf_render_queue_retry(queue, id, &error), KF_ERR_INVALID);
    CHECK_INT(add_stream(queue, short_film, "mp5", &other), 0);
    kf_render_queue_destroy(queue);
    free(t.data);
}

TEST(ends_a_stream_that_nobody_wants)
{
    kf_render_queue *queue = fresh();
    taken t = {.fail_after = 20000}, stopped = {.wait_ms = 20};
    REQUIRE(queue);
    uint64_t id = add_stream(queue, long_film, "mp4", &t);
    CHECK(reaches(queue, id, KF_JOB_FAILED, 0));
    id = add_stream(queue, long_film, "mkv", &stopped);
    for (int i = 0; i < 2000 && !atomic_load(&stopped.calls); i++) usleep(5000);
    CHECK(atomic_load(&stopped.calls) > 0);
    CHECK_INT(kf_render_queue_cancel(queue, id, NULL), KF_OK);
    CHECK(reaches(queue, id, KF_JOB_CANCELLED, 0));
    uint64_t left = add_stream(queue, long_film, "mp4", &stopped);
    kf_render_queue_destroy(queue); /* with a job that runs */
    kf_error error;
    kf_render_queue_params p = params_of(kerf);
    p.starts = false;
    REQUIRE(kf_render_queue_create(&p, &queue, &error) == KF_OK);
    CHECK(reaches(queue, left, KF_JOB_CANCELLED, 0)); /* nobody reads it any more */
    kf_render_queue_destroy(queue);
    free(t.data);
    free(stopped.data);
}

int main(int argc, char **argv)
{
    kerf = argc > 1 ? argv[1] : "kerf";
    snprintf(root, sizeof root, "/tmp/kerf-test-queue-XXXXXX");
    if (!mkdtemp(root)) return 1;
    RUN(tells_progress);
    RUN(pauses_and_goes_on);
    RUN(runs_in_order_and_at_once);
    RUN(jobs_outlive_a_killed_editor);
    RUN(jobs_end_with_their_editor);
    RUN(done_while_nobody_looked);
    RUN(says_what_is_missing);
    RUN(stays_within_memory);
    RUN(gives_way);
    RUN(hands_out_what_a_job_makes);
    RUN(ends_a_stream_that_nobody_wants);
    RUN(many_threads_and_hands);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return test_end() | (getenv("KF_TEST_KEEP") ? 0 : system(command) != 0);
}
