/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading films: facts of sequences and tracks, walking tracks, merged items. */
#include "api_util.h"

/* 50 frames of a from its frame 10, a dissolve of 10, 50 of b backwards, a gap of 25, a title of 100. */
static const char some_tracks[] =
    "{'clips':[{'asset':'a','in':'10f','duration':'50f','id':1,'link':1,'fade_in':'5f','effects':[{'effect':'blur'}]},"
    "{'transition':'dissolve','duration':'10f'},"
    "{'asset':'b','in':'20f','out':'70f','reverse':true,'opacity':{'keys':[{'t':0,'v':0},{'t':1,'v':1}]}},"
    "{'gap':'25f','name':'hole'},{'generator':'title','params':{'text':'Hello'},'duration':'100f','enabled':false}]},"
    "{'kind':'audio','name':'Music','mute':true,'clips':[{'asset':'s','duration':'500f','name':'Song'}]}";

typedef struct seen {
    char text[2000];
    int count, stop_at;
    kf_timeline_item items[200];
} seen;

static bool see(void *context, const kf_timeline_item *item)
{
    seen *s = context;
    size_t used = strlen(s->text);
    const char *kind = item->kind == KF_TIMELINE_GAP ? "-" : item->kind == KF_TIMELINE_TRANSITION ? "~" : "";
    if (used < sizeof s->text - 50) {
        snprintf(s->text + used, 50, "%s%s%s%lld+%lld", used ? " " : "", kind, item->merged ? "*" : "",
                 (long long)(item->start / FRAMES(1)), (long long)(item->duration / FRAMES(1)));
    }
    if (s->count < 200) {
        s->items[s->count] = *item;
    }
    return ++s->count != s->stop_at;
}

/* Start and length in frames of what lies over a range of frames of the first track. */
static const char *walk(kf_film_handle *film, int64_t from, int64_t to, int64_t resolution, bool gaps)
{
    static seen s;
    s = (seen){0};
    const kf_timeline_range range = {
        .from = FRAMES(from), .to = FRAMES(to), .resolution = FRAMES(resolution), .gaps = gaps};
    kf_timeline_each(film, &range, see, &s);
    return s.text;
}

TEST(tells_the_project)
{
    kf_film_handle *film = api_film(some_tracks);
    REQUIRE(film);
    kf_film_info info;
    kf_asset_info asset;
    REQUIRE(kf_film_get_info(film, &info));
    CHECK_STR(info.name, "Test");
    CHECK_INT(info.assets, 3);
    CHECK_INT(info.sequences, 1);
    CHECK_INT(info.bins, 1);
    CHECK_STR(kf_film_bin(film, 0), "Day 1/A");
    CHECK_STR(kf_film_bin(film, 1), "");
    int32_t a = kf_film_asset_find(film, "a"), b = kf_film_asset_find(film, "b");
    REQUIRE(kf_film_asset(film, a, &asset));
    CHECK_STR(asset.name, "a.mp4");
    CHECK_STR(asset.bin, "Day 1");
    CHECK(asset.known && asset.video && asset.audio && !asset.offline);
    CHECK_INT(asset.width, 1280);
    CHECK_INT(asset.duration, 10 * KF_SECOND);
    CHECK_INT(asset.bytes, 1234);
    CHECK_STR(asset.proxy_state, "none");
    CHECK_INT(kf_film_asset_index(film, asset.uid), a);
    CHECK_INT(kf_film_sequence_index(film, asset.uid), -1); /* one number space */
    char *file = kf_film_asset_file(film, a);
    CHECK_STR(file, "/films/media/a.mp4");
    kf_string_free(file);
    REQUIRE(kf_film_asset(film, b, &asset));
    CHECK_STR(asset.name, "Beach");
    CHECK(asset.offline);
    int32_t uses[3];
    kf_film_asset_uses(film, uses, 3);
    CHECK_INT(uses[a], 1);
    CHECK_INT(uses[kf_film_asset_find(film, "s")], 1);
    CHECK(!kf_film_asset(film, 3, &asset) && !kf_film_asset(film, -1, &asset));
    kf_film_close(film);
}

TEST(tells_sequences_and_tracks)
{
    kf_film_handle *film = api_film(some_tracks);
    REQUIRE(film);
    kf_sequence_info q;
    kf_track_info track;
    REQUIRE(kf_film_sequence(film, 0, &q));
    CHECK_STR(q.name, "main");
    CHECK_INT(q.duration, FRAMES(500));
    CHECK_INT(q.tracks, 2);
    CHECK_INT(q.clips, 4);
    CHECK(q.mark_in == KF_TIME_NONE);
    REQUIRE(kf_film_track(film, 0, 0, &track));
    CHECK(!track.audio && track.number == 1 && track.items == 5 && track.clips == 3);
    CHECK_INT(track.duration, FRAMES(225));
    REQUIRE(kf_film_track(film, 0, 1, &track));
    CHECK(track.audio && track.mute && track.number == 1);
    CHECK_STR(track.name, "Music");
    CHECK(!kf_film_track(film, 0, 2, &track));
    kf_film_close(film);
}

