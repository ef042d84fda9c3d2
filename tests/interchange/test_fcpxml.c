/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kit.h"

static const kf_rational any = {0, 0};

static void check_loaded(const kit *k)
{
    CHECK_MSG(k->film, "%s", k->err.message);
}

/* ---- The sample: 30 fps; each figure is (seconds of the file) * 30 ---- */

TEST(reads_the_sample)
{
    kit k;
    if (!kit_sample("fcpx_example.fcpxml", any, &k)) SKIP("no shared samples");
    check_loaded(&k);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_STR(s.name, "OpenTimeline_Project");
    CHECK_INT(s.rate.num, 30);
    CHECK_INT(s.width, 1920);
    CHECK_INT(s.track_count, 4);
    CHECK_TRACK(&k, -1, 0, "IMG_0715 0+300 in 0; <dissolve 285+30>; {compound_clip_1} 2400+900 in 109; "
                           "IMG_0233 3300+300 in 0; IMG_0687 3600+300 in 376; IMG_0268 3900+300 in 232; "
                           "{compound_clip_1} 4200+300 in 57");
    /* A storyline: its first transition is a fade in, its second lies over the cut at 9.5 s. */
    CHECK_TRACK(&k, -1, 1, "IMG_0513 600+300 in 0; <dissolve 1500+30>; IMG_0268 1500+285 in 0; <dissolve 1770+30>; "
                           "IMG_0740 1785+285 in 15");
    CHECK_TRACK(&k, -1, 2, "IMG_0857 1937+300 in 0");
    CHECK_TRACK(&k, -1, 3, "IMG_0715 0+300 in 0; IMG_0513 629++300 in 0; IMG_0687 1200+300 in 107+; "
                           "IMG_0233 3450+150 in 172+; IMG_0687 3600+300 in 376; {compound_clip_1} 4200++300 in 0");
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "its role \"dialogue\" is kept"));
    kit_finish(&k);
}

/* ---- Round trips: what a film becomes when it is written and read again ---- */

static kf_str film_text(const kit *k)
{
    kf_str out = {0};
    if (k->film) kf_film_write_json(kf_film_snapshot(k->film), &out, NULL);
    if (!out.data) kf_str_add(&out, "(no film)");
    return out;
}

/* Says the first line that differs. */
static void check_same(const char *text, const char *wanted)
{
    while (*text && *text == *wanted) text++, wanted++;
    CHECK_MSG(*text == *wanted, "at: %.200s\n# wanted: %.200s", text, wanted);
}

static void check_trip(const kit *k, size_t losses)
{
    kit_trip trip = kit_round(k, "fcpxml", any);
    CHECK_MSG(trip.back.film, "%s %s", trip.err.message, trip.back.err.message);
    kf_str before = film_text(k), after = film_text(&trip.back);
    CHECK_INT(trip.report.count, losses);
    check_same(after.data, before.data);
    kf_str_finish(&before);
    kf_str_finish(&after);
    kit_trip_finish(&trip);
}

TEST(the_sample_comes_back_whole)
{
    kit k;
    if (!kit_sample("fcpx_example.fcpxml", any, &k)) SKIP("no shared samples");
    check_trip(&k, 0);
    kit_finish(&k);
}

/* ---- Small documents: 25 fps, 1920x1080; asset "a" begins at 01:00:00:00 and is 100 s long, "b" begins at 0 ---- */

#define FORMAT "<format id='f' frameDuration='100/2500s' width='1920' height='1080'/>"
#define ASSETS \
    "<asset id='a' name='a' start='3600s' duration='100s' hasVideo='1' hasAudio='1' format='f'>" \
    "<media-rep kind='proxy-media' src='file:///m/a.proxy.mov'/><media-rep kind='original-media' " \
    "src='file:///m/a%20b.mov'/></asset>" \
    "<asset id='b' name='b' start='0s' duration='100s' hasVideo='1' hasAudio='1' format='f' src='file:///m/b.mov'/>" \
    "<asset id='w' name='w' start='0s' duration='100s' hasAudio='1' src='file:///m/w.wav'/>" \
    "<asset id='s' name='s' start='0s' duration='0s' hasVideo='1' format='f' src='file:///m/s.png'/>" \
    "<effect id='e1' name='Basic Title' uid='t'/><effect id='e2' name='Custom' uid='c'/><effect id='e3' name='Bloom' " \
    "uid='b'/>"
#define DOC(resources, start, spine) \
    "<?xml version='1.0'?><!DOCTYPE fcpxml><fcpxml version='1.10'><resources>" FORMAT ASSETS resources "</resources>" \
    "<library><event name='Day 1'><project name='P'><sequence format='f' tcStart='" start "' tcFormat='NDF'><spine>" \
    spine "</spine></sequence></project></event></library></fcpxml>"
#define SPINE(spine) DOC("", "0s", spine)

static kit read_doc(const char *text)
{
    kit k = kit_text("fcpxml", text, any);
    check_loaded(&k);
    return k;
}

#define CHECK_JSON(k, wanted) \
    CHECK_MSG((k)->json.data &&strstr((k)->json.data, wanted), "%s not in %s", wanted, (k)->json.data)
#define CHECK_NO_JSON(k, other) \
    CHECK_MSG((k)->json.data && !strstr((k)->json.data, other), "%s in %s", other, (k)->json.data)

