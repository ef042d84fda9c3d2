/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of devices, from the audio engine's form to the public one. */
#include <string.h>

#include "audio/engine/api/device.h"
#include "base/api/alloc.h"
#include "engine/api/recorder.h"

const char *kf_engine_audio_system(int32_t index)
{
    return index < 0 ? NULL : kf_audio_system(index);
}

static kf_status copy_list(const kf_audio_device_list *list, kf_audio_devices *out, kf_error *err)
{
    out->items = kf_alloc_zero((size_t)list->count + 1, sizeof *out->items);
    if (!out->items) return kf_fail_memory(err);
    out->count = list->count;
    for (int32_t i = 0; i < list->count; i++) {
        const kf_audio_device_entry *entry = &list->entries[i];
        kf_audio_device_item *item = &out->items[i];
        item->input = entry->direction == KF_AUDIO_INPUT;
        item->is_default = entry->is_default;
        memcpy(item->system, entry->system, sizeof item->system);
        memcpy(item->name, entry->name, sizeof item->name);
    }
    return KF_OK;
}

kf_status kf_engine_audio_devices(const char *system, kf_audio_devices *out, kf_error *err)
{
    *out = (kf_audio_devices){0};
    kf_audio_device_list list;
    kf_status status = kf_audio_device_list_get(system, &list, err);
    if (!status) status = copy_list(&list, out, err);
    kf_audio_device_list_finish(&list);
    return status;
}

void kf_engine_audio_devices_finish(kf_audio_devices *devices)
{
    kf_free(devices->items);
    *devices = (kf_audio_devices){0};
}
