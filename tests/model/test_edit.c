/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edit operations on small films, in frames of 25 fps. */
#include "edit_util.h"

#define AB "{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}]}"
#define MUSIC ",{\"kind\":\"audio\",\"clips\":[{\"id\":9,\"asset\":\"s\",\"duration\":6}]}"

TEST(insert_moves_what_follows)
{
    kf_film *f = edit_film(AB MUSIC);
    REQUIRE(f);
    EDIT(f, "{'op':'insert','track':'V1','at':2,'asset':'a','in':5,'out':6}");
    CHECK_TRACK(f, 0, "a@25+50 a@125+25 b@25+50");
    CHECK_TRACK(f, 1, "s@0+50 -25 s@50+100");
    EDIT(f, "{'op':'insert','track':'V1','at':'10f','asset':'b','in':0,'duration':'5f','sync':false}");
    CHECK_TRACK(f, 0, "a@25+10 b@0+5 a@35+40 a@125+25 b@25+50");
    CHECK_TRACK(f, 1, "s@0+50 -25 s@50+100");
    EDIT(f, "{'op':'insert','track':'V1','at':20,'asset':'b','in':0,'duration':1}");
    CHECK_TRACK(f, 0, "a@25+10 b@0+5 a@35+40 a@125+25 b@25+50 -370 b@0+25");
    REQUIRE(kf_film_undo(f, NULL, &edit_error) == KF_OK && kf_film_undo(f, NULL, &edit_error) == KF_OK);
    CHECK_TRACK(f, 0, "a@25+50 a@125+25 b@25+50");
    REQUIRE(kf_film_redo(f, NULL, &edit_error) == KF_OK);
    CHECK_TRACK(f, 0, "a@25+10 b@0+5 a@35+40 a@125+25 b@25+50");
    REFUSED(f, "{'op':'insert','track':'V1','at':2,'asset':'a','in':5,'out':12}", "ends before");
    REFUSED(f, "{'op':'insert','track':'V9','at':2,'asset':'a'}", "there are: V1, A1");
    REFUSED(f, "{'op':'insert','track':'V1','at':2,'asset':'x'}", "no asset \"x\"");
    REFUSED(f, "{'op':'insert','track':'V1','at':2,'aset':'x'}", "did you mean \"asset\"");
    REFUSED(f, "{'op':'instert'}", "did you mean \"insert\"");
    kf_film_destroy(f);
}

TEST(three_and_four_points)
{
    kf_film *f = edit_film(AB);
    REQUIRE(f);
    EDIT(f, "{'op':'overwrite','at':1,'until':2,'asset':'b','in':4}");
    CHECK_TRACK(f, 0, "a@25+25 b@100+25 b@25+50");
    EDIT(f, "{'op':'overwrite','until':4,'asset':'a','in':6,'out':8}");
    CHECK_TRACK(f, 0, "a@25+25 b@100+25 a@150+50");
    EDIT(f, "{'op':'overwrite','at':0,'until':1,'asset':'b','out':3}");
    CHECK_TRACK(f, 0, "b@50+25 b@100+25 a@150+50");
    REFUSED(f, "{'op':'overwrite','at':0,'until':1,'asset':'b','in':1,'out':3}", "say with fit");
    EDIT(f, "{'op':'overwrite','at':0,'until':1,'asset':'b','in':1,'out':3,'fit':'speed'}");
    CHECK_TRACK(f, 0, "b*2/1@25+25 b@100+25 a@150+50");
    EDIT(f, "{'op':'overwrite','at':0,'until':1,'asset':'b','in':1,'out':3,'fit':'head'}");
    CHECK_TRACK(f, 0, "b@50+25 b@100+25 a@150+50");
    EDIT(f, "{'op':'append','asset':'b','out':'5f'}");
    CHECK_TRACK(f, 0, "b@50+25 b@100+25 a@150+50 b@0+5");
    kf_film_destroy(f);
}

TEST(lift_extract_and_delete)
{
    kf_film *f = edit_film(AB MUSIC);
    REQUIRE(f);
    EDIT(f, "{'op':'lift','from':1,'to':3,'tracks':'V1'}");
    CHECK_TRACK(f, 0, "a@25+25 -50 b@50+25");
    CHECK_TRACK(f, 1, "s@0+150");
    REFUSED(f, "{'op':'extract','from':1,'to':2,'tracks':'V1'}", "A1 cannot close up");
    EDIT(f, "{'op':'extract','from':1,'to':2}");
    CHECK_TRACK(f, 0, "a@25+25 -25 b@50+25");
    CHECK_TRACK(f, 1, "s@0+25 s@50+100");
    EDIT(f, "{'op':'delete','clips':1}");
    CHECK_TRACK(f, 0, "-50 b@50+25");
    REFUSED(f, "{'op':'ripple_delete','clips':[2]}", "cannot close up");
    EDIT(f, "{'op':'close_gap','track':'V1','at':0,'sync':false}");
    CHECK_TRACK(f, 0, "b@50+25");
    EDIT(f, "{'op':'delete','clips':[9]}");
    CHECK_TRACK(f, 1, "-25 s@50+100");
    kf_film_destroy(f);
}

