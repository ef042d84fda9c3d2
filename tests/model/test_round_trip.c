/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A film as JSON, put into a .kerf file, opened from there and written again is the same text, byte for byte. */
#include "base/api/str.h"
#include "film_util.h"
#include "folder.h"
#include "model/api/edit.h"

static kf_error error;

static kf_status write_kerf(kf_film *film, const char *path)
{
    kf_compact *c;
    kf_store *store = NULL;
    const kf_compact_params params = {.path = path};
    kf_status status = kf_compact_begin(kf_film_store(film), &params, &c, &error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_compact_run(c, &error);
    status = status == KF_OK ? kf_compact_finish(c, &store, &error) : status;
    kf_compact_destroy(c);
    if (status == KF_OK) {
        status = kf_store_sync(store, &error);
    }
    kf_store_unref(store);
    return status;
}

static kf_film *open_kerf(const char *path)
{
    kf_store *store;
    kf_film *film = NULL;
    const kf_film_load load = {.name = "film.kerf", .folder = "/films"};
    const kf_store_params params = {.read_only = true};
    if (kf_store_open_file(path, &params, &store, &error) == KF_OK &&
        kf_film_open_store(store, &load, &film, &error) != KF_OK) {
        kf_store_unref(store);
    }
    return film;
}

/* The film's JSON; it ends with the film. */
static kf_str written(kf_film *film)
{
    kf_str out = {0};
    CHECK_MSG(film && kf_film_write_json(kf_film_snapshot(film), &out, &error) == KF_OK, "%s", error.message);
    kf_str_add(&out, "");
    kf_film_destroy(film);
    return out;
}

static void there_and_back(const char *name, const char *text)
{
    kf_film *film, *again = NULL;
    const char *path = util_path("round.kerf");
    if (load_text(text, &film, &error) != KF_OK || write_kerf(film, path) != KF_OK) {
        CHECK_MSG(false, "%s: %s", name, error.message);
        kf_film_destroy(film);
        return;
    }
    kf_str direct = written(film), stored = written(open_kerf(path));
    CHECK_MSG(load_text(direct.data, &again, &error) == KF_OK, "%s: %s", name, error.message);
    kf_str twice = written(again);
    CHECK_MSG(direct.length > 100 && strcmp(direct.data, stored.data) == 0, "%s: not the same from the file", name);
    CHECK_MSG(strcmp(direct.data, twice.data) == 0, "%s: not the same when read back", name);
    kf_str_finish(&direct);
    kf_str_finish(&stored);
    kf_str_finish(&twice);
    remove(path);
}

TEST(a_film_with_everything)
{
    there_and_back("rich", rich_film);
}

TEST(films_of_this_repository)
{
    static const char *const names[] = {"bench/timelines/r1.json", "bench/timelines/r2.json", "bench/timelines/r3.json",
                                        "bench/timelines/r4.json", "examples/trailer.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[1024], *text = NULL;
        size_t length;
        snprintf(path, sizeof path, "%s/%s", KF_SOURCE_ROOT, names[i]);
        REQUIRE(kf_file_read(path, 1 << 26, &text, &length, &error) == KF_OK);
        there_and_back(names[i], text);
        kf_free(text);
    }
}

int main(void)
{
    RUN(a_film_with_everything);
    RUN(films_of_this_repository);
    return test_end();
}
