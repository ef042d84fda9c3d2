/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Final Cut Pro XML. What the sample must give was read off its start, end, in and out by hand. */
#include "kit.h"

#define RATE(base, ntsc) "<rate><timebase>" #base "</timebase><ntsc>" #ntsc "</ntsc></rate>"
#define HEAD(rate) \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE xmeml>\n<xmeml version=\"5\"><sequence " \
    "id=\"s\"><name>cut</name>" rate \
    "<media><video><format><samplecharacteristics><width>1920</width><height>1080</height></samplecharacteristics>" \
    "</format><track>"
#define TAIL "</track></video></media></sequence></xmeml>"
#define FILE_A \
    "<file id=\"f\"><name>a.mov</name><pathurl>file:///v/a%20b.mov</pathurl>" RATE( \
        25, FALSE) "<duration>500</duration>" \
                   "<media><video><samplecharacteristics><width>1920</width><height>1080</height></" \
                   "samplecharacteristics></video><audio/>" \
                   "</media></file>"
#define PARAMETER(id, value) "<parameter><parameterid>" id "</parameterid>" value "</parameter>"
#define FILTER(id, parameters) \
    "<filter><effect><name>" id "</name><effectid>" id "</effectid>" parameters "</effect></filter>"
#define TIMES(start, end, in, out) \
    "<start>" #start "</start><end>" #end "</end><in>" #in "</in><out>" #out "</out>"

static kit text(const char *xml)
{
    return kit_text("xmeml", xml, (kf_rational){0, 0});
}

static kf_clip_view clip_at(const kit *k, int32_t track, int64_t item)
{
    kf_sequence_view s = kit_sequence(k, -1);
    kf_track_view t;
    kf_cursor cursor;
    kf_clip_view clip = {.name = "", .label = "", .metadata = ""};
    if (k->film && kf_track_get(kf_film_snapshot(k->film), &s, track, &t)) {
        kf_cursor_init(&cursor, kf_film_snapshot(k->film), &t);
        kf_cursor_seek_index(&cursor, item);
        kf_cursor_clip(&cursor, &clip);
    }
    return clip;
}

TEST(premiere_example)
{
    kit k;
    if (!kit_sample("premiere_example.xml", (kf_rational){0, 0}, &k)) SKIP("no ../shared/interchange");
    CHECK_MSG(k.film, "%s", k.err.message);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_STR(s.name, "sc01_sh010_layerA");
    CHECK_INT(s.width, 1280);
    CHECK_INT(s.height, 720);
    CHECK_INT(s.rate.num, 30);
    CHECK_STR(s.label, "Forest");
    CHECK_INT(s.markers.count, 3);
    /* In and out of 0 and 50 at 15 a second: 100 frames of the sequence. */
    CHECK_TRACK(&k, -1, 0, "sc01_sh010_anim.mov 536+100 in 0");
    CHECK_TRACK(&k, -1, 1,
                "sc01_sh010_anim.mov 13+100 in 0; sc01_sh020_anim.mov 165+157 in 0; sc01_sh030_anim.mov 322+235 in 0; "
                "<dissolve 538+19>; {sc01_sh010_anim} 636+320 in 0");
    CHECK_TRACK(&k, -1, 2, "test_title 15+941 in 108000");
    /* A transition of 25 frames from 1152 on, cut at 1164: the clip after it has in 6 at 1152, so 18 at the cut. */
    CHECK_TRACK(
        &k, -1, 3,
        "sc01_master_layerA_sh030_temp.mov 956+208 in 34; <dissolve 1152+25>; sc01_sh010_anim.mov 1164+82 in 18");
    CHECK_TRACK(&k, -1, 4, "sc01_sh010_anim.mov 13+100 in 0; sc01_sh010_anim.mov 536+100 in 0");
    CHECK_TRACK(&k, -1, 5, "sc01_placeholder.wav 335+170 in 0; {sc01_sh010_anim} 636+294 in 0");
    CHECK_TRACK(&k, -1, 6, "track_08.wav 153+198 in 0");
    CHECK_TRACK(&k, 0, 0, "sc01_sh010_anim.mov 0+100 in 0; sc01_sh030_anim.mov 100+220 in 0");
    CHECK_TRACK(&k, 0, 3, "sc01_sh010_anim.mov 0+100 in 0");
    kf_asset_view asset;
    REQUIRE(k.film && kf_asset_at(kf_film_snapshot(k.film), 0, &asset));
    CHECK_STR(asset.path, "D:/media/sc01_sh010_anim.mov");
    CHECK_INT(asset.media.facts.width, 1280);
    CHECK_INT(kf_frame_at(asset.media.facts.duration, s.rate), 100);
    kf_clip_view picture = clip_at(&k, 0, 1), sound = clip_at(&k, 4, 3);
    kf_links links = kf_clip_links(kf_film_snapshot(k.film), &picture, KF_LINK);
    CHECK_INT(links.count, 2);
    CHECK(links.count == 2 && (links.ids[0] == sound.id || links.ids[1] == sound.id));
    CHECK(!picture.audio);
    CHECK_STR(picture.label, "Iris");
    kit_finish(&k);
}

