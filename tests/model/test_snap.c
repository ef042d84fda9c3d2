/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Snapping, and new films. Times are in frames of 25 fps. */
#include "model/api/snap.h"

#include "whole_util.h"

#define F(n) ((kf_time)(n) * (KF_SECOND / 25))

static kf_film *snap_film(void)
{
    return edit_film("{\"clips\":[{\"id\":1,\"asset\":\"a\",\"in\":1,\"duration\":2},{\"id\":6,\"transition\":\"dissolve\",\"duration\":\"10f\"},"
                     "{\"id\":2,\"asset\":\"b\",\"in\":1,\"duration\":2}]},"
                     "{\"clips\":[{\"id\":3,\"start\":\"70f\",\"asset\":\"a\",\"duration\":1}]}");
}

/* "kind:id@frame", or "none". */
static const char *snapped(const kf_film *f, kf_snap_query q)
{
    static char text[60];
    kf_snap snap;
    if (!kf_snap_find(kf_film_snapshot(f), &q, &snap)) {
        return "none";
    }
    snprintf(text, sizeof text, "%d:%d@%g", snap.kind, (int)snap.id, (double)snap.time / F(1));
    return text;
}

static kf_snap_query at(double frame, int tolerance, unsigned what)
{
    return (kf_snap_query){.time = (kf_time)(frame * F(1)), .tolerance = F(tolerance), .what = what, .playhead = KF_TIME_NONE};
}

TEST(snaps_to_clips)
{
    kf_film *f = snap_film();
    REQUIRE(f);
    CHECK_STR(snapped(f, at(48, 5, KF_SNAP_CLIP)), "1:1@50");
    CHECK_STR(snapped(f, at(52, 2, KF_SNAP_ALL)), "1:2@50");
    CHECK_STR(snapped(f, at(52, 1, KF_SNAP_ALL)), "none");
    CHECK_STR(snapped(f, at(52, 2, KF_SNAP_CUT)), "2:6@50");
    CHECK_STR(snapped(f, at(66, 10, KF_SNAP_CLIP)), "1:3@70");
    CHECK_STR(snapped(f, at(93, 10, KF_SNAP_CLIP)), "1:3@95");
    CHECK_STR(snapped(f, at(99, 10, KF_SNAP_CLIP)), "1:2@100");
    CHECK_STR(snapped(f, at(140, 40, KF_SNAP_CLIP)), "1:2@100");
    CHECK_STR(snapped(f, at(140, 39, KF_SNAP_CLIP)), "none");
    CHECK_STR(snapped(f, at(-3, 5, KF_SNAP_CLIP)), "1:1@0");
    CHECK_STR(snapped(f, at(50, 0, KF_SNAP_CLIP)), "1:2@50");
    CHECK_STR(snapped(f, at(50, -1, KF_SNAP_ALL)), "none");
    kf_snap_query q = at(52, 30, KF_SNAP_ALL);
    uint64_t ids[] = {1, 2, 6};
    q.ignore = (kf_ids){ids, 3};
    CHECK_STR(snapped(f, q), "1:3@70");
    q.sequence = 7;
    CHECK_STR(snapped(f, q), "none");
    q = (kf_snap_query){.time = INT64_MIN, .tolerance = INT64_MAX, .what = KF_SNAP_ALL};
    CHECK_STR(snapped(f, q), "none");
    q.time = 0;
    CHECK_STR(snapped(f, q), "1:1@0");
    kf_film_destroy(f);
}

TEST(snaps_to_marks)
{
    kf_film *f = snap_film();
    REQUIRE(f);
    EDIT(f, "{'op':'add_marker','set':{'time':'20f','duration':'6f'}}");
    EDIT(f, "{'op':'add_marker','set':{'time':'30f'}}");
    EDIT(f, "{'op':'set_sequence','set':{'mark_in':'40f','mark_out':'60f'}}");
    kf_snap_query q = at(27.5, 3, KF_SNAP_MARKER);
    kf_snap snap;
    REQUIRE(kf_snap_find(kf_film_snapshot(f), &q, &snap));
    CHECK(snap.time == F(26) && snap.kind == KF_SNAP_MARKER && snap.id > 6 && snap.track == -1);
    q = at(28.5, 3, KF_SNAP_MARKER);
    CHECK(kf_snap_find(kf_film_snapshot(f), &q, &snap) && snap.time == F(30));
    q.ignore = (kf_ids){&snap.id, 1};
    CHECK(kf_snap_find(kf_film_snapshot(f), &q, &snap) && snap.time == F(26));
    CHECK_STR(snapped(f, at(42, 3, KF_SNAP_ALL)), "8:0@40");
    CHECK_STR(snapped(f, at(58, 3, KF_SNAP_ALL)), "8:0@60");
    CHECK_STR(snapped(f, at(42, 3, KF_SNAP_ALL & ~KF_SNAP_MARK)), "none");
    CHECK_STR(snapped(f, at(101, 3, KF_SNAP_SEQUENCE)), "32:0@100");
    CHECK_STR(snapped(f, at(1, 3, KF_SNAP_SEQUENCE)), "32:0@0");
    q = at(81, 3, KF_SNAP_PLAYHEAD);
    CHECK_STR(snapped(f, q), "none");
    q.playhead = F(80);
    CHECK_STR(snapped(f, q), "16:0@80");
    kf_film_destroy(f);
}

TEST(makes_new_films)
{
    kf_film *f = NULL;
    kf_sequence_view v;
    kf_project_view p;
    kf_film_new_params params = {.name = "A \"film\"", .preset = "720p50", .video_tracks = 2, .audio_tracks = 1};
    REQUIRE(kf_film_new(&params, NULL, &f, &edit_error) == KF_OK);
    REQUIRE(sequence_of(f, "main", &v) && kf_project_get(kf_film_snapshot(f), &p));
    CHECK_STR(p.name, "A \"film\"");
    CHECK(v.track_count == 3 && v.width == 1280 && v.rate.num == 50 && !v.auto_rate && p.sequence_count == 1);
    EDIT(f, "{'op':'add_asset','asset':'a','set':{'path':'a.mp4','media':{'video':true,'duration':4}}}");
    EDIT(f, "{'op':'append','asset':'a'}");
    CHECK_TRACK(f, 0, "a@0+100");
    CHECK(loads(f));
    kf_film_destroy(f);
    params = (kf_film_new_params){.sequence = "x"};
    REQUIRE(kf_film_new(&params, NULL, &f, &edit_error) == KF_OK);
    CHECK(sequence_of(f, "x", &v) && v.auto_size && v.track_count == 0);
    kf_film_destroy(f);
    params.preset = "721p50";
    CHECK(kf_film_new(&params, NULL, &f, &edit_error) == KF_ERR_NOT_FOUND && strstr(edit_error.message, "720p50"));
    params = (kf_film_new_params){.video_tracks = 1001};
    CHECK(kf_film_new(&params, NULL, &f, &edit_error) == KF_ERR_INVALID);
}

int main(void)
{
    RUN(snaps_to_clips);
    RUN(snaps_to_marks);
    RUN(makes_new_films);
    return test_end();
}
