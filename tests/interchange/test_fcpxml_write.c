/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films as FCPXML: what is written, in which order, what is reported, and what comes back. */
#include "interchange/xml.h"
#include "kit.h"

static const kf_rational any = {0, 0};

/* ---- The format's rules: attributes of each element, and its children in their order (groups, any order in each) ----
 */

#define ANCHORS ";audio video clip title caption mc-clip ref-clip sync-clip asset-clip audition spine"
#define MARKERS ";marker chapter-marker rating keyword analysis-marker"
#define ITEMS "audio video clip title mc-clip ref-clip sync-clip asset-clip audition gap transition"
#define PICTURE \
    ";object-tracker;adjust-crop;adjust-corners;adjust-conform;adjust-transform;adjust-blend;adjust-stabilization;" \
    "adjust-rollingShutter;adjust-360-transform;adjust-reorient;adjust-orientation;adjust-cinematic"
#define SOUND ";adjust-volume;adjust-panner"
#define FILTERS ";filter-video filter-video-mask;filter-audio;metadata"
#define CLIP " lane offset name start duration enabled"

static const struct { const char *name, *attributes, *children;
} rules[] = {
    {"fcpxml", "version", "resources;library;event;project"},
    {"resources", "", "asset effect format media locator"},
    {"format", "id name frameDuration fieldOrder width height paspH paspV colorSpace", ""},
    {"asset",
     "id name uid start duration hasVideo format hasAudio videoSources audioSources audioChannels audioRate "
     "customLUTOverride colorSpaceOverride auxVideoFlags",
     "media-rep;metadata"},
    {"media-rep", "kind sig src suggestedFilename", "bookmark"},
    {"effect", "id name uid src", ""},
    {"media", "id name uid modDate", "multicam sequence"},
    {"library", "location colorProcessing", "event smart-collection"},
    {"event", "name uid",
     "clip audition mc-clip ref-clip sync-clip asset-clip project keyword-collection smart-collection"},
    {"project", "name uid id modDate", "sequence"},
    {"sequence", "format duration tcStart tcFormat audioLayout audioRate renderFormat keywords", "note;spine;metadata"},
    {"multicam", "format duration tcStart tcFormat renderFormat", "mc-angle;metadata"},
    {"mc-angle", "name angleID", ITEMS},
    {"spine", "lane offset name format", ITEMS},
    {"asset-clip", "ref srcEnable audioStart audioDuration format tcStart tcFormat modDate audioRole videoRole" CLIP,
     "note;conform-rate;timeMap" PICTURE SOUND ANCHORS MARKERS ";audio-channel-source" FILTERS},
    {"ref-clip", "ref srcEnable audioStart audioDuration useAudioSubroles modDate" CLIP,
     "note;conform-rate;timeMap" PICTURE SOUND ANCHORS MARKERS ";audio-role-source" FILTERS},
    {"mc-clip", "ref srcEnable audioStart audioDuration modDate" CLIP,
     "note;conform-rate;timeMap" SOUND ";mc-source" ANCHORS MARKERS ";filter-audio;metadata"},
    {"mc-source", "angleID srcEnable", "audio-role-source" PICTURE ";filter-video"},
    {"title", "ref role" CLIP, "param;text;text-style-def;note" PICTURE ANCHORS MARKERS ";filter-video;metadata"},
    {"video", "ref srcID role" CLIP, "param;note;conform-rate;timeMap" PICTURE ANCHORS MARKERS ";filter-video"},
    {"gap", "name offset start duration enabled", "note" ANCHORS MARKERS ";metadata"},
    {"audition", "lane offset modDate", "audio video title ref-clip asset-clip clip sync-clip"},
    {"transition", "name offset duration", "filter-video;filter-audio;marker;metadata"},
    {"timeMap", "frameSampling preservesPitch", "timept"},
    {"timept", "time value interp inTime outTime", ""},
    {"adjust-crop", "mode enabled", "crop-rect;trim-rect;pan-rect"},
    {"trim-rect", "left top right bottom", "param"},
    {"adjust-conform", "type", ""},
    {"adjust-transform", "enabled position scale rotation anchor tracking", "param"},
    {"adjust-blend", "amount mode", "param"},
    {"adjust-volume", "amount", "param"},
    {"adjust-panner", "mode amount", "param"},
    {"param", "name key value enabled", "fadeIn;fadeOut;keyframeAnimation;param"},
    {"fadeIn", "type duration", ""},
    {"fadeOut", "type duration", ""},
    {"keyframeAnimation", "", "keyframe"},
    {"keyframe", "time value interp curve", ""},
    {"marker", "start duration value completed note", ""},
    {"chapter-marker", "start duration value note posterOffset", ""},
    {"text", "", "text-style"},
    {"text-style-def", "id name", "text-style"},
    {"text-style",
     "ref font fontSize fontFace fontColor backgroundColor bold italic strokeColor strokeWidth shadowColor "
     "shadowOffset shadowBlurRadius kerning alignment lineSpacing",
     "param"},
    {"filter-video", "ref name enabled", "data;param"},
    {"filter-audio", "ref name enabled presetID", "data;param"},
    {"metadata", "", "md"},
    {"note", "", ""},
    {"keyword", "start duration value note", ""},
    {"md", "key value", "array"},
};

