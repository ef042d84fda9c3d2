/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMX3600 lists. What samples must give was computed by hand from their timecodes. */
#include "kit.h"

#define SAMPLE(file, given) \
    kit k; \
    if (!kit_sample(file, (kf_rational)given, &k)) SKIP("no ../shared/interchange"); \
    CHECK_MSG(k.film, "%s", k.err.message)
#define UNKNOWN {0, 0}

static int64_t start_of(const kit *k)
{
    return kit_sequence(k, -1).start_timecode;
}

/* ((59 * 60) + 53) * 24 + 11 = 86243; (3600 + 4) * 24 + 5 = 86501. */
TEST(avid_example)
{
    SAMPLE("avid_example.edl", UNKNOWN);
    CHECK_INT(start_of(&k), 86243);
    CHECK_TRACK(&k, -1, 0, "ZZ100_501.take_1.0001.exr 0+31 in 86501; ZZ100_502A.take_2.0101.exr 31+50 in 86557");
    kf_asset_view asset;
    REQUIRE(k.film && kf_asset_at(kf_film_snapshot(k.film), 0, &asset));
    CHECK_STR(asset.reel, "ZZ100_50");
    CHECK_STR(asset.path, "S:\\path\\to\\ZZ100_501.take_1.0001.exr");
    kit_finish(&k);
}

TEST(screening_example)
{
    SAMPLE("screening_example.edl", UNKNOWN);
    char *track = kit_track(&k, -1, 0);
    /* 00:59:56:20 is 81 frames after 00:59:53:11; 01:00:13:17 is 20 s 6 f after. */
    CHECK_MSG(strstr(track, "ZZ100_503A.LAY1.01 81+28 in 86601;"), "%s", track);
    CHECK_MSG(strstr(track, "ZZ100_508.LAY2.02 486+170 in 86628;"), "%s", track);
    CHECK_MSG(strstr(track, "ZZ100_510B.LAY1.02 792+257 in 86501"), "%s", track);
    kf_free(track);
    kf_track_view t;
    kf_sequence_view s = kit_sequence(&k, -1);
    kf_cursor cursor;
    kf_clip_view clip;
    kf_marker marker;
    REQUIRE(kf_track_get(kf_film_snapshot(k.film), &s, 0, &t));
    CHECK_INT(t.item_count, 9);
    kf_cursor_init(&cursor, kf_film_snapshot(k.film), &t);
    kf_cursor_seek_index(&cursor, 3);
    REQUIRE(kf_cursor_clip(&cursor, &clip) && clip.markers.count == 2);
    kf_marker_at(cursor.snapshot, clip.markers, 0, &marker);
    CHECK_STR(marker.name, "ANIM FIX NEEDED");
    CHECK_INT(kf_frame_at(marker.time, s.rate), 3 * 24 + 14); /* 01:00:01:14, recorded from 00:59:58:00 */
    CHECK_NEAR(marker.color[0], 1, 0);
    CHECK_NEAR(marker.color[1], 0, 0);
    kit_finish(&k);
}

TEST(gaps)
{
    SAMPLE("gap_test.edl", UNKNOWN);
    CHECK_TRACK(&k, -1, 0, "shot1 0+24 in 14400; shot2 40+24 in 1987200; shot3 102+24 in 864000");
    kit_finish(&k);
}

TEST(a_dissolve_is_two_lines)
{
    SAMPLE("dissolve_test.edl", UNKNOWN);
    CHECK_TRACK(&k, -1, 0, "clip_A 0+9 in 86501; <dissolve 9+10>; clip_B 9+10 in 86600; clip_B 19+1 in 86610");
    kit_finish(&k);
}

TEST(a_dissolve_in_half_is_an_error)
{
    kit k;
    if (!kit_sample("dissolve_test_fail.edl", (kf_rational)UNKNOWN, &k)) SKIP("no ../shared/interchange");
    CHECK(!k.film);
    CHECK_INT(k.err.status, KF_ERR_INVALID);
    CHECK_MSG(strstr(k.err.message, "dissolve_test_fail.edl:5: event 001: "), "%s", k.err.message);
    kit_finish(&k);
    k = kit_text("edl", "TITLE: x\n001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
                        "002 B V D 010 00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00\n", (kf_rational)UNKNOWN);
    CHECK(!k.film);
    CHECK_MSG(strstr(k.err.message, "test:3: event 002: a dissolve without the line"), "%s", k.err.message);
    kit_finish(&k);
}

