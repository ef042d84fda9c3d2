/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the background worker costs.
 *
 *     background import FOLDER     describes all files of a folder, with a thumbnail each; then again, from the disk cache
 *     background strip MEDIA       filmstrips of the first 30 s at several zooms
 *
 * The window's part is measured too: a loop at 60 Hz that asks for everything in every frame, as a panel does. Meant for
 * folders of many links to a few files. The cache is a fresh one. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "kerf/worker.h"

enum { FILES_MAX = 5000, TIMEOUT = 120 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void until_next_frame(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 16000000}, NULL);
}

static kf_worker *worker_in(const char *folder)
{
    kf_worker_params params = kf_worker_params_default();
    kf_worker *w = NULL;
    kf_error err;
    params.folder = folder;
    if (kf_worker_create(&params, &w, &err)) fprintf(stderr, "%s\n", err.message);
    return w;
}

static bool thumbnail(kf_worker *w, const char *path, kf_time at, kf_time spacing)
{
    const kf_thumbnail *t;
    kf_thumbnail_request r = {.path = path, .stream = -1, .at = at, .spacing = spacing, .height = 96, .urgency = KF_WORK_SOON};
    kf_work_state state = kf_worker_thumbnail(w, &r, &t);
    kf_thumbnail_release(t);
    return state != KF_WORK_PENDING;
}

/* ---- Importing ---- */

static int list(const char *folder, char **paths)
{
    DIR *d = opendir(folder);
    int n = 0;
    for (struct dirent *e; d && n < FILES_MAX && (e = readdir(d));) {
        char path[2000];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.') paths[n++] = strdup(path);
    }
    if (d) closedir(d);
    return n;
}

typedef struct seen { int probed, pictured; double frame_ms; } seen;

static seen look(kf_worker *w, char **paths, int n)
{
    seen s = {0};
    double begin = now();
    for (int i = 0; i < n; i++) {
        kf_media_summary summary;
        s.probed += kf_worker_probe(w, paths[i], KF_WORK_VISIBLE, &summary) != KF_WORK_PENDING;
        s.pictured += thumbnail(w, paths[i], 0, 0);
    }
    s.frame_ms = (now() - begin) * 1e3;
    return s;
}

static void import(const char *cache, char **paths, int n)
{
    kf_worker *w = worker_in(cache);
    double begin = now(), used = cpu(), probed = 0, worst = 0;
    for (seen s = {0}; w && s.pictured < n && now() - begin < TIMEOUT; until_next_frame()) {
        s = look(w, paths, n);
        if (s.probed == n && !probed) probed = now() - begin;
        worst = s.frame_ms > worst ? s.frame_ms : worst;
    }
    printf("%d files: described after %.2f s, pictured after %.2f s, %.2f s of CPU; worst frame of the window %.2f ms\n", n,
           probed, now() - begin, cpu() - used, worst);
    kf_worker_destroy(w);
}

/* ---- Filmstrips ---- */

static void strip(const char *path, double spacing)
{
    kf_worker *w = worker_in("");
    double begin = now(), used = cpu(), first = 0;
    int n = (int)(30 / spacing), there = 0;
    for (; w && there < n && now() - begin < TIMEOUT; until_next_frame()) {
        there = 0;
        for (int i = 0; i < n; i++)
            there += thumbnail(w, path, (kf_time)(i * spacing * KF_SECOND), (kf_time)(spacing * KF_SECOND));
        if (there && !first) first = now() - begin;
    }
    printf("every %5g s: %3d pictures, the first after %.3f s, all after %.2f s, %.2f s of CPU\n", spacing, there, first,
           now() - begin, cpu() - used);
    kf_worker_destroy(w);
}

static void remove_cache(const char *folder)
{
    static const char *const names[] = {"cache.db", "cache.db-wal", "cache.db-shm", "files", ""};
    for (int i = 0; i < 5; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
}

int main(int argc, char **argv)
{
    static char *paths[FILES_MAX];
    if (argc == 3 && strcmp(argv[1], "strip") == 0) {
        for (double spacing = 8; spacing >= 0.25; spacing /= 2) strip(argv[2], spacing);
        return 0;
    }
    char cache[] = "/tmp/kerf-bench-XXXXXX";
    if (argc != 3 || strcmp(argv[1], "import") != 0 || !mkdtemp(cache)) {
        fprintf(stderr, "background import FOLDER | strip MEDIA\n");
        return 1;
    }
    int n = list(argv[2], paths);
    for (int round = 0; round < 2; round++) import(cache, paths, n);
    remove_cache(cache);
    for (int i = 0; i < n; i++) free(paths[i]);
    return 0;
}