TEST(start_and_end_of_minus_one)
{
    /* Cut at 90: the left clip has in 0 and out 100 up to the transition's end, the right one in 20 from its start. */
    kit k =
        text(HEAD(RATE(25, FALSE)) "<clipitem>" TIMES(0, -1, 0, 100) FILE_A
             "</clipitem><transitionitem>"
             "<start>80</start><end>100</end><alignment>center</alignment><effect><name>Cross Dissolve</name></effect>"
             "</transitionitem><clipitem>" TIMES(-1, 200, 20,
                                                 140) "<file id=\"f\"/></clipitem>"
                                                      "<transitionitem><start>190</start><end>200</"
                                                      "end><alignment>end-black</alignment><effect><name>Dip to Black"
                                                      "</name></effect></transitionitem>" TAIL);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK_TRACK(&k, -1, 0, "a.mov 0+90 in 0; <dissolve 80+20>; a.mov 90+110 in 30; <dip_to_color 190+10>");
    CHECK_INT(k.report.count, 0);
    kit_print_report(&k.report);
    kit_finish(&k);
}

TEST(cuts_anywhere_in_a_transition)
{
    /* 60963840000 of 254016000000 ticks a second are 6 frames at 25: the cut is at 86, the clip after it has in 26 there.
     * A number of ticks past the transition's end, as some write, says nothing: 12 of 25 frames lie before the cut at 152. */
    kit k = text(HEAD(RATE(25, FALSE)) "<clipitem>" TIMES(0, -1, 0, 100) FILE_A "</clipitem><transitionitem>"
                 "<start>80</start><end>100</end><alignment>center</alignment><cutPointTicks>60963840000</cutPointTicks>"
                 "<effect><name>Cross Dissolve</name></effect></transitionitem><clipitem>" TIMES(-1, -1, 20, 105)
                 "<file id=\"f\"/></clipitem><transitionitem><start>140</start><end>165</end><alignment>center</alignment>"
                 "<cutPointTicks>1544417280000</cutPointTicks><effect><name>Cross Dissolve</name></effect></transitionitem>"
                 "<clipitem>" TIMES(-1, 200, 20, 80) "<file id=\"f\"/></clipitem>" TAIL);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK_TRACK(&k, -1, 0, "a.mov 0+86 in 0; <dissolve 80+20>; a.mov 86+66 in 26; <dissolve 140+25>; a.mov 152+48 in 32");
    CHECK_INT(k.report.count, 0);
    kit_print_report(&k.report);
    kit_trip trip = kit_round(&k, "xmeml", (kf_rational){0, 0});
    CHECK(strstr(trip.text.data, "<cutPointTicks>60963840000</cutPointTicks>"));
    CHECK_TRACK(&trip.back, -1, 0,
                "a.mov 0+86 in 0; <dissolve 80+20>; a.mov 86+66 in 26; <dissolve 140+25>; a.mov 152+48 in 32");
    CHECK_INT(trip.report.count, 0);
    kit_print_report(&trip.report);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(speeds)
{
    /* In and out count after the change: 40 at half speed is source frame 20. */
    kit k = text(HEAD(RATE(25, FALSE)) "<clipitem><duration>1000</duration>" TIMES(0, 60, 40, 100) FILE_A FILTER(
        "timeremap",
        PARAMETER(
            "speed",
            "<value>50</value>")) "</clipitem>"
                                  /* Backwards at 200 %: 250 frames long; 10 from its end is source 500 - 2 * 10. */
                                  "<clipitem><duration>250</duration>" TIMES(60, 100, 10, 50) "<file id=\"f\"/>" FILTER(
                                      "timeremap",
                                      PARAMETER("speed", "<value>200</value>")
                                          PARAMETER(
                                              "reverse", "<value>TRUE</value>")) "</clipitem>"
                                                                                 "<clipitem>" TIMES(100, 120, 33, 53) "<file id=\"f\"/>" FILTER(
                                                                                     "timeremap",
                                                                                     PARAMETER(
                                                                                         "speed",
                                                                                         "<value>0</value>")) "</"
                                                                                                              "clipitem"
                                                                                                              ">"
                                                                                                              "<clipite"
                                                                                                              "m"
                                                                                                              ">" TIMES(120, 140, 5, 25) "<file id=\"f\"/>" FILTER(
                                                                                                                  "time"
                                                                                                                  "rema"
                                                                                                                  "p",
                                                                                                                  PARAMETER(
                                                                                                                      "variablespeed",
                                                                                                                      "<value>1</value>")
                                                                                                                      PARAMETER(
                                                                                                                          "graphdict",
                                                                                                                          "<keyframe><when>0</when><value>0</value></keyframe><keyframe><when>15</when><value>30</value></keyframe>"
                                                                                                                          "<keyframe><when>25</when><value>35</value></keyframe>")) "</clipitem>"
                                                                                                                                                                                    /* Some write source frames: 100 of them in 50 at 200 %. */
                                                                                                                                                                                    "<clipitem>" TIMES(140, 190, 100, 200) "<file id=\"f\"/>" FILTER(
                                                                                                                                                                                        "timeremap",
                                                                                                                                                                                        PARAMETER(
                                                                                                                                                                                            "speed",
                                                                                                                                                                                            "<value>200</value>")) "</clipitem>" TAIL);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK_TRACK(
        &k, -1, 0,
        "a.mov 0+60 in 20 x1/2; a.mov 60+40 in 400 x2/1 reverse; a.mov 100+20 freeze 33; a.mov 120+20 in 0 remap; "
        "a.mov 140+50 in 100 x2/1");
    kf_clip_view clip = clip_at(&k, 0, 3);
    kf_rational rate = {25, 1};
    CHECK_INT(kf_frame_at(kf_clip_source_time(&clip, 0, KF_TIME_NONE), rate), 10);               /* when 5 */
    CHECK_INT(kf_frame_at(kf_clip_source_time(&clip, kf_frame_start(10, rate), KF_TIME_NONE), rate), 30);
    CHECK_INT(kf_frame_at(kf_clip_source_time(&clip, kf_frame_start(20, rate), KF_TIME_NONE), rate), 35);
    kit_finish(&k);
}

TEST(filters_become_properties)
{
    kit k =
        text(HEAD(RATE(25, FALSE)) "<clipitem><compositemode>Hard Light</compositemode><enabled>FALSE</enabled>" TIMES(
            0, 50, 10,
            60) "<file "
                "id=\"f\"><name>s</name><pathurl>file://localhost/s.png</pathurl><media><video><samplecharacteristics>"
                "<width>400</width><height>200</height></samplecharacteristics></video></media></file>" FILTER(
                    "basic", PARAMETER("scale", "<value>150</value>")
                                 PARAMETER("rotation", "<keyframe><when>10</when><value>0</value></"
                                                       "keyframe><keyframe><when>35</when><value>90</value></keyframe>")
                                     PARAMETER("center", "<value><horiz>0.5</horiz><vert>-1</vert></value>")
                                         PARAMETER("centerOffset", "<value><horiz>-0.5</horiz><vert>0</vert></value>"))
                    FILTER("opacity", PARAMETER("opacity", "<value>25</value>"))
                        FILTER("crop", PARAMETER("left", "<value>10</value>"))
                            FILTER("Gaussian Blur", PARAMETER("radius", "<value>10</value>")) "</clipitem>" TAIL);
    CHECK_MSG(k.film, "%s", k.err.message);
    kf_clip_view clip = clip_at(&k, 0, 0);
    kf_fx_transform t;
    kf_clip_video v;
    CHECK(kf_params_eval(&clip.transform, KF_SECOND / 2, &t));
    CHECK_INT(t.fit, KF_FIT_NONE);
    CHECK_NEAR(t.scale[0], 1.5, 1e-6);
    CHECK_NEAR(t.rotation, 45, 1e-4);           /* half of the second that the keys span, from the clip's first frame */
    CHECK_NEAR(t.position[0], 960 + 200, 1e-3); /* half of the picture's 400 */
    CHECK_NEAR(t.position[1], 540 - 200, 1e-3);
    CHECK_NEAR(t.anchor[0], 0, 1e-6);
    CHECK_NEAR(t.crop_left, 0.1, 1e-6);
    CHECK(kf_params_eval(&clip.video, 0, &v));
    CHECK_NEAR(v.opacity, 0.25, 1e-6);
    CHECK_INT(v.blend_mode, KF_MODE_HARD_LIGHT);
    CHECK(!clip.enabled);
    CHECK(strstr(clip.metadata, "<effectid>Gaussian Blur</effectid>"));
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "Gaussian Blur"));
    kit_finish(&k);
}