TEST(razor_keeps_links)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"duration\":4,\"audio\":false}]},"
                           "{\"kind\":\"audio\",\"clips\":[{\"id\":2,\"link\":1,\"asset\":\"a\",\"duration\":4,\"fade_out\":1}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'razor','at':1}");
    CHECK_TRACK(f, 0, "a@0+25 a@25+75");
    CHECK_TRACK(f, 1, "a@0+25 a@25+75");
    REFUSED(f, "{'op':'razor','at':1}", "no clip to cut");
    /* the right halves are linked with each other, the left ones too */
    uint64_t right = clip_id(f, 0, 1);
    char op[100];
    snprintf(op, sizeof op, "{'op':'ripple_delete','clips':[%llu]}", (unsigned long long)right);
    EDIT(f, op);
    CHECK_TRACK(f, 0, "a@0+25");
    CHECK_TRACK(f, 1, "a@0+25");
    REQUIRE(kf_film_undo(f, NULL, &edit_error) == KF_OK);
    snprintf(op, sizeof op, "{'op':'join','clip':1}");
    EDIT(f, op);
    CHECK_TRACK(f, 0, "a@0+100");
    CHECK_TRACK(f, 1, "a@0+100");
    kf_film_destroy(f);
}

TEST(trims)
{
    kf_film *f = edit_film(AB MUSIC);
    REQUIRE(f);
    EDIT(f, "{'op':'trim','clip':1,'by':'-10f'}");
    CHECK_TRACK(f, 0, "a@25+40 -10 b@25+50");
    EDIT(f, "{'op':'trim','clip':2,'edge':'head','by':'-4f'}");
    CHECK_TRACK(f, 0, "a@25+40 -6 b@21+54");
    REFUSED(f, "{'op':'trim','clip':2,'edge':'head','by':'-7f'}", "only 6 frames of gap");
    EDIT(f, "{'op':'trim','clip':1,'by':'6f'}");
    CHECK_TRACK(f, 0, "a@25+46 b@21+54");
    EDIT(f, "{'op':'trim','clip':1,'to':1,'ripple':true,'sync':false}");
    CHECK_TRACK(f, 0, "a@25+25 b@21+54");
    EDIT(f, "{'op':'trim','clip':1,'edge':'head','by':'5f','ripple':true,'sync':false}");
    CHECK_TRACK(f, 0, "a@30+20 b@21+54");
    REFUSED(f, "{'op':'trim','clip':2,'edge':'head','by':'-30f','ripple':true,'sync':false}",
            "only 21 frames of handle left at the head of b.mp4");
    REFUSED(f, "{'op':'trim','clip':1,'by':'-20f'}", "at least one frame");
    EDIT(f, "{'op':'roll','clip':1,'by':'5f'}");
    CHECK_TRACK(f, 0, "a@30+25 b@26+49");
    EDIT(f, "{'op':'slip','clip':1,'by':'-5f'}");
    CHECK_TRACK(f, 0, "a@25+25 b@26+49");
    EDIT(f, "{'op':'slip','clip':1,'to':2}");
    CHECK_TRACK(f, 0, "a@50+25 b@26+49");
    kf_film_destroy(f);
}

TEST(slide_between_neighbours)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":2},{\"id\":2,\"asset\":\"b\",\"in\":3,\"duration\":1},"
                           "{\"id\":3,\"asset\":\"a\",\"in\":5,\"duration\":2}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'slide','clip':2,'by':'10f'}");
    CHECK_TRACK(f, 0, "a@0+60 b@75+25 a@135+40");
    EDIT(f, "{'op':'slide','clip':2,'by':'-20f'}");
    CHECK_TRACK(f, 0, "a@0+40 b@75+25 a@115+60");
    REFUSED(f, "{'op':'slide','clip':2,'by':'-40f'}", "at least one frame");
    EDIT(f, "{'op':'swap','clip':1,'with':3}");
    CHECK_TRACK(f, 0, "a@115+60 b@75+25 a@0+40");
    kf_film_destroy(f);
}

