/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the machine has, through SDL2's audio subsystem alone: no events, no video, no signal handlers.
 *
 * SDL speaks to one sound system at a time in a process, so that is what the one session below is about: it begins with
 * the first device or list and ends with the last. */
#include <SDL.h>
#include <stdio.h>
#include <string.h>

#include "audio/engine/device_internal.h"
#include "base/api/load.h"

typedef struct sdl_state {
    SDL_AudioDeviceID id;
    bool entered;
} sdl_state;

/* What is used of SDL, by the names that it has there. The library brings thirty others with it, so it is loaded when it
 * is needed first. */
#define CALLS(X) \
    X(SDL_AudioInit) X(SDL_AudioQuit) X(SDL_CloseAudioDevice) X(SDL_GetAudioDeviceName) X(SDL_GetAudioDeviceStatus) \
    X(SDL_GetAudioDriver) X(SDL_GetCurrentAudioDriver) X(SDL_GetError) X(SDL_GetNumAudioDevices) \
    X(SDL_GetNumAudioDrivers) X(SDL_OpenAudioDevice) X(SDL_PauseAudioDevice) X(SDL_SetHint) X(SDL_SetHintWithPriority) \
    X(SDL_free)
static struct {
#define CALL(name) __typeof__(name) *name;
    CALLS(CALL)
#undef CALL
    /* since 2.24; may be NULL */
    int (*SDL_GetDefaultAudioInfo)(char **name, SDL_AudioSpec *spec, int input);
    bool loaded;
} sdl;
static pthread_once_t sdl_once = PTHREAD_ONCE_INIT;

static struct {
    pthread_mutex_t mutex;
    int users;
} session = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void load_once(void)
{
    sdl.loaded = true;
#define CALL(name) sdl.loaded = kf_load_function(KF_SDL2_LIBRARY, #name, &sdl.name) && sdl.loaded;
    CALLS(CALL)
#undef CALL
    kf_load_function(KF_SDL2_LIBRARY, "SDL_GetDefaultAudioInfo", &sdl.SDL_GetDefaultAudioInfo);
}

static bool load(void)
{
    pthread_once(&sdl_once, load_once);
    return sdl.loaded;
}

/* ---- the session ---- */

/* ALSA writes its troubles to stderr as well, unless told not to; SDL, which loads it, does not. */
static void no_message(const char *file, int line, const char *function, int code, const char *format, ...)
{
}

static void quiet_alsa(void)
{
    typedef void handler(const char *file, int line, const char *function, int code, const char *format, ...);
    int (*set)(handler *);
    if (kf_load_function("libasound.so.2", "snd_lib_error_set_handler", &set)) set(no_message);
}

static kf_status session_begin(const char *system, kf_error *err)
{
    if (!load()) return kf_fail(err, KF_ERR_NOT_FOUND, "no sound without the library SDL 2; install it");
    quiet_alsa();
    sdl.SDL_SetHintWithPriority(SDL_HINT_NO_SIGNAL_HANDLERS, "1", SDL_HINT_OVERRIDE);
    sdl.SDL_SetHint(SDL_HINT_AUDIO_RESAMPLING_MODE, "best");
    sdl.SDL_SetHint(SDL_HINT_AUDIO_DEVICE_APP_NAME, "Kerf");
    sdl.SDL_SetHint(SDL_HINT_AUDIO_DEVICE_STREAM_ROLE, "production");
    if (sdl.SDL_AudioInit(system) == 0) return KF_OK;
    return kf_fail(err, KF_ERR_NOT_FOUND, "no sound through %s (%s); is it running?",
                   system ? system : "any sound system",
                   sdl.SDL_GetError());
}

static kf_status session_join(const char *system, kf_error *err)
{
    const char *current = sdl.SDL_GetCurrentAudioDriver();
    if (!system || (current && strcmp(system, current) == 0)) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID, "sound goes through %s now; close all its devices before using %s",
                   current ? current : "another system", system);
}

/* Leave after success only. */
static kf_status session_enter(const char *system, kf_error *err)
{
    pthread_mutex_lock(&session.mutex);
    kf_status status = session.users ? session_join(system, err) : session_begin(system, err);
    session.users += status == KF_OK;
    pthread_mutex_unlock(&session.mutex);
    return status;
}

static void session_leave(void)
{
    pthread_mutex_lock(&session.mutex);
    if (--session.users == 0) sdl.SDL_AudioQuit();
    pthread_mutex_unlock(&session.mutex);
}

/* ---- a device ---- */

static void on_audio(void *ctx, Uint8 *stream, int length)
{
    kf_audio_device *device = ctx;
    kf_device_run_interleaved(device, (float *)(void *)stream, length / (int)sizeof(float) / device->info.channels);
}

/* Blocks from asking to hearing. SDL holds one, and the ring of ALSA another; PipeWire takes it straight. */
static int32_t queued_blocks(const char *system)
{
    return strcmp(system, "pipewire") == 0 ? 1 : 2;
}

static kf_status open_failed(const kf_audio_device *device, bool input, kf_error *err)
{
    const char *name = device->params.device, *reason = sdl.SDL_GetError();
    if (!name && sdl.SDL_GetNumAudioDevices(input) == 0) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "this machine has no audio %s (%s)", input ? "input" : "output", reason);
    }
    return kf_fail(err, KF_ERR_IO, "cannot open the audio %s \"%s\": %s; choose another device, rate or buffer",
                   input ? "input" : "output", name ? name : "default", reason);
}

