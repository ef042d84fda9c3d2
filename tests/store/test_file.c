/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stores on files: what is written is there again, damage is found when met, and nobody waits for the disk. */
#include <signal.h>
#include <sys/wait.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "scratch.h"
#include "store/private.h"

static const kf_store_params reading = {.read_only = true};

TEST(what_was_committed_is_there_again)
{
    const char *path = scratch("again.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    for (int i = 1; i <= 1000; i++) {
        commit_value(store, i);
    }
    kf_ref head = kf_store_head(store);
    CHECK_INT(kf_store_set_head(store, kf_store_undo_target(store), NULL), KF_OK);
    kf_store_unref(store);
    CHECK(!file_exists(scratch("again.kerf.lock")));

    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), 999);
    CHECK_INT(kf_store_redo_target(store), head);
    CHECK_INT(kf_store_set_head(store, head, NULL), KF_OK);
    commit_value(store, 1001);
    kf_ref at = kf_store_head(store);
    for (int i = 1001; i >= 1; i--) {
        kf_commit c;
        REQUIRE(kf_store_commit_get(store, at, &c));
        CHECK_INT(c.serial, i);
        CHECK_INT(value_of(store, at), i);
        at = c.parent;
    }
    CHECK_INT(at, KF_REF_NONE);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    CHECK(!kf_store_damage(store, NULL));
    kf_store_unref(store);
}

TEST(the_file_is_the_memory)
{
    const char *path = scratch("bytes.kerf");
    kf_store *store = create_or_fail(path, NULL), *memory = NULL, *copy = NULL;
    REQUIRE(store && kf_store_create_memory(NULL, &memory, NULL) == KF_OK);
    for (int i = 0; i < 50; i++) {
        commit_value(store, i);
        commit_value(memory, i);
    }
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    uint64_t end = kf_store_bytes(store);
    CHECK_INT(file_size(path), end);
    CHECK_INT(kf_store_bytes(memory), end);
    unsigned char *bytes = malloc(end);
    int fd = open(path, O_RDONLY);
    CHECK_INT(pread(fd, bytes, end, 0), end);
    close(fd);
    const unsigned char *nodes = bytes + KF_STORE_FIRST_NODE;
    CHECK(memcmp(nodes, memory->nodes.base + KF_STORE_FIRST_NODE, end - KF_STORE_FIRST_NODE) == 0);
    CHECK(memcmp(bytes, memory->nodes.base, sizeof(store_header)) == 0);
    REQUIRE(kf_store_open_memory(bytes, end, NULL, &copy, NULL) == KF_OK);
    CHECK_INT(head_value(copy), 49);
    commit_value(copy, 50);
    CHECK_INT(kf_store_verify(copy, NULL, NULL), KF_OK);
    kf_store_unref(copy);
    REQUIRE(kf_store_open_memory(kf_store_data(memory), end, NULL, &copy, NULL) == KF_OK); /* no superblock: a walk */
    CHECK_INT(head_value(copy), 49);
    kf_store_unref(copy);
    free(bytes);
    kf_store_unref(memory);
    kf_store_unref(store);
}

