/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/status.h"
#include "base/api/str.h"
#include "test.h"

TEST(builds_text)
{
    kf_str s = {0};
    kf_str_add(&s, "");
    CHECK_STR(s.data, "");
    for (int i = 0; i < 1000; i++) {
        kf_str_addf(&s, "%d,", i % 10);
    }
    CHECK_INT(s.length, 2000);
    CHECK_INT(strlen(s.data), 2000);
    kf_str_add_n(&s, "a\0b", 3);
    CHECK_INT(s.length, 2003);
    kf_str_finish(&s);
    CHECK(s.data == NULL && s.length == 0);
}

TEST(a_failed_builder_stays_failed)
{
    kf_str s = {0};
    kf_str_add(&s, "kept");
    kf_alloc_fail_from(1);
    kf_str_addf(&s, "%0100d", 1);
    kf_alloc_fail_from(0);
    CHECK(s.failed);
    kf_str_add(&s, "x");
    CHECK_STR(s.data, "kept");
    kf_str_finish(&s);
}

TEST(checks_utf8)
{
    static const char *const valid[] = {"",
                                        "a",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "plain ascii over eight bytes \xC3\xA9"};
    static const char *const invalid[] = {"\x80",
                                          "\xC0\x80",
                                          "\xC1\xBF",
                                          "\xC2",
                                          "\xE0\x9F\xBF",
                                          "\xED\xA0\x80",
                                          "\xF0\x8F\xBF\xBF",
                                          "\xF4\x90\x80\x80",
                                          "\xF5\x80\x80\x80",
                                          "\xFF",
                                          "\xE2\x82",
                                          "\xE2\x28\xA1",
                                          "12345678\xBF"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        CHECK_MSG(kf_utf8_valid(valid[i], strlen(valid[i])), "valid %zu", i);
    }
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        CHECK_MSG(!kf_utf8_valid(invalid[i], strlen(invalid[i])), "invalid %zu", i);
    }
    CHECK_INT(kf_utf8_prefix("ab\xC3\xA9\xFFz", 6), 4);
}

TEST(suggests_the_closest)
{
    static const char *const words[] = {"opacity", "position", "rotation", "scale", "gain"};
    CHECK_STR(kf_closest("opacty", words, 5), "opacity");
    CHECK_STR(kf_closest("OPACITY", words, 5), "opacity");
    CHECK_STR(kf_closest("rotatoin", words, 5), "rotation");
    CHECK_STR(kf_closest("gian", words, 5), "gain");
    CHECK(kf_closest("volume", words, 5) == NULL);
    CHECK(kf_closest("", words, 5) == NULL);
    CHECK(kf_closest("x", words, 0) == NULL);
    char longer[200];
    memset(longer, 'a', 199);
    longer[199] = '\0';
    CHECK(kf_closest(longer, words, 5) == NULL);
}

static void joined(const char *folder, const char *path, const char *expected)
{
    char *out = kf_path_join(folder, path);
    CHECK_STR(out, expected);
    kf_free(out);
}

static void folder_of(const char *path, const char *expected)
{
    char *out = kf_path_folder(path);
    CHECK_STR(out, expected);
    kf_free(out);
}

TEST(paths)
{
    joined("a", "b", "a/b");
    joined("a/", "b", "a/b");
    joined("a", "/b", "/b");
    joined("", "b", "b");
    joined(".", "b", "b");
    joined("/", "b", "/b");
    folder_of("a/b/c", "a/b");
    folder_of("c", ".");
    folder_of("/c", "/");
    CHECK_STR(kf_path_name("a/b.c"), "b.c");
    CHECK_STR(kf_path_name("b"), "b");
    CHECK_STR(kf_path_extension("a.x/b.tar.gz"), "gz");
    CHECK_STR(kf_path_extension("a.x/b"), "");
    CHECK_STR(kf_path_extension(".hidden"), "");
}

static bool make_folder(char *folder)
{
    strcpy(folder, "/tmp/kerf-test-XXXXXX");
    return mkdtemp(folder) != NULL;
}

TEST(reads_and_writes_files)
{
    char folder[64];
    REQUIRE(make_folder(folder));
    char *path = kf_path_join(folder, "a.txt"), *link = kf_path_join(folder, "link");
    kf_error err = {0};
    char *text = NULL;
    size_t length = 0;
    CHECK_INT(kf_file_read(path, 100, &text, &length, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "a.txt") != NULL);
    CHECK_INT(kf_file_write_atomic(path, "one", 3, &err), KF_OK);
    CHECK_INT(chmod(path, 0640), 0);
    CHECK_INT(symlink("a.txt", link), 0);
    CHECK_INT(kf_file_write_atomic(link, "second", 6, &err), KF_OK);
    struct stat info;
    CHECK(lstat(link, &info) == 0 && S_ISLNK(info.st_mode));
    CHECK(stat(path, &info) == 0 && (info.st_mode & 07777) == 0640);
    REQUIRE(kf_file_read(path, 6, &text, &length, &err) == KF_OK);
    CHECK_STR(text, "second");
    CHECK_INT(length, 6);
    kf_free(text);
    CHECK_INT(kf_file_read(path, 5, &text, &length, &err), KF_ERR_INVALID);
    CHECK_INT(kf_file_read(folder, 5, &text, &length, &err), KF_ERR_IO);
    CHECK_INT(kf_file_write_atomic(folder, "x", 1, &err), KF_ERR_IO);
    CHECK_INT(kf_file_write_atomic("/nonexistent-folder/x", "x", 1, &err), KF_ERR_NOT_FOUND);
    CHECK_INT(kf_file_write_atomic("/dev/null", "x", 1, &err), KF_OK);
    CHECK_INT(kf_file_write_atomic(path, "", 0, &err), KF_OK);
    REQUIRE(kf_file_read(path, 5, &text, &length, &err) == KF_OK);
    CHECK(length == 0 && text[0] == '\0');
    kf_free(text);
    unlink(link);
    unlink(path);
    CHECK_INT(rmdir(folder), 0); /* no temporary file is left */
    kf_free(link);
    kf_free(path);
}