TEST(bins_titles_and_nesting)
{
    kit k =
        text("<xmeml version=\"4\"><project><name>P</name><children><bin><name>A/B</name><children><bin><name>C</name>"
             "<children><clip id=\"m\"><media><video><track><clipitem><file "
             "id=\"f\"/></clipitem></track></video></media>"
             "</clip></children></bin></children></bin><sequence id=\"s\"><name>cut</name>" RATE(
                 24, TRUE) "<timecode>" RATE(24,
                                             TRUE) "<frame>86400</frame><displayformat>NDF</displayformat></timecode>"
                                                   "<media><video><track><clipitem>" TIMES(0, 10, 0, 10) FILE_A
             "</clipitem>"
             "<generatoritem>" TIMES(10, 20, 0, 10) "<effect><name>Text</name><effectid>Text</effectid>" PARAMETER(
                 "str", "<value>Hello\nworld</value>")
                 PARAMETER("fontsize", "<value>48</value>") "</effect></generatoritem><clipitem>" TIMES(
                     20, 30, 5,
                     15) "<sequence id=\"n\"><name>inner</name>" RATE(25, FALSE) "<media><video><track><"
                                                                                 "clipitem>" TIMES(0, 40, 0,
                                                                                                   40) "<file "
                                                                                                       "id=\"f\"/></"
                                                                                                       "clipitem></"
                                                                                                       "track>"
                                                                                                       "</video></"
                                                                                                       "media></"
                                                                                                       "sequence></"
                                                                                                       "clipitem><"
                                                                                                       "clipitem"
                                                                                                       ">" TIMES(
                                                                                                           30, 40, 0,
                                                                                                           10) "<sequen"
                                                                                                               "ce "
                                                                                                               "id="
                                                                                                               "\"s\"/"
                                                                                                               "></"
                                                                                                               "clipite"
                                                                                                               "m>"
                                                                                                               "</"
                                                                                                               "track><"
                                                                                                               "/video>"
                                                                                                               "</"
                                                                                                               "media><"
                                                                                                               "/sequen"
                                                                                                               "ce></"
                                                                                                               "childre"
                                                                                                               "n></"
                                                                                                               "project"
                                                                                                               "></"
                                                                                                               "xmeml"
                                                                                                               ">");
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK_TRACK(&k, -1, 0, "a.mov 0+10 in 0; (title) 10+10 in 0; {inner} 20+10 in 5; (solid) 30+10 in 0");
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "in a circle"));
    kf_asset_view asset;
    REQUIRE(k.film && kf_asset_at(kf_film_snapshot(k.film), 0, &asset));
    CHECK_STR(asset.bin, "A_B/C");
    CHECK_STR(asset.path, "/v/a b.mov");
    CHECK_STR(kf_bin_at(kf_film_snapshot(k.film), 0), "A_B");
    CHECK_INT(kit_sequence(&k, -1).start_timecode, 86400);
    CHECK_INT(kit_sequence(&k, -1).rate.num, 24000);
    kit_finish(&k);
}