TEST(local_time_begins_at_start)
{
    /* The clip shows the asset from 3604 s of its timecode: 4 s into the file. What is connected at 3605 s of its local
     * time begins 1 s after it. */
    kit k = read_doc(DOC("", "3600s",
                         "<asset-clip ref='b' offset='3600s' duration='2s'/>"
                         "<asset-clip ref='a' offset='3602s' start='3604s' duration='4s'>"
                         "<asset-clip ref='b' lane='1' offset='3605s' start='10s' duration='1s'/>"
                         "<asset-clip ref='w' lane='-1' offset='3604s' duration='4s'/></asset-clip>"
                         "<asset-clip ref='a' offset='3606s' duration='1s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+50 in 0; a 50+100 in 100; a 150+25 in 0");
    CHECK_TRACK(&k, -1, 1, "b 75+25 in 250");
    CHECK_TRACK(&k, -1, 2, "w 50+100 in 0");
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_INT(s.start_timecode, 90000);
    CHECK_JSON(&k, "\"path\":\"/m/a b.mov\"");
    CHECK_JSON(&k, "\"timecode\":{\"start\":90000,\"rate\":25,\"drop_frame\":false}");
    CHECK_JSON(&k, "\"media\":{\"video\":true,\"audio\":true,\"duration\":100,\"size\":[1920,1080],\"rate\":25}");
    CHECK_JSON(&k, "\"bin\":\"Day 1\"");
    CHECK_JSON(&k, "\"proxy\":{\"path\":\"/m/a.proxy.mov\",\"state\":\"ready\"}");
    kit_finish(&k);
}

TEST(offsets_may_count_from_zero)
{
    kit k = read_doc(DOC(
        "", "3600s", "<asset-clip ref='b' offset='0s' duration='2s'/><asset-clip ref='a' offset='2s' duration='1s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+50 in 0; a 50+25 in 0");
    kit_finish(&k);
}

TEST(every_rate_is_exact)
{
    static const struct { const char *frame; kf_rational rate; } rates[] = {
        {"1001/24000s", {24000, 1001}}, {"100/2400s", {24, 1}}, {"100/2500s", {25, 1}}, {"1001/30000s", {30000, 1001}},
        {"100/3000s", {30, 1}}, {"1001/48000s", {48000, 1001}}, {"1/48s", {48, 1}}, {"1/50s", {50, 1}},
        {"1001/60000s", {60000, 1001}}, {"1/60s", {60, 1}}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        /* A clip of 100001 frames (the best part of an hour and more), then one of 7. */
        kf_str text = {0};
        char num[32], wanted[120];
        int64_t top = rates[i].rate.den, base = rates[i].rate.num;
        snprintf(num, sizeof num, "%lld/%llds", (long long)(top * 100001), (long long)base);
        kf_str_addf(&text,
                    "<fcpxml version='1.9'><resources><format id='f' frameDuration='%s' width='64' height='36'/>"
                    "<asset id='a' name='a' start='%lld/%llds' hasVideo='1' format='f'><media-rep "
                    "src='file:///a'/></asset></resources>"
                    "<project name='P'><sequence format='f' tcStart='%s' tcFormat='DF'><spine>"
                    "<asset-clip ref='a' offset='%s' start='%lld/%llds' duration='%s'/>"
                    "<asset-clip ref='a' offset='%lld/%llds' start='%s' "
                    "duration='%lld/%llds'/></spine></sequence></project></fcpxml>",
                    rates[i].frame, (long long)top * 90000, (long long)base, num, num, (long long)top * 90011,
                    (long long)base, num, (long long)top * 200002, (long long)base, num, (long long)top * 7,
                    (long long)base);
        kit k = read_doc(text.data);
        snprintf(wanted, sizeof wanted, "a 0+100001 in 11; a 100001+7 in 10001");
        CHECK_TRACK(&k, -1, 0, wanted);
        kf_sequence_view s = kit_sequence(&k, -1);
        CHECK_INT(s.rate.num, rates[i].rate.num);
        CHECK_INT(s.rate.den, rates[i].rate.den);
        CHECK_INT(s.start_timecode, 100001);
        CHECK_INT(s.drop_frame, top == 1001 && (base == 30000 || base == 60000));
        CHECK_INT(k.report.count, 0);
        check_trip(&k, 0);
        kit_finish(&k);
        kf_str_finish(&text);
    }
}

TEST(rates_come_from_names_of_formats)
{
    kit k = read_doc(
        "<fcpxml version='1.8'><resources><format id='f' name='FFVideoFormat720p5994'/></resources><project name='P'>"
        "<sequence format='f'><spine><gap duration='1001/1000s'/></spine></sequence></project></fcpxml>");
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_INT(s.rate.num, 60000);
    CHECK_INT(s.rate.den, 1001);
    CHECK_INT(s.width, 1280);
    CHECK_INT(s.height, 720);
    CHECK_INT(s.duration, INT64_C(60) * 1001 * KF_SECOND / 60000);
    kit_finish(&k);
}

TEST(times_off_flicks_are_rounded_and_told)
{
    kit k = read_doc(SPINE("<asset-clip ref='b' offset='0s' start='1/11s' duration='2s'/><asset-clip ref='b' "
                           "offset='2s' duration='1s'/>"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "no whole flick"));
    CHECK_INT(k.report.count, 1);
    kit_finish(&k);
}

/* ---- Speed ---- */

TEST(time_maps_are_speeds)
{
    /* Local time counts as the map's time: at 3602 s half speed has shown 1 s of the media. */
    kit k =
        read_doc(SPINE("<asset-clip ref='a' offset='0s' start='3602s' duration='4s'><timeMap>"
                       "<timept time='3600s' value='3600s' interp='smooth2'/><timept time='3800s' value='3700s' "
                       "interp='smooth2'/></timeMap></asset-clip>"
                       "<asset-clip ref='a' offset='4s' start='3600s' duration='2s'><timeMap preservesPitch='0'>"
                       "<timept time='3600s' value='3700s'/><timept time='3700s' value='3600s'/></timeMap></asset-clip>"
                       "<asset-clip ref='a' offset='6s' start='3600s' duration='1s'><timeMap>"
                       "<timept time='3600s' value='3610s'/><timept time='3700s' value='3610s'/></timeMap></asset-clip>"
                       "<asset-clip ref='b' offset='7s' start='1s' duration='4s'><timeMap>"
                       "<timept time='0s' value='0s'/><timept time='2s' value='4s'/><timept time='10s' value='8s' "
                       "inTime='1s'/></timeMap></asset-clip>"));
    CHECK_TRACK(&k, -1, 0, "a 0+100 in 25 x1/2; a 100+50 in 2450 reverse; a 150+25 freeze 250; b 175+100 in 0 remap");
    CHECK_JSON(&k, "\"pitch_preserve\":false");
    /* 2 s of source at 0, 4 s after one second, then half speed to 5.5 s. */
    CHECK_JSON(
        &k,
        "\"remap\":[{\"t\":0,\"source\":\"50f\"},{\"t\":\"25f\",\"source\":\"100f\"},{\"t\":\"100f\",\"source\":5.5}]");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "changes at once where it changed smoothly"));
    kit_finish(&k);
}

