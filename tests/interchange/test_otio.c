/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts computed by hand from the samples and from small documents; frames of the sequence. */
#include "interchange/kit.h"

static const kf_rational none = {0, 0};

/* ---- Samples ---- */

#define SAMPLE(file) \
    kit k; \
    if (!kit_sample(file, none, &k)) SKIP("../shared/interchange is absent"); \
    if (!k.film) printf("# %s\n", k.err.message)

TEST(multitrack_gives_three_tracks)
{
    SAMPLE("multitrack.otio");
    CHECK_STR(kit_sequence(&k, -1).name, "OTIO TEST - multitrack.Exported.01");
    CHECK_INT(kit_sequence(&k, -1).rate.num, 24);
    CHECK_INT(kit_sequence(&k, -1).track_count, 3);
    CHECK_INT(kit_sequence(&k, -1).duration, 3282 * KF_SECOND / 24);
    CHECK_TRACK(&k, -1, 0, "tech.fux (loop)-HD.mp4 0+720 in 0; out-b (loop)-HD.mp4 803+722 in 0; "
                           "brokchrd (loop)-HD.mp4 1957+720 in 0");
    CHECK_TRACK(&k, -1, 1, "t-hawk (loop)-HD.mp4 482+480 in 0");
    CHECK_TRACK(&k, -1, 2, "KOLL-HD.mp4 1198+640 in 0");
    CHECK_INT(k.report.count, 0);
    kit_finish(&k);
}

TEST(nested_stacks_and_tracks_become_sequences)
{
    SAMPLE("nested_example.otio");
    CHECK_TRACK(&k, -1, 0,
                "Normal Clip 1 0+238 in 135; {Nested Stack 1} 238+31 in 0; Normal Clip 2 269+33 in 101; "
                "{Nested Stack 2 (with effects)} 302+29 in 0 x74345464/87000011; Normal Clip 3 331+63 in 179; "
                "{Nested Track} 394+4 freeze 0; Normal Clip 4 398+238 in 135");
    CHECK_TRACK(&k, 0, 0, "Clip Inside A Stack 1 0+37 in 373");
    CHECK_TRACK(&k, 1, 0, "Clip Inside A Stack 2 0+24 in 429");
    CHECK_TRACK(&k, 2, 0, "Clip Inside A Track 0+1 in 471");
    kit_finish(&k);
}

TEST(transitions_fit_or_say_so)
{
    SAMPLE("transition_test.otio");
    CHECK_TRACK(&k, -1, 0, "<dissolve 0+10>; A 0+50 in 0; <dissolve 40+20>; B 50+50 in 0; C 100+50 in 0; "
                           "<dissolve 140+20>");
    CHECK_INT(k.report.count, 1); /* nothing stands before the first cut */
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "reached past what it joins"));
    kit_finish(&k);
}

TEST(screening_keeps_its_timecode_and_markers)
{
    SAMPLE("screening_example.otio");
    CHECK_TRACK(&k, -1, 0,
                "ZZ100_501 (LAY3) 0+31 in 86501; ZZ100_502A (LAY3) 31+50 in 86557; ZZ100_503A (LAY1) 81+28 in 86601; "
                "ZZ100_504C (LAY1) 109+115 in 86641; ZZ100_504B (LAY1) 224+101 in 86753; "
                "ZZ100_507C (LAY2) 325+161 in 86501; ZZ100_508 (LAY2) 486+170 in 86628; "
                "ZZ100_510 (LAY1) 656+136 in 86722; ZZ100_510B (LAY1) 792+257 in 86501");
    kf_snapshot snapshot = kf_film_snapshot(k.film);
    kf_sequence_view s = kit_sequence(&k, -1);
    kf_track_view track;
    kf_cursor cursor;
    kf_clip_view clip = {0};
    kf_marker marker = {0};
    kf_track_get(snapshot, &s, 0, &track);
    kf_cursor_init(&cursor, snapshot, &track);
    kf_cursor_seek_index(&cursor, 6);
    REQUIRE(kf_cursor_clip(&cursor, &clip) && kf_marker_at(snapshot, clip.markers, 0, &marker));
    CHECK_INT(marker.time, (86773 - 86628) * KF_SECOND / 24);
    CHECK(marker.color[1] == 1 && marker.color[0] == 0);
    CHECK(strstr(clip.metadata, "\"reel\":\"ZZ100_50\"") != NULL);
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "lies before the start"));
    CHECK(kit_reported(&k, KF_LOSS_NOTE, "source range lies outside"));
    kit_finish(&k);
}

