/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a frame of the drawn timeline costs in CPU time of the editor's own code: what is read of the film and made into
 * quads, with GL's calls left out. Scrolling, zooming and dragging, with 100 clips and with 100 000 on 20 tracks, all
 * of them seen.
 *
 *   build/release/bench/timeline [CLIPS ...] */
#include <gtk/gtk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kerf/project.h"
#include "ruler.h"
#include "tracks.h"

enum { TRACKS = 20, WIDTH = 1920, HEIGHT = 1086, FRAMES = 240 };
static const double LIMIT_MS = 4;

typedef struct bench {
    kf_project *project;
    kf_film_handle *film;
    kf_sequence_info info;
    kt_view view;
    kt_theme theme;
    kt_text text;
    kt_tracks tracks;
    kt_quads over;
    double ms[FRAMES];
    int frames;
} bench;

static void stop(const char *what, const kf_error *error)
{
    fprintf(stderr, "timeline: %s: %s\n", what, error->message);
    exit(1);
}

/* ---- The project ---- */

static void write_items(FILE *file, int track, int64_t count)
{
    static const char *const lengths[] = {"1", "2", "3", "1.5"};
    for (int64_t i = 0; i < count; i++) {
        fprintf(file, "%s{\"asset\": \"a%d\", \"in\": %d, \"duration\": %s, \"name\": \"shot %lld\"}", i ? ", " : "",
                (int)(i % 7), (int)(i % 50), lengths[(i * 13 + track) % 4], (long long)(i % 500));
        if (i % 6 == 5) fprintf(file, ", {\"gap\": 0.5}");
    }
}

static void write_film(const char *path, int64_t clips)
{
    FILE *file = fopen(path, "w");
    if (!file) exit(1);
    fprintf(file, "{\"kerf\": 1, \"assets\": {");
    for (int i = 0; i < 7; i++) {
        fprintf(file, "%s\"a%d\": {\"path\": \"a%d.mp4\", \"offline\": true}", i ? ", " : "", i, i);
    }
    fprintf(file, "}, \"sequences\": [{\"id\": \"main\", \"size\": [1920, 1080], \"rate\": 25, \"tracks\": [");
    for (int t = 0; t < TRACKS; t++) {
        fprintf(file, "%s{\"kind\": \"%s\", \"clips\": [", t ? ", " : "", t < TRACKS / 2 ? "video" : "audio");
        write_items(file, t, clips / TRACKS);
        fprintf(file, "]}");
    }
    fprintf(file, "]}]}\n");
    fclose(file);
}

static double row_height(void *context, const kf_track_info *track)
{
    return track->audio ? KT_ROW_AUDIO : KT_ROW_VIDEO;
}

static void read_state(bench *b)
{
    kf_error error;
    kf_film_close(b->film);
    if (kf_project_film(b->project, &b->film, &error) != KF_OK) stop("film", &error);
    kf_film_sequence(b->film, 0, &b->info);
}

static void open_bench(bench *b, const char *folder, int64_t clips)
{
    kf_error error;
    g_autofree char *json = g_build_filename(folder, "film.json", NULL),
                    *path = g_build_filename(folder, "film.kerf", NULL);
    write_film(json, clips);
    kf_convert_params params = kf_convert_params_default();
    params.overwrite = true;
    if (kf_convert(json, path, &params, &error) != KF_OK) stop("convert", &error);
    *b = (bench){.theme = kt_theme_get(true, false)};
    if (kf_project_open(path, NULL, &b->project, &error) != KF_OK) stop("open", &error);
    read_state(b);
    kt_view_init(&b->view);
    kt_text_init(&b->text);
    kt_tracks_init(&b->tracks);
    b->view.width = WIDTH;
    b->view.height = HEIGHT;
    b->view.split = 0.54;
    kt_view_set_tracks(&b->view, b->film, 0, row_height, NULL);
}

static void close_bench(bench *b)
{
    kt_tracks_finish(&b->tracks, false);
    kt_text_finish(&b->text);
    kt_quads_finish(&b->over);
    kt_view_finish(&b->view);
    kf_film_close(b->film);
    kf_project_close(b->project, NULL);
}

/* ---- Frames ---- */

static bool make_frame(bench *b)
{
    kt_text_frame(&b->text, 40);
    const kt_scene scene = {.film = b->film, .sequence = 0, .view = &b->view, .theme = &b->theme, .text = &b->text,
                            .budget_ns = KT_BUDGET_NS};
    const kt_ruler ruler = {.film = b->film, .info = &b->info, .view = &b->view, .theme = &b->theme, .text = &b->text};
    kt_quads_clear(&b->over);
    bool more = kt_tracks_prepare(&b->tracks, &scene);
    kt_ruler_paint(&ruler, &b->over);
    kt_ruler_paint_over(&ruler, &b->over);
    kt_texture_drop_pieces(&b->text.texture); /* as the renderer does */
    return more;
}

