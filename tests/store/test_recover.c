/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Damaged files: what is met is told, what is whole is saved. */
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "scratch.h"
#include "store/private.h"

enum { COMMITS = 20 };

static const kf_store_params reading = {.read_only = true};

/* COMMITS commits with one node each; gives where they are. */
static bool write_sample(const char *path, kf_ref commits[COMMITS])
{
    unlink(path);
    kf_store *store = create_or_fail(path, NULL);
    for (int i = 0; store && i < COMMITS; i++) {
        commits[i] = commit_value(store, i);
        if (i == 9) {
            CHECK_INT(kf_store_mark_saved(store, NULL), KF_OK);
        }
    }
    kf_status status = store ? kf_store_sync(store, NULL) : KF_ERR_IO;
    kf_store_unref(store);
    return status == KF_OK;
}

/* Each commit's root lies right before it: header, 8 bytes. */
static kf_ref root_of(kf_ref commit)
{
    return commit - 24;
}

static void scribble(const char *path, uint64_t at, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY);
    CHECK_INT(pwrite(fd, bytes, size, (off_t)at), (ssize_t)size);
    close(fd);
}

TEST(damage_is_told_when_met)
{
    const char *path = scratch("met.kerf");
    kf_ref commits[COMMITS];
    REQUIRE(write_sample(path, commits));
    scribble(path, root_of(commits[12]) + 16, "?", 1);
    for (int writing = 0; writing < 2; writing++) {
        kf_store *store = open_or_fail(path, writing ? NULL : &reading);
        REQUIRE(store);
        kf_error err = {0};
        CHECK(!kf_store_damage(store, &err));
        CHECK_INT(head_value(store), 19);
        CHECK_INT(value_of(store, commits[11]), 11);
        CHECK(!kf_store_damage(store, &err));
        CHECK_INT(value_of(store, commits[12]), -2); /* not there */
        CHECK(kf_store_damage(store, &err));
        char expected[100];
        snprintf(expected, sizeof expected, "met.kerf is damaged at byte %d", (int)root_of(commits[12]));
        CHECK_MSG(err.status == KF_ERR_PARSE && strstr(err.message, expected), "%s", err.message);
        kf_store_report report;
        CHECK_INT(kf_store_verify(store, &report, &err), KF_ERR_PARSE);
        CHECK_INT(report.bad, root_of(commits[12]));
        kf_commit c;
        REQUIRE(kf_store_commit_get(store, commits[12], &c));
        CHECK_INT(kf_store_verify_tree(store, c.root, NULL, &err), KF_ERR_PARSE);
        kf_ref out;
        kf_node_desc desc = {.kind = 16, .refs = &c.root, .ref_count = 1};
        CHECK(!writing || kf_store_append(store, &desc, &out, &err) == KF_ERR_INVALID);
        CHECK_INT(head_value(store), 19);
        kf_store_unref(store);
    }
}

static kf_status recover(const char *path, kf_recover_report *report, kf_store **out)
{
    const char *saved = scratch("recovered.kerf");
    kf_error err = {0};
    unlink(saved);
    kf_status status = kf_store_recover(path, saved, NULL, report, &err);
    *out = NULL;
    CHECK(status == KF_OK || (err.status == status && err.message[0] && !file_exists(saved)));
    if (status == KF_OK) {
        *out = open_or_fail(saved, NULL);
        CHECK_INT(kf_store_verify(*out, NULL, NULL), KF_OK);
    }
    return status;
}

TEST(a_sound_file_recovers_whole)
{
    const char *path = scratch("sound.kerf");
    kf_ref commits[COMMITS];
    REQUIRE(write_sample(path, commits));
    kf_recover_report report;
    kf_store *out;
    CHECK_INT(recover(path, &report, &out), KF_OK);
    REQUIRE(out);
    CHECK(report.newest && report.commits == COMMITS && report.lost_commits == 0 && report.lost_bytes == 0 &&
          report.lost_nodes == 0 && report.nodes == 2 * COMMITS + 1);
    CHECK_STR(report.label, "edit");
    CHECK_INT(report.head.serial, 20);
    CHECK_INT(report.head.time, 19);
    CHECK_INT(head_value(out), 19);
    CHECK_INT(value_of(out, kf_store_saved(out)), 9);
    kf_store_unref(out);
    kf_error err = {0};
    CHECK_INT(kf_store_recover(path, scratch("recovered.kerf"), NULL, &report, &err), KF_ERR_EXISTS);
    CHECK_INT(kf_store_recover(scratch("nowhere"), scratch("x.kerf"), NULL, &report, &err), KF_ERR_NOT_FOUND);
}