TEST(premiere_counts_from_the_media_s_start)
{
    SAMPLE("premiere_example.otio");
    CHECK_INT(kit_sequence(&k, -1).track_count, 8);
    CHECK_INT(kit_sequence(&k, -1).rate.num, 30);
    CHECK_TRACK(&k, -1, 0, "sc01_sh010_anim.mov 536+100 in 0"); /* 50 frames at 15 */
    CHECK_TRACK(&k, -1, 1, "sc01_sh010_anim.mov 13+100 in 0; sc01_sh020_anim.mov 165+157 in 0; "
                           "sc01_sh030_anim.mov 322+235 in 0; <dissolve 538+19>; {sc01_sh010_anim} 636+320 in 0");
    CHECK_TRACK(&k, -1, 2, "test_title 15+941 in 108000");
    CHECK_TRACK(&k, -1, 3, "sc01_master_layerA_sh030_temp.mov 956+208 in 34; <dissolve 1152+25>; "
                           "sc01_sh010_anim.mov 1164+82 in 18");
    CHECK_TRACK(&k, -1, 4, "sc01_sh010_anim.mov 13+100 in 0; sc01_sh010_anim.mov 536+100 in 0");
    CHECK_TRACK(&k, -1, 5, "sc01_placeholder.wav 335+170 in 0; {sc01_sh010_anim} 636+294 in 0");
    CHECK_TRACK(&k, -1, 6, "track_08.wav 153+198 in 0");
    CHECK_TRACK(&k, -1, 7, "sc01_master_layerA_sh030_temp.mov 956+221 in 34; sc01_sh010_anim.mov 1177+94 in 6");
    kf_asset_view asset;
    kf_snapshot snapshot = kf_film_snapshot(k.film);
    REQUIRE(kf_asset_at(snapshot, 0, &asset));
    CHECK_STR(asset.path, "D:/media/sc01_sh010_anim.mov");
    CHECK_INT(kit_sequence(&k, -1).markers.count, 3);
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "Slug"));
    CHECK(!kit_reported(&k, KF_LOSS_CHANGED, "transition"));
    kit_finish(&k);
}

/* ---- Small documents ---- */

#define TIME(value, rate) "{\"OTIO_SCHEMA\":\"RationalTime.1\",\"value\":" value ",\"rate\":" rate "}"
#define RANGE(start, duration, rate) \
    "{\"OTIO_SCHEMA\":\"TimeRange.1\",\"start_time\":" TIME(start, rate) ",\"duration\":" TIME(duration, rate) "}"
#define CLIP(name, range, more) \
    "{\"OTIO_SCHEMA\":\"Clip.2\",\"name\":\"" name "\",\"source_range\":" range "" more "}"
#define GAP(duration, rate) "{\"OTIO_SCHEMA\":\"Gap.1\",\"source_range\":" RANGE("0", duration, rate) "}"
#define TRACK(children) "{\"OTIO_SCHEMA\":\"Track.1\",\"name\":\"V\",\"kind\":\"Video\",\"children\":[" children "]}"
#define TIMELINE(more, tracks) \
    "{\"OTIO_SCHEMA\":\"Timeline.1\",\"name\":\"T\"" more ",\"tracks\":{\"OTIO_SCHEMA\":\"Stack.1\",\"children\":[" \
    tracks "]}}"

