/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the editing core costs at 1 000, 100 000 and 1 000 000 clips on 8 tracks of a project on a file: medians, beside
 * what issue 3 asks and, with the rows that end in "MLT", what MLT takes for the same in the same run.
 *
 *   build/release/bench/model_bench [CLIPS ...] [--folder FOLDER] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "peer.h"
#include "model/edit/edit.h"

enum { TRACKS = 8, MOST_RUNS = 1001 };

typedef struct bench {
    const char *folder;
    char path[4096];
    int64_t clips;
    kf_film *film;
    kf_error err;
} bench;

static void stop(const bench *b, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, b->err.message);
    exit(1);
}

#define MUST(b, call) \
    do { \
        if ((call) != KF_OK) stop((b), #call); \
    } while (0)

/* ---- Samples ---- */

typedef struct samples {
    double list[MOST_RUNS];
    int count;
} samples;

static void add_sample(samples *s, int64_t since)
{
    if (s->count < MOST_RUNS) {
        s->list[s->count++] = (double)(kf_clock_ns() - since) / 1e3;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(samples *s)
{
    qsort(s->list, (size_t)s->count, sizeof *s->list, by_value);
    return s->count ? s->list[s->count / 2] : 0;
}

static double worst(const samples *s) /* after median */
{
    return s->count ? s->list[s->count - 1] : 0;
}

static void row(const char *what, double value, const char *unit, double asked)
{
    printf("  %-44s %10.2f %-3s asked %8g  %s\n", what, value, unit, asked, value <= asked ? "reached" : "MISSED");
}

/* ---- The film ---- */

static void fill_track(bench *b, kf_edit *e, int32_t track, int64_t count)
{
    window w;
    track_item *items = malloc((size_t)count * sizeof *items);
    kf_asset_view asset;
    kf_asset_at(edit_state(e), 0, &asset);
    for (int64_t i = 0; items && i < count; i++) {
        const clip_body body = {.id = edit_new_id(e), .source_uid = asset.uid, .source_in = KF_SECOND * (i % 100),
                                .source_out = KF_TIME_NONE, .speed = {1, 1}, .video_stream = -1, .audio_stream = -1,
                                .source = KF_SOURCE_ASSET, .flags = CLIP_ENABLED | CLIP_AUDIO};
        items[i] = (track_item){.duration = KF_SECOND * (1 + i % 3), .kind = KF_ITEM_CLIP};
        MUST(b, clip_new(e, &body, KF_REF_NONE, &items[i].ref));
    }
    MUST(b, window_open(e, track, 0, 0, &w));
    MUST(b, window_replace(&w, 0, 0, items, (size_t)count));
    MUST(b, window_close(&w));
    free(items);
}

/* Made in memory, then saved as the project. */
static void make_film(bench *b)
{
    kf_str text = {0};
    kf_edit *e;
    kf_compact *compact;
    kf_store *store;
    kf_str_add(&text, "{\"kerf\":1,\"size\":[1920,1080],\"rate\":25,\"assets\":{\"a\":{\"path\":\"a.mp4\",\"offline\":true,"
               "\"media\":{\"video\":true,\"audio\":true,\"duration\":3600}}},\"tracks\":[");
    for (int i = 0; i < TRACKS; i++) {
        kf_str_add(&text, i ? ",{}" : "{}");
    }
    kf_str_add(&text, "]}");
    MUST(b, kf_film_load_json(text.data, text.length, NULL, &b->film, &b->err));
    kf_str_finish(&text);
    MUST(b, kf_edit_begin(b->film, &e, &b->err));
    e->err = &b->err;
    MUST(b, sequence_open(e, ""));
    for (int32_t i = 0; i < TRACKS; i++) {
        fill_track(b, e, i, b->clips / TRACKS);
    }
    MUST(b, sequence_close(e));
    MUST(b, kf_edit_commit(e, "Fill", NULL, &b->err));
    const kf_compact_params params = {.path = b->path};
    MUST(b, kf_compact_begin(kf_film_store(b->film), &params, &compact, &b->err));
    MUST(b, kf_compact_run(compact, &b->err));
    MUST(b, kf_compact_finish(compact, &store, &b->err));
    kf_compact_destroy(compact);
    kf_store_unref(store);
    kf_film_destroy(b->film);
    b->film = NULL;
}

static void open_film(bench *b, bool read_only)
{
    kf_store *store;
    const kf_store_params params = {.read_only = read_only};
    MUST(b, kf_store_open_file(b->path, &params, &store, &b->err));
    MUST(b, kf_film_open_store(store, NULL, &b->film, &b->err));
}

static void close_film(bench *b)
{
    kf_film_destroy(b->film);
    b->film = NULL;
}

/* ---- Queries ---- */

typedef struct stack {
    kf_sequence_view sequence;
    kf_cursor cursors[TRACKS];
} stack;

static void open_stack(const bench *b, stack *s)
{
    kf_snapshot state = kf_film_snapshot(b->film);
    kf_sequence_at(state, 0, &s->sequence);
    for (int32_t i = 0; i < TRACKS; i++) {
        kf_track_view track;
        kf_track_get(state, &s->sequence, i, &track);
        kf_cursor_init(&s->cursors[i], state, &track);
    }
}

/* The item of each track at t, with its time and its node. */
static uint64_t query(stack *s, kf_time t)
{
    uint64_t sum = 0;
    for (int32_t i = 0; i < TRACKS; i++) {
        kf_cursor_seek(&s->cursors[i], t);
        sum += s->cursors[i].item.ref;
    }
    return sum;
}

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 20;
}

static void bench_open(bench *b)
{
    samples s = {0};
    uint64_t sum = 0;
    for (int i = 0; i < 41; i++) {
        stack k;
        int64_t since = kf_clock_ns();
        open_film(b, false);
        open_stack(b, &k);
        sum += query(&k, k.sequence.duration / 2);
        if (i > 0) {
            add_sample(&s, since);
        }
        close_film(b);
    }
    row("open and answer a first query", median(&s) / 1e3, "ms", 1);
    if (sum == 0) {
        stop(b, "an empty query");
    }
}

static void bench_query(bench *b, double asked)
{
    enum { BATCH = 1000 };
    samples s = {0};
    uint64_t random = 1, sum = 0;
    stack k;
    open_stack(b, &k);
    for (int i = 0; i < 201; i++) {
        kf_time at[BATCH];
        for (int n = 0; n < BATCH; n++) {
            at[n] = (kf_time)(random_next(&random) % (uint64_t)(k.sequence.duration / 1000)) * 1000;
        }
        int64_t since = kf_clock_ns();
        for (int n = 0; n < BATCH; n++) {
            sum += query(&k, at[n]);
        }
        s.list[s.count++] = (double)(kf_clock_ns() - since) / 1e3 / BATCH;
    }
    row("what is under the playhead, anywhere, 8 tracks", median(&s), "us", asked);
    s.count = 0;
    for (int i = 0; i < 201; i++) {
        kf_time t = (kf_time)(random_next(&random) % (uint64_t)(k.sequence.duration / 2));
        int64_t since = kf_clock_ns();
        for (int n = 0; n < BATCH; n++) {
            sum += query(&k, t += KF_SECOND / 25);
        }
        s.list[s.count++] = (double)(kf_clock_ns() - since) / 1e3 / BATCH;
    }
    row("  frame after frame", median(&s), "us", asked);
    if (sum == 0) {
        stop(b, "empty queries");
    }
}

static void bench_find(bench *b)
{
    samples s = {0};
    uint64_t random = 7;
    kf_item_place place;
    int64_t since = kf_clock_ns();
    MUST(b, kf_film_find(b->film, 20, &place, &b->err));
    printf("  %-44s %10.2f ms\n", "first clip by its id (makes the index)", (double)(kf_clock_ns() - since) / 1e6);
    for (int i = 0; i < MOST_RUNS; i++) {
        uint64_t id = 20 + random_next(&random) % (uint64_t)(b->clips - TRACKS * 2);
        since = kf_clock_ns();
        MUST(b, kf_film_find(b->film, id, &place, &b->err));
        add_sample(&s, since);
    }
    row("a clip by its id", median(&s), "us", 5);
}

/* ---- Edits ---- */

static kf_status apply(bench *b, uint16_t id, const void *args, kf_changes *changes)
{
    kf_edit *e;
    kf_status status = kf_edit_begin(b->film, &e, &b->err);
    if (status == KF_OK) {
        status = kf_edit_operate(e, id, args, &b->err);
        status = status == KF_OK ? kf_edit_commit(e, NULL, changes, &b->err) : status;
    }
    return status;
}

static uint64_t head_clip(const bench *b)
{
    stack k;
    kf_clip_view clip = {0};
    open_stack(b, &k);
    kf_cursor_next(&k.cursors[0]);
    kf_cursor_clip(&k.cursors[0], &clip);
    return clip.id;
}

static void bench_edits(bench *b, double asked)
{
    samples insert = {0}, take = {0}, undo = {0}, all = {0};
    kf_changes changes = {0};
    kf_store *store = kf_film_store(b->film);
    uint64_t bytes = 0, all_bytes = 0, start = 0;
    kf_edit_put put;
    kf_edit_delete del;
    kf_kind_defaults(kf_kind_get(KF_EDIT_INSERT), &put);
    kf_kind_defaults(kf_kind_get(KF_EDIT_RIPPLE_DELETE), &del);
    put.track = "V1", put.asset = "a", put.at = 0, put.in = 0, put.out = KF_SECOND, put.sync = false;
    del.sync = false;
    for (int i = 0; i < 501; i++) {
        start = kf_store_bytes(store);
        int64_t since = kf_clock_ns();
        MUST(b, apply(b, KF_EDIT_INSERT, &put, &changes));
        add_sample(&insert, since);
        bytes += kf_store_bytes(store) - start;
        if (changes.count != 1 || changes.list[0].inserted < 1) {
            stop(b, "an insert without its change");
        }
    }
    for (int i = 0; i < 500; i++) {
        uint64_t id = head_clip(b);
        del.clips = (kf_ids){&id, 1};
        int64_t since = kf_clock_ns();
        MUST(b, apply(b, KF_EDIT_RIPPLE_DELETE, &del, &changes));
        add_sample(&take, since);
    }
    for (int i = 0; i < 500; i++) {
        int64_t since = kf_clock_ns();
        MUST(b, kf_film_undo(b->film, &changes, &b->err));
        add_sample(&undo, since);
    }
    put.sync = true;
    for (int i = 0; i < 201; i++) {
        start = kf_store_bytes(store);
        int64_t since = kf_clock_ns();
        MUST(b, apply(b, KF_EDIT_INSERT, &put, &changes));
        add_sample(&all, since);
        all_bytes += kf_store_bytes(store) - start;
    }
    row("insert at the head of a track", median(&insert), "us", asked);
    row("ripple-delete at the head of a track", median(&take), "us", asked);
    row("undo with its change record", median(&undo), "us", 20);
    row("bytes an edit adds", (double)bytes / insert.count, "B", 16384);
    printf("  %-44s %10.2f us  %.0f B\n", "insert with all 8 tracks moving", median(&all), (double)all_bytes / all.count);
    kf_changes_finish(&changes);
}

/* Until a commit is on the disk, when nobody asks for it. */
static void bench_flush(bench *b)
{
    samples s = {0};
    kf_store *store = kf_film_store(b->film);
    kf_edit_put put;
    kf_kind_defaults(kf_kind_get(KF_EDIT_INSERT), &put);
    put.track = "V1", put.asset = "a", put.at = 0, put.in = 0, put.out = KF_SECOND, put.sync = false;
    for (int i = 0; i < 9; i++) {
        kf_store_flush_info info;
        MUST(b, apply(b, KF_EDIT_INSERT, &put, NULL));
        int64_t since = kf_clock_ns();
        do {
            usleep(500);
            kf_store_flush_state(store, &info);
        } while (info.behind > 0);
        add_sample(&s, since);
    }
    double middle = median(&s);
    row("commit on disk", middle / 1e3, "ms", 200);
    printf("  %-44s %10.2f ms\n", "  the slowest", worst(&s) / 1e3);
}

/* ---- Memory ---- */

/* Bytes of this process that are not the mapped file. */
static int64_t own_memory(void)
{
    char line[256];
    int64_t kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "RssAnon:", 8) == 0) {
            kb = atoll(line + 8);
        }
    }
    if (file) {
        fclose(file);
    }
    return kb * 1024;
}