static bool listed(const char *list, size_t size, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= size; i++) {
        bool begins = i == 0 || list[i - 1] == ' ', ends = i + n == size || list[i + n] == ' ';
        if (begins && ends && memcmp(list + i, word, n) == 0) return true;
    }
    return false;
}

/* Whether `child` may stand in group `at` of the rule or a later one; at is moved there. */
static bool in_order(const char *groups, size_t *at, const char *child)
{
    while (groups[*at]) {
        size_t size = strcspn(groups + *at, ";");
        if (listed(groups + *at, size, child)) return true;
        *at += size + (groups[*at + size] == ';');
    }
    return false;
}

static void check_element(const kf_xml *e)
{
    size_t at = 0, i = 0;
    while (i < sizeof rules / sizeof *rules && strcmp(rules[i].name, e->name) != 0) i++;
    CHECK_MSG(i < sizeof rules / sizeof *rules, "<%s> at line %u", e->name, e->line);
    if (i == sizeof rules / sizeof *rules) return;
    for (const kf_xml_attribute *a = e->attributes; a; a = a->next) {
        CHECK_MSG(listed(rules[i].attributes, strlen(rules[i].attributes), a->name), "%s of <%s>", a->name, e->name);
    }
    for (const kf_xml *child = e->first; child; child = child->next) {
        CHECK_MSG(in_order(rules[i].children, &at, child->name), "<%s> in <%s> at line %u", child->name, e->name,
                  child->line);
        check_element(child);
    }
}

static void check_rules(const kit_trip *trip)
{
    kf_xml_doc *doc;
    REQUIRE(trip->text.data && kf_xml_parse(trip->text.data, trip->text.length, "out", &doc, NULL) == KF_OK);
    check_element(kf_xml_root(doc));
    kf_xml_free(doc);
}

/* ---- Helpers ---- */

static kit_trip write_film(const char *json, kit *k)
{
    *k = kit_film(json);
    CHECK_MSG(k->film, "%s", k->err.message);
    kit_trip trip = kit_round(k, "fcpxml", any);
    CHECK_MSG(trip.back.film, "%s %s", trip.err.message, trip.back.err.message);
    if (trip.text.data) check_rules(&trip);
    return trip;
}

static void check_same(const char *text, const char *wanted)
{
    while (*text && *text == *wanted) text++, wanted++;
    CHECK_MSG(*text == *wanted, "at: %.300s\n# wanted: %.300s", text, wanted);
}

/* A sequence whose tracks say their lanes comes back letter by letter. */
static void check_back(const kit *k, const kit_trip *trip)
{
    kf_str before = {0}, after = {0};
    REQUIRE(k->film && trip->back.film);
    kf_film_write_json(kf_film_snapshot(k->film), &before, NULL);
    kf_film_write_json(kf_film_snapshot(trip->back.film), &after, NULL);
    const char *sequences = strstr(before.data, "\"sequences\"");
    REQUIRE(sequences && strstr(after.data, "\"sequences\""));
    check_same(strstr(after.data, "\"sequences\""), sequences);
    kf_str_finish(&before);
    kf_str_finish(&after);
}

