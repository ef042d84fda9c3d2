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
    params.nice = 1; /* so that tests end on busy machines */
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

static atomic_int told[KF_WORK_CHANGED + 1];

static void count(void *context, const kf_work_event *event)
{
    if (event->done) atomic_fetch_add(&told[event->kind], 1);
}

TEST(listeners_are_told)
{
    const char *path = clip_path("friday.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start("");
    uint64_t listener = kf_worker_listen(w, count, NULL);
    const kf_thumbnail *t;
    kf_thumbnail_request r = request(path, 1, 1, 48);
    kf_peaks_query q = {.path = path, .stream = -1, .channel = -1, .to = KF_SECOND, .count = 4};
    kf_peak_column columns[4];
    kf_media_summary s;
    uint64_t hash;
    kf_worker_thumbnail(w, &r, &t);
    kf_worker_peaks(w, &q, columns, NULL);
    kf_worker_probe(w, path, KF_WORK_SOON, &s);
    CHECK_INT(kf_worker_hash(w, path, KF_WORK_SOON, &hash), KF_WORK_PENDING);
    REQUIRE(kf_worker_wait(w, 20));
    CHECK_INT(told[KF_WORK_THUMBNAIL], 1);
    CHECK_INT(told[KF_WORK_PEAKS], 1);
    CHECK_INT(told[KF_WORK_PROBE], 1);
    CHECK_INT(told[KF_WORK_HASH], 1);
    CHECK_INT(kf_worker_hash(w, path, KF_WORK_SOON, &hash), KF_WORK_READY);
    CHECK(hash != 0);
    CHECK_INT(kf_worker_jobs(w, NULL, 0), 0);
    kf_worker_unlisten(w, listener);
    r.at = 3 * KF_SECOND;
    kf_worker_thumbnail(w, &r, &t);
    kf_worker_wait(w, 20);
    CHECK_INT(told[KF_WORK_THUMBNAIL], 1);
    kf_worker_destroy(w);
}

static bool await_job(kf_worker *w, uint64_t id, kf_work_job *job)
{
    kf_worker_wait(w, 60);
    return kf_worker_job(w, id, job);
}

TEST(proxies_are_jobs)
{
    const char *path = clip_path("flower.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start("");
    kf_work_job job;
    kf_error err;
    uint64_t id, again;
    kf_proxy_request r = {.path = path};
    CHECK_INT(kf_worker_make_proxy(w, &r, &id, &err), KF_ERR_INVALID); /* no folder */
    r.folder = util_path("");
    r.preset = "quartr";
    CHECK_INT(kf_worker_make_proxy(w, &r, &id, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "did you mean quarter"));
    r.preset = "quarter";
    REQUIRE(!kf_worker_make_proxy(w, &r, &id, &err));
    kf_worker_make_proxy(w, &r, &again, &err);
    CHECK(again == id || kf_worker_job(w, id, &job)); /* the same, unless it was done already */
    REQUIRE(await_job(w, id, &job));
    CHECK_INT(job.state, KF_JOB_DONE);
    CHECK_STR(job.name, "Proxy of flower.mp4");
    CHECK(access(job.output, R_OK) == 0);
    kf_media_summary s, o;
    kf_worker_probe(w, job.output, KF_WORK_SOON, &s);
    kf_worker_probe(w, path, KF_WORK_SOON, &o);
    kf_worker_wait(w, 20);
    REQUIRE(kf_worker_probe(w, job.output, KF_WORK_SOON, &s) == KF_WORK_READY);
    REQUIRE(kf_worker_probe(w, path, KF_WORK_SOON, &o) == KF_WORK_READY);
    CHECK_NEAR((double)s.width / s.height, (double)o.width / o.height, 0.01);
    CHECK(s.width < o.width / 3);
    CHECK_INT(s.frames, o.frames);
    kf_worker_clear_jobs(w);
    CHECK(!kf_worker_job(w, id, &job));
    REQUIRE(!kf_worker_make_proxy(w, &r, &id, &err)); /* found */
    REQUIRE(await_job(w, id, &job));
    CHECK_INT(job.state, KF_JOB_DONE);
    kf_worker_destroy(w);
}

TEST(jobs_pause_and_cancel)
{
    const char *path = clip_path("big-buck-bunny-1080p24-30s.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start("");
    kf_work_job job;
    uint64_t id;
    kf_proxy_request r = {.path = path, .folder = util_path("stopped"), .preset = "quarter"};
    REQUIRE(!kf_worker_make_proxy(w, &r, &id, NULL));
    kf_worker_pause_job(w, id, true);
    CHECK(kf_worker_wait(w, 20)); /* what is paused is not waited for */
    REQUIRE(kf_worker_job(w, id, &job));
    CHECK_INT(job.state, KF_JOB_PAUSED);
    kf_worker_pause_job(w, id, false);
    CHECK(!kf_worker_wait(w, 0.05));
    kf_worker_set_busy(w, true);
    CHECK(kf_worker_wait(w, 20)); /* nor what stands back */
    kf_worker_cancel_job(w, id);
    kf_worker_set_busy(w, false);
    REQUIRE(await_job(w, id, &job));
    CHECK_INT(job.state, KF_JOB_CANCELLED);
    CHECK(util_count(r.folder) <= 0);
    remove(r.folder);
    kf_worker_destroy(w);
}

TEST(conformed_sound)
{
    const char *path = clip_path("friday.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start(folder);
    char *conformed;
    CHECK_INT(kf_worker_conform(w, path, -1, 44100, &conformed), KF_WORK_PENDING);
    REQUIRE(kf_worker_wait(w, 30));
    REQUIRE(kf_worker_conform(w, path, -1, 44100, &conformed) == KF_WORK_READY);
    kf_media_summary s;
    kf_worker_probe(w, conformed, KF_WORK_SOON, &s);
    kf_worker_wait(w, 20);
    CHECK_INT(kf_worker_probe(w, conformed, KF_WORK_SOON, &s), KF_WORK_READY);
    CHECK_INT(s.sample_rate, 44100);
    CHECK_STR(s.audio_codec, "pcm_f32le");
    kf_worker_clear_cache(w);
    CHECK(access(conformed, F_OK) != 0);
    kf_string_free(conformed);
    kf_worker_destroy(w);
    w = start("");
    CHECK_INT(kf_worker_conform(w, path, -1, 44100, &conformed), KF_WORK_FAILED);
    kf_worker_destroy(w);
}

static void copy_file(const char *from, const char *to)
{
    static char buffer[1 << 16];
    FILE *a = fopen(from, "rb"), *b = fopen(to, "wb");
    for (size_t n; a && b && (n = fread(buffer, 1, sizeof buffer, a)) > 0;) fwrite(buffer, 1, n, b);
    if (a) fclose(a);
    if (b) fclose(b);
}

TEST(changed_files_are_seen)
{
    const char *media = test_media_folder(), *path = util_path("changing.mp4");
    if (!media) SKIP("no shared media");
    kf_worker *w = start(folder);
    uint64_t listener = kf_worker_listen(w, count, NULL);
    kf_media_summary s;
    const kf_thumbnail *t, *u;
    kf_thumbnail_request r = request(path, 0, 1, 48);
    copy_file(clip_path("flower.mp4"), path);
    kf_worker_probe(w, path, KF_WORK_SOON, &s);
    REQUIRE(await_thumbnail(w, &r, &t) == KF_WORK_READY);
    kf_worker_wait(w, 20);
    REQUIRE(kf_worker_probe(w, path, KF_WORK_SOON, &s) == KF_WORK_READY);
    int64_t bytes = s.bytes;
    copy_file(clip_path("friday.mp4"), path);
    kf_worker_refresh(w, path);
    kf_worker_wait(w, 20);
    CHECK_INT(told[KF_WORK_CHANGED], 1);
    CHECK_INT(kf_worker_probe(w, path, KF_WORK_SOON, &s), KF_WORK_PENDING);
    REQUIRE(await_thumbnail(w, &r, &u) == KF_WORK_READY);
    REQUIRE(kf_worker_probe(w, path, KF_WORK_SOON, &s) == KF_WORK_READY);
    CHECK(s.bytes != bytes);
    CHECK(t->id != u->id);
    kf_thumbnail_release(t);
    kf_thumbnail_release(u);
    remove(path);
    kf_worker_refresh(w, path);
    kf_worker_wait(w, 20);
    CHECK_INT(told[KF_WORK_CHANGED], 2);
    CHECK_INT(await_thumbnail(w, &r, &t), KF_WORK_FAILED);
    CHECK(!t);
    copy_file(clip_path("flower.mp4"), path); /* back again */
    kf_worker_refresh(w, path);
    kf_worker_wait(w, 20);
    CHECK_INT(await_thumbnail(w, &r, &t), KF_WORK_READY);
    kf_thumbnail_release(t);
    kf_worker_unlisten(w, listener);
    kf_worker_destroy(w);
}

TEST(memory_is_bounded)
{
    const char *path = clip_path("flower.mp4");
    if (!path) SKIP("no shared media");
    kf_worker_params params = {.folder = "", .memory_bytes = 300000, .nice = 1};
    kf_worker *w;
    REQUIRE(!kf_worker_create(&params, &w, NULL));
    for (int i = 0; i < 40; i++) {
        const kf_thumbnail *t;
        kf_thumbnail_request r = request(path, i / 8.0, 0.125, 48);
        kf_worker_thumbnail(w, &r, &t);
        kf_thumbnail_release(t);
    }
    kf_worker_wait(w, 30);
    kf_worker_stats s = kf_worker_get_stats(w);
    CHECK(s.memory_bytes > 100000 && s.memory_bytes <= 300000);
    CHECK_INT(s.thumbnails_decoded, 40);
    CHECK(s.decoders_peak <= 2);
    kf_worker_destroy(w);
}

TEST(forgotten_requests_are_not_made)
{
    const char *path = clip_path("flower.mp4");
    if (!path) SKIP("no shared media");
    kf_worker *w = start("");
    int panel = 0;
    kf_worker_set_busy(w, true); /* so that nothing begins */
    for (int i = 0; i < 30; i++) {
        const kf_thumbnail *t;
        kf_thumbnail_request r = request(path, i / 8.0, 0.125, 48);
        r.urgency = KF_WORK_SOON;
        r.owner = &panel;
        kf_worker_thumbnail(w, &r, &t);
        if (i % 3) continue;
        r.owner = NULL; /* somebody else wants it too */
        kf_worker_thumbnail(w, &r, &t);
    }
    kf_worker_forget(w, &panel);
    kf_worker_set_busy(w, false);
    kf_worker_wait(w, 30);
    CHECK_INT(kf_worker_get_stats(w).thumbnails_decoded, 10);
    kf_worker_destroy(w);
}

typedef struct storm {
    kf_worker *worker;
    const char *media;
    unsigned seed;
} storm;

static void storm_once(storm *s)
{
    static const char *const names[] = {"flower.mp4", "friday.mp4", "big-buck-bunny-1080p24-30s.mp4", "README.md"};
    char path[1200];
    kf_peak_column columns[64];
    kf_media_summary summary;
    const kf_thumbnail *t = NULL;
    uint64_t hash;
    int what = rand_r(&s->seed) % 64;
    snprintf(path, sizeof path, "%s/%s", s->media, names[rand_r(&s->seed) % 4]);
    kf_thumbnail_request r = request(path, rand_r(&s->seed) % 80 / 10.0, rand_r(&s->seed) % 9 - 1, 96);
    kf_peaks_query q = {.path = path, .stream = -1, .channel = -1, .to = KF_SECOND, .count = 64};
    r.owner = s;
    r.urgency = rand_r(&s->seed) % 3;
    if (what < 40) kf_worker_thumbnail(s->worker, &r, &t);
    else if (what < 50) kf_worker_peaks(s->worker, &q, columns, NULL);
    else if (what < 55) kf_worker_probe(s->worker, path, KF_WORK_SOON, &summary);
    else if (what < 58) kf_worker_hash(s->worker, path, KF_WORK_LATER, &hash);
    else if (what < 60) kf_worker_set_busy(s->worker, rand_r(&s->seed) % 2);
    else if (what < 62) kf_worker_forget(s->worker, s);
    else if (what < 63) kf_worker_refresh(s->worker, path);
    else if (rand_r(&s->seed) % 8 == 0) kf_worker_clear_cache(s->worker);
    if (t) CHECK(t->pixels[3] == 255);
    kf_thumbnail_release(t);
}

static void *run_storm(void *arg)
{
    for (int i = 0; i < 600; i++) {
        storm_once(arg);
        if (i % 8 == 0) usleep(500);
    }
    return NULL;
}

TEST(a_storm_of_requests)
{
    const char *media = test_media_folder();
    if (!media) SKIP("no shared media");
    kf_worker_params params = {.folder = folder, .memory_bytes = 2000000, .threads = 3, .nice = 1};
    kf_worker *w;
    REQUIRE(!kf_worker_create(&params, &w, NULL));
    pthread_t threads[3];
    storm storms[3] = {{w, media, 1}, {w, media, 2}, {w, media, 3}};
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, run_storm, &storms[i]);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    kf_worker_set_busy(w, false);
    for (int i = 0; i < 3; i++) kf_worker_forget(w, &storms[i]);
    CHECK(kf_worker_wait(w, 60));
    CHECK(kf_worker_get_stats(w).memory_bytes <= 2000000);
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
    RUN(listeners_are_told);
    RUN(proxies_are_jobs);
    RUN(jobs_pause_and_cancel);
    RUN(conformed_sound);
    RUN(changed_files_are_seen);
    RUN(memory_is_bounded);
    RUN(forgotten_requests_are_not_made);
    RUN(a_storm_of_requests);
    remove_cache();
    util_clean();
    return test_end();
}