TEST(reads_a_large_file_and_fails_cleanly)
{
    char folder[64];
    REQUIRE(make_folder(folder));
    char *path = kf_path_join(folder, "big");
    size_t size = 3000001, length = 0;
    char *bytes = malloc(size), *text = NULL;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(i * 7 >> 3);
    }
    CHECK_INT(kf_file_write_atomic(path, bytes, size, NULL), KF_OK);
    REQUIRE(kf_file_read(path, SIZE_MAX, &text, &length, NULL) == KF_OK);
    CHECK(length == size && memcmp(text, bytes, size) == 0);
    kf_free(text);
    kf_alloc_fail_from(1);
    CHECK_INT(kf_file_read(path, SIZE_MAX, &text, &length, NULL), KF_ERR_MEMORY);
    CHECK(kf_file_write_atomic(path, "x", 1, NULL) == KF_ERR_MEMORY);
    kf_alloc_fail_from(0);
    free(bytes);
    unlink(path);
    rmdir(folder);
    kf_free(path);
}

TEST(messages)
{
    kf_error err = {0};
    CHECK_INT(kf_fail(&err, KF_ERR_RANGE, "clip %d", 3), KF_ERR_RANGE);
    CHECK_STR(err.message, "clip 3");
    kf_fail(&err, KF_ERR_MEDIA, "in %s", err.message);
    CHECK_STR(err.message, "in clip 3");
    CHECK_INT(err.status, KF_ERR_MEDIA);
    CHECK_INT(kf_fail(NULL, KF_ERR_IO, "x"), KF_ERR_IO);
    CHECK_INT(kf_fail_errno(&err, ENOENT, "%s", "f"), KF_ERR_NOT_FOUND);
    CHECK(strncmp(err.message, "f: ", 3) == 0 && strlen(err.message) > 5);
    CHECK_INT(kf_fail_errno(&err, ENOSPC, "f"), KF_ERR_NO_SPACE);
    CHECK_INT(kf_fail_errno(&err, EDQUOT, "f"), KF_ERR_NO_SPACE);
    CHECK_INT(kf_fail_errno(&err, ENOMEM, "f"), KF_ERR_MEMORY);
    CHECK_INT(kf_fail_errno(&err, EACCES, "f"), KF_ERR_IO);
    CHECK_STR(kf_status_name(KF_ERR_NOT_FOUND), "not-found");
    CHECK_STR(kf_status_name((kf_status)99), "unknown");
    char wide[2000] = "";
    for (int i = 0; i < 600; i++) {
        strcat(wide, "\xE2\x82\xAC");
    }
    kf_fail(&err, KF_ERR_PARSE, "%s", wide);
    CHECK_INT(strlen(err.message), 999);
    kf_fail(&err, KF_ERR_PARSE, "a%s", wide);
    CHECK_INT(strlen(err.message), 997); /* no half character at the end */
    CHECK(kf_utf8_valid(err.message, strlen(err.message)));
}

static void rebase(const char *path, const char *from, const char *to, const char *expected)
{
    char *found = kf_path_rebase(path, from, to);
    CHECK_STR(found, expected);
    kf_free(found);
}

TEST(rebases_paths)
{
    rebase("a.mp4", "/films", "/films", "a.mp4");
    rebase("a.mp4", "/films/x", "/films", "x/a.mp4");
    rebase("a.mp4", "/films", "/films/x", "../a.mp4");
    rebase("media/a.mp4", "/films/one", "/film", "../films/one/media/a.mp4");
    rebase("../m/a.mp4", "/films/one", "/films/two/deep", "../../m/a.mp4");
    rebase("/abs/a.mp4", "/films", "/elsewhere", "/abs/a.mp4");
    rebase("a.mp4", "sub", "", "sub/a.mp4");
    rebase("a.mp4", ".", "./sub/../other", "../a.mp4");
    rebase("../../../../a", "/x", "/y", "../a");
}

int main(void)
{
    RUN(builds_text);
    RUN(a_failed_builder_stays_failed);
    RUN(checks_utf8);
    RUN(suggests_the_closest);
    RUN(paths);
    RUN(reads_and_writes_files);
    RUN(reads_a_large_file_and_fails_cleanly);
    RUN(messages);
    RUN(rebases_paths);
    return test_end();
}
