/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clips show and where their sound is: replace, detach_audio, angle. Assets a and b have 250 frames. */
#include "change_util.h"

#define CLIPS \
    "{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2,\"opacity\":0.5,\"gain\":-6,\"fade_in\":0.2," \
    "\"audio_effects\":[{\"effect\":\"eq\"}],\"effects\":[{\"effect\":\"blur\"}]},{\"transition\":\"dissolve\",\"duration\":1}," \
    "{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2},{\"id\":3,\"generator\":\"bars\",\"duration\":1}," \
    "{\"id\":7,\"asset\":\"a\",\"freeze\":1,\"duration\":1}]}," \
    "{\"kind\":\"audio\",\"clips\":[{\"gap\":1},{\"id\":4,\"asset\":\"s\",\"duration\":2}]}," \
    "{\"kind\":\"audio\",\"lock\":true,\"clips\":[{\"gap\":9},{\"id\":5,\"asset\":\"s\",\"duration\":2}]}"

TEST(replaces)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    STEP(f, "{'op':'replace','clip':1,'asset':'b'}");
    CHECK_TRACK(f, 0, "b@25+50 ~25 b@25+50 ?@0+25 a!@25+25");
    CHECK_EFFECTS(f, 1, "blur | eq");
    kf_clip_view c = clip_at(f, 1);
    CHECK_TEXT(param_text(&c.video, "opacity"), "0.5");
    STEP(f, "{'op':'replace','clip':1,'asset':'a','in':4}");
    CHECK_TRACK(f, 0, "a@100+50 ~25 b@25+50 ?@0+25 a!@25+25");
    REFUSES(f, "{'op':'replace','clip':1,'asset':'b','in':'201f'}",
            "the source of b.mp4 (clip 1) ends 1 frame too early for that: it is 10.000 s long");
    STEP(f, "{'op':'replace','clip':1,'asset':'b','in':'200f'}");
    CHECK_TRACK(f, 0, "b@200+50 b@25+50 ?@0+25 a!@25+25"); /* no tail left for the dissolve */
    STEP(f, "{'op':'replace','clip':1,'with':{'generator':'title','params':{'text':'Hi'}}}");
    c = clip_at(f, 1);
    CHECK(c.source == KF_SOURCE_GENERATOR && c.id == 1);
    CHECK_TEXT(param_text(&c.generator, "text"), "Hi");
    CHECK_EFFECTS(f, 1, "blur | eq");
    STEP(f, "{'op':'replace','clip':1,'with':{'asset':'a','speed':2,'in':1}}");
    CHECK_TRACK(f, 0, "a*2/1@25+50 b@25+50 ?@0+25 a!@25+25");
    STEP(f, "{'op':'replace','clip':1,'with':{'asset':'b','loop':true,'out':1}}");
    CHECK(clip_at(f, 1).loop && clip_at(f, 1).duration == 2 * KF_SECOND);
    STEP(f, "{'op':'replace','clip':3,'asset':'a'}");
    STEP(f, "{'op':'replace','clip':7,'asset':'b','in':3}");
    CHECK_TRACK(f, 0, "b@0+50 b@25+50 a@0+25 b!@75+25");
    REFUSES(f, "{'op':'replace','clip':2,'asset':'s'}", "\"s\" has no picture");
    REFUSES(f, "{'op':'replace','clip':2,'asset':'x'}", "no asset \"x\"");
    REFUSES(f, "{'op':'replace','clip':2,'asset':'a','in':-1}", "begins 25 frames too late");
    REFUSES(f, "{'op':'replace','clip':2}", "Give asset or with");
    REFUSES(f, "{'op':'replace','clip':2,'asset':'a','with':{'asset':'a'}}", "Give asset or with");
    REFUSES(f, "{'op':'replace','clip':2,'with':3}", "a clip must stand here");
    REFUSES(f, "{'op':'replace','clip':5,'asset':'a'}", "A2 is locked");
    REFUSES(f, "{'op':'replace','clip':99,'asset':'a'}", "no clip 99");
    kf_film_destroy(f);
}