TEST(every_rate_is_exact)
{
    static const struct { const char *rate; kf_rational exact; } rows[] = {
        {"23.976", {24000, 1001}}, {"23.976023976023978", {24000, 1001}}, {"24", {24, 1}}, {"25.0", {25, 1}},
        {"29.97", {30000, 1001}}, {"30", {30, 1}}, {"47.952", {48000, 1001}}, {"48", {48, 1}}, {"50", {50, 1}},
        {"59.94", {60000, 1001}}, {"60", {60, 1}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[2000];
        snprintf(text, sizeof text,
                 TIMELINE("", TRACK(GAP("100001", "%s") "," CLIP("a", RANGE("1001", "7", "%s"), ""))), rows[i].rate,
                 rows[i].rate, rows[i].rate, rows[i].rate);
        kit k = kit_text("otio", text, none);
        kf_sequence_view s = kit_sequence(&k, -1);
        CHECK_INT(s.rate.num, rows[i].exact.num);
        CHECK_INT(s.rate.den, rows[i].exact.den);
        CHECK_TRACK(&k, -1, 0, "a 100001+7 in 1001");
        kit_trip trip = kit_round(&k, "otio", none);
        CHECK_TRACK(&trip.back, -1, 0, "a 100001+7 in 1001");
        CHECK_INT(kit_sequence(&trip.back, -1).rate.num, rows[i].exact.num);
        kit_trip_finish(&trip);
        kit_finish(&k);
    }
}

TEST(mixed_rates_and_parts_of_frames_stay_exact)
{
    kit k = kit_text("otio", TIMELINE("", TRACK(CLIP("a", RANGE("0", "24", "24"), "") "," CLIP("b",
                     RANGE("96000", "24000", "48000"), "") "," CLIP("c", RANGE("0.5", "10.5", "24"), ""))), none);
    CHECK_TRACK(&k, -1, 0, "a 0+24 in 0; b 24+12 in 48; c 36+10+ in 0+");
    kit_trip trip = kit_round(&k, "otio", none);
    CHECK_TRACK(&trip.back, -1, 0, "a 0+24 in 0; b 24+12 in 48; c 36+10+ in 0+");
    CHECK(strstr(trip.text.data, "96000") != NULL); /* written with the rate that it had */
    CHECK_INT(kit_sequence(&trip.back, -1).duration, 36 * KF_SECOND / 24 + KF_SECOND * 105 / 240);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(start_times_become_timecode)
{
    kit k = kit_text("otio", TIMELINE(",\"global_start_time\":" TIME("107892", "29.97"),
                     TRACK(CLIP("a", RANGE("0", "10", "29.97"), ""))), none);
    CHECK_INT(kit_sequence(&k, -1).start_timecode, 107892);
    CHECK(!kit_sequence(&k, -1).drop_frame);
    kit_trip trip = kit_round(&k, "otio", none);
    CHECK_INT(kit_sequence(&trip.back, -1).start_timecode, 107892);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

#define WARP(scalar) ",\"effects\":[{\"OTIO_SCHEMA\":\"LinearTimeWarp.1\",\"time_scalar\":" scalar "}]"

TEST(time_warps_become_speeds)
{
    kit k = kit_text("otio", TIMELINE("", TRACK(
                     CLIP("a", RANGE("10", "20", "25"), WARP("2.0")) "," CLIP("b", RANGE("10", "20", "25"), WARP("-1"))
                     "," CLIP("c", RANGE("10", "20", "25"), WARP("-0.5")) ","
                     CLIP("d", RANGE("10", "20", "25"), WARP("0")) ","
                     CLIP("e", RANGE("10", "20", "25"), WARP("0.3333333333333333")) ","
                     CLIP("f", RANGE("10", "20", "25"), WARP("5000")))), none);
    const char *wanted = "a 0+20 in 10 x2/1; b 20+20 in 10 reverse; c 40+20 in 10 x1/2 reverse; d 60+20 freeze 10; "
                         "e 80+20 in 10 x1/3; f 100+20 in 10";
    CHECK_TRACK(&k, -1, 0, wanted);
    CHECK_INT(k.report.count, 1);
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "out of reach"));
    kit_trip trip = kit_round(&k, "otio", none);
    CHECK_TRACK(&trip.back, -1, 0, wanted);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(old_schemas_are_understood)
{
    kit k = kit_text("otio",
                     "{\"OTIO_SCHEMA\":\"SerializeableCollection.1\",\"children\":[" TIMELINE("",
                     "{\"OTIO_SCHEMA\":\"Sequence.1\",\"kind\":\"Video\",\"name\":null,\"metadata\":null,\"children\":["
                     "{\"OTIO_SCHEMA\":\"Filler.1\",\"source_range\":" RANGE("0", "5", "24") "},"
                     "{\"OTIO_SCHEMA\":\"Clip.1\",\"name\":\"a\",\"media_reference\":{\"OTIO_SCHEMA\":"
                     "\"ExternalReference.1\",\"target_url\":\"file:///m/a%20b.mov\",\"available_range\":"
                     RANGE("100", "50", "24") "},\"markers\":[{\"OTIO_SCHEMA\":\"Marker.1\",\"name\":\"m\",\"range\":"
                     RANGE("102", "1", "24") ",\"color\":\"RED\"}]}]}") "]}", none);
    if (!k.film) printf("# %s\n", k.err.message);
    CHECK_TRACK(&k, -1, 0, "a 5+50 in 0");
    kf_asset_view asset = {0};
    REQUIRE(k.film && kf_asset_at(kf_film_snapshot(k.film), 0, &asset));
    CHECK_STR(asset.path, "/m/a b.mov");
    CHECK(asset.timecode.known);
    CHECK_INT(asset.timecode.start, 100);
    kit_finish(&k);
}

TEST(pictures_in_numbers_have_a_pattern)
{
    kit k = kit_text("otio", TIMELINE("", TRACK(CLIP("a", RANGE("0", "10", "24"),
                     ",\"media_references\":{\"DEFAULT_MEDIA\":{\"OTIO_SCHEMA\":\"ImageSequenceReference.1\","
                     "\"target_url_base\":\"file:///shots/a\",\"name_prefix\":\"a.\",\"name_suffix\":\".exr\","
                     "\"start_frame\":101,\"frame_step\":1,\"rate\":24,\"frame_zero_padding\":4,"
                     "\"missing_frame_policy\":\"hold\"}},\"active_media_reference_key\":\"DEFAULT_MEDIA\""))), none);
    kf_asset_view asset = {.path = ""};
    REQUIRE(k.film && kf_asset_at(kf_film_snapshot(k.film), 0, &asset));
    CHECK_STR(asset.path, "/shots/a/a.%04d.exr");
    CHECK_INT(asset.rate.num, 24);
    kit_trip trip = kit_round(&k, "otio", none);
    CHECK(strstr(trip.text.data, "\"start_frame\": 101") && strstr(trip.text.data, "\"hold\""));
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(media_that_moved_take_nothing_along)
{
    static const char film[] =
        "{\"kerf\":1,\"rate\":24,\"assets\":{\"a\":{\"path\":\"%s\",\"metadata\":{\"otio\":{\"fields\":{"
        "\"target_url_base\":\"/old\",\"name_prefix\":\"b.\",\"name_suffix\":\".png\",\"start_frame\":7,"
        "\"frame_step\":1,\"rate\":24,\"frame_zero_padding\":3,\"missing_frame_policy\":\"hold\",\"x\":1}}}}},"
        "\"tracks\":[{\"clips\":[{\"asset\":\"a\",\"duration\":1}]}]}";
    static const struct { const char *path; bool keeps; } rows[] = {
        {"/old/b.%03d.png", true}, {"/new/c_%04d.exr", false}, {"/new/d.mov", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1000];
        snprintf(text, sizeof text, film, rows[i].path);
        kit k = kit_film(text);
        kit_trip trip = kit_round(&k, "otio", none);
        kf_asset_view asset = {.path = ""};
        CHECK_MSG(trip.back.film && kf_asset_at(kf_film_snapshot(trip.back.film), 0, &asset), "%s %s",
                  trip.err.message, trip.back.err.message);
        CHECK_STR(asset.path, rows[i].path);
        CHECK(trip.text.data && (strstr(trip.text.data, "\"start_frame\": 7") != NULL) == rows[i].keeps);
        kit_trip_finish(&trip);
        kit_finish(&k);
    }
}

TEST(references_to_earlier_objects_are_followed)
{
    kit k = kit_text("otio", TIMELINE("", TRACK(CLIP("a", RANGE("0", "10", "24"), ",\"OTIO_REF_ID\":\"Clip-1\"") ","
                     "{\"OTIO_SCHEMA\":\"SerializableObjectRef.1\",\"id\":\"Clip-1\"}")), none);
    CHECK_TRACK(&k, -1, 0, "a 0+10 in 0; a 10+10 in 0");
    kit_finish(&k);
    k = kit_text("otio", "{\"OTIO_SCHEMA\":\"Stack.1\",\"OTIO_REF_ID\":\"S\",\"children\":[" TRACK(
                 "{\"OTIO_SCHEMA\":\"SerializableObjectRef.1\",\"id\":\"S\"}") "]}", none);
    CHECK(!k.film || k.report.count > 0); /* a stack in itself */
    kit_finish(&k);
}

TEST(what_is_not_known_is_kept_and_named)
{
    kit k = kit_text(
        "otio",
        TIMELINE(
            ",\"future\":{\"x\":[1,12345678901234567890123]}",
            TRACK(CLIP(
                "a", RANGE("0", "10", "24"),
                ",\"effects\":[{\"OTIO_SCHEMA\":\"Effect.1\","
                "\"effect_name\":\"Glow\",\"metadata\":{\"radius\":NaN}}],\"metadata\":{\"big\":98765432109876543210"
                ",\"n\":-Infinity}") ",{\"OTIO_SCHEMA\":\"Hologram.3\",\"source_range\":" RANGE("0", "4", "24") "}")),
        none);
    CHECK_TRACK(&k, -1, 0, "a 0+10 in 0");
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "Glow"));
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "Hologram.3"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "NaN or infinite"));
    kit_trip trip = kit_round(&k, "otio", none);
    static const char *const kept[] = {"12345678901234567890123", "98765432109876543210", "Glow", "Hologram.3",
                                       "-Infinity"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        CHECK_MSG(trip.text.data && strstr(trip.text.data, kept[i]), "%s is lost", kept[i]);
    }
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(members_of_the_wrong_kind_do_no_harm)
{
    static const char *const members[] = {"metadata", "effects", "markers", "children", "source_range", "name",
                                          "enabled", "media_references", "tracks", "global_start_time", "kind"};
    static const char *const values[] = {"[1]", "\"x\"", "{\"a\":[{}]}", "null", "-1", "true"};
    for (size_t m = 0; m < sizeof members / sizeof *members; m++) {
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            char text[1200];
            snprintf(text, sizeof text, "{\"OTIO_SCHEMA\":\"Timeline.1\",\"%s\":%s}", members[m], values[v]);
            kit k = kit_text("otio", text, none);
            CHECK_MSG(k.film, "%s: %s", text, k.err.message);
            kit_finish(&k);
            snprintf(text, sizeof text,
                     "{\"OTIO_SCHEMA\":\"Track.1\",\"children\":[{\"OTIO_SCHEMA\":\"Clip.2\","
                     "\"%s\":%s},{\"OTIO_SCHEMA\":\"Stack.1\",\"%s\":%s}]}",
                     members[m], values[v], members[m], values[v]);
            k = kit_text("otio", text, none);
            CHECK_MSG(k.film, "%s: %s", text, k.err.message);
            kit_finish(&k);
        }
    }
}