TEST(multiclips)
{
    kit k = text(HEAD(RATE(25, FALSE)) "<clipitem>" TIMES(0, 10, 4, 14) "<multiclip id=\"m\"><name>cams</name>" RATE(
        25, FALSE) "<angle><clip><name>one</name>" RATE(25, FALSE) "<duration>100</duration>" FILE_A "</clip></angle>"
                                                                   "<angle><activevideoangle>TRUE</"
                                                                   "activevideoangle><clip><name>two</name>" RATE(
                                                                       25, FALSE) "<duration>80</duration><file "
                                                                                  "id=\"f\"/></clip></angle></"
                                                                                  "multiclip></clipitem>" TAIL);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK_TRACK(&k, -1, 0, "{cams} 0+10 in 4");
    CHECK_INT(clip_at(&k, 0, 0).angle, 2);
    CHECK(kit_sequence(&k, 0).multicam);
    CHECK_TRACK(&k, 0, 1, "a.mov 0+80 in 0");
    kit_finish(&k);
}

static void one_rate(int base, const char *ntsc, kf_rational rate)
{
    char xml[3000];
    int64_t hour = (int64_t)base * 3600;
    snprintf(
        xml, sizeof xml,
        "<xmeml version=\"4\"><sequence "
        "id=\"s\"><rate><timebase>%d</timebase><ntsc>%s</ntsc></rate><media><video><track>"
        "<clipitem><start>%lld</start><end>%lld</end><in>%lld</in><out>%lld</out><file id=\"f\"><name>R</name></file>"
        "</clipitem></track></video></media></sequence></xmeml>",
        base, ntsc, (long long)hour, (long long)(3 * hour + 1), (long long)(hour + 7), (long long)(3 * hour + 8));
    kit k = text(xml);
    CHECK_MSG(k.film, "%s", k.err.message);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_INT(s.rate.num, rate.num);
    CHECK_INT(s.rate.den, rate.den);
    CHECK_INT(s.duration, kf_frame_start(3 * hour + 1, rate));
    snprintf(xml, sizeof xml, "R %lld+%lld in %lld", (long long)hour, (long long)(2 * hour + 1), (long long)(hour + 7));
    CHECK_TRACK(&k, -1, 0, xml);
    kit_trip trip = kit_round(&k, "xmeml", (kf_rational){0, 0});
    CHECK_TRACK(&trip.back, -1, 0, xml);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(every_rate_after_hours)
{
    static const int bases[] = {24, 25, 30, 48, 50, 60};
    for (size_t i = 0; i < 6; i++) {
        one_rate(bases[i], "FALSE", (kf_rational){bases[i], 1});
        if (bases[i] % 25) one_rate(bases[i], "TRUE", (kf_rational){bases[i] * 1000, 1001});
    }
}

/* ---- Writing ---- */

static const char show[] =
    "{\"kerf\":1,\"name\":\"show\",\"bins\":[\"Empty\"],\"assets\":{"
    "\"a\":{\"path\":\"/v/a b.mov\",\"name\":\"a\",\"bin\":\"Day "
    "1/Cam\",\"reel\":\"R1\",\"timecode\":{\"start\":90000,\"rate\":25},"
    "\"media\":{\"video\":true,\"audio\":true,\"duration\":40,\"size\":[960,540],\"rate\":25}},"
    "\"m\":{\"path\":\"/v/m.wav\",\"name\":\"m\",\"media\":{\"audio\":true,\"duration\":60}}},"
    "\"sequences\":[{\"id\":\"cut\",\"name\":\"cut\",\"rate\":25,\"size\":[1920,1080],\"start_timecode\":\"10:00:00:"
    "00\","
    "\"mark_in\":1,\"mark_out\":3,\"markers\":[{\"time\":2,\"duration\":1,\"name\":\"n\",\"note\":\"t\",\"color\":\"#"
    "ff8000\"}],"
    "\"tracks\":[{\"name\":\"main\",\"clips\":["
    "{\"transition\":\"dip_to_color\",\"duration\":\"10f\"},"
    "{\"asset\":\"a\",\"in\":2,\"duration\":4,\"audio\":false,\"link\":1,\"label\":\"Iris\",\"opacity\":0.5,\"blend_"
    "mode\":\"screen\","
    "\"markers\":[{\"time\":\"10f\",\"name\":\"here\"}],"
    "\"transform\":{\"fit\":\"none\",\"scale\":{\"keys\":[{\"t\":0,\"v\":1},{\"t\":2,\"v\":1.5,\"interp\":\"hold\"}]},"
    "\"position\":[1000,500],"
    "\"rotation\":-30,\"anchor\":[0.25,0.75],\"crop_left\":0.125}},"
    "{\"transition\":\"wipe\",\"duration\":\"24f\",\"angle\":90,\"feather\":0},"
    "{\"asset\":\"a\",\"in\":\"101f\",\"duration\":\"61f\",\"speed\":\"3/2\",\"audio\":false},"
    "{\"asset\":\"a\",\"in\":\"33f\",\"duration\":\"20f\",\"speed\":\"1/"
    "3\",\"reverse\":true,\"audio\":false,\"enabled\":false},"
    "{\"gap\":1},{\"asset\":\"a\",\"freeze\":\"77f\",\"duration\":\"25f\",\"audio\":false},"
    "{\"asset\":\"a\",\"duration\":2,\"remap\":[{\"t\":0,\"source\":0},{\"t\":1,\"source\":3},{\"t\":2,\"source\":3.2}]"
    ",\"audio\":false}]},"
    "{\"name\":\"over\",\"hide\":true,\"clips\":[{\"sequence\":\"in\",\"in\":\"3f\",\"duration\":\"20f\",\"audio\":"
    "false},"
    "{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":\"#336699\"}},"
    "{\"generator\":\"title\",\"duration\":1,\"params\":{\"text\":\"Hi & <you>\",\"font\":\"Serif "
    "Bold\",\"size\":60}}]},"
    "{\"name\":\"sound\",\"kind\":\"audio\",\"lock\":true,\"clips\":[{\"asset\":\"a\",\"in\":2,\"duration\":4,\"link\":"
    "1,\"gain\":-6,\"pan\":0.5},"
    "{\"transition\":\"dissolve\",\"duration\":\"12f\"},{\"asset\":\"m\",\"in\":5,\"duration\":8}]}]},"
    "{\"id\":\"in\",\"name\":\"in\",\"rate\":25,\"size\":[640,360],\"tracks\":[{\"name\":\"V1\",\"clips\":[{\"asset\":"
    "\"a\",\"duration\":2,\"audio\":false}]}]}]}";

TEST(a_film_comes_back)
{
    kit k = kit_film(show);
    CHECK_MSG(k.film, "%s", k.err.message);
    kit_trip trip = kit_round(&k, "xmeml", (kf_rational){0, 0});
    CHECK_MSG(trip.back.film, "%s %s", trip.err.message, trip.back.err.message);
    for (int32_t i = 0; i < 4; i++) {
        char *was = kit_track(&k, -1, i);
        CHECK_TRACK(&trip.back, -1, i, was);
        kf_free(was);
    }
    kf_sequence_view s = kit_sequence(&trip.back, -1);
    CHECK_STR(s.name, "cut");
    CHECK_INT(s.start_timecode, 900000);
    CHECK_INT(s.mark_in, KF_SECOND);
    CHECK_INT(s.mark_out, 3 * KF_SECOND);
    kf_marker marker;
    REQUIRE(s.markers.count == 1 && kf_marker_at(kf_film_snapshot(trip.back.film), s.markers, 0, &marker));
    CHECK_STR(marker.note, "t");
    CHECK_INT(marker.duration, KF_SECOND);
    CHECK_NEAR(marker.color[1], 128 / 255.0, 1e-6);
    kf_asset_view asset;
    kf_asset_at(kf_film_snapshot(trip.back.film), 0, &asset);
    CHECK_STR(asset.path, "/v/a b.mov");
    CHECK_STR(asset.bin, "Day 1/Cam");
    CHECK_STR(asset.reel, "R1");
    CHECK_INT(asset.timecode.start, 90000);
    kf_clip_view was = clip_at(&k, 0, 1), is = clip_at(&trip.back, 0, 1);
    CHECK_STR(is.label, "Iris");
    CHECK_INT(is.markers.count, 1);
    CHECK_INT(kf_clip_links(kf_film_snapshot(trip.back.film), &is, KF_LINK).count, 2);
    for (int i = 0; i < 5; i++) {
        kf_fx_transform a, b;
        kf_clip_video v, w;
        CHECK(kf_params_eval(&was.transform, i * KF_SECOND, &a) && kf_params_eval(&is.transform, i * KF_SECOND, &b));
        CHECK_INT(b.fit, a.fit);
        CHECK_NEAR(b.scale[0], a.scale[0], 1e-6);
        CHECK_NEAR(b.rotation, a.rotation, 1e-6);
        CHECK_NEAR(b.position[0], a.position[0], 1e-3);
        CHECK_NEAR(b.position[1], a.position[1], 1e-3);
        CHECK_NEAR(b.anchor[0], a.anchor[0], 1e-6);
        CHECK_NEAR(b.crop_left, a.crop_left, 1e-6);
        CHECK(kf_params_eval(&was.video, 0, &v) && kf_params_eval(&is.video, 0, &w));
        CHECK_NEAR(w.opacity, v.opacity, 1e-6);
        CHECK_INT(w.blend_mode, v.blend_mode);
    }
    kf_clip_view sound = clip_at(&trip.back, 2, 0);
    kf_clip_audio a;
    CHECK(kf_params_eval(&sound.sound, 0, &a));
    CHECK_NEAR(a.gain, -6, 1e-4);
    CHECK_NEAR(a.pan, 0.5, 1e-6);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(the_sample_comes_back)
{
    kit k;
    if (!kit_sample("premiere_example.xml", (kf_rational){0, 0}, &k)) SKIP("no ../shared/interchange");
    kit_trip trip = kit_round(&k, "xmeml", (kf_rational){0, 0});
    CHECK_MSG(trip.back.film, "%s %s", trip.err.message, trip.back.err.message);
    for (int32_t sequence = 0; sequence < 2; sequence++) {
        for (int32_t i = 0; i < kit_sequence(&k, sequence).track_count; i++) {
            char *was = kit_track(&k, sequence, i);
            CHECK_TRACK(&trip.back, sequence, i, was);
            kf_free(was);
        }
        CHECK_INT(kit_sequence(&trip.back, sequence).track_count, kit_sequence(&k, sequence).track_count);
    }
    CHECK_INT(trip.report.count, 0);
    kit_print_report(&trip.report);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(sound_of_video_tracks_gets_its_own)
{
    kit k =
        kit_film("{\"kerf\":1,\"assets\":{\"a\":\"a.mov\"},\"size\":[1920,1080],\"rate\":24,\"tracks\":[{\"clips\":["
                 "{\"asset\":\"a\",\"duration\":2},{\"transition\":\"dissolve\",\"duration\":1},"
                 "{\"asset\":\"a\",\"in\":3,\"duration\":2},{\"adjustment\":true,\"duration\":1,\"effects\":[{"
                 "\"effect\":\"blur\"}]}]}]}");
    CHECK_MSG(k.film, "%s", k.err.message);
    kit_trip trip = kit_round(&k, "xmeml", (kf_rational){0, 0});
    CHECK_TRACK(&trip.back, -1, 0, "a.mov 0+48 in 0; <dissolve 36+24>; a.mov 48+48 in 72");
    CHECK_TRACK(&trip.back, -1, 1, "a.mov 0+48 in 0; <dissolve 36+24>; a.mov 48+48 in 72");
    CHECK_TRACK(&trip.back, -1, 2, "(no track)");
    kf_clip_view picture = clip_at(&trip.back, 0, 0);
    REQUIRE(trip.back.film);
    CHECK_INT(kf_clip_links(kf_film_snapshot(trip.back.film), &picture, KF_LINK).count, 2);
    k.report = trip.report;
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "no adjustment layers"));
    k.report = (kf_report){0};
    kit_trip_finish(&trip);
    kit_finish(&k);
}

/* The same cut, written by another tool in another format: the pictures must lie where they lie in this one. */
TEST(two_formats_say_the_same)
{
    kit xml, otio;
    if (!kit_sample("premiere_example.xml", (kf_rational){0, 0}, &xml) ||
        !kit_sample("premiere_example.otio", (kf_rational){0, 0}, &otio)) {
        SKIP("no ../shared/interchange");
    }
    CHECK_MSG(otio.film, "%s", otio.err.message);
    for (int32_t i = 0; i < 2; i++) {
        char *was = kit_track(&otio, -1, i);
        CHECK_TRACK(&xml, -1, i, was);
        kf_free(was);
    }
    kit_finish(&xml);
    kit_finish(&otio);
}

/* Time and memory stay in proportion to the file. */
TEST(many_of_everything)
{
    kf_str xml = {0}, bins = {0};
    kf_str_add(&xml, HEAD(RATE(25, FALSE)) "<clipitem>" TIMES(0, 50, 0, 50) FILE_A);
    for (int i = 0; i < 20000; i++) kf_str_add(&xml, FILTER("odd", "") "<link><linkclipref>a</linkclipref></link>");
    kf_str_add(&xml, "</clipitem>");
    for (int i = 0; i < 20000; i++) kf_str_add(&xml, "<transitionitem><start>40</start><end>60</end></transitionitem>");
    kf_str_add(&xml, TAIL);
    kit k = text(xml.data);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "odd"));
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "odd"));
    kit_finish(&k);
    kf_str_finish(&xml);
    kf_str_add(&bins, "<xmeml version=\"4\"><project><children>");
    for (int i = 0; i < 20; i++) kf_str_addf(&bins, "<bin><name>%0300d</name><children>", i);
    for (int i = 0; i < 2000; i++) kf_str_add(&bins, "<bin><name>same</name></bin>");
    for (int i = 0; i < 20; i++) kf_str_add(&bins, "</children></bin>");
    kf_str_add(&bins, "<sequence><media/></sequence></children></project></xmeml>");
    k = text(bins.data);
    CHECK_MSG(k.film, "%s", k.err.message);
    CHECK(k.json.length < 10000);
    kit_finish(&k);
    kf_str_finish(&bins);
}

