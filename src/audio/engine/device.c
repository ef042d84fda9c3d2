/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The front end of audio devices: checks, blocks, clock, the watcher. */
#include <stdio.h>
#include <string.h>

#include "audio/engine/device_internal.h"
#include "base/api/alloc.h"

#define WATCH_MS 100
#define SILENT_WATCHES 30 /* three seconds without a callback: nobody is there any more */

static const kf_audio_backend *const BACKENDS[] = {
#ifdef KF_HAVE_SDL2
    &kf_audio_backend_sdl2,
#endif
#ifdef KF_HAVE_JACK
    &kf_audio_backend_jack,
#endif
    &kf_audio_backend_null,
};
enum { BACKEND_COUNT = sizeof BACKENDS / sizeof BACKENDS[0] };

kf_audio_device_params kf_audio_device_params_default(void)
{
    return (kf_audio_device_params){.rate = 48000, .channels = 2, .frames = 512};
}

/* ---- on the device's thread ---- */

static void note_load(kf_audio_device *device, int64_t began_ns, int32_t n)
{
    double load = (double)(kf_clock_ns() - began_ns) * 1e-9 * device->info.rate / n;
    double smooth = atomic_load_explicit(&device->load, memory_order_relaxed);
    atomic_store_explicit(&device->load, smooth + (load - smooth) * 0.05, memory_order_relaxed);
    if (load > atomic_load_explicit(&device->worst_load, memory_order_relaxed)) {
        atomic_store_explicit(&device->worst_load, load, memory_order_relaxed);
    }
}

static void interleave(const kf_audio_device *device, float *samples, int32_t n)
{
    int32_t channels = device->info.channels;
    for (int32_t c = 0; c < channels; c++) {
        for (int32_t i = 0; i < n; i++) samples[(size_t)i * channels + c] = device->planes[c][i];
    }
}

static void deinterleave(const kf_audio_device *device, const float *samples, int32_t n)
{
    int32_t channels = device->info.channels;
    for (int32_t c = 0; c < channels; c++) {
        for (int32_t i = 0; i < n; i++) device->planes[c][i] = samples[(size_t)i * channels + c];
    }
}

/* The samples of a block in the device's own order; at most one is not NULL. */
typedef struct samples {
    float *interleaved;
    float *const *planar;
} samples;

static void run_part(kf_audio_device *device, samples s, int32_t at, int32_t n, const kf_audio_block *block)
{
    bool input = device->params.direction == KF_AUDIO_INPUT;
    int32_t channels = device->info.channels;
    float *own[KF_DSP_MAX_CHANNELS], *const *planes = device->planes;
    float *interleaved = s.interleaved ? s.interleaved + (size_t)at * channels : NULL;
    for (int32_t c = 0; c < channels && s.planar; c++) own[c] = s.planar[c] + at;
    if (s.planar) planes = own;
    if (input && interleaved) deinterleave(device, interleaved, n);
    bool silence = !input || (!interleaved && !s.planar);
    for (int32_t c = 0; c < channels && silence; c++) memset(planes[c], 0, (size_t)n * sizeof(float));
    device->params.callback(device->params.ctx, planes, n, block);
    if (!input && interleaved) interleave(device, interleaved, n);
}

static void run(kf_audio_device *device, samples s, int32_t n)
{
    int64_t now = kf_clock_ns(), frame = device->clock.frames, heard_ns = kf_clock_update(&device->clock, now, n);
    for (int32_t at = 0; at < n;) {
        int32_t part = n - at < device->info.frames ? n - at : device->info.frames;
        kf_audio_block block = {frame + at, heard_ns + (int64_t)at * 1000000000 / device->info.rate};
        run_part(device, s, at, part, &block);
        at += part;
    }
    note_load(device, now, n);
    atomic_fetch_add_explicit(&device->callbacks, 1, memory_order_relaxed);
}

/* A lost device may go on for a while in its backend, but not for the caller. */
static bool is_lost(const kf_audio_device *device)
{
    return atomic_load_explicit(&device->lost, memory_order_acquire);
}

void kf_device_run_interleaved(kf_audio_device *device, float *interleaved, int32_t n)
{
    if (!is_lost(device)) {
        run(device, (samples){.interleaved = interleaved}, n);
    } else if (interleaved) {
        memset(interleaved, 0, (size_t)n * (size_t)device->info.channels * sizeof(float));
    }
}

void kf_device_run_planar(kf_audio_device *device, float *const *planes, int32_t n)
{
    if (!is_lost(device)) {
        run(device, (samples){.planar = planes}, n);
        return;
    }
    for (int32_t c = 0; c < device->info.channels; c++) memset(planes[c], 0, (size_t)n * sizeof(float));
}

/* ---- the watcher ---- */

