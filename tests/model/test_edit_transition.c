/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transitions, in frames of 25 fps. Assets a and b have 250 frames. */
#include "change_util.h"

/* a shows frames 25 to 75, b 7 to 57: heads of 25 and 7 frames, tails of 175 and 193. */
#define CUT \
    "{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},{\"id\":2,\"asset\":\"b\",\"in\":\"7f\",\"duration\":2}]}"
/* All of a, then all of b: no handles. */
#define WHOLE "{\"clips\":[{\"id\":1,\"asset\":\"a\"},{\"id\":2,\"asset\":\"b\"}]}"

static bool transition_at(kf_film *film, int n, kf_transition_view *out)
{
    kf_cursor c;
    kf_track_view track = track_at(film, 0);
    kf_cursor_init(&c, kf_film_snapshot(film), &track);
    while (kf_cursor_next(&c)) {
        if (kf_cursor_transition(&c, out) && n-- == 0) {
            return true;
        }
    }
    return false;
}

/* Where a transition lies: "44+12" from frame 44 for 12. */
static const char *place_text(kf_film *film, int n)
{
    static kf_str s;
    kf_transition_view t;
    if (!transition_at(film, n, &t)) {
        return "none";
    }
    s.length = 0;
    frames(&s, t.start);
    kf_str_add(&s, "+");
    frames(&s, t.duration);
    return s.data;
}

TEST(at_a_cut)
{
    kf_film *f = edit_film(CUT);
    kf_transition_view t;
    REQUIRE(f);
    STEP(f, "{'op':'add_transition','clip':1,'duration':'12f'}");
    CHECK_TRACK(f, 0, "a@25+50 ~12 b@7+50");
    CHECK_TEXT(place_text(f, 0), "44+12");
    STEP(f, "{'op':'add_transition','clip':2,'edge':'head','duration':'10f','transition':'wipe','params':{'angle':90}}");
    CHECK_TRACK(f, 0, "a@25+50 ~10 b@7+50");
    REQUIRE(transition_at(f, 0, &t));
    CHECK_TEXT(t.params.kind->name, "wipe");
    CHECK_TEXT(param_text(&t.params, "angle"), "90");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'16f','align':'center'}",
            "only 7 frames of handle left at the head of b.mp4");
    STEP(f, "{'op':'add_transition','clip':1,'duration':'16f'}"); /* auto: b's head is too short, a's tail is not */
    CHECK_TEXT(place_text(f, 0), "50+16");
    STEP(f, "{'op':'add_transition','track':'V1','at':2,'duration':'6f','align':'end'}");
    CHECK_TEXT(place_text(f, 0), "44+6");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'51f'}", "only 7 frames of handle left at the head of b.mp4");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'51f','align':'start'}",
            "only 50 frames of b.mp4 (clip 2) lie free after the cut at 00:00:02:00");
    REFUSES(f, "{'op':'add_transition','track':'V1','at':1}", "no cut at 00:00:01:00 on V1");
    REFUSES(f, "{'op':'add_transition','track':'V1'}", "where?");
    REFUSES(f, "{'op':'add_transition','clip':1,'transition':'disolve'}", "did you mean \"dissolve\"");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':0}", "longer than 0");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'2f','params':{'angle':1}}", "no such parameter");
    kf_film_destroy(f);
}

TEST(without_handles)
{
    kf_film *f = edit_film(WHOLE);
    REQUIRE(f);
    REFUSES(f, "{'op':'add_transition','clip':1}", "only 0 frames of handle left at the head of b.mp4");
    REFUSES(f, "{'op':'add_transition','clip':1,'align':'start'}", "only 0 frames of handle left at the tail of a.mp4");
    STEP(f, "{'op':'add_transition','clip':1,'edge':'head'}");
    CHECK_TRACK(f, 0, "~25 a@0+250 b@0+250");
    CHECK_TEXT(place_text(f, 0), "0+25");
    STEP(f, "{'op':'add_transition','clip':2,'duration':2}");
    CHECK_TRACK(f, 0, "~25 a@0+250 b@0+250 ~50");
    CHECK_TEXT(place_text(f, 1), "450+50");
    REFUSES(f, "{'op':'add_transition','track':'V1','at':0,'align':'end'}", "only 0 frames of the track");
    REFUSES(f, "{'op':'add_transition','track':'V1','at':'251f'}", "no cut");
    kf_film_destroy(f);
}

