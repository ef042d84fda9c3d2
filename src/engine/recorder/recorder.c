/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "engine/api/recorder.h"
#include "engine/recorder/tap.h"
#include "media/api/wav.h"

#define DRAIN_NS INT64_C(20000000) /* how often a take is written on */
enum { BLOCK = 1024 };

struct kf_recorder {
    kf_recorder_params params;  /* its strings: */
    char *system, *name;
    pthread_t thread;
    kf_tap tap;
    kf_audio_device *device;    /* the thread's */
    _Atomic int64_t frames;     /* of the take */

    pthread_mutex_t mutex;      /* of all that follows */
    pthread_cond_t wake;
    bool quit, lost;
    kf_recorder_phase phase;
    kf_error error;             /* why it failed, or will when the take is finished */
    char system_used[32], device_used[256];
    char *path;                 /* of the take */
};

/* ---- what the thread tells ---- */

static void tell(kf_recorder *r)
{
    if (r->params.changed) r->params.changed(r->params.context);
}

static void set_phase(kf_recorder *r, kf_recorder_phase phase)
{
    pthread_mutex_lock(&r->mutex);
    r->phase = phase;
    pthread_mutex_unlock(&r->mutex);
    tell(r);
}

static void fail(kf_recorder *r, const kf_error *why)
{
    pthread_mutex_lock(&r->mutex);
    r->error = *why;
    pthread_mutex_unlock(&r->mutex);
    set_phase(r, KF_RECORDER_FAILED);
}

static void on_block(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block)
{
    kf_recorder *r = ctx;
    kf_tap_block(&r->tap, planes, n, block);
}

static void on_lost(void *ctx, const kf_error *why)
{
    kf_recorder *r = ctx;
    pthread_mutex_lock(&r->mutex);
    r->lost = true;
    r->error = *why;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->mutex);
}

/* ---- a take ---- */

typedef struct take {
    kf_wav *wav;                /* NULL: none was made */
    float *planes[KF_DSP_MAX_CHANNELS];
    int64_t lost;
    kf_error error;             /* status 0: none */
} take;

/* Writes what has come; after an error it is only taken out of the way. */
static void drain(kf_recorder *r, take *t)
{
    bool silent;
    for (int32_t n; (n = kf_tap_take(&r->tap, t->planes, BLOCK, &silent)) > 0;) {
        if (silent) t->lost += n;
        if (!t->wav || t->error.status) continue;
        if (kf_wav_write(t->wav, (const float *const *)t->planes, n, &t->error)) kf_tap_close(&r->tap);
        atomic_store(&r->frames, kf_wav_frames(t->wav));
    }
}

/* Waits a moment for more, or for being told to stop. False when the device is gone. */
static bool wait_for_more(kf_recorder *r)
{
    int64_t until = kf_clock_ns() + DRAIN_NS;
    pthread_mutex_lock(&r->mutex);
    if (r->quit) kf_tap_close(&r->tap);
    while (!r->lost && kf_cond_wait_until(&r->wake, &r->mutex, until)) continue;
    bool lost = r->lost;
    pthread_mutex_unlock(&r->mutex);
    return !lost;
}

static void write_take(kf_recorder *r, take *t)
{
    while (!kf_tap_closed(&r->tap)) {
        drain(r, t);
        if (wait_for_more(r)) continue;
        kf_audio_device_close(r->device); /* so that no block is under way */
        r->device = NULL;
        if (!t->error.status) t->error = r->error;
        break;
    }
    drain(r, t);
}

/* Gives the file its name if there is sound in it, and says how much in the error, if there is one. */
static int64_t finish_file(take *t, int32_t rate)
{
    int64_t frames = t->wav ? kf_wav_frames(t->wav) : 0;
    if (frames == 0) {
        kf_wav_discard(t->wav);
        return 0;
    }
    kf_error failed;
    if (kf_wav_finish(t->wav, &failed)) {
        t->error = failed;
        return 0;
    }
    if (!t->error.status) return frames;
    const kf_error why = t->error;
    kf_fail(&t->error, why.status, "%.800s; the first %.1f s are kept", why.message, (double)frames / rate);
    return frames;
}

static void report(kf_recorder *r, const take *t, const char *path, int64_t frames)
{
    const kf_recorder_take done = {.path = path, .frames = frames, .rate = r->tap.rate, .channels = r->tap.channels,
                                   .start_ns = atomic_load(&r->tap.start_ns), .lost = t->lost,
                                   .error = t->error.status ? &t->error : NULL};
    if (r->params.finished) r->params.finished(r->params.context, &done);
}

static void run_take(kf_recorder *r, const char *path, float *scratch)
{
    take t = {0};
    tell(r); /* of the phase that kf_recorder_start has set */
    const kf_wav_params params = {.path = path, .rate = r->tap.rate, .channels = r->tap.channels};
    for (int32_t c = 0; c < r->tap.channels; c++) t.planes[c] = scratch + (size_t)c * BLOCK;
    if (kf_wav_create(&params, &t.wav, &t.error)) kf_tap_close(&r->tap);
    write_take(r, &t);
    set_phase(r, KF_RECORDER_FINISHING);
    report(r, &t, path, finish_file(&t, r->tap.rate));
}

/* ---- the thread ---- */

