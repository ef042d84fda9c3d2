/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The player through its public header, with drawn films and the null device. */
#include <pthread.h>
#include <time.h>

#include "folder.h"
#include "kerf/player.h"
#include "kerf/project.h"
#include "test.h"

/* A second of red, a second of blue, at 25 frames a second. BT.709, limited: red is 63 102 240, blue 32 240 118. */
static const char red_blue[] =
    "{\"kerf\": 1, \"size\": [64, 36], \"rate\": 25, \"tracks\": [{\"kind\": \"video\", \"clips\": ["
    "{\"generator\": \"solid\", \"duration\": 1, \"params\": {\"color\": \"#ff0000\"}},"
    "{\"generator\": \"solid\", \"duration\": 1, \"params\": {\"color\": \"#0000ff\"}}]}]}";
static const char all_blue[] =
    "{\"kerf\": 1, \"size\": [64, 36], \"rate\": 25, \"tracks\": [{\"kind\": \"video\", \"clips\": ["
    "{\"generator\": \"solid\", \"duration\": 2, \"params\": {\"color\": \"#0000ff\"}}]}]}";
enum { RED_Y = 63, BLUE_Y = 32 };

static void pause_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static kf_film_handle *film_of(const char *json)
{
    kf_film_handle *film = NULL;
    kf_error error;
    if (kf_film_open_json(json, strlen(json), "test", NULL, &film, &error) != KF_OK) printf("# %s\n", error.message);
    return film;
}

static kf_player *player_of(const char *json)
{
    kf_player_params params = kf_player_params_default();
    kf_player *player = NULL;
    params.audio_system = "null";
    params.memory = 64 << 20;
    if (kf_player_create(&params, &player, NULL) != KF_OK) return NULL;
    kf_film_handle *film = json ? film_of(json) : NULL;
    if (film) kf_player_set_film(player, film, NULL, NULL);
    kf_film_close(film);
    return player;
}

/* The luma in the middle of the exact picture of a frame, once it is the newest; -1: it does not come. */
static int luma_of(kf_player *player, int64_t frame)
{
    for (int i = 0; i < 500; i++) {
        kf_picture *p;
        if (kf_player_picture(player, &p)) {
            bool right = p->frame == frame && p->exact;
            int y = p->plane[0][p->stride[0] * (p->height / 2) + p->width / 2];
            kf_picture_release(p);
            if (right) return y;
        }
        pause_ms(10);
    }
    return -1;
}

static bool stops(kf_player *player, kf_player_state *s)
{
    for (int i = 0; i < 500; i++) {
        kf_player_get_state(player, s);
        if (!s->playing) return true;
        pause_ms(10);
    }
    return false;
}

TEST(shows_where_it_is_sought_to)
{
    kf_player *p = player_of(red_blue);
    kf_player_state s;
    REQUIRE(p);
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_seek(p, KF_SECOND + KF_SECOND / 100);
    CHECK_INT(luma_of(p, 25), BLUE_Y);
    kf_player_get_state(p, &s);
    CHECK_INT(s.position, KF_SECOND); /* the start of its frame */
    CHECK_INT(s.frame, 25);
    CHECK_INT(s.duration, 2 * KF_SECOND);
    CHECK_INT(s.width, 64);
    CHECK(!s.playing);
    kf_player_step(p, -1);
    CHECK_INT(luma_of(p, 24), RED_Y);
    for (int i = 0; i < 10; i++) kf_player_step(p, 1);
    CHECK_INT(luma_of(p, 34), BLUE_Y);
    kf_player_seek(p, 100 * KF_SECOND);
    CHECK_INT(luma_of(p, 49), BLUE_Y);
    kf_player_scrub(p, -KF_SECOND);
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_destroy(p);
}

