/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drawn timeline without a window: where things are, what is under the pointer, which tracks are made anew. */
#include <gtk/gtk.h>

#include "hit.h"
#include "kerf/project.h"
#include "ops.h"
#include "ruler.h"
#include "test.h"
#include "tracks.h"

static const char FILM[] =
    "{\"kerf\": 1, \"assets\": {\"a\": {\"path\": \"a.mp4\", \"offline\": true, \"media\": {\"duration\": 100}}},"
    " \"sequences\": [{\"id\": \"main\", \"size\": [64, 36], \"rate\": 25, \"tracks\": ["
    "  {\"clips\": [{\"asset\": \"a\", \"duration\": 4}, {\"asset\": \"a\", \"in\": 4, \"duration\": 2}, {\"gap\": 3},"
    "    {\"asset\": \"a\", \"duration\": 1}]},"
    "  {\"clips\": [{\"gap\": 1}, {\"asset\": \"a\", \"duration\": 5}]},"
    "  {\"kind\": \"audio\", \"clips\": [{\"asset\": \"a\", \"duration\": 9}]}]}]}";

static double row_height(void *context, const kf_track_info *track)
{
    return track->audio ? 48 : 56;
}

typedef struct scene {
    kf_film_handle *film;
    kf_sequence_info info;
    kt_view view;
} scene;

/* 900 px wide, 100 px a second; 300 px high: video has (300 - 34 - 6) / 2 = 130 px from y 34 on, the split is at 164. */
static bool open_scene(scene *s)
{
    kf_error error;
    *s = (scene){0};
    if (kf_film_open_json(FILM, strlen(FILM), "film", NULL, &s->film, &error) != KF_OK) {
        printf("# %s\n", error.message);
        return false;
    }
    kf_film_sequence(s->film, 0, &s->info);
    kt_view_init(&s->view);
    s->view.width = 900;
    s->view.height = 300;
    s->view.scale = 100.0 / KF_SECOND;
    kt_view_set_tracks(&s->view, s->film, 0, row_height, NULL);
    return true;
}

static void close_scene(scene *s)
{
    kt_view_finish(&s->view);
    kf_film_close(s->film);
}

/* ---- Where things are ---- */

TEST(times_are_pixels)
{
    kt_view view;
    kt_view_init(&view);
    view.width = 1000;
    view.scale = 100.0 / KF_SECOND;
    view.from = 5 * KF_SECOND;
    CHECK_NEAR(kt_view_x(&view, 7 * KF_SECOND), 200, 1e-9);
    CHECK_INT(kt_view_time(&view, 200), 7 * KF_SECOND);
    kt_view_zoom(&view, 2, 200, KF_SECOND / 25);
    CHECK_NEAR(kt_view_x(&view, 7 * KF_SECOND), 200, 1e-6);
    CHECK_NEAR(view.scale * KF_SECOND, 200, 1e-9);
    kt_view_zoom(&view, 1e9, 0, KF_SECOND / 25); /* a frame gets 160 px and no more */
    CHECK_NEAR(view.scale * (double)(KF_SECOND / 25), 160, 1e-6);
    kt_view_fit(&view, 0, 100 * KF_SECOND, KF_SECOND / 25);
    CHECK_NEAR(kt_view_x(&view, 100 * KF_SECOND), 960, 1e-6);
    kt_view_finish(&view);
}

TEST(far_times_keep_their_pixels)
{
    kt_view view;
    kt_view_init(&view);
    view.scale = 160.0 / (double)(KF_SECOND / 25);
    view.from = 100 * 3600 * KF_SECOND;
    CHECK_NEAR(kt_view_x(&view, view.from + KF_SECOND / 25), 160, 1e-6);
    CHECK_INT(kt_view_time(&view, 160), view.from + KF_SECOND / 25);
    kt_view_finish(&view);
}

TEST(video_stands_on_the_split_and_audio_hangs_from_it)
{
    scene s;
    REQUIRE(open_scene(&s));
    CHECK_INT(s.view.row_count, 3);
    CHECK_INT(s.view.video_rows, 2);
    CHECK_NEAR(kt_view_split_y(&s.view), 164, 0);
    const kt_row *v2 = &s.view.rows[0], *v1 = &s.view.rows[1], *a1 = &s.view.rows[2];
    CHECK(v1->track == 0 && v2->track == 1 && a1->audio);
    CHECK_NEAR(kt_view_row_y(&s.view, v1), 164 - 56, 0);
    CHECK_NEAR(kt_view_row_y(&s.view, v2), 164 - 112, 0);
    CHECK_NEAR(kt_view_row_y(&s.view, a1), 170, 0);
    CHECK(kt_view_row_at(&s.view, 120) == v1 && kt_view_row_at(&s.view, 60) == v2 && kt_view_row_at(&s.view, 171) == a1);
    CHECK(!kt_view_row_at(&s.view, 166) && !kt_view_row_at(&s.view, 40));
    close_scene(&s);
}