TEST(a_rate_conform_plays_frame_for_frame)
{
    /* 25 fps media in 24 fps: from its start timecode 3723.16 s, 5.125 s later 4.92 s of it have been shown. */
    kit k = read_doc(
        "<fcpxml version='1.11'><resources><format id='r1' frameDuration='100/2400s' width='64' height='36'/>"
        "<asset id='r2' name='a' start='9307900/2500s' duration='60s' hasVideo='1' format='r3'><media-rep "
        "src='file:///a'/></asset>"
        "<format id='r3' frameDuration='100/2500s' width='64' height='36'/></resources><project name='P'>"
        "<sequence format='r1' tcStart='7148480/1920s'><spine><asset-clip ref='r2' offset='7148480/1920s' "
        "start='93079/25s' duration='12000/1920s'>"
        "<conform-rate srcFrameRate='25'/><asset-clip ref='r2' lane='1' offset='93103/25s' duration='1s'/></asset-clip>"
        "<asset-clip ref='r2' offset='7160480/1920s' duration='1s'><conform-rate scaleEnabled='0' "
        "srcFrameRate='25'/></asset-clip></spine></sequence></project></fcpxml>");
    CHECK_TRACK(&k, -1, 0, "a 0+150 in 0 x24/25; a 150+24 in 0");
    CHECK_TRACK(&k, -1, 1, "a 24+24 in 0"); /* 0.96 s of local time, which takes 1 s */
    kf_sequence_view s = kit_sequence(&k, -1);
    kf_track_view track;
    kf_cursor cursor;
    kf_clip_view clip;
    REQUIRE(kf_track_get(kf_film_snapshot(k.film), &s, 0, &track));
    kf_cursor_init(&cursor, kf_film_snapshot(k.film), &track);
    REQUIRE(kf_cursor_next(&cursor) && kf_cursor_clip(&cursor, &clip));
    CHECK_INT(kf_clip_source_time(&clip, KF_SECOND * 41 / 8, KF_TIME_NONE), KF_SECOND * 123 / 25);
    kit_finish(&k);
}

/* ---- Lanes ---- */

TEST(lanes_become_tracks)
{
    kit k = read_doc(SPINE("<gap name='Gap' offset='0s' start='3600s' duration='10s'>"
                           "<asset-clip ref='b' lane='2' offset='3601s' duration='4s'/>"
                           "<asset-clip ref='b' lane='1' offset='3600s' duration='4s'/>"
                           "<asset-clip ref='a' lane='1' offset='3602s' duration='4s'/>" /* lies over the one before */
                           "<asset-clip ref='a' lane='-1' offset='3600s' duration='1s'/>"
                           "<audio ref='w' lane='-1' offset='3603s' duration='1s' role='music'/></gap>"));
    CHECK_TRACK(&k, -1, 0, "a 0+25 in 0");     /* below the primary storyline */
    CHECK_TRACK(&k, -1, 1, "");
    CHECK_TRACK(&k, -1, 2, "b 0+100 in 0");
    CHECK_TRACK(&k, -1, 3, "a 50+100 in 0");
    CHECK_TRACK(&k, -1, 4, "b 25+100 in 0");
    CHECK_TRACK(&k, -1, 5, "w 75+25 in 0");
    CHECK_INT(kit_sequence(&k, -1).duration, 10 * KF_SECOND);
    CHECK_JSON(&k, "\"lane\":-1");
    CHECK_JSON(&k, "\"audioRole\":\"music\"");
    kit_finish(&k);
}

TEST(what_begins_too_early_is_cut)
{
    kit k = read_doc(SPINE("<asset-clip ref='b' offset='0s' start='2s' duration='4s'>"
                           "<asset-clip ref='a' lane='1' offset='1s' duration='3s'/><asset-clip ref='a' lane='2' "
                           "offset='0s' duration='1s'/></asset-clip>"));
    CHECK_TRACK(&k, -1, 1, "a 0+50 in 25");
    CHECK_TRACK(&k, -1, 2, "(no track)");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "before the beginning of the sequence is cut off"));
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "before the beginning of the sequence"));
    kit_finish(&k);
}