TEST(follows_edits_where_it_stands)
{
    kf_player *p = player_of(red_blue);
    kf_film_handle *film = film_of(all_blue);
    REQUIRE(p && film);
    kf_player_step(p, 10);
    CHECK_INT(luma_of(p, 10), RED_Y);
    CHECK_INT(kf_player_set_film(p, film, "main", NULL), KF_OK);
    for (int i = 0; i < 300 && luma_of(p, 10) != BLUE_Y; i++) pause_ms(10);
    CHECK_INT(luma_of(p, 10), BLUE_Y);
    kf_error error;
    CHECK_INT(kf_player_set_film(p, film, "no such", &error), KF_ERR_NOT_FOUND);
    CHECK_INT(kf_player_set_film(p, NULL, NULL, NULL), KF_OK);
    kf_player_state s;
    kf_player_get_state(p, &s);
    CHECK_INT(s.duration, 0);
    kf_film_close(film);
    kf_player_destroy(p);
}

/* Pictures that were composed so far, once that has come to rest. */
static int64_t composed(kf_player *player)
{
    kf_player_stats now, before = {.composed = -1};
    for (;;) {
        kf_player_get_stats(player, &now);
        if (now.composed == before.composed) return now.composed;
        before = now;
        pause_ms(150);
    }
}

/* Returns the number of the first object that the edit made, 0: none. */
static int edit(kf_project *project, kf_player *player, const char *text)
{
    const kf_edit_script script = {.text = text, .length = strlen(text)};
    kf_film_handle *film;
    kf_error error;
    char *report = NULL;
    if (kf_project_edit(project, &script, &report, &error) != KF_OK) printf("# %s\n", error.message);
    const char *made = report ? strstr(report, "\"created\"") : NULL;
    int id = made ? atoi(made + strcspn(made, "0123456789")) : 0;
    kf_string_free(report);
    if (kf_project_film(project, &film, &error) != KF_OK) return 0;
    CHECK_INT(kf_player_set_film(player, film, NULL, NULL), KF_OK);
    kf_film_close(film);
    return id;
}

static int append_red(kf_project *project, kf_player *player)
{
    return edit(project, player, "{\"op\": \"append\", \"clip\": {\"generator\": \"solid\", \"duration\": 1,"
                                 " \"params\": {\"color\": \"#ff0000\"}}}");
}

static void make_blue(kf_project *project, kf_player *player, int clip)
{
    char text[200];
    snprintf(text, sizeof text,
             "{\"op\": \"set_clip\", \"clips\": [%d], \"set\": {\"params\": {\"color\": \"#0000ff\"}}}", clip);
    edit(project, player, text);
}

TEST(composes_anew_only_what_an_edit_changes)
{
    kf_project_create_params params = {.video_tracks = 2, .preset = "1080p25"};
    kf_project *project;
    kf_player *p = player_of(NULL);
    kf_error error = {0};
    REQUIRE(p);
    if (kf_project_create(util_path("p.kerf"), &params, &project, &error) != KF_OK) printf("# %s\n", error.message);
    REQUIRE(error.status == KF_OK);
    kf_player_set_quality(p, KF_QUALITY_QUARTER);
    int first = append_red(project, p), second = append_red(project, p);
    kf_player_step(p, 5);
    CHECK_INT(luma_of(p, 5), RED_Y);
    int64_t before = composed(p);
    make_blue(project, p, second);
    CHECK_INT(composed(p), before); /* it comes later than all that was composed */
    make_blue(project, p, first);
    CHECK(composed(p) > before);
    CHECK_INT(luma_of(p, 5), BLUE_Y);
    kf_player_seek(p, KF_SECOND);
    CHECK_INT(luma_of(p, 25), BLUE_Y);
    before = composed(p);
    edit(project, p, "{\"op\": \"set_track\", \"track\": \"V1\", \"set\": {\"hide\": true}}");
    CHECK(composed(p) > before);
    CHECK_INT(luma_of(p, 25), 16);
    kf_player_destroy(p);
    kf_project_close(project, NULL);
}

static bool comes_in_width(kf_player *player, int32_t width)
{
    for (int i = 0; i < 500; i++) {
        kf_picture *p;
        bool right = kf_player_picture(player, &p) && p->width == width;
        kf_picture_release(p);
        if (right) return true;
        pause_ms(10);
    }
    return false;
}

