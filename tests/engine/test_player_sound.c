/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is heard: voices sample by sample, and the callback's half of the player. */
#include "base/api/time.h"
#include "engine/player/lanes.h"
#include "engine/player/voice.h"
#include "test.h"
#include "trap.h"

/* ---- Voices ---- */

/* Two seconds of 440 Hz at -20 dBFS. */
static const char tone[] =
    "{\"kerf\": 1, \"size\": [64, 36], \"rate\": 25, \"tracks\": [{\"kind\": \"audio\", \"clips\": ["
    "{\"generator\": \"tone\", \"duration\": 2, \"params\": {\"frequency\": 440, \"level\": -20}}]}]}";
enum { RATE = 48000, LENGTH = 2 * RATE };

typedef struct stage {
    kf_film *film;
    kf_library *library;
    kf_warnings warnings;
    kf_programme *programme;
    kf_score *score;
    float left[1024], right[1024], expected[LENGTH];
} stage;

static bool open_stage(stage *s, const char *json)
{
    const kf_library_params lp = {.threads = 1};
    kf_error error = {0};
    memset(s, 0, sizeof *s);
    kf_warnings_init(&s->warnings, NULL, NULL);
    kf_status status = kf_library_create(&lp, &s->library, &error);
    if (status == KF_OK) status = kf_film_load_json(json, strlen(json), NULL, &s->film, &error);
    const kf_programme_params pp = {.library = s->library, .warnings = &s->warnings, .serial = 1};
    if (status == KF_OK) status = kf_programme_create(s->film, &pp, &s->programme, &error);
    if (status == KF_OK) status = kf_score_create(s->programme, &s->score, &error);
    if (status != KF_OK) printf("# %s\n", error.message);
    kf_tone_fill(440000, RATE, kf_db_to_gain(-20), 0, LENGTH, s->expected);
    return status == KF_OK;
}

static void close_stage(stage *s)
{
    kf_score_unref(s->score);
    kf_programme_unref(s->programme);
    kf_film_destroy(s->film);
    kf_library_destroy(s->library);
    kf_warnings_finish(&s->warnings);
}

static kf_voice *voice_of(stage *s, const kf_run *run)
{
    const kf_voice_params params = {s->score, *run, RATE};
    kf_voice *voice = NULL;
    CHECK_INT(kf_voice_create(&params, &voice, NULL), KF_OK);
    return voice;
}

static const kf_rational FPS = {25, 1};

/* Samples [at, at + n) of the voice against samples of the film: `from` is the first one's, step 1 or -1. */
static bool matches(stage *s, kf_voice *voice, int64_t at, int32_t n, int64_t from, int step)
{
    float *const planes[2] = {s->left, s->right};
    CHECK_INT(kf_voice_render(voice, at, n, planes, NULL), KF_OK);
    for (int32_t i = 0; i < n; i++)
        if (s->left[i] != s->expected[from + step * i] || s->right[i] != s->left[i]) return false;
    return true;
}

TEST(normal_speed_is_the_film_itself)
{
    static stage s;
    REQUIRE(open_stage(&s, tone));
    kf_run run = {.start = KF_SECOND, .hi = 2 * KF_SECOND, .rate = 1000, .frames = FPS, .stride = 1};
    kf_voice *voice = voice_of(&s, &run);
    CHECK_INT(kf_voice_end(voice), RATE);
    CHECK(matches(&s, voice, 0, 1024, RATE, 1));
    CHECK(matches(&s, voice, 1024, 500, RATE + 1024, 1));
    CHECK(matches(&s, voice, 20000, 1000, RATE + 20000, 1));
    kf_meter meter;
    REQUIRE(kf_voice_meter(voice, 0, &meter));
    CHECK_NEAR(kf_meter_peak_db(&meter, 2), -20, 0.01);
    kf_voice_destroy(voice);
    close_stage(&s);
}

TEST(backward_is_the_film_turned_round)
{
    static stage s;
    REQUIRE(open_stage(&s, tone));
    kf_run run = {.start = KF_SECOND - 1, .hi = 2 * KF_SECOND, .rate = -1000, .frames = FPS, .stride = 1};
    kf_voice *voice = voice_of(&s, &run);
    CHECK(matches(&s, voice, 0, 1000, RATE - 1, -1));
    CHECK(matches(&s, voice, 1000, 24, RATE - 1001, -1));
    CHECK(matches(&s, voice, 46000, 1024, RATE - 46001, -1));
    kf_voice_destroy(voice);
    close_stage(&s);
}