TEST(what_is_whole_is_saved)
{
    const char *path = scratch("torn.kerf");
    kf_ref commits[COMMITS];
    kf_recover_report report;
    kf_store *out;

    REQUIRE(write_sample(path, commits)); /* the last root is lost: the state before it is saved */
    scribble(path, root_of(commits[19]) + 3, "X", 1);
    CHECK_INT(recover(path, &report, &out), KF_OK);
    CHECK(!report.newest && report.commits == 20 && report.lost_commits == 1 && report.lost_bytes == 24);
    CHECK_INT(head_value(out), 18);
    kf_store_unref(out);

    REQUIRE(write_sample(path, commits)); /* one in the middle: the newest is whole */
    scribble(path, root_of(commits[5]), "XXXX", 4);
    scribble(path, commits[6] + 20, "XXXX", 4);
    CHECK_INT(recover(path, &report, &out), KF_OK);
    CHECK(report.newest && report.commits == 19 && report.lost_commits == 1);
    CHECK_INT(head_value(out), 19);
    kf_ref at = kf_store_head(out);
    int64_t sum = 0, count = 0;
    for (kf_commit c; kf_store_commit_get(out, at, &c); at = c.parent) {
        sum += value_of(out, at);
        count++;
    }
    CHECK_INT(count, 18);
    CHECK_INT(sum, 190 - 5 - 6);
    kf_store_unref(out);

    REQUIRE(write_sample(path, commits)); /* the header page */
    char zeros[KF_STORE_FIRST_NODE] = {0};
    scribble(path, 0, zeros, sizeof zeros);
    CHECK_INT(kf_store_open_file(path, &reading, &out, NULL), KF_ERR_PARSE);
    CHECK_INT(recover(path, &report, &out), KF_OK);
    CHECK_INT(head_value(out), 19);
    CHECK(report.newest);
    kf_store_unref(out);

    REQUIRE(write_sample(path, commits)); /* the end */
    CHECK_INT(truncate(path, (off_t)commits[15] + 20), 0);
    CHECK_INT(kf_store_open_file(path, &reading, &out, NULL), KF_ERR_PARSE);
    CHECK_INT(recover(path, &report, &out), KF_OK);
    CHECK_INT(head_value(out), 14);
    CHECK(!report.newest && report.commits == 15);
    kf_store_unref(out);

    for (int i = 0; i < 15; i++) { /* a part of each state */
        scribble(path, root_of(commits[i]) + 17, "X", 1);
    }
    kf_error err = {0};
    unlink(scratch("recovered.kerf"));
    CHECK_INT(kf_store_recover(path, scratch("recovered.kerf"), NULL, &report, &err), KF_ERR_PARSE);
    CHECK_MSG(strstr(err.message, "every state in it has lost something (") != NULL, "%s", err.message);
    CHECK(report.commits == 15 && report.lost_commits == 15);

    CHECK_INT(truncate(path, KF_STORE_FIRST_NODE + 30), 0); /* everything */
    CHECK_INT(recover(path, &report, &out), KF_ERR_PARSE);
    CHECK_INT(truncate(path, 0), 0);
    CHECK_INT(recover(path, &report, &out), KF_ERR_PARSE);
}

TEST(lost_superblocks_cost_a_walk)
{
    const char *path = scratch("walk.kerf");
    kf_ref commits[COMMITS];
    static const int places[] = {SUPERBLOCK_FIRST, SUPERBLOCK_SECOND};
    REQUIRE(write_sample(path, commits));
    for (int i = 0; i < 2; i++) {
        scribble(path, (uint64_t)places[i] + 9, "damage", 6);
        kf_store *store = open_or_fail(path, i ? NULL : &reading);
        REQUIRE(store);
        CHECK_INT(head_value(store), 19);
        CHECK_INT(value_of(store, kf_store_saved(store)), 9);
        CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
        kf_store_unref(store);
    }
}