TEST(tells_timecode)
{
    kf_sequence_info q = {.rate = {25, 1}, .start_timecode = 25 * 3600};
    char text[32];
    kf_time t;
    kf_sequence_timecode(&q, FRAMES(51), text, sizeof text);
    CHECK_STR(text, "01:00:02:01");
    kf_sequence_timecode(&q, FRAMES(51), text, 6);
    CHECK_STR(text, "01:00");
    REQUIRE(kf_sequence_parse_time(&q, "01:00:02:01", &t, &api_error) == KF_OK);
    CHECK_INT(t, FRAMES(51));
    REQUIRE(kf_sequence_parse_time(&q, "2.5", &t, &api_error) == KF_OK);
    CHECK_INT(t, KF_SECOND * 5 / 2);
    CHECK(kf_sequence_parse_time(&q, "00:00:02:01", &t, &api_error) == KF_ERR_INVALID);
    CHECK(strstr(api_error.message, "01:00:00:00"));
    q = (kf_sequence_info){.rate = {30000, 1001}, .drop_frame = true};
    /* one minute of drop frames begins at frame 1800, labelled 00:01:00;02 */
    kf_sequence_timecode(&q, kf_sequence_frame_time(&q, 1800), text, sizeof text);
    CHECK_STR(text, "00:01:00;02");
    CHECK_INT(kf_sequence_frame(&q, kf_sequence_frame_time(&q, 1800) - 1), 1799);
}

TEST(walks_a_track)
{
    kf_film_handle *film = api_film(some_tracks);
    REQUIRE(film);
    CHECK_STR(walk(film, 0, 225, 0, true), "0+50 ~45+10 50+50 -100+25 125+100");
    CHECK_STR(walk(film, 0, 225, 0, false), "0+50 ~45+10 50+50 125+100");
    CHECK_STR(walk(film, 60, 110, 0, false), "50+50");
    CHECK_STR(walk(film, 52, 60, 0, false), "~45+10 50+50");
    CHECK_STR(walk(film, 55, 60, 0, false), "50+50");
    CHECK_STR(walk(film, 20, 46, 0, false), "0+50 ~45+10");
    CHECK_STR(walk(film, 20, 45, 0, false), "0+50");
    CHECK_STR(walk(film, 225, 300, 0, true), "");
    CHECK_STR(walk(film, -50, 1, 0, true), "0+50");
    seen s = {.stop_at = 2};
    kf_timeline_each(film, &(kf_timeline_range){.to = FRAMES(225)}, see, &s);
    CHECK_INT(s.count, 2);
    kf_timeline_each(film, &(kf_timeline_range){.to = FRAMES(225), .track = 7}, see, &s);
    kf_timeline_each(film, &(kf_timeline_range){.to = FRAMES(225), .sequence = 1}, see, &s);
    CHECK_INT(s.count, 2);
    kf_film_close(film);
}

TEST(tells_clips)
{
    kf_film_handle *film = api_film(some_tracks);
    REQUIRE(film);
    kf_timeline_item item;
    REQUIRE(kf_timeline_at(film, 0, 0, FRAMES(10), &item));
    CHECK_STR(item.name, "a.mp4");
    CHECK(item.kind == KF_TIMELINE_CLIP && item.source == KF_TIMELINE_ASSET && item.enabled && item.sound &&
          !item.keyed);
    CHECK_INT(item.id, 1);
    CHECK_INT(item.source_in, FRAMES(10));
    CHECK_INT(item.source_end, FRAMES(60));
    CHECK_INT(item.effects, 1);
    CHECK_INT(item.fade_in, FRAMES(5));
    CHECK_INT(kf_timeline_source_time(film, &item, FRAMES(7)), FRAMES(17));
    REQUIRE(kf_timeline_item_at(film, 0, 0, item.index + 1, &item));
    CHECK(item.kind == KF_TIMELINE_TRANSITION && item.from && item.to);
    CHECK_STR(item.transition, "dissolve");
    CHECK_INT(item.cut, FRAMES(50));
    REQUIRE(kf_timeline_at(film, 0, 0, FRAMES(50), &item));
    CHECK_STR(item.name, "Beach");
    CHECK(item.offline && item.reverse && item.keyed);
    CHECK_INT(item.source_in, FRAMES(70) - 1); /* backwards, the last flick comes first */
    CHECK_INT(item.source_end, FRAMES(20));
    REQUIRE(kf_timeline_at(film, 0, 0, FRAMES(110), &item));
    CHECK(item.kind == KF_TIMELINE_GAP && item.id == 0);
    CHECK_STR(item.name, "hole");
    REQUIRE(kf_timeline_at(film, 0, 0, FRAMES(125), &item));
    CHECK(item.source == KF_TIMELINE_GENERATOR && !item.enabled && item.source_index == -1);
    CHECK_STR(item.generator, "title");
    CHECK_STR(item.name, "Hello");
    CHECK(!kf_timeline_at(film, 0, 0, FRAMES(225), &item));
    kf_film_close(film);
}

