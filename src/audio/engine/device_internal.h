/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the devices: what a backend is, and what it tells the front end. The front end has checked the params. */
#ifndef KF_AUDIO_DEVICE_INTERNAL_H
#define KF_AUDIO_DEVICE_INTERNAL_H

#include "audio/engine/clock.h"
#include "base/api/thread.h"

typedef struct kf_audio_backend {
    const char *(*system)(int index); /* names of the sound systems that it serves; NULL past the last one */
    size_t state_size;
    /* Fills device->info (frames, latency, system, name) and gets ready; no callbacks yet. close is called after
     * failure too. */
    kf_status (*open)(kf_audio_device *device, kf_error *err);
    kf_status (*start)(kf_audio_device *device, kf_error *err);
    void (*close)(kf_audio_device *device); /* stops first; state is zero if open was not reached */
    bool (*gone)(kf_audio_device *device);  /* the watcher asks, ten times a second until it is true; may be NULL */
    /* Appends what there is; system NULL: of the one that works, nothing if none does. */
    kf_status (*list)(const char *system, kf_audio_device_list *list, kf_error *err);
} kf_audio_backend;

extern const kf_audio_backend kf_audio_backend_null;
#ifdef KF_HAVE_SDL2
extern const kf_audio_backend kf_audio_backend_sdl2;
#endif
#ifdef KF_HAVE_JACK
extern const kf_audio_backend kf_audio_backend_jack;
#endif

struct kf_audio_device {
    const kf_audio_backend *backend;
    void *state;                  /* the backend's, state_size bytes, zeroed */
    kf_audio_device_params params;
    kf_audio_device_info info;
    kf_clock clock;
    float *planes[KF_DSP_MAX_CHANNELS]; /* info.frames each */
    float *scratch;
    _Atomic int64_t callbacks;
    _Atomic double load, worst_load;
    _Atomic bool lost;            /* set once by whoever notices */
    pthread_t watcher;            /* finds the device gone and says so */
    pthread_mutex_t mutex;
    pthread_cond_t stop_cond;
    bool watching, stop;          /* stop is under the mutex */
};

/* A block of n frames, n > 0, on the device's thread. NULL: output goes nowhere, input is silence. */
void kf_device_run_interleaved(kf_audio_device *device, float *samples, int32_t n) KF_REALTIME;
void kf_device_run_planar(kf_audio_device *device, float *const *planes, int32_t n) KF_REALTIME;
kf_status kf_device_list_add(kf_audio_device_list *list, const kf_audio_device_entry *entry, kf_error *err);

#endif