TEST(sound_may_lie_elsewhere_than_its_picture)
{
    /* An L cut: the sound begins a second before the picture and lasts as long as it. */
    kit k = read_doc(SPINE("<asset-clip ref='b' offset='0s' duration='2s'/>"
                           "<asset-clip ref='a' offset='2s' start='3610s' duration='4s' audioStart='3609s' "
                           "audioDuration='5s'><adjust-volume amount='-6dB'/></asset-clip>"
                           "<asset-clip ref='b' offset='6s' duration='1s' srcEnable='video'/><asset-clip ref='b' "
                           "offset='7s' duration='1s' srcEnable='audio'/>"
                           "<asset-clip ref='w' offset='8s' duration='1s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+50 in 0; a 50+100 in 250; b 150+25 in 0");
    CHECK_TRACK(&k, -1, 1, "a 25+125 in 225; b 175+25 in 0; w 200+25 in 0");
    CHECK_INT(kit_sequence(&k, -1).duration, 9 * KF_SECOND);
    CHECK_JSON(&k, "\"audio\":false,\"link\":1");
    CHECK_JSON(&k, "\"link\":1,\"gain\":-6");
    check_trip(&k, 0);
    kit_finish(&k);
}

/* ---- Clips with content ---- */

TEST(a_clip_of_one_picture_and_sound_is_a_clip)
{
    kit k =
        read_doc(SPINE("<clip offset='0s' start='3605s' duration='4s' name='both'><video ref='a' offset='3600s' "
                       "start='3600s' duration='100s'>"
                       "<audio ref='a' lane='-1' offset='864000015/240000s' start='864000015/240000s' duration='99s' "
                       "role='dialogue.1' srcCh='1'/></video></clip>"
                       "<clip offset='4s' duration='2s' name='mute'><video ref='b' offset='0s' duration='100s'/></clip>"
                       "<clip offset='6s' duration='2s' name='sound'><gap offset='0s' duration='100s'><audio ref='b' "
                       "lane='-1' offset='0s' start='1s' duration='99s'/></gap></clip>"
                       "<clip offset='8s' duration='2s' name='two'><video ref='b' offset='0s' duration='1s'/><video "
                       "ref='a' offset='1s' duration='1s'/></clip>"));
    CHECK_TRACK(&k, -1, 0, "a 0+100 in 125; b 100+50 in 0; {two} 200+50 in 0");
    CHECK_TRACK(&k, -1, 1, "b 150+50 in 25");
    CHECK_TRACK(&k, 0, 0, "b 0+25 in 0; a 25+25 in 0");
    CHECK(kit_reported(&k, KF_LOSS_NOTE, "became a nested sequence"));
    CHECK_JSON(&k, "\"audioRole\":\"dialogue.1\"");
    kit_finish(&k);
}

TEST(sync_clips_are_nested)
{
    /* asset start 11045.24 s; the sync clip shows its content from 9.32 s: so much into the asset. */
    kit k = read_doc(DOC("<asset id='r2' name='c' start='27613100/2500s' duration='60s' hasVideo='1' hasAudio='1' "
                         "format='f' src='file:///c'/>",
                         "7446320/2000s",
                         "<gap offset='37231600/10000s' start='3600s' duration='59600/10000s'/>"
                         "<sync-clip name='sync' offset='37291200/10000s' start='23300/2500s' duration='57800/2500s'>"
                         "<asset-clip ref='r2' offset='0s' start='27613100/2500s' duration='60s'><asset-clip ref='w' "
                         "lane='-1' offset='27615600/2500s' duration='9s'/></asset-clip>"
                         "<sync-source sourceID='storyline'/></sync-clip>"));
    CHECK_TRACK(&k, -1, 0, "{sync} 149+578 in 233");
    CHECK_TRACK(&k, 0, 0, "c 0+1500 in 0");
    CHECK_TRACK(&k, 0, 1, "w 25+225 in 0");
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "<sync-source>"));
    kit_finish(&k);
}

#define COMPOUND \
    "<media id='m1' name='comp'><sequence format='f' tcStart='3600s'><spine><asset-clip ref='b' offset='3600s' " \
    "duration='8s'/>" \
    "<asset-clip ref='a' offset='3608s' duration='8s'/></spine></sequence></media>"

TEST(compound_clips_are_nested_once)
{
    kit k = read_doc(
        DOC(COMPOUND, "0s",
            "<ref-clip ref='m1' offset='0s' start='3602s' duration='4s' useAudioSubroles='1'/>"
            "<ref-clip ref='m1' offset='4s' duration='4s' srcEnable='video'/><ref-clip ref='m1' offset='8s'/>"));
    CHECK_TRACK(&k, -1, 0, "{comp} 0+100 in 50; {comp} 100+100 in 0");
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "it has no duration"));
    kit_finish(&k);
}

#define MULTICAM \
    "<media id='m2' name='cams'><multicam format='f' tcStart='100s'>" \
    "<mc-angle name='A' angleID='x'><gap offset='0s' duration='1s'/><asset-clip ref='a' offset='1s' " \
    "duration='20s'/></mc-angle>" \
    "<mc-angle name='B' angleID='y'><asset-clip ref='b' offset='0s' duration='20s'/></mc-angle>" \
    "<mc-angle name='Sound' angleID='z'><asset-clip ref='w' offset='0s' " \
    "duration='20s'/></mc-angle></multicam></media>"