/* 60 clips of 2 frames, then one of 100: with a resolution of 16 frames the short ones are given in runs that end with
 * the first clip that reaches over a multiple of 16. */
TEST(merges_what_is_short)
{
    char tracks[6000] = "{'clips':[";
    for (int i = 0; i < 60; i++) {
        strcat(tracks, "{'asset':'a','duration':'2f'},");
    }
    strcat(tracks, "{'asset':'b','duration':'100f'}]}");
    kf_film_handle *film = api_film(tracks);
    REQUIRE(film);
    CHECK_STR(walk(film, 0, 220, 16, false), "*0+16 *16+16 *32+16 *48+16 *64+16 *80+16 *96+16 *112+8 120+100");
    CHECK_STR(walk(film, 20, 60, 16, false), "*16+16 *32+16 *48+16");
    CHECK_STR(walk(film, 119, 121, 16, false), "*112+8 120+100");
    CHECK_STR(walk(film, 0, 10, 3, false), "*0+4 4+2 *6+4");
    CHECK_STR(walk(film, 116, 220, 2, false), "116+2 118+2 120+100");
    kf_film_close(film);
}

TEST(merges_beside_gaps_and_transitions)
{
    kf_film_handle *film = api_film(
        "{'clips':[{'asset':'a','duration':'2f'},{'gap':'1f'},{'asset':'a','duration':'2f'},{'gap':'50f'},"
        "{'asset':'a','duration':'3f'},{'transition':'dissolve','duration':'20f','align':'start'},"
        "{'asset':'b','in':1,'duration':'100f'}]}");
    REQUIRE(film);
    CHECK_STR(walk(film, 0, 200, 10, true), "*0+5 -5+50 55+3 ~58+20 58+100");
    CHECK_STR(walk(film, 0, 200, 30, true), "*0+5 -5+50 55+3 58+100");
    kf_film_close(film);
}

TEST(versions_say_what_is_the_same)
{
    kf_project *project = api_project(some_tracks);
    kf_film_handle *before, *after;
    kf_timeline_item a, b;
    kf_asset_info old_asset, new_asset;
    REQUIRE(project && kf_project_film(project, &before, &api_error) == KF_OK);
    const char text[] = "{\"op\":\"trim\",\"clip\":1,\"edge\":\"tail\",\"by\":\"-20f\"}";
    const kf_edit_script script = {.text = text, .length = strlen(text)};
    CHECK(kf_project_apply(project, &script, NULL, &api_error) == KF_OK);
    REQUIRE(kf_project_film(project, &after, &api_error) == KF_OK);
    REQUIRE(kf_timeline_at(before, 0, 0, 0, &a) && kf_timeline_at(after, 0, 0, 0, &b));
    CHECK(a.version != b.version);
    CHECK_INT(b.duration, FRAMES(30));
    REQUIRE(kf_timeline_at(before, 0, 0, FRAMES(60), &a) && kf_timeline_at(after, 0, 0, FRAMES(60), &b));
    CHECK(a.id == b.id && a.version == b.version);
    CHECK(kf_film_asset(before, 0, &old_asset) && kf_film_asset(after, 0, &new_asset));
    CHECK(old_asset.version == new_asset.version);
    kf_film_close(before);
    kf_project_close(project, NULL);
    CHECK(kf_timeline_at(after, 0, 0, 0, &b) && b.duration == FRAMES(30)); /* the film outlives the project */
    kf_film_close(after);
}

int main(void)
{
    RUN(tells_the_project);
    RUN(tells_sequences_and_tracks);
    RUN(tells_timecode);
    RUN(walks_a_track);
    RUN(tells_clips);
    RUN(merges_what_is_short);
    RUN(merges_beside_gaps_and_transitions);
    RUN(versions_say_what_is_the_same);
    util_clean();
    return test_end();
}
