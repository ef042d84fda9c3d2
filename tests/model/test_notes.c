/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What films keep for editors: metadata, bins, known media, proxies, timecode, subclips, links, angles, marks. */
#include "film_util.h"

static void refuse(const char *json, const char *message)
{
    kf_film *film = NULL;
    kf_error err;
    kf_status status = load_text(json, &film, &err);
    CHECK_MSG(status == KF_ERR_INVALID && strstr(err.message, message), "%s\n#   gives %d: %s", json, status,
              err.message);
    kf_film_destroy(film);
}

static void refuse_asset(const char *keys, const char *message)
{
    kf_str text = {0};
    kf_str_addf(&text, "{\"kerf\":1,\"assets\":{\"a\":{\"path\":\"a.mp4\",%s}},\"tracks\":[]}", keys);
    refuse(text.data, message);
    kf_str_finish(&text);
}

static void refuse_film(const char *keys, const char *message)
{
    kf_str text = {0};
    kf_str_addf(&text, "{\"kerf\":1,%s}", keys);
    refuse(text.data, message);
    kf_str_finish(&text);
}

static void refuse_clip(const char *keys, const char *message)
{
    kf_str text = {0};
    kf_str_addf(&text, "\"tracks\":[{\"clips\":[{\"generator\":\"bars\",\"duration\":1,%s}]}]", keys);
    refuse_film(text.data, message);
    kf_str_finish(&text);
}

TEST(wrong_values)
{
    refuse("{\"kerf\":1,\"assets\":{\"a\":{\"offline\":false}},\"tracks\":[]}", "an asset needs the path of its file");
    refuse_asset("\"bin\":\"/x\"", "assets.a.bin: \"/x\" is no path of a bin");
    refuse_asset("\"bin\":\"x//y\"", "no path of a bin");
    refuse_asset("\"timecode\":{\"start\":\"01:00:00:00\"}", "a timecode needs its \"start\" and its \"rate\"");
    refuse_asset("\"timecode\":{\"start\":\"01:00\",\"rate\":25,\"drop_frame\":true}",
                 "assets.a.timecode.start: drop-frame timecode exists at 29.97");
    refuse_asset("\"timecode\":{\"start\":-1,\"rate\":25}", "a frame count must be a whole number");
    refuse_asset("\"timecode\":{\"start\":[],\"rate\":25}", "a text must stand here");
    refuse_asset("\"media\":{\"hash\":\"12\"}", "assets.a.media.hash: a hash (XXH64) has 16 hexadecimal digits");
    refuse_asset("\"media\":{\"size\":[0,1]}", "assets.a.media.size[0]: 0: a side must be");
    refuse_asset("\"media\":{\"bytes\":-1}", "too small or too large");
    refuse_asset("\"media\":{\"sise\":[1,1]}", "did you mean \"size\"?");
    refuse_asset("\"proxy\":{}", "assets.a.proxy: a proxy needs the path of its file");
    refuse_asset("\"proxy\":{\"state\":\"redy\"}", "did you mean \"ready\"?");
    refuse_asset("\"subclips\":[{\"in\":1}]", "assets.a.subclips[0]: a subclip needs an \"out\"");
    refuse_asset("\"subclips\":[{\"in\":1,\"out\":1}]", "that lies behind its \"in\"");
    refuse_asset("\"markers\":[{}]", "assets.a.markers[0]: a marker needs its \"time\"");
    refuse_asset("\"metadata\":[]", "assets.a.metadata: an object must stand here, not a list");
    refuse_film("\"bins\":[\"a\",\"b\",\"a\"],\"tracks\":[]", "bins: the bin \"a\" stands twice");
    refuse_film("\"bins\":[\"\"],\"tracks\":[]", "bins[0]: the path of a bin must not be empty");
    refuse_film("\"bins\":[\"a/\"],\"tracks\":[]", "bins[0]: \"a/\" is no path of a bin");
    refuse_film("\"mark_in\":2,\"mark_out\":1,\"tracks\":[]",
                "mark_out: \"mark_out\" must lie behind \"mark_in\" (2 s)");
    refuse_film("\"mark_in\":-2,\"tracks\":[]", "mark_in: this time must not be negative");
    refuse_film("\"bin\":\"a//b\",\"tracks\":[]", "bin: \"a//b\" is no path");
    refuse_film("\"markers\":[{\"time\":1,\"id\":5},{\"time\":1,\"id\":5}],\"tracks\":[]", "the id 5 stands twice");
    refuse_clip("\"angle\":1", "clips[0].angle: angles belong to clips that show a (multicam) \"sequence\"");
    refuse_clip("\"audio_angle\":1001", "from 0 to 1000");
    refuse_clip("\"link\":0", "too small or too large");
    refuse_clip("\"color\":[2,0,0]", "a colour's numbers must be from 0 to 1");
    refuse_clip("\"id\":7,\"markers\":[{\"time\":1,\"id\":7}]", "the id 7 stands twice");
}

