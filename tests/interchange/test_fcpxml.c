/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kit.h"

static const kf_rational any = {0, 0};

static void check_loaded(const kit *k)
{
    CHECK_MSG(k->film, "%s", k->err.message);
}

/* ---- The sample: 30 fps; each figure is (seconds of the file) * 30 ---- */

TEST(reads_the_sample)
{
    kit k;
    if (!kit_sample("fcpx_example.fcpxml", any, &k)) SKIP("no shared samples");
    check_loaded(&k);
    kf_sequence_view s = kit_sequence(&k, -1);
    CHECK_STR(s.name, "OpenTimeline_Project");
    CHECK_INT(s.rate.num, 30);
    CHECK_INT(s.width, 1920);
    CHECK_INT(s.track_count, 4);
    CHECK_TRACK(&k, -1, 0, "IMG_0715 0+300 in 0; <dissolve 285+30>; {compound_clip_1} 2400+900 in 109; "
                           "IMG_0233 3300+300 in 0; IMG_0687 3600+300 in 376; IMG_0268 3900+300 in 232; "
                           "{compound_clip_1} 4200+300 in 57");
    /* A storyline: its first transition is a fade in, its second lies over the cut at 9.5 s. */
    CHECK_TRACK(&k, -1, 1, "IMG_0513 600+300 in 0; <dissolve 1500+30>; IMG_0268 1500+285 in 0; <dissolve 1770+30>; "
                           "IMG_0740 1785+285 in 15");
    CHECK_TRACK(&k, -1, 2, "IMG_0857 1937+300 in 0");
    CHECK_TRACK(&k, -1, 3, "IMG_0715 0+300 in 0; IMG_0513 629++300 in 0; IMG_0687 1200+300 in 107+; "
                           "IMG_0233 3450+150 in 172+; IMG_0687 3600+300 in 376; {compound_clip_1} 4200++300 in 0");
    CHECK(kit_reported(&k, KF_LOSS_METADATA, "its role \"dialogue\" is kept"));
    kit_finish(&k);
}

/* ---- Round trips: what a film becomes when it is written and read again ---- */

static kf_str film_text(const kit *k)
{
    kf_str out = {0};
    if (k->film) kf_film_write_json(kf_film_snapshot(k->film), &out, NULL);
    if (!out.data) kf_str_add(&out, "(no film)");
    return out;
}

static void check_trip(const kit *k, size_t losses)
{
    kit_trip trip = kit_round(k, "fcpxml", any);
    CHECK_MSG(trip.back.film, "%s %s", trip.err.message, trip.back.err.message);
    kf_str before = film_text(k), after = film_text(&trip.back);
    CHECK_INT(trip.report.count, losses);
    CHECK_STR(after.data, before.data);
    kf_str_finish(&before);
    kf_str_finish(&after);
    kit_trip_finish(&trip);
}

TEST(the_sample_comes_back_whole)
{
    kit k;
    if (!kit_sample("fcpx_example.fcpxml", any, &k)) SKIP("no shared samples");
    check_trip(&k, 0);
    kit_finish(&k);
}

int main(void)
{
    RUN(reads_the_sample);
    RUN(the_sample_comes_back_whole);
    return test_end();
}