TEST(shows_in_the_size_of_its_quality)
{
    kf_player *p = player_of(red_blue);
    kf_picture *picture;
    REQUIRE(p);
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_set_quality(p, KF_QUALITY_QUARTER);
    CHECK(comes_in_width(p, 16));
    REQUIRE(kf_player_picture(p, &picture));
    CHECK_INT(picture->height, 9);
    CHECK_INT(picture->full_width, 64);
    kf_picture_release(picture);
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_set_quality(p, KF_QUALITY_AUTO);
    CHECK(comes_in_width(p, 64)); /* nothing is known of the view */
    kf_player_set_view(p, 32, 40);
    CHECK(comes_in_width(p, 32));
    kf_player_set_view(p, 33, 40);
    CHECK(comes_in_width(p, 64));
    kf_player_destroy(p);
}

TEST(plays_to_the_end)
{
    kf_player *p = player_of(red_blue);
    kf_player_state s;
    kf_player_stats stats;
    REQUIRE(p);
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_play(p, 1);
    kf_player_get_state(p, &s);
    CHECK(s.playing && s.rate == 1);
    CHECK(stops(p, &s));
    CHECK_INT(s.frame, 49);
    CHECK_INT(luma_of(p, 49), BLUE_Y);
    kf_player_get_stats(p, &stats);
    CHECK_INT(stats.shown + stats.dropped, 50);
    CHECK_MSG(stats.dropped <= 10, "%" PRId64, stats.dropped);
    kf_player_play(p, -4);
    CHECK(stops(p, &s));
    CHECK_INT(s.frame, 0);
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_destroy(p);
}

TEST(plays_ranges_and_loops)
{
    kf_player *p = player_of(red_blue);
    kf_player_state s;
    REQUIRE(p);
    kf_player_play_range(p, KF_SECOND / 2, KF_SECOND, KF_SECOND / 5, 0);
    CHECK(stops(p, &s));
    CHECK_INT(s.frame, 24);
    kf_player_set_range(p, KF_SECOND, KF_SECOND + KF_SECOND / 5);
    kf_player_set_loop(p, true);
    kf_player_seek(p, KF_SECOND);
    kf_player_play(p, 1);
    for (int i = 0; i < 40; i++) {
        kf_player_get_state(p, &s);
        CHECK(s.playing && s.frame >= 25 && s.frame < 30);
        pause_ms(20);
    }
    kf_player_pause(p);
    kf_player_get_state(p, &s);
    CHECK(!s.playing && s.rate == 0);
    kf_player_destroy(p);
}

TEST(shows_media_that_is_missing_as_a_placeholder)
{
    kf_player *p = player_of(NULL);
    kf_media_source source = {.path = "/nowhere/at-all.mp4"};
    kf_player_state s = {0};
    REQUIRE(p);
    CHECK_INT(kf_player_set_media(p, &source, NULL), KF_OK);
    CHECK(luma_of(p, 0) >= 0);
    kf_player_get_state(p, &s);
    CHECK_INT(s.duration, 10 * KF_SECOND);
    kf_player_destroy(p);
}

/* A file with one frame of a film. */
static const char *still_of(const char *json, kf_time at, const char *name)
{
    const char *path = util_path(name);
    kf_film_handle *film = film_of(json);
    kf_error error = {0};
    if (kf_render_frame(film, at, path, NULL, &error) != KF_OK) printf("# %s\n", error.message);
    kf_film_close(film);
    return path;
}

static bool shows_luma(kf_player *player, int64_t frame, int luma)
{
    for (int i = 0; i < 100; i++) {
        if (luma_of(player, frame) == luma) return true;
        pause_ms(20);
    }
    return false;
}

TEST(proxies_come_and_go_where_it_stands)
{
    const char *red = still_of(red_blue, 0, "red.png"), *blue = still_of(red_blue, KF_SECOND, "blue.png");
    char json[2048];
    snprintf(json, sizeof json,
             "{\"kerf\": 1, \"size\": [64, 36], \"rate\": 25, \"assets\": {\"a\": {\"path\": \"%s\", \"proxy\": "
             "{\"path\": \"%s\", \"use\": true}}}, \"tracks\": [{\"kind\": \"video\", \"clips\": ["
             "{\"asset\": \"a\", \"duration\": 2}]}]}",
             red, blue);
    kf_player *p = player_of(json);
    REQUIRE(p);
    kf_player_step(p, 3);
    CHECK(shows_luma(p, 3, BLUE_Y));
    kf_player_set_proxies(p, false);
    CHECK(shows_luma(p, 3, RED_Y));
    kf_player_set_proxies(p, true);
    CHECK(shows_luma(p, 3, BLUE_Y));
    kf_player_destroy(p);
}