TEST(loops_go_on_at_in)
{
    static stage s;
    REQUIRE(open_stage(&s, tone));
    kf_run run = {.start = KF_SECOND, .lo = KF_SECOND, .hi = KF_SECOND + KF_SECOND / 100, .rate = 1000, .loop = true,
                  .frames = FPS, .stride = 1}; /* 480 samples */
    kf_voice *voice = voice_of(&s, &run);
    CHECK_INT(kf_voice_end(voice), INT64_MAX);
    CHECK(matches(&s, voice, 0, 480, RATE, 1));
    CHECK(matches(&s, voice, 480, 480, RATE, 1));
    CHECK(matches(&s, voice, 48000 + 100, 380, RATE + 100, 1)); /* 100 turns later */
    kf_voice_destroy(voice);
    close_stage(&s);
}

static double frequency_of(const float *x, int n)
{
    int crossings = 0;
    for (int i = 1; i < n; i++) crossings += x[i - 1] < 0 && x[i] >= 0;
    return (double)crossings * RATE / n;
}

TEST(faster_keeps_its_pitch)
{
    static stage s;
    static float sound[RATE / 4];
    float *const planes[2] = {s.left, s.right};
    REQUIRE(open_stage(&s, tone));
    const int32_t rates[] = {2000, 4000, -2000, 500};
    for (int k = 0; k < 4; k++) {
        kf_run run = {.start = rates[k] > 0 ? 0 : 2 * KF_SECOND - 1, .hi = 2 * KF_SECOND, .rate = rates[k], .frames = FPS,
                      .stride = 1};
        kf_voice *voice = voice_of(&s, &run);
        for (int i = 0; i < RATE / 4 / 1000; i++) {
            CHECK_INT(kf_voice_render(voice, i * 1000, 1000, planes, NULL), KF_OK);
            memcpy(sound + i * 1000, s.left, 1000 * sizeof(float));
        }
        CHECK_MSG(fabs(frequency_of(sound + 4000, 8000) - 440) < 25, "at %d: %g Hz", rates[k],
                  frequency_of(sound + 4000, 8000));
        kf_voice_destroy(voice);
    }
    kf_run run = {.hi = 2 * KF_SECOND, .rate = 8000, .frames = FPS, .stride = 4};
    kf_voice *voice = voice_of(&s, &run);
    CHECK_INT(kf_voice_render(voice, 0, 1000, planes, NULL), KF_OK);
    for (int i = 0; i < 1000; i++) CHECK(s.left[i] == 0);
    kf_voice_destroy(voice);
    close_stage(&s);
}

/* ---- Lanes ---- */

static void feed(kf_lane *lane, float value, int32_t n)
{
    float block[512];
    const float *const planes[2] = {block, block};
    for (int i = 0; i < 512; i++) block[i] = value;
    while (n > 0) {
        int32_t part = n < 512 ? n : 512;
        kf_audio_fifo_write(lane->fifo, planes, part);
        n -= part;
    }
}

static kf_lanes lanes;
static float out[2][512];

/* A block as the device asks for it: in real time, or it is counted. */
static void play(int32_t n, int64_t frame)
{
    float *const planes[2] = {out[0], out[1]};
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < 512; i++) out[c][i] = 99;
    trap_arm();
    kf_lanes_play(&lanes, planes, n, frame);
    trap_disarm();
}

TEST(lanes_take_over_softly)
{
    uint64_t run;
    int64_t base, at;
    REQUIRE(kf_lanes_init(&lanes, 4096, NULL) == KF_OK);
    play(512, 0);
    CHECK(out[0][0] == 0 && out[1][511] == 0);
    CHECK(!kf_lanes_clock(&lanes, &run, &base, &at));
    kf_lane *a = kf_lanes_take(&lanes);
    a->run = 7;
    feed(a, 1, 2048);
    kf_lanes_send(&lanes, a);
    play(512, 512);
    CHECK(out[0][0] < 0.01f && out[0][KF_LANE_FADE] == 1 && out[0][511] == 1);
    CHECK(out[0][KF_LANE_FADE / 2] > 0.45f && out[0][KF_LANE_FADE / 2] < 0.55f);
    REQUIRE(kf_lanes_clock(&lanes, &run, &base, &at));
    CHECK_INT((int64_t)run, 7);
    CHECK_INT(base, 512);
    CHECK_INT(at, 512);
    kf_lane *b = kf_lanes_take(&lanes);
    b->run = 8;
    feed(b, -1, 1024);
    kf_lanes_send(&lanes, b);
    play(512, 1024);
    CHECK(out[0][0] > 0.98f && fabsf(out[0][KF_LANE_FADE / 2]) < 0.05f && out[0][300] == -1);
    CHECK(!kf_lanes_used(&lanes, a) && kf_lanes_used(&lanes, b));
    kf_lane *silence = kf_lanes_take(&lanes);
    kf_lanes_send(&lanes, silence);
    play(512, 1536);
    CHECK(out[0][0] < -0.98f && out[0][400] == 0);
    CHECK(!kf_lanes_clock(&lanes, &run, &base, &at));
    CHECK_INT(atomic_load(&lanes.underruns), 0);
    CHECK_INT(trap_count, 0);
    kf_lanes_finish(&lanes);
}

