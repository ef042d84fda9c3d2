/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "folder.h"
#include "media/api/cache.h"
#include "test.h"

enum { BIG = 1 << 20 };

static const char *in_cache(const char *name)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/%s", util_path("cache"), name);
    return path;
}

static void wipe(void)
{
    static const char *const names[] = {"cache.db", "cache.db-wal", "cache.db-shm", "files", ""};
    for (int i = 0; i < 5; i++) remove(in_cache(names[i]));
}

static kf_disk_cache *open_cache(int64_t limit)
{
    return kf_disk_cache_open(util_path("cache"), limit);
}

static bool holds(kf_disk_cache *c, const char *key, const char *text)
{
    size_t length = 0;
    uint8_t *bytes = kf_disk_cache_get(c, key, &length);
    bool same = bytes && length == strlen(text) && memcmp(bytes, text, length) == 0;
    kf_free(bytes);
    return same;
}

static void put(kf_disk_cache *c, const char *key, const char *text)
{
    kf_disk_cache_put(c, key, text, strlen(text));
}

TEST(keeps_bytes)
{
    kf_disk_cache *c = open_cache(BIG);
    CHECK(!holds(c, "a", ""));
    put(c, "a", "one");
    put(c, "b", "two");
    put(c, "a", "three");
    CHECK(holds(c, "a", "three"));
    CHECK(holds(c, "b", "two"));
    CHECK_INT(kf_disk_cache_get_stats(c).bytes, 8);
    kf_disk_cache_remove(c, "b");
    CHECK(!holds(c, "b", "two"));
    kf_disk_cache_close(c);
    c = open_cache(BIG);
    CHECK(holds(c, "a", "three"));
    CHECK_INT(kf_disk_cache_get_stats(c).entries, 1);
    kf_disk_cache_clear(c);
    CHECK_INT(kf_disk_cache_get_stats(c).bytes, 0);
    kf_disk_cache_close(c);
    kf_disk_cache_put(NULL, "a", "x", 1);
    CHECK(!kf_disk_cache_get(NULL, "a", &(size_t){0}));
    wipe();
}

static void put_block(kf_disk_cache *c, int number)
{
    static char block[10000];
    char key[16];
    snprintf(key, sizeof key, "%d", number);
    memset(block, number, sizeof block);
    kf_disk_cache_put(c, key, block, sizeof block);
}

TEST(stays_within_its_limit)
{
    kf_disk_cache *c = open_cache(100000);
    for (int i = 0; i < 40; i++) put_block(c, i);
    kf_disk_cache_stats s = kf_disk_cache_get_stats(c);
    CHECK(s.bytes <= 100000 && s.bytes >= 80000);
    size_t length;
    uint8_t *last = kf_disk_cache_get(c, "39", &length);
    CHECK(last && length == 10000 && last[17] == 39);
    kf_free(last);
    CHECK(!kf_disk_cache_get(c, "0", &length));
    kf_disk_cache_put(c, "huge", c, 50000); /* too much of it for one */
    CHECK(!kf_disk_cache_get(c, "huge", &length));
    kf_disk_cache_close(c);
    struct stat st;
    CHECK(stat(in_cache("cache.db"), &st) == 0 && st.st_size < 400000);
    wipe();
}