/* Several megabytes: nodes stay where they are when their memory becomes a mapping of the file. */
TEST(memory_gives_way_to_the_file)
{
    const char *path = scratch("large.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    static char block[10000];
    const kf_node *first = NULL;
    kf_ref refs[800];
    for (int i = 0; i < 800; i++) {
        memset(block, i, sizeof block);
        kf_node_desc desc = {.kind = 20, .payload = block, .payload_size = sizeof block};
        REQUIRE(kf_store_append(store, &desc, &refs[i], NULL) == KF_OK);
        first = i == 0 ? kf_store_node(store, refs[0], 20, 1) : first;
        if (i % 50 == 49) {
            commit_value(store, i);
            CHECK_INT(kf_store_sync(store, NULL), KF_OK);
        }
    }
    CHECK(kf_store_node(store, refs[0], 20, 1) == first);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 800; i++) {
            const kf_node *n = kf_store_node(store, refs[i], 20, sizeof block);
            memset(block, i, sizeof block);
            CHECK(n && memcmp(kf_node_payload(n), block, sizeof block) == 0);
        }
        kf_store_unref(store);
        store = open_or_fail(path, round ? NULL : &reading);
        REQUIRE(store);
    }
    commit_value(store, 7);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(a_second_writer_is_told_who_writes)
{
    const char *path = scratch("locked.kerf");
    kf_store *store = create_or_fail(path, NULL), *second = NULL;
    REQUIRE(store);
    commit_value(store, 1);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    kf_error err = {0};
    CHECK_INT(kf_store_open_file(path, NULL, &second, &err), KF_ERR_IO);
    char name[40];
    snprintf(name, sizeof name, "process %d on ", (int)getpid());
    CHECK_MSG(strstr(err.message, name) && strstr(err.message, path), "%s", err.message);
    CHECK_INT(kf_store_create_file(path, NULL, &second, &err), KF_ERR_IO);
    second = open_or_fail(path, &reading);
    REQUIRE(second);
    CHECK_INT(head_value(second), 1);
    kf_ref out;
    CHECK_INT(kf_store_append(second, &(kf_node_desc){.kind = 16}, &out, &err), KF_ERR_INVALID);
    CHECK(kf_store_read_only(second) && !kf_store_read_only(store));
    kf_store_unref(second);
    kf_store_unref(store);
    store = open_or_fail(path, NULL);
    kf_store_unref(store);
    CHECK_INT(kf_store_create_file(path, NULL, &second, &err), KF_ERR_EXISTS);
}

TEST(a_lock_of_the_dead_does_not_hold)
{
    const char *path = scratch("dead.kerf");
    pid_t child = fork();
    if (child == 0) {
        kf_store *store = create_or_fail(path, NULL);
        commit_value(store, 5);
        _exit(kf_store_sync(store, NULL) == KF_OK ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    CHECK_INT(status, 0);
    CHECK(file_exists(scratch("dead.kerf.lock")));
    kf_store *store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), 5);
    kf_store_unref(store);
}

/* A process that commits `commits` values on from the head, the last `loose` of them without waiting, and dies. */
static void write_and_die(const char *path, int commits, int loose, size_t payload)
{
    pid_t child = fork();
    if (child == 0) {
        kf_store_params params = {.flush_ms = 1000};
        kf_store *store = file_exists(path) ? open_or_fail(path, &params) : create_or_fail(path, &params);
        int64_t value = kf_store_head(store) ? head_value(store) : 0;
        char *block = calloc(1, payload + 1);
        for (int i = 0; i < commits; i++) {
            kf_ref out;
            kf_node_desc desc = {.kind = 30, .payload = block, .payload_size = payload};
            kf_store_append(store, &desc, &out, NULL);
            commit_value(store, ++value);
            if (i == commits - loose - 1 && kf_store_sync(store, NULL) != KF_OK) {
                _exit(1);
            }
        }
        kill(getpid(), SIGKILL);
    }
    int status;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
}

static const char *tail_of(const char *path)
{
    static char name[100];
    struct stat st = {0};
    CHECK_INT(stat(path, &st), 0);
    snprintf(name, sizeof name, "/dev/shm/kerf-%u-%llx-%llx", (unsigned)geteuid(), (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino);
    return name;
}

TEST(commits_outlive_the_process)
{
    if (!tails_are_kept()) {
        SKIP("no /dev/shm");
    }
    const char *path = scratch("outlive.kerf");
    write_and_die(path, 300, 290, 100);
    kf_store *store = open_or_fail(path, &reading);
    REQUIRE(store);
    CHECK_INT(head_value(store), 10); /* on disk; the rest is for the next writer */
    kf_store_unref(store);
    CHECK(file_exists(tail_of(path)));
    write_and_die(path, 50, 49, 40000); /* 2 MB, again and again on what was never flushed */
    write_and_die(path, 50, 50, 40000);
    write_and_die(path, 1, 1, 0);
    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), 401);
    kf_store_report report;
    CHECK_INT(kf_store_verify(store, &report, NULL), KF_OK);
    CHECK_INT(report.commits, 401);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    CHECK_INT(file_size(path), kf_store_bytes(store));
    commit_value(store, 402);
    kf_store_unref(store);
    CHECK(!file_exists(tail_of(path)));
    store = open_or_fail(path, &reading);
    REQUIRE(store);
    CHECK_INT(head_value(store), 402);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

