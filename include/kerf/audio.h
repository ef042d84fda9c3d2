/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, audio devices: which there are, and recording from them, as for a voice-over.
 *
 * Sound systems go by name, such as "pipewire", "pulseaudio", "alsa", "jack", and "null", which is always there: its
 * output is silence that keeps time, its input a test tone. Wherever a system or a device is asked for, NULL and ""
 * stand for the system that works here, and for the device that the user has chosen for it. In place of the name of a
 * "null" device, settings say how it misbehaves, for trying what a program does then: "lost_after_ms=2000" (unplugged),
 * "rate_error_ppm=500", "jitter_ms=5", "skip_every=10" (blocks); several with commas between.
 *
 * Conventions as in kerf.h. */
#ifndef KERF_AUDIO_H
#define KERF_AUDIO_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Devices ---- */

/* Names of the sound systems that this build can use, whether they run here or not; NULL past the last. Any thread. */
KF_API const char *kf_audio_system_name(int32_t index);

typedef struct kf_audio_device_item {
    char system[32], name[256]; /* as players and recorders take them; name "": the system's default */
    bool input;
    bool is_default;            /* the one that the default is now, where the system tells */
} kf_audio_device_item;
typedef struct kf_audio_devices {
    kf_audio_device_item *items;
    int32_t count;
} kf_audio_devices;
/* What is there now; list again to see what was plugged in meanwhile. With system NULL or "": the devices of the system
 * that works here, of "jack" if it runs, and of "null", last. Asks the system, which takes milliseconds, or a second
 * where it hangs: call it from a thread that may wait. *out is new; KF_ERR_NOT_FOUND: that system does not run;
 * KF_ERR_UNSUPPORTED: this build cannot use it; KF_ERR_INVALID: devices of another one are open, and both cannot be
 * used at once. */
KF_API kf_status kf_audio_devices_list(const char *system, kf_audio_devices *out, kf_error *error);
KF_API void kf_audio_devices_finish(kf_audio_devices *devices); /* zero is fine */

/* ---- Recording ---- */

/* Listens to an input, shows its level, and writes takes of it to WAV files of 24 bits. All waiting is done on a thread
 * of its own. A recorder may be used from any number of threads at once; no function but kf_recorder_destroy waits. */
typedef struct kf_recorder kf_recorder;

typedef enum kf_recorder_phase {
    KF_RECORDER_OPENING,    /* the device */
    KF_RECORDER_READY,      /* listens: levels are live */
    KF_RECORDER_RECORDING,
    KF_RECORDER_FINISHING,  /* of a take: what is still to be written, and its name */
    KF_RECORDER_FAILED      /* no device any more, for the reason in the state. A take under way was finished first */
} kf_recorder_phase;

typedef struct kf_recorder_take {
    const char *path;       /* where it is */
    int64_t frames;         /* samples of each channel; 0: there is no file */
    int32_t rate, channels;
    int64_t start_ns;       /* when its first sample was in the air, by the monotonic clock (CLOCK_MONOTONIC, ns) */
    int64_t lost;           /* frames that came faster than the disk took them; there is silence in their place */
    const kf_error *error;  /* NULL: it is all there; else why it ends early (full disk, device gone) or is not */
} kf_recorder_take;

typedef struct kf_recorder_params {
    const char *system, *device;
    int32_t rate;           /* Hz, 8000..384000 */
    int32_t channels;       /* 1..8 */
    int32_t buffer_frames;  /* 64..2048 */
    /* Called on the recorder's thread, may be NULL; must not wait for long nor destroy the recorder. */
    void (*changed)(void *context); /* the phase is another */
    void (*finished)(void *context, const kf_recorder_take *take); /* a take ended; it is good during the call */
    void *context;
} kf_recorder_params;
/* 48 kHz, one channel, 512 frames, the default device. */
KF_API kf_recorder_params kf_recorder_params_default(void);

/* Begins to open the device. params may be NULL. Fails only for numbers out of range (KF_ERR_USAGE) or want of memory
 * or threads; a device that cannot be opened makes it KF_RECORDER_FAILED. */
KF_API kf_status kf_recorder_create(const kf_recorder_params *params, kf_recorder **out, kf_error *error);
/* Finishes a take under way, and closes the device; waits for both. NULL is fine; not from a callback. */
KF_API void kf_recorder_destroy(kf_recorder *recorder);

/* A take begins with the next block of the device, and ends with the one that comes after kf_recorder_stop. The file
 * has its name when `finished` is called, never before; one that is there is not overwritten (KF_ERR_EXISTS, in the
 * take). path is copied. KF_ERR_INVALID: not ready; not recording. */
KF_API kf_status kf_recorder_start(kf_recorder *recorder, const char *path, kf_error *error);
KF_API kf_status kf_recorder_stop(kf_recorder *recorder, kf_error *error);

enum { KF_RECORDER_CHANNELS = 8 };
typedef struct kf_recorder_state {
    kf_recorder_phase phase;
    char system[32], device[256]; /* what was opened; "" before */
    int32_t rate, channels;
    int64_t frames;         /* of the take so far */
    int64_t start_ns;       /* as in kf_recorder_take; 0: no sample has come yet */
    float peak_db[KF_RECORDER_CHANNELS]; /* dBFS, the highest since the state was last asked for; -INFINITY: silence */
    float rms_db[KF_RECORDER_CHANNELS];  /* over the last 300 ms; a full-scale sine is -3.01 dB */
    bool clipped;           /* full scale was reached since the take began, or since the device was opened */
    kf_error error;         /* of KF_RECORDER_FAILED */
} kf_recorder_state;
KF_API void kf_recorder_get_state(kf_recorder *recorder, kf_recorder_state *out);

#ifdef __cplusplus
}
#endif
#endif