static void refused(const char *xml, kf_status status, const char *message)
{
    kit k = text(xml);
    CHECK(!k.film);
    CHECK_INT(k.err.status, status);
    CHECK_MSG(strstr(k.err.message, message), "%s", k.err.message);
    kit_finish(&k);
}

TEST(refuses_what_it_must)
{
    refused("<xmeml version=\"5\"><bin/></xmeml>", KF_ERR_UNSUPPORTED, "no sequence");
    refused("<fcpxml/>", KF_ERR_PARSE, "begins with <xmeml>");
    refused(HEAD(RATE(25, FALSE)) "<clipitem>" TIMES(0, 99999999999999, 0, 1) "</clipitem>" TAIL, KF_ERR_INVALID,
            "end 99999999999999 lies past 1000 hours");
}

TEST(runs_out_of_memory_with_grace)
{
    const char *xml =
        HEAD(RATE(25, FALSE)) "<clipitem>" TIMES(0, 10, 4, 14) FILE_A FILTER("odd", "") "</clipitem>" TAIL;
    for (uint64_t n = 1; n < 300; n++) {
        kf_str film = {0};
        kf_report report = {0};
        kf_error err = {0};
        kf_import_params params = {xml, strlen(xml), "test", {0, 0}};
        kf_alloc_fail_from(n);
        kf_status status = kf_interchange_find("xmeml")->import(&params, &film, &report, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&film);
        kf_report_finish(&report);
    }
    kit k = kit_film(show);
    kit_starve_export(&k, "xmeml", 300);
    kit_finish(&k);
}

int main(void)
{
    RUN(premiere_example);
    RUN(start_and_end_of_minus_one);
    RUN(cuts_anywhere_in_a_transition);
    RUN(speeds);
    RUN(filters_become_properties);
    RUN(bins_titles_and_nesting);
    RUN(multiclips);
    RUN(every_rate_after_hours);
    RUN(a_film_comes_back);
    RUN(the_sample_comes_back);
    RUN(sound_of_video_tracks_gets_its_own);
    RUN(two_formats_say_the_same);
    RUN(many_of_everything);
    RUN(refuses_what_it_must);
    RUN(runs_out_of_memory_with_grace);
    return test_end();
}