TEST(multicam_clips_have_angles)
{
    kit k = read_doc(DOC(MULTICAM, "0s",
                         "<mc-clip ref='m2' offset='0s' start='102s' duration='4s'><mc-source angleID='y' "
                         "srcEnable='video'/><mc-source angleID='z' srcEnable='audio'/></mc-clip>"
                         "<mc-clip ref='m2' offset='4s' start='106s' duration='1s'><mc-source angleID='x'/></mc-clip>"
                         "<mc-clip ref='m2' offset='5s' start='107s' duration='1s'><mc-source angleID='x' "
                         "srcEnable='video'/></mc-clip>"));
    CHECK_TRACK(&k, -1, 0, "{cams} 0+100 in 50; {cams} 100+25 in 150; {cams} 125+25 in 175");
    CHECK_TRACK(&k, 0, 0, "a 25+500 in 0");
    CHECK_TRACK(&k, 0, 2, "w 0+500 in 0");
    kf_sequence_view cams = kit_sequence(&k, 0);
    CHECK(cams.multicam);
    CHECK_INT(cams.track_count, 3);
    CHECK_JSON(&k, "\"angle\":2,\"audio_angle\":3");
    CHECK_JSON(&k, "\"angle\":1,\"audio_angle\":1");
    CHECK_JSON(&k, "\"audio\":false,\"angle\":1");
    check_trip(&k, 0);
    kit_finish(&k);
}

TEST(auditions_show_their_first)
{
    kit k = read_doc(SPINE("<audition offset='0s'><asset-clip ref='a' start='3601s' duration='2s'/><asset-clip ref='b' "
                           "duration='3s'/></audition>"
                           "<asset-clip ref='b' offset='2s' duration='1s'><audition lane='1' offset='0s'><asset-clip "
                           "ref='a' duration='1s'/></audition></asset-clip>"));
    CHECK_TRACK(&k, -1, 0, "a 0+50 in 25; b 50+25 in 0");
    CHECK_TRACK(&k, -1, 1, "a 50+25 in 0");
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "chosen one of an audition of 2"));
    CHECK_JSON(&k, "\"audition\":[\"<asset-clip ref=");
    kit_finish(&k);
}

/* ---- Transitions ---- */

TEST(transitions_lie_over_their_cuts)
{
    kit k =
        read_doc(SPINE("<asset-clip ref='b' offset='0s' duration='4s'/><transition offset='88/25s' duration='24/25s'/>"
                       "<asset-clip ref='b' offset='4s' duration='4s'/><transition name='Bloom' offset='8s' "
                       "duration='1s'><filter-video ref='e3'/></transition>"
                       "<asset-clip ref='b' offset='8s' duration='4s'/><transition offset='11s' duration='1s'/>"
                       "<gap offset='12s' duration='2s'/><transition offset='13s' duration='1s'/>"));
    CHECK_TRACK(&k, -1, 0,
                "b 0+100 in 0; <dissolve 88+24>; b 100+100 in 0; <dissolve 200+25>; b 200+100 in 0; <dissolve 275+25>");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "the transition \"Bloom\" became a dissolve"));
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "without a clip on either side"));
    kit_finish(&k);
    /* Of 11 frames, 5 lie before the cut, or 9. */
    k = read_doc(SPINE("<asset-clip ref='b' offset='0s' duration='4s'/><transition offset='95/25s' "
                       "duration='11/25s'/><asset-clip ref='b' offset='4s' duration='4s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+100 in 0; <dissolve 95+11>; b 100+100 in 0");
    CHECK(!kit_reported(&k, KF_LOSS_CHANGED, "transition"));
    kit_finish(&k);
    k = read_doc(SPINE("<asset-clip ref='b' offset='0s' duration='4s'/><transition offset='91/25s' "
                       "duration='11/25s'/><asset-clip ref='b' offset='4s' duration='4s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+100 in 0; <dissolve 91+11>; b 100+100 in 0");
    CHECK(!kit_reported(&k, KF_LOSS_CHANGED, "transition"));
    kit_finish(&k);
    /* Longer than its clips: each gives what it has left. */
    k = read_doc(SPINE("<asset-clip ref='b' offset='0s' duration='1s'/><transition offset='0s' "
                       "duration='2s'/><asset-clip ref='b' offset='1s' duration='1s'/>"
                       "<transition offset='1s' duration='2s'/><asset-clip ref='b' offset='2s' "
                       "duration='4s'/><transition offset='4s' duration='4s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+25 in 0; <dissolve 0+50>; b 25+25 in 0; <dissolve 50+25>; b 50+100 in 0; <dissolve 100+100>");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "made shorter"));
    kit_finish(&k);
    k = read_doc(SPINE("<asset-clip ref='b' offset='0s' duration='1s'/><transition offset='0s' "
                       "duration='2s'/><asset-clip ref='b' offset='1s' duration='1s'/>"
                       "<transition offset='1s' duration='1s'/><asset-clip ref='b' offset='2s' duration='4s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 0+25 in 0; <dissolve 0+50>; b 25+25 in 0; b 50+100 in 0");
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "too short for"));
    kit_finish(&k);
}

/* ---- What clips have ---- */

TEST(adjustments_count_from_the_centre)
{
    /* 10 % of 1080 lines to the right and up; anticlockwise; trims in percent of the height. */
    kit k = read_doc(SPINE(
        "<asset-clip ref='b' offset='0s' duration='4s' enabled='0'><adjust-crop mode='trim'><trim-rect left='16' "
        "top='10'/></adjust-crop>"
        "<adjust-conform type='fill'/><adjust-transform position='10 10' scale='0.5 2' rotation='30' anchor='0 25'/>"
        "<adjust-blend amount='0.25' mode='10 (Screen)'/><adjust-volume amount='-3dB'><param name='amount'>"
        "<fadeIn type='linear' duration='1s'/><fadeOut duration='2s'/></param></adjust-volume><adjust-panner "
        "amount='-50'/></asset-clip>"));
    CHECK_JSON(&k, "\"enabled\":false");
    CHECK_JSON(&k, "\"transform\":{\"fit\":\"cover\",\"offset\":[108,-108],\"scale\":[0.5,2],\"rotation\":-30,"
                   "\"anchor\":[0.5,0.25],"
                   "\"crop_left\":0.09,\"crop_top\":0.1");
    CHECK_JSON(&k, "\"opacity\":0.25,\"blend_mode\":\"screen\"");
    CHECK_JSON(&k, "\"gain\":-3,\"fade_in\":\"25f\",\"fade_in_curve\":\"linear\",\"fade_out\":\"50f\"");
    CHECK_JSON(&k, "\"pan\":-0.5");
    check_trip(&k, 0);
    kit_finish(&k);
}