static bool told(const kit_trip *trip, kf_loss_kind kind, const char *what)
{
    for (size_t i = 0; i < trip->report.count; i++) {
        if (trip->report.losses[i].kind == kind && strstr(trip->report.losses[i].what, what)) return true;
    }
    return false;
}

/* Assets that a film has and does not use do not count. */
static int losses(const kit_trip *trip)
{
    int count = 0;
    for (size_t i = 0; i < trip->report.count; i++) {
        count += !strstr(trip->report.losses[i].what, "in no sequence and no bin");
    }
    return count;
}

#define CHECK_TEXT(trip, wanted) \
    CHECK_MSG((trip)->text.data &&strstr((trip)->text.data, wanted), "%s not in %s", wanted, (trip)->text.data)
#define MEDIA "\"media\":{\"video\":true,\"audio\":true,\"duration\":100,\"size\":[1920,1080],\"rate\":25}"
#define ASSETS \
    "\"assets\":{\"a\":{\"path\":\"/m/a b.mov\",\"timecode\":{\"start\":90000,\"rate\":25}," MEDIA \
    "},\"b\":{\"path\":\"/m/b.mov\"," MEDIA "}}"
#define FILM(sequence, tracks) \
    "{\"kerf\":1," ASSETS ",\"sequences\":[{\"id\":\"P\",\"name\":\"P\",\"size\":[1920,1080],\"rate\":25" sequence \
    ",\"tracks\":[" tracks "]}]}"
#define LANE(n) "\"metadata\":{\"fcpxml\":{\"lane\":" #n "}}"

static void finish(kit *k, kit_trip *trip)
{
    kit_trip_finish(trip);
    kit_finish(k);
}

/* ---- Tests ---- */

TEST(tracks_become_lanes)
{
    kit k;
    kit_trip trip = write_film(FILM(",\"start_timecode\":\"01:00:00:00\"",
        "{\"clips\":[{\"asset\":\"a\",\"in\":2,\"duration\":4},{\"gap\":1},{\"asset\":\"b\",\"duration\":4}]},"
        "{\"clips\":[{\"asset\":\"b\",\"start\":5,\"duration\":2},{\"asset\":\"b\",\"start\":20,\"duration\":2}]},"
        "{\"kind\":\"audio\",\"clips\":[{\"asset\":\"a\",\"start\":1,\"in\":9,\"duration\":2}]}"), &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "<media-rep kind=\"original-media\" src=\"file:///m/a%20b.mov\"/>");
    CHECK_TEXT(
        &trip,
        "<asset id=\"r2\" name=\"a\" start=\"3600s\" duration=\"100s\" hasVideo=\"1\" format=\"r1\" hasAudio=\"1\">");
    /* Sequence time 0 is 3600 s; local time of a begins at 3600 s too: 2 s into it. */
    CHECK_TEXT(&trip, "<asset-clip ref=\"r2\" offset=\"3600s\" name=\"a\" start=\"3602s\" duration=\"4s\">");
    /* One second later, at 3603 s of its parent. */
    CHECK_TEXT(&trip, "<asset-clip ref=\"r2\" lane=\"-1\" offset=\"3603s\" name=\"a\" start=\"3609s\" duration=\"2s\" "
                      "srcEnable=\"audio\"/>");
    /* The gap from 4 s to 5 s ends where this begins: it hangs on the clip at 5 s, whose local time is 0 there. */
    CHECK_TEXT(&trip, "<asset-clip ref=\"r3\" lane=\"1\" offset=\"0s\" name=\"b\" start=\"0s\" duration=\"2s\"/>");
    CHECK_TEXT(&trip, "<gap name=\"Gap\" offset=\"3609s\" start=\"3600s\" duration=\"13s\">");
    CHECK_TRACK(&trip.back, -1, 0, "a 0+100 in 50; b 125+100 in 0");
    CHECK_TRACK(&trip.back, -1, 1, "b 125+50 in 0; b 500+50 in 0");
    CHECK_TRACK(&trip.back, -1, 2, "a 25+50 in 225");
    CHECK_INT(kit_sequence(&trip.back, -1).start_timecode, 90000);
    finish(&k, &trip);
}

