/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing films: messages, checks, the way there and back. */
#include "film_util.h"

static void expect(kf_status wanted, const char *json, const char *message)
{
    kf_film *film = NULL;
    kf_error err;
    kf_status status = load_text(json, &film, &err);
    CHECK_MSG(status == wanted && err.status == wanted, "%s\n#   gives %d: %s", json, status, err.message);
    CHECK_MSG(strstr(err.message, message), "%s\n#   says: %s\n#   not: %s", json, err.message, message);
    kf_film_destroy(film);
}

#define HEAD "{\"kerf\":1,\"assets\":{\"bunny\":\"a.mp4\",\"still\":\"still.png\",\"gone\":\"gone.mp4\"},"
static void expect_clips(const char *clips, const char *message)
{
    kf_str text = {0};
    kf_str_addf(&text, HEAD "\"tracks\":[{\"clips\":[%s]}]}", clips);
    expect(KF_ERR_INVALID, text.data, message);
    kf_str_finish(&text);
}

TEST(unknown_keys_name_their_path)
{
    expect(KF_ERR_INVALID,
           HEAD "\"sequences\":[{\"tracks\":[{},{},{\"clips\":[{\"gap\":1},\n{\"asset\":\"bunny\",\"opacty\":1}]}]}]}",
           "film.json:2: sequences[0].tracks[2].clips[1].opacty: unknown; did you mean \"opacity\"?");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacty\":1}",
                 "film.json:1: tracks[0].clips[0].opacty: unknown; did you mean \"opacity\"?");
    expect_clips("{\"asset\":\"bunny\",\"gian\":1}", "tracks[0].clips[0].gian: unknown; did you mean \"gain\"?");
    expect_clips("{\"asset\":\"bunny\",\"xyzzy\":1}", "tracks[0].clips[0].xyzzy: unknown; known here: ");
    expect_clips("{\"asset\":\"bunny\",\"transform\":{\"rotatin\":1}}",
                 "clips[0].transform.rotatin: unknown; did you mean \"rotation\"?");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"effects\":[{\"effect\":\"blur\",\"radus\":1}]}",
                 "clips[0].effects[0].radus: unknown; did you mean \"radius\"?");
    expect_clips("{\"gap\":1,\"gain\":1}", "clips[0].gain: unknown");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"sizes\":[1,1],\"tracks\":[]}", "sizes: unknown; did you mean \"size\"?");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"tracks\":[],\"sequences\":[{}]}", "tracks: unknown");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"tracks\":[{\"opacity\":{\"keys\":[{\"t\":0,\"v\":1,\"ease\":1}]}}]}",
           "tracks[0].opacity.keys[0].ease: unknown");
}

TEST(unknown_names)
{
    expect_clips("{\"asset\":\"bunni\"}", "clips[0].asset: there is no asset \"bunni\"; did you mean \"bunny\"?");
    expect_clips("{\"sequence\":\"mian\"}", "clips[0].sequence: there is no sequence \"mian\"; did you mean \"main\"?");
    expect_clips("{\"generator\":\"titel\",\"duration\":1}",
                 "there is no generator \"titel\"; did you mean \"title\"?");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"effects\":[{\"effect\":\"blurr\"}]}", "did you mean \"blur\"?");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"audio_effects\":[{\"effect\":\"blur\"}]}",
                 "there is no audio effect \"blur\"");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1},{\"transition\":\"disolve\",\"duration\":1}",
                 "did you mean \"dissolve\"?");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"blend_mode\":\"scren\"}",
                 "blend_mode: \"scren\" is unknown; did you mean \"screen\"?");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"main\":\"b\",\"sequences\":[{\"id\":\"a\"}]}",
           "main: there is no sequence \"b\"");
}

