/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links, groups and effects. */
#include "change_util.h"

#define CLIPS \
    "{\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":2},{\"id\":2,\"asset\":\"b\",\"duration\":2}]}," \
    "{\"kind\":\"audio\",\"clips\":[{\"id\":3,\"asset\":\"s\",\"duration\":2},{\"id\":4,\"asset\":\"s\",\"duration\":2}]}"
#define LOCKED ",{\"kind\":\"audio\",\"lock\":true,\"clips\":[{\"id\":5,\"asset\":\"s\",\"duration\":2}]}"

/* Ids of the clips that one is linked (or grouped) with: "1 3". */
static const char *links_text(kf_film *film, uint64_t id, kf_link_kind which)
{
    static char text[100];
    kf_clip_view clip = clip_at(film, id);
    kf_links links = kf_clip_links(kf_film_snapshot(film), &clip, which);
    text[0] = '\0';
    for (int32_t i = 0; i < links.count; i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%llu", i ? " " : "", (unsigned long long)links.ids[i]);
    }
    return text;
}

TEST(links_and_groups)
{
    kf_film *f = edit_film(CLIPS LOCKED);
    REQUIRE(f);
    STEP(f, "{'op':'link','clips':[3,1]}");
    CHECK_TEXT(links_text(f, 1, KF_LINK), "1 3");
    CHECK_TEXT(links_text(f, 3, KF_LINK), "1 3");
    STEP(f, "{'op':'link','clips':[2,4]}");
    STEP(f, "{'op':'link','clips':[1,4]}"); /* with their partners */
    CHECK_TEXT(links_text(f, 2, KF_LINK), "1 2 3 4");
    kf_ref root = kf_film_snapshot(f).root;
    STEP(f, "{'op':'link','clips':[1,2]}");
    CHECK(kf_film_snapshot(f).root == root);
    STEP(f, "{'op':'unlink','clips':[2]}");
    CHECK_TEXT(links_text(f, 1, KF_LINK), "");
    CHECK_TEXT(links_text(f, 4, KF_LINK), "");
    STEP(f, "{'op':'group','clips':[1,2]}");
    CHECK_TEXT(links_text(f, 2, KF_GROUP), "1 2");
    CHECK_TEXT(links_text(f, 2, KF_LINK), "");
    CHECK_TRACK(f, 0, "a@0+50 b@0+50");
    REFUSES(f, "{'op':'unlink','clips':[1]}", "none of these clips is linked");
    REFUSES(f, "{'op':'ungroup','clips':[3]}", "in a group");
    REFUSES(f, "{'op':'link','clips':[1,1]}", "at least two");
    REFUSES(f, "{'op':'link','clips':[]}", "is empty");
    REFUSES(f, "{'op':'link','clips':[1,77]}", "no clip 77");
    REFUSES(f, "{'op':'link','clips':[1,5]}", "A2 is locked");
    STEP(f, "{'op':'ungroup','clips':[1]}");
    CHECK_TEXT(links_text(f, 2, KF_GROUP), "");
    kf_film_destroy(f);
}

TEST(effects_of_clips)
{
    kf_film *f = edit_film(CLIPS LOCKED);
    REQUIRE(f);
    STEP(f, "{'op':'add_effect','clip':1,'effect':{'effect':'blur','radius':8}}");
    STEP(f, "{'op':'add_effect','clip':1,'effect':{'effect':'compressor'}}");
    STEP(f, "{'op':'add_effect','clip':1,'effect':{'effect':'vignette'},'index':0}");
    CHECK_EFFECTS(f, 1, "vignette blur | compressor");
    STEP(f, "{'op':'set_effect','clip':1,'index':1,'set':{'radius':3,'enabled':false,'name':'soft'}}");
    kf_params blur;
    REQUIRE(kf_effect_at(kf_film_snapshot(f), clip_at(f, 1).effects, 1, &blur));
    CHECK_TEXT(param_text(&blur, "radius"), "3");
    CHECK(!blur.enabled && strcmp(blur.name, "soft") == 0);
    STEP(f, "{'op':'set_effect','clip':1,'index':1,'set':{'radius':null}}");
    REQUIRE(kf_effect_at(kf_film_snapshot(f), clip_at(f, 1).effects, 1, &blur));
    CHECK_TEXT(param_text(&blur, "radius"), "-");
    CHECK(!blur.enabled && strcmp(blur.name, "soft") == 0);
    STEP(f, "{'op':'move_effect','clip':1,'index':1,'to':0}");
    CHECK_EFFECTS(f, 1, "blur vignette | compressor");
    REFUSES(f, "{'op':'move_effect','clip':1,'index':1,'to':2}", "first audio effect is at 2");
    REFUSES(f, "{'op':'remove_effect','clip':1,'index':3}", "a.mp4 (clip 1) has 3 effects, none at 3");
    STEP(f, "{'op':'remove_effect','clip':1,'index':2}");
    STEP(f, "{'op':'remove_effect','clip':1,'index':0}");
    CHECK_EFFECTS(f, 1, "vignette |");
    CHECK_TRACK(f, 0, "a@0+50 b@0+50");
    REFUSES(f, "{'op':'add_effect','clip':1,'effect':{'effect':'blurr'}}", "did you mean \"blur\"");
    REFUSES(f, "{'op':'add_effect','clip':1,'effect':{'effect':'blur','radius':-1}}", "out of range");
    REFUSES(f, "{'op':'add_effect','clip':1,'effect':{'effect':'blur'},'index':2}", "no place 2");
    REFUSES(f, "{'op':'add_effect','clip':3,'effect':{'effect':'blur'}}", "no picture");
    REFUSES(f, "{'op':'add_effect','clip':5,'effect':{'effect':'compressor'}}", "A2 is locked");
    REFUSES(f, "{'op':'add_effect','clip':1,'effect':{'effect':'loudness_normalize'}}", "sequence's audio_effects");
    REFUSES(f, "{'op':'set_effect','clip':1,'set':{'effect':'blur'}}", "cannot become another");
    REFUSES(f, "{'op':'set_effect','clip':1}", "needs \"set\"");
    kf_film_destroy(f);
}

TEST(effects_of_tracks_and_all_sound)
{
    kf_film *f = edit_film(CLIPS LOCKED);
    kf_sequence_view sequence;
    REQUIRE(f);
    STEP(f, "{'op':'add_effect','track':'V1','effect':{'effect':'blur'}}");
    STEP(f, "{'op':'add_effect','track':'V1','effect':{'effect':'eq'}}");
    CHECK_TEXT(effects_text(f, track_at(f, 0).effects, track_at(f, 0).audio_effects), "blur | eq");
    STEP(f, "{'op':'remove_effect','track':'V1','index':0}");
    CHECK_TEXT(effects_text(f, track_at(f, 0).effects, track_at(f, 0).audio_effects), "| eq");
    STEP(f, "{'op':'add_effect','effect':{'effect':'loudness_normalize'}}");
    STEP(f, "{'op':'add_effect','effect':{'effect':'compressor'},'index':0}");
    REQUIRE(kf_sequence_at(kf_film_snapshot(f), 0, &sequence));
    CHECK_TEXT(effects_text(f, (kf_effects){0}, sequence.audio_effects), "| compressor loudness_normalize");
    CHECK(sequence.track_count == 3 && sequence.clip_count == 5);
    CHECK_TRACK(f, 1, "s@0+50 s@0+50");
    REFUSES(f, "{'op':'add_effect','effect':{'effect':'blur'}}", "the sequence has no picture");
    REFUSES(f, "{'op':'add_effect','track':'A2','effect':{'effect':'eq'}}", "locked");
    REFUSES(f, "{'op':'add_effect','track':'A1','clip':1,'effect':{'effect':'eq'}}", "one of clip and track");
    REFUSES(f, "{'op':'add_effect','track':'A1','effect':{'effect':'duck','sidechain':'Voice'}}", "no track called");
    kf_film_destroy(f);
}

int main(void)
{
    RUN(links_and_groups);
    RUN(effects_of_clips);
    RUN(effects_of_tracks_and_all_sound);
    return test_end();
}
