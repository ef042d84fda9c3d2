/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices, by the null one and its bad habits. */
#include <stdatomic.h>

#include "audio/engine/api/device.h"
#include "base/api/thread.h"
#include "test.h"

typedef struct listener {
    _Atomic int64_t frames, calls, lost;
    _Atomic int32_t most, least;
    _Atomic int64_t wrong;       /* blocks that did not go on where the last ended */
    double sum, energy;          /* of input, first channel */
    pthread_t thread, lost_thread;
    char why[1000];
} listener;

static void on_block(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block)
{
    listener *l = ctx;
    l->thread = pthread_self();
    if (block->frame != l->frames) l->wrong++;
    for (int32_t i = 0; i < n; i++) {
        l->sum += planes[0][i];
        l->energy += (double)planes[0][i] * planes[0][i];
    }
    l->frames += n;
    l->calls++;
    if (n > l->most) l->most = n;
    if (n < l->least || !l->least) l->least = n;
}

static void on_lost(void *ctx, const kf_error *why)
{
    listener *l = ctx;
    l->lost_thread = pthread_self();
    snprintf(l->why, sizeof l->why, "%s", why->message);
    l->lost++;
}

static kf_audio_device_params null_params(listener *l)
{
    kf_audio_device_params p = kf_audio_device_params_default();
    p.system = "null";
    p.callback = on_block;
    p.lost = on_lost;
    p.ctx = l;
    return p;
}

