/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which source time a clip shows. */
#include "film_util.h"

static kf_time at(const kf_clip_view *clip, kf_time t)
{
    return kf_clip_source_time(clip, t, KF_TIME_NONE);
}

static kf_clip_view plain_clip(void)
{
    return (kf_clip_view){.duration = 100, .source_in = 1000, .source_out = KF_TIME_NONE, .speed = {1, 1}};
}

TEST(forward)
{
    kf_clip_view c = plain_clip();
    CHECK_INT(at(&c, 0), 1000);
    CHECK_INT(at(&c, 99), 1099);
    CHECK_INT(at(&c, -5), 995);
    CHECK_INT(at(&c, 150), 1150);
    c.speed = (kf_rational){2, 3};
    CHECK_INT(at(&c, 1), 1000);
    CHECK_INT(at(&c, 2), 1001);
    CHECK_INT(at(&c, 3), 1002);
    CHECK_INT(at(&c, -1), 999);
}

/* Backward gives the same source times as forward, in the opposite order. */
TEST(reverse_mirrors_forward)
{
    static const kf_rational speeds[] = {{1, 1}, {2, 1}, {1, 2}, {3, 2}, {30000, 1001}};
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        kf_clip_view c = plain_clip();
        c.speed = speeds[i];
        c.reverse = true;
        kf_time length = kf_muldiv_ceil(c.duration, c.speed.num, c.speed.den);
        CHECK_INT(at(&c, 0), 1000 + length - 1);
        for (kf_time t = 0; t < c.duration; t++) {
            kf_time way = kf_muldiv_floor(t, c.speed.num, c.speed.den);
            CHECK_INT(at(&c, t), 1000 + length - 1 - way);
        }
        CHECK(at(&c, c.duration - 1) >= 1000);
        CHECK_INT(at(&c, -1), 1000 + length - 1 - kf_muldiv_floor(-1, c.speed.num, c.speed.den));
    }
}

/* At speed 1, frame k from the end shows where frame k from the start was. */
TEST(reverse_frames)
{
    kf_clip_view c = plain_clip();
    kf_rational rate = {25, 1};
    c.source_in = 0;
    c.duration = 10 * KF_SECOND;
    c.reverse = true;
    int wrong = 0;
    for (int64_t f = 0; f < 250; f++) {
        wrong += kf_frame_at(at(&c, kf_frame_start(f, rate)), rate) != 249 - f;
    }
    CHECK_INT(wrong, 0);
}

TEST(loop)
{
    kf_clip_view c = plain_clip();
    c.loop = true;
    c.source_out = 1010;
    for (kf_time t = -30; t < 60; t++) {
        CHECK_INT(at(&c, t), 1000 + ((t % 10) + 10) % 10);
    }
    c.reverse = true;
    for (kf_time t = 0; t < 60; t++) {
        CHECK_INT(at(&c, t), 1000 + 9 - t % 10);
    }
    c.source_out = KF_TIME_NONE;
    c.reverse = false;
    CHECK_INT(kf_clip_source_time(&c, 7, 1005), 1002);
    CHECK_INT(kf_clip_source_time(&c, 7, KF_TIME_NONE), 1007);
    CHECK_INT(kf_clip_source_time(&c, 7, 900), 1007);
}

TEST(freeze)
{
    kf_clip_view c = plain_clip();
    kf_time from, to;
    c.frozen = true;
    c.freeze = 42;
    CHECK_INT(at(&c, 0), 42);
    CHECK_INT(at(&c, 1000), 42);
    kf_clip_source_span(&c, 0, 100, &from, &to);
    CHECK(from == 42 && to == 43);
}

static const kf_time_key remap_keys[] = {
    {.time = 0, .source = 500, .interp = KF_INTERP_LINEAR}, {.time = 10, .source = 480, .interp = KF_INTERP_HOLD},
    {.time = 20, .source = 900, .interp = KF_INTERP_BEZIER, .bezier = {0.3, -0.5, 0.7, 1.5}},
    {.time = 120, .source = 1900}};

TEST(remap)
{
    kf_clip_view c = plain_clip();
    c.remap = remap_keys;
    c.remap_count = 4;
    CHECK_INT(at(&c, -10), 500);
    CHECK_INT(at(&c, 0), 500);
    CHECK_INT(at(&c, 5), 490);
    CHECK_INT(at(&c, 10), 480);
    CHECK_INT(at(&c, 19), 480);
    CHECK_INT(at(&c, 20), 900);
    CHECK_INT(at(&c, 70), 1400);
    CHECK(at(&c, 30) < 900 && at(&c, 110) > 1900);
    CHECK_INT(at(&c, 200), 1900);
}