TEST(speeds_come_back_exactly)
{
    kit k;
    kit_trip trip = write_film(
        FILM("", "{" LANE(
                     0) ",\"clips\":[{\"asset\":\"b\",\"in\":1,\"duration\":4,\"speed\":\"7/"
                        "11\"},{\"asset\":\"a\",\"in\":3,\"duration\":\"7f\",\"speed\":\"1001/1000\",\"reverse\":true},"
                        "{\"asset\":\"a\",\"freeze\":5,\"duration\":2},{\"asset\":\"b\",\"duration\":4,\"remap\":[{"
                        "\"t\":0,\"source\":5},{\"t\":1,\"source\":4},{\"t\":4,\"source\":\"333f\"}]}]}"),
        &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TRACK(&trip.back, -1, 0,
                "b 0+100 in 25 x7/11; a 100+7 in 75 x1001/1000 reverse; a 107+50 freeze 125; b 157+100 in 0 remap");
    CHECK_TEXT(&trip, "<timept time=\"3605s\" value=\"3605s\" interp=\"linear\"/>");
    check_back(&k, &trip);
    finish(&k, &trip);
}

TEST(adjustments_come_back)
{
    kit k;
    kit_trip trip = write_film(
        FILM(
            "",
            "{" LANE(
                0) ",\"clips\":[{\"asset\":\"b\",\"duration\":4,\"transform\":{\"fit\":\"cover\",\"offset\":[54,-27],"
                   "\"scale\":[0.5,0.5],\"rotation\":-45,\"crop_left\":0.25,\"crop_bottom\":0.125},"
                   "\"opacity\":{\"keys\":[{\"t\":0,\"v\":0,\"interp\":\"ease_out\"},{\"t\":1,\"v\":1}]},\"blend_"
                   "mode\":\"multiply\",\"gain\":-6,\"pan\":0.5,\"fade_in\":1,\"fade_out\":2,\"fade_out_curve\":\"s\"},"
                   "{\"asset\":\"b\",\"duration\":1,\"audio\":false,\"enabled\":false}]}"),
        &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "<adjust-transform position=\"5 2.5\" scale=\"0.5 0.5\" rotation=\"45\"/>");
    CHECK_TEXT(&trip, "<trim-rect left=\"44.444444444\" bottom=\"12.5\"/>"); /* 480 of 1080, 135 of 1080 */
    CHECK_TEXT(&trip, "<adjust-blend mode=\"4\">");
    CHECK_TEXT(&trip, "enabled=\"0\" srcEnable=\"video\"");
    check_back(&k, &trip);
    finish(&k, &trip);
}

TEST(positions_and_mirrors_join)
{
    kit k;
    kit_trip trip = write_film(FILM("", "{\"clips\":[{\"asset\":\"b\",\"duration\":4,\"transform\":{\"position\":[1068,"
                                        "\"center\"],\"offset\":[0,54],\"flip_h\":true}}]}"),
                               &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "<adjust-transform position=\"10 -5\" scale=\"-1 1\"/>"); /* 108 and 54 of 1080 */
    finish(&k, &trip);
}

TEST(titles_solids_and_markers_come_back)
{
    kit k;
    kit_trip trip = write_film(
        FILM(",\"markers\":[{\"time\":5,\"name\":\"in a gap\",\"note\":\"n\"}]",
             "{" LANE(0) ",\"clips\":[{\"generator\":\"title\",\"duration\":4,\"name\":\"T\",\"params\":{\"text\":\"a "
                         "<b>\",\"font\":\"Inter\",\"size\":54,\"color\":[1,0.5,0,1],\"align\":\"right\",\"position\":["
                         "960,800]},"
                         "\"markers\":[{\"time\":1,\"name\":\"m\",\"kind\":\"chapter\"},{\"time\":2,\"duration\":1,"
                         "\"name\":\"t\",\"kind\":\"todo\"}]},{\"gap\":2},"
                         "{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":[0,0,1,1]}}]}"),
        &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "<text-style ref=\"ts1\">a &lt;b&gt;</text-style>");
    CHECK_TEXT(&trip, "value=\"0 -260\""); /* 260 below the centre */
    CHECK_TEXT(&trip, "<marker start=\"3601s\" duration=\"1/25s\" value=\"in a gap\" note=\"n\"/>");
    CHECK_TRACK(&trip.back, -1, 0, "(title) 0+100 in 0; (solid) 150+25 in 0");
    CHECK_MSG(
        strstr(
            trip.back.json.data,
            "{\"text\":\"a "
            "<b>\",\"font\":\"Inter\",\"size\":54,\"color\":[1,0.5,0,1],\"align\":\"right\",\"position\":[960,800]}"),
        "%s", trip.back.json.data);
    CHECK_MSG(strstr(trip.back.json.data, "\"markers\":[{\"time\":\"125f\",\"name\":\"in a gap\",\"note\":\"n\"}]"),
              "%s", trip.back.json.data);
    finish(&k, &trip);
}