TEST(a_cut_track_shows_only_its_range)
{
    kit k = kit_text("otio", TIMELINE("", "{\"OTIO_SCHEMA\":\"Track.1\",\"name\":\"V\",\"kind\":\"Video\","
                     "\"source_range\":" RANGE("5", "10", "24") ",\"children\":[" CLIP("a", RANGE("0", "8", "24"), "")
                     "," CLIP("b", RANGE("0", "20", "24"), "") "]}"), none);
    CHECK_TRACK(&k, -1, 0, "{V} 0+10 in 5");
    CHECK_TRACK(&k, 0, 0, "a 0+8 in 0; b 8+20 in 0");
    kit_finish(&k);
}

TEST(stacks_of_clips_are_tracks)
{
    kit k = kit_text("otio", TIMELINE("", CLIP("a", RANGE("0", "8", "24"), "") "," TRACK(
                     "{\"OTIO_SCHEMA\":\"Stack.1\",\"name\":\"S\",\"children\":[" CLIP("b", RANGE("3", "4", "24"), "")
                     "," CLIP("c", RANGE("0", "6", "24"), "") "]},"
                     "{\"OTIO_SCHEMA\":\"Stack.1\",\"name\":\"S\",\"children\":[" CLIP("b", RANGE("3", "4", "24"), "")
                     "," CLIP("c", RANGE("0", "6", "24"), "") "]}")), none);
    CHECK_TRACK(&k, -1, 0, "a 0+8 in 0");
    CHECK_TRACK(&k, -1, 1, "{S} 0+6 in 0; {S} 6+6 in 0"); /* the same twice: one sequence */
    CHECK_TRACK(&k, 0, 0, "b 0+4 in 3");
    CHECK_TRACK(&k, 0, 1, "c 0+6 in 0");
    kit_finish(&k);
}

