/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio devices: sound out of and into the program, and the clock that they are.
 *
 * A device calls back on a real-time thread of its own for each block of samples. Blocks are counted in frames (one
 * sample of each channel) from 0 on; after a gap the count goes on where it was, so that it says what was handed over
 * and not what time has passed. kf_audio_device_clock says what of it is heard at a moment of the system's clock.
 *
 * Sound systems go by name: those that SDL 2 knows ("pipewire", "pulseaudio", "alsa" ...; if built in), "jack" (if
 * built in), and "null", which runs on the system's clock, is always there, and misbehaves on request.
 *
 * Threads: open, close and list wait for the system and are for threads that may wait; distinct devices are
 * independent. kf_audio_device_clock and _stats may be called from any thread at any time between open and close, and
 * never wait. */
#ifndef KF_AUDIO_DEVICE_H
#define KF_AUDIO_DEVICE_H

#include "audio/dsp/api/dsp.h"

enum { KF_AUDIO_MIN_FRAMES = 64, KF_AUDIO_MAX_FRAMES = 2048 };

typedef struct kf_audio_device kf_audio_device;

/* What a callback is told about its block. */
typedef struct kf_audio_block {
    int64_t frame;   /* of the block's first sample, counted since the device was opened */
    int64_t heard_ns; /* when that sample is (output) or was (input) in the air: kf_clock_ns, filtered */
} kf_audio_block;

/* Output: fill n samples of each plane, which hold zeros before. Input: read them. 0 < n <= info.frames, not always the
 * same. On the device's real-time thread: must not allocate, lock, wait or call the system. */
typedef void kf_audio_device_fn(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block);

/* The device is gone (unplugged, its server ended) and will not call back again. Called once at most, from a thread
 * which may wait, but not close the device: tell another thread to do so. */
typedef void kf_audio_lost_fn(void *ctx, const kf_error *why);

typedef enum kf_audio_direction { KF_AUDIO_OUTPUT, KF_AUDIO_INPUT } kf_audio_direction;

/* How a null device behaves. All zero: well. As a device's name it is a text, "lost_after_ms=2000,jitter_ms=5". */
typedef struct kf_audio_null_params {
    int32_t rate_error_ppm;  /* how much faster its crystal is than the system's clock; -9000 .. 9000 */
    int32_t jitter_ms;       /* callbacks come late by 0 .. this, evenly spread; to 1000 */
    int32_t skip_every;      /* each n-th callback is missing, as when the machine was busy; 0: none is */
    int32_t odd_blocks;      /* 1: blocks of 1 .. 2 * frames rather than of what was agreed on */
    int32_t lost_after_ms;   /* unplugged after that time; 0: never */
    int32_t tone_hz, tone_db; /* input: the test tone; 0 Hz stands for 1000 Hz at -20 dBFS */
} kf_audio_null_params;

typedef struct kf_audio_device_params {
    const char *system;      /* NULL, "": the one that works, which is null if there is no device at all */
    const char *device;      /* a name from kf_audio_device_list_get; NULL, "": the system's default */
    kf_audio_direction direction;
    int32_t rate;            /* 8000..384000 */
    int32_t channels;        /* 1..KF_DSP_MAX_CHANNELS */
    int32_t frames;          /* per block, KF_AUDIO_MIN_FRAMES .. KF_AUDIO_MAX_FRAMES; devices may differ */
    kf_audio_device_fn *callback;
    kf_audio_lost_fn *lost;  /* may be NULL */
    void *ctx;
    kf_audio_null_params null; /* of the null device; what its name says goes before */
} kf_audio_device_params;
/* 48 kHz, stereo, 512 frames, output, the system's default device; no callback. */
kf_audio_device_params kf_audio_device_params_default(void);

typedef struct kf_audio_device_info {
    char system[32];         /* "pipewire", ... or "null" */
    char name[256];
    int32_t rate, channels;  /* as asked for */
    int32_t frames;          /* most that a callback gets */
    int32_t latency;         /* frames from a callback to the air, as far as the system tells */
} kf_audio_device_info;

/* Opens the device and starts it: callbacks may come before this returns. Params are borrowed for the call. *out is
 * new, or NULL on failure: INVALID (a value out of range), NOT_FOUND (no such device or system, or it does not run),
 * UNSUPPORTED (not in this build, or not at this rate), IO (it cannot be opened; the message has its reason). */
kf_status kf_audio_device_open(const kf_audio_device_params *params, kf_audio_device **out, kf_error *err);
/* When it returns no callback runs or will. Not from a callback. NULL is fine. */
void kf_audio_device_close(kf_audio_device *device);
const kf_audio_device_info *kf_audio_device_get_info(const kf_audio_device *device); /* good until close */

typedef struct kf_audio_clock {
    double frame;   /* heard at the moment asked for, with its fraction; negative until the first one is */
    double rate;    /* frames per second of the system's clock: the nominal rate and the crystal's error */
    bool running;   /* callbacks have come */
} kf_audio_clock;
/* What is heard at `ns` (kf_clock_ns; about now: up to a block ago or ahead). The times of callbacks are filtered, so
 * that their jitter does not show and the difference between the two clocks is known; a later moment never has a lower
 * frame, and no frame is heard before it was handed over: the clock of a device that stands still does so too. */
kf_audio_clock kf_audio_device_clock(const kf_audio_device *device, int64_t ns) KF_REALTIME;

typedef struct kf_audio_device_stats {
    int64_t callbacks, frames;
    int64_t gaps;         /* times that the device ran dry or stood still, as far as the clock tells */
    double load;          /* time inside the callback as a share of its block's, smoothed */
    double worst_load;    /* the most so far */
    bool lost;
} kf_audio_device_stats;
kf_audio_device_stats kf_audio_device_get_stats(const kf_audio_device *device) KF_REALTIME;

/* ---- What there is ---- */

/* Names of the sound systems that this build can use, whether they run here or not; NULL past the last one. Good for
 * ever. */
const char *kf_audio_system(int index);

typedef struct kf_audio_device_entry {
    char system[32], name[256];
    kf_audio_direction direction;
    bool is_default;
} kf_audio_device_entry;
typedef struct kf_audio_device_list {
    kf_audio_device_entry *entries;
    int32_t count;
} kf_audio_device_list;
/* All devices of a system there are now (NULL, "": of the one that works, of jack if it runs, and of null); asking
 * again sees what was plugged in meanwhile. A nameless entry follows the system's default. May take a second. End it
 * with kf_audio_device_list_finish, after failure too. Errors as for kf_audio_device_open. */
kf_status kf_audio_device_list_get(const char *system, kf_audio_device_list *out, kf_error *err);
void kf_audio_device_list_finish(kf_audio_device_list *list);

#endif