TEST(transitions_and_storylines)
{
    kit k;
    kit_trip trip = write_film(
        FILM("",
             "{" LANE(0) ",\"clips\":[{\"asset\":\"b\",\"duration\":10}]},"
                         "{" LANE(
                             1) ",\"clips\":[{\"gap\":1},{\"transition\":\"dissolve\",\"duration\":1},{\"asset\":\"a\","
                                "\"in\":1,\"duration\":2},{\"transition\":\"dissolve\",\"duration\":1},"
                                "{\"asset\":\"b\",\"in\":4,\"duration\":2},{\"gap\":1},{\"asset\":\"b\",\"duration\":1}"
                                ",{\"asset\":\"b\",\"duration\":1},{\"transition\":\"wipe\",\"duration\":0.4}]}"),
        &k);
    CHECK_TEXT(&trip, "<spine lane=\"1\" offset=\"1s\">");
    CHECK_TEXT(&trip, "<transition name=\"Cross Dissolve\" offset=\"3/2s\" duration=\"1s\">");
    CHECK_TRACK(&trip.back, -1, 1,
                "<dissolve 25+25>; a 25+50 in 25; <dissolve 62++25>; b 75+50 in 100; b 150+25 in 0; b 175+25 in 0; "
                "<dissolve 190+10>");
    CHECK_INT(losses(&trip), 1);
    CHECK(told(&trip, KF_LOSS_CHANGED, "became a plain cross dissolve"));
    finish(&k, &trip);
}

TEST(linked_sound_goes_with_its_picture)
{
    kit k;
    kit_trip trip = write_film(
        FILM("",
             "{" LANE(0) ",\"clips\":[{\"asset\":\"b\",\"duration\":4,\"audio\":false,\"link\":1},{\"asset\":\"a\","
                         "\"in\":1,\"duration\":4,\"audio\":false,\"link\":2}]},"
                         "{\"kind\":\"audio\"," LANE(-1) ",\"clips\":[{\"asset\":\"b\",\"duration\":3,\"link\":1},{"
                                                         "\"asset\":\"a\",\"duration\":5,\"gain\":-3,\"link\":2}]}"),
        &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "audioStart=\"0s\" audioDuration=\"3s\"");
    CHECK_TEXT(&trip, "start=\"3601s\" duration=\"4s\" audioStart=\"3600s\" audioDuration=\"5s\"");
    CHECK_TRACK(&trip.back, -1, 0, "b 0+100 in 0; a 100+100 in 25");
    CHECK_TRACK(&trip.back, -1, 1, "b 0+75 in 0; a 75+125 in 0");
    finish(&k, &trip);
}