/* While it is mapped: reads give zeros, nothing crashes, and it is told. */
TEST(a_file_cut_while_open)
{
    for (int writing = 0; writing < 2; writing++) {
        const char *path = scratch("cut.kerf");
        kf_store *store = create_or_fail(path, NULL);
        REQUIRE(store);
        static char block[4000];
        kf_ref refs[1000];
        for (int i = 0; i < 1000; i++) {
            memset(block, i | 1, sizeof block);
            kf_node_desc desc = {.kind = 20, .payload = block, .payload_size = sizeof block};
            REQUIRE(kf_store_append(store, &desc, &refs[i], NULL) == KF_OK);
        }
        commit_value(store, 1);
        CHECK_INT(kf_store_sync(store, NULL), KF_OK);
        if (!writing) {
            kf_store_unref(store);
            store = open_or_fail(path, &reading);
            REQUIRE(store);
        }
        const kf_node *first = kf_store_node(store, refs[0], 20, 1), *middle = kf_store_node(store, refs[500], 20, 1);
        REQUIRE(first && middle);
        CHECK_INT(truncate(path, 100000), 0);
        CHECK_INT(((const char *)kf_node_payload(first))[7], 1);
        CHECK_INT(((const char *)kf_node_payload(middle))[7], 0);
        CHECK_INT(kf_node_payload_size(middle), 0);
        CHECK_INT(kf_node_ref(middle, 0), KF_REF_NONE);
        CHECK(kf_store_node(store, refs[500], 20, 1) == NULL);
        CHECK(writing || kf_store_node(store, refs[700], 20, 1) == NULL);
        kf_error err = {0};
        CHECK(kf_store_damage(store, &err));
        CHECK_MSG(err.status == KF_ERR_IO && strstr(err.message, "cut short"), "%s", err.message);
        CHECK_INT(kf_store_verify(store, NULL, NULL), KF_ERR_PARSE);
        kf_compact *c = NULL;
        kf_status status = kf_compact_begin(store, &(kf_compact_params){.path = scratch("cut2.kerf")}, &c, &err);
        CHECK(status != KF_OK || kf_compact_run(c, &err) != KF_OK);
        kf_compact_destroy(c);
        CHECK(!writing == (kf_store_refresh(store, NULL, &err) == KF_ERR_IO));
        kf_store_unref(store);
    }
}

static sigjmp_buf back;
static volatile sig_atomic_t handed_on;

/* In place before the first store is opened. */
static void on_other_bus_error(int number)
{
    handed_on++;
    siglongjmp(back, 1);
}

TEST(other_bus_errors_go_where_they_went)
{
    const char *path = scratch("other.bin");
    kf_ref commits[COMMITS];
    REQUIRE(write_sample(scratch("bus.kerf"), commits));
    kf_store *store = open_or_fail(scratch("bus.kerf"), &reading);
    REQUIRE(store);
    int fd = open(path, O_CREAT | O_RDWR, 0666);
    volatile char *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0); /* of an empty file */
    REQUIRE(fd >= 0 && map != MAP_FAILED);
    handed_on = 0;
    if (sigsetjmp(back, 1) == 0) {
        printf("# %d\n", map[0]);
    }
    CHECK_INT(handed_on, 1);
    CHECK(!kf_store_damage(store, NULL));
    munmap((void *)map, 4096);
    close(fd);
    kf_store_unref(store);
}