TEST(rows_scroll_no_further_than_they_reach)
{
    scene s;
    REQUIRE(open_scene(&s));
    s.view.video_scroll = 500;
    kt_view_clamp(&s.view);
    CHECK_NEAR(s.view.video_scroll, 0, 0); /* 112 px of tracks in 130 */
    s.view.height = 170;                   /* video has 65 px */
    s.view.video_scroll = 500;
    kt_view_clamp(&s.view);
    CHECK_NEAR(s.view.video_scroll, 47, 0);
    CHECK_NEAR(kt_view_row_y(&s.view, &s.view.rows[0]), KT_RULER, 0);
    close_scene(&s);
}

TEST(labels_of_the_ruler_have_room)
{
    const kf_rational rate = {25, 1};
    int minor;
    CHECK_INT(kt_ruler_step(100, rate, &minor), 1);
    CHECK_INT(kt_ruler_step(20, rate, &minor), 5);
    CHECK_INT(kt_ruler_step(4, rate, &minor), 25);
    CHECK_INT(kt_ruler_step(0.1, rate, &minor), 25 * 60);
    CHECK_INT(minor, 6);
    CHECK_INT(kt_ruler_step(3, (kf_rational){30000, 1001}, &minor), 60);
}

/* ---- What is under the pointer ---- */

static kt_hit hit(const scene *s, double x, double y)
{
    const kt_hit_query query = {s->film, 0, &s->info, &s->view};
    return kt_hit_at(&query, x, y);
}

TEST(the_pointer_finds_clips_ends_and_gaps)
{
    scene s;
    REQUIRE(open_scene(&s));
    CHECK_INT(hit(&s, 200, 10).zone, KT_ZONE_RULER);
    CHECK_INT(hit(&s, 200, 165).zone, KT_ZONE_SPLIT);
    CHECK_INT(hit(&s, 200, 150).zone, KT_ZONE_CLIP);
    CHECK_INT(hit(&s, 397, 150).zone, KT_ZONE_TAIL);
    CHECK_INT(hit(&s, 402, 150).zone, KT_ZONE_HEAD);
    CHECK_INT(hit(&s, 402, 150).item.index, 1);
    CHECK_INT(hit(&s, 597, 150).zone, KT_ZONE_TAIL);
    CHECK_INT(hit(&s, 603, 150).zone, KT_ZONE_TAIL); /* from the gap beside it */
    CHECK_INT(hit(&s, 700, 150).zone, KT_ZONE_GAP);
    CHECK_INT(hit(&s, 700, 150).item.duration, 3 * KF_SECOND);
    CHECK_INT(hit(&s, 50, 90).zone, KT_ZONE_GAP);
    CHECK_INT(hit(&s, 50, 36).zone, KT_ZONE_NONE);
    close_scene(&s);
}

TEST(the_pointer_finds_the_rubber_band)
{
    scene s;
    REQUIRE(open_scene(&s));
    /* V1's body is from 16 to 54 of its 56 px; full opacity lies 3 px below its top */
    CHECK_INT(hit(&s, 200, 108 + 19).zone, KT_ZONE_BAND);
    CHECK_INT(hit(&s, 200, 108 + 8).zone, KT_ZONE_CLIP);
    /* A1's from 16 to 46 of 48; 0 dB at three quarters of the 24 px between 19 and 43 */
    CHECK_INT(hit(&s, 200, 170 + 25).zone, KT_ZONE_BAND);
    CHECK_NEAR(kt_band_position(true, 0), 0.75, 1e-9);
    CHECK_NEAR(kt_band_value(true, kt_band_position(true, -12)), -12, 1e-9);
    close_scene(&s);
}

/* ---- What is made anew ---- */

typedef struct drawing {
    kt_theme theme;
    kt_text text;
    kt_tracks tracks;
} drawing;

static int made(drawing *d, const scene *s, const kf_film_handle *film)
{
    const kt_scene what = {.film = film, .view = &s->view, .theme = &d->theme, .text = &d->text, .budget_ns = INT64_MAX};
    kt_text_frame(&d->text, 100);
    kt_tracks_prepare(&d->tracks, &what);
    return d->tracks.built;
}