static void measure(bench *b, int64_t start)
{
    make_frame(b);
    b->ms[b->frames++] = (double)(kt_thread_ns() - start) / 1e6;
}

static void settle(bench *b)
{
    for (int i = 0; i < 200 && make_frame(b); i++) continue;
    b->frames = 0;
}

static void scroll(bench *b)
{
    for (int i = 0; i < FRAMES; i++) {
        int64_t start = kt_thread_ns();
        kt_view_scroll_to(&b->view, b->view.from + kt_view_span(&b->view, 67));
        measure(b, start);
    }
}

static void zoom(bench *b)
{
    for (int i = 0; i < FRAMES; i++) {
        int64_t start = kt_thread_ns();
        kt_view_zoom(&b->view, i < FRAMES / 2 ? 1.06 : 1 / 1.06, WIDTH / 3.0, KF_SECOND / 25);
        measure(b, start);
    }
}

static uint64_t clip_in_view(bench *b)
{
    kf_timeline_item item;
    kf_time at = b->view.from + kt_view_span(&b->view, WIDTH / 2.0);
    for (int i = 0; i < 50; i++, at += KF_SECOND) {
        if (kf_timeline_at(b->film, 0, 0, at, &item) && item.kind == KF_TIMELINE_CLIP) return item.id;
    }
    return 1;
}

static void drag(bench *b)
{
    kf_error error;
    kf_gesture *gesture;
    uint64_t clip = clip_in_view(b);
    if (kf_gesture_begin(b->project, &gesture, &error) != KF_OK) stop("gesture", &error);
    for (int i = 0; i < FRAMES; i++) {
        char operation[200];
        int64_t start = kt_thread_ns();
        snprintf(operation, sizeof operation, "{\"op\": \"move\", \"clips\": [%llu], \"by\": %.2f, \"track\": \"V%d\"}",
                 (unsigned long long)clip, (i % 60) * 0.04, 1 + i / 60);
        if (kf_gesture_update(gesture, operation, strlen(operation), NULL, &error) != KF_OK) stop("update", &error);
        read_state(b);
        measure(b, start);
    }
    kf_gesture_cancel(gesture);
    read_state(b);
}

/* ---- Report ---- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

typedef struct result {
    double median, p95, worst;
} result;

static result result_of(bench *b)
{
    qsort(b->ms, b->frames, sizeof *b->ms, compare);
    return (result){b->ms[b->frames / 2], b->ms[b->frames * 95 / 100], b->ms[b->frames - 1]};
}

typedef struct act {
    const char *name;
    void (*run)(bench *b);
    double clip_px;           /* of 2 s, when it begins; 0: all of the sequence is seen */
} act;
static const act acts[] = {
    {"scroll, all seen", scroll, 0}, {"scroll, clips of 8 px", scroll, 8}, {"scroll, clips of 100 px", scroll, 100},
    {"zoom, from all", zoom, 0},     {"zoom, from clips of 8 px", zoom, 8}, {"drag, clips of 8 px", drag, 8},
    {"drag, clips of 100 px", drag, 100},
};

static void run(const char *folder, int64_t clips, result results[])
{
    static bench b;
    open_bench(&b, folder, clips);
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        double all = WIDTH / (double)MAX(b.info.duration, KF_SECOND);
        b.view.scale = acts[i].clip_px > 0 ? acts[i].clip_px / (2.0 * KF_SECOND) : all;
        b.view.from = acts[i].clip_px > 0 ? b.info.duration / 3 : 0;
        settle(&b);
        acts[i].run(&b);
        results[i] = result_of(&b);
    }
    close_bench(&b);
}

int main(int argc, char **argv)
{
    static const int64_t usual[] = {100, 100000};
    char folder[] = "/tmp/kerf-bench-XXXXXX";
    int failed = 0, sizes = argc > 1 ? MIN(argc - 1, 8) : 2;
    result results[8][G_N_ELEMENTS(acts)];
    if (!mkdtemp(folder)) return 1;
    for (int k = 0; k < sizes; k++) run(folder, argc > 1 ? atoll(argv[1 + k]) : usual[k], results[k]);
    printf("CPU time a frame, ms (median / 95%% / worst); at most %.0f at 95%%\n", LIMIT_MS);
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        printf("%-26s", acts[i].name);
        for (int k = 0; k < sizes; k++) {
            const result *r = &results[k][i];
            failed |= r->p95 > LIMIT_MS;
            printf("  %8lld clips %6.2f / %5.2f / %5.2f", (long long)(argc > 1 ? atoll(argv[1 + k]) : usual[k]),
                   r->median, r->p95, r->worst);
        }
        printf("\n");
    }
    g_autofree char *clean = g_strdup_printf("rm -r '%s'", folder);
    return system(clean) != 0 || failed;
}