static void sql(const char *text)
{
    sqlite3 *db;
    CHECK_INT(sqlite3_open(in_cache("cache.db"), &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

TEST(the_least_used_leave_first)
{
    kf_disk_cache *c = open_cache(100000);
    for (int i = 0; i < 9; i++) put_block(c, i);
    kf_disk_cache_close(c);
    sql("UPDATE entry SET used = 1000 + id"); /* long ago, in order */
    c = open_cache(100000);
    size_t length;
    kf_free(kf_disk_cache_get(c, "0", &length)); /* used now */
    for (int i = 9; i < 12; i++) put_block(c, i);
    uint8_t *kept = kf_disk_cache_get(c, "0", &length);
    CHECK(kept);
    kf_free(kept);
    CHECK(!kf_disk_cache_get(c, "1", &length));
    kf_disk_cache_close(c);
    wipe();
}

TEST(other_bytes_than_were_put_are_not_given)
{
    kf_disk_cache *c = open_cache(BIG);
    put(c, "a", "one");
    kf_disk_cache_close(c);
    sql("UPDATE data SET bytes = 'eno'");
    c = open_cache(BIG);
    CHECK(!holds(c, "a", "one") && !holds(c, "a", "eno"));
    put(c, "a", "one");
    CHECK(holds(c, "a", "one"));
    kf_disk_cache_close(c);
    wipe();
}

static void overwrite(long at, size_t count)
{
    FILE *f = fopen(in_cache("cache.db"), "r+");
    REQUIRE(f);
    fseek(f, at, SEEK_SET);
    for (size_t i = 0; i < count; i++) fputc(0xa5, f);
    fclose(f);
}

static void check_damaged(long at, size_t count)
{
    kf_disk_cache *c = open_cache(BIG);
    for (int i = 0; i < 20; i++) put_block(c, i);
    put(c, "a", "one");
    kf_disk_cache_close(c);
    overwrite(at, count);
    c = open_cache(BIG);
    size_t length;
    for (int i = 0; i < 20; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        uint8_t *bytes = kf_disk_cache_get(c, key, &length);
        if (bytes) CHECK(length == 10000 && bytes[0] == i && bytes[9999] == i);
        kf_free(bytes);
    }
    for (int i = 0; i < 30; i++) put_block(c, i);
    put(c, "b", "two");
    CHECK(holds(c, "b", "two"));
    CHECK(kf_disk_cache_get_stats(c).available);
    kf_disk_cache_close(c);
    wipe();
}

TEST(damage_is_survived)
{
    check_damaged(0, 100);
    check_damaged(100, 4000);
    check_damaged(20, 8);
    check_damaged(4096, 20000);
    check_damaged(9000, 60000);
    check_damaged(0, 300000);
}

TEST(a_database_of_another_kind_is_replaced)
{
    mkdir(util_path("cache"), 0700);
    sql("CREATE TABLE entry(x); PRAGMA user_version = 99;");
    kf_disk_cache *c = open_cache(BIG);
    put(c, "a", "one");
    CHECK(holds(c, "a", "one"));
    CHECK_INT(kf_disk_cache_get_stats(c).rebuilt, 1);
    kf_disk_cache_close(c);
    wipe();
}

TEST(it_goes_without)
{
    kf_disk_cache *c = kf_disk_cache_open("/proc/nowhere/at/all", BIG);
    REQUIRE(c);
    put(c, "a", "one");
    CHECK(!holds(c, "a", "one"));
    CHECK(!kf_disk_cache_get_stats(c).available);
    CHECK(!kf_disk_cache_find_file(c, "a", "wav"));
    kf_disk_cache_clear(c);
    kf_disk_cache_close(c);
}

TEST(files_count_and_leave)
{
    kf_disk_cache *c = open_cache(100000);
    char *path = kf_disk_cache_file_path(c, "sound", "wav");
    REQUIRE(path);
    FILE *f = fopen(path, "w");
    REQUIRE(f);
    for (int i = 0; i < 20000; i++) fputc(i, f);
    fclose(f);
    CHECK(!kf_disk_cache_find_file(c, "sound", "wav")); /* not added yet */
    kf_disk_cache_add_file(c, "sound", "wav");
    char *found = kf_disk_cache_find_file(c, "sound", "wav");
    CHECK_STR(found, path);
    kf_free(found);
    CHECK_INT(kf_disk_cache_get_stats(c).bytes, 20000);
    CHECK(!kf_disk_cache_get(c, "sound", &(size_t){0}));
    CHECK_INT(truncate(path, 100), 0);
    CHECK(!kf_disk_cache_find_file(c, "sound", "wav")); /* not what it was */
    for (int i = 0; i < 12; i++) put_block(c, i);
    CHECK(access(path, F_OK) != 0); /* evicted */
    kf_free(path);
    kf_disk_cache_close(c);
    wipe();
}

static void *hammer(void *arg)
{
    kf_disk_cache *c = arg;
    size_t length;
    for (int i = 0; i < 150; i++) {
        char key[16];
        put_block(c, i % 40);
        snprintf(key, sizeof key, "%d", (i * 7) % 40);
        uint8_t *bytes = kf_disk_cache_get(c, key, &length);
        if (bytes) CHECK(length == 10000 && bytes[0] == bytes[9999]);
        kf_free(bytes);
    }
    return NULL;
}

TEST(processes_share_it)
{
    pid_t child = fork();
    kf_disk_cache *c = open_cache(200000);
    hammer(c);
    if (child == 0) _exit(test_failed_now != 0);
    int status = -1;
    waitpid(child, &status, 0);
    CHECK_INT(status, 0);
    CHECK(kf_disk_cache_get_stats(c).bytes <= 210000);
    CHECK_INT(kf_disk_cache_get_stats(c).rebuilt, 0);
    kf_disk_cache_close(c);
    wipe();
}

TEST(a_locked_one_is_left_alone)
{
    kf_disk_cache *c = open_cache(BIG);
    put(c, "a", "one");
    sqlite3 *db;
    sqlite3_open(in_cache("cache.db"), &db);
    CHECK_INT(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    put(c, "b", "two"); /* waits a while, and gives up */
    CHECK(holds(c, "a", "one"));
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    CHECK(!holds(c, "b", "two"));
    put(c, "b", "two");
    CHECK(holds(c, "b", "two"));
    kf_disk_cache_close(c);
    wipe();
}

int main(void)
{
    RUN(keeps_bytes);
    RUN(stays_within_its_limit);
    RUN(the_least_used_leave_first);
    RUN(other_bytes_than_were_put_are_not_given);
    RUN(damage_is_survived);
    RUN(a_database_of_another_kind_is_replaced);
    RUN(it_goes_without);
    RUN(files_count_and_leave);
    RUN(processes_share_it);
    RUN(a_locked_one_is_left_alone);
    util_clean();
    return test_end();
}