/* 47.6 / 24 = 119/60. Records: 01:08:30:00 is 12240 frames after 01:00:00:00, 01:11:31:16 is 16600. */
TEST(speeds)
{
    SAMPLE("speed_effects_small.edl", UNKNOWN);
    CHECK_TRACK(&k, -1, 0,
                "Z677_4C (ANIM10) 0+126 in 86445; Z682_156 (LAY3) FF 12240+17 freeze 86661; "
                "Z682_157 (LAY2) FF 12257+1 freeze 86660; Z682_157 (LAY2) 12258+18 in 86660; "
                "Z686_5A (LAY2) (47.56 FPS) 16600+36 in 86544 x119/60");
    kit_finish(&k);
}

/* 01:00:01:24 exists at 25 and above. The record decides where the two sides differ. */
TEST(lengths_that_differ)
{
    SAMPLE("timecode_mismatch.edl", UNKNOWN);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_INT(s.rate.num, 25);
    char *track = kit_track(&k, -1, 0);
    CHECK_MSG(strstr(track, "sq001_s004 447+47 in 90000; sq001_s005 496+56 in 90000; sq001_s006 552+26 in 90000"), "%s",
              track);
    kf_free(track);
    size_t changed = 0;
    for (size_t i = 0; i < k.report.count; i++) changed += k.report.losses[i].kind == KF_LOSS_CHANGED;
    CHECK(changed >= 4);
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "The source lasts 31 frames where 56 are needed"));
    kit_finish(&k);
    kit_sample("timecode_mismatch.edl", (kf_rational){24, 1}, &k);
    CHECK(!k.film);
    CHECK_MSG(strstr(k.err.message, "timecode_mismatch.edl:13: event 004: 01:00:01:24 does not exist at 24"), "%s",
              k.err.message);
    kit_finish(&k);
}

TEST(colour_decisions)
{
    SAMPLE("cdl.edl", UNKNOWN);
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "power of 0"));
    CHECK(strstr(k.json.data, "ASC_SOP (0.1 0.2 0.3) (1.0 -0.0122 0.0305) (1.0 0.0 1.0)"));
    kit_finish(&k);
    k = kit_text("edl", "TITLE: x\n001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
                        "* ASC_SOP (1.25 1 0.5)(-0.25 0 0.5)(0.5 1 2)\n* ASC_SAT 0.75\n", (kf_rational)UNKNOWN);
    CHECK_MSG(strstr(k.json.data, "\"lift\":[-0.25,0,0.5,1],\"gamma\":[2,1,0.5,1],\"gain\":[1,1,1,1]}"), "%s",
              k.json.data);
    kit_trip trip = kit_round(&k, "edl", (kf_rational)UNKNOWN);
    CHECK_MSG(trip.text.data &&
                  strstr(trip.text.data, "* ASC_SOP: (1.25 1 0.5) (-0.25 0 0.5) (0.5 1 2)\n* ASC_SAT: 0.75\n"),
              "%s", trip.text.data);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

static const char events[] =
    "TITLE: all kinds\n"
    "FCM: NON-DROP FRAME\n"
    "001  A REEL WITH BLANKS AND A LONG NAME V  C  00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
    "002  BL       V     C        00:00:00:00 00:00:00:00 01:00:02:00 01:00:02:00\n"
    "002  TWO      AA/V  D    012 00:00:10:00 00:00:12:00 01:00:02:00 01:00:04:00\n"
    "* TO CLIP NAME: two\n"
    "003  TWO      V     C        00:00:12:00 00:00:12:00 01:00:04:00 01:00:04:00\n"
    "003  THREE    V     W001 006 00:00:20:00 00:00:21:00 01:00:04:00 01:00:05:00\n"
    "004  THREE    V     C        00:00:21:00 00:00:21:00 01:00:05:00 01:00:05:00\n"
    "004  BL       V     D    012 00:00:00:00 00:00:01:00 01:00:05:00 01:00:06:00\n"
    "005  FOUR     V     K B      00:00:00:00 00:00:01:00 01:00:06:00 01:00:07:00\n"
    "005  FIVE     V     K    003 00:00:00:00 00:00:01:00 01:00:06:00 01:00:07:00\n"
    "006  SIX      B     C        00:00:30:00 00:00:32:00 01:00:08:00 01:00:09:00\n"
    "M2   SIX      -048.0         00:00:30:00\n"
    "007  SEVEN    A2    C        00:00:40:00 00:00:41:00 01:00:08:00 01:00:09:00\n"
    "008  EIGHT    NONE  C        00:00:40:00 00:00:41:00 01:00:08:00 01:00:09:00\n"
    "AUD  3    4\n"
    "009  NINE     V     C        00:00:50:00 00:00:51:00 01:00:08:12 01:00:09:12\n";

