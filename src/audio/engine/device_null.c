/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device that is not there: it asks for blocks by the system's clock, as a sound card with a queue of two blocks
 * does, and gives them to nobody. On request it misbehaves (kf_audio_null_params). Its input is a test tone. */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audio/engine/device_internal.h"
#include "base/api/alloc.h"
#include "base/api/field.h"

#define NAP_NS 50000000 /* closing waits no longer than this */

static const char *const NAMES[] = {[KF_AUDIO_OUTPUT] = "No sound", [KF_AUDIO_INPUT] = "Test tone"};

typedef struct null_state {
    pthread_t thread;
    bool started;
    _Atomic bool stop;
    uint64_t random;
    float *samples, *tone; /* input: two blocks, interleaved; one channel of it */
} null_state;

/* ---- settings ---- */

#define FIELD(NAME, MIN, MAX) \
    {.name = #NAME, .type = KF_FIELD_INT, .offset = offsetof(kf_audio_null_params, NAME), .min = MIN, .max = MAX}
static const kf_field FIELDS[] = {
    FIELD(rate_error_ppm, -9000, 9000), FIELD(jitter_ms, 0, 1000),       FIELD(skip_every, 0, INT32_MAX),
    FIELD(odd_blocks, 0, 1),            FIELD(lost_after_ms, 0, INT32_MAX), FIELD(tone_hz, 0, 192000),
    FIELD(tone_db, -144, 24),
};
enum { FIELD_COUNT = sizeof FIELDS / sizeof FIELDS[0] };

static kf_status set_field(kf_audio_null_params *p, const char *name, long value, kf_error *err)
{
    const kf_field *field = kf_field_find(FIELDS, FIELD_COUNT, name);
    const double number = (double)value;
    if (!field) return kf_fail(err, KF_ERR_NOT_FOUND, "the null audio device has no setting \"%s\"", name);
    if (!kf_field_in_range(field, &number)) {
        return kf_fail(err, KF_ERR_INVALID, "the null audio device's %s is %.0f .. %.0f, not %ld", name, field->min,
                       field->max, value);
    }
    *(int32_t *)(void *)((char *)p + field->offset) = (int32_t)value;
    return KF_OK;
}

/* "name=number,name=number". */
static kf_status read_settings(const char *text, kf_audio_null_params *p, kf_error *err)
{
    kf_status status = KF_OK;
    while (text && *text && !status) {
        char name[32];
        long value;
        int length = 0;
        if (sscanf(text, "%31[a-z_]=%ld%n", name, &value, &length) != 2 || (text[length] && text[length] != ',')) {
            return kf_fail(err, KF_ERR_NOT_FOUND,
                           "there is no audio device \"%s\" of the null system; its settings are "
                           "such as \"lost_after_ms=2000,jitter_ms=5\"",
                           text);
        }
        status = set_field(p, name, value, err);
        text += length + (text[length] == ',');
    }
    return status;
}

/* ---- its thread ---- */

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
    int64_t hz = p->tone_hz > 0 ? p->tone_hz : 1000;
    float gain = kf_db_to_gain(p->tone_hz > 0 ? (float)p->tone_db : -20.0f);
    kf_tone_fill(hz * 1000, device->info.rate, gain, device->clock.frames, n, s->tone);
    int32_t channels = device->info.channels;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t c = 0; c < channels; c++) s->samples[(size_t)i * channels + c] = s->tone[i];
    }
}

/* As the threads of real devices are, where that is allowed: else it comes late on a busy machine. */
static void be_real_time(void)
{
    pthread_setschedparam(pthread_self(), SCHED_RR, &(struct sched_param){.sched_priority = 1});
}

static void *null_main(void *arg)
{
    kf_audio_device *device = arg;
    be_real_time();
    null_state *s = device->state;
    const kf_audio_null_params *p = &device->params.null;
    double frame_ns = 1e9 / (device->info.rate * (1 + p->rate_error_ppm * 1e-6));
    double due = (double)kf_clock_ns(), end = p->lost_after_ms > 0 ? due + p->lost_after_ms * 1e6 : INFINITY;
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

/* ---- for the front end ---- */

static bool is_own_name(const char *name, kf_audio_direction direction)
{
    return name && strcmp(name, NAMES[direction]) == 0;
}

static kf_status null_open(kf_audio_device *device, kf_error *err)
{
    null_state *s = device->state;
    const char *name = device->params.device;
    kf_status status = KF_OK;
    if (!is_own_name(name, device->params.direction)) status = read_settings(name, &device->params.null, err);
    if (status) return status;
    s->random = 1;
    device->info.latency = 2 * device->info.frames;
    snprintf(device->info.system, sizeof device->info.system, "null");
    snprintf(device->info.name, sizeof device->info.name, "%s", NAMES[device->params.direction]);
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
    kf_status status = KF_OK;
    for (int direction = KF_AUDIO_OUTPUT; direction <= KF_AUDIO_INPUT && !status; direction++) {
        kf_audio_device_entry entry = {.system = "null", .direction = (kf_audio_direction)direction};
        snprintf(entry.name, sizeof entry.name, "%s", NAMES[direction]);
        status = kf_device_list_add(list, &entry, err);
    }
    return status;
}

const kf_audio_backend kf_audio_backend_null = {
    .system = null_system,
    .state_size = sizeof(null_state),
    .open = null_open,
    .start = null_start,
    .close = null_close,
    .list = null_list,
};
