/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "interchange/internal.h"
#include "test.h"
#include "interchange/kit.h"

static const kf_rational ntsc = {30000, 1001}, film_ntsc = {24000, 1001}, pal = {25, 1};

static kf_rational rate_of(double number)
{
    kf_rational rate = {0, 0};
    return ix_rate_from_number(number, &rate) ? rate : (kf_rational){0, 0};
}

TEST(decimal_rates_are_exact)
{
    static const struct { double number; kf_rational rate; } rows[] = {
        {23.976, {24000, 1001}},   {23.98, {24000, 1001}}, {23.976023976023978, {24000, 1001}},
        {29.97, {30000, 1001}},    {47.952, {48000, 1001}}, {59.94, {60000, 1001}}, {119.88, {120000, 1001}},
        {24, {24, 1}},             {25, {25, 1}},          {12.5, {25, 2}},         {1, {1, 1}},
        {48000, {0, 0}},           {0, {0, 0}},            {-24, {0, 0}},           {14.98, {749, 50}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kf_rational rate = rate_of(rows[i].number);
        CHECK_MSG(rate.num == rows[i].rate.num && rate.den == rows[i].rate.den, "%g gives %d/%d", rows[i].number,
                  rate.num, rate.den);
    }
    CHECK(rate_of((double)NAN).num == 0);
}

TEST(timecode_reads_at_every_rate)
{
    int64_t frame = 0;
    kf_error err;
    CHECK_INT(ix_timecode_read("01:00:00:00", pal, false, &frame, &err), KF_OK);
    CHECK_INT(frame, 90000);
    CHECK_INT(ix_timecode_read("01:00:00:00", film_ntsc, true, &frame, &err), KF_OK); /* no such thing as drop here */
    CHECK_INT(frame, 86400);
    CHECK_INT(ix_timecode_read("01:00:00;00", ntsc, false, &frame, &err), KF_OK);
    CHECK_INT(frame, 107892); /* 108000 labels less 54 times two */
    CHECK_INT(ix_timecode_read("00:01:00.02", ntsc, true, &frame, &err), KF_OK);
    CHECK_INT(frame, 1800);
    CHECK_INT(ix_timecode_read("00;01;00;02", ntsc, false, &frame, &err), KF_OK);
    CHECK_INT(frame, 1800);
    CHECK_INT(ix_timecode_read("00:00:00:25", pal, false, &frame, &err), KF_ERR_INVALID);
    CHECK_INT(ix_timecode_read("soon", pal, false, &frame, &err), KF_ERR_PARSE);
}

static void check_time(kf_time t, kf_rational rate, const char *wanted)
{
    kf_str text = {0};
    kf_json_writer w = {.out = &text, .compact = true};
    kf_time back = 0;
    ix_put_time(&w, "t", t, rate);
    CHECK_STR(text.data, wanted);
    const char *value = wanted + 4;
    char copy[64];
    snprintf(copy, sizeof copy, "%s", *value == '"' ? value + 1 : value);
    copy[strcspn(copy, "\"")] = '\0';
    CHECK_INT(kf_time_parse(copy, rate, &back, NULL), KF_OK);
    CHECK_INT(back, t);
    kf_str_finish(&text);
}

TEST(times_are_written_exactly)
{
    check_time(0, pal, "\"t\":0");
    check_time(3 * KF_SECOND, pal, "\"t\":\"75f\"");
    check_time(kf_frame_start(1001, ntsc), ntsc, "\"t\":\"1001f\"");
    check_time(-KF_SECOND, pal, "\"t\":\"-25f\"");
    check_time(1, (kf_rational){0, 0}, "\"t\":0.0000000014");
    check_time(KF_SECOND + 1, pal, "\"t\":1.0000000014");
    check_time(-KF_SECOND * 3 / 2, (kf_rational){0, 0}, "\"t\":-1.5");
}

TEST(file_urls_become_paths)
{
    static const struct { const char *url, *path; } rows[] = {
        {"file:///a/b%20c.mov", "/a/b c.mov"},      {"file://localhost/a%23.mov", "/a#.mov"},
        {"file:///C:/x/y.mov", "C:/x/y.mov"},       {"file://localhost/D%3a/x", "D:/x"},
        {"FILE:///a", "/a"},
        {"file:/a/b", "/a/b"},                      {"media/a%20b.mov", "media/a%20b.mov"},
        {"https://x/y%20z", "https://x/y%20z"},     {"file:///a%zz%00", "/a%zz%00"},
        {"file:relative.mov", "relative.mov"},      {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *path = ix_path_from_url(rows[i].url);
        CHECK_STR(path, rows[i].path);
        kf_free(path);
    }
    kf_str url = {0};
    ix_add_url(&url, "/a b/\xc3\xa9#.mov", "localhost");
    CHECK_STR(url.data, "file://localhost/a%20b/%C3%A9%23.mov");
    kf_str_finish(&url);
    ix_add_url(&url, "C:/x", "");
    CHECK_STR(url.data, "file:///C:/x");
    kf_str_finish(&url);
    ix_add_url(&url, "s3://bucket/a b", "");
    CHECK_STR(url.data, "s3://bucket/a b");
    kf_str_finish(&url);
}

TEST(a_film_is_put_together)
{
    ix_film film;
    ix_sequence outer, inner;
    bool fresh;
    kf_str text = {0};
    kf_film *loaded = NULL;
    kf_error err = {0};
    ix_film_init(&film, "Two");
    ix_sequence_begin(&film, &outer, "Cut", pal);
    ix_sequence_begin(&film, &inner, "Cut", pal);
    CHECK_STR(outer.id, "Cut");
    CHECK_STR(inner.id, "Cut-2");
    const char *id = ix_film_asset(&film, "file:///a.mov", "a", &fresh);
    CHECK(fresh);
    kf_json_put_string(&film.assets, "path", "/a.mov");
    kf_json_end_object(&film.assets);
    CHECK_STR(ix_film_asset(&film, "file:///a.mov", "a", &fresh), id);
    CHECK(!fresh);
    ix_sequence_end(&film, &inner);
    ix_sequence_end(&film, &outer);
    REQUIRE(ix_film_write(&film, outer.id, &text, &err) == KF_OK);
    CHECK_STR(text.data,
              "{\"kerf\":1,\"name\":\"Two\",\"assets\":{\"a\":{\"path\":\"/a.mov\"}},\"main\":\"Cut\","
              "\"sequences\":[{\"id\":\"Cut-2\",\"name\":\"Cut\",\"rate\":25},"
              "{\"id\":\"Cut\",\"name\":\"Cut\",\"rate\":25}]}");
    CHECK_MSG(kf_film_load_json(text.data, text.length, NULL, &loaded, &err) == KF_OK, "%s", err.message);
    kf_film_destroy(loaded);
    kf_str_finish(&text);
    ix_film_finish(&film);
}

TEST(many_ids_stay_unique_and_quick)
{
    ix_film film;
    ix_film_init(&film, "");
    CHECK_STR(ix_film_id(&film, "a-3"), "a-3");
    CHECK_STR(ix_film_id(&film, "a"), "a");
    CHECK_STR(ix_film_id(&film, "a"), "a-2");
    CHECK_STR(ix_film_id(&film, "a"), "a-4");
    for (int i = 5; i < 20000; i++) {
        ix_film_id(&film, "a");
    }
    CHECK_STR(ix_film_id(&film, "a"), "a-20000");
    CHECK_STR(ix_film_id(&film, ""), "sequence");
    ix_film_finish(&film);
}

TEST(reports_keep_what_they_are_told)
{
    kf_report report = {0};
    kf_report_add(&report, KF_LOSS_CHANGED, "A / V1", "the %s is another", "wipe");
    kf_report_add(NULL, KF_LOSS_CHANGED, "A / V1", "nobody hears");
    REQUIRE(report.count == 1);
    CHECK_STR(report.losses[0].where, "A / V1");
    CHECK_STR(report.losses[0].what, "the wipe is another");
    for (int i = 0; i < KF_REPORT_MAX + 5; i++) {
        kf_report_add(&report, KF_LOSS_NOTE, "", "again");
    }
    CHECK_INT(report.count, KF_REPORT_MAX);
    CHECK_INT(report.dropped, 6);
    kf_report_finish(&report);
}

/* 3 of 10 frames before one cut, 9 of 12 before the other: what can say so gives them back as they were. */
TEST(transitions_lie_as_they_did)
{
    static const char *const formats[] = {"otio", "xmeml", "fcpxml"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        kit k = kit_film("{\"kerf\":1,\"size\":[1920,1080],\"rate\":25,\"assets\":{\"a\":\"/m/a\"},\"tracks\":[{\"clips\":["
                         "{\"asset\":\"a\",\"in\":1,\"duration\":2},{\"transition\":\"dissolve\",\"duration\":\"10f\",\"before\":"
                         "\"3f\"},{\"asset\":\"a\",\"in\":4,\"duration\":2},{\"transition\":\"dissolve\",\"duration\":\"12f\","
                         "\"before\":\"9f\"},{\"asset\":\"a\",\"in\":8,\"duration\":2}]}]}");
        kit_trip trip = kit_round(&k, formats[i], (kf_rational){0, 0});
        CHECK_TRACK(&trip.back, -1, 0, "a 0+50 in 25; <dissolve 47+10>; a 50+50 in 100; <dissolve 91+12>; "
                                       "a 100+50 in 200");
        for (size_t n = 0; n < trip.report.count; n++) {
            CHECK_MSG(trip.report.losses[n].kind != KF_LOSS_CHANGED, "%s: %s", formats[i], trip.report.losses[n].what);
        }
        kit_trip_finish(&trip);
        kit_finish(&k);
    }
}

int main(void)
{
    RUN(decimal_rates_are_exact);
    RUN(timecode_reads_at_every_rate);
    RUN(times_are_written_exactly);
    RUN(file_urls_become_paths);
    RUN(a_film_is_put_together);
    RUN(many_ids_stay_unique_and_quick);
    RUN(reports_keep_what_they_are_told);
    RUN(transitions_lie_as_they_did);
    return test_end();
}