static kf_status open_device(kf_recorder *r, kf_error *err)
{
    kf_audio_device_params p = kf_audio_device_params_default();
    p.system = r->system;
    p.device = r->name;
    p.direction = KF_AUDIO_INPUT;
    p.rate = r->params.rate;
    p.channels = r->params.channels;
    p.frames = r->params.buffer_frames;
    p.callback = on_block;
    p.lost = on_lost;
    p.ctx = r;
    return kf_audio_device_open(&p, &r->device, err);
}

/* The next take's path; NULL: it is over, because of `quit` or a lost device. */
static char *next_take(kf_recorder *r)
{
    pthread_mutex_lock(&r->mutex);
    while (!r->quit && !r->lost && !r->path) pthread_cond_wait(&r->wake, &r->mutex);
    char *path = r->path;
    r->path = NULL;
    pthread_mutex_unlock(&r->mutex);
    return path;
}

static void record(kf_recorder *r, float *scratch)
{
    set_phase(r, KF_RECORDER_READY);
    for (char *path; (path = next_take(r));) {
        run_take(r, path, scratch);
        kf_free(path);
        if (r->device) set_phase(r, KF_RECORDER_READY);
    }
    kf_audio_device_close(r->device);
    r->device = NULL;
}

static void *recorder_main(void *arg)
{
    kf_recorder *r = arg;
    kf_error err;
    float *scratch = kf_alloc_zero((size_t)r->params.channels * BLOCK, sizeof(float));
    kf_status status = scratch ? open_device(r, &err) : kf_fail_memory(&err);
    if (status) {
        fail(r, &err);
    } else {
        const kf_audio_device_info *info = kf_audio_device_get_info(r->device);
        pthread_mutex_lock(&r->mutex);
        snprintf(r->system_used, sizeof r->system_used, "%s", info->system);
        snprintf(r->device_used, sizeof r->device_used, "%s", info->name);
        pthread_mutex_unlock(&r->mutex);
        record(r, scratch);
        if (r->lost) set_phase(r, KF_RECORDER_FAILED);
    }
    kf_free(scratch);
    return NULL;
}

/* ---- the caller's side ---- */

static kf_status init(kf_recorder *r, const kf_recorder_params *params, kf_error *err)
{
    r->params = *params;
    r->params.system = r->params.device = NULL;
    r->system = kf_strdup(params->system);
    r->name = kf_strdup(params->device);
    if ((params->system && !r->system) || (params->device && !r->name)) return kf_fail_memory(err);
    kf_status status = kf_tap_init(&r->tap, params->rate, params->channels, err);
    return status ? status : kf_thread_start(&r->thread, "kf-recorder", recorder_main, r, err);
}

static void free_recorder(kf_recorder *r)
{
    kf_tap_finish(&r->tap);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->mutex);
    kf_free(r->path);
    kf_free(r->system);
    kf_free(r->name);
    kf_free(r);
}

kf_status kf_engine_recorder_create(const kf_recorder_params *params, kf_recorder **out, kf_error *err)
{
    *out = NULL;
    kf_recorder *r = KF_NEW(kf_recorder);
    if (!r) return kf_fail_memory(err);
    pthread_mutex_init(&r->mutex, NULL);
    kf_cond_init(&r->wake);
    kf_status status = init(r, params, err);
    if (status) free_recorder(r);
    else *out = r;
    return status;
}

void kf_engine_recorder_destroy(kf_recorder *r)
{
    if (!r) return;
    pthread_mutex_lock(&r->mutex);
    r->quit = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->mutex);
    pthread_join(r->thread, NULL);
    free_recorder(r);
}

kf_status kf_engine_recorder_start(kf_recorder *r, const char *path, kf_error *err)
{
    char *copy = kf_strdup(path);
    if (!copy) return kf_fail_memory(err);
    pthread_mutex_lock(&r->mutex);
    bool ready = r->phase == KF_RECORDER_READY && !r->lost;
    if (ready) {
        atomic_store(&r->frames, 0);
        kf_tap_open(&r->tap);
        r->path = copy;
        r->phase = KF_RECORDER_RECORDING;
        pthread_cond_signal(&r->wake);
    }
    pthread_mutex_unlock(&r->mutex);
    if (ready) return KF_OK;
    kf_free(copy);
    return kf_fail(err, KF_ERR_INVALID, "the recorder is not ready; wait for its device, or for the take before");
}

kf_status kf_engine_recorder_stop(kf_recorder *r, kf_error *err)
{
    pthread_mutex_lock(&r->mutex);
    bool recording = r->phase == KF_RECORDER_RECORDING;
    if (recording) {
        kf_tap_close(&r->tap);
        r->phase = KF_RECORDER_FINISHING;
    }
    pthread_mutex_unlock(&r->mutex);
    return recording ? KF_OK : kf_fail(err, KF_ERR_INVALID, "nothing is being recorded");
}

void kf_engine_recorder_state(kf_recorder *r, kf_recorder_state *out)
{
    *out = (kf_recorder_state){.rate = r->tap.rate, .channels = r->tap.channels};
    pthread_mutex_lock(&r->mutex);
    out->phase = r->phase;
    if (r->phase == KF_RECORDER_FAILED) out->error = r->error;
    memcpy(out->system, r->system_used, sizeof out->system);
    memcpy(out->device, r->device_used, sizeof out->device);
    pthread_mutex_unlock(&r->mutex);
    out->frames = atomic_load(&r->frames);
    out->start_ns = atomic_load(&r->tap.start_ns);
    out->clipped = atomic_load(&r->tap.clipped);
    kf_tap_levels(&r->tap, out->peak_db, out->rms_db);
}