TEST(a_writer_notices_a_cut_file)
{
    const char *path = scratch("cut3.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    commit_value(store, 1);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    CHECK_INT(truncate(path, 50), 0);
    commit_value(store, 2);
    kf_store_sync(store, NULL);
    CHECK(kf_store_damage(store, NULL));
    kf_store_unref(store);
}

enum { NESTED = 1500, NESTED_BYTES = 1 << 20 };

/* A sound-looking file of 1 MB with nodes in one another, each to the same end: together 1.5 GB. */
static size_t forge_nested(unsigned char *bytes)
{
    const kf_ref end = KF_STORE_FIRST_NODE + NESTED_BYTES, root = end;
    for (int i = NESTED - 1; i >= 0; i--) {
        kf_ref at = KF_STORE_FIRST_NODE + (kf_ref)i * 16;
        kf_node *node = (kf_node *)(void *)(bytes + at);
        *node = (kf_node){.kind = 20, .version = 1, .size = (uint32_t)(end - at)};
        node->checksum = node_checksum(node, at);
    }
    kf_node *top = (kf_node *)(void *)(bytes + root);
    *top = (kf_node){.kind = 21, .size = sizeof *top + NESTED * 8, .ref_count = NESTED};
    for (int i = 0; i < NESTED; i++) {
        ((kf_ref *)(void *)(top + 1))[i] = KF_STORE_FIRST_NODE + (kf_ref)i * 16;
    }
    top->checksum = node_checksum(top, root);
    kf_ref at = root + align8(top->size);
    struct { kf_node node; kf_ref refs[COMMIT_REFS]; commit_body body; char label[8]; } commit = {
        .node = {.kind = KF_NODE_COMMIT, .version = 1, .size = sizeof commit, .ref_count = COMMIT_REFS},
        .refs = {root},
        .body = {.serial = 1, .label_size = 1}};
    commit.body.headers = kf_crc32c(kf_crc32c(0, bytes + KF_STORE_FIRST_NODE, 16), top, 16);
    commit.node.checksum = node_checksum(&commit.node, at);
    memcpy(bytes + at, &commit, sizeof commit);
    superblock block = {.generation = 1, .state = {at + sizeof commit, at, at, KF_REF_NONE, 1}};
    superblock_seal(&block);
    memcpy(bytes + superblock_place(1), &block, sizeof block);
    store_write_header(bytes);
    return at + sizeof commit;
}

TEST(a_file_made_to_keep_us_busy)
{
    unsigned char *bytes = calloc(1, NESTED_BYTES * 2);
    REQUIRE(bytes);
    size_t size = forge_nested(bytes);
    const char *path = scratch("busy.kerf");
    int fd = open(path, O_CREAT | O_WRONLY, 0666);
    CHECK_INT(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    int64_t start = kf_clock_ns();
    kf_store *store = open_or_fail(path, NULL);
    REQUIRE(store);
    kf_commit head;
    REQUIRE(kf_store_commit_get(store, kf_store_head(store), &head));
    kf_error err = {0};
    CHECK_INT(kf_store_verify_tree(store, head.root, NULL, &err), KF_ERR_PARSE);
    CHECK(kf_store_damage(store, &err));
    CHECK_INT(kf_store_verify(store, NULL, &err), KF_ERR_PARSE);
    kf_store_unref(store);
    kf_recover_report report;
    CHECK_INT(recover(path, &report, &store), KF_ERR_PARSE);

    for (size_t at = KF_STORE_FIRST_NODE; at < size; at += 16) { /* what looks like a large node everywhere */
        *(kf_node *)(void *)(bytes + at) = (kf_node){.kind = 20, .size = NESTED_BYTES / 2};
    }
    fd = open(path, O_CREAT | O_WRONLY, 0666);
    CHECK_INT(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    CHECK_INT(recover(path, &report, &store), KF_ERR_PARSE);
    CHECK_MSG(kf_clock_ns() - start < INT64_C(20000000000), "%d ms", (int)((kf_clock_ns() - start) / 1000000));
    free(bytes);
}

TEST(recovery_fails_cleanly_without_memory)
{
    const char *path = scratch("low.kerf"), *out = scratch("low-out.kerf");
    kf_ref commits[COMMITS];
    REQUIRE(write_sample(path, commits));
    kf_status status = KF_ERR_MEMORY;
    int failures = 0;
    for (uint64_t n = 1; status != KF_OK && n < 100; n++) {
        kf_alloc_fail_from(n);
        status = kf_store_recover(path, out, NULL, NULL, NULL);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        CHECK(file_exists(out) == (status == KF_OK));
        failures += status != KF_OK;
    }
    CHECK_INT(status, KF_OK);
    CHECK(failures > 8);
}

int main(void)
{
    if (!scratch_make() || signal(SIGBUS, on_other_bus_error) == SIG_ERR) {
        return 1;
    }
    RUN(damage_is_told_when_met);
    RUN(a_sound_file_recovers_whole);
    RUN(what_is_whole_is_saved);
    RUN(lost_superblocks_cost_a_walk);
    RUN(a_file_cut_while_open);
    RUN(other_bus_errors_go_where_they_went);
    RUN(a_writer_notices_a_cut_file);
    RUN(a_file_made_to_keep_us_busy);
    RUN(recovery_fails_cleanly_without_memory);
    scratch_remove();
    return test_end();
}
