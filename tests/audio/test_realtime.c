/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What runs in a device's callback neither allocates nor locks nor waits, and samples get across threads whole. */
#include "audio/engine/api/fifo.h"
#include "audio/engine/device_internal.h"
#include "test.h"
#include "trap.h"

TEST(the_trap_catches)
{
    trap_arm();
    void *volatile p = kf_alloc(10);
    CHECK(trap_disarm() > 0);
    CHECK(trap_first != NULL);
    kf_free(p);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    trap_count = 0;
    trap_arm();
    pthread_mutex_lock(&mutex);
    CHECK_INT(trap_disarm(), 1);
    CHECK_STR(trap_first, "pthread_mutex_lock");
    pthread_mutex_unlock(&mutex);
    struct timespec moment = {0, 1};
    trap_count = 0;
    trap_arm();
    nanosleep(&moment, NULL);
    CHECK_INT(trap_disarm(), 1);
#endif
    trap_count = 0;
    trap_first = NULL;
}

enum { FRAMES = 256, CHANNELS = 3 };

static void fill_ramp(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block)
{
    for (int c = 0; c < CHANNELS; c++) {
        for (int32_t i = 0; i < n; i++) planes[c][i] = (float)(block->frame + i) + 0.25f * (float)c;
    }
}

static void take_input(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block)
{
    kf_audio_fifo_write(ctx, (const float *const *)planes, n);
}

/* A device as its front end has it, without a backend. */
static void make_device(kf_audio_device *device, kf_audio_device_fn *callback, void *ctx, kf_audio_direction direction)
{
    static float planes[CHANNELS][FRAMES];
    *device = (kf_audio_device){.params = {.callback = callback, .ctx = ctx, .direction = direction},
                                .info = {.rate = 48000, .channels = CHANNELS, .frames = FRAMES, .latency = FRAMES}};
    for (int c = 0; c < CHANNELS; c++) device->planes[c] = planes[c];
    kf_clock_init(&device->clock, 48000, FRAMES);
}

/* A backend's block of 600 frames becomes callbacks of 256, 256 and 88, all in the right place. */
TEST(output_is_fit_for_real_time)
{
    static kf_audio_device device;
    static float samples[600 * CHANNELS], planar[CHANNELS][600];
    float *planes[CHANNELS] = {planar[0], planar[1], planar[2]};
    make_device(&device, fill_ramp, NULL, KF_AUDIO_OUTPUT);
    trap_arm();
    for (int k = 0; k < 50; k++) kf_device_run_interleaved(&device, samples, 600);
    kf_device_run_planar(&device, planes, 600);
    kf_audio_device_clock(&device, 0);
    kf_audio_device_get_stats(&device);
    CHECK_MSG(trap_disarm() == 0, "%s", trap_first);
    int wrong = 0;
    for (int i = 0; i < 600; i++) {
        for (int c = 0; c < CHANNELS; c++) {
            wrong += samples[i * CHANNELS + c] != (float)(49 * 600 + i) + 0.25f * (float)c;
            wrong += planar[c][i] != (float)(50 * 600 + i) + 0.25f * (float)c;
        }
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(kf_audio_device_get_stats(&device).callbacks, 51);
    CHECK_INT(kf_audio_device_get_stats(&device).frames, 51 * 600);
}

TEST(a_lost_device_is_silent)
{
    static kf_audio_device device;
    float samples[CHANNELS] = {1, 1, 1}, plane[1] = {1}, *planes[CHANNELS] = {plane, plane, plane};
    make_device(&device, fill_ramp, NULL, KF_AUDIO_OUTPUT);
    atomic_store(&device.lost, true);
    kf_device_run_interleaved(&device, samples, 1);
    kf_device_run_planar(&device, planes, 1);
    CHECK(samples[0] == 0 && samples[2] == 0 && plane[0] == 0);
    CHECK_INT(kf_audio_device_get_stats(&device).callbacks, 0);
}

TEST(input_is_fit_for_real_time)
{
    static kf_audio_device device;
    static float samples[FRAMES * CHANNELS], a[FRAMES], b[FRAMES], c[FRAMES];
    float *planes[CHANNELS] = {a, b, c};
    kf_audio_fifo *fifo;
    REQUIRE(kf_audio_fifo_create(CHANNELS, 1000, &fifo, NULL) == KF_OK);
    for (int i = 0; i < FRAMES * CHANNELS; i++) samples[i] = (float)i;
    make_device(&device, take_input, fifo, KF_AUDIO_INPUT);
    trap_arm();
    for (int k = 0; k < 10; k++) {
        kf_device_run_interleaved(&device, samples, FRAMES);
        if (k > 0) kf_audio_fifo_read(fifo, planes, FRAMES);
    }
    CHECK_MSG(trap_disarm() == 0, "%s", trap_first);
    CHECK(a[0] == 0 && a[1] == 3 && c[255] == 767);
    CHECK_INT(kf_audio_fifo_filled(fifo), FRAMES);
    CHECK_INT(kf_audio_fifo_room(fifo), 1024 - FRAMES);
    CHECK_INT(kf_audio_fifo_read(fifo, NULL, 1000), FRAMES);
    CHECK_INT(kf_audio_fifo_read(fifo, planes, 1), 0);
    kf_audio_fifo_destroy(fifo);
}

typedef struct feed {
    kf_audio_fifo *fifo;
    int64_t total;
} feed;

static void *feed_main(void *arg)
{
    feed *f = arg;
    float a[97], b[97];
    const float *const planes[2] = {a, b};
    for (int64_t at = 0; at < f->total;) {
        int32_t n = (int32_t)(f->total - at < 97 ? f->total - at : 1 + at % 97);
        for (int32_t i = 0; i < n; i++) {
            a[i] = (float)((at + i) % 65536);
            b[i] = -a[i];
        }
        at += kf_audio_fifo_write(f->fifo, planes, n);
    }
    return NULL;
}

TEST(samples_cross_threads_in_order)
{
    feed f = {.total = 2000000};
    REQUIRE(kf_audio_fifo_create(2, 300, &f.fifo, NULL) == KF_OK);
    pthread_t thread;
    REQUIRE(kf_thread_start(&thread, "feed", feed_main, &f, NULL) == KF_OK);
    float a[64], b[64], *planes[2] = {a, b};
    int64_t wrong = 0;
    for (int64_t at = 0; at < f.total;) {
        int32_t n = kf_audio_fifo_read(f.fifo, planes, 64);
        for (int32_t i = 0; i < n; i++) wrong += a[i] != (float)((at + i) % 65536) || b[i] != -a[i];
        at += n;
    }
    pthread_join(thread, NULL);
    CHECK_INT(wrong, 0);
    CHECK_INT(kf_audio_fifo_filled(f.fifo), 0);
    kf_audio_fifo_destroy(f.fifo);
}

int main(void)
{
    RUN(the_trap_catches);
    RUN(output_is_fit_for_real_time);
    RUN(a_lost_device_is_silent);
    RUN(input_is_fit_for_real_time);
    RUN(samples_cross_threads_in_order);
    return test_end();
}
