/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keyframes: set_key, remove_key. */
#include "change_util.h"

#define CLIPS \
    "{\"name\":\"Main\",\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":2,\"opacity\":0.5,\"fade_in\":1,\"effects\":[" \
    "{\"effect\":\"blur\",\"radius\":8}]},{\"id\":3,\"generator\":\"title\",\"duration\":1,\"params\":{\"text\":\"Hi\"}}]}," \
    "{\"kind\":\"audio\",\"clips\":[{\"id\":4,\"asset\":\"s\",\"duration\":2}]}," \
    "{\"kind\":\"audio\",\"lock\":true,\"clips\":[{\"id\":5,\"asset\":\"s\",\"duration\":2}]}"

TEST(keys_of_clips)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    STEP(f, "{'op':'set_key','clip':1,'field':'opacity','at':1,'value':1}");
    CHECK_PARAM(f, 1, video, "opacity", "25:1");
    STEP(f, "{'op':'set_key','clip':1,'field':'opacity','at':0,'value':0,'interp':'hold'}");
    STEP(f, "{'op':'set_key','clip':1,'field':'opacity','at':'10f','value':0.25,'interp':'ease'}");
    CHECK_PARAM(f, 1, video, "opacity", "!0:0 ~10:0.25 25:1");
    STEP(f, "{'op':'set_key','clip':1,'field':'opacity','at':'10f','value':0.75}"); /* the way stays */
    CHECK_PARAM(f, 1, video, "opacity", "!0:0 ~10:0.75 25:1");
    STEP(f, "{'op':'set_key','clip':1,'field':'opacity','at':0,'value':0,'bezier':[0,0,1,1]}");
    CHECK_PARAM(f, 1, video, "opacity", "~0:0 ~10:0.75 25:1");
    CHECK_PARAM(f, 1, sound, "fade_in", "1");
    STEP(f, "{'op':'remove_key','clip':1,'field':'opacity','at':'10f'}");
    STEP(f, "{'op':'remove_key','clip':1,'field':'opacity','at':0}");
    CHECK_PARAM(f, 1, video, "opacity", "25:1");
    STEP(f, "{'op':'remove_key','clip':1,'field':'opacity','at':1}");
    CHECK_PARAM(f, 1, video, "opacity", "1");
    CHECK(clip_at(f, 1).video.constant);
    STEP(f, "{'op':'set_key','clip':1,'field':'transform.scale','at':0,'value':[1,2]}");
    STEP(f, "{'op':'set_key','clip':1,'field':'transform.scale','at':1,'value':3}");
    CHECK_PARAM(f, 1, transform, "scale", "0:1,2 25:3,3");
    STEP(f, "{'op':'set_key','clip':3,'field':'params.size','at':0,'value':40}");
    CHECK_PARAM(f, 3, generator, "size", "0:40");
    CHECK_PARAM(f, 3, generator, "text", "Hi");
    STEP(f, "{'op':'set_key','clip':4,'field':'gain','at':'-5f','value':-6}"); /* into the handle */
    CHECK_PARAM(f, 4, sound, "gain", "-5:-6");
    CHECK_TRACK(f, 0, "a@0+50 ?@0+25");
    kf_film_destroy(f);
}

TEST(keys_of_effects_and_tracks)
{
    kf_film *f = edit_film(CLIPS);
    kf_params blur;
    REQUIRE(f);
    STEP(f, "{'op':'set_key','clip':1,'effect':0,'field':'radius','at':1,'value':2}");
    REQUIRE(kf_effect_at(kf_film_snapshot(f), clip_at(f, 1).effects, 0, &blur));
    CHECK_TEXT(param_text(&blur, "radius"), "25:2");
    STEP(f, "{'op':'set_key','track':'V1','field':'opacity','at':3,'value':0.5}");
    STEP(f, "{'op':'set_key','track':'A1','field':'gain','at':3,'value':-12}");
    kf_track_view video = track_at(f, 0), audio = track_at(f, 1);
    CHECK_TEXT(param_text(&video.video, "opacity"), "75:0.5");
    CHECK_TEXT(param_text(&audio.audio, "gain"), "75:-12");
    CHECK_TEXT(video.name, "Main");
    STEP(f, "{'op':'add_effect','effect':{'effect':'gain'}}");
    STEP(f, "{'op':'set_key','effect':0,'field':'gain','at':3,'value':-1}");
    kf_film_destroy(f);
}

TEST(refusals)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    REFUSES(f, "{'op':'set_key','clip':1,'field':'opacity','at':1,'value':2}", "opacity: 2 is out of range");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'opacity','at':1,'value':{'keys':[]}}", "one value of opacity");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'opacty','at':1,'value':1}", "did you mean \"opacity\"");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'fade_in','at':1,'value':1}", "cannot be animated");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'params.size','at':1,'value':1}", "has no \"params.size\"");
    REFUSES(f, "{'op':'set_key','clip':3,'field':'params.text','at':1,'value':'x'}", "cannot be animated");
    REFUSES(f, "{'op':'set_key','clip':4,'field':'opacity','at':1,'value':1}", "has no \"opacity\"");
    REFUSES(f, "{'op':'set_key','clip':5,'field':'gain','at':1,'value':1}", "A2 is locked");
    REFUSES(f, "{'op':'set_key','track':'A2','field':'gain','at':1,'value':1}", "A2 is locked");
    REFUSES(f, "{'op':'set_key','clip':1,'effect':1,'field':'radius','at':1,'value':1}", "none at 1");
    REFUSES(f, "{'op':'set_key','clip':1,'effect':0,'field':'radios','at':1,'value':1}", "blur has no");
    REFUSES(f, "{'op':'set_key','field':'gain','at':1,'value':1}", "the sequence has no");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'opacity','at':1,'value':1,'interp':'fast'}", "\"fast\" is unknown");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'opacity','at':1,'value':1,'interp':'hold','bezier':[0,0,1,1]}", "bezier");
    REFUSES(f, "{'op':'remove_key','clip':1,'field':'opacity','at':1}", "no keyframe at 25 frames: it has 0");
    STEP(f, "{'op':'set_key','clip':1,'field':'transform.position','at':0,'value':'center'}");
    REFUSES(f, "{'op':'set_key','clip':1,'field':'transform.position','at':1,'value':[1,2]}", "no way between");
    kf_film_destroy(f);
}

int main(void)
{
    RUN(keys_of_clips);
    RUN(keys_of_effects_and_tracks);
    RUN(refusals);
    return test_end();
}
