/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person sees: playing a film, scrubbing it, stepping back, jumping about.
 *
 *     play FILM|MEDIA [--seconds N] [--quality full|half|quarter] [--rate R] [--memory MB] [--only play|scrub]
 *
 * Playing says how many frames were dropped; moving says how long it took until a picture from nearby (at most 12 frames off)
 * and until the exact one was there: median, 95th percentile, worst, in ms. The null device is the clock. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "kerf/player.h"

enum { MOVES = 60, NEARBY = 12, TIMEOUT_MS = 10000 };

typedef struct options {
    const char *path;
    double seconds, rate;
    kf_player_quality quality;
    int64_t memory;
    const char *only;
} options;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_s(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double peak_mb(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}

static void nap(double ms)
{
    if (ms <= 0) return;
    nanosleep(&(struct timespec){(time_t)(ms / 1e3), (long)(ms * 1e6) % 1000000000}, NULL);
}

static void tell_problem(void *context, const kf_error *problem)
{
    fprintf(stderr, "problem: %s\n", problem->message);
}

/* ---- Playing ---- */

static void play(kf_player *player, const options *o)
{
    kf_player_state s;
    kf_player_stats stats;
    kf_player_get_state(player, &s);
    kf_player_seek(player, o->rate < 0 ? s.duration : 0);
    nap(500);
    kf_player_reset_stats(player);
    double cpu = cpu_s(), start = now_ms();
    kf_player_play(player, o->rate);
    do {
        nap(50);
        kf_player_get_state(player, &s);
    } while (s.playing && now_ms() - start < o->seconds * 1e3);
    kf_player_pause(player);
    double wall = (now_ms() - start) / 1e3;
    kf_player_get_stats(player, &stats);
    int64_t all = stats.shown + stats.dropped;
    printf("play      %5.1f s: %" PRId64 " frames, dropped %" PRId64 " (%.2f %%), late %" PRId64 ", underruns %" PRId64
           ", %.1f ms a picture, %.2f CPUs, peak %.0f MB\n",
           wall, all, stats.dropped, all ? 100.0 * (double)stats.dropped / (double)all : 0, stats.late, stats.underruns,
           stats.compose_ms, (cpu_s() - cpu) / wall, peak_mb());
}

/* ---- Moving ---- */

typedef struct times {
    double nearby[MOVES], exact[MOVES];
    int count;
} times;

static int64_t distance(const kf_picture *p, int64_t frame)
{
    return p->frame > frame ? p->frame - frame : frame - p->frame;
}

/* Moves, and waits for what comes. */
static void move_to(kf_player *player, kf_rational rate, int64_t frame, times *t)
{
    double start = now_ms(), nearby = -1, exact = -1;
    kf_player_scrub(player, (kf_time)((double)frame * rate.den * (double)KF_SECOND / rate.num) + 1);
    while (exact < 0 && now_ms() - start < TIMEOUT_MS) {
        kf_picture *p;
        if (kf_player_picture(player, &p)) {
            if (nearby < 0 && distance(p, frame) <= NEARBY) nearby = now_ms() - start;
            if (p->frame == frame && p->exact) exact = now_ms() - start;
            kf_picture_release(p);
        }
        if (exact < 0) nap(0.5);
    }
    t->nearby[t->count] = nearby < 0 ? TIMEOUT_MS : nearby;
    t->exact[t->count++] = exact < 0 ? TIMEOUT_MS : exact;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void report(const char *what, times *t)
{
    int n = t->count;
    qsort(t->nearby, (size_t)n, sizeof *t->nearby, by_size);
    qsort(t->exact, (size_t)n, sizeof *t->exact, by_size);
    printf("%-9s nearby %6.1f / %6.1f / %6.1f   exact %6.1f / %6.1f / %6.1f\n", what, t->nearby[n / 2],
           t->nearby[n * 95 / 100], t->nearby[n - 1], t->exact[n / 2], t->exact[n * 95 / 100], t->exact[n - 1]);
}

static void scrub(kf_player *player)
{
    kf_player_state s;
    kf_player_get_state(player, &s);
    int64_t frames = s.duration / (KF_SECOND / s.frame_rate.num * s.frame_rate.den), at = frames / 5;
    times onward = {.count = 0}, back = {.count = 0}, jumps = {.count = 0};
    uint32_t seed = 1;
    move_to(player, s.frame_rate, at, &(times){.count = 0});
    for (int i = 0; i < MOVES && at + 3 < frames; i++) {
        double start = now_ms();
        move_to(player, s.frame_rate, at += 3, &onward);
        nap(33 - (now_ms() - start)); /* as a hand moves */
    }
    for (int i = 0; i < MOVES && at > 0; i++) move_to(player, s.frame_rate, --at, &back);
    for (int i = 0; i < MOVES; i++) {
        seed = seed * 1664525 + 1013904223;
        move_to(player, s.frame_rate, (int64_t)(seed >> 8) % frames, &jumps);
        nap(100); /* a person's pause */
    }
    printf("          (ms: median / 95 %% / worst)\n");
    report("on by 3", &onward);
    report("back by 1", &back);
    report("jumps", &jumps);
}

/* ---- The program ---- */

static bool read_options(int argc, char **argv, options *o)
{
    *o = (options){.seconds = 1e9, .rate = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (argv[i][0] != '-') {
            o->path = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--seconds") == 0) o->seconds = atof(value);
        if (strcmp(argv[i], "--rate") == 0) o->rate = atof(value);
        if (strcmp(argv[i], "--memory") == 0) o->memory = (int64_t)atoi(value) << 20;
        if (strcmp(argv[i], "--only") == 0) o->only = value;
        if (strcmp(argv[i], "--quality") == 0)
            o->quality = strcmp(value, "half") == 0      ? KF_QUALITY_HALF
                         : strcmp(value, "quarter") == 0 ? KF_QUALITY_QUARTER
                                                         : KF_QUALITY_FULL;
        i++;
    }
    return o->path != NULL;
}

static bool is_film(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".json") == 0 || strcmp(dot, ".kerf") == 0);
}

int main(int argc, char **argv)
{
    options o;
    kf_player_params params = kf_player_params_default();
    kf_player *player;
    kf_film_handle *film;
    kf_error error;
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: play FILM|MEDIA [--seconds N] [--quality full|half|quarter] [--rate R] "
                        "[--memory MB] [--only play|scrub]\n");
        return 1;
    }
    params.audio_system = "null";
    params.problem = tell_problem;
    if (o.memory > 0) params.memory = o.memory;
    const kf_media_source media = {.path = o.path};
    kf_status status = is_film(o.path) ? kf_film_open(o.path, &film, &error) : kf_film_of_media(&media, &film, &error);
    if (status == KF_OK) status = kf_player_create(&params, &player, &error);
    if (status != KF_OK) {
        fprintf(stderr, "play: %s\n", error.message);
        return 1;
    }
    kf_player_set_quality(player, o.quality);
    kf_player_set_film(player, film, NULL, NULL);
    if (!o.only || strcmp(o.only, "play") == 0) play(player, &o);
    if (!o.only || strcmp(o.only, "scrub") == 0) scrub(player);
    kf_film_close(film);
    kf_player_destroy(player);
    return 0;
}