TEST(shows_media_alone)
{
    const char *red = still_of(red_blue, 0, "alone.png");
    char json[1024];
    snprintf(json, sizeof json,
             "{\"kerf\": 1, \"assets\": {\"still\": \"%s\"}, \"tracks\": [{\"clips\": [{\"asset\": \"still\","
             " \"duration\": 1}]}]}",
             red);
    kf_film_handle *film = film_of(json);
    const kf_media_source file = {.path = red}, asset = {.film = film, .asset = "still"}, none = {.film = film, .asset = "x"};
    kf_player *p = player_of(NULL);
    kf_film_handle *alone;
    kf_film_summary summary;
    REQUIRE(p && film);
    REQUIRE(kf_film_of_media(&file, &alone, NULL) == KF_OK);
    CHECK_INT(kf_film_summarize(alone, &summary, NULL), KF_OK);
    CHECK_INT(summary.width, 64);
    CHECK_INT(summary.duration, 10 * KF_SECOND);
    kf_film_close(alone);
    CHECK_INT(kf_film_of_media(&none, &alone, NULL), KF_ERR_NOT_FOUND);
    CHECK_INT(kf_player_set_media(p, &asset, NULL), KF_OK);
    kf_film_close(film); /* the player has what it needs */
    CHECK_INT(luma_of(p, 0), RED_Y);
    kf_player_destroy(p);
}

static const char tone[] =
    "{\"kerf\": 1, \"size\": [64, 36], \"rate\": 25, \"tracks\": [{\"kind\": \"video\", \"clips\": []},"
    "{\"kind\": \"audio\", \"clips\": [{\"generator\": \"tone\", \"duration\": 20, \"params\": {\"level\": -20}}]}]}";

TEST(meters_tell_what_is_heard)
{
    kf_player *p = player_of(tone);
    kf_player_meter master, tracks[2];
    REQUIRE(p);
    CHECK_INT(kf_player_get_meters(p, &master, tracks, 2), 2);
    CHECK(master.peak_db[0] == -INFINITY && isnan(master.integrated));
    kf_player_set_gain(p, -40); /* of the monitor, not of what is measured */
    kf_player_play(p, 1);
    for (int i = 0; i < 300 && master.peak_db[0] < -30; i++) {
        pause_ms(10);
        kf_player_get_meters(p, &master, tracks, 2);
    }
    CHECK_NEAR(master.peak_db[0], -20, 0.1);
    CHECK_NEAR(master.rms_db[1], -23.01, 0.1);
    CHECK_NEAR(tracks[1].peak_db[0], -20, 0.1);
    CHECK(tracks[0].peak_db[0] == -INFINITY);
    kf_player_pause(p);
    kf_player_get_meters(p, &master, tracks, 2);
    CHECK(master.peak_db[0] == -INFINITY && tracks[1].peak_db[0] == -INFINITY);
    kf_player_destroy(p);
}

/* The same film with another gain of its tone, so that sound and picture differ. */
static kf_film_handle *edited_film(int step)
{
    char json[1024];
    snprintf(json, sizeof json,
             "{\"kerf\": 1, \"size\": [320, 180], \"rate\": 25, \"tracks\": [{\"kind\": \"video\", \"clips\": ["
             "{\"generator\": \"solid\", \"duration\": %d, \"params\": {\"color\": \"#%02x0000\"}}]},"
             "{\"kind\": \"audio\", \"gain\": %d, \"clips\": [{\"generator\": \"tone\", \"duration\": 20}]}]}",
             20 + step % 2, step % 256, -(step % 20));
    return film_of(json);
}

typedef struct churn {
    kf_player *player;
    bool over;
    int edits;
} churn;