/* Every source time of a span lies in what was said of it. */
TEST(spans_hold_all_times)
{
    uint64_t seed = 5;
    for (int n = 0; n < 2000; n++) {
        kf_clip_view c = plain_clip();
        kf_time t0 = test_random(&seed) % 150 - 20, t1 = t0 + 1 + test_random(&seed) % 60, from, to;
        uint32_t kind = test_random(&seed) % 3;
        c.speed = (kf_rational){1 + (int32_t)(test_random(&seed) % 9), 1 + (int32_t)(test_random(&seed) % 9)};
        c.reverse = kind == 1;
        c.remap = remap_keys;
        c.remap_count = kind == 2 ? 4 : 0;
        kf_clip_source_span(&c, t0, t1, &from, &to);
        for (kf_time t = t0; t < t1; t++) {
            CHECK(at(&c, t) >= from && at(&c, t) < to);
        }
        if (kind != 2) {
            CHECK_INT(from, c.reverse ? at(&c, t1 - 1) : at(&c, t0));
            CHECK_INT(to, (c.reverse ? at(&c, t0) : at(&c, t1 - 1)) + 1);
        }
    }
}

TEST(extremes_do_not_overflow)
{
    kf_clip_view c = plain_clip();
    kf_time from, to;
    c.speed = (kf_rational){INT32_MAX, 1};
    CHECK(at(&c, INT64_MAX) == INT64_MAX);
    c.reverse = true;
    at(&c, INT64_MIN);
    at(&c, INT64_MAX);
    c.loop = true;
    c.source_out = INT64_MAX;
    at(&c, INT64_MAX);
    kf_clip_source_span(&c, INT64_MIN, INT64_MAX, &from, &to);
}

/* ---- From films ---- */

static void check_range(const char *json, double in, double duration)
{
    kf_clip_view clip;
    kf_film *film = load_clips(json);
    CHECK_MSG(film && clip_of(film, 0, &clip), "%s", json);
    if (film) {
        CHECK_MSG(fabs(kf_time_seconds(clip.source_in) - in) < 1e-8 &&
                      fabs(kf_time_seconds(clip.duration) - duration) < 1e-8,
                  "%s: in %.9g, duration %.9g", json, kf_time_seconds(clip.source_in), kf_time_seconds(clip.duration));
    }
    kf_film_destroy(film);
}

TEST(two_of_three)
{
    check_range("{\"asset\":\"a\",\"in\":1,\"out\":3}", 1, 2);
    check_range("{\"asset\":\"a\",\"out\":3}", 0, 3);
    check_range("{\"asset\":\"a\",\"out\":3,\"duration\":2}", 1, 2);
    check_range("{\"asset\":\"a\",\"out\":3,\"duration\":2,\"speed\":0.5}", 2, 2);
    check_range("{\"asset\":\"a\",\"in\":1,\"out\":3,\"speed\":0.5}", 1, 4);
    check_range("{\"asset\":\"a\",\"in\":1,\"out\":3,\"speed\":-2}", 1, 1);
    check_range("{\"asset\":\"a\",\"in\":1,\"out\":3,\"duration\":2}", 1, 2);
    check_range("{\"asset\":\"a\"}", 0, 10);
    check_range("{\"asset\":\"a\",\"in\":4}", 4, 6);
    check_range("{\"asset\":\"a\",\"in\":4,\"speed\":\"3/2\"}", 4, 4);
    check_range("{\"asset\":\"a\",\"in\":\"50f\",\"duration\":\"25f\"}", 2, 1);
    check_range("{\"asset\":\"a\",\"in\":\"00:00:01:05\",\"duration\":\"00:00:02.5\"}", 1.2, 2.5);
    check_range("{\"asset\":\"a\",\"duration\":1e1}", 0, 10);
    check_range("{\"asset\":\"a\",\"freeze\":2,\"duration\":3}", 2, 3);
    check_range("{\"asset\":\"a\",\"remap\":[{\"t\":0,\"source\":0},{\"t\":4,\"source\":9}]}", 0, 4);
}

TEST(reverse_and_speed_keys)
{
    kf_clip_view clip;
    kf_film *film = load_clips("{\"asset\":\"a\",\"duration\":1,\"speed\":-0.25},"
                               "{\"asset\":\"a\",\"duration\":1,\"speed\":-2,\"reverse\":true},"
                               "{\"asset\":\"a\",\"duration\":100,\"loop\":true,\"out\":2,\"reverse\":true}");
    REQUIRE(clip_of(film, 0, &clip));
    CHECK(clip.reverse && clip.speed.num == 1 && clip.speed.den == 4);
    REQUIRE(clip_of(film, 1, &clip));
    CHECK(!clip.reverse && clip.speed.num == 2);
    REQUIRE(clip_of(film, 2, &clip));
    CHECK(clip.reverse && clip.loop && clip.source_out == 2 * KF_SECOND);
    kf_film_destroy(film);
}

int main(void)
{
    RUN(forward);
    RUN(reverse_mirrors_forward);
    RUN(reverse_frames);
    RUN(loop);
    RUN(freeze);
    RUN(remap);
    RUN(spans_hold_all_times);
    RUN(extremes_do_not_overflow);
    RUN(two_of_three);
    RUN(reverse_and_speed_keys);
    return test_end();
}