TEST(every_kind_of_event)
{
    kit k = kit_text("edl", events, (kf_rational)UNKNOWN);
    REQUIRE(k.film);
    CHECK_TRACK(&k, -1, 0,
                "A REEL WITH BLANKS AND A LONG NAME 0+48 in 0; two 48+48 in 240; <wipe 96+6>; THREE 96+24 in 480; "
                "<dissolve 120+12>; FOUR 144+24 in 0; SIX 192+24 in 720 x2/1 reverse");
    CHECK_TRACK(&k, -1, 1, "<dissolve 144+3>; FIVE 144+24 in 0; NINE 204+24 in 1200");
    CHECK_TRACK(&k, -1, 2, "");
    CHECK_TRACK(&k, -1, 3, "SEVEN 192+24 in 960");
    CHECK_TRACK(&k, -1, 4, "EIGHT 192+24 in 960");
    CHECK_TRACK(&k, -1, 5, "(no track)");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "fades in from black right after a clip"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "A key became a clip"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "it was put on track V2"));
    kit_finish(&k);
}

/* 01:00:00;00 is frame 107892 of 29.97 drop-frame, 108000 of 30; an hour of record lasts exactly 107892 frames. */
TEST(drop_frame)
{
    kit k = kit_text("edl", "TITLE: df\nFCM: DROP FRAME\n"
                            "001  A V C 00:00:59:29 00:01:00:02 01:00:00:00 01:00:00:01\n"
                            "FCM: NON-DROP FRAME\n"
                            "002  B V C 01:00:00:00 02:00:00:00 01:00:00:01 02:00:03:19\n", (kf_rational)UNKNOWN);
    REQUIRE(k.film);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_INT(s.rate.num, 30000);
    CHECK_INT(s.rate.den, 1001);
    CHECK(s.drop_frame);
    CHECK_INT(s.start_timecode, 107892);
    /* 02:00:03;19: 7203 * 30 + 19 less 2 for each of 120 minutes but every tenth: 216109 - 216 */
    CHECK_TRACK(&k, -1, 0, "A 0+1 in 1799; B 1+108000 in 108000");
    kit_finish(&k);
}

