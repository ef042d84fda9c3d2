/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One gesture at a monitor of 960x540 through an interactive source, for bench/scrub.py:
 *
 *     scrub MEDIA forward|back|random COUNT [PAUSE_MS]
 *
 * Prints for each picture asked for its number, the ms until a picture was there to show, the ms until the exact one
 * was, and whether that is the one that straightforward decoding gives: conversion to what a screen takes is counted. */
#include <libswscale/swscale.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "media/api/source.h"

enum { WIDTH = 960, HEIGHT = 540, DEADLINE_MS = 35, STEP = 3, WARM_UP_MS = 2500 }; /* 35: conversion takes its time */

typedef struct monitor {
    kf_media *media;
    kf_video_source *source;
    kf_video_info info;
    struct SwsContext *sws;
    uint8_t *screen;           /* BGRA */
} monitor;

typedef struct look {
    int64_t i;
    double shown_ms, exact_ms;
    uint64_t hash;             /* of the exact picture on the screen */
} look;

static bool open_monitor(monitor *m, const char *path, bool interactive)
{
    kf_error err;
    const kf_media_params params = {.interactive = interactive};
    *m = (monitor){0};
    if (kf_media_open(path, &params, &m->media, &err) || kf_video_source_open(m->media, -1, &m->source, &err) ||
        kf_video_source_describe(m->source, &m->info, &err)) {
        fprintf(stderr, "scrub: %s\n", err.message);
        return false;
    }
    m->sws = sws_getContext(WIDTH, HEIGHT, AV_PIX_FMT_YUV420P, WIDTH, HEIGHT, AV_PIX_FMT_BGRA, SWS_POINT, NULL, NULL,
                            NULL);
    m->screen = kf_alloc_zero(WIDTH * HEIGHT, 4);
    return m->sws && m->screen && m->info.format == KF_PIX_YUV420P8;
}

static void close_monitor(monitor *m)
{
    kf_video_source_close(m->source);
    kf_media_close(m->media);
    sws_freeContext(m->sws);
    kf_free(m->screen);
}

static uint64_t hash_screen(const monitor *m)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT * 4; i += 8) {
        uint64_t word;
        memcpy(&word, m->screen + i, 8);
        h = (h ^ word) * 1099511628211u;
    }
    return h;
}

/* Puts a picture on the screen; *exact says whether it is the one asked for. */
static bool show(monitor *m, int64_t i, int64_t deadline, bool *exact)
{
    kf_error err;
    kf_picture_reply reply;
    const kf_picture_request request = {.frame = i, .width = WIDTH, .height = HEIGHT, .deadline = deadline};
    if (kf_video_source_show(m->source, &request, &reply, &err)) {
        fprintf(stderr, "scrub: %s\n", err.message);
        return false;
    }
    const kf_image *image = &reply.frame->image;
    int strides[4] = {(int)image->stride[0], (int)image->stride[1], (int)image->stride[2]}, out[4] = {WIDTH * 4};
    sws_scale(m->sws, (const uint8_t *const *)image->plane, strides, 0, image->height, (uint8_t *[4]){m->screen}, out);
    *exact = reply.exact;
    kf_frame_unref(reply.frame);
    return true;
}

static double ms_since(int64_t begin)
{
    return (double)(kf_clock_ns() - begin) / 1e6;
}

static bool take_look(monitor *m, int64_t i, look *l)
{
    int64_t begin = kf_clock_ns();
    bool exact;
    l->i = i;
    if (!show(m, i, begin + DEADLINE_MS * 1000000, &exact)) {
        return false;
    }
    l->shown_ms = ms_since(begin);
    if (!exact && !show(m, i, 0, &exact)) {
        return false;
    }
    l->exact_ms = ms_since(begin);
    l->hash = hash_screen(m);
    return exact;
}

static void pause_until(int64_t ns)
{
    int64_t left = ns - kf_clock_ns();
    if (left > 0) {
        nanosleep(&(struct timespec){left / 1000000000, left % 1000000000}, NULL);
    }
}