TEST(ranges_and_types)
{
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":1.5}",
                 "opacity: 1.5 is out of range: opacity is from 0 to 1");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":\"half\"}", "opacity must be a number");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"gain\":99}", "gain is from -144 to 48 dB");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"transform\":{\"position\":[1,2,3]}}",
                 "position must be [x, y]");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"transform\":{\"scale\":\"center\"}}", "scale must be a number");
    expect_clips("{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":\"red\"}}", "\"red\" is no colour");
    expect_clips("{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":[2,0,0]}}", "out of range");
    expect_clips("{\"asset\":\"bunny\",\"duration\":-1}", "must not be negative");
    expect_clips("{\"asset\":\"bunny\",\"duration\":0}", "longer than 0");
    expect_clips("{\"asset\":\"bunny\",\"duration\":\"1h\"}", "\"1h\" is not a time");
    expect_clips("{\"asset\":\"bunny\",\"duration\":4000000}", "1000 hours");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"speed\":0}", "ratio");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"speed\":5000}", "speed must be from");
    expect_clips("{\"asset\":\"bunny\",\"enabled\":1}", "true or false must stand here, not a number");
    expect_clips("{\"asset\":\"bu\\u0000nny\"}", "\\u0000");
    expect_clips("5", "a clip, a gap or a transition must stand here, not a number");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"size\":[0,10],\"tracks\":[]}",
           "size[0]: 0: a side must be a whole number from 1 to 16384");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"size\":[1e9,10],\"tracks\":[]}", "from 1 to 16384");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"rate\":0,\"tracks\":[]}", "rate");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"rate\":1e9,\"tracks\":[]}", "rate");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"rate\":\"1/0\",\"tracks\":[]}", "rate");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"sample_rate\":1000000,\"tracks\":[]}", "from 8000 to 192000");
    expect(KF_ERR_INVALID, "[]", "an object");
    expect(KF_ERR_PARSE, "{\"kerf\":1,", "film.json:1");
    expect(KF_ERR_INVALID, "{\"tracks\":[]}", "\"kerf\": 1 is missing");
    expect(KF_ERR_UNSUPPORTED, "{\"kerf\":2,\"future\":true}", "version 2");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"sequences\":[]}", "at least one sequence");
}

TEST(keyframes)
{
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":{\"keys\":[]}}", "at least one keyframe");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":{\"keys\":[{\"t\":1,\"v\":1},{\"t\":1,\"v\":0}]}}",
                 "opacity.keys[1]: keyframes must stand in order");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":{\"keys\":[{\"v\":1}]}}", "needs \"t\" and \"v\"");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":{\"keys\":[{\"t\":0,\"v\":1,\"bezier\":[2,0,0,1]}]}}",
                 "bezier[0]: x1 and x2 must be from 0 to 1");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"opacity\":{\"keys\":[{\"t\":0,\"v\":1}],\"loop\":true}}",
                 "alone");
    expect_clips("{\"asset\":\"bunny\",\"duration\":1,\"pitch_preserve\":{\"keys\":[{\"t\":0,\"v\":true}]}}",
                 "cannot be animated");
    expect_clips(
        "{\"asset\":\"bunny\",\"duration\":1,\"transform\":{\"position\":{\"keys\":[{\"t\":0,\"v\":\"center\"},"
        "{\"t\":1,\"v\":[0,0]}]}}}",
        "no way between \"center\" and a number");
}

TEST(sources)
{
    expect_clips("{\"duration\":1}", "a clip needs one of \"asset\"");
    expect_clips("{\"asset\":\"bunny\",\"generator\":\"title\"}", "not several");
    expect_clips("{\"asset\":\"bunny\",\"params\":{}}", "\"params\" belong to a generator");
    expect_clips("{\"generator\":\"title\"}", "needs a \"duration\"");
    expect_clips("{\"asset\":\"still\"}", "still picture: this clip needs a \"duration\"");
    expect_clips("{\"asset\":\"bunny\",\"in\":10}", "nothing is left");
    expect_clips("{\"asset\":\"bunny\",\"in\":3,\"out\":2}", "\"out\" (2 s) must lie behind \"in\" (3 s)");
    expect_clips("{\"asset\":\"bunny\",\"in\":0,\"out\":2,\"duration\":3}", "contradict");
    expect_clips("{\"asset\":\"bunny\",\"loop\":true}", "a clip that loops needs a \"duration\"");
    expect_clips("{\"asset\":\"bunny\",\"freeze\":1,\"speed\":2,\"duration\":1}", "a frozen clip has no");
    expect_clips("{\"asset\":\"bunny\",\"remap\":[{\"t\":0,\"source\":0}],\"speed\":2}", "a remap stands in place of");
    expect(KF_ERR_NOT_FOUND, HEAD "\"size\":[2,2],\"rate\":25,\"tracks\":[{\"clips\":[{\"asset\":\"gone\"}]}]}",
           "tracks[0].clips[0]: without a \"duration\" the media must be read: /films/gone.mp4: there is no such file");
}