TEST(edits_join_where_they_belong)
{
    uint64_t run;
    int64_t base, at;
    REQUIRE(kf_lanes_init(&lanes, 8192, NULL) == KF_OK);
    kf_lane *a = kf_lanes_take(&lanes), *b = kf_lanes_take(&lanes);
    a->run = b->run = 3;
    feed(a, 0.5f, 4096);
    kf_lanes_send(&lanes, a);
    play(512, 0);
    b->first = 1200; /* in the middle of the third block */
    feed(b, 0.25f, 4096);
    kf_lanes_send(&lanes, b);
    play(512, 512);
    CHECK(out[0][511] == 0.5f);
    play(512, 1024);
    CHECK(out[0][511] == 0.5f); /* not due at its start */
    play(512, 1536);
    CHECK(out[0][0] > 0.49f && out[0][511] == 0.25f);
    REQUIRE(kf_lanes_clock(&lanes, &run, &base, &at));
    CHECK_INT(base, 0); /* the clock has not noticed */
    CHECK_INT(at, 2048);
    CHECK_INT(kf_audio_fifo_filled(b->fifo), 4096 - (2048 - 1200));
    CHECK_INT(trap_count, 0);
    kf_lanes_finish(&lanes);
}

TEST(what_is_missing_is_counted_and_waited_for)
{
    uint64_t run;
    int64_t base, at;
    REQUIRE(kf_lanes_init(&lanes, 4096, NULL) == KF_OK);
    kf_lane *a = kf_lanes_take(&lanes);
    a->run = 1;
    feed(a, 1, 700);
    kf_lanes_send(&lanes, a);
    play(512, 0);
    play(512, 512); /* 188 are there */
    CHECK(out[0][0] == 1 && out[0][187] < 0.02f && out[0][188] == 0);
    CHECK_INT(atomic_load(&lanes.underruns), 1);
    play(512, 1024);
    CHECK_INT(atomic_load(&lanes.underruns), 1); /* still the same one */
    feed(a, 1, 512);
    play(512, 1536);
    CHECK(out[0][0] == 0 && out[0][511] == 1);
    REQUIRE(kf_lanes_clock(&lanes, &run, &base, &at));
    CHECK_INT(at, 1212);
    CHECK_INT(base, 2048 - 1212); /* later by what was silent */
    a->end = 1300;
    feed(a, 1, 88);
    play(512, 2048); /* past its end nothing is missing, and the clock goes on */
    CHECK_INT(atomic_load(&lanes.underruns), 1);
    REQUIRE(kf_lanes_clock(&lanes, &run, &base, &at));
    CHECK_INT(at, 1724);
    CHECK_INT(trap_count, 0);
    kf_lanes_finish(&lanes);
}

TEST(gain_ramps)
{
    REQUIRE(kf_lanes_init(&lanes, 4096, NULL) == KF_OK);
    kf_lane *a = kf_lanes_take(&lanes);
    a->run = 1;
    feed(a, 1, 2048);
    kf_lanes_send(&lanes, a);
    play(512, 0);
    atomic_store(&lanes.gain, 0.0f);
    play(512, 512);
    CHECK(out[0][0] == 1 && out[1][511] < 0.01f && fabsf(out[0][256] - 0.5f) < 0.01f);
    play(512, 1024);
    CHECK(out[0][0] == 0 && out[0][511] == 0);
    CHECK_INT(trap_count, 0);
    kf_lanes_finish(&lanes);
}

int main(void)
{
    RUN(normal_speed_is_the_film_itself);
    RUN(backward_is_the_film_turned_round);
    RUN(loops_go_on_at_in);
    RUN(faster_keeps_its_pitch);
    RUN(lanes_take_over_softly);
    RUN(edits_join_where_they_belong);
    RUN(what_is_missing_is_counted_and_waited_for);
    RUN(gain_ramps);
    return test_end();
}
