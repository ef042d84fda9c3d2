/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/audio.h. */
#include "kerf/audio.h"

#include "base/api/status.h"
#include "engine/api/recorder.h"

const char *kf_audio_system_name(int32_t index)
{
    return kf_engine_audio_system(index);
}

kf_status kf_audio_devices_list(const char *system, kf_audio_devices *out, kf_error *error)
{
    return kf_engine_audio_devices(system, out, error);
}

void kf_audio_devices_finish(kf_audio_devices *devices)
{
    kf_engine_audio_devices_finish(devices);
}

kf_recorder_params kf_recorder_params_default(void)
{
    return (kf_recorder_params){.rate = 48000, .channels = 1, .buffer_frames = 512};
}

static kf_status check_params(const kf_recorder_params *p, kf_error *error)
{
    if (p->rate < 8000 || p->rate > 384000)
        return kf_fail(error, KF_ERR_USAGE, "recording at %d Hz: give a rate from 8000 to 384000", (int)p->rate);
    if (p->channels < 1 || p->channels > KF_RECORDER_CHANNELS)
        return kf_fail(error, KF_ERR_USAGE, "recording %d channels: give a number from 1 to %d", (int)p->channels,
                       KF_RECORDER_CHANNELS);
    if (p->buffer_frames < 64 || p->buffer_frames > 2048)
        return kf_fail(error, KF_ERR_USAGE, "a buffer of %d frames: give a number from 64 to 2048",
                       (int)p->buffer_frames);
    return KF_OK;
}

kf_status kf_recorder_create(const kf_recorder_params *params, kf_recorder **out, kf_error *error)
{
    const kf_recorder_params p = params ? *params : kf_recorder_params_default();
    *out = NULL;
    kf_status status = check_params(&p, error);
    return status == KF_OK ? kf_engine_recorder_create(&p, out, error) : status;
}

void kf_recorder_destroy(kf_recorder *recorder)
{
    kf_engine_recorder_destroy(recorder);
}

kf_status kf_recorder_start(kf_recorder *recorder, const char *path, kf_error *error)
{
    if (!path || !*path) return kf_fail(error, KF_ERR_USAGE, "no name for the recording was given");
    return kf_engine_recorder_start(recorder, path, error);
}

kf_status kf_recorder_stop(kf_recorder *recorder, kf_error *error)
{
    return kf_engine_recorder_stop(recorder, error);
}

void kf_recorder_get_state(kf_recorder *recorder, kf_recorder_state *out)
{
    kf_engine_recorder_state(recorder, out);
}