/* Metadata's bounds: 64 levels, 1 MiB. */
TEST(metadata_is_bounded)
{
    kf_str deep = {0}, large = {0};
    kf_film *film = NULL;
    kf_error err;
    for (int levels = 64; levels <= 65; levels++) {
        deep.length = 0;
        kf_str_add(&deep, "{\"kerf\":1,\"tracks\":[],\"metadata\":{\"a\":");
        for (int i = 1; i < levels - 1; i++) {
            kf_str_add(&deep, "[");
        }
        kf_str_add(&deep, "1");
        for (int i = 1; i < levels - 1; i++) {
            kf_str_add(&deep, "]");
        }
        kf_str_add(&deep, "}}");
        if (levels == 65) {
            refuse(deep.data, "metadata: metadata can be nested 64 levels deep");
        } else {
            CHECK_MSG(load_text(deep.data, &film, &err) == KF_OK, "%s", err.message);
            kf_film_destroy(film);
        }
    }
    kf_str_add(&large, "{\"kerf\":1,\"tracks\":[],\"metadata\":{\"a\":\"");
    for (int i = 0; i < KF_MODEL_MAX_METADATA / 32; i++) {
        kf_str_add(&large, "0123456789abcdef0123456789abcdef");
    }
    kf_str_add(&large, "\"}}");
    refuse(large.data, "metadata: 1048584 bytes of metadata; 1048576 are possible");
    kf_str_finish(&deep);
    kf_str_finish(&large);
}

TEST(views)
{
    kf_film *film = NULL;
    kf_error err;
    kf_project_view project;
    kf_asset_view a;
    kf_subclip sub;
    kf_marker marker;
    REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
    kf_snapshot s = kf_film_snapshot(film);
    REQUIRE(kf_project_get(s, &project));
    CHECK_STR(project.metadata, "{\"n\":1.50,\"big\":123456789012345678901234,\"s\":\"\\u0000\xC3\xA9\",\"z\":[],"
                                "\"a\":{\"deep\":[null,true,-0.0]}}");
    CHECK_STR(kf_bin_at(s, 1), "Interviews/Day 1");
    CHECK(!kf_bin_at(s, 2) && !kf_bin_at(s, -1));
    REQUIRE(kf_asset_find(s, "c") == 2 && kf_asset_find(s, "d") == -1 && kf_asset_at(s, 2, &a));
    CHECK(a.offline && a.media.known && a.media.facts.video && a.media.facts.audio && !a.media.facts.still);
    CHECK(a.media.facts.width == 640 && a.media.facts.rate.num == 30000 && a.media.bytes == 9007199254740991);
    CHECK(a.media.has_hash && a.media.hash == UINT64_C(0x0123456789abcdef));
    CHECK(a.media.facts.duration == 25 * KF_SECOND / 2);
    /* 30 * 3600 - 18 * 6 labels are not there in the first hour, and two more frames. */
    CHECK(a.timecode.known && a.timecode.drop_frame && a.timecode.start == 107892 + 2);
    CHECK(a.proxy.state == KF_PROXY_BUILDING && a.proxy.use);
    CHECK_STR(a.proxy.path, "proxy/c.mp4");
    CHECK_STR(a.path, "");
    CHECK_STR(a.bin, "Interviews");
    CHECK_STR(a.label, "rose");
    CHECK_STR(a.reel, "A001");
    REQUIRE(a.markers.count == 1 && kf_marker_at(s, a.markers, 0, &marker) && a.subclip_count == 2);
    CHECK(marker.id == 900 && marker.time == kf_frame_start(60, a.media.facts.rate));
    CHECK_STR(marker.kind, "comment");
    CHECK(kf_subclip_at(s, &a, 0, &sub) && sub.in == KF_SECOND && sub.out == kf_frame_start(90, a.media.facts.rate));
    CHECK_STR(sub.metadata, "{\"k\":1}");
    CHECK_STR(sub.bin, "Interviews");
    CHECK(kf_subclip_at(s, &a, 1, &sub) && sub.in == 0 && !*sub.name && !kf_subclip_at(s, &a, 2, &sub));
    kf_film_destroy(film);
}