TEST(tracks_are_made_anew_only_when_they_are_others)
{
    scene s;
    drawing d = {.theme = kt_theme_get(true, false)};
    REQUIRE(open_scene(&s));
    kt_text_init(&d.text);
    kt_tracks_init(&d.tracks);
    CHECK_INT(made(&d, &s, s.film), 3);
    CHECK_INT(made(&d, &s, s.film), 0);
    s.view.from += kt_view_span(&s.view, 200); /* within the margin of half a width, and a third of it left */
    CHECK_INT(made(&d, &s, s.film), 0);
    s.view.from += kt_view_span(&s.view, 2000);
    CHECK_INT(made(&d, &s, s.film), 3);
    kt_tracks_changed(&d.tracks);
    CHECK_INT(made(&d, &s, s.film), 3);
    kt_tracks_finish(&d.tracks, false);
    kt_text_finish(&d.text);
    close_scene(&s);
}

TEST(an_edit_makes_its_track_anew)
{
    char folder[] = "/tmp/kerf-timeline-XXXXXX", path[64];
    kf_error error;
    kf_project *project;
    kf_film_handle *film;
    scene s;
    drawing d = {.theme = kt_theme_get(true, false)};
    REQUIRE(mkdtemp(folder) && open_scene(&s));
    snprintf(path, sizeof path, "%s/film.json", folder);
    REQUIRE(g_file_set_contents(path, FILM, -1, NULL));
    REQUIRE(kf_project_open(path, NULL, &project, &error) == KF_OK);
    kt_text_init(&d.text);
    kt_tracks_init(&d.tracks);
    REQUIRE(kf_project_film(project, &film, &error) == KF_OK);
    kt_view_set_tracks(&s.view, film, 0, row_height, NULL);
    CHECK_INT(made(&d, &s, film), 3);
    kf_film_close(film);
    kf_timeline_item item;
    REQUIRE(kf_project_film(project, &film, &error) == KF_OK && kf_timeline_item_at(film, 0, 0, 0, &item));
    char *operation = kt_ops_trim(&(kt_trim_ops){.clip = item.id, .by = -KF_SECOND, .linked = "true"});
    const kf_edit_script own = {.text = operation, .length = strlen(operation)};
    CHECK(kf_project_apply(project, &own, NULL, &error) == KF_OK);
    g_free(operation);
    kf_film_close(film);
    REQUIRE(kf_project_film(project, &film, &error) == KF_OK);
    CHECK_INT(made(&d, &s, film), 1);
    REQUIRE(kf_timeline_item_at(film, 0, 0, 0, &item));
    CHECK_INT(item.duration, 3 * KF_SECOND);
    kf_film_close(film);
    kf_project_close(project, NULL);
    kt_tracks_finish(&d.tracks, false);
    kt_text_finish(&d.text);
    close_scene(&s);
    remove(path);
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    remove(lock);
    remove(folder);
}

TEST(cells_in_use_are_not_taken)
{
    kt_cells cells;
    kt_cells_init(&cells, 20, 10, 10, 10); /* two of them */
    cells.frame = 1;
    int a = kt_cells_take(&cells, 11), b = kt_cells_take(&cells, 12);
    CHECK(a >= 0 && b >= 0 && a != b);
    CHECK_INT(kt_cells_take(&cells, 13), -1);
    cells.frame = 2;
    CHECK_INT(kt_cells_find(&cells, 11), a);
    CHECK_INT(kt_cells_take(&cells, 13), b);
    CHECK(!kt_cells_touch(&cells, b, 12) && kt_cells_touch(&cells, b, 13));
    CHECK_INT(kt_cells_find(&cells, 12), -1);
    kt_cells_finish(&cells);
}

int main(void)
{
    RUN(times_are_pixels);
    RUN(far_times_keep_their_pixels);
    RUN(video_stands_on_the_split_and_audio_hangs_from_it);
    RUN(rows_scroll_no_further_than_they_reach);
    RUN(labels_of_the_ruler_have_room);
    RUN(the_pointer_finds_clips_ends_and_gaps);
    RUN(the_pointer_finds_the_rubber_band);
    RUN(tracks_are_made_anew_only_when_they_are_others);
    RUN(an_edit_makes_its_track_anew);
    RUN(cells_in_use_are_not_taken);
    return test_end();
}
