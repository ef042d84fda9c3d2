/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recording: the side of the device under the trap, and whole takes from the null device's test tone. */
#include "base/api/thread.h"
#include "engine/api/recorder.h"
#include "engine/recorder/tap.h"
#include "folder.h"
#include "full_disk.h"
#include "test.h"
#include "trap.h"

static void wait_ms(int ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

/* ---- the device's side ---- */

/* A ramp that says which frame it is. */
static void push(kf_tap *tap, int64_t frame, int32_t n)
{
    static float samples[4096];
    float *planes[1] = {samples};
    for (int32_t i = 0; i < n; i++) samples[i] = (float)(frame + i) / 1048576.0f;
    kf_audio_block block = {frame, frame + 1000};
    kf_tap_block(tap, planes, n, &block);
}

TEST(a_take_is_whole_blocks_between_start_and_stop)
{
    kf_tap tap;
    REQUIRE(kf_tap_init(&tap, 48000, 1, NULL) == KF_OK);
    trap_arm();
    push(&tap, 0, 100);
    CHECK(kf_tap_closed(&tap));
    kf_tap_open(&tap);
    push(&tap, 100, 100);
    push(&tap, 200, 50);
    kf_tap_close(&tap);
    CHECK(!kf_tap_closed(&tap));
    push(&tap, 250, 30);
    CHECK(kf_tap_closed(&tap));
    push(&tap, 280, 100);
    CHECK_MSG(trap_disarm() == 0, "%s", trap_first);
    CHECK_INT(tap.start_ns, 1100);
    static float out[1000];
    float *planes[1] = {out};
    bool silent;
    CHECK_INT(kf_tap_take(&tap, planes, 1000, &silent), 180);
    CHECK(!silent && out[0] == 100 / 1048576.0f && out[179] == 279 / 1048576.0f);
    CHECK_INT(kf_tap_take(&tap, planes, 1000, &silent), 0);
    kf_tap_open(&tap);
    kf_tap_close(&tap); /* before any block: nothing to wait for */
    CHECK(kf_tap_closed(&tap));
    kf_tap_finish(&tap);
}

/* Five seconds at 8 kHz are 40000 frames: a queue of 65536. What comes beyond becomes silence of the same length. */
TEST(what_finds_no_room_is_silent)
{
    kf_tap tap;
    REQUIRE(kf_tap_init(&tap, 8000, 1, NULL) == KF_OK);
    kf_tap_open(&tap);
    for (int64_t at = 0; at < 70000; at += 1000) push(&tap, at, 1000);
    static float out[1000];
    float *planes[1] = {out};
    bool silent;
    int64_t at = 0, silence = 0, wrong = 0;
    for (int32_t n; (n = kf_tap_take(&tap, planes, 1000, &silent)) > 0; at += n) {
        if (at == 0) push(&tap, 70000, 1000); /* still lost: order is kept */
        if (silent) silence += n;
        for (int32_t i = 0; i < n; i++) wrong += out[i] != (silent ? 0 : (float)(at + i) / 1048576.0f);
    }
    CHECK_INT(at, 71000);
    CHECK_INT(silence, 71000 - 65536);
    CHECK_INT(wrong, 0);
    push(&tap, 71000, 10);
    CHECK_INT(kf_tap_take(&tap, planes, 1000, &silent), 10);
    CHECK(!silent && out[0] == 71000 / 1048576.0f);
    kf_tap_finish(&tap);
}

/* A sine of amplitude 0.5: peak -6.02 dB, rms -9.03 dB. */
TEST(levels_are_live)
{
    kf_tap tap;
    REQUIRE(kf_tap_init(&tap, 48000, 1, NULL) == KF_OK);
    static float samples[480];
    float *planes[1] = {samples}, peak, rms;
    kf_audio_block block = {0};
    for (int k = 0; k < 300; k++) {
        kf_tone_fill(1000000, 48000, 0.5f, k * 480, 480, samples);
        kf_tap_block(&tap, planes, 480, &block);
    }
    kf_tap_levels(&tap, &peak, &rms);
    CHECK_NEAR(peak, -6.0206, 0.01);
    CHECK_NEAR(rms, -9.0309, 0.01);
    kf_tap_levels(&tap, &peak, &rms);
    CHECK(peak == -INFINITY);
    CHECK(!tap.clipped);
    samples[7] = -1.0f;
    kf_tap_block(&tap, planes, 480, &block);
    CHECK(tap.clipped);
    kf_tap_finish(&tap);
}

/* ---- takes ---- */

typedef struct events {
    _Atomic int changed, finished;
    kf_recorder_take take;
    char path[300], error[1000];
} events;

static void on_changed(void *context)
{
    events *e = context;
    e->changed++;
}

static void on_finished(void *context, const kf_recorder_take *take)
{
    events *e = context;
    e->take = *take;
    snprintf(e->path, sizeof e->path, "%s", take->path);
    snprintf(e->error, sizeof e->error, "%s", take->error ? take->error->message : "");
    e->finished++;
}

static kf_recorder_phase phase_of(kf_recorder *r)
{
    kf_recorder_state state;
    kf_engine_recorder_state(r, &state);
    return state.phase;
}

static bool reach(kf_recorder *r, kf_recorder_phase phase)
{
    for (int i = 0; i < 500 && phase_of(r) != phase; i++) wait_ms(10);
    return phase_of(r) == phase;
}

static kf_recorder *start_recorder(events *e, const char *device)
{
    const kf_recorder_params p = {.system = "null", .device = device, .rate = 48000, .channels = 2,
                                  .buffer_frames = 256, .changed = on_changed, .finished = on_finished, .context = e};
    kf_recorder *r;
    return kf_engine_recorder_create(&p, &r, NULL) == KF_OK && reach(r, KF_RECORDER_READY) ? r : NULL;
}

static bool wait_finished(events *e, int count)
{
    for (int i = 0; i < 500 && e->finished < count; i++) wait_ms(10);
    return e->finished == count;
}

/* The frames of a stereo file whose every period of the tone (48 frames) is the one before: no sample is lost. -1: not
 * so. */
static int64_t whole_tone(const char *path)
{
    static uint8_t bytes[4000000];
    FILE *f = fopen(path, "rb");
    if (!f) return -1;
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    if (n < 80 + 600) return -1;
    for (size_t i = 80; i + 294 <= n; i++) {
        if (bytes[i] != bytes[i + 288]) return -1;
    }
    uint32_t said = (uint32_t)bytes[76] | (uint32_t)bytes[77] << 8 | (uint32_t)bytes[78] << 16;
    return said == n - 80 ? (int64_t)(n - 80) / 6 : -1;
}

TEST(records_the_test_tone)
{
    events e = {0};
    kf_recorder *r = start_recorder(&e, NULL);
    REQUIRE(r);
    const char *path = util_path("take 1.wav");
    kf_recorder_state state;
    wait_ms(100);
    kf_engine_recorder_state(r, &state);
    CHECK_STR(state.system, "null");
    CHECK_STR(state.device, "Test tone");
    CHECK_NEAR(state.peak_db[1], -20, 0.01);
    CHECK_INT(state.frames, 0);
    int64_t before = kf_clock_ns();
    CHECK_INT(kf_engine_recorder_start(r, path, NULL), KF_OK);
    CHECK_INT(kf_engine_recorder_start(r, path, NULL), KF_ERR_INVALID);
    wait_ms(400);
    kf_engine_recorder_state(r, &state);
    CHECK_INT(state.phase, KF_RECORDER_RECORDING);
    CHECK(state.frames > 4800);
    CHECK(!state.clipped);
    CHECK_INT(kf_engine_recorder_stop(r, NULL), KF_OK);
    CHECK_INT(kf_engine_recorder_stop(r, NULL), KF_ERR_INVALID);
    REQUIRE(wait_finished(&e, 1));
    CHECK(e.take.error == NULL);
    CHECK_STR(e.path, path);
    CHECK_INT(e.take.lost, 0);
    CHECK_INT(whole_tone(path), e.take.frames);
    CHECK(e.take.frames > 4800 && e.take.frames % 256 == 0);
    CHECK_NEAR((double)(e.take.start_ns - before) * 1e-9, 0, 0.1);
    /* a second take begins anew, and does not touch the first */
    REQUIRE(reach(r, KF_RECORDER_READY));
    CHECK_INT(kf_engine_recorder_start(r, path, NULL), KF_OK);
    REQUIRE(wait_finished(&e, 2));
    CHECK(e.take.frames == 0);
    CHECK(strstr(e.error, "take 1.wav is already there"));
    REQUIRE(reach(r, KF_RECORDER_READY));
    CHECK(e.changed >= 5);
    /* closing ends a take as stopping does */
    const char *second = util_path("take 2.wav");
    CHECK_INT(kf_engine_recorder_start(r, second, NULL), KF_OK);
    wait_ms(100);
    kf_engine_recorder_destroy(r);
    CHECK_INT(e.finished, 3);
    CHECK(e.take.frames > 0);
    CHECK_INT(whole_tone(second), e.take.frames);
}

TEST(a_full_disk_keeps_the_take)
{
    events e = {0};
    kf_recorder *r = start_recorder(&e, NULL);
    REQUIRE(r);
    const char *path = util_path("full.wav");
    full_disk_left = 80 + 20000;
    CHECK_INT(kf_engine_recorder_start(r, path, NULL), KF_OK);
    REQUIRE(wait_finished(&e, 1)); /* by itself */
    full_disk_left = INT64_MAX;
    REQUIRE(e.take.frames > 0);
    CHECK(e.take.frames <= 20000 / 6);
    CHECK(strstr(e.error, "free some space") && strstr(e.error, " s are kept"));
    CHECK_INT(whole_tone(path), e.take.frames);
    CHECK(reach(r, KF_RECORDER_READY));
    kf_engine_recorder_destroy(r);
}

TEST(an_unplugged_microphone_keeps_the_take)
{
    events e = {0};
    kf_recorder *r = start_recorder(&e, "lost_after_ms=600");
    REQUIRE(r);
    const char *path = util_path("unplugged.wav");
    CHECK_INT(kf_engine_recorder_start(r, path, NULL), KF_OK);
    REQUIRE(wait_finished(&e, 1));
    CHECK(strstr(e.error, "is gone; plug it in again") && strstr(e.error, " s are kept"));
    CHECK(e.take.frames > 0);
    CHECK_INT(whole_tone(path), e.take.frames);
    REQUIRE(reach(r, KF_RECORDER_FAILED));
    kf_recorder_state state;
    kf_engine_recorder_state(r, &state);
    CHECK_INT(state.error.status, KF_ERR_IO);
    CHECK_INT(kf_engine_recorder_start(r, path, NULL), KF_ERR_INVALID);
    kf_engine_recorder_destroy(r);
    kf_engine_recorder_destroy(NULL);
}

TEST(says_why_a_device_cannot_be_opened)
{
    events e = {0};
    const kf_recorder_params p = {.system = "null", .device = "Microphone", .rate = 48000, .channels = 1,
                                  .buffer_frames = 256, .changed = on_changed, .context = &e};
    kf_recorder *r;
    REQUIRE(kf_engine_recorder_create(&p, &r, NULL) == KF_OK);
    CHECK(reach(r, KF_RECORDER_FAILED));
    kf_recorder_state state;
    kf_engine_recorder_state(r, &state);
    CHECK_INT(state.error.status, KF_ERR_NOT_FOUND);
    CHECK(strstr(state.error.message, "\"Microphone\""));
    CHECK_STR(state.device, "");
    kf_engine_recorder_destroy(r);
}

TEST(lists_devices)
{
    kf_audio_devices devices;
    REQUIRE(kf_engine_audio_devices("null", &devices, NULL) == KF_OK);
    CHECK_INT(devices.count, 2);
    CHECK(!devices.items[0].input && devices.items[1].input);
    CHECK_STR(devices.items[1].name, "Test tone");
    kf_engine_audio_devices_finish(&devices);
    CHECK_INT(kf_engine_audio_devices("carrier pigeon", &devices, NULL), KF_ERR_UNSUPPORTED);
    int systems = 0;
    while (kf_engine_audio_system(systems)) systems++;
    CHECK(systems >= 1);
    CHECK_STR(kf_engine_audio_system(systems - 1), "null");
    CHECK(kf_engine_audio_system(-1) == NULL);
}

int main(void)
{
    RUN(a_take_is_whole_blocks_between_start_and_stop);
    RUN(what_finds_no_room_is_silent);
    RUN(levels_are_live);
    RUN(records_the_test_tone);
    RUN(a_full_disk_keeps_the_take);
    RUN(an_unplugged_microphone_keeps_the_take);
    RUN(says_why_a_device_cannot_be_opened);
    RUN(lists_devices);
    util_clean();
    return test_end();
}