TEST(audio_tracks)
{
    expect(KF_ERR_INVALID, HEAD "\"tracks\":[{\"kind\":\"audio\",\"clips\":[{\"asset\":\"bunny\",\"transform\":{}}]}]}",
           "tracks[0].clips[0].transform: clips of audio tracks have no picture");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"tracks\":[{\"kind\":\"audio\",\"effects\":[]}]}",
           "audio tracks have no picture");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"tracks\":[{\"matte\":\"luma\"},{\"kind\":\"audio\"}]}", "tracks[0].matte");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"tracks\":[{\"matte\":\"luma\"}]}", "video track above");
}

#define DUCK(sidechain) \
    "{\"kerf\":1,\"tracks\":[{\"name\":\"voice\"},{\"audio_effects\":[{\"effect\":\"duck\"" sidechain "}]}]}"
TEST(ducks_listen_to_tracks)
{
    kf_film *film = NULL;
    kf_error err;
    expect(KF_ERR_INVALID, DUCK(""), "tracks[1].audio_effects[0]: a duck effect needs the name");
    expect(KF_ERR_INVALID, DUCK(",\"sidechain\":\"voce\""),
           "audio_effects[0].sidechain: there is no track called \"voce\"; did you mean \"voice\"?");
    CHECK(load_text(DUCK(",\"sidechain\":\"voice\""), &film, &err) == KF_OK);
    kf_film_destroy(film);
}

TEST(places_of_items)
{
    expect_clips(
        "{\"asset\":\"bunny\",\"duration\":2,\"name\":\"one\"},{\"asset\":\"bunny\",\"start\":1.5,\"duration\":1}",
        "tracks[0].clips[1].start: this clip starts at 1.5 s, but clips[0] (\"one\") before it lasts until 2 s");
    expect_clips("{\"gap\":0}", "a gap must be longer than 0");
    expect_clips("{\"gap\":1},{\"transition\":\"dissolve\",\"duration\":1},{\"gap\":1}", "a clip on at least one side");
    expect_clips("{\"transition\":\"dissolve\",\"duration\":1}", "a clip on at least one side");
    expect_clips(
        "{\"asset\":\"bunny\"},{\"transition\":\"dissolve\",\"duration\":1},{\"transition\":\"wipe\",\"duration\":1}",
        "clips[2]: two transitions in a row");
    expect_clips(
        "{\"asset\":\"bunny\",\"duration\":0.4},{\"transition\":\"dissolve\",\"duration\":1},{\"asset\":\"bunny\"}",
        "0.5 s of this transition lie before its cut, but clips[0] (\"bunny\") there is 0.4 s long");
    expect_clips(
        "{\"asset\":\"bunny\"},{\"transition\":\"dissolve\",\"duration\":1},{\"asset\":\"bunny\",\"duration\":0.4}",
        "0.5 s of this transition lie behind its cut, but clips[2]");
    expect_clips("{\"transition\":\"dissolve\",\"duration\":1,\"align\":\"center\"},{\"asset\":\"bunny\"}",
                 "the start of the track");
    expect_clips("{\"transition\":\"dissolve\",\"duration\":1,\"before\":0.25},{\"asset\":\"bunny\"}",
                 "0.25 s of this transition lie before its cut, but the start of the track there is 0 s long");
    expect_clips("{\"asset\":\"bunny\"},{\"transition\":\"dissolve\",\"duration\":1,\"before\":1.5},{\"asset\":\"bunny\"}",
                 "clips[1].before: 1.5 s before the cut are more than the transition's 1 s");
    expect_clips("{\"asset\":\"bunny\"},{\"transition\":\"dissolve\",\"duration\":1,\"before\":0.5,\"align\":\"center\"},"
                 "{\"asset\":\"bunny\"}", "either \"align\" or \"before\"");
    expect_clips(
        "{\"asset\":\"bunny\"},{\"transition\":\"wipe\",\"duration\":1},{\"asset\":\"bunny\",\"duration\":0.9},"
        "{\"transition\":\"wipe\",\"duration\":1},{\"asset\":\"bunny\"}",
        "clips[3]: this transition and the one before it overlap on clips[2]");
    expect_clips("{\"id\":5,\"asset\":\"bunny\"},{\"id\":5,\"asset\":\"bunny\"}", "the id 5 stands twice");
    expect_clips("{\"asset\":\"bunny\"},{\"transition\":\"dissolve\"}", "needs a \"duration\"");
}

