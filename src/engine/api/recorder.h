/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio devices and recording; implements kerf/audio.h, which says what the functions do. Thread-safe. */
#ifndef KF_ENGINE_RECORDER_H
#define KF_ENGINE_RECORDER_H

#include "kerf/audio.h"

const char *kf_engine_audio_system(int32_t index);
kf_status kf_engine_audio_devices(const char *system, kf_audio_devices *out, kf_error *err);
void kf_engine_audio_devices_finish(kf_audio_devices *devices);

kf_status kf_engine_recorder_create(const kf_recorder_params *params, kf_recorder **out, kf_error *err);
void kf_engine_recorder_destroy(kf_recorder *recorder);
kf_status kf_engine_recorder_start(kf_recorder *recorder, const char *path, kf_error *err);
kf_status kf_engine_recorder_stop(kf_recorder *recorder, kf_error *err);
void kf_engine_recorder_state(kf_recorder *recorder, kf_recorder_state *out);

#endif