TEST(keyframes_count_in_local_time)
{
    kit k = read_doc(
        SPINE("<asset-clip ref='a' offset='0s' start='3602s' duration='4s'><adjust-transform scale='1 1'><param "
              "name='scale'><keyframeAnimation>"
              "<keyframe time='3602s' value='1 1' curve='linear'/><keyframe time='3604s' value='2 2' interp='easeIn' "
              "curve='linear'/>"
              "<keyframe time='3606s' value='1 1'/></keyframeAnimation></param></adjust-transform>"
              "<adjust-blend><param name='amount'><keyframeAnimation><keyframe time='3602s' value='0'/><keyframe "
              "time='3603s' value='1'/></keyframeAnimation></param></adjust-blend></asset-clip>"));
    CHECK_JSON(&k, "\"scale\":{\"keys\":[{\"t\":0,\"v\":[1,1]},{\"t\":\"50f\",\"v\":[2,2],\"interp\":\"ease_in\"},{"
                   "\"t\":\"100f\",\"v\":[1,1]}]}");
    CHECK_JSON(&k, "\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":\"25f\",\"v\":1}]}");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "the curve through the keyframes of its scale is straight"));
    check_trip(&k, 0);
    kit_finish(&k);
}

TEST(titles_keep_text_and_style)
{
    kit k = read_doc(
        SPINE("<title ref='e1' name='T' offset='0s' start='3600s' duration='4s'><param name='Position' key='9/1' "
              "value='100 -200'/>"
              "<text><text-style ref='ts1'>Hello &amp;\nworld</text-style></text><text-style-def id='ts1'>"
              "<text-style font='Helvetica' fontFace='Bold' fontSize='60' fontColor='1 0 0 1' strokeColor='0 0 1 1' "
              "strokeWidth='-2' shadowColor='0 0 0 0.5' shadowOffset='5 315' alignment='left'/></text-style-def>"
              "<asset-clip ref='b' lane='-1' offset='3601s' duration='1s'/></title>"
              "<title ref='e3' offset='4s' "
              "duration='1s'><text><text-style>a</text-style><text-style>b</text-style></text></title>"));
    CHECK_TRACK(&k, -1, 0, "b 25+25 in 0");
    CHECK_TRACK(&k, -1, 1, "(title) 0+100 in 0; (title) 100+25 in 0");
    CHECK_JSON(&k, "{\"text\":\"Hello &\\nworld\",\"font\":\"Helvetica "
                   "Bold\",\"size\":60,\"color\":[1,0,0,1],\"outline_color\":[0,0,1,1],"
                   "\"outline_width\":2,\"shadow_color\":[0,0,0,0.5],\"shadow_offset\":[3.536,3.536],\"align\":"
                   "\"left\",\"position\":[1060,740]}");
    CHECK_JSON(&k, "\"text\":\"ab\"");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "the title template \"Bloom\" became a plain title"));
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "in 2 pieces"));
    kit_finish(&k);
}

TEST(captions_and_generators)
{
    kit k = read_doc(
        SPINE("<video ref='e2' name='Red' offset='0s' start='3600s' duration='4s'><param name='Color' value='1 0 0'/>"
              "<caption lane='1' offset='3601s' duration='1s' role='iTT?captionFormat=ITT.en'><text "
              "placement='bottom'><text-style>cap</text-style></text></caption></video>"
              "<video ref='s' offset='4s' start='3600s' duration='1s'/>"));
    CHECK_TRACK(&k, -1, 0, "(solid) 0+100 in 0; s 100+25 in 0");
    CHECK_TRACK(&k, -1, 1, "(title) 25+25 in 0");
    CHECK_JSON(&k, "\"color\":[1,0,0,1]");
    CHECK_JSON(&k, "\"still\":true");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "the caption became a title"));
    kit_finish(&k);
}

TEST(templates_come_back)
{
    kit k = read_doc(
        SPINE("<title ref='e3' name='T' offset='0s' start='3600s' duration='4s'><param name='Build' key='7' "
              "value='1'/><text><text-style ref='ts1'>x</text-style></text>"
              "<text-style-def id='ts1'><text-style font='Sans' fontSize='72' fontColor='1 1 1 1' "
              "alignment='center'/></text-style-def></title>"
              "<video ref='e3' offset='4s' start='3600s' duration='1s'><param name='Speed' value='3'/></video>"));
    kit_trip trip = kit_round(&k, "fcpxml", any);
    REQUIRE(trip.text.data);
    CHECK(strstr(trip.text.data, "<title ref=\"e3\""));
    CHECK(strstr(trip.text.data, "<video ref=\"e3\""));
    kit_trip_finish(&trip);
    check_trip(&k, 0);
    kit_finish(&k);
}

TEST(many_transitions_take_no_time)
{
    kf_str text = {0};
    kf_str_add(&text,
               "<fcpxml version='1.10'><resources>" FORMAT ASSETS
               "</resources><project><sequence format='f'><spine><asset-clip ref='b' offset='0s' duration='9s'/>");
    for (int i = 0; i < 50000; i++) kf_str_add(&text, "<transition offset='8s' duration='2s'/>");
    kf_str_add(&text, "<asset-clip ref='b' offset='9s' duration='9s'/></spine></sequence></project></fcpxml>");
    kit k = read_doc(text.data);
    CHECK_TRACK(&k, -1, 0, "b 0+225 in 0; <dissolve 200+50>; b 225+225 in 0");
    kit_finish(&k);
    kf_str_finish(&text);
}