/* Clip `at` of track `track` of the sequence "top". */
static bool clip_at(kf_snapshot s, int track, int64_t at, kf_clip_view *out)
{
    kf_sequence_view sequence;
    kf_track_view view;
    kf_cursor cursor;
    if (!kf_sequence_at(s, 1, &sequence) || !kf_track_get(s, &sequence, track, &view)) {
        return false;
    }
    kf_cursor_init(&cursor, s, &view);
    return kf_cursor_seek_index(&cursor, at) && kf_cursor_clip(&cursor, out);
}

TEST(views_of_a_sequence)
{
    kf_film *film = NULL;
    kf_error err;
    kf_sequence_view q;
    kf_track_view track;
    kf_clip_view clip, other;
    kf_marker marker;
    REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
    kf_snapshot s = kf_film_snapshot(film);
    CHECK(kf_sequence_at(s, 0, &q) && q.multicam && q.mark_in == KF_TIME_NONE && kf_angle_track(s, &q, 1) == 0 &&
          kf_angle_track(s, &q, 2) == -1 && kf_angle_track(s, &q, 0) == -1);
    REQUIRE(kf_sequence_at(s, 1, &q));
    CHECK(!q.multicam && q.mark_in == KF_SECOND / 12 && q.mark_out == KF_SECOND);
    CHECK_STR(q.bin, "Cuts");
    CHECK_STR(q.label, "green");
    CHECK_STR(q.metadata, "{\"x\":{}}");
    REQUIRE(kf_marker_at(s, q.markers, 1, &marker));
    CHECK_STR(marker.kind, "todo");
    CHECK_STR(marker.metadata, "{\"who\":\"me\"}");
    REQUIRE(kf_track_get(s, &q, 0, &track));
    CHECK(track.sync_lock && !track.target);
    REQUIRE(kf_track_get(s, &q, 1, &track));
    CHECK(!track.sync_lock && track.target);
    CHECK_STR(track.label, "teal");
    CHECK_STR(track.metadata, "{\"v\":2}");
    REQUIRE(clip_at(s, 0, 2, &clip) && clip_at(s, 2, 1, &other));
    kf_links links = kf_clip_links(s, &clip, KF_LINK);
    CHECK(links.count == 2 && clip.link == other.link && links.ids[0] == 12 && links.ids[1] == clip.id);
    CHECK(other.id == 12 && kf_clip_links(s, &other, KF_GROUP).count == 0);
    CHECK(clip.color[0] == 1 && clip.color[2] == 0 && clip.color[3] == 1 && other.color[3] == 0);
    CHECK_STR(clip.metadata, "{\"take\":3}");
    REQUIRE(clip_at(s, 1, 0, &other));
    CHECK(other.angle == 1 && other.audio_angle == 1 && other.group == clip.group && other.group != KF_REF_NONE);
    kf_film_destroy(film);
}

TEST(gaps_and_transitions)
{
    kf_film *film = load_clips("{\"gap\":1},{\"gap\":2},{\"gap\":1,\"name\":\"slug\"},{\"gap\":1},"
                               "{\"asset\":\"a\",\"start\":9},{\"transition\":\"wipe\",\"duration\":1,\"name\":\"w\","
                               "\"metadata\":{\"m\":1}}");
    kf_track_view track;
    kf_cursor cursor;
    kf_gap_view gap;
    kf_transition_view transition;
    REQUIRE(film && first_track(film, &track));
    kf_snapshot s = kf_film_snapshot(film);
    kf_cursor_init(&cursor, s, &track);
    REQUIRE(track.item_count == 5 && kf_cursor_seek_index(&cursor, 1));
    CHECK(kf_gap_get(s, &cursor.item, &gap) && cursor.item.start == 3 * KF_SECOND);
    CHECK_STR(gap.name, "slug");
    CHECK(kf_cursor_next(&cursor) && kf_gap_get(s, &cursor.item, &gap) && cursor.item.duration == 5 * KF_SECOND);
    CHECK_STR(gap.name, "");
    CHECK(kf_cursor_next(&cursor) && !kf_gap_get(s, &cursor.item, &gap));
    CHECK(kf_cursor_next(&cursor) && kf_cursor_transition(&cursor, &transition));
    CHECK_STR(transition.name, "w");
    CHECK_STR(transition.metadata, "{\"m\":1}");
    kf_film_destroy(film);
}

