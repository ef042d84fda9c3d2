/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that is not there: it asks for blocks by the system's clock, as a sound card with a queue of two blocks
 * does, and gives them to nobody. On request it misbehaves (kf_audio_null_params). Its input is a test tone. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audio/engine/device_internal.h"
#include "base/api/alloc.h"

#define NAP_NS 50000000 /* closing waits no longer than this */

typedef struct null_state {
    pthread_t thread;
    bool started;
    _Atomic bool stop;
    uint64_t random;
    float *samples, *tone; /* input: two blocks, interleaved; one channel of it */
} null_state;

static double random_unit(null_state *s)
{
    s->random = s->random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (double)(s->random >> 11) / 9007199254740992.0;
}

/* False when it was told to stop meanwhile. */
static bool sleep_until(null_state *s, double ns)
{
    for (int64_t now; !atomic_load_explicit(&s->stop, memory_order_relaxed);) {
        now = kf_clock_ns();
        int64_t wait = (int64_t)ns - now;
        if (wait <= 0) return true;
        int64_t until = now + (wait < NAP_NS ? wait : NAP_NS);
        struct timespec at = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
    }
    return false;
}

static void make_tone(const kf_audio_device *device, null_state *s, int32_t n)
{
    const kf_audio_null_params *p = &device->params.null;
    double hz = p->tone_hz > 0 ? p->tone_hz : 1000, db = p->tone_hz > 0 ? p->tone_db : -20;
    kf_tone_fill(llround(hz * 1000), device->info.rate, kf_db_to_gain((float)db), device->clock.frames, n, s->tone);
    int32_t channels = device->info.channels;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t c = 0; c < channels; c++) s->samples[(size_t)i * channels + c] = s->tone[i];
    }
}

static void *null_main(void *arg)
{
    kf_audio_device *device = arg;
    null_state *s = device->state;
    const kf_audio_null_params *p = &device->params.null;
    double frame_ns = 1e9 / (device->info.rate * (1 + p->rate_error_ppm * 1e-6));
    double due = (double)kf_clock_ns(), end = p->lost_after_s > 0 ? due + p->lost_after_s * 1e9 : INFINITY;
    for (int32_t k = 1; sleep_until(s, due + p->jitter_ms * 1e6 * random_unit(s)); k++) {
        if (due >= end) {
            atomic_store(&device->lost, true);
            break;
        }
        int32_t n = p->odd_blocks ? 1 + (int32_t)(random_unit(s) * 2 * device->info.frames) : device->info.frames;
        if (p->skip_every == 0 || k % p->skip_every) {
            if (s->samples) make_tone(device, s, n);
            kf_device_run_interleaved(device, s->samples, n);
        }
        double now = (double)kf_clock_ns(), dry = due + device->info.latency * frame_ns;
        due += n * frame_ns;
        if (now > dry) due = now; /* too late: the queue ran dry, and the card stood still */
    }
    return NULL;
}

static kf_status null_open(kf_audio_device *device, kf_error *err)
{
    null_state *s = device->state;
    s->random = 1;
    device->info.latency = 2 * device->info.frames;
    snprintf(device->info.system, sizeof device->info.system, "null");
    snprintf(device->info.name, sizeof device->info.name, "%s",
             device->params.direction == KF_AUDIO_INPUT ? "Test tone" : "No sound");
    if (device->params.direction == KF_AUDIO_OUTPUT) return KF_OK;
    size_t most = 2 * (size_t)device->info.frames;
    s->samples = kf_alloc(most * (size_t)device->info.channels * sizeof(float));
    s->tone = kf_alloc(most * sizeof(float));
    return s->samples && s->tone ? KF_OK : kf_fail_memory(err);
}

static kf_status null_start(kf_audio_device *device, kf_error *err)
{
    null_state *s = device->state;
    kf_status status = kf_thread_start(&s->thread, "kf-audio-null", null_main, device, err);
    s->started = status == KF_OK;
    return status;
}

static void null_close(kf_audio_device *device)
{
    null_state *s = device->state;
    atomic_store(&s->stop, true);
    if (s->started) pthread_join(s->thread, NULL);
    kf_free(s->samples);
    kf_free(s->tone);
}

static const char *null_system(int index)
{
    return index == 0 ? "null" : NULL;
}

static kf_status null_list(const char *system, kf_audio_device_list *list, kf_error *err)
{
    const kf_audio_device_entry output = {.system = "null", .name = "No sound", .direction = KF_AUDIO_OUTPUT};
    const kf_audio_device_entry input = {.system = "null", .name = "Test tone", .direction = KF_AUDIO_INPUT};
    kf_status status = kf_device_list_add(list, &output, err);
    return status ? status : kf_device_list_add(list, &input, err);
}

const kf_audio_backend kf_audio_backend_null = {
    .system = null_system,
    .state_size = sizeof(null_state),
    .open = null_open,
    .start = null_start,
    .close = null_close,
    .list = null_list,
};