static void wait_ms(int ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

TEST(calls_back_at_its_rate)
{
    static const struct { int32_t rate, frames, channels; } ways[] = {
        {44100, 64, 1}, {48000, 512, 2}, {96000, 2048, 8}, {48000, 1000, 6}};
    for (int i = 0; i < 4; i++) {
        listener l = {0};
        kf_audio_device_params p = null_params(&l);
        p.rate = ways[i].rate;
        p.frames = ways[i].frames;
        p.channels = ways[i].channels;
        kf_audio_device *device;
        REQUIRE(kf_audio_device_open(&p, &device, NULL) == KF_OK);
        int64_t began = kf_clock_ns();
        wait_ms(300);
        int64_t frames = l.frames;
        double want = (double)(kf_clock_ns() - began) * 1e-9 * p.rate;
        const kf_audio_device_info *info = kf_audio_device_get_info(device);
        CHECK_STR(info->system, "null");
        CHECK_INT(info->frames, p.frames);
        CHECK_INT(info->rate, p.rate);
        CHECK_INT(info->latency, 2 * p.frames);
        kf_audio_device_stats stats = kf_audio_device_get_stats(device);
        kf_audio_device_close(device);
        if (stats.gaps == 0)
            CHECK_NEAR((double)frames, want, 3 * p.frames + 0.02 * p.rate); /* 20 ms of a busy machine */
        CHECK_INT(l.most, p.frames);
        CHECK_INT(l.least, p.frames);
        CHECK_INT(l.wrong, 0);
        CHECK(l.sum == 0);
        CHECK(stats.callbacks > 0 && stats.load >= 0 && !stats.lost);
        CHECK_INT(l.lost, 0);
    }
}

/* Against the count of frames itself; the clock must be at most a queue and two blocks behind what was handed over. */
TEST(tells_what_is_heard)
{
    listener l = {0};
    kf_audio_device_params p = null_params(&l);
    p.null = (kf_audio_null_params){.rate_error_ppm = -500, .jitter_ms = 3, .skip_every = 20, .odd_blocks = true};
    kf_audio_device *device;
    REQUIRE(kf_audio_device_open(&p, &device, NULL) == KF_OK);
    double last = -1e9;
    int backwards = 0, beyond = 0;
    int64_t end = kf_clock_ns() + 800000000;
    while (kf_clock_ns() < end) {
        kf_audio_clock c = kf_audio_device_clock(device, kf_clock_ns());
        backwards += c.running && c.frame < last;
        beyond += c.running && c.frame > (double)kf_audio_device_get_stats(device).frames;
        last = c.running ? c.frame : last;
        wait_ms(1);
    }
    CHECK_INT(backwards, 0);
    CHECK_INT(beyond, 0);
    CHECK(last > 0.2 * 48000);
    CHECK(l.least < 512 && l.most == 512);
    kf_audio_device_close(device);
    CHECK_INT(l.wrong, 0);
}

TEST(says_once_that_it_is_lost)
{
    listener l = {0};
    kf_audio_device_params p = null_params(&l);
    p.device = "lost_after_ms=100,jitter_ms=1";
    kf_audio_device *device;
    REQUIRE(kf_audio_device_open(&p, &device, NULL) == KF_OK);
    for (int i = 0; i < 100 && !l.lost; i++) wait_ms(20);
    CHECK_INT(l.lost, 1);
    CHECK_STR(l.why, "the audio device \"No sound\" is gone; plug it in again or choose another one");
    CHECK(!pthread_equal(l.thread, l.lost_thread));
    CHECK(kf_audio_device_get_stats(device).lost);
    int64_t calls = l.calls, frames = l.frames;
    CHECK_NEAR(kf_audio_device_clock(device, kf_clock_ns() + 1000000000).frame, (double)frames, 0);
    wait_ms(250);
    CHECK_INT(l.lost, 1);
    CHECK_INT(l.calls, calls);
    kf_audio_device_close(device);
    /* another one takes over */
    p.device = NULL;
    REQUIRE(kf_audio_device_open(&p, &device, NULL) == KF_OK);
    l.frames = 0;
    wait_ms(100);
    CHECK(l.calls > calls);
    CHECK(kf_audio_device_clock(device, kf_clock_ns()).running);
    kf_audio_device_close(device);
}

/* -20 dBFS is an amplitude of 0.1: power 0.005, no offset. */
TEST(hears_a_test_tone)
{
    listener l = {0};
    kf_audio_device_params p = null_params(&l);
    p.direction = KF_AUDIO_INPUT;
    p.channels = 1;
    kf_audio_device *device;
    REQUIRE(kf_audio_device_open(&p, &device, NULL) == KF_OK);
    wait_ms(300);
    kf_audio_device_close(device);
    REQUIRE(l.frames > 4800);
    CHECK_NEAR(l.energy / (double)l.frames, 0.005, 0.0002);
    CHECK_NEAR(l.sum / (double)l.frames, 0, 0.002);
    CHECK_INT(l.wrong, 0);
}

TEST(refuses_what_makes_no_sense)
{
    listener l = {0};
    kf_audio_device *device = (void *)&l;
    kf_error err;
    kf_audio_device_params p = null_params(&l);
    p.frames = 32;
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_INVALID);
    CHECK_STR(err.message, "a buffer of 32 frames; use 64 to 2048");
    CHECK(device == NULL);
    p = null_params(&l);
    p.channels = 9;
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_INVALID);
    p = null_params(&l);
    p.rate = 0;
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_INVALID);
    p = null_params(&l);
    p.callback = NULL;
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_INVALID);
    p = null_params(&l);
    p.device = "Loudspeaker";
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_NOT_FOUND);
    p.device = "jitter_ms=2,volume=11";
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_NOT_FOUND);
    CHECK_STR(err.message, "the null audio device has no setting \"volume\"");
    p.device = "jitter_ms=1001";
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_INVALID);
    p = null_params(&l);
    p.system = "oss";
    CHECK_INT(kf_audio_device_open(&p, &device, &err), KF_ERR_UNSUPPORTED);
    CHECK(strstr(err.message, "this build of Kerf cannot use the sound system \"oss\"; it can use ") == err.message);
    CHECK(strstr(err.message, "null"));
    kf_audio_device_close(NULL);
}

TEST(lists_the_null_devices)
{
    kf_audio_device_list list;
    CHECK_INT(kf_audio_device_list_get(NULL, &list, NULL), KF_OK);
    int outputs = 0, inputs = 0;
    for (int i = 0; i < list.count; i++) {
        if (strcmp(list.entries[i].system, "null") != 0) continue;
        outputs += list.entries[i].direction == KF_AUDIO_OUTPUT;
        inputs += list.entries[i].direction == KF_AUDIO_INPUT;
    }
    CHECK_INT(outputs, 1);
    CHECK_INT(inputs, 1);
    kf_audio_device_list_finish(&list);
}

int main(void)
{
    RUN(calls_back_at_its_rate);
    RUN(tells_what_is_heard);
    RUN(says_once_that_it_is_lost);
    RUN(hears_a_test_tone);
    RUN(refuses_what_makes_no_sense);
    RUN(lists_the_null_devices);
    return test_end();
}