static void *edit_again_and_again(void *arg)
{
    churn *c = arg;
    while (!__atomic_load_n(&c->over, __ATOMIC_SEQ_CST)) {
        kf_film_handle *film = edited_film(c->edits++);
        kf_player_set_film(c->player, film, NULL, NULL);
        kf_film_close(film);
        pause_ms(20);
    }
    return NULL;
}

static void *export_again_and_again(void *arg)
{
    churn *c = arg;
    while (!__atomic_load_n(&c->over, __ATOMIC_SEQ_CST)) {
        kf_film_handle *film = edited_film(0);
        kf_render_params params = kf_render_params_default();
        params.null_output = true;
        params.threads = 1;
        kf_render(film, &params, NULL, NULL);
        kf_film_close(film);
    }
    return NULL;
}

/* KERF_SOAK: seconds. */
static int soak_ms(void)
{
    const char *text = getenv("KERF_SOAK");
    return text ? atoi(text) * 1000 : 5000;
}

TEST(sound_never_breaks)
{
    kf_player *p = player_of(NULL);
    kf_player_stats stats;
    kf_player_state s;
    churn c = {.player = p};
    pthread_t editor, exporter;
    REQUIRE(p);
    kf_film_handle *film = edited_film(0);
    kf_player_set_film(p, film, NULL, NULL);
    kf_film_close(film);
    kf_player_set_loop(p, true);
    kf_player_play(p, 1);
    REQUIRE(pthread_create(&editor, NULL, edit_again_and_again, &c) == 0);
    REQUIRE(pthread_create(&exporter, NULL, export_again_and_again, &c) == 0);
    for (int i = 0, n = soak_ms() / 50; i < n; i++) {
        if (i % 7 == 6) kf_player_seek(p, (i * 37 % 19) * KF_SECOND);
        if (i % 31 == 30) kf_player_play(p, i % 2 ? 1 : 2);
        pause_ms(50);
    }
    __atomic_store_n(&c.over, true, __ATOMIC_SEQ_CST);
    pthread_join(editor, NULL);
    pthread_join(exporter, NULL);
    kf_player_get_state(p, &s);
    CHECK(s.playing);
    kf_player_get_stats(p, &stats);
    CHECK_INT(stats.underruns, 0);
    CHECK_MSG(stats.shown > 20 && c.edits > 20, "%" PRId64 " shown, %d edits", stats.shown, c.edits);
    kf_player_destroy(p);
}

TEST(scrubbing_sounds_in_grains)
{
    kf_player *p = player_of(tone);
    kf_player_state s;
    REQUIRE(p);
    kf_player_set_scrub_sound(p, true);
    for (int i = 0; i < 20; i++) {
        kf_player_scrub(p, i * KF_SECOND / 5);
        pause_ms(20);
    }
    kf_player_get_state(p, &s);
    CHECK(s.scrubbing && s.scrub_sound && !s.playing);
    CHECK_INT(s.frame, 95);
    kf_player_seek(p, 0);
    kf_player_get_state(p, &s);
    CHECK(!s.scrubbing);
    kf_player_destroy(p);
}

TEST(another_device_takes_over)
{
    kf_player *p = player_of(tone);
    kf_player_state s, later;
    kf_player_stats stats;
    REQUIRE(p);
    kf_player_play(p, 1);
    for (int i = 0; i < 300; i++) {
        kf_player_get_state(p, &s);
        if (s.frame > 2) break;
        pause_ms(10);
    }
    CHECK_INT(kf_player_set_device(p, "null", NULL, NULL), KF_OK);
    pause_ms(600);
    kf_player_get_state(p, &later);
    CHECK(later.playing && later.position > s.position);
    kf_player_get_stats(p, &stats);
    CHECK_STR(stats.audio_system, "null");
    CHECK_INT(stats.sample_rate, 48000);
    kf_player_destroy(p);
}

TEST(refuses_what_makes_no_sense)
{
    kf_player_params params = kf_player_params_default();
    kf_player *p;
    kf_error error;
    params.buffer_frames = 5;
    CHECK_INT(kf_player_create(&params, &p, &error), KF_ERR_USAGE);
    CHECK(p == NULL);
    kf_player_destroy(NULL);
}

