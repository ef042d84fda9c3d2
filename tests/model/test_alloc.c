/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of loading and writing fails in turn: out of memory is said, nothing leaks, nothing crashes. */
#include "film_util.h"

enum { MOST = 100000 };

static uint64_t sweep_load(const char *text, size_t length)
{
    kf_film_load load = {.folder = "/films", .media = test_facts};
    for (uint64_t n = 1; n < MOST; n++) {
        kf_film *film = NULL;
        kf_error err = {0};
        kf_alloc_fail_from(n);
        kf_status status = kf_film_load_json(text, length, &load, &film, &err);
        kf_alloc_fail_from(0);
        kf_film_destroy(film);
        if (status == KF_OK) {
            return n;
        }
        CHECK_MSG(status == KF_ERR_MEMORY && !film, "allocation %d: %d %s", (int)n, status, err.message);
        if (status != KF_ERR_MEMORY) {
            return 0;
        }
    }
    return 0;
}

TEST(loading)
{
    uint64_t n = sweep_load(rich_film, strlen(rich_film));
    CHECK_MSG(n > 10, "%d allocations", (int)n);
}

TEST(loading_a_long_track)
{
    kf_str text = {0};
    kf_str_add(&text, "{\"kerf\":1,\"assets\":{\"a\":\"a.mp4\"},\"tracks\":[{\"clips\":[{\"gap\":1}");
    for (int i = 0; i < 3000; i++) {
        kf_str_addf(&text, ",{\"id\":%d,\"asset\":\"a\",\"duration\":1,\"opacity\":0.5}", i + 10);
    }
    kf_str_add(&text, "]}]}");
    CHECK(sweep_load(text.data, text.length) > 10);
    kf_str_finish(&text);
}

/* A film that is refused is refused for its own reason, or for want of memory. */
TEST(refusing)
{
    static const char text[] =
        "{\"kerf\":1,\"assets\":{\"abc\":\"a.mp4\"},\"tracks\":[{\"clips\":[{\"asset\":\"abd\"}]}]}";
    for (uint64_t n = 1; n < 200; n++) {
        kf_film *film = NULL;
        kf_error err = {0};
        kf_alloc_fail_from(n);
        kf_status status = kf_film_load_json(text, sizeof text - 1, NULL, &film, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_ERR_MEMORY || status == KF_ERR_INVALID);
    }
}

TEST(writing)
{
    kf_film *film = NULL;
    kf_error err;
    REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
    kf_status status = KF_ERR_MEMORY;
    for (uint64_t n = 1; n < MOST && status != KF_OK; n++) {
        kf_str out = {0};
        kf_alloc_fail_from(n);
        status = kf_film_write_json(kf_film_snapshot(film), &out, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&out);
    }
    CHECK_INT(status, KF_OK);
    kf_film_destroy(film);
}

/* Reading a film never allocates. */
TEST(playing_does_not_allocate)
{
    kf_film *film = NULL;
    kf_error err;
    REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
    kf_sequence_view s;
    kf_track_view track;
    kf_snapshot snap = kf_film_snapshot(film);
    kf_alloc_fail_from(1);
    for (int32_t q = 0; kf_sequence_at(snap, q, &s); q++) {
        for (int32_t i = 0; kf_track_get(snap, &s, i, &track); i++) {
            kf_cursor c;
            kf_moment m;
            union { unsigned char bytes[KF_KIND_MAX_VALUES]; double align; } values;
            kf_cursor_init(&c, snap, &track);
            for (kf_time t = 0; t < s.duration; t += KF_SECOND / 10) {
                if (kf_track_at(&c, t, &m) && m.clip) {
                    kf_params_eval(&m.clip->transform, t, &values);
                    kf_params_eval(&m.clip->video, t, &values);
                    kf_clip_source_time(m.clip, t - m.start, KF_SECOND);
                }
            }
        }
    }
    CHECK_INT((int64_t)kf_alloc_count(), 0);
    kf_alloc_fail_from(0);
    kf_film_destroy(film);
}

int main(void)
{
    RUN(loading);
    RUN(loading_a_long_track);
    RUN(refusing);
    RUN(writing);
    RUN(playing_does_not_allocate);
    return test_end();
}