TEST(errors_name_what_is_wrong)
{
    static const struct { const char *text, *says; kf_status status; } rows[] = {
        {"{\"OTIO_SCHEMA\":\"Cake.1\"}", "\"OTIO_SCHEMA\" is \"Cake.1\"", KF_ERR_PARSE},
        {"[]", "not OpenTimelineIO", KF_ERR_PARSE},
        {"{\"OTIO_SCHEMA\":", "test:1", KF_ERR_PARSE},
        {"{\"OTIO_SCHEMA\":\"SerializableCollection.1\",\"children\":[]}", "no timeline", KF_ERR_INVALID}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kit k = kit_text("otio", rows[i].text, none);
        CHECK_INT(k.err.status, rows[i].status);
        CHECK_MSG(strstr(k.err.message, rows[i].says), "\"%s\"", k.err.message);
        kit_finish(&k);
    }
}

TEST(allocation_failures_are_reported)
{
    const char *text = TIMELINE(
        "", TRACK(CLIP("a", RANGE("0", "8", "24"), WARP("2")) ","
                                                              "{\"OTIO_SCHEMA\":\"Stack.1\",\"children\":[" CLIP(
                                                                  "b", RANGE("3", "4", "24"), "") "]}"));
    kf_import_params params = {text, strlen(text), "test", none};
    for (uint64_t n = 1; n < 2000; n++) {
        kf_str film = {0};
        kf_report report = {0};
        kf_error err = {0};
        kf_alloc_fail_from(n);
        kf_status status = kf_interchange_find("otio")->import(&params, &film, &report, &err);
        bool reached = kf_alloc_count() >= n;
        kf_alloc_fail_from(0);
        CHECK_INT(status, reached ? KF_ERR_MEMORY : KF_OK);
        kf_str_finish(&film);
        kf_report_finish(&report);
        if (!reached) break;
    }
}