/* In a process of its own, whose memory nothing else has used before. */
static int measure_memory(bench *b)
{
    int64_t before = own_memory();
    kf_item_place place;
    open_film(b, false);
    MUST(b, kf_film_find(b->film, 20, &place, &b->err));
    printf("%lld\n", (long long)(own_memory() - before));
    close_film(b);
    return 0;
}

static void bench_memory(bench *b, const char *program)
{
    char command[9000], line[64] = "";
    snprintf(command, sizeof command, "'%s' --memory '%s'", program, b->path);
    FILE *child = popen(command, "r");
    if (!child || !fgets(line, sizeof line, child) || pclose(child) != 0) {
        stop(b, "measuring memory");
    }
    row("memory over the file, index included", atof(line) / 1e6, "MB", 5 + 24e-6 * (double)b->clips);
}

/* ---- Main ---- */

static void run(bench *b, const char *program)
{
    double query_asked = b->clips <= 1000 ? 1 : b->clips <= 100000 ? 2 : 4;
    double edit_asked = b->clips <= 1000 ? 20 : b->clips <= 100000 ? 30 : 40;
    snprintf(b->path, sizeof b->path, "%s/bench-%d.kerf", b->folder, (int)getpid());
    printf("%lld clips\n", (long long)b->clips);
    make_film(b);
    bench_memory(b, program);
    bench_open(b);
    open_film(b, false);
    bench_query(b, query_asked);
    bench_find(b);
    bench_edits(b, edit_asked);
    bench_flush(b);
    close_film(b);
    remove(b->path);
    if (b->clips <= 10000) {
        bench_peer(b->folder, b->clips);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const int64_t usual[] = {1000, 10000, 100000, 1000000};
    bench b = {.folder = "/tmp"};
    int64_t sizes[16];
    int count = 0;
    if (argc == 3 && strcmp(argv[1], "--memory") == 0) {
        snprintf(b.path, sizeof b.path, "%s", argv[2]);
        return measure_memory(&b);
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--folder") == 0 && i + 1 < argc) {
            b.folder = argv[++i];
        } else if (count < 16 && atoll(argv[i]) >= 100) {
            sizes[count++] = atoll(argv[i]);
        } else {
            fprintf(stderr, "usage: model [CLIPS ...] [--folder FOLDER]; at least 100 clips\n");
            return 1;
        }
    }
    for (int i = 0; i < (count ? count : 4); i++) {
        b.clips = count ? sizes[i] : usual[i];
        run(&b, argv[0]);
    }
    return 0;
}
