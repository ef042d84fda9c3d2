/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks and cursors, against a plain array. */
#include <time.h>

#include "base/api/thread.h"
#include "film_util.h"

typedef struct plain_item {
    kf_item_kind kind;
    kf_time start, duration;
    kf_time t_start, t_end; /* TRANSITION: what it covers */
} plain_item;

typedef struct plain_track {
    plain_item *items;
    int64_t count;
    kf_time duration;
    kf_film *film;
    kf_track_view view;
} plain_track;

static const kf_time frame = KF_SECOND / 25;

/* Clips and gaps of 4 to 100 frames, transitions of 2 frames at some cuts. */
static void make_items(plain_track *t, int64_t count, uint64_t seed, kf_str *json)
{
    kf_time at = 0;
    for (int64_t i = 0; i < count; i++) {
        kf_item_kind last = i ? t->items[i - 1].kind : KF_ITEM_NONE;
        uint32_t dice = test_random(&seed) % 10;
        kf_item_kind kind = dice < 2 && last == KF_ITEM_CLIP ? KF_ITEM_GAP : KF_ITEM_CLIP;
        if (dice >= 7 && last == KF_ITEM_CLIP) {
            kind = KF_ITEM_TRANSITION;
        }
        kf_time frames = kind == KF_ITEM_TRANSITION ? 0 : 4 + test_random(&seed) % 97;
        t->items[i] = (plain_item){.kind = kind, .start = at, .duration = frames * frame};
        at += frames * frame;
        kf_str_add(json, i ? "," : "");
        if (kind == KF_ITEM_GAP) {
            kf_str_addf(json, "{\"gap\":\"%df\"}", (int)frames);
        } else if (kind == KF_ITEM_CLIP) {
            kf_str_addf(json, "{\"asset\":\"a\",\"in\":%d,\"duration\":\"%df\"}", (int)(i % 1000), (int)frames);
        } else {
            kf_str_add(json, "{\"transition\":\"dissolve\",\"duration\":\"2f\",\"align\":\"center\"}");
            t->items[i].t_start = at - frame;
            t->items[i].t_end = at + frame;
        }
    }
    t->duration = at;
}

static bool make_track(plain_track *t, int64_t count, uint64_t seed)
{
    kf_str json = {0};
    *t = (plain_track){.items = calloc((size_t)count + 1, sizeof *t->items), .count = count};
    make_items(t, count, seed, &json);
    t->film = load_clips(json.data ? json.data : "");
    kf_str_finish(&json);
    return t->film && first_track(t->film, &t->view);
}

static void drop_track(plain_track *t)
{
    free(t->items);
    kf_film_destroy(t->film);
}

