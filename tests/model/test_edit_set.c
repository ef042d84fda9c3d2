/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* set_clip and paste_attributes. Assets a and b have 250 frames. */
#include "change_util.h"

#define CLIPS \
    "{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2,\"opacity\":0.5,\"gain\":-6,\"transform\":{\"scale\":2," \
    "\"rotation\":10},\"effects\":[{\"effect\":\"blur\"}],\"metadata\":{\"a\":1},\"markers\":[{\"time\":1}],\"label\":\"x\"}," \
    "{\"id\":6,\"transition\":\"dissolve\",\"duration\":1}," \
    "{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}," \
    "{\"id\":3,\"generator\":\"title\",\"duration\":1,\"params\":{\"text\":\"Hi\",\"size\":50}}]}," \
    "{\"kind\":\"audio\",\"clips\":[{\"id\":4,\"asset\":\"s\",\"duration\":2,\"gain\":-3,\"fade_in\":1}]}," \
    "{\"kind\":\"audio\",\"lock\":true,\"clips\":[{\"id\":5,\"asset\":\"s\",\"duration\":2}]}"

TEST(merges_keys)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    STEP(f, "{'op':'set_clip','clips':1,'set':{'opacity':0.25,'transform':{'scale':3},'name':'Take 1','enabled':false}}");
    kf_clip_view c = clip_at(f, 1);
    CHECK_PARAM(f, 1, video, "opacity", "0.25");
    CHECK_PARAM(f, 1, transform, "scale", "3,3");
    CHECK_PARAM(f, 1, transform, "rotation", "10");
    CHECK_PARAM(f, 1, sound, "gain", "-6");
    CHECK(strcmp(c.name, "Take 1") == 0 && strcmp(c.label, "x") == 0 && !c.enabled && c.audio && c.markers.count == 1);
    CHECK_EFFECTS(f, 1, "blur |");
    CHECK_TRACK(f, 0, "a@25+50 ~25 b@25+50 ?@0+25");
    STEP(f, "{'op':'set_clip','clips':1,'set':{'opacity':null,'transform':{'scale':null},'name':null,'enabled':null,"
            "'metadata':{'b':2},'color':'#ff0000'}}");
    c = clip_at(f, 1);
    CHECK_PARAM(f, 1, video, "opacity", "-");
    CHECK_PARAM(f, 1, transform, "scale", "-");
    CHECK_PARAM(f, 1, transform, "rotation", "10");
    CHECK(!*c.name && c.enabled && c.color[0] == 1 && c.color[3] == 1);
    CHECK_TEXT(c.metadata, "{\"a\":1,\"b\":2}");
    STEP(f, "{'op':'set_clip','clips':[1,2],'set':{'transform':null,'effects':[{'effect':'vignette'}],'metadata':null,"
            "'blend_mode':'screen','fade_out':'5f','audio':false}}");
    CHECK_PARAM(f, 1, transform, "rotation", "-");
    CHECK_EFFECTS(f, 1, "vignette |");
    CHECK_EFFECTS(f, 2, "vignette |");
    CHECK(!*clip_at(f, 1).metadata && !clip_at(f, 2).audio);
    CHECK_PARAM(f, 2, sound, "fade_out", "0.2");
    CHECK_PARAM(f, 1, sound, "gain", "-6");
    STEP(f, "{'op':'set_clip','clips':3,'set':{'params':{'size':80}}}");
    CHECK_PARAM(f, 3, generator, "text", "Hi");
    CHECK_PARAM(f, 3, generator, "size", "80");
    STEP(f, "{'op':'set_clip','clips':4,'set':{'gain':{'keys':[{'t':0,'v':0},{'t':1,'v':-6}]}}}");
    CHECK_PARAM(f, 4, sound, "gain", "0:0 25:-6");
    CHECK_PARAM(f, 4, sound, "fade_in", "1");
    kf_film_destroy(f);
}

TEST(refuses_what_makes_no_sense)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'opacty':1}}", "did you mean \"opacity\"");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'opacity':2}}", "set.opacity: 2 is out of range");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'duration':2}}", "use trim");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'speed':2}}", "use rate_stretch");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'id':2}}", "stays");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'in':2}}", "use slip or trim");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'params':{'size':2}}}", "belong to a generator");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':{'angle':2}}", "no multicam sequence");
    REFUSES(f, "{'op':'set_clip','clips':4,'set':{'opacity':0.5}}", "no picture");
    REFUSES(f, "{'op':'set_clip','clips':4,'set':{'transform':{'scale':2}}}", "no picture");
    REFUSES(f, "{'op':'set_clip','clips':4,'set':{'effects':[{'effect':'blur'}]}}", "no picture");
    REFUSES(f, "{'op':'set_clip','clips':[1,5],'set':{'gain':0}}", "A2 is locked");
    REFUSES(f, "{'op':'set_clip','clips':[1,99],'set':{'gain':0}}", "no clip 99");
    REFUSES(f, "{'op':'set_clip','clips':1,'set':[]}", "an object");
    kf_film_destroy(f);
}