static void one_rate(kf_rational rate, bool drop)
{
    char text[500], in[32], out[32], record[32];
    int64_t nominal = (rate.num + rate.den / 2) / rate.den, hour = drop ? 107892 * (nominal / 30) : 3600 * nominal;
    kf_timecode_format(hour + 7, rate, drop, in);
    kf_timecode_format(hour + 7 + 2 * hour, rate, drop, out);
    kf_timecode_format(2 * hour, rate, drop, record);
    snprintf(text, sizeof text, "TITLE: t\nFCM: %s\n001 R V C %s %s 00:00:00%c00 %s\n",
             drop ? "DROP FRAME" : "NON-DROP FRAME", in, out, drop ? ';' : ':', record);
    kit k = kit_text("edl", text, rate);
    CHECK_MSG(k.film, "%s", k.err.message);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_INT(s.duration, kf_frame_start(2 * hour, rate));
    CHECK_INT(s.duration % rate.den, 0);
    snprintf(text, sizeof text, "R 0+%lld in %lld", (long long)(2 * hour), (long long)(hour + 7));
    CHECK_TRACK(&k, -1, 0, text);
    kit_trip trip = kit_round(&k, "edl", rate);
    CHECK_TRACK(&trip.back, -1, 0, text);
    CHECK(strstr(trip.text.data, in) && strstr(trip.text.data, out) && strstr(trip.text.data, record));
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(every_rate_after_hours)
{
    static const kf_rational rates[] = {{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {48000, 1001},
                                        {48, 1}, {50, 1}, {60000, 1001}, {60, 1}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) one_rate(rates[i], false);
    one_rate((kf_rational){30000, 1001}, true);
    one_rate((kf_rational){60000, 1001}, true);
}

static void comes_back(const char *text, kf_rational rate)
{
    kit k = kit_text("edl", text, rate);
    REQUIRE(k.film);
    kit_trip trip = kit_round(&k, "edl", rate);
    CHECK_MSG(trip.back.film, "%s %s\n%s", trip.err.message, trip.back.err.message, trip.text.data);
    for (int32_t i = 0; i < 3; i++) {
        char *was = kit_track(&k, -1, i);
        if (i == 0) CHECK_TRACK(&trip.back, -1, i, was);
        kf_free(was);
    }
    CHECK_INT(start_of(&trip.back), start_of(&k));
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(what_is_written_reads_back)
{
    comes_back(events, (kf_rational)UNKNOWN);
    comes_back("TITLE: t\n001 A V C 00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00\n* a remark\n"
               "* LOC: 01:00:01:00 GREEN   look here\nM2 A 024.5 00:00:00:00\n"
               "002 A V C 00:00:04:02 00:00:04:02 01:00:04:00 01:00:04:00\n"
               "002 B V D 024 00:00:00:00 00:00:01:00 01:00:04:00 01:00:05:00\nM2 A 024.5 00:00:04:02\n"
               "M2 B 000.0 00:00:00:00\n* FROM CLIP NAME: a\n* TO CLIP NAME: b\n", (kf_rational)UNKNOWN);
}

TEST(what_a_list_cannot_say_is_reported)
{
    kit k =
        kit_film("{\"kerf\":1,\"assets\":{\"a\":{\"path\":\"a.mov\",\"reel\":\"R1\","
                 "\"timecode\":{\"start\":\"10:00:00:00\",\"rate\":25}},\"b\":\"b.mov\"},"
                 "\"size\":[640,360],\"rate\":25,\"start_timecode\":\"01:00:00:00\",\"tracks\":["
                 "{\"clips\":[{\"asset\":\"a\",\"in\":2,\"duration\":4,\"opacity\":0.5},"
                 "{\"transition\":\"dissolve\",\"duration\":\"24f\"},"
                 "{\"asset\":\"b\",\"in\":3,\"duration\":4,\"audio\":false,\"effects\":[{\"effect\":\"blur\"}]},"
                 "{\"transition\":\"push\",\"duration\":\"10f\"}]},"
                 "{\"clips\":[{\"generator\":\"title\",\"duration\":2}]},"
                 "{\"kind\":\"audio\",\"clips\":[{\"gap\":1},{\"asset\":\"b\",\"duration\":1,\"speed\":\"1/3\"}]}]}");
    CHECK_MSG(k.film, "%s", k.err.message);
    kit_trip trip = kit_round(&k, "edl", (kf_rational){25, 1});
    /* The dissolve of 24 frames about 4 s begins 12 frames before it: 00:00:03:13. */
    CHECK_STR(trip.text.data,
              "TITLE: test\nFCM: NON-DROP FRAME\n"
              "001  R1       AA/V  C        10:00:02:00 10:00:05:13 01:00:00:00 01:00:03:13\n"
              "* FROM CLIP NAME: a.mov\n* SOURCE FILE: a.mov\n"
              "002  b        A     C        00:00:00:00 00:00:00:09 01:00:01:00 01:00:02:00\n"
              "M2   b         008.3                00:00:00:00\n"
              "* FROM CLIP NAME: b.mov\n* SOURCE FILE: b.mov\n"
              "003  R1       AA/V  C        10:00:05:13 10:00:05:13 01:00:03:13 01:00:03:13\n"
              "003  b        V     D    024 00:00:02:13 00:00:06:15 01:00:03:13 01:00:07:15\n"
              "* FROM CLIP NAME: a.mov\n* TO CLIP NAME: b.mov\n* SOURCE FILE: b.mov\n"
              "004  b        V     C        00:00:06:15 00:00:06:15 01:00:07:15 01:00:07:15\n"
              "004  BL       V     D    010 00:00:00:00 00:00:00:10 01:00:07:15 01:00:08:00\n"
              "* FROM CLIP NAME: b.mov\n");
    k.report = trip.report;
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "one track of pictures"));
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "no opacity"));
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "blur is gone"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "speed was rounded"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "it became a dissolve"));
    k.report = (kf_report){0};
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(the_start_of_a_sequence_is_kept)
{
    kit k = kit_film(
        "{\"kerf\":1,\"assets\":{\"a\":\"a.mov\"},\"size\":[640,360],\"rate\":25,\"start_timecode\":\"01:00:00:00\","
        "\"tracks\":[{\"clips\":[{\"gap\":2},{\"asset\":\"a\",\"in\":1,\"duration\":4}]}]}");
    kit_trip trip = kit_round(&k, "edl", (kf_rational){25, 1});
    CHECK_MSG(trip.text.data &&
                  strstr(trip.text.data, "001  BL       V     C        00:00:00:00 00:00:02:00 01:00:00:00 "
                                         "01:00:02:00\n"),
              "%s", trip.text.data);
    CHECK_TRACK(&trip.back, -1, 0, "a.mov 50+100 in 25");
    CHECK_INT(start_of(&trip.back), 90000);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

/* The incoming clip has no frame before its in: no label could say where a centred dissolve begins in it. */
TEST(labels_lie_within_a_day)
{
    kit k = kit_film(
        "{\"kerf\":1,\"assets\":{\"a\":\"a.mov\"},\"size\":[640,360],\"rate\":25,\"start_timecode\":\"24:00:00:00\","
        "\"tracks\":[{\"clips\":[{\"asset\":\"a\",\"in\":1,\"duration\":4},{\"transition\":\"dissolve\",\"duration\":"
        "\"20f\"},"
        "{\"asset\":\"a\",\"duration\":4}]}]}");
    kit_trip trip = kit_round(&k, "edl", (kf_rational){25, 1});
    CHECK_TRACK(&trip.back, -1, 0, "a.mov 0+100 in 25; <dissolve 100+10>; a.mov 100+100 in 0");
    CHECK_INT(start_of(&trip.back), 0);
    k.report = trip.report;
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "Labels of 24 hours"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "the transition begins at the cut"));
    k.report = (kf_report){0};
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(comments_without_end)
{
    kf_str list = {0};
    kf_str_add(&list, "001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n");
    for (int i = 0; i < 50000; i++) kf_str_add(&list, "* \x01\x01\x01\x01\x01 a comment of many\n");
    kit k = kit_text("edl", list.data, (kf_rational)UNKNOWN);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "too many comments"));
    kit_finish(&k);
    kf_str_finish(&list);
}

