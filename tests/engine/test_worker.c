/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The background worker through its public header, on the shared clips. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "folder.h"
#include "kerf/worker.h"
#include "test.h"

static const char *folder;

static kf_worker *start(const char *cache)
{
    kf_worker_params params = kf_worker_params_default();
    kf_error err;
    kf_worker *w = NULL;
    params.folder = cache;
    if (kf_worker_create(&params, &w, &err)) printf("# %s\n", err.message);
    return w;
}

static kf_thumbnail_request request(const char *path, double at, double spacing, int height)
{
    return (kf_thumbnail_request){.path = path, .stream = -1, .at = (kf_time)(at * KF_SECOND),
                                  .spacing = (kf_time)(spacing * KF_SECOND), .height = height};
}

/* READY or FAILED, after waiting. */
static kf_work_state await_thumbnail(kf_worker *w, const kf_thumbnail_request *r, const kf_thumbnail **out)
{
    kf_work_state state = kf_worker_thumbnail(w, r, out);
    for (int i = 0; state == KF_WORK_PENDING && i < 3; i++) {
        kf_thumbnail_release(*out);
        kf_worker_wait(w, 20);
        state = kf_worker_thumbnail(w, r, out);
    }
    return state;
}

static const char *clip_path(const char *name)
{
    static char path[1200];
    const char *media = test_media_folder();
    if (!media) return NULL;
    snprintf(path, sizeof path, "%s/%s", media, name);
    return path;
}

TEST(grid_steps_are_powers_of_two)
{
    CHECK_INT(kf_thumbnail_step(0), 0);
    CHECK_INT(kf_thumbnail_step(KF_SECOND / 33), 0);
    CHECK_INT(kf_thumbnail_step(KF_SECOND / 32), KF_SECOND / 32);
    CHECK_INT(kf_thumbnail_step(KF_SECOND), KF_SECOND);
    CHECK_INT(kf_thumbnail_step(KF_SECOND * 3), KF_SECOND * 2);
    CHECK_INT(kf_thumbnail_step(INT64_MAX / 4), KF_SECOND << 15);
}

TEST(thumbnails_come)
{
    const char *path = clip_path("flower.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start("");
    const kf_thumbnail *t, *again;
    kf_thumbnail_request r = request(path, 1.3, 0.5, 90);
    CHECK_INT(kf_worker_thumbnail(w, &r, &t), KF_WORK_PENDING);
    CHECK(!t);
    REQUIRE(await_thumbnail(w, &r, &t) == KF_WORK_READY);
    CHECK_INT(t->height, 96);
    CHECK_INT(t->at, KF_SECOND);
    CHECK_INT(t->pixels[3], 255);
    r.at = KF_SECOND * 5 / 4; /* the same place on the grid */
    CHECK_INT(kf_worker_thumbnail(w, &r, &again), KF_WORK_READY);
    CHECK(again == t);
    kf_thumbnail_release(again);
    r.spacing = KF_SECOND / 4; /* a finer grid: the coarser picture stands in */
    CHECK_INT(kf_worker_thumbnail(w, &r, &again), KF_WORK_PENDING);
    CHECK(again == t);
    kf_thumbnail_release(again);
    kf_worker_destroy(w);
    CHECK_INT(t->pixels[3], 255); /* outlives the worker */
    kf_thumbnail_release(t);
}

TEST(thumbnails_are_kept_on_disk)
{
    const char *path = clip_path("flower.mp4");
    if (!path) SKIP("no shared media");
    for (int round = 0; round < 2; round++) {
        kf_worker *w = start(folder);
        const kf_thumbnail *t;
        kf_thumbnail_request r = request(path, 2, 4, 48);
        REQUIRE(await_thumbnail(w, &r, &t) == KF_WORK_READY);
        kf_worker_stats s = kf_worker_get_stats(w);
        CHECK_INT(s.thumbnails_decoded, round == 0);
        CHECK_INT(s.thumbnails_loaded, round == 1);
        CHECK(s.disk_bytes > 500);
        kf_thumbnail_release(t);
        kf_worker_destroy(w);
    }
}

TEST(peaks_come_and_are_kept)
{
    const char *path = clip_path("friday.mp4");
    if (!path) SKIP("no shared media");
    kf_peak_column first[50], columns[50];
    for (int round = 0; round < 2; round++) {
        kf_worker *w = start(folder);
        kf_peaks_info info;
        kf_peaks_query q = {.path = path, .stream = -1, .channel = -1, .to = 4 * KF_SECOND, .count = 50};
        CHECK_INT(kf_worker_peaks(w, &q, columns, &info), KF_WORK_PENDING);
        REQUIRE(kf_worker_wait(w, 30));
        REQUIRE(kf_worker_peaks(w, &q, columns, &info) == KF_WORK_READY);
        CHECK(info.channels > 0 && info.sample_rate > 0 && info.ready == info.end);
        float most = 0;
        for (int i = 0; i < 50; i++) most = columns[i].max > most ? columns[i].max : most;
        CHECK(most > 0.01f && most <= 1);
        if (round) CHECK(memcmp(first, columns, sizeof first) == 0);
        memcpy(first, columns, sizeof first);
        q.from = q.to;
        q.to = 0;
        kf_worker_peaks(w, &q, columns, NULL);
        for (int i = 0; i < 50; i++) CHECK(columns[i].max == first[49 - i].max);
        kf_worker_destroy(w);
    }
}

TEST(files_are_described)
{
    const char *path = clip_path("flower.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start(folder);
    kf_media_summary s;
    CHECK_INT(kf_worker_probe(w, path, KF_WORK_SOON, &s), KF_WORK_PENDING);
    CHECK_INT(kf_worker_probe(w, "/nowhere/at.all", KF_WORK_SOON, &s), KF_WORK_PENDING);
    REQUIRE(kf_worker_wait(w, 20));
    CHECK_INT(kf_worker_probe(w, path, KF_WORK_SOON, &s), KF_WORK_READY);
    CHECK(s.width > 0 && s.duration > 0 && s.bytes > 0);
    char *json = kf_worker_probe_json(w, path);
    CHECK(json && strstr(json, "\"streams\""));
    kf_string_free(json);
    CHECK_INT(kf_worker_probe(w, "/nowhere/at.all", KF_WORK_SOON, &s), KF_WORK_FAILED);
    CHECK(strstr(s.error, "/nowhere/at.all: there is no such file"));
    kf_worker_destroy(w);
}

static void remove_cache(void)
{
    static const char *const names[] = {"cache.db", "cache.db-wal", "cache.db-shm", "files", ""};
    for (int i = 0; i < 5; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
}

int main(void)
{
    folder = strdup(util_path("cache"));
    RUN(grid_steps_are_powers_of_two);
    RUN(thumbnails_come);
    RUN(thumbnails_are_kept_on_disk);
    RUN(peaks_come_and_are_kept);
    RUN(files_are_described);
    remove_cache();
    util_clean();
    return test_end();
}