/* Green lies above red; a dissolve would mix red and blue at the cut. */
static const char layers[] =
    "{\"kerf\": 1, \"size\": [64, 36], \"rate\": 25, \"tracks\": [{\"kind\": \"video\", \"clips\": ["
    "{\"id\": 1, \"generator\": \"solid\", \"duration\": 1, \"params\": {\"color\": \"#ff0000\"}},"
    "{\"transition\": \"dissolve\", \"duration\": 0.4},"
    "{\"id\": 2, \"generator\": \"solid\", \"duration\": 1, \"params\": {\"color\": \"#0000ff\"}}]},"
    "{\"kind\": \"video\", \"clips\": ["
    "{\"id\": 3, \"generator\": \"solid\", \"duration\": 2, \"params\": {\"color\": \"#00ff00\"}}]}]}";
enum { GREEN_Y = 173, BLACK_Y = 16 };

/* Whether luma comes to be so: the picture of before stays until there is the new one. */
static bool becomes(kf_player *player, int64_t frame, int y)
{
    for (int i = 0; i < 300; i++) {
        if (luma_of(player, frame) == y) return true;
        pause_ms(10);
    }
    return false;
}

TEST(a_clip_alone)
{
    kf_player *p = player_of(layers);
    REQUIRE(p);
    kf_player_seek(p, 24 * KF_SECOND / 25);
    CHECK(becomes(p, 24, GREEN_Y));
    kf_player_set_part(p, &(kf_player_part){.clip = 1});
    CHECK(becomes(p, 24, RED_Y));
    kf_player_set_part(p, &(kf_player_part){.clip = 2});
    CHECK(becomes(p, 24, BLACK_Y)); /* it begins a frame later */
    kf_player_seek(p, KF_SECOND);
    CHECK(becomes(p, 25, BLUE_Y));
    kf_player_set_part(p, NULL);
    CHECK(becomes(p, 25, GREEN_Y));
    kf_player_destroy(p);
}

/* Luma at a place of the newest picture; -1: there is none. */
static int luma_at(kf_player *player, int x, int y)
{
    kf_picture *picture;
    if (!kf_player_picture(player, &picture)) return -1;
    int luma = picture->plane[0][y * picture->stride[0] + x];
    kf_picture_release(picture);
    return luma;
}

TEST(angles_beside_each_other)
{
    kf_player *p = player_of(layers);
    double cell[4];
    REQUIRE(p);
    kf_player_set_part(p, &(kf_player_part){.angles = true});
    for (int i = 0; i < 300 && luma_at(p, 16, 18) != RED_Y; i++) pause_ms(10);
    CHECK_INT(luma_at(p, 16, 18), RED_Y); /* two cells of 32x18 in the middle rows */
    CHECK_INT(luma_at(p, 48, 18), GREEN_Y);
    CHECK_INT(luma_at(p, 16, 4), BLACK_Y);
    CHECK_INT(luma_at(p, 48, 31), BLACK_Y);
    kf_player_destroy(p);
    kf_player_angle_cell(5, 4, cell); /* three columns, two rows of a third of the height */
    CHECK_NEAR(cell[0], 1.0 / 3, 1e-9);
    CHECK_NEAR(cell[1], 0.5, 1e-9);
    CHECK_NEAR(cell[2], 1.0 / 3, 1e-9);
    CHECK_NEAR(cell[3], 1.0 / 3, 1e-9);
}

int main(void)
{
    RUN(a_clip_alone);
    RUN(angles_beside_each_other);
    RUN(shows_where_it_is_sought_to);
    RUN(follows_edits_where_it_stands);
    RUN(composes_anew_only_what_an_edit_changes);
    RUN(shows_in_the_size_of_its_quality);
    RUN(plays_to_the_end);
    RUN(plays_ranges_and_loops);
    RUN(shows_media_that_is_missing_as_a_placeholder);
    RUN(proxies_come_and_go_where_it_stands);
    RUN(shows_media_alone);
    RUN(meters_tell_what_is_heard);
    RUN(sound_never_breaks);
    RUN(scrubbing_sounds_in_grains);
    RUN(another_device_takes_over);
    RUN(refuses_what_makes_no_sense);
    util_clean();
    return test_end();
}