TEST(speed)
{
    kf_film *f = edit_film(AB);
    REQUIRE(f);
    EDIT(f, "{'op':'rate_stretch','clip':1,'speed':2}");
    CHECK_TRACK(f, 0, "a*2/1@25+25 -25 b@25+50");
    EDIT(f, "{'op':'rate_stretch','clip':1,'duration':2}");
    CHECK_TRACK(f, 0, "a@25+50 b@25+50");
    REFUSED(f, "{'op':'rate_stretch','clip':1,'duration':3}", "only 0 frames of gap after it");
    EDIT(f, "{'op':'rate_stretch','clip':1,'duration':3,'ripple':true}");
    CHECK_TRACK(f, 0, "a*2/3@25+75 b@25+50");
    EDIT(f, "{'op':'freeze_frame','clip':2,'at':'100f','duration':1}");
    CHECK_TRACK(f, 0, "a*2/3@25+75 b@25+25 b!@50+25 b@50+25");
    kf_film_destroy(f);
}

TEST(moves)
{
    kf_film *f = edit_film(AB ",{\"clips\":[]}");
    REQUIRE(f);
    EDIT(f, "{'op':'move','clips':[2],'to':0,'track':'V2'}");
    CHECK_TRACK(f, 0, "a@25+50");
    CHECK_TRACK(f, 1, "b@25+50");
    EDIT(f, "{'op':'move','clips':[2],'to':1,'track':'V1','copy':true}");
    CHECK_TRACK(f, 0, "a@25+25 b@25+50");
    CHECK_TRACK(f, 1, "b@25+50");
    CHECK(clip_id(f, 0, 1) != 2 && clip_id(f, 1, 0) == 2);
    EDIT(f, "{'op':'move','clips':[2],'to':'5f','track':'V1','mode':'insert'}");
    CHECK_TRACK(f, 0, "a@25+5 b@25+50 a@30+20 b@25+50");
    CHECK_TRACK(f, 1, "");
    REFUSED(f, "{'op':'move','clips':[2],'by':-1}", "before the sequence");
    REFUSED(f, "{'op':'move','clips':[77],'by':-1}", "no clip 77");
    kf_film_destroy(f);
}

/* Where clips are inserted there is room, whatever the track's sync lock. */
TEST(move_inserts_on_a_track_without_sync_lock)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":1}]},{\"sync_lock\":false,\"clips\":[{\"id\":2,"
                           "\"asset\":\"b\",\"duration\":2}]},{\"sync_lock\":false,\"clips\":[{\"id\":3,\"asset\":\"b\",\"duration\":2}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'move','clips':[1],'to':1,'track':'V2','mode':'insert'}");
    CHECK_TRACK(f, 0, "");
    CHECK_TRACK(f, 1, "b@0+25 a@0+25 b@25+25");
    CHECK_TRACK(f, 2, "b@0+50");
    kf_film_destroy(f);
}

static bool are_linked(const kf_film *film, int32_t track_a, int a, int32_t track_b, int b)
{
    kf_sequence_view s;
    kf_track_view track;
    kf_clip_view clip[2];
    kf_snapshot state = kf_film_snapshot(film);
    for (int i = 0; i < 2; i++) {
        kf_cursor c;
        int n = i ? b : a;
        if (!kf_sequence_at(state, 0, &s) || !kf_track_get(state, &s, i ? track_b : track_a, &track)) {
            return false;
        }
        kf_cursor_init(&c, state, &track);
        while (kf_cursor_next(&c) && (!kf_cursor_clip(&c, &clip[i]) || n-- > 0)) {
        }
    }
    return clip[0].link != KF_REF_NONE && clip[0].link == clip[1].link;
}

#define LINKED "{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"duration\":4,\"audio\":false,\"markers\":[{\"time\":1,\"id\":5}]}]}," \
               "{\"kind\":\"audio\",\"clips\":[{\"id\":2,\"link\":1,\"asset\":\"a\",\"duration\":4}]}"

/* A copy put in where the originals are: they are cut, and the right halves belong together, not to the copies. */
TEST(copies_and_cut_originals_are_linked_apart)
{
    kf_film *f = edit_film(LINKED);
    REQUIRE(f);
    EDIT(f, "{'op':'move','clips':[1],'by':1,'copy':true,'mode':'insert'}");
    CHECK_TRACK(f, 0, "a@0+25 a@0+100 a@25+75");
    CHECK_TRACK(f, 1, "a@0+25 a@0+100 a@25+75");
    for (int i = 0; i < 3; i++) {
        CHECK(are_linked(f, 0, i, 1, i) && !are_linked(f, 0, i, 1, (i + 1) % 3));
    }
    kf_film_destroy(f);
}

TEST(a_still_is_linked_with_nothing)
{
    kf_film *f = edit_film(LINKED);
    REQUIRE(f);
    EDIT(f, "{'op':'freeze_frame','clip':1,'at':1,'duration':1}");
    CHECK_TRACK(f, 0, "a@0+25 a!@25+25 a@25+75");
    CHECK_TRACK(f, 1, "a@0+25 -25 a@25+75");
    CHECK(are_linked(f, 0, 0, 1, 0) && are_linked(f, 0, 2, 1, 1) && !are_linked(f, 0, 1, 1, 1) && !are_linked(f, 0, 1, 1, 0));
    kf_film_destroy(f);
}