TEST(two_on_a_short_clip)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":2,\"duration\":2},"
                           "{\"id\":2,\"asset\":\"b\",\"in\":2,\"duration\":\"10f\"},"
                           "{\"id\":3,\"asset\":\"a\",\"in\":2,\"duration\":2},{\"gap\":1},{\"gap\":1},"
                           "{\"id\":4,\"asset\":\"b\",\"duration\":2}]}");
    REQUIRE(f);
    STEP(f, "{'op':'add_transition','clip':1,'duration':'12f'}");
    REFUSES(f, "{'op':'add_transition','clip':2,'duration':'10f','align':'center'}",
            "only 4 frames of b.mp4 (clip 2) lie free before");
    STEP(f, "{'op':'add_transition','clip':2,'duration':'8f','align':'center'}");
    CHECK_TRACK(f, 0, "a@50+50 ~12 b@50+10 ~8 a@50+50 -50 b@0+50");
    STEP(f, "{'op':'add_transition','clip':3,'duration':'10f'}");
    CHECK_TEXT(place_text(f, 2), "100+10");
    STEP(f, "{'op':'add_transition','clip':4,'edge':'head','duration':'10f','align':'center'}");
    CHECK_TEXT(place_text(f, 3), "155+10");
    REFUSES(f, "{'op':'add_transition','track':'V1','at':'140f'}", "no cut");
    kf_film_destroy(f);
}

TEST(changing_and_removing)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},"
                           "{\"id\":5,\"transition\":\"wipe\",\"duration\":\"10f\",\"angle\":90,\"name\":\"first\"},"
                           "{\"id\":2,\"asset\":\"b\",\"in\":\"7f\",\"duration\":2}]}");
    kf_transition_view t;
    REQUIRE(f);
    STEP(f, "{'op':'set_transition','transition':5,'set':{'duration':'14f','feather':0.5,'metadata':{'x':1}}}");
    REQUIRE(transition_at(f, 0, &t));
    CHECK(t.id == 5 && strcmp(t.name, "first") == 0 && strcmp(t.metadata, "{\"x\":1}") == 0);
    CHECK_TEXT(param_text(&t.params, "angle"), "90");
    CHECK_TEXT(param_text(&t.params, "feather"), "0.5");
    CHECK_TEXT(place_text(f, 0), "43+14");
    STEP(f, "{'op':'set_transition','transition':5,'set':{'align':'start','duration':'20f','name':null}}");
    CHECK_TEXT(place_text(f, 0), "50+20");
    STEP(f, "{'op':'set_transition','transition':5,'set':{'transition':'dissolve'}}");
    REQUIRE(transition_at(f, 0, &t));
    CHECK(t.id == 5 && strcmp(t.params.kind->name, "dissolve") == 0 && !*t.name);
    CHECK_TEXT(place_text(f, 0), "50+20");
    REFUSES(f, "{'op':'set_transition','transition':5,'set':{'align':'center'}}", "only 7 frames of handle left at the head");
    REFUSES(f, "{'op':'set_transition','transition':5,'set':{'duration':null}}", "not null");
    REFUSES(f, "{'op':'set_transition','transition':5,'set':{'angle':1}}", "no such parameter");
    REFUSES(f, "{'op':'set_transition','transition':5,'set':{'id':1}}", "stays");
    REFUSES(f, "{'op':'set_transition','transition':5,'set':7}", "an object");
    REFUSES(f, "{'op':'set_transition','transition':1,'set':{}}", "no transition 1");
    REFUSES(f, "{'op':'remove_transition','transition':9}", "no transition 9");
    STEP(f, "{'op':'remove_transition','transition':5}");
    CHECK_TRACK(f, 0, "a@25+50 b@7+50");
    kf_film_destroy(f);
}