TEST(markers_belong_to_clips_and_gaps)
{
    kit k = read_doc(SPINE("<asset-clip ref='a' offset='0s' start='3602s' duration='4s'><marker start='3603s' "
                           "duration='1/25s' value='m' note='n'/>"
                           "<chapter-marker start='3604s' value='c' posterOffset='1s'/><marker start='3605s' value='t' "
                           "completed='1'/><marker start='3600s' value='outside'/>"
                           "<keyword start='3602s' duration='1s' value='k'/></asset-clip><gap offset='4s' "
                           "start='3600s' duration='2s'><marker start='3601s' duration='1s' value='g'/></gap>"));
    CHECK_JSON(&k, "\"markers\":[{\"time\":\"25f\",\"name\":\"m\",\"note\":\"n\"},{\"time\":\"50f\",\"name\":\"c\","
                   "\"kind\":\"chapter\",");
    CHECK_JSON(&k, "{\"time\":\"75f\",\"name\":\"t\",\"kind\":\"todo\",\"metadata\":{\"fcpxml\":{\"attributes\":{"
                   "\"completed\":\"1\"}}}}]");
    CHECK_JSON(&k, "\"markers\":[{\"time\":\"125f\",\"duration\":\"25f\",\"name\":\"g\"}]");
    CHECK_JSON(&k, "<marker start=\\\"3600s\\\" value=\\\"outside\\\"/>");
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "<keyword>"));
    check_trip(&k, 0);
    kit_finish(&k);
}

TEST(filters_and_roles_come_back)
{
    kit k = read_doc(SPINE(
        "<asset-clip ref='b' offset='0s' duration='4s' audioRole='dialogue' "
        "videoRole='video.v-1'><note>hm</note><adjust-crop mode='pan'><pan-rect/><pan-rect left='5'/></adjust-crop>"
        "<adjust-stabilization type='automatic'/><audio-channel-source srcCh='1' role='dialogue'/><filter-video "
        "ref='e3' name='Bloom'><param name='Amount' value='3'/></filter-video>"
        "<metadata><md key='x' value='y'/></metadata></asset-clip>"));
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "<filter-video> Bloom"));
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "<adjust-crop>"));
    kit_trip trip = kit_round(&k, "fcpxml", any);
    REQUIRE(trip.text.data);
    const char *order[] = {"<note>hm",
                           "<adjust-crop mode=\"pan\"",
                           "<adjust-stabilization",
                           "<audio-channel-source",
                           "<filter-video ref=\"e3\"",
                           "<md key=\"x\""};
    const char *at = strstr(trip.text.data, "<asset-clip ref=\"r2\" offset=\"0s\"");
    for (size_t i = 0; i < 6 && at; i++) at = strstr(at, order[i]);
    CHECK_MSG(at, "%s", trip.text.data);
    kit_trip_finish(&trip);
    check_trip(&k, 0);
    kit_finish(&k);
}

/* ---- Whole files ---- */

TEST(clips_without_a_project_are_put_in_a_row)
{
    kit k =
        read_doc("<fcpxml version='1.10'><resources>" FORMAT ASSETS "</resources><event name='E'>"
                 "<asset-clip ref='a' duration='4s'/><asset-clip ref='b' start='1s' duration='4s'/></event></fcpxml>");
    CHECK_TRACK(&k, -1, 0, "a 0+100 in 0; b 100+100 in 25");
    CHECK(kit_reported(&k, KF_LOSS_NOTE, "there is no project"));
    kit_finish(&k);
}

TEST(projects_stay_in_their_events)
{
    kit k = read_doc("<fcpxml version='1.10'><resources>" FORMAT ASSETS COMPOUND
                     "</resources><library><event name='E1'><ref-clip ref='m1' duration='16s'/>"
                     "<project name='P1'><sequence format='f'><spine><asset-clip ref='b' offset='0s' "
                     "duration='4s'/></spine></sequence></project></event>"
                     "<event name='E2'><asset-clip ref='a' duration='100s'/><project name='P2'><sequence "
                     "format='f'><spine><asset-clip ref='a' offset='0s' duration='4s'/>"
                     "</spine></sequence></project></event></library></fcpxml>");
    CHECK_STR(kit_sequence(&k, -1).bin, "E1");
    CHECK_STR(kit_sequence(&k, 1).name, "P2");
    CHECK_STR(kit_sequence(&k, 1).bin, "E2");
    CHECK_STR(kit_sequence(&k, 2).name, "comp"); /* in the browser only */
    CHECK_TRACK(&k, 2, 0, "b 0+200 in 0; a 200+200 in 0");
    kit_trip trip = kit_round(&k, "fcpxml", any);
    CHECK_STR(kit_sequence(&trip.back, -1).name, "P1");
    CHECK_STR(kit_sequence(&trip.back, 1).bin, "E2");
    kit_trip_finish(&trip);
    kit_finish(&k);
}

static void refused(const char *text, kf_status status, const char *message)
{
    kit k = kit_text("fcpxml", text, any);
    CHECK(!k.film);
    CHECK_INT(k.err.status, status);
    CHECK_MSG(strstr(k.err.message, message), "%s", k.err.message);
    kit_finish(&k);
}