TEST(failing_exports_are_reported)
{
    const char *text = TIMELINE(
        "", TRACK(CLIP("a", RANGE("0", "8", "24"), WARP("2")) ","
                                                              "{\"OTIO_SCHEMA\":\"Stack.1\",\"children\":[" CLIP(
                                                                  "b", RANGE("3", "4", "24"), "") "]}"));
    kit k = kit_text("otio", text, none);
    kf_export_params params = {-1, "test"};
    REQUIRE(k.film);
    for (uint64_t n = 1; n < 2000; n++) {
        kf_str out = {0};
        kf_report report = {0};
        kf_error err = {0};
        kf_alloc_fail_from(n);
        kf_status status = kf_interchange_find("otio")->export(kf_film_snapshot(k.film), &params, &out, &report, &err);
        bool reached = kf_alloc_count() >= n;
        kf_alloc_fail_from(0);
        CHECK_MSG(status == (reached ? KF_ERR_MEMORY : KF_OK) || report.failed, "allocation %d", (int)n);
        kf_str_finish(&out);
        kf_report_finish(&report);
        if (!reached) break;
    }
    kit_finish(&k);
}

int main(void)
{
    RUN(multitrack_gives_three_tracks);
    RUN(nested_stacks_and_tracks_become_sequences);
    RUN(transitions_fit_or_say_so);
    RUN(screening_keeps_its_timecode_and_markers);
    RUN(premiere_counts_from_the_media_s_start);
    RUN(every_rate_is_exact);
    RUN(mixed_rates_and_parts_of_frames_stay_exact);
    RUN(start_times_become_timecode);
    RUN(time_warps_become_speeds);
    RUN(old_schemas_are_understood);
    RUN(pictures_in_numbers_have_a_pattern);
    RUN(media_that_moved_take_nothing_along);
    RUN(references_to_earlier_objects_are_followed);
    RUN(what_is_not_known_is_kept_and_named);
    RUN(members_of_the_wrong_kind_do_no_harm);
    RUN(a_cut_track_shows_only_its_range);
    RUN(stacks_of_clips_are_tracks);
    RUN(errors_name_what_is_wrong);
    RUN(allocation_failures_are_reported);
    RUN(failing_exports_are_reported);
    return test_end();
}