static void put_back(const char *path, const char *bytes, long size)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    CHECK_INT(write(fd, bytes, (size_t)size), size);
    close(fd);
}

/* Who puts an older copy in the place of a file wants that one. */
TEST(a_file_put_back_stays_as_it_is)
{
    if (!tails_are_kept()) {
        SKIP("no /dev/shm");
    }
    const char *path = scratch("back.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    commit_value(store, 1);
    kf_store_unref(store);
    long size = file_size(path);
    char *bytes = malloc((size_t)size);
    int fd = open(path, O_RDONLY);
    CHECK_INT(read(fd, bytes, (size_t)size), size);
    close(fd);
    write_and_die(path, 20, 10, 100);
    put_back(path, bytes, size);
    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), 1);
    commit_value(store, 2);
    kf_store_unref(store);
    free(bytes);
    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), 2);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

/* What is left in memory is believed no more than what is on disk. */
TEST(a_damaged_tail_ends_where_it_is_damaged)
{
    if (!tails_are_kept()) {
        SKIP("no /dev/shm");
    }
    const char *path = scratch("tail.kerf");
    write_and_die(path, 100, 100, 1000);
    const char *name = tail_of(path);
    int fd = open(name, O_WRONLY);
    CHECK_INT(pwrite(fd, "damage", 6, 65536 + 50000), 6);
    close(fd);
    kf_store *store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), (50000 - 4096) / (16 + 1000 + 16 + 8 + 16 + 24 + 24 + 8));
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    CHECK(!kf_store_damage(store, NULL));
    commit_value(store, 7);
    kf_store_unref(store);
    CHECK(!file_exists(name));
    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(head_value(store), 7);
    kf_store_unref(store);
}