static bool is_listed(const char *name, bool input)
{
    int count = sdl.SDL_GetNumAudioDevices(input);
    for (int i = 0; i < count; i++) {
        const char *other = sdl.SDL_GetAudioDeviceName(i, input);
        if (other && strcmp(other, name) == 0) return true;
    }
    return false;
}

static kf_status open_device(kf_audio_device *device, kf_error *err)
{
    sdl_state *s = device->state;
    const kf_audio_device_params *p = &device->params;
    bool input = p->direction == KF_AUDIO_INPUT;
    const SDL_AudioSpec want = {.freq = p->rate, .format = AUDIO_F32SYS, .channels = (Uint8)p->channels,
                                .samples = (Uint16)p->frames, .callback = on_audio, .userdata = device};
    if (p->device && !is_listed(p->device, input)) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no audio %s \"%s\"; plug it in or choose another one",
                       input ? "input" : "output", p->device);
    }
    SDL_AudioSpec got;
    s->id = sdl.SDL_OpenAudioDevice(p->device, input, &want, &got, SDL_AUDIO_ALLOW_SAMPLES_CHANGE);
    if (s->id == 0) return open_failed(device, input, err);
    const char *system = sdl.SDL_GetCurrentAudioDriver();
    int32_t blocks = queued_blocks(system);
    device->info.latency = blocks * got.samples;
    device->info.frames = got.samples < KF_AUDIO_MAX_FRAMES ? got.samples : KF_AUDIO_MAX_FRAMES;
    snprintf(device->info.system, sizeof device->info.system, "%s", system);
    snprintf(device->info.name, sizeof device->info.name, "%s", p->device ? p->device : "default");
    return KF_OK;
}

static kf_status sdl_open(kf_audio_device *device, kf_error *err)
{
    sdl_state *s = device->state;
    kf_status status = session_enter(device->params.system, err);
    if (status) return status;
    s->entered = true;
    return open_device(device, err);
}

static kf_status sdl_start(kf_audio_device *device, kf_error *err)
{
    sdl_state *s = device->state;
    sdl.SDL_PauseAudioDevice(s->id, 0);
    return KF_OK;
}

static void sdl_close(kf_audio_device *device)
{
    sdl_state *s = device->state;
    if (s->id) sdl.SDL_CloseAudioDevice(s->id);
    if (s->entered) session_leave();
}

static bool sdl_gone(kf_audio_device *device)
{
    sdl_state *s = device->state;
    return sdl.SDL_GetAudioDeviceStatus(s->id) == SDL_AUDIO_STOPPED;
}

/* ---- what there is ---- */

static bool is_default(const char *name, bool input)
{
    char *best = NULL;
    SDL_AudioSpec spec;
    if (!sdl.SDL_GetDefaultAudioInfo || sdl.SDL_GetDefaultAudioInfo(&best, &spec, input) != 0) return false;
    bool same = best && strcmp(best, name) == 0;
    sdl.SDL_free(best);
    return same;
}

static kf_status add_entry(kf_audio_device_list *list, bool input, const char *name, kf_error *err)
{
    kf_audio_device_entry entry = {.direction = input ? KF_AUDIO_INPUT : KF_AUDIO_OUTPUT,
                                   .is_default = *name && is_default(name, input)};
    snprintf(entry.system, sizeof entry.system, "%s", sdl.SDL_GetCurrentAudioDriver());
    snprintf(entry.name, sizeof entry.name, "%s", name);
    return kf_device_list_add(list, &entry, err);
}

/* The default first, by no name, for systems that list none (JACK) have one too. */
static kf_status list_direction(kf_audio_device_list *list, bool input, kf_error *err)
{
    int count = sdl.SDL_GetNumAudioDevices(input);
    kf_status status = count != 0 ? add_entry(list, input, "", err) : KF_OK;
    for (int i = 0; i < count && !status; i++) {
        const char *name = sdl.SDL_GetAudioDeviceName(i, input);
        if (name) status = add_entry(list, input, name, err);
    }
    return status;
}

static kf_status sdl_list(const char *system, kf_audio_device_list *list, kf_error *err)
{
    kf_status status = session_enter(system, err);
    if (status) return system ? status : KF_OK;
    status = list_direction(list, false, err);
    if (!status) status = list_direction(list, true, err);
    session_leave();
    return status;
}

/* Without those that write to files or nowhere, and JACK, which is served better directly. */
static const char *sdl_system(int index)
{
    static const char *const hidden[] = {"disk", "dummy", "dsp", "jack"};
    int count = load() ? sdl.SDL_GetNumAudioDrivers() : 0;
    for (int i = 0; i < count; i++) {
        const char *name = sdl.SDL_GetAudioDriver(i);
        bool shown = true;
        for (size_t k = 0; k < sizeof hidden / sizeof hidden[0]; k++) shown = shown && strcmp(name, hidden[k]) != 0;
        if (shown && index-- == 0) return name;
    }
    return NULL;
}

const kf_audio_backend kf_audio_backend_sdl2 = {
    .system = sdl_system,
    .state_size = sizeof(sdl_state),
    .open = sdl_open,
    .start = sdl_start,
    .close = sdl_close,
    .gone = sdl_gone,
    .list = sdl_list,
};