TEST(refuses_what_it_cannot_read)
{
    refused("<xmeml version='5'/>", KF_ERR_PARSE, "not FCPXML: its element is <xmeml>");
    refused("<fcpxml version='2.0'/>", KF_ERR_UNSUPPORTED, "FCPXML 2.0 is not known");
    refused(SPINE("<asset-clip ref='b' offset='0s' duration='4'/>"), KF_ERR_INVALID,
            "<asset-clip>: duration=\"4\" is no time");
    refused(SPINE("<asset-clip ref='b' offset='1/0s' duration='4s'/>"), KF_ERR_INVALID, "offset=\"1/0s\"");
    refused(SPINE("<asset-clip ref='b' offset='99999999999s' duration='4s'/>"), KF_ERR_INVALID, "offset=");
    refused(DOC("<media id='m' name='me'><sequence format='f'><spine><ref-clip ref='m' "
                "duration='1s'/></spine></sequence></media>",
                "0s", "<ref-clip ref='m' duration='1s'/>"),
            KF_ERR_INVALID, "\"me\" contains itself");
    kit k = read_doc(SPINE("<asset-clip ref='none' offset='0s' duration='4s'/><asset-clip ref='b' offset='4s' "
                           "duration='1s'/><asset-clip ref='m' offset='5s'/>"));
    CHECK_TRACK(&k, -1, 0, "b 100+25 in 0");
    CHECK(kit_reported(&k, KF_LOSS_DROPPED, "does not hold"));
    kit_finish(&k);
}

TEST(compound_clips_in_compound_clips_have_an_end)
{
    kf_str text = {0};
    kf_str_add(&text, "<fcpxml version='1.10'><resources>" FORMAT);
    for (int i = 0; i < 100; i++) {
        kf_str_addf(&text,
                    "<media id='m%d' name='n'><sequence format='f'><spine><ref-clip ref='m%d' "
                    "duration='1s'/></spine></sequence></media>",
                    i, i + 1);
    }
    kf_str_add(&text, "</resources><project><sequence format='f'><spine><ref-clip ref='m0' "
                      "duration='1s'/></spine></sequence></project></fcpxml>");
    refused(text.data, KF_ERR_INVALID, "more than 16 deep");
    kf_str_finish(&text);
}

TEST(sniffs_its_own)
{
    const char *text = "<?xml version=\"1.0\"?>\n<!DOCTYPE fcpxml>\n<fcpxml version=\"1.8\">";
    CHECK_STR(kf_interchange_sniff(text, strlen(text))->name, "fcpxml");
    CHECK(kf_interchange_find("FCPXML") == kf_interchange_find("fcpxml"));
}

TEST(runs_out_of_memory_with_grace)
{
    const char *text = DOC(COMPOUND MULTICAM, "0s",
                           "<asset-clip ref='a' offset='0s' duration='4s' audioStart='3599s' "
                           "audioDuration='5s'><marker start='3601s' value='x'/><filter-video ref='e3'/></asset-clip>"
                           "<transition offset='3s' duration='2s'/><ref-clip ref='m1' offset='4s' "
                           "duration='4s'/><mc-clip ref='m2' offset='8s' duration='1s'/>");
    kit whole = read_doc(text);
    for (uint64_t n = 1; n < 100000; n++) {
        kf_error err = {0};
        kf_report report = {0};
        kf_str out = {0};
        kf_import_params params = {text, strlen(text), "test", any};
        kf_alloc_fail_from(n);
        kf_status status = kf_interchange_find("fcpxml")->import(&params, &out, &report, &err);
        uint64_t count = kf_alloc_count();
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&out);
        kf_report_finish(&report);
        if (count < n) break;
    }
    for (uint64_t n = 1; whole.film && n < 100000; n++) {
        kf_error err = {0};
        kf_report report = {0};
        kf_str out = {0};
        kf_export_params params = {-1, "test"};
        kf_alloc_fail_from(n);
        kf_status status =
            kf_interchange_find("fcpxml")->export(kf_film_snapshot(whole.film), &params, &out, &report, &err);
        uint64_t count = kf_alloc_count();
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&out);
        kf_report_finish(&report);
        if (count < n) break;
    }
    kit_finish(&whole);
}

int main(void)
{
    RUN(reads_the_sample);
    RUN(the_sample_comes_back_whole);
    RUN(local_time_begins_at_start);
    RUN(offsets_may_count_from_zero);
    RUN(every_rate_is_exact);
    RUN(rates_come_from_names_of_formats);
    RUN(times_off_flicks_are_rounded_and_told);
    RUN(time_maps_are_speeds);
    RUN(a_rate_conform_plays_frame_for_frame);
    RUN(lanes_become_tracks);
    RUN(what_begins_too_early_is_cut);
    RUN(sound_may_lie_elsewhere_than_its_picture);
    RUN(a_clip_of_one_picture_and_sound_is_a_clip);
    RUN(sync_clips_are_nested);
    RUN(compound_clips_are_nested_once);
    RUN(multicam_clips_have_angles);
    RUN(auditions_show_their_first);
    RUN(transitions_lie_over_their_cuts);
    RUN(adjustments_count_from_the_centre);
    RUN(keyframes_count_in_local_time);
    RUN(titles_keep_text_and_style);
    RUN(captions_and_generators);
    RUN(templates_come_back);
    RUN(many_transitions_take_no_time);
    RUN(markers_belong_to_clips_and_gaps);
    RUN(filters_and_roles_come_back);
    RUN(clips_without_a_project_are_put_in_a_row);
    RUN(projects_stay_in_their_events);
    RUN(refuses_what_it_cannot_read);
    RUN(compound_clips_in_compound_clips_have_an_end);
    RUN(sniffs_its_own);
    RUN(runs_out_of_memory_with_grace);
    return test_end();
}