/* ---- gestures ---- */

typedef struct gesture {
    const char *name;
    int64_t start;             /* looked at for some time beforehand */
    int64_t pace_ms;           /* between looks */
    int64_t (*next)(int64_t i, uint64_t *seed, int64_t frames);
} gesture;

static int64_t next_forward(int64_t i, uint64_t *seed, int64_t frames) { return i + STEP < frames ? i + STEP : 0; }
static int64_t next_back(int64_t i, uint64_t *seed, int64_t frames) { return i > 0 ? i - 1 : 0; }
static int64_t next_random(int64_t i, uint64_t *seed, int64_t frames)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((*seed >> 33) % (uint64_t)frames);
}

static const gesture gestures[] = {
    {"forward", 100, 33, next_forward}, {"back", 240, 0, next_back}, {"random", 0, 0, next_random}};

static bool play(monitor *m, const gesture *g, int count, int64_t pace_ms, look *looks)
{
    uint64_t seed = 1;
    int64_t i = g->start, begin = 0;
    if (!take_look(m, i, &looks[0])) {
        return false;
    }
    pause_until(kf_clock_ns() + INT64_C(1000000) * WARM_UP_MS);
    for (int n = 0; n < count; n++) {
        pause_until(begin + pace_ms * 1000000);
        begin = kf_clock_ns();
        i = g->next(i, &seed, m->info.frames);
        if (!take_look(m, i, &looks[n])) {
            return false;
        }
    }
    return true;
}

/* ---- what straightforward decoding gives ---- */

static bool check(const char *path, const look *looks, int count, bool *right)
{
    monitor m;
    bool good = open_monitor(&m, path, false), exact;
    for (int64_t i = 0; good && i < m.info.frames; i++) {
        good = show(&m, i, 0, &exact);
        uint64_t hash = hash_screen(&m);
        for (int n = 0; n < count; n++) {
            right[n] |= looks[n].i == i && looks[n].hash == hash;
        }
    }
    close_monitor(&m);
    return good;
}

static int run(const char *path, const gesture *g, int count, int64_t pace_ms, look *looks, bool *right)
{
    monitor m;
    bool good = open_monitor(&m, path, true) && play(&m, g, count, pace_ms, looks);
    kf_source_stats stats = m.source ? kf_video_source_stats(m.source) : (kf_source_stats){0};
    close_monitor(&m);
    if (!good || !check(path, looks, count, right)) {
        return 1;
    }
    for (int n = 0; n < count; n++) {
        printf("%lld %.2f %.2f %d\n", (long long)looks[n].i, looks[n].shown_ms, looks[n].exact_ms, right[n]);
    }
    printf("# decoded %lld, seeks %lld, decoders %lld, hits %lld, %lld MB kept\n", (long long)stats.decoded,
           (long long)stats.seeks, (long long)stats.decoders, (long long)stats.cache_hits,
           (long long)stats.cache_bytes_peak >> 20);
    return 0;
}

int main(int argc, char **argv)
{
    const gesture *g = NULL;
    for (size_t k = 0; argc > 3 && k < sizeof gestures / sizeof *gestures; k++) {
        g = strcmp(argv[2], gestures[k].name) == 0 ? &gestures[k] : g;
    }
    int count = g ? atoi(argv[3]) : 0;
    if (count < 1) {
        fprintf(stderr, "usage: scrub MEDIA forward|back|random COUNT [PAUSE_MS]\n");
        return 1;
    }
    look *looks = kf_alloc_zero((size_t)count, sizeof *looks);
    bool *right = kf_alloc_zero((size_t)count, sizeof *right);
    int code = looks && right ? run(argv[1], g, count, argc > 4 ? atoi(argv[4]) : g->pace_ms, looks, right) : 1;
    kf_free(looks);
    kf_free(right);
    return code;
}