static int64_t plain_find(const plain_track *t, kf_time at)
{
    int64_t low = 0, high = t->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (t->items[middle].start + t->items[middle].duration <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const plain_item *plain_transition(const plain_track *t, int64_t index, kf_time at)
{
    for (int64_t i = index - 1; i <= index + 1; i++) {
        if (i >= 0 && i < t->count && t->items[i].kind == KF_ITEM_TRANSITION && at >= t->items[i].t_start &&
            at < t->items[i].t_end) {
            return &t->items[i];
        }
    }
    return NULL;
}

static bool same_item(const kf_item_view *a, const plain_track *t, int64_t index)
{
    const plain_item *b = &t->items[index];
    return a->index == index && a->kind == b->kind && a->start == b->start && a->duration == b->duration;
}

static void check_sums(const plain_track *t)
{
    int64_t clips = 0;
    for (int64_t i = 0; i < t->count; i++) {
        clips += t->items[i].kind == KF_ITEM_CLIP;
    }
    CHECK_INT(t->view.item_count, t->count);
    CHECK_INT(t->view.clip_count, clips);
    CHECK_INT(t->view.duration, t->duration);
}

static void walk_both_ways(const plain_track *t)
{
    kf_cursor c;
    int64_t wrong = 0, i = 0;
    kf_cursor_init(&c, kf_film_snapshot(t->film), &t->view);
    for (; kf_cursor_next(&c); i++) {
        wrong += i >= t->count || !same_item(&c.item, t, i);
    }
    CHECK_INT(i, t->count);
    CHECK_INT(c.item.kind, KF_ITEM_NONE);
    CHECK(!kf_cursor_next(&c));
    for (; kf_cursor_previous(&c); i--) {
        wrong += i < 1 || !same_item(&c.item, t, i - 1);
    }
    CHECK_INT(i, 0);
    CHECK(!kf_cursor_previous(&c));
    CHECK(t->count == 0 || (kf_cursor_next(&c) && c.item.index == 0));
    CHECK_INT(wrong, 0);
}

static void seek_at_random(const plain_track *t)
{
    kf_cursor c;
    uint64_t seed = 99;
    int64_t wrong = 0;
    kf_cursor_init(&c, kf_film_snapshot(t->film), &t->view);
    for (int n = 0; n < 50000 && t->count; n++) {
        int64_t index = test_random(&seed) % (uint32_t)t->count;
        wrong += !kf_cursor_seek_index(&c, index) || !same_item(&c.item, t, index);
        kf_time at = (kf_time)(((double)test_random(&seed) / 2147483648.0) * (double)t->duration);
        int64_t expected = plain_find(t, at);
        wrong += kf_cursor_seek(&c, at) ? !same_item(&c.item, t, expected) : expected < t->count;
    }
    CHECK_INT(wrong, 0);
    CHECK(!kf_cursor_seek(&c, t->duration));
    CHECK_INT(c.item.start, t->duration);
    CHECK(!kf_cursor_seek(&c, -1));
    CHECK(t->count == 0 || kf_cursor_seek(&c, 0));
}

/* As an export does: frame after frame, with what lies over each. */
static void play(const plain_track *t, kf_time step)
{
    kf_cursor c;
    int64_t wrong = 0;
    kf_cursor_init(&c, kf_film_snapshot(t->film), &t->view);
    for (kf_time at = 0; at < t->duration; at += step) {
        kf_moment m;
        int64_t index = plain_find(t, at);
        const plain_item *item = &t->items[index], *over = plain_transition(t, index, at);
        bool good = kf_track_at(&c, at, &m) && m.kind == item->kind && m.start == item->start &&
                    m.duration == item->duration && !!m.clip == (item->kind == KF_ITEM_CLIP);
        good = good && !!m.transition == !!over && (!over || m.transition->start == over->t_start);
        if (good && m.clip) {
            good = m.clip->start == item->start && m.clip->source_in == (index % 1000) * KF_SECOND;
        }
        if (good && over) {
            const kf_clip_view *from = m.transition->from, *to = m.transition->to;
            good = from && from->start + from->duration == m.transition->cut && (!to || to->start == m.transition->cut);
        }
        wrong += !good;
    }
    CHECK_INT(wrong, 0);
}

static void compare(int64_t count, uint64_t seed, kf_time step)
{
    plain_track t;
    REQUIRE(make_track(&t, count, seed));
    check_sums(&t);
    walk_both_ways(&t);
    seek_at_random(&t);
    play(&t, step);
    drop_track(&t);
}

TEST(short_tracks)
{
    for (int64_t count = 0; count < 40; count++) {
        compare(count, (uint64_t)count + 1, frame);
    }
}

TEST(tracks_around_a_node)
{
    static const int64_t counts[] = {31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 1056};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        compare(counts[i], i, 3 * frame);
    }
}

TEST(hundred_thousand_items)
{
    compare(100000, 7, 2 * frame);
}

TEST(frames_between)
{
    compare(300, 3, KF_SECOND / 240 + 1);
}

/* ---- Moments ---- */

TEST(copied_cursor_owns_its_views)
{
    kf_track_view track;
    kf_cursor a, b;
    kf_moment m;
    kf_film *film = load_clips("{\"asset\":\"a\",\"duration\":2},{\"transition\":\"wipe\",\"duration\":1},"
                               "{\"asset\":\"b\",\"duration\":2}");
    REQUIRE(film && first_track(film, &track));
    kf_cursor_init(&a, kf_film_snapshot(film), &track);
    REQUIRE(kf_track_at(&a, KF_SECOND * 19 / 10, &m));
    b = a;
    REQUIRE(kf_track_at(&b, KF_SECOND * 19 / 10, &m));
    CHECK(m.clip == &b.clip && m.transition == &b.tail);
    REQUIRE(m.transition != NULL);
    CHECK(m.transition->from == &b.clip && m.transition->to == &b.after);
    CHECK_NEAR(kf_transition_progress(m.transition, KF_SECOND * 19 / 10), 0.4, 1e-12);
    kf_film_destroy(film);
}

/* Where a transition of 8 frames over the cut at 2 s begins, and what is written of it. */
static void check_split(const char *given, int64_t start, const char *written)
{
    kf_str clips = {0}, out = {0};
    kf_track_view track;
    kf_cursor c;
    kf_transition_view t;
    kf_error err;
    kf_str_addf(&clips, "{\"asset\":\"a\",\"duration\":2},{\"transition\":\"dissolve\",\"duration\":\"8f\"%s},"
                "{\"asset\":\"b\",\"duration\":2}", given);
    kf_film *film = load_clips(clips.data);
    REQUIRE(film && first_track(film, &track));
    kf_cursor_init(&c, kf_film_snapshot(film), &track);
    REQUIRE(kf_cursor_seek_index(&c, 1) && kf_cursor_transition(&c, &t));
    CHECK_INT(t.start, start * frame);
    CHECK_INT(t.cut, 50 * frame);
    CHECK_INT(t.duration, 8 * frame);
    CHECK_NEAR(kf_transition_progress(&t, t.cut), (double)(50 - start) / 8, 1e-12);
    CHECK(kf_film_write_json(kf_film_snapshot(film), &out, &err) == KF_OK);
    CHECK_MSG(strstr(out.data, written), "%s is not in\n%s", written, out.data);
    CHECK(!strstr(out.data, "align") != !strstr(out.data, "before"));
    kf_str_finish(&clips);
    kf_str_finish(&out);
    kf_film_destroy(film);
}

TEST(splits)
{
    check_split("", 46, "\"align\": \"center\"");
    check_split(",\"before\":\"2f\"", 48, "\"before\": 0.08");
    check_split(",\"before\":\"7f\"", 43, "\"before\": 0.28");
    check_split(",\"before\":0", 50, "\"align\": \"start\"");
    check_split(",\"before\":\"4f\"", 46, "\"align\": \"center\"");
    check_split(",\"before\":\"8f\"", 42, "\"align\": \"end\"");
}

TEST(fades)
{
    kf_track_view track;
    kf_cursor c;
    kf_moment m;
    kf_film *film =
        load_clips("{\"transition\":\"dissolve\",\"duration\":0.5},{\"asset\":\"a\",\"duration\":2},"
                   "{\"transition\":\"dissolve\",\"duration\":1},{\"gap\":1},{\"asset\":\"b\",\"duration\":2},"
                   "{\"transition\":\"dissolve\",\"duration\":1,\"align\":\"center\"}");
    REQUIRE(film && first_track(film, &track));
    CHECK_INT(track.duration, 5 * KF_SECOND);
    kf_cursor_init(&c, kf_film_snapshot(film), &track);
    REQUIRE(kf_track_at(&c, 0, &m) && m.transition);
    CHECK(!m.transition->from && m.transition->to == m.clip && m.transition->start == 0);
    REQUIRE(kf_track_at(&c, KF_SECOND * 3 / 2, &m) && m.transition);
    CHECK(m.transition->from == m.clip && !m.transition->to && m.transition->start == KF_SECOND);
    REQUIRE(kf_track_at(&c, KF_SECOND * 5 / 2, &m));
    CHECK(m.kind == KF_ITEM_GAP && !m.transition && !m.clip);
    /* the last fade reaches past the end of the track */
    REQUIRE(kf_track_at(&c, KF_SECOND * 21 / 4, &m));
    CHECK_INT(m.kind, KF_ITEM_NONE);
    REQUIRE(m.transition != NULL && m.transition->from != NULL);
    CHECK_INT(m.transition->from->start, 3 * KF_SECOND);
    CHECK(!kf_track_at(&c, KF_SECOND * 11 / 2, &m));
    CHECK(!kf_track_at(&c, -1, &m));
    REQUIRE(kf_track_at(&c, 0, &m) && m.transition);
    kf_film_destroy(film);
}

TEST(disabled_clips_are_gaps_to_transitions)
{
    kf_track_view track;
    kf_cursor c;
    kf_moment m;
    kf_film *film =
        load_clips("{\"asset\":\"a\",\"duration\":2,\"enabled\":false},{\"transition\":\"dissolve\",\"duration\":1},"
                   "{\"asset\":\"b\",\"duration\":2}");
    REQUIRE(film && first_track(film, &track));
    kf_cursor_init(&c, kf_film_snapshot(film), &track);
    REQUIRE(kf_track_at(&c, KF_SECOND * 7 / 4, &m) && m.transition && m.clip);
    CHECK(!m.clip->enabled && !m.transition->from && m.transition->to);
    REQUIRE(kf_track_at(&c, KF_SECOND * 9 / 4, &m) && m.transition);
    CHECK(!m.transition->from && m.transition->to == m.clip);
    kf_film_destroy(film);
}

TEST(starts_make_gaps)
{
    kf_track_view track;
    kf_cursor c;
    kf_film *film =
        load_clips("{\"asset\":\"a\",\"start\":1,\"duration\":2},{\"asset\":\"a\",\"start\":3,\"duration\":1},"
                   "{\"gap\":1},{\"gap\":1},{\"asset\":\"b\",\"start\":\"00:00:10:00\",\"duration\":1}");
    static const kf_item_kind kinds[] = {KF_ITEM_GAP, KF_ITEM_CLIP, KF_ITEM_CLIP, KF_ITEM_GAP, KF_ITEM_CLIP};
    REQUIRE(film && first_track(film, &track));
    kf_cursor_init(&c, kf_film_snapshot(film), &track);
    for (int i = 0; i < 5; i++) {
        REQUIRE(kf_cursor_next(&c));
        CHECK_INT(c.item.kind, kinds[i]);
    }
    CHECK_INT(c.item.start, 10 * KF_SECOND);
    CHECK_INT(track.duration, 11 * KF_SECOND);
    kf_film_destroy(film);
}

/* ---- Threads ---- */

typedef struct shared {
    const plain_track *track;
    int64_t wrong[8];
} shared;

static void play_alone(void *ctx, int i, int worker)
{
    shared *all = ctx;
    kf_cursor c;
    kf_cursor_init(&c, kf_film_snapshot(all->track->film), &all->track->view);
    for (kf_time at = i * frame; at < all->track->duration; at += 8 * frame) {
        kf_moment m;
        int64_t index = plain_find(all->track, at);
        all->wrong[i] += !kf_track_at(&c, at, &m) || m.start != all->track->items[index].start;
    }
}

TEST(threads_read_at_once)
{
    plain_track t;
    REQUIRE(make_track(&t, 2000, 21));
    shared all = {.track = &t};
    kf_pool *pool = kf_pool_create(4);
    kf_pool_for(pool, 8, play_alone, &all);
    kf_pool_destroy(pool);
    for (int i = 0; i < 8; i++) {
        CHECK_INT(all.wrong[i], 0);
    }
    drop_track(&t);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Limits are wide, for machines under load and sanitizers: they catch what grows with the square. */
TEST(loads_and_plays_quickly)
{
    plain_track t;
    double begin = now();
    REQUIRE(make_track(&t, 100000, 11));
    double loaded = now();
    kf_cursor c;
    kf_moment m;
    kf_cursor_init(&c, kf_film_snapshot(t.film), &t.view);
    int64_t frames = 0;
    kf_clip_video values;
    double opacity = 0;
    for (kf_time at = 0; at < t.duration; at += frame, frames++) {
        if (kf_track_at(&c, at, &m) && m.clip && kf_params_eval(&m.clip->video, at - m.clip->start, &values)) {
            opacity += (double)values.opacity;
        }
    }
    double played = now();
    printf("# 100000 items: %.0f ms to make and load, %.0f ns per frame of %lld\n", (loaded - begin) * 1e3,
           (played - loaded) * 1e9 / (double)frames, (long long)frames);
    CHECK(loaded - begin < 10 && (played - loaded) / (double)frames < 20e-6 && opacity > 0);
    drop_track(&t);
}

int main(void)
{
    RUN(short_tracks);
    RUN(tracks_around_a_node);
    RUN(hundred_thousand_items);
    RUN(frames_between);
    RUN(copied_cursor_owns_its_views);
    RUN(splits);
    RUN(fades);
    RUN(disabled_clips_are_gaps_to_transitions);
    RUN(starts_make_gaps);
    RUN(threads_read_at_once);
    RUN(loads_and_plays_quickly);
    return test_end();
}