static void refused(const char *text, kf_status status, const char *message)
{
    kit k = kit_text("edl", text, (kf_rational)UNKNOWN);
    CHECK(!k.film);
    CHECK_INT(k.err.status, status);
    CHECK_MSG(strstr(k.err.message, message), "%s", k.err.message);
    kit_finish(&k);
}

TEST(refuses_what_makes_no_sense)
{
    refused("", KF_ERR_PARSE, "no event found");
    refused("001 A V C 00:00:00:00 00:00:01:00 00:00:00:00\n", KF_ERR_PARSE, "test:1: an event ends in four timecodes");
    refused("001 A X C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n", KF_ERR_PARSE, "test:1: an event is:");
    refused("001 A V C 00:00:00:00 00:00:01:00 00:00:01:00 00:00:00:00\n", KF_ERR_INVALID, "recorded backwards");
    refused("M2 A 024.0 00:00:00:00\n", KF_ERR_PARSE, "M2 without an event");
}

TEST(knows_a_list_when_it_sees_one)
{
    const kf_interchange *edl = kf_interchange_find("EDL");
    REQUIRE(edl);
    CHECK(edl->sniff(events, sizeof events - 1));
    const char bare[] = "\n\n001  A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00 \n";
    CHECK(edl->sniff(bare, sizeof bare - 1));
    CHECK(!edl->sniff("1\n00:00:01,000 --> 00:00:02,000\nHi\n", 36));
    CHECK(!edl->sniff("{\"kerf\":1}", 10));
    CHECK(!edl->sniff("", 0));
}

TEST(runs_out_of_memory_with_grace)
{
    for (uint64_t n = 1; n < 400; n++) {
        kf_str film = {0};
        kf_report report = {0};
        kf_error err = {0};
        kf_import_params params = {events, sizeof events - 1, "test", {0, 0}};
        kf_alloc_fail_from(n);
        kf_status status = kf_interchange_find("edl")->import(&params, &film, &report, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&film);
        kf_report_finish(&report);
    }
    kit k = kit_text("edl", events, (kf_rational)UNKNOWN);
    kit_starve_export(&k, "edl", 300);
    kit_finish(&k);
}

int main(void)
{
    RUN(avid_example);
    RUN(screening_example);
    RUN(gaps);
    RUN(a_dissolve_is_two_lines);
    RUN(a_dissolve_in_half_is_an_error);
    RUN(speeds);
    RUN(lengths_that_differ);
    RUN(colour_decisions);
    RUN(every_kind_of_event);
    RUN(drop_frame);
    RUN(every_rate_after_hours);
    RUN(what_is_written_reads_back);
    RUN(what_a_list_cannot_say_is_reported);
    RUN(the_start_of_a_sequence_is_kept);
    RUN(labels_lie_within_a_day);
    RUN(comments_without_end);
    RUN(refuses_what_makes_no_sense);
    RUN(knows_a_list_when_it_sees_one);
    RUN(runs_out_of_memory_with_grace);
    return test_end();
}