TEST(nested_and_multicam_sequences)
{
    kit k;
    kit_trip trip = write_film(
        "{\"kerf\":1," ASSETS ",\"main\":\"P\",\"sequences\":["
        "{\"id\":\"in\",\"rate\":25,\"size\":[1920,1080],\"start_timecode\":\"00:00:10:00\",\"tracks\":[{" LANE(
            0) ",\"clips\":[{\"asset\":\"b\",\"duration\":8}]}]},"
               "{\"id\":\"cams\",\"rate\":25,\"size\":[1920,1080],\"multicam\":true,\"tracks\":["
               "{\"name\":\"A\",\"metadata\":{\"fcpxml\":{\"lane\":1,\"attributes\":{\"angleID\":\"x\"}}},\"clips\":[{"
               "\"gap\":1},{\"asset\":\"a\",\"duration\":8}]},"
               "{\"name\":\"B\",\"metadata\":{\"fcpxml\":{\"lane\":2,\"attributes\":{\"angleID\":\"y\"}}},\"clips\":[{"
               "\"asset\":\"b\",\"duration\":9}]}]},"
               "{\"id\":\"P\",\"rate\":25,\"size\":[1920,1080],\"tracks\":[{" LANE(
                   0) ",\"clips\":[{\"sequence\":\"in\",\"in\":2,\"duration\":4,\"speed\":1.25},"
                      "{\"sequence\":\"cams\",\"angle\":2,\"audio_angle\":1,\"in\":1,\"duration\":4},{\"sequence\":"
                      "\"cams\",\"angle\":1,\"audio\":false,\"duration\":1}]}]}]}",
        &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "start=\"12s\" duration=\"4s\">");
    CHECK_TEXT(&trip, "<mc-source angleID=\"y\" srcEnable=\"video\"/>");
    CHECK_TEXT(&trip, "<mc-source angleID=\"x\" srcEnable=\"audio\"/>");
    CHECK_TRACK(&trip.back, -1, 0, "{in} 0+100 in 50 x5/4; {cams} 100+100 in 25; {cams} 200+25 in 0");
    CHECK_TRACK(&trip.back, 1, 0, "a 25+200 in 0");
    CHECK_INT(kit_sequence(&trip.back, 0).start_timecode, 250);
    finish(&k, &trip);
}

TEST(tells_what_it_cannot_carry)
{
    static const struct { kf_loss_kind kind; const char *what;
    } wanted[] = {{KF_LOSS_DROPPED, "its effect blur"},
                  {KF_LOSS_DROPPED, "its audio effect reverb"},
                  {KF_LOSS_DROPPED, "its label"},
                  {KF_LOSS_DROPPED, "an adjustment layer cannot be carried"},
                  {KF_LOSS_CHANGED, "the generator bars became"},
                  {KF_LOSS_DROPPED, "the generator tone cannot be carried"},
                  {KF_LOSS_CHANGED, "its blend mode became normal"},
                  {KF_LOSS_DROPPED, "the track's gain"},
                  {KF_LOSS_DROPPED, "the track's effects"},
                  {KF_LOSS_DROPPED, "the track's name"},
                  {KF_LOSS_DROPPED, "the sequence's loudness"},
                  {KF_LOSS_DROPPED, "the sequence's in and out marks"},
                  {KF_LOSS_CHANGED, "a marker of the sequence became one of the clip"},
                  {KF_LOSS_CHANGED, "that hold or follow a curve"},
                  {KF_LOSS_DROPPED, "its loop"},
                  {KF_LOSS_DROPPED, "in no sequence and no bin"}};
    kit k;
    kit_trip trip = write_film(
        "{\"kerf\":1,\"assets\":{\"unused\":\"u.mov\",\"b\":{\"path\":\"/m/"
        "b.mov\",\"proxy\":{\"path\":\"p.mov\",\"state\":\"ready\"}," MEDIA "}},"
        "\"size\":[1920,1080],\"rate\":25,\"loudness\":-14,\"mark_in\":1,\"markers\":[{\"time\":0,\"name\":\"m\"}],"
        "\"tracks\":["
        "{\"name\":\"V\",\"gain\":-3,\"effects\":[{\"effect\":\"invert\"}],\"clips\":[{\"asset\":\"b\",\"duration\":4,"
        "\"label\":\"red\",\"blend_mode\":\"hue\",\"effects\":[{\"effect\":\"blur\"}],"
        "\"audio_effects\":[{\"effect\":\"reverb\"}],\"opacity\":{\"keys\":[{\"t\":0,\"v\":0,\"interp\":\"hold\"},{"
        "\"t\":1,\"v\":1}]}},{\"generator\":\"bars\",\"duration\":1},{\"adjustment\":true,\"duration\":1},"
        "{\"asset\":\"b\",\"loop\":true,\"out\":1,\"duration\":2}]},{\"kind\":\"audio\",\"clips\":[{\"generator\":"
        "\"tone\",\"duration\":1}]}]}",
        &k);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        CHECK_MSG(told(&trip, wanted[i].kind, wanted[i].what), "%s", wanted[i].what);
    }
    CHECK_TRACK(&trip.back, -1, 0, "b 0+100 in 0; (solid) 100+25 in 0; b 150+50 in 0");
    finish(&k, &trip);
}