TEST(nesting)
{
    expect(KF_ERR_INVALID,
           "{\"kerf\":1,\"sequences\":[{\"id\":\"a\",\"tracks\":[{\"clips\":[{\"sequence\":\"b\"}]}]},"
           "{\"id\":\"b\",\"tracks\":[{\"clips\":[{\"sequence\":\"c\"}]}]},{\"id\":\"c\",\"tracks\":[{\"clips\":[{"
           "\"sequence\":\"a\"}]}]}]}",
           "in a circle: \"a\" in \"c\" in \"b\" in \"a\"");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"tracks\":[{\"clips\":[{\"sequence\":\"main\"}]}]}",
           "in a circle: \"main\" in \"main\"");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"sequences\":[{\"id\":\"a\"},{\"id\":\"a\"}]}",
           "sequences[1].id: the id \"a\" stands twice");
    expect(KF_ERR_INVALID, "{\"kerf\":1,\"sequences\":[{\"id\":\"a\"},{}]}",
           "sequences[1]: each of several sequences needs an \"id\"");
}

static kf_str nested_film(int levels, bool deepest_first)
{
    kf_str text = {0};
    kf_str_add(&text, "{\"kerf\":1,\"sequences\":[");
    for (int n = 0; n < levels; n++) {
        int i = deepest_first ? levels - 1 - n : n;
        kf_str_addf(&text, "%s{\"id\":\"s%d\",\"size\":[4,4],\"rate\":25,\"tracks\":[{\"clips\":[", n ? "," : "", i);
        if (i + 1 < levels) {
            kf_str_addf(&text, "{\"sequence\":\"s%d\"},{\"sequence\":\"s%d\"}]}]}", i + 1, i + 1);
        } else {
            kf_str_add(&text, "{\"generator\":\"solid\",\"duration\":1}]}]}");
        }
    }
    kf_str_add(&text, "]}");
    return text;
}

TEST(nesting_depth)
{
    for (int first = 0; first < 2; first++) {
        kf_str good = nested_film(KF_MODEL_MAX_NESTING, first), deep = nested_film(KF_MODEL_MAX_NESTING + 1, first);
        kf_film *film = NULL;
        kf_error err;
        CHECK_MSG(load_text(good.data, &film, &err) == KF_OK, "%s", err.message);
        kf_sequence_view s;
        CHECK(film && kf_sequence_at(kf_film_snapshot(film), kf_sequence_find(kf_film_snapshot(film), "s0"), &s) &&
              s.duration == KF_SECOND << (KF_MODEL_MAX_NESTING - 1));
        kf_film_destroy(film);
        expect(KF_ERR_INVALID, deep.data, "nested deeper than 16 levels");
        kf_str_finish(&good);
        kf_str_finish(&deep);
    }
}

/* Few sequences can ask for billions of layers. */
TEST(layers_are_bounded)
{
    kf_str text = {0};
    kf_str_add(&text, "{\"kerf\":1,\"sequences\":[");
    for (int i = 0; i < 6; i++) {
        kf_str_addf(&text, "%s{\"id\":\"s%d\",\"size\":[4,4],\"rate\":25,\"tracks\":[", i ? "," : "", i);
        for (int track = 0; track < 10; track++) {
            kf_str_addf(&text,
                        i ? "%s{\"clips\":[{\"sequence\":\"s%d\"}]}"
                          : "%s{\"clips\":[{\"generator\":\"solid\",\"duration\":%d}]}",
                        track ? "," : "", i ? i - 1 : 1);
        }
        kf_str_add(&text, "]}");
    }
    kf_str_add(&text, "]}");
    expect(KF_ERR_INVALID, text.data, "lie on top of each other");
    kf_str_finish(&text);
}

