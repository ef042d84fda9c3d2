/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nesting, in frames of 25 fps. */
#include "whole_util.h"

#define CHECK_NESTED(film, id, index, expected) \
    do { \
        const char *found_ = track_text_of(film, kf_sequence_find(kf_film_snapshot(film), id), index); \
        CHECK_MSG(strcmp(found_, expected) == 0, "track %d of %s is %s, not %s", index, id, found_, expected); \
    } while (0)

TEST(nests_clips)
{
    /* V1: a [0,50) ~10 b [50,100) b2 [100,125); V2: gap, a [60,85); A1: a linked to V1's first */
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},{\"transition\":\"dissolve\","
                           "\"duration\":\"10f\"},{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2},"
                           "{\"id\":3,\"asset\":\"b\",\"in\":4,\"duration\":1}]},"
                           "{\"clips\":[{\"id\":4,\"start\":\"60f\",\"asset\":\"a\",\"duration\":1}]},"
                           "{\"kind\":\"audio\",\"clips\":[{\"id\":5,\"link\":1,\"asset\":\"s\",\"duration\":2}]}");
    kf_sequence_view v;
    kf_clip_view clip;
    REQUIRE(f);
    LEFT_ALONE(f, "{'op':'nest','clips':[1,3]}", "b.mp4 (clip 2) lies among them on track V1");
    LEFT_ALONE(f, "{'op':'nest','clips':[1],'id':'main'}", "another sequence \"main\"");
    LEFT_ALONE(f, "{'op':'nest','clips':[77]}", "no clip 77");
    EDIT(f, "{'op':'set_track','track':'A1','set':{'lock':true}}");
    LEFT_ALONE(f, "{'op':'nest','clips':[1]}", "A1 is locked");
    EDIT(f, "{'op':'set_track','track':'A1','set':{'lock':false}}");
    EDIT(f, "{'op':'nest','clips':[2,1,4],'name':'Bees'}");
    CHECK_TRACK(f, 0, "?@0+100 b@100+25");
    CHECK_TRACK(f, 1, "");
    CHECK_TRACK(f, 2, "");
    REQUIRE(sequence_of(f, "nest", &v) && clip_of(f, 0, &clip));
    CHECK(v.track_count == 3 && v.duration == 4 * KF_SECOND && v.clip_count == 4 && v.rate.num == 25 && v.width == 640);
    CHECK_STR(v.name, "Bees");
    CHECK(clip.source == KF_SOURCE_SEQUENCE && clip.source_uid == v.uid && clip.audio && clip.enabled);
    CHECK_NESTED(f, "nest", 0, "a@25+50 ~10 b@25+50");
    CHECK_NESTED(f, "nest", 1, "-60 a@0+25");
    CHECK_NESTED(f, "nest", 2, "s@0+50");
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(nests_between_clips_that_stay)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},{\"transition\":\"dissolve\","
                           "\"duration\":\"10f\"},{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2},{\"transition\":\"dissolve\","
                           "\"duration\":\"10f\"},{\"id\":3,\"asset\":\"a\",\"in\":4,\"duration\":1}]}");
    REQUIRE(f);
    /* the new clip has no handles to dissolve with */
    EDIT(f, "{'op':'nest','clips':[2],'id':'x'}");
    CHECK_TRACK(f, 0, "a@25+50 ?@0+50 a@100+25");
    CHECK_NESTED(f, "x", 0, "b@25+50");
    EDIT(f, "{'op':'nest','clips':[3],'id':'y'}");
    EDIT(f, "{'op':'nest','clips':[1],'id':'z'}");
    CHECK_TRACK(f, 0, "?@0+50 ?@0+50 ?@0+25");
    CHECK(loads(f));
    kf_film_destroy(f);
}

TEST(nests_sound_and_fades)
{
    kf_film *f = edit_film("{\"clips\":[]},{\"kind\":\"audio\",\"clips\":[{\"id\":1,\"start\":1,\"asset\":\"s\",\"duration\":2},"
                           "{\"id\":2,\"start\":4,\"asset\":\"a\",\"duration\":1},{\"transition\":\"dissolve\",\"duration\":\"5f\"}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'nest','clips':[1,2]}");
    CHECK_TRACK(f, 1, "-25 ?@0+100");
    CHECK_NESTED(f, "nest", 0, "s@0+50 -25 a@0+25 ~5");
    EDIT(f, "{'op':'overwrite','at':0,'track':'V1','asset':'b','out':1}");
    char op[100];
    snprintf(op, sizeof op, "{'op':'nest','clips':[%d]}", (int)clip_id(f, 1, 0));
    EDIT(f, op);
    CHECK_NESTED(f, "nest-2", 0, "?@0+100");
    CHECK(loads(f));
    kf_film_destroy(f);
}

/* As deep as sequences may be, and no deeper. */
TEST(nests_sixteen_levels)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":2}]}");
    char op[100];
    REQUIRE(f);
    for (int i = 1; i < KF_MODEL_MAX_NESTING; i++) {
        snprintf(op, sizeof op, "{'op':'nest','clips':[%d]}", (int)clip_id(f, 0, 0));
        EDIT(f, op);
    }
    snprintf(op, sizeof op, "{'op':'nest','clips':[%d]}", (int)clip_id(f, 0, 0));
    LEFT_ALONE(f, op, "deeper than 16 levels");
    CHECK(loads(f));
    kf_film_destroy(f);
}

int main(void)
{
    RUN(nests_clips);
    RUN(nests_between_clips_that_stay);
    RUN(nests_sound_and_fades);
    RUN(nests_sixteen_levels);
    return test_end();
}