TEST(still_loop_and_remap)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2,\"speed\":2,\"reverse\":true},"
                           "{\"id\":2,\"asset\":\"b\",\"freeze\":9,\"duration\":2}]}");
    REQUIRE(f);
    STEP(f, "{'op':'set_clip','clips':1,'set':{'freeze':3}}");
    CHECK(clip_at(f, 1).frozen && clip_at(f, 1).freeze == 3 * KF_SECOND);
    kf_str text = {0};
    kf_film *again = NULL;
    REQUIRE(kf_film_write_json(kf_film_snapshot(f), &text, &edit_error) == KF_OK);
    CHECK_MSG(load_text(text.data, &again, &edit_error) == KF_OK, "%s", edit_error.message);
    kf_film_destroy(again);
    kf_str_finish(&text);
    STEP(f, "{'op':'set_clip','clips':1,'set':{'freeze':null}}");
    CHECK_TRACK(f, 0, "a<*2/1@25+50 b!@225+50");
    REFUSES(f, "{'op':'set_clip','clips':2,'set':{'freeze':null}}",
            "the source of b.mp4 (clip 2) ends 25 frames too early for that: it is 10.000 s long");
    STEP(f, "{'op':'set_clip','clips':2,'set':{'freeze':null,'loop':true,'in':8,'out':9}}");
    kf_clip_view c = clip_at(f, 2);
    CHECK(c.loop && !c.frozen && c.source_in == 8 * KF_SECOND && c.source_out == 9 * KF_SECOND);
    CHECK(c.duration == 2 * KF_SECOND);
    STEP(f, "{'op':'set_clip','clips':1,'set':{'remap':[{'t':0,'source':1},{'t':2,'source':5}]}}");
    c = clip_at(f, 1);
    CHECK(c.remap_count == 2 && !c.reverse && c.duration == 2 * KF_SECOND);
    CHECK(kf_clip_source_time(&c, KF_SECOND, KF_TIME_NONE) == 3 * KF_SECOND);
    STEP(f, "{'op':'set_clip','clips':1,'set':{'name':'mapped'}}");
    c = clip_at(f, 1);
    CHECK(c.remap_count == 2 && kf_clip_source_time(&c, KF_SECOND, KF_TIME_NONE) == 3 * KF_SECOND);
    STEP(f, "{'op':'set_clip','clips':1,'set':{'remap':null}}");
    CHECK(clip_at(f, 1).remap_count == 0);
    kf_film_destroy(f);
}

/* A transition that an older film has longer than the handles stays as it is when only looks change. */
TEST(looks_leave_transitions_alone)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\"},{\"transition\":\"dissolve\",\"duration\":1},"
                           "{\"id\":2,\"asset\":\"b\"}]}");
    REQUIRE(f);
    STEP(f, "{'op':'set_clip','clips':[1,2],'set':{'opacity':0.5}}");
    CHECK_TRACK(f, 0, "a@0+250 ~25 b@0+250");
    kf_film_destroy(f);
}

TEST(pastes)
{
    kf_film *f = edit_film(CLIPS);
    REQUIRE(f);
    STEP(f, "{'op':'add_effect','clip':1,'effect':{'effect':'eq'}}");
    STEP(f, "{'op':'add_effect','clip':2,'effect':{'effect':'vignette'}}");
    STEP(f, "{'op':'paste_attributes','from':1,'clips':[2,1],'what':'opacity,effects'}");
    CHECK_PARAM(f, 2, video, "opacity", "0.5");
    CHECK_PARAM(f, 2, transform, "scale", "-");
    CHECK_EFFECTS(f, 2, "blur |");
    STEP(f, "{'op':'paste_attributes','from':1,'clips':[2,4]}");
    CHECK_EFFECTS(f, 2, "blur | eq");
    CHECK_EFFECTS(f, 4, "| eq");
    CHECK_PARAM(f, 2, transform, "scale", "2,2");
    CHECK_PARAM(f, 4, sound, "gain", "-6");
    CHECK_PARAM(f, 4, sound, "fade_in", "-");
    CHECK_PARAM(f, 4, transform, "scale", "-");
    CHECK(clip_at(f, 2).markers.count == 0 && !*clip_at(f, 2).label);
    STEP(f, "{'op':'paste_attributes','from':4,'clips':[1]}"); /* sound has no picture to give */
    CHECK_PARAM(f, 1, transform, "scale", "2,2");
    STEP(f, "{'op':'delete','clips':3}");
    STEP(f, "{'op':'rate_stretch','clip':2,'speed':-2}");
    CHECK_TRACK(f, 0, "a@25+50 ~25 b<*2/1@25+25");
    STEP(f, "{'op':'paste_attributes','from':1,'clips':[2],'what':'speed'}");
    CHECK(!clip_at(f, 2).reverse && clip_at(f, 2).duration == 2 * KF_SECOND);
    REFUSES(f, "{'op':'paste_attributes','from':1,'clips':[2],'what':'scale'}", "no \"scale\"");
    REFUSES(f, "{'op':'paste_attributes','from':1,'clips':[2],'what':''}", "what is to be pasted");
    REFUSES(f, "{'op':'paste_attributes','from':77,'clips':[2]}", "no clip 77");
    REFUSES(f, "{'op':'paste_attributes','from':1,'clips':[5]}", "locked");
    kf_film_destroy(f);
}

int main(void)
{
    RUN(merges_keys);
    RUN(refuses_what_makes_no_sense);
    RUN(still_loop_and_remap);
    RUN(looks_leave_transitions_alone);
    RUN(pastes);
    return test_end();
}
