/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters of clips, transitions, tracks and the master; markers; links; snapping; objects as JSON. */
#include "api_util.h"

static const char some_tracks[] =
    "{'opacity':0.5,'effects':[{'effect':'saturation','amount':0}],'clips':["
    "{'asset':'a','duration':'100f','id':1,'link':1,'opacity':{'keys':[{'t':0,'v':0,'interp':'hold'},"
    "{'t':1,'v':0.25,'interp':'bezier','bezier':[0.42,0,0.58,1]},{'t':3,'v':0.75}]},'blend_mode':'screen',"
    "'fade_in':'10f','transform':{'scale':[2,2]},'markers':[{'time':1,'name':'look'}],"
    "'effects':[{'effect':'blur','radius':25,'name':'soft','enabled':false},"
    "{'effect':'curves','master':[[0,0],[0.5,0.75],[1,1]]}]},"
    "{'transition':'wipe','duration':'10f','angle':90},"
    "{'generator':'title','params':{'text':'Hi'},'duration':'50f'}]},"
    "{'kind':'audio','clips':[{'asset':'s','duration':'100f','id':2,'link':1,"
    "'audio_effects':[{'effect':'gain','gain':-6}]}]}";

static kf_film_handle *film;
static kf_timeline_item clip, title, wipe;

static bool open_film(void)
{
    film = api_film(some_tracks);
    return film && kf_timeline_at(film, 0, 0, 0, &clip) && kf_timeline_at(film, 0, 0, FRAMES(120), &title) &&
           kf_timeline_item_at(film, 0, 0, 1, &wipe);
}

static kf_param_now now_of(const kf_timeline_item *item, kf_param_group group, int32_t index, const char *name,
                           kf_time t)
{
    const kf_param_place place = {.item = item, .group = group, .index = index};
    kf_param_now now = {.number = {-99}, .text = "none"};
    kf_film_param(film, &place, name, t, &now);
    return now;
}

TEST(values_of_clips)
{
    REQUIRE(open_film());
    kf_param_now now = now_of(&clip, KF_PARAMS_TRANSFORM, 0, "scale", 0);
    CHECK(now.set && now.number[0] == 2 && now.keys == 0);
    now = now_of(&clip, KF_PARAMS_TRANSFORM, 0, "rotation", 0);
    CHECK(!now.set && now.number[0] == 0);
    now = now_of(&clip, KF_PARAMS_VIDEO, 0, "blend_mode", 0);
    CHECK(now.set && now.number[0] == 2); /* normal, multiply, screen */
    now = now_of(&clip, KF_PARAMS_AUDIO, 0, "fade_in", 0);
    CHECK(now.time == FRAMES(10) && now.number[0] == 0.4);
    now = now_of(&title, KF_PARAMS_GENERATOR, 0, "text", 0);
    CHECK_STR(now.text, "Hi");
    now = now_of(&title, KF_PARAMS_GENERATOR, 0, "font", 0);
    CHECK_STR(now.text, "Sans");
    now = now_of(&wipe, KF_PARAMS_TRANSITION, 0, "angle", 0);
    CHECK(now.set && now.number[0] == 90);
    CHECK_STR(now_of(&clip, KF_PARAMS_GENERATOR, 0, "text", 0).text, "none");
    CHECK_STR(now_of(&clip, KF_PARAMS_VIDEO, 0, "nothing", 0).text, "none");
    kf_film_close(film);
}

TEST(keyframes)
{
    REQUIRE(open_film());
    const kf_param_place place = {.item = &clip, .group = KF_PARAMS_VIDEO};
    kf_key_info key;
    kf_param_set set;
    REQUIRE(kf_film_params(film, &place, &set));
    CHECK(set.keyed);
    CHECK_STR(set.kind, "clip");
    kf_param_now now = now_of(&clip, KF_PARAMS_VIDEO, 0, "opacity", KF_SECOND / 2);
    CHECK(now.keys == 3 && now.number[0] == 0); /* hold */
    CHECK_NEAR(now_of(&clip, KF_PARAMS_VIDEO, 0, "opacity", KF_SECOND * 2).number[0], 0.5,
               1e-9); /* the ease's middle */
    CHECK_NEAR(now_of(&clip, KF_PARAMS_VIDEO, 0, "opacity", KF_SECOND * 9).number[0], 0.75, 1e-9);
    REQUIRE(kf_film_param_key(film, &place, "opacity", 1, &key));
    CHECK(key.time == KF_SECOND && key.interp == KF_KEY_BEZIER && key.bezier[0] == 0.42 && key.value[0] == 0.25);
    REQUIRE(kf_film_param_key(film, &place, "opacity", 0, &key));
    CHECK(key.interp == KF_KEY_HOLD);
    CHECK(!kf_film_param_key(film, &place, "opacity", 3, &key) &&
          !kf_film_param_key(film, &place, "blend_mode", 0, &key));
    kf_film_close(film);
}

