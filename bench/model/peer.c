/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <stdio.h>

#ifdef HAVE_MLT
#include <framework/mlt.h>
#include <stdlib.h>
#include <time.h>

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void write_project(const char *path, int64_t clips)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        return;
    }
    fputs("<mlt><profile width=\"1920\" height=\"1080\" frame_rate_num=\"25\" frame_rate_den=\"1\"/>\n", file);
    for (int64_t i = 0; i < clips; i++) {
        fprintf(file, "<producer id=\"p%lld\" in=\"0\" out=\"99\"><property name=\"mlt_service\">color</property>"
                "<property name=\"resource\">#%06llx</property></producer>\n", (long long)i, (unsigned long long)i);
    }
    fputs("<playlist id=\"list\">\n", file);
    for (int64_t i = 0; i < clips; i++) {
        fprintf(file, "<entry producer=\"p%lld\" in=\"0\" out=\"%lld\"/>\n", (long long)i, 24 + 25 * (long long)(i % 3));
    }
    fputs("</playlist></mlt>\n", file);
    fclose(file);
}

void bench_peer(const char *folder, int64_t clips)
{
    enum { QUERIES = 200, INSERTS = 20 };
    char path[4096];
    mlt_factory_init(NULL);
    mlt_profile profile = mlt_profile_init(NULL);
    snprintf(path, sizeof path, "%s/bench-peer.mlt", folder);
    write_project(path, clips);
    double since = now_us();
    mlt_producer project = mlt_factory_producer(profile, "xml", path);
    double opened = now_us() - since;
    if (!project) {
        printf("  MLT cannot read its project\n");
        return;
    }
    mlt_playlist list = (mlt_playlist)project;
    mlt_position length = mlt_producer_get_length(project);
    since = now_us();
    long sum = 0;
    for (int i = 0; i < QUERIES; i++) {
        sum += mlt_playlist_get_clip_index_at(list, (mlt_position)((int64_t)length * i / QUERIES));
    }
    double query = (now_us() - since) / QUERIES;
    since = now_us();
    for (int i = 0; i < INSERTS; i++) {
        mlt_producer color = mlt_factory_producer(profile, "color", "red");
        mlt_playlist_insert(list, color, 0, 0, 24);
        mlt_producer_close(color);
    }
    double insert = (now_us() - since) / INSERTS;
    printf("  %-44s %10.2f ms\n  %-44s %10.2f us%s\n  %-44s %10.2f us\n", "open one track, MLT", opened / 1e3,
           "what is at a time, one track, MLT", query, sum < 0 ? "!" : "", "insert at the head, one track, MLT", insert);
    mlt_producer_close(project);
    mlt_profile_close(profile);
    remove(path);
}
#else
void bench_peer(const char *folder, int64_t clips)
{
    (void)folder;
    (void)clips;
    printf("  MLT is not here (libmlt-dev)\n");
}
#endif