TEST(size_and_rate_from_media)
{
    kf_film *film = NULL;
    kf_error err;
    kf_sequence_view s;
    REQUIRE(load_text(
                HEAD "\"tracks\":[{\"clips\":[{\"asset\":\"gone\",\"duration\":1},{\"asset\":\"still\",\"duration\":1},"
                     "{\"asset\":\"bunny\"}]}]}",
                &film, &err) == KF_OK);
    REQUIRE(kf_sequence_at(kf_film_snapshot(film), 0, &s));
    CHECK(s.auto_size && s.auto_rate && s.width == 1280 && s.height == 720 && s.rate.num == 25 && s.rate.den == 1);
    kf_film_destroy(film);
    REQUIRE(load_text("{\"kerf\":1,\"tracks\":[]}", &film, &err) == KF_OK);
    REQUIRE(kf_sequence_at(kf_film_snapshot(film), 0, &s));
    CHECK(s.auto_size && s.auto_rate && s.width == 1920 && s.height == 1080 && s.rate.num == 30);
    CHECK(s.sample_rate == 48000 && s.channels == 2 && s.limiter && !s.has_loudness && s.background[3] == 1);
    kf_film_destroy(film);
}

TEST(media_is_asked_once)
{
    int asked = 0;
    kf_film *film = NULL;
    kf_error err;
    kf_film_load load = {.media = test_facts, .ctx = &asked};
    const char *text = HEAD
        "\"tracks\":[{\"clips\":[{\"asset\":\"bunny\"},{\"asset\":\"bunny\"}]},{\"clips\":[{\"asset\":\"bunny\"}]}]}";
    REQUIRE(kf_film_load_json(text, strlen(text), &load, &film, &err) == KF_OK);
    CHECK_INT(asked, 1);
    kf_film_destroy(film);
}

static void check_rate(const char *rate, int num, int den)
{
    kf_str text = {0};
    kf_film *film = NULL;
    kf_error err;
    kf_sequence_view s = {0};
    kf_str_addf(&text, "{\"kerf\":1,\"rate\":%s,\"tracks\":[]}", rate);
    CHECK_MSG(load_text(text.data, &film, &err) == KF_OK, "%s", err.message);
    CHECK_MSG(film && kf_sequence_at(kf_film_snapshot(film), 0, &s) && s.rate.num == num && s.rate.den == den,
              "%s is %d/%d", rate, s.rate.num, s.rate.den);
    kf_film_destroy(film);
    kf_str_finish(&text);
}

TEST(rates)
{
    check_rate("24", 24, 1);
    check_rate("23.976", 24000, 1001);
    check_rate("23.98", 24000, 1001);
    check_rate("29.97", 30000, 1001);
    check_rate("59.94", 60000, 1001);
    check_rate("119.88", 120000, 1001);
    check_rate("\"30000/1001\"", 30000, 1001);
    check_rate("\"25\"", 25, 1);
    check_rate("12.5", 25, 2);
    check_rate("3e1", 30, 1);
    check_rate("29.5", 59, 2);
}

/* ---- There and back ---- */

static kf_str write_film(const kf_film *film)
{
    kf_str out = {0};
    kf_error err;
    CHECK(kf_film_write_json(kf_film_snapshot(film), &out, &err) == KF_OK);
    return out;
}

/* The same nodes are at the same places when the same film is loaded: the first byte that differs tells. */
static bool same_store(const kf_film *a, const kf_film *b)
{
    kf_snapshot x = kf_film_snapshot(a), y = kf_film_snapshot(b);
    if (kf_store_bytes(x.store) != kf_store_bytes(y.store) || x.root != y.root) {
        return false;
    }
    const kf_node *first = kf_store_node(x.store, KF_STORE_FIRST_NODE, KF_NODE_ANY, 0);
    const kf_node *other = kf_store_node(y.store, KF_STORE_FIRST_NODE, KF_NODE_ANY, 0);
    return first && other && memcmp(first, other, (size_t)(x.root - KF_STORE_FIRST_NODE)) == 0;
}

