/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The player with a proxy in the place of media shows the same picture, but softer. */
#include <time.h>
#include <unistd.h>

#include "folder.h"
#include "kerf/player.h"
#include "kerf/worker.h"
#include "test.h"

static const char source[] =
    "{\"kerf\": 1, \"size\": [640, 360], \"rate\": 25, \"tracks\": [{\"kind\": \"video\", \"clips\": ["
    "{\"generator\": \"bars\", \"duration\": 1}]}]}";

static kf_film_handle *film_of(const char *json)
{
    kf_film_handle *film = NULL;
    kf_error err;
    if (kf_film_open_json(json, strlen(json), "test", NULL, &film, &err)) printf("# %s\n", err.message);
    return film;
}

static bool render(const char *path)
{
    kf_film_handle *film = film_of(source);
    kf_render_params params = kf_render_params_default();
    kf_error err = {0};
    params.output = path;
    params.video_codec = "mpeg4";
    kf_status status = kf_render(film, &params, NULL, &err);
    kf_film_close(film);
    if (status) printf("# %s\n", err.message);
    return !status;
}

static bool make_proxy(const char *path, kf_work_job *job)
{
    kf_worker *w = NULL;
    kf_worker_params params = {.folder = "", .nice = 1};
    uint64_t id = 0;
    kf_proxy_request r = {.path = path, .preset = "quarter", .folder = util_path("")};
    bool good = !kf_worker_create(&params, &w, NULL) && !kf_worker_make_proxy(w, &r, &id, NULL) &&
                kf_worker_wait(w, 60) && kf_worker_job(w, id, job) && job->state == KF_JOB_DONE;
    kf_worker_destroy(w);
    return good;
}

/* The exact picture of the first frame. */
static kf_picture *first_picture(const char *json, bool proxies)
{
    kf_player_params params = kf_player_params_default();
    kf_player *player = NULL;
    kf_picture *p = NULL;
    params.audio_system = "null";
    if (kf_player_create(&params, &player, NULL)) return NULL;
    kf_film_handle *film = film_of(json);
    kf_player_set_proxies(player, proxies);
    if (film) kf_player_set_film(player, film, NULL, NULL);
    for (int i = 0; film && i < 1000 && !(p && p->exact); i++) {
        kf_picture_release(p);
        p = NULL;
        kf_player_picture(player, &p);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    kf_film_close(film);
    kf_player_destroy(player);
    return p;
}

static double difference(const kf_picture *a, const kf_picture *b)
{
    double sum = 0;
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++)
            sum += abs(a->plane[0][y * a->stride[0] + x] - b->plane[0][y * b->stride[0] + x]);
    return sum / a->width / a->height;
}

static void compare(const char *fit)
{
    char path[300], json[2000];
    kf_work_job job;
    snprintf(path, sizeof path, "%s", util_path("bars.mp4"));
    REQUIRE(access(path, R_OK) == 0 || render(path));
    REQUIRE(make_proxy(path, &job));
    snprintf(json, sizeof json,
             "{\"kerf\": 1, \"size\": [720, 480], \"rate\": 25, \"assets\": {\"a\": {\"path\": \"%s\", \"proxy\": {\"path\": "
             "\"%s\", \"state\": \"ready\", \"use\": true}}}, \"tracks\": [{\"kind\": \"video\", \"clips\": [{\"asset\": "
             "\"a\", \"duration\": 1, \"transform\": {\"fit\": \"%s\"}}]}]}",
             path, job.output, fit);
    kf_picture *a = first_picture(json, false), *b = first_picture(json, true);
    REQUIRE(a && b && a->width == b->width && a->height == b->height);
    double d = difference(a, b);
    CHECK_MSG(d > 0 && d < 4, "%s: they differ by %g of 255", fit, d);
    kf_picture_release(a);
    kf_picture_release(b);
}

TEST(of_its_own_size)
{
    compare("none");
}

TEST(fitted)
{
    compare("contain");
    compare("cover");
}

int main(void)
{
    RUN(of_its_own_size);
    RUN(fitted);
    util_clean();
    return test_end();
}