TEST(before_the_cut)
{
    kf_film *f = edit_film(CUT);
    REQUIRE(f);
    STEP(f, "{'op':'add_transition','clip':1,'duration':'16f','before':'4f'}");
    CHECK_TEXT(place_text(f, 0), "46+16");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'16f','before':'17f'}",
            "17 frames before the cut: a transition of 16 frames");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'16f','before':'-1f'}", "from 0 to all of it");
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'16f','before':'8f'}",
            "only 7 frames of handle left at the head of b.mp4");
    REFUSES(f, "{'op':'add_transition','clip':1,'before':'4f','align':'end'}", "either align or before");
    STEP(f, "{'op':'add_transition','clip':1,'duration':'12f','before':'3f','transition':'wipe'}");
    kf_transition_view t;
    REQUIRE(transition_at(f, 0, &t));
    char set[120];
    snprintf(set, sizeof set, "{'op':'set_transition','transition':%d,'set':{'duration':'8f'}}", (int)t.id);
    STEP(f, set); /* 3 of 12 are 2 of 8 */
    CHECK_TEXT(place_text(f, 0), "48+8");
    snprintf(set, sizeof set, "{'op':'set_transition','transition':%d,'set':{'duration':'10f'}}", (int)t.id);
    STEP(f, set); /* 2.5 frames are 2 */
    CHECK_TEXT(place_text(f, 0), "48+10");
    snprintf(set, sizeof set, "{'op':'set_transition','transition':%d,'set':{'before':'6f'}}", (int)t.id);
    STEP(f, set);
    CHECK_TEXT(place_text(f, 0), "44+10");
    snprintf(set, sizeof set, "{'op':'set_transition','transition':%d,'set':{'before':null}}", (int)t.id);
    STEP(f, set);
    CHECK_TEXT(place_text(f, 0), "45+10");
    snprintf(set, sizeof set, "{'op':'set_transition','transition':%d,'set':{'before':'11f'}}", (int)t.id);
    REFUSES(f, set, "11 frames before the cut");
    kf_film_destroy(f);
}

/* 3 frames before the cut and 9 after it. */
TEST(shortened_in_proportion)
{
    kf_film *f = edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},"
                           "{\"transition\":\"dissolve\",\"duration\":\"12f\",\"before\":\"3f\"},"
                           "{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}]}");
    REQUIRE(f);
    STEP(f, "{'op':'trim','clip':2,'edge':'tail','by':'-41f'}"); /* 9 frames of b stay */
    CHECK_TEXT(place_text(f, 0), "47+12");
    STEP(f, "{'op':'trim','clip':2,'edge':'tail','by':'-3f'}"); /* 2 and 6 of 8 */
    CHECK_TEXT(place_text(f, 0), "48+8");
    STEP(f, "{'op':'trim','clip':2,'edge':'tail','by':'-1f'}"); /* 1.67 and 5 of 6.67 */
    CHECK_TEXT(place_text(f, 0), "49+6");
    STEP(f, "{'op':'trim','clip':2,'edge':'tail','by':'-4f'}"); /* 0.2 and 1 of 1.2 */
    CHECK_TEXT(place_text(f, 0), "50+1");
    kf_film_destroy(f);
}

TEST(locked)
{
    kf_film *f = edit_film("{\"lock\":true,\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},"
                           "{\"id\":5,\"transition\":\"dissolve\",\"duration\":\"10f\"},"
                           "{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}]}");
    REQUIRE(f);
    REFUSES(f, "{'op':'add_transition','clip':1,'duration':'10f'}", "V1 is locked");
    REFUSES(f, "{'op':'set_transition','transition':5,'set':{}}", "V1 is locked");
    REFUSES(f, "{'op':'remove_transition','transition':5}", "V1 is locked");
    kf_film_destroy(f);
}

int main(void)
{
    RUN(at_a_cut);
    RUN(without_handles);
    RUN(two_on_a_short_clip);
    RUN(changing_and_removing);
    RUN(before_the_cut);
    RUN(shortened_in_proportion);
    RUN(locked);
    return test_end();
}