/* Waits a moment; false when the device is being closed. */
static bool watch_wait(kf_audio_device *device)
{
    int64_t until = kf_clock_ns() + WATCH_MS * INT64_C(1000000);
    pthread_mutex_lock(&device->mutex);
    while (!device->stop && kf_cond_wait_until(&device->stop_cond, &device->mutex, until)) continue;
    bool on = !device->stop;
    pthread_mutex_unlock(&device->mutex);
    return on;
}

static bool is_gone(kf_audio_device *device)
{
    bool gone = device->backend->gone && device->backend->gone(device);
    return gone || is_lost(device);
}

static void tell_lost(kf_audio_device *device, bool silent)
{
    kf_error why;
    kf_fail(&why, KF_ERR_IO, "the audio device \"%s\" %s; plug it in again or choose another one", device->info.name,
            silent ? "has stopped" : "is gone");
    atomic_store(&device->lost, true);
    if (device->params.lost) device->params.lost(device->params.ctx, &why);
}

static void *watcher_main(void *arg)
{
    kf_audio_device *device = arg;
    int64_t seen = 0;
    int silent = 0;
    while (watch_wait(device)) {
        int64_t callbacks = atomic_load_explicit(&device->callbacks, memory_order_relaxed);
        silent = callbacks == seen ? silent + 1 : 0;
        seen = callbacks;
        bool gone = is_gone(device);
        if (!gone && silent < SILENT_WATCHES) continue;
        tell_lost(device, !gone);
        break;
    }
    return NULL;
}

static kf_status watcher_start(kf_audio_device *device, kf_error *err)
{
    kf_status status = kf_thread_start(&device->watcher, "kf-audio-watch", watcher_main, device, err);
    device->watching = status == KF_OK;
    return status;
}

static void watcher_stop(kf_audio_device *device)
{
    if (!device->watching) return;
    pthread_mutex_lock(&device->mutex);
    device->stop = true;
    pthread_cond_signal(&device->stop_cond);
    pthread_mutex_unlock(&device->mutex);
    pthread_join(device->watcher, NULL);
}

/* ---- opening ---- */

static kf_status check_params(const kf_audio_device_params *p, kf_error *err)
{
    if (!p->callback) return kf_fail(err, KF_ERR_INVALID, "an audio device needs a callback");
    if (p->rate < 8000 || p->rate > 384000) {
        return kf_fail(err, KF_ERR_INVALID, "%d Hz is no rate for an audio device; use 8000 to 384000", (int)p->rate);
    }
    if (p->channels < 1 || p->channels > KF_DSP_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_INVALID, "%d channels; an audio device has 1 to %d", (int)p->channels,
                       KF_DSP_MAX_CHANNELS);
    }
    if (p->frames < KF_AUDIO_MIN_FRAMES || p->frames > KF_AUDIO_MAX_FRAMES) {
        return kf_fail(err, KF_ERR_INVALID, "a buffer of %d frames; use %d to %d", (int)p->frames, KF_AUDIO_MIN_FRAMES,
                       KF_AUDIO_MAX_FRAMES);
    }
    return KF_OK;
}

static kf_status make_planes(kf_audio_device *device, kf_error *err)
{
    size_t stride = ((size_t)device->info.frames + 15) & ~(size_t)15;
    device->scratch = kf_alloc_aligned(stride * (size_t)device->info.channels * sizeof(float));
    if (!device->scratch) return kf_fail_memory(err);
    for (int32_t c = 0; c < device->info.channels; c++) device->planes[c] = device->scratch + stride * (size_t)c;
    return KF_OK;
}

static kf_audio_device *device_new(const kf_audio_backend *backend, const kf_audio_device_params *params)
{
    kf_audio_device *device = kf_alloc_zero(1, sizeof *device);
    if (!device) return NULL;
    device->backend = backend;
    device->params = *params;
    if (params->device && !*params->device) device->params.device = NULL;
    if (params->system && !*params->system) device->params.system = NULL;
    device->info = (kf_audio_device_info){
        .rate = params->rate, .channels = params->channels, .frames = params->frames};
    kf_cond_init(&device->stop_cond);
    pthread_mutex_init(&device->mutex, NULL);
    device->state = kf_alloc_zero(1, backend->state_size);
    if (device->state) return device;
    kf_audio_device_close(device);
    return NULL;
}

static kf_status start(kf_audio_device *device, kf_error *err)
{
    kf_status status = device->backend->open(device, err);
    if (status) return status;
    status = make_planes(device, err);
    if (status) return status;
    const kf_audio_device_info *info = &device->info;
    bool input = device->params.direction == KF_AUDIO_INPUT;
    kf_clock_init(&device->clock, info->rate, input ? -(info->frames + info->latency) : info->latency);
    status = device->backend->start(device, err);
    return status ? status : watcher_start(device, err);
}