TEST(detaches)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    STEP(f, "{'op':'detach_audio','clip':1}"); /* A1 has no room, A2 is locked */
    CHECK_TRACK(f, 3, "a@25+50");
    uint64_t sound = clip_id(f, 3, 0);
    kf_clip_view picture = clip_at(f, 1), audio = clip_at(f, sound);
    CHECK(!picture.audio && audio.audio && picture.link == audio.link && audio.link != KF_REF_NONE);
    CHECK_TEXT(param_text(&audio.sound, "gain"), "-6");
    CHECK_TEXT(param_text(&audio.sound, "fade_in"), "0.2");
    CHECK_TEXT(param_text(&picture.sound, "gain"), "-");
    CHECK_TEXT(param_text(&picture.video, "opacity"), "0.5");
    CHECK_EFFECTS(f, 1, "blur |");
    CHECK_EFFECTS(f, sound, "| eq");
    CHECK_TRACK(f, 0, "a@25+50 ~25 b@25+50 ?@0+25 a!@25+25");
    REFUSES(f, "{'op':'detach_audio','clip':2,'track':'A1'}", "no room on A1 from 00:00:02:00 to 00:00:04:00");
    REFUSES(f, "{'op':'detach_audio','clip':2,'track':'V1'}", "not an audio track");
    STEP(f, "{'op':'detach_audio','clip':2}");
    CHECK_TRACK(f, 3, "a@25+50 b@25+50");
    REFUSES(f, "{'op':'detach_audio','clip':2}", "is off already");
    REFUSES(f, "{'op':'detach_audio','clip':3}", "has no sound");
    REFUSES(f, "{'op':'detach_audio','clip':7}", "has no sound");
    REFUSES(f, "{'op':'detach_audio','clip':4}", "on an audio track");
    /* they are edited together */
    STEP(f, "{'op':'ripple_delete','clips':1,'sync':false}");
    CHECK_TRACK(f, 3, "b@25+50");
    kf_film_destroy(f);
}

/* A multicam sequence of three angles, shown by clip 1, which is linked with its sound. */
static kf_film *multicam(const char *lock)
{
    kf_film *film = NULL;
    kf_str text = {0};
    kf_str_addf(&text, "{\"kerf\":1,\"main\":\"m\",\"assets\":{\"a\":{\"path\":\"a.mp4\",\"media\":{\"video\":true,\"duration\":10}}},"
                "\"sequences\":[{\"id\":\"m\",\"size\":[640,360],\"rate\":25,\"tracks\":["
                "{\"clips\":[{\"id\":1,\"link\":1,\"sequence\":\"c\",\"angle\":1,\"duration\":4}]%s},"
                "{\"kind\":\"audio\",\"clips\":[{\"id\":2,\"link\":1,\"sequence\":\"c\",\"angle\":1,\"duration\":4}]},"
                "{\"clips\":[{\"id\":3,\"asset\":\"a\",\"duration\":1}]}]},"
                "{\"id\":\"c\",\"multicam\":true,\"size\":[640,360],\"rate\":25,\"tracks\":["
                "{\"clips\":[{\"asset\":\"a\"}]},{\"clips\":[{\"asset\":\"a\"}]},{\"clips\":[{\"asset\":\"a\"}]}]}]}", lock);
    if (load_text(text.data, &film, &edit_error) != KF_OK) {
        printf("# %s\n", edit_error.message);
    }
    kf_str_finish(&text);
    return film;
}

TEST(switches_angles)
{
    kf_film *f = multicam("");
    REQUIRE(f);
    STEP(f, "{'op':'angle','clip':1,'angle':2,'at':1}");
    CHECK_TRACK(f, 0, "?@0+25 ?@25+75");
    CHECK_TRACK(f, 1, "?@0+25 ?@25+75");
    uint64_t right = clip_id(f, 0, 1), sound = clip_id(f, 1, 1);
    CHECK(clip_at(f, 1).angle == 1 && clip_at(f, right).angle == 2 && clip_at(f, sound).angle == 1);
    CHECK(clip_at(f, right).link == clip_at(f, sound).link && clip_at(f, right).link != clip_at(f, 1).link);
    STEP(f, "{'op':'angle','clip':1,'angle':3}");
    CHECK(clip_at(f, 1).angle == 3 && clip_at(f, 2).angle == 1);
    kf_ref root = kf_film_snapshot(f).root;
    STEP(f, "{'op':'angle','clip':1,'angle':3,'at':'5f'}"); /* it is that one already */
    CHECK(kf_film_snapshot(f).root == root);
    STEP(f, "{'op':'angle','clip':1,'angle':2,'at':'5f','linked':false}");
    CHECK_TRACK(f, 0, "?@0+5 ?@5+20 ?@25+75");
    CHECK_TRACK(f, 1, "?@0+25 ?@25+75");
    REFUSES(f, "{'op':'angle','clip':1,'angle':4}", "c (clip 1) has 3 angles, no angle 4");
    REFUSES(f, "{'op':'angle','clip':3,'angle':1}", "shows no multicam sequence");
    REFUSES(f, "{'op':'angle','clip':1,'angle':1,'at':3}", "is not at 00:00:03:00");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'angle':9}}", "has 3 angles, no angle 9");
    STEP(f, "{'op':'set_clip','clips':1,'set':{'audio_angle':2}}");
    CHECK(clip_at(f, 1).audio_angle == 2 && clip_at(f, 1).angle == 3);
    kf_film_destroy(f);
    f = multicam(",\"lock\":true");
    REQUIRE(f);
    REFUSES(f, "{'op':'angle','clip':1,'angle':2}", "V1 is locked");
    REFUSES(f, "{'op':'detach_audio','clip':1}", "V1 is locked");
    kf_film_destroy(f);
}

int main(void)
{
    RUN(replaces);
    RUN(detaches);
    RUN(switches_angles);
    return test_end();
}