TEST(effects)
{
    REQUIRE(open_film());
    kf_param_place place = {.item = &clip, .group = KF_PARAMS_EFFECT};
    kf_param_set set;
    REQUIRE(kf_film_params(film, &place, &set));
    CHECK(!set.enabled && !set.keyed);
    CHECK_STR(set.kind, "blur");
    CHECK_STR(set.name, "soft");
    CHECK(now_of(&clip, KF_PARAMS_EFFECT, 0, "radius", 0).number[0] == 25);
    char *json = kf_film_effect_json(film, &place);
    CHECK_STR(json, "{\"effect\":\"blur\",\"name\":\"soft\",\"enabled\":false,\"radius\":25}");
    kf_string_free(json);
    CHECK(!kf_film_param_json(film, &place, "edge")); /* not set */
    place.index = 1;
    json = kf_film_param_json(film, &place, "master");
    CHECK_STR(json, "[[0,0],[0.5,0.75],[1,1]]");
    kf_string_free(json);
    place.index = 2;
    CHECK(!kf_film_params(film, &place, &set) && !kf_film_effect_json(film, &place));
    kf_film_close(film);
}

TEST(tracks_and_the_master)
{
    REQUIRE(open_film());
    kf_param_place place = {.group = KF_PARAMS_VIDEO};
    kf_param_now now;
    kf_param_set set;
    REQUIRE(kf_film_param(film, &place, "opacity", 0, &now));
    CHECK(now.number[0] == 0.5);
    place.group = KF_PARAMS_EFFECT;
    REQUIRE(kf_film_params(film, &place, &set));
    CHECK_STR(set.kind, "saturation");
    place = (kf_param_place){.group = KF_PARAMS_AUDIO, .track = 1};
    REQUIRE(kf_film_params(film, &place, &set));
    CHECK_STR(set.kind, "track_audio");
    place = (kf_param_place){.group = KF_PARAMS_AUDIO_EFFECT, .track = -1};
    CHECK(!kf_film_params(film, &place, &set)); /* the master has none */
    place = (kf_param_place){.group = KF_PARAMS_TRANSFORM};
    CHECK(!kf_film_params(film, &place, &set)); /* tracks have none */
    kf_film_close(film);
}

TEST(links_markers_snapping)
{
    REQUIRE(open_film());
    uint64_t ids[4] = {0};
    kf_marker_info marker;
    kf_time t = -1;
    CHECK(clip.linked && !clip.grouped && clip.markers == 1);
    CHECK_INT(kf_timeline_links(film, &clip, false, ids, 4), 2);
    CHECK(ids[0] == 1 && ids[1] == 2);
    CHECK_INT(kf_timeline_links(film, &clip, true, ids, 4), 0);
    REQUIRE(kf_timeline_marker(film, &clip, 0, &marker));
    CHECK(marker.time == KF_SECOND);
    CHECK_STR(marker.name, "look");
    kf_snap_params snap = {.time = FRAMES(97), .tolerance = FRAMES(4), .playhead = FRAMES(95)};
    CHECK(kf_timeline_snap(film, &snap, &t));
    CHECK_INT(t, FRAMES(95));
    snap.playhead = KF_TIME_NONE;
    CHECK(kf_timeline_snap(film, &snap, &t));
    CHECK_INT(t, FRAMES(100));
    snap.time = FRAMES(70);
    CHECK(!kf_timeline_snap(film, &snap, &t));
    kf_film_close(film);
}

TEST(objects_as_json)
{
    REQUIRE(open_film());
    char *json = NULL;
    REQUIRE(kf_timeline_json(film, &wipe, &json, &api_error) == KF_OK);
    CHECK(strstr(json, "\"transition\":\"wipe\"") && strstr(json, "\"angle\":90"));
    kf_string_free(json);
    REQUIRE(kf_timeline_json(film, &title, &json, &api_error) == KF_OK);
    CHECK(strstr(json, "\"generator\":\"title\""));
    kf_string_free(json);
    kf_timeline_item foreign = clip;
    foreign.ref += 8;
    CHECK(kf_timeline_json(film, &foreign, &json, &api_error) == KF_ERR_INVALID && !json);
    kf_film_close(film);
}

int main(void)
{
    RUN(values_of_clips);
    RUN(keyframes);
    RUN(effects);
    RUN(tracks_and_the_master);
    RUN(links_markers_snapping);
    RUN(objects_as_json);
    return test_end();
}