TEST(save_marks_the_head)
{
    const char *path = scratch("saved.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    kf_error err = {0};
    CHECK_INT(kf_store_save(store, &err), KF_ERR_INVALID);
    CHECK_INT(kf_store_saved(store), KF_REF_NONE);
    kf_ref one = commit_value(store, 1);
    CHECK_INT(kf_store_save(store, &err), KF_OK);
    CHECK_INT(kf_store_saved(store), one);
    CHECK_INT(file_size(path), kf_store_bytes(store));
    uint64_t end = kf_store_bytes(store);
    CHECK_INT(kf_store_save(store, &err), KF_OK); /* again: nothing new */
    CHECK_INT(kf_store_bytes(store), end);
    commit_value(store, 2);
    CHECK_INT(kf_store_head(store) != one, 1);
    CHECK_INT(kf_store_undo_target(store), one);
    kf_store_unref(store);
    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(kf_store_saved(store), one);
    CHECK_INT(head_value(store), 2);
    CHECK_INT(kf_store_verify(store, NULL, &err), KF_OK);
    kf_store_unref(store);
}

TEST(a_reader_sees_what_the_writer_flushed)
{
    const char *path = scratch("reader.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    kf_store *reader = open_or_fail(path, &reading);
    REQUIRE(reader);
    CHECK_INT(kf_store_head(reader), KF_REF_NONE);
    bool changed = true;
    CHECK_INT(kf_store_refresh(reader, &changed, NULL), KF_OK);
    CHECK(!changed);
    for (int i = 1; i <= 40; i++) {
        static char block[50000];
        kf_ref out;
        kf_node_desc desc = {.kind = 17, .payload = block, .payload_size = sizeof block};
        CHECK_INT(kf_store_append(store, &desc, &out, NULL), KF_OK);
        kf_ref commit = commit_value(store, i);
        CHECK_INT(i % 3 ? kf_store_sync(store, NULL) : kf_store_save(store, NULL), KF_OK);
        CHECK_INT(kf_store_refresh(reader, &changed, NULL), KF_OK);
        CHECK(changed);
        CHECK_INT(head_value(reader), i);
        CHECK_INT(kf_store_saved(reader), i % 3 ? kf_store_saved(store) : commit);
    }
    CHECK_INT(kf_store_verify(reader, NULL, NULL), KF_OK);
    CHECK(!kf_store_replaced(reader) && !kf_store_replaced(store));
    CHECK_INT(rename(path, scratch("moved.kerf")), 0);
    CHECK(kf_store_replaced(reader));
    int fd = open(path, O_CREAT | O_WRONLY, 0666);
    close(fd);
    CHECK(kf_store_replaced(reader) && kf_store_replaced(store));
    kf_error err = {0};
    CHECK_INT(kf_store_sync(store, &err), KF_OK);
    CHECK_INT(kf_store_save(store, &err), KF_ERR_IO);
    CHECK_MSG(strstr(err.message, "replaced or removed") && strstr(err.message, path), "%s", err.message);
    kf_store_unref(reader);
    kf_store_unref(store);
}

TEST(a_transaction_can_be_given_up)
{
    kf_store *store = create_or_fail(scratch("rewind.kerf"), NULL);
    REQUIRE(store);
    commit_value(store, 1);
    uint64_t end = kf_store_bytes(store);
    kf_store_point point = kf_store_mark(store);
    kf_ref out[3];
    for (int i = 0; i < 3; i++) {
        kf_node_desc desc = {.kind = 30, .payload = "abcdefghijkl", .payload_size = 3};
        CHECK_INT(kf_store_append(store, &desc, &out[i], NULL), KF_OK);
        point = i == 0 ? kf_store_mark(store) : point;
    }
    kf_store_rewind(store, point); /* keeps the first */
    CHECK(kf_store_node(store, out[0], 30, 3) && !kf_store_node(store, out[1], 30, 0));
    commit_value(store, 2);
    CHECK(!kf_store_node(store, out[2], KF_NODE_ANY, 0) || kf_store_node(store, out[2], 16, 0) ||
          kf_store_node(store, out[2], KF_NODE_COMMIT, 0));
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    uint64_t after = kf_store_bytes(store);
    kf_store_rewind(store, point); /* before a record: refused */
    kf_store_rewind(store, (kf_store_point){end, 0});
    CHECK_INT(kf_store_bytes(store), after);
    CHECK_INT(head_value(store), 2);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    kf_store_unref(store);
    store = open_or_fail(scratch("rewind.kerf"), NULL);
    CHECK_INT(store ? kf_store_verify(store, NULL, NULL) : -1, KF_OK);
    kf_store_unref(store);
}

/* Bytes behind the last record are what a crash left: gone when a writer opens the file. */
TEST(half_a_commit_is_dropped)
{
    const char *path = scratch("half.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    commit_value(store, 1);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    long whole = file_size(path);
    commit_value(store, 2);
    kf_store_unref(store);
    CHECK_INT(truncate(path, file_size(path) - 8), 0);
    kf_error err = {0};
    CHECK_INT(kf_store_open_file(path, NULL, &store, &err), KF_ERR_PARSE); /* it was safe on disk: said, not hidden */
    CHECK_MSG(strstr(err.message, "kerf recover") && strstr(err.message, path), "%s", err.message);

    store = create_or_fail(path, NULL);
    REQUIRE(store);
    commit_value(store, 1);
    kf_store_unref(store);
    CHECK_INT(file_size(path), whole);
    int fd = open(path, O_WRONLY | O_APPEND);
    CHECK_INT(write(fd, "a torn write, not a whole record", 32), 32);
    close(fd);
    store = open_or_fail(path, &reading);
    REQUIRE(store);
    CHECK_INT(head_value(store), 1);
    kf_store_unref(store);
    CHECK_INT(file_size(path), whole + 32);
    store = open_or_fail(path, NULL);
    REQUIRE(store);
    CHECK_INT(file_size(path), whole);
    CHECK_INT(head_value(store), 1);
    commit_value(store, 2);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(what_is_no_project_is_refused)
{
    static const char *const contents[] = {"", "KERF", "{\"kerf\": 1}", NULL};
    kf_store *store = NULL;
    kf_error err = {0};
    const char *path = scratch("none.kerf");
    for (int i = 0; contents[i]; i++) {
        int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0666);
        CHECK_INT(write(fd, contents[i], strlen(contents[i])), strlen(contents[i]));
        close(fd);
        CHECK_INT(kf_store_open_file(path, &reading, &store, &err), KF_ERR_PARSE);
        CHECK_INT(kf_store_open_file(path, NULL, &store, &err), KF_ERR_PARSE);
        CHECK(strstr(err.message, "none.kerf is not a Kerf project") != NULL);
        CHECK_INT(file_size(path), strlen(contents[i]));
        CHECK_INT(kf_store_open_memory(contents[i], strlen(contents[i]), NULL, &store, &err), KF_ERR_PARSE);
    }
    CHECK_INT(kf_store_open_file(scratch("nowhere.kerf"), NULL, &store, &err), KF_ERR_NOT_FOUND);
    path = scratch("pipe.kerf");
    CHECK_INT(mkfifo(path, 0666), 0);
    CHECK_INT(kf_store_open_file(path, &reading, &store, &err), KF_ERR_PARSE);
    CHECK_INT(kf_store_open_file(path, NULL, &store, &err), KF_ERR_PARSE);
    CHECK_INT(kf_store_open_file(scratch_folder, &reading, &store, &err), KF_ERR_PARSE);
    CHECK(kf_store_open_file(scratch_folder, NULL, &store, &err) != KF_OK);
    CHECK_INT(kf_store_open_file("/dev/zero", &reading, &store, &err), KF_ERR_PARSE);
    CHECK_INT(kf_store_recover(path, scratch("saved.kerf"), NULL, NULL, &err), KF_ERR_PARSE);
    CHECK_INT(kf_store_create_file(scratch("no/folder.kerf"), NULL, &store, &err), KF_ERR_NOT_FOUND);
    CHECK(store == NULL && !file_exists(scratch("none.kerf.lock")));
}

TEST(opening_fails_cleanly_without_memory)
{
    const char *path = scratch("memory.kerf"), *other = scratch("memory2.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    commit_value(store, 3);
    kf_store_unref(store);
    int failed = 0;
    for (uint64_t n = 2; n < 40; n++) {
        store = NULL;
        kf_error err = {0};
        kf_alloc_fail_from(n / 2);
        kf_status status = n % 2 ? kf_store_open_file(path, NULL, &store, &err)
                                 : kf_store_create_file(other, NULL, &store, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK ? store != NULL : store == NULL && status == KF_ERR_MEMORY);
        failed += status != KF_OK;
        kf_store_unref(store);
        unlink(other);
    }
    CHECK(failed >= 8);
    CHECK(!file_exists(scratch("memory.kerf.lock")) && !file_exists(scratch("memory2.kerf.lock")));
}

int main(void)
{
    if (!scratch_make()) {
        return 1;
    }
    RUN(what_was_committed_is_there_again);
    RUN(the_file_is_the_memory);
    RUN(memory_gives_way_to_the_file);
    RUN(a_second_writer_is_told_who_writes);
    RUN(a_lock_of_the_dead_does_not_hold);
    RUN(commits_outlive_the_process);
    RUN(a_file_put_back_stays_as_it_is);
    RUN(a_damaged_tail_ends_where_it_is_damaged);
    RUN(save_marks_the_head);
    RUN(a_reader_sees_what_the_writer_flushed);
    RUN(a_transaction_can_be_given_up);
    RUN(half_a_commit_is_dropped);
    RUN(what_is_no_project_is_refused);
    RUN(opening_fails_cleanly_without_memory);
    scratch_remove();
    return test_end();
}