TEST(swaps_leave_what_is_linked_on_the_same_track_in_its_turn)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"duration\":1},{\"id\":2,\"link\":2,\"asset\":\"b\",\"duration\":4},"
                           "{\"id\":3,\"link\":1,\"asset\":\"a\",\"in\":2,\"duration\":2},{\"id\":4,\"asset\":\"s\",\"duration\":1},"
                           "{\"id\":5,\"link\":2,\"asset\":\"b\",\"in\":3,\"duration\":3}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'swap','clip':1,'with':5}");
    CHECK_TRACK(f, 0, "b@75+75 b@0+100 a@50+50 s@0+25 a@0+25");
    kf_film_destroy(f);
}

TEST(joins_of_linked_halves_on_one_track)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"duration\":1},{\"id\":2,\"link\":1,\"asset\":\"a\",\"in\":1,\"duration\":2}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'join','clip':1}");
    CHECK_TRACK(f, 0, "a@0+75");
    kf_film_destroy(f);
}

/* Sound goes as far as its picture, that of the clips between too, whether the other clip has sound or not. */
TEST(swaps_take_linked_sound_along)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"duration\":4},{\"id\":2,\"link\":2,\"asset\":\"b\",\"duration\":1},"
                           "{\"id\":3,\"asset\":\"s\",\"duration\":2}]},{\"kind\":\"audio\",\"clips\":[{\"id\":4,\"link\":1,\"asset\":\"a\",\"duration\":4},"
                           "{\"id\":5,\"link\":2,\"asset\":\"b\",\"duration\":1},{\"gap\":2},{\"id\":6,\"asset\":\"b\",\"duration\":1}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'trim','clip':3,'edge':'tail','by':1}");
    REFUSED(f, "{'op':'swap','clip':1,'with':3}", "has no room");
    EDIT(f, "{'op':'trim','clip':3,'edge':'tail','by':-1}");
    EDIT(f, "{'op':'swap','clip':1,'with':3}");
    CHECK_TRACK(f, 0, "s@0+50 b@0+25 a@0+100");
    CHECK_TRACK(f, 1, "-50 b@0+25 a@0+100 b@0+25");
    EDIT(f, "{'op':'swap','clip':1,'with':3,'linked':false}");
    CHECK_TRACK(f, 0, "a@0+100 b@0+25 s@0+50");
    CHECK_TRACK(f, 1, "-50 b@0+25 a@0+100 b@0+25");
    kf_film_destroy(f);
}

/* Either half keeps the markers, the right one as copies; what is written loads again. */
TEST(cut_markers_have_ids_of_their_own)
{
    kf_film *f = edit_film(LINKED), *again = NULL;
    kf_str text = {0};
    REQUIRE(f);
    EDIT(f, "{'op':'razor','at':2}");
    CHECK(kf_film_write_json(kf_film_snapshot(f), &text, &edit_error) == KF_OK);
    CHECK(strstr(text.data, "\"time\": 1") && strstr(text.data, "\"time\": -1"));
    CHECK_MSG(load_text(text.data, &again, &edit_error) == KF_OK, "%s", edit_error.message);
    kf_film_destroy(again);
    kf_film_destroy(f);
    kf_str_finish(&text);
    REFUSED(f = edit_film(LINKED), "{'op':'add_marker','set':{'time':-1}}", "must not be negative");
    kf_film_destroy(f);
}

/* A transition in the middle of its cut: of an odd number of flicks one more comes after it. */
TEST(transition_over_one_frame)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":2,\"duration\":2},{\"transition\":\"dissolve\",\"duration\":1},"
                           "{\"id\":2,\"asset\":\"b\",\"in\":2,\"duration\":2}]}");
    REQUIRE(f);
    EDIT(f, "{'op':'lift','from':\"51f\",'to':9}");
    CHECK_TRACK(f, 0, "a@50+50 ~2 b@50+1");
    kf_film_destroy(f);
}

int main(void)
{
    RUN(insert_moves_what_follows);
    RUN(three_and_four_points);
    RUN(lift_extract_and_delete);
    RUN(razor_keeps_links);
    RUN(trims);
    RUN(slide_between_neighbours);
    RUN(speed);
    RUN(moves);
    RUN(move_inserts_on_a_track_without_sync_lock);
    RUN(copies_and_cut_originals_are_linked_apart);
    RUN(a_still_is_linked_with_nothing);
    RUN(swaps_leave_what_is_linked_on_the_same_track_in_its_turn);
    RUN(joins_of_linked_halves_on_one_track);
    RUN(swaps_take_linked_sound_along);
    RUN(cut_markers_have_ids_of_their_own);
    RUN(transition_over_one_frame);
    return test_end();
}