/* What the film knows of media is asked of nobody. */
TEST(known_media_answers_first)
{
    int asked = 0;
    kf_film *film = NULL;
    kf_error err;
    kf_sequence_view q;
    kf_film_load load = {.media = test_facts, .ctx = &asked};
    const char *known = "{\"kerf\":1,\"assets\":{\"x\":{\"path\":\"gone.mp4\",\"media\":{\"size\":[720,576],"
                        "\"rate\":50,\"duration\":3}}},\"tracks\":[{\"clips\":[{\"asset\":\"x\",\"in\":1}]}]}";
    REQUIRE(kf_film_load_json(known, strlen(known), &load, &film, &err) == KF_OK);
    REQUIRE(kf_sequence_at(kf_film_snapshot(film), 0, &q));
    CHECK(asked == 0 && q.width == 720 && q.rate.num == 50 && q.duration == 2 * KF_SECOND);
    kf_film_destroy(film);
    const char *half = "{\"kerf\":1,\"assets\":{\"x\":{\"path\":\"x.mp4\",\"media\":{\"size\":[720,576],\"rate\":50}}},"
                       "\"tracks\":[{\"clips\":[{\"asset\":\"x\"}]}]}";
    REQUIRE(kf_film_load_json(half, strlen(half), &load, &film, &err) == KF_OK);
    REQUIRE(kf_sequence_at(kf_film_snapshot(film), 0, &q));
    CHECK(asked == 1 && q.width == 720 && q.rate.num == 50 && q.duration == 10 * KF_SECOND);
    kf_film_destroy(film);
    const char *away = "{\"kerf\":1,\"assets\":{\"x\":{\"offline\":true}},"
                       "\"tracks\":[{\"clips\":[{\"asset\":\"x\"}]}]}";
    CHECK(kf_film_load_json(away, strlen(away), &load, &film, &err) == KF_ERR_NOT_FOUND);
    CHECK_MSG(strstr(err.message, "tracks[0].clips[0]: without a \"duration\" the media must be read: it is offline"),
              "%s", err.message);
}

/* Loads, writes, and compares with `wanted`; then once more, to the same. */
static void back_as(const char *json, const char *wanted)
{
    for (int turn = 0; turn < 2; turn++) {
        kf_film *film = NULL;
        kf_error err;
        kf_str out = {0};
        CHECK_MSG(load_text(turn ? wanted : json, &film, &err) == KF_OK, "%s", err.message);
        CHECK(film && kf_film_write_json(kf_film_snapshot(film), &out, &err) == KF_OK);
        CHECK_STR(out.data, wanted);
        kf_str_finish(&out);
        kf_film_destroy(film);
    }
}

TEST(written_as_read)
{
    back_as("{\"kerf\":1,\"tracks\":[{\"clips\":[{\"asset\":\"x\",\"duration\":1,\"link\":44},{\"gap\":1,\"metadata\":"
            "{ \"b\" : 1.0, \"a\" : \"\\u0001\" }},{\"asset\":\"x\",\"duration\":1,\"link\":44,\"group\":2}]}],"
            "\"assets\":{\"x\":{\"path\":\"x.mov\",\"timecode\":{\"start\":90000,\"rate\":25},"
            "\"media\":{\"still\":true}}}}",
            "{\n"
            "  \"kerf\": 1,\n"
            "  \"assets\": {\n"
            "    \"x\": {\n"
            "      \"path\": \"x.mov\",\n"
            "      \"timecode\": {\"start\":\"01:00:00:00\",\"rate\":25},\n"
            "      \"media\": {\"video\":false,\"audio\":false,\"still\":true}\n"
            "    }\n"
            "  },\n"
            "  \"tracks\": [\n"
            "    {\n"
            "      \"id\": 3,\n"
            "      \"kind\": \"video\",\n"
            "      \"clips\": [\n"
            "        {\n"
            "          \"id\": 1,\n"
            "          \"link\": 1,\n"
            "          \"asset\": \"x\",\n"
            "          \"duration\": 1\n"
            "        },\n"
            "        {\n"
            "          \"gap\": 1,\n"
            "          \"metadata\": {\"b\":1.0,\"a\":\"\\u0001\"}\n"
            "        },\n"
            "        {\n"
            "          \"id\": 2,\n"
            "          \"link\": 1,\n"
            "          \"asset\": \"x\",\n"
            "          \"duration\": 1\n"
            "        }\n"
            "      ]\n"
            "    }\n"
            "  ]\n"
            "}\n\n");
}

int main(void)
{
    RUN(wrong_values);
    RUN(metadata_is_bounded);
    RUN(views);
    RUN(views_of_a_sequence);
    RUN(gaps_and_transitions);
    RUN(known_media_answers_first);
    RUN(written_as_read);
    return test_end();
}