static kf_status open_with(const kf_audio_backend *backend, const kf_audio_device_params *params,
                           kf_audio_device **out, kf_error *err)
{
    kf_audio_device *device = device_new(backend, params);
    if (!device) return kf_fail_memory(err);
    kf_status status = start(device, err);
    if (status) {
        kf_audio_device_close(device);
        return status;
    }
    /* what was borrowed */
    device->params.system = device->params.device = NULL;
    *out = device;
    return KF_OK;
}

static bool serves(const kf_audio_backend *backend, const char *system)
{
    const char *name;
    for (int i = 0; (name = backend->system(i)); i++) {
        if (strcmp(name, system) == 0) return true;
    }
    return false;
}

static kf_status find_backend(const char *system, const kf_audio_backend **out, kf_error *err)
{
    for (int i = 0; i < BACKEND_COUNT; i++) {
        *out = BACKENDS[i];
        if (serves(BACKENDS[i], system)) return KF_OK;
    }
    char names[200] = "";
    for (int i = 0; kf_audio_system(i); i++) {
        size_t length = strlen(names);
        snprintf(names + length, sizeof names - length, "%s%s", i ? ", " : "", kf_audio_system(i));
    }
    return kf_fail(err, KF_ERR_UNSUPPORTED, "this build of Kerf cannot use the sound system \"%s\"; it can use %s",
                   system, names);
}

kf_status kf_audio_device_open(const kf_audio_device_params *params, kf_audio_device **out, kf_error *err)
{
    *out = NULL;
    kf_status status = check_params(params, err);
    if (status) return status;
    if (params->system && *params->system) {
        const kf_audio_backend *backend;
        status = find_backend(params->system, &backend, err);
        return status ? status : open_with(backend, params, out, err);
    }
    status = open_with(BACKENDS[0], params, out, err);
    bool named = params->device && *params->device;
    return status == KF_ERR_NOT_FOUND && !named ? open_with(&kf_audio_backend_null, params, out, err) : status;
}

void kf_audio_device_close(kf_audio_device *device)
{
    if (!device) return;
    watcher_stop(device);
    if (device->state) device->backend->close(device);
    pthread_cond_destroy(&device->stop_cond);
    pthread_mutex_destroy(&device->mutex);
    kf_free_aligned(device->scratch);
    kf_free(device->state);
    kf_free(device);
}

/* ---- asking ---- */

const kf_audio_device_info *kf_audio_device_get_info(const kf_audio_device *device)
{
    return &device->info;
}

kf_audio_clock kf_audio_device_clock(const kf_audio_device *device, int64_t ns)
{
    return kf_clock_read(&device->clock, ns);
}

kf_audio_device_stats kf_audio_device_get_stats(const kf_audio_device *device)
{
    return (kf_audio_device_stats){
        .callbacks = atomic_load_explicit(&device->callbacks, memory_order_relaxed),
        .frames = atomic_load_explicit(&device->clock.frames, memory_order_relaxed),
        .gaps = atomic_load_explicit(&device->clock.gaps, memory_order_relaxed),
        .load = atomic_load_explicit(&device->load, memory_order_relaxed),
        .worst_load = atomic_load_explicit(&device->worst_load, memory_order_relaxed),
        .lost = atomic_load_explicit(&device->lost, memory_order_relaxed),
    };
}

/* ---- what there is ---- */

kf_status kf_device_list_add(kf_audio_device_list *list, const kf_audio_device_entry *entry, kf_error *err)
{
    kf_audio_device_entry *grown = kf_realloc(list->entries, sizeof *grown * ((size_t)list->count + 1));
    if (!grown) return kf_fail_memory(err);
    list->entries = grown;
    grown[list->count++] = *entry;
    return KF_OK;
}

kf_status kf_audio_device_list_get(const char *system, kf_audio_device_list *out, kf_error *err)
{
    *out = (kf_audio_device_list){0};
    const kf_audio_backend *backend;
    kf_status status = KF_OK;
    if (system && *system) {
        status = find_backend(system, &backend, err);
        return status ? status : backend->list(system, out, err);
    }
    for (int i = 0; i < BACKEND_COUNT && !status; i++) status = BACKENDS[i]->list(NULL, out, err);
    return status;
}

const char *kf_audio_system(int index)
{
    for (int i = 0; i < BACKEND_COUNT; i++) {
        for (int k = 0; BACKENDS[i]->system(k); k++) {
            if (index-- == 0) return BACKENDS[i]->system(k);
        }
    }
    return NULL;
}

void kf_audio_device_list_finish(kf_audio_device_list *list)
{
    kf_free(list->entries);
    *list = (kf_audio_device_list){0};
}
