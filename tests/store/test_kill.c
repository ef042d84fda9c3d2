/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that edits, saves and compacts is killed at random moments. Every commit that it had made is there (where
 * memory outlives a process; else every one that a sync had returned for), and the file is whole.
 *     test_kill [KILLS]        (default 30; KERF_SOAK: 1 000) */
#include <signal.h>
#include <sys/wait.h>

#include "scratch.h"

typedef struct message {
    int64_t safe;             /* the newest commit that a sync has returned for */
    int64_t made;             /* the newest commit that was made */
} message;

static uint32_t roll(uint64_t *random, uint32_t n)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*random >> 33) % n;
}

static void tell(int fd, message m)
{
    if (write(fd, &m, sizeof m) != sizeof m) {
        _exit(3);
    }
}

static kf_store *compact(kf_store *store)
{
    kf_compact *c = NULL;
    kf_store *fresh = NULL;
    if (kf_compact_begin(store, &(kf_compact_params){.keep_history = true}, &c, NULL) != KF_OK ||
        kf_compact_run(c, NULL) != KF_OK || kf_compact_finish(c, &fresh, NULL) != KF_OK) {
        _exit(4);
    }
    kf_compact_destroy(c);
    kf_store_unref(store);
    return fresh;
}

/* Goes on until it is killed. */
static void edit_for_ever(const char *path, int fd, uint64_t random)
{
    kf_store *store = NULL;
    kf_error err = {0};
    kf_store_params params = {.flush_ms = 2};
    kf_status status = file_exists(path) ? kf_store_open_file(path, &params, &store, &err)
                                         : kf_store_create_file(path, &params, &store, &err);
    if (status != KF_OK) {
        printf("# child: %s\n", err.message);
        fflush(stdout);
        _exit(2);
    }
    message m = {0};
    m.made = kf_store_head(store) == KF_REF_NONE ? 0 : head_value(store);
    for (;;) {
        static char block[4000];
        kf_ref out;
        kf_node_desc desc = {.kind = 30, .payload = block, .payload_size = roll(&random, sizeof block)};
        kf_store_append(store, &desc, &out, NULL);
        commit_value(store, m.made + 1);
        m.made++;
        if (roll(&random, 30) == 0) {
            status = roll(&random, 2) ? kf_store_sync(store, &err) : kf_store_save(store, &err);
            m.safe = status == KF_OK ? m.made : m.safe;
        }
        if (roll(&random, 200) == 0) {
            store = compact(store);
            m.safe = m.made;
        }
        tell(fd, m);
        if (roll(&random, 4) == 0) {
            usleep(roll(&random, 500));
        }
    }
}

static message read_all(int fd, message last)
{
    message m;
    while (read(fd, &m, sizeof m) == sizeof m) {
        last = m;
    }
    return last;
}

/* Gives what is known of the file from then on. */
static message check_after(const char *path, message last)
{
    kf_store *store = NULL;
    kf_error err = {0};
    kf_status status = kf_store_open_file(path, NULL, &store, &err);
    if (last.made == 0 && status != KF_OK) {
        unlink(path); /* killed before the file was one */
        return (message){0};
    }
    CHECK_MSG(status == KF_OK, "%s", err.message);
    if (status == KF_OK) {
        int64_t value = kf_store_head(store) == KF_REF_NONE ? 0 : head_value(store);
        int64_t least = tails_are_kept() ? last.made : last.safe;
        CHECK_MSG(value >= least && value <= last.made + 1, "%d, safe %d, made %d", (int)value, (int)last.safe,
                  (int)last.made);
        last = (message){value, value};
        CHECK(history_is_whole(store, value));
        CHECK_MSG(kf_store_verify(store, NULL, &err) == KF_OK, "%s", err.message);
    }
    kf_store_unref(store);
    return last;
}

static int kills = 30;

TEST(no_commit_is_lost)
{
    const char *path = scratch("kill.kerf");
    uint64_t random = 11;
    int64_t commits = 0;
    message last = {0};
    for (int i = 0; i < kills && test_failed_now == 0; i++) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            edit_for_ever(path, ends[1], random);
        }
        close(ends[1]);
        usleep(2000 + roll(&random, 40000));
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status));
        last = read_all(ends[0], last);
        close(ends[0]);
        commits = last.made > commits ? last.made : commits;
        last = check_after(path, last);
        if (i % 20 == 19) {
            unlink(path);
            last = (message){0};
        }
    }
    printf("# %d kills, at most %d commits\n", kills, (int)commits);
}

int main(int argc, char **argv)
{
    if (!scratch_make()) {
        return 1;
    }
    kills = argc > 1 ? atoi(argv[1]) : getenv("KERF_SOAK") ? 1000 : kills;
    RUN(no_commit_is_lost);
    scratch_remove();
    return test_end();
}