TEST(what_only_sounds_hangs_on_a_gap)
{
    kit k;
    kit_trip trip =
        write_film(FILM("", "{\"kind\":\"audio\",\"clips\":[{\"asset\":\"b\",\"start\":1,\"duration\":2.02}]}"), &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_TEXT(&trip, "<gap name=\"Gap\" offset=\"0s\" start=\"3600s\" duration=\"76/25s\">");
    CHECK_TRACK(&trip.back, -1, 1, "b 25+50+ in 0");
    finish(&k, &trip);
}

TEST(bins_are_events)
{
    kit k;
    kit_trip trip =
        write_film("{\"kerf\":1,\"assets\":{\"a\":{\"path\":\"/a\",\"bin\":\"Day "
                   "1\",\"reel\":\"R1\",\"proxy\":{\"path\":\"/"
                   "p\",\"state\":\"ready\"},\"timecode\":{\"start\":250,\"rate\":25},\"markers\":[{\"time\":2,"
                   "\"name\":\"am\"}]," MEDIA "},\"b\":{\"path\":\"/b\",\"bin\":\"Day 2\"," MEDIA "}},"
                   "\"sequences\":[{\"id\":\"P\",\"bin\":\"Cut\",\"size\":[1920,1080],\"rate\":25,\"tracks\":[{"
                   "\"clips\":[{\"asset\":\"a\",\"duration\":1}]}]}]}",
                   &k);
    CHECK_INT(losses(&trip), 0);
    CHECK_MSG(strstr(trip.back.json.data, "\"bin\":\"Day 1\""), "%s", trip.back.json.data);
    CHECK_MSG(strstr(trip.back.json.data, "\"bin\":\"Day 2\""), "%s", trip.back.json.data);
    CHECK_MSG(strstr(trip.back.json.data, "\"bin\":\"Cut\""), "%s", trip.back.json.data);
    CHECK_MSG(strstr(trip.back.json.data, "\"reel\":\"R1\""), "%s", trip.back.json.data);
    CHECK_MSG(strstr(trip.back.json.data, "\"proxy\":{\"path\":\"/p\",\"state\":\"ready\"}"), "%s",
              trip.back.json.data);
    CHECK_MSG(strstr(trip.back.json.data, "\"markers\":[{\"time\":\"50f\",\"name\":\"am\"}]"), "%s",
              trip.back.json.data);
    CHECK_TEXT(&trip, "<marker start=\"12s\"");
    finish(&k, &trip);
}

TEST(the_sample_follows_the_rules)
{
    kit k;
    if (!kit_sample("fcpx_example.fcpxml", any, &k)) SKIP("no shared samples");
    kit_trip trip = kit_round(&k, "fcpxml", any);
    REQUIRE(trip.text.data);
    kf_xml_doc *doc;
    REQUIRE(kf_xml_parse(trip.text.data, trip.text.length, "out", &doc, NULL) == KF_OK);
    check_element(kf_xml_child(kf_xml_root(doc), "resources"));
    check_element(kf_xml_child(kf_xml_child(kf_xml_root(doc), "library"), "event"));
    kf_xml_free(doc);
    finish(&k, &trip);
}

int main(void)
{
    RUN(tracks_become_lanes);
    RUN(speeds_come_back_exactly);
    RUN(adjustments_come_back);
    RUN(positions_and_mirrors_join);
    RUN(titles_solids_and_markers_come_back);
    RUN(transitions_and_storylines);
    RUN(linked_sound_goes_with_its_picture);
    RUN(nested_and_multicam_sequences);
    RUN(tells_what_it_cannot_carry);
    RUN(what_only_sounds_hangs_on_a_gap);
    RUN(bins_are_events);
    RUN(the_sample_follows_the_rules);
    return test_end();
}