TEST(written_films_load_to_the_same)
{
    kf_film *a = NULL, *b = NULL, *c = NULL;
    kf_error err;
    CHECK_MSG(load_text(rich_film, &a, &err) == KF_OK, "%s", err.message);
    REQUIRE(a != NULL);
    kf_str once = write_film(a);
    CHECK_MSG(load_text(once.data, &b, &err) == KF_OK, "%s\n%s", err.message, once.data);
    REQUIRE(b != NULL);
    kf_str twice = write_film(b);
    CHECK_STR(twice.data, once.data);
    REQUIRE(load_text(twice.data, &c, &err) == KF_OK);
    CHECK(same_store(b, c));
    kf_store_report report;
    CHECK(kf_store_verify(kf_film_snapshot(a).store, &report, &err) == KF_OK);
    kf_str_finish(&once);
    kf_str_finish(&twice);
    kf_film_destroy(a);
    kf_film_destroy(b);
    kf_film_destroy(c);
}

TEST(views_of_a_rich_film)
{
    kf_film *film = NULL;
    kf_error err;
    kf_project_view p;
    kf_asset_view asset;
    kf_sequence_view s;
    kf_track_view t;
    kf_marker m;
    REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
    kf_snapshot snap = kf_film_snapshot(film);
    REQUIRE(kf_project_get(snap, &p));
    CHECK(p.asset_count == 3 && p.bin_count == 2 && p.sequence_count == 2 && p.main_sequence == 1);
    CHECK_STR(p.name, "Rich");
    REQUIRE(kf_asset_at(snap, 1, &asset));
    CHECK_STR(asset.path, "b_%04d.png");
    CHECK_STR(asset.id, "b");
    CHECK(asset.color.matrix == KF_MAT_SMPTE170M && asset.color.primaries == KF_PRI_UNSPECIFIED &&
          asset.rate.den == 1001);
    CHECK_INT(kf_asset_index(snap, asset.uid), 1);
    CHECK_INT(kf_asset_index(snap, 77), -1);
    CHECK(!kf_asset_at(snap, 3, &asset) && !kf_asset_at(snap, -1, &asset));
    REQUIRE(kf_sequence_at(snap, 0, &s));
    CHECK(s.drop_frame && s.start_timecode == 107892 && s.duration == kf_frame_start(7, s.rate));
    CHECK_INT(kf_sequence_find(snap, "top"), 1);
    CHECK_INT(kf_sequence_find(snap, "nope"), -1);
    REQUIRE(kf_sequence_at(snap, 1, &s));
    CHECK(s.track_count == 3 && s.working == KF_WORKING_LINEAR && s.has_loudness && s.loudness == -14 && !s.limiter);
    CHECK(s.color.transfer == KF_TRC_PQ && s.audio_effects.count == 1 && s.clip_count == 7);
    REQUIRE(s.markers.count == 2 && kf_marker_at(snap, s.markers, 0, &m));
    CHECK_STR(m.note, "so");
    CHECK(m.time == KF_SECOND / 8 && m.duration == KF_SECOND / 2 && !kf_marker_at(snap, s.markers, 2, &m));
    REQUIRE(kf_track_get(snap, &s, 0, &t));
    CHECK(t.matte == KF_MATTE_LUMA && t.matte_invert && t.lock && !t.mute && t.effects.count == 1 &&
          t.kind == KF_TRACK_VIDEO);
    REQUIRE(kf_track_get(snap, &s, 2, &t));
    CHECK(t.kind == KF_TRACK_AUDIO && t.mute && t.hide && t.audio_effects.count == 1 && !t.audio.constant);
    CHECK(!kf_track_get(snap, &s, 3, &t));
    kf_film_destroy(film);
}

int main(void)
{
    RUN(unknown_keys_name_their_path);
    RUN(unknown_names);
    RUN(ranges_and_types);
    RUN(keyframes);
    RUN(sources);
    RUN(audio_tracks);
    RUN(ducks_listen_to_tracks);
    RUN(places_of_items);
    RUN(nesting);
    RUN(nesting_depth);
    RUN(layers_are_bounded);
    RUN(size_and_rate_from_media);
    RUN(media_is_asked_once);
    RUN(rates);
    RUN(written_films_load_to_the_same);
    RUN(views_of_a_rich_film);
    return test_end();
}
